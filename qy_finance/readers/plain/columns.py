"""The columns of a table whose text keeps them by spaces: from its figures, its names and its header.

All measures are places of a line. Figures of one column overlap, those of neighbours never do; names and the words of
the header find their place among them. Whatever stands over columns that can't be told apart raises UndecidedError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from operator import attrgetter
from typing import Final

from qy_finance.readers.page import grouped
from qy_finance.readers.plain.heads import ALIGNED, HeadCell, header_cells
from qy_finance.readers.unruled.pieces import Column, Piece, TextLine, UndecidedError, bands

BLANK: Final = re.compile(r"[-—–－/*…]+|无")
_TOTAL: Final = re.compile(r"[合总小]计$")
_ONE_COLUMN: Final = 1.5  # names that stand closer
_CLEARER: Final = 1.5  # how much better one way to cover columns must fit than the next
_FARTHEST: Final = 6.0  # from the middle of the columns that a header cell covers
_NEAR: Final = 2.5
_SPACE: Final = 1.0  # there is more between columns
_LEVEL: Final = 0.4  # lines
_LINE: Final = 0.9


class TextColumns:
    """The columns of a table (``all``), and its header cells (``heads``)."""

    def __init__(
        self, head: Sequence[TextLine], labels: Sequence[TextLine], body: Sequence[TextLine]
    ) -> None:
        pieces = [piece for line in body for piece in line.pieces]
        figures = bands([piece for piece in pieces if piece.is_figure], 0)
        words = [p for p in pieces if not p.is_figure and not BLANK.fullmatch(p.text)]
        free = [piece for piece in words if not _under(piece, figures)]
        names = [name for name in free if not _TOTAL.search(name.text)] or free
        self.all = sorted([*bands(names, _ONE_COLUMN), *figures], key=attrgetter("x0"))
        self._refuse_overlap()
        self.heads = header_cells(head)
        upper = [head for head in self.heads if self._is_upper(head)]
        leaves = [head for head in self.heads if head not in upper]
        self._add_leaves(sorted(leaves, key=attrgetter("centre")))
        self._refuse_overlap()
        self._number([piece for line in labels for piece in line.pieces])
        self.middle = (
            (min(h.first for h in self.heads) + max(h.last for h in leaves)) / 2 if leaves else 0
        )
        for level in _levels(upper):
            self._add_upper(level)
        self._join()

    def place(self, piece: Piece) -> tuple[int, int]:
        """The first and the last column that a piece of a row belongs to."""
        under = _under(piece, self.all)
        if piece.is_figure and len(under) != 1:
            raise UndecidedError
        held = [column for column in under if not column.figures] or under
        if not held and BLANK.fullmatch(piece.text):
            held = [
                min(self.all, key=lambda column: abs((column.x0 + column.x1) / 2 - piece.centre))
            ]
        elif not held:  # a total, centred over codes and names or beside the names
            after = sum(column.x1 < piece.centre for column in self.all)
            beside = self.all[max(after - 1, 0) : after + 1]
            held = [column for column in beside if not column.amounts]
        if not held or (len(held) > 1 and held[-1].amounts):
            raise UndecidedError
        return self.all.index(held[0]), self.all.index(held[-1])

    def is_name(self, piece: Piece) -> bool:
        """Whether a piece stands where the names of rows stand."""
        under = _under(piece, self.all)
        return len(under) == 1 and under[0].is_names and not piece.is_figure

    def _refuse_overlap(self) -> None:
        if any(left.x1 > right.x0 for left, right in pairwise(self.all)):
            raise UndecidedError

    # The header

    def _is_upper(self, head: HeadCell) -> bool:
        """Whether a header cell stands over others, or a column does that has another below.

        It does too where it fills all the room between columns, so that none of its own is there.
        """
        lower = [other for other in self.heads if other.first > head.last]
        if any(_overlap(other, head) for other in lower):
            return True
        if under := _under(head, self.all):
            return any(_under(other, under) for other in lower)
        left = any(abs(column.x1 - head.x0) < _SPACE for column in self.all)
        return bool(lower) and left and any(abs(c.x0 - head.x1) < _SPACE for c in self.all)

    def _join(self) -> None:
        """Make one header cell of those right below each other that stand over the same columns."""
        joined: list[HeadCell] = []
        for head in sorted(self.heads, key=lambda head: (head.first, head.x0)):
            same = [other for other in joined if other.span == head.span]
            whole = same and not head.is_label
            if (
                whole
                and min(abs(same[-1].centre - head.centre), abs(same[-1].x0 - head.x0)) <= ALIGNED
            ):
                own = HeadCell(*same[-1].pieces, *head.pieces)
                own.span = head.span
                joined[joined.index(same[-1])] = own
            else:
                joined.append(head)
        self.heads = joined

    def _add_leaves(self, leaves: Sequence[HeadCell]) -> None:
        """Give the lowest header cells their columns; one below which nothing stands is a blank column."""
        stray: list[HeadCell] = []
        for head in leaves:
            under = _under(head, self.all)
            if len(under) > 1 and any(column.amounts for column in under):
                raise UndecidedError
            if under:
                self._cover(head, under)
            else:
                stray.append(head)
        held = [at for at, column in enumerate(self.all) if column.heads]
        slots = [range(a + 1, b) for a, b in pairwise([-1, *held, len(self.all)])]
        columns = [*self.all]
        for slot in slots:  # narrow figures may stand beside their header
            x0 = columns[slot.start - 1].x1 if slot.start else -1e9
            x1 = columns[slot.stop].x0 if slot.stop < len(columns) else 1e9
            heads = [head for head in stray if x0 <= head.centre <= x1]
            bare = [columns[at] for at in slot]
            for head, column in zip(heads, _beside(heads, bare), strict=True):
                if column is None:
                    beside = columns[max(slot.start - 1, 0) : slot.stop + 1]
                    if any(_claims(head, near) for near in beside if near.amounts):
                        raise UndecidedError  # it may be the header of those figures
                    self.all.append(Column(head.x0, head.x1))
                self._cover(head, [column or self.all[-1]])
        self.all.sort(key=attrgetter("x0"))
        if leaves and any(column.amounts and not column.heads for column in self.all):
            raise UndecidedError

    def _cover(self, head: HeadCell, columns: list[Column]) -> None:
        head.span = columns
        for column in columns:
            column.heads.append(head)  # type: ignore[arg-type]
        if len(columns) == 1:
            columns[0].x0 = min(columns[0].x0, head.x0)
            columns[0].x1 = max(columns[0].x1, head.x1)

    def _number(self, labels: Sequence[Piece]) -> None:
        """Put column numbers and their labels below the columns they number."""
        numbered: list[Column] = []
        for piece in labels:
            head = HeadCell(piece, is_label=True)
            under = _under(piece, self.all)
            if piece.is_figure:
                at = under or [min(self.all, key=lambda c: abs((c.x0 + c.x1) / 2 - piece.centre))]
                if len(at) > 1 or at[0] in numbered or at[0].is_names:
                    raise UndecidedError
                numbered += at
            else:
                at = [column for column in under if not column.amounts] or self.all[:1]
            head.span = at
            self.heads.append(head)
        if numbered and any(column.amounts and column not in numbered for column in self.all):
            raise UndecidedError

    def _add_upper(self, level: list[HeadCell]) -> None:
        """Cover all columns whose header begins below by the header cells of one level, each by one of them."""
        low: list[Column] = []
        for head in level:
            lower = [o for o in self.heads if o.span and o.first > head.last and not o.is_label]
            below = [other.level for other in lower if _overlap(other, head)]
            below = [min(below)] if below else [other.level for other in _nearest(head, lower)]
            if not below:
                raise UndecidedError
            level_below = max(below) - _LEVEL
            low += (
                column
                for column in self.all
                if (self._top(column) > level_below or self._stands_below(column, head))
                and (
                    self._is_sure(column)
                    or column.amounts
                    or any(_under(h, [column]) for h in level)
                )
            )
        runs = grouped(
            (at for at, column in enumerate(self.all) if column in low),
            lambda run, at: at == run[-1] + 1,
        )
        left = list(level)
        for run in runs:
            x0, x1 = self.all[run[0]].x0, self.all[run[-1]].x1
            over = [head for head in left if x0 <= head.centre <= x1]
            sure = all(self._is_sure(self.all[at]) for at in run)
            left = [head for head in left if head not in over]
            for head, columns in (
                zip(over, self._shares(over, run, sure), strict=True) if over else ()
            ):
                head.span = [self.all[at] for at in columns]
                for column in head.span:
                    column.heads.append(head)  # type: ignore[arg-type]
        if left:
            raise UndecidedError

    def _stands_below(self, column: Column, head: HeadCell) -> bool:
        """Whether a column has a header cell over several, which begins below a given one."""
        top = min(column.heads, key=attrgetter("level"), default=None)
        return top is not None and len(top.span) > 1 and top.first - head.last >= _LINE

    def _is_sure(self, column: Column) -> bool:
        """Whether the header of a column stands lower than one that nothing stands over."""
        return self._top(column) > self.middle + _LEVEL

    def _top(self, column: Column) -> float:
        """Where the header of a column begins; a column without any has it all below."""
        return min((head.level for head in column.heads), default=1e9)

    def _shares(self, heads: list[HeadCell], run: list[int], sure: bool) -> list[list[int]]:
        """The columns of a run that each header cell is centred over.

        Where it is not ``sure`` that all have their headers below, they may stand over none: then it must fit well.
        """
        borders = self._borders()
        if sure and len(heads) == 1:
            middle = (borders[run[0]] + borders[run[-1] + 1]) / 2
            if (
                min(abs(middle - heads[0].centre), abs(self.all[run[0]].x0 - heads[0].x0))
                > _FARTHEST
            ):
                raise UndecidedError
            return [run]
        ways: list[tuple[float, list[list[int]]]] = []
        for cuts in combinations(run[1:], len(heads) - 1):
            ends = [run[0], *cuts, run[-1] + 1]
            parts = [[*range(first, end)] for first, end in pairwise(ends)]
            off = [
                abs((borders[part[0]] + borders[part[-1] + 1]) / 2 - head.centre)
                for part, head in zip(parts, heads, strict=True)
            ]
            split = any(self._divides(part) for part in parts)
            ways.append((max(off) + 1e3 * split, parts))
        ways.sort(key=lambda way: way[0])
        farthest = _FARTHEST if sure else _NEAR
        if (
            not ways
            or ways[0][0] > farthest
            or (len(ways) > 1 and ways[1][0] < ways[0][0] + _CLEARER)
        ):
            raise UndecidedError
        return ways[0][1]

    def _divides(self, part: list[int]) -> bool:
        """Whether a header cell that stands lower is partly over these columns and partly over others."""
        own = [self.all[at] for at in part]
        spans = (head.span for column in own for head in column.heads)
        return any(column not in own for span in spans for column in span)

    def _borders(self) -> list[float]:
        inner = [(left.x1 + right.x0) / 2 for left, right in pairwise(self.all)]
        return [self.all[0].x0 - 1, *inner, self.all[-1].x1 + 1]


def _under(thing: Piece | HeadCell, columns: Iterable[Column]) -> list[Column]:
    """The columns that a piece overlaps."""
    return [column for column in columns if column.x0 < thing.x1 and column.x1 > thing.x0]


def _claims(head: HeadCell, column: Column) -> bool:
    """Whether a header cell is hardly farther from figures than what stands over them."""
    figures = [piece for piece in column.pieces if piece.is_figure]
    middle = (min(p.x0 for p in figures) + max(p.x1 for p in figures)) / 2
    own = min((abs((h.x0 + h.x1) / 2 - middle) for h in column.heads), default=0)
    return abs(head.centre - middle) < own + _CLEARER


def _overlap(one: HeadCell, other: HeadCell) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0)


def _nearest(head: HeadCell, others: Sequence[HeadCell]) -> list[HeadCell]:
    """Those of others that stand nearest to a header cell, on its left and on its right."""
    left = max((o for o in others if o.x1 <= head.x0), key=attrgetter("x1"), default=None)
    right = min((o for o in others if o.x0 >= head.x1), key=attrgetter("x0"), default=None)
    return [other for other in (left, right) if other is not None]


def _beside(heads: Sequence[HeadCell], columns: Sequence[Column]) -> list[Column | None]:
    """The column that each of some header cells belongs to, which all stand between the same others; None for none."""
    if len(heads) == len(columns):
        return [*columns]
    if not heads or not columns:
        return [None] * len(heads)
    own: dict[int, Column] = {}
    for column in columns:
        middle = (column.x0 + column.x1) / 2
        near = sorted((abs(head.centre - middle), at) for at, head in enumerate(heads))
        if near[0][1] in own or (len(near) > 1 and near[1][0] < near[0][0] + _CLEARER):
            raise UndecidedError
        own[near[0][1]] = column
    return [own.get(at) for at in range(len(heads))]


def _levels(heads: Sequence[HeadCell]) -> Iterator[list[HeadCell]]:
    """Header cells that stand over others in rows, the lowest first, each from left to right."""
    upwards = sorted(heads, key=lambda head: -head.last)
    for row in grouped(upwards, lambda row, head: any(o.first - head.last <= _LINE for o in row)):
        yield sorted(row, key=attrgetter("centre"))
