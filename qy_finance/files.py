"""Files and folders: finding the project's own, naming safely, writing all or nothing."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qy_finance.errors import ReportError

#: Names that Windows keeps for devices, whatever the extension.
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{p}{i}" for p in ("COM", "LPT") for i in range(10))}

#: Length of a name in characters; three bytes each in UTF-8, it leaves room below the limit of 255.
NAME_LENGTH = 60

#: Stands in the name of a file that is not finished; what a killed run left is known by it.
TEMPORARY = ".tmp"


def safe_name(text: str) -> str:
    """Name for a file or folder made of a text that somebody else wrote.

    Letters (Chinese ones too), digits, ``-``, ``_`` and full-width brackets stay; everything else,
    separators, dots and control characters among it, becomes ``_``. A name that had to be changed
    gets a short digest of the original, so that two texts never share a name; so does one with capital letters,
    which some file systems do not tell from small ones.
    """
    kept = "".join(
        c if c.isalnum() or c in "-_（）" else "_" for c in unicodedata.normalize("NFC", text)
    )
    name = kept.strip("_")[:NAME_LENGTH]
    if name and name == text and name == name.lower() and name.upper() not in RESERVED:
        return name
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name}-{digest}" if name else digest


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of(folder: Path, files: Iterable[Path]) -> str:
    """SHA-256 of files below a folder together, of their names and contents."""
    lines = (f"{sha256_of(file)}  {file.relative_to(folder).as_posix()}\n" for file in files)
    return hashlib.sha256("".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()


def find_upward(folder: str, pattern: str) -> Path | None:
    """Nearest ``folder`` in the working directory or above it that holds a match of ``pattern``."""
    here = Path.cwd()
    folders = (parent / folder for parent in (here, *here.parents))
    return next((found for found in folders if any(found.glob(pattern))), None)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Path to write to instead of ``path``; moved there when the block ends without an error.

    The temporary name lies in the same folder, so that the move is one step of the file system,
    and it is removed if the block fails or is interrupted.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{secrets.token_hex(6)}{TEMPORARY}{path.suffix}")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        if error.filename is None:  # a full disk is told without it
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text with plain line ends, all of it or nothing."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Keep other processes out of ``folder`` while the block runs.

    The operating system drops the lock when the process ends, however it ends.

    Raises
    ------
    ReportError
        Another process holds the lock.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    try:
        held = FileLock(folder / ".lock").acquire(timeout=0)
    except Timeout as error:
        expected, found = "a folder that nothing else is writing to", "another qy-finance at work"
        raise ReportError(folder, "", expected, found) from error
    with held:
        yield
