"""Figures of notebooks 01 and 02: accounts by size, by function and by economic kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from qy_finance.charts import theme
from qy_finance.display import decimals, percent
from qy_finance.numbers import Number, total
from qy_finance.palette import ACCENT, INK, MUTED, PRIMARY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDES: Final = {"人员经费": PRIMARY, "公用经费": ACCENT}
NAMED: Final = "◆"
"""Stands behind the accounts that the report gives as reasons."""

_ROWS: Final = 11  # with that of all other accounts; one account alone has a row of its own
_OPERATING: Final = 12
_REST: Final = -1  # the index of all other accounts


def concentration(
    frame: pd.DataFrame, unit: str, title: str, source: str, threshold: int = 80
) -> Figure:
    """项 in order of size, with the share that the largest have together.

    Parameters
    ----------
    frame : DataFrame
        :attr:`qy_finance.analysis.spending.Spending.concentration`.
    unit : str
        Unit of money.
    threshold : int
        Accounts that make up this many percent together stand out.
    """
    frame = _with_rest(frame, "total", _ROWS)
    colours = [
        PRIMARY if at != _REST and reached - share < threshold else MUTED
        for at, reached, share in frame[["cumulative", "share"]].itertuples()
    ]
    labels = [
        f"{decimals(amount)}，累计 {percent(reached)}"
        for amount, reached in zip(frame["total"], frame["cumulative"], strict=True)
    ]
    ax = _bars(frame["item"], frame["total"], labels, unit, color=colours)
    return theme.finish(ax, title, source)


def economic(frame: pd.DataFrame, unit: str, title: str, source: str) -> Figure:
    """Largest accounts of basic expenditure, those of people and those of running the office apart by colour.

    Parameters
    ----------
    frame : DataFrame
        :attr:`qy_finance.analysis.spending.Spending.economic`.
    """
    frame = _with_rest(frame, "amount", _ROWS)
    colours = [MUTED if at == _REST else SIDES[side] for at, side in frame["side"].items()]
    labels = [decimals(amount) for amount in frame["amount"]]
    ax = _bars(frame["item"], frame["amount"], labels, unit, color=colours)
    sides = {side: colour for side, colour in SIDES.items() if colour in colours}
    theme.colour_key(ax, sides)
    return theme.finish(ax, title, source)


def operating(
    frame: pd.DataFrame, named: pd.DataFrame, unit: str, title: str, source: str
) -> Figure:
    """Accounts of 公用经费 in order of size; those that the report gives as reasons stand out.

    Small accounts are one bar at the end, unless the report names them. A named account without money is shown too.

    Parameters
    ----------
    frame, named : DataFrame
        The ``accounts`` and the ``drivers`` of :class:`qy_finance.analysis.operating.Operating`.
    """
    called = set(named["item"])
    empty = named[~named["item"].isin(frame["item"])]
    frame = _with_rest(frame, "amount", _OPERATING, called)
    labels = [
        f"{decimals(amount)}（{percent(share)}）"
        for amount, share in zip(frame["amount"], frame["share"], strict=True)
    ]
    labels += ["没有金额" if pd.isna(amount) else decimals(amount) for amount in empty["amount"]]
    items, amounts = [*frame["item"], *empty["item"]], [*frame["amount"], *[Number(0)] * len(empty)]
    marked = [at for at, item in enumerate(items) if item in called]
    for at in marked:
        labels[at] += f" {NAMED}"
    ax = _bars(items, amounts, labels, unit, color=PRIMARY, linewidth=0)
    for at in marked:
        ax.patches[at].set(facecolor=ACCENT, edgecolor=INK, hatch="//", linewidth=0.8)
    return theme.finish(ax, title, source)


def _with_rest(
    frame: pd.DataFrame, amount: str, most: int, kept: Collection[str] = ()
) -> pd.DataFrame:
    """The rows with a bar of their own, and the smallest that are not ``kept`` as one; all where they have room."""
    if len(frame) <= most:
        return frame
    rest = frame.iloc[most - 1 :]
    rest = rest[~rest["item"].isin(kept)]
    if rest.empty:
        return frame
    sums = {column: total(rest[column]) for column in (amount, "share")}
    one = rest.iloc[-1].to_dict() | {"item": f"其他 {len(rest)} 项"} | sums
    return pd.concat([frame.drop(index=rest.index), pd.DataFrame([one], index=[_REST])])


def _bars(
    names: Iterable[str], amounts: Iterable[Number], labels: Sequence[str], unit: str, **look: Any
) -> Axes:
    ax = theme.rows([*names])
    values = [float(amount) for amount in amounts]
    ax.barh(range(len(values)), values, height=0.7, **look)
    theme.label_ends(ax, values, labels)
    theme.value_axis(ax, f"单位：{unit}")
    return ax
