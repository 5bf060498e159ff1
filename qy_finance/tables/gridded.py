"""Tables whose cells are known: the grids of a block as columns of the form and rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from qy_finance.figures import AMOUNT, Exclusion
from qy_finance.marks import CHINESE, CODE, LEVELS
from qy_finance.readers import Cell, squeeze
from qy_finance.tables.locate import Block, looks_like_row
from qy_finance.tables.rows import (
    Stated,
    TableRow,
    TableRows,
    TableSource,
    Token,
    excluded,
    is_figure,
    plain_name,
)
from qy_finance.tables.sheet import CODE_OR_PIECE, GridColumn, GridHead, GridSheet

_DECIMAL: Final = re.compile(r"[-−－]?[\d,]+\.\d+", re.ASCII)
_PERCENT: Final = re.compile(r"-?\d+(?:\.\d+)?[%％]")
_LEVELS_BEFORE: Final = re.compile(r"[类款项]+(?=合计|总计)")  # of a header that shares the row
_IN_TEN: Final = 10
_SHORTEST_NAME: Final = 3
_LABELS: Final = "code", "name"
_PIECE: Final = 2  # digits of 款 or 项 in a code that is split


def read_grids(
    source: TableSource, blocks: tuple[Block, ...], sheets: list[GridSheet]
) -> TableRows:
    """Read one table over all its pages by the cells of its grids (``sheets``).

    Where something else stands in a cell than a figure, the cell is unread. Raises UnreadableNumberError where that is
    so of more than one in ten, UnreadableRowError where the header does not tell the columns apart, or a figure stands
    in more than one of them or in none.
    """
    document, begin = source.document, sheets[0].grid.start
    if document.layout is None:  # a text may tell the cells of one page and not those of another
        begin = blocks[0].title.start
    for line in (line for block in blocks for line in block.lines if line.start > begin):
        # a row below the first grid that stands in none is better missed with an error than silently
        if document.grid_of(line) is None and looks_like_row(document, line):
            found = repr(" ".join(document.text[line.start : line.end].split()))
            raise source.error(line, "rows whose columns are known", found)
    body = next((s.rows[s.data_from][0].start for s in sheets if s.data_from is not None), None)
    lines = (line for line in blocks[0].lines if body is None or line.start < body)
    above = [squeeze(document.text[line.start : line.end]) for line in lines]
    said = Stated.of(above, source.form.patterns)
    table = _Gridded(source, sheets)
    head = table.head
    return TableRows(head.columns, head.sides, table.rows, said, head.numbered, table.exclusions)


@dataclass(slots=True, eq=False)
class Placed:
    """A cell of the body, its text and the columns that it covers; ``shared`` if it is a header in a row of figures."""

    cell: Cell
    text: str
    columns: list[GridColumn]
    shared: bool = False


def _without_levels(name: Token) -> Token:
    """A name without what a header that shares its row says before it."""
    before = _LEVELS_BEFORE.match(name.text)
    if before is None:
        return name
    at = before.end()
    return name._replace(text=name.text[at:], start=name.start + at)


class _Gridded:
    def __init__(self, source: TableSource, sheets: list[GridSheet]) -> None:
        self.source = source
        self.spec = source.spec
        self.total = source.form.patterns.total
        self.head = GridHead(source, sheets)
        self.listed = {column for group in self.head.groups for column in group}
        figures = [[c for c in group if c.role == "value"] for group in self.head.groups]
        self.widths = [len(columns) for columns in figures]
        self.places = {column: at for columns in figures for at, column in enumerate(columns)}
        self.exclusions: list[Exclusion] = []
        self.rows: list[TableRow] = []
        self.unread: list[Placed] = []
        for page, sheet in enumerate(sheets):
            self._read(sheet, page)
        for piece in (piece for row in self.rows for piece in row.names):
            start = piece.end - len(plain_name(piece.text))
            self.exclusions.append(Exclusion(start, piece.end, "in a name"))
        cells = sum(cell is not None for row in self.rows for cell in row.cells)
        if _IN_TEN * len(self.unread) > cells + _IN_TEN:
            placed = self.unread[0]
            raise source.no_figure(next(self._tokens(placed)), placed.text)

    def _read(self, sheet: GridSheet, page: int) -> None:
        """The rows of a page, which may print the header again; one with another header is another table."""
        own = (at for at, row in enumerate(sheet.rows) if not self.head.repeats(sheet, row))
        at = next(own, len(sheet.rows))
        opening = sheet.rows[at : sheet.data_from]
        opened = [cell for row in opening for cell in row if CHINESE.search(sheet.text(cell))]
        over = (self.head.covered(sheet, cell) for cell in opened)
        if any(all(column.role == "value" for column in columns) for columns in over):
            # words stand where the table has its figures
            if not self.head.resembles(sheet, opening):
                self.exclusions.append(Exclusion(sheet.grid.start, sheet.grid.end, "other table"))
                return
            at += len(opening)
        for row in sheet.rows[:at]:
            self._exclude("column number", *sheet.column_numbers(row))
        for number, row in enumerate(sheet.rows[at:]):
            placed = [
                self._placed(sheet, cell)
                for cell in row
                if cell.start < cell.end  # a blank cell is no figure and no name
            ]
            self._row(placed, page, page > 0 and number == 0)

    def _placed(self, sheet: GridSheet, cell: Cell) -> Placed:
        text, columns = sheet.text(cell), self.head.covered(sheet, cell)
        return Placed(cell, text, columns, self.head.shares(text, columns))

    def _row(self, cells: list[Placed], page: int, continues: bool) -> None:
        """One row of the grid: a row of the table for each of its groups that has something in it."""
        cells = self._without_doubts(cells)
        before = len(self.rows)
        for placed in cells:
            if not placed.columns:
                raise self.source.error(placed.cell, "a cell below a header", repr(placed.text))
            if (
                placed.columns[-1] not in self.listed
            ):  # a remark, or a list that the form does not have
                figure = AMOUNT.fullmatch(placed.text)
                self._exclude("other table" if figure else "table note", placed.cell)
        for side, group in enumerate(self.head.groups):
            row = TableRow(side, cells=[None] * self.widths[side], page=page)
            pieces: list[tuple[int, Token]] = []
            for placed in cells:
                # a name may lie over the lists to its left (公用经费合计)
                if placed.columns[-1] in group:
                    self._fill(row, pieces, group, placed)
            row.code = self._code(side, pieces)
            if pieces:
                self._exclude("classification code", *(piece for _, piece in pieces))
            for words in row.texts.values():
                self._exclude("in a name", *words)
            if len(self.rows) > before and self._closes(row):
                self.rows[-1].cells = row.cells
            elif row.names or row.code or row.texts or any(row.cells):
                self._append(row, continues)
                if not self.head.ruled and not self._stands_alone(row):
                    where = next(token for token in (*row.names, *row.cells) if token is not None)
                    raise self.source.error(where, "a row with its whole name", repr(row.name))

    def _closes(self, row: TableRow) -> bool:
        """Whether a figure without a name is that of the total before it, whose cell spans lists (公用经费合计)."""
        if row.names or row.code or row.texts or not any(row.cells):
            return False
        total = self.rows[-1]
        beside = self.spec.layout == "economic" and total.side == row.side - 1
        blank = not any(total.cells) and len(total.cells) == len(row.cells)
        return beside and blank and self.total.fullmatch(total.name) is not None

    def _without_doubts(self, cells: list[Placed]) -> list[Placed]:
        """The cells of which it is sure what a person reads there; none where that of a name is not."""
        document = self.source.document
        if not document.doubts:
            return cells
        reasons = [document.doubt(placed.cell.start, placed.cell.end) for placed in cells]
        for placed, reason in zip(cells, reasons, strict=True):
            if reason and any(column.role in _LABELS for column in placed.columns):
                self._exclude(reason, *(other.cell for other in cells))
                return []
        return [placed for placed, reason in zip(cells, reasons, strict=True) if not reason]

    def _fill(
        self,
        row: TableRow,
        pieces: list[tuple[int, Token]],
        group: list[GridColumn],
        placed: Placed,
    ) -> None:
        """Put a cell where it belongs in its row; the pieces of a code with the level of their column."""
        first, *more = placed.columns
        role = placed.columns[-1].role
        if role == "text" and not more:
            row.texts.setdefault(first.text, []).extend(self._tokens(placed))
        elif role == "value" and any(column.role != "value" for column in placed.columns):
            self._exclude("table note", placed.cell)
        elif role == "value":
            at = self.places[placed.columns[-1]]
            if more or row.cells[at] is not None:
                raise self.source.error(placed.cell, "one figure in one column", repr(placed.text))
            row.cells[at] = None if placed.shared else self._figure(placed)
            if placed.shared or placed in self.unread[-1:]:
                row.unknown.append(at)
        elif role == "line" and placed.text.isdigit():
            self._exclude("line number", placed.cell)
        elif _DECIMAL.fullmatch(placed.text):
            raise self.source.error(placed.cell, "a name or a code", repr(placed.text))
        elif row.names or not LEVELS.issuperset(placed.text):
            levels = [column for column in group if column.role == "code"]
            for token in self._tokens(placed):
                opens = token.first and (role == "code" or not row.names)
                if opens and CODE_OR_PIECE.fullmatch(token.text):
                    pieces.append((levels.index(first) if first in levels else 0, token))
                else:
                    row.names.append(_without_levels(token))

    def _stands_alone(self, row: TableRow) -> bool:
        """Whether a row that no line divides from the next is one, not the rest of a wrapped name, or several."""
        if self.source.document.layout is None and self.spec.merges(plain_name(row.name)):
            return False
        if row.code or self.total.fullmatch(row.name) or self.spec.layout == "single":
            return True
        coded = self.spec.layout in ("codes", "economic")
        return not (coded and any(row.cells)) and len(row.name) >= _SHORTEST_NAME

    def _code(self, side: int, pieces: list[tuple[int, Token]]) -> str | None:
        """The code (科目编码) of a row, joined where it is split over columns for 类, 款 and 项.

        A template may print each level's whole code in its column, or leave out what the row above has.
        """
        if not pieces:
            return None
        level, first = pieces[0]
        code = ""
        if level and len(first.text) <= _PIECE:
            above = (row.code for row in reversed(self.rows) if row.side == side and row.code)
            code = next(above, "")[: 2 * level + 1]
        for _, piece in pieces:
            whole = piece.text.startswith(code)
            code = piece.text if whole else code + piece.text.zfill(_PIECE)
        if not CODE.fullmatch(code):
            raise self.source.error(first, "a classification code (科目编码)", code)
        return code

    def _append(self, row: TableRow, continues: bool) -> None:
        """Add a row; one that only goes on with the name or figures of the last row of the page before is joined."""
        last = next((r for r in reversed(self.rows) if r.side == row.side), None)
        coded = self.spec.layout in ("codes", "economic") and last is not None and last.code
        whole = row.code or self.total.fullmatch(row.name) or not row.names
        if continues and last and coded and not whole and not (any(row.cells) and any(last.cells)):
            last.names.extend(row.names)
            for text, words in row.texts.items():
                last.texts.setdefault(text, []).extend(words)
            last.cells = last.cells if any(last.cells) else row.cells
        else:
            self.rows.append(row)

    def _figure(self, placed: Placed) -> Token | None:
        token = next(self._tokens(placed))
        if token.is_amount and token.text == placed.text:
            return token
        if token.is_blank:
            return None
        if _PERCENT.fullmatch(placed.text):  # a share or a rate of the template's own
            return token._replace(text=token.text[:-1], end=token.end - 1, kind="percent")
        patterns = self.source.form.patterns
        if patterns.instead.fullmatch(placed.text):
            self._exclude("table note", placed.cell)
            return None
        if token.is_amount and is_figure(placed.text, token.text):
            if token.end < placed.cell.end:
                self.exclusions.append(Exclusion(token.end, placed.cell.end, "table note"))
            return token
        self.unread.append(placed)
        self._exclude("unread cell", placed.cell)
        return None

    def _tokens(self, placed: Placed) -> Iterator[Token]:
        return self.source.words([placed.cell], 0)

    def _exclude(self, reason: str, *spans: Cell | Token) -> None:
        self.exclusions += excluded(reason, spans)
