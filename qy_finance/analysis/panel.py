"""Notebook 06: all reports of a catalogue side by side, units over years."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from qy_finance.analysis.measures import MONEY, Measure, Subject, Value, columns, measures, values
from qy_finance.checks import CheckSet
from qy_finance.checks.diagnose import Finding
from qy_finance.numbers import Number

MOST: Final = 15
"""Rows that a figure shows; the rest is for a sentence to name."""

_LEAST: Final = 8  # units from which on one stands out from the others
_FENCE: Final = 1.5
"""Tukey's fences: this many interquartile ranges beyond the quartiles."""


class Listed(NamedTuple):
    """A report of a catalogue, or why there is none.

    Attributes
    ----------
    subject, year : Subject, int
        Whose and of when it is, as the catalogue says.
    checks : CheckSet or None
        Its checks, with those against the year before where the catalogue has that; None where it can't be read.
    error : str
        Why it can't be read.
    notes : tuple of str
        What was noticed while it was read.
    """

    subject: Subject
    year: int
    checks: CheckSet | None = None
    error: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A report of the panel.

    Attributes
    ----------
    subject, year : Subject, int
        Whose and of when it is.
    report_id, money_unit : str
        Its id, and the unit of money of its tables.
    missing : tuple of str
        Names of standard tables that it lacks.
    errors, warnings : int
        Contradictions of figures, and of words or of what is less grave.
    notes : tuple of str
        What was noticed while it was read.
    values : tuple of Value
        What it states of each measure, and last year's values that it implies.
    findings : tuple of Finding
        Its contradictions.
    """

    subject: Subject
    year: int
    report_id: str
    money_unit: str
    missing: tuple[str, ...]
    errors: int
    warnings: int
    notes: tuple[str, ...]
    values: tuple[Value, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Ranking:
    """The printed value of a measure in the last year of each unit that states it, largest first."""

    measure: Measure
    values: tuple[Value, ...]

    @cached_property
    def median(self) -> Number:
        """The value in the middle, exact and with its one or two sources."""
        ordered = sorted(value.number for value in self.values)
        lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        return upper if len(ordered) % 2 else (lower + upper) / 2

    @cached_property
    def outliers(self) -> tuple[Value, ...]:
        """Those that stand out: beyond Tukey's fences; none among few units."""
        if len(self.values) < _LEAST:
            return ()
        numbers = np.array([float(value.number) for value in self.values])
        low, high = np.quantile(numbers, [0.25, 0.75])
        reach = _FENCE * (high - low)
        beyond = (numbers < low - reach) | (numbers > high + reach)
        return tuple(value for value, out in zip(self.values, beyond, strict=True) if out)


@dataclass(frozen=True)
class Change:
    """A value against that of the year before, which the catalogue's report prints or this year's implies."""

    before: Value
    after: Value

    @property
    def agrees(self) -> bool:
        """Whether both can be the same number."""
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
    """A line over years: its name, years and values (万元), which of them are implied, and the last rate of change."""

    name: str
    years: Sequence[int]
    values: Sequence[Decimal]
    derived: Sequence[bool]
    rate: Decimal | None


@dataclass(frozen=True)
class Panel:
    """All reports of a catalogue.

    Attributes
    ----------
    members : tuple of Member
        The reports that were read, in the order of units and years.
    unread : tuple of Listed
        Those that can't be read, and why.
    """

    members: tuple[Member, ...]
    unread: tuple[Listed, ...]

    @cached_property
    def subjects(self) -> list[Subject]:
        """The units, in the order of the catalogue."""
        return list(dict.fromkeys(member.subject for member in self.members))

    @cached_property
    def values(self) -> list[Value]:
        """The values of all reports."""
        return [value for member in self.members for value in member.values]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each report and measure, and for each implied value of its last year; see :func:`codebook`."""
        rows = [_row(member, value) for member in self.members for value in member.values]
        kinds = {column.name: column.type for column in columns()}
        return pd.DataFrame(rows, columns=list(kinds), dtype="object").astype(kinds)

    @cached_property
    def latest(self) -> dict[str, Ranking]:
        """Who is first in each measure, by key."""
        last = {key: dict[Subject, Value]() for key in measures()}
        for value in self.values:
            if not value.derived:
                last[value.measure.key][value.subject] = value
        return {
            key: Ranking(
                measures()[key],
                tuple(sorted(some.values(), key=lambda value: value.number, reverse=True)),
            )
            for key, some in last.items()
        }

    def by_year(self, group: str) -> dict[tuple[Subject, int, bool], list[Value]]:
        """The values of a group of measures by unit, year and whether they are implied."""
        found: dict[tuple[Subject, int, bool], list[Value]] = {}
        for value in self.values:
            if value.measure.group == group:
                key = value.subject, value.year, value.derived
                found.setdefault(key, []).append(value)
        return found

    @cached_property
    def _known(self) -> dict[bool, dict[tuple[Subject, str, int], Value]]:
        """Amounts by unit, measure and year: the implied ones (True) and the printed ones."""
        money = [value for value in self.values if value.measure.unit == MONEY]
        return {
            derived: {
                (one.subject, one.measure.key, one.year): one
                for one in money
                if one.derived is derived
            }
            for derived in (True, False)
        }

    @cached_property
    def changes(self) -> list[Change]:
        """Each measure of money against the year before, which is printed in the catalogue or implied."""
        implied, printed = self._known[True], self._known[False]
        found = []
        for (subject, key, year), after in printed.items():
            before = printed.get((subject, key, year - 1)) or implied.get((subject, key, year - 1))
            if before is not None:
                found.append(Change(before, after))
        return found

    @cached_property
    def compared(self) -> list[Change]:
        """The changes of the measure that has the most rates, the last year of each unit."""
        rated = {
            (one.after.measure.key, one.after.subject): one
            for one in self.changes
            if one.rate is not None
        }
        counts = Counter(key for key, _ in rated)
        most = max(measures(), key=lambda key: counts[key])
        return [one for (key, _), one in rated.items() if key == most]

    @cached_property
    def series(self) -> list[Series]:
        """Lines over years: of one unit each measure of money, of several units 本年支出 of those with several reports.

        Where a year is printed and implied, it is the printed value. What has one year only is left out.
        """
        alone = len(self.subjects) == 1
        counts = Counter(member.subject for member in self.members)
        drawn = [one for one in self.subjects if alone or counts[one] > 1]
        rates = {
            (one.after.subject, one.after.measure.key, one.after.year): one.rate
            for one in self.changes
        }
        known = self._known[True] | self._known[False]
        lines = []
        for subject in drawn:
            for key, measure in measures().items():
                some = {
                    year: one
                    for (who, what, year), one in known.items()
                    if (who, what) == (subject, key)
                }
                if len(some) > 1 and (alone or key == "expenditure"):
                    years = sorted(some)
                    lines.append(
                        Series(
                            measure.name if alone else subject.name,
                            years,
                            [some[year].number for year in years],
                            [some[year].derived for year in years],
                            rates.get((subject, key, years[-1])),
                        )
                    )
        return lines

    @cached_property
    def agreement(self) -> list[Change]:
        """Values that one report prints (``before``) and the next one implies (``after``)."""
        implied = self._known[True]
        return [
            Change(one, implied[key]) for key, one in self._known[False].items() if key in implied
        ]


def panel_of(reports: Iterable[Listed]) -> Panel:
    """The panel of the reports of a catalogue, those of a unit after each other."""
    members, unread = [], []
    for one in reports:
        if one.checks is None:
            unread.append(one)
        else:
            members.append(_member(one, one.checks))
    return Panel(tuple(members), tuple(unread))


def codebook() -> pd.DataFrame:
    """The columns of :attr:`Panel.frame`, to be read: 列, 类型, 含义 (string)."""
    rows = [(one.name, one.type, one.meaning) for one in columns()]
    return pd.DataFrame(rows, columns=["列", "类型", "含义"], dtype="string")


def _member(one: Listed, checks: CheckSet) -> Member:
    reading = checks.reading
    severities = Counter(finding.check.identity.severity for finding in checks.findings)
    return Member(
        one.subject,
        one.year,
        reading.identity.report_id,
        reading.identity.money_unit,
        tuple(reading.form.name(table) for table in reading.missing),
        severities["error"],
        severities["warning"],
        one.notes,
        tuple(values(checks, one.subject)),
        tuple(checks.findings),
    )


def _row(member: Member, value: Value) -> tuple[object, ...]:
    measure, number = value.measure, value.number
    ends = number.span if measure.unit == MONEY else (None, None)
    return (
        *(member.report_id, *value.subject, value.year, measure.key, measure.name, number, *ends),
        *(measure.unit, value.derived, value.doubted),
    )
