"""From pages to a document: its text, line by line, and where each character of it is printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, groupby, pairwise
from operator import attrgetter, itemgetter
from pathlib import Path
from statistics import median
from typing import Final

from qy_finance.figures import Exclusion
from qy_finance.readers.charts import labels_of, recognised_labels
from qy_finance.readers.document import Cell, Document, Grid, PageLayout
from qy_finance.readers.grids import merged, ruled_grids
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import (
    Box,
    Glyph,
    Page,
    PageGrid,
    RulingLine,
    Word,
    is_crossed,
    lines_of,
)
from qy_finance.readers.unruled.aligned import aligned_grids

_DIGITS: Final = re.compile(r"\d+")
_EDGE_LINES: Final = 2  # lines at head and foot of a page that it may share with others
_REPEATED: Final = 3  # pages
_ODD_SIZE: Final = 1.6  # times the height of the other figures
_MIXED_SIZE: Final = 1.3  # likewise, of the first digit against the last
_WHOLE_AMOUNT: Final = re.compile(r"\d\.\d\d\Z", re.ASCII)
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
        asides=tuple(sheet.asides),
        doubts=tuple(sheet.doubts),
        unread=unread,
    )


class _Sheet:
    """Text that grows line by line, and the glyph of each of its characters."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.glyphs: list[Glyph | None] = []
        self.grids: list[Grid] = []
        self.asides: list[Exclusion] = []
        self.doubts: list[Exclusion] = []
        self.places: tuple[tuple[Box, str], ...] = ()  # of the page, in doubt
        self.line = 1
        self.loose: list[list[tuple[int, str]]] = []  # by page, the lines that stand in no grid

    def page(self, page: Page, rules: list[RulingLine]) -> None:
        begun = self.line
        if self.text:
            self._space("\f")
        self.places = page.doubts
        loose = page.lines
        grids, outside = ruled_grids(rules, [word for line in loose for word in line])
        ruled = len(grids)
        labels = labels_of(page.charts, loose, grids) if page.charts else []
        named = set(map(id, labels))
        grids += aligned_grids([word for word in outside if id(word) not in named])
        if page.glyphs and page.glyphs[-1].confidence is not None and not grids:
            labels = recognised_labels(outside)
        if grids or labels:
            cells = (cell.words for grid in grids for cell in grid.cells)
            words = chain(chain.from_iterable(cells), labels)
            inside = set(map(id, chain.from_iterable(word.glyphs for word in words)))
            loose = lines_of([glyph for glyph in page.glyphs if id(glyph) not in inside])
        parts: list[tuple[float, list[Word] | int]] = [
            *((line[0].baseline, line) for line in loose),
            *((grid.box.top, at) for at, grid in enumerate(grids)),
        ]
        drawn = lines_of(glyph for word in labels for glyph in word.glyphs)
        self.loose.append([])
        for _, part in sorted(parts, key=itemgetter(0)):
            if isinstance(part, int):
                self._grid(grids[part], page.number, part < ruled)
                continue
            self.loose[-1].append((self.line, "".join(word.text for word in part)))
            self._words(part, " ")
            self._break()
        start = len(self.glyphs)
        for line in drawn:
            self._words(line, " ")
            self._break()
        if drawn:
            self.asides.append(Exclusion(start, len(self.glyphs), "chart"))
        if self.line == begun:  # an empty page, or an empty grid
            self._break()

    def _grid(self, grid: PageGrid, page: int, ruled: bool) -> None:
        start = len(self.glyphs)
        cells: list[Cell] = []
        heights: list[tuple[float, int]] = []  # of figures, and where they begin
        for _, row in groupby(grid.cells, attrgetter("row")):
            column, begun = 0, len(self.glyphs)
            for cell in row:
                if cell.words:
                    self._space("\t" * (cell.column - column))
                    column = cell.column
                at = len(self.glyphs)
                self._words(cell.words, "")
                if cell.words and cell.words[-1].text[-1].isdigit():
                    self._figure(cell.words, at, heights)
                cells.append(Cell(at, len(self.glyphs), *cell[:4]))
            if len(self.glyphs) > begun:
                self._break()
        usual = median(height for height, _ in heights) if heights else 0.0
        for height, at in heights:
            if height > _ODD_SIZE * usual:
                self._doubt(at, at + 1, "odd size")
        self.grids.append(Grid(start, len(self.glyphs), page, tuple(cells), grid.xs, ruled))

    def _figure(self, words: Sequence[Word], at: int, heights: list[tuple[float, int]]) -> None:
        """Keep the height of a figure of a table; two figures beside or over each other are in doubt."""
        first, last = words[0].glyphs[0], words[-1].glyphs[-1]
        low, high = sorted((first.bottom - first.top, last.bottom - last.top))
        heights.append((high, at))
        apart = len(words) > 1 and any(
            _WHOLE_AMOUNT.search(one.text) and other.text[0].isdigit()
            for one, other in pairwise(words)
        )
        mixed = first.text.isdigit() and high > _MIXED_SIZE * low
        if apart or mixed:
            self._doubt(at, len(self.glyphs), "overlapping text" if apart else "odd size")

    def _doubt(self, start: int, end: int, reason: str) -> None:
        self.doubts.append(Exclusion(start, end, reason))

    def _words(self, words: Iterable[Word], space: str) -> None:
        for at, word in enumerate(words):
            self._space(space if at else "")
            self.text.append(word.text)
            if word.crossed or self.places:
                self._look(word)
            if len(word.text) == len(word.glyphs):  # none is of several characters
                self.glyphs.extend(word.glyphs)
            else:
                for glyph in word.glyphs:
                    self.glyphs.extend([glyph] * len(glyph.text))

    def _look(self, word: Word) -> None:
        """Doubt the characters of a word that others cross, and those that stand where the page is in doubt."""
        glyphs = word.glyphs
        if word.crossed:
            pairs = enumerate(pairwise(glyphs))
            crossed = [at for at, pair in pairs if is_crossed(*pair)] or range(len(glyphs) - 1)
            self._doubt_within(
                word, min(crossed, default=0), max(crossed, default=0) + 1, "overlapping text"
            )
        for box, reason in self.places:
            held = [at for at, glyph in enumerate(glyphs) if box.holds(glyph)]
            if held:
                self._doubt_within(word, held[0], held[-1], reason)

    def _doubt_within(self, word: Word, first: int, last: int, reason: str) -> None:
        ends = [0, *accumulate(len(glyph.text) for glyph in word.glyphs)]
        begin = len(self.glyphs)
        self._doubt(begin + ends[first], begin + ends[min(last + 1, len(word.glyphs))], reason)

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
