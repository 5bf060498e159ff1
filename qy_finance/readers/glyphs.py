"""The characters of a PDF page, as pdfium knows them."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import compress, count, repeat
from math import degrees
from statistics import mode
from typing import Any, Final

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from qy_finance.readers import calls
from qy_finance.readers.drawn import Frame, in_order
from qy_finance.readers.page import Glyph

_UNMAPPED: Final = {0, 0xFFFE, 0xFFFF, *range(0xE000, 0xF900)}  # a font does not tell its character
UNREADABLE: Final = "\ufffd"
_LAST_NARROW: Final = "\u2e7f"  # behind it are the characters that are as wide as they are high
_SURROGATES: Final = frozenset(range(0xD800, 0xE000))
_HYPHEN: Final = 0xFFFE  # at the end of a line, in a page's text
_ASCENT, _DESCENT = 0.88, 0.12  # of these, in parts of their size

# Radicals look like characters and some producers write them in their place. Unicode knows the other
# compatibility forms.
_RADICALS: Final = str.maketrans(
    "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰",
    "民母虎西见角贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙",
)

# What pdfium tells of a character: its place in its line (left, top, right, bottom), the point it stands at, its ink.
_PLACES: Final = calls.Rows(place="4f4")
_ORIGINS: Final = calls.Rows(x="f8", y="f8")
_INK: Final = "left", "right", "low", "high"
_INKS: Final = calls.Rows(**dict.fromkeys(_INK, "f8"))

#: One character of an object: the address of the object, and the point at which the character stands.
Spot = tuple[int, float, float]


def upright(textpage: pdfium.PdfTextPage) -> int:
    """The rotation that puts most characters of a page upright."""
    handle = calls.address(textpage.raw)
    shown = [at for at, text in enumerate(_characters(textpage)) if text]
    turns = map(calls.angle, repeat(handle), shown)  # clockwise against the page's own axes
    angles = [round(degrees(turn) / 5) * 5 % 360 for turn in turns]
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
    characters = _characters(textpage)
    shown = list(compress(count(), characters))
    if hidden:
        shown = [at for at in shown if spot(textpage.raw, at) not in hidden]
    texts = [characters[at] for at in shown]
    page = calls.ready(textpage.raw)

    def told(rows: calls.Rows, function: Callable[..., Any], of: Sequence[int]) -> NDArray[Any]:
        return rows.asked(of, lambda part: calls.each(function, repeat(page), part, *rows.columns))

    places = told(_PLACES, calls.place, shown)["place"]
    a, b, c, d, e, f = frame.matrix.get()
    left, high, right, low = places.T.astype(float)
    x0, x1 = in_order(a * left + c * low + e, a * right + c * high + e)
    # characters beside each other whose places have the same foot and head stand on one baseline
    opens = np.ones(len(shown), bool)
    if not b:
        opens[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    origins = told(_ORIGINS, calls.origin, list(compress(shown, opens.tolist())))
    baseline = (b * origins["x"] + d * origins["y"] + f)[opens.cumsum() - 1]
    wide = np.fromiter(map(_LAST_NARROW.__lt__, texts), bool, len(texts))
    size = np.where(wide, 1, 2) * (x1 - x0)
    top, bottom = baseline - _ASCENT * size, baseline + _DESCENT * size
    narrow = ~wide
    inks = told(_INKS, calls.ink, list(compress(shown, narrow.tolist())))
    left, right, low, high = (inks[edge] for edge in _INK)
    top[narrow], bottom[narrow] = in_order(b * left + d * high + f, b * right + d * low + f)
    middle = x0 + x1
    within = (
        (middle >= 0) & (middle <= 2 * frame.width) & (baseline >= 0) & (baseline <= frame.height)
    )
    printed = within.tolist()
    if owners is not None:
        handle = calls.address(textpage.raw)
        owners += (calls.owner(handle, at) or 0 for at in compress(shown, printed))
    measures = np.array((x0, top, x1, bottom, baseline, size))[:, within].tolist()
    return tuple(calls.made(Glyph, compress(texts, printed), *measures, repeat(None)))


def _characters(textpage: pdfium.PdfTextPage) -> list[str]:
    """The characters of a page, as :func:`character` tells them."""
    number = textpage.count_chars()
    codes = np.zeros(2 * number + 2, np.ushort)
    at_codes = ctypes.cast(codes.ctypes.data, ctypes.POINTER(ctypes.c_ushort))
    told = raw.FPDFText_GetText(textpage.raw, 0, number, at_codes) - 1  # with the end
    handle, found = calls.address(textpage.raw), codes[:number].tolist()
    if told != number or not _SURROGATES.isdisjoint(found):
        # controls are left out, or two codes make a character: they are not in their places
        found = list(map(calls.code, repeat(handle), range(number)))
    elif _HYPHEN in found:  # or any that is not known
        found = [
            calls.code(handle, at) if code == _HYPHEN else code for at, code in enumerate(found)
        ]
    return list(map(character, found))


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
