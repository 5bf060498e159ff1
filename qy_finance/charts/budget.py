"""Figure of notebook 07: what was planned and what was spent.

``title`` and ``source`` are as for :func:`qy_finance.charts.theme.finish`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from qy_finance.analysis.budget import Budget
from qy_finance.analysis.execution import STAGES, Execution
from qy_finance.charts import theme
from qy_finance.display import decimals
from qy_finance.language import plain, t

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST: Final = 12
"""Rows that are shown, those that deviate most."""


def comparable(found: Budget) -> list[Execution]:
    """The rows to be shown, the largest deviation first: accounts; else totals and funds; else 三公.

    They are against one budget alone, the one that most are against.
    """
    kinds = (["account"], ["total", "fund"], ["three_public"])
    rows: list[Execution] = next(filter(None, (found.of(*some) for some in kinds)), [])
    known = [row for row in rows if row.deviation is not None and (row.planned or row.final)]
    stages = [row.against for row in known]
    chosen = max(STAGES, key=stages.count)
    same = [row for row in known if row.against == chosen]
    return sorted(same, key=lambda row: row.apart, reverse=True)


@theme.chart
def planned_and_spent(rows: Sequence[Execution], unit: str, title: str, source: str) -> Figure:
    """The budget of each of the first :data:`MOST` rows (hollow) and what was spent (full); all against one budget."""
    if len(rows) > MOST:
        source = t(
            "{source}；差额最大的 {most} 项，共 {n} 项", source=source, most=MOST, n=len(rows)
        )
    rows = rows[:MOST]
    then = [float(row.planned or 0) for row in rows]
    now = [float(row.final or 0) for row in rows]
    stage = plain(STAGES[rows[0].against or "budget"])
    implied = sum(row.against in row.derived for row in rows)
    if implied:
        of_all = implied == len(rows)
        stage = (
            t("{stage}（推算）", stage=stage) if of_all else t("{stage}（部分推算）", stage=stage)
        )
    names = [
        row.item.replace("财政拨款支出", "") if row.kind == "fund" else row.item for row in rows
    ]
    ax = theme.rows(names)
    gaps = [row.deviation or 0 for row in rows]
    labels = [f"{'+' if gap >= 0 else '−'}{decimals(abs(gap))}" for gap in gaps]
    kinds = (stage, t("决算"))
    lines, hollow, full, labelled = theme.between(ax, then, now, kinds, labels)
    theme.mark(
        ax,
        t("{stage}（{unit}）", stage=stage, unit=unit),
        names,
        [row.planned for row in rows],
        hollow,
    )
    theme.mark(ax, t("决算（{unit}）", unit=unit), names, [row.final for row in rows], full)
    beyond = [row.deviation for row in rows]
    theme.mark(ax, t("决算比预算（{unit}）", unit=unit), names, beyond, lines, labelled)
    theme.key(ax, handletextpad=0.2)
    theme.value_axis(ax, t("单位：{unit}", unit=unit))
    return theme.finish(ax, title, source)
