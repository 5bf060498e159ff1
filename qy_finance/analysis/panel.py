"""Notebook 06: all reports of a catalogue side by side, units over years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median, quantiles
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.analysis.measures import (
    COLUMNS,
    MEASURES,
    MONEY,
    Measure,
    ReportingUnit,
    Value,
    values,
)
from qy_finance.checks import CheckSet
from qy_finance.checks.model import Check, Status
from qy_finance.numbers import Number

MOST: Final = 15
"""Rows that a figure shows; the rest is for a sentence to name."""

_LEAST: Final = 8  # units from which on one stands out from the others
_FENCE: Final = Decimal("1.5")
"""Tukey's fences: this many interquartile ranges beyond the quartiles."""


@dataclass(frozen=True)
class Member:
    """A report of the panel: whose and of when, its checks with those against the year before, notes of the reading."""

    subject: ReportingUnit
    year: int
    checks: CheckSet
    notes: tuple[str, ...] = ()

    @cached_property
    def values(self) -> list[Value]:
        """What it states of each measure, and last year's values that it implies."""
        return values(self.checks, self.subject)

    def broken(self, severity: str) -> int:
        """Contradictions of figures (error), or of words and of what is less grave (warning)."""
        return sum(one.check.identity.severity == severity for one in self.checks.findings)


class Unread(NamedTuple):
    """A report that can't be read: whose and of when it is, and why; without a year, a line of the catalogue."""

    subject: ReportingUnit
    year: int | None
    error: str


@dataclass(frozen=True)
class Ranking:
    """The printed value of a measure in the last year of each unit that states it, largest first."""

    measure: Measure
    values: tuple[Value, ...]

    @cached_property
    def median(self) -> Decimal:
        """The value in the middle, exact and with its one or two sources."""
        return median(value.number for value in self.values)

    @cached_property
    def outliers(self) -> tuple[Value, ...]:
        """Those that stand out: beyond Tukey's fences; none among few units."""
        if len(self.values) < _LEAST:
            return ()
        low, _, high = quantiles((one.number for one in self.values), method="inclusive")
        reach = _FENCE * (high - low)
        return tuple(one for one in self.values if not low - reach <= one.number <= high + reach)


@dataclass(frozen=True)
class Change:
    """A value against that of the year before, which the catalogue's report prints or this year's implies."""

    before: Value
    after: Value
    check: Check | None = None
    """What holds an implied value against the printed one (勾稽, 年度间); None where nothing does."""

    @property
    def agrees(self) -> bool:
        """Whether both are the same number, as their check found; without one, whether they can be."""
        if self.check is not None:
            return self.check.status is not Status.BREAK
        return self.before.number.meets(self.after.number)

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


@dataclass(frozen=True, slots=True)
class Series:
    """A line over years: its name, the values in the order of years, and the last rate of change."""

    name: str
    values: Sequence[Value]
    rate: Number | None


class Panel:
    """The reports of a catalogue: those that were read, by unit and year, and those that can't be."""

    def __init__(self, reports: Iterable[Member | Unread]) -> None:
        found = list(reports)
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
            report = member.checks.reading.identity.report_id
            for one in member.values:
                what, number = one.measure, one.number
                ends = number.span if what.unit == MONEY else (None, None)
                told = report, *one.subject, one.year, what.key, what.name, number, *ends
                rows.append((*told, what.unit, one.derived, one.doubted))
        kinds = {name: kind for name, (kind, _) in COLUMNS.items()}
        return pd.DataFrame(rows, columns=list(kinds), dtype="object").astype(kinds)

    @cached_property
    def latest(self) -> dict[str, Ranking]:
        """Who is first in each measure, by key."""
        printed = [value for value in self.values if not value.derived]
        found = {}
        for key, measure in MEASURES.items():
            last = {value.subject: value for value in printed if value.measure is measure}
            order = sorted(last.values(), key=lambda value: value.number, reverse=True)
            found[key] = Ranking(measure, tuple(order))
        return found

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
        """The changes of the measure that has the most rates, the last year of each unit."""
        rated = [one for one in self.changes if one.rate is not None]
        last = {(one.after.measure.key, one.after.subject): one for one in rated}
        counts = Counter(key for key, _ in last)
        most = max(MEASURES, key=lambda key: counts[key])
        return [one for (key, _), one in last.items() if key == most]

    @cached_property
    def series(self) -> list[Series]:
        """Lines over years: of one unit each measure of money, of several units 本年支出 of those with several reports.

        Where a year is printed and implied, it is the printed value. What has one year only is left out.
        """
        alone = len(self.subjects) == 1
        reports = Counter(member.subject for member in self.members)
        rates = {one.after: one.rate for one in self.changes}
        known = self._money(derived=True) | self._money(derived=False)
        lines: dict[tuple[ReportingUnit, str], list[Value]] = {}
        for value in sorted(known.values(), key=lambda value: value.year):
            lines.setdefault((value.subject, value.measure.key), []).append(value)
        return [
            Series(measure.name if alone else subject.name, some, rates.get(some[-1]))
            for subject in self.subjects
            for key, measure in MEASURES.items()
            if len(some := lines.get((subject, key), [])) > 1
            and (alone or (key == "expenditure" and reports[subject] > 1))
        ]

    @cached_property
    def agreement(self) -> list[Change]:
        """Values that one report prints (``before``) and the next one implies (``after``)."""
        implied = self._money(derived=True)
        printed = self._money(derived=False)
        checks = {(one.subject, one.year - 1): one.checks for one in self.members}

        def held(after: Value) -> Check | None:
            made = checks[after.subject, after.year]
            found = (made.verdict("years.base", source) for source in after.number.sources)
            return next(filter(None, found), None)

        return [
            Change(one, after, held(after))
            for key, one in printed.items()
            if (after := implied.get(key))
        ]

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
