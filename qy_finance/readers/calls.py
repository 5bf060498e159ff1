"""Functions of pdfium that are called for each thing on a page: objects are plain addresses here.

To look at each argument, to make an object of each result, to let go of the interpreter's lock and take it again: each
takes longer than such a call. So does making a reference to where it is to write; those of :class:`Rows` are ready, as
is a page that is asked of each of its characters (:func:`ready`).
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import raw

T = TypeVar("T")

_ROWS: Final = 1024
_INT: Final = ctypes.c_int
_PLACE: Final = ctypes.c_void_p


def address(thing: Any) -> int:
    """What tells one of pdfium's objects from the others; 0 for none."""
    return ctypes.cast(thing, ctypes.c_void_p).value or 0


def _quick(function: Any, *kinds: Any, result: Any = _INT) -> Callable[..., Any]:
    """A function whose first argument is an address; ``kinds`` are its others, pointers plain addresses too."""
    made: Callable[..., Any] = ctypes.PYFUNCTYPE(result, _PLACE, *kinds)(address(function))
    return made


def _asked(function: Any) -> Callable[..., Any]:
    """A function that writes what it is asked for: after an address and a number come references of :class:`Rows`."""
    made: Callable[..., Any] = ctypes.PYFUNCTYPE(_INT, _PLACE)(address(function))
    return made


def _told(function: Any) -> Callable[..., Any]:
    """The same of a page that is :func:`ready`; what the function returns is not looked at."""
    made: Callable[..., Any] = ctypes.PYFUNCTYPE(None)(address(function))
    return made


def ready(thing: Any) -> Any:
    """One of pdfium's objects as an argument that need not be looked at again at each call."""
    return _PLACE.from_param(address(thing))


def each(function: Callable[..., Any], *columns: Iterable[Any]) -> None:
    """Call a function for each row of its arguments."""
    deque(map(function, *columns), maxlen=0)


def made(kind: type[T], *columns: Iterable[Any]) -> Iterator[T]:
    """Named tuples of one kind, of all their fields; each made by its own name would take twice as long."""
    return map(tuple.__new__, repeat(kind), zip(*columns, strict=False))  # type: ignore[arg-type]


class Rows:
    """Where pdfium writes what it is asked about many things, a row for each, as many at a time as there are rows."""

    def __init__(self, **fields: str) -> None:
        self.kind = kind = np.dtype(list(fields.items()))
        self.step = kind.itemsize
        self.offsets = [kind.fields[name][1] for name in fields] if kind.fields else []
        self.memory = (ctypes.c_char * (_ROWS * self.step))()
        self.values: NDArray[Any] = np.frombuffer(memoryview(self.memory), kind)

    @cached_property
    def columns(self) -> list[list[Any]]:
        """References to each field of all rows."""
        return [
            [ctypes.byref(self.memory, row + at) for row in range(0, _ROWS * self.step, self.step)]
            for at in self.offsets
        ]

    def asked(self, things: Sequence[T], ask: Callable[[Sequence[T]], None]) -> NDArray[Any]:
        """The rows of all things; ``ask`` has those of some of them written, into rows that are zero."""
        found = bytearray()
        memory = memoryview(self.memory).cast("B")
        for begin in range(0, len(things), _ROWS):
            part = things[begin : begin + _ROWS]
            size = len(part) * self.step
            ctypes.memset(self.memory, 0, size)
            ask(part)
            found += memory[:size]
        return np.frombuffer(found, self.kind)


# of a page or form
page_count = _quick(raw.FPDFPage_CountObjects)
page_object = _quick(raw.FPDFPage_GetObject, _INT, result=_PLACE)
form_count = _quick(raw.FPDFFormObj_CountObjects)
form_object = _quick(raw.FPDFFormObj_GetObject, ctypes.c_ulong, result=_PLACE)

# of what is drawn
kind = _quick(raw.FPDFPageObj_GetType)
matrix = _asked(raw.FPDFPageObj_GetMatrix)
bounds = _asked(raw.FPDFPageObj_GetBounds)
colour = _asked(raw.FPDFPageObj_GetFillColor)
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
angle = _quick(raw.FPDFText_GetCharAngle, _INT, result=ctypes.c_float)
origin = _told(raw.FPDFText_GetCharOrigin)
place = _told(raw.FPDFText_GetLooseCharBox)
ink = _told(raw.FPDFText_GetCharBox)
owner = _quick(raw.FPDFText_GetTextObject, _INT, result=_PLACE)
