"""Hypothesis strategies for fictional final accounts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from .accounts import (
    APPROPRIATIONS,
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
    codes = draw(st.lists(st.sampled_from(_leaves[fund]), min_size=low, max_size=high, unique=True))
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

    return replace(
        base,
        previous={name: other(now) for name, now in amounts.items()},
        budgets={name: other(now) for name, now in budgeted.items()},
    )
