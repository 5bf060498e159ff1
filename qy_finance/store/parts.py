"""One report until it is merged with the others: a file with what it was seen to be and its rows.

A part is there as a whole or not at all; that it is there tells that its report is done.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from qy_finance.files import replacing

ENDING: Final = ".part"
_TOLD: Final = "told.json"
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    EOFError,
    OSError,
    pa.ArrowInvalid,
)
# tables of one report are small: handing their columns to threads takes longer than they do
_COMPRESSED: Final = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_READ: Final = pa.ipc.IpcReadOptions(use_threads=False)


def write(path: Path, told: Mapping[str, Any], tables: Mapping[str, pa.Table]) -> None:
    """Write a part; ``told`` is what JSON can say."""
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as package:
        package.writestr(_member(_TOLD), json.dumps(told, ensure_ascii=False))
        for name, table in tables.items():
            made = pa.BufferOutputStream()
            with pa.ipc.new_stream(made, table.schema, options=_COMPRESSED) as stream:
                stream.write_table(table)
            package.writestr(_member(name), made.getvalue().to_pybytes())


def told(path: Path) -> dict[str, Any] | None:
    """What a part tells of its report; None where there is none, or one that the disk has damaged."""
    try:
        with zipfile.ZipFile(path) as package:
            found = json.loads(package.read(_TOLD))
            return found if isinstance(found, dict) else None
    except _BROKEN:
        return None


def table(path: Path, name: str) -> pa.Table:
    """The rows of a resource."""
    with zipfile.ZipFile(path) as package:
        kept = package.read(name)
    with pa.ipc.open_stream(kept, options=_READ) as stream:
        return stream.read_all()


def _member(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name)  # of no time: the same report gives the same part
