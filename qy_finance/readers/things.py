"""The things that a PDF page draws, as pdfium lists them: those of the page and of the forms that it draws."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from itertools import compress, count, repeat
from typing import Any, Final, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import PdfMatrix, raw

from qy_finance.readers import calls

_TEXT: Final = raw.FPDF_PAGEOBJ_TEXT
_NO_TEXT: Final = raw.FPDF_TEXTRENDERMODE_UNKNOWN

IDENTITY: Final = PdfMatrix()


class Drawn(NamedTuple):
    """A thing drawn on a page: its place in the order of painting, the address of pdfium's object, its kind.

    ``matrix`` is that of the form that it belongs to; ``mode`` is how a text is shown, ``pieces`` counts the segments
    of a path; ``veiled`` tells whether the form may hide it, as one that is transparent, clipped or of a layer may.
    """

    at: int
    address: int
    kind: int
    mode: int
    matrix: PdfMatrix
    pieces: int
    veiled: bool

    @property
    def object(self) -> Any:
        """As pdfium wants it where it is not asked for quickly."""
        return ctypes.cast(self.address, raw.FPDF_PAGEOBJECT)


class DrawnTexts(NamedTuple):
    """The texts drawn on a page, by column: most are never looked at one by one."""

    at: list[int]
    address: list[int]
    mode: list[int]
    matrix: list[PdfMatrix]
    veiled: list[bool]

    def each(self) -> list[Drawn]:
        at, address, mode, matrix, veiled = self
        return list(calls.made(Drawn, at, address, repeat(_TEXT), mode, matrix, repeat(0), veiled))


class Drawing(NamedTuple):
    """What is drawn on a page: its texts, and all that is none."""

    texts: DrawnTexts
    others: list[Drawn]


def drawn_on(page: pdfium.PdfPage) -> Drawing:
    """What is drawn on a page, in the order of painting."""
    found = Drawing(DrawnTexts([], [], [], [], []), [])
    _gather(
        found, calls.address(page.raw), calls.page_count, calls.page_object, IDENTITY, veiled=False
    )
    return found


def _gather(
    found: Drawing, whole: int, count_of: Any, get: Any, matrix: PdfMatrix, *, veiled: bool
) -> None:
    """Find what is drawn in a page or form, and in the forms in it."""
    things = list(map(get, repeat(whole), range(count_of(whole))))
    modes = list(map(calls.mode, things))  # that of a text tells that it is one
    kinds = [
        _TEXT if mode >= 0 else calls.kind(thing) for thing, mode in zip(things, modes, strict=True)
    ]
    begin = 0
    for end in [at for at, kind in enumerate(kinds) if kind == raw.FPDF_PAGEOBJ_FORM]:
        _take(found, things[begin:end], kinds[begin:end], modes[begin:end], matrix, veiled)
        form, begin = things[end], end + 1
        inner = matrix_of(form).multiply(matrix)
        count_in, get_in = calls.form_count, calls.form_object
        _gather(found, form, count_in, get_in, inner, veiled=veiled or _may_hide(form))
    _take(found, things[begin:], kinds[begin:], modes[begin:], matrix, veiled)


def _take(
    found: Drawing,
    things: Sequence[int],
    kinds: Sequence[int],
    modes: Sequence[int],
    matrix: PdfMatrix,
    veiled: bool,
) -> None:
    """Add things of one page or form, none of which is a form."""
    texts = found.texts
    first = len(texts.at) + len(found.others)
    are_texts = [kind == _TEXT for kind in kinds]
    texts.at.extend(compress(count(first), are_texts))
    texts.address.extend(compress(things, are_texts))
    texts.mode.extend(compress(modes, are_texts))
    more = len(texts.at) - len(texts.matrix)
    texts.matrix.extend(repeat(matrix, more))
    texts.veiled.extend(repeat(veiled, more))
    for at, thing, kind in zip(count(first), things, kinds, strict=False):
        if kind != _TEXT:
            pieces = calls.pieces(thing) if kind == raw.FPDF_PAGEOBJ_PATH else 0
            found.others.append(Drawn(at, thing, kind, _NO_TEXT, matrix, pieces, veiled))


def _may_hide(form: int) -> bool:
    if calls.clip_paths(calls.clip(form)) > 0:
        return True
    return bool(raw.FPDFPageObj_HasTransparency(ctypes.cast(form, raw.FPDF_PAGEOBJECT)))


def matrix_of(thing: int) -> PdfMatrix:
    """How an object is moved, turned and stretched."""
    matrix = raw.FS_MATRIX()
    calls.matrix(thing, ctypes.byref(matrix))
    return PdfMatrix.from_raw(matrix)
