"""Whether performance indicators (绩效指标) meet their targets: the one place that decides it."""

from __future__ import annotations

from typing import Final

from qy_finance.checks.relations import Linear, Term
from qy_finance.facts import Fact

AT_MOST: Final = "≤"


def comparable(target: Fact, actual: Fact | None) -> bool:
    """Whether an actual value is of the same things as its target; one without a unit is."""
    return actual is not None and (target.noun in ("", actual.noun) or not actual.noun)


def meets(target: Fact, actual: Fact, comparison: str, said: str = "") -> Linear:
    """That the actual value meets the target, as far as their digits tell; ``said`` are words that claim it.

    A target without a sign is to be reached, and reached too where it is exceeded.
    """
    less, more = _sides(target, actual, comparison)
    return Linear((less,), (more,), "≤", said)


def misses(target: Fact, actual: Fact, comparison: str, said: str = "") -> Linear:
    """That the printed actual value does not meet the printed target; ``said`` are words that claim it."""
    less, more = _sides(target, actual, comparison)
    return Linear((more,), (less,), "<", said)


def met(target: Fact, actual: Fact | None, comparison: str) -> bool | None:
    """Whether the printed actual value meets the printed target; None where there is none, or none to compare."""
    if actual is None or not comparable(target, actual):
        return None
    return misses(target, actual, comparison).difference >= 0


def _sides(target: Fact, actual: Fact, comparison: str) -> tuple[Term, Term]:
    """What must be no more than what: the target than the actual value; of a ceiling (≤) the other way round."""
    one, other = Term(1, target), Term(1, actual)
    return (other, one) if comparison == AT_MOST else (one, other)
