"""Percentages of two sums: 占比, 完成率, 增减率."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from qy_finance.checks.model import ANY, Outcome, Status
from qy_finance.checks.sentence import Piece, Sentence, printed, sentence, told
from qy_finance.facts import Fact
from qy_finance.numbers import Span

_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True)
class Quotient:
    """A percentage of two sums.

    ``rate`` % = ``part`` / ``whole``; where ``grown``, ``part`` / (``whole`` - ``part``): a change against what
    there was before it; where ``over``, (``part`` - ``whole``) / ``whole``: an amount against another one. Rounded
    and truncated percentages both hold. ``as_printed`` says that the report computes its percentages from its
    printed amounts (:mod:`qy_finance.checks.precision`), so that their rounding explains no more than the last digit.
    ``said`` tells why not a figure but the words are wrong.
    """

    rate: Fact
    part: Fact
    whole: Fact
    grown: bool = False
    over: bool = False
    as_printed: bool = False
    said: Sentence | str = ""

    @property
    def operands(self) -> tuple[Fact, ...]:
        """The percentage, and the two sums."""
        return self.rate, self.part, self.whole

    @cached_property
    def _base(self) -> Decimal:
        return self.whole.value - self.part.value if self.grown else self.whole.value

    @property
    def _shift(self) -> Decimal:
        return _HUNDRED if self.over else _ZERO

    @property
    def recomputed(self) -> Decimal | None:
        """The percentage of the printed sums; None without a base above zero."""
        if self._base <= 0:
            return None
        return _HUNDRED * self.part.value / self._base - self._shift

    def outcome(self) -> Outcome:
        """Whether the percentage is that of the sums; not applicable where the base is, or may be, zero or less."""
        recomputed = self.recomputed
        if recomputed is None:
            nothing = self._base == 0 and self.part.value == 0
            wrong = nothing and self.rate.value not in (_ZERO, _HUNDRED)
            return Outcome(Status.BREAK if wrong else Status.NOT_APPLICABLE, self.rate.value)
        span, half = self._span, self.rate.half
        difference = self.rate.value - recomputed
        bounded = span.low.is_finite() and span.high.is_finite()
        tolerance = half + (span.high - span.low) / 2 if bounded else None
        if abs(difference) <= half:
            status = Status.EXACT
        elif self.as_printed and abs(difference) <= 3 * half:  # off by one in the last digit
            status = replace(self, as_printed=False).outcome().status
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
    def chance(self) -> Decimal:
        """How likely a rounded percentage of the unrounded sums is that of the printed ones as well."""
        width = self._span.high - self._span.low
        window = 3 * self.rate.half  # rounded or truncated
        return window / (window + width) if width.is_finite() else Decimal(1)

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
        if fact.row == self.part.row:
            return _widened(self._parts(rates), half)
        return _widened(self._wholes(rates), half)

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
        part: tuple[Piece, ...] = f"{self.part.full} ", self.part
        whole: tuple[Piece, ...] = f"{self.whole.full} ", self.whole
        rate: tuple[Piece, ...] = "−" if self.rate.value < 0 else "", printed(self.rate), "%"
        if self.recomputed is None:
            return sentence(f"{self.rate.full} ", *rate, "：基数为零或更小，不可比")
        digits = -int(self.rate.half.as_tuple().exponent) - 1
        sign = "+" if self.part.value < 0 else "−"
        base = ("(", *whole, f" {sign} ", self.part, ")") if self.grown else whole
        lead = ("(", *part, " − ", *whole, ")") if self.over else part
        made = told(f"{self.recomputed:.{max(2, digits)}f}", self.recomputed, self.operands)
        said = ("；", self.said) if self.said else ()
        return sentence(*lead, " ÷ ", *base, " = ", made, "%，报告为 ", *rate, *said)


def _widened(ends: Iterable[Decimal], half: Decimal) -> Span | None:
    found = list(ends)
    return Span(min(found) - half, max(found) + half) if found else None
