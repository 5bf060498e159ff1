"""Readers: a file, as PDF or plain text, becomes a :class:`Document`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from qy_finance.errors import EmptyReportError, NotAReportError, TruncatedReportError
from qy_finance.files import sha256_of
from qy_finance.readers.copies import without_copies
from qy_finance.readers.document import Cell, Document, Grid, Line, squeeze
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import Box

__all__ = ["Box", "Cell", "Document", "Grid", "Limits", "Line", "read_document", "squeeze"]

_SIGNATURE: Final = b"%PDF-"
_SIGNATURE_REACH: Final = 1024  # bytes that may stand before it, as in PDF readers at large
_LONGEST_CHARACTER: Final = 4  # bytes
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_document(path: str | Path, limits: Limits | None = None) -> Document:
    """Read a file as PDF if it is one, otherwise as text.

    Text is UTF-8 (with or without mark), or GB18030 as older systems write it. Its line breaks become ``\\n``;
    nothing else is changed.

    Raises
    ------
    EmptyReportError
        The file has no visible character.
    NotAReportError
        The file is neither a PDF nor text.
    TruncatedReportError
        A text ends in the middle of a character.
    FileNotFoundError, PermissionError
        As the operating system says.
    ReportError
        Of a PDF, see :func:`qy_finance.readers.pdf.read_pdf`.
    """
    path = Path(path)
    with path.open("rb") as file:
        is_pdf = _SIGNATURE in file.read(_SIGNATURE_REACH)
    if is_pdf:
        from qy_finance.readers.pdf import read_pdf  # its libraries take longer than a text to read

        document = read_pdf(path, limits or Limits())
    else:
        text = _decode(path.read_bytes(), path).replace("\r\n", "\n").replace("\r", "\n")
        if not text.replace("\ufeff", "").strip():
            wanted = "the text of a final account (部门决算)"
            raise EmptyReportError(path.name, "", wanted, "no text")
        document = Document(path, text, open_ended=True)
    return without_copies(replace(document, sha256=sha256_of(path)))


def _decode(data: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            whole = data[: error.start].decode(encoding)
            if len(data) - error.start < _LONGEST_CHARACTER and "决算" in whole:
                place = f"line {whole.count(chr(10)) + 1}"
                expected, found = "the rest of the report", "the end of the file within a character"
                raise TruncatedReportError(path.name, place, expected, found) from error
            continue
        if not _CONTROL.search(text):
            return text
    raise NotAReportError(path.name, "", "a PDF, or text in UTF-8 or GB18030", "binary data")
