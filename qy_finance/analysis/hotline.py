"""A service hotline (12345 热线) as its account tells it: demand against capacity.

Everything is read from the prose by what the figures are called, so that the account of any department with a
hotline can be asked; what it does not tell is None or empty. Numbers know the figures that they come from.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from qy_finance.analysis.hotline_numbers import Said, of_year, product, quotient, year_of
from qy_finance.analysis.indicators import Aim, indicators
from qy_finance.intervals import Approx
from qy_finance.report import Report

CALLS: Final = re.compile(r"来[电话](?:总量|总数|量)|话务总?量|呼入总?量|呼入.*电话")
_SEATS: Final = re.compile(r"[坐座]席")
_STAFF: Final = re.compile(r"(?:热线|话务|[坐座]席|客服).*(?:人员|员工)$|话务员$|客服代表$")
_ANSWERED: Final = re.compile("接通率")
_LENGTH: Final = re.compile("通话(?:效率|均长|时长)|(?:平均|每通)通话")
_SPENT: Final = re.compile("执行|实际支付|决算")

HOURS: Final = 2000
"""Working hours of a person in a year: 250 days of 8 hours.

关于职工全年月平均工作时间和工资折算问题的通知（劳社部发〔2008〕3 号）: 年工作日 365 − 104（休息日）− 11（法定节假日）
= 250 天. Annual leave is not taken off.
"""


class Derived(NamedTuple):
    """A number that follows from the stated ones.

    Attributes
    ----------
    name, how : str
        What it is, and how it is computed.
    number : Approx
        In plain units (通, 小时, %, 元).
    noun : str
        That unit.
    """

    name: str
    number: Approx
    noun: str
    how: str


@dataclass(frozen=True)
class Capacity:
    """What the hotline met and what it had; None for what the report does not state.

    Attributes
    ----------
    calls, seats, staff : Said or None
        Calls of the year (来电总量), seats (坐席), staff (工作人员).
    rate : Said or None
        Share of calls that a person answers (人工接通率), in %.
    goal : Said or None
        Least share that was to be answered, in %.
    seconds : Said or None
        Mean length of a call (通话均长) in seconds.
    cost : Said or None
        What the hotline's project spent (执行数), in 元.
    year : int
        The year of the report.
    """

    calls: Said | None
    seats: Said | None
    staff: Said | None
    rate: Said | None
    goal: Said | None
    seconds: Said | None
    cost: Said | None
    year: int

    @property
    def days(self) -> int:
        """Days of the year: a hotline answers on all of them."""
        return 366 if calendar.isleap(self.year) else 365

    @property
    def stated(self) -> list[tuple[str, Said]]:
        """The stated figures and their names."""
        named = {
            "来电总量": self.calls, "坐席": self.seats, "工作人员": self.staff, "人工接通率": self.rate,
            "接通率目标": self.goal, "通话均长": self.seconds, "热线项目执行数": self.cost,
        }  # fmt: skip
        return [(name, one) for name, one in named.items() if one is not None]

    @property
    def answered(self) -> Approx | None:
        """Calls answered by a person, if the rate holds for every call."""
        return self._part(_exact(self.rate))

    @property
    def unanswered(self) -> Approx | None:
        """The other calls."""
        rate = _exact(self.rate)
        return None if rate is None else self._part(Approx(100 - rate.value, rate.half))

    @property
    def short(self) -> Approx | None:
        """Calls that would have had to be answered too for the target; None where it was met."""
        rate, goal = _exact(self.rate), _exact(self.goal)
        if rate is None or goal is None or rate.value >= goal.value:
            return None
        return self._part(Approx(goal.value - rate.value, rate.half))

    @property
    def hours(self) -> Approx | None:
        """Hours of talk on the answered calls, if each takes the mean time."""
        answered, seconds = self.answered, _exact(self.seconds)
        if answered is None or seconds is None:
            return None
        return product(answered, seconds).times(Decimal(1) / 3600)

    def _part(self, percent: Approx | None) -> Approx | None:
        calls = _exact(self.calls)
        if calls is None or percent is None or not 0 <= percent.value <= 100:
            return None
        return product(calls, percent).times(Decimal("0.01"))

    def derived(self) -> Iterator[Derived]:
        """What follows from the stated figures; what would need others is left out.

        Assumes that the answer rate holds for all calls (where a voice menu serves some, fewer are unanswered), that
        each answered call takes the mean time, and that everyone counted as staff works :data:`HOURS` hours a year.
        """
        calls, seats, staff = _exact(self.calls), _exact(self.seats), _exact(self.staff)
        hours, cost = self.hours, _exact(self.cost)
        if calls is None:
            return
        made = (
            ("每个坐席每天来电", _of(calls, seats, self.days), "通", f"来电总量 ÷ 坐席 ÷ {self.days} 天"),
            ("每名工作人员全年来电", _of(calls, staff), "通", "来电总量 ÷ 工作人员"),
            ("未接通", self.unanswered, "通", "来电总量 × (1 − 接通率)"),
            ("距目标还差", self.short, "通", "来电总量 × (目标 − 接通率)"),
            ("接通来电的通话时间", hours, "小时", "来电总量 × 接通率 × 通话均长"),
            ("通话占全体人员工时", self.busy, "%", f"通话时间 ÷ (工作人员 × {HOURS:,} 小时)"),
            ("每通来电的项目支出", _of(cost, calls), "元", "热线项目执行数 ÷ 来电总量"),
        )  # fmt: skip
        for name, number, noun, how in made:
            if number is not None:
                yield Derived(name, number, noun, how)

    @property
    def busy(self) -> Approx | None:
        """Hours of talk in % of the working hours of all staff."""
        share = _of(self.hours, _exact(self.staff), HOURS)
        return None if share is None else share.times(100)


def capacity(report: Report) -> Capacity:
    """Demand and capacity as stated; None for what the report does not state."""
    aims = indicators(report)
    counts = list(of_year(report, "count"))
    answered, length = _aim(aims, _ANSWERED, "%"), _aim(aims, _LENGTH, "秒")
    rates = (one for one in of_year(report, "rate") if not one.fact.column)
    lengths = of_year(report, "duration")
    spent = (one for one in of_year(report, "amount") if _SPENT.search(one.fact.column))
    return Capacity(
        calls=_first(counts, CALLS, "通次个"),
        seats=_first(counts, _SEATS, "个席"),
        staff=_first(counts, _STAFF, "人名"),
        rate=answered.actual if answered else _first(rates, _ANSWERED, "%"),
        goal=answered.target if answered else None,
        seconds=length.actual if length else _first(lengths, _LENGTH, "秒"),
        cost=_first(spent, re.compile("热线"), "元"),
        year=year_of(report),
    )


def _first(figures: Iterable[Said], item: re.Pattern[str], nouns: str) -> Said | None:
    found = (one for one in figures if one.noun in nouns and item.search(one.fact.item))
    return next(found, None)


def _aim(aims: list[Aim], name: re.Pattern[str], unit: str) -> Aim | None:
    """The first indicator of this name and unit."""
    found = (
        aim
        for aim in aims
        if name.search(f"{aim.name} {aim.target.fact.column}") and aim.target.noun == unit
    )
    return next(found, None)


def _exact(figure: Said | None) -> Approx | None:
    return None if figure is None else figure.exact


def _of(part: Approx | None, whole: Approx | None, times: int = 1) -> Approx | None:
    if part is None or whole is None:
        return None
    return quotient(part, whole.times(times))
