"""Charts as part of a page: a picture in its output becomes markup, so that its marks are links of the page.

A drawing has a thousand parts; it is a tree of its own until the page is written.
"""

from __future__ import annotations

import base64
import binascii
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
                if CHINESE.search(f"{part.text or ''}{part.get('aria-label', '')}"):
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
        addresses = {"wide": str(image["src"])}
        if (source := picture.find("source", srcset=_DRAWN)) is not None:
            addresses["narrow"] = str(source["srcset"])
        kinds = {kind: _drawing(data, f"c{number}{kind[0]}-") for kind, data in addresses.items()}
        drawings = []
        for kind, drawing in kinds.items():
            if drawing is not None:
                drawing.set("class", kind if len(kinds) > 1 else "only")
                drawings.append(drawing)
        if drawings:
            look = image.get_attribute_list("class")
            figure = soup.new_tag("figure", attrs={"class": " ".join(map(str, look))})
            picture.replace_with(figure)
            found.add(figure, drawings)
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
    except (binascii.Error, etree.XMLSyntaxError):
        return None
    if svg.tag != f"{{{_SVG}}}svg":
        return None
    for part in [part for part in svg.iter() if part.tag not in _PARTS]:
        if (parent := part.getparent()) is not None:
            parent.remove(part)  # from another one that goes, too
    reports = str(svg.attrib.pop("data-reports", "")).split()
    ids = {part.get("id") for part in svg.iter()}
    for part in svg.iter():
        for name in [name for name in part.attrib if name[0] == "{" and name != _SPACES]:
            del part.attrib[name]  # of other kinds of documents
        sealed(part.attrib)
        if "id" in part.attrib:
            part.set("id", f"{prefix}{part.get('id')}")
        for name in _REFERRING:
            if "#" in part.get(name, ""):
                part.set(
                    name,
                    _REFERENCE.sub(
                        lambda one: f"#{prefix if one[1] in ids else ''}{one[1]}",
                        part.get(name, ""),
                    ),
                )
        if "data-at" in part.attrib:
            places = (place.partition("#") for place in part.get("data-at", "").split())
            known = ((reports[int(at)], rest) for at, _, rest in places if _known(at, reports))
            part.set("data-at", " ".join(f"{report}#{rest}" for report, rest in known))
    return svg


def _known(number: str, reports: list[str]) -> bool:
    return number.isascii() and number.isdecimal() and int(number) < len(reports)
