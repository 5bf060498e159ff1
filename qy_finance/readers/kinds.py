"""What a file is, by its first bytes and by what is in it; names are not believed."""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Final

_PDF: Final = b"%PDF-"
_REACH: Final = 1024  # bytes that may stand before it, as in PDF readers at large
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE: Final = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|div|table|p)[\s>]", re.I)
_MAIL: Final = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){2}", re.I)
_STREAMS: Final = (
    ("doc", "WordDocument"),
    ("xls", "Workbook"),
    ("xls", "Book"),
    ("locked", "EncryptedPackage"),
)
_PARTS: Final = (
    ("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml"), ("pptx", "ppt/presentation.xml"),
    ("ofd", "OFD.xml"), ("odf", "content.xml"),
)  # fmt: skip


def kind_of(path: Path) -> str:
    """``pdf``, ``docx``, ``xlsx``, ``pptx``, ``odf``, ``ofd``, ``zip``, ``doc``, ``xls``, ``locked``, ``ole``, ``rtf``,
    ``rar``, ``7z``, ``picture``, ``page`` (of the web), ``damaged`` (a package) or ``text``."""
    with path.open("rb") as file:
        head = file.read(8192)
    if head.startswith(_ZIP):  # in which a PDF may stand as it is
        return _package(path)
    if _PDF in head[:_REACH]:
        return "pdf"
    if head.startswith(_OLE):
        return _compound(path)
    for kind, sign in (
        ("rtf", b"{\\rtf"), ("rar", b"Rar!"), ("7z", b"7z\xbc\xaf\x27\x1c"), ("picture", b"\x89PNG"),
        ("picture", b"\xff\xd8\xff"), ("picture", b"II*\0"), ("picture", b"MM\0*"), ("picture", b"GIF8"),
    ):  # fmt: skip
        if head.startswith(sign):
            return kind
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16
    plain = head[2:].replace(b"\0", b"") if wide else head
    start = plain.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<") and _PAGE.search(plain):
        return "page"
    is_mail = _MAIL.match(start) and b"multipart/related" in head.lower()
    return "page" if is_mail or b"<html" in head[:4096].lower() else "text"


def _package(path: Path) -> str:
    with suppress(zipfile.BadZipFile, OSError, ValueError), zipfile.ZipFile(path) as package:
        names = set(package.namelist())
        return next((kind for kind, part in _PARTS if part in names), "zip")
    return "damaged"


def _compound(path: Path) -> str:
    """What an older file of office software is: the names of its streams stand in its directory."""
    data = path.read_bytes()
    for kind, stream in _STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return kind
    return "ole"
