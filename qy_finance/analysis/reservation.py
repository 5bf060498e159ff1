"""The statutory reservation of procurement for small and medium enterprises (政府采购预留份额)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis.procurement import BUDGET, MICRO, SME, Procurement, percent


@dataclass(frozen=True, slots=True)
class Reservation:
    """What the law reserves for small and medium enterprises, in %.

    Attributes
    ----------
    since : int
        First year that the rule applies to.
    sme, works : int
        Least share of the budget that is reserved for SMEs (``works`` for 工程).
    micro : int
        Least part of what is reserved that goes to small and micro enterprises.
    text : str
        The rule in a few words, with its document.
    """

    since: int
    sme: int
    works: int
    micro: int
    text: str

    @property
    def micro_of_all(self) -> Decimal:
        """Least share for small and micro enterprises in the whole: a part of a part."""
        return Decimal(self.sme * self.micro) / 100


_OLD: Final = (
    "《政府采购促进中小企业发展暂行办法》（财库〔2011〕181号）：全年政府采购项目预算总额的 30% 以上预留给"
    "中小企业，其中 60% 以上给小型和微型企业。"
)
_NEW: Final = (
    "《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）：适宜由中小企业提供的，200 万元以下的货物和服务、"
    "400 万元以下的工程专门面向中小企业采购；超过的，预算总额的 30% 以上预留给中小企业，其中 60% 以上给小微企业。"
)

RESERVATIONS: Final = (
    Reservation(2012, 30, 30, 60, _OLD),
    Reservation(2021, 30, 30, 60, _NEW),
    Reservation(
        2022, 30, 30, 60,
        f"{_NEW}超过 400 万元的工程自 2022 年 7 月起提高到 40% 以上（财库〔2022〕19号）；"
        "决算只有全年数，参照线仍按 30% 画。",
    ),
    Reservation(
        2023, 30, 40, 60,
        f"{_NEW}超过 400 万元的工程提高到 40% 以上（财库〔2022〕19号，财预〔2023〕76号延续到 2025 年底）。",
    ),
    Reservation(
        2026, 30, 30, 60,
        f"{_NEW}工程提高到 40% 以上的规定（财预〔2023〕76号）写到 2025 年底，其后是否延续看当年的文件；"
        "参照线按 30% 画。",
    ),
)  # fmt: skip
"""The rules in order of their years.

财库〔2011〕181号 article 4, in force from 2012: 30 % of the budget of all procurement of the year, 60 % of that for
small and micro enterprises. 财库〔2020〕46号 articles 7 and 8, in force since 2021: what SMEs can provide and is not
above the thresholds goes to SMEs alone; above them 30 % of the budget is reserved, 60 % of that for small and micro.
财库〔2022〕19号: 40 % for works above the threshold from July 2022; 财预〔2023〕76号: until the end of 2025.
Of 2022, half under each rule, and of the years after 2025 the lower share is taken, so that no report seems to be
short that is not.
"""


def reservation(year: int) -> Reservation | None:
    """The rule of a year; None before there was one."""
    return next((rule for rule in reversed(RESERVATIONS) if rule.since <= year), None)


def against(purchases: Procurement, rule: Reservation | None) -> pd.DataFrame:
    """Shares beside the least shares of the rule.

    Columns
    -------
    name : str
        Share of what in what.
    share : object (Decimal)
        In %: by kind as printed, the others recomputed from the stated amounts.
    floor : object (Decimal)
        In %.

    Rows whose figures the report does not state are left out, kinds of 0 and parts larger than their whole too.
    What small and micro enterprises have of the amount for SMEs is no row: 60 % holds for what is reserved, and SMEs
    can win more than that. Empty without a rule.
    """
    names = ["name", "share", "floor"]
    if rule is None:
        return pd.DataFrame(columns=names, dtype=object)
    rows: list[tuple[str, Decimal | None, Decimal]] = []
    for kind, amount in purchases.kinds.items():
        stated = purchases.shares.get((SME, kind))
        if stated and amount.value:
            least = rule.works if kind == "工程" else rule.sme
            rows.append((f"中小企业占{kind}", stated.percent.value, Decimal(least)))
    reserved = purchases.reserved
    pairs = (
        ("中小企业占采购总额", purchases.sme, purchases.total, Decimal(rule.sme)),
        ("小微企业占采购总额", purchases.micro, purchases.total, rule.micro_of_all),
        ("预留中小占采购总额", reserved.get((SME, BUDGET)), purchases.total, Decimal(rule.sme)),
        (
            "预留小微占预留中小",
            reserved.get((MICRO, BUDGET)),
            reserved.get((SME, BUDGET)),
            Decimal(rule.micro),
        ),
    )
    rows += [
        (name, percent(part, whole), floor)
        for name, part, whole, floor in pairs
        if part and whole and part.low <= whole.high
    ]
    known = [row for row in rows if row[1] is not None]
    return pd.DataFrame(known, columns=names, dtype=object)
