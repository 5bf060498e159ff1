"""What a page is made of, whether its characters were printed or recognised on a picture, up to its words.

All measures are points from the top left corner of the page, which is turned so that its text stands upright.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import cos, nan, radians, sin
from operator import itemgetter
from typing import Final, NamedTuple, TypeVar

T = TypeVar("T")

# Fields of a character that are asked of each.
_text, _left, _top, _bottom, _baseline = map(itemgetter, (0, 1, 2, 4, 5))

_PAGE_NUMBER: Final = 10  # characters

# Parts of the type size.
_MIDDLE: Final = 0.35  # above the baseline
_SAME_LINE: Final = 0.35  # digits stand on another baseline than the Chinese text of their line
_DEEPEST_LINE: Final = 0.6
_GAP: Final = 0.3
_DOUBLE: Final = 0.15  # a character printed twice looks bold
_NEXT_LINE: Final = 0.5  # lines that are closer are printed over each other

_TOUCH: Final = 0.1  # of its size by which a character may reach into the next
_CROSSED: Final = 0.45  # of a character's width: those that reach further into each other are, too


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
    """Characters of one line without a gap between them; ``crossed`` by others that are printed over them."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    glyphs: tuple[Glyph, ...]
    crossed: bool = False

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


@dataclass(frozen=True)
class Page:
    """One page, turned so that its text stands upright; ``number`` counts from 1.

    ``doubts`` are places where it is in doubt what a person reads, each with its reason; ``charts`` are places of
    charts with their labels.

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
    doubts: tuple[tuple[Box, str], ...] = ()
    charts: tuple[Box, ...] = ()

    @cached_property
    def lines(self) -> list[list[Word]]:
        """The words of each line."""
        return lines_of(self.glyphs)

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
    lines = list(map(_words, _levels(glyphs)))
    for above, below in pairwise(lines):
        size = min(above[0].glyphs[0].size, below[0].glyphs[0].size)
        if below[0].baseline - above[0].baseline < _NEXT_LINE * size:
            _cross(above, below)
    return lines


def _levels(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """The characters of each line, in the order of their baselines."""
    lines: list[list[Glyph]] = []
    first = last = nan
    for glyph in sorted(glyphs, key=_baseline):
        baseline = _baseline(glyph)
        if baseline != first:  # as that of most is
            size = glyph.size
            if not (
                baseline - last <= _SAME_LINE * size and baseline - first <= _DEEPEST_LINE * size
            ):
                line: list[Glyph] = []
                lines.append(line)
                first = baseline
            last = baseline
        line.append(glyph)
    return lines


def _cross(above: list[Word], below: list[Word]) -> None:
    """Mark the words of two lines, too close to each other, that stand in each other's way."""
    for at, one in enumerate(above):
        for place, other in enumerate(below):
            size = min(one.glyphs[0].size, other.glyphs[0].size)
            over = min(one.x1, other.x1) - max(one.x0, other.x0)
            printed = one.glyphs[0].confidence is None
            near = other.baseline - one.baseline < _NEXT_LINE * size
            if printed and near and over > _CROSSED * size / 2:
                above[at], below[place] = one._replace(crossed=True), other._replace(crossed=True)


def _words(line: list[Glyph]) -> list[Word]:
    before, *following = sorted(line, key=_left)
    word = [before]
    words = [word]
    crossed: set[int] = set()
    said, left, _, right, _, _, last, _ = before
    for glyph in following:
        text, x0, _, x1, _, _, size, _ = glyph
        gap = x0 - right
        if gap > 0:
            if gap > _GAP * size or gap > _GAP * last:
                word = []
                words.append(word)
        elif gap < 0:
            if text == said and x0 - left < _DOUBLE * size:
                continue
            if -gap > _TOUCH * size and is_crossed(before, glyph):
                crossed.add(len(words) - 1)
        word.append(glyph)
        before, said, left, right, last = glyph, text, x0, x1, size
    return [word_of(glyphs, at in crossed) for at, glyphs in enumerate(words)]


def is_crossed(glyph: Glyph, following: Glyph) -> bool:
    """Whether a letter or digit is printed over the one before it in its line."""
    narrower = min(glyph.x1 - glyph.x0, following.x1 - following.x0)
    return (
        glyph.x1 - following.x0 > _CROSSED * narrower
        and glyph.text.isalnum()
        and following.text.isalnum()
        and glyph.confidence is None  # where recognised ones stand is not so sure
    )


def word_of(glyphs: Sequence[Glyph], crossed: bool = False) -> Word:
    """One word of these characters, which stand in their order."""
    first = glyphs[0]
    text = "".join(map(_text, glyphs))
    box = first.x0, min(map(_top, glyphs)), glyphs[-1].x1, max(map(_bottom, glyphs))
    # made by its own name, it would take twice as long
    return tuple.__new__(Word, (text, *box, first.baseline, tuple(glyphs), crossed))
