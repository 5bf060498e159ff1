"""Figure of notebook 02."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

import pandas as pd
import seaborn as sns

from qy_finance.charts import theme
from qy_finance.display import decimals

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROWS: Final = 15


def accounts(
    frame: pd.DataFrame, named: pd.DataFrame, unit: str, title: str, source: str
) -> Figure:
    """Accounts of 公用经费 in order of size; those that the report gives as reasons stand out.

    Parameters
    ----------
    frame : DataFrame
        As :func:`qy_finance.analysis.operating.accounts` gives it.
    named : DataFrame
        As :func:`qy_finance.analysis.operating.drivers` gives it; a named account without money is shown too.
    unit : str
        Unit of money.
    """
    known = named[named["code"].notna()].drop_duplicates("code")
    empty = known[~known["code"].isin(frame["code"])]
    shown = pd.concat([frame.head(_ROWS), empty])[["code", "item", "amount"]].reset_index(drop=True)
    amounts = shown["amount"].astype(float).fillna(0)
    codes: Collection[str] = set(known["code"])
    colours = [theme.ACCENT if code in codes else theme.PRIMARY for code in shown["code"]]
    _, ax = theme.canvas(len(shown))
    sns.barplot(
        x=amounts, y=shown["code"], hue=shown["code"], palette=colours, ax=ax, saturation=1, errorbar=None, width=0.7,
        legend=False,
    )  # fmt: skip
    theme.name_rows(ax, list(shown["item"]))
    theme.label_at(
        ax, amounts.tolist(), range(len(shown)), [decimals(value) for value in shown["amount"]]
    )
    if codes:
        theme.key(ax, [(theme.ACCENT, "报告举为增减原因的科目"), (theme.PRIMARY, "其他科目")])
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)
