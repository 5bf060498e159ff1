"""The columns of a table without ruling lines, from its figures, names and header words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise, product
from operator import attrgetter
from typing import Final

from qy_finance.marks import LEVELS
from qy_finance.readers.page import PageCell, Word
from qy_finance.readers.unruled.borders import Borders
from qy_finance.readers.unruled.pieces import (
    LEVEL,
    WRAPPED,
    Column,
    Head,
    Piece,
    TextLine,
    UndecidedError,
    bands,
    header_cells,
    is_label_line,
)

# Parts of the type size.
_TOUCH: Final = 0.25  # what overlaps by less stands apart
_ONE_COLUMN: Final = 0.8  # names that are printed with spaces
_BELOW: Final = 0.8
_OFF_CENTRE: Final = 1.2

_TOTAL: Final = re.compile(r"[合总小]计$")
_GLUED: Final = re.compile(r"[-\d.,]*\d[-\d.,]*")  # figures that run into each other


class Columns:
    """The columns of a region, from left to right (``all``), and its header cells (``heads``).

    All raise UndecidedError where a figure or a header stands over columns that cannot be told apart.
    """

    def __init__(self, head: Sequence[TextLine], body: Sequence[TextLine], size: float) -> None:
        self.size = size
        self.head = head
        self.all: list[Column] = []
        self.has_names = self._add_body(body)
        labels = [line for line in head if is_label_line(line)]
        self.heads = header_cells([line for line in head if line not in labels], size)
        levels = [head.level for head in self.heads]
        middle = (min(levels) + max(levels)) / 2 if levels else 0
        parts = [piece for line in labels for piece in line.pieces if piece.text in LEVELS]
        upwards = sorted(self.heads, key=lambda head: -head.last)
        upper = [head for head in upwards if self._is_upper(head, middle, parts)]
        for leaf in (head for head in upwards if head not in upper):
            self._add_leaf(leaf)
        self._settle()
        self._number(labels)
        for one in upper:
            self._add_upper(one)
        self._check(upwards)

    def _add_body(self, body: Sequence[TextLine]) -> bool:
        """Add the columns of figures and those of names, and tell whether there are names.

        A total that is centred over codes and names has none of its own.
        """
        pieces = [piece for line in body for piece in line.pieces]
        if any(_GLUED.fullmatch(piece.text) and not piece.is_figure for piece in pieces):
            raise UndecidedError
        figures = bands([piece for piece in pieces if piece.is_figure], 0)
        others = (piece for piece in pieces if not piece.is_figure)
        names = [piece for piece in others if not self._under(piece, figures)]
        own = [name for name in names if not _TOTAL.search(name.text)] or names
        self.all = bands(own, _ONE_COLUMN * self.size) + figures
        self.all.sort(key=attrgetter("x0"))
        for left, right in pairwise(self.all):
            if left.x1 > right.x0 + _TOUCH * self.size:
                raise UndecidedError
        return bool(own)

    def _under(self, thing: Piece | Head, columns: Sequence[Column]) -> list[Column]:
        """The columns that a piece overlaps, those that it barely touches aside."""
        touch = min(_TOUCH * self.size, (thing.x1 - thing.x0) / 3)
        x0, x1 = thing.x0 + touch, thing.x1 - touch
        return [column for column in columns if column.x0 < x1 and column.x1 > x0]

    def is_name(self, piece: Piece) -> bool:
        """Whether a piece stands where the names of rows stand."""
        under = self._under(piece, self.all)
        return len(under) == 1 and under[0].is_names and not piece.is_figure

    def place(self, piece: Piece) -> tuple[int, int]:
        """The first and the last column that a piece of a row belongs to."""
        under = self._under(piece, self.all)
        if piece.is_figure and len(under) != 1:
            raise UndecidedError
        if under:
            held = [column for column in under if not column.figures] or under
        else:  # a total, centred over codes and names or beside the names
            after = sum(column.x1 < piece.centre for column in self.all)
            beside = self.all[max(after - 1, 0) : after + 1]
            held = [column for column in beside if not column.amounts]
        if not held:
            raise UndecidedError
        return self.all.index(held[0]), self.all.index(held[-1])

    def borders(self) -> tuple[float, ...]:
        """The middle of each gap between columns, and both sides of the table."""
        inner = [(left.x1 + right.x0) / 2 for left, right in pairwise(self.all)]
        edge = LEVEL * self.size
        return (self.all[0].x0 - edge, *inner, self.all[-1].x1 + edge)

    # The header

    def _is_upper(self, head: Head, middle: float, parts: Sequence[Piece]) -> bool:
        """Whether a header cell stands over others: over one of them, or in the upper half of the header."""
        if head.level < middle - LEVEL * self.size:
            return True
        below: list[Piece | Head] = [*parts]
        below += [o for o in self.heads if o.first - head.last > _BELOW * self.size]
        return any(min(o.x1, head.x1) > max(o.x0, head.x0) for o in below)

    def _add_leaf(self, head: Head) -> None:
        under = self._under(head, self.all)
        if not under:
            under = [Column(head.x0, head.x1)]
            self.all = sorted([*self.all, *under], key=attrgetter("x0"))
        elif len(under) > 1 and all(column.figures for column in under):
            if any(one.shares_row(other) for one, other in pairwise(under)):
                raise UndecidedError
            self._merge(under)  # a total is centred, other amounts of the column are not
            del under[1:]
        elif len(under) > 1 and any(column.amounts for column in under):
            raise UndecidedError
        self._cover(head, under)

    def _merge(self, columns: Sequence[Column]) -> None:
        for column in columns[1:]:
            columns[0].take(column)
            self.all.remove(column)
            for head in column.heads:
                head.span = (columns[0], columns[0])

    def _cover(self, head: Head, columns: Sequence[Column]) -> None:
        head.span = (columns[0], columns[-1])
        for column in columns:
            column.heads.append(head)
        if len(columns) == 1:
            columns[0].take(Column(head.x0, head.x1))

    def _settle(self) -> None:
        """Give amounts that stand beside their header to it: they lean to one side in the whole table."""
        if not self.heads:
            pairs = ((a, b) for a, b in pairwise(self.all) if a.amounts and b.amounts)
            if any(not one.shares_row(other) for one, other in pairs):
                raise UndecidedError
            return
        orphans = [column for column in self.all if column.amounts and not column.heads]
        while orphans:  # what one is given to narrows the room of the others
            sides = ((orphan, self._sides(orphan, orphans)) for orphan in orphans)
            found = next(((orphan, ways[0]) for orphan, ways in sides if len(ways) == 1), None)
            if not found:
                raise UndecidedError
            orphan, side = found
            orphans.remove(orphan)
            self._merge([side, orphan])
        for names, blank in reversed([*pairwise(self.all)]):  # names start left of their header
            if names.is_names and not names.heads and not blank.pieces:
                self._merge([names, blank])

    def _sides(self, orphan: Column, orphans: Sequence[Column]) -> list[Column]:
        """The columns with a header beside amounts that have none, which can be theirs.

        Where both can by their rows, a border has to be possible between the amounts and the other one.
        """
        at = self.all.index(orphan)
        left, right = self.all[at - 1 : at], self.all[at + 1 : at + 2]
        sides = [
            side
            for side in (*left, *right)
            if side.heads and (side.amounts or not side.pieces) and not side.shares_row(orphan)
        ]
        if len(sides) < 2:
            return sides
        rest = (column for column in self.all if column not in orphans)
        headed = (list(run) for _, run in groupby(rest, lambda column: bool(column.heads)))
        columns = next(run for run in headed if sides[0] in run)
        borders, border = Borders(columns, LEVEL * self.size), columns.index(sides[1])
        rooms = (orphan.x1, sides[1].x0), (sides[0].x1, orphan.x0)
        return [s for s, room in zip(sides, rooms, strict=True) if borders.can_be(border, *room)]

    def _add_upper(self, head: Head) -> None:
        """Cover the columns over which a header is centred up to the next one; of one level, if possible."""
        under = self._under(head, self.all)
        others = [o for o in self.heads if o.first - head.last <= _BELOW * self.size]
        near = WRAPPED * self.size
        beside = [o for o in others if o is not head and abs(o.level - head.level) < near]
        borders, possible = self.borders(), Borders(self.all, LEVEL * self.size)
        found: dict[tuple[bool, bool, int], list[Column]] = {}
        for first in range(len(self.all)):
            for last in range(first, len(self.all)):
                if not self._is_below(self.all[last], head):
                    break
                span = self.all[first : last + 1]
                whole = all(column in span for column in under)
                taken = any(o.x0 < span[-1].x1 and o.x1 > span[0].x0 for o in beside)
                if whole and not taken and self._divides(span):
                    exact = possible.is_centred(head, first, last)
                    off = abs((borders[first] + borders[last + 1]) / 2 - head.centre)
                    if exact or off <= _OFF_CENTRE * self.size:
                        levels = [column.top.level for column in span if column.heads]
                        uneven = max(levels, default=0) - min(levels, default=0) > LEVEL * self.size
                        found.setdefault((not exact, uneven, -len(span)), span)
        span = found[min(found)] if found else under
        if not span:
            raise UndecidedError
        self._cover(head, span)

    def _is_below(self, column: Column, head: Head) -> bool:
        if not column.heads:
            return not column.amounts
        return column.top.first - head.last > _BELOW * self.size

    def _divides(self, span: Sequence[Column]) -> bool:
        """Whether there are several header cells below, none of them in part."""
        spans = {column.top.span for column in span if column.heads}
        whole = all(end in span for ends in spans for end in ends)
        bare = sum(not column.heads for column in span)
        return whole and len(span) > 1 and len(spans) + bare > 1

    def _number(self, lines: Sequence[TextLine]) -> None:
        """Put column numbers and their labels below the columns they number."""
        for piece in (piece for line in lines for piece in line.pieces):
            head = Head(piece)
            under = self._under(head, self.all)
            at = sum(border < piece.centre for border in self.borders()) - 1
            outside = not under and not 0 <= at < len(self.all)
            if outside or (piece.is_figure and len(under) != 1):
                raise UndecidedError
            self._cover(head, under or [self.all[at]])
            self.heads.append(head)

    def _check(self, texts: Sequence[Head]) -> None:
        """Each column of amounts needs a header of its own, if there are headers; a header holds those below.

        One that holds no more than the one below it may be half of a name, or stand over the columns beside too.
        """
        spans = [(head, *self._ends(head)) for head in texts]
        for (upper, first, last), (lower, start, end) in product(spans, repeat=2):
            above = upper.last < lower.first and first <= end and start <= last
            held = first <= start <= end <= last
            if above and (not held or first == last):
                raise UndecidedError
        for column in self.all if self.heads else ():
            if column.amounts and not any(head.span == (column, column) for head in column.heads):
                raise UndecidedError

    def _ends(self, head: Head) -> tuple[int, int]:
        return self.all.index(head.span[0]), self.all.index(head.span[1])

    def header_cells(self) -> list[PageCell]:
        """The header cells; texts that share one place make one cell."""
        rows = {line.baseline: row for row, line in enumerate(self.head)}
        cells: dict[tuple[int, int, int, int], tuple[Word, ...]] = {}
        for head in self.heads:
            first, last = self._ends(head)
            top, bottom = rows[head.pieces[0].line], rows[head.pieces[-1].line]
            place = (top, first, bottom - top + 1, last - first + 1)
            words = (word for piece in head.pieces for word in piece.words)
            cells[place] = (*cells.get(place, ()), *words)
        return [PageCell(*place, words) for place, words in cells.items()]
