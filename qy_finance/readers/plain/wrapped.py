"""Names over several lines of a text: which of the lines belong to which row.

A row is certain by its figures; its name stands around their line, or begins (or ends) on it, in the whole table alike.
Where the lines can be divided among the rows in more than one way, there is no telling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from operator import itemgetter
from typing import Final, NamedTuple

from qy_finance.marks import OPENS_ROW
from qy_finance.readers.unruled.pieces import UndecidedError

_MOST: Final = 8  # lines of a name
_NARROW: Final = (
    3.0  # places: a line that ends so far from the widest one could have held a further character
)

# What speaks against a way to divide the lines.
_SHORT: Final = 4  # a name goes on though its line has room
_ASIDE: Final = 1  # a name of two lines has its figures beside one of them
_BARE: Final = 4  # a row has neither figures nor an ordinal
_STRANGE: Final = (
    50  # a row has figures and no name, or lacks the code or line number that all others have
)


class NameLine(NamedTuple):
    """A line of a name: the number of the line, its text, and where it ends."""

    line: int
    text: str
    x1: float


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line with figures; ``is_named`` tells whether a name is wanted there."""

    line: int
    is_named: bool


_Holds = Callable[[Sequence[int], int], "int | None"]
_Step = tuple[
    int, int, int, int
]  # lines and rows that it takes, the key of the row, what speaks against it


def rows_of_names(
    names: Sequence[NameLine], anchors: Sequence[Anchor], anchored: bool
) -> list[int]:
    """For each line of a name the line of its row: that of its figures, or the first line of its own.

    Where all rows are ``anchored``, each has a code or a line number. UndecidedError where there is no telling.
    """
    if not names:
        return []
    ways = [_divided(names, anchors, anchored, holds) for holds in (_around, _from, _to)]
    cost, keys = min((way for way in ways if way), key=itemgetter(0), default=(_STRANGE, []))
    if cost >= _STRANGE or not keys:
        raise UndecidedError
    return keys


def _around(lines: Sequence[int], line: int) -> int | None:
    """What speaks against lines that stand around that of their figures; None where they don't."""
    half = len(lines) // 2
    if len(lines) % 2:
        return 0 if lines[half] == line else None
    if not lines[half - 1] <= line <= lines[half]:
        return None
    return 0 if lines[half - 1] < line < lines[half] else _ASIDE


def _from(lines: Sequence[int], line: int) -> int | None:
    return 0 if lines[0] == line else None


def _to(lines: Sequence[int], line: int) -> int | None:
    return 0 if lines[-1] == line else None


def _divided(
    names: Sequence[NameLine], anchors: Sequence[Anchor], anchored: bool, holds: _Holds
) -> tuple[int, list[int]] | None:
    """The way to divide the lines against which least speaks, and how much; no keys where there are two."""
    room = max((name.x1 for name in names), default=0) - _NARROW
    best: dict[tuple[int, int], tuple[int, int, tuple[int, int, int]]] = {(0, 0): (0, 1, (0, 0, 0))}
    waiting = [(0, 0, 0)]
    while waiting:
        _, name, anchor = heappop(waiting)
        cost, ways, _ = best[name, anchor]
        following = anchors[anchor] if anchor < len(anchors) else None
        for taken, rows, key, more in _steps(
            names[name : name + _MOST], following, anchored, holds, room
        ):
            after = name + taken, anchor + rows
            if after not in best:
                heappush(waiting, (sum(after), *after))
            known = best.get(after, (cost + more + 1, 0, (0, 0, 0)))
            if cost + more < known[0]:
                best[after] = cost + more, ways, (name, anchor, key)
            elif cost + more == known[0]:
                best[after] = known[0], known[1] + ways, known[2]
    end = len(names), len(anchors)
    if end not in best or best[end][1] > 1:
        return None if end not in best else (best[end][0], [])
    keys: list[int] = []
    at = end
    while at != (0, 0):
        name, anchor, key = best[at][2]
        keys += [key] * (at[0] - name)
        at = name, anchor
    return best[end][0], keys[::-1]


def _steps(
    names: Sequence[NameLine], anchor: Anchor | None, anchored: bool, holds: _Holds, room: float
) -> Iterator[_Step]:
    """What the next row can be: some lines around figures, figures without a name, or a name without figures."""
    if anchor and not (names and names[0].line <= anchor.line):
        yield 0, 1, anchor.line, _STRANGE if anchor.is_named else 0
    cost = 0
    lines: list[int] = []
    for count, name in enumerate(names, start=1):
        opens = OPENS_ROW.match(name.text) is not None
        if count > 1 and opens:
            return
        cost += _SHORT if lines and names[count - 2].x1 < room else 0
        lines.append(name.line)
        against = holds(lines, anchor.line) if anchor else None
        if anchor and against is not None:
            yield count, 1, anchor.line, cost + against
        if not anchor or name.line < anchor.line:
            bare = 0 if OPENS_ROW.match(names[0].text) else _BARE
            yield count, 0, lines[0], cost + (_STRANGE if anchored else bare)
