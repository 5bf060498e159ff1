"""How precisely a printed figure is known: the one definition of precision (精度) in this package.

- A figure is as precise as its last digit: 95.8 is 95.8 ± 0.05.
- A trimmed zero is as precise as its neighbours: where most figures of a table, or most sums of money of one unit
  under one heading, have two decimals, 6.2 is 6.20 ± 0.005. A figure with more decimals than most keeps its own.
- Things that are counted one by one are exact: 75 人 is 75.
- What is set is exact: a target (目标值≥95%), a base that does not exist (基数为0).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from qy_finance.figures import Figure, decimals_of
from qy_finance.numbers import MONEY, plain_unit

_MEASURED: Final = frozenset({"", "元", "%", "秒", "分钟", "小时", "天", "日"})
"""Units of what is measured, not counted one by one."""
_SET: Final = ("base", "target")
_ZERO: Final = Decimal(0)

Group = tuple[str, str]


def is_money(figure: Figure) -> bool:
    """Whether a figure is a sum of money."""
    return figure.unit_of_measure in MONEY or figure.table is not None


class Precision:
    """The precision of the figures of one report."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        found: defaultdict[Group, Counter[int]] = defaultdict(Counter)
        for figure in figures:
            if (group := _neighbours(figure)) is not None:
                found[group][decimals_of(figure.value)] += 1
        self._usual = {
            group: max(counts, key=lambda digits: (counts[digits], digits))
            for group, counts in found.items()
        }

    def half(self, figure: Figure) -> Decimal:
        """Half of the last digit of a figure, in its printed unit; zero for what is exact."""
        if figure.table is None and figure.measure in _SET:
            return _ZERO
        group = _neighbours(figure)
        usual = self._usual[group] if group is not None else 0
        digits = max(usual, decimals_of(figure.value))
        if digits == 0 and figure.table is None and not is_money(figure):
            multiple, noun = plain_unit(figure.unit_of_measure)
            if multiple == 1 and noun not in _MEASURED:
                return _ZERO
        return _half_of(digits)


def _neighbours(figure: Figure) -> Group | None:
    """What figures are printed alike with: those of a table, and sums of money of one unit under one heading."""
    if figure.table is not None:
        return figure.table, ""
    return (figure.section, figure.unit_of_measure) if is_money(figure) else None


@cache
def _half_of(digits: int) -> Decimal:
    """Half of the last of so many decimals."""
    return Decimal(5).scaleb(-digits - 1)
