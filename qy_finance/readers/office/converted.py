"""Older formats (``.doc``, ``.wps``, ``.rtf``, ``.odt``, ``.ods``): through LibreOffice, where it is installed.

It works in a folder of its own with a profile of its own, without macros or a network, and is stopped after a time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from qy_finance.errors import DamagedReportError, LimitError, NotAReportError
from qy_finance.readers.document import Document, Placement
from qy_finance.readers.limits import Limits

PROGRAMS: Final = ("soffice", "libreoffice")
_SECONDS: Final = 120
_SHEETS: Final = b"opendocument.spreadsheet"
_NAMES: Final = {
    "doc": ".doc", "rtf": ".rtf", "odf": ".odt", "ole": ".wps",
}  # fmt: skip


def read_converted(path: Path, kind: str, limits: Limits) -> Document:
    """Read a file of an older format.

    Raises
    ------
    NotAReportError
        LibreOffice is not installed, or can't open it.
    LimitError
        It takes too long.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None or kind == "ofd":
        wanted = "LibreOffice (soffice) on this machine, which opens such files"
        if kind == "ofd":
            wanted = "the report as a PDF"
        raise NotAReportError(path.name, "", wanted, _named(kind))
    limits.allow(path, "", "size", path.stat().st_size)
    sheets = kind == "odf" and _is_of_sheets(path)
    with TemporaryDirectory(prefix="qy-finance-") as folder:
        source = Path(folder, "source").with_suffix(".ods" if sheets else _NAMES[kind])
        shutil.copyfile(path, source)
        wanted = "xlsx" if sheets else "docx"
        _convert(program, source, Path(folder), wanted, path)
        made = source.with_suffix(f".{wanted}")
        if not made.is_file():
            raise DamagedReportError(path.name, "", "a document that opens", _named(kind))
        if sheets:
            from qy_finance.readers.office.sheets import read_sheets

            return replace(read_sheets(made, limits), path=path)
        from qy_finance.readers.office.word import read_word

        read = read_word(made, limits)
        # its pictures are not in the file itself
        insets = tuple(inset._replace(source=Placement()) for inset in read.insets)
        return replace(read, path=path, insets=insets)


def _convert(program: str, source: Path, folder: Path, wanted: str, path: Path) -> None:
    command = [
        program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", wanted, "--outdir", str(folder), str(source),
    ]  # fmt: skip
    quiet = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    with subprocess.Popen(command, start_new_session=True, **quiet) as process:  # type: ignore[call-overload]
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired as error:
            with suppress(OSError, AttributeError):
                os.killpg(process.pid, 9)
            process.kill()
            limit = f"a document that LibreOffice opens within {_SECONDS} s"
            raise LimitError(path.name, "", limit, "one that it does not") from error


def _is_of_sheets(path: Path) -> bool:
    with suppress(zipfile.BadZipFile, KeyError, OSError), zipfile.ZipFile(path) as package:
        return _SHEETS in package.read("mimetype")
    return False


def _named(kind: str) -> str:
    return {
        "doc": "a Word document of the older format (.doc)",
        "rtf": "a rich text (.rtf)",
        "odf": "an OpenDocument file",
        "ofd": "an OFD document",
    }.get(kind, "a file of office software of an older format")
