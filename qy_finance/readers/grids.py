"""Ruling lines of a page as grids of cells, with the words that stand in them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf
from operator import itemgetter
from typing import Final

from qy_finance.figures import AMOUNT
from qy_finance.readers.page import Box, Glyph, PageCell, PageGrid, RulingLine, Word
from qy_finance.readers.words import lines_of, word_of

TOLERANCE: Final = 3.0  # points by which lines that are meant to meet may miss each other


def merged(rules: Iterable[RulingLine]) -> list[RulingLine]:
    """The lines that are drawn in pieces or twice, each as one."""
    lines: list[RulingLine] = []
    across: list[tuple[float, float, float]] = []
    down: list[tuple[float, float, float]] = []
    for x0, top, x1, bottom in rules:
        if top == bottom:
            across.append((top, x0, x1))
        else:
            down.append((x0, top, bottom))
    lines.extend(RulingLine(begin, level, end, level) for level, begin, end in _joined(across))
    lines.extend(RulingLine(level, begin, level, end) for level, begin, end in _joined(down))
    return lines


def _joined(pieces: list[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """Pieces (level, begin, end) of about one level that touch, as one piece of their mean level."""
    pieces.sort()
    first = 0
    for at in range(1, len(pieces) + 1):
        if at < len(pieces) and pieces[at][0] - pieces[at - 1][0] <= TOLERANCE:
            continue
        group = pieces[first:at]
        level = sum(piece[0] for piece in group) / len(group)
        begin = end = -inf
        for _, start, stop in sorted(group, key=itemgetter(1)):
            if start > end + TOLERANCE:
                if end > begin:
                    yield level, begin, end
                begin = start
            end = max(end, stop)
        yield level, begin, end
        first = at


def ruled_grids(
    rules: list[RulingLine], words: Sequence[Word]
) -> tuple[list[PageGrid], list[Word]]:
    """The grids that the ruling lines of a page make, and the words that stand outside of them.

    A grid counts if it has more than one column and keeps its figures apart: where lines divide rows only, or
    several figures stand in one cell, the words are left to be aligned.
    """
    crossing = [lines for lines in _connected(rules) if len(set(map(_is_level, lines))) == 2]
    tables = [_Lattice([*lines, *_missing_borders(lines)]) for lines in crossing]
    lattices = sorted((table for table in tables if table.columns > 1), key=lambda table: table.box)
    outside: list[Word] = []
    for word in words:
        lattice = next((lattice for lattice in lattices if lattice.holds(word)), None)
        if lattice is None:
            outside.append(word)
        else:
            lattice.add(word)
    grids = []
    for lattice in lattices:
        if lattice.separates():
            grids.append(lattice.grid())
        else:
            outside.extend(lattice.words())
    return grids, outside


def _missing_borders(lines: list[RulingLine]) -> Iterator[RulingLine]:
    """The outer lines of a table that is printed without them (左右不封口)."""
    across = [line for line in lines if _is_level(line)]
    down = [line for line in lines if not _is_level(line)]
    for reached, ends in (
        _reach([(line.x0, line.top) for line in across], min),
        _reach([(line.x1, line.top) for line in across], max),
    ):
        if len(ends) > 1 and all(abs(line.x0 - reached) > TOLERANCE for line in down):
            yield RulingLine(reached, min(ends), reached, max(ends))
    for reached, ends in (
        _reach([(line.top, line.x0) for line in down], min),
        _reach([(line.bottom, line.x0) for line in down], max),
    ):
        if len(ends) > 1 and all(abs(line.top - reached) > TOLERANCE for line in across):
            yield RulingLine(min(ends), reached, max(ends), reached)


def _reach(
    ends: list[tuple[float, float]], outermost: Callable[[Iterable[float]], float]
) -> tuple[float, list[float]]:
    """How far the ends (place, level) of lines go, and the levels of those that go so far."""
    reached = outermost(place for place, _ in ends)
    return reached, [level for place, level in ends if abs(place - reached) < TOLERANCE]


def _connected(rules: list[RulingLine]) -> list[list[RulingLine]]:
    """Lines that cross each other, directly or by way of others."""
    groups: list[list[RulingLine]] = []
    for rule in rules:
        meets = [group for group in groups if any(_cross(rule, other) for other in group)]
        groups = [group for group in groups if group not in meets]
        groups.append([rule, *(other for group in meets for other in group)])
    return groups


def _is_level(rule: RulingLine) -> bool:
    return rule.top == rule.bottom


def _cross(one: RulingLine, other: RulingLine) -> bool:
    return _is_level(one) != _is_level(other) and (
        one.x0 - TOLERANCE <= other.x1
        and other.x0 - TOLERANCE <= one.x1
        and one.top - TOLERANCE <= other.bottom
        and other.top - TOLERANCE <= one.bottom
    )


class _Lattice:
    """The cells of one table by row and column, and the words put into them.

    All lines of the table extended make a lattice; its boxes belong to one cell where no line divides them.
    """

    def __init__(self, lines: list[RulingLine]) -> None:
        across = [line for line in lines if _is_level(line)]
        down = [line for line in lines if not _is_level(line)]
        self.xs = _levels(line.x0 for line in down)
        self.ys = _levels(line.top for line in across)
        self.box = Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])
        self.owner: dict[tuple[int, int], int] = {}
        self.spans: list[tuple[int, int, int, int]] = []
        self._divide(
            _walls(self.ys, self.xs, ((line.top, line.x0, line.x1) for line in across)),
            _walls(self.xs, self.ys, ((line.x0, line.top, line.bottom) for line in down)),
        )
        self.content: defaultdict[int, list[Word]] = defaultdict(list)
        self.strays: list[Word] = []

    def _divide(self, above: set[tuple[int, int]], left: set[tuple[int, int]]) -> None:
        """Find the cells: rectangles with lines on all four sides and none within.

        ``above`` holds the boxes (row, column) of the lattice that have a line above them; ``left``, as
        (column, row), those with a line to their left.
        """
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        for row in range(rows):
            for column in range(columns):
                if (
                    (row, column) in self.owner
                    or (row, column) not in above
                    or (column, row) not in left
                ):
                    continue
                right = column + 1
                while right < columns and (right, row) not in left:
                    right += 1
                end = row + 1
                while end < rows and (end, column) not in above:
                    end += 1
                if _is_cell(row, column, end, right, above, left):
                    index = len(self.spans)
                    self.spans.append((row, column, end, right))
                    self.owner |= {
                        (r, c): index for r in range(row, end) for c in range(column, right)
                    }

    @property
    def columns(self) -> int:
        """How many columns cells begin in."""
        return len({column for _, column, _, _ in self.spans})

    def holds(self, word: Word) -> bool:
        x, y = (word.x0 + word.x1) / 2, word.middle
        return self.box.x0 <= x <= self.box.x1 and self.box.top <= y <= self.box.bottom

    def add(self, word: Word) -> None:
        """Put a word into its cell; one that runs over a border into the next cell is divided there."""
        row = bisect_right(self.ys, word.middle) - 1
        start = 0
        if bisect_right(self.xs, word.x0) != bisect_right(self.xs, word.x1):
            for at, (before, after) in enumerate(pairwise(word.glyphs), start=1):
                here, there = self._cell(row, before), self._cell(row, after)
                if here != there and (
                    after.x0 - before.x1 > before.size / 12
                    or _is_numeric(before.text) != _is_numeric(after.text)
                ):
                    self._put(row, word_of(word.glyphs[start:at]))
                    start = at
        self._put(row, word_of(word.glyphs[start:]) if start else word)

    def _cell(self, row: int, thing: Word | Glyph) -> int | None:
        return self.owner.get((row, bisect_right(self.xs, (thing.x0 + thing.x1) / 2) - 1))

    def _put(self, row: int, word: Word) -> None:
        index = self._cell(row, word)
        if index is None:
            self.strays.append(word)
        else:
            self.content[index].append(word)

    def separates(self) -> bool:
        """Whether each figure has a cell of its own."""
        return not any(_is_amount(word) for word in self.strays) and all(
            sum(map(_is_amount, words)) < 2 for words in self.content.values()
        )

    def words(self) -> Iterable[Word]:
        for words in self.content.values():
            yield from words
        yield from self.strays

    def grid(self) -> PageGrid:
        cells = []
        for index, (row, column, row_end, column_end) in enumerate(self.spans):
            words = self.content[index]
            if len(words) > 1:
                glyphs = (glyph for word in words for glyph in word.glyphs)
                words = [word for line in lines_of(glyphs) for word in line]
            cells.append(PageCell(row, column, row_end - row, column_end - column, tuple(words)))
        return PageGrid(self.box, tuple(cells), tuple(self.xs))


def _levels(values: Iterable[float]) -> list[float]:
    """The different values; those within the tolerance of each other are one."""
    levels: list[float] = []
    for value in sorted(set(values)):
        if not levels or value - levels[-1] > TOLERANCE:
            levels.append(value)
    return levels


def _walls(
    levels: list[float], steps: list[float], lines: Iterable[tuple[float, float, float]]
) -> set[tuple[int, int]]:
    """Which steps of each level a line runs along: (level, step)."""
    return {
        (level, step)
        for at, begin, end in lines
        for level in (_nearest(levels, at),)
        for step in range(len(steps) - 1)
        if begin - TOLERANCE <= steps[step] and steps[step + 1] <= end + TOLERANCE
    }


def _is_cell(
    row: int,
    column: int,
    end: int,
    right: int,
    above: set[tuple[int, int]],
    left: set[tuple[int, int]],
) -> bool:
    """Whether lines run along the whole border of a rectangle of boxes, and none inside of it."""
    rows, columns = range(row, end), range(column, right)
    border = all((row, c) in above and (end, c) in above for c in columns) and all(
        (column, r) in left and (right, r) in left for r in rows
    )
    inside = any((r, c) in above for r in rows[1:] for c in columns) or any(
        (c, r) in left for c in columns[1:] for r in rows
    )
    return border and not inside


def _nearest(levels: list[float], value: float) -> int:
    return bisect_right(levels, value + TOLERANCE / 2) - 1


def _is_numeric(text: str) -> bool:
    return text.isascii() and (text.isdigit() or text in ".,-%")


def _is_amount(word: Word) -> bool:
    return "." in word.text and AMOUNT.fullmatch(word.text) is not None
