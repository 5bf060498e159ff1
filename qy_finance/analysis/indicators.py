"""Notebook 04: indicators (绩效指标) against their targets, self-evaluation (绩效自评), counts that are divided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from qy_finance.analysis import knowledge
from qy_finance.checks import CheckSet
from qy_finance.checks.changes import leaf
from qy_finance.checks.relations import AT_LEAST, AT_MOST, comparable, met, met_in_table
from qy_finance.evaluation import TableIndicator
from qy_finance.facts import Fact
from qy_finance.numbers import Number, total
from qy_finance.reading import Reading

_KNOWN: Final = knowledge("indicators.toml")


@dataclass(frozen=True, eq=False)
class Attainment:
    """An indicator: its target (目标值), what was reached (实际完成值), and how far these are apart.

    ``comparison`` is ``≥``, ``≤`` or ``=`` as printed; empty where no sign is printed: then the target is a value to be
    reached. ``reason`` is why it was missed, as stated. ``met`` is what the checks decide; None where no actual value
    is stated, or none that can be compared, or the table does not say which way is better. ``row`` is the row of a
    self-evaluation table, None in prose.
    """

    comparison: str
    target: Fact
    actual: Fact | None
    reason: str
    met: bool | None
    row: TableIndicator | None = None

    @property
    def is_worded(self) -> bool:
        """Whether words are printed where what was reached should be a number."""
        return self.actual is None and self.row is not None and self.row.actual_said != ""

    @property
    def is_open(self) -> bool:
        """Whether both values compare, but nothing says which is better."""
        return self.met is None and self.actual is not None and comparable(self.target, self.actual)

    @property
    def name(self) -> str:
        """What is to be reached."""
        return self.target.item

    @property
    def has_ceiling(self) -> bool:
        """Whether less is better; where a table sets nothing at all (0 次), too."""
        unsaid = self.row is not None and self.comparison not in (AT_LEAST, AT_MOST)
        return self.comparison == AT_MOST or (unsaid and not self.target.value)

    @cached_property
    def _in_one_unit(self) -> tuple[Number, Number, str] | None:
        """Target and actual value in the unit that both are printed in, the plain one (条) where these differ."""
        target, actual = self.target, self.actual
        if actual is None or self.met is None:
            return None
        printed = {one.unit_of_measure.removesuffix("/年") for one in (target, actual)}
        if len(printed) == 1:
            return target.number, actual.number, printed.pop()
        return target.compared, actual.compared, target.noun or actual.noun

    @cached_property
    def ahead(self) -> Number | None:
        """Distance to target in :attr:`unit`, positive where the actual value is better."""
        both = self._in_one_unit
        return self._better(both[1] - both[0]) if both else None

    @cached_property
    def reached(self) -> Number | None:
        """Actual value in % of the target, so that indicators of different units compare; None for a target of 0."""
        both = self._in_one_unit
        return both[1].percent_of(both[0]) if both else None

    @property
    def lead(self) -> Number | None:
        """:attr:`ahead` in % of the target."""
        return None if self.reached is None else self._better(self.reached - 100)

    def _better(self, more: Number) -> Number:
        return -more if self.has_ceiling else more

    @property
    def unit(self) -> str:
        """Unit of the distance; 个百分点 for %."""
        printed = self._in_one_unit[2] if self._in_one_unit else self.target.unit
        return "个百分点" if self.target.unit == "%" else printed


class Performance:
    """What a report states of its performance (绩效).

    ``indicators`` (those of ``Report.kpis`` whose target is a number) that missed their target stand first, by how far
    they are behind in % of it; then the others by how far they are ahead; last those that can't be compared.
    ``evaluation`` are the figures of the self-evaluation in the prose, in the order of the report: projects, their
    money and its share, scores, grades.
    """

    def __init__(self, checks: CheckSet) -> None:
        self.reading = reading = checks.reading
        found = []
        for one in reading.indicators:
            target, actual = reading.fact(one.target), one.actual and reading.fact(one.actual)
            judged = met(target, actual, one.comparison)
            found.append(Attainment(one.comparison, target, actual, one.reason, judged))
        for row in reading.evaluations:
            if row.target is not None:
                target, actual = reading.fact(row.target), row.actual and reading.fact(row.actual)
                judged = met_in_table(target, actual, row.comparison)
                found.append(Attainment(row.comparison, target, actual, row.reason, judged, row))
        #: indicators of tables whose target is words, a date or a scale
        self.worded = sum(row.target is None for row in reading.evaluations)
        self.indicators = sorted(found, key=_order)
        self.missed = [one for one in self.indicators if one.met is False]
        section, year = _KNOWN["evaluation"]["section"], reading.identity.year
        own = (fact for fact in reading.find(section=section) if fact.year == year)
        self.evaluation = list(_evaluation(own))

    @property
    def used(self) -> list[Fact]:
        """The observations that sentences about it use."""
        told = (one for one in self.indicators if one.row is None)
        both = (fact for one in told for fact in (one.target, one.actual) if fact)
        return [*both, *self.evaluation]


def _order(one: Attainment) -> tuple[int, Number]:
    return 2 if one.met is None else int(one.met), one.lead or Number(0)


def _evaluation(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Shares (占…) and completion (完成预算的…) where the amount that they belong to stands before them."""
    known = _KNOWN["evaluation"]
    of_money = False
    for fact in facts:
        match fact.measure:
            case "amount":
                named = re.search(known["money"], fact.item)
                chosen = of_money = bool(re.search(known["amount"], fact.column) or named)
            case "share" | "completion_rate":
                chosen = of_money and fact.column != ""
            case "score":  # 满分 is the scale, not what was given
                chosen = "满分" not in fact.item
            case "count":
                named = re.search(known["counted"], fact.item)
                chosen = fact.unit in known["units"] and named is not None
                chosen = chosen and not re.search(known["scale"], leaf(fact.item))
                of_money = False
            case _:
                chosen = of_money = False
        if chosen:
            yield fact


def is_own_score(fact: Fact) -> bool:
    """Whether a figure is what a unit gave itself: no 评价得分 of others, no 0 of a template that nobody filled in."""
    by_others = "评价得分" in fact.item and "自评" not in fact.item
    return fact.measure == "score" and fact.value != 0 and not by_others


@dataclass(frozen=True)
class Breakdown:
    """A count that a sentence divides into parts, largest first, and whether it tells them in that order."""

    whole: Fact
    parts: list[Fact]
    sorted_as_told: bool

    @property
    def name(self) -> str:
        """What is divided, without the heading before it."""
        return leaf(self.whole.item)

    @cached_property
    def covered(self) -> Number:
        """Sum of the parts."""
        return total(part.compared for part in self.parts)

    @cached_property
    def rest(self) -> Number:
        """What the parts leave of the whole."""
        return self.whole.compared - self.covered

    @property
    def complete(self) -> bool:
        """Whether the parts can be all of the whole."""
        return self.rest.low <= 0 <= self.rest.high

    def share(self, part: Number) -> Number:
        """A part in % of the whole."""
        return 100 * part / self.whole.compared


def breakdowns(reading: Reading, own: Sequence[Fact], about: str) -> list[Breakdown]:
    """The counts of the performance chapter that are divided into two parts or more, in their order.

    A total, and the counts of the same kind behind it in its sentence, if each is smaller and all together fit in;
    ``about`` is ``topics`` of work orders (工单) or ``training``.
    """
    known = _KNOWN["divided"]
    counts = [f for f in own if f.measure == "count" and re.search(known["section"], f.section)]
    found = []
    for at, whole in enumerate(counts):
        if not re.search(known[about], whole.item):
            continue
        end = reading.text.find("。", whole.figure.end)
        parts = [
            part
            for part in counts[at + 1 :]
            if (end == -1 or part.figure.start < end)
            and part.noun == whole.noun
            and 0 < part.value < whole.value
        ]
        ordered = sorted(parts, key=lambda part: -part.value)
        division = Breakdown(whole, ordered, sorted_as_told=ordered == parts)
        if len(parts) > 1 and division.rest.high >= 0 and whole.span.low > 0:
            found.append(division)
    return found
