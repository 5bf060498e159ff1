"""Tables that were not read as one of the form's, as they are printed: cells with their places, and a title."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from typing import Final

from qy_finance.figures import Exclusion, Figure
from qy_finance.form import Form
from qy_finance.marks import MARKED_PAGE_NUMBER, PAGE_NUMBER
from qy_finance.readers import Cell, Document, Grid, Line, squeeze
from qy_finance.tables.tabbed import is_divided, line_cells

REASONS: Final = frozenset({"other table", "unread table"})
"""Why numerals are no figures that stand in a table that was not read as one of the form's."""

_TOLERANCE: Final = 3.0  # points by which borders of one column may differ from page to page
_REACH: Final = 6  # lines above a table among which its title is looked for
_LONGEST_TITLE: Final = 60
_LEADING: Final = ("：", ":", "。")  # ends a line of prose that leads to a table
_ENDING: Final = ("。", "；", "：", "表")


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """A table as it is printed, its pages joined.

    Attributes
    ----------
    title : str
        The line above it, without layout spaces, or the sentence that leads to it; else its first row, where that
        is one cell; or empty.
    page : int or None
        Where it begins; None where the source has no pages.
    line : int
        Its first line with cells in the text of the document.
    cells : tuple of Cell
        In the order of the rows, blank ones too; rows and columns count over all pages.
    breaks : tuple of int
        The rows with which its further pages begin.
    """

    title: str
    page: int | None
    line: int
    cells: tuple[Cell, ...]
    breaks: tuple[int, ...] = ()

    @cached_property
    def height(self) -> int:
        """How many rows it has."""
        return max(cell.row + cell.rows for cell in self.cells)

    @cached_property
    def width(self) -> int:
        """How many columns it has."""
        return max(cell.column + cell.columns for cell in self.cells)

    @cached_property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The cells that begin in each row."""
        found: list[list[Cell]] = [[] for _ in range(self.height)]
        for cell in self.cells:
            found[cell.row].append(cell)
        return tuple(map(tuple, found))

    @cached_property
    def has_spans(self) -> bool:
        """Whether a cell spans several rows or columns: where none does, a copy may have left them out."""
        return any(cell.rows * cell.columns > 1 for cell in self.cells)

    @cached_property
    def fields(self) -> dict[tuple[int, int], Cell]:
        """The cell that lies over each row and column; nothing where the lines of a table leave a hole."""
        return {
            (row, column): cell
            for cell in self.cells
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }


def other_tables(
    document: Document,
    form: Form,
    exclusions: Iterable[Exclusion],
    figures: Iterable[Figure],
) -> tuple[PrintedTable, ...]:
    """Every table of a document that is none of the form's as read, in their order.

    These are the grids, or their rows, whose numerals are no figures for one of :data:`REASONS`; where the source tells
    no cells, the lines of such a stretch: its cells where tabs divide them, otherwise a cell a line.
    """
    stretches = sorted((e.start, e.end) for e in exclusions if e.reason in REASONS)
    if not stretches:
        return ()
    read = sorted(figure.start for figure in figures if figure.table is not None)
    finder = _Finder(document, form, stretches, read)
    found = chain(finder.of_grids(), finder.of_lines())
    return tuple(sorted(found, key=lambda table: table.line))


@dataclass(slots=True)
class _Sheet:
    """A table that may go on: its grid of the page before, and what is known of it so far."""

    title: str
    page: int | None
    line: int
    last: Grid
    xs: list[float]
    parts: list[tuple[Grid, list[list[Cell]]]]


class _Finder:
    def __init__(
        self,
        document: Document,
        form: Form,
        stretches: list[tuple[int, int]],
        read: list[int],
    ) -> None:
        self.document = document
        self.patterns = form.patterns
        self.further = form.further
        self.stretches = stretches
        self.read = read
        self.ends = list(_furthest(stretches))

    def of_grids(self) -> Iterator[PrintedTable]:
        """The tables whose cells the source tells."""
        open_sheet: _Sheet | None = None
        for grid in self.document.grids:
            rows = self._rows(grid)
            if not rows:
                if open_sheet:
                    yield self._joined(open_sheet)
                open_sheet = None
                continue
            if open_sheet and self._goes_on(open_sheet, grid, rows):
                open_sheet.parts.append((grid, rows))
                open_sheet.last = grid
                open_sheet.xs = _united(open_sheet.xs, _scaled(grid.xs, open_sheet.xs))
                continue
            if open_sheet:
                yield self._joined(open_sheet)
            first = next(cell for row in rows for cell in row if cell.start < cell.end)
            line = self.document.line_at(first.start)
            title = self._title(line) or _heading_of(self.document, rows, grid)
            open_sheet = _Sheet(title, line.page, line.number, grid, [*grid.xs], [(grid, rows)])
        if open_sheet:
            yield self._joined(open_sheet)

    def of_lines(self) -> Iterator[PrintedTable]:
        """The tables that are lines of text: one for each stretch in which no grid stands."""
        for start, end in self._apart():
            own = self._lines(start, end)
            head = own[0]
            if len(own) > 1 and not is_divided(self._text(head)):
                title, own = squeeze(self._text(head)), own[1:]
                while len(own) > 1 and self._is_above(own[0]):
                    own = own[1:]
            else:
                title = self._title(head)
            text, divided = self.document.text, any(is_divided(self._text(line)) for line in own)
            cells = (line_cells(text, line, row, divided) for row, line in enumerate(own))
            yield PrintedTable(title, own[0].page, own[0].number, tuple(chain.from_iterable(cells)))

    def _rows(self, grid: Grid) -> list[list[Cell]]:
        """The rows of a grid that are none of a table that was read; all of them where none was."""
        rows = [list(row) for _, row in groupby(grid.cells, key=lambda cell: cell.row)]
        own = [row for row in rows if any(self._covers(c.start) for c in row if c.start < c.end)]
        at = bisect_right(self.read, grid.start - 1)
        if own and not (at < len(self.read) and self.read[at] < grid.end):
            return rows
        return own

    def _covers(self, place: int) -> bool:
        at = bisect_right(self.stretches, (place, len(self.document.text))) - 1
        return at >= 0 and self.ends[at] > place

    def _apart(self) -> Iterator[tuple[int, int]]:
        """The stretches without a grid; lines that follow each other are one."""
        joined: list[tuple[int, int, bool]] = []
        for start, end in self.stretches:
            single = "\n" not in self.document.text[start:end]
            begun, until, lines = joined[-1] if joined else (0, 0, False)
            if joined and (start < until or (single and lines and self._meet(until, start))):
                joined[-1] = begun, max(until, end), lines and single
            else:
                joined.append((start, end, single))
        grids = [grid.start for grid in self.document.grids]
        for start, end, _ in joined:
            at = bisect_right(grids, end - 1) - 1
            if at < 0 or self.document.grids[at].end <= start:
                yield start, end

    def _lines(self, start: int, end: int) -> Sequence[Line]:
        """The lines with text that a stretch has."""
        lines = self.document.lines
        first = bisect_right(lines, start, key=lambda line: line.start) - 1
        return lines[max(first, 0) : bisect_right(lines, end - 1, key=lambda line: line.start)]

    def _meet(self, end: int, start: int) -> bool:
        return self.document.text[end:start].isspace()

    def _text(self, line: Line) -> str:
        return self.document.text[line.start : line.end]

    def _is_above(self, line: Line) -> bool:
        """Whether a line says something of a table (its unit, year or number) but does not name it."""
        text = squeeze(self._text(line))
        return (
            line.number in self.document.furniture
            or any(p.fullmatch(text) for p in (PAGE_NUMBER, MARKED_PAGE_NUMBER, self.further.above))
            or self.patterns.label.fullmatch(text) is not None
        )

    def _title(self, first: Line) -> str:
        """What stands above a table's first line and names it."""
        lines = self.document.lines
        at = bisect_right(lines, first.start, key=lambda line: line.start) - 2
        for line in reversed(lines[max(0, at + 1 - _REACH) : at + 1]):
            if self.document.grid_of(line):
                break
            if self._is_above(line):
                continue
            return self._named(line)
        return ""

    def _named(self, line: Line) -> str:
        """A line as a title; where a sentence leads to the table (…如下：), all lines of that sentence."""
        text = squeeze(self._text(line))
        if not text.endswith(_LEADING):
            return text
        lines = self.document.lines
        for at in range(bisect_right(lines, line) - 2, -1, -1):
            above = squeeze(self._text(lines[at]))
            whole = line.number - lines[at].number != 1 or len(text) > _LONGEST_TITLE
            if whole or above.endswith(_ENDING) or self.document.grid_of(lines[at]):
                break
            text, line = above + text, lines[at]
        ended = text.endswith("。")
        text = text.rstrip("。")
        text = text[max(map(text.rfind, "。；")) + 1 :]
        return text if not ended or self.further.leading.search(text) else ""

    def _goes_on(self, sheet: _Sheet, grid: Grid, rows: list[list[Cell]]) -> bool:
        """Whether a grid is the next page of a table: nothing stands between, and columns or header are the same."""
        if grid.page != sheet.last.page + 1:
            return False
        lines = self.document.lines
        first = bisect_right(lines, sheet.last.end - 1, key=lambda line: line.start)
        last = bisect_right(lines, grid.start, key=lambda line: line.end)
        between = lines[first:last]
        if any(
            not self._is_above(line) and squeeze(self._text(line)) != sheet.title
            for line in between
        ):
            return False
        scaled = _scaled(grid.xs, sheet.xs)
        fits = _within(scaled, sheet.xs) or _within(sheet.xs, scaled)
        _, opening = sheet.parts[0]
        return fits or (len(opening) > 0 and self._texts(opening[0]) == self._texts(rows[0]))

    def _texts(self, row: list[Cell]) -> list[str]:
        texts = (self.document.text[cell.start : cell.end] for cell in row)
        return [text for text in texts if text]

    def _joined(self, sheet: _Sheet) -> PrintedTable:
        """The pages as one table, whose columns are those of all pages."""
        cells: list[Cell] = []
        breaks: list[int] = []
        height = 0
        for grid, rows in sheet.parts:
            xs = _scaled(grid.xs, sheet.xs)
            at = [_nearest(sheet.xs, x) for x in xs]
            top = rows[0][0].row
            if height:
                breaks.append(height)
            for cell in chain.from_iterable(rows):
                column = at[cell.column]
                columns = max(1, at[cell.column + cell.columns] - column)
                cells.append(
                    cell._replace(row=cell.row - top + height, column=column, columns=columns)
                )
            height = max(cell.row + cell.rows for cell in cells)
        return PrintedTable(sheet.title, sheet.page, sheet.line, tuple(cells), tuple(breaks))


def _furthest(stretches: list[tuple[int, int]]) -> Iterator[int]:
    """How far the stretches reach up to each of them."""
    end = 0
    for _, own in stretches:
        end = max(end, own)
        yield end


def _heading_of(document: Document, rows: list[list[Cell]], grid: Grid) -> str:
    """The title that a table prints in its first row, in a cell over all of its columns."""
    first = rows[0][0]
    whole = len(rows[0]) == 1 and first.columns == len(grid.xs) - 1
    text = document.text[first.start : first.end]
    return squeeze(text) if whole and len(text) <= _LONGEST_TITLE else ""


def _scaled(xs: Sequence[float], wanted: Sequence[float]) -> list[float]:
    """Borders brought to the width of others: a further page may be larger or smaller."""
    width = xs[-1] - xs[0]
    scale = (wanted[-1] - wanted[0]) / width if width else 1
    return [wanted[0] + (x - xs[0]) * scale for x in xs]


def _within(xs: Sequence[float], wanted: Sequence[float]) -> bool:
    return all(abs(wanted[_nearest(wanted, x)] - x) <= _TOLERANCE for x in xs)


def _nearest(xs: Sequence[float], x: float) -> int:
    return min(range(len(xs)), key=lambda at: abs(xs[at] - x))


def _united(xs: Sequence[float], more: Iterable[float]) -> list[float]:
    """All borders of two pages, those of one column once."""
    new = [x for x in more if abs(xs[_nearest(xs, x)] - x) > _TOLERANCE]
    return sorted([*xs, *new])
