"""What a corpus is made from: files of a folder or reports of a catalogue, each with its digest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from qy_finance.archives import files_in
from qy_finance.entries import NAME as CATALOGUE
from qy_finance.entries import Entry, load
from qy_finance.errors import CorpusError
from qy_finance.files import sha256_of, write_text

_KNOWN: Final = ".inputs.json"
"""Beside a corpus: size, time and digest of each file when it was last looked at. It may be deleted at any time."""

_MOST: Final = 1_000_000


@dataclass(frozen=True)
class Item:
    """A file, or the files of one report: their names in the source, where they are, their digests.

    ``entry`` is the line of a catalogue, ``replaced`` those of the versions that it replaces; ``wrong`` why it can't be
    read, where that is known already.
    """

    names: tuple[str, ...]
    paths: tuple[Path, ...]
    digests: tuple[str, ...]
    entry: Entry | None = None
    wrong: str = ""
    replaced: tuple[Entry, ...] = ()

    @property
    def sha256(self) -> str:
        """Its digests, as a catalogue writes them."""
        return ";".join(self.digests)

    @property
    def name(self) -> str:
        """Its names, as a catalogue writes them."""
        return ";".join(self.names)

    @property
    def key(self) -> str:
        """What it is found again by: digests and names, since a report that does not say whose it is has its name; and
        what the catalogue says of it.
        """
        said = f"{self.sha256} {self.name}"
        if self.entry is None:
            return said
        lines = json.dumps([self.entry, *self.replaced], ensure_ascii=False)
        return f"{said} {sha256(lines.encode()).hexdigest()[:16]}"


def joined(items: Sequence[Item]) -> Item:
    """The files of one report together."""
    names, paths, digests = zip(*((i.names, i.paths, i.digests) for i in items), strict=True)
    return Item(sum(names, ()), sum(paths, ()), sum(digests, ()))


class Digests:
    """Digests of files; one that has the size and the time that it had is not read again."""

    def __init__(self, corpus: Path) -> None:
        self._path = corpus / _KNOWN
        self._known: Mapping[str, Any] = {}
        self._seen: dict[str, list[Any]] = {}
        try:
            known = json.loads(self._path.read_text("utf-8"))
            self._known = known if isinstance(known, dict) else {}
        except (OSError, ValueError):  # not there, or cut: everything is looked at
            pass

    def known(self, path: Path) -> str | None:
        """The digest, if the file is as it was."""
        name, now = str(path.resolve()), _state(path)
        found = self._known.get(name)
        if not (isinstance(found, list) and len(found) == 3 and found[:2] == now):
            return None
        self._seen[name] = found
        return str(found[2])

    def of(self, path: Path) -> str:
        """The digest of a file."""
        if (known := self.known(path)) is None:
            seen = _state(path)  # before: what changes in the meantime is looked at again
            known = sha256_of(path)
            self._seen[str(path.resolve())] = [*seen, known]
        return known

    def keep(self) -> None:
        """Note them for the next time."""
        if self._seen != self._known:
            write_text(self._path, json.dumps(self._seen))  # names may be no Unicode


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def items_of(source: Path, digests: Digests, scratch: Path, into: Path) -> list[Item]:
    """What is to be read of a source: the reports of a catalogue, or every file of a folder.

    A catalogue is a folder with ``reports.csv``, or that file; archives are unpacked into ``scratch``. The corpus
    itself (``into``) is not looked at, should it stand in the folder.

    Raises
    ------
    CorpusError
        There is neither.
    CatalogueError
        The catalogue is at fault.
    """
    if source.name == CATALOGUE or (source / CATALOGUE).is_file():
        folder = source.parent if source.name == CATALOGUE else source
        return list(_listed(folder, digests))
    if not source.is_dir():
        raise CorpusError(source, "", "a folder of reports, or one with a catalogue", "none")
    found = sorted(_found(source, digests, scratch, into), key=lambda item: item.names)
    first: dict[str, Item] = {}
    for item in found:  # a file that is there twice is read once
        first.setdefault(item.sha256 or item.name, item)
    return list(first.values())


def _listed(folder: Path, digests: Digests) -> Iterator[Item]:
    catalogue = load(folder)
    for entry in catalogue.entries:
        replaced = tuple(catalogue.versions(entry)[1:]) if entry.replaces else ()
        paths = tuple(folder / file for file in entry.files)
        try:
            found = tuple(map(digests.of, paths))
        except OSError as error:
            yield Item(entry.files, paths, (), entry, error.strerror or "not there")
            continue
        right = ";".join(found) == entry.sha256
        wrong = "" if right else "another digest than the catalogue's"
        yield Item(entry.files, paths, found, entry, wrong, replaced)


def _found(source: Path, digests: Digests, scratch: Path, into: Path) -> Iterator[Item]:
    def is_known(path: Path) -> bool:
        return digests.known(path) is not None

    for found in files_in(source, scratch, most=_MOST, is_known=is_known, apart=into):
        if found.wrong:
            yield Item((found.name,), (found.path,), (), wrong=found.wrong)
            continue
        inside = found.path.is_relative_to(scratch)  # what is unpacked has no time of its own
        try:
            digest = sha256_of(found.path) if inside else digests.of(found.path)
        except OSError as error:
            yield Item((found.name,), (found.path,), (), wrong=error.strerror or str(error))
            continue
        yield Item((found.name,), (found.path,), (digest,))
