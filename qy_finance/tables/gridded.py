"""Tables whose cells are known: the grids of a block as columns of the form and rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from qy_finance.errors import UnreadableNumberError, UnreadableRowError
from qy_finance.figures import AMOUNT, Claim
from qy_finance.readers import Cell, Document, Grid, Line, squeeze
from qy_finance.tables.columns import column_of, plain_header
from qy_finance.tables.header import stated
from qy_finance.tables.locate import Block
from qy_finance.tables.rows import TOTAL, Row, TableRows
from qy_finance.tables.spec import Column, Side, TableSpec
from qy_finance.tables.tokens import Token, tokenize

_CODE: Final = re.compile(r"\d{3}(?:\d\d){0,2}", re.ASCII)
_CODE_OR_PIECE: Final = re.compile(r"\d\d|\d{3}(?:\d\d){0,2}", re.ASCII)
_DECIMAL: Final = re.compile(r"[-−－]?[\d,]+\.\d+", re.ASCII)
_LINE: Final = re.compile(r"[一二三四五六七八九十]+、")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_LEVELS: Final = frozenset("类款项")
_COLUMN_NUMBERS: Final = ("栏次", "栏", "次")
_RARELY: Final = 10  # a border that fewer than one in so many rows have is none of the table
_LABELS: Final = {
    "line": re.compile(r"行次|行号|序号"),
    "code": re.compile(r".*(?:编码|代码)|[类款项]"),
    "name": re.compile(r".*(?:科目|分类|名称)|(?:收入|支出)?项目(?:[（(].*)?"),
    "remark": re.compile(r"备注|说明"),
}
"""What the leaf of a header says above a column that holds no figures."""


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column: its borders, its header from top to leaf, and what it holds.

    ``role`` is ``line`` (行次), ``code``, ``name``, ``value`` or ``remark``.
    """

    x0: float
    x1: float
    path: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell of the body, its text and the columns that it covers."""

    cell: Cell
    text: str
    page: int
    columns: list[GridColumn]


class Sheet:
    """The rows of a table on one page: each a list of the cells that begin in it."""

    def __init__(self, document: Document, grid: Grid, start: int, end: int) -> None:
        self.document = document
        self.grid = grid
        rows: dict[int, list[Cell]] = {}
        for cell in grid.cells:
            rows.setdefault(cell.row, []).append(cell)
        self.rows = [
            row
            for row in rows.values()
            if any(cell.start < cell.end and start <= cell.start < end for cell in row)
        ]

    def text(self, cell: Cell) -> str:
        return self.document.text[cell.start : cell.end]

    def texts(self, row: list[Cell]) -> list[str]:
        return [text for cell in row if (text := self.text(cell))]

    def borders(self, cell: Cell) -> tuple[float, float]:
        return self.grid.xs[cell.column], self.grid.xs[cell.column + cell.columns]

    def holds_data(self, row: list[Cell]) -> bool:
        """Whether a row belongs to an account: it has a figure, a code or the ordinal of a line (一、)."""
        texts = self.texts(row)
        if self.column_numbers(row) or any(map(_YEAR.fullmatch, texts)):
            return False
        return any(
            AMOUNT.fullmatch(text) or _CODE.fullmatch(text) or _LINE.match(text) for text in texts
        )

    def column_numbers(self, row: list[Cell]) -> list[Cell]:
        """The cells of a row that counts columns (栏次), else none."""
        numbers = [cell for cell in row if self.text(cell).isdigit()]
        words = [text for text in self.texts(row) if not text.isdigit()]
        counted = [int(self.text(cell)) for cell in numbers]
        if counted and counted == list(range(1, len(counted) + 1)):
            labelled = bool(words) and all(squeeze(word) in _COLUMN_NUMBERS for word in words)
            if labelled or (not words and len(counted) > 1):
                return numbers
        return []


def sheets_of(document: Document, block: Block) -> list[Sheet]:
    """The grids, or parts of grids, that belong to a block."""
    if not block.lines:
        return []
    start, end = block.lines[0].start, block.lines[-1].end
    sheets = (
        Sheet(document, g, start, end) for g in document.grids if g.start < end and g.end > start
    )
    return [sheet for sheet in sheets if sheet.rows]


def read_grids(document: Document, spec: TableSpec, blocks: tuple[Block, ...]) -> TableRows:
    """Read one table over all its pages by the cells of its grids.

    Raises
    ------
    UnreadableNumberError
        Something else stands in a cell where a figure must.
    UnreadableRowError
        The header does not tell the columns apart, or a figure stands in more than one of them.
    """
    sheets = [sheet for block in blocks for sheet in sheets_of(document, block)]
    table = _Gridded(document, spec, sheets)
    body = sheets[0].rows[len(table.header)][0].start if table.rows else sheets[-1].grid.end
    head = (line for line in blocks[0].lines if line.start < body)
    return TableRows(
        table.columns,
        table.sides,
        tuple(table.rows),
        stated(squeeze(document.text[line.start : line.end]) for line in head),
        table.numbered,
        tuple(table.claims),
    )


class _Gridded:
    def __init__(self, document: Document, spec: TableSpec, sheets: list[Sheet]) -> None:
        self.document = document
        self.spec = spec
        self.claims: list[Claim] = []
        first = sheets[0]
        begin = next((at for at, row in enumerate(first.rows) if first.holds_data(row)), None)
        self.header = first.rows[:begin]
        self.header_texts = {text for row in self.header for text in first.texts(row)}
        self.borders = first.grid.xs[0], first.grid.xs[-1]
        body = first.rows[begin:] if begin is not None else []
        self.grid_columns = self._grid_columns(first, body)
        self.groups = self._groups()
        self.columns = tuple(tuple(self._named(group)) for group in self.groups)
        self.rows: list[Row] = []
        for page, sheet in enumerate(sheets):
            self._read(sheet, page)

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """The side that each group is, by its place or by what its header says."""
        spec = self.spec
        if spec.layout == "sides":
            return spec.sides
        above = [{name for c in group for name in c.path[:-1]} for group in self.groups]
        return tuple(next((s for s in spec.sides if s.name in names), None) for names in above)

    @property
    def numbered(self) -> bool:
        """Whether rows have line numbers (行次)."""
        lines = (column.path for column in self.grid_columns if column.role == "line")
        return any("行次" in "".join(path) for path in lines)

    def _grid_columns(self, sheet: Sheet, body: list[list[Cell]]) -> list[GridColumn]:
        """The columns that cells of the body begin and end at."""
        if not body:
            return []
        cells = [(sheet.borders(cell), sheet.text(cell)) for row in body for cell in row]
        often = Counter(x for borders, _ in cells for x in borders)
        xs = sorted(x for x, count in often.items() if count > len(body) / _RARELY)
        header = [
            (sheet.borders(cell), text)
            for row in self.header
            if not sheet.column_numbers(row)
            for cell in row
            if (text := squeeze(sheet.text(cell)))
        ]
        columns = []
        for x0, x1 in pairwise(xs):
            centre = (x0 + x1) / 2
            path = tuple(text for (left, right), text in header if left < centre < right)
            texts = [text for borders, text in cells if borders == (x0, x1) and text]
            columns.append(GridColumn(x0, x1, path, self._role(path, texts)))
        return columns

    def _role(self, path: tuple[str, ...], texts: list[str]) -> str:
        names = [plain_header(text) for text in path]
        leaves = ["".join(names[-count:]) for count in (1, 2)]  # 行 above 次 is one name
        labels = (r for leaf in leaves for r, label in _LABELS.items() if label.fullmatch(leaf))
        role = next(labels, "value")
        coded = [text for text in texts if text not in _LEVELS and not TOTAL.fullmatch(text)]
        named = any(_CHINESE.search(text) for text in coded)
        if role == "name" and coded and all(map(_CODE_OR_PIECE.fullmatch, coded)):
            return "code"
        if role == "code" and named:
            return "name"
        if role == "value" and named and not any(map(AMOUNT.fullmatch, texts)):
            return "remark" if path else "name"
        return role

    def _groups(self) -> list[list[GridColumn]]:
        """Columns of labels and those of figures behind them, as often as they stand beside each other."""
        groups: list[list[GridColumn]] = []
        before = "value"
        for column in self.grid_columns:
            if column.role == "remark":
                continue
            if not groups or (column.role != "value" and before == "value"):
                groups.append([])
            groups[-1].append(column)
            before = column.role
        wanted = len(self.spec.sides)
        if self.spec.layout == "sides" and groups and len(groups) != wanted:
            expected = f"{wanted} lists beside each other"
            raise self._error(self.header[0][0], expected, str(len(groups)))
        return groups

    def _named(self, group: list[GridColumn]) -> Iterator[Column]:
        spec = self.spec
        side = self.groups.index(group)
        columns = spec.sides[side].columns if spec.layout == "sides" else spec.columns
        sides = {side.name for side in spec.sides}  # 人员经费 over 决算数 is no part of its name
        names = [
            column_of([*(n for n in parents if n not in sides), leaf], columns, spec.groups)
            for *parents, leaf in (c.path or ("",) for c in group if c.role == "value")
        ]
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice or "" in names:
            expected = "a header of its own for each column"
            raise self._error(self.header[0][0], expected, "、".join(twice) or "none")
        yield from map(Column, names)

    def _read(self, sheet: Sheet, page: int) -> None:
        """The rows of a page, which may print the header again; a grid of other columns is another table."""
        at = 0
        for row in sheet.rows:
            numbers = sheet.column_numbers(row)
            if not numbers and not self.header_texts.issuperset(sheet.texts(row)):
                break
            self.claims.extend(Claim(cell.start, cell.end, "column number") for cell in numbers)
            at += 1
        body = [[self._placed(sheet, cell, page) for cell in row] for row in sheet.rows[at:]]
        if page and not all(map(self._fits, body)):
            self.claims.append(Claim(sheet.grid.start, sheet.grid.end, "other table"))
            return
        opening = True
        for placed in body:
            self._row(placed, page, opening and page > 0)
            opening = False

    def _placed(self, sheet: Sheet, cell: Cell, page: int) -> Placed:
        """A cell with the columns that it covers.

        Further pages may be larger or smaller than the first: printed borders are brought to its width.
        """
        borders = sheet.borders(cell)
        if sheet.grid.ruled:
            left, right = self.borders
            x0, x1 = sheet.grid.xs[0], sheet.grid.xs[-1]
            scale = (right - left) / (x1 - x0)
            borders = left + (borders[0] - x0) * scale, left + (borders[1] - x0) * scale
        from_x, to_x = borders
        covered = [c for c in self.grid_columns if from_x < (c.x0 + c.x1) / 2 < to_x]
        if not covered:
            middle = (from_x + to_x) / 2
            covered = [c for c in self.grid_columns if c.x0 <= middle <= c.x1]
        return Placed(cell, sheet.text(cell), page, covered)

    def _fits(self, row: list[Placed]) -> bool:
        """Whether figures stand where the table has its figures, and nothing else does."""
        for placed in row:
            roles = [column.role for column in placed.columns]
            if _DECIMAL.fullmatch(placed.text) and roles != ["value"]:
                return False
            if _CHINESE.search(placed.text) and set(roles) == {"value"}:
                return False
        return True

    def _row(self, cells: list[Placed], page: int, continues: bool) -> None:
        """One row of the grid: a row of the table for each of its groups that has something in it."""
        for side, group in enumerate(self.groups):
            values = [column for column in group if column.role == "value"]
            row = Row(side, cells=[None] * len(values), page=page)
            levels = [column for column in group if column.role == "code"]
            pieces: list[tuple[int, Token]] = []
            for placed in cells:
                if not placed.text or placed.columns[0] not in group:
                    continue
                column = placed.columns[0]
                if len(_kinds(placed)) > 1 or placed.columns[-1] not in group:
                    self._claim("table note", placed.cell)
                elif column.role == "value":
                    at = values.index(column)
                    if len(placed.columns) > 1 or row.cells[at] is not None:
                        expected = "one figure in one column"
                        raise self._error(placed.cell, expected, repr(placed.text))
                    row.cells[at] = self._figure(placed)
                elif column.role == "line" and placed.text.isdigit():
                    self._claim("line number", placed.cell)
                elif placed.text not in _LEVELS:
                    for token in self._tokens(placed):
                        if token.first and not row.names and _CODE_OR_PIECE.fullmatch(token.text):
                            level = levels.index(column) if column in levels else 0
                            pieces.append((level, token))
                        else:
                            row.names.append(token)
            row.code = self._code(side, pieces)
            self._claim("classification code", *(piece for _, piece in pieces))
            if row.names or row.code or any(row.cells):
                self._append(row, continues)

    def _code(self, side: int, pieces: list[tuple[int, Token]]) -> str | None:
        """The code (科目编码) of a row, joined where it is split over columns for 类, 款 and 项.

        A template may print each level's whole code in its column, or leave out what the row above has.
        """
        if not pieces:
            return None
        level, first = pieces[0]
        code = ""
        if level and len(first.text) == 2:
            above = (row.code for row in reversed(self.rows) if row.side == side and row.code)
            code = next(above, "")[: 2 * level + 1]
        for _, piece in pieces:
            code = piece.text if piece.text.startswith(code) else code + piece.text
        if not _CODE.fullmatch(code):
            raise self._error(first, "a classification code (科目编码)", code)
        return code

    def _append(self, row: Row, continues: bool) -> None:
        """Add a row; one that only goes on with the name or figures of the last row of the page before is joined."""
        last = next((r for r in reversed(self.rows) if r.side == row.side), None)
        coded = self.spec.layout in ("codes", "economic") and last is not None and last.code
        whole = row.code or TOTAL.fullmatch(row.name) or not row.names
        if continues and last and coded and not whole and not (any(row.cells) and any(last.cells)):
            last.names.extend(row.names)
            last.cells = last.cells if any(last.cells) else row.cells
        else:
            self.rows.append(row)

    def _figure(self, placed: Placed) -> Token | None:
        token = self._tokens(placed)[0]
        if token.is_blank:
            return None
        if not token.is_amount or token.text != placed.text:
            raise UnreadableNumberError(
                self.document.path.name, self._place(token), "a figure", repr(placed.text)
            )
        return token

    def _tokens(self, placed: Placed) -> list[Token]:
        line = Line(0, placed.cell.start, placed.cell.end, None)
        return tokenize(self.document, (line,), placed.page)

    def _place(self, thing: Token | Cell) -> str:
        return f"{self.spec.name}, {self.document.place(thing.start)}"

    def _error(self, thing: Token | Cell, expected: str, found: str) -> UnreadableRowError:
        return UnreadableRowError(self.document.path.name, self._place(thing), expected, found)

    def _claim(self, reason: str, *spans: Cell | Token) -> None:
        self.claims.extend(Claim(span.start, span.end, reason) for span in spans)


def _kinds(placed: Placed) -> set[str]:
    return {"value" if column.role == "value" else "label" for column in placed.columns}
