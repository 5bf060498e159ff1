"""Government procurement (政府采购): by kind, and what went to small and medium enterprises.

Everything is read from the prose of a report (``Report.facts``); the nine tables say nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from qy_finance.intervals import (
    Approx,
    Fit,
    as_precise,
    as_printed,
    fit,
    in_unit,
    plain_unit,
    total,
)
from qy_finance.report import Report

KINDS: Final = ("货物", "工程", "服务")
"""Goods, works, services: the three kinds of the Government Procurement Law (政府采购法) article 2."""

ALL, SME, MICRO = "全部", "中小企业", "小微企业"
WHOLE: Final = "合计"

_MICRO = re.compile(r"(?<!中)小微|小型(?:和|、)?微型|微型企业")
_SME = re.compile(r"中小(?:微)?企业|中型(?:和|、)?小型")
_KIND = re.compile("|".join(KINDS))
_WHOLE = re.compile(r"采购.*(?:总额|总金额|合计|总计)|采购(?:支出|金额|合同金额)?$")
_OTHER = re.compile("预算|上年")
_PART = re.compile("项目/")
_ASIDE = re.compile(r"[（(][^（()）]*[)）]$")  # 政府采购金额（以合同签订为准）


@dataclass(frozen=True, slots=True)
class Share:
    """A share as printed, in %, and the denominator that the report names (empty if none)."""

    percent: Approx
    of: str


@dataclass(frozen=True)
class Procurement:
    """What a report says of its procurement.

    Attributes
    ----------
    amounts : Mapping
        Amounts in 万元 by recipient (全部, 中小企业, 小微企业) and kind (合计, 货物, 工程, 服务). All are as precise
        as the most precise of them, since reports trim zeros.
    shares : Mapping
        Printed shares by the same keys.
    """

    amounts: Mapping[tuple[str, str], Approx]
    shares: Mapping[tuple[str, str], Share]

    @property
    def total(self) -> Approx | None:
        """Total as stated (政府采购支出总额)."""
        return self.amounts.get((ALL, WHOLE))

    @property
    def sme(self) -> Approx | None:
        """Amount awarded to small, medium and micro enterprises as stated (授予中小企业合同金额)."""
        return self.amounts.get((SME, WHOLE))

    @property
    def micro(self) -> Approx | None:
        """Amount awarded to small and micro enterprises as stated (授予小微企业合同金额)."""
        return self.amounts.get((MICRO, WHOLE))

    @property
    def kinds(self) -> dict[str, Approx]:
        """Stated amounts by kind; empty where the report does not part them."""
        return {kind: self.amounts[ALL, kind] for kind in KINDS if (ALL, kind) in self.amounts}

    @property
    def sum_of_kinds(self) -> Approx | None:
        """What the stated kinds add up to."""
        return total(self.kinds.values()) if self.kinds else None

    @property
    def implied_sme(self) -> Approx | None:
        """SME amount that the stated shares by kind imply: each kind times its share, summed.

        None where a kind that has an amount has no share. A kind of 0 adds nothing, whatever its share.
        """
        parts = []
        for kind, amount in self.kinds.items():
            share = self.shares.get((SME, kind))
            if amount.value == 0:
                continue
            if share is None:
                return None
            low = amount.low * share.percent.low / 100
            high = amount.high * share.percent.high / 100
            value = amount.value * share.percent.value / 100
            parts.append(Approx(value, (high - low) / 2))
        return total(parts) if parts else None


def procurement(report: Report) -> Procurement:
    """What a report says of its procurement; empty mappings where it says nothing."""
    facts = report.facts
    facts = facts[facts["year"].eq(int(str(report.meta["year"]))).fillna(False)]
    told = facts[facts["section"].str.contains("采购").fillna(False)]
    if told.empty:
        told = facts[facts["item"].str.contains("政府采购").fillna(False)]
    amounts: dict[tuple[str, str], Approx] = {}
    shares: dict[tuple[str, str], Share] = {}
    for row in told.to_dict("records"):
        item, of = str(row["item"]), "" if pd.isna(row["column"]) else str(row["column"])
        role = _role(item)
        if role is None or _OTHER.search(item + of):
            continue
        unit = str(row["unit_of_measure"])
        if row["measure"] == "amount" and plain_unit(unit)[1] == "元":
            amounts.setdefault(role, _wan_yuan(str(row["printed"]), unit))
        elif row["measure"] == "share":
            shares.setdefault(role, Share(as_printed(str(row["printed"])), of))
    return Procurement(dict(zip(amounts, as_precise(amounts.values()), strict=True)), shares)


def _role(item: str) -> tuple[str, str] | None:
    """Recipient and kind that an item speaks of; None for an amount of some projects only."""
    if _PART.search(item):
        return None
    item = _ASIDE.sub("", item)
    kind = _KIND.search(item)
    if _MICRO.search(item):
        who = MICRO
    elif _SME.search(item):
        who = SME
    elif "采购" in item and (kind or _WHOLE.search(item)):
        who = ALL
    else:
        return None
    return who, kind[0] if kind else WHOLE


def _wan_yuan(printed: str, unit: str) -> Approx:
    yuan, _ = in_unit(printed, unit)
    return Approx(yuan.value / 10_000, yuan.half / 10_000, yuan.text)


def by_kind(purchases: Procurement) -> pd.DataFrame:
    """Amounts by kind, largest first.

    Columns
    -------
    kind : str
        货物, 工程 or 服务.
    amount : float
        万元, as stated.
    share : float
        % of the sum of the kinds, computed; missing where that is 0.
    sme_share : str
        % of this kind that went to SMEs as printed; empty where none is.
    """
    whole = purchases.sum_of_kinds
    rows = [
        (
            kind,
            float(amount.value),
            percent(amount, whole),
            purchases.shares[SME, kind].percent.text if (SME, kind) in purchases.shares else "",
        )
        for kind, amount in purchases.kinds.items()
    ]
    frame = pd.DataFrame(rows, columns=["kind", "amount", "share", "sme_share"])
    return frame.astype({"amount": float, "share": float}).sort_values(
        "amount", ascending=False, kind="stable", ignore_index=True
    )


def denominators(purchases: Procurement, who: str) -> pd.DataFrame:
    """The share of SMEs or of micro enterprises on each denominator that the report offers.

    Parameters
    ----------
    who
        :data:`SME` or :data:`MICRO`.

    Columns
    -------
    of : str
        Denominator.
    amount, share : float
        Its amount in 万元, and the share recomputed on it in %.
    named : bool
        Whether the report says that its printed share is one of this denominator.
    fit : str
        Whether the printed share agrees with the recomputed one (:class:`Fit`); empty where none is printed.

    Denominators of 0 are left out, and those smaller than the amount, unless the report names them. Empty where the
    report states no amount for ``who``.
    """
    part = purchases.amounts.get((who, WHOLE))
    share = purchases.shares.get((who, WHOLE))
    named = _named(share.of) if share else ""
    rows = []
    for name, whole in _candidates(purchases, who).items():
        recomputed = part.percent_of(whole) if part else None
        if part is None or recomputed is None or (name != named and part.low > whole.high):
            continue
        agrees = fit(share.percent, part, whole) if share else None
        rows.append(
            (name, float(whole.value), float(recomputed.value), name == named, agrees or "")
        )
    return pd.DataFrame(rows, columns=["of", "amount", "share", "named", "fit"])


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The frame of :func:`denominators` as a notebook shows it, narrow enough for a phone."""
    return pd.DataFrame(
        {
            "分母": table["of"] + table["named"].map({True: "（所称）", False: ""}),
            "占比（%）": table["share"],
            "与报告占比": table["fit"],
        }
    )


TOTAL_NAME: Final = "政府采购支出总额"
SME_NAME: Final = "授予中小企业合同金额"
IMPLIED_NAME: Final = "按分类占比推算的中小企业金额"


def _candidates(purchases: Procurement, who: str) -> dict[str, Approx]:
    stated = purchases.total
    found = {SME_NAME: purchases.sme} if who == MICRO else {}
    found[TOTAL_NAME] = stated
    added = purchases.sum_of_kinds
    if added and (stated is None or added.value != stated.value):
        found["货物、工程、服务之和"] = added
    implied = purchases.implied_sme
    if who == MICRO and implied and implied.value not in {w.value for w in found.values() if w}:
        found[IMPLIED_NAME] = implied
    found |= {f"{kind}支出": amount for kind, amount in purchases.kinds.items()}
    return {name: whole for name, whole in found.items() if whole is not None}


def _named(of: str) -> str:
    if _SME.search(of):
        return SME_NAME
    if kind := _KIND.search(of):
        return f"{kind[0]}支出"
    return TOTAL_NAME if of else ""


def fitting(purchases: Procurement, who: str) -> tuple[str, Fit] | None:
    """The denominator that the printed share fits best, and how; None where it fits none."""
    table = denominators(purchases, who)
    for quality in (Fit.ROUNDED, Fit.TRUNCATED, Fit.PADDED):
        names = table.loc[table["fit"] == quality].sort_values(
            "named", ascending=False, kind="stable"
        )
        if not names.empty:
            return str(names["of"].iloc[0]), quality
    return None


def percent(part: Approx | None, whole: Approx | None) -> float | None:
    """Share of a part in a whole in %; None where either is missing or the whole can be zero."""
    share = part.percent_of(whole) if part and whole else None
    return None if share is None else float(share.value)
