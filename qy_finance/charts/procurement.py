"""Figures of procurement: amounts by kind, and shares beside the statutory reservation."""

from __future__ import annotations

from typing import Final

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure

from qy_finance.charts.theme import (
    ALERT,
    INK,
    PRIMARY,
    canvas,
    finish,
    label_bars,
    money_axis,
    percent_axis,
)
from qy_finance.display import decimals, percent

_SOURCE: Final = "来源：政府采购支出情况说明"


def kinds_chart(kinds: pd.DataFrame, year: int) -> Figure:
    """Amounts by kind (``analysis.procurement.by_kind``), each with its share."""
    _, ax = canvas(len(kinds))
    sns.barplot(kinds, x="amount", y="kind", color=PRIMARY, width=0.62, saturation=1, ax=ax)
    label_bars(
        ax,
        [
            f"{decimals(row['amount'])}（{percent(row['share'])}）"
            for row in kinds.to_dict("records")
        ],
    )
    money_axis(ax, "万元")
    return finish(ax, f"{year} 年政府采购支出：货物、工程、服务", _SOURCE)


def reservation_chart(shares: pd.DataFrame, year: int) -> Figure:
    """Shares (``analysis.reservation.against``) with a mark where the reservation lies.

    What is below its mark is red and has a hatch, so that grey print shows it too.
    """
    _, ax = canvas(1.5 * len(shares))
    names = [f"{r['name']}\n参照线 {r['floor']:g}%" for r in shares.to_dict("records")]
    below = shares["share"] < shares["floor"]
    ax.barh(
        names,
        shares["share"],
        height=0.5,
        color=[ALERT if low else PRIMARY for low in below],
        hatch=["///" if low else "" for low in below],
        edgecolor="white",
        linewidth=0,
    )
    at = range(len(shares))
    ends = [y - 0.4 for y in at], [y + 0.4 for y in at]
    for colour, width in (
        ("white", 5),
        (INK, 2),
    ):  # a light seam, so that the mark is seen on a bar
        ax.vlines(shares["floor"], *ends, color=colour, linewidth=width)
    right = max(100.0, float(shares["share"].max()))
    for y, row in enumerate(shares.to_dict("records")):
        ax.text(1.03 * right, y, percent(row["share"]), va="center", fontsize=11)
    percent_axis(ax)
    ax.set_xlim(0, 1.18 * right)
    ax.invert_yaxis()
    return finish(ax, f"{year} 年中小、小微企业占比与预留份额", f"{_SOURCE}；竖线：预留份额参照线")
