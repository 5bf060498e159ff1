"""Figures of procurement: amounts by kind, and shares beside the statutory reservation."""

from __future__ import annotations

from matplotlib.figure import Figure

from qy_finance.analysis.procurement import Procurement
from qy_finance.charts import theme
from qy_finance.display import decimals, percent
from qy_finance.language import is_english, plain, t
from qy_finance.palette import ALERT, INK, MUTED, PRIMARY


@theme.chart
def kinds_chart(purchases: Procurement) -> Figure:
    """Amounts by kind, each with its share of them all.

    Where it is known of each kind what went to SMEs, that is the dark part of its bar.
    """
    kinds = purchases.kinds
    ax = theme.rows([kind.name for kind in kinds])
    amounts, rows = [float(kind.amount) for kind in kinds], range(len(kinds))
    awarded = [float(kind.sme) for kind in kinds if kind.sme is not None]
    parted = len(awarded) == len(kinds)
    thick, names = theme.thickness(0.62), [kind.name for kind in kinds]
    colour = MUTED if parted else PRIMARY
    bars = ax.barh(rows, amounts, height=thick, color=colour, linewidth=0)
    if parted:
        parts = ax.barh(rows, awarded, height=thick, color=PRIMARY, linewidth=0)
        rest = {t("其余"): MUTED} if awarded != amounts else {}
        theme.colour_key(ax, {t("授予中小企业（按报告的占比）"): PRIMARY} | rest)
    theme.fit_rows(ax)
    labels = [
        t("{amount}（{share}）", amount=decimals(kind.amount), share=percent(kind.share))
        for kind in kinds
    ]
    labelled = theme.label_ends(ax, amounts, labels)
    theme.mark(
        ax, t("金额（{unit}）", unit="万元"), names, [kind.amount for kind in kinds], bars, labelled
    )
    theme.mark(ax, t("占比（%）"), names, [kind.share for kind in kinds], places=1)
    if parted:
        theme.mark(
            ax, t("授予中小企业（{unit}）", unit="万元"), names, [kind.sme for kind in kinds], parts
        )
    theme.value_axis(ax, t("单位：{unit}", unit="万元"))
    most = kinds[0]
    title = t(
        "{year} 年政府采购：{kind}最多，占 {share}",
        year=purchases.year, kind=most.name, share=percent(most.share),
    )  # fmt: skip
    return theme.finish(ax, title, t("来源：政府采购支出情况说明"))


@theme.chart
def reservation_chart(purchases: Procurement) -> Figure:
    """Shares with a mark where the reservation by law lies.

    What is below its mark is red and has a hatch, so that grey print shows it too.
    """
    floors = purchases.floors
    beside = [
        t("{name}\n参照线 {least:g}%", name=plain(one.name), least=one.least) for one in floors
    ]
    ax = theme.rows(beside, 1.4 * len(floors))
    shares = [float(floor.share) for floor in floors]
    thick = theme.thickness(0.5)
    bars = ax.barh(range(len(floors)), shares, height=thick, edgecolor="white", linewidth=0)
    right = max(100.0, *shares)
    for at, (bar, floor) in enumerate(zip(bars, floors, strict=True)):
        bar.set(facecolor=ALERT if floor.is_below else PRIMARY, hatch="///" * floor.is_below)
        # a light seam, so that the mark is seen on a bar
        for colour, width in (("white", 5), (INK, 2)):
            ends = at - 0.8 * thick, at + 0.8 * thick
            ax.vlines(float(floor.least), *ends, color=colour, linewidth=width)
    said = [percent(floor.share) for floor in floors]
    labelled = theme.label_ends(ax, [right] * len(floors), said)
    for label, floor in zip(labelled, floors, strict=True):
        label.set_color(ALERT if floor.is_below else INK)  # a bar of 0 has none
    names = [floor.name for floor in floors]
    theme.mark(
        ax, t("占比（%）"), names, [floor.share for floor in floors], bars, labelled, places=1
    )
    theme.value_axis(ax, t("单位：{unit}", unit="%"), percent=True)
    ax.set_xlim(0, 1.18 * right)
    ax.set_xticks(range(0, 101, 50 if is_english() else 25))  # English names leave less room
    theme.fit_rows(ax)
    source = t("来源：政府采购支出情况说明；竖线：预留份额参照线，很弱的下限")
    below, year = sum(floor.is_below for floor in floors), purchases.year
    if below:
        n = len(floors)
        title = t("{year} 年：{n} 个占比中 {below} 个低于参照线", year=year, n=n, below=below)
    else:
        title = t("{year} 年：占比都不低于参照线", year=year)
    return theme.finish(ax, title, source)
