"""One account written by hand, for examples whose failures are to be readable."""

from __future__ import annotations

from fractions import Fraction

from .accounts import Account, Entry, Indicator, Project, Purchase, ThreePublic
from .codes import PERSONNEL, RUNNING

_LEAVES = {
    "30101": 1_553_40,
    "30102": 237_24,
    "30302": 35_45,
    "30201": 11_74,
    "30217": 63,
    "30231": 1_89,
    "31002": 9_65,
}
_ECONOMIC = {
    code: _LEAVES.get(code, 0)
    if len(code) == 5
    else sum(amount for leaf, amount in _LEAVES.items() if leaf.startswith(code))
    for code in (*PERSONNEL, *RUNNING)
}

_WITHOUT_OTHER_YEARS = Account(
    unit="洛阳市12345政务服务便民热线中心本级",
    year=2022,
    money_unit="万元",
    lines=26,
    entries=(
        Entry("2010301", "general", basic=sum(_LEAVES.values()), project=0, carry_in=24_66),
        Entry(
            "2010399",
            "general",
            project=2_469_07,
            carry_out=24_42,
            own_income=(5_00, 0, 7_77, 0, 12_30),
            own_spending=(0, 20_07, 0, 3_00, 0),
        ),
        Entry("2050803", "general"),
        Entry("2121399", "fund", project=3_740_53, carry_in=1_00, carry_out=41),
        Entry("2230105", "capital", project=8_01),
    ),
    economic=_ECONOMIC,
    planned=ThreePublic(abroad=0, purchase=0, running=1_89, reception=90),
    spent=ThreePublic(abroad=0, purchase=0, running=1_89, reception=63),
    counts={
        "团组": 0,
        "人次": 0,
        "购置": 0,
        "保有": 3,
        "批次": 8,
        "人数": 61,
        "机构": 4,
        "自评": 19,
    },
    previous={},
    budgets={},
    purchases=(
        Purchase("货物", 122_80, 122_80, 122_80),
        Purchase("工程", 0, 0, 0),
        Purchase("服务", 2_792_96, 2_670_16, 0),
    ),
    operating=23_91,
    vehicles={"机要通信用车": 1, "其他用车": 2},
    equipment=3,
    projects=(Project("12345热线外包服务", "热线外包服务", 593_76, 590_00),),
    indicators=(
        Indicator("人工话务接通率", "≥", "80", "62.83", "%"),
        Indicator("通话平均时长", "≤", "250", "187", "秒"),
        Indicator("及时派单率", "≥", "95", "100", "%"),
    ),
    calls="114.86",
)
# A quarter more, a fifth less, nothing, or the same as this year.
SAMPLE = _WITHOUT_OTHER_YEARS.with_other_years(
    past=[Fraction(5, 4), Fraction(4, 5), Fraction(1), Fraction(0), Fraction(1)],
    spent=ThreePublic(abroad=0, purchase=0, running=84, reception=70),
    operating=16_68,
    planned=[Fraction(4, 5), Fraction(1, 2), Fraction(1), Fraction(0), Fraction(1)],
)
