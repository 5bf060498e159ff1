"""What a page is made of, whether its characters were printed or recognised on a picture.

All measures are points from the top left corner of the page, which is turned so that its text stands upright.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Final, NamedTuple

_PAGE_NUMBER: Final = 10  # characters
_MIDDLE: Final = 0.35  # of the type size above the baseline


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


class RulingLine(NamedTuple):
    """A ruling line: horizontal where ``top == bottom``, vertical where ``x0 == x1``."""

    x0: float
    top: float
    x1: float
    bottom: float


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


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell of a grid: its first row and column, how many it spans, and its words in reading order."""

    row: int
    column: int
    rows: int
    columns: int
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class PageGrid:
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
        """A box of this page as points of the page as it is shown."""
        box = self._tilted(box) if self.tilt else box
        x0, top, x1, bottom = box
        if self.turned == 90:
            return Box(self.height - bottom, x0, self.height - top, x1)
        if self.turned == 180:
            return Box(self.width - x1, self.height - bottom, self.width - x0, self.height - top)
        if self.turned == 270:
            return Box(top, self.width - x1, bottom, self.width - x0)
        return box

    def _tilted(self, box: Box) -> Box:
        """The box moved to where it stands on the page before that was turned straight about its middle."""
        x, y = (box.x0 + box.x1 - self.width) / 2, (box.top + box.bottom - self.height) / 2
        sine, cosine = sin(radians(self.tilt)), cos(radians(self.tilt))
        right, down = x * (cosine - 1) - y * sine, y * (cosine - 1) + x * sine
        return Box(box.x0 + right, box.top + down, box.x1 + right, box.bottom + down)


def around(boxes: Iterable[Glyph | Word | Box]) -> Box:
    """The smallest box that holds all of these."""
    lefts, tops, rights, bottoms = zip(*((b.x0, b.top, b.x1, b.bottom) for b in boxes), strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))
