"""Figures of notebook 01: largest accounts by function and by economic kind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import seaborn as sns

from qy_finance.charts import theme
from qy_finance.display import decimals, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDES: Final = {"人员经费": theme.PRIMARY, "公用经费": theme.ACCENT}
_ROWS: Final = 10


def concentration(
    frame: pd.DataFrame, unit: str, title: str, source: str, threshold: int = 80
) -> Figure:
    """项 in order of size, with the share that the largest have together.

    Parameters
    ----------
    frame : DataFrame
        As :func:`qy_finance.analysis.spending.concentration` gives it.
    threshold : int
        Accounts that make up this many percent together stand out.
    """
    shown, rest = _split(frame)
    colours = [
        theme.PRIMARY if reached - share < threshold else theme.MUTED
        for reached, share in zip(shown["cumulative"], shown["share"], strict=True)
    ]
    names, amounts = list(shown["item"]), list(shown["total"])
    labels = [
        f"{decimals(total)}，累计 {percent(reached)}"
        for total, reached in zip(shown["total"], shown["cumulative"], strict=True)
    ]
    if len(rest):
        names.append(f"其他 {len(rest)} 项")
        amounts.append(sum(rest["total"], Decimal(0)))
        colours.append(theme.MUTED)
        labels.append(f"{decimals(amounts[-1])}，累计 {percent(rest['cumulative'].iloc[-1])}")
    _, ax = theme.canvas(len(names))
    _bars(ax, names, amounts, colours, labels)
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)


def economic(frame: pd.DataFrame, unit: str, title: str, source: str) -> Figure:
    """Largest accounts of basic expenditure, those of people and those of running the office apart by colour.

    Parameters
    ----------
    frame : DataFrame
        As :func:`qy_finance.analysis.spending.economic` gives it.
    """
    shown, rest = _split(frame)
    names, amounts = list(shown["item"]), list(shown["amount"])
    colours = [SIDES[side] for side in shown["side"]]
    if len(rest):
        names.append(f"其他 {len(rest)} 项")
        amounts.append(sum(rest["amount"], Decimal(0)))
        colours.append(theme.MUTED)
    _, ax = theme.canvas(len(names))
    _bars(ax, names, amounts, colours, [decimals(amount) for amount in amounts])
    theme.key(ax, [(colour, side) for side, colour in SIDES.items() if side in set(shown["side"])])
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)


def _split(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows with a bar of their own, and those that are one bar; none where all have room."""
    shown = len(frame) if len(frame) <= _ROWS + 1 else _ROWS
    return frame.iloc[:shown], frame.iloc[shown:]


def _bars(
    ax: Axes,
    names: Sequence[str],
    amounts: Sequence[Decimal],
    colours: Sequence[str],
    labels: Sequence[str],
) -> None:
    rows = [str(row) for row in range(len(names))]  # two accounts may have one name
    values = [float(amount) for amount in amounts]
    sns.barplot(
        x=values, y=rows, hue=rows, palette=list(colours), ax=ax, saturation=1, errorbar=None, width=0.7,
        legend=False,
    )  # fmt: skip
    theme.name_rows(ax, names)
    theme.label_at(ax, values, range(len(values)), labels)
