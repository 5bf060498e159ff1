"""From pages to a document: its text, line by line, and where each character of it is printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from qy_finance.readers.document import Cell, Document, Grid, PageLayout
from qy_finance.readers.grids import merged, ruled_grids
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import Glyph, Page, PageGrid, RulingLine, Word
from qy_finance.readers.unruled.aligned import aligned_grids
from qy_finance.readers.words import lines_of

_DIGITS: Final = re.compile(r"\d+")
_EDGE_LINES: Final = 2  # lines at head and foot of a page that it may share with others
_REPEATED: Final = 3  # pages
_TABLE_HEAD: Final = re.compile(r"表|单位[:：]")


def compose(path: Path, pages: Sequence[Page], limits: Limits, unread: tuple[int, ...]) -> Document:
    """The document that these pages print; on ``unread`` pages, pictures were not read.

    Lines stand in the order of their place on the page. Words of a line are divided by a space, the cells of
    a row of a table by tabs. Each page but the first begins with a form feed.
    """
    sheet = _Sheet()
    ends: list[tuple[list[int], list[int]]] = []
    for page in pages:
        rules = merged(page.rules)
        limits.allow(path, f"page {page.number}", "lines", len(rules))
        lines = sheet.page(page, rules)
        ends.append((lines[:_EDGE_LINES], lines[-_EDGE_LINES:]))
    return Document(
        path,
        "".join(sheet.text),
        tuple(sheet.grids),
        PageLayout({page.number: page for page in pages}, sheet.glyphs),
        paged=True,
        furniture=frozenset(_furniture(sheet, ends)),
        unread=unread,
    )


class _Sheet:
    """Text that grows line by line, and the glyph of each of its characters."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.glyphs: list[Glyph | None] = []
        self.grids: list[Grid] = []
        self.line = 1
        self.outlines: dict[int, str] = {}  # the lines that stand in no grid, with # for numbers

    def page(self, page: Page, rules: list[RulingLine]) -> list[int]:
        """Write a page; the numbers of its lines that stand in no grid."""
        begun = self.line
        if self.text:
            self._space("\f")
        loose = lines_of(page.glyphs)
        grids, outside = ruled_grids(rules, [word for line in loose for word in line])
        aligned = aligned_grids(outside)
        if grids or aligned:
            cells = (cell for grid in (*grids, *aligned) for cell in grid.cells)
            inside = {id(glyph) for cell in cells for word in cell.words for glyph in word.glyphs}
            loose = lines_of(glyph for glyph in page.glyphs if id(glyph) not in inside)
        parts: list[tuple[float, list[Word] | PageGrid]] = [
            *((line[0].baseline, line) for line in loose),
            *((grid.box.top, grid) for grid in (*grids, *aligned)),
        ]
        lines: list[int] = []
        for _, part in sorted(parts, key=lambda part: part[0]):
            if isinstance(part, PageGrid):
                self._grid(part, page.number, part in grids)
            else:
                lines.append(self.line)
                self.outlines[self.line] = _DIGITS.sub("#", "".join(word.text for word in part))
                self._words(part, " ")
                self._break()
        if self.line == begun:  # an empty page, or an empty grid
            self._break()
        return lines

    def _grid(self, grid: PageGrid, page: int, ruled: bool) -> None:
        start = len(self.glyphs)
        cells: list[Cell] = []
        row = 0
        column = 0
        written = False
        for cell in grid.cells:
            if cell.row != row:
                if written:
                    self._break()
                row, column, written = cell.row, 0, False
            if cell.words:
                self._space("\t" * (cell.column - column))
                column, written = cell.column, True
            at = len(self.glyphs)
            self._words(cell.words, "")
            end = len(self.glyphs)
            cells.append(Cell(at, end, cell.row, cell.column, cell.rows, cell.columns))
        if written:
            self._break()
        self.grids.append(Grid(start, len(self.glyphs), page, tuple(cells), grid.xs, ruled))

    def _words(self, words: Iterable[Word], space: str) -> None:
        for at, word in enumerate(words):
            if at and space:
                self._space(space)
            self.text.append(word.text)
            for glyph in word.glyphs:
                self.glyphs.extend([glyph] * len(glyph.text))

    def _space(self, text: str) -> None:
        self.text.append(text)
        self.glyphs.extend([None] * len(text))

    def _break(self) -> None:
        self._space("\n")
        self.line += 1


def _furniture(sheet: _Sheet, edges: Sequence[tuple[list[int], list[int]]]) -> Iterable[int]:
    """Lines that three or more pages have in common at their head or foot, but for numbers.

    The title of a table and the line of its money unit may well stand on all of its pages.
    """
    for position in (0, 1):
        found: defaultdict[str, list[int]] = defaultdict(list)
        for line in (line for both in edges for line in both[position]):
            found[sheet.outlines[line]].append(line)
        for outline, lines in found.items():
            if len(lines) >= _REPEATED and not _TABLE_HEAD.search(outline):
                yield from lines
