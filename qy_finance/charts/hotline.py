"""Figures of indicators and of the hotline: distance to target, topics, growth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from qy_finance.analysis.hotline import Growth
from qy_finance.analysis.indicators import Attainment, Breakdown
from qy_finance.charts import theme
from qy_finance.checks.changes import leaf
from qy_finance.digits import rounded
from qy_finance.display import shortened
from qy_finance.facts import Fact
from qy_finance.palette import ALERT, INK, MUTED, PRIMARY

_SOURCE: Final = "来源：预算绩效管理工作开展情况"
_TABLES: Final = "来源：绩效自评表"
_TITLE: Final = 18  # characters of a name in a title
_ROWS: Final = 16  # indicators that one figure shows
_FAR: Final = 300.0  # % of the target from which on a point stands at the edge


def drawn(aims: Sequence[Attainment]) -> list[Attainment]:
    """The indicators that a figure shows, those furthest from their target where there are many.

    Those whose target is 0 or whose units differ have no percentage of the target; none is drawn where all are at
    their target.
    """
    leads = {at: aim.lead for at, aim in enumerate(aims) if aim.lead is not None}
    far = sorted(leads, key=lambda at: -abs(leads[at]))[:_ROWS]
    return [aims[at] for at in sorted(far)] if any(leads.values()) else []


def target_chart(aims: Sequence[Attainment], year: int) -> Figure:
    """Actual values in % of their targets (:func:`drawn`), those that missed on top; the line at 100 is the target.

    A triangle points to where better is; one that missed is hollow.
    """
    ax = theme.rows([aim.name for aim in aims], 0.7 + len(aims))
    reached = [min(float(aim.reached or 0), _FAR) for aim in aims]
    for row, (aim, at) in enumerate(zip(aims, reached, strict=True)):
        colour = PRIMARY if aim.met else ALERT
        ax.plot([100, at], [row, row], color=colour, linewidth=2.5, solid_capstyle="butt")
        ax.plot(
            at, row, color=colour, markerfacecolor=colour if aim.met else "white", markersize=11,
            markeredgewidth=2, marker="<" if aim.has_ceiling else ">",
        )  # fmt: skip
    ax.axvline(100, color=INK, linewidth=1)
    low, high = ax.get_xlim()
    room = 0.02 * (high - low)  # for a marker
    ax.set_xlim(low - room, high + room)
    labels = [f"{_printed(a.actual)}（{a.comparison}{_printed(a.target)}）" for a in aims]
    theme.label_ends(ax, [max(at, 100) + room for at in reached], labels)
    edge = "，超过 300% 的画在边上" if max(reached) == _FAR else ""
    theme.value_axis(ax, f"实际占目标的 %（竖线是目标{edge}）", percent=True)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))  # 100 is a tick
    ceilings = {aim.has_ceiling for aim in aims}
    marks = [(">", PRIMARY, PRIMARY, "越高越好")] if False in ceilings else []
    marks += [("<", PRIMARY, PRIMARY, "越低越好")] if True in ceilings else []
    marks += [(">", "white", ALERT, "空心：未达标")] if not all(aim.met for aim in aims) else []
    handles = [
        Line2D([], [], linestyle="", marker=marker, markersize=9, label=name,
               markerfacecolor=fill, markeredgecolor=edge)
        for marker, fill, edge, name in marks
    ]  # fmt: skip
    source = _TABLES if all(aim.row for aim in aims) else _SOURCE
    theme.key(ax, handles, handletextpad=0.2, columnspacing=1.2)
    return theme.finish(ax, f"{year} 年各项指标与目标：实际（目标）", source)


def _printed(fact: Fact | None) -> str:
    return fact.with_unit.removesuffix("/年") if fact else ""


def breakdown_chart(division: Breakdown, year: int) -> Figure:
    """Parts of a count in % of the whole, and what they leave in grey."""
    counts = [(leaf(part.item), part.compared, f"（{_printed(part)}）") for part in division.parts]
    if not division.complete:
        counts.append(("其余（未说明）", division.rest, ""))
    parts = [(name, division.share(number), told) for name, number, told in counts]
    colours = [PRIMARY] * len(division.parts) + [MUTED]
    ends = [float(share) for _, share, _ in parts]
    ax = theme.rows([name for name, _, _ in parts], 1.2 * len(parts))
    ax.barh(range(len(parts)), ends, height=0.62, color=colours[: len(parts)])
    ax.autoscale(axis="y")
    theme.label_ends(ax, ends, [f"{rounded(share, '%', 2)}%{told}" for _, share, told in parts])
    theme.value_axis(ax, f"占 {_printed(division.whole)}的 %", percent=True)
    return theme.finish(ax, f"{year} 年{shortened(division.name, _TITLE)}的构成", _SOURCE)


def growth_chart(rows: Sequence[Growth]) -> Figure:
    """What the stated growth multiplies to, the year before the first as 100."""
    told = [(row.rate, row.level) for row in rows if row.level is not None]
    base = told[0][0].year - 1
    names = [f"{rate.year} 年\n{shortened(leaf(rate.item), _TITLE)}" for rate, _ in told]
    ends = [100.0, *(float(level) for _, level in told)]
    ax = theme.rows([f"{base} 年", *names], 1.4 * len(ends))
    ax.barh(range(len(ends)), ends, height=0.55, color=[MUTED, *[PRIMARY] * len(told)])
    ax.autoscale(axis="y")
    grown = [
        f"{rounded(level, '')}（同比 {'+' if rate.value > 0 else ''}{rate.value:f}%）"
        for rate, level in told
    ]
    theme.label_ends(ax, ends, ["100", *grown])
    theme.value_axis(ax, f"指数，{base} 年 = 100")
    title = "业务量指数（由同比连乘推算，非报告原数）"
    return theme.finish(ax, title, "来源：报告写的各年同比；各年名称见左")
