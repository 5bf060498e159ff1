"""From the words of a table to its rows, one grammar for each layout of a form's tables.

A text has no ruling lines; a row is known by what it must consist of: a code or an ordinal, the pieces of a
name that may be wrapped over several lines, then as many figures as the header counts columns.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import dropwhile, pairwise
from typing import Final

from qy_finance.errors import ReportError, TruncatedReportError, UnreadableRowError
from qy_finance.form import ColumnSpec
from qy_finance.readers.page import grouped
from qy_finance.tables.headers import named_column, plain_header
from qy_finance.tables.placing import gapped, settle
from qy_finance.tables.rows import ORDINAL, TableRow, TableSource, Token, joined, plain_name

_SENTENCE: Final = re.compile(r"[。；]|\d[.．]?\d*(?:[万亿千]?元|[%％])")
_PART: Final = re.compile(r"其中[:：]?")
_CODE_PART: Final = re.compile(r"\d\d")


@dataclass(frozen=True, slots=True)
class Body:
    """The words of all pages of one table, and the columns of each of its sides."""

    source: TableSource
    columns: tuple[tuple[ColumnSpec, ...], ...]
    tokens: list[Token]
    numbered: bool
    ends_document: bool

    @property
    def widths(self) -> tuple[int, ...]:
        """How many columns each side has."""
        return tuple(map(len, self.columns))

    def cell(self, token: Token) -> Token | None:
        """The token as a cell: a figure, or None for a dash."""
        if token.is_amount:
            return token
        if token.is_blank:
            return None
        raise self.source.no_figure(token, token.text)

    def stray(self, token: Token, expected: str) -> ReportError:
        """What is wrong with a figure that stands where something else must."""
        self.cell(token)
        return self.source.error(token, expected, repr(token.text))


def read_rows(body: Body) -> list[TableRow]:
    """The rows of a table.

    Raises
    ------
    UnreadableNumberError
        Something else stands where a figure must.
    UnreadableRowError
        A row has more or fewer cells than the header has columns, and its blanks cannot be placed.
    TruncatedReportError
        The report ends within a row.
    """
    grammars = {
        "codes": _coded_rows,
        "economic": _coded_rows,
        "sides": _numbered_rows if body.numbered else _named_rows,
        "single": _single_row,
    }
    rows = grammars[body.source.spec.layout](body)
    for row in rows:
        sentence = next((name for name in row.names if _SENTENCE.search(name.text)), None)
        if sentence:
            raise body.source.error(sentence, "a name", repr(sentence.text))
        if row.names and body.source.spec.merges(plain_name(row.name)):
            raise body.source.error(row.names[0], "a name of one row", repr(row.name))
        if body.source.spec.texts and row.code:
            _divide_name(body, row)
    _place_blanks(body, rows)
    return rows


def _place_blanks(body: Body, rows: list[TableRow]) -> None:
    """Find the columns of rows that print fewer figures than there are; a figure in the wrong one is worse than none.

    Raises UnreadableRowError where nothing of the table can be read.
    """
    source = body.source
    short = [row for row in rows if row.cells and len(row.cells) != body.widths[row.side]]
    placed = [gapped(source, row, body.widths[row.side]) for row in short]
    if all(placed):
        for row, cells in zip(short, placed, strict=True):
            row.cells = cells or []
        for row in rows:
            row.cells = row.cells or [None] * body.widths[row.side]
        return
    errors = [_short(body, row) for row, cells in zip(short, placed, strict=True) if not cells]
    settle(source, rows, body.columns)
    if not any(any(row.cells) for row in rows):
        raise errors[0]
    if isinstance(errors[-1], TruncatedReportError) and not any(short[-1].cells):
        raise errors[-1]


def _short(body: Body, row: TableRow) -> ReportError:
    """What is wrong with a row of too few figures: the text may end within it."""
    source, last = body.source, row.cells[-1]
    text = source.document.text
    at_end = last is not None and body.ends_document and not text[last.end :].strip()
    if at_end and last is not None and "\n" in text[last.end :]:
        line = source.document.line_at(last.start)  # a whole line: the row is short, not cut off
        at_end = not text[line.start : last.start].strip()
    kind = TruncatedReportError if at_end else UnreadableRowError
    expected = f"{body.widths[row.side]} figures in the row {row.name or row.code or ''}"
    place = next((token for token in (last, *row.labels, *row.names) if token), None)
    return source.error(place, expected, f"{len(row.cells)}", kind)


def _coded_rows(body: Body) -> list[TableRow]:
    """``code name… figure…``, and rows of totals without a code."""
    width = body.widths[0]
    total = body.source.form.patterns.total
    rows: list[TableRow] = []
    divided = False  # a name stands behind figures of its row
    for token, following in zip(body.tokens, [*body.tokens[1:], None], strict=False):
        row = rows[-1] if rows else None
        full = row is None or len(row.cells) >= width
        if token.is_code and _opens_code(token, following, full):
            rows.append(TableRow(0, token.text, labels=[token], page=token.page))
            divided = False
        elif token.is_name:
            opens = row is None or (total.fullmatch(token.text) and (row.names or full))
            part = token.first and _PART.match(token.text) is not None
            opens = opens or (part and row is not None and bool(row.cells))
            if row is None or (opens and not _continues_total(row, token)):
                row = TableRow(0, page=token.page)
                rows.append(row)
            row.names.append(token)
            divided = bool(row.cells)
        elif (
            row is not None
            and row.code
            and not (row.names or row.cells)
            and _goes_on(row.code, token, following)
        ):
            row.code += token.text
            row.labels.append(token)
        elif row is None or full:
            if token.text:
                raise body.stray(token, f"a row of {width} figures")
        elif row.cells and divided:
            raise body.stray(token, "the figures of a row on one side of its name")
        elif token.first and token.is_code:  # of a row whose name stands around it
            raise body.source.error(token, "figures on the line of their row", token.text)
        else:
            row.cells.append(body.cell(token))
    return rows


def _continues_total(row: TableRow, token: Token) -> bool:
    """合 计, or 人员经费 合计 wrapped over two lines."""
    return row.code is None and not row.cells and token.text in ("计", "合计", "总计")


def _opens_code(code: Token, following: Token | None, full: bool) -> bool:
    if following is None or following.is_integer:
        return full or code.first
    return following.is_name


def _goes_on(code: str, token: Token, following: Token | None) -> bool:
    """Whether a word is the next piece of a code split over three columns (类 款 项)."""
    return (
        len(code) in (3, 5)
        and not token.first
        and _CODE_PART.fullmatch(token.text) is not None
        and following is not None
        and (following.is_name or _CODE_PART.fullmatch(following.text) is not None)
    )


def _divide_name(body: Body, row: TableRow) -> None:
    """Give the words behind the name of a row to its columns of words: what begins a line goes on with a column.

    A row that only sums up others has none of them.
    """
    columns = grouped(row.names, lambda _, piece: piece.first)
    texts = [column.name for column in body.source.spec.texts]
    if len(columns) not in (1, 1 + len(texts)):
        expected = f"a name and {'、'.join(texts)}"
        raise body.source.error(row.labels[0], expected, repr(" ".join(map(joined, columns))))
    row.names = columns[0]
    row.texts = dict(zip(texts, columns[1:], strict=False))


def _numbered_rows(body: Body) -> list[TableRow]:
    """``name… 行次 figure…`` on two sides: line numbers tell rows, sides and blanks apart."""
    offset = _right_offset(body)
    amounts = [token.text for token in body.tokens if token.kind == "amount"]
    whole = not amounts or any("." not in amount for amount in amounts)
    names: list[Token] = []
    rows: list[TableRow] = []
    for token in body.tokens:
        open_row = rows[-1] if rows and not names else None
        if open_row and len(open_row.cells) >= body.widths[open_row.side]:
            open_row = None
        if token.is_name:
            names.append(token)
        elif token.is_integer and (not open_row or _is_next_number(token, open_row, offset, whole)):
            side = int(int(token.text) >= offset)
            rows.append(TableRow(side, names=names, labels=[token], page=token.page))
            names = []
        elif open_row is None or (open_row.cells and token.first and token.is_integer):
            if token.text:
                raise body.stray(token, "a line number (行次)")
        else:
            open_row.cells.append(body.cell(token))
    if names:
        kind = TruncatedReportError if body.ends_document else UnreadableRowError
        expected = "a row with its line number (行次)"
        raise body.source.error(names[0], expected, names[0].text, kind)
    nameless = next((row for row in rows if any(row.cells) and not row.names), None)
    if nameless:
        raise body.source.error(nameless.labels[0], "a row with its name", "none")
    numbers = Counter(row.labels[0].text for row in rows)
    twice = next((r for r in rows if not r.names and numbers[r.labels[0].text] > 1), None)
    if twice:  # it may be an amount
        raise body.source.error(
            twice.labels[0], "each line number (行次) once", twice.labels[0].text
        )
    return rows


def _right_offset(body: Body) -> int:
    """The line number at which the right side begins: the second one that follows a name."""
    pairs = pairwise(body.tokens)
    after_names = [token for before, token in pairs if before.is_name and token.is_integer]
    if len(after_names) < 2:
        expected = "numbered rows (行次) on two sides"
        kind = TruncatedReportError if body.ends_document else UnreadableRowError
        raise body.source.error(None, expected, "fewer than two", kind)
    return int(after_names[1].text)


def _is_next_number(token: Token, row: TableRow, offset: int, whole: bool) -> bool:
    """Where no name stands between: the blank partner on the right, or the next blank row on the left.

    Figures of a row do not go on with the next line; where none is ``whole``, a number is no figure.
    """
    number, current = int(token.text), int(row.labels[0].text)
    following = current + offset - 1 if current < offset else current - offset + 2
    opens = token.first or not row.cells or not whole
    return opens and number == following


def _named_rows(body: Body) -> list[TableRow]:
    """``name… figure…`` on two sides without line numbers: the name tells the side."""
    closing = body.source.form.patterns.closing
    rows: list[TableRow] = []
    beside = _beside_others(body.tokens)
    for token in body.tokens:
        if token.is_name:
            opens = ORDINAL.match(token.text) or closing.match(token.text)
            if not rows or rows[-1].cells or opens:
                rows.append(TableRow(1, page=token.page))
            rows[-1].names.append(token)
            continue
        if not rows:
            raise body.stray(token, "a name")
        row = rows[-1]
        if not row.cells:
            row.side = _side_of(body.source, rows, beside)
        if len(row.cells) >= body.widths[row.side]:
            if not token.text:
                continue
            raise body.stray(token, "a name")
        row.cells.append(body.cell(token))
    return rows


def _beside_others(tokens: list[Token]) -> set[int]:
    """Where the names begin that open a line on which, behind figures, another name stands."""
    lines = grouped(tokens, lambda _, token: not token.first)
    found = set()
    for line in lines:
        rest = [*dropwhile(lambda token: token.is_name, line)]
        if line[0].is_name and any(token.is_name for token in rest):
            found.add(line[0].start)
    return found


def _side_of(source: TableSource, rows: list[TableRow], beside: set[int]) -> int:
    """The side of the last row; of two totals of one name the first stands on the left."""
    *above, row = rows
    if not row.names[0].first:  # it stands behind another row on its line
        return 1
    left, right = (side.rows for side in source.spec.sides)
    if left and left.search(row.name):
        return 0
    total = source.form.patterns.total.fullmatch(row.name)
    if total and "收入" not in row.name and "支出" not in row.name:
        return 0 if all(r.side or r.name != row.name for r in above) else 1
    if right and right.search(row.name):
        return 1
    if row.names[0].start in beside:
        return 0
    raise source.error(row.names[0], "a name of income or of expenditure", repr(row.name))


def _is_whole(body: Body, name: str) -> bool:
    """Whether the name of a row is that of a column, which nothing goes on with."""
    source = body.source
    plain = plain_header(plain_name(name), source)
    known = named_column(plain, source.spec.columns) is not None
    return known or source.form.headers.beside.fullmatch(plain) is not None


def _single_row(body: Body) -> list[TableRow]:
    """One row of figures, or one for each group of columns (预算数, 决算数)."""
    rows: list[TableRow] = []
    for token in body.tokens:
        above = rows[-1].name if rows else ""
        whole = token.first and _is_whole(body, above) and not _is_whole(body, above + token.text)
        opens = token.is_name and (rows and rows[-1].cells or ORDINAL.match(token.text) or whole)
        if not rows or (opens and (rows[-1].names or rows[-1].cells)):
            rows.append(TableRow(0, page=token.page))
        row = rows[-1]
        if token.is_name:
            row.names.append(token)
            continue
        row.cells.append(body.cell(token))
        if len(row.cells) > body.widths[0]:
            raise body.source.error(token, f"{body.widths[0]} figures", "one more")
    return rows
