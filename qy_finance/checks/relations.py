"""How figures must agree: sums, percentages, mixtures, and what words say of them.

Every figure stands for an interval: itself, give or take half of its last digit. A relation holds if the intervals
can meet; no tolerance is chosen. Each relation also tells which value of one figure would make it hold.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Final, Literal, NamedTuple

from qy_finance.checks.model import ANY, Operand, Outcome, Rule, Status
from qy_finance.intervals import Span

Relation = Literal["=", "≤", "<"]
_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


class Term(NamedTuple):
    """A figure, and whether it is added (1) or taken away (-1)."""

    weight: int
    operand: Operand


class Linear:
    """Sums that are equal, or of which the left is no more than the right (``≤``) or less (``<``).

    ``<`` is what words say (小于): printed figures are compared as they are. ``said`` are the words.
    ``tolerance`` is how far apart rounding alone can put the two sides.
    """

    __slots__ = (
        "difference",
        "left",
        "lhs",
        "operands",
        "relation",
        "rhs",
        "right",
        "said",
        "tolerance",
    )

    def __init__(
        self,
        left: tuple[Term, ...],
        right: tuple[Term, ...],
        relation: Relation = "=",
        said: str = "",
    ) -> None:
        self.left, self.right, self.relation, self.said = left, right, relation, said
        self.operands = tuple(term.operand for term in (*left, *right))
        self.lhs = sum((weight * operand.value for weight, operand in left), _ZERO)
        self.rhs = sum((weight * operand.value for weight, operand in right), _ZERO)
        self.difference = self.lhs - self.rhs
        self.tolerance = sum((operand.half for operand in self.operands), _ZERO)

    def outcome(self) -> Outcome:
        """Whether the relation holds."""
        difference = self.difference
        if self.relation == "<":
            status = Status.EXACT if difference < 0 else Status.BREAK
        elif difference == 0 or (self.relation == "≤" and difference < 0):
            status = Status.EXACT
        else:
            off = difference if self.relation == "≤" else abs(difference)
            status = Status.TAIL if off <= self.tolerance else Status.BREAK
        return Outcome(status, self.lhs, self.rhs, difference, self.tolerance)

    def wanted(self, operand: Operand) -> Span | None:
        """The printed values of one figure with which the relation would hold."""
        weight = sum(t.weight for t in self.left if t.operand.row == operand.row)
        weight -= sum(t.weight for t in self.right if t.operand.row == operand.row)
        if weight == 0:
            return None
        aim = operand.value - self.difference / weight
        reach = -2 * operand.half if self.relation == "<" else self.tolerance / abs(weight)
        if self.relation == "=":
            return Span(aim - reach, aim + reach)
        return Span(ANY.low, aim + reach) if weight > 0 else Span(aim - reach, ANY.high)

    def formula(self) -> str:
        """本年收入合计 7,212.52 + 年初结转和结余 24.66 = 总计 7,237.17."""
        lead = f"{self.said}：" if self.said else ""
        full = len({operand.figure.table for operand in self.operands}) > 1
        sign = _DENIED[self.relation] if self.outcome().status is Status.BREAK else self.relation
        return f"{lead}{_sum_of(self.left, full)} {sign} {_sum_of(self.right, full)}"


_DENIED: Final = {"=": "≠", "≤": ">", "<": "≥"}


def _sum_of(terms: tuple[Term, ...], full: bool) -> str:
    """Figures as a sum; zeros among several are left out."""
    shown = [term for term in terms if term.operand.value] or list(terms[:1])
    text = ""
    for weight, operand in shown:
        minus = (weight < 0) != (operand.value < 0)
        lead = (" − " if minus else " + ") if text else ("−" if minus else "")
        named = operand.full if full else operand.name
        text += (
            f"{lead}{named} {operand.printed.lstrip('-−－')}".rstrip()
            if named
            else f"{lead}{operand.printed}"
        )
    return text or "空白"


@dataclass(frozen=True)
class Quotient:
    """A percentage of two sums: 占比, 完成率, 增减率.

    ``rate`` % = ``part`` / ``whole``; where ``grown``, ``part`` / (``whole`` - ``part``): a change against what
    there was before it; where ``over``, (``part`` - ``whole``) / ``whole``: an amount against another one. Rounded
    and truncated percentages both hold. ``as_printed`` says that the report computes its percentages from its
    printed amounts (:mod:`qy_finance.checks.precision`), so that their rounding explains no more than the last digit.
    """

    rate: Operand
    part: Operand
    whole: Operand
    grown: bool = False
    over: bool = False
    as_printed: bool = False

    @property
    def operands(self) -> tuple[Operand, ...]:
        """The percentage, and the two sums."""
        return self.rate, self.part, self.whole

    @cached_property
    def _base(self) -> Decimal:
        return self.whole.value - self.part.value if self.grown else self.whole.value

    def outcome(self) -> Outcome:
        """Whether the percentage is that of the sums; not applicable where the base is zero or less."""
        if self._base < 0:
            return Outcome(Status.NOT_APPLICABLE, self.rate.value)
        if self._base == 0:
            plain = self.rate.value in (0, _HUNDRED) and self.part.value == 0
            return Outcome(Status.NOT_APPLICABLE if plain else Status.BREAK, self.rate.value)
        recomputed = _HUNDRED * self.part.value / self._base - self._shift
        span = self._recomputed()
        difference = self.rate.value - recomputed
        half = self.rate.half
        tolerance = None if span == ANY else half + (span.high - span.low) / 2
        if abs(difference) <= half:
            status = Status.EXACT
        elif self.as_printed and abs(difference) <= 3 * half:  # off by one in the last digit
            status = replace(self, as_printed=False).outcome().status
        elif self.rate.span.meets(span) or self._truncated().meets(span):
            status = Status.TAIL
        else:
            status = Status.BREAK
        return Outcome(status, self.rate.value, recomputed, difference, tolerance)

    @property
    def _shift(self) -> Decimal:
        return _HUNDRED if self.over else _ZERO

    def _span(self, operand: Operand) -> Span:
        return Span(operand.value, operand.value) if self.as_printed else operand.span

    def _recomputed(self) -> Span:
        """The percentages that the two sums can have."""
        part, whole = self._span(self.part), self._span(self.whole)
        if not self.grown:
            low, high = _ratio(part, whole)
            return Span(low - self._shift, high - self._shift)
        # 100 c / (a - c) rises with c and, for a given c, moves one way with a
        bases = [(change, current - change) for change in part for current in whole]
        if any(base <= 0 for _, base in bases):
            return ANY
        ends = [_HUNDRED * change / base for change, base in bases]
        return Span(min(ends), max(ends))

    @property
    def chance(self) -> Decimal:
        """How likely a rounded percentage of the unrounded sums is that of the printed ones as well."""
        window = 3 * self.rate.half  # rounded or truncated
        span = self._recomputed()
        if span == ANY:
            return Decimal(1)
        return window / (window + span.high - span.low)

    @property
    def fits_print(self) -> bool:
        """Whether the percentage is that of the printed sums, rounded or truncated."""
        exact = replace(self, as_printed=True)
        return exact.outcome().status is Status.EXACT or self._truncated().meets(
            exact._recomputed()
        )

    def _truncated(self) -> Span:
        """What the percentage stands for if its further digits were cut off."""
        half, value = self.rate.half, self.rate.value
        return Span(value - 2 * half, value) if value < 0 else Span(value, value + 2 * half)

    def wanted(self, operand: Operand) -> Span | None:
        """The printed values of one figure with which the percentage would hold."""
        half = self.rate.half
        if operand.row == self.rate.row:
            if self._base <= 0:
                return Span(_ZERO, _ZERO)
            span = self._recomputed()
            return Span(span.low - 3 * half, span.high + 3 * half)
        rate = self.rate.value + self._shift
        low, high = rate - 2 * half, rate + 2 * half
        if operand.row == self.part.row:
            ends = [
                self._part(rate, whole) for rate in (low, high) for whole in self._span(self.whole)
            ]
        else:
            ends = [
                self._whole(rate, part) for rate in (low, high) for part in self._span(self.part)
            ]
        found = [end for end in ends if end is not None]
        if not found:
            return None
        half = _ZERO if self.as_printed else operand.half
        return Span(min(found) - half, max(found) + half)

    def _part(self, rate: Decimal, whole: Decimal) -> Decimal | None:
        over = _HUNDRED + rate if self.grown else _HUNDRED
        return rate * whole / over if over else None

    def _whole(self, rate: Decimal, part: Decimal) -> Decimal | None:
        over = _HUNDRED + rate if self.grown else _HUNDRED
        return part * over / rate if rate else None

    def formula(self) -> str:
        """授予小微企业合同金额 122.8 ÷ 授予中小企业合同金额 2,792.96 = 4.40%，报告为 4.20%."""
        part = f"{self.part.full} {self.part.printed}"
        whole = f"{self.whole.full} {self.whole.printed}"
        if self._base <= 0:
            return f"{self.rate.name} {self.rate.printed}%：基数不大于 0，不可比"
        found = _HUNDRED * self.part.value / self._base - self._shift
        places = max(2, -int(self.rate.half.as_tuple().exponent) - 1)
        sign = "+" if self.part.value < 0 else "−"
        base = f"({whole} {sign} {self.part.printed})" if self.grown else whole
        lead = f"({part} − {whole})" if self.over else part
        return f"{lead} ÷ {base} = {found:.{places}f}%，报告为 {_signed(self.rate)}%"


def _signed(operand: Operand) -> str:
    return f"−{operand.printed}" if operand.value < 0 else operand.printed


def _ratio(part: Span, whole: Span) -> Span:
    if whole.low <= 0:
        return ANY
    ends = [_HUNDRED * p / w for p in part for w in whole]
    return Span(min(ends), max(ends))


@dataclass(frozen=True)
class Mix:
    """A sum that is made of stated shares of other sums: Σ share × amount = total."""

    total: Operand
    parts: tuple[tuple[Operand, Operand], ...]
    """Pairs of a share (%) and the sum that it is of."""

    @cached_property
    def operands(self) -> tuple[Operand, ...]:
        """The total, and each share and sum."""
        return (self.total, *(operand for pair in self.parts for operand in pair))

    @cached_property
    def _mixed(self) -> Decimal:
        return sum((s.value * a.value / _HUNDRED for s, a in self.parts), _ZERO)

    @cached_property
    def _tolerance(self) -> Decimal:
        spread = sum(
            ((s.half * a.value + s.value * a.half) / _HUNDRED for s, a in self.parts), _ZERO
        )
        return spread + self.total.half

    def outcome(self) -> Outcome:
        """Whether the shares give the total."""
        difference = self.total.value - self._mixed
        if difference == 0:
            status = Status.EXACT
        else:
            status = Status.TAIL if abs(difference) <= self._tolerance else Status.BREAK
        return Outcome(status, self.total.value, self._mixed, difference, self._tolerance)

    def wanted(self, operand: Operand) -> Span | None:
        """The printed values of one figure with which the shares would give the total."""
        off = self.total.value - self._mixed
        slope = -_HUNDRED if operand.row == self.total.row else _ZERO
        for share, amount in self.parts:
            if operand.row == share.row:
                slope += amount.value
            elif operand.row == amount.row:
                slope += share.value
        if slope == 0:
            return None
        aim = operand.value + off * _HUNDRED / slope
        reach = self._tolerance * _HUNDRED / abs(slope)
        return Span(aim - reach, aim + reach)

    def formula(self) -> str:
        """货物支出 122.8 × 100% + 服务支出 2,792.96 × 100% = 2,915.76，报告为 2,792.96."""
        mixed = " + ".join(
            f"{a.name} {a.printed} × {s.printed}%" for s, a in self.parts if a.value and s.value
        )
        return f"{mixed or 0} = {self._mixed:,.2f}，报告的{self.total.name}为 {self.total.printed}"


@dataclass(frozen=True)
class Words:
    """What words say and figures, or other words, rule out; ``said`` is the whole finding."""

    operands: tuple[Operand, ...]
    said: str
    holds: bool

    def outcome(self) -> Outcome:
        """Whether the words are right."""
        return Outcome(Status.EXACT if self.holds else Status.BREAK)

    def wanted(self, operand: Operand) -> Span | None:
        """Words are not mended by a number."""
        del operand
        return None

    def formula(self) -> str:
        """What the words say."""
        return self.said


def is_worded(rule: Rule) -> bool:
    """Whether words are at stake, which are wrong where figures agree with one another."""
    return isinstance(rule, Words) or (isinstance(rule, Linear) and bool(rule.said))
