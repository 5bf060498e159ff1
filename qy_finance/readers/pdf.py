"""Reading a report that was published as PDF."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from qy_finance.errors import (
    DamagedReportError,
    EmptyReportError,
    EncryptedReportError,
    ScannedReportError,
    TruncatedReportError,
)
from qy_finance.garbage import uncollected
from qy_finance.readers.compose import compose
from qy_finance.readers.document import Document
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import Box, Page
from qy_finance.readers.scanned import ocr
from qy_finance.readers.streams import Streams, verify_table
from qy_finance.readers.things import drawn_on
from qy_finance.readers.view import Watermarks, read_page

_PDFIUM: Final = Lock()  # it does one thing at a time
_END: Final = b"%%EOF"
_OBJECT: Final = re.compile(rb"\d\s+obj\b")
_ENCRYPTED: Final = b"/Encrypt"
_POINTS: Final = 72  # to the inch
_MOST_PIXELS: Final = 6_000  # along a side of a page's picture


def read_pdf(path: Path, limits: Limits) -> Document:
    """Read a PDF, its scanned pages too where ``qy-finance[ocr]`` is installed.

    Raises
    ------
    EncryptedReportError
        The file asks for a password.
    TruncatedReportError
        The file has no end.
    DamagedReportError
        The file, or one of its pages, can't be opened, or what it holds is not what was written.
    EmptyReportError
        Nothing is printed on the pages.
    LimitError
        The file has more than ``limits`` allow.
    ScannedReportError
        Pages are pictures and the extra that recognises their text is not installed.
    """
    with _PDFIUM, uncollected():
        pages = list(_pages(path, limits))
    if not any(page.glyphs or page.picture for page in pages):
        raise EmptyReportError(path.name, "", "the text of a final account (部门决算)", "no text")
    unread = tuple(page.number for page in pages if page.picture is not None)
    inner = [str(page.number) for page in pages[1:-1] or pages if page.is_scanned]
    if inner:
        wanted = "text, or the extra that reads pictures of text (pip install 'qy_finance[ocr]')"
        raise ScannedReportError(path.name, f"page {', '.join(inner)}", wanted, "pictures")
    return compose(path, pages, limits, unread)


def picture(path: Path, number: int, part: Box, scale: float) -> NDArray[np.uint8]:
    """Part of a page as it is shown, in RGB with ``scale`` pixels to the point; pages count from 1."""
    with _PDFIUM, pdfium.PdfDocument(path) as document:
        page = document[number - 1]
        width, height = page.get_size()
        margins = (part.x0, height - part.bottom, width - part.x1, part.top)
        bitmap = page.render(scale=scale, crop=margins, rev_byteorder=True)
        return np.array(bitmap.to_numpy()[..., :3])


def _pages(path: Path, limits: Limits) -> Iterator[Page]:
    begun = time.monotonic()
    characters = 0
    marks = Watermarks()
    with _opened(path, limits) as (document, layered):
        limits.allow(path, "", "pages", len(document))
        for number in range(1, len(document) + 1):
            place = f"page {number}"
            try:
                sheet = document[number - 1]
            except pdfium.PdfiumError as error:
                raise DamagedReportError(path.name, place, "a page", "damaged data") from error
            textpage = sheet.get_textpage()
            characters += textpage.count_chars()
            limits.allow(path, place, "characters", characters)
            drawn = drawn_on(sheet)
            limits.allow(path, place, "segments", sum(thing.pieces for thing in drawn.others))
            page = read_page(sheet, textpage, drawn, number, marks=marks, layered=layered)
            if page.picture is not None and ocr.available():
                page = _recognised(sheet, page)
            yield page
            textpage.close()
            sheet.close()
            limits.allow(path, place, "seconds", time.monotonic() - begun)


def _recognised(sheet: pdfium.PdfPage, page: Page) -> Page:
    """The page with what is recognised on its picture."""
    scale = min(ocr.RESOLUTION / _POINTS, _MOST_PIXELS / max(page.width, page.height))
    image = sheet.render(scale=scale, rotation=-page.turned % 360).to_numpy()
    read = ocr.recognise(image, page.number, page.width, page.height)
    assert page.picture is not None
    return replace(
        page,
        glyphs=(*page.glyphs, *filter(page.picture.holds, read.glyphs)),
        rules=(*page.rules, *filter(page.picture.holds, read.rules)),
        picture=None,
        tilt=0.0 if page.glyphs else read.tilt,
    )


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[tuple[pdfium.PdfDocument, bool]]:
    """A file, and whether it has layers."""
    limits.allow(path, "", "size", path.stat().st_size)
    data = path.read_bytes()
    end = data.rfind(_END)
    if end < 0 or _OBJECT.search(data, end):
        raise TruncatedReportError(path.name, "", "the end of a PDF (%%EOF)", "the end of the file")
    verify_table(path, data)
    is_encrypted = _ENCRYPTED in data
    streams = None if is_encrypted else Streams(path, data, limits)
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # where a file has no pages, the code is that of an earlier error
        if is_encrypted and error.err_code == raw.FPDF_ERR_PASSWORD:
            raise EncryptedReportError(path.name, "", "a PDF without a password") from error
        expected, found = "a PDF with pages", "damaged data, or no pages"
        raise DamagedReportError(path.name, "", expected, found) from error
    try:
        if streams is None:  # one that is encrypted with an empty password can be opened
            copy = BytesIO()
            document.save(copy, flags=raw.FPDF_REMOVE_SECURITY)
            streams = Streams(path, copy.getvalue(), limits)
        yield document, streams.layered
        streams.verify()
    finally:
        document.close()
