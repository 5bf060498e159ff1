"""Figures of notebook 05: how the checks came out, and the map of the tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from qy_finance.analysis.reconciliation import Reconciliation
from qy_finance.charts import theme
from qy_finance.checks.model import STATUSES
from qy_finance.display import shortened
from qy_finance.language import is_english, plain, t
from qy_finance.palette import ALERT, INK, MUTED, PRIMARY, SECONDARY, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# In grey print each is lighter than the one before; hatches tell what is left.
_STATUSES: Final = (
    ("exact", PRIMARY, ""),
    ("tail", SECONDARY, ""),
    ("break", ALERT, "xxxx"),
    ("not_run", "white", "////"),
    ("n/a", MUTED, ""),
)
_LEVELS: Final = ("#c3d9e2", "#86b1c3", "#43809c", PRIMARY)
"""Colours of cells that one, two, three and more identities reach; a mark on the last two is white."""

_KEY: Final[dict[str, Any]] = {"handlelength": 1.2, "handleheight": 1, "columnspacing": 1.2}
_WIDE: Final = 6.4  # inches of the map, which is shown as wide as the page
_NARROW: Final = 3.1  # the same on a phone
_COLUMNS: Final = 2  # of tables in the map
_FRAME: Final = 1.1  # inches for title, legend and source
_GAP: Final = 0.22  # inches between tables
_CELL: Final = 0.21  # width of a cell
_ROW: Final = 0.125  # height of a row, in tables of so many rows at most:
_TALL: Final = 60
_LOWEST: Final = 0.045  # however many rows
_TEXT: Final = 7.0  # points; letters of a name that is in the map
_TITLE: Final = 0.36  # inches above the names of columns
_LINE: Final = 0.14  # inches of a further line of a table's name
_ACROSS: Final = 46  # letters of an English name in a line
_LETTER: Final = _TEXT / 72
_HALF: Final = 0.58  # width of a Latin letter or a figure, where a Chinese character is 1
_LONGEST: Final = 8  # letters of a column's name


@theme.chart
def outcomes(found: Reconciliation, title: str, source: str) -> Figure:
    """How the checks of each group came out, in % of them. ``title``, ``source`` as for :func:`theme.finish`."""
    groups, rows = found.groups, range(len(found.groups))
    names = list(groups["范围"])
    ax = theme.rows(names)
    named = {
        "exact": t("相符", "short"), "tail": t("尾差", "short"), "break": t("不符", "short"),
        "not_run": t("未核对", "short"), "n/a": t("不适用", "short"),
    }  # fmt: skip
    left, marks = [0.0] * len(rows), []
    for status, colour, hatch in _STATUSES:
        name, edge = STATUSES[status], "white" if status == "break" else SOFT
        if not groups[name].any():
            continue
        look: dict[str, Any] = {"hatch": hatch, "edgecolor": edge, "linewidth": 0.5 if hatch else 0}
        widths = [float(width) for width in 100 * groups[name] / groups["合计"]]
        bars = ax.barh(rows, widths, left=left, height=theme.thickness(0.62), color=colour, **look)
        counts = [f"{count:,}" if count else None for count in groups[name]]
        theme.mark(ax, t("{name}（条）", name=named[status]), names, counts, bars)
        marks.append(Patch(facecolor=colour, label=named[status], **look))
        left = [one + other for one, other in zip(left, widths, strict=True)]
    theme.value_axis(ax, t("单位：{unit}", unit="%"), percent=True)
    ax.set_xlim(0, 100)
    ax.set_xticks(range(0, 101, 25))
    labels = [
        t("{n:,} 条，{broken:,} 处不符", n=total, broken=broken)
        if broken
        else t("{n:,} 条", "checks", n=total)
        for total, broken in zip(groups["合计"], groups["不符"], strict=True)
    ]
    labelled = theme.label_ends(ax, left, labels)
    whole = [f"{total:,}" for total in groups["合计"]]
    theme.mark(ax, t("{name}（条）", name=plain("合计")), names, whole, labelled)
    theme.key(ax, marks, **_KEY, **({"ncols": 3} if is_english() else {}))
    return theme.finish(ax, title, source)


class _Cell(NamedTuple):
    """A row of :attr:`qy_finance.analysis.reconciliation.Reconciliation.cells`."""

    table: str
    side: str
    row: str
    column: str
    identities: int
    state: str

    @property
    def level(self) -> int:
        """How dark it is: by how many identities reach it."""
        return min(self.identities, len(_LEVELS))

    @property
    def colour(self) -> str:
        return _COLOURS.get(self.state) or _LEVELS[self.level - 1]

    @property
    def ink(self) -> str:
        """The colour of a mark on it."""
        return "white" if self.state == "break" or self.level > 2 else INK


@dataclass(frozen=True, slots=True)
class _Block:
    """A list of a table: its rows and columns in order, and the cells in them."""

    side: str
    rows: list[str]
    columns: list[str]
    cells: list[_Cell]

    @property
    def names(self) -> list[str]:
        """Of the columns, short enough to stand on end; one column that holds final accounts needs none."""
        short = [name.rsplit("/", 1)[-1].removesuffix("财政拨款") for name in self.columns]
        most = _LONGEST * (3 if is_english() else 1)
        return [shortened(plain(name), most) for name in short if self.columns != ["决算数"]]


@dataclass(frozen=True, slots=True)
class _Panel:
    """A table of the map, and how high it, its rows and the names of its columns are in inches."""

    name: str
    note: str
    blocks: list[_Block]
    height: float
    row: float
    head: float


@theme.chart
def cell_map(found: Reconciliation, title: str, source: str) -> Figure:
    """The tables, each cell as dark as it is well tied to others, with marks where they do not agree.

    Rows are in the order of print, sides beside each other. Tables of many rows have lower rows, of which
    not all are named. ``title``, ``source`` as for :func:`theme.finish`.
    """
    count, wide = (1, _NARROW) if theme.is_narrow() else (_COLUMNS, _WIDE)
    heights = [0.0] * count
    width = (wide - _GAP * (count - 1)) / count
    placed: list[tuple[_Panel, float, float]] = []
    cells = defaultdict[str, list[_Cell]](list)
    for cell in map(_Cell._make, found.cells.itertuples(index=False, name=None)):
        cells[cell.table].append(cell)
    for table in found.reading.form.ids:
        panel, column = _panel(table, cells[table], found), heights.index(min(heights))
        placed.append((panel, column * (width + _GAP), heights[column]))
        heights[column] += panel.height
    (ax,) = theme.canvas(max(heights) + _FRAME, wide).axes
    ax.set(xlim=(0, wide), ylim=(max(heights), 0))
    ax.axis("off")
    for panel, left, top in placed:
        _draw(ax, panel, left, top, width, found)
    _legend(ax)
    return theme.finish(ax, title, source)


def _panel(table: str, cells: list[_Cell], found: Reconciliation) -> _Panel:
    order = {name: at for at, name in enumerate(found.columns(table))}
    sides = defaultdict[str, list[_Cell]](list)
    for cell in cells:
        sides[cell.side].append(cell)
    blocks = []
    for side, some in sides.items():
        columns = sorted(
            dict.fromkeys(cell.column for cell in some),
            key=lambda name: order.get(name, len(order)),
        )
        blocks.append(_Block(side, list(dict.fromkeys(cell.row for cell in some)), columns, some))
    most = max((len(block.rows) for block in blocks), default=0)
    row = _ROW if most <= _TALL else max(_LOWEST, _ROW * _TALL / most)
    names = [len(name) for block in blocks for name in block.names]
    letter = _LETTER * (_HALF if is_english() else 1)
    head = max(names, default=0) * letter + (0.16 if any(block.side for block in blocks) else 0.06)
    name = _title(found.reading.form.name(table))
    height = _TITLE + _LINE * name.count("\n") + head + most * row + _GAP
    return _Panel(name, _note(cells, table in found.reading.missing), blocks, height, row, head)


def _title(name: str) -> str:
    """The name of a table; an English one may need two lines."""
    said = plain(name)
    return "\n".join(wrap(said, _ACROSS, max_lines=2, placeholder=" …")) if is_english() else said


def _note(cells: list[_Cell], missing: bool) -> str:
    if not cells:
        return t("报告没有这张表") if missing else t("没有印出数值")
    if free := sum(cell.state == "free" for cell in cells):
        return t("{n:,} 个数值，{free:,} 个无关系", n=len(cells), free=free)
    return t("{n:,} 个数值，都有关系", n=len(cells))


def _draw(ax: Axes, panel: _Panel, x: float, y: float, width: float, found: Reconciliation) -> None:
    y += _LINE * panel.name.count("\n")
    _write(ax, x, y + 0.16, panel.name, fontsize=8.5, fontweight="bold")
    _write(ax, x, y + 0.30, panel.note, color=SOFT)
    count = sum(len(block.columns) for block in panel.blocks)
    room = (width - count * _CELL) / max(len(panel.blocks), 1)
    top = y + _TITLE + panel.head
    for block in panel.blocks:
        start = x + room
        if block.side:
            _write(ax, x, y + _TITLE + 0.1, plain(block.side), fontweight="bold")
        for at, column in enumerate(block.names):
            middle = start + (at + 0.5) * _CELL
            _write(ax, middle, top - 0.03, column, color=SOFT, rotation=90, ha="center")
        _name_rows(ax, block, start - 0.04, top, panel.row, room - 0.1)
        _fill(ax, block, start, top, panel.row, found)
        x = start + len(block.columns) * _CELL


def _name_rows(ax: Axes, block: _Block, right: float, top: float, row: float, room: float) -> None:
    """Names right before the cells; of rows that are too low, those with a break and what has room between them."""
    broken = {cell.row for cell in block.cells if cell.state == "break"}
    taken: list[float] = []
    for at, name in sorted(enumerate(block.rows), key=lambda one: one[1] not in broken):
        middle = top + (at + 0.5) * row
        if all(abs(middle - other) >= _LETTER * 1.05 for other in taken):
            taken.append(middle)
            _write(ax, right, middle, _cut(name, room), ha="right", va="center")


def _write(ax: Axes, x: float, y: float, text: str, **look: Any) -> None:
    """Letters that stand where they are put: the layout of the figure need not look at each of them."""
    look = {"va": "bottom", "fontsize": _TEXT, **look}
    ax.text(x, y, text, in_layout=False, **look)


def _cut(name: str, room: float) -> str:
    """As much of a name as there is room for; figures are half as wide as Chinese characters.

    Of a row that is part of another one, what tells it from its like comes first.
    """
    name = f"· {plain(name.rsplit('/', 1)[-1])}" if "/" in name else plain(name)
    width = 0.0
    for at, letter in enumerate(name):
        width += _LETTER * (_HALF if letter.isascii() else 1)
        if width > room:
            return f"{name[: max(at - 1, 0)]}…"
    return name


def _fill(
    ax: Axes, block: _Block, left: float, top: float, row: float, found: Reconciliation
) -> None:
    columns = {name: left + at * _CELL for at, name in enumerate(block.columns)}
    rows = {name: top + at * row for at, name in enumerate(block.rows)}
    alike, marked = (
        defaultdict[str, list[_Cell]](list),
        defaultdict[tuple[str, str], list[_Cell]](list),
    )
    for cell in block.cells:
        alike[cell.colour].append(cell)
        if cell.state in _MARKS:
            marked[cell.state, cell.ink].append(cell)
    form = found.reading.form
    for colour, some in alike.items():
        boxes = []
        for cell in some:
            x, y = columns[cell.column], rows[cell.row]
            boxes.append([(x, y), (x + _CELL, y), (x + _CELL, y + row), (x, y + row)])
        drawn = PolyCollection(
            boxes, facecolors=colour, edgecolors="white", linewidths=0.4, clip_on=False
        )
        if colour == _COLOURS["free"]:
            drawn.set(edgecolors=SOFT, hatch="//////")
        ax.add_collection(drawn, autolim=False)
        facts = [found.printed.get(cell[:4]) for cell in some]
        names = [f"{plain(form.name(cell.table))} {plain(cell.row)}" for cell in some]
        kinds = [cell.column for cell in some]
        theme.mark(ax, kinds, names, facts, drawn, listed=colour == _COLOURS["break"])
    size = min(1.0, row / _ROW)
    for (state, ink), some in marked.items():
        marker, area = _MARKS[state]
        line = 1.2 * size if marker == "x" else 0
        xs = [columns[cell.column] + _CELL / 2 for cell in some]
        ys = [rows[cell.row] + row / 2 for cell in some]
        ax.scatter(xs, ys, area * size**2, ink, marker=marker, linewidths=line)


_COLOURS: Final = {"free": "white", "break": ALERT}
_MARKS: Final = {"break": ("x", 20.0), "touched": ("^", 16.0), "tail": ("o", 4.0)}
"""Marker and area (square points) of a state."""


def _legend(ax: Axes) -> None:
    names = [
        t("1 条关系"), t("2 条"), t("3 条"), t("4 条以上"), t("无关系"), t("尾差"), t("牵涉矛盾"), t("矛盾"),
    ]  # fmt: skip
    entries: list[Patch | tuple[Patch, Line2D]] = [Patch(color=colour) for colour in _LEVELS]
    entries.append(Patch(facecolor="white", edgecolor=SOFT, hatch="//////"))
    for state in ("tail", "touched", "break"):
        colour, ground = ("white", ALERT) if state == "break" else (INK, _LEVELS[0])
        marker, area = _MARKS[state]
        mark = Line2D([], [], linestyle="", marker=marker, markersize=area**0.5, color=colour)
        entries.append((Patch(color=ground), mark))
    ncols = 3 if theme.is_narrow() else 4
    theme.key(ax, entries, labels=names, ncols=ncols, fontsize=9, **_KEY)
