"""How large a file may be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qy_finance.errors import LimitError

_THINGS: Final = {
    "size": "bytes",
    "parts": "parts of a package",
    "markup": "bytes of XML in one part",
    "cells": "cells of tables",
    "unpacked": "bytes that a package unpacks to",
    "pages": "pages",
    "drawing": "bytes of inflated data that draws a page",
    "stream": "bytes of inflated data",
    "characters": "characters",
    "segments": "pieces of lines",
    "lines": "ruling lines",
    "seconds": "seconds",
    "pictures": "pictures within the text",
    "pixels": "pixels of a picture within the text",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a PDF is read before it is refused, so that no file takes all time or memory of a machine.

    A final account has up to some 300 pages with 2,000 characters, 1,000 pieces of ruling lines and 200 kB of
    drawing each, in 100 MB of scans.

    Attributes
    ----------
    size : int
        Bytes of the file.
    pages : int
        Pages of the file.
    drawing : int
        Bytes that any one compressed stream which draws a page inflates to; pdfium takes 35 times as many.
    stream : int
        Bytes that any other one inflates to: a picture, a font. A colour scan of A3 with 600 dpi has 210 MB.
    characters : int
        Characters of all pages; a million take some 400 MB of memory.
    segments : int
        Pieces of drawn lines on any one page.
    lines : int
        Ruling lines that these make on any one page.
    parts, unpacked, markup : int
        Of a package (docx, xlsx): its parts, bytes that all of them unpack to, and that any one of XML does.
    cells : int
        Cells of the tables of an office document or a web page, those that others cover too.
    seconds : float
        Time for all pages. A text page takes about 0.01 s, a scanned one up to 4 s.
    pictures, pixels : int
        Pictures within the text of a document that are recognised, and pixels of each; what is beyond is told.
    """

    size: int = 500_000_000
    pages: int = 1_000
    drawing: int = 10_000_000
    stream: int = 250_000_000
    characters: int = 1_000_000
    segments: int = 200_000
    lines: int = 1_000
    seconds: float = 600
    parts: int = 20_000
    unpacked: int = 500_000_000
    markup: int = 50_000_000
    cells: int = 500_000
    pictures: int = 100
    pixels: int = 50_000_000

    def allow(self, path: Path, place: str, limit: str, found: float) -> None:
        """Refuse a file of which more was found than this limit: LimitError, which tells how to allow more."""
        most = getattr(self, limit)
        if found > most:
            raise LimitError(
                path.name,
                place,
                f"at most {most:,} {_THINGS[limit]} (read_report(…, limits=Limits({limit}=…)) allows more)",
                f"{found:,.0f}",
            )
