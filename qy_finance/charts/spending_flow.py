"""The picture of notebook 01: from funds through functions to kinds of expenditure, in bands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeVar

from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from qy_finance.analysis.spending import REST, USES, Flows
from qy_finance.charts import theme
from qy_finance.display import decimals, percent
from qy_finance.numbers import Number
from qy_finance.palette import ACCENT, INK, MUTED, PRIMARY, SECONDARY, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CLOSING: Final = "年末结转等"

_Key = TypeVar("_Key")

_CLASSES: Final = 6  # of functions, the last of which may be several small ones
_MONEY: Final = 3.0  # inches of height of all money
_COLUMNS: Final = (0.0, 1.75, 4.3)  # inches from the left
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
_Bands = dict[tuple[str, str, str], float]
"""Amounts by fund, function and use."""


def flow(found: Flows, unit: str, title: str, source: str) -> Figure:
    """Bands from each fund through each 类 to 基本支出 and 项目支出, and to what is carried over.

    Parameters
    ----------
    found : Flows
        With links.
    unit : str
        Unit of money.
    title, source : str
        As for :func:`qy_finance.charts.theme.finish`.
    """
    bands = _bands(found)
    scale = _MONEY / sum(bands.values())
    columns = _columns(found, bands, scale)
    height = max(sum(node.slot for node in column.values()) for column in columns)
    (ax,) = theme.canvas(height + _FRAME).axes
    ax.set_axis_off()
    ax.set(xticks=[], yticks=[], xlim=(0, theme.WIDTH), ylim=(0, height))
    for column in columns:
        top = (height + sum(node.slot for node in column.values())) / 2
        for node in column.values():
            node.lower = top - (node.slot + node.height) / 2
            top -= node.slot
    for at in (0, 1):
        _connect(ax, bands, at, columns, scale)
    named = [node for column in columns for node in column.values() if node.label]
    for node in named:
        colour = INK if node.x else _COLOURS[node.name][0]
        ax.add_patch(Rectangle((node.x, node.lower), _BAR, node.height, color=colour, lw=0.8))
    carried = [pool for pool in found.pools if pool.opening and pool.fund in columns[0]]
    for pool in carried:
        node = columns[0][pool.fund]
        part = Rectangle((node.x, node.lower), _BAR, min(float(pool.opening) * scale, node.height))
        part.set(facecolor="none", edgecolor="white", hatch="//////", linewidth=0)
        ax.add_patch(part)
    middles = [node.lower + node.height / 2 for node in named]
    texts = theme.label_ends(ax, [n.right for n in named], [n.label for n in named], middles)
    for text in texts:
        text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
    key = f"% 是占本年支出{'；左侧斜线是年初结转等' if carried else ''}"
    ax.set_title(key, loc="left", fontsize=theme.SMALL, color=SOFT)
    ax.set_title(f"单位：{unit}", loc="right", fontsize=theme.SMALL, color=SOFT)
    return theme.finish(ax, title, source)


def _bands(found: Flows) -> _Bands:
    """Links by size of their 类, the smallest 类 as one, and what is carried over last."""
    size = _sums((link.code, link.amount) for link in found.links)
    largest = sorted(size, key=lambda code: -size[code])
    shown = largest if len(largest) <= _CLASSES else largest[: _CLASSES - 1]
    rest = f"其他 {len(largest) - len(shown)} 类"
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
    spent = sum(functions.values()) - functions.get(CLOSING, 0)

    def share(amount: float) -> str:
        part = 100 * amount / spent
        return percent(part) if part >= 0.05 else "不到 0.1%"

    labels: list[dict[str, str]] = [
        {name: f"{name}\n{decimals(had.get(name, funds[name]))}" for name in largest},
        {name: f"{theme.two_lines(name, _CHARS)} {share(functions[name])}" for name in functions},
        {name: f"{name}\n{share(uses[name])}" for name in (*USES, CLOSING) if name in uses},
    ]
    if CLOSING in uses:
        labels[1][CLOSING], labels[2][CLOSING] = "", f"{CLOSING}\n{decimals(uses[CLOSING])}"
    return [
        {name: _Node(name, sums[at][name] * scale, label, x) for name, label in labels[at].items()}
        for at, x in enumerate(_COLUMNS)
    ]


def _sums(pairs: Iterable[tuple[_Key, float | Number]]) -> dict[_Key, float]:
    sums: dict[_Key, float] = {}
    for name, amount in pairs:
        sums[name] = sums.get(name, 0.0) + float(amount)
    return sums


def _connect(ax: Axes, bands: _Bands, at: int, columns: list[_Column], scale: float) -> None:
    """Draw what flows between two columns, in the order of their nodes and in the colour of its fund."""
    starts, ends = columns[at : at + 2]
    first, last = list(starts), list(ends)
    sums = _sums(((key[at], key[at + 1], key[0]), amount) for key, amount in bands.items())
    for start, end, fund in sorted(sums, key=lambda key: (first.index(key[0]), last.index(key[1]))):
        height = sums[start, end, fund] * scale
        x0, x1 = starts[start].right, ends[end].x
        y0, y1 = starts[start].take("out", height), ends[end].take("in", height)
        middle = (x0 + x1) / 2
        points = [
            (x0, y0), (middle, y0), (middle, y1), (x1, y1),
            (x1, y1 - height), (middle, y1 - height), (middle, y0 - height), (x0, y0 - height), (x0, y0),
        ]  # fmt: skip
        codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
        colour, strength = _COLOURS[fund]
        ax.add_patch(PathPatch(Path(points, codes), color=colour, alpha=strength, linewidth=0.5))
