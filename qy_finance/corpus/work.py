"""What a corpus is made from: files of a folder or reports of a catalogue, each with its digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from qy_finance.archives import files_in
from qy_finance.digests import Digests
from qy_finance.entries import NAME as CATALOGUE
from qy_finance.entries import Entry, read
from qy_finance.errors import CorpusError
from qy_finance.files import sha256_of
from qy_finance.store.keeping import key_of

KNOWN: Final = ".inputs.json"
"""In a corpus: digest, size and times of each file when it was last looked at. It may be deleted at any time."""

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
    def size(self) -> int:
        """Bytes of its files, as far as they are there."""
        return sum(path.stat().st_size for path in self.paths if path.is_file())

    @property
    def name(self) -> str:
        """Its names, as a catalogue writes them."""
        return ";".join(self.names)

    @property
    def key(self) -> str:
        """What it is found again by."""
        lines = () if self.entry is None else (self.entry, *self.replaced)
        return key_of(self.sha256, self.name, lines)


def joined(items: Sequence[Item]) -> Item:
    """The files of one report together."""
    names, paths, digests = zip(*((i.names, i.paths, i.digests) for i in items), strict=True)
    return Item(sum(names, ()), sum(paths, ()), sum(digests, ()))


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
    catalogue = read(folder)
    for fault in catalogue.faults:
        for key in fault.keys:
            yield Item((str(key),), (), (), wrong=fault.error.found or fault.error.expected)
    for entry in catalogue.entries:
        replaced = tuple(catalogue.versions(entry)[1:]) if entry.replaces else ()
        paths = tuple(folder / file for file in entry.files)
        try:
            found = tuple(map(digests, paths))
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
            digest = sha256_of(found.path) if inside else digests(found.path)
        except OSError as error:
            yield Item((found.name,), (found.path,), (), wrong=error.strerror or str(error))
            continue
        yield Item((found.name,), (found.path,), (digest,))
