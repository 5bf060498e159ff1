"""Figures of notebook 01: largest accounts by function and by economic kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd
import seaborn as sns

from qy_finance.charts import theme
from qy_finance.display import decimals, percent
from qy_finance.numbers import total

if TYPE_CHECKING:
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
        :attr:`qy_finance.analysis.spending.Spending.concentration`.
    threshold : int
        Accounts that make up this many percent together stand out.
    """
    frame = _with_rest(frame, "total")
    colours = [
        theme.PRIMARY if share and reached - share < threshold else theme.MUTED
        for reached, share in zip(frame["cumulative"], frame["share"], strict=True)
    ]
    labels = [
        f"{decimals(amount)}，累计 {percent(reached)}"
        for amount, reached in zip(frame["total"], frame["cumulative"], strict=True)
    ]
    ax = _bars(frame["item"], frame["total"], colours, labels)
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)


def economic(frame: pd.DataFrame, unit: str, title: str, source: str) -> Figure:
    """Largest accounts of basic expenditure, those of people and those of running the office apart by colour.

    Parameters
    ----------
    frame : DataFrame
        :attr:`qy_finance.analysis.spending.Spending.economic`.
    """
    frame = _with_rest(frame, "amount")
    colours = [
        SIDES[side] if share else theme.MUTED
        for side, share in zip(frame["side"], frame["share"], strict=True)
    ]
    ax = _bars(frame["item"], frame["amount"], colours, list(map(decimals, frame["amount"])))
    theme.key(ax, [(colour, side) for side, colour in SIDES.items() if colour in colours])
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)


def _with_rest(frame: pd.DataFrame, amount: str) -> pd.DataFrame:
    """The rows with a bar of their own, and the smallest as one without a share; all where they have room."""
    if len(frame) <= _ROWS + 1:
        return frame
    rest = frame.iloc[_ROWS:]
    one = {"item": f"其他 {len(rest)} 项", amount: total(rest[amount]), "share": 0}
    return pd.concat([frame.head(_ROWS), pd.DataFrame([rest.iloc[-1].to_dict() | one])])


def _bars(
    names: pd.Series, amounts: pd.Series, colours: Sequence[str], labels: Sequence[str]
) -> Axes:
    _, ax = theme.canvas(len(names))
    rows = [str(row) for row in range(len(names))]  # two accounts may have one name
    values = [float(amount) for amount in amounts]
    sns.barplot(
        x=values, y=rows, hue=rows, palette=list(colours), ax=ax, saturation=1, errorbar=None, width=0.7,
        legend=False,
    )  # fmt: skip
    theme.name_rows(ax, list(names))
    theme.label_at(ax, values, range(len(values)), labels)
    return ax
