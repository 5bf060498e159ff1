"""Zip packages (docx, xlsx, odt, ofd, archives): what is in them, opened with care."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from qy_finance.errors import DamagedReportError, EncryptedReportError
from qy_finance.readers.limits import Limits

_LOCKED: Final = 0x1


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """A package of which no part, nor all of them, unpacks to more than is allowed.

    Raises
    ------
    DamagedReportError, EncryptedReportError, LimitError
        It can't be opened, is locked, or is too large.
    """
    limits.allow(path, "", "size", path.stat().st_size)
    try:
        package = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DamagedReportError(path.name, "", "a whole file", "a damaged package") from error
    with package:
        parts = package.infolist()
        limits.allow(path, "", "parts", len(parts))
        limits.allow(path, "", "unpacked", sum(part.file_size for part in parts))
        markup = (
            part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels"))
        )
        limits.allow(path, "", "markup", max(markup, default=0))
        if any(part.flag_bits & _LOCKED for part in parts):
            raise EncryptedReportError(path.name, "", "a file without a password", "a locked file")
        try:
            yield package
        except OSError as error:  # a place that is not in the file
            raise DamagedReportError(path.name, "", "a whole file", "a damaged package") from error
