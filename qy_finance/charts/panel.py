"""Figures of notebook 06."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from qy_finance.analysis.comparisons import DERIVED
from qy_finance.analysis.panel import MOST, Change, Ranking, Series
from qy_finance.charts import theme
from qy_finance.display import decimals

if TYPE_CHECKING:
    from matplotlib.axes import Axes


FACETS: Final = 8
"""Small pictures that :func:`slopes` shows."""

_LIMIT: Final = 22  # characters of a unit's name
_TITLE: Final = 11  # of the name of a small picture
_YEARS: Final = 3  # that have room below a small picture; of more, the first and the last are named
_WIDE: Final = 50  # times the least value, from which on steps of ten are shown
_MARKS: Final = {"部门汇总": theme.PRIMARY, "本级": "white"}


def ranking(found: Ranking, title: str, source: str) -> Figure:
    """The largest values, one row for each unit; those of a unit alone (本级) have a hollow mark.

    Values that are very far apart are shown in steps of ten, where those that are not above 0 have no place and are
    left out.

    Parameters
    ----------
    title, source : str
        As for :func:`qy_finance.charts.theme.finish`.
    """
    percent = found.measure.unit == "%"
    above = [one for one in found.values if one.number > 0]
    wide = not percent and above and above[0].number > _WIDE * above[-1].number
    shown = (above if wide else found.values)[:MOST]
    ends = [math.log10(one.number) if wide else float(one.number) for one in shown]
    start = math.floor(min(ends)) if wide else 0
    rows = range(len(shown))
    scopes = [one.subject.scope for one in shown]
    _, ax = theme.canvas(len(shown))
    ax.hlines(rows, start, ends, color=theme.MUTED, linewidth=5, zorder=1)
    ax.scatter(
        ends, rows, s=75, zorder=2, edgecolor=theme.PRIMARY, linewidth=2, clip_on=False,
        color=[_MARKS[scope] for scope in scopes],
    )  # fmt: skip
    theme.name_rows(ax, theme.told_apart([one.subject.name for one in shown], _LIMIT))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    places, sign = found.measure.places, "%" if percent else ""
    labels = [f"  {decimals(one.number, places)}{sign}（{one.year}）" for one in shown]
    theme.label_at(ax, ends, rows, labels)
    _marks(ax, set(scopes))
    if percent:
        theme.percent_axis(ax)
        ax.set_xticks(range(0, 101, 25))
    elif wide:
        theme.money_axis(ax, "元，每格大十倍；点旁为万元")
        powers = range(start, math.ceil(max(ends)) + 1)
        ax.set_xticks(list(powers), [_power(power) for power in powers])
    else:
        theme.money_axis(ax, "万元")
    ax.set_xlim(left=min([start, *ends]))
    return theme.finish(ax, title, source)


def rates(changes: Sequence[Change], title: str, source: str) -> Figure:
    """Rates of change of one measure, the highest at the top; hatched where last year's value is implied.

    Parameters
    ----------
    changes : sequence of Change
        Of one measure. Those whose rates are the farthest from 0 are shown; one without a rate is left out.
    title, source : str
        As for :func:`qy_finance.charts.theme.finish`.
    """
    rated = [(one.rate, one) for one in changes if one.rate is not None]
    farthest = sorted(rated, key=lambda pair: abs(pair[0]), reverse=True)[:MOST]
    shown = sorted(farthest, key=lambda pair: pair[0], reverse=True)
    numbers = [float(rate) for rate, _ in shown]
    rows = range(len(shown))
    _, ax = theme.canvas(len(shown))
    ax.barh(
        rows,
        numbers,
        height=0.62,
        color=[theme.PRIMARY if rate >= 0 else theme.SECONDARY for rate in numbers],
        hatch=["///" if one.before.derived else "" for _, one in shown],
        edgecolor="white",
        linewidth=0,
    )
    ax.axvline(0, color=theme.SOFT, linewidth=0.8)
    theme.name_rows(ax, theme.told_apart([one.after.subject.name for _, one in shown], _LIMIT))
    ax.set_ylim(len(shown) - 0.5, -0.5)
    theme.label_at(ax, numbers, rows, [f"{rate:+,.1f}%（{one.after.year}）" for rate, one in shown])
    theme.percent_axis(ax)
    return theme.finish(ax, title, source)


def slopes(series: Sequence[Series], title: str, source: str) -> Figure:
    """Small pictures side by side, each from 0 on a scale of its own; a hollow mark is an implied value.

    Parameters
    ----------
    series : sequence of Series
        At most :data:`FACETS` are shown.
    """
    theme.apply()
    shown = series[:FACETS]
    height = math.ceil(len(shown) / 2)
    figure = Figure(figsize=(theme.WIDTH, 1 + 1.45 * height), layout="constrained")
    grid = figure.subplots(height, 2, squeeze=False).ravel()
    for ax in grid[len(shown) :]:
        ax.set_visible(False)
    names = theme.told_apart([one.name for one in shown], _TITLE)
    for name, ax, one in zip(names, grid, shown, strict=False):
        _slope(ax, name, one)
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(hspace=0.1)
    more = f"；共 {len(series)} 项，其余见表" if len(series) > FACETS else ""
    return theme.finish(grid[0], title, f"{source}{more}")


def _slope(ax: Axes, name: str, one: Series) -> None:
    years = [value.year for value in one.values]
    values = [float(value.number) for value in one.values]
    colours = ["white" if value.derived else theme.PRIMARY for value in one.values]
    ax.plot(years, values, color=theme.PRIMARY, linewidth=2, zorder=1)
    ax.scatter(years, values, color=colours, edgecolor=theme.PRIMARY, linewidth=2, s=45, zorder=2)
    ends = {0, len(years) - 1}
    for at in sorted(ends):
        ax.annotate(
            decimals(values[at]), (years[at], values[at]), xytext=(0, 7),
            textcoords="offset points", ha="center", fontsize=11,
        )  # fmt: skip
    change = "" if one.rate is None else f"{one.rate:+,.1f}%" if one.rate else "持平"
    ax.set_title(f"{name}  {change}", fontsize=11, loc="left", color=theme.INK)
    named = [
        f"{value.year}{DERIVED if value.derived else ''}"
        if len(years) <= _YEARS or at in ends
        else ""
        for at, value in enumerate(one.values)
    ]
    ax.set_xticks(years, named)
    span = max(years) - min(years)
    ax.set_xlim(min(years) - 0.3 * span, max(years) + 0.3 * span)
    low, high = min(0.0, *values), max(0.0, *values)
    ax.set_ylim(low, high + 0.4 * (high - low) or 1)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def _marks(ax: Axes, scopes: set[str]) -> None:
    """What the marks mean, where there are both."""
    if len(scopes) < len(_MARKS):
        return
    for scope, colour in _MARKS.items():
        ax.scatter([], [], s=75, color=colour, edgecolor=theme.PRIMARY, linewidth=2, label=scope)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, handletextpad=0.2
    )


def _power(power: int) -> str:
    """A power of ten, in 万元, in few characters."""
    return f"{10.0**power:,g}万" if power < 4 else f"{10 ** (power - 4):,}亿"
