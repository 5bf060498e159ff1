"""Tables whose cells are not known: the lines of a block as header, columns of the form and rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import groupby, takewhile

from qy_finance.errors import ReportError
from qy_finance.figures import Exclusion
from qy_finance.form import FormPatterns
from qy_finance.marks import COLUMN_NUMBERS, LEVELS, MONEY_UNIT, OPENS_CHAPTER, OPENS_ROW
from qy_finance.readers import squeeze
from qy_finance.readers.page import grouped
from qy_finance.tables.body import Body
from qy_finance.tables.header_words import Header, columns_of
from qy_finance.tables.headers import named_column, plain_header
from qy_finance.tables.layouts import read_rows
from qy_finance.tables.locate import Block
from qy_finance.tables.rows import Stated, TableRow, TableRows, TableSource, Token, excluded
from qy_finance.tables.stacked import is_stacked, restacked, verify_even
from qy_finance.tables.strays import explained, number_below, page_counts, page_numbers

_AMOUNT = re.compile(r"\d\.\d\d(?!\d)")
_WHOLE = re.compile(r"(?<!\S)-?[\d,]+(?!\S)")
_DIGIT = re.compile(r"\d")
_SET_IN = re.compile(r"[ \u3000]{4,}-?[\d,]+\.\d\d(?!\d)")
_WIDE = re.compile(r"\S[ \u3000]{3,}\S")
_LONGEST_NAME = 4  # lines over which a name is wrapped


def read_lines(source: TableSource, pages: tuple[Block, ...]) -> TableRows:
    """Read one table over all its pages by the words of its lines.

    Raises what :func:`qy_finance.tables.layouts.read_rows` does, UnreadableRowError too where the header does not say
    which columns there are.
    """
    for page in pages:
        _refuse_kept_columns(source, page)
    words = [[*source.words(page.lines, index)] for index, page in enumerate(pages)]
    if not any(map(is_stacked, words)):
        return _read(source, pages, words)
    strays = page_counts([token for page in words for token in page])
    below = [*filter(None, (number_below(source, page, at) for at, page in enumerate(pages)))]
    words = [[token for token in page if token not in strays] for page in words]

    def stacked(*, blanks: bool) -> TableRows:
        worded = [restacked(source.document, page, blanks=blanks) for page in words]
        return _read(source, pages, worded, [*strays, *below])

    try:
        tight = stacked(blanks=False)
        if not any(row.unread for row in tight.rows):
            return tight
    except ReportError as error:
        try:  # rows may be whole with blank lines for blank cells
            loose = stacked(blanks=True)
        except ReportError:
            raise error from None
        if any(row.unread for row in loose.rows):
            raise error from None
        return loose
    with suppress(ReportError):
        loose = stacked(blanks=True)
        if not any(row.unread for row in loose.rows):
            return loose
    return tight


def _refuse_kept_columns(source: TableSource, page: Block) -> None:
    """Refuse a page whose columns are kept by spaces and whose names are wrapped beside their figures.

    The words of its lines don't follow each other as those of its rows do.
    """
    text = source.document.text
    figures: list[int] = []
    for amount in (_AMOUNT, _WHOLE):
        lines = enumerate(page.lines)
        figures = figures or [n for n, at in lines if amount.search(text, at.start, at.end)]
    rows = page.lines[figures[0] : figures[-1] + 1] if figures else ()
    wide = sum(len(_WIDE.findall(text, line.start, line.end)) > 1 for line in rows)
    alone = any(_SET_IN.match(text, line.start) for line in rows)
    if 2 * wide <= len(figures) and not alone:
        return
    label = source.form.patterns.label
    head = {squeeze(text[line.start : line.end]) for line in page.lines[: figures[0]]}
    for line in rows:
        words = text[line.start : line.end].strip()
        if _DIGIT.search(words) or OPENS_ROW.match(words):
            continue
        if (said := squeeze(words)) not in head and not label.fullmatch(said.rstrip(":：")):
            raise source.error(line, "rows whose columns are known", repr(words))


def _read(
    source: TableSource,
    pages: tuple[Block, ...],
    worded: Iterable[list[Token]],
    strays: Sequence[Token] = (),
) -> TableRows:
    exclusions: list[Exclusion] = []
    first: Header | None = None
    tokens: list[Token] = []
    for page in worded:
        header, words = _split_header(page, source, first)
        first = first or header
        words, copies = _without_copies(words, first, source.form.patterns)
        exclusions += excluded("header copy", copies)
        exclusions += excluded("column number", header.numbers)
        tokens.extend(_without_levels(words))
    assert first is not None  # a table has a page
    numbered = "行次" in first.text
    if numbers := page_numbers(tokens, numbered):
        strays = [*strays, *numbers]
        tokens = [token for token in tokens if token not in numbers]
    columns = columns_of(source, first, tokens)
    widths = tuple(map(len, columns))
    verify_even(source, tokens, widths, numbered)
    rows = read_rows(Body(source, columns, tokens, numbered, pages[-1].ends_document))
    if source.spec.layout == "single" and first.lists > 1:
        _refuse_unread(source, rows)  # they may go on beyond those of their list
    exclusions += explained(rows, strays)
    for row in rows:
        exclusions += excluded("unread cell", row.unread)
        exclusions += excluded("classification code" if row.code else "line number", row.labels)
        for words in row.texts.values():
            exclusions += excluded("in a name", words)
    sides = source.spec.sides if source.spec.layout == "sides" else (None,)
    return TableRows(columns, sides, rows, first.stated, numbered, exclusions)


def _refuse_unread(source: TableSource, rows: Iterable[TableRow]) -> None:
    for row in rows:
        if row.unread:
            raise source.error(row.unread[0], "figures in each column", repr(row.name))


def _split_header(
    tokens: list[Token], source: TableSource, first: Header | None
) -> tuple[Header, list[Token]]:
    """Divide the words of one page of a table into its header and the words of its rows.

    ``first`` is the header of the table's first page; a further page may print it again or leave it out.
    """
    if first is not None and [token.text for token in tokens[: len(first.words)]] == first.words:
        integers = [token for token in tokens[: len(first.words)] if token.is_integer]
        repeated = integers[len(integers) - len(first.numbers) :]
        return replace(first, numbers=repeated), tokens[len(first.words) :]
    counts: tuple[int, ...] = ()
    numbers: list[Token] = []
    body = 0
    for line in grouped(tokens, _same_line):
        body += len(line)
        if counts := _column_counts(line):
            numbers = [token for token in line if token.is_integer]
            break
    else:
        body = _first_row(tokens)
        if source.spec.layout == "single":
            body += _rest_of_header(tokens[:body], tokens[body:], source)
    above = grouped(tokens[: body - len(numbers)], _same_line)
    lines = ["".join(token.text for token in line) for line in above]
    said = Stated.of(lines, source.form.patterns)
    return Header(tuple(lines), said, counts, numbers, tokens[:body]), tokens[body:]


def _rest_of_header(head: Sequence[Token], rows: Sequence[Token], source: TableSource) -> int:
    """How many words before the first figure are columns too, below a header of columns whose rows have no name."""
    spec, labels = source.spec, source.form.patterns.labels
    above = {plain_header(token.text, source) for token in head}
    if any(labels[kind].fullmatch(word) for word in above for kind in ("name", "remark")):
        return 0
    grouped_by = {name for group in spec.groups for name in group.printed}
    known = above & grouped_by if above & grouped_by else set[str]()
    names = [plain_header(t.text, source) for t in takewhile(lambda token: token.is_name, rows)]
    columns = sum(named_column(name, spec.columns) is not None for name in above)
    rest = all(named_column(name, spec.columns) or name in known for name in names)
    return len(names) if columns > 1 and rest else 0


def _without_copies(
    tokens: list[Token], header: Header, patterns: FormPatterns
) -> tuple[list[Token], list[Token]]:
    """The words of rows without the header that is printed again among them, and its column numbers."""
    stated = [at for at, word in enumerate(header.words) if patterns.stated.search(word)]
    columns = header.words[_past_money(header.words, stated[-1] + 1 if stated else 0) :]
    rest: list[Token] = []
    copies: list[Token] = []
    at = pages = 0
    while at < len(tokens):
        again = len(columns) > 1 and tokens[at].text == columns[0]
        if again and [token.text for token in tokens[at : at + len(columns)]] == columns:
            copies += (token for token in tokens[at : at + len(columns)] if token.is_integer)
            at += len(columns)
            pages += 1
        else:
            word = tokens[at]
            if not (word.is_name and patterns.label.fullmatch(word.text.rstrip(":："))):
                rest.append(word._replace(page=word.page + pages) if pages else word)
            at += 1
    return rest, copies


def _past_money(words: list[str], at: int) -> int:
    """Index of the first word behind those that state the unit (单位： 万元)."""
    while at < len(words) and (MONEY_UNIT.search(words[at]) or words[at].endswith("元")):
        at += 1
    return at


def _same_line(_: list[Token], token: Token) -> bool:
    return not token.first


def _column_counts(line: list[Token]) -> tuple[int, ...]:
    """How many columns a row of column numbers counts: ``栏次 1 栏次 2 3 4 5`` gives (1, 4)."""
    counts: list[int] = []
    for labels, run in groupby(line, key=lambda token: token.text in COLUMN_NUMBERS):
        if not labels:
            numbers = [int(token.text) if token.is_integer else 0 for token in run]
            if numbers != list(range(sum(counts) + 1, sum(counts) + 1 + len(numbers))):
                return ()
            counts.append(len(numbers))
    labelled = line[0].text in COLUMN_NUMBERS
    return tuple(counts) if labelled or sum(counts) > 1 else ()


def _first_row(tokens: list[Token]) -> int:
    """Index of the first word of the rows where no column numbers are printed."""
    for at, (token, following) in enumerate(zip(tokens, [*tokens[1:], None], strict=False)):
        if token.first and token.is_code and following is not None and following.is_name:
            return at
        if token.is_amount or token.is_blank:
            return _row_start(tokens, at)
    return len(tokens)


def _row_start(tokens: list[Token], at: int) -> int:
    """Where the row begins whose first figure is ``at``: on its line, or above where its name is wrapped."""
    line = next((start for start in range(at, -1, -1) if tokens[start].first), at)
    above = range(line, max(line - _LONGEST_NAME, -1), -1)
    return next((start for start in above if OPENS_CHAPTER.match(tokens[start].text)), line)


def _without_levels(words: list[Token]) -> Iterator[Token]:
    """The words but for 类 款 项, which a header may print in the row of 合计; 款 alone is the rest of a name."""
    levels = [word.text in LEVELS for word in words]
    for at, word in enumerate(words):
        beside = levels[max(0, at - 1) : at] + levels[at + 1 : at + 2]
        if not levels[at] or not any(beside):
            yield word
