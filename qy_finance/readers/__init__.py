"""Readers: a file becomes a :class:`Document`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from qy_finance.files import sha256_of
from qy_finance.readers.document import Cell, Document, Grid, Line, squeeze
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import Box
from qy_finance.readers.text import read_text

__all__ = ["Box", "Cell", "Document", "Grid", "Limits", "Line", "read_document", "squeeze"]

_SIGNATURE: Final = b"%PDF-"
_SIGNATURE_REACH: Final = 1024  # bytes that may stand before it, as in PDF readers at large


def read_document(path: str | Path, limits: Limits | None = None) -> Document:
    """Read a file as PDF if it is one, otherwise as text.

    Raises
    ------
    ReportError
        See :func:`qy_finance.readers.text.read_text` and :func:`qy_finance.readers.pdf.read_pdf`.
    """
    path = Path(path)
    with path.open("rb") as file:
        is_pdf = _SIGNATURE in file.read(_SIGNATURE_REACH)
    if is_pdf:
        from qy_finance.readers.pdf import read_pdf  # its libraries take longer than a text to read

        document = read_pdf(path, limits or Limits())
    else:
        document = read_text(path)
    return replace(document, sha256=sha256_of(path))
