"""The columns of a table without ruling lines, from its figures, names and header words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from qy_finance.marks import LEVELS
from qy_finance.readers.page import Word
from qy_finance.readers.unruled.pieces import (
    LEVEL,
    WRAPPED,
    Column,
    Head,
    Piece,
    TextLine,
    UndecidedError,
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

    Raises
    ------
    UndecidedError
        A figure or a header stands over columns that cannot be told apart.
    """

    def __init__(self, head: Sequence[TextLine], body: Sequence[TextLine], size: float) -> None:
        self.size = size
        self.head = head
        self.all = self._figure_columns(body)
        self.has_names = self._add_names(body)
        labels = [line for line in head if is_label_line(line)]
        self.heads = header_cells([line for line in head if line not in labels], size)
        levels = [head.level for head in self.heads]
        middle = (min(levels) + max(levels)) / 2 if levels else 0
        parts = [piece for line in labels for piece in line.pieces if piece.text in LEVELS]
        upper = [head for head in self.heads if self._is_upper(head, middle, parts)]
        for one in sorted(self.heads, key=lambda head: -head.last):
            if one not in upper:
                self._add_leaf(one)
        self._settle()
        texts = list(self.heads)
        self._number(labels)
        for one in sorted(upper, key=lambda head: -head.last):
            self._add_upper(one)
        self._check(texts)

    def _figure_columns(self, body: Sequence[TextLine]) -> list[Column]:
        pieces = [piece for line in body for piece in line.pieces]
        if any(_GLUED.fullmatch(piece.text) and not piece.is_figure for piece in pieces):
            raise UndecidedError
        return _bands([piece for piece in pieces if piece.is_figure], 0)

    def _add_names(self, body: Sequence[TextLine]) -> bool:
        """Add the columns of names; a total that is centred over codes and names has none of its own."""
        names = [
            piece
            for line in body
            for piece in line.pieces
            if not piece.is_figure and not self._under(piece, self.all)
        ]
        own = [name for name in names if not _TOTAL.search(name.text)] or names
        figures, self.all = self.all, _bands(own, _ONE_COLUMN * self.size)
        self.all = sorted(self.all + figures, key=lambda column: column.x0)
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
        names = [column for column in under if not column.figures]
        if piece.is_figure and len(under) != 1:
            raise UndecidedError
        if not under:  # a total, centred over codes and names or beside the names
            after = sum(column.x1 < piece.centre for column in self.all)
            beside = [at for at in (after - 1, after) if 0 <= at < len(self.all)]
            beside = [at for at in beside if not self.all[at].amounts]
            if not beside:
                raise UndecidedError
            return beside[0], beside[-1]
        held = names if names and not piece.is_figure else under
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
        below = [(o.x0, o.x1) for o in self.heads if o.first - head.last > _BELOW * self.size]
        below += [(part.x0, part.x1) for part in parts]
        return any(min(x1, head.x1) > max(x0, head.x0) for x0, x1 in below)

    def _add_leaf(self, head: Head) -> None:
        under = self._under(head, self.all)
        amounts = [column for column in under if column.figures]
        if not under:
            under = [Column(head.x0, head.x1)]
            self.all = sorted([*self.all, *under], key=lambda column: column.x0)
        elif len(under) > 1 and len(amounts) == len(under):
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
            columns[0].x0 = min(columns[0].x0, head.x0)
            columns[0].x1 = max(columns[0].x1, head.x1)

    def _settle(self) -> None:
        """Give amounts that stand beside their header to it: they lean to one side in the whole table."""
        if not self.heads:
            pairs = ((a, b) for a, b in pairwise(self.all) if a.amounts and b.amounts)
            if any(not one.shares_row(other) for one, other in pairs):
                raise UndecidedError
            return
        leans = [self._lean(column) for column in self.all if column.amounts and column.heads]
        for orphan in [column for column in self.all if column.amounts and not column.heads]:
            at = self.all.index(orphan)
            beside = {
                lean: side
                for lean, sides in ((1, self.all[:at][-1:]), (-1, self.all[at + 1 :][:1]))
                for side in sides
                if side.heads and (side.amounts or not side.pieces) and not side.shares_row(orphan)
            }
            if len(beside) > 1:
                lean = min(beside, key=lambda lean: _apart(orphan, beside[lean]))
                if not leans.count(lean) == len(leans) > 1:
                    raise UndecidedError
                beside = {lean: beside[lean]}
            for side in beside.values():
                self._merge([side, orphan])
        for at in range(len(self.all) - 2, -1, -1):  # names start left of their header
            names, blank = self.all[at], self.all[at + 1]
            if names.is_names and not names.heads and not blank.pieces:
                self._merge([names, blank])

    def _lean(self, column: Column) -> int:
        """The side of their header to which the figures of a column lean: 1 right, -1 left, 0 neither."""
        figures = [piece for piece in column.pieces if piece.is_figure]
        middle = (min(p.x0 for p in figures) + max(p.x1 for p in figures)) / 2
        off = middle - column.heads[0].centre
        return 0 if abs(off) < _TOUCH * self.size else int(off / abs(off))

    def _add_upper(self, head: Head) -> None:
        under = self._under(head, self.all)
        span = self._span(head, under) or under
        if not span:
            raise UndecidedError
        self._cover(head, span)

    def _span(self, head: Head, under: Sequence[Column]) -> Sequence[Column] | None:
        """The columns over which a header is centred up to the next header; of one level, if possible."""
        beside = [
            other
            for other in self.heads
            if other is not head
            and abs(other.level - head.level) < WRAPPED * self.size
            and other.first - head.last <= _BELOW * self.size
        ]
        borders, gaps = self.borders(), self._gaps()
        found: list[tuple[bool, bool, int, Sequence[Column]]] = []
        for first in range(len(self.all)):
            for last in range(first, len(self.all)):
                if not self._is_below(self.all[last], head):
                    break
                span = self.all[first : last + 1]
                if (
                    all(column in span for column in under)
                    and not any(o.x0 < span[-1].x1 and o.x1 > span[0].x0 for o in beside)
                    and self._divides(span)
                ):
                    exact = self._is_centred(head, first, last, gaps)
                    off = abs((borders[first] + borders[last + 1]) / 2 - head.centre)
                    if exact or off <= _OFF_CENTRE * self.size:
                        found.append((not exact, not self._are_level(span), -len(span), span))
        return min(found, key=lambda one: one[:3])[3] if found else None

    def _is_centred(
        self, head: Head, first: int, last: int, gaps: list[tuple[float, float]]
    ) -> bool:
        """Whether there are borders for which a header, and those below it, stand in the middle.

        From one border of a column and the middle of its header follows the next border; each has to lie
        between the texts of two columns.
        """
        slack = LEVEL * self.size
        low, high = gaps[first]
        sign, offset = 1, 0.0  # the next border is sign * first border + offset
        for at in range(first, last + 1):
            middles = [h.centre for h in self.all[at].heads if h.span and h.span[0] is h.span[1]]
            if not middles:  # no more is known than between which texts both borders lie
                ends = gaps[first][0] + gaps[last + 1][0], gaps[first][1] + gaps[last + 1][1]
                return ends[0] - slack <= 2 * head.centre <= ends[1] + slack
            sign, offset = -sign, 2 * middles[0] - offset
            left, right = (sign * (edge - offset) for edge in gaps[at + 1])
            low, high = max(low, min(left, right)), min(high, max(left, right))
        if sign < 0:
            return abs(offset / 2 - head.centre) <= slack and low <= high + slack
        return low - slack <= head.centre - offset / 2 <= high + slack

    def _gaps(self) -> list[tuple[float, float]]:
        """Where each border can be: between the texts of its columns, and outside of all."""
        inner = [(left.x1, right.x0) for left, right in pairwise(self.all)]
        start, end = self.all[0].x0, self.all[-1].x1
        reach = end - start
        return [(start - reach, start), *inner, (end, end + reach)]

    def _is_below(self, column: Column, head: Head) -> bool:
        if not column.heads:
            return not column.amounts
        return column.top.first - head.last > _BELOW * self.size

    def _divides(self, span: Sequence[Column]) -> bool:
        """Whether there are several header cells below, none of them in part."""
        spans = {column.top.span or () for column in span if column.heads}
        if any(end not in span for ends in spans for end in ends):
            return False
        return len(span) > 1 and len(spans) + sum(not column.heads for column in span) > 1

    def _are_level(self, span: Sequence[Column]) -> bool:
        levels = [column.top.level for column in span if column.heads]
        return not levels or max(levels) - min(levels) <= LEVEL * self.size

    def _number(self, lines: Sequence[TextLine]) -> None:
        """Put column numbers and their labels below the columns they number."""
        for line in lines:
            for piece in line.pieces:
                head = Head(piece)
                under = self._under(head, self.all)
                if piece.is_figure and len(under) != 1:
                    raise UndecidedError
                borders = self.borders()
                at = sum(border < piece.centre for border in borders) - 1
                if not under and not 0 <= at < len(self.all):
                    raise UndecidedError
                self._cover(head, under or [self.all[at]])
                self.heads.append(head)

    def _check(self, texts: Sequence[Head]) -> None:
        """Each column of amounts needs a header of its own, if there are headers; a header holds those below."""
        spans = [(head, *self._ends(head)) for head in texts]
        for upper, first, last in spans:
            for lower, start, end in spans:
                above = upper.last < lower.first and first <= end and start <= last
                if above and not first <= start <= end <= last:
                    raise UndecidedError
        for column in self.all if self.heads else ():
            if column.amounts and not any(head.span == (column, column) for head in column.heads):
                raise UndecidedError

    def _ends(self, head: Head) -> tuple[int, int]:
        if head.span is None:
            raise UndecidedError
        return self.all.index(head.span[0]), self.all.index(head.span[1])

    def header_cells(self) -> Iterator[tuple[int, tuple[int, int, int, list[Word]]]]:
        """The header cells, each with its row, column, rows, columns and words."""
        rows = {line.baseline: row for row, line in enumerate(self.head)}
        row_of = {id(p): rows[line.baseline] for line in self.head for p in line.pieces}
        for head in self.heads:
            first, last = self._ends(head)
            top, bottom = row_of[id(head.pieces[0])], row_of[id(head.pieces[-1])]
            words = [word for piece in head.pieces for word in piece.words]
            yield top, (first, bottom - top + 1, last - first + 1, words)


def _apart(one: Column, other: Column) -> float:
    return max(one.x0, other.x0) - min(one.x1, other.x1)


def _bands(pieces: Sequence[Piece], apart: float) -> list[Column]:
    """Pieces that overlap, or stand no further apart than that, make one column."""
    columns: list[Column] = []
    for piece in sorted(pieces, key=lambda piece: piece.x0):
        if columns and piece.x0 < columns[-1].x1 + apart:
            columns[-1].x1 = max(columns[-1].x1, piece.x1)
            columns[-1].pieces.append(piece)
        else:
            columns.append(Column(piece.x0, piece.x1, [piece]))
    return columns
