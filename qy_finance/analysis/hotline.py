"""A service hotline (12345 热线) as its account tells it: demand, capacity, channels, topics, satisfaction.

Everything is read from the prose (``Report.facts``, ``Report.kpis``) by what the figures are called, so that the
account of any department with a hotline can be asked; what it does not tell is None or an empty frame.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from qy_finance.intervals import Approx, in_unit
from qy_finance.report import Report

CALLS: Final = re.compile(r"来[电话](?:总量|总数|量)|话务总?量|呼入总?量|呼入.*电话")
SEATS: Final = re.compile(r"[坐座]席")
STAFF: Final = re.compile(r"(?:热线|话务|[坐座]席|客服).*(?:人员|员工)$|话务员$|客服代表$")

STATED: Final = "报告原数"
HOURS: Final = 2000
"""Working hours of a person in a year: 250 days of 8 hours (劳社部发〔2008〕3号)."""


@dataclass(frozen=True)
class Capacity:
    """What the hotline met and what it had.

    Attributes
    ----------
    calls, seats, staff : Approx or None
        Calls of the year (来电总量), seats (坐席), staff (工作人员), each in single calls, seats and persons.
    answer_rate, answer_target : float or None
        Actual and least share of calls that a person answers (人工接通率), in %.
    seconds : float or None
        Mean length of a call in seconds (通话均长).
    cost : Approx or None
        What the hotline's project spent (执行数), in 元.
    year : int
        The year of the report.
    """

    calls: Approx | None
    seats: Approx | None
    staff: Approx | None
    answer_rate: float | None
    answer_target: float | None
    seconds: float | None
    cost: Approx | None
    year: int

    @property
    def days(self) -> int:
        """Days of the year: a hotline answers on all of them."""
        return 366 if calendar.isleap(self.year) else 365

    @property
    def answered(self) -> float | None:
        """Calls answered by a person if the rate held for every call."""
        if self.calls is None or self.answer_rate is None:
            return None
        return float(self.calls.value) * self.answer_rate / 100

    def table(self) -> pd.DataFrame:
        """The stated figures, and what follows from them.

        Columns
        -------
        name, unit, how : str
            What it is, its unit, and how it was computed; 报告原数 where it was not.
        value : float

        Rows whose operands the report does not state are left out. Assumes that the answer rate holds for all
        calls (where a voice menu serves some, fewer are unanswered), that each answered call takes the mean time,
        and that everyone counted as staff works :data:`HOURS` hours a year.
        """
        rows = [*self._stated(), *self._derived()]
        return pd.DataFrame(rows, columns=["name", "value", "unit", "how"]).astype({"value": float})

    def _stated(self) -> Iterator[tuple[str, float, str, str]]:
        if self.calls:
            yield "来电总量", float(self.calls.value) / 10_000, "万通", STATED
        if self.seats:
            yield "坐席", float(self.seats.value), "个", STATED
        if self.staff:
            yield "工作人员", float(self.staff.value), "人", STATED
        if self.answer_rate is not None:
            yield "人工接通率", self.answer_rate, "%", STATED
        if self.seconds is not None:
            yield "通话均长", self.seconds, "秒", STATED
        if self.cost:
            yield "热线项目执行数", float(self.cost.value) / 10_000, "万元", STATED

    def _derived(self) -> Iterator[tuple[str, float, str, str]]:
        calls = float(self.calls.value) if self.calls else None
        answered = self.answered
        if calls is not None:
            if self.seats and self.seats.value:
                per_seat = calls / float(self.seats.value) / self.days
                yield "每个坐席每天来电", per_seat, "通", f"来电总量 ÷ {self.days} 天 ÷ 坐席数"
            if self.staff and self.staff.value:
                yield (
                    "每名工作人员全年来电",
                    calls / float(self.staff.value),
                    "通",
                    "来电总量 ÷ 人数",
                )
            if self.answer_target is not None and answered is not None:
                short = calls * self.answer_target / 100 - answered
                yield "未接通", (calls - answered) / 10_000, "万通", "来电总量 × (1 − 接通率)"
                yield "距目标还差", short / 10_000, "万通", "来电总量 × (目标 − 接通率)"
        if answered is not None and self.seconds is not None:
            hours = answered * self.seconds / 3600
            yield "接通来电的通话时间", hours, "小时", "来电总量 × 接通率 × 通话均长"
            if self.staff and self.staff.value:
                busy = 100 * hours / (float(self.staff.value) * HOURS)
                yield "通话占全体人员工时", busy, "%", f"通话时间 ÷ (人数 × {HOURS} 小时)"
        if self.cost and calls:
            yield (
                "每通来电的项目支出",
                float(self.cost.value) / calls,
                "元",
                "项目执行数 ÷ 来电总量",
            )


def capacity(report: Report) -> Capacity:
    """Demand and capacity as stated; None for what the report does not state."""
    counts = of_year(report, "count")
    rates, lengths = _kpi(report, "接通率", "%"), _kpi(report, "通话|时长|均长", "秒")
    spent = of_year(report, "amount")
    spent = spent[
        spent["item"].str.contains("热线").fillna(False)
        & spent["column"].str.contains("执行|实际支付|决算").fillna(False)
    ]
    return Capacity(
        calls=_first(counts, CALLS, "通次个"),
        seats=_first(counts, SEATS, "个席"),
        staff=_first(counts, STAFF, "人名"),
        answer_rate=rates[1],
        answer_target=rates[0],
        seconds=lengths[1],
        cost=_first(spent, re.compile("热线"), "元"),
        year=year_of(report),
    )


def year_of(report: Report) -> int:
    """Fiscal year of a report."""
    return int(str(report.meta["year"]))


def of_year(report: Report, *measures: str) -> pd.DataFrame:
    """Figures of the prose of these measures that are about the report's own year."""
    facts = report.facts
    return facts[facts["measure"].isin(measures) & facts["year"].eq(year_of(report)).fillna(False)]


def _first(facts: pd.DataFrame, item: re.Pattern[str], nouns: str) -> Approx | None:
    for row in facts.to_dict("records"):
        if item.search(str(row["item"])):
            figure, noun = in_unit(str(row["printed"]), str(row["unit_of_measure"]))
            if noun in set(nouns):
                return figure
    return None


def _kpi(report: Report, name: str, unit: str) -> tuple[float | None, float | None]:
    """Target and actual value of the first indicator of this name and unit."""
    kpis = report.kpis
    found = kpis[
        kpis["name"].str.contains(name).fillna(False) & kpis["unit"].eq(unit).fillna(False)
    ]
    if found.empty:
        return None, None
    row = found.iloc[0]
    return float(row["target"]), None if pd.isna(row["actual"]) else float(row["actual"])
