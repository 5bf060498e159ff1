"""Figure of notebook 00."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qy_finance.analysis.comparisons import DERIVED, Comparison
from qy_finance.charts import theme
from qy_finance.display import decimals
from qy_finance.palette import MUTED, PRIMARY

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
    now = [float(one.amount) for one in known]
    then = [float(one.previous or 0) for one in known]
    ax = theme.rows([one.name for one in known])
    rows = range(len(known))
    look: dict[str, Any] = {"edgecolor": PRIMARY, "clip_on": False}
    ax.hlines(rows, then, now, color=MUTED, linewidth=5, zorder=1, clip_on=False)
    ax.scatter(then, rows, 90, "white", linewidth=2, label=f"上年（{DERIVED}）", **look)
    ax.scatter(now, rows, 45, PRIMARY, linewidth=0.536656, label="本年", **look)
    ax.tick_params(axis="y", pad=9)  # a mark at 0 reaches beyond the axis
    ax.set_xlim(left=min(0, *now, *then))
    moves = [(one.moved or 0, one.places) for one in known]
    labels = [f"  {'+' if by >= 0 else '−'}{decimals(abs(by), places)}" for by, places in moves]
    theme.label_ends(ax, list(map(max, now, then)), labels)
    theme.key(ax, handletextpad=0.2)
    theme.value_axis(ax, f"单位：{unit}")
    return theme.finish(ax, title, source)
