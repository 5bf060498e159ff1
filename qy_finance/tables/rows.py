"""From the words of a table to its rows, one grammar for each layout of ``specs.toml``.

A text has no ruling lines; a row is known by what it must consist of: a code or an ordinal, the pieces of a
name that may be wrapped over several lines, then as many figures as the header counts columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from qy_finance.errors import TruncatedReportError, UnreadableNumberError, UnreadableRowError
from qy_finance.figures import Claim
from qy_finance.readers import Document
from qy_finance.tables.header import Stated
from qy_finance.tables.spec import Column, Side, TableSpec
from qy_finance.tables.tokens import Token

ORDINAL: Final = re.compile(
    r"[一二三四五六七八九十]+、|其中[:：]|[（(](?:[一二三四五六七八九十]+|\d+)[)）]|\d+[.、．]"
)
TOTAL: Final = re.compile(r".{0,8}[合总]计|(?:人员|公用)经费|[合总]")

CLOSING: Final = re.compile(
    r"本年(?:收入|支出)合计|(?:收入|支出)?总计|使用.*结余|[年上][初末年].*结[转余]|结余分配"
)
_UNSETTLED = -1  # the side of a row whose name is not read to its end


@dataclass(slots=True)
class Row:
    """A row as printed: its name in pieces and a cell for each column, None where it is blank."""

    side: int
    code: str | None = None
    names: list[Token] = field(default_factory=list)
    cells: list[Token | None] = field(default_factory=list)
    labels: list[Token] = field(default_factory=list)
    page: int = 0

    @property
    def name(self) -> str:
        return "".join(token.text for token in self.names)


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table as read: its lists beside each other with their columns, and its rows in order.

    ``sides`` has None for a list that the header gives no side.
    """

    columns: tuple[tuple[Column, ...], ...]
    sides: tuple[Side | None, ...]
    rows: tuple[Row, ...]
    stated: Stated
    numbered: bool
    claims: tuple[Claim, ...]


def plain_name(name: str) -> str:
    """A row's name without its ordinals: 其中：（1）公务用车购置费."""
    while match := ORDINAL.match(name):
        name = name[match.end() :]
    return name.lstrip("-—–")


@dataclass(frozen=True, slots=True)
class Body:
    """The words of all pages of one table, and how many columns each of its sides has."""

    document: Document
    spec: TableSpec
    widths: tuple[int, ...]
    tokens: list[Token]
    numbered: bool
    ends_document: bool

    def place(self, token: Token) -> str:
        return f"{self.spec.name}, {self.document.place(token.start)}"

    @property
    def file(self) -> str:
        return self.document.path.name


def read_rows(body: Body) -> list[Row]:
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
    rows = list(grammars[body.spec.layout](body))
    for row in rows:
        if row.side == _UNSETTLED:  # a name without any figure
            row.side = 1
        width = body.widths[row.side]
        if len(row.cells) != width:
            row.cells = _place_blanks(body, row, width)
    return rows


def _cell(body: Body, token: Token) -> Token | None:
    """The token as a cell: a figure, or None for a dash."""
    if token.is_amount:
        return token
    if token.is_blank:
        return None
    raise UnreadableNumberError(body.file, body.place(token), "a figure", repr(token.text))


def _coded_rows(body: Body) -> Iterator[Row]:
    """``code name… figure…``, and rows of totals without a code."""
    width = body.widths[0]
    row: Row | None = None
    tokens = body.tokens
    at = 0
    while at < len(tokens):
        token = tokens[at]
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        full = row is None or len(row.cells) >= width
        if _opens_code(token, following, full):
            if row is not None:
                yield row
            row = Row(0, token.text, labels=[token], page=token.page)
            at = _join_split_code(tokens, at, row)
        elif token.is_name:
            if row is None or (TOTAL.fullmatch(token.text) and (row.names or full)):
                if row is not None and not _continues_total(row, token):
                    yield row
                    row = None
                row = row or Row(0, page=token.page)
            row.names.append(token)
        elif row is None or full:
            _cell(body, token)
            raise UnreadableRowError(
                body.file, body.place(token), f"a row of {width} figures", repr(token.text)
            )
        else:
            row.cells.append(_cell(body, token))
        at += 1
    if row is not None:
        yield row


def _continues_total(row: Row, token: Token) -> bool:
    """合 计, or 人员经费 合计 wrapped over two lines."""
    return row.code is None and not row.cells and token.text in ("计", "合计", "总计")


def _opens_code(token: Token, following: Token | None, full: bool) -> bool:
    if not token.is_code:
        return False
    named = following is None or following.is_name or following.is_integer
    return named and (full or token.first or (following is not None and following.is_name))


def _join_split_code(tokens: list[Token], at: int, row: Row) -> int:
    """Codes split over three columns (类 款 项) are one code; the index of its last piece."""
    while (
        row.code is not None
        and len(row.code) in (3, 5)
        and at + 2 < len(tokens)
        and re.fullmatch(r"\d\d", tokens[at + 1].text)
        and not tokens[at + 1].first
        and (tokens[at + 2].is_name or re.fullmatch(r"\d\d", tokens[at + 2].text))
    ):
        at += 1
        row.code += tokens[at].text
        row.labels.append(tokens[at])
    return at


def _numbered_rows(body: Body) -> Iterator[Row]:
    """``name… 行次 figure…`` on two sides: line numbers tell rows, sides and blanks apart."""
    offset = _right_offset(body)
    names: list[Token] = []
    row: Row | None = None
    for token in body.tokens:
        if token.is_name:
            names.append(token)
            continue
        if token.is_integer and _is_line_number(token, row, names, offset, body.widths):
            if row is not None:
                yield row
            side = int(int(token.text) >= offset)
            row = Row(side, names=names, labels=[token], page=token.page)
            names = []
            continue
        if row is None or names or len(row.cells) >= body.widths[row.side]:
            _cell(body, token)
            raise UnreadableRowError(
                body.file, body.place(token), "a line number (行次)", repr(token.text)
            )
        row.cells.append(_cell(body, token))
    if row is not None:
        yield row
    if names:
        error = TruncatedReportError if body.ends_document else UnreadableRowError
        raise error(
            body.file, body.place(names[0]), "a row with its line number (行次)", names[0].text
        )


def _right_offset(body: Body) -> int:
    """The line number at which the right side begins: the second one that follows a name."""
    after_names = [
        token
        for before, token in zip(body.tokens, body.tokens[1:], strict=False)
        if before.is_name and token.is_integer
    ]
    if len(after_names) < 2:
        raise TruncatedReportError(
            body.file, body.spec.name, "numbered rows (行次) on two sides", "fewer than two"
        )
    return int(after_names[1].text)


def _is_line_number(
    token: Token, row: Row | None, names: list[Token], offset: int, widths: tuple[int, ...]
) -> bool:
    if row is None or names or len(row.cells) >= widths[row.side]:
        return True
    number, current = int(token.text), int(row.labels[0].text)
    # No name stands between: either the blank partner on the right, or the next blank row on the left.
    return not row.cells and number in (current + offset - 1, current - offset + 2)


def _named_rows(body: Body) -> Iterator[Row]:
    """``name… figure…`` on two sides without line numbers: the name tells the side."""
    row: Row | None = None
    seen: set[str] = set()
    for token in body.tokens:
        if token.is_name:
            if row is None or row.cells or ORDINAL.match(token.text) or CLOSING.match(token.text):
                if row is not None:
                    yield row
                row = Row(_UNSETTLED, page=token.page)
            row.names.append(token)
            continue
        if row is not None and row.side == _UNSETTLED:
            row.side = _side_of(body, row.name, seen, row.names[0].first)
        if row is None or len(row.cells) >= body.widths[row.side]:
            _cell(body, token)
            raise UnreadableRowError(body.file, body.place(token), "a name", repr(token.text))
        row.cells.append(_cell(body, token))
    if row is not None:
        yield row


def _side_of(body: Body, name: str, seen: set[str], first: bool) -> int:
    sides = body.spec.sides
    if not first:  # it stands behind another row on its line
        return 1
    if sides[0].rows and sides[0].rows.search(name):
        return 0
    if TOTAL.fullmatch(name) and "收入" not in name and "支出" not in name and name not in seen:
        seen.add(name)
        return 0
    return 1


def _single_row(body: Body) -> Iterator[Row]:
    """One row of figures, or one for each group of columns (预算数, 决算数)."""
    row: Row | None = None
    for token in body.tokens:
        if token.is_name:
            if row is not None and row.cells:
                yield row
                row = None
            row = row or Row(0, page=token.page)
            row.names.append(token)
            continue
        row = row or Row(0, page=token.page)
        row.cells.append(_cell(body, token))
        if len(row.cells) > body.widths[0]:
            raise UnreadableRowError(
                body.file, body.place(token), f"{body.widths[0]} figures", "one more"
            )
    if row is not None:
        yield row


def _place_blanks(body: Body, row: Row, width: int) -> list[Token | None]:
    """Find the columns of a row that prints fewer figures than there are columns.

    A text writes a blank cell as one more space. Where the spaces do not account for every missing cell the
    row is refused: a figure in the wrong column is worse than none.
    """
    if not row.cells:
        return [None] * width
    missing = width - len(row.cells)
    if body.spec.layout == "economic" and row.code and missing == 1:
        # an amount is either 人员经费 or 公用经费, and the code tells which
        total, part = row.cells
        personnel = body.spec.sides[0].codes
        is_personnel = personnel is not None and personnel.match(row.code)
        return [total, part, None] if is_personnel else [total, None, part]
    cells: list[Token | None] = []
    for cell in row.cells:
        if cell is not None and not cell.first and cell.gap > 1:
            cells.extend([None] * (cell.gap - 1))
        cells.append(cell)
    last = row.cells[-1]
    assert last is not None
    if len(cells) - len(row.cells) < missing:
        line = body.document.line_at(last.end)
        behind = body.document.text[last.end : line.end]
        trailing = behind.count("\t") or len(behind) - 1
        cells.extend([None] * max(trailing, 0))
    if len(cells) == width:
        return cells
    at_end = body.ends_document and not body.document.text[last.end :].strip()
    error = TruncatedReportError if at_end else UnreadableRowError
    raise error(
        body.file,
        body.place(last),
        f"{width} figures in the row {row.name or row.code or ''}",
        f"{len(row.cells)}",
    )
