"""Functions of pdfium that are called for each thing on a page: objects are plain addresses here.

To look at each argument, to make an object of each result, to let go of the interpreter's lock and take it again: each
takes longer than such a call.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Final

from pypdfium2 import raw

_INT: Final = ctypes.c_int
_PLACE: Final = ctypes.c_void_p


def address(thing: Any) -> int:
    """What tells one of pdfium's objects from the others; 0 for none."""
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def _quick(function: Any, *kinds: Any, result: Any = _INT) -> Callable[..., Any]:
    """A function whose first argument is an address; ``kinds`` are its others, pointers plain addresses too."""
    made: Callable[..., Any] = ctypes.PYFUNCTYPE(result, _PLACE, *kinds)(address(function))
    return made


# of a page or form
page_count = _quick(raw.FPDFPage_CountObjects)
page_object = _quick(raw.FPDFPage_GetObject, _INT, result=_PLACE)
form_count = _quick(raw.FPDFFormObj_CountObjects)
form_object = _quick(raw.FPDFFormObj_GetObject, ctypes.c_ulong, result=_PLACE)

# of what is drawn
kind = _quick(raw.FPDFPageObj_GetType)
matrix = _quick(raw.FPDFPageObj_GetMatrix, _PLACE)
bounds = _quick(raw.FPDFPageObj_GetBounds, *[_PLACE] * 4)
colour = _quick(raw.FPDFPageObj_GetFillColor, *[_PLACE] * 4)
mode = _quick(raw.FPDFTextObj_GetTextRenderMode)

# of paths
pieces = _quick(raw.FPDFPath_CountSegments)
piece = _quick(raw.FPDFPath_GetPathSegment, _INT, result=_PLACE)
point = _quick(raw.FPDFPathSegment_GetPoint, *[_PLACE] * 2)
piece_kind = _quick(raw.FPDFPathSegment_GetType)
closes = _quick(raw.FPDFPathSegment_GetClose)
painted = _quick(raw.FPDFPath_GetDrawMode, *[_PLACE] * 2)

# of clip paths
clip = _quick(raw.FPDFPageObj_GetClipPath, result=_PLACE)
clip_paths = _quick(raw.FPDFClipPath_CountPaths)
clip_pieces = _quick(raw.FPDFClipPath_CountPathSegments, _INT)
clip_piece = _quick(raw.FPDFClipPath_GetPathSegment, _INT, _INT, result=_PLACE)

# of the characters of a page
code = _quick(raw.FPDFText_GetUnicode, _INT, result=ctypes.c_uint)
origin = _quick(raw.FPDFText_GetCharOrigin, _INT, *[_PLACE] * 2)
place = _quick(raw.FPDFText_GetLooseCharBox, _INT, _PLACE)
ink = _quick(raw.FPDFText_GetCharBox, _INT, *[_PLACE] * 4)
owner = _quick(raw.FPDFText_GetTextObject, _INT, result=_PLACE)
