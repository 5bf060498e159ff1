"""Fictional final accounts: a department's year as plain data, and a strategy that draws them.

All amounts are whole hundredths of the money unit that the report prints, so that every sum is
exact. An account adds up in every direction; nothing here knows how a report is laid out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from hypothesis import strategies as st

from .codes import (
    CAPITAL_FUNCTIONS,
    CLASSES_24,
    CLASSES_26,
    FUNCTIONS,
    FUND_FUNCTIONS,
    PERSONNEL,
    RUNNING,
    parents,
)

Fund = Literal["general", "fund", "capital"]

APPROPRIATIONS: dict[Fund, str] = {
    "general": "一般公共预算财政拨款",
    "fund": "政府性基金预算财政拨款",
    "capital": "国有资本经营预算财政拨款",
}
OWN_SOURCES = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
EXPENDITURE_KINDS = ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
VEHICLE_KINDS = (
    "主要领导干部用车",
    "机要通信用车",
    "应急保障用车",
    "执法执勤用车",
    "特种专业技术用车",
    "离退休干部用车",
    "其他用车",
)


@dataclass(frozen=True)
class Entry:
    """One 项 of the functional classification with its money."""

    code: str
    fund: Fund
    basic: int = 0
    project: int = 0
    carry_in: int = 0
    carry_out: int = 0
    own_income: tuple[int, ...] = (0, 0, 0, 0, 0)
    own_spending: tuple[int, ...] = (0, 0, 0, 0, 0)

    @property
    def receipt(self) -> int:
        return self.basic + self.project - self.carry_in + self.carry_out

    @property
    def income(self) -> tuple[int, ...]:
        own = sum(self.own_income)
        return (self.receipt + own, self.receipt, *self.own_income)

    @property
    def spending(self) -> tuple[int, ...]:
        kinds = (
            self.basic + self.own_spending[0],
            self.project + self.own_spending[1],
            *self.own_spending[2:],
        )
        return (sum(kinds), *kinds)

    @property
    def appropriation(self) -> tuple[int, ...]:
        return (self.basic + self.project, self.basic, self.project)

    @property
    def fund_flow(self) -> tuple[int, ...]:
        return (self.carry_in, self.receipt, *self.appropriation, self.carry_out)


@dataclass(frozen=True)
class ThreePublic:
    """“三公”经费 of one column: abroad, vehicles bought, vehicles run, reception."""

    abroad: int
    purchase: int
    running: int
    reception: int

    @property
    def vehicles(self) -> int:
        return self.purchase + self.running

    @property
    def total(self) -> int:
        return self.abroad + self.vehicles + self.reception

    @property
    def cells(self) -> tuple[int, ...]:
        return (
            self.total,
            self.abroad,
            self.vehicles,
            self.purchase,
            self.running,
            self.reception,
        )


@dataclass(frozen=True)
class Purchase:
    """政府采购 of one kind: the whole, what went to SMEs, and of that to micro firms."""

    kind: str
    amount: int
    sme: int
    micro: int


@dataclass(frozen=True)
class Indicator:
    """A performance indicator with its target and what was reached, as printed."""

    name: str
    comparison: str
    target: str
    actual: str
    unit: str

    @property
    def met(self) -> bool:
        target, actual = float(self.target), float(self.actual)
        return actual <= target if self.comparison == "≤" else actual >= target


@dataclass(frozen=True)
class Project:
    """A project in the performance chapter; ``name`` may hold digits."""

    name: str
    subject: str
    budget: int
    spent: int


@dataclass(frozen=True)
class Account:
    """A department's final account of one year."""

    unit: str
    year: int
    money_unit: str
    lines: int
    entries: tuple[Entry, ...]
    economic: Mapping[str, int]
    planned: ThreePublic
    spent: ThreePublic
    counts: Mapping[str, int]
    previous: Mapping[str, int]
    budgets: Mapping[str, int]
    purchases: tuple[Purchase, ...]
    operating: int
    vehicles: Mapping[str, int]
    equipment: int
    projects: tuple[Project, ...]
    indicators: tuple[Indicator, ...]
    calls: str = ""

    @property
    def scope(self) -> str:
        return "本级" if self.unit.endswith("本级") else "部门汇总"

    @property
    def classes(self) -> tuple[tuple[str, str], ...]:
        return CLASSES_26 if self.lines == 26 else CLASSES_24

    def of(self, *funds: Fund) -> tuple[Entry, ...]:
        """The entries paid from these funds, by code."""
        chosen = funds or ("general", "fund", "capital")
        return tuple(entry for entry in self.entries if entry.fund in chosen)

    def amounts(self) -> dict[str, int]:
        """What the prose speaks of, by the name it is called there."""
        amounts: dict[str, int] = {}
        for fund, name in APPROPRIATIONS.items():
            amounts[f"{name}收入"] = sum(e.receipt for e in self.of(fund))
        for number, name in enumerate(OWN_SOURCES):
            amounts[name] = sum(e.own_income[number] for e in self.entries)
        amounts["本年收入"] = sum(amounts.values())
        for number, name in enumerate(EXPENDITURE_KINDS, start=1):
            amounts[name] = sum(e.spending[number] for e in self.entries)
        amounts["本年支出"] = sum(e.spending[0] for e in self.entries)
        for fund, name in APPROPRIATIONS.items():
            amounts[f"{name}支出"] = sum(e.appropriation[0] for e in self.of(fund))
        amounts["财政拨款收入"] = sum(e.receipt for e in self.entries)
        amounts["财政拨款支出"] = sum(e.appropriation[0] for e in self.entries)
        amounts["财政拨款总计"] = amounts["财政拨款收入"] + self.opening
        amounts["总计"] = amounts["本年收入"] + self.used + self.opening
        amounts["“三公”经费"] = self.spent.total
        amounts["因公出国（境）费"] = self.spent.abroad
        amounts["公务用车购置及运行维护费"] = self.spent.vehicles
        amounts["公务用车购置"] = self.spent.purchase
        amounts["公务用车运行维护费"] = self.spent.running
        amounts["公务接待费"] = self.spent.reception
        amounts["机关运行经费"] = self.operating
        return amounts

    @property
    def opening(self) -> int:
        return sum(e.carry_in for e in self.entries)

    @property
    def closing(self) -> int:
        return sum(e.carry_out for e in self.entries)

    @property
    def _surplus(self) -> int:
        return sum(sum(e.own_income) - sum(e.own_spending) for e in self.entries)

    @property
    def used(self) -> int:
        """使用非财政拨款结余: what own money lacked."""
        return max(0, -self._surplus)

    @property
    def distributed(self) -> int:
        """结余分配: what own money left over."""
        return max(0, self._surplus)


CITIES = ("清远市", "绍兴市", "洛阳市", "遵义市", "齐齐哈尔市", "乌鲁木齐市", "漳州市", "西宁市城东区")
BODIES = (
    "教育局",
    "科学技术局",
    "交通运输局",
    "农业农村局",
    "卫生健康委员会",
    "财政局",
    "政务服务数据管理局",
    "12345政务服务便民热线中心",
    "第7中学",
    "人民政府办公室",
)
PROJECTS = (
    ("农村公路养护", "农村公路养护"),
    ("12345热线外包服务", "热线外包服务"),
    ("学校食堂改造", "学校食堂改造"),
    ("政务云租赁", "政务云租赁"),
    ("2期信息系统运维", "信息系统运维"),
)
INDICATORS = (
    ("人工话务接通率", "≥", "%"),
    ("通话平均时长", "≤", "秒"),
    ("及时派单率", "≥", "%"),
    ("服务对象满意度", "≥", "%"),
    ("按期办结率", "≥", "%"),
    ("平均等候时间", "≤", "分钟"),
    ("培训教师人数", "≥", "人次"),
    ("道路养护里程", "≥", "公里"),
)

_amounts = st.one_of(st.just(0), st.integers(1, 99_999), st.integers(100_000, 99_999_999))
_rarely = st.one_of(st.just(0), st.just(0), st.just(0), st.integers(1, 9_999_999))
_leaves: dict[Fund, list[str]] = {
    "general": [code for code in FUNCTIONS if len(code) == 7],
    "fund": [code for code in FUND_FUNCTIONS if len(code) == 7],
    "capital": [code for code in CAPITAL_FUNCTIONS if len(code) == 7],
}


@st.composite
def entries(draw: st.DrawFn, fund: Fund, own: bool) -> tuple[Entry, ...]:
    """Entries of one fund with distinct codes; ``own`` allows money of other sources."""
    low, high = (1, 9) if fund == "general" else (0, 3)
    codes = draw(
        st.lists(st.sampled_from(_leaves[fund]), min_size=low, max_size=high, unique=True)
    )
    made = []
    for code in sorted(codes):
        basic = draw(_amounts) if fund == "general" else 0
        project = draw(_amounts)
        own_money = st.tuples(*[_rarely] * 5) if own else st.just((0, 0, 0, 0, 0))
        made.append(
            Entry(
                code,
                fund,
                basic,
                project,
                min(draw(_rarely), basic + project),
                draw(_rarely),
                draw(own_money),
                draw(own_money),
            )
        )
    return tuple(made)


@st.composite
def economics(draw: st.DrawFn, total: int) -> dict[str, int]:
    """The basic expenditure by economic code: leaves drawn, parents added up."""
    leaves = [code for code in (*PERSONNEL, *RUNNING) if len(code) == 5]
    chosen = draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=12, unique=True))
    shares = draw(
        st.lists(st.integers(0, 9), min_size=len(chosen), max_size=len(chosen)).filter(any)
    )
    amounts = dict.fromkeys((*PERSONNEL, *RUNNING), 0)
    for code, share in zip(chosen, shares, strict=True):
        amounts[code] = total * share // sum(shares)
    amounts[chosen[0]] += total - sum(amounts.values())
    for code in leaves:
        amounts[code[:3]] += amounts[code]
    return amounts


@st.composite
def purchases(draw: st.DrawFn) -> tuple[Purchase, ...]:
    made = []
    for kind in ("货物", "工程", "服务"):
        amount = draw(_amounts)
        sme = draw(st.one_of(st.just(amount), st.integers(0, amount)))
        micro = draw(st.one_of(st.just(sme), st.integers(0, sme)))
        made.append(Purchase(kind, amount, sme, micro))
    return tuple(made)


@st.composite
def indicators(draw: st.DrawFn) -> tuple[Indicator, ...]:
    made = []
    for name, comparison, unit in draw(
        st.lists(st.sampled_from(INDICATORS), max_size=4, unique=True)
    ):
        target = draw(st.integers(60, 100) if unit == "%" else st.integers(2, 400))
        if unit == "%":
            hundredths = draw(st.integers(4000, 10000))
            actual = f"{hundredths / 100:.2f}" if hundredths % 100 else str(hundredths // 100)
        else:
            actual = str(draw(st.integers(1, 500)))
        made.append(Indicator(name, comparison, str(target), actual, unit))
    return tuple(made)


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    """An account of a random department that adds up in every direction."""
    unit = draw(st.sampled_from(CITIES)) + draw(st.sampled_from(BODIES))
    unit += draw(st.sampled_from(("本级", "")))
    lines = draw(st.sampled_from((26, 24)))
    drawn = (
        *draw(entries("general", own=draw(st.booleans()))),
        *draw(entries("fund", own=False)),
        *(draw(entries("capital", own=False)) if lines == 26 else ()),
    )
    every = tuple(sorted(drawn, key=lambda entry: entry.code))
    economic = draw(economics(sum(e.basic for e in every if e.fund == "general")))
    spent = ThreePublic(
        economic["30212"] + draw(_rarely),
        economic["31013"] + draw(_rarely),
        economic["30231"] + draw(_rarely),
        economic["30217"] + draw(_rarely),
    )
    planned = draw(
        st.one_of(st.just(spent), st.builds(ThreePublic, _rarely, _rarely, _amounts, _amounts))
    )
    few = st.integers(0, 60)
    projects = tuple(
        Project(name, subject, budget := draw(_amounts), draw(st.integers(0, budget)))
        for name, subject in draw(st.lists(st.sampled_from(PROJECTS), max_size=2, unique=True))
    )
    base = Account(
        unit=unit,
        year=draw(st.integers(2016, 2025)),
        money_unit=draw(st.sampled_from(("万元", "万元", "元"))),
        lines=lines,
        entries=every,
        economic=economic,
        planned=planned,
        spent=spent,
        counts={
            "团组": draw(few) if spent.abroad else 0,
            "人次": draw(few) if spent.abroad else 0,
            "购置": draw(few) if spent.purchase else 0,
            "保有": draw(few) if spent.running else 0,
            "批次": draw(few) if spent.reception else 0,
            "人数": draw(st.integers(0, 2000)) if spent.reception else 0,
            "机构": draw(st.integers(2, 30)),
            "自评": draw(st.integers(1, 40)),
        },
        previous={},
        budgets={},
        purchases=draw(purchases()),
        operating=draw(_amounts),
        vehicles={kind: draw(few) for kind in draw(st.sets(st.sampled_from(VEHICLE_KINDS)))},
        equipment=draw(few),
        projects=projects,
        indicators=draw(indicators()),
        calls=draw(st.sampled_from(("", "114.86", "8.5", "23"))),
    )
    return _with_other_years(draw, base)


def _with_other_years(draw: st.DrawFn, base: Account) -> Account:
    """Add what was budgeted and what last year was: the same, nothing, or another amount."""
    amounts = base.amounts()
    budgeted = {f"{name}支出": amounts[f"{name}支出"] for name in APPROPRIATIONS.values()}
    for entry in base.of("general"):
        budgeted[entry.code] = entry.appropriation[0]

    def other(now: int) -> int:
        return draw(st.one_of(st.just(now), st.just(0), st.integers(1, 99_999_999)))

    fields = {name: getattr(base, name) for name in Account.__dataclass_fields__}
    fields["previous"] = {name: other(now) for name, now in amounts.items()}
    fields["budgets"] = {name: other(now) for name, now in budgeted.items()}
    return Account(**fields)


def tree(chosen: tuple[Entry, ...]) -> list[tuple[str, tuple[Entry, ...]]]:
    """Every 类, 款 and 项 of these entries in code order, each with the entries below it."""
    codes = {code for e in chosen for code in (*parents(e.code), e.code)}
    return [(code, tuple(e for e in chosen if e.code.startswith(code))) for code in sorted(codes)]
