"""The picture of notebook 01: from funds through functions to kinds of expenditure, in bands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from qy_finance.analysis.spending_flows import REST, USES, Flows
from qy_finance.charts import theme
from qy_finance.display import decimals, percent

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
    "一般公共预算": (theme.PRIMARY, 0.42),
    "政府性基金预算": (theme.SECONDARY, 0.42),
    "国有资本经营预算": (theme.MUTED, 0.75),
    REST: (theme.ACCENT, 0.42),
}
"""Of each fund, and how strong it is in a band."""


class _Band(NamedTuple):
    fund: str
    function: str
    use: str
    amount: float


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
    scale = _MONEY / sum(band.amount for band in bands)
    columns = _columns(found, bands, scale)
    height = max(sum(node.slot for node in column) for column in columns)
    figure, ax = theme.canvas(1)
    figure.set_figheight(height + _FRAME)
    ax.set_axis_off()
    ax.set(xticks=[], yticks=[])
    ax.set_xlim(0, theme.WIDTH)
    ax.set_ylim(0, height)
    for column in columns:
        _place(column, height)
    funds, functions, uses = columns
    _connect(ax, bands, funds, functions, lambda band: (band.fund, band.function), scale)
    _connect(ax, bands, functions, uses, lambda band: (band.function, band.use), scale)
    named = [node for column in columns for node in column if node.label]
    for node in named:
        colour = _COLOURS[node.name][0] if node in funds else theme.INK
        ax.add_patch(Rectangle((node.x, node.lower), _BAR, node.height, color=colour, lw=0.8))
    carried = _hatch_opening(ax, found, funds, scale)
    middles = [node.lower + node.height / 2 for node in named]
    texts = theme.label_at(ax, [n.right for n in named], middles, [n.label for n in named])
    for text in texts:
        text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
    key = f"% 是占本年支出{'；左侧斜线是年初结转等' if carried else ''}"
    ax.set_title(key, loc="left", fontsize=theme.SMALL, color=theme.SOFT)
    ax.set_title(f"单位：{unit}", loc="right", fontsize=theme.SMALL, color=theme.SOFT)
    return theme.finish(ax, title, source)


def _bands(found: Flows) -> list[_Band]:
    """Links by size of their 类, the smallest 类 as one, and what is carried over last."""
    size = _sums((link.code, link.amount) for link in found.links)
    largest = sorted(size, key=lambda code: -size[code])
    shown = largest if len(largest) <= _CLASSES else largest[: _CLASSES - 1]
    rest = f"其他 {len(largest) - len(shown)} 类"
    sums = _sums(
        ((link.fund, link.item if link.code in shown else rest, link.use), link.amount)
        for link in sorted(found.links, key=lambda link: largest.index(link.code))
    )
    closing = {(pool.fund, CLOSING, CLOSING): float(pool.closing) for pool in found.pools}
    return [_Band(*key, amount) for key, amount in (sums | closing).items() if amount]


def _columns(
    found: Flows, bands: Sequence[_Band], scale: float
) -> tuple[list[_Node], list[_Node], list[_Node]]:
    """Funds by size, functions by size, uses in their order; what is carried over passes below the functions."""
    funds = _sums((band.fund, band.amount) for band in bands)
    functions = _sums((band.function, band.amount) for band in bands)
    uses = _sums((band.use, band.amount) for band in bands)
    had = {pool.fund: pool.spent + pool.closing for pool in found.pools}
    spent = sum(amount for name, amount in functions.items() if name != CLOSING)

    def share(name: str, amount: float) -> str:
        part = 100 * amount / spent
        return (
            decimals(amount) if name == CLOSING else percent(part) if part >= 0.05 else "不到 0.1%"
        )

    left = [
        _Node(name, amount * scale, f"{name}\n{decimals(had.get(name, amount))}", _COLUMNS[0])
        for name, amount in sorted(funds.items(), key=lambda pair: -pair[1])
    ]
    middle = [
        _Node(
            name,
            amount * scale,
            "" if name == CLOSING else f"{_wrapped(name)} {share(name, amount)}",
            _COLUMNS[1],
        )
        for name, amount in functions.items()
    ]
    right = [
        _Node(name, uses[name] * scale, f"{name}\n{share(name, uses[name])}", _COLUMNS[2])
        for name in (*USES, CLOSING)
        if name in uses
    ]
    return left, middle, right


def _wrapped(name: str) -> str:
    """In two lines if it is long, cut if it is very long."""
    cut = name if len(name) <= 2 * _CHARS else f"{name[: 2 * _CHARS - 1]}…"
    half = (len(cut) + 1) // 2
    return cut if len(cut) <= _CHARS else f"{cut[:half]}\n{cut[half:]}"


def _sums(pairs: Iterable[tuple[_Key, float | Decimal]]) -> dict[_Key, float]:
    sums: dict[_Key, float] = {}
    for name, amount in pairs:
        sums[name] = sums.get(name, 0.0) + float(amount)
    return sums


def _place(column: Sequence[_Node], height: float) -> None:
    """Nodes below each other, in the middle of the height."""
    top = height - (height - sum(node.slot for node in column)) / 2
    for node in column:
        node.lower = top - (node.slot + node.height) / 2
        top -= node.slot


def _connect(
    ax: Axes,
    bands: Sequence[_Band],
    starts: Sequence[_Node],
    ends: Sequence[_Node],
    ends_of: Callable[[_Band], tuple[str, str]],
    scale: float,
) -> None:
    """Draw what flows between two columns, in the order of their nodes and in the colour of its fund."""
    first = {node.name: (at, node) for at, node in enumerate(starts)}
    last = {node.name: (at, node) for at, node in enumerate(ends)}
    sums = _sums(((*ends_of(band), band.fund), band.amount) for band in bands)
    for start, end, fund in sorted(sums, key=lambda key: (first[key[0]][0], last[key[1]][0])):
        height = sums[start, end, fund] * scale
        here, there = first[start][1], last[end][1]
        upper = here.take("out", height), there.take("in", height)
        _draw(ax, (here.right, upper[0]), (there.x, upper[1]), height, fund)


def _draw(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], height: float, fund: str
) -> None:
    """A band between the upper ends of its two sides."""
    (x0, y0), (x1, y1) = start, end
    middle = (x0 + x1) / 2
    points = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 - height), (middle, y1 - height), (middle, y0 - height), (x0, y0 - height), (x0, y0),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    colour, strength = _COLOURS[fund]
    ax.add_patch(PathPatch(Path(points, codes), color=colour, alpha=strength, linewidth=0.5))


def _hatch_opening(ax: Axes, found: Flows, funds: Sequence[_Node], scale: float) -> bool:
    """Mark the part of each fund that was carried in; whether there is any."""
    nodes = {node.name: node for node in funds}
    carried = [pool for pool in found.pools if pool.opening and pool.fund in nodes]
    for pool in carried:
        node = nodes[pool.fund]
        part = min(float(pool.opening) * scale, node.height)
        ax.add_patch(
            Rectangle(
                (node.x, node.lower), _BAR, part, facecolor="none", edgecolor="white", hatch="//////",
                linewidth=0,
            )
        )  # fmt: skip
    return bool(carried)
