"""Figures as SVG: the same bytes on every run, few of them, and marks that say which number they stand for.

Text stays text, so that it can be read aloud, found and copied. What a mark of a figure stands for is told by its
address: ``#3`` is the fourth of :attr:`Chart.marks`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lxml import etree
from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font
from matplotlib.ft2font import LoadFlags

from qy_finance.language import plain

if TYPE_CHECKING:
    from lxml.etree import _Element

FONT: Final = "Noto Sans SC GBK"
"""The font of our figures, by which they are laid out."""

HALO: Final = "halo"
"""The gid of a text that is drawn over others: it gets a white seam."""

FONTS: Final = (
    "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC','QY Sans',sans-serif"
)
"""What letters are set in: those of the pages."""

_SVG: Final = "{http://www.w3.org/2000/svg}"
_LINK: Final = "{http://www.w3.org/1999/xlink}href"
_PLACES: Final = 2  # of a coordinate in points
_STYLES: Final = ("Regular", "Bold")
_SIZE: Final = re.compile(r"font-size: ([\d.]+)px")
_LONG: Final = re.compile(r"-?\d+\.\d{2,}(?:e-?\d+)?|-?\d+\.\d+e-?\d+")
_SPACES: Final = re.compile(r"(?<=[:;,])\s+")
_BETWEEN: Final = re.compile(r"(?<=[A-Zz])\s+|\s+(?=[A-Zz])")
_BOX: Final = re.compile(r"M([\d.-]+) ([\d.-]+)L([\d.-]+) \2L\3 ([\d.-]+)L\1 \4(?:L\1 \2)?(?:z|$)")
_REFERENCE: Final = re.compile(r"#([\w-]+)")
_REFERRING: Final = ("href", "clip-path", "style", "fill")
_UPRIGHT: Final = re.compile(r"rotate\(-?0\b.*\)")
_SEAM: Final = "paint-order:stroke;stroke:#fff;stroke-width:2.5px"
#: What need not be said: it is so in any case, or the root says it for all.
_PLAIN: Final = re.compile(
    r"font-family:[^;]*;?|text-anchor:start;?|stroke-linejoin:round;?|stroke-linecap:butt;?"
)


class ChartMark(NamedTuple):
    """What a bar, a point or a label stands for.

    Attributes
    ----------
    name, kind : str
        Its row and its column in the values of the figure: 公务接待费, 决算.
    text : str
        The value as it is shown.
    number : object
        A number that knows its sources, or a figure of the report; anything else leads nowhere.
    listed : bool
        Whether it is told among the values of the figure, and reached by keyboard.
    """

    name: str
    kind: str
    text: str
    number: object
    listed: bool = True


class Chart(Figure):
    """A figure that says which numbers its marks stand for, and how it is drawn for a phone.

    Attributes
    ----------
    marks : list of ChartMark
        What has an address of its own in it.
    title, source : str
        What it says, and where its figures come from.
    narrow : callable, optional
        Gives the same figure as it is drawn for a phone.
    """

    def __init__(self, **look: Any) -> None:
        super().__init__(**look)
        self.marks: list[ChartMark] = []
        self.title = self.source = ""
        self.narrow: Callable[[], Figure] | None = None

    def values(self) -> list[list[str]]:
        """The values that it shows, as rows of a table under a header; a name that has none of a kind has ``""``."""
        listed = [mark for mark in self.marks if mark.listed]
        kinds = list(dict.fromkeys(mark.kind for mark in listed))
        rows: dict[str, dict[str, str]] = {}
        for mark in listed:
            rows.setdefault(mark.name, {})[mark.kind] = mark.text
        told = [[name, *(row.get(kind, "") for kind in kinds)] for name, row in rows.items()]
        return [[plain("名称"), *kinds], *told] if told else []


def drawing(
    figure: Figure,
    label: str,
    marks: Sequence[Mapping[str, str]] = (),
    told: str = "",
    reports: str = "",
) -> str:
    """A figure as SVG, 100 CSS pixels for an inch.

    ``label`` and ``told`` are for who does not see it: what it is, and what it says. Of ``marks`` each has the
    attributes of its link; ``title`` is shown where the mouse rests. ``reports`` are those that marks lead to, which
    they name by their number.
    """
    file = io.BytesIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "qy_finance"}):
        empty = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        # saving it would draw it twice, the first time for a layout that it has
        canvas, dots = figure.canvas, figure.dpi
        try:
            FigureCanvasSVG(figure).print_svg(file, metadata=empty)  # type: ignore[no-untyped-call]
        finally:  # the figure may be somebody's own
            figure.dpi = dots
            figure.set_canvas(canvas)
    root = etree.fromstring(file.getvalue(), etree.XMLParser(remove_comments=True, huge_tree=True))
    _measure(root)
    _shorten(root)
    _link(root, marks)
    width, height = (round(100 * side) for side in figure.get_size_inches())
    root.set("width", str(width))
    root.set("height", str(height))
    if reports:
        root.set("data-reports", reports)
    root.set("role", "group")
    root.set("aria-label", label)
    root.set("font-family", FONTS)
    root.set("stroke-linejoin", "round")
    if told:
        description = etree.Element(f"{_SVG}desc")
        description.text = told
        root.insert(0, description)
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _measure(root: _Element) -> None:
    """Text keeps the length that it was given room for, whatever letters the reader has.

    Chinese ones are as wide in every font; what has others says how long it is.
    """
    for text in root.iter(f"{_SVG}text"):
        said, style = str(text.text), text.get("style", "")
        size = _SIZE.search(style)
        if FONT in style and size and any(letter.isascii() for letter in said):
            bold = "font-weight: 700" in style
            length = float(size[1]) * sum(_advance(letter, bold) for letter in said)
            text.set("textLength", f"{length:.1f}")
            text.set("lengthAdjust", "spacingAndGlyphs")


@cache
def _advance(letter: str, bold: bool) -> float:
    """How wide a letter of our font is, as a part of its size."""
    with as_file(files("qy_finance") / "fonts" / f"NotoSansSC-{_STYLES[bold]}.ttf") as path:
        font = get_font(str(path))
    font.set_size(100, 72)
    glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 6_553_600


def _shorten(root: _Element) -> None:
    """Leave out what a reader does not see: the generator's names, digits behind a hundredth, groups of nothing."""
    for part in root.findall(f"{_SVG}defs"):
        if part.find(f"{_SVG}style") is not None:
            root.remove(part)
    del root.attrib["version"]
    for tag in root.iter():
        tag.tail = None
        if tag.tag == f"{_SVG}text":
            if tag.text != " ".join(str(tag.text).split()):
                tag.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        else:
            tag.text = None
        if tag.get("id") == HALO:
            for text in tag.iter(f"{_SVG}text"):
                text.set("style", f"{text.get('style', '')};{_SEAM}")
        _shorten_attributes(tag)
    _rename(root)
    for group in list(root.iter(f"{_SVG}g")):
        parent = group.getparent()
        if parent is not None and not group.attrib:
            at = parent.index(group)
            parent[at : at + 1] = _of_one_look(list(group))


def _of_one_look(drawn: list[_Element]) -> list[_Element]:
    """Marks that look alike, in a group that says how."""
    looks = [list(tag.iter(f"{_SVG}path", f"{_SVG}use")) for tag in drawn]
    styles = {one.get("style", "") for some in looks for one in some}
    if len(drawn) < 3 or len(styles) != 1 or not all(looks) or "opacity" in str(styles):
        return drawn
    group = etree.Element(f"{_SVG}g", style=styles.pop())
    group.extend(drawn)
    for some in looks:
        for one in some:
            del one.attrib["style"]
    return [group]


def _shorten_attributes(tag: _Element) -> None:
    if _UPRIGHT.fullmatch(tag.get("transform", "")):
        del tag.attrib["transform"]
    if _LINK in tag.attrib:
        tag.set("href", tag.attrib.pop(_LINK))
    for name in ("d", "style", "x", "y", "width", "height", "transform"):
        if name in tag.attrib:
            tag.set(name, _LONG.sub(_rounded, tag.attrib[name]))
    if "d" in tag.attrib:
        tag.set("d", _BOX.sub(_box, _BETWEEN.sub("", tag.attrib["d"]).strip()))
    if "style" in tag.attrib:
        style = _PLAIN.sub("", _SPACES.sub("", tag.attrib["style"])).strip(";")
        tag.set("style", style)


def _box(path: re.Match[str]) -> str:
    """A rectangle, by its sides."""
    x, y, right, bottom = path.groups()
    across, down = (_rounded_off(float(b) - float(a)) for a, b in ((x, right), (y, bottom)))
    return f"M{x} {y}h{across}v{down}h{_rounded_off(float(x) - float(right))}z"


def _rounded(number: re.Match[str]) -> str:
    return _rounded_off(float(number[0]))


def _rounded_off(number: float) -> str:
    return f"{round(number, _PLACES) + 0:.{_PLACES}f}".rstrip("0").rstrip(".")


def _rename(root: _Element) -> None:
    """Ids are those that something refers to, numbered in the order in which they come."""
    own = {tag.attrib.pop("id"): tag for tag in root.iter() if "id" in tag.attrib}
    places = [(tag, name) for tag in root.iter() for name in _REFERRING if "#" in tag.get(name, "")]
    named = {one for tag, name in places for one in _REFERENCE.findall(tag.get(name, ""))}
    names = {one: f"i{at}" for at, one in enumerate(one for one in own if one in named)}
    for one, name in names.items():
        own[one].set("id", name)
    for tag, name in places:
        tag.set(name, _REFERENCE.sub(lambda of: f"#{names.get(of[1], of[1])}", tag.attrib[name]))


def _link(root: _Element, marks: Sequence[Mapping[str, str]]) -> None:
    """Give each link of a mark its attributes.

    What stands for a figure twice, as bar and as label, is one stop for who goes by keyboard: the last, which is the
    label.
    """
    links = list(root.iter(f"{_SVG}a"))
    last = {link.get("href"): link for link in links}
    for link in links:
        address = str(link.attrib.pop("href"))
        link.attrib.pop("target", None)
        attributes = dict(marks[int(address.removeprefix("#"))])
        title = etree.Element(f"{_SVG}title")
        title.text = attributes.pop("title")
        for name, value in attributes.items():
            link.set(name, value)
        link.insert(0, title)
        if attributes.get("tabindex"):
            continue
        if last[address] is not link:
            link.set("tabindex", "-1")
            link.set("aria-hidden", "true")
        elif not attributes:  # it leads nowhere, but has a value to tell
            link.set("tabindex", "0")
            link.set("role", "img")
            link.set("aria-label", title.text)
