"""Hypothesis strategies for fictional final accounts."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from .accounts import (
    VEHICLE_KINDS,
    Account,
    Entry,
    Fund,
    Indicator,
    Project,
    Purchase,
    ThreePublic,
)
from .codes import CAPITAL_FUNCTIONS, FUNCTIONS, FUND_FUNCTIONS, PERSONNEL, RUNNING

CITIES = (
    "清远市",
    "绍兴市",
    "洛阳市",
    "遵义市",
    "齐齐哈尔市",
    "乌鲁木齐市",
    "漳州市",
    "西宁市城东区",
)
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

LARGEST = 99_999_999  # hundredths
_shares = st.one_of(st.just(1000), st.just(0), st.integers(400, 2500)).map(
    lambda thousandths: Fraction(thousandths, 1000)
)


class Money:
    """Strategies of amounts: 0, or between the least and the most."""

    def __init__(self, least: int, most: int) -> None:
        self.least = least
        middle = max(least, most // 1_000)
        few, many = st.integers(least, middle), st.integers(middle, most)
        self.any = st.one_of(st.just(0), few, many)
        seldom = st.integers(least, max(least, most // 10))
        self.rare = st.one_of(st.just(0), st.just(0), st.just(0), seldom)

    def upto(self, most: int) -> st.SearchStrategy[int]:
        """0, or an amount that is printed, at most this."""
        some = st.integers(self.least, most) if most >= self.least else st.just(0)
        return st.one_of(st.just(0), some)

    def about(self, amount: int) -> st.SearchStrategy[int]:
        """The same, nothing, or another amount."""
        return st.one_of(st.just(amount), st.just(0), self.upto(3 * amount or 10 * self.least))


_leaves: dict[Fund, list[str]] = {
    "general": [code for code in FUNCTIONS if len(code) == 7],
    "fund": [code for code in FUND_FUNCTIONS if len(code) == 7],
    "capital": [code for code in CAPITAL_FUNCTIONS if len(code) == 7],
}


@st.composite
def entries(draw: st.DrawFn, money: Money, fund: Fund, own: bool) -> tuple[Entry, ...]:
    """Entries of one fund with distinct codes; ``own`` allows money of other sources."""
    low, high = (1, 9) if fund == "general" else (0, 3)
    codes = draw(st.lists(st.sampled_from(_leaves[fund]), min_size=low, max_size=high, unique=True))
    made = []
    for code in sorted(codes):
        basic = draw(money.any) if fund == "general" else 0
        project = draw(money.any)
        own_money = st.tuples(*[money.rare] * 5) if own else st.just((0, 0, 0, 0, 0))
        made.append(
            Entry(
                code,
                fund,
                basic,
                project,
                min(draw(money.rare), basic + project),
                draw(money.rare),
                draw(own_money),
                draw(own_money),
            )
        )
    return tuple(made)


@st.composite
def economics(draw: st.DrawFn, money: Money, total: int) -> dict[str, int]:
    """The basic expenditure by economic code: leaves drawn, parents added up."""
    leaves = [code for code in (*PERSONNEL, *RUNNING) if len(code) == 5]
    chosen = draw(st.lists(st.sampled_from(leaves), min_size=1, max_size=12, unique=True))
    weights = draw(
        st.lists(st.integers(0, 9), min_size=len(chosen), max_size=len(chosen)).filter(any)
    )
    amounts = dict.fromkeys((*PERSONNEL, *RUNNING), 0)
    for code, weight in zip(chosen, weights, strict=True):
        amount = total * weight // sum(weights)
        amounts[code] = amount if amount >= money.least else 0
    amounts[max(chosen, key=lambda code: amounts[code])] += total - sum(amounts.values())
    for code in leaves:
        amounts[code[:3]] += amounts[code]
    return amounts


@st.composite
def purchases(draw: st.DrawFn, money: Money, most: int) -> tuple[Purchase, ...]:
    """Purchases of the three kinds, each at most so much."""
    made = []
    for kind in ("货物", "工程", "服务"):
        amount = draw(money.upto(most))
        sme = draw(st.one_of(st.just(amount), money.upto(amount)))
        micro = draw(st.one_of(st.just(sme), money.upto(sme)))
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
def accounts(draw: st.DrawFn, least: int = 1, largest: int = LARGEST) -> Account:
    """An account of a random department that adds up in every direction.

    Amounts that are drawn are between ``least`` and ``largest`` hundredths of 万元, or zero.
    """
    unit = draw(st.sampled_from(CITIES)) + draw(st.sampled_from(BODIES))
    unit += draw(st.sampled_from(("本级", "")))
    lines = draw(st.sampled_from((26, 24)))
    money_unit = draw(st.sampled_from(("万元", "万元", "元")))
    # 万元 are whole hundredths, or rounded from 分; 元 are 分, and not so many that columns get too wide.
    in_yuan = money_unit == "元"
    parts = 10_000 if in_yuan else draw(st.sampled_from((1, 10_000)))
    money = Money(least * parts, (min(largest, 99_999) if in_yuan else largest) * parts)
    drawn = (
        *draw(entries(money, "general", own=draw(st.booleans()))),
        *draw(entries(money, "fund", own=False)),
        *(draw(entries(money, "capital", own=False)) if lines == 26 else ()),
    )
    every = tuple(sorted(drawn, key=lambda entry: entry.code))
    general = [entry for entry in every if entry.fund == "general"]
    economic = draw(economics(money, sum(e.basic for e in general)))
    projects = sum(e.project for e in general)
    spent = ThreePublic(
        *(
            economic[code] + draw(money.upto(projects // 8))
            for code in ("30212", "31013", "30231", "30217")
        )
    )
    planned = ThreePublic(*(draw(money.about(part)) for part in _parts(spent)))
    running = sum(economic[code] for code in RUNNING if len(code) == 3)
    few, some = st.integers(0, 60), st.integers(1, 60)
    kinds = draw(st.sets(st.sampled_from(VEHICLE_KINDS), min_size=1)) if spent.running else ()
    vehicles = {kind: draw(some) for kind in sorted(kinds)}
    titles = draw(st.lists(st.sampled_from(PROJECTS), max_size=2, unique=True)) if projects else []
    base = Account(
        unit=unit,
        year=draw(st.integers(2016, 2025)),
        money_unit=money_unit,
        lines=lines,
        entries=every,
        economic=economic,
        planned=planned,
        spent=spent,
        counts={
            "团组": draw(some) if spent.abroad else 0,
            "人次": draw(some) if spent.abroad else 0,
            "购置": draw(some) if spent.purchase else 0,
            "保有": sum(vehicles.values()),
            "批次": draw(some) if spent.reception else 0,
            "人数": draw(st.integers(1, 2000)) if spent.reception else 0,
            "机构": draw(st.integers(2, 30)),
            "自评": draw(st.integers(2, 40)),
        },
        previous={},
        budgets={},
        purchases=draw(purchases(money, sum(e.spending[0] for e in every) // 4)),
        operating=draw(st.one_of(st.just(running), money.upto(running))),
        vehicles=vehicles,
        equipment=draw(few),
        projects=tuple(_project(draw, money, names, projects // 2) for names in titles),
        indicators=draw(indicators()),
        calls=draw(st.sampled_from(("", "114.86", "8.5", "23"))),
        fraction=1 if in_yuan else parts,
    )
    return base.with_other_years(
        past=[draw(_shares) for _ in every],
        spent=ThreePublic(*(draw(money.about(part)) for part in _parts(spent))),
        operating=draw(money.about(base.operating)),
        planned=[draw(_shares) for _ in every],
    )


def _parts(spent: ThreePublic) -> tuple[int, ...]:
    return (spent.abroad, spent.purchase, spent.running, spent.reception)


def _project(draw: st.DrawFn, money: Money, names: tuple[str, str], most: int) -> Project:
    """A project that spent at most so much, and no more than its budget, which is some."""
    spent = draw(money.upto(most))
    return Project(*names, max(money.least, spent + draw(money.upto(spent))), spent)
