"""Figures of indicators and of the hotline: distance to target, topics, growth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from qy_finance.analysis.hotline import Growth
from qy_finance.analysis.indicators import Attainment, Breakdown
from qy_finance.charts.theme import (
    ALERT,
    INK,
    MUTED,
    PRIMARY,
    canvas,
    count_axis,
    finish,
    label_at,
    label_bars,
    name_rows,
    percent_axis,
    shortened,
)
from qy_finance.checks.changes import leaf
from qy_finance.digits import rounded
from qy_finance.facts import Fact

_SOURCE: Final = "来源：预算绩效管理工作开展情况"
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
    _, ax = canvas(0.7 + len(aims))
    ends = []
    for row, aim in enumerate(aims):
        at = min(float(aim.reached or 0), _FAR)
        colour = PRIMARY if aim.met else ALERT
        ax.plot([100, at], [row, row], color=colour, linewidth=2.5, solid_capstyle="butt")
        ax.plot(
            at, row, color=colour, markerfacecolor=colour if aim.met else "white", markersize=11,
            markeredgewidth=2, marker="<" if aim.has_ceiling else ">",
        )  # fmt: skip
        ends.append(max(at, 100))
    ax.axvline(100, color=INK, linewidth=1)
    name_rows(ax, [aim.name for aim in aims])
    ax.set_ylim(len(aims) - 0.5, -0.5)
    low, high = ax.get_xlim()
    room = 0.02 * (high - low)  # for a marker
    ax.set_xlim(low - room, high + room)
    labels = [f"{_printed(a.actual)}（{a.comparison}{_printed(a.target)}）" for a in aims]
    label_at(ax, [end + room for end in ends], range(len(aims)), labels)
    percent_axis(ax)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))  # 100 is a tick
    ax.set_xlabel(
        f"实际占目标的 %（竖线是目标{'，超过 300% 的画在边上' if max(ends) == _FAR else ''}）",
        loc="right",
    )
    marks = (
        (">", PRIMARY, "越高越好"), ("<", PRIMARY, "越低越好"), (">", "white", "空心：未达标"),
    )  # fmt: skip
    shown = {"<" if aim.has_ceiling else ">" for aim in aims}
    missed = any(not aim.met for aim in aims)
    handles = [
        Line2D([], [], linestyle="", marker=marker, markersize=9, label=name, markerfacecolor=fill,
               markeredgecolor=ALERT if fill == "white" else PRIMARY)
        for marker, fill, name in marks
        if (missed if fill == "white" else marker in shown)
    ]  # fmt: skip
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(handles),
        borderaxespad=0.2, handletextpad=0.2, columnspacing=1.2,
    )  # fmt: skip
    return finish(ax, f"{year} 年各项指标与目标：实际（目标）", _SOURCE)


def _printed(fact: Fact | None) -> str:
    return fact.with_unit.removesuffix("/年") if fact else ""


def breakdown_chart(division: Breakdown, year: int) -> Figure:
    """Parts of a count in % of the whole, and what they leave in grey."""
    parts = [(leaf(part.item), part.compared, f"（{_printed(part)}）") for part in division.parts]
    if not division.complete:
        parts.append(("其余（未说明）", division.rest, ""))
    shares = [division.share(number) for _, number, _ in parts]
    colours = [PRIMARY] * len(division.parts) + [MUTED]
    _, ax = canvas(1.2 * len(parts))
    ax.barh(range(len(parts)), [*map(float, shares)], height=0.62, color=colours[: len(parts)])
    name_rows(ax, [name for name, _, _ in parts])
    ax.invert_yaxis()
    known = [rounded(share, "%", 2) for share in shares]
    label_bars(ax, [f"{one}%{part[2]}" for one, part in zip(known, parts, strict=True)])
    percent_axis(ax)
    ax.set_xlabel(f"占 {_printed(division.whole)}的 %", loc="right")
    return finish(ax, f"{year} 年{shortened(division.name, _TITLE)}的构成", _SOURCE)


def growth_chart(rows: Sequence[Growth]) -> Figure:
    """What the stated growth multiplies to, the year before the first as 100."""
    told = [(row.rate, row.level) for row in rows if row.level is not None]
    base = told[0][0].year - 1
    names = [shortened(leaf(rate.item), _TITLE) for rate, _ in told]
    ends = [100.0, *(float(level) for _, level in told)]
    _, ax = canvas(1.4 * len(ends))
    ax.barh(range(len(ends)), ends, height=0.55, color=[MUTED, *[PRIMARY] * len(told)])
    years = [f"{rate.year} 年\n{name}" for (rate, _), name in zip(told, names, strict=True)]
    ax.set_yticks(range(len(ends)), [f"{base} 年", *years])
    ax.invert_yaxis()
    grown = [
        f"{rounded(level, '')}（同比 {'+' if rate.value > 0 else ''}{rate.value:f}%）"
        for rate, level in told
    ]
    label_bars(ax, ["100", *grown])
    count_axis(ax, "")
    ax.set_xlabel(f"指数，{base} 年 = 100", loc="right")
    return finish(
        ax, "业务量指数（由同比连乘推算，非报告原数）", "来源：报告写的各年同比；各年名称见左"
    )
