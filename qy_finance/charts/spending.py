"""Figures of notebooks 01 and 02: accounts by size, by function and by economic kind, and the flow of money.

``unit`` is one of money; ``title`` and ``source`` are as for :func:`qy_finance.charts.theme.finish`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path

from qy_finance.analysis.spending import REST, USES, Flows
from qy_finance.charts import theme
from qy_finance.display import decimals, percent
from qy_finance.language import plain, t
from qy_finance.numbers import Number, total
from qy_finance.palette import ACCENT, INK, MUTED, PRIMARY, SECONDARY, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDES: Final = {"人员经费": PRIMARY, "公用经费": ACCENT}
NAMED: Final = "◆"
"""Stands behind the accounts that the report gives as reasons."""

_ROWS: Final = 11  # with that of all other accounts; one account alone has a row of its own
_OPERATING: Final = 12
_REST: Final = -1  # the index of all other accounts


@theme.chart
def concentration(
    frame: pd.DataFrame, unit: str, title: str, source: str, threshold: int = 80
) -> Figure:
    """项 of ``Spending.concentration``, with the share that the largest have together.

    Those that make up ``threshold`` percent together stand out.
    """
    frame = _with_rest(frame, "total", _ROWS)
    colours = [
        PRIMARY if at != _REST and reached - share < threshold else MUTED
        for at, reached, share in frame[["cumulative", "share"]].itertuples()
    ]
    labels = [
        t("{amount}，累计 {reached}", amount=decimals(amount), reached=percent(reached))
        for amount, reached in zip(frame["total"], frame["cumulative"], strict=True)
    ]
    ax = _bars(frame["item"], frame["total"], labels, unit, color=colours)
    theme.mark(ax, t("累计（%）"), [*frame["item"]], [*frame["cumulative"]], places=1)
    return theme.finish(ax, title, source)


@theme.chart
def by_function(frame: pd.DataFrame, unit: str, title: str, source: str) -> Figure:
    """``table`` of :class:`.functions.Functions`: what is judged hatched, what has no function grey.

    What is negative, or no more than a rounding difference, has no bar.
    """
    frame = frame[[amount.low > 0 for amount in frame["amount"]]].reset_index(drop=True)
    labels = [
        decimals(amount)
        if share is None
        else t("{amount}（{share}）", amount=decimals(amount), share=percent(share))
        for amount, share in zip(frame["amount"], frame["share"], strict=True)
    ]
    colours = [PRIMARY if mapped else MUTED for mapped in frame["mapped"]]
    names = [name.partition(" ")[0] for name in frame["name"]]
    ax = _bars(names, frame["amount"], labels, unit, color=colours)
    hatched: dict[str, Any] = {"facecolor": PRIMARY, "hatch": "////", "edgecolor": "white", "lw": 0}
    parts = {at: part for at, part in enumerate(frame["judged"]) if pd.notna(part)}
    if parts:
        lefts = [float(frame["amount"].iloc[at] - part) for at, part in parts.items()]
        for at, left in zip(parts, lefts, strict=True):
            ax.patches[at].set(width=left)
        widths, height = [*map(float, parts.values())], theme.thickness(0.7)
        bars = ax.barh([*parts], widths, left=lefts, height=height, **hatched)
        theme.mark(
            ax,
            t("其中按判断（{unit}）", unit=unit),
            [names[at] for at in parts],
            [*parts.values()],
            bars,
        )
    marks = [Patch(color=PRIMARY, label=t("归到一项职能"))]
    marks += [Patch(**hatched, label=t("其中按判断"))] if parts else []
    marks += [] if frame["mapped"].all() else [Patch(color=MUTED, label=t("单列"))]
    theme.key(ax, marks, handlelength=1, handleheight=1, columnspacing=1.5)
    return theme.finish(ax, title, source)


@theme.chart
def economic(frame: pd.DataFrame, unit: str, title: str, source: str) -> Figure:
    """Largest accounts of ``Spending.economic``, those of people and those of running the office apart by colour."""
    frame = _with_rest(frame, "amount", _ROWS)
    colours = [MUTED if at == _REST else SIDES[side] for at, side in frame["side"].items()]
    labels = [decimals(amount) for amount in frame["amount"]]
    ax = _bars(frame["item"], frame["amount"], labels, unit, color=colours)
    key = {plain(side): colour for side, colour in SIDES.items() if colour in colours}
    theme.colour_key(ax, key)
    return theme.finish(ax, title, source)


@theme.chart
def operating(
    frame: pd.DataFrame, named: pd.DataFrame, unit: str, title: str, source: str
) -> Figure:
    """``accounts`` of :class:`.operating.Operating`; its ``drivers``, which the report gives as reasons, stand out.

    Small accounts are one bar at the end, unless they are ``named``. A named account without money is shown too.
    """
    called = set(named["item"])
    empty = named[~named["item"].isin(frame["item"])]
    frame = _with_rest(frame, "amount", _OPERATING, called)
    labels = [
        t("{amount}（{share}）", amount=decimals(amount), share=percent(share))
        for amount, share in zip(frame["amount"], frame["share"], strict=True)
    ]
    items = [*frame["item"], *empty["item"]]
    spent = [t("没有金额") if pd.isna(amount) else amount for amount in empty["amount"]]
    amounts = [*frame["amount"], *spent]
    labels += [one if isinstance(one, str) else decimals(one) for one in spent]
    marked = [at for at, item in enumerate(items) if item in called]
    for at in marked:
        labels[at] += f" {NAMED}"
    ax = _bars(items, amounts, labels, unit, color=PRIMARY, linewidth=0)
    theme.mark(ax, t("占公用经费（%）"), [*frame["item"]], [*frame["share"]], places=1)
    for at in marked:
        ax.patches[at].set(facecolor=ACCENT, edgecolor=INK, hatch="//", linewidth=0.8)
    return theme.finish(ax, title, source)


def _with_rest(
    frame: pd.DataFrame, amount: str, most: int, kept: Collection[str] = ()
) -> pd.DataFrame:
    """The rows with a bar of their own, and the smallest that are not ``kept`` as one; all where they have room."""
    rest = frame.iloc[most - 1 :]
    rest = rest[~rest["item"].isin(kept)]
    if len(frame) <= most or rest.empty:
        return frame
    sums = {column: total(rest[column]) for column in (amount, "share")}
    one = rest.iloc[-1].to_dict() | {"item": t("其他 {n} 项", n=len(rest))} | sums
    return pd.concat([frame.drop(index=rest.index), pd.DataFrame([one], index=[_REST])])


def _bars(
    names: Iterable[str],
    amounts: Iterable[Number | str],
    labels: Sequence[str],
    unit: str,
    **look: Any,
) -> Axes:
    names, numbers = [*names], [*amounts]
    ax = theme.rows(names)
    values = [0.0 if isinstance(amount, str) else float(amount) for amount in numbers]
    bars = ax.barh(range(len(values)), values, height=theme.thickness(0.7), **look)
    labelled = theme.label_ends(ax, values, labels)
    theme.mark(ax, t("金额（{unit}）", unit=unit), names, numbers, bars, labelled)
    theme.value_axis(ax, t("单位：{unit}", unit=unit))
    return ax


# ---- from funds through functions to kinds of expenditure, in bands

CLOSING: Final = "年末结转等"

_Key = TypeVar("_Key")

_CLASSES: Final = 6  # of functions, the last of which may be several small ones
_MONEY: Final = 3.0  # inches of height of all money
_COLUMNS: Final = (0.0, 1.75, 4.3)  # inches from the left
_NARROW: Final = (0.0, 1.25, 3.05)  # on a phone
_BAR: Final = 0.13
_LINE: Final = 0.2  # inches of a line of a label
_GAP: Final = 0.07
_CHARS: Final = 9  # of a name in one line of a label
_FRAME: Final = 1.05  # inches for title, key and source
_COLOURS: Final = {
    "一般公共预算": (PRIMARY, 0.42),
    "政府性基金预算": (SECONDARY, 0.42),
    "国有资本经营预算": (MUTED, 0.75),
    REST: (ACCENT, 0.42),
}
"""Of each fund, and how strong it is in a band."""


@dataclass(slots=True)
class _Node:
    """A bar of a column, in inches; bands enter and leave it from the top. Without a label it is not drawn."""

    name: str
    amount: Number
    height: float
    label: str
    x: float
    lower: float = 0.0
    taken: dict[str, float] = field(default_factory=dict)

    @property
    def slot(self) -> float:
        """Height of the bar or its label, whichever is larger."""
        lines = self.label.count("\n") + 1 if self.label else 0
        return max(self.height, lines * _LINE) + _GAP

    @property
    def right(self) -> float:
        """Where bands leave it."""
        return self.x + (_BAR if self.label else 0.0)

    def take(self, side: str, height: float) -> float:
        """The upper end of the next band on a side."""
        before = self.taken.get(side, 0.0)
        self.taken[side] = before + height
        return self.lower + self.height - before


_Column = dict[str, _Node]
_Bands = dict[tuple[str, str, str], Number]
"""Amounts by fund, function and use."""


@theme.chart
def flow(found: Flows, unit: str, title: str, source: str) -> Figure:
    """Bands from each fund through each 类 to 基本支出 and 项目支出, and to what is carried over; of some links."""
    bands = _bands(found)
    scale = _MONEY / float(total(bands.values()))
    columns = _columns(found, bands, scale)
    height = max(sum(node.slot for node in column.values()) for column in columns)
    (ax,) = theme.canvas(height + _FRAME).axes
    ax.set_axis_off()
    ax.set(xticks=[], yticks=[], xlim=(0, theme.width()), ylim=(0, height))
    for column in columns:
        top = (height + sum(node.slot for node in column.values())) / 2
        for node in column.values():
            node.lower = top - (node.slot + node.height) / 2
            top -= node.slot
    for at in (0, 1):
        _connect(ax, bands, at, columns, scale, unit)
    named = [node for column in columns for node in column.values() if node.label]
    bars = []
    for node in named:
        colour = INK if node.x else _COLOURS[node.name][0]
        bar = Rectangle((node.x, node.lower), _BAR, node.height, color=colour, lw=0.8)
        bars.append(ax.add_patch(bar))
    carried = [pool for pool in found.pools if pool.opening and pool.fund in columns[0]]
    for pool in carried:
        node = columns[0][pool.fund]
        part = Rectangle((node.x, node.lower), _BAR, min(float(pool.opening) * scale, node.height))
        part.set(facecolor="none", edgecolor="white", hatch="//////", linewidth=0)
        ax.add_patch(part)
    middles = [node.lower + node.height / 2 for node in named]
    labelled = theme.label_ends(ax, [n.right for n in named], [n.label for n in named], middles)
    for text in labelled:
        theme.halo(text)
    names, amounts = [node.name for node in named], [node.amount for node in named]
    theme.mark(ax, t("金额（{unit}）", unit=unit), names, amounts, bars, labelled)
    key = t("% 是占本年支出；左侧斜线是年初结转等") if carried else t("% 是占本年支出")
    ax.set_title(key, loc="left", fontsize=theme.SMALL, color=SOFT)
    ax.set_title(t("单位：{unit}", unit=unit), loc="right", fontsize=theme.SMALL, color=SOFT)
    return theme.finish(ax, title, source)


def _bands(found: Flows) -> _Bands:
    """Links by size of their 类, the smallest 类 as one, and what is carried over last."""
    size = _sums((link.code, link.amount) for link in found.links)
    largest = sorted(size, key=lambda code: -size[code])
    shown = largest if len(largest) <= _CLASSES else largest[: _CLASSES - 1]
    rest = t("其他 {n} 类", n=len(largest) - len(shown))
    links = sorted(found.links, key=lambda link: largest.index(link.code))
    paid = [((o.fund, o.item if o.code in shown else rest, o.use), o.amount) for o in links]
    kept = [((pool.fund, CLOSING, CLOSING), pool.closing) for pool in found.pools if pool.closing]
    return _sums([*paid, *kept])


def _columns(found: Flows, bands: _Bands, scale: float) -> list[_Column]:
    """Funds by size, functions by size, uses in their order; what is carried over passes below the functions."""
    sums = [_sums((key[at], amount) for key, amount in bands.items()) for at in range(3)]
    funds, functions, uses = sums
    largest = sorted(funds, key=lambda name: -funds[name])
    had = {pool.fund: pool.spent + pool.closing for pool in found.pools}
    whole = {name: found.as_printed(name, amount) for name, amount in (funds | had).items()}
    spent = total(functions.values()) - functions.get(CLOSING, 0)

    def share(amount: Number) -> str:
        part = 100 * amount.plain / spent.plain
        return percent(part) if part >= 0.05 else t("不到 0.1%")

    chars, xs = (7, _NARROW) if theme.is_narrow() else (_CHARS, _COLUMNS)
    labels: list[dict[str, str]] = [
        {
            name: f"{theme.two_lines(plain(name), chars)}\n{decimals(whole[name])}"
            for name in largest
        },
        {
            name: f"{theme.two_lines(plain(name), chars)} {share(functions[name])}"
            for name in functions
        },
        {name: f"{plain(name)}\n{share(uses[name])}" for name in (*USES, CLOSING) if name in uses},
    ]
    if CLOSING in uses:
        labels[1][CLOSING], labels[2][CLOSING] = "", f"{plain(CLOSING)}\n{decimals(uses[CLOSING])}"
    held = [whole]
    held += [
        {name: found.as_printed(name, amount) for name, amount in some.items()}
        for some in (functions, uses)
    ]
    return [
        {
            name: _Node(name, held[at][name], float(sums[at][name]) * scale, label, x)
            for name, label in labels[at].items()
        }
        for at, x in enumerate(xs)
    ]


def _sums(pairs: Iterable[tuple[_Key, Number]]) -> dict[_Key, Number]:
    sums: dict[_Key, Number] = {}
    for name, amount in pairs:
        sums[name] = sums[name] + amount if name in sums else amount
    return sums


def _connect(
    ax: Axes, bands: _Bands, at: int, columns: list[_Column], scale: float, unit: str
) -> None:
    """Draw what flows between two columns, in the order of their nodes and in the colour of its fund."""
    starts, ends = columns[at : at + 2]
    first, last = list(starts), list(ends)
    sums = _sums(((key[at], key[at + 1], key[0]), amount) for key, amount in bands.items())
    for start, end, fund in sorted(sums, key=lambda key: (first.index(key[0]), last.index(key[1]))):
        height = float(sums[start, end, fund]) * scale
        x0, x1 = starts[start].right, ends[end].x
        y0, y1 = starts[start].take("out", height), ends[end].take("in", height)
        middle = (x0 + x1) / 2
        points = [
            (x0, y0), (middle, y0), (middle, y1), (x1, y1),
            (x1, y1 - height), (middle, y1 - height), (middle, y0 - height), (x0, y0 - height), (x0, y0),
        ]  # fmt: skip
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        colour, strength = _COLOURS[fund]
        band = PathPatch(Path(points, codes), color=colour, alpha=strength, linewidth=0.5)
        ax.add_patch(band)
        way = dict.fromkeys((fund, start, end))
        theme.mark(
            ax,
            t("金额（{unit}）", unit=unit),
            [" → ".join(map(plain, way))],
            [sums[start, end, fund]],
            [band],
        )
