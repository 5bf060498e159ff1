"""Ruling lines of a page as grids of cells, with the words that stand in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, product
from operator import attrgetter, itemgetter
from typing import Final

from qy_finance.figures import AMOUNT
from qy_finance.readers.page import (
    Box,
    Glyph,
    PageCell,
    PageGrid,
    RulingLine,
    Word,
    grouped,
    is_crossed,
    lines_of,
    word_of,
)

TOLERANCE: Final = 3.0  # points by which lines that are meant to meet may miss each other
_FEW: Final = 0.2  # of the cells with figures
_STRAY: Final = (-1, -1)  # the place of no cell

# of lines of one direction: the level, and where each begins and ends
_Span = tuple[float, float, float]


def merged(rules: Sequence[RulingLine]) -> list[RulingLine]:
    """The lines that are drawn in pieces or twice, each as one."""
    across, down = _directions(rules)
    return [
        *(RulingLine(begin, level, end, level) for level, begin, end in _joined(across)),
        *(RulingLine(level, begin, level, end) for level, begin, end in _joined(down)),
    ]


def _directions(rules: Sequence[RulingLine]) -> tuple[list[_Span], list[_Span]]:
    """The horizontal lines and the vertical ones."""
    across = [(top, x0, x1) for x0, top, x1, bottom in rules if top == bottom]
    down = [(x0, top, bottom) for x0, top, _, bottom in rules if top != bottom]
    return across, down


def _joined(pieces: list[_Span]) -> Iterator[_Span]:
    """Pieces of about one level that touch, as one piece of their mean level."""
    levels = grouped(sorted(pieces), lambda group, piece: piece[0] - group[-1][0] <= TOLERANCE)
    for group in levels:
        level = sum(piece[0] for piece in group) / len(group)
        lines: list[list[float]] = []
        for _, begin, end in sorted(group, key=itemgetter(1)):
            if lines and begin <= lines[-1][1] + TOLERANCE:
                lines[-1][1] = max(lines[-1][1], end)
            else:
                lines.append([begin, end])
        yield from ((level, begin, end) for begin, end in lines)


def ruled_grids(
    rules: list[RulingLine], words: Sequence[Word]
) -> tuple[list[PageGrid], list[Word]]:
    """The grids that the ruling lines of a page make, and the words that stand outside of them.

    A grid counts if it has more than one column and keeps its figures apart: where lines divide rows only, or
    several figures stand in one cell, the words are left to be aligned.
    """
    tables = [_Lattice(across, down) for across, down in _connected(rules) if across and down]
    tables = [table for table in tables if len({column for _, column, _, _ in table.spans}) > 1]
    lattices = sorted(tables, key=attrgetter("box"))
    outside: list[Word] = []
    for word in words:
        x, y = (word.x0 + word.x1) / 2, word.middle
        for lattice in lattices:
            left, top, right, bottom = lattice.box
            if left <= x <= right and top <= y <= bottom:
                lattice.add(word, y)
                break
        else:
            outside.append(word)
    grids = []
    for lattice in lattices:
        if lattice.separates():
            grids.append(lattice.grid())
        else:
            outside.extend(chain.from_iterable(lattice.content.values()))
    return grids, outside


def _connected(rules: list[RulingLine]) -> list[tuple[list[_Span], list[_Span]]]:
    """Lines that cross each other, directly or by way of others: the horizontal ones, the vertical ones."""
    across, down = _directions(rules)
    groups: list[tuple[list[_Span], list[_Span]]] = [([line], []) for line in across]
    for line in down:
        apart: list[tuple[list[_Span], list[_Span]]] = []
        meets: list[tuple[list[_Span], list[_Span]]] = []
        for group in groups:
            (meets if _crosses(line, group[0]) else apart).append(group)
        joined = [*chain.from_iterable(across for across, _ in meets)]
        groups = [*apart, (joined, [line, *chain.from_iterable(down for _, down in meets)])]
    return groups


def _crosses(line: _Span, across: Iterable[_Span]) -> bool:
    """Whether a vertical line crosses any of these horizontal ones."""
    x, top, bottom = line
    return any(
        x - TOLERANCE <= end
        and begin - TOLERANCE <= x
        and top - TOLERANCE <= y
        and y - TOLERANCE <= bottom
        for y, begin, end in across
    )


def _missing(lines: list[_Span]) -> Iterator[_Span]:
    """The outer lines, of the other direction, up to which the lines of a table go.

    A table may be printed without them (左右不封口), and a cell that a page break divides has none at its foot.
    """
    for side, outermost in ((1, min), (2, max)):
        reached = outermost(line[side] for line in lines)
        ends = [line[0] for line in lines if abs(line[side] - reached) < TOLERANCE]
        if len(ends) > 1:
            yield reached, min(ends), max(ends)


class _Lattice:
    """The cells of one table by row and column, and the words put into them.

    All lines of the table extended make a lattice; its boxes belong to one cell where no line divides them.
    """

    def __init__(self, across: list[_Span], down: list[_Span]) -> None:
        across, down = [*across, *_missing(down)], [*down, *_missing(across)]
        self.xs = _levels(down)
        self.ys = _levels(across)
        self.box = Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])
        self.owner: dict[tuple[int, int], tuple[int, int]] = {}  # the first box of its cell
        left = list(zip(*_walls(self.xs, self.ys, down), strict=True))
        self.spans = list(self._cells(_walls(self.ys, self.xs, across), left))
        self.content: defaultdict[tuple[int, int], list[Word]] = defaultdict(list)

    def _cells(
        self, above: list[list[bool]], left: list[tuple[bool, ...]]
    ) -> Iterator[tuple[int, int, int, int]]:
        """The cells: rectangles with lines on all four sides and none within.

        ``above`` tells which boxes (row, column) of the lattice have a line above them, ``left`` which have
        one to their left.
        """
        rows, columns = len(self.ys) - 1, len(self.xs) - 1
        for row, column in product(range(rows), range(columns)):
            if not above[row][column] or not left[row][column]:
                continue
            if left[row][column + 1] and above[row + 1][column]:  # of one box, as most are
                self.owner[row, column] = row, column
                yield row, column, row + 1, column + 1
                continue
            right = next((c for c in range(column + 1, columns) if left[row][c]), columns)
            end = next((r for r in range(row + 1, rows) if above[r][column]), rows)
            sides, ends = left[row:end], above[row][column:right] + above[end][column:right]
            closed = all(ends) and all(side[column] and side[right] for side in sides)
            divided = any(any(line[column:right]) for line in above[row + 1 : end])
            if closed and not divided and not any(any(side[column + 1 : right]) for side in sides):
                boxes = product(range(row, end), range(column, right))
                self.owner |= dict.fromkeys(boxes, (row, column))
                yield row, column, end, right

    def add(self, word: Word, middle: float) -> None:
        """Put a word into its cell; one that runs over a border into the next cell is divided there."""
        row = bisect_right(self.ys, middle) - 1
        column = bisect_right(self.xs, word.x0)
        if column == bisect_right(self.xs, word.x1):
            self.content[self.owner.get((row, column - 1), _STRAY)].append(word)
            return
        start = 0
        for at, (before, after) in enumerate(pairwise(word.glyphs), start=1):
            if self._cell(row, before) != self._cell(row, after) and (
                after.x0 - before.x1 > before.size / 12
                or _is_numeric(before.text) != _is_numeric(after.text)
            ):
                part = _part(word, start, at)
                self.content[self._cell(row, part)].append(part)
                start = at
        rest = _part(word, start, len(word.glyphs)) if start else word
        self.content[self._cell(row, rest)].append(rest)

    def _cell(self, row: int, thing: Word | Glyph) -> tuple[int, int]:
        column = bisect_right(self.xs, (thing.x0 + thing.x1) / 2) - 1
        return self.owner.get((row, column), _STRAY)

    def separates(self) -> bool:
        """Whether each figure has a cell of its own, but for a few cells in which others are printed too."""
        counts = {cell: sum(map(_is_amount, words)) for cell, words in self.content.items()}
        several = sum(count > 1 for count in counts.values())
        return not counts.get(_STRAY) and several <= _FEW * sum(map(bool, counts.values()))

    def grid(self) -> PageGrid:
        cells = []
        for row, column, end, right in self.spans:
            words = self.content.get((row, column), [])
            if len(words) > 1:
                glyphs = (glyph for word in words for glyph in word.glyphs)
                words = [word for line in lines_of(glyphs) for word in line]
            cells.append(PageCell(row, column, end - row, right - column, tuple(words)))
        return PageGrid(self.box, tuple(cells), tuple(self.xs))


def _part(word: Word, start: int, end: int) -> Word:
    """Some characters of a word."""
    glyphs = word.glyphs[start:end]
    crossed = word.crossed and any(is_crossed(*pair) for pair in pairwise(glyphs))
    return word_of(glyphs, crossed)


def _levels(lines: Iterable[_Span]) -> list[float]:
    """The different levels; those within the tolerance of each other are one."""
    levels = sorted({level for level, _, _ in lines})
    near = grouped(levels, lambda group, level: level - group[0] <= TOLERANCE)
    return [group[0] for group in near]


def _walls(levels: list[float], steps: list[float], lines: list[_Span]) -> list[list[bool]]:
    """Which steps of each level a line runs along: (level, step)."""
    walls = [[False] * (len(steps) - 1) for _ in levels]
    for at, begin, end in lines:
        level = bisect_right(levels, at + TOLERANCE / 2) - 1
        first = bisect_left(steps, begin - TOLERANCE)
        for step in range(first, bisect_right(steps, end + TOLERANCE) - 1):
            walls[level][step] = True
    return walls


def _is_numeric(text: str) -> bool:
    return text.isascii() and (text.isdigit() or text in ".,-%")


def _is_amount(word: Word) -> bool:
    return "." in word.text and AMOUNT.fullmatch(word.text) is not None
