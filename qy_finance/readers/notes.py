"""Annotations that lie over a page: what someone typed or stamped on it, or struck out, behind its printing."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from qy_finance.readers.drawn import Frame
from qy_finance.readers.page import Box

# Others are links, highlights or icons beside the text.
_COVERING: Final = {
    raw.FPDF_ANNOT_FREETEXT,
    raw.FPDF_ANNOT_STAMP,
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_CIRCLE,
    raw.FPDF_ANNOT_POLYGON,
    raw.FPDF_ANNOT_INK,
    raw.FPDF_ANNOT_LINE,
    raw.FPDF_ANNOT_STRIKEOUT,
    raw.FPDF_ANNOT_REDACT,
}
_UNSEEN: Final = (
    raw.FPDF_ANNOT_FLAG_INVISIBLE | raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
)
_MOST: Final = 10_000  # on a page
_LARGEST: Final = 0.25  # of a page: what is larger is its background


def notes_on(page: pdfium.PdfPage, frame: Frame) -> Iterator[Box]:
    """Where annotations lie that can cover, change or contradict what is printed under them."""
    for at in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MOST)):
        note = raw.FPDFPage_GetAnnot(page.raw, at)
        if not note:
            continue
        try:
            box = _box(note, frame)
        finally:
            raw.FPDFPage_CloseAnnot(note)
        if box is None:
            continue
        area = (box.x1 - box.x0) * (box.bottom - box.top)
        if area <= _LARGEST * frame.width * frame.height:
            yield box


def _box(note: Any, frame: Frame) -> Box | None:
    if raw.FPDFAnnot_GetSubtype(note) not in _COVERING or raw.FPDFAnnot_GetFlags(note) & _UNSEEN:
        return None
    edges = raw.FS_RECTF()
    if not raw.FPDFAnnot_GetRect(note, ctypes.byref(edges)):
        return None
    x0, y0 = frame.matrix.on_point(edges.left, edges.top)
    x1, y1 = frame.matrix.on_point(edges.right, edges.bottom)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
