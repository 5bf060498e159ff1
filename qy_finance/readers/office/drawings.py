"""The pictures of a Word document as it shows them: how large, what is cut off, how they are turned."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from docx.oxml.ns import qn

from qy_finance.readers.document import Placement
from qy_finance.readers.pasted import Pasted

if TYPE_CHECKING:
    from docx.opc.part import Part
    from lxml.etree import _Element as Element

_OLD: Final = "{urn:schemas-microsoft-com:vml}imagedata"
_FILLS: Final = qn("pic:blipFill"), qn("a:blipFill")
_EMU: Final = 360_000  # to the centimetre
_WIDE: Final = 8.0  # cm: a seal or a logo is smaller
_HIGH: Final = 3.0
_WHOLE: Final = 100_000  # parts of a side that is cut
_TURN: Final = 60_000  # to the degree
_QUARTER: Final = 90
_SIDES: Final = "left", "top", "right", "bottom"
_LENGTH: Final = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]+)\s*(pt|in|cm|mm|px)")
_CENTIMETRES: Final = {"pt": 2.54 / 72, "in": 2.54, "cm": 1.0, "mm": 0.1, "px": 2.54 / 96}


def is_picture(element: Element) -> bool:
    """Whether an element is a picture; it may be one of an older Word, or fill a shape."""
    return element.tag in _FILLS or element.tag == _OLD


def picture_of(element: Element, part: Part) -> Pasted | None:
    """The picture, if it is shown as large as a table."""
    if element.tag == _OLD:
        wide, high = _old_size(element)
        left, top, right, bottom = (_fraction(element, f"crop{side}") for side in _SIDES)
        name, source = element.get(qn("r:id")), Placement("", (left, top, right, bottom))
    else:
        wide, high, turned = _size(element)
        blip = element.find(qn("a:blip"))
        name = blip.get(qn("r:embed")) if blip is not None else None
        source = Placement("", _cut(element), turned)
    if wide < _WIDE or high < _HIGH:
        return None
    relation = part.rels.get(name) if name else None
    if relation is None or relation.is_external:
        return Pasted(b"")
    target = relation.target_part
    return Pasted(target.blob, source._replace(part=target.partname.lstrip("/")))


def _size(element: Element) -> tuple[float, float, int]:
    """Width and height in centimetres as it is shown, and by how many degrees it is turned clockwise."""
    own = element.getparent()
    frame = own.find(f".//{qn('a:xfrm')}") if own is not None else None
    turned = (
        round(_number(frame, "rot") / _TURN / _QUARTER) * _QUARTER % 360 if frame is not None else 0
    )
    extent = frame.find(qn("a:ext")) if frame is not None else None
    for above in element.iterancestors(qn("wp:inline"), qn("wp:anchor")):
        known = above.find(qn("wp:docPr"))
        if known is not None and known.get("hidden") in ("1", "true"):
            return 0.0, 0.0, 0
        if len([*above.iter(*_FILLS)]) == 1 or extent is None:
            extent = above.find(qn("wp:extent"))
        break
    if extent is None:
        return 0.0, 0.0, 0
    wide, high = _number(extent, "cx") / _EMU, _number(extent, "cy") / _EMU
    return (high, wide, turned) if turned % 180 else (wide, high, turned)


def _cut(element: Element) -> tuple[float, float, float, float]:
    """What is cut off at the left, the top, the right and the bottom, as parts of width and height."""
    given = element.find(qn("a:srcRect"))
    if given is None:
        return 0.0, 0.0, 0.0, 0.0
    left, top, right, bottom = (max(_number(given, side) / _WHOLE, 0.0) for side in "ltrb")
    return left, top, right, bottom


def _old_size(element: Element) -> tuple[float, float]:
    shape = element.getparent()
    style = str(shape.get("style") or "") if shape is not None else ""
    given = {side: float(size) * _CENTIMETRES[unit] for side, size, unit in _LENGTH.findall(style)}
    return given.get("width", 0.0), given.get("height", 0.0)


def _number(element: Element, name: str) -> float:
    given = re.match(r"-?\d{1,12}", str(element.get(name) or ""), re.ASCII)
    return float(given[0]) if given else 0.0


def _fraction(element: Element, name: str) -> float:
    """A part of a side, as a fraction or, with an f behind it, of 65536."""
    given = re.fullmatch(r"(\d{0,9}\.?\d{0,9})(f?)", str(element.get(name) or ""), re.ASCII)
    if not given or not given[1].strip("."):
        return 0.0
    return float(given[1]) / (0x10000 if given[2] else 1)
