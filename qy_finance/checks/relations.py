"""How figures must agree: sums, percentages, mixtures, and what words say of them.

Every figure stands for an interval: itself, give or take half of its last digit. A relation holds if the intervals
can meet; no tolerance is chosen. Each relation also tells which value of one figure would make it hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final

from qy_finance.checks.model import ANY, Outcome, Relation, Sign, Status
from qy_finance.checks.sentence import Piece, Sentence, listed, printed, said, sentence, told
from qy_finance.facts import Fact
from qy_finance.language import t
from qy_finance.numbers import Span

AT_LEAST: Final = "≥"
AT_MOST: Final = "≤"
_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)


class Linear:
    """Sums that are equal, or of which the left is no more than the right (``≤``) or less (``<``).

    ``<`` is what words say (小于): printed figures are compared as they are. ``said`` are the words.
    ``less`` is the figure of the left that is taken away, not added.
    ``tolerance`` is how far apart rounding alone can put the two sides.
    """

    def __init__(
        self,
        left: Sequence[Fact],
        right: Sequence[Fact],
        relation: Sign = "=",
        said: Sentence | str = "",
        less: Fact | None = None,
    ) -> None:
        self.left, self.right, self.relation, self.said = left, right, relation, said
        self.less, self.operands = less, (*left, *right)
        lhs = sum([-fact.value if fact is less else fact.value for fact in left], _ZERO)
        rhs = sum([fact.value for fact in right], _ZERO)
        self.difference = lhs - rhs
        self.tolerance = sum([fact.half for fact in self.operands], _ZERO)
        self.outcome = Outcome(self._status(), lhs, rhs, self.difference, self.tolerance)

    def _status(self) -> Status:
        if self.relation == "<":
            return Status.EXACT if self.difference < 0 else Status.BREAK
        if self.difference == 0 or (self.relation == "≤" and self.difference < 0):
            return Status.EXACT
        off = self.difference if self.relation == "≤" else abs(self.difference)
        return Status.TAIL if off <= self.tolerance else Status.BREAK

    def signs(self, fact: Fact) -> list[int]:
        """Of each time that a figure stands in it: 1 on the left, -1 on the right or where it is taken away."""
        left = [-1 if one is self.less else 1 for one in self.left if one.row == fact.row]
        return left + [-1 for one in self.right if one.row == fact.row]

    def wanted(self, fact: Fact) -> Span | None:
        """The printed values of one figure with which the relation would hold."""
        weight = sum(self.signs(fact))
        if weight == 0:  # it stands on both sides
            return None if self.outcome.status is Status.BREAK else ANY
        aim = fact.value - self.difference / weight
        reach = -2 * fact.half if self.relation == "<" else self.tolerance / abs(weight)
        if self.relation == "=":
            return Span(aim - reach, aim + reach)
        return Span(ANY.low, aim + reach) if weight > 0 else Span(aim - reach, ANY.high)

    def formula(self) -> Sentence:
        """总计 110.00 = 本年收入合计 100.00 + 年初结转和结余 10.00."""
        lead = said("{words}：", words=self.said) if self.said else ()
        full = len({fact.figure.table for fact in self.operands}) > 1
        sign = _DENIED[self.relation] if self.outcome.status is Status.BREAK else self.relation
        left, right = (_sum_of(side, self.less, full) for side in (self.left, self.right))
        return Sentence((*lead, *left, f" {sign} ", *right))


_DENIED: Final = {"=": "≠", "≤": ">", "<": "≥"}


def _sum_of(facts: Sequence[Fact], less: Fact | None, full: bool) -> list[Piece]:
    """Figures as a sum; zeros among several are left out."""
    parts: list[Piece] = []
    for fact in [fact for fact in facts if fact.value] or facts[:1]:
        minus = (fact is less) != (fact.value < 0)
        lead = (" − " if minus else " + ") if parts else ("−" if minus else "")
        named = fact.full if full else fact.name
        parts += [*filter(None, (lead, named)), *([" "] if named else ()), fact]
    return parts or [t("空白")]


@dataclass(frozen=True)
class Mix:
    """A sum that is made of stated shares of other sums: Σ share × amount = total."""

    total: Fact
    parts: tuple[tuple[Fact, Fact], ...]
    """Pairs of a share (%) and the sum that it is of."""
    said: str = ""

    @property
    def operands(self) -> tuple[Fact, ...]:
        """The total, and each share and sum."""
        return (self.total, *(fact for pair in self.parts for fact in pair))

    @cached_property
    def _mixed(self) -> Decimal:
        return sum((s.value * a.value / _HUNDRED for s, a in self.parts), _ZERO)

    @cached_property
    def _tolerance(self) -> Decimal:
        spread = (2 * s.half * a.value + s.value * a.half for s, a in self.parts)
        return sum((one / _HUNDRED for one in spread), _ZERO) + self.total.half

    @property
    def outcome(self) -> Outcome:
        """Whether the shares give the total."""
        difference = self.total.value - self._mixed
        status = Status.TAIL if abs(difference) <= self._tolerance else Status.BREAK
        status = status if difference else Status.EXACT
        return Outcome(status, self.total.value, self._mixed, difference, self._tolerance)

    def wanted(self, fact: Fact) -> Span | None:
        """The printed values of one figure with which the shares would give the total."""
        off = self.total.value - self._mixed
        slope = -_HUNDRED if fact.row == self.total.row else _ZERO
        for share, amount in self.parts:
            if fact.row == share.row:
                slope += amount.value
            elif fact.row == amount.row:
                slope += share.value
        if slope == 0:
            return None
        aim = fact.value + off * _HUNDRED / slope
        reach = self._tolerance * _HUNDRED / abs(slope)
        return Span(aim - reach, aim + reach)

    def formula(self) -> Sentence:
        """货物支出 20.00 × 50% + 服务支出 80.00 × 100% = 90.00，报告为 80.00."""
        parts = ((share, amount) for share, amount in self.parts if amount.value and share.value)
        mixed = listed(((a.full, " ", a, " × ", printed(s), "%") for s, a in parts), " + ")
        made = told(f"{self._mixed:,.2f}", self._mixed, self.operands)
        return said(
            "{mixed} = {made}，报告的{name}为 {total}",
            mixed=mixed or "0", made=made, name=self.total.full, total=self.total,
        )  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What words say and figures, or other words, rule out; ``said`` is the whole finding."""

    operands: tuple[Fact, ...]
    said: Sentence | str
    holds: bool

    @property
    def outcome(self) -> Outcome:
        """Whether the words are right."""
        return Outcome(Status.EXACT if self.holds else Status.BREAK)

    def wanted(self, fact: Fact) -> Span | None:
        """Words are not mended by a number."""
        del fact
        return None

    def formula(self) -> Sentence:
        """What the words say."""
        return sentence(self.said)


def words_of(rule: Relation) -> Sentence:
    """The words that are at stake; empty where none are."""
    return sentence(rule.said)


def is_worded(rule: Relation) -> bool:
    """Whether words are at stake, which are wrong where figures agree with one another."""
    return bool(rule.said)


def comparable(target: Fact, actual: Fact | None) -> bool:
    """Whether an actual value is of the same things as its target; one without a unit is."""
    return actual is not None and (target.noun in ("", actual.noun) or not actual.noun)


def meets(target: Fact, actual: Fact, comparison: str, said: Sentence | str = "") -> Linear:
    """That the actual value meets the target, as far as their digits tell; ``said`` are words that claim it.

    A target without a sign is to be reached, and reached too where it is exceeded.
    """
    less, more = (actual, target) if comparison == AT_MOST else (target, actual)
    return Linear((less,), (more,), "≤", said)


def misses(target: Fact, actual: Fact, comparison: str, said: Sentence | str = "") -> Linear:
    """That the printed actual value does not meet the printed target; ``said`` are words that claim it."""
    less, more = (actual, target) if comparison == AT_MOST else (target, actual)
    return Linear((more,), (less,), "<", said)


def met(target: Fact, actual: Fact | None, comparison: str) -> bool | None:
    """Whether the printed actual value meets the printed target; None where there is none, or none to compare."""
    if actual is None or not comparable(target, actual):
        return None
    return misses(target, actual, comparison).difference >= 0


def met_in_table(target: Fact, actual: Fact | None, comparison: str) -> bool | None:
    """The same in a self-evaluation table, where a target without ≥ or ≤ does not say which way is better.

    Such a target is met by its own value. It is missed by less than 100 %, by more than 0: no value is better than
    these. Anything else is not judged: 25 days where 30 were planned, 5 % complaints where 3 % were.
    """
    if comparison in (AT_LEAST, AT_MOST) or actual is None or not comparable(target, actual):
        return met(target, actual, comparison)
    whole = target.unit == "%" and target.value == _HUNDRED and actual.value < target.value
    if target.value == actual.value:
        return True
    return False if whole or (target.value == 0 and actual.value > 0) else None
