"""What reports are compared by: one figure for each measure (指标), of this year and, where implied, of the last."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from qy_finance.analysis import derived, facts, overview, spending
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.doubts import checked, doubts
from qy_finance.analysis.headlines import MONEY, NAMES, headlines
from qy_finance.intervals import MONEY as MONEY_UNITS
from qy_finance.intervals import Span, in_unit
from qy_finance.report import Report
from qy_finance.sourced import Sourced, sources_of


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that reports are compared by.

    Attributes
    ----------
    name, unit : str
        Chinese name; 万元 or %.
    said : str
        How reports name it where they compare it with last year: a regular expression of heading, ``|``, what
        is compared and which amount of it. Empty where they don't.
    """

    name: str
    unit: str = MONEY
    said: str = ""

    @property
    def title(self) -> str:
        """The name as header of a column, with the unit where that is not 万元."""
        return self.name if self.unit == MONEY else f"{self.name}（{self.unit}）"


AT_ODDS: Final = "不符"
"""What a comparison says of a change and a rate that contradict each other."""

_ALL_MONEY: Final = r"(?!.*(?:财政拨款|基金|国有资本)).*\|"
"""A heading that is about all money, not about one fund."""

_GENERAL, _FUND = overview.FUNDS[:2]

MEASURES: Final = {
    "income": Measure(NAMES["income"], said=rf"{_ALL_MONEY}(?:本年)?收入(?:合计)?"),
    "expenditure": Measure(NAMES["expenditure"], said=rf"{_ALL_MONEY}(?:本年)?支出(?:合计)?"),
    "general_income": Measure("一般公共预算收入", said=r".*\|.*一般公共预算财政拨款收入(?:决算)?"),
    "fund_income": Measure(
        "政府性基金收入",
        said=r".*\|政府性基金预算财政拨款收入(?:决算)?|.*政府性基金.*\|(?:本年)?收入(?:合计)?",
    ),
    "general": Measure(
        "一般公共预算支出",
        said=r".*\|.*一般公共预算财政拨款(?:支出){1,2}(?:决算)?|.*一般公共预算财政拨款支出.*\|财政拨款支出",
    ),
    "fund": Measure(
        "政府性基金支出",
        said=r".*\|政府性基金预算财政拨款(?:支出){1,2}(?:决算)?|.*政府性基金.*\|(?:本年)?支出(?:合计)?",
    ),
    "basic": Measure("基本支出", said=rf"{_ALL_MONEY}基本支出"),
    "project": Measure("项目支出", said=rf"{_ALL_MONEY}项目支出"),
    "project_share": Measure(NAMES["project_share"], "%"),
    "personnel": Measure("人员经费", said=r".*\|人员经费(?:支出)?"),
    "running": Measure("公用经费", said=r".*\|公用经费(?:支出)?"),
    "personnel_share": Measure("人员经费占比", "%"),
    "operating": Measure(
        NAMES["operating"], said=r".*\|.*机关运行经费(?:支出)?(?:决算)?(?:支出决算)?"
    ),
    "three_public": Measure(NAMES["three_public"], said=r".*\|.*三公[”\"]?经费.*"),
    "procurement": Measure(NAMES["procurement"], said=r".*\|政府采购(?:支出|金额)?(?:总额|合计)?"),
    "sme_share": Measure(NAMES["sme_share"], "%"),
}
"""The measures of a panel, in the order in which they are shown; the keys of the headline figures are theirs.

项目支出占比 is that of 本年支出 in 支出决算表; 人员经费占比 that of 人员经费 and 公用经费 together. 基本支出 and
项目支出 are of all money, 人员经费 and 公用经费 of the basic expenditure from 一般公共预算财政拨款.
"""


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a measure.

    Attributes
    ----------
    measure : str
        A key of :data:`MEASURES`.
    year : int
        Fiscal year that it is of.
    value : Decimal
        Exact, in the unit of the measure; Sourced.
    span : Span or None
        What the printed characters stand for; None for a value that is a share.
    derived : bool
        It is last year's value, implied by what the report states of the change (推算).
    doubted : bool
        A contradiction of the report touches the figures that it comes from.
    """

    measure: str
    year: int
    value: Decimal
    span: Span | None
    derived: bool
    doubted: bool


def values(report: Report) -> list[Value]:
    """What a report states of each measure, and last year's values that it implies; both in the order of the measures.

    An implied value is taken only where the amount of this year that the sentence speaks of is the amount of the
    measure, and where stated change and stated rate don't contradict each other.

    Raises
    ------
    ReportError
        A figure can't be made out.
    """
    year = int(str(report.meta["year"]))
    found = headlines(report, checked(report)).set_index("figure")["value"]
    stated = {
        key: found[key] if key in found.index else _MORE[key](report, key) for key in MEASURES
    }
    made = [
        Value(
            key, year, value, _span(report, value), derived=False, doubted=_doubted(report, [value])
        )
        for key, value in stated.items()
        if value is not None
    ]
    compared = derived.comparisons(report)
    return made + [one for value in made if (one := _implied(report, value, compared))]


def _implied(report: Report, of: Value, compared: Sequence[Comparison]) -> Value | None:
    """Last year's value of a measure; None where the report implies none, or several that differ."""
    said = MEASURES[of.measure].said
    if not (said and of.span and isinstance(of.value, Sourced)):
        return None
    found = []
    for one in compared:
        current = one.current
        if not re.fullmatch(said, f"{current.section}|{current.item}{current.column}"):
            continue
        stated = current.in_unit(MONEY)
        if one.verdict == AT_ODDS or not Span(stated.low, stated.high).meets(of.span):
            continue
        # the amount of the table may have more digits than that of the sentence
        exact = replace(stated, value=of.value, half=(of.span.high - of.span.low) / 2)
        known = replace(one, current=exact)
        base = known.by_change or known.by_rate
        if base is not None and known.previous is not None:
            found.append((one, known.previous, Span(Decimal(base.low), Decimal(base.high))))
    if not found or not all(span.meets(found[0][2]) for _, _, span in found):
        return None
    one, value, span = found[0]
    used = [fact.value for fact in (one.current, one.change, one.rate) if fact]
    return Value(of.measure, of.year - 1, value, span, derived=True, doubted=_doubted(report, used))


def _doubted(report: Report, used: Sequence[Decimal]) -> bool:
    return bool(doubts(report, used))


def _span(report: Report, value: Decimal) -> Span | None:
    """The interval of a value that is one printed sum of money, in 万元."""
    sources = sources_of(value)
    if len(sources) != 1:
        return None
    row = report.observations.loc[sources[0].row]
    figure, noun = in_unit(str(row["printed"]), str(row["unit_of_measure"]))
    if noun != "元":
        return None
    half = figure.half / MONEY_UNITS[MONEY]
    return Span(Decimal(value) - half, Decimal(value) + half)


def _converted(report: Report, value: Decimal | None) -> Decimal | None:
    """A sum of the tables in 万元."""
    unit = str(report.meta["money_unit"])
    if value is None or unit == MONEY:
        return value
    return value * (MONEY_UNITS[unit] / MONEY_UNITS[MONEY])


def _of_fund(fund: str, side: str) -> Callable[[Report, str], Decimal | None]:
    """Appropriation from a fund that came in, or that was spent (财政拨款收入支出决算总表)."""
    place = (fund, "决算数") if side == "收入" else ("本年支出合计", fund)

    def found(report: Report, _: str) -> Decimal | None:
        fact = facts.cell(report, overview.APPROPRIATION, *place, side=side)
        return _converted(report, fact.value if fact else None)

    return found


def _of_expenditure(report: Report, key: str) -> Decimal | None:
    found = facts.cell(report, "expenditure", "合计", MEASURES[key].name)
    return _converted(report, found.value if found else None)


def _of_basic(report: Report, key: str) -> Decimal | None:
    return _converted(report, spending.sides(report).get(MEASURES[key].name))


def _personnel_share(report: Report, _: str) -> Decimal | None:
    found = spending.sides(report)
    whole = sum(found.values(), Decimal(0))
    if len(found) < len(spending.SIDES) or whole <= 0 or min(found.values()) < 0:
        return None
    return 100 * found["人员经费"] / whole


_MORE: Final[dict[str, Callable[[Report, str], Decimal | None]]] = {
    "general_income": _of_fund(_GENERAL, "收入"),
    "fund_income": _of_fund(_FUND, "收入"),
    "general": _of_fund(_GENERAL, "支出"),
    "fund": _of_fund(_FUND, "支出"),
    "basic": _of_expenditure,
    "project": _of_expenditure,
    "personnel": _of_basic,
    "running": _of_basic,
    "personnel_share": _personnel_share,
}
"""The measures that are no headline figures."""
