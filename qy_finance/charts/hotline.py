"""Figures of indicators and of the hotline: distance to target, channels, topics, growth."""

from __future__ import annotations

import textwrap
from typing import Final

import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from qy_finance.analysis.hotline_requests import Breakdown
from qy_finance.analysis.hotline_story import in_wan
from qy_finance.analysis.indicators import aim, quantity
from qy_finance.charts.theme import (
    ALERT,
    INK,
    MUTED,
    PRIMARY,
    canvas,
    count_axis,
    finish,
    label_bars,
    percent_axis,
)
from qy_finance.display import percent

_SOURCE: Final = "来源：预算绩效管理工作开展情况"
_NAME: Final = 10  # characters of a name in one line
_TITLE: Final = 18  # and of a name in a title
_WIDE: Final = 100  # from this ratio of largest to smallest on, bars would hide the small ones


def distance_chart(indicators: pd.DataFrame, year: int) -> Figure:
    """Distance of each indicator to its target in % of the target (``analysis.indicators``), the worst on top."""
    table = indicators.dropna(subset=["ahead_percent"])
    names = [_wrapped(name) for name in table["name"]]
    _, ax = canvas(sum(1 + 0.5 * name.count("\n") for name in names) * 1.15)
    colours = [PRIMARY if met else ALERT for met in table["met"]]
    ax.barh(range(len(table)), table["ahead_percent"], height=0.6, color=colours)
    ax.set_yticks(range(len(table)), names)
    ax.invert_yaxis()
    ax.axvline(0, color=INK, linewidth=1)
    label_bars(
        ax,
        [f"{quantity(row['actual'], row['unit'])}（{aim(row)}）" for _, row in table.iterrows()],
    )
    percent_axis(ax)
    ax.set_xlabel("好于（正）或差于（负）目标，占目标值的 %")
    return finish(ax, f"{year} 年各项指标离目标多远：实际（目标）", _SOURCE)


def channels_chart(channels: pd.DataFrame, year: int) -> Figure:
    """Requests by channel (``analysis.hotline.channels``); on a logarithmic axis where sizes differ very much."""
    _, ax = canvas(len(channels))
    labels = [f"{in_wan(r['count'])}{r['unit']}" for r in channels.to_dict("records")]
    low, high = float(channels["count"].min()), float(channels["count"].max())
    title = f"{year} 年各渠道收到的来电和诉求"
    if low <= 0 or high / low < _WIDE:
        sns.barplot(
            channels, x="count", y="channel", color=PRIMARY, width=0.62, saturation=1, ax=ax
        )
        label_bars(ax, labels)
        count_axis(ax, "通、件")
        return finish(ax, title, _SOURCE)
    # the length of a bar has no meaning on a logarithmic axis: a point has
    sns.scatterplot(channels, x="count", y="channel", color=PRIMARY, s=110, linewidth=0, ax=ax)
    for y, (count, label) in enumerate(zip(channels["count"], labels, strict=True)):
        ax.annotate(
            label, (count, y), xytext=(9, 0), textcoords="offset points", va="center", fontsize=11
        )
    ax.set_xscale("log")
    ax.set_ylim(len(channels) - 0.5, -0.5)
    count_axis(ax, "通、件（对数刻度，每格 10 倍）")
    ax.xaxis.set_major_locator(LogLocator(10))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: in_wan(value).strip().replace(".00", ""))
    )
    ax.set_xlim(10 ** (len(str(int(low))) - 1.3), high * 40)
    return finish(ax, title, _SOURCE)


def breakdown_chart(division: Breakdown, year: int) -> Figure:
    """Parts of a count in % of the whole (``analysis.hotline.breakdowns``), and what they leave in grey."""
    parts = division.parts
    names = [_wrapped(name) for name in parts["name"]]
    shares, counts = list(parts["share"]), list(parts["count"])
    colours = [PRIMARY] * len(parts)
    if not division.complete:
        names.append("其余（未说明）")
        counts.append(float(division.rest.value))
        shares.append(100 * counts[-1] / float(division.whole.value))
        colours.append(MUTED)
    _, ax = canvas(1.15 * len(names))
    ax.barh(range(len(names)), shares, height=0.62, color=colours)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    label_bars(
        ax, [f"{percent(s)}（{in_wan(c).strip()}）" for s, c in zip(shares, counts, strict=True)]
    )
    percent_axis(ax)
    ax.set_xlabel(f"占总数 {division.whole.text} {division.unit} 的 %")
    return finish(ax, f"{year} 年{_short(division.name)}的构成", _SOURCE)


def growth_chart(growth: pd.DataFrame) -> Figure:
    """What the stated growth multiplies to (``analysis.hotline_trend.growth``), the year before the first as 100."""
    table = growth.dropna(subset=["index"])
    base = int(table["year"].iloc[0]) - 1
    names = [f"{base} 年", *(f"{r['year']} 年\n{r['item']}" for r in table.to_dict("records"))]
    levels = [100.0, *table["index"]]
    _, ax = canvas(1.4 * len(names))
    ax.barh(range(len(names)), levels, height=0.55, color=[MUTED, *[PRIMARY] * len(table)])
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    label_bars(
        ax,
        ["100", *(f"{r['index']:.0f}（同比 {r['rate']:+g}%）" for r in table.to_dict("records"))],
    )
    count_axis(ax, f"指数，{base} 年 = 100（由同比连乘推算，非报告原数）")
    ax.set_xlabel(f"指数，{base} 年 = 100（由同比连乘推算，非报告原数）")
    return finish(ax, "业务量几年来的增长", _SOURCE)


def _wrapped(name: str) -> str:
    """A name over as few lines as it needs, of about the same length; a bracket stays in one piece."""
    if len(name) <= _NAME:
        return name
    head, bracket, tail = name.partition("（")
    if head and bracket:
        return f"{_wrapped(head)}\n{_wrapped(bracket + tail)}"
    lines = -(-len(name) // _NAME)
    return "\n".join(textwrap.wrap(name, -(-len(name) // lines)))


def _short(name: str) -> str:
    return name if len(name) <= _TITLE else f"{name[: _TITLE - 1]}…"
