"""Figure of notebook 02."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from qy_finance.charts import theme
from qy_finance.display import decimals, percent
from qy_finance.numbers import Number, total

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROWS: Final = 12
NAMED: Final = "◆"
"""Stands behind the accounts that the report gives as reasons."""
_BAR: Final = ["item", "amount", "share"]


def accounts(
    frame: pd.DataFrame, named: pd.DataFrame, unit: str, title: str, source: str
) -> Figure:
    """Accounts of 公用经费 in order of size; those that the report gives as reasons stand out.

    Small accounts are one bar at the end, unless the report names them. A named account without money is shown too.

    Parameters
    ----------
    frame, named : DataFrame
        The ``accounts`` and the ``drivers`` of :class:`qy_finance.analysis.operating.Operating`.
    unit : str
        Unit of money.
    """
    called = set(named["item"])
    small = frame.index >= _ROWS - 1 if len(frame) > _ROWS else frame.index < 0
    rest = frame[small & ~frame["item"].isin(called)]
    bars = [_bar(*row) for row in frame.drop(index=rest.index)[_BAR].itertuples(index=False)]
    if len(rest):
        bars.append(_bar(f"其他 {len(rest)} 项", total(rest["amount"]), total(rest["share"])))
    empty = named[~named["item"].isin(frame["item"])]
    bars += [
        (item, 0.0, "没有金额" if pd.isna(amount) else decimals(amount))
        for item, amount in zip(empty["item"], empty["amount"], strict=True)
    ]
    _, ax = theme.canvas(len(bars))
    for at, (item, value, _) in enumerate(bars):
        marked = item in called
        ax.barh(
            at, value, height=0.7, color=theme.ACCENT if marked else theme.PRIMARY,
            hatch="//" if marked else None, edgecolor=theme.INK if marked else theme.PRIMARY,
            linewidth=0.8 if marked else 0,
        )  # fmt: skip
    labels = [f"{label} {NAMED}" if item in called else label for item, _, label in bars]
    theme.name_rows(ax, [item for item, _, _ in bars])
    theme.label_at(ax, [value for _, value, _ in bars], range(len(bars)), labels)
    ax.set_ylim(len(bars) - 0.5, -0.5)
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)


def _bar(item: str, amount: Number, share: Number) -> tuple[str, float, str]:
    return item, float(amount), f"{decimals(amount)}（{percent(share)}）"
