"""The statutory reservation of procurement for small and medium enterprises (政府采购预留份额)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from qy_finance.analysis.procurement import SME, Procurement, percent


@dataclass(frozen=True, slots=True)
class Reservation:
    """What the law reserves for small and medium enterprises, in %.

    Attributes
    ----------
    since : int
        First year that the rule applies to.
    sme, works : int
        Least share of the budget (of contracts above the thresholds; ``works`` for 工程) reserved for SMEs.
    micro : int
        Least part of what is reserved that goes to small and micro enterprises.
    source : str
        The rule.
    """

    since: int
    sme: int
    works: int
    micro: int
    source: str

    @property
    def micro_of_all(self) -> float:
        """Least share for small and micro enterprises in the whole: a part of a part."""
        return self.sme * self.micro / 100


RESERVATIONS: Final = (
    Reservation(2012, 30, 30, 60, "《政府采购促进中小企业发展暂行办法》（财库〔2011〕181号）"),
    Reservation(2021, 30, 30, 60, "《政府采购促进中小企业发展管理办法》（财库〔2020〕46号）"),
    Reservation(
        2022,
        30,
        40,
        60,
        "《政府采购促进中小企业发展管理办法》（财库〔2020〕46号），"
        "工程的预留份额自 2022 年 7 月起提高（财库〔2022〕19号）",
    ),
)
"""The rules in order of their years.

财库〔2020〕46号: in force since 2021-01-01. Contracts for goods and services up to 200万元 and for works up to
400万元 go to SMEs in principle; above, at least 30 % of the budget is reserved for them, at least 60 % of that for
small and micro enterprises. 财库〔2022〕19号: for works above 400万元, 40 % since July 2022.
财库〔2011〕181号, in force from 2012: 30 % of the whole annual procurement budget, 60 % of that for small and micro.
"""


def reservation(year: int) -> Reservation | None:
    """The rule of a year; None before there was one."""
    return next((rule for rule in reversed(RESERVATIONS) if rule.since <= year), None)


def against(purchases: Procurement, rule: Reservation) -> pd.DataFrame:
    """Shares beside the least shares of the rule.

    Columns
    -------
    name : str
        Share of what in what.
    share, floor : float
        In %. Shares of the whole are recomputed from the stated amounts, those by kind are as printed.
    source : str
        重算 or 报告.

    Rows whose figures the report does not state are left out, kinds of 0 too.
    """
    rows: list[tuple[str, float, float, str]] = []
    for kind, amount in purchases.kinds.items():
        stated = purchases.shares.get((SME, kind))
        if stated and amount.value:
            least = rule.works if kind == "工程" else rule.sme
            rows.append((f"中小企业占{kind}", float(stated.percent.value), least, "报告"))
    pairs = (
        ("中小企业占采购总额", purchases.sme, purchases.total, rule.sme),
        ("小微企业占采购总额", purchases.micro, purchases.total, rule.micro_of_all),
        ("小微企业占中小企业", purchases.micro, purchases.sme, rule.micro),
    )
    for name, part, whole, floor in pairs:
        share = percent(part, whole)
        if share is not None:
            rows.append((name, share, floor, "重算"))
    frame = pd.DataFrame(rows, columns=["name", "share", "floor", "source"])
    return frame.astype({"share": float, "floor": float})
