"""Readers: a file, whatever its format, becomes a :class:`Document`."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from qy_finance.errors import (
    DamagedReportError,
    EncryptedReportError,
    LimitError,
    NotAReportError,
)
from qy_finance.files import sha256_of
from qy_finance.readers.combine import combined
from qy_finance.readers.copies import without_copies
from qy_finance.readers.document import Cell, Document, Grid, Line, squeeze
from qy_finance.readers.kinds import kind_of
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import Box

__all__ = ["Box", "Cell", "Document", "Grid", "Limits", "Line", "read_document", "squeeze"]

_BROKEN: Final = zipfile.BadZipFile, zlib.error, EOFError, SyntaxError, NotImplementedError
"""What libraries say of packages whose parts are not what they should be; XML that is none is a syntax error."""

_LONG: Final = "pdf", "text"
"""Formats that are read in any length, or count their characters themselves."""

_OTHERS: Final = {
    "pptx": "slides", "zip": "an archive", "rar": "an archive", "7z": "an archive", "picture": "a picture",
}  # fmt: skip


def read_document(
    path: str | Path | Sequence[str | Path], limits: Limits | None = None
) -> Document:
    """Read a file, or the files of one report, by what they are, not by their names.

    Raises
    ------
    FileNotFoundError, PermissionError
        As the operating system says.
    ReportError
        It is damaged, locked, too large, or nothing that holds a report; see the readers.
    """
    if not isinstance(path, str | Path):
        paths = list(dict.fromkeys(map(Path, path)))
        if not paths:
            raise NotAReportError("read_report", "", "a file, or the files of one report", "none")
        if len(paths) > 1:
            return combined([read_document(one, limits) for one in paths])
        path = paths[0]
    path = Path(path)
    kind, limits = kind_of(path), limits or Limits()
    try:
        document = _read(path, kind, limits)
        if kind not in _LONG:
            limits.allow(path, "", "characters", len(document.text))
    except _BROKEN as error:
        found = " ".join(f"{type(error).__name__}: {error}".split())
        raise DamagedReportError(path.name, "", "a whole file", found) from error
    except MemoryError as error:
        raise LimitError(path.name, "", "a file that fits into memory", "a larger one") from error
    except RecursionError as error:
        wanted = "parts within each other as a report has them"
        raise LimitError(path.name, "", wanted, "many more") from error
    return without_copies(replace(document, sha256=sha256_of(path)))


def _read(path: Path, kind: str, limits: Limits) -> Document:
    """The libraries of a format are imported where it is read: they take longer than a text to read."""
    match kind:
        case "pdf":
            from qy_finance.readers.pdf import read_pdf

            return read_pdf(path, limits)
        case "docx":
            from qy_finance.readers.office.word import read_word

            return read_word(path, limits)
        case "xlsx" | "xls":
            from qy_finance.readers.office.sheets import read_sheets

            return read_sheets(path, limits, old=kind == "xls")
        case "page":
            from qy_finance.readers.web import read_page

            return read_page(path, limits)
        case "doc" | "rtf" | "odf" | "ofd" | "ole":
            from qy_finance.readers.office.converted import read_converted

            return read_converted(path, kind, limits)
        case "locked":
            wanted = "a file without a password"
            raise EncryptedReportError(path.name, "", wanted, "a locked file")
        case "damaged":
            raise DamagedReportError(path.name, "", "a whole file", "a package that is cut off")
        case "text":
            from qy_finance.readers.plain import read_text

            return read_text(path)
    wanted = "a PDF, a text, a web page, a Word document or a spreadsheet"
    raise NotAReportError(path.name, "", wanted, _OTHERS.get(kind, kind))
