"""From pages to a document: its text, line by line, and where each character of it is printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Final

from qy_finance.readers.document import Cell, Document, Grid, PageLayout
from qy_finance.readers.grids import merged, ruled_grids
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import Glyph, Page, PageGrid, RulingLine, Word, lines_of
from qy_finance.readers.unruled.aligned import aligned_grids

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
    for page in pages:
        rules = merged(page.rules)
        limits.allow(path, f"page {page.number}", "lines", len(rules))
        sheet.page(page, rules)
    return Document(
        path,
        "".join(sheet.text),
        tuple(sheet.grids),
        PageLayout({page.number: page for page in pages}, sheet.glyphs),
        paged=True,
        furniture=frozenset(_furniture(sheet.loose)),
        unread=unread,
    )


class _Sheet:
    """Text that grows line by line, and the glyph of each of its characters."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.glyphs: list[Glyph | None] = []
        self.grids: list[Grid] = []
        self.line = 1
        self.loose: list[list[tuple[int, str]]] = []  # by page, the lines that stand in no grid

    def page(self, page: Page, rules: list[RulingLine]) -> None:
        begun = self.line
        if self.text:
            self._space("\f")
        loose = lines_of(page.glyphs)
        grids, outside = ruled_grids(rules, [word for line in loose for word in line])
        ruled = len(grids)
        grids += aligned_grids(outside)
        if grids:
            cells = (cell for grid in grids for cell in grid.cells)
            inside = {id(glyph) for cell in cells for word in cell.words for glyph in word.glyphs}
            loose = lines_of(glyph for glyph in page.glyphs if id(glyph) not in inside)
        parts: list[tuple[float, list[Word] | int]] = [
            *((line[0].baseline, line) for line in loose),
            *((grid.box.top, at) for at, grid in enumerate(grids)),
        ]
        self.loose.append([])
        for _, part in sorted(parts, key=itemgetter(0)):
            if isinstance(part, int):
                self._grid(grids[part], page.number, part < ruled)
                continue
            self.loose[-1].append((self.line, "".join(word.text for word in part)))
            self._words(part, " ")
            self._break()
        if self.line == begun:  # an empty page, or an empty grid
            self._break()

    def _grid(self, grid: PageGrid, page: int, ruled: bool) -> None:
        start = len(self.glyphs)
        cells: list[Cell] = []
        for _, row in groupby(grid.cells, attrgetter("row")):
            column, begun = 0, len(self.glyphs)
            for cell in row:
                if cell.words:
                    self._space("\t" * (cell.column - column))
                    column = cell.column
                at = len(self.glyphs)
                self._words(cell.words, "")
                cells.append(Cell(at, len(self.glyphs), *cell[:4]))
            if len(self.glyphs) > begun:
                self._break()
        self.grids.append(Grid(start, len(self.glyphs), page, tuple(cells), grid.xs, ruled))

    def _words(self, words: Iterable[Word], space: str) -> None:
        for at, word in enumerate(words):
            self._space(space if at else "")
            self.text.append(word.text)
            for glyph in word.glyphs:
                self.glyphs.extend([glyph] * len(glyph.text))

    def _space(self, text: str) -> None:
        self.text.append(text)
        self.glyphs.extend([None] * len(text))

    def _break(self) -> None:
        self._space("\n")
        self.line += 1


def _furniture(pages: Sequence[Sequence[tuple[int, str]]]) -> Iterator[int]:
    """Lines that three or more pages have in common at their head or foot, but for numbers.

    The title of a table and the line of its money unit may well stand on all of its pages.
    """
    for edge in (slice(_EDGE_LINES), slice(-_EDGE_LINES, None)):
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, outline in (line for lines in pages for line in lines[edge]):
            found[_DIGITS.sub("#", outline)].append(number)
        for outline, numbers in found.items():
            if len(numbers) >= _REPEATED and not _TABLE_HEAD.search(outline):
                yield from numbers
