"""The characters of a PDF page, as pdfium knows them."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from math import degrees
from statistics import mode
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from qy_finance.readers import calls
from qy_finance.readers.drawn import Frame
from qy_finance.readers.page import Glyph

_UNMAPPED: Final = {0, 0xFFFE, 0xFFFF, *range(0xE000, 0xF900)}  # a font does not tell its character
UNREADABLE: Final = "\ufffd"
_LAST_NARROW: Final = "\u2e7f"  # behind it are the characters that are as wide as they are high
_ASCENT, _DESCENT = 0.88, 0.12  # of these, in parts of their size

# Radicals look like characters and some producers write them in their place. Unicode knows the other
# compatibility forms.
_RADICALS: Final = str.maketrans(
    "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰",
    "民母虎西见角贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙",
)

#: One character of an object: the address of the object, and the point at which the character stands.
Spot = tuple[int, float, float]


def _angle(handle: Any, index: int) -> int:
    """By how many degrees a character is turned clockwise against the page's own axes, to the next 5."""
    return round(degrees(raw.FPDFText_GetCharAngle(handle, index)) / 5) * 5 % 360


def upright(textpage: pdfium.PdfTextPage) -> int:
    """The rotation that puts most characters of a page upright."""
    handle = textpage.raw
    codes = ((at, raw.FPDFText_GetUnicode(handle, at)) for at in range(textpage.count_chars()))
    angles = [_angle(handle, at) for at, code in codes if character(code)]
    right = [angle for angle in angles if angle % 90 == 0]
    return -mode(right) % 360 if right else 0


def glyphs_of(
    textpage: pdfium.PdfTextPage,
    frame: Frame,
    hidden: frozenset[Spot] = frozenset(),
    owners: list[int] | None = None,
) -> Iterator[Glyph]:
    """The characters of a page, without spaces, those that are ``hidden`` and what is outside the page.

    ``owners`` gets the object that each belongs to.
    """
    handle = calls.address(textpage.raw)
    x, y, loose = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    at_x, at_y, at_loose = map(ctypes.addressof, (x, y, loose))
    ink = left, right, low, high = tuple(ctypes.c_double() for _ in range(4))
    at_ink = tuple(map(ctypes.addressof, ink))
    code_of, origin_of = calls.code, calls.origin
    box_of, ink_of = calls.place, calls.ink
    width, height, (a, b, c, d, e, f) = frame.width, frame.height, frame.matrix.get()
    for index in range(textpage.count_chars()):
        text = character(code_of(handle, index))
        if not text or (hidden and spot(textpage.raw, index) in hidden):
            continue
        origin_of(handle, index, at_x, at_y)
        box_of(handle, index, at_loose)
        # without a call for each character
        x0 = a * loose.left + c * loose.bottom + e
        x1 = a * loose.right + c * loose.top + e
        if x1 < x0:
            x0, x1 = x1, x0
        baseline = b * x.value + d * y.value + f
        if not (0 <= x0 + x1 <= 2 * width and 0 <= baseline <= height):
            continue  # outside of the page
        if text > _LAST_NARROW:
            size = x1 - x0
            top, bottom = baseline - _ASCENT * size, baseline + _DESCENT * size
        else:
            size = 2 * (x1 - x0)
            ink_of(handle, index, *at_ink)
            top = b * left.value + d * high.value + f
            bottom = b * right.value + d * low.value + f
            if bottom < top:
                top, bottom = bottom, top
        if owners is not None:
            owners.append(calls.owner(handle, index) or 0)
        yield Glyph(text, x0, top, x1, bottom, baseline, size)


def spot(handle: Any, index: int) -> Spot:
    """Which object a character of a text page belongs to, and where it stands."""
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(handle, index, ctypes.byref(x), ctypes.byref(y))
    return (
        calls.address(raw.FPDFText_GetTextObject(handle, index)),
        round(x.value, 1),
        round(y.value, 1),
    )


@lru_cache(maxsize=8192)
def character(code: int) -> str:
    """The character of a code as reports mean it; empty for spaces and controls."""
    if code == 2:  # pdfium's sign for a hyphen at the end of a line
        return "-"
    if code in _UNMAPPED:
        return UNREADABLE
    text = chr(code)
    if text.isspace() or unicodedata.category(text) in ("Cc", "Cf", "Cs"):
        return ""
    if 0x2F00 <= code <= 0x2FD5 or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", text)
    return text.translate(_RADICALS)
