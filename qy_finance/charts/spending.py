"""Figures of notebook 01."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import seaborn as sns

from qy_finance.charts import theme
from qy_finance.display import decimals, percent

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

KINDS: Final = {"project": "项目支出", "basic": "基本支出", "other": "其他支出"}
SIDES: Final = {"人员经费": theme.PRIMARY, "公用经费": theme.ACCENT}
_ROWS: Final = 12


def functions(frame: pd.DataFrame, unit: str, title: str, source: str) -> Figure:
    """Expenditure by function, basic and project above each other in one bar.

    Parameters
    ----------
    frame : DataFrame
        As :func:`qy_finance.analysis.spending.by_function` gives it.
    unit : str
        Unit of money.
    """
    shown = frame.head(_ROWS)
    _, ax = theme.canvas(len(shown))
    colours = {"basic": theme.PRIMARY, "project": theme.SECONDARY, "other": theme.ACCENT}
    present = [kind for kind in colours if shown[kind].astype(float).any()]
    reached = shown[["basic", "project", "other"]].astype(float).cumsum(axis=1)
    # the longest bar first, each shorter one over it
    for kind in reversed(present):
        sns.barplot(
            x=reached[kind],
            y=shown["code"],
            ax=ax,
            color=colours[kind],
            saturation=1,
            errorbar=None,
            width=0.7,
        )
    theme.name_rows(ax, list(shown["item"]))
    labels = [
        f"{decimals(total)}（{percent(share)}）"
        for total, share in zip(shown["total"], shown["share"], strict=True)
    ]
    theme.label_at(ax, reached["other"].tolist(), range(len(shown)), labels)
    theme.key(ax, [(colours[kind], KINDS[kind]) for kind in present])
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)


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
    shown = frame.head(_ROWS)
    before = shown["cumulative"] - shown["share"]
    colours = [theme.PRIMARY if below else theme.MUTED for below in before < threshold]
    _, ax = theme.canvas(len(shown))
    sns.barplot(
        x=shown["total"].astype(float), y=shown["code"], hue=shown["code"], palette=colours, ax=ax,
        saturation=1, errorbar=None, width=0.7, legend=False,
    )  # fmt: skip
    theme.name_rows(ax, list(shown["item"]))
    labels = [
        f"{decimals(total)}，累计 {percent(reached)}"
        for total, reached in zip(shown["total"], shown["cumulative"], strict=True)
    ]
    theme.label_bars(ax, labels)
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)


def economic(frame: pd.DataFrame, unit: str, title: str, source: str) -> Figure:
    """Largest accounts of basic expenditure, those of people and those of running the office apart by colour.

    Parameters
    ----------
    frame : DataFrame
        As :func:`qy_finance.analysis.spending.economic` gives it.
    """
    shown = frame.head(_ROWS)
    _, ax = theme.canvas(len(shown))
    sns.barplot(
        x=shown["amount"].astype(float), y=shown["code"], hue=shown["side"], palette=SIDES, dodge=False,
        order=list(shown["code"]), ax=ax, saturation=1, errorbar=None, width=0.7, legend=False,
    )  # fmt: skip
    theme.name_rows(ax, list(shown["item"]))
    theme.label_at(
        ax,
        shown["amount"].astype(float).tolist(),
        range(len(shown)),
        [decimals(amount) for amount in shown["amount"]],
    )
    theme.key(ax, [(colour, side) for side, colour in SIDES.items() if side in set(shown["side"])])
    theme.money_axis(ax, unit)
    return theme.finish(ax, title, source)
