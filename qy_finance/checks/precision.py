"""Whether a report computes its percentages from its printed amounts, or from the unrounded ones behind them.

3.00 / 2.00 is 150.00 %. If both amounts were rounded before they were printed, the rate behind them lies between
149.4 and 150.6 %, and a printed 150.00 would be luck of one in eighty. Where several such rates are exactly
those of the printed amounts, the report computes from them, and a rate that is not is wrong. Otherwise
the rounding of the amounts explains it (尾差).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.checks.quotient import Quotient

_TELLING: Final = 0.5  # agreement by luck is less likely than not
_MISPRINTED: Final = 0.02  # how many figures of a report are wrong
_EVIDENCE: Final = 1000  # how much likelier than luck it must be
_WITNESSES: Final = 5  # that agree, for each that does not
_PEAK: Final = 2  # rounding errors of a quotient gather in the middle of its interval


def as_computed(checks: Iterable[Check | NotRun]) -> list[Check | NotRun]:
    """The checks, with percentages held to the printed amounts where the report computes from them."""
    found = list(checks)
    if not _from_print(found):
        return found
    return [_strict(check) for check in found]


def _strict(check: Check | NotRun) -> Check | NotRun:
    if isinstance(check, NotRun) or not isinstance(check.rule, Quotient):
        return check
    if check.outcome.status is Status.NOT_APPLICABLE:
        return check
    return Check(check.identity, check.place, replace(check.rule, as_printed=True))


def _from_print(checks: list[Check | NotRun]) -> bool:
    """Whether what is printed is a thousand times likelier if the report computes from its printed amounts."""
    evidence, fits, strays = 0.0, 0, 0
    seen: set[tuple[Decimal, ...]] = set()
    for check in checks:
        if isinstance(check, NotRun) or not isinstance(check.rule, Quotient):
            continue
        rule = check.rule
        trivial = rule.part.value in (0, rule.whole.value)
        figures = tuple(fact.value for fact in rule.operands)
        told = figures in seen  # what is said twice is one witness
        seen.add(figures)
        if trivial or told or check.outcome.status not in (Status.EXACT, Status.TAIL):
            continue
        chance = _PEAK * float(rule.chance)
        if chance < _TELLING and rule.fits_print:
            evidence += math.log((1 - _MISPRINTED) / chance)
            fits += 1
        elif chance < _TELLING:
            evidence += math.log(_MISPRINTED / (1 - chance))
            strays += 1
    return evidence > math.log(_EVIDENCE) and fits >= _WITNESSES * max(1, strays)
