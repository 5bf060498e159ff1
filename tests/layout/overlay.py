"""Draws over pages of a PDF that is there, as stamps, watermarks and corrections do."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from math import cos, radians, sin
from pathlib import Path

import pypdfium2 as pdfium
from pypdfium2 import raw

Colour = tuple[int, int, int, int]
GREY: Colour = (190, 190, 190, 255)
BLACK: Colour = (0, 0, 0, 255)
WHITE: Colour = (255, 255, 255, 255)


class Overlay:
    """A PDF that is drawn over; points count from the top left corner of the page as it is written."""

    def __init__(self, path: Path) -> None:
        self.document = pdfium.PdfDocument(path)
        self.pages = [*self.document]

    def text(
        self,
        pages: Iterable[int],
        text: str,
        x: float,
        baseline: float,
        size: float,
        colour: Colour = GREY,
        angle: float = 0.0,
    ) -> None:
        """Write digits or letters on pages, which count from 1."""
        for number in pages:
            page = self.pages[number - 1]
            thing = raw.FPDFPageObj_NewTextObj(self.document.raw, b"Helvetica", size)
            letters = (text + "\0").encode("utf-16-le")
            assert raw.FPDFText_SetText(
                thing, ctypes.cast(letters, ctypes.POINTER(ctypes.c_ushort))
            )
            raw.FPDFPageObj_SetFillColor(thing, *colour)
            turn = cos(radians(angle)), sin(radians(angle))
            up = page.get_height() - baseline
            raw.FPDFPageObj_Transform(thing, turn[0], turn[1], -turn[1], turn[0], x, up)
            self._insert(page, thing)

    def box(
        self,
        page: int,
        x0: float,
        top: float,
        x1: float,
        bottom: float,
        colour: Colour = WHITE,
    ) -> None:
        """Fill a rectangle on a page."""
        sheet = self.pages[page - 1]
        thing = raw.FPDFPageObj_CreateNewRect(
            x0, sheet.get_height() - bottom, x1 - x0, bottom - top
        )
        raw.FPDFPageObj_SetFillColor(thing, *colour)
        raw.FPDFPath_SetDrawMode(thing, raw.FPDF_FILLMODE_WINDING, False)
        self._insert(sheet, thing)

    def note(self, page: int, kind: int, x0: float, top: float, x1: float, bottom: float) -> None:
        """Put an annotation on a page."""
        sheet = self.pages[page - 1]
        height = sheet.get_height()
        note = raw.FPDFPage_CreateAnnot(sheet.raw, kind)
        edges = raw.FS_RECTF(x0, height - top, x1, height - bottom)
        assert raw.FPDFAnnot_SetRect(note, ctypes.byref(edges))
        raw.FPDFPage_CloseAnnot(note)

    def save(self, path: Path) -> Path:
        for page in self.pages:
            assert raw.FPDFPage_GenerateContent(page.raw)
        self.document.save(path)
        self.document.close()
        return path

    def _insert(self, page: pdfium.PdfPage, thing: object) -> None:
        raw.FPDFPage_InsertObject(page.raw, thing)
