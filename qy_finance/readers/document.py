"""What every reader makes of a file: its text in lines and pages, and where they are printed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from qy_finance.figures import Exclusion
from qy_finance.readers.page import Box, Glyph, Page, around


class Line(NamedTuple):
    """One line of a document: ``text[start:end]``, without its line break.

    ``number`` counts from 1; ``page`` too, and is None where the source has no pages.
    """

    number: int
    start: int
    end: int
    page: int | None


class Cell(NamedTuple):
    """A cell of a grid: ``text[start:end]``, and the rows and columns that it spans, counted from 0."""

    start: int
    end: int
    row: int
    column: int
    rows: int
    columns: int


class Grid(NamedTuple):
    """A table's grid on one page, as it stands in ``text[start:end]``.

    Each row with text is a line, its cells divided by tabs; a cell over several rows stands in its first.
    ``xs`` are the borders of its columns, one more than there are columns; ``ruled`` tells whether they are
    printed, or follow from how the words are aligned.
    """

    start: int
    end: int
    page: int
    cells: tuple[Cell, ...]
    xs: tuple[float, ...]
    ruled: bool

    def moved(self, by: int, page: int) -> Grid:
        """The grid in a text that begins so much earlier, on another page."""
        cells = tuple(
            cell._replace(start=cell.start + by, end=cell.end + by) for cell in self.cells
        )
        return self._replace(start=self.start + by, end=self.end + by, page=page, cells=cells)


class Spot(NamedTuple):
    """Where ``text[start:end]`` stands, for people (表3第4行第2格) and for programs (``table 3, row 4, cell 2``)."""

    start: int
    end: int
    told: str
    name: str


class Link(NamedTuple):
    """A file that a web page links to: how it is called there, and the names under which it may have been saved."""

    told: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class PageLayout:
    """How the text of a document is laid out: the pages and, for each character, its glyph if it is visible."""

    pages: Mapping[int, Page]
    glyphs: Sequence[Glyph | None]


class Part(NamedTuple):
    """One file of a document of several: where its text begins, and how many lines and pages stand before it."""

    document: Document
    start: int
    line: int
    page: int


class Placement(NamedTuple):
    """Where a picture is in its file, and how that shows it.

    ``part`` is its name in the package, empty where it can't be shown again; ``cut`` what is not shown of its width and
    height: left, top, right, bottom; ``turned`` how many degrees it is turned clockwise.
    """

    part: str = ""
    cut: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    turned: int = 0


class Inset(NamedTuple):
    """A picture in the text of a document: what was recognised on it, and where that begins in the text.

    ``scale`` are the pixels of the picture to a point of its page.
    """

    document: Document
    start: int
    scale: float
    source: Placement

    @property
    def turned(self) -> int:
        """How many degrees the picture is turned clockwise against its text."""
        return self.document.layout.pages[1].turned if self.document.layout else 0

    def box(self, start: int, end: int) -> Box | None:
        """The box in pixels of the picture around a stretch of the text that it stands in."""
        box = self.document.box(start - self.start, end - self.start)
        return box and Box(*(round(edge * self.scale, 2) for edge in box))


@dataclass(frozen=True)
class Document:
    """The text of a whole file and where its lines, pages and grids are.

    Attributes
    ----------
    grids : tuple of Grid
        The tables whose cells the source tells.
    layout : PageLayout or None
        Where each character is on its page, if the source knows.
    paged : bool
        Whether a reader finds a place by its page, otherwise by its line. A text may tell its pages too.
    open_ended : bool
        Whether the file does not tell where it ends, so that one that was cut off looks like a whole one.
    furniture : frozenset of int
        Numbers of the lines that pages repeat at head or foot.
    asides : tuple of Exclusion
        Whole lines that are no text of the report, and why: labels of charts, pages that are printed again.
    doubts : tuple of Exclusion
        Stretches of which it is in doubt what a person reads there, and why: nothing in them is a figure.
    unread : tuple of int
        Pages with pictures whose text, if any, was not read.
    spots : tuple of Spot
        Where the text stands in a file that tells it otherwise than by pages: paragraphs, cells.
    left_out : tuple of str
        What is in the file and not read: what nobody sees (a hidden sheet), pictures that may hold a table.
    insets : tuple of Inset
        Pictures in the text on which it was recognised; boxes are in their pixels.
    links : tuple of Link
        Files that it links to (attachments of a web page).
    parts : tuple of Part
        Of a document of several files (:mod:`qy_finance.readers.combine`): each by itself. Pages run on; where
        something stands is told by the file and the page in it.
    sha256 : str
        That of the file; its pages can be shown again while it is the same.
    """

    path: Path
    text: str
    grids: tuple[Grid, ...] = ()
    layout: PageLayout | None = None
    paged: bool = False
    open_ended: bool = False
    furniture: frozenset[int] = frozenset()
    asides: tuple[Exclusion, ...] = ()
    doubts: tuple[Exclusion, ...] = ()
    unread: tuple[int, ...] = ()
    spots: tuple[Spot, ...] = ()
    left_out: tuple[str, ...] = ()
    insets: tuple[Inset, ...] = ()
    links: tuple[Link, ...] = ()
    parts: tuple[Part, ...] = ()
    sha256: str = ""

    @property
    def name(self) -> str:
        """Name of the file, or of all of them."""
        return "; ".join(part.document.path.name for part in self.parts) or self.path.name

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines that have text of the report, in order."""
        if not self.asides:
            return self._all_lines
        asides = sorted(self.asides)
        starts = [aside.start for aside in asides]
        before = ((line, bisect_right(starts, line.start)) for line in self._all_lines)
        return tuple(line for line, at in before if not (at and line.start < asides[at - 1].end))

    @cached_property
    def _all_lines(self) -> tuple[Line, ...]:
        """All lines that have text, in order; a form feed (换页符) starts a page."""
        paged = self.paged or "\f" in self.text
        lines: list[Line] = []
        start, page = 0, 1
        for number, content in enumerate(self.text.split("\n"), start=1):
            if paged:
                page += content.count("\f")
            end = start + len(content)
            if content and not content.isspace():
                lines.append(Line(number, start, end, page if paged else None))
            start = end + 1
        return tuple(lines)

    def line_at(self, offset: int) -> Line:
        """The line that the character at ``offset`` stands in."""
        lines = self._all_lines
        return lines[bisect_right(lines, offset, key=attrgetter("start")) - 1]

    def doubt(self, start: int, end: int) -> str:
        """Why it is in doubt what ``text[start:end]`` is; empty where it is not."""
        if not self.doubts:
            return ""
        at = bisect_left(self._doubts, end, key=attrgetter("start")) - 1
        return self._doubts[at].reason if at >= 0 and self._doubts[at].end > start else ""

    @cached_property
    def _doubts(self) -> list[Exclusion]:
        """The doubts in order, those that overlap as one."""
        merged: list[Exclusion] = []
        for doubt in sorted(self.doubts):
            if merged and doubt.start < merged[-1].end:
                end = max(doubt.end, merged[-1].end)
                merged[-1] = merged[-1]._replace(end=end)
            else:
                merged.append(doubt)
        return merged

    def grid_of(self, line: Line) -> Grid | None:
        """The grid that a line is a row of."""
        at = bisect_right(self.grids, line.end - 1, key=attrgetter("start")) - 1
        return self.grids[at] if at >= 0 and line.end <= self.grids[at].end else None

    def place(self, offset: int) -> str:
        """Where the character at ``offset`` is to be found, for errors: page 9 or line 212."""
        if self.parts:
            part = self.part(offset)
            return f"{part.document.name}, {part.document.place(offset - part.start)}"
        line = self.line_at(offset)
        if spot := self.spot(offset):
            return spot.name
        return f"page {line.page}" if self.paged else f"line {line.number}"

    def where(self, offset: int) -> str:
        """The same in Chinese, as messages and pages say it: 第9页 or 第212行."""
        if self.parts:
            part = self.part(offset)
            return f"{part.document.name} {part.document.where(offset - part.start)}"
        line = self.line_at(offset)
        if spot := self.spot(offset):
            return spot.told
        return f"第{line.page}页" if self.paged else f"第{line.number}行"

    def part(self, offset: int) -> Part:
        """The file in which the character at ``offset`` stands: of one file that one."""
        if not self.parts:
            return Part(self, 0, 0, 0)
        return self.parts[max(bisect_right(self.parts, offset, key=attrgetter("start")) - 1, 0)]

    def file_of(self, offset: int) -> str | None:
        """Of a document of several files, the one in which the character at ``offset`` stands."""
        return self.part(offset).document.path.name if self.parts else None

    def page_at(self, offset: int) -> int | None:
        """The page of its file on which the character at ``offset`` stands, where that has pages."""
        part = self.part(offset)
        return part.document.line_at(offset - part.start).page

    def spot(self, offset: int) -> Spot | None:
        """Where the character at ``offset`` stands in a file that tells it otherwise than by pages."""
        if self.parts:
            part = self.part(offset)
            return part.document.spot(offset - part.start)
        at = bisect_right(self.spots, offset, key=attrgetter("start")) - 1
        return self.spots[at] if at >= 0 else None

    def inset(self, offset: int) -> Inset | None:
        """The picture on which the character at ``offset`` was recognised, if it stands on one."""
        at = bisect_right(self.insets, offset, key=attrgetter("start")) - 1
        if at < 0 or offset - self.insets[at].start >= len(self.insets[at].document.text):
            return None
        return self.insets[at]

    def box(self, start: int, end: int) -> Box | None:
        """The box around ``text[start:end]`` on its page or picture as shown; None where the source has no layout."""
        if self.parts:
            part = self.part(start)
            return part.document.box(start - part.start, end - part.start)
        if inset := self.inset(start):
            return inset.box(start, end)
        if self.layout is None:
            return None
        page = self.layout.pages[self.line_at(start).page or 1]
        box = page.shown(around(glyph for glyph in self.layout.glyphs[start:end] if glyph))
        return Box(*(round(edge, 2) for edge in box))

    @cached_property
    def is_recognised(self) -> bool:
        """Whether any of the text was recognised on pictures."""
        if self.parts:
            return any(part.document.is_recognised for part in self.parts)
        if self.insets:
            return True
        pages = self.layout.pages.values() if self.layout else ()
        # what is recognised stands behind what is printed
        return any(glyph.confidence is not None for page in pages for glyph in page.glyphs[-1:])

    def confidence(self, start: int, end: int) -> float | None:
        """How sure the recognition of ``text[start:end]`` is at its weakest; None where it was printed as text."""
        if self.parts:
            part = self.part(start)
            return part.document.confidence(start - part.start, end - part.start)
        if inset := self.inset(start):
            return inset.document.confidence(start - inset.start, end - inset.start)
        glyphs = self.layout.glyphs[start:end] if self.layout else ()
        known = (glyph.confidence for glyph in glyphs if glyph)
        return min((sure for sure in known if sure is not None), default=None)


def squeeze(text: str) -> str:
    """The text without layout spaces."""
    return "".join(text.split())
