"""Figures of notebook 06."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from qy_finance.analysis.derived import DERIVED
from qy_finance.analysis.panel_views import MOST, Series
from qy_finance.charts import theme
from qy_finance.display import decimals

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

FACETS: Final = 8
"""Small pictures that :func:`slopes` shows."""

_LIMIT: Final = 22  # characters of a unit's name
_TITLE: Final = 11  # of the name of a small picture
_YEARS: Final = 3  # that have room below a small picture; of more, the first and the last are named
_WIDE: Final = 50  # times the least value, from which on steps of ten are shown
_MARKS: Final = {"部门汇总": theme.PRIMARY, "本级": "white"}


def short(names: Sequence[str], limit: int = _LIMIT) -> list[str]:
    """Names of at most ``limit`` characters, long ones with … in the middle; different names stay different."""
    made = {name: _cut(name, limit) for name in names}
    taken: dict[str, list[str]] = {}
    for name, cut in made.items():
        taken.setdefault(cut, []).append(name)
    for same in taken.values():
        for number, name in enumerate(same, start=1):
            if len(same) > 1:
                made[name] = f"{_cut(name, limit - 3)}（{number}）"
    return [made[name] for name in names]


def ranking(frame: pd.DataFrame, title: str, source: str) -> Figure:
    """The largest values, one row for each unit; those of a unit alone (本级) have a hollow mark.

    Parameters
    ----------
    frame : DataFrame
        As :func:`qy_finance.analysis.panel_views.latest` gives it. Values that are very far apart are shown in steps
        of ten, where those that are not above 0 have no place and are left out.
    title, source : str
        As for :func:`qy_finance.charts.theme.finish`.
    """
    numbers = frame["value"].astype(float)
    above = numbers[numbers > 0]
    percent = frame["unit_of_measure"].eq("%").all()
    wide = not percent and len(above) > 0 and above.max() > _WIDE * above.min()
    shown = (frame[numbers > 0] if wide else frame).head(MOST)
    ends = [math.log10(value) if wide else float(value) for value in shown["value"]]
    start = math.floor(min(ends)) if wide else 0
    rows = list(range(len(shown)))
    _, ax = theme.canvas(len(shown))
    ax.hlines(rows, start, ends, color=theme.MUTED, linewidth=5, zorder=1)
    ax.scatter(
        ends, rows, s=75, zorder=2, edgecolor=theme.PRIMARY, linewidth=2, clip_on=False,
        color=[_MARKS[scope] for scope in shown["scope"]],
    )  # fmt: skip
    theme.name_rows(ax, short(list(shown["subject"])))
    ax.set_ylim(len(rows) - 0.5, -0.5)
    labels = [
        f"  {decimals(value, 1 if percent else 2)}{'%' if percent else ''}（{year}）"
        for value, year in zip(shown["value"], shown["year"], strict=True)
    ]
    theme.label_at(ax, ends, rows, labels)
    _marks(ax, set(shown["scope"]))
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


def rates(frame: pd.DataFrame, title: str, source: str) -> Figure:
    """Rates of change of one measure, the highest at the top; hatched where last year's value is implied.

    Parameters
    ----------
    frame : DataFrame
        As :func:`qy_finance.analysis.panel_views.changes` gives it, rows of one measure with a rate. The rates that
        are the farthest from 0 are shown.
    """
    numbers = frame["rate"].astype(float)
    shown = frame.loc[numbers.abs().sort_values(ascending=False, kind="stable").index[:MOST]]
    numbers = shown["rate"].astype(float).sort_values(ascending=False, kind="stable")
    shown = shown.loc[numbers.index]
    rows = range(len(shown))
    _, ax = theme.canvas(len(shown))
    ax.barh(
        rows,
        numbers,
        height=0.62,
        color=[theme.PRIMARY if rate >= 0 else theme.SECONDARY for rate in numbers],
        hatch=["///" if derived else "" for derived in shown["derived"]],
        edgecolor="white",
        linewidth=0,
    )
    ax.axvline(0, color=theme.SOFT, linewidth=0.8)
    theme.name_rows(ax, short(list(shown["subject"])))
    ax.set_ylim(len(shown) - 0.5, -0.5)
    labels = [f"{rate:+,.1f}%（{year}）" for rate, year in zip(numbers, shown["year"], strict=True)]
    theme.label_at(ax, numbers.tolist(), rows, labels)
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
    for name, ax, one in zip(short([one.name for one in shown], _TITLE), grid, shown, strict=False):
        _slope(ax, name, one)
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(hspace=0.1)
    more = f"；共 {len(series)} 项，其余见表" if len(series) > FACETS else ""
    return theme.finish(grid[0], title, f"{source}{more}")


def _slope(ax: Axes, name: str, one: Series) -> None:
    colours = ["white" if derived else theme.PRIMARY for derived in one.derived]
    values = [float(value) for value in one.values]
    ax.plot(one.years, values, color=theme.PRIMARY, linewidth=2, zorder=1)
    ax.scatter(
        one.years, values, color=colours, edgecolor=theme.PRIMARY, linewidth=2, s=45, zorder=2
    )
    ends = {0, len(one.years) - 1}
    for at, (year, value) in enumerate(zip(one.years, values, strict=True)):
        if at in ends:
            ax.annotate(
                decimals(value),
                (year, value),
                xytext=(0, 7),
                textcoords="offset points",
                ha="center",
                fontsize=11,
            )
    change = "" if one.rate is None else f"{one.rate:+,.1f}%" if one.rate else "持平"
    ax.set_title(f"{name}  {change}", fontsize=11, loc="left", color=theme.INK)
    named = [
        f"{year}{DERIVED if derived else ''}" if len(one.years) <= _YEARS or at in ends else ""
        for at, (year, derived) in enumerate(zip(one.years, one.derived, strict=True))
    ]
    ax.set_xticks(list(one.years), named)
    span = max(one.years) - min(one.years)
    ax.set_xlim(min(one.years) - 0.3 * span, max(one.years) + 0.3 * span)
    low, high = min(0.0, *values), max(0.0, *values)
    ax.set_ylim(low, high + 0.4 * (high - low) or 1)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)


def _marks(ax: Axes, scopes: set[str]) -> None:
    """What the marks mean, where there are both."""
    if len(scopes) < len(_MARKS):
        return
    for scope, colour in _MARKS.items():
        ax.scatter(
            [], [], s=75, color=colour, edgecolor=theme.PRIMARY, linewidth=2, label=scope
        )  # fmt: skip
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, handletextpad=0.2
    )


def _power(power: int) -> str:
    """A power of ten, in 万元, in few characters."""
    return f"{10.0**power:,g}万" if power < 4 else f"{10 ** (power - 4):,}亿"


def _cut(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    tail = limit // 3
    return f"{name[: limit - tail - 1]}…{name[-tail:]}"
