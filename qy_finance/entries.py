"""The lines of the catalogue, ``data/reports.csv``: which report is which file.

One line for each report: ``unit`` (单位, as the report prints it), ``year`` (年度), ``scope`` (本级 or
部门汇总), ``file`` (relative to the data folder; of a report in several all of them, divided by ``;``), ``sha256`` of
each, ``kind`` (what the file is, or ``several``) and ``source`` (where it was published, its address). Further columns
may follow: ``published`` and ``retrieved`` (dates) and ``replaces``, the ``sha256`` of the version of the same report
that this one corrects: both stay, and the later one counts. What the lines say is checked whenever the catalogue is
loaded.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from qy_finance.errors import CatalogueError, DuplicateReportError, UnknownReportError
from qy_finance.files import find_upward, sha256_of

NAME = "reports.csv"
SCOPES = ("本级", "部门汇总")
#: What a file can be, and how names of such files end; the first is given where a name ends otherwise.
KINDS = {
    "text": (".txt",), "pdf": (".pdf",), "docx": (".docx",), "xlsx": (".xlsx", ".xlsm"), "xls": (".xls", ".et"),
    "page": (".html", ".htm", ".shtml", ".mht", ".mhtml"), "doc": (".doc", ".wps"), "rtf": (".rtf",),
    "odf": (".odt", ".ods"), "ole": (".wps", ".et"),
}  # fmt: skip
SEVERAL = "several"
_BETWEEN = ";"
#: Final accounts in today's form (the functional classification of 2007) and no typing errors.
YEARS = range(2007, 2100)


class Key(NamedTuple):
    """What tells a report from all others."""

    unit: str
    year: int
    scope: str

    @property
    def before(self) -> Key:
        """That of the year before."""
        return self._replace(year=self.year - 1)

    def __str__(self) -> str:
        return " ".join(map(str, self))


class Entry(NamedTuple):
    """One line of the catalogue; the fields are its columns, in order."""

    unit: str
    year: int
    scope: str
    file: str
    sha256: str
    kind: str
    source: str
    published: str = ""
    retrieved: str = ""
    replaces: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """Its file, or the files that it is in."""
        return tuple(map(str.strip, self.file.split(_BETWEEN)))

    @property
    def report_id(self) -> str:
        """Stable id of the report, as in ``Report.observations``."""
        from qy_finance.identity import report_id

        return report_id(*self.key)

    @property
    def key(self) -> Key:
        """What tells the report from all others: unit, year and scope."""
        return Key(self.unit, self.year, self.scope)


COLUMNS = ["unit", "year", "scope", "file", "sha256", "kind", "source"]
FURTHER = ["published", "retrieved", "replaces"]
_ALL = [*COLUMNS, *FURTHER]


def of_several(texts: Iterable[str]) -> str:
    """Files or digests of one report in a cell."""
    return _BETWEEN.join(texts)


@dataclass(frozen=True)
class Catalogue:
    """The lines of one data folder's ``reports.csv``, in its order."""

    data_dir: Path
    lines: tuple[Entry, ...]

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The reports: of one that was published again, corrected, the last version."""
        replaced = {entry.replaces for entry in self.lines}
        return tuple(entry for entry in self.lines if entry.sha256 not in replaced)

    def versions(self, entry: Entry) -> list[Entry]:
        """A report and the versions that it replaces, the last first."""
        of = {one.sha256: one for one in self.lines}
        found = [entry]
        while (before := of.get(found[-1].replaces)) and before not in found:
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

    def path(self, entry: Entry) -> Path | tuple[Path, ...]:
        """File of a report, or its files."""
        paths = tuple(self.data_dir / file for file in entry.files)
        return paths if len(paths) > 1 else paths[0]

    def name(self, entry: Entry) -> str:
        """Name that stands for one report of its year: the unit, with the scope where it needs one.

        A unit may publish an account of its own (本级) and one for all below it (部门汇总) under one
        name; only then the scope is part of the name: ``某局（本级）``.
        """
        same = [e for e in self.entries if (e.unit, e.year) == (entry.unit, entry.year)]
        return f"{entry.unit}（{entry.scope}）" if len(same) > 1 else entry.unit

    def all_years(self, unit: str, scope: str) -> list[Entry]:
        """Reports of a unit and scope for any year."""
        return [entry for entry in self.entries if (entry.unit, entry.scope) == (unit, scope)]

    def before(self, key: Key) -> Entry | None:
        """The report of the same unit and scope for the year before."""
        return next((entry for entry in self.entries if entry.key == key.before), None)

    def select(self, year: int | None, unit: str | None = None) -> list[Entry]:
        """Reports of a year, or of all years: all of them, or those of one unit.

        Raises
        ------
        UnknownReportError
            There is none; the message says which years, or which units of that year, there are.
        """
        of_year = [entry for entry in self.entries if year in (None, entry.year)]
        if not of_year:
            years = map(str, sorted(entry.year for entry in self.entries))
            found = "none" if year is None else str(year)
            raise UnknownReportError(NAME, "year", _one_of(years), found)
        chosen = [e for e in of_year if unit in (None, e.unit, self.name(e))]
        if not chosen:
            place = "unit" if year is None else f"unit, year {year}"
            raise UnknownReportError(NAME, place, _one_of(map(self.name, of_year)), str(unit))
        return chosen

    def find(self, year: int, unit: str | None = None) -> Entry:
        """The one report of a year, or of a year and unit.

        Raises
        ------
        UnknownReportError
            There is none, or there are several; the message says which.
        """
        chosen = self.select(year, unit)
        if len(chosen) > 1:
            place, named = f"unit, year {year}", unit or "none named"
            raise UnknownReportError(NAME, place, _one_of(map(self.name, chosen)), named)
        return chosen[0]


def find_data_dir(data_dir: str | Path = "") -> Path:
    """Folder with the catalogue: the one that is named, or the nearest ``data`` from here upward.

    Raises
    ------
    CatalogueError
        There is no ``reports.csv``.
    """
    found = Path(data_dir) if str(data_dir) else find_upward("data", NAME)
    if found is None:
        raise CatalogueError(Path.cwd(), "", f"a folder data/ with {NAME} here or above", "none")
    if not (found / NAME).is_file():
        raise CatalogueError(data_dir or found, "", f"a folder with {NAME}", "none")
    return found


def load(data_dir: str | Path = "") -> Catalogue:
    """Read and check the catalogue of a folder, as :func:`find_data_dir` takes it.

    Raises
    ------
    CatalogueError
        No catalogue, other columns, or a line that contradicts itself or its file; names the line.
    DuplicateReportError
        Two lines for the same unit, year and scope, or for the same file contents.
    """
    folder = find_data_dir(data_dir)
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        place, found = f"byte {error.start + 1}", "another encoding"
        raise CatalogueError(path, place, "text in UTF-8", found) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    if header[: len(COLUMNS)] != COLUMNS or header != _ALL[: len(header)]:
        found = ",".join(header) or "nothing"
        raise CatalogueError(path, "line 1", f"columns {','.join(COLUMNS)}", found)
    lines: dict[object, str] = {}
    entries: list[Entry] = []
    try:
        for cells in reader:
            line = f"line {reader.line_num}"
            entry = _entry(path, line, cells, len(header))
            if (first := lines.setdefault(entry.sha256, line)) != line:
                again = f"{entry.key} again, as in {first}"
                raise DuplicateReportError(path, line, "one line for each report", again)
            entries.append(entry)
    except csv.Error as error:
        place = f"line {reader.line_num}"
        raise CatalogueError(path, place, "comma-separated cells", str(error)) from error
    catalogue = Catalogue(folder, tuple(entries))
    _verify_versions(path, catalogue, lines)
    return catalogue


def _verify_versions(path: Path, catalogue: Catalogue, lines: Mapping[object, str]) -> None:
    """Of one report there is one version that no other replaces, and what is replaced is there."""
    known = {entry.sha256: entry for entry in catalogue.lines}
    for entry in catalogue.lines:
        before = known.get(entry.replaces)
        if entry.replaces and (before is None or before.key != entry.key or before is entry):
            place = f"{lines[entry.sha256]}, replaces"
            wanted = "the sha256 of another version of the same report"
            raise CatalogueError(path, place, wanted, entry.replaces)
    first: dict[Key, Entry] = {}
    for entry in catalogue.entries:
        other = first.setdefault(entry.key, entry)
        if other is not entry:
            again = f"{entry.key} again, as in {lines[other.sha256]}"
            line = lines[entry.sha256]
            raise DuplicateReportError(path, line, "one line for each report", again)
    if absent := [entry for entry in catalogue.lines if entry.key not in first]:
        line = lines[absent[0].sha256]
        raise CatalogueError(path, f"{line}, replaces", "a last version", "a circle of versions")


def _entry(path: Path, line: str, cells: list[str], width: int) -> Entry:
    """What a line of the catalogue says, if that can be right."""
    if len(cells) != width:
        raise CatalogueError(path, line, f"{width} cells", str(len(cells)))
    unit, year, *others = cells
    if not (year.isascii() and year.isdigit()):
        raise CatalogueError(path, f"{line}, year", "a year", year or "nothing")
    entry = Entry(unit, int(year), *others)
    entry = entry._replace(sha256="".join(entry.sha256.split()))  # of several, divided by "; "
    check(path, line, entry)
    return entry


def check(path: Path, line: str, entry: Entry) -> None:
    """Raise what is wrong in a line, or between it and its file."""

    def demand(column: str, right: object, expected: str, found: str) -> None:
        if not right:
            raise CatalogueError(path, f"{line}, {column}", expected, found or "nothing")

    folder, unit = path.parent, entry.unit.strip()
    years = f"a year from {YEARS[0]} to {YEARS[-1]}"
    demand("unit", unit, "the name of a unit", unit)
    demand("year", entry.year in YEARS, years, str(entry.year))
    demand("scope", entry.scope in SCOPES, _one_of(SCOPES), entry.scope)
    demand("kind", entry.kind in (*KINDS, SEVERAL), _one_of((*KINDS, SEVERAL)), entry.kind)
    digests = []
    for name in entry.files:
        file = folder / name
        inside = file.resolve().is_relative_to(folder.resolve())
        demand("file", inside, "a path inside the data folder", name)
        demand("file", file.is_file(), "a file that exists", name)
        digests.append(sha256_of(file))
    digest = of_several(digests)
    demand("sha256", digest == entry.sha256, f"{digest} (that of {entry.file})", entry.sha256)
    for column in ("published", "retrieved"):
        said = getattr(entry, column)
        demand(column, not said or is_date(said), "a date such as 2024-09-30", said)


def is_date(text: str) -> bool:
    """Whether a text is a date as catalogues write it (2024-09-30)."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _one_of(names: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(names)) or "nothing, the catalogue is empty"
