"""Figures of procurement: amounts by kind, and shares beside the statutory reservation."""

from __future__ import annotations

from typing import Final

import pandas as pd
from matplotlib.figure import Figure

from qy_finance.charts.theme import (
    ALERT,
    INK,
    MUTED,
    PRIMARY,
    canvas,
    finish,
    key,
    label_at,
    money_axis,
    name_rows,
    percent_axis,
)
from qy_finance.display import decimals, percent

_SOURCE: Final = "来源：政府采购支出情况说明"


def kinds_chart(kinds: pd.DataFrame, year: int) -> Figure:
    """Amounts by kind, each with its share of them all.

    Parameters
    ----------
    kinds : DataFrame
        As :func:`qy_finance.analysis.procurement_shares.by_kind` gives it. Where it is known of each kind what went to
        SMEs, that is the dark part of its bar.
    """
    _, ax = canvas(len(kinds))
    amounts, rows = kinds["amount"].astype(float).tolist(), range(len(kinds))
    parted = bool(kinds["sme"].notna().all())
    ax.barh(rows, amounts, height=0.62, color=MUTED if parted else PRIMARY, linewidth=0)
    if parted:
        ax.barh(rows, kinds["sme"].astype(float), height=0.62, color=PRIMARY, linewidth=0)
        rest = [(MUTED, "其余")] if (kinds["sme"] != kinds["amount"]).any() else []
        key(ax, [(PRIMARY, "授予中小企业（按报告的占比）"), *rest])
    name_rows(ax, list(kinds["kind"]))
    ax.invert_yaxis()
    labels = [f"{decimals(row.amount)}（{percent(row.share)}）" for row in kinds.itertuples()]
    label_at(ax, amounts, rows, labels)
    money_axis(ax, "万元")
    return finish(ax, f"{year} 年政府采购：货物、工程、服务", _SOURCE)


def reservation_chart(shares: pd.DataFrame, year: int) -> Figure:
    """Shares (``analysis.reservation.against``) with a mark where the reservation lies.

    What is below its mark is red and has a hatch, so that grey print shows it too.
    """
    _, ax = canvas(1.4 * len(shares))
    names = [f"{row.name}\n参照线 {row.floor:g}%" for row in shares.itertuples(index=False)]
    values, floors = shares["share"].astype(float), shares["floor"].astype(float)
    below = shares["share"] < shares["floor"]
    ax.barh(
        names,
        values,
        height=0.5,
        color=[ALERT if low else PRIMARY for low in below],
        hatch=["///" if low else "" for low in below],
        edgecolor="white",
        linewidth=0,
    )
    at = range(len(shares))
    ends = [y - 0.4 for y in at], [y + 0.4 for y in at]
    # a light seam, so that the mark is seen on a bar
    for colour, width in (("white", 5), (INK, 2)):
        ax.vlines(floors, *ends, color=colour, linewidth=width)
    right = max(100.0, values.max())
    for y, (value, low) in enumerate(zip(shares["share"], below, strict=True)):
        colour = ALERT if low else INK  # a bar of 0 has none
        ax.text(1.03 * right, y, percent(value), va="center", fontsize=11, color=colour)
    percent_axis(ax)
    ax.set_xlim(0, 1.18 * right)
    ax.invert_yaxis()
    return finish(ax, f"{year} 年中小、小微企业占比与预留份额", f"{_SOURCE}；竖线：预留份额参照线")
