"""Figure of notebook 02: from last year's amount to this year's, step by step."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from qy_finance.analysis.operating import Bridge
from qy_finance.charts import theme
from qy_finance.display import decimals
from qy_finance.language import t
from qy_finance.palette import ACCENT, ALERT, MUTED, PRIMARY, SECONDARY

UNEXPLAINED = "没有写明的部分"


@theme.chart
def waterfall(found: Bridge, unit: str, title: str, source: str) -> Figure:
    """Last year's amount, each step that the report states, what it does not explain, and this year's amount.

    What is not explained has a hatch, so that grey print shows it too.
    """
    steps = [*found.steps, (UNEXPLAINED, found.rest)]
    names = [found.before_name, *(name for name, _ in steps), found.after_name]
    ax = theme.rows(names)
    last = len(steps) + 1
    at, ends, labels = float(found.before), [float(found.before)], [decimals(found.before)]
    thick = theme.thickness(0.6)
    whole = [at, float(found.after)]
    ends_of = ax.barh([0, last], whole, height=thick, color=[MUTED, PRIMARY], linewidth=0)
    parts: list[Patch] = []
    for row, (name, by) in enumerate(steps, start=1):
        size, rest = float(by), name == UNEXPLAINED
        colour = ACCENT if rest else SECONDARY if size >= 0 else ALERT
        hatch = "///" if rest else ""
        look: dict[str, Any] = {"color": colour, "hatch": hatch, "edgecolor": "white", "lw": 0}
        parts.extend(ax.barh(row, size, left=at, height=thick, **look))
        ax.vlines(at, row - 1, row + thick / 2, color=MUTED, linewidth=1, zorder=0)
        at += size
        ends.append(max(at, at - size))
        labels.append(f"{'+' if by >= 0 else '−'}{decimals(abs(by))}")
    theme.fit_rows(ax)
    if not theme.is_narrow():
        ax.set_ylim(last + 0.5, -0.5)
    labelled = theme.label_ends(ax, [*ends, float(found.after)], [*labels, decimals(found.after)])
    numbers = [found.before, *(by for _, by in steps), found.after]
    bars = [ends_of[0], *parts, ends_of[1]]
    theme.mark(ax, t("金额或增减（{unit}）", unit=unit), names, numbers, bars, labelled)
    theme.value_axis(ax, t("单位：{unit}", unit=unit))
    return theme.finish(ax, title, source)
