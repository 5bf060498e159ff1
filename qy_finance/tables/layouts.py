"""From the words of a table to its rows, one grammar for each layout of a form's tables.

A text has no ruling lines; a row is known by what it must consist of: a code or an ordinal, the pieces of a
name that may be wrapped over several lines, then as many figures as the header counts columns.
"""

from __future__ import annotations

import re
from typing import Final

from qy_finance.errors import ReportError, TruncatedReportError, UnreadableRowError
from qy_finance.readers.page import grouped
from qy_finance.tables.body import Body
from qy_finance.tables.headers import named_column, plain_header
from qy_finance.tables.placing import gapped, settle
from qy_finance.tables.rows import ORDINAL, TableRow, Token, joined, plain_name
from qy_finance.tables.two_sides import named_rows, numbered_rows

_SENTENCE: Final = re.compile(r"[。；]|\d[.．]?\d*(?:[万亿千]?元|[%％])")
_PART: Final = re.compile(r"其中[:：]?")
_CODE_PART: Final = re.compile(r"\d\d")


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
        "sides": numbered_rows if body.numbered else named_rows,
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
    if source.spec.layout == "sides" and not body.numbered:
        raise errors[0]  # names alone tell rows, and those without figures are not told apart
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
        opens = token.is_name and ((rows and rows[-1].cells) or ORDINAL.match(token.text) or whole)
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
