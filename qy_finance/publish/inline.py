"""Charts as part of a page: a picture in its output becomes markup, so that its marks are links of the page."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_DRAWN: Final = re.compile(r"data:image/svg\+xml;base64,")
_REFERENCE: Final = re.compile(r"#([\w-]+)")
_REFERRING: Final = ("href", "clip-path", "style", "fill")

#: What a drawing is made of, as a parser of HTML names it. Nothing else of one comes into a page.
_PARTS: Final = (
    "svg", "g", "a", "path", "use", "rect", "circle", "line", "text", "tspan", "title", "desc", "defs",
    "clippath", "pattern", "image",
)  # fmt: skip


def inline_charts(soup: BeautifulSoup, main: Tag) -> None:
    """Put the drawings of each chart (:func:`qy_finance.display.show`) into the page, with ids of their own."""
    for number, image in enumerate(main.find_all("img", class_="chart", src=_DRAWN), start=1):
        picture = image.parent if image.parent and image.parent.name == "picture" else image
        addresses = {"wide": str(image["src"])}
        if (source := picture.find("source", srcset=_DRAWN)) is not None:
            addresses["narrow"] = str(source["srcset"])
        drawings = {
            kind: _drawing(data, f"c{number}{kind[0]}-") for kind, data in addresses.items()
        }
        look = image.get_attribute_list("class")
        figure = soup.new_tag("figure", attrs={"class": " ".join(map(str, look))})
        for kind, drawing in drawings.items():
            if drawing is not None:
                drawing["class"] = kind if len(drawings) > 1 else "only"
                figure.append(drawing)
        if figure.contents:
            picture.replace_with(figure)


def _drawing(address: str, prefix: str) -> Tag | None:
    """The markup of a drawing; None where there is none to be read."""
    from bs4 import BeautifulSoup

    try:
        text = base64.b64decode(address.partition(",")[2], validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return None
    svg = BeautifulSoup(text, "html.parser").find("svg")
    if svg is None:
        return None
    svg.attrs.pop("xmlns", None)
    reports = str(svg.attrs.pop("data-reports", "")).split()
    ids = {str(tag["id"]) for tag in svg.find_all(id=True)}
    for tag in svg.find_all(lambda tag: tag.name not in _PARTS):
        tag.extract()  # from another one that goes, too
    for tag in svg.find_all(True):
        if "id" in tag.attrs:
            tag["id"] = f"{prefix}{tag['id']}"
        for name in _REFERRING:
            if "#" in str(tag.get(name, "")):
                tag[name] = _REFERENCE.sub(
                    lambda one: f"#{prefix if one[1] in ids else ''}{one[1]}", str(tag[name])
                )
        if "data-at" in tag.attrs:
            places = (place.partition("#") for place in str(tag["data-at"]).split())
            known = ((reports[int(at)], rest) for at, _, rest in places if _known(at, reports))
            tag["data-at"] = " ".join(f"{report}#{rest}" for report, rest in known)
    return svg


def _known(number: str, reports: list[str]) -> bool:
    return number.isascii() and number.isdecimal() and int(number) < len(reports)
