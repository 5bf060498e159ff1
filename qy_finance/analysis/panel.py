"""Notebook 06: all reports of a catalogue side by side, units over years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final, Protocol

import pandas as pd

from qy_finance.analysis.measures import COLUMNS, MEASURES, MONEY, ReportingUnit, Value
from qy_finance.analysis.members import Member, Unread
from qy_finance.analysis.ranked import Basis, Group, Ranking
from qy_finance.errors import ParameterError, UnknownReportError
from qy_finance.numbers import Number
from qy_finance.units.links import Succession

MOST: Final = 15
"""Rows that a figure shows; the rest is for a sentence to name."""


@dataclass(frozen=True)
class Change:
    """A value against that of the year before, which the catalogue's report prints or this year's implies."""

    before: Value
    after: Value

    @property
    def agrees(self) -> bool:
        """Whether both are the same number, as their check (勾稽, 年度间) found; without one, whether they can be."""
        found = self.after.agrees
        return self.before.number.meets(self.after.number) if found is None else found

    @property
    def doubted(self) -> bool:
        """Whether a contradiction touches one of the two."""
        return self.before.doubted or self.after.doubted

    @cached_property
    def amount(self) -> Number:
        """The change in 万元."""
        return self.after.number - self.before.number

    @cached_property
    def rate(self) -> Number | None:
        """The change in % of the year before; None where that can be 0."""
        return self.amount.percent_of(self.before.number)


class Dated(Protocol):
    """What stands between a year and the one before it."""

    @property
    def year(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Series:
    """A line over years: its name, the values in the order of years, the last rate of change, and what breaks it.

    ``breaks`` are what makes years differ in what they are of: of a panel the links of its unit to others.
    """

    name: str
    values: Sequence[Value]
    rate: Number | None
    breaks: Sequence[Dated] = ()


class Panel:
    """The reports of a catalogue: those that were read, by unit and year, and those that can't be.

    Parameters
    ----------
    reports
        What :func:`qy_finance.catalogue.reports` gives.
    links
        Which units follow which (:func:`qy_finance.units.links.links`): lines of a unit that was renamed are one.
    """

    dropped: Mapping[ReportingUnit, tuple[int, ...]] = MappingProxyType({})
    """Of a balanced panel: the units that are left out, and the years that each lacks."""

    def __init__(
        self, reports: Iterable[Member | Unread], links: Iterable[Succession] = ()
    ) -> None:
        found = list(reports)
        self.links = list(links)
        self.members = [one for one in found if isinstance(one, Member)]
        self.unread = [one for one in found if isinstance(one, Unread)]

    @cached_property
    def subjects(self) -> list[ReportingUnit]:
        """The units, in the order of the catalogue."""
        return list(dict.fromkeys(member.subject for member in self.members))

    @cached_property
    def values(self) -> list[Value]:
        """The values of all reports."""
        return [value for member in self.members for value in member.values]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each report and measure, and for each implied value of its last year; see :func:`codebook`."""
        rows = []
        for member in self.members:
            for one in member.values:
                what, number = one.measure, one.number
                ends = number.span if what.unit == MONEY else (None, None)
                told = member.report_id, *one.subject, one.year, what.key, what.name, number, *ends
                rows.append((*told, what.unit, one.derived, one.doubted))
        kinds = {name: kind for name, (kind, _) in COLUMNS.items()}
        return pd.DataFrame(rows, columns=list(kinds), dtype="object").astype(kinds)

    @cached_property
    def basis(self) -> Basis | None:
        """What most reports can be ranked by: of several scopes and years that as many have, the newest year."""
        counts = Counter(Basis(one.subject.scope, one.year) for one in self.members)
        return max(counts, key=lambda one: (counts[one], one.year, one.scope), default=None)

    @cached_property
    def latest(self) -> dict[str, Ranking]:
        """Who is first in each measure, by key; of :attr:`basis`."""
        return {key: self.ranking(key) for key in MEASURES}

    def ranking(self, key: str, scope: str = "", year: int | None = None) -> Ranking:
        """Who is first in a measure, among accounts of one scope and year; by default those of :attr:`basis`."""
        usual = self.basis or Basis(scope, year or 0)
        basis = Basis(scope or usual.scope, usual.year if year is None else year)
        printed = [one for one in self.values if one.measure.key == key and not one.derived]
        ranked = [one for one in printed if Basis(one.subject.scope, one.year) == basis]
        order = sorted(ranked, key=lambda value: value.number, reverse=True)
        inside = {one.subject for one in ranked}
        others = dict.fromkeys(one.subject for one in printed if one.subject not in inside)
        return Ranking(MEASURES[key], basis, tuple(order), tuple(others))

    @cached_property
    def groups(self) -> list[Group]:
        """The reports that can be held against each other, the largest groups first; see :meth:`peers`."""
        found: dict[tuple[Basis, str, str], list[Member]] = {}
        for one in self.members:
            about = one.about
            if about.kind and about.level:
                key = Basis(one.subject.scope, one.year), about.kind, about.level
                found.setdefault(key, []).append(one)
        made = [Group(*key, tuple(some)) for key, some in found.items()]
        return sorted(made, key=lambda one: (-len(one.members), -one.basis.year))

    def peers(self, report_id: str) -> tuple[Member, ...]:
        """The other reports of the same scope and year by units of the same kind and level.

        None where kind or level of the unit is not certain: ``about.why`` of its member says the reason.

        Raises
        ------
        UnknownReportError
            The panel has no report of that id.
        """
        if report_id not in {one.report_id for one in self.members}:
            raise UnknownReportError("panel", "report_id", "one of its reports", report_id)
        for group in self.groups:
            if any(one.report_id == report_id for one in group.members):
                return tuple(one for one in group.members if one.report_id != report_id)
        return ()

    def balanced(self, years: Collection[int]) -> Panel:
        """The units that report in each of these years, and these years alone; ``dropped`` are the other units.

        Raises
        ------
        ParameterError
            No year is named.
        """
        if not years:
            raise ParameterError("panel", "years", "at least one year", "none")
        have: dict[ReportingUnit, set[int]] = {subject: set() for subject in self.subjects}
        for one in self.members:
            have[one.subject].add(one.year)
        lacking = {who: tuple(sorted(set(years) - some)) for who, some in have.items()}
        kept = [one for one in self.members if not lacking[one.subject] and one.year in years]
        made = Panel([*kept, *self.unread], self.links)
        made.dropped = {who: missing for who, missing in lacking.items() if missing}
        return made

    @cached_property
    def by_year(self) -> dict[str, dict[tuple[ReportingUnit, int, bool], list[Value]]]:
        """The values of each group of measures by unit, year and whether they are implied."""
        found: dict[str, dict[tuple[ReportingUnit, int, bool], list[Value]]]
        found = {one.group: {} for one in MEASURES.values()}
        for value in self.values:
            key = value.subject, value.year, value.derived
            found[value.measure.group].setdefault(key, []).append(value)
        return found

    @cached_property
    def changes(self) -> list[Change]:
        """Each measure of money against the year before, which is printed in the catalogue or implied."""
        printed = self._money(derived=False)
        known = self._money(derived=True) | printed
        return [
            Change(known[subject, key, year - 1], after)
            for (subject, key, year), after in printed.items()
            if (subject, key, year - 1) in known
        ]

    @cached_property
    def compared(self) -> list[Change]:
        """The changes of the measure that has the most rates, of :attr:`basis`."""
        rated = [
            one
            for one in self.changes
            if one.rate is not None and Basis(one.after.subject.scope, one.after.year) == self.basis
        ]
        counts = Counter(one.after.measure.key for one in rated)
        most = max(MEASURES, key=lambda key: counts[key])
        return [one for one in rated if one.after.measure.key == most]

    @cached_property
    def series(self) -> list[Series]:
        """Lines over years: of one unit each measure of money, of several units 本年支出 of those with several reports.

        Where a year is printed and implied, it is the printed value. What has one year only is left out. A unit that
        was renamed has one line, under its last name.
        """
        known = self._money(derived=True) | self._money(derived=False)
        rates = {one.after: one.rate for one in self.changes}
        reports = Counter(self._last[member.subject] for member in self.members)
        alone = self.is_of_one
        lines: dict[tuple[ReportingUnit, str], dict[int, Value]] = {}
        for value in sorted(known.values(), key=lambda value: (value.year, not value.derived)):
            line = lines.setdefault((self._last[value.subject], value.measure.key), {})
            line[value.year] = value
        return [
            Series(
                measure.name if alone else subject.name,
                some := list(lines[subject, key].values()),
                rates.get(some[-1]),
                self._breaks(some),
            )
            for subject in reports
            for key, measure in MEASURES.items()
            if len(lines.get((subject, key), {})) > 1
            and (alone or (key == "expenditure" and reports[subject] > 1))
        ]

    @cached_property
    def is_of_one(self) -> bool:
        """Whether all reports are of one unit, renamed or not."""
        return len({self._last[subject] for subject in self.subjects}) == 1

    @cached_property
    def _last(self) -> dict[ReportingUnit, ReportingUnit]:
        """Each unit under its last name, of those in the panel."""
        renamed = {one.predecessor: one.successor for one in self.links if one.is_renaming}
        known = {(one.unit, one.scope): one for one in self.subjects}
        found = {}
        for subject in self.subjects:
            name, last, passed = subject.unit, subject, {subject.unit}
            while (name := renamed.get(name, "")) and name not in passed:
                passed.add(name)
                last = known.get((name, subject.scope), last)
            found[subject] = last
        return found

    def _breaks(self, line: Sequence[Value]) -> tuple[Succession, ...]:
        """The links that the units of a line have to others, within its years."""
        names, years = {one.subject.unit for one in line}, (line[0].year, line[-1].year)
        return tuple(
            one for one in self.links if one.concerns(names) and years[0] < one.year <= years[1]
        )

    @cached_property
    def agreement(self) -> list[Change]:
        """Values that one report prints (``before``) and the next one implies (``after``)."""
        implied = self._money(derived=True)
        printed = self._money(derived=False)
        return [Change(one, after) for key, one in printed.items() if (after := implied.get(key))]

    def _money(self, *, derived: bool) -> dict[tuple[ReportingUnit, str, int], Value]:
        """Amounts by unit, measure and year."""
        return {
            (one.subject, one.measure.key, one.year): one
            for one in self.values
            if one.measure.unit == MONEY and one.derived is derived
        }


def codebook() -> pd.DataFrame:
    """The columns of :attr:`Panel.frame`, to be read: 列, 类型, 含义 (string)."""
    rows = [(name, *told) for name, told in COLUMNS.items()]
    return pd.DataFrame(rows, columns=["列", "类型", "含义"], dtype="string")
