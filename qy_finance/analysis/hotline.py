"""Notebook 04: a service hotline (12345 热线) as its account tells it: demand, capacity, requests, how these move.

Everything is read from the prose by what the figures are called (``hotline.toml``), so that the
account of any department with a hotline can be asked; what it does not tell is None or empty. ``own`` are the figures
of the report's own year.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from qy_finance.analysis import knowledge
from qy_finance.analysis.indicators import Attainment, breakdowns
from qy_finance.analysis.law import working_hours
from qy_finance.analysis.yardsticks import yardsticks
from qy_finance.checks import CheckSet
from qy_finance.checks.changes import leaf
from qy_finance.checks.model import Check
from qy_finance.facts import Fact
from qy_finance.numbers import Number, total
from qy_finance.reading import Reading

_KNOWN: Final = knowledge("hotline.toml")


class Derived(NamedTuple):
    """A number that follows from the stated ones: what it is, its unit (通, 小时, %, 元), how it is computed."""

    name: str
    number: Number
    noun: str
    how: str


@dataclass(frozen=True, eq=False)
class Capacity:
    """What the hotline met and what it had; None for what the report does not state.

    What is computed assumes that the answer rate holds for all calls (where a voice menu serves some, fewer are
    unanswered), that each answered call takes the mean time, and that everyone counted as staff works :attr:`full`
    hours a year.
    """

    calls: Fact | None  # of the year (来电总量)
    seats: Fact | None  # 坐席
    staff: Fact | None  # 工作人员
    rate: Fact | None  # the share of calls that a person answers (人工接通率)
    goal: Fact | None  # the least that was to be answered
    missed: bool  # whether less was
    seconds: Fact | None  # the mean length of a call (通话均长)
    cost: Fact | None  # what the hotline's project spent (执行数)
    year: int

    @property
    def days(self) -> int:
        """Days of the year: a hotline answers on all of them."""
        return 365 + calendar.isleap(self.year)

    @cached_property
    def full(self) -> int:
        """Hours that a person works in that year by law."""
        return int(working_hours(self.year).values["hours"])

    @property
    def stated(self) -> dict[str, Fact]:
        """The stated figures by name."""
        named = {
            "来电总量": self.calls, "坐席": self.seats, "工作人员": self.staff, "人工接通率": self.rate,
            "接通率目标": self.goal, "通话均长": self.seconds, "热线项目执行数": self.cost,
        }  # fmt: skip
        return {name: fact for name, fact in named.items() if fact is not None}

    @cached_property
    def unanswered(self) -> Number | None:
        """Calls that no person answered."""
        return self._part(100 - self.rate.number) if self.rate else None

    @cached_property
    def short(self) -> Number | None:
        """Calls that would have had to be answered too for the target; None where it was met."""
        if not (self.missed and self.rate and self.goal):
            return None
        return self._part(self.goal.number - self.rate.number)

    @cached_property
    def hours(self) -> Number | None:
        """Hours of talk on the answered calls."""
        answered = self._part(self.rate.number) if self.rate else None
        if answered is None or self.seconds is None:
            return None
        return answered * self.seconds.number / 3600

    @cached_property
    def busy(self) -> Number | None:
        """Hours of talk in % of the working hours of all staff."""
        if self.hours is None or self.staff is None:
            return None
        return self.hours.percent_of(self.staff.compared * self.full)

    @cached_property
    def daily(self) -> Number | None:
        """Calls that a seat has to bear on a day."""
        return _each(self.calls, self.seats, self.days)

    def _part(self, percent: Number) -> Number | None:
        if self.calls is None or not 0 <= percent <= 100:
            return None
        return self.calls.compared * percent / 100

    @cached_property
    def derived(self) -> list[Derived]:
        """What follows from the stated figures; what would need others is left out."""
        calls = self.calls
        cost = self.cost.number.in_unit("元") if self.cost else None
        a_call = cost / calls.compared if cost is not None and calls and calls.value > 0 else None
        made = (
            ("每个坐席每天来电", self.daily, "通", f"来电总量 ÷ 坐席 ÷ {self.days} 天"),
            ("每名工作人员全年来电", _each(calls, self.staff), "通", "来电总量 ÷ 工作人员"),
            ("未接通", self.unanswered, "通", "来电总量 × (1 − 接通率)"),
            ("距目标还差", self.short, "通", "来电总量 × (目标 − 接通率)"),
            ("接通来电的通话时间", self.hours, "小时", "来电总量 × 接通率 × 通话均长"),
            ("通话占全体人员工时", self.busy, "%", f"通话时间 ÷ (工作人员 × {self.full:,} 小时)"),
            ("每通来电的项目支出", a_call, "元", "热线项目执行数 ÷ 来电总量"),
        )  # fmt: skip
        return [Derived(name, number, *rest) for name, number, *rest in made if number is not None]


def _each(calls: Fact | None, of: Fact | None, times: int = 1) -> Number | None:
    if calls is None or of is None or of.span.low <= 0:
        return None
    return calls.compared / (of.compared * times)


@dataclass(frozen=True)
class Channel:
    """Requests by one channel (电话, 微信, …); ``share`` is in % of all stated channels, None where these are 0."""

    name: str
    count: Fact
    share: Number | None


def channels(own: Sequence[Fact]) -> list[Channel]:
    """Requests by the channel that they came through (诉求受理渠道), largest first."""
    known = _KNOWN["requests"]
    found: dict[str, Fact] = {}
    for fact in own:
        asked = fact.measure == "count" and fact.noun in known["units"]
        if asked and re.search(known["item"], fact.item):
            names = (name for name, pattern in known["channels"] if re.search(pattern, fact.item))
            found.setdefault(next(names, ""), fact)
    found.pop("", None)
    whole = total(fact.compared for fact in found.values())
    listed = sorted(found.items(), key=lambda pair: -pair[1].value)
    return [Channel(name, fact, fact.compared.percent_of(whole)) for name, fact in listed]


def shares_of_calls(checks: CheckSet, own: Sequence[Fact]) -> list[Check]:
    """The checks of the stated shares of calls (占来话总数的…): share, part and whole are their operands."""
    stated = (
        fact
        for fact in own
        if fact.measure == "share" and re.fullmatch(_KNOWN["requests"]["calls"], fact.column)
    )
    found = (checks.verdict("prose.share", fact) for fact in stated)
    return [check for check in found if check is not None and check.outcome.rhs is not None]


@dataclass(frozen=True)
class Months:
    """A rate in % that a sentence tells for two months (从5月份的…提升至9月份的…), and the change as it is stated.

    ``check`` says whether that agrees; None where it was not checked.
    """

    months: tuple[int, int]
    before: Fact
    after: Fact
    stated: Fact | None
    check: Check | None

    @property
    def points(self) -> Number:
        """The change in percentage points."""
        return self.after.number - self.before.number


def months(checks: CheckSet) -> list[Months]:
    """Rates of two months that follow one another in the prose."""
    prose = checks.reading.prose
    found = []
    for at, (first, second) in enumerate(pairwise(prose)):
        one, two = (re.fullmatch(_KNOWN["trend"]["month"], f.column) for f in (first, second))
        if one and two and first.item == second.item and first.unit == second.unit == "%":
            told = (fact for fact in prose[at + 2 : at + 3] if fact.item == first.item)
            stated = next((f for f in told if f.measure in ("change", "change_rate")), None)
            check = checks.verdict("prose.rise", stated, first, second) if stated else None
            found.append(Months((int(one[1]), int(two[1])), first, second, stated, check))
    return found


@dataclass(frozen=True)
class Growth:
    """Stated growth on the year before (同比), in %.

    ``level`` is derived: the year before the first is 100, each stated rate multiplied on; None from the first gap in
    the years on. It assumes that all rates speak of the same thing; names can differ from year to year.
    """

    rate: Fact
    level: Number | None


def growth(reading: Reading) -> list[Growth]:
    """Stated growth of calls or requests by year, the first that is stated for each."""
    known = _KNOWN["trend"]
    by_year: dict[int, Fact] = {}
    for fact in reading.find(measure="change_rate", column=known["year_before"]):
        if re.search(known["growing"], leaf(fact.item)):
            by_year.setdefault(fact.year, fact)
    found: list[Growth] = []
    level: Number | None = Number(100)
    for year, rate in sorted(by_year.items()):
        connected = not found or found[-1].rate.year == year - 1
        level = level * (1 + rate.number / 100) if level is not None and connected else None
        found.append(Growth(rate, level))
    return found


def satisfaction(own: Sequence[Fact]) -> tuple[Fact, Fact] | None:
    """Satisfaction with the call and with what became of the request (满意度, 满意率), in %; None without both."""
    known = _KNOWN["satisfaction"]
    found: dict[bool, Fact] = {}
    for fact in own:
        rated = fact.measure in ("rate", "actual") and fact.unit == "%"
        of_month = re.fullmatch(_KNOWN["trend"]["month"], fact.column)
        if rated and not of_month and re.search(known["item"], fact.item):
            found.setdefault(re.search(known["outcome"], fact.item) is not None, fact)
    return (found[False], found[True]) if len(found) == 2 else None


class Hotline:
    """What a report tells of its hotline, in the prose and in its performance indicators."""

    def __init__(self, checks: CheckSet, indicators: Sequence[Attainment]) -> None:
        reading, year = checks.reading, checks.reading.identity.year
        own = [fact for fact in reading.prose if fact.year == year]
        self.capacity = _capacity(own, indicators, year)
        load = self.capacity
        told = yardsticks(reading, load.year, own, (load.goal, load.rate))
        self.yardsticks = told if load.calls else []
        self.channels = channels(own)
        self.shares = shares_of_calls(checks, own) if self.capacity.calls else []
        self.topics = breakdowns(reading, own, "topics")
        self.training = breakdowns(reading, own, "training")
        self.months = months(checks)
        self.growth = growth(reading)
        self.satisfaction = satisfaction(own)

    @property
    def used(self) -> list[Fact]:
        """The figures of the prose that sentences about it use; none without calls."""
        if self.capacity.calls is None:
            return []
        used = [*self.capacity.stated.values(), *(channel.count for channel in self.channels)]
        for division in (*self.topics, *self.training):
            used += [division.whole, *division.parts]
        for row in self.months:
            used += [row.before, row.after, *([row.stated] if row.stated else [])]
        for check in self.shares:
            used += check.rule.operands
        used += [one.actual for one in self.yardsticks if one.actual]
        return [*used, *(row.rate for row in self.growth), *(self.satisfaction or ())]


def _capacity(own: list[Fact], indicators: Sequence[Attainment], year: int) -> Capacity:
    def stated(what: str) -> Fact | None:
        known = _KNOWN["capacity"][what]
        found = (
            fact
            for fact in own
            if fact.measure == known["measure"]
            and fact.noun in known["units"]
            and re.search(known["item"], fact.item)
            and re.fullmatch(known.get("column", ".*"), fact.column)
        )
        return next(found, None)

    def indicator(what: str) -> Attainment | None:
        known = _KNOWN["capacity"][what]
        named = (one for one in indicators if one.target.unit in known["units"])
        names = ((one, f"{one.name} {one.target.column}") for one in named)
        return next((one for one, name in names if re.search(known["item"], name)), None)

    def comparable(one: Attainment) -> Fact | None:
        """The actual value; None where it is of other things than the target, seconds for a rate."""
        return None if one.met is None else one.actual

    rate, length = indicator("rate"), indicator("length")
    return Capacity(
        calls=stated("calls"),
        seats=stated("seats"),
        staff=stated("staff"),
        rate=comparable(rate) if rate else stated("rate"),
        goal=rate.target if rate else None,
        missed=rate is not None and rate.met is False,
        seconds=comparable(length) if length else stated("length"),
        cost=stated("cost"),
        year=year,
    )
