"""Shares of small enterprises in procurement: by kind, and on each denominator that a report offers."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from qy_finance.analysis.procurement import (
    KINDS,
    MICRO,
    SME,
    WHOLE,
    Procurement,
    is_broken,
    percent,
)
from qy_finance.intervals import Approx, Fit, fit

TOTAL_NAME: Final = "政府采购支出总额"
SME_NAME: Final = "授予中小企业合同金额"
SUM_NAME: Final = "货物、工程、服务之和"
IMPLIED_NAME: Final = "按分类占比推算的中小企业金额"

CLEAN: Final = (Fit.ROUNDED, Fit.TRUNCATED)
"""How a printed share agrees with its amounts without any doubt."""

_SME = re.compile("中小")
_KIND = re.compile("|".join(KINDS))


def by_kind(purchases: Procurement) -> pd.DataFrame:
    """Amounts by kind, largest first.

    Columns
    -------
    kind : str
        货物, 工程 or 服务.
    amount : object (Sourced)
        万元, as stated.
    share : object (Sourced)
        % of the sum of the kinds, computed; missing where that is 0.
    sme_share : object (Sourced)
        % of this kind that went to SMEs as printed; missing where none is.
    sme : object (Sourced)
        万元 of it that went to SMEs: as stated, otherwise amount times printed share.
    """
    whole = purchases.sum_of_kinds
    rows = []
    for kind, amount in purchases.kinds.items():
        stated, sme = purchases.shares.get((SME, kind)), purchases.sme_of(kind)
        rows.append(
            (
                kind,
                amount.value,
                percent(amount, whole),
                stated.percent.value if stated else None,
                sme.value if sme else None,
            )
        )
    rows.sort(key=lambda row: row[1], reverse=True)
    return pd.DataFrame(rows, columns=["kind", "amount", "share", "sme_share", "sme"], dtype=object)


def denominators(purchases: Procurement, who: str) -> pd.DataFrame:
    """The share of SMEs or of micro enterprises on each denominator that the report offers.

    Parameters
    ----------
    who
        :data:`~qy_finance.analysis.procurement.SME` or :data:`~qy_finance.analysis.procurement.MICRO`.

    Columns
    -------
    of : str
        Denominator.
    amount, share : object (Sourced)
        Its amount in 万元, and the share recomputed on it in %.
    named : bool
        Whether the report says that its printed share is one of this denominator.
    fit : str
        Whether the printed share agrees with the recomputed one (:class:`Fit`); empty where none is printed. Where the
        checks find the share on its named denominator wrong it does not agree.

    Denominators of 0 are left out, and those smaller than the amount, unless the report names them. Empty where the
    report states no amount for ``who``.
    """
    part = purchases.amounts.get((who, WHOLE))
    share = purchases.shares.get((who, WHOLE))
    named = _named(share.of) if share else ""
    rows = []
    for name, whole in _candidates(purchases, who).items():
        recomputed = percent(part, whole)
        if part is None or recomputed is None or (name != named and part.low > whole.high):
            continue
        agrees = fit(share.percent, part, whole) if share else None
        if share and name == named and agrees in CLEAN and is_broken(purchases, share):
            agrees = Fit.NO
        rows.append((name, whole.value, recomputed, name == named, agrees or ""))
    frame = pd.DataFrame(rows, columns=["of", "amount", "share", "named", "fit"], dtype=object)
    return frame.astype({"named": bool})


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


def _candidates(purchases: Procurement, who: str) -> dict[str, Approx]:
    stated = purchases.total
    found = {SME_NAME: purchases.sme} if who == MICRO else {}
    found[TOTAL_NAME] = stated
    added = purchases.sum_of_kinds
    if added and (stated is None or added.value != stated.value):
        found[SUM_NAME] = added
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


def kinds_shown(kinds: pd.DataFrame) -> pd.DataFrame:
    """The frame of :func:`by_kind` as a notebook shows it, without columns in which nothing is stated."""
    names = {
        "kind": "类别",
        "amount": "金额（万元）",
        "share": "占三类之和（%）",
        "sme_share": "其中授予中小企业（%，报告）",
        "sme": "折合（万元）",
    }
    told = kinds.loc[kinds["amount"] != 0, "sme"].notna().any()
    shown = kinds if told else kinds.drop(columns=["sme_share", "sme"])
    return shown.dropna(axis="columns", how="all").rename(columns=names)


def denominators_shown(table: pd.DataFrame) -> pd.DataFrame:
    """The frame of :func:`denominators` as a notebook shows it; without a verdict where no share is printed.

    What a phone shows without scrolling comes first.
    """
    shown = pd.DataFrame(
        {
            "分母": table["of"] + table["named"].map({True: "（所称）", False: ""}),
            "重算（%）": table["share"],
            "与印出的占比": table["fit"],
            "金额（万元）": table["amount"],
        }
    )
    return shown if table["fit"].any() else shown.drop(columns="与印出的占比")
