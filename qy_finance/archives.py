"""What is in folders and archives: their files one by one, whatever they are called.

Names of files and of archives' members are shown, never believed and never written to: what an archive holds is
unpacked under numbers into a folder of its own, within bounds.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple

from qy_finance.readers.kinds import kind_of
from qy_finance.readers.limits import Limits

_MOST_FILES: Final = 5_000
_ARCHIVES: Final = 8  # times what one may unpack to, of all together
_DEEPEST: Final = 2  # archives in one another
_LONGEST: Final = 120  # characters of a member's name that are shown
_CHUNK: Final = 1 << 20
_LAST: Final = 22 + 0xFFFF  # bytes at the end of an archive, among which its last record stands
_LARGEST_DIRECTORY: Final = 4_000_000
_ENCRYPTED, _UTF8 = 0x1, 0x800  # flags of a member
_UNSAFE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LEFT: Final = re.compile(
    r"(?:^|/)(?:\.(?!\.)|~\$|__MACOSX/|Thumbs\.db$)"
)  # what systems and programs leave
_BAD: Final = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


class Found(NamedTuple):
    """A file, what it is called where it was found, and why it can't be looked at, if so."""

    path: Path
    name: str
    wrong: str = ""


def files_in(
    place: Path,
    scratch: Path,
    limits: Limits | None = None,
    most: int = _MOST_FILES,
    is_known: Callable[[Path], bool] = lambda _: False,
    apart: Path | None = None,
) -> Iterator[Found]:
    """The files of a folder or an archive, in the order of their names; of a file itself.

    Archives are unpacked into ``scratch``, those in archives too, but not those in these. Links are not followed. No
    more than ``most`` files are told; ``is_known`` tells of a file that it is no archive, before it is opened; what is
    in the folder ``apart`` is none of them.
    """
    unpacked = _Unpacked(scratch, limits or Limits())
    for number, found in enumerate(_walk(place, apart)):
        if number >= most:
            yield Found(place, place.name, f"more than {most:,} files; the rest was not looked at")
            return
        yield from [found] if is_known(found.path) else unpacked.files(found, 1)


def _walk(place: Path, apart: Path | None) -> Iterator[Found]:
    if not place.is_dir():
        yield Found(place, place.name)
        return
    for folder, folders, files in os.walk(place):
        folders.sort()
        folders[:] = [
            name for name in folders if not name.startswith(".") and Path(folder, name) != apart
        ]
        for name in sorted(files):
            path = Path(folder, name)
            shown = path.relative_to(place).as_posix()
            if not _LEFT.search(shown) and path.is_file() and not path.is_symlink():
                yield Found(path, _shown(shown))


class _Unpacked:
    """Unpacks archives into a folder: each within bounds of its own, all of them within others."""

    def __init__(self, scratch: Path, limits: Limits) -> None:
        self.scratch, self.limits = scratch, limits
        self.files_left = self.bytes_left = 0  # of the archive at hand
        self.number, self.room = 0, _ARCHIVES * limits.unpacked

    def files(self, found: Found, depth: int) -> Iterator[Found]:
        """The file, or what it holds if it is an archive."""
        try:
            with found.path.open("rb") as file:
                packed = file.read(2) == b"PK"
            is_archive = packed and kind_of(found.path) == "zip"
        except OSError as error:
            yield found._replace(wrong=error.strerror or str(error))
            return
        if not is_archive:
            yield found
        elif depth > _DEEPEST:
            yield found._replace(wrong="an archive in an archive in an archive: unpack it first")
        else:
            if depth == 1:
                self.files_left = min(self.limits.parts, _MOST_FILES)
                self.bytes_left = min(self.limits.unpacked, self.room)
            yield from self._members(found, depth)

    def _members(self, found: Found, depth: int) -> Iterator[Found]:
        try:
            if _directory_of(found.path) > _LARGEST_DIRECTORY:
                yield found._replace(wrong="an archive of too many files")
                return
            with zipfile.ZipFile(found.path) as archive:
                members = archive.infolist()
                for member in sorted(members, key=_name):
                    name = _name(member)
                    if member.is_dir() or _LEFT.search(name):
                        continue
                    if self.files_left <= 0 or self.bytes_left <= 0:
                        yield found._replace(
                            wrong="more than archives may unpack to; the rest was not looked at"
                        )
                        return
                    self.files_left -= 1
                    self.number += 1
                    yield from self._member(archive, member, f"{found.name}/{_shown(name)}", depth)
        except _BAD as error:
            yield found._replace(wrong=f"a damaged archive ({error or type(error).__name__})")

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, depth: int
    ) -> Iterator[Found]:
        ends = Path(name).suffix.lower()
        ends = ends if re.fullmatch(r"\.[a-z0-9]{1,6}", ends) else ""
        path = self.scratch / f"{self.number:06}{ends}"
        if member.flag_bits & _ENCRYPTED:
            yield Found(path, name, "locked with a password")
            return
        try:
            with archive.open(member) as packed, path.open("wb") as file:
                whole = self._copy(packed, file)
        except _BAD as error:
            yield Found(path, name, f"damaged in its archive ({error or type(error).__name__})")
            return
        if not whole:
            path.unlink()
            yield Found(
                path, name, f"larger than {self.limits.unpacked:,} bytes with the files before it"
            )
            return
        yield from self.files(Found(path, name), depth + 1)

    def _copy(self, packed: IO[bytes], file: IO[bytes]) -> bool:
        """Whether all of it was within bounds: what an archive says of its sizes is not believed."""
        while chunk := packed.read(_CHUNK):
            self.bytes_left -= len(chunk)
            if self.bytes_left <= 0:
                return False
            file.write(chunk)
        self.room -= file.tell()
        return True


def _directory_of(path: Path) -> int:
    """How many bytes the list of an archive's members has, by its last record; it is taken into memory whole."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _LAST, 0))
        end = file.read(_LAST)
    at = end.rfind(b"PK\x05\x06")
    return int.from_bytes(end[at + 12 : at + 16], "little") if at >= 0 else 0


def _name(member: zipfile.ZipInfo) -> str:
    """A member's name: Windows in China writes GBK and does not say so."""
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return member.filename


def _shown(name: str) -> str:
    """A name without what could change how a terminal shows it, and not longer than a line."""
    name = _UNSAFE.sub("�", name.encode("utf-8", "replace").decode())
    return name if len(name) <= _LONGEST else f"…{name[-_LONGEST:]}"
