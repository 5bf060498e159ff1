"""Charts as part of a page: a picture in its output becomes markup, so that its marks are links of the page.

A drawing has a thousand parts; it is a tree of its own until the page is written.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from qy_finance.language import CHINESE
from qy_finance.publish.sealing import sealed

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from lxml.etree import _Element

_DRAWN: Final = re.compile(r"data:image/svg\+xml;base64,")
_REFERENCE: Final = re.compile(r"#([\w-]+)")
_REFERRING: Final = ("href", "clip-path", "style", "fill")
_SVG: Final = "http://www.w3.org/2000/svg"
_SPACES: Final = "{http://www.w3.org/XML/1998/namespace}space"
#: Attributes that have capitals. HTML does not tell capitals from small letters: a HREF would be an address there.
_CASED: Final = {
    _SPACES, "viewBox", "preserveAspectRatio", "clipPathUnits", "patternUnits", "patternContentUnits",
    "patternTransform", "textLength", "lengthAdjust", "pathLength",
}  # fmt: skip
#: What has words alone in it: whatever else stands there, HTML takes for elements of its own.
_WORDS: Final = (f"{{{_SVG}}}title", f"{{{_SVG}}}desc")

#: What a drawing is made of. Nothing else of one comes into a page.
_PARTS: Final = {
    f"{{{_SVG}}}{name}"
    for name in (
        "svg", "g", "a", "path", "use", "rect", "circle", "line", "text", "tspan", "title", "desc", "defs",
        "clipPath", "pattern", "image",
    )
}  # fmt: skip


class Drawings:
    """The drawings of a page, by the element in which each stands."""

    def __init__(self) -> None:
        self._drawn: dict[int, tuple[Tag, list[_Element]]] = {}

    def add(self, figure: Tag, drawings: list[_Element]) -> None:
        """Take in what stands in an element of the page."""
        self._drawn[id(figure)] = figure, drawings

    def links(self, figure: Tag) -> Iterator[Any]:
        """The attributes of each link of the drawings in an element, if any are in it."""
        for drawing in self._drawn.get(id(figure), (None, ()))[1]:
            for link in drawing.iter(f"{{{_SVG}}}a"):
                yield link.attrib

    @property
    def ids(self) -> set[str]:
        """The ids of all their parts."""
        every = (
            part.get("id")
            for _, some in self._drawn.values()
            for one in some
            for part in one.iter()
        )
        return {one for one in every if one}

    def mark_chinese(self) -> None:
        """Mark what is said in Chinese: a drawing has names as they are, also in an English page."""
        for _, some in self._drawn.values():
            for part in (part for one in some for part in one.iter()):
                said = f"{part.text or ''}{''.join(one.tail or '' for one in part)}"
                if CHINESE.search(f"{said}{part.get('aria-label', '')}"):
                    part.set("lang", "zh")

    def put(self) -> None:
        """Write them into the page."""
        from bs4.element import PreformattedString

        for figure, some in self._drawn.values():
            for drawing in some:
                written = str(etree.tostring(drawing, encoding="unicode"))
                figure.append(PreformattedString(written.replace(f' xmlns="{_SVG}"', "", 1)))


def inline_charts(soup: BeautifulSoup, main: Tag) -> Drawings:
    """Make room for the drawings of each chart (:func:`qy_finance.display.show`); their ids become the page's own."""
    found = Drawings()
    for number, image in enumerate(main.find_all("img", class_="chart", src=_DRAWN), start=1):
        picture = image.parent if image.parent and image.parent.name == "picture" else image
        if picture.parent is None:
            continue  # another image of the same picture has been drawn
        addresses = {"wide": str(image["src"])}
        if (source := picture.find("source", srcset=_DRAWN)) is not None:
            addresses["narrow"] = str(source["srcset"])
        kinds = {kind: _drawing(data, f"c{number}{kind[0]}-") for kind, data in addresses.items()}
        made = {kind: drawing for kind, drawing in kinds.items() if drawing is not None}
        for kind, drawing in made.items():
            drawing.set("class", kind if len(made) > 1 else "only")
        if made:
            look = image.get_attribute_list("class")
            figure = soup.new_tag("figure", attrs={"class": " ".join(map(str, look))})
            picture.replace_with(figure)
            found.add(figure, list(made.values()))
    return found


def _drawing(address: str, prefix: str) -> _Element | None:
    """The drawing at an address; None where there is none to be read."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    try:
        svg = etree.fromstring(base64.b64decode(address.partition(",")[2], validate=True), parser)
    except (ValueError, etree.XMLSyntaxError):
        return None
    if svg.tag != f"{{{_SVG}}}svg" or next(svg.iter(etree.Entity), None) is not None:
        return None  # nobody knows what an entity says
    within = (part for words in svg.iter(*_WORDS) for part in words)
    for part in [*(part for part in svg.iter() if part.tag not in _PARTS), *within]:
        _remove(part)
    if any(part.prefix for part in svg.iter()):
        return None  # HTML knows no names of spaces
    _make_own(svg, prefix)
    return svg


def _make_own(svg: _Element, prefix: str) -> None:
    """Make ids and references the page's own, leave out what runs or leads out of it, and name the reports."""
    named = str(svg.attrib.pop("data-reports", "")).split()
    reports = {str(at): report for at, report in enumerate(named)}
    ids: dict[str | None, str] = {}
    for part in svg.iter():
        if (own := part.get("id")) in ids:
            del part.attrib["id"]
        elif own is not None:
            ids[own] = f"{prefix}{own}"
    for part in svg.iter():
        for name in [name for name in part.attrib if name not in _CASED]:
            if name[0] == "{" or not name.islower():  # of other kinds of documents, or of none
                del part.attrib[name]
        sealed(part.attrib)
        if "id" in part.attrib:
            part.set("id", ids[part.get("id")])
        for name in _REFERRING:
            if "#" in part.get(name, ""):
                part.set(
                    name,
                    _REFERENCE.sub(
                        lambda one: f"#{ids.get(one[1], one[1])}",
                        part.get(name, ""),
                    ),
                )
        if "data-at" in part.attrib:
            places = (place.partition("#") for place in part.get("data-at", "").split())
            known = ((reports[at], rest) for at, _, rest in places if at in reports)
            part.set("data-at", " ".join(f"{report}#{rest}" for report, rest in known))


def _remove(part: _Element) -> None:
    """Take a part out, and leave the words behind it, which are of what it stands in."""
    parent, before = part.getparent(), part.getprevious()
    if parent is None:
        return
    if part.tail and before is not None:
        before.tail = f"{before.tail or ''}{part.tail}"
    elif part.tail:
        parent.text = f"{parent.text or ''}{part.tail}"
    parent.remove(part)
