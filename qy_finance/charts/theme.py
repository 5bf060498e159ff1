"""The one look of all figures: Chinese font, axes with units, labels at the marks.

A figure starts with :func:`canvas` or :func:`rows` and ends with :func:`finish`; :func:`mark` says which number a bar,
a point or a label stands for. A function under :func:`chart` is drawn a second time for a phone: narrower, the names of
rows above their bars (:func:`is_narrow`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from functools import cache, wraps
from importlib.resources import as_file, files
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import seaborn as sns
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.layout_engine import TightLayoutEngine
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from qy_finance.display import decimals, shortened
from qy_finance.facts import Fact
from qy_finance.language import CHINESE, is_english, plain
from qy_finance.palette import INK, MUTED, PALETTE, PRIMARY, SOFT
from qy_finance.svg import FONT, HALO, Chart, ChartMark

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.text import Text

P = ParamSpec("P")

#: Inches, shown at 100 CSS pixels each: letters are then as large as those of the page around it.
WIDTH: Final = 5.8

#: The same on a phone, which shows it as wide as its column of text.
NARROW: Final = 4.3

#: Points of the smallest letters: eleven CSS pixels on a phone of 360.
SMALL: Final = 10.5

EDGE: Final = 0.25
"""Around what is in a figure, as a part of the size of its letters."""

_LETTER: Final = 12  # points of a letter
_AT_END: Final = "_at end"  # no entry of a legend
DOT: Final = 6
"""Points from the middle of a dot to its label."""

_PAD: Final = 5  # points between a bar's end and its label
_LINE: Final = 12  # Chinese characters of a row's name in one line
_BAR: Final = 0.42  # inches of height that a bar and its gap take
_NAMED_BAR: Final = 0.56  # with its name above it
_THIN: Final = 0.55  # of the thickness of a bar that has its name above it
_FRAME: Final = 1.5  # inches for title, axis and source
_LATIN: Final = 0.6  # of the width of a Chinese letter
_SIGN: Final = re.compile("[，；：]")
_WORD: Final = re.compile("(?:[!-~−]+ ?|.)[，。；：、）”]*")
_LOOK: Final[dict[str, Any]] = {
    "font.family": [FONT], "font.size": _LETTER, "axes.labelsize": 11, "axes.labelcolor": SOFT, "axes.edgecolor": MUTED,
    "axes.spines.top": False, "axes.spines.right": False, "axes.unicode_minus": False, "text.color": INK,
    "text.parse_math": False,  # a $ in the name of an account is a $
    "text.hinting": "none",  # letters are as wide as in the drawing, which has no pixels
    "xtick.color": SOFT, "ytick.color": INK, "xtick.labelsize": 11, "ytick.labelsize": 11,
    "legend.frameon": False, "legend.fontsize": 11, "savefig.facecolor": "white",
}  # fmt: skip


@cache
def _register_fonts() -> None:
    for style in ("Regular", "Bold"):
        with as_file(files("qy_finance") / "fonts" / f"NotoSansSC-{style}.ttf") as path:
            font_manager.fontManager.addfont(path)


_narrow: ContextVar[bool] = ContextVar("narrow", default=False)


def chart(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """A function that draws a figure, which is drawn again for a phone when it is shown."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        figure = draw(*args, **kwargs)

        def again() -> Figure:
            before = _narrow.set(True)
            try:
                return draw(*args, **kwargs)
            finally:
                _narrow.reset(before)

        if isinstance(figure, Chart):
            figure.narrow = again
        return figure

    return drawn


def is_narrow() -> bool:
    """Whether the figure is drawn for a phone."""
    return _narrow.get()


def width() -> float:
    """How wide a figure is, in inches."""
    return NARROW if is_narrow() else WIDTH


def thickness(part: float) -> float:
    """How thick a bar is, as a part of its row: on a phone its name stands in the row too."""
    return part * _THIN if is_narrow() else part


def canvas(height: float, width: float | None = None, **grid: Any) -> Chart:
    """Empty figure of a size in inches; ``grid`` are the arguments of :meth:`Figure.subplots`.

    The figure is not known to pyplot: it is shown by :func:`qy_finance.display.show` alone.
    """
    _register_fonts()
    sns.set_theme(style="white", palette=PALETTE, rc=_LOOK)
    size = (NARROW if is_narrow() else WIDTH) if width is None else width
    figure = Chart(figsize=(size, height), layout=TightLayoutEngine(pad=EDGE))
    FigureCanvasAgg(
        figure
    )  # keeps what it measures letters by; without one it is made anew each time
    figure.subplots(**grid)
    return figure


def rows(names: Sequence[str], bars: float | None = None) -> Axes:
    """Axes with a row for each name, the first at the top; long names are in two lines, very long ones cut.

    The figure has room for as many horizontal bars as there are names, or for ``bars``.
    """
    names = [plain(name) for name in names]
    if not is_narrow():
        (ax,) = canvas(_FRAME + _BAR * max(len(names) if bars is None else bars, 1)).axes
        ax.set_yticks(range(len(names)), [two_lines(name) for name in names])
        ax.set_ylim(len(names) - 0.5, -0.5)
        return ax
    (ax,) = canvas(_FRAME + _NAMED_BAR * max(len(names), 1)).axes
    ax.set_yticks(range(len(names)), [""] * len(names))
    ax.set_ylim(len(names) - 0.6, -0.6)
    most = 2 * _LINE if not is_english() else 4 * _LINE
    for at, name in enumerate(names):
        named = ax.annotate(
            shortened(" ".join(name.split("\n")), most), (0, at - thickness(0.35)), (0, 1.5),
            xycoords=ax.get_yaxis_transform(), textcoords="offset points", va="bottom", fontsize=11, in_layout=False,
        )  # fmt: skip
        halo(named)
    return ax


def fit_rows(ax: Axes) -> None:
    """Leave no room above the first bar and below the last, but that of a name."""
    if not is_narrow():
        ax.autoscale(axis="y")


def value_axis(ax: Axes, label: str, *, percent: bool = False) -> None:
    """Ticks with thousands separators, or in percent (25 is 25 %), and a label that tells the unit."""

    def tick(value: float, _: int) -> str:
        return f"{value:g}%" if percent else decimals(value, 0 if value == int(value) else 2)

    ax.xaxis.set_major_locator(MaxNLocator(nbins=4))
    ax.xaxis.set_major_formatter(FuncFormatter(tick))
    ax.set_xlabel(label, loc="right")
    ax.yaxis.set_tick_params(length=0)
    ax.grid(visible=True, axis="x", color=MUTED, linewidth=0.6)
    ax.set_axisbelow(True)


def label_ends(
    ax: Axes,
    ends: Sequence[float],
    labels: Sequence[str],
    heights: Sequence[float] | None = None,
    beyond: float = 0,
) -> list[Text]:
    """Write a label right of the end of each row, or of the points at ``heights``; left of those that are negative.

    It is ``beyond`` points farther away where a dot is at the end. :func:`finish` widens the axis until all fit.
    """
    pad = _PAD + beyond
    return [
        ax.annotate(
            label, (end, height), xytext=(-pad if end < 0 else pad, 0), textcoords="offset points",
            ha="right" if end < 0 else "left", va="center", fontsize=11, label=_AT_END, in_layout=False,
        )
        for end, height, label in zip(ends, heights or range(len(ends)), labels, strict=True)
    ]  # fmt: skip


def between(
    ax: Axes,
    then: Sequence[float],
    now: Sequence[float],
    kinds: tuple[str, str],
    labels: Sequence[str],
) -> tuple[Collection, Collection, Collection, list[Text]]:
    """In each row a line from a hollow dot (``then``) to a full one (``now``), and its label.

    ``kinds`` is what the key says of the dots. Gives the lines, the hollow dots, the full ones and the labels.
    """
    at = range(len(now))
    look: dict[str, Any] = {"edgecolor": PRIMARY, "clip_on": False}
    lines = ax.hlines(at, then, now, color=MUTED, linewidth=5, zorder=1, clip_on=False)
    hollow = ax.scatter(then, at, 90, "white", linewidth=2, label=kinds[0], **look)
    full = ax.scatter(now, at, 45, PRIMARY, linewidth=0.536656, label=kinds[1], **look)
    ax.tick_params(axis="y", pad=9)  # a mark at 0 reaches beyond the axis
    ax.set_xlim(left=min(0, *now, *then))
    labelled = label_ends(ax, list(map(max, now, then)), labels, beyond=DOT)
    return lines, hollow, full, labelled


def mark(
    ax: Axes,
    kind: str | Sequence[str],
    names: Sequence[str],
    numbers: Sequence[object],
    *artists: Iterable[Artist | None] | Collection,
    places: int = 2,
    listed: bool = True,
) -> None:
    """Say which numbers the marks of a row of figures stand for: each leads to its sources, and is told in words.

    Parameters
    ----------
    ax : Axes
        Where they are drawn.
    kind : str or sequence of str
        What the numbers are, or each of them, with their unit: 决算（万元）.
    names : sequence of str
        What each is about.
    numbers : sequence
        :class:`~qy_finance.numbers.Number` or :class:`~qy_finance.facts.Fact`, for each name one; a text is shown as it
        is and leads nowhere, None marks nothing.
    *artists
        Each has a mark for each name: bars, labels, a list of lines, or a collection of points.
    places : int
        Decimals.
    listed : bool
        Whether they are told among the values of the figure, and reached by keyboard; one of hundreds is not.
    """  # fmt: skip
    figure = ax.get_figure()
    assert isinstance(figure, Chart)
    addresses: list[str | None] = []
    kinds = [kind] * len(names) if isinstance(kind, str) else kind
    for name, of, number in zip(names, kinds, numbers, strict=True):
        addresses.append(None if number is None else f"#{len(figure.marks)}")
        if number is not None:
            told = plain(" ".join(name.split()))
            figure.marks.append(ChartMark(told, plain(of), _text(number, places), number, listed))
    for several in artists:
        if isinstance(several, Collection):
            several.set_urls(addresses)
        else:
            for one, address in zip(several, addresses, strict=True):
                if one is not None:
                    one.set_url(address)


def _text(number: object, places: int) -> str:
    if isinstance(number, Fact):
        return number.with_unit
    return number if isinstance(number, str) else decimals(number, places)


def halo(text: Text) -> None:
    """A white seam around a text that is drawn over other things."""
    text.set_gid(HALO)


def two_lines(name: str, most: int = _LINE) -> str:
    """A name with at most so many letters in a line; one that is too long for two lines is cut."""
    if len(name) <= most or "\n" in name:
        return name
    if is_english() and not CHINESE.search(name):  # two letters are as wide as one character
        return "\n".join(wrap(name, 2 * most, max_lines=2, placeholder=" …"))
    cut = shortened(name, 2 * most)
    bracket = cut.find("（")
    fits = len(cut) - most <= bracket <= most
    half = bracket if bracket > 0 and fits else (len(cut) + 1) // 2
    return f"{cut[:half]}\n{cut[half:]}"


def lines(text: str, most: float) -> str:
    """A text in as few lines as it needs, of about one length and of at most ``most`` Chinese letters each.

    A number stays whole, and no line begins with a sign.
    """
    if is_english():
        return "\n".join(wrap(text, int(most / _LATIN)))
    words = _WORD.findall(text)
    count = len(_filled(words, most))
    if count == 2:  # behind a sign, if both lines have room
        halves = [text[: sign.end()] for sign in _SIGN.finditer(text)]
        fitting = [one for one in halves if _breadth(one) <= most >= _breadth(text[len(one) :])]
        if fitting:
            first = min(fitting, key=lambda one: max(_breadth(one), _breadth(text[len(one) :])))
            return f"{first}\n{text[len(first) :].strip()}"
    even = sum(map(_breadth, words)) / count
    return "\n".join(
        next(
            made
            for room in (even + 1, even + 2, even + 3, most)
            if len(made := _filled(words, min(room, most))) == count
        )
    )


def _filled(words: Iterable[str], most: float) -> list[str]:
    made = [""]
    for word in words:
        if made[-1] and _breadth(made[-1]) + _breadth(word) > most:
            made.append("")
        made[-1] += word if made[-1] else word.lstrip()
    return made


def _breadth(text: str) -> float:
    return sum(_LATIN if letter.isascii() else 1 for letter in text)


def told_apart(names: Sequence[str], most: int) -> list[str]:
    """Names of at most ``most`` letters, long ones with … in the middle; different names stay different."""
    made = {name: shortened(name, most, most // 3) for name in names}
    for cut, count in Counter(made.values()).items():
        same = [name for name in made if made[name] == cut] if count > 1 else []
        for number, name in enumerate(same, start=1):
            made[name] = f"{shortened(name, most - 3, most // 3 - 1)}（{number}）"
    return [made[name] for name in names]


def key(ax: Axes, handles: Sequence[Any] | None = None, **look: Any) -> None:
    """Small legend above the axes, of these marks or of all that have a name; ``look`` as for :meth:`Axes.legend`."""
    ncols = len(handles) if handles else 2
    ncols = min(ncols, 3) if is_narrow() else ncols
    look = {"bbox_to_anchor": (0, 1), "borderaxespad": 0.2, "ncols": ncols} | look
    ax.legend(handles=handles, loc="lower left", **look)


def colour_key(ax: Axes, colours: dict[str, str]) -> None:
    """Legend of colours by name, in the order of the marks."""
    marks = [Patch(color=colour, label=name) for name, colour in colours.items()]
    key(ax, marks, handlelength=1, handleheight=1, columnspacing=1.5)


def finish(ax: Axes, title: str, source: str) -> Figure:
    """Title on the left, where the figures come from below, and room for the labels.

    ``title`` says what the figure shows, in one line of at most some 28 Chinese characters, in English in as many lines
    as it needs; ``source`` names a table or section of the report, for instance ``表：支出决算表``. The layout is kept:
    computing it anew whenever the figure is drawn would take most of the time.
    """
    figure = ax.get_figure()
    assert isinstance(figure, Chart)
    figure.title, figure.source = title, source
    if is_narrow() or is_english():
        room = 72 * (figure.get_figwidth() - 0.1)
        title, source = lines(title, room / 13), lines(source, room / SMALL)
    edge = EDGE * _LETTER / 72 / figure.get_figheight()
    look: dict[str, Any] = {"x": 0.01, "ha": "left"}
    figure.suptitle(title, y=1 - edge, fontsize=13, fontweight="bold", color=INK, **look)
    figure.supxlabel(source, y=edge, fontsize=SMALL, color=SOFT, **look)
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.execute(figure)
    if _make_room(ax):  # other ticks may have come in
        engine.execute(figure)
        _make_room(ax)
    figure.set_layout_engine("none")
    return figure


def _make_room(ax: Axes) -> bool:
    """Widen the axis of values until each label ends inside; returns whether it had to be."""
    frame, usual = ax.get_window_extent(), ax.get_xlim()
    for _ in range(4):  # a wider axis moves the ends of the bars, and the labels with them
        low, high = ax.get_xlim()
        boxes = [text.get_window_extent() for text in ax.texts if text.get_label() == _AT_END]
        beyond = max((box.x1 - frame.x1 for box in boxes), default=0.0)
        before = max((frame.x0 - box.x0 for box in boxes), default=0.0) if low < 0 else 0.0
        if beyond <= 0 and before <= 0:
            break
        beyond, before = max(beyond, 0) + 4, max(before, 0)
        scale = (high - low) / max(frame.width - beyond - before, frame.width / 4)
        ax.set_xlim(low - before * scale, high + beyond * scale)
    return ax.get_xlim() != usual
