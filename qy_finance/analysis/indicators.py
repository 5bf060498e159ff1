"""Performance indicators (绩效指标) against their targets: how far ahead or behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from qy_finance.analysis.facts import Fact, FactError, find
from qy_finance.analysis.hotline_numbers import Said, said, year_of
from qy_finance.figures import Figure
from qy_finance.intervals import Approx, plain_unit
from qy_finance.narrative import Indicator
from qy_finance.report import Report

AT_MOST: Final = "≤"


@dataclass(frozen=True, slots=True)
class Aim:
    """An indicator with the figures of its target (目标值) and of what was reached (实际完成值).

    Attributes
    ----------
    name : str
    comparison : str
        ``≥`` or ``≤`` as printed; empty where no sign is printed: then the target is a value to be reached.
    target : Said
    actual : Said or None
        None where the report states none.
    reason : str
        Why it was missed, as stated; empty if nothing is stated.
    """

    name: str
    comparison: str
    target: Said
    actual: Said | None
    reason: str

    @property
    def comparable(self) -> bool:
        """Whether an actual value is stated, in the unit of the target."""
        return self.actual is not None and self.actual.noun == self.target.noun

    @property
    def met(self) -> bool | None:
        """Whether the printed actual value meets the printed target; None where they can't be compared."""
        return None if self.ahead is None else self.ahead.value >= 0

    @property
    def ahead(self) -> Approx | None:
        """Distance to target in :attr:`unit`, positive where the actual value is better.

        Better is above the target, or below it where the target is a ceiling (≤). A target is exact: it is set,
        not measured.
        """
        if self.actual is None or not self.comparable:
            return None
        goal, reached = self.target.exact.value, self.actual.exact
        sign = -1 if self.comparison == AT_MOST else 1
        distance = (reached.value - goal) * sign
        multiple = plain_unit(self._shared_unit)[0]
        return Approx(distance / multiple, reached.half / multiple)

    @property
    def reached(self) -> Approx | None:
        """Actual value in % of the target, so that indicators of different units compare; None for a target of 0."""
        if self.actual is None or not self.comparable or self.target.exact.value <= 0:
            return None
        return self.actual.exact.percent_of(Approx(self.target.exact.value))

    @property
    def lead(self) -> Decimal | None:
        """:attr:`ahead` in % of the target."""
        if self.reached is None:
            return None
        beyond = self.reached.value - 100
        return -beyond if self.comparison == AT_MOST else beyond

    @property
    def unit(self) -> str:
        """Unit of the distance: that of both figures (万条), the plain one (条) where they differ, 个百分点 for %."""
        if self.target.noun == "%":
            return "个百分点"
        return self._shared_unit or self.target.noun

    @property
    def _shared_unit(self) -> str:
        """The unit of both figures; empty where they differ."""
        figures = [one for one in (self.target, self.actual) if one is not None]
        units = {one.fact.unit.removesuffix("/年") for one in figures}
        return units.pop() if len(units) == 1 else ""


def indicators(report: Report) -> list[Aim]:
    """The indicators of a report (``Report.kpis``) with the observations that they were read from.

    Those that missed their target first, by how far they are behind in % of it; then the others by how far they are
    ahead; last those that can't be compared.

    Raises
    ------
    FactError
        An indicator and the figure that it was read from have different values.
    """
    facts = {fact.start: fact for fact in find(report)}
    year = year_of(report)

    def checked(figure: Figure, value: Decimal) -> Said:
        fact: Fact = facts[figure.start]
        if fact.value != value:
            raise FactError(str(report.meta["file"]), f"line {fact.line}", f"{value}", fact.printed)
        return said(fact, figure.year or year)

    aims = [
        Aim(
            indicator.name,
            indicator.comparison,
            checked(target, indicator.target),
            None
            if actual is None or indicator.actual is None
            else checked(actual, indicator.actual),
            indicator.reason,
        )
        for indicator, target, actual in _figures(report)
    ]
    return sorted(aims, key=_order)


def _figures(report: Report) -> Iterator[tuple[Indicator, Figure, Figure | None]]:
    """Each indicator with the figures of its target and actual value.

    An indicator is made of every target, in the order of reading, with the first actual value up to the next target.
    """
    read = report._narrative
    targets = [at for at, figure in enumerate(read.figures) if figure.measure == "target"]
    spans = pairwise([*targets, len(read.figures)])
    for indicator, (at, end) in zip(read.indicators, spans, strict=True):
        reached = [figure for figure in read.figures[at:end] if figure.measure == "actual"]
        yield indicator, read.figures[at], reached[0] if indicator.actual is not None else None


def _order(aim: Aim) -> tuple[int, Decimal]:
    rank = 2 if aim.met is None else int(aim.met)
    return rank, Decimal(0) if aim.lead is None else Decimal(aim.lead)
