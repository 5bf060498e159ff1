"""Files that a web page links to or shows in a frame: how each is called, and names that it may be saved under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from bs4 import Tag

from qy_finance.readers.document import Link, squeeze

LINKING: Final = ("a", "iframe", "embed", "object")
"""Elements that can lead to a file."""

_ENDS: Final = r"\.(?:pdf|docx?|docm|xls[xm]?|wps|et|pptx?|csv|rtf|odt|ods|ofd|zip|rar|7z)"
_FILE: Final = re.compile(rf"""[^/\\?#&=;:,'"()<>|*\s]+{_ENDS}(?=$|[?#&;,'")\s])""", re.I)
_CALLED: Final = re.compile(rf"{_ENDS}$", re.I)
_LONGEST: Final = 60  # characters of a name that are told


def link_of(element: Tag) -> Link | None:
    """The file that an element leads to by its address, by what a script does with it, or by what it is called."""
    addresses = (_plain(element, name) for name in ("href", "src", "data", "onclick"))
    files = [match[0] for one in addresses for match in _FILE.finditer(unquote(one))]
    said = [_plain(element, "download"), _plain(element, "title")]
    if element.name == "a":
        said.insert(0, squeeze(element.get_text()))
    said = [text for text in map(_printable, said) if text]
    called = [text for text in said if _CALLED.search(text)]
    if not files and not (called and element.name == "a"):
        return None
    file = _printable(files[-1]) if files else ""
    shown = _short((called or said or [file])[0])
    if file and not called and said:  # 点击下载
        shown += f" ({_short(file)})"
    ending = _CALLED.search(file)
    names = [file, *called, *(text + ending[0] for text in said if ending and text not in called)]
    return Link(shown, tuple(dict.fromkeys(filter(None, names))))


def links_within(element: Tag) -> Iterator[Link]:
    """The files that an element, or what is in it, leads to."""
    own = (element,) if element.name in LINKING else ()
    return filter(None, map(link_of, (*own, *element.find_all(LINKING))))


def _plain(element: Tag, attribute: str) -> str:
    return str(element.get(attribute) or "").strip()


def _printable(text: str) -> str:
    """Without what could change how a terminal shows a line."""
    return "".join(filter(str.isprintable, text))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
