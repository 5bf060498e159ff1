"""How a printed share goes with amounts: the verdict of the checks, and what explains it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from qy_finance.checks.model import Check, Status
from qy_finance.checks.quotient import Quotient
from qy_finance.facts import Fact, constant
from qy_finance.figures import decimals_of
from qy_finance.numbers import Number


class Fit(StrEnum):
    """How a printed share relates to the share recomputed from its amounts, the best first."""

    ROUNDED = "四舍五入后相符"
    TRUNCATED = "截去尾数后相符"
    PADDED = "只在少取一位小数时相符"
    NO = "不符"

    @property
    def holds(self) -> bool:
        """Whether the checks find the share right."""
        return self in (Fit.ROUNDED, Fit.TRUNCATED)


def fit(
    check: Check | None, share: Fact, part: Number, whole: Number, *, is_named: bool
) -> Fit | None:
    """Whether a printed share (%) is that of a part in a whole, in any unit of money; None where the whole is zero.

    ``check`` holds the share against the whole that its sentence names. Of this one the verdict is that of the check,
    of others what it would be.
    """
    held = check.rule if check and isinstance(check.rule, Quotient) else None
    if held and is_named and (verdict := explained(held)):
        return verdict
    amount, of = (
        replace(constant(one.plain, f"{one:f}", ""), half=one.half, unit=one.unit)
        for one in (part, whole.in_unit(part.unit))
    )
    return explained(Quotient(share, amount, of, as_printed=held is not None and held.as_printed))


def explained(rule: Quotient) -> Fit | None:
    """The verdict on a percentage with what explains it; None where there is none.

    ``PADDED`` is wrong as it is printed: rounded to fewer decimals, with zeros behind them (4.20 for 4.2).
    """
    status, loose = rule.outcome().status, replace(rule, as_printed=False)
    if status is Status.NOT_APPLICABLE:
        return None
    if status is not Status.BREAK:
        return Fit.ROUNDED if loose.is_rounded else Fit.TRUNCATED
    value = rule.rate.figure.value
    zeros = decimals_of(value) - decimals_of(value.normalize())
    fewer = replace(loose, rate=replace(rule.rate, half=rule.rate.half.scaleb(zeros)))
    return Fit.PADDED if zeros and rule.recomputed and fewer.is_rounded else Fit.NO
