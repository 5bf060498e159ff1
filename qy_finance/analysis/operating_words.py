"""How notebook 02 speaks of sums of money. In Markdown, numbers lead to their source."""

from __future__ import annotations

from decimal import Decimal

from qy_finance.analysis.facts import Fact
from qy_finance.display import cite
from qy_finance.figures import decimals_of
from qy_finance.sourced import Sourced


def amount(value: Decimal | None, unit: str = "") -> str:
    """A number with its printed digits, a computed one with two."""
    exact_digits = isinstance(value, Sourced) and not value.computed
    places = decimals_of(value) if exact_digits and value is not None else 2
    return cite(value, unit, places)


def change(value: Decimal, unit: str) -> str:
    """增加 18.98 万元, 减少 …, or 没有变化."""
    return f"{'增加' if value > 0 else '减少'} {amount(abs(value), unit)}" if value else "没有变化"


def same(one: Fact, other: Fact) -> bool:
    """Whether two printed figures, in one unit, can be one number."""
    return abs(one.value - other.value) <= one.half + other.half
