"""Older formats (``.doc``, ``.wps``, ``.rtf``, ``.odt``, ``.ods``): through LibreOffice, where it is installed.

It works in a folder of its own with a profile of its own, which lets it run no macro, follow no link and compute no
formula anew, and is stopped after a time.
"""

from __future__ import annotations

import os
import re
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
from qy_finance.readers.office.package import opened

PROGRAMS: Final = ("soffice", "libreoffice")
_SECONDS: Final = 120
_FORMULA: Final = re.compile(rb"""\s(?:table|text):formula\s*=\s*(?:"[^"]*"|'[^']*')""")
_SHEETS: Final = b"opendocument.spreadsheet"
_SETTINGS: Final = {
    "Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true", "MacroSecurityLevel": "3", "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "Office.Calc/Formula/Load": {"ODFRecalcMode": "1", "OOXMLRecalcMode": "1"},
    "Office.Calc/Content/Update": {"Link": "2"},
    "Office.Writer/Content/Update": {"Link": "0"},
    # where nobody answers, should a link be followed all the same
    "Inet/Settings": {
        "ooInetProxyType": "2", "ooInetHTTPProxyName": "127.0.0.1", "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1", "ooInetHTTPSProxyPort": "9", "ooInetNoProxy": "",
    },
}  # fmt: skip
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
        if kind == "odf":
            _copy_without_formulas(path, source, limits)
        else:
            shutil.copyfile(path, source)
        settings = Path(folder, "profile", "user", "registrymodifications.xcu")
        settings.parent.mkdir(parents=True)
        settings.write_text(_profile(), encoding="utf-8")
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


def _copy_without_formulas(path: Path, source: Path, limits: Limits) -> None:
    """Copy an OpenDocument file so that cells keep what is stored in them: LibreOffice would compute them anew."""
    with opened(path, limits) as package, zipfile.ZipFile(source, "w") as made:
        for part in package.infolist():
            data = package.read(part)
            made.writestr(part, _FORMULA.sub(b"", data) if part.filename == "content.xml" else data)


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


def _profile() -> str:
    """The settings as LibreOffice keeps them."""
    items = (
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, settings in _SETTINGS.items()
        for name, value in settings.items()
    )
    space = "http://openoffice.org/2001/registry"
    return f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="{space}">{"".join(items)}</oor:items>'


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
