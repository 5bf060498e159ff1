"""How precisely a printed figure is known: the one definition of precision (精度) in this package.

- A figure is as precise as its last digit: 95.8 is 95.8 ± 0.05.
- A trimmed zero is as precise as its neighbours: where most figures of a table, or most sums of money of one unit
  under one heading, have two decimals, 6.2 is 6.20 ± 0.005. A figure with more decimals than most keeps its own.
- Things that are counted one by one are exact: 75 人 is 75.
- What is set is exact: a target (目标值≥95%), a base that does not exist (基数为0).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from qy_finance.figures import Figure, decimals_of
from qy_finance.numbers import MONEY, plain_unit

_MEASURED: Final = frozenset({"", "元", "%", "秒", "分钟", "小时", "天", "日"})
"""Units of what is measured, not counted one by one."""
_SET: Final = ("base", "target")
_ZERO: Final = Decimal(0)

Group = str | tuple[str, str]
_ALONE: Final = ""


def is_money(figure: Figure) -> bool:
    """Whether a figure is a sum of money."""
    return figure.unit_of_measure in MONEY or figure.table is not None


def halves(figures: Sequence[Figure]) -> list[Decimal]:
    """Half of the last digit of each figure of a report, in its printed unit; zero for what is exact."""
    digits = [decimals_of(figure.value) for figure in figures]
    groups = list(map(_neighbours, figures))
    counts: defaultdict[Group, Counter[int]] = defaultdict(Counter)
    for group, own in zip(groups, digits, strict=True):
        counts[group][own] += 1
    usual = {
        group: max(found, key=lambda digits: (found[digits], digits))
        for group, found in counts.items()
    }
    usual[_ALONE] = 0
    return [
        _ZERO if _is_exact(figure, own) else Decimal(5).scaleb(-max(own, usual[group]) - 1)
        for figure, group, own in zip(figures, groups, digits, strict=True)
    ]


def _is_exact(figure: Figure, digits: int) -> bool:
    """Whether a figure is set, or counts things one by one."""
    if figure.table is not None:
        return False
    if figure.measure in _SET:
        return True
    if digits or figure.unit_of_measure in MONEY:
        return False
    multiple, noun = plain_unit(figure.unit_of_measure)
    return multiple == 1 and noun not in _MEASURED


def _neighbours(figure: Figure) -> Group:
    """What figures are printed alike with: those of a table, and sums of money of one unit under one heading."""
    if figure.table is not None:
        return figure.table
    return (figure.section, figure.unit_of_measure) if is_money(figure) else _ALONE
