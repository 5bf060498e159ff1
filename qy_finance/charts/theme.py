"""The one look of all figures: colours, Chinese font, axes with units, labels at the marks.

A figure starts with :func:`canvas` and ends with :func:`finish`. It is as wide as a column of text and its
letters are large, so that it can still be read when a phone shows it at 60 % of its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final, Literal

import seaborn as sns
from matplotlib import font_manager, rcParams
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from qy_finance.display import decimals
from qy_finance.palette import ACCENT, ALERT, INK, MUTED, PALETTE, PRIMARY, SECONDARY, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

__all__ = [
    "ACCENT", "ALERT", "FONT", "INK", "MUTED", "PALETTE", "PRIMARY", "SECONDARY", "SMALL", "SOFT", "WIDTH", "apply",
    "canvas", "count_axis", "finish", "key", "label_at", "label_bars", "money_axis", "name_rows", "percent_axis",
]  # fmt: skip

FONT: Final = "Noto Sans SC GBK"
#: Inches, shown at 100 CSS pixels each: letters are then as large as those of the page around it.
WIDTH: Final = 5.8

#: Points of the smallest letters: nine CSS pixels on a phone of 390.
SMALL: Final = 10.5

_GID: Final = "value label"
_PAD: Final = 5  # points between a bar's end and its label
_LINE: Final = 12  # Chinese characters of a row's name in one line
_BAR: Final = 0.42  # inches of height that a bar and its gap take
_FRAME: Final = 1.5  # inches for title, axis and source


@cache
def _register_fonts() -> None:
    for style in ("Regular", "Bold"):
        with as_file(files("qy_finance") / "fonts" / f"NotoSansSC-{style}.ttf") as path:
            font_manager.fontManager.addfont(path)


def apply() -> None:
    """Make the look the default of everything that is drawn from now on."""
    _register_fonts()
    sns.set_theme(style="white", palette=PALETTE)
    # after set_theme, which resets the font
    rcParams.update(
        {
            "font.family": [FONT],
            "font.size": 12,
            "axes.labelsize": 11,
            "axes.labelcolor": SOFT,
            "axes.edgecolor": MUTED,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.unicode_minus": False,
            "text.color": INK,
            # a $ in the name of an account is a $
            "text.parse_math": False,
            "xtick.color": SOFT,
            "ytick.color": INK,
            "xtick.labelsize": 11,
            "ytick.labelsize": 11,
            "legend.frameon": False,
            "legend.fontsize": 11,
            "savefig.facecolor": "white",
        }
    )


def canvas(rows: float) -> tuple[Figure, Axes]:
    """Empty figure that is high enough for ``rows`` horizontal bars, and its axes.

    The figure is not known to pyplot: it is shown by :func:`qy_finance.display.show` alone.
    """
    apply()
    figure = Figure(figsize=(WIDTH, _FRAME + _BAR * max(rows, 1)), layout="constrained")
    return figure, figure.subplots()


def money_axis(ax: Axes, unit: str, axis: Literal["x", "y"] = "x") -> None:
    """Ticks with thousands separators, and the unit of money (万元, 元) as label."""
    _value_axis(
        ax, axis, f"单位：{unit}", lambda value, _: decimals(value, 0 if value == int(value) else 2)
    )


def percent_axis(ax: Axes, axis: Literal["x", "y"] = "x") -> None:
    """Ticks in percent; the values are percentages (25 is 25 %)."""
    _value_axis(ax, axis, "单位：%", lambda value, _: f"{value:g}%")


def count_axis(ax: Axes, unit: str, axis: Literal["x", "y"] = "x") -> None:
    """Ticks with thousands separators, and the unit of what is counted as label."""
    _value_axis(ax, axis, f"单位：{unit}", lambda value, _: f"{value:,g}")


def _value_axis(ax: Axes, axis: Literal["x", "y"], label: str, tick: object) -> None:
    values, names = (ax.xaxis, ax.yaxis) if axis == "x" else (ax.yaxis, ax.xaxis)
    values.set_major_locator(MaxNLocator(nbins=4))
    values.set_major_formatter(FuncFormatter(tick))  # type: ignore[arg-type]
    if axis == "x":
        ax.set_xlabel(label, loc="right")
    else:
        ax.set_ylabel(label, loc="top")
    names.set_label_text("")
    names.set_tick_params(length=0)
    ax.grid(visible=True, axis=axis, color=MUTED, linewidth=0.6)
    ax.set_axisbelow(True)


def label_bars(ax: Axes, labels: Sequence[str]) -> list[Text]:
    """Write a label at the end of each horizontal bar, in the order of the bars.

    A bar of a negative value has its label on the left. :func:`finish` widens the axis until all fit.
    """
    bars = [bar for container in ax.containers for bar in container]
    ends = [bar.get_x() + bar.get_width() for bar in bars]
    return label_at(ax, ends, [bar.get_y() + bar.get_height() / 2 for bar in bars], labels)


def label_at(
    ax: Axes, ends: Sequence[float], heights: Sequence[float], labels: Sequence[str]
) -> list[Text]:
    """Write a label right of each point, left of those that are negative; see :func:`label_bars`."""
    return [
        ax.annotate(
            label,
            (end, height),
            xytext=(-_PAD if end < 0 else _PAD, 0),
            textcoords="offset points",
            ha="right" if end < 0 else "left",
            va="center",
            fontsize=11,
            gid=_GID,
        )
        for end, height, label in zip(ends, heights, labels, strict=True)
    ]


def name_rows(ax: Axes, names: Sequence[str]) -> None:
    """Names of the rows, first at the top; long ones in two lines, very long ones cut."""
    ax.set_yticks(range(len(names)), [two_lines(name) for name in names])


def two_lines(name: str, most: int = _LINE) -> str:
    """A name with at most so many letters in a line; one that is too long for two lines is cut."""
    if len(name) <= most:
        return name
    cut = shortened(name, 2 * most)
    bracket = cut.find("（")
    fits = len(cut) - most <= bracket <= most
    half = bracket if bracket > 0 and fits else (len(cut) + 1) // 2
    return f"{cut[:half]}\n{cut[half:]}"


def shortened(name: str, most: int) -> str:
    """A name of at most so many letters; of a longer one the rest is …."""
    return name if len(name) <= most else f"{name[: most - 1]}…"


def key(ax: Axes, entries: Sequence[tuple[str, str]]) -> None:
    """Small legend above the axes: pairs of colour and name, in the order of the marks."""
    marks = [Patch(color=colour, label=name) for colour, name in entries]
    ax.legend(
        handles=marks, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(marks), borderaxespad=0.2,
        handlelength=1, handleheight=1, columnspacing=1.5,
    )  # fmt: skip


def finish(ax: Axes, title: str, source: str) -> Figure:
    """Title on the left, where the figures come from below, and room for the labels.

    Parameters
    ----------
    ax : Axes
        Axes of the figure.
    title : str
        What the figure shows, in one line of at most some 28 Chinese characters.
    source : str
        Table or section of the report, for instance ``表：支出决算表``.
    """
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold", color=INK)
    figure.supxlabel(source, x=0.01, ha="left", fontsize=SMALL, color=SOFT)
    _lay_out(figure, ax)
    return figure


def _lay_out(figure: Figure, ax: Axes) -> None:
    """Place everything once, and widen the value axis of horizontal bars until each label ends inside.

    The layout is kept: computing it anew whenever the figure is drawn would take most of the time.
    """
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.execute(figure)
    _make_room(ax)
    engine.execute(figure)  # other ticks may have come in
    _make_room(ax)
    figure.set_layout_engine("none")


def _make_room(ax: Axes) -> None:
    frame = ax.get_window_extent()
    for _ in range(4):  # a wider axis moves the ends of the bars, and the labels with them
        low, high = ax.get_xlim()
        boxes = [text.get_window_extent() for text in ax.texts if text.get_gid() == _GID]
        beyond = max((box.x1 - frame.x1 for box in boxes), default=0.0)
        before = max((frame.x0 - box.x0 for box in boxes), default=0.0) if low < 0 else 0.0
        if beyond <= 0 and before <= 0:
            break
        beyond, before = max(beyond, 0) + 4, max(before, 0)
        scale = (high - low) / max(frame.width - beyond - before, frame.width / 4)
        ax.set_xlim(low - before * scale, high + beyond * scale)


def told_apart(names: Sequence[str], limit: int) -> list[str]:
    """Names of at most ``limit`` characters, long ones with … in the middle; different names stay different."""
    made = {name: _cut(name, limit) for name in names}
    taken: dict[str, list[str]] = {}
    for name, cut in made.items():
        taken.setdefault(cut, []).append(name)
    for same in taken.values():
        for number, name in enumerate(same, start=1):
            if len(same) > 1:
                made[name] = f"{_cut(name, limit - 3)}（{number}）"
    return [made[name] for name in names]


def _cut(name: str, limit: int) -> str:
    if len(name) <= limit:
        return name
    tail = limit // 3
    return f"{name[: limit - tail - 1]}…{name[-tail:]}"
