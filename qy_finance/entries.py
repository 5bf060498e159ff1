"""The catalogue, ``data/reports.csv``: its lines (:mod:`qy_finance.lines`) together, and what is at fault among them.

A line at fault, or one that contradicts another, takes its own report out of the catalogue and no other: it is a
:class:`Fault`. What a line says of its files is checked when they are opened (:meth:`Catalogue.path`) or all at once
(:meth:`Catalogue.verified`).
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from qy_finance.errors import CatalogueError, UnknownReportError
from qy_finance.files import find_upward, sha256_of
from qy_finance.lines import (
    COLUMNS,
    FURTHER,
    NAME,
    Entry,
    Key,
    Wrong,
    again,
    contradictions,
    of_several,
    parsed,
)

__all__ = [
    "COLUMNS", "FURTHER", "NAME", "Catalogue", "Entry", "Fault", "Key", "find_data_dir", "load", "read",
]  # fmt: skip

_WANTED = f"a folder data/ with {NAME} (qy-finance init FOLDER makes one)"
_ALL = [*COLUMNS, *FURTHER]


class Fault(NamedTuple):
    """What is wrong in the catalogue, in one line, and the reports that it has not because of that."""

    error: CatalogueError
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """The lines of one data folder's ``reports.csv``.

    Attributes
    ----------
    data_dir : Path
        The folder.
    lines : tuple of Entry
        Each line that is right by itself, in the order of the file.
    faults : tuple of Fault
        What is wrong in the other lines, between lines, and, once it is verified, between a line and its files.
    numbers : mapping
        The line of the file on which an entry stands.
    """

    data_dir: Path
    lines: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()
    numbers: Mapping[Entry, int] | None = None

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The reports: of one that was published again, corrected, the last version; none that a fault is about."""
        replaced = {(entry.key, entry.replaces) for entry in self.lines if entry.replaces}
        last = (entry for entry in self.lines if (entry.key, entry.sha256) not in replaced)
        return tuple(entry for entry in last if entry.key not in self._at_fault)

    @cached_property
    def _at_fault(self) -> dict[Key, CatalogueError]:
        """The first fault of each report that has one."""
        return {key: fault.error for fault in reversed(self.faults) for key in fault.keys}

    @cached_property
    def _by_key(self) -> dict[Key, Entry]:
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def _by_digest(self) -> dict[str, Entry]:
        return {entry.sha256: entry for entry in self.lines}

    @cached_property
    def _by_account(self) -> dict[tuple[str, str], list[Entry]]:
        found = defaultdict(list)
        for entry in self.entries:
            found[entry.unit, entry.scope].append(entry)
        return found

    @cached_property
    def _scopes(self) -> dict[tuple[str, int], set[str]]:
        """Under which scopes a unit has reports of a year, at fault or not."""
        found = defaultdict(set)
        for key in (*self._by_key, *self._at_fault):
            found[key.unit, key.year].add(key.scope)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Key]]:
        """The reports that a unit or a name stands for."""
        found = defaultdict(list)
        for key in (*self._by_key, *self._at_fault):
            for name in {key.unit, self.name(key)}:
                found[name].append(key)
        return found

    def versions(self, entry: Entry) -> list[Entry]:
        """A report and the versions that it replaces, the last first."""
        found = [entry]
        while (before := self._by_digest.get(found[-1].replaces)) and before not in found:
            found.append(before)
        return found

    @property
    def text(self) -> str:
        """What stands in ``reports.csv``; the further columns only where one is filled."""
        made = io.StringIO()
        further = any(any(entry[len(COLUMNS) :]) for entry in self.lines)
        width = len(_ALL if further else COLUMNS)
        rows: list[Sequence[object]] = [_ALL, *self.lines]
        csv.writer(made, lineterminator="\n").writerows(row[:width] for row in rows)
        return made.getvalue()

    def where(self, entry: Entry) -> Path | tuple[Path, ...]:
        """Where the file of a report should be, or its files."""
        paths = tuple(self.data_dir / file for file in entry.files)
        return paths if len(paths) > 1 else paths[0]

    def path(self, entry: Entry) -> Path | tuple[Path, ...]:
        """The same, to be opened.

        Raises
        ------
        CatalogueError
            A file is not there, or not what it was when it was added.
        """
        if error := self._differs(entry, sha256_of):
            raise error
        return self.where(entry)

    def verified(self, digest: Callable[[Path], str] = sha256_of) -> Catalogue:
        """The same, with a fault for each line whose files are not what it says."""
        last = set(self.entries)
        found = tuple(
            Fault(error, (entry.key,) if entry in last else ())
            for entry in self.lines
            if (error := self._differs(entry, digest))
        )
        return replace(self, faults=self.faults + found) if found else self

    def _differs(self, entry: Entry, digest: Callable[[Path], str]) -> CatalogueError | None:
        """What a line says of its files, and is not so."""
        digests = []
        try:
            for name in entry.files:
                file = self.data_dir / name
                if not file.is_file():
                    return self._error(entry, Wrong("file", "a file that exists", name))
                if not file.resolve().is_relative_to(self._folder):
                    return self._error(entry, Wrong("file", "a path inside the data folder", name))
                digests.append(digest(file))
        except OSError as error:
            found = f"{entry.file}: {error.strerror}"
            return self._error(entry, Wrong("file", "a file that can be read", found))
        if (made := of_several(digests)) != entry.sha256:
            found = entry.sha256 or "nothing"
            return self._error(entry, Wrong("sha256", f"{made} (that of {entry.file})", found))
        return None

    def contradicted(self, entry: Entry, said: Key) -> CatalogueError | None:
        """What a line says of its report, where the report itself says another unit, year or scope."""
        for column, here, there in zip(Key._fields, entry.key, said, strict=True):
            if here != there:
                return self._error(entry, Wrong(column, f"{there}, as the report says", str(here)))
        return None

    @cached_property
    def _folder(self) -> Path:
        return self.data_dir.resolve()

    def _error(self, entry: Entry, wrong: Wrong) -> CatalogueError:
        number = (self.numbers or {}).get(entry)
        return wrong.error(self.data_dir / NAME, f"line {number}" if number else "new line")

    def name(self, entry: Entry | Key) -> str:
        """Name that stands for one report of its year: the unit, with the scope where it needs one.

        A unit may publish an account of its own (本级) and one for all below it (部门汇总) under one
        name; only then the scope is part of the name: ``某局（本级）``.
        """
        scopes = self._scopes.get((entry.unit, entry.year), ())
        return f"{entry.unit}（{entry.scope}）" if len(scopes) > 1 else entry.unit

    def all_years(self, unit: str, scope: str) -> list[Entry]:
        """Reports of a unit and scope for any year."""
        return list(self._by_account.get((unit, scope), ()))

    def before(self, key: Key) -> Entry | None:
        """The report of the same unit and scope for the year before; None too where that is at fault."""
        return self._by_key.get(key.before)

    def fault(self, key: Key) -> CatalogueError | None:
        """Why a report that has a line is not in the catalogue."""
        return self._at_fault.get(key)

    def select(self, year: int | None, unit: str | None = None) -> list[Entry]:
        """Reports of a year, or of all years: all of them, or those of one unit; none whose line is at fault.

        A unit is named in full, or by a part of its name that no other unit of these reports has (``某市``). A name
        that the catalogue has in full is never taken for a part of another: what a unit was called in another year
        stands for that year alone.

        Raises
        ------
        UnknownReportError
            There is none, at fault or not, or the part stands in several names; the message says which years, or which
            units of that year, there are.
        """
        found = (self._by_key.get(key) for key in self._select(year, unit))
        return [entry for entry in found if entry]

    def _select(self, year: int | None, unit: str | None) -> list[Key]:
        every = (*self._by_key, *self._at_fault)
        named = every if unit is None else self._by_name.get(unit, ())
        if chosen := [key for key in named if year in (None, key.year)]:
            return chosen
        of_year = [key for key in every if year in (None, key.year)]
        if not of_year:
            years = map(str, sorted(key.year for key in every))
            found = "none" if year is None else str(year)
            raise UnknownReportError(NAME, "year", _one_of(years), found)
        part = "" if named or unit is None else _plain(unit)
        having = [key for key in of_year if part and part in _plain(self.name(key))]
        if len({key.unit for key in having}) == 1:
            return having
        place = "unit" if year is None else f"unit, year {year}"
        names = _one_of(map(self.name, having or of_year))
        raise UnknownReportError(NAME, place, names, str(unit))

    def find(self, year: int, unit: str | None = None) -> Entry:
        """The one report of a year, or of a year and unit.

        Raises
        ------
        UnknownReportError
            There is none, or there are several; the message says which.
        CatalogueError
            Its line is at fault.
        """
        chosen = self._select(year, unit)
        if len(chosen) > 1:
            place, named = f"unit, year {year}", unit or "none named"
            raise UnknownReportError(NAME, place, _one_of(map(self.name, chosen)), named)
        if error := self.fault(chosen[0]):
            raise error
        return self._by_key[chosen[0]]


def find_data_dir(data_dir: str | Path = "") -> Path:
    """Folder with the catalogue: the one that is named, or the nearest ``data`` from here upward.

    Raises
    ------
    CatalogueError
        There is no ``reports.csv``.
    """
    found = Path(data_dir) if str(data_dir) else find_upward("data", NAME)
    if found is None:
        raise CatalogueError(Path.cwd(), "", _WANTED, "none")
    if not (found / NAME).is_file():
        raise CatalogueError(data_dir or found, "", f"a folder with {NAME}", "none")
    return found


def load(data_dir: str | Path = "") -> Catalogue:
    """Read the catalogue of a folder for what needs all of it: the first fault is raised.

    Raises
    ------
    CatalogueError, DuplicateReportError
        As :func:`read` raises them, or a line at fault; names the line.
    """
    catalogue = read(data_dir)
    for fault in catalogue.faults:
        raise fault.error
    return catalogue


def read(data_dir: str | Path = "") -> Catalogue:
    """Read the catalogue of a folder, as :func:`find_data_dir` takes it; lines at fault are among its faults.

    Raises
    ------
    CatalogueError
        No catalogue, or one that cannot be read at all: other columns, another encoding, a quote that is not closed.
    """
    folder = find_data_dir(data_dir)
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        place, found = f"byte {error.start + 1}", "another encoding"
        raise CatalogueError(path, place, "text in UTF-8", found) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    numbers: dict[Entry, int] = {}
    faults: list[Fault] = []
    try:
        header = next(reader, [])
        if header[: len(COLUMNS)] != COLUMNS or header != _ALL[: len(header)]:
            found = ",".join(header) or "nothing"
            raise CatalogueError(path, "line 1", f"columns {','.join(COLUMNS)}", found)
        for cells in reader:
            entry, wrong = parsed(cells, len(header))
            keys: tuple[Key, ...] = (entry.key,) if entry else ()
            if entry and not wrong:
                first = numbers.setdefault(entry, reader.line_num)
                if first != reader.line_num:  # the same once more, which leaves no doubt
                    wrong, keys = again(entry.key, first), ()
            if wrong:
                faults.append(Fault(wrong.error(path, f"line {reader.line_num}"), keys))
    except csv.Error as error:
        place = f"line {reader.line_num}"
        raise CatalogueError(path, place, "comma-separated cells", str(error)) from error
    for entry, wrong, keys in contradictions(numbers):
        faults.append(Fault(wrong.error(path, f"line {numbers[entry]}"), keys))
    return Catalogue(folder, tuple(numbers), tuple(faults), numbers)


def _plain(name: str) -> str:
    """A name as names are compared that somebody types: without blanks, full-width signs as the others."""
    return "".join(normalize("NFKC", name).split())


def _one_of(names: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(names)) or "nothing, the catalogue is empty"
