"""What is measured of one report (指标): a figure for each measure, of this year and, where implied, of the last.

Some are its headline figures (要览), which the index shows beside what contradicts itself in the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import pandas as pd
from cattrs import Converter

from qy_finance.analysis import accounts, functions, knowledge, operating
from qy_finance.analysis.comparisons import Comparison, comparisons
from qy_finance.analysis.keyfigures import implied_by_parts
from qy_finance.analysis.procurement import Procurement
from qy_finance.analysis.transparency import transparency
from qy_finance.checks import CheckSet
from qy_finance.checks.model import Status
from qy_finance.facts import Fact
from qy_finance.numbers import Number, Source, sources_of
from qy_finance.reading import Reading

MONEY: Final = "万元"

TRANSPARENCY: Final = "transparency"
"""The group of the measures of how openly a report accounts."""

_PLACES: Final = {"%": 1, "项": 0}

_THREE_PUBLIC: Final = r"[“\"]?三公[”\"]?经费.*"
_FINAL: Final = r"支出决算数?|决算数?"


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that reports are compared by; see the head of ``measures.toml``."""

    key: str
    name: str
    unit: str = MONEY
    group: str = ""
    headline: bool = False
    cell: tuple[str, ...] = ()
    total: tuple[str, ...] = ()
    said: str = ""
    counted: bool = False

    @property
    def title(self) -> str:
        """The name as header of a column, with the unit where that is not 万元."""
        return self.name if self.unit == MONEY else f"{self.name}（{self.unit}）"

    @property
    def places(self) -> int:
        """Decimals that are shown."""
        return _PLACES.get(self.unit, 2)

    def printed(self, reading: Reading) -> Number | None:
        """The figure, where it stands in a table; None elsewhere, and where that is blank."""
        if self.total:
            return _money(accounts.total(reading, *self.total))
        if not self.cell:
            return None
        table, item, column, *side = self.cell
        return _money(reading.cell(table, item, column, side=side[0] if side else None))


_FILE: Final = knowledge("measures.toml")
_LISTED: Final = Converter(forbid_extra_keys=True).structure(_FILE["measure"], list[Measure])
MEASURES: Final = {one.key: one for one in _LISTED}
"""The measures by key, in the order in which they are shown."""
COLUMNS: Final[dict[str, list[str]]] = _FILE["column"]
"""The columns of the panel as a long table: dtype and meaning."""


class ReportingUnit(NamedTuple):
    """Whose report it is: what the unit is called among others, its name (单位), 本级 or 部门汇总."""

    name: str
    unit: str
    scope: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a measure, exact and in its unit."""

    subject: ReportingUnit
    measure: Measure
    year: int
    number: Number
    derived: bool  # last year's value, implied by what the report states of the change (推算)
    doubted: bool  # a contradiction of the report touches the figures that it comes from
    agrees: bool | None = None
    """Of an implied value, whether the check against the year before's report finds it there; None without one."""


def stated(checks: CheckSet, compared: Sequence[Comparison]) -> dict[str, Number | None]:
    """What a report states of each measure, in the unit of the measure; None where it states nothing.

    项目支出占比 is that of 本年支出 in 支出决算表, 人员经费占比 that of 人员经费 and 公用经费 together.
    机关运行经费比上年 is the stated rate, otherwise the rate that the stated change implies. 授予中小企业占比 is
    computed from the contract amount and the stated total of procurement. A part that is larger than its whole has no
    share.
    """
    reading = checks.reading
    found = {key: one.printed(reading) for key, one in MEASURES.items()}
    office, bought = operating.stated(checks, compared), Procurement(checks)
    spent = _money(reading.cell(accounts.EXPENDITURE, "合计", accounts.SPENT))
    personnel, running = found["personnel"], found["running"]
    basic = None if personnel is None or running is None else personnel + running
    found["project_share"] = _share(found["project"], spent)
    found["personnel_share"] = _share(personnel, basic)
    found["operating"] = office.in_unit(MONEY).amount if office else None
    found["operating_change"] = _rate(office) if office else None
    if found["three_public"] is None:
        found["three_public"] = _three_public(reading)
    found["procurement"] = bought.total
    found["sme_share"] = _share(bought.sme, bought.total)
    return found | functions.shares(checks)


def values(checks: CheckSet, subject: ReportingUnit) -> list[Value]:
    """The values of a report for the panel, then those of last year that it implies; in the order of the measures.

    An implied value is taken only where the amount of this year that the sentence speaks of is the amount of the
    measure, and where stated change and stated rate don't contradict each other. A sum that is not compared itself is
    implied by its parts, where all of them are compared.
    """
    compared, year = comparisons(checks), checks.reading.identity.year
    found, converted = stated(checks, compared), [one.in_unit(MONEY) for one in compared]
    found |= transparency(checks)

    def value(measure: Measure, number: Number, used: Sequence[Source], *, derived: bool) -> Value:
        doubted = any(fact.row in checks.doubted for fact in used)
        return Value(subject, measure, year - derived, number, derived, doubted)

    def implied(measure: Measure, number: Number) -> Value | None:
        if found := _implied(measure, number, converted):
            held = next(filter(None, (checks.verdict("years.base", one) for one in found[1])), None)
            agrees = None if held is None else held.status is not Status.BREAK
            return replace(value(measure, *found, derived=True), agrees=agrees)
        parts = implied_by_parts(checks, measure.total[0], number) if measure.total else None
        return value(measure, parts, parts.sources, derived=True) if parts is not None else None

    now, before = [], []
    for key, measure in MEASURES.items():
        number = found[key]
        if measure.group and number is not None:
            now.append(value(measure, number, number.sources, derived=False))
            before.append(implied(measure, number))
    return [*now, *filter(None, before)]


def _implied(
    measure: Measure, number: Number, compared: Sequence[Comparison]
) -> tuple[Number, list[Fact]] | None:
    """Last year's value and the figures of the sentence; None where none is implied, or several that differ.

    ``compared`` is in the unit of the measure.
    """
    found = []
    for one in compared if measure.said else ():
        current = one.current
        named = re.fullmatch(measure.said, f"{current.section}|{current.item}{current.column}")
        if named and one.verdict is not Status.BREAK and one.amount.meets(number):
            # the amount of the table may have more digits than that of the sentence
            base = one.before(number)
            if base is not None:
                found.append((base, [fact for fact in (current, one.change, one.rate) if fact]))
    return found[0] if found and all(base.meets(found[0][0]) for base, _ in found) else None


def _money(fact: Fact | None) -> Number | None:
    return fact.number.in_unit(MONEY) if fact else None


def _share(part: Number | None, whole: Number | None) -> Number | None:
    """A part in % of a whole; None where it is no share of it."""
    if part is None or whole is None or not 0 <= part <= whole:
        return None
    return part.percent_of(whole)


def _rate(found: Comparison) -> Number | None:
    """The change against last year in %."""
    if found.level:
        return found.amount * 0
    if found.rate is not None:
        return found.rate.number
    moved, before = found.moved, found.previous
    return moved.percent_of(abs(before)) if moved is not None and before is not None else None


def _three_public(reading: Reading) -> Number | None:
    """What sentences say of 三公, if they say the same wherever they say it."""
    found = reading.find(item=_THREE_PUBLIC, column=_FINAL, measure="amount")
    said = [fact.number.in_unit(MONEY) for fact in found]
    return said[0] if len(set(said)) == 1 else None


def headlines(checks: CheckSet) -> pd.DataFrame:
    """The figures that a report is known by, each once, whether stated or not.

    Columns figure, name (string: a key of :data:`MEASURES`, its Chinese name), value (object, Number: exact; missing
    where not stated, see :func:`stated`), unit (string: 万元 or %), rows (object: a tuple of rows of
    ``Report.observations``, one where the figure is printed, several where it is computed), disputed (bool: whether
    one of these is part of a contradiction of figures of which no other figure is known to be the wrong one).
    """
    found = stated(checks, comparisons(checks))
    told = [one for one in MEASURES.values() if one.headline]
    made = [(one.key, one.name, found[one.key], one.unit) for one in told]
    frame = pd.DataFrame(made, columns=["figure", "name", "value", "unit"], dtype="object")
    frame["rows"] = [tuple(fact.row for fact in sources_of(value)) for value in frame["value"]]
    frame["disputed"] = [not checks.disputed.isdisjoint(rows) for rows in frame["rows"]]
    return frame.astype({"figure": "string", "name": "string", "unit": "string"})


def contradictions(checks: CheckSet) -> pd.DataFrame:
    """What breaks: figures before words, then by how much follows from it and by how far the sides are apart.

    Columns ``severity`` (string, error or warning), ``message`` (string) and ``rows`` (object, a tuple) as
    ``Report.check`` has them.
    """
    found = checks.frame
    found = found[found["status"] == "break"]
    largest = found[["lhs", "rhs"]].abs().max(axis=1)
    apart = (found["difference"].abs() / largest.where(largest > 0)).fillna(0.0)
    order = found.assign(following=found["consequences"].map(len), apart=apart).sort_values(
        ["severity", "following", "apart"], ascending=[True, False, False], kind="stable"
    )
    shown = order.rename(columns={"observations": "rows"})
    return shown[["severity", "message", "rows"]].reset_index(drop=True)
