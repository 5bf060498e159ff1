"""Percentages of two sums (占比, 完成率, 增减率), and whether a report computes them from its printed amounts.

3.00 / 2.00 is 150.00 %. If both amounts were rounded before they were printed, the rate behind them lies between
149.4 and 150.6 %, and a printed 150.00 would be luck of one in eighty. Where several such rates are exactly
those of the printed amounts, the report computes from them, and a rate that is not is wrong. Otherwise
the rounding of the amounts explains it (尾差).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

from qy_finance.checks.model import ANY, Check, NotRun, Outcome, Status
from qy_finance.checks.sentence import Piece, Sentence, printed, said, sentence, told
from qy_finance.facts import Fact, constant
from qy_finance.figures import decimals_of
from qy_finance.numbers import Number, Span

_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)
_TELLING: Final = 0.5  # agreement by luck is less likely than not
_MISPRINTED: Final = 0.02  # how many figures of a report are wrong
_EVIDENCE: Final = 1000  # how much likelier than luck it must be
_DIGITS: Final = 12  # more are no percentage
_WITNESSES: Final = 5  # that agree, for each that does not


@dataclass(frozen=True)
class Quotient:
    """A percentage of two sums.

    ``rate`` % = ``part`` / ``whole``; where ``grown``, ``part`` / (``whole`` - ``part``): a change against what
    there was before it; where ``over``, (``part`` - ``whole``) / ``whole``: an amount against another one. Rounded
    and truncated percentages both hold. ``as_printed`` says that the report computes its percentages from its
    printed amounts (:func:`as_computed`), so that their rounding explains no more than the last digit.
    ``adjusted`` says that a last digit was, so that all shares of the whole add up to 100 %. ``said`` tells why not a
    figure but the words are wrong.
    """

    rate: Fact
    part: Fact
    whole: Fact
    grown: bool = False
    over: bool = False
    as_printed: bool = False
    adjusted: bool = False
    said: Sentence | str = ""

    @property
    def operands(self) -> tuple[Fact, ...]:
        """The percentage, and the two sums."""
        return self.rate, self.part, self.whole

    @cached_property
    def base(self) -> Decimal:
        """What the percentage is of: the whole, or what it was before the change."""
        return self.whole.value - self.part.value if self.grown else self.whole.value

    @property
    def _shift(self) -> Decimal:
        return _HUNDRED if self.over else _ZERO

    @property
    def recomputed(self) -> Decimal | None:
        """The percentage of the printed sums; None without a base above zero."""
        if self.base <= 0:
            return None
        return _HUNDRED * self.part.value / self.base - self._shift

    @property
    def rounded(self) -> Decimal | None:
        """The same with the digits that are printed."""
        exact, digits = self.recomputed, -int(self.rate.half.as_tuple().exponent) - 1
        if exact is None or digits > _DIGITS or abs(exact) >= 10**_DIGITS:
            return None
        return exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)

    @cached_property
    def outcome(self) -> Outcome:
        """Whether the percentage is that of the sums; not applicable where the base is, or may be, zero or less."""
        recomputed = self.recomputed
        if recomputed is None:
            nothing = self.base == 0 and self.part.value == 0
            wrong = nothing and self.rate.value not in (_ZERO, _HUNDRED)
            return Outcome(Status.BREAK if wrong else Status.NOT_APPLICABLE, self.rate.value)
        span, half = self._span, self.rate.half
        difference = self.rate.value - recomputed
        bounded = span.low.is_finite() and span.high.is_finite()
        tolerance = half + (span.high - span.low) / 2 if bounded else None
        if abs(difference) <= half:
            status = Status.EXACT
        elif self.adjusted and abs(difference) <= 3 * half:
            status = Status.TAIL
        elif self.as_printed and abs(difference) <= 3 * half:  # off by one in the last digit
            status = replace(self, as_printed=False).outcome.status
        else:
            status = Status.TAIL if self._window.meets(span) else Status.BREAK
        return Outcome(status, self.rate.value, recomputed, difference, tolerance)

    @property
    def _window(self) -> Span:
        """What the printed percentage can stand for: rounded, or with its further digits cut off."""
        half, value = self.rate.half, self.rate.value
        low = 2 * half if value <= 0 else half
        high = 2 * half if value >= 0 else half
        return Span(value - low, value + high)

    def _of(self, fact: Fact) -> Span:
        return Span(fact.value, fact.value) if self.as_printed else fact.span

    @cached_property
    def _span(self) -> Span:
        """The percentages that the two sums can have."""
        part, whole = self._of(self.part), self._of(self.whole)
        bases = [(p, w - p if self.grown else w) for p in part for w in whole]
        ends = [_HUNDRED * p / base - self._shift for p, base in bases if base > 0]
        if len(ends) == len(bases):
            return Span(min(ends), max(ends))
        if part.low >= 0 and ends:  # the base can come as near to zero as it likes
            return Span(min(ends), ANY.high)
        return ANY

    @property
    def is_rounded(self) -> bool:
        """Whether the printed percentage can be that of the sums without a digit being cut off."""
        return self.rate.span.meets(self._span)

    @property
    def chance(self) -> float:
        """How likely a percentage of the unrounded sums is that of the printed ones as well."""
        width = self._span.high - self._span.low
        window = 3 * self.rate.half  # rounded or truncated
        # rounding errors of a quotient gather in the middle of its interval
        return 2 * float(window / (window + width)) if width.is_finite() else 2.0

    @property
    def fits_print(self) -> bool:
        """Whether the percentage is that of the printed sums, rounded or truncated."""
        return self._window.meets(replace(self, as_printed=True)._span)

    def wanted(self, fact: Fact) -> Span | None:
        """The printed values of one figure with which the percentage would hold."""
        if fact.row == self.rate.row:
            half, span = self.rate.half, self._span
            low, high = (half, 2 * half) if span.high < 0 else (2 * half, half)
            return Span(span.low - low, span.high + high)
        rates = Span(self._window.low + self._shift, self._window.high + self._shift)
        half = _ZERO if self.as_printed else fact.half
        ends = list((self._parts if fact.row == self.part.row else self._wholes)(rates))
        return Span(min(ends) - half, max(ends) + half) if ends else None

    def _parts(self, rates: Span) -> Iterable[Decimal]:
        """The ends of what is such a percentage of the whole."""
        for whole in self._of(self.whole):
            for rate in rates:
                if not self.grown:
                    yield rate * whole / _HUNDRED
                elif rate > -_HUNDRED:
                    yield rate * whole / (_HUNDRED + rate)
                else:
                    yield ANY.low

    def _wholes(self, rates: Span) -> Iterable[Decimal]:
        """The ends of what the part is such a percentage of; a percentage near zero is one of anything large."""
        for part in self._of(self.part):
            for rate in rates:
                if rate * part > 0:
                    over = _HUNDRED + rate if self.grown else _HUNDRED
                    yield part * over / rate
                elif part:
                    yield ANY.high

    def formula(self) -> Sentence:
        """小微企业 30.00 ÷ 中小企业 120.00 = 25.00%，报告为 24.00%."""
        part: tuple[Piece, ...] = self.part.full, " ", self.part
        whole: tuple[Piece, ...] = self.whole.full, " ", self.whole
        rate: tuple[Piece, ...] = "−" if self.rate.value < 0 else "", printed(self.rate), "%"
        if self.recomputed is None:
            name, number = self.rate.full, sentence(*rate)
            return said("{name} {number}：基数为零或更小，不可比", name=name, number=number)
        digits = -int(self.rate.half.as_tuple().exponent) - 1
        sign = "+" if self.part.value < 0 else "−"
        base = ("(", *whole, f" {sign} ", self.part, ")") if self.grown else whole
        lead = ("(", *part, " − ", *whole, ")") if self.over else part
        made = told(f"{self.recomputed:.{max(2, digits)}f}", self.recomputed, self.operands)
        text = said(
            "{lead} ÷ {base} = {made}%，报告为 {rate}",
            lead=sentence(*lead), base=sentence(*base), made=made, rate=sentence(*rate),
        )  # fmt: skip
        return said("{text}；{words}", text=text, words=self.said) if self.said else text


def as_computed(checks: Iterable[Check | NotRun]) -> list[Check | NotRun]:
    """The checks, with percentages held to the printed amounts where the report computes from them."""
    found = list(checks)
    if not _from_print(found):
        return found
    return [
        Check(check.identity, check.place, replace(check.rule, as_printed=True))
        if isinstance(check, Check)
        and isinstance(check.rule, Quotient)
        and check.status is not Status.NOT_APPLICABLE
        else check
        for check in found
    ]


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
        if trivial or told or check.status not in (Status.EXACT, Status.TAIL):
            continue
        chance = rule.chance
        if chance < _TELLING and rule.fits_print:
            evidence += math.log((1 - _MISPRINTED) / chance)
            fits += 1
        elif chance < _TELLING:
            evidence += math.log(_MISPRINTED / (1 - chance))
            strays += 1
    return evidence > math.log(_EVIDENCE) and fits >= _WITNESSES * max(1, strays)


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
    status, loose = rule.outcome.status, replace(rule, as_printed=False)
    if status is Status.NOT_APPLICABLE:
        return None
    if status is not Status.BREAK:
        return Fit.ROUNDED if loose.is_rounded else Fit.TRUNCATED
    value = rule.rate.figure.value
    zeros = decimals_of(value) - decimals_of(value.normalize())
    fewer = replace(loose, rate=replace(rule.rate, half=rule.rate.half.scaleb(zeros)))
    return Fit.PADDED if zeros and rule.recomputed and fewer.is_rounded else Fit.NO
