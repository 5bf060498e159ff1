"""The characters of a PDF page, as pdfium knows them."""

from __future__ import annotations

import ctypes
import unicodedata
from functools import lru_cache
from math import degrees
from statistics import mode
from typing import Any, Final

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
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

# Where pdfium writes of a character: the point it stands at, its place in its line, its ink.
_PLACE: Final = np.dtype(
    [
        ("x", "f8"),
        ("y", "f8"),
        ("left", "f4"),
        ("high", "f4"),
        ("right", "f4"),
        ("low", "f4"),
        ("ink", "f8", 4),
    ]
)
_Values = NDArray[np.float64]

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
) -> tuple[Glyph, ...]:
    """The characters of a page, without spaces, those that are ``hidden`` and what is outside the page.

    ``owners`` gets the object that each belongs to.
    """
    handle = calls.address(textpage.raw)
    code_of, origin_of, place_of, ink_of = calls.code, calls.origin, calls.place, calls.ink
    texts = [character(code_of(handle, at)) for at in range(textpage.count_chars())]
    shown = [at for at, text in enumerate(texts) if text]
    if hidden:
        shown = [at for at in shown if spot(textpage.raw, at) not in hidden]
    places = np.zeros(len(shown), _PLACE)
    wide = np.array([texts[at] > _LAST_NARROW for at in shown], bool)
    begin, step = places.ctypes.data, _PLACE.itemsize
    for at, place in zip(shown, range(begin, begin + step * len(shown), step), strict=True):
        origin_of(handle, at, place, place + 8)
        place_of(handle, at, place + 16)
        if texts[at] <= _LAST_NARROW:
            ink_of(handle, at, place + 32, place + 40, place + 48, place + 56)
    a, b, c, d, e, f = frame.matrix.get()
    left, right, low, high = (
        places[side].astype(float) for side in ("left", "right", "low", "high")
    )
    x0, x1 = _sorted(a * left + c * low + e, a * right + c * high + e)
    baseline = b * places["x"] + d * places["y"] + f
    size = np.where(wide, 1, 2) * (x1 - x0)
    left, right, low, high = places["ink"].T
    top, bottom = _sorted(b * left + d * high + f, b * right + d * low + f)
    top = np.where(wide, baseline - _ASCENT * size, top)
    bottom = np.where(wide, baseline + _DESCENT * size, bottom)
    middle = x0 + x1
    within = (
        (middle >= 0) & (middle <= 2 * frame.width) & (baseline >= 0) & (baseline <= frame.height)
    )
    printed = [shown[at] for at in np.flatnonzero(within)]
    if owners is not None:
        owners += (calls.owner(handle, at) or 0 for at in printed)
    measures = (values[within].tolist() for values in (x0, top, x1, bottom, baseline, size))
    return tuple(map(Glyph, [texts[at] for at in printed], *measures))


def _sorted(one: _Values, other: _Values) -> tuple[_Values, _Values]:
    return np.minimum(one, other), np.maximum(one, other)


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
