"""Figure of notebook 00."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import seaborn as sns

from qy_finance.analysis.comparisons import DERIVED, Comparison
from qy_finance.charts import theme
from qy_finance.display import decimals

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def changes(compared: Sequence[Comparison], unit: str, title: str, source: str) -> Figure:
    """This year against last year, the latter derived from the stated change.

    Parameters
    ----------
    compared : sequence of Comparison
        In the order of the rows; those without a base are left out.
    unit : str
        The unit of money that all are shown in.
    title, source : str
        As for :func:`qy_finance.charts.theme.finish`.
    """
    known = [one.in_unit(unit) for one in compared if one.previous is not None]
    rows = list(range(len(known)))
    now = [float(one.amount) for one in known]
    then = [float(one.previous or 0) for one in known]
    _, ax = theme.canvas(len(rows))
    ax.hlines(rows, then, now, color=theme.MUTED, linewidth=5, zorder=1)
    sns.scatterplot(
        x=then, y=rows, ax=ax, s=90, facecolor="white", edgecolor=theme.PRIMARY, linewidth=2,
        label=f"上年（{DERIVED}）",
    )  # fmt: skip
    sns.scatterplot(
        x=now, y=rows, ax=ax, s=45, color=theme.PRIMARY, edgecolor=theme.PRIMARY, label="本年"
    )
    for marks in ax.collections:
        marks.set_clip_on(False)
    theme.name_rows(ax, [one.name for one in known])
    ax.tick_params(axis="y", pad=9)  # a mark at 0 reaches beyond the axis
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(left=min(0, *now, *then))
    moves = [(one.moved or 0, one.places) for one in known]
    labels = [f"  {'+' if by >= 0 else '−'}{decimals(abs(by), places)}" for by, places in moves]
    theme.label_at(ax, list(map(max, now, then)), rows, labels)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=2, borderaxespad=0.2, handletextpad=0.2
    )
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)
