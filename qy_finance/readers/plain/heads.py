"""The header cells of a table whose text keeps its columns by spaces: which words below each other are one cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from qy_finance.marks import LEVELS
from qy_finance.readers.unruled.pieces import Column, Piece, TextLine

ALIGNED: Final = 1.5  # lines of a header cell are centred so far below each other
_APART: Final = 2  # lines between which at most one of other cells stands


class HeadCell:
    """A header cell: the lines of its text, and once known, the columns that it spans, the last one included."""

    def __init__(self, *pieces: Piece, is_label: bool = False) -> None:
        self.pieces = pieces
        self.is_label = is_label  # a column number (栏次), or what heads them
        self.x0, self.x1 = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
        self.centre = (self.x0 + self.x1) / 2
        self.first, self.last = pieces[0].line, pieces[-1].line
        self.level = (self.first + self.last) / 2
        self.span: list[Column] = []


def header_cells(lines: Sequence[TextLine]) -> list[HeadCell]:
    """Header cells: lines of text that are centred below each other."""
    stacks: list[list[Piece]] = []
    numbers = [line.pieces[0].line for line in lines if line.pieces]
    centred = _are_centred(lines)
    for line in lines:
        tops = []
        near = [number for number in numbers if number < line.pieces[0].line][-_APART:]
        for piece in line.pieces:
            above = [stack for stack in stacks if _touches(stack[-1], piece)]
            above = [stack for stack in above if stack[-1].line in near]
            last = max(above, key=lambda stack: stack[-1].line, default=None)
            alone = last and sum(stack[-1].line == last[-1].line for stack in above) == 1
            tops.append(
                last if last and alone and _continues(last[-1], piece, line, centred) else None
            )
        for at, (piece, top) in enumerate(zip(line.pieces, tops, strict=True)):
            others = [*tops[:at], *tops[at + 1 :]]
            wide = top is not None and top[-1].x1 - top[-1].x0 > piece.x1 - piece.x0
            heads_all = wide and len(others) > 1 and not any(others)
            if top is None or heads_all or _heads_more(lines, top[-1], line.pieces, tops, at):
                stacks.append([piece])
            else:
                top.append(piece)
    return [HeadCell(*stack) for stack in stacks]


def _heads_more(
    lines: Sequence[TextLine],
    above: Piece,
    pieces: Sequence[Piece],
    tops: Sequence[list[Piece] | None],
    at: int,
) -> bool:
    """Whether what stands above a piece of a line heads others beside it too, rather than goes on in it.

    It does if cells begin on both sides, one of which nothing else is as near to; or if it is centred over some, and
    not over the piece.
    """
    if 0 < at < len(tops) - 1 and tops[at - 1] is None and tops[at + 1] is None:
        upper = [p for line in lines for p in line.pieces if p.line < pieces[at].line]
        for beside in (pieces[at - 1], pieces[at + 1]):
            near = min(upper, key=lambda other: abs(other.centre - beside.centre))
            if near is above:
                return True
    if abs(above.centre - pieces[at].centre) <= ALIGNED:
        return False
    runs = ((pieces[i], pieces[j]) for i in range(at + 1) for j in range(at, len(pieces)) if i < j)
    return any(abs((left.x0 + right.x1) / 2 - above.centre) <= ALIGNED for left, right in runs)


def _touches(above: Piece, piece: Piece) -> bool:
    return min(above.x1, piece.x1) > max(above.x0, piece.x0)


def _are_centred(lines: Sequence[TextLine]) -> bool:
    """Whether what stands below each other in a header has one middle, and not one left edge."""
    return any(
        abs(piece.centre - other.centre) < 1 and abs(piece.x0 - other.x0) > ALIGNED
        for line, below in pairwise(lines)
        for piece in line.pieces
        for other in below.pieces
    )


def _continues(above: Piece, piece: Piece, line: TextLine, centred: bool) -> bool:
    alone = sum(_touches(above, other) for other in line.pieces) == 1
    aligned = abs(piece.centre - above.centre) <= ALIGNED
    aligned = aligned or (not centred and abs(piece.x0 - above.x0) <= ALIGNED)
    levels = len(line.pieces) > 1 and all(other.text in LEVELS for other in line.pieces)
    return alone and aligned and not levels
