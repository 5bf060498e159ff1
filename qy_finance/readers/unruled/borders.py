"""Where the borders of columns can be that are not drawn: header cells stand in the middle between them.

From one border of a column and the middle of its header follows the other; each has to lie between the texts of two
columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from qy_finance.readers.unruled.pieces import Column, Head


class Borders(NamedTuple):
    """The columns between which borders are sought, and by how much a header may be off the middle."""

    columns: Sequence[Column]
    slack: float

    def gaps(self) -> list[tuple[float, float]]:
        """Between which texts each border lies, from the left side of the table to its right side."""
        start, end = self.columns[0].x0, self.columns[-1].x1
        inner = [(left.x1, right.x0) for left, right in pairwise(self.columns)]
        return [(2 * start - end, start), *inner, (end, 2 * end - start)]

    def is_centred(self, head: Head, first: int, last: int) -> bool:
        """Whether there are borders for which a header over some columns, and those below it, stand in the middle."""
        gaps, slack = self.gaps(), self.slack
        low, high = gaps[first]
        sign, offset = 1, 0.0  # the next border is sign * first border + offset
        for at in range(first, last + 1):
            middle = _middle(self.columns[at])
            if middle is None:  # no more is known than between which texts both borders lie
                ends = gaps[first][0] + gaps[last + 1][0], gaps[first][1] + gaps[last + 1][1]
                return ends[0] - slack <= 2 * head.centre <= ends[1] + slack
            sign, offset = -sign, 2 * middle - offset
            left, right = (sign * (edge - offset) for edge in gaps[at + 1])
            low, high = max(low, min(left, right)), min(high, max(left, right))
        if sign < 0:
            return abs(offset / 2 - head.centre) <= slack and low <= high + slack
        return low - slack <= head.centre - offset / 2 <= high + slack

    def can_be(self, at: int, low: float, high: float) -> bool:
        """Whether a border can lie there: what follows on both sides of it is between texts too."""
        return all(self._goes_on(at, low, high, step) for step in (-1, 1))

    def _goes_on(self, border: int, low: float, high: float, step: int) -> bool:
        gaps = self.gaps()
        while 0 < border + (step > 0) <= len(self.columns):
            middle = _middle(self.columns[border if step > 0 else border - 1])
            if middle is None:
                break
            border += step
            low, high = (
                max(2 * middle - high, gaps[border][0] - self.slack),
                min(2 * middle - low, gaps[border][1] + self.slack),
            )
            if low > high:
                return False
        return True


def _middle(column: Column) -> float | None:
    """The middle of a header that stands over this column alone."""
    return next((head.centre for head in column.heads if head.span[0] is head.span[1]), None)
