"""Reading a report that was published, or extracted, as plain text."""

from __future__ import annotations

import re
from pathlib import Path

from qy_finance.errors import EmptyReportError, NotAReportError, TruncatedReportError
from qy_finance.readers.document import Document

_LONGEST_CHARACTER = 4  # bytes
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_text(path: Path) -> Document:
    """Read the file as text: UTF-8 (with or without mark), or GB18030 as older systems write it.

    Line breaks become ``\\n``; nothing else is changed.

    Raises
    ------
    EmptyReportError
        The file has no visible character.
    NotAReportError
        The file is not text.
    TruncatedReportError
        The file ends in the middle of a character.
    FileNotFoundError, PermissionError
        As the operating system says.
    """
    data = path.read_bytes()
    text = _decode(data, path).replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\ufeff", "").strip():
        raise EmptyReportError(path.name, "", "the text of a final account (部门决算)", "no text")
    return Document(path, text, strict=True)


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
