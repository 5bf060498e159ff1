"""Notebook 08: all years of one unit: what each report prints, what the next one implies, what breaks the series."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from qy_finance.analysis.bridges import AccountSeries, economic, functional
from qy_finance.analysis.measures import MEASURES, MONEY, Measure, ReportingUnit, Value, values
from qy_finance.analysis.members import Unread
from qy_finance.analysis.panel import Change, Series
from qy_finance.checks import CheckSet
from qy_finance.reading import Reading
from qy_finance.units.links import Succession

GROUPS: Final = ("sums", "structure", "office")
"""The groups of measures that are shown over years; those of transparency are of reports, not of units."""

_DRAWN: Final = (
    "expenditure", "income", "general", "fund", "basic", "project", "operating", "three_public", "procurement",
)  # fmt: skip
_NOT_SAID: Final = "not said"

What = Literal["unit", "gap", "money", "restated"]


class YearColumn(NamedTuple):
    """A year of the series; ``implied``: no report of it is there, and what is known follows from the next one."""

    year: int
    implied: bool


@dataclass(frozen=True)
class SeriesBreak:
    """What stands between a year and the one before it, so that their values are not of the same thing.

    Attributes
    ----------
    year : int
        The first year behind it.
    what : str
        ``unit`` (a line of ``units_links.csv``), ``gap`` (years without a report), ``money`` (the 三公 table is of
        another money) or ``restated`` (the next report implies another value than was printed).
    measure : str
        The one that it breaks; empty for all.
    link, change : Succession or None, Change or None
        The line; the two values.
    since : int
        Of a gap: the last year before it.
    """

    year: int
    what: What
    measure: str = ""
    link: Succession | None = None
    change: Change | None = None
    since: int = 0


class Years:
    """The reports of one unit and scope, one for each year.

    Parameters
    ----------
    reports
        Their checks, each by itself, the earliest first.
    links
        The lines of ``units_links.csv`` that name the unit.
    unread
        Its reports that can't be read.
    """

    def __init__(
        self,
        reports: Sequence[CheckSet],
        links: Iterable[Succession] = (),
        unread: Iterable[Unread] = (),
    ) -> None:
        self.checks = [_against(one, before) for before, one in pairwise([None, *reports]) if one]
        self.links, self.unread = list(links), list(unread)
        self._values = [value for one in self.checks for value in values(one, _subject(one))]

    @property
    def readings(self) -> list[Reading]:
        """What was read of each report."""
        return [one.reading for one in self.checks]

    @cached_property
    def years(self) -> list[int]:
        """Those that a report is of."""
        return [one.identity.year for one in self.readings]

    @property
    def is_alone(self) -> bool:
        """Whether there is one report, so that nothing is over years but what that says itself of the year before."""
        return len(self.years) == 1

    @cached_property
    def printed(self) -> dict[tuple[str, int], Value]:
        """What the report of a year states, by measure and year."""
        return {(one.measure.key, one.year): one for one in self._values if not one.derived}

    @cached_property
    def implied(self) -> dict[tuple[str, int], Value]:
        """What the next report implies for a year."""
        return {(one.measure.key, one.year): one for one in self._values if one.derived}

    @cached_property
    def columns(self) -> list[YearColumn]:
        """The years of which anything is known, in order."""
        found = {year: YearColumn(year, implied=True) for _, year in self.implied}
        found |= {year: YearColumn(year, implied=False) for year in self.years}
        return [found[year] for year in sorted(found)]

    def value(self, key: str, column: YearColumn) -> Value | None:
        """A measure in a year: as the report states it; only where there is no report of that year, as implied."""
        return (self.implied if column.implied else self.printed).get((key, column.year))

    def measures(self, *groups: str) -> list[Measure]:
        """Those of which anything is known, in their order."""
        chosen = (one for one in MEASURES.values() if one.group in groups)
        return [one for one in chosen if any(self.value(one.key, at) for at in self.columns)]

    @cached_property
    def latest(self) -> dict[str, Change]:
        """Each measure of money in the last year against the year before, which is printed or implied."""
        year = self.years[-1]
        found = {}
        for key in MEASURES:
            after = self.printed.get((key, year))
            before = self.printed.get((key, year - 1)) or self.implied.get((key, year - 1))
            if after and before and after.measure.unit == MONEY:
                found[key] = Change(before, after)
        return found

    def over(self, key: str) -> Change | None:
        """A measure from the first year of a report that states it to the last; None where that is one."""
        stated = [year for year in self.years if (key, year) in self.printed]
        if len(stated) < 2:
            return None
        return Change(self.printed[key, stated[0]], self.printed[key, stated[-1]])

    @cached_property
    def agreement(self) -> list[Change]:
        """Values that one report prints (``before``) and the next one implies (``after``), by year."""
        both = [
            Change(one, self.implied[key])
            for key, one in self.printed.items()
            if key in self.implied
        ]
        return sorted(both, key=lambda one: one.before.year)

    @cached_property
    def unprinted(self) -> list[Value]:
        """What the next report implies of a year whose own report does not state it."""
        missing = self.implied.keys() - self.printed.keys()
        return [one for key, one in self.implied.items() if key in missing and key[1] in self.years]

    @cached_property
    def breaks(self) -> list[SeriesBreak]:
        """What breaks the series, by year."""
        first, last = self.columns[0].year, self.columns[-1].year
        found = [
            SeriesBreak(one.year, "unit", link=one)
            for one in self.links
            if first < one.year <= last
        ]
        for before, after in pairwise(self.readings):
            year, since = after.identity.year, before.identity.year
            if year - since > 1:
                found.append(SeriesBreak(year, "gap", since=since))
            monies = [one.three_public.get("money", _NOT_SAID) for one in (before, after)]
            if len(set(monies)) > 1 and _NOT_SAID not in monies:
                found.append(SeriesBreak(year, "money", "three_public"))
        found += [
            SeriesBreak(one.before.year + 1, "restated", one.before.measure.key, change=one)
            for one in self.agreement
            if not one.agrees
        ]
        return sorted(found, key=lambda one: one.year)

    def breaks_of(self, key: str) -> list[SeriesBreak]:
        """Those that break one measure."""
        return [one for one in self.breaks if one.measure in ("", key)]

    @cached_property
    def series(self) -> list[Series]:
        """Lines of the measures of money that a picture shows, of those with more than one value."""
        found = []
        for key in _DRAWN:
            line = [one for at in self.columns if (one := self.value(key, at))]
            if len(line) > 1 and any(one.number for one in line):
                change = self.latest.get(key)
                rate = change.rate if change else None
                found.append(Series(MEASURES[key].name, line, rate, self.breaks_of(key)))
        return found

    @cached_property
    def functional(self) -> AccountSeries:
        """本年支出 by functional account."""
        return functional(self.readings)

    @cached_property
    def economic(self) -> AccountSeries:
        """Basic expenditure by economic account."""
        return economic(self.readings)


def _subject(checks: CheckSet) -> ReportingUnit:
    who = checks.reading.identity
    return ReportingUnit(who.unit, who.unit, who.scope)


def _against(one: CheckSet, before: CheckSet | None) -> CheckSet:
    """A report with its checks against the year before, where that is of the same name and scope."""
    if before is None:
        return one
    own, other = one.reading.identity, before.reading.identity
    is_next = (own.unit, own.scope, own.year - 1) == (other.unit, other.scope, other.year)
    return one.against(before) if is_next else one
