"""What a page must not have in it: what would fetch, run or embed. Addresses that a text links to stay as text."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from bs4 import Tag

_EXTERNAL: Final = re.compile(r"(?!data:|mailto:)[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
#: What a browser leaves out of an address: before it, and within it.
_IGNORED: Final = re.compile(r"^[\x00-\x20]+|[\t\n\r]+")

#: Elements that fetch, embed or redirect, and have no place in a page that is read.
_ACTIVE: Final = ["script", "iframe", "object", "embed", "link", "base", "meta", "form"]

#: Attributes that name an address.
_ADDRESSES: Final = {"src", "srcset", "href", "xlink:href", "data", "poster", "background"}

_WEB: Final = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
#: Attributes that say how something looks, and may name an address for that.
_LOOKS: Final = {
    "style", "fill", "stroke", "clip-path", "mask", "filter", "cursor", "marker-start", "marker-mid", "marker-end",
}  # fmt: skip
_CSS_ADDRESS: Final = re.compile(r"@import[^;]*;?|url\(\s*['\"]?(?!data:|#)[^)]*\)", re.IGNORECASE)


def leads_out(address: str) -> bool:
    """Whether an address leads out of the page, as a browser reads it, and is none of a letter."""
    return bool(_EXTERNAL.match(_IGNORED.sub("", address).replace("\\", "/")))


def seal(main: Tag) -> None:
    """Take out of the notebook's part of a page what would fetch or run."""
    for tag in main.find_all(_ACTIVE):
        tag.decompose()
    for tag in main.find_all(True):
        for address in sealed(tag.attrs):
            if tag.name == "a" and _WEB.match(address) and address not in tag.get_text():
                tag.append(f"（{address}）")
            elif tag.name == "img":
                tag.replace_with(f"[{tag.get('alt') or '图 image'}：{address}]")
                break
    for tag in main.find_all("style"):
        # pandas sends its own look with each table
        if tag.has_attr("scoped"):
            tag.decompose()
        else:
            tag.string = _CSS_ADDRESS.sub("none", tag.get_text())


def sealed(attributes: MutableMapping[str, Any]) -> list[str]:
    """Take out what runs and what leads out of the page; returns the addresses that were taken out."""
    for name in [name for name in attributes if name.lower().startswith("on")]:
        del attributes[name]
    for name in [name for name in attributes if name in _LOOKS]:
        attributes[name] = _CSS_ADDRESS.sub("none", str(attributes[name]))
    named = [name for name in attributes if name in _ADDRESSES]
    return [str(attributes.pop(name)) for name in named if leads_out(str(attributes[name]))]
