"""From the words of a table to its rows, one grammar for each layout of a form's tables.

A text has no ruling lines; a row is known by what it must consist of: a code or an ordinal, the pieces of a
name that may be wrapped over several lines, then as many figures as the header counts columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from qy_finance.errors import ReportError, TruncatedReportError, UnreadableRowError
from qy_finance.figures import Exclusion
from qy_finance.form import ColumnSpec, SideSpec
from qy_finance.marks import CHAPTER, NUMBER
from qy_finance.tables.header import Stated
from qy_finance.tables.source import TableSource
from qy_finance.tables.tokens import Token, joined

_ORDINAL: Final = re.compile(rf"{CHAPTER}|其中[:：]|[（(](?:{NUMBER}+|\d+)[)）]|\d+[.、．]")
_CODE_PART: Final = re.compile(r"\d\d")
_UNSETTLED: Final = -1  # the side of a row whose name is not read to its end


@dataclass(slots=True)
class TableRow:
    """A row as printed: its name in pieces and a cell for each column, None where it is blank.

    ``texts`` are its columns of words by name, each in pieces too.
    """

    side: int
    code: str | None = None
    names: list[Token] = field(default_factory=list)
    cells: list[Token | None] = field(default_factory=list)
    labels: list[Token] = field(default_factory=list)
    texts: dict[str, list[Token]] = field(default_factory=dict)
    page: int = 0

    @property
    def name(self) -> str:
        return joined(self.names)


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table as read: its lists beside each other with their columns, and its rows in order.

    ``sides`` has None for a list that the header gives no side.
    """

    columns: tuple[tuple[ColumnSpec, ...], ...]
    sides: tuple[SideSpec | None, ...]
    rows: tuple[TableRow, ...]
    stated: Stated
    numbered: bool
    exclusions: tuple[Exclusion, ...]


def plain_name(name: str) -> str:
    """A row's name without its ordinals: 其中：（1）公务用车购置费."""
    while match := _ORDINAL.match(name):
        name = name[match.end() :]
    return name.lstrip("-—–")


@dataclass(frozen=True, slots=True)
class Body:
    """The words of all pages of one table, and how many columns each of its sides has."""

    source: TableSource
    widths: tuple[int, ...]
    tokens: list[Token]
    numbered: bool
    ends_document: bool

    def cell(self, token: Token) -> Token | None:
        """The token as a cell: a figure, or None for a dash."""
        if token.is_amount or token.is_blank:
            return token if token.is_amount else None
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
    rows = list(grammars[body.source.spec.layout](body))
    for row in rows:
        if row.side == _UNSETTLED:  # a name without any figure
            row.side = 1
        width = body.widths[row.side]
        if len(row.cells) != width:
            row.cells = _place_blanks(body, row, width)
        if body.source.spec.texts and row.code:
            _divide_name(body, row)
    return rows


def _coded_rows(body: Body) -> Iterator[TableRow]:
    """``code name… figure…``, and rows of totals without a code."""
    width = body.widths[0]
    total = body.source.form.patterns.total
    row: TableRow | None = None
    tokens = body.tokens
    at = 0
    while at < len(tokens):
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        full = row is None or len(row.cells) >= width
        if _opens_code(token, following, full):
            if row is not None:
                yield row
            row = TableRow(0, token.text, labels=[token], page=token.page)
            at = _join_split_code(tokens, at, row)
        elif token.is_name:
            if row is None or (total.fullmatch(token.text) and (row.names or full)):
                if row is not None and not _continues_total(row, token):
                    yield row
                    row = None
                row = row or TableRow(0, page=token.page)
            row.names.append(token)
        elif row is None or full:
            raise body.stray(token, f"a row of {width} figures")
        else:
            row.cells.append(body.cell(token))
        at += 1
    if row is not None:
        yield row


def _continues_total(row: TableRow, token: Token) -> bool:
    """合 计, or 人员经费 合计 wrapped over two lines."""
    return row.code is None and not row.cells and token.text in ("计", "合计", "总计")


def _opens_code(token: Token, following: Token | None, full: bool) -> bool:
    if not token.is_code:
        return False
    named = following is None or following.is_name or following.is_integer
    return named and (full or token.first or (following is not None and following.is_name))


def _join_split_code(tokens: list[Token], at: int, row: TableRow) -> int:
    """Codes split over three columns (类 款 项) are one code; the index of its last piece."""
    while (
        row.code is not None
        and len(row.code) in (3, 5)
        and at + 2 < len(tokens)
        and _CODE_PART.fullmatch(tokens[at + 1].text)
        and not tokens[at + 1].first
        and (tokens[at + 2].is_name or _CODE_PART.fullmatch(tokens[at + 2].text))
    ):
        at += 1
        row.code += tokens[at].text
        row.labels.append(tokens[at])
    return at


def _divide_name(body: Body, row: TableRow) -> None:
    """Give the words behind the name of a row to its columns of words: what begins a line goes on with a column.

    A row that only sums up others has none of them.
    """
    columns: list[list[Token]] = []
    for piece in row.names:
        if columns and piece.first:
            columns[-1].append(piece)
        else:
            columns.append([piece])
    texts = [column.name for column in body.source.spec.texts]
    if len(columns) not in (1, 1 + len(texts)):
        expected = f"a name and {'、'.join(texts)}"
        raise body.source.error(row.labels[0], expected, repr(" ".join(map(joined, columns))))
    row.names = columns[0]
    row.texts = dict(zip(texts, columns[1:], strict=False))


def _numbered_rows(body: Body) -> Iterator[TableRow]:
    """``name… 行次 figure…`` on two sides: line numbers tell rows, sides and blanks apart."""
    offset = _right_offset(body)
    names: list[Token] = []
    row: TableRow | None = None
    for token in body.tokens:
        if token.is_name:
            names.append(token)
            continue
        if token.is_integer and _is_line_number(token, row, names, offset, body.widths):
            if row is not None:
                yield row
            side = int(int(token.text) >= offset)
            row = TableRow(side, names=names, labels=[token], page=token.page)
            names = []
            continue
        if row is None or names or len(row.cells) >= body.widths[row.side]:
            raise body.stray(token, "a line number (行次)")
        row.cells.append(body.cell(token))
    if row is not None:
        yield row
    if names:
        kind = TruncatedReportError if body.ends_document else UnreadableRowError
        expected = "a row with its line number (行次)"
        raise body.source.error(names[0], expected, names[0].text, kind)


def _right_offset(body: Body) -> int:
    """The line number at which the right side begins: the second one that follows a name."""
    pairs = pairwise(body.tokens)
    after_names = [token for before, token in pairs if before.is_name and token.is_integer]
    if len(after_names) < 2:
        expected = "numbered rows (行次) on two sides"
        raise body.source.error(None, expected, "fewer than two", TruncatedReportError)
    return int(after_names[1].text)


def _is_line_number(
    token: Token, row: TableRow | None, names: list[Token], offset: int, widths: tuple[int, ...]
) -> bool:
    if row is None or names or len(row.cells) >= widths[row.side]:
        return True
    number, current = int(token.text), int(row.labels[0].text)
    # No name stands between: either the blank partner on the right, or the next blank row on the left.
    return not row.cells and number in (current + offset - 1, current - offset + 2)


def _named_rows(body: Body) -> Iterator[TableRow]:
    """``name… figure…`` on two sides without line numbers: the name tells the side."""
    closing = body.source.form.patterns.closing
    row: TableRow | None = None
    seen: set[str] = set()
    for token in body.tokens:
        if token.is_name:
            if row is None or row.cells or _ORDINAL.match(token.text) or closing.match(token.text):
                if row is not None:
                    yield row
                row = TableRow(_UNSETTLED, page=token.page)
            row.names.append(token)
            continue
        if row is not None and row.side == _UNSETTLED:
            row.side = _side_of(body, row.name, seen, row.names[0].first)
        if row is None or len(row.cells) >= body.widths[row.side]:
            raise body.stray(token, "a name")
        row.cells.append(body.cell(token))
    if row is not None:
        yield row


def _side_of(body: Body, name: str, seen: set[str], first: bool) -> int:
    own = body.source.spec.sides[0]
    if not first:  # it stands behind another row on its line
        return 1
    if own.rows and own.rows.search(name):
        return 0
    total = body.source.form.patterns.total
    if total.fullmatch(name) and "收入" not in name and "支出" not in name and name not in seen:
        seen.add(name)
        return 0
    return 1


def _single_row(body: Body) -> Iterator[TableRow]:
    """One row of figures, or one for each group of columns (预算数, 决算数)."""
    row: TableRow | None = None
    for token in body.tokens:
        if token.is_name:
            if row is not None and row.cells:
                yield row
                row = None
            row = row or TableRow(0, page=token.page)
            row.names.append(token)
            continue
        row = row or TableRow(0, page=token.page)
        row.cells.append(body.cell(token))
        if len(row.cells) > body.widths[0]:
            raise body.source.error(token, f"{body.widths[0]} figures", "one more")
    if row is not None:
        yield row


def _place_blanks(body: Body, row: TableRow, width: int) -> list[Token | None]:
    """Find the columns of a row that prints fewer figures than there are columns.

    A text writes a blank cell as one more space. Where the spaces do not account for every missing cell the
    row is refused: a figure in the wrong column is worse than none.
    """
    if not row.cells:
        return [None] * width
    missing = width - len(row.cells)
    source = body.source
    if source.spec.layout == "economic" and row.code and missing == 1:
        # an amount is either 人员经费 or 公用经费, and the code tells which
        total, part = row.cells
        personnel = source.spec.sides[0].codes
        is_personnel = personnel is not None and personnel.match(row.code)
        return [total, part, None] if is_personnel else [total, None, part]
    cells: list[Token | None] = []
    for cell in row.cells:
        if cell is not None and not cell.first and cell.gap > 1:
            cells.extend([None] * (cell.gap - 1))
        cells.append(cell)
    last = row.cells[-1]
    assert last is not None
    text = source.document.text
    if len(cells) - len(row.cells) < missing:
        behind = text[last.end : source.document.line_at(last.end).end]
        trailing = behind.count("\t") or len(behind) - 1
        cells.extend([None] * max(trailing, 0))
    if len(cells) == width:
        return cells
    at_end = body.ends_document and not text[last.end :].strip()
    kind = TruncatedReportError if at_end else UnreadableRowError
    expected = f"{width} figures in the row {row.name or row.code or ''}"
    raise source.error(last, expected, f"{len(row.cells)}", kind)
