"""Readers: a file, as PDF or plain text, becomes a :class:`Document`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from qy_finance.files import sha256_of
from qy_finance.readers.copies import without_copies
from qy_finance.readers.document import Cell, Document, Grid, Line, squeeze
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import Box

__all__ = ["Box", "Cell", "Document", "Grid", "Limits", "Line", "read_document", "squeeze"]

_SIGNATURE: Final = b"%PDF-"
_SIGNATURE_REACH: Final = 1024  # bytes that may stand before it, as in PDF readers at large


def read_document(path: str | Path, limits: Limits | None = None) -> Document:
    """Read a file as PDF if it is one, otherwise as text.

    Raises
    ------
    FileNotFoundError, PermissionError
        As the operating system says.
    ReportError
        Of a PDF, see :func:`qy_finance.readers.pdf.read_pdf`; of a text, :func:`qy_finance.readers.plain.read_text`.
    """
    path = Path(path)
    with path.open("rb") as file:
        is_pdf = _SIGNATURE in file.read(_SIGNATURE_REACH)
    if is_pdf:
        from qy_finance.readers.pdf import read_pdf  # its libraries take longer than a text to read

        document = read_pdf(path, limits or Limits())
    else:
        from qy_finance.readers.plain import read_text

        document = read_text(path)
    return without_copies(replace(document, sha256=sha256_of(path)))
