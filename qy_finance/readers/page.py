"""What a page is made of, whether its characters were printed or recognised on a picture, up to its words.

All measures are points from the top left corner of the page, which is turned so that its text stands upright.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from operator import attrgetter
from typing import Final, NamedTuple, TypeVar

T = TypeVar("T")

_PAGE_NUMBER: Final = 10  # characters

# Parts of the type size.
_MIDDLE: Final = 0.35  # above the baseline
_SAME_LINE: Final = 0.35  # digits stand on another baseline than the Chinese text of their line
_DEEPEST_LINE: Final = 0.6
_GAP: Final = 0.3
_DOUBLE: Final = 0.15  # a character printed twice looks bold


class Box(NamedTuple):
    """A rectangle on a page."""

    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, thing: Glyph | RulingLine) -> bool:
        """Whether the centre of something lies within."""
        x, y = (thing.x0 + thing.x1) / 2, (thing.top + thing.bottom) / 2
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


class Glyph(NamedTuple):
    """One visible character: its box, the baseline it stands on, and its type size.

    The box is as wide as the character's place in its line and, for digits and letters, as high as its ink.

    ``confidence`` (0 to 1) tells how sure its recognition is; it is None for a printed character.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    confidence: float | None = None


class RulingLine(Box):
    """A ruling line: horizontal where ``top == bottom``, vertical where ``x0 == x1``."""

    __slots__ = ()


class Word(NamedTuple):
    """Characters of one line without a gap between them."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    glyphs: tuple[Glyph, ...]

    @property
    def middle(self) -> float:
        """The height at which the middle of the word stands, whatever its characters are."""
        return self.baseline - _MIDDLE * self.glyphs[0].size


class PageCell(NamedTuple):
    """A cell of a grid: its first row and column, how many it spans, and its words in reading order."""

    row: int
    column: int
    rows: int
    columns: int
    words: tuple[Word, ...]


class PageGrid(NamedTuple):
    """A table's grid on one page.

    ``cells`` are in the order of row and column; ``xs`` are the borders of its columns, one more than there
    are columns.
    """

    box: Box
    cells: tuple[PageCell, ...]
    xs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page, turned so that its text stands upright; ``number`` counts from 1.

    ``turned`` is the angle by which the page as shown is turned clockwise against this. ``picture`` is the
    part of the page that shows pictures whose text, if they have any, was not read. ``tilt`` is the angle in
    degrees, clockwise, by which a scanned page as shown stands aslant against this.
    """

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[RulingLine, ...]
    turned: int = 0
    picture: Box | None = None
    tilt: float = 0.0

    @property
    def is_scanned(self) -> bool:
        """Whether the page is a picture, but for a page number."""
        return self.picture is not None and len(self.glyphs) < _PAGE_NUMBER

    def shown(self, box: Box) -> Box:
        """A box of this page as points of the page as it is shown.

        It moves to where it stands on the page before that was turned straight about its middle.
        """
        x, y = (box.x0 + box.x1 - self.width) / 2, (box.top + box.bottom - self.height) / 2
        sine, cosine = sin(radians(self.tilt)), cos(radians(self.tilt))
        right, down = x * (cosine - 1) - y * sine, y * (cosine - 1) + x * sine
        box = Box(box.x0 + right, box.top + down, box.x1 + right, box.bottom + down)
        height, width = self.height, self.width
        for _ in range(self.turned // 90):
            box = Box(height - box.bottom, box.x0, height - box.top, box.x1)
            height, width = width, height
        return box


def around(boxes: Iterable[Glyph | Word | Box]) -> Box:
    """The smallest box that holds all of these."""
    lefts, tops, rights, bottoms = zip(*((b.x0, b.top, b.x1, b.bottom) for b in boxes), strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def grouped(items: Iterable[T], joins: Callable[[list[T], T], bool]) -> list[list[T]]:
    """The items in groups: each goes to the last group if it joins that, and begins another if not."""
    groups: list[list[T]] = []
    for item in items:
        if groups and joins(groups[-1], item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Word]]:
    """The words of each line, from top to bottom and left to right.

    Characters belong to one line by their baseline, not by their box: in most fonts, the boxes of digits and
    of Chinese characters differ.
    """

    def joins(line: list[Glyph], glyph: Glyph) -> bool:
        near = glyph.baseline - line[-1].baseline <= _SAME_LINE * glyph.size
        return near and glyph.baseline - line[0].baseline <= _DEEPEST_LINE * glyph.size

    return [_words(line) for line in grouped(sorted(glyphs, key=attrgetter("baseline")), joins)]


def _words(line: list[Glyph]) -> list[Word]:
    words: list[list[Glyph]] = []
    before: Glyph | None = None
    for glyph in sorted(line, key=attrgetter("x0")):
        if before and before.text == glyph.text and glyph.x0 - before.x0 < _DOUBLE * glyph.size:
            continue
        if before is None or glyph.x0 - before.x1 > _GAP * min(glyph.size, before.size):
            words.append([])
        words[-1].append(glyph)
        before = glyph
    return [word_of(glyphs) for glyphs in words]


def word_of(glyphs: Sequence[Glyph]) -> Word:
    """One word of these characters, which stand in their order."""
    first, last = glyphs[0], glyphs[-1]
    text = "".join([glyph.text for glyph in glyphs])
    top, bottom = min([glyph.top for glyph in glyphs]), max([glyph.bottom for glyph in glyphs])
    return Word(text, first.x0, top, last.x1, bottom, first.baseline, tuple(glyphs))
