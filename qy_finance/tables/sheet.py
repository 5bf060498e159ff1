"""Tables whose cells are known: their grid on one page, and what each column holds by their header over all pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import chain, groupby, pairwise, takewhile
from operator import attrgetter
from typing import Final

from qy_finance.figures import AMOUNT
from qy_finance.form import ColumnSpec, SideSpec
from qy_finance.marks import CHAPTER, CHINESE, CODE, LEVELS, NUMBERED, YEAR
from qy_finance.readers import Cell, Document, Grid, squeeze
from qy_finance.readers.page import grouped
from qy_finance.tables.headers import column_of, is_another, plain_header
from qy_finance.tables.locate import Block
from qy_finance.tables.rows import TableSource

CODE_OR_PIECE: Final = re.compile(rf"\d{{1,2}}|{CODE.pattern}", re.ASCII)
_RARELY: Final = 10  # a border that fewer than one in so many rows have is none of the table
_YEAR: Final = re.compile(YEAR)
_DATUM: Final = re.compile(rf"(?:{AMOUNT.pattern}|{CODE.pattern})\Z|{CHAPTER}", re.ASCII)
_TOTALS: Final = ["合计"], ["总计"]
_SIMILAR: Final = 0.6  # of the headers of a table's pages


class GridSheet:
    """The rows of a table on one page: each a list of the cells that begin in it.

    ``data_from`` is the index of the first row below the header; None where there is none.
    """

    def __init__(self, document: Document, grid: Grid, start: int, end: int) -> None:
        self.document = document
        self.grid = grid
        rows = (list(cells) for _, cells in groupby(grid.cells, key=attrgetter("row")))
        self.rows = [
            row
            for row in rows
            if any(cell.start < cell.end and start <= cell.start < end for cell in row)
        ]
        data = (at for at, row in enumerate(self.rows) if self._holds_data(row))
        self.data_from = next(data, None)

    def text(self, cell: Cell) -> str:
        return self.document.text[cell.start : cell.end]

    def texts(self, row: list[Cell]) -> list[str]:
        return [text for cell in row if (text := self.text(cell))]

    @property
    def header(self) -> str:
        """All that is printed above the first row with data."""
        return "".join(text for row in self.rows[: self.data_from] for text in self.texts(row))

    def borders(self, cell: Cell) -> tuple[float, float]:
        return self.grid.xs[cell.column], self.grid.xs[cell.column + cell.columns]

    def _holds_data(self, row: list[Cell]) -> bool:
        """Whether a row belongs to an account: it has a figure, a code or the ordinal of a line (一、).

        The total of a table without amounts (合计 before blank cells) is a row too.
        """
        texts = self.texts(row)
        if row[0].column == 0 and texts in _TOTALS:
            return True
        if self.column_numbers(row) or any(map(_YEAR.fullmatch, texts)):
            return False
        return any(map(_DATUM.match, texts))

    def column_numbers(self, row: list[Cell]) -> list[Cell]:
        """The cells of a row that counts columns (栏次), else none."""
        numbers = [cell for cell in row if self.text(cell).isdigit()]
        words = {squeeze(text) for text in self.texts(row) if not text.isdigit()}
        counted = [int(self.text(cell)) for cell in numbers]
        counts = counted == list(range(1, len(counted) + 1)) and (words or len(counted) > 1)
        return numbers if counts and words <= NUMBERED else []


def alike(header: str, other: str) -> bool:
    """Whether two headers are that of one table, if a scan spelled them differently too."""
    return SequenceMatcher(None, header, other, autojunk=False).ratio() > _SIMILAR


def sheets_of(document: Document, block: Block) -> list[GridSheet]:
    """The grids, or parts of grids, that belong to a block."""
    if not block.lines:
        return []
    start, end = block.lines[0].start, block.lines[-1].end
    grids = (grid for grid in document.grids if grid.start < end and grid.end > start)
    sheets = (GridSheet(document, grid, start, end) for grid in grids)
    return [sheet for sheet in sheets if sheet.rows]


@dataclass(frozen=True, slots=True, eq=False)
class GridColumn:
    """A column: its borders, its header from top to leaf, and what it holds.

    ``role`` is ``line`` (行次), ``code``, ``name``, ``text``, ``value`` or ``remark``; ``text`` the name of a column of
    words.
    """

    x0: float
    x1: float
    path: tuple[str, ...]
    role: str
    text: str = ""


class GridHead:
    """The header of a table over the pages of which the first one with data prints it, or the ones before.

    ``groups`` are columns of labels and those of figures behind them, as often as they stand beside each other;
    ``columns`` the columns of figures of each group by their canonical names.
    """

    def __init__(self, source: TableSource, sheets: list[GridSheet]) -> None:
        self.source = source
        self.spec = source.spec
        self.patterns = source.form.patterns
        lead = next((at for at, sheet in enumerate(sheets) if sheet.data_from is not None), None)
        first = sheets[lead or 0]
        before = [(sheet, row) for sheet in sheets[:lead] for row in sheet.rows]
        self.rows = [*before, *((first, row) for row in first.rows[: first.data_from])]
        body = first.rows[first.data_from :] if lead is not None else []
        shared = self._shared(first, body[0]) if body else []
        if shared:
            self.rows.append((first, shared))
        self._shared_texts = {first.text(cell) for cell in shared}
        self.texts = {text for sheet, row in self.rows for text in sheet.texts(row)}
        self.borders = first.grid.xs
        self.ruled = first.grid.ruled
        body = [[cell for cell in row if cell not in shared] for row in body]
        self.grid_columns = self._with_names(list(self._grid_columns(first, body)))
        self.groups = self._groups(first)
        self._covered: dict[tuple[int, int, int], list[GridColumn]] = {}
        self.columns = tuple(self._named(at, first) for at in range(len(self.groups)))

    def _shared(self, sheet: GridSheet, row: list[Cell]) -> list[Cell]:
        """The cells of the first row that are headers, where 合计 shares its row with 小计, 基本支出 and 项目支出."""
        label, *others = (cell for cell in row if sheet.text(cell))
        total = self.patterns.total.fullmatch(squeeze(sheet.text(label)))
        if not total or self.spec.layout != "codes":
            return []
        named = ((cell, plain_header(sheet.text(cell), self.source)) for cell in others)
        return [cell for cell, name in named if any(c.names(name) for c in self.spec.columns)]

    @property
    def sides(self) -> tuple[SideSpec | None, ...]:
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

    def repeats(self, sheet: GridSheet, row: list[Cell]) -> bool:
        """Whether a row is one of the header's, printed again."""
        texts = sheet.texts(row)
        return bool(sheet.column_numbers(row)) or self.texts.issuperset(texts)

    def shares(self, text: str, columns: Sequence[GridColumn]) -> bool:
        """Whether what stands in a cell among figures is one of the headers that share their row."""
        return text in self._shared_texts and all(column.role == "value" for column in columns)

    def resembles(self, sheet: GridSheet, rows: list[list[Cell]]) -> bool:
        """Whether rows are the header as a scan may have spelled it."""
        own = (text for page, row in self.rows for text in page.texts(row))
        return alike("".join(text for row in rows for text in sheet.texts(row)), "".join(own))

    def covered(self, sheet: GridSheet, cell: Cell) -> list[GridColumn]:
        """The columns that a cell covers.

        Further pages may be larger or smaller than the first: printed borders are brought to its width. Those of a
        page that has as many columns, of widths of its own, are the same in order.
        """
        place = sheet.grid.start, cell.column, cell.columns
        if place not in self._covered:
            self._covered[place] = self._under(sheet, cell)
        return self._covered[place]

    def _under(self, sheet: GridSheet, cell: Cell) -> list[GridColumn]:
        from_x, to_x = sheet.borders(cell)
        if sheet.grid.ruled and len(sheet.grid.xs) == len(self.borders):
            from_x, to_x = self.borders[cell.column], self.borders[cell.column + cell.columns]
        elif sheet.grid.ruled:
            left, right = self.borders[0], self.borders[-1]
            x0, x1 = sheet.grid.xs[0], sheet.grid.xs[-1]
            scale = (right - left) / (x1 - x0)
            from_x, to_x = left + (from_x - x0) * scale, left + (to_x - x0) * scale
        middle = (from_x + to_x) / 2
        covered = [c for c in self.grid_columns if from_x < (c.x0 + c.x1) / 2 < to_x]
        return covered or [c for c in self.grid_columns if c.x0 <= middle <= c.x1]

    def _grid_columns(self, sheet: GridSheet, body: list[list[Cell]]) -> Iterator[GridColumn]:
        """The columns that cells of the body begin and end at."""
        below: defaultdict[tuple[float, float], Counter[str]] = defaultdict(Counter)
        for cell in chain.from_iterable(body):
            below[sheet.borders(cell)][sheet.text(cell)] += 1
        often: Counter[float] = Counter()
        for borders, printed in below.items():
            for x in borders:
                often[x] += printed.total()
        xs = sorted(x for x, count in often.items() if count > len(body) / _RARELY)
        header = [
            (borders, text)
            for above, row in self.rows
            if not above.column_numbers(row)
            for borders, cells in groupby(
                row, key=above.borders
            )  # a text has a cell for each line of a header
            if (text := squeeze("".join(map(above.text, cells))))
        ]
        for x0, x1 in pairwise(xs):
            centre = (x0 + x1) / 2
            path = tuple(text for (left, right), text in header if left < centre < right) or tuple(
                text for (left, right), text in header if left < x1 and right > x0
            )  # where each row is a total, nothing divides codes from names
            texts = [text for text in below.get((x0, x1), ()) if text]
            names = [plain_header(text, self.source) for text in path]
            leaves = ["".join(names[-count:]) for count in (1, 2)]  # 行 above 次 is one name
            text = next(filter(None, map(self.spec.text, leaves)), "")
            role = "text" if text else self._role(path, leaves, texts)
            yield GridColumn(x0, x1, path, role, text)

    def _with_names(self, columns: list[GridColumn]) -> list[GridColumn]:
        """The columns; where none names the rows, the units before the figures do."""
        before = list(takewhile(lambda column: column.role in ("line", "remark"), columns))
        if not before or before[-1].role != "remark" or any(c.role == "name" for c in columns):
            return columns
        at = len(before) - 1
        return [*columns[:at], replace(columns[at], role="name"), *columns[at + 1 :]]

    def _role(self, path: tuple[str, ...], leaves: list[str], texts: list[str]) -> str:
        labels = self.patterns.labels
        found = (r for leaf in leaves for r, label in labels.items() if label.fullmatch(leaf))
        role = next(found, "value")
        total = self.patterns.total
        instead = self.patterns.instead
        coded = [
            text
            for text in texts
            if text not in LEVELS and not total.fullmatch(text) and not instead.fullmatch(text)
        ]
        named = any(CHINESE.search(text) for text in coded)
        if role == "name" and coded and all(map(CODE_OR_PIECE.fullmatch, coded)):
            return "code"
        if role == "code" and named:
            return "name"
        if role == "value" and named and not any(map(AMOUNT.fullmatch, texts)):
            return "remark" if path else "name"
        return role

    def _groups(self, sheet: GridSheet) -> list[list[GridColumn]]:
        columns = (column for column in self.grid_columns if column.role != "remark")
        figures = "value", "text"
        groups = grouped(columns, lambda g, c: c.role in figures or g[-1].role != "value")
        wanted = len(self.spec.sides)
        if self.spec.layout == "sides" and groups and len(groups) < wanted:
            expected = f"{wanted} lists beside each other"
            raise self.source.error(sheet.rows[0][0], expected, str(len(groups)))
        # a third list says by economic classification what the second says by function
        return groups[:wanted] if self.spec.layout == "sides" else groups

    def _named(self, side: int, sheet: GridSheet) -> tuple[ColumnSpec, ...]:
        spec = self.spec
        columns = spec.sides[side].columns if spec.layout == "sides" else spec.columns
        sides = {side.name for side in spec.sides}  # 人员经费 over 决算数 is no part of its name
        names = [
            column_of([*(n for n in parents if n not in sides), leaf], columns, self.source)
            for *parents, leaf in (c.path or ("",) for c in self.groups[side] if c.role == "value")
        ]
        if not self.ruled and self.source.document.layout is None:
            self._refuse_doubts(columns, side, sheet)
        twice = [name for name, count in Counter(names).items() if count > 1]
        if twice or "" in names:
            expected = "a header of its own for each column"
            raise self.source.error(sheet.rows[0][0], expected, "、".join(twice) or "none")
        return tuple(map(ColumnSpec, names))

    def _refuse_doubts(self, columns: Sequence[ColumnSpec], side: int, sheet: GridSheet) -> None:
        """Refuse headers that only spaces keep where the form knows better.

        One is made of two of the form's, or stands under one that is another column's.
        """
        for column in self.groups[side]:
            names = [plain_header(name, self.source) for name in column.path]
            merged = any(map(self.spec.merges, names))
            if merged or is_another(names, columns):
                expected = "a header of its own for each column"
                raise self.source.error(sheet.rows[0][0], expected, repr("/".join(column.path)))
