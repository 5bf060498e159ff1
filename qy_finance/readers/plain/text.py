"""From the bytes of a text to a document: its characters, and the grids of tables that tell their cells."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from qy_finance.errors import EmptyReportError, NotAReportError, TruncatedReportError
from qy_finance.readers.document import Document
from qy_finance.readers.plain.aligned import aligned_grids, keeps_columns
from qy_finance.readers.plain.lines import rows_of
from qy_finance.readers.plain.tabbed import tabbed_grids

_LONGEST_CHARACTER: Final = 4  # bytes
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_text(path: Path) -> Document:
    """Read a text in UTF-8 (with or without mark), or in GB18030 as older systems write it.

    Its line breaks become ``\\n``; nothing else is changed. Tables whose cells are divided by tabs, or stand below each
    other as on the page, become grids.

    Raises
    ------
    EmptyReportError
        The file has no visible character.
    NotAReportError
        The file is no text.
    TruncatedReportError
        It ends in the middle of a character.
    """
    text = _decode(path.read_bytes(), path).replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\ufeff", "").strip():
        wanted = "the text of a final account (部门决算)"
        raise EmptyReportError(path.name, "", wanted, "no text")
    tabbed, aligned = "\t" in text, keeps_columns(text)
    rows = rows_of(text) if tabbed or aligned else []
    grids = [*tabbed_grids(rows)] if tabbed else []
    grids += aligned_grids(text, rows) if aligned else []
    return Document(path, text, tuple(sorted(grids)), open_ended=True)


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
