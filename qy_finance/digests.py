"""Digests of files that were computed before, known again by size and times of the file.

They stand in a small file beside them that is no data: it may be deleted at any time, and is not believed where a file
was touched since.
"""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

from qy_finance.files import sha256_of, write_text

NAME = ".checked.json"

#: A file that was written just now may be written again within one tick of the clock: nanoseconds until it is believed.
_SETTLED = 2_000_000_000


def stamp(path: Path) -> list[int]:
    """Size and times of a file: what is in it does not change without them."""
    told = path.stat()
    return [told.st_size, told.st_mtime_ns, told.st_ctime_ns]


class Digests:
    """SHA-256 of files of a folder; one that was not touched since is not read again.

    They are kept in ``kept``, or in a file of that folder.
    """

    def __init__(self, folder: Path, kept: Path | None = None) -> None:
        self._folder, self._path = folder, kept or folder / NAME
        self._known = _read(self._path)
        self._asked: dict[str, list[object]] = {}

    def known(self, file: Path) -> str | None:
        """The digest of a file below the folder, if that was not touched since."""
        name = str(file.relative_to(self._folder))
        seen = self._known.get(name)
        if seen is None or seen[1:] != stamp(file):
            return None
        self._asked[name] = seen
        return str(seen[0])

    def __call__(self, file: Path) -> str:
        """The digest of a file below the folder."""
        if (known := self.known(file)) is not None:
            return known
        name, now = str(file.relative_to(self._folder)), stamp(file)
        digest = sha256_of(file)
        if stamp(file) == now and time.time_ns() - max(now[1:]) > _SETTLED:
            self._asked[name] = [digest, *now]
        return digest

    def save(self) -> None:
        """Keep those that were asked for; where the folder cannot be written to, nothing is kept."""
        if self._asked != self._known:
            with suppress(OSError):
                write_text(self._path, json.dumps(self._asked) + "\n")


def _read(path: Path) -> dict[str, list[object]]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    known = found.items() if isinstance(found, dict) else ()
    return {name: seen for name, seen in known if isinstance(seen, list) and len(seen) == 4}
