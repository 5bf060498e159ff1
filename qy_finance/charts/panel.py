"""Figures of notebooks 00 and 06: how amounts change, and how those of units compare.

``title`` and ``source`` are as for :func:`qy_finance.charts.theme.finish`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure

from qy_finance.analysis.comparisons import DERIVED, Comparison
from qy_finance.analysis.measures import MONEY
from qy_finance.analysis.panel import MOST, Change, Series
from qy_finance.analysis.ranked import Ranking
from qy_finance.charts import theme
from qy_finance.display import decimals
from qy_finance.language import is_english, plain, t, unit_name
from qy_finance.palette import INK, MUTED, PRIMARY, SECONDARY, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

FACETS: Final = 8
"""Small pictures that :func:`slopes` shows."""

_LIMIT: Final = 22  # characters of a unit's name
_TITLE: Final = 11  # of the name of a small picture
_YEARS: Final = 3  # that have room below a small picture; of more, the first and the last are named
_WIDE: Final = 50  # times the least value, from which on steps of ten are shown


@theme.chart
def changes(compared: Sequence[Comparison], unit: str, title: str, source: str) -> Figure:
    """This year against last year, the latter derived from the stated change; all in one ``unit`` of money.

    Rows are in the order of ``compared``; what is without a base is left out.
    """
    known = [one.in_unit(unit) for one in compared if one.previous is not None]
    now = [float(one.amount) for one in known]
    then = [float(one.previous or 0) for one in known]
    names = [one.name for one in known]
    ax = theme.rows(names)
    moves = [(one.moved or 0, one.places) for one in known]
    labels = [f"{'+' if by >= 0 else '−'}{decimals(abs(by), places)}" for by, places in moves]
    kinds = (t("上年（推算）"), t("本年"))
    lines, hollow, full, labelled = theme.between(ax, then, now, kinds, labels)
    before = [one.previous for one in known]
    money = unit_name(unit)
    theme.mark(ax, t("上年（推算，{unit}）", unit=money), names, before, hollow)
    theme.mark(ax, t("本年（{unit}）", unit=money), names, [one.amount for one in known], full)
    moved = [one.moved for one in known]
    theme.mark(ax, t("比上年增减（{unit}）", unit=money), names, moved, lines, labelled)
    theme.key(ax, handletextpad=0.2)
    theme.value_axis(ax, t("单位：{unit}", unit=unit_name(unit)))
    return theme.finish(ax, title, source)


@theme.chart
def ranking(found: Ranking, title: str, source: str) -> Figure:
    """The largest values, one row for each unit, all of one scope and year.

    Values that are very far apart are shown in steps of ten, where those that are not above 0 have no place and are
    left out.
    """
    percent = found.measure.unit == "%"
    above = [one for one in found.values if one.number > 0]
    wide = not percent and above and above[0].number > _WIDE * above[-1].number
    shown = (above if wide else found.values)[:MOST]
    ends = [math.log10(one.number) if wide else float(one.number) for one in shown]
    start = math.floor(min(ends)) if wide else 0
    rows = range(len(shown))
    names = theme.told_apart([one.subject.name for one in shown], _LIMIT)
    ax = theme.rows(names)
    ax.hlines(rows, start, ends, color=MUTED, linewidth=5, zorder=1)
    dots = ax.scatter(ends, rows, s=75, color=PRIMARY, zorder=2, clip_on=False)
    places, sign = found.measure.places, "%" if percent else ""
    labels = [f"{decimals(one.number, places)}{sign}" for one in shown]
    labelled = theme.label_ends(ax, ends, labels, beyond=theme.DOT)
    measure = found.measure
    kind = t("{name}（{unit}）", name=measure.name, unit=unit_name(measure.unit))
    theme.mark(ax, kind, names, [one.number for one in shown], dots, labelled, places=places)
    if wide:
        axis = t("单位：元，每格大十倍；点旁为万元")
    else:
        axis = t("单位：{unit}", unit="%" if percent else unit_name(MONEY))
    theme.value_axis(ax, axis, percent=percent)
    if percent:
        ax.set_xticks(range(0, 101, 25))
    elif wide:
        powers = range(start, math.ceil(max(ends)) + 1)
        ax.set_xticks(list(powers), list(map(steps_of_ten, powers)))
    ax.set_xlim(left=min([start, *ends]))
    return theme.finish(ax, title, source)


def steps_of_ten(power: int) -> str:
    """A power of ten of 万元 as a tick, in 元."""
    if is_english():  # 10 is CNY 100,000
        names = ((5, "billion"), (2, "million"), (-1, "thousand"))
        of, name = next((one for one in names if power >= one[0]), (-4, ""))
        return f"{10.0 ** (power - of):,g} {name}".rstrip()
    if power < 4:
        return t("{n}万", n=f"{10.0**power:,g}")
    return t("{n}亿", n=f"{10 ** (power - 4):,}")


@theme.chart
def rates(changes: Sequence[Change], title: str, source: str) -> Figure:
    """Rates of change of one measure, the highest at the top; hatched where last year's value is implied.

    Those that are the farthest from 0 are shown; a change without a rate is left out.
    """
    rated = [(one.rate, one) for one in changes if one.rate is not None]
    farthest = sorted(rated, key=lambda pair: abs(pair[0]), reverse=True)[:MOST]
    shown = sorted(farthest, key=lambda pair: pair[0], reverse=True)
    numbers = [float(rate) for rate, _ in shown]
    names = theme.told_apart([one.after.subject.name for _, one in shown], _LIMIT)
    ax = theme.rows(names)
    colours = [PRIMARY if rate >= 0 else SECONDARY for rate in numbers]
    hatches = ["///" if one.before.derived else "" for _, one in shown]
    bars = ax.barh(
        range(len(shown)), numbers, height=theme.thickness(0.62), color=colours, hatch=hatches, edgecolor="white",
        linewidth=0,
    )  # fmt: skip
    ax.axvline(0, color=SOFT, linewidth=0.8)
    labels = [
        t("{rate}%（{year}）", rate=f"{rate:+,.1f}", year=one.after.year) for rate, one in shown
    ]
    labelled = theme.label_ends(ax, numbers, labels)
    theme.mark(ax, t("增减率（%）"), names, [rate for rate, _ in shown], bars, labelled, places=1)
    theme.value_axis(ax, t("单位：{unit}", unit="%"), percent=True)
    return theme.finish(ax, title, source)


@theme.chart
def slopes(series: Sequence[Series], title: str, source: str) -> Figure:
    """At most :data:`FACETS` small pictures, each from 0 on a scale of its own.

    A hollow mark is an implied value, a dotted line what breaks the series: a unit renamed, merged or divided.
    """
    shown = series[:FACETS]
    columns = 1 if theme.is_narrow() else 2
    height = math.ceil(len(shown) / columns)
    figure = theme.canvas(1 + 1.45 * height, nrows=height, ncols=columns)
    figure.set_layout_engine("tight", pad=theme.EDGE, h_pad=1.5)
    most = _TITLE * (2 if is_english() else 1)
    names = theme.told_apart([plain(one.name) for one in shown], most)
    for name, ax, one in zip(names, figure.axes, shown, strict=False):
        _slope(ax, name, one)
    for ax in figure.axes[len(shown) :]:
        ax.set_visible(False)
    if len(series) > FACETS:
        source = t("{source}；共 {n} 项，其余见表", source=source, n=len(series))
    return theme.finish(figure.axes[0], title, source)


def _slope(ax: Axes, name: str, one: Series) -> None:
    years = [value.year for value in one.values]
    values = [float(value.number) for value in one.values]
    colours = ["white" if value.derived else PRIMARY for value in one.values]
    ax.plot(years, values, color=PRIMARY, linewidth=2, zorder=1)
    dots = ax.scatter(years, values, color=colours, edgecolor=PRIMARY, linewidth=2, s=45, zorder=2)
    named: list[Text | None] = [None] * len(values)
    for at in (0, -1):
        named[at] = ax.annotate(
            decimals(values[at]), (years[at], values[at]), xytext=(0, 7), textcoords="offset points",
            ha="center", fontsize=11,
        )  # fmt: skip
    kinds = [
        t("{year} 年（{derived}）", year=value.year, derived=DERIVED)
        if value.derived
        else t("{year} 年", year=value.year)
        for value in one.values
    ]
    numbers = [value.number for value in one.values]
    whole = plain(one.name) if is_english() else name
    theme.mark(ax, kinds, [whole] * len(values), numbers, dots, named)
    change = "" if one.rate is None else f"{one.rate:+,.1f}%" if one.rate else t("持平")
    ax.set_title(f"{name}  {change}", fontsize=11, loc="left", color=INK)
    ticks = [
        t("{year}{derived}", year=value.year, derived=DERIVED) if value.derived else str(value.year)
        for value in one.values
    ]
    if len(ticks) > _YEARS:
        ticks[1:-1] = [""] * (len(ticks) - 2)
    ax.set_xticks(years, ticks)
    for link in one.breaks:  # between the last year of the one unit and the first of the other
        ax.axvline(link.year - 0.5, color=SOFT, linewidth=1, linestyle=":")
    span = max(years) - min(years)
    ax.set_xlim(min(years) - 0.3 * span, max(years) + 0.3 * span)
    low, high = min(0.0, *values), max(0.0, *values)
    ax.set_ylim(low, high + 0.4 * (high - low) or 1)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
