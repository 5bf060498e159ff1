"""The catalogue of reports, ``data/reports.csv``: which report is which file.

One line for each report: ``unit`` (单位, as the report prints it), ``year`` (年度), ``scope`` (本级 or
部门汇总), ``file`` (relative to the data folder), ``sha256`` of that file, ``kind`` (text or pdf) and
``source`` (where it was published). What the lines say is checked whenever the catalogue is loaded.
"""

from __future__ import annotations

import csv
import io
import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from numbers import Integral
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qy_finance.errors import (
    CatalogueError,
    DuplicateReportError,
    MissingTableWarning,
    ParameterError,
    ReportError,
    UnknownReportError,
)
from qy_finance.files import find_upward, locked, replacing, safe_name, sha256_of, write_text

if TYPE_CHECKING:
    from qy_finance.analysis.panel import Member, Unread
    from qy_finance.report import Report

NAME = "reports.csv"
SCOPES = ("本级", "部门汇总")
KINDS = {".txt": "text", ".pdf": "pdf"}
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


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue; the fields are its columns, in order."""

    unit: str
    year: int
    scope: str
    file: str
    sha256: str
    kind: str
    source: str

    @property
    def report_id(self) -> str:
        """Stable id of the report, as in ``Report.observations``."""
        from qy_finance.identity import report_id

        return report_id(*self.key)

    @property
    def key(self) -> Key:
        """What tells the report from all others: unit, year and scope."""
        return Key(self.unit, self.year, self.scope)


COLUMNS = [field.name for field in fields(Entry)]


@dataclass(frozen=True)
class Catalogue:
    """The reports of one data folder.

    Attributes
    ----------
    data_dir : Path
        Folder with ``reports.csv``.
    entries : tuple of Entry
        In the order of the file.
    """

    data_dir: Path
    entries: tuple[Entry, ...]

    def path(self, entry: Entry) -> Path:
        """File of a report."""
        return self.data_dir / entry.file

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

    def before(self, entry: Entry) -> Entry | None:
        """The report of the same unit and scope for the year before."""
        return self.keyed(entry.key.before)

    def keyed(self, key: Key) -> Entry | None:
        """The report of a unit, year and scope."""
        return next((entry for entry in self.entries if entry.key == key), None)

    def select(self, year: int | None, unit: str | None = None) -> list[Entry]:
        """Reports of a year, or of all years: all of them, or those of one unit.

        Raises
        ------
        UnknownReportError
            There is none; the message says which years, or which units of that year, there are.
        """
        of_year = [entry for entry in self.entries if year in (None, entry.year)]
        if not of_year:
            years = sorted({entry.year for entry in self.entries})
            found = "none" if year is None else str(year)
            raise UnknownReportError(NAME, "year", _one_of(map(str, years)), found)
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
    if str(data_dir):
        if not (Path(data_dir) / NAME).is_file():
            raise CatalogueError(data_dir, "", f"a folder with {NAME}", "none")
        return Path(data_dir)
    found = find_upward("data", NAME)
    if found is None:
        raise CatalogueError(Path.cwd(), "", f"a folder data/ with {NAME} here or above", "none")
    return found


def load(data_dir: str | Path = "") -> Catalogue:
    """Read and check the catalogue.

    Parameters
    ----------
    data_dir : str or Path
        Folder with ``reports.csv``; empty for the nearest ``data`` from the working directory upward.

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
    if header != COLUMNS:
        found = ",".join(header) or "nothing"
        raise CatalogueError(path, "line 1", f"columns {','.join(COLUMNS)}", found)
    lines: dict[object, str] = {}
    entries = []
    try:
        for cells in reader:
            line = f"line {reader.line_num}"
            entry = _entry(path, line, cells)
            for key in (entry.key, entry.sha256):
                if (first := lines.setdefault(key, line)) != line:
                    again = f"{entry.key} again, as in {first}"
                    raise DuplicateReportError(path, line, "one line for each report", again)
            entries.append(entry)
    except csv.Error as error:
        place = f"line {reader.line_num}"
        raise CatalogueError(path, place, "comma-separated cells", str(error)) from error
    return Catalogue(folder, tuple(entries))


def open_report(year: int, unit: str | None = None, data_dir: str | Path = "") -> Report:
    """Read the report of a year and unit, as notebooks do.

    Parameters
    ----------
    year : int
        Fiscal year (年度).
    unit : str, optional
        Unit (单位) as the catalogue names it; may be left out where the year has one report.
    data_dir : str or Path
        As for `load`.

    Raises
    ------
    ParameterError
        ``year`` is no whole number, or ``unit`` or ``data_dir`` no text.
    UnknownReportError, CatalogueError, ReportError
        As `Catalogue.find`, `load` and `qy_finance.read_report` raise them.
    """
    _check_parameters(year, unit, data_dir)
    catalogue = load(data_dir)
    return _told(catalogue.path(catalogue.find(year, unit or None)))


def report_before(report: Report, data_dir: str | Path = "") -> Report | None:
    """The report of the same unit and scope for the year before, if the catalogue has it."""
    catalogue = load(data_dir)
    entry = catalogue.keyed(_key(report).before)
    return _told(catalogue.path(entry)) if entry else None


def each_with_year_before(reports: Sequence[Report]) -> list[tuple[Report, Report | None]]:
    """Reports, each with that of the same unit and scope for the year before, if it is among them."""
    keyed = {_key(report): report for report in reports}
    return [(report, keyed.get(_key(report).before)) for report in reports]


def _key(report: Report) -> Key:
    meta = report.meta
    return Key(str(meta["unit"]), int(str(meta["year"])), str(meta["scope"]))


def _check_parameters(year: object, unit: object, data_dir: object) -> None:
    """A notebook's parameters are typed by hand: what is of another type is said before anything is looked up."""
    whole = isinstance(year, Integral) and not isinstance(year, bool)
    number = f"a whole number without quotes, such as {YEARS[0]}"
    name = 'the name of a unit in quotes, or "" for the only one of the year'
    folder = 'the name of a folder in quotes, or "" for the nearest data'
    for parameter, given, right, expected in (
        ("year", year, whole, number),
        ("unit", unit, isinstance(unit, str | None), name),
        ("data_dir", data_dir, isinstance(data_dir, str | PathLike), folder),
    ):
        if not right:
            raise ParameterError("parameters", parameter, expected, repr(given))


def _read(path: Path) -> tuple[Report, list[warnings.WarningMessage]]:
    """A report, and what was noticed while it was read."""
    from qy_finance import read_report

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return read_report(path), caught


def _told(path: Path) -> Report:
    """Read a report; what it lacks is told in one line, without the place in our code that noticed it."""
    report, caught = _read(path)
    for warning in caught:
        print(f"{warning.category.__name__}: {warning.message}", file=sys.stderr)
    return report


def add(file: str | Path, data_dir: str | Path = "", source: str = "") -> Entry:
    """Copy a report into the data folder and add its line to the catalogue.

    Unit, year and scope are read from the report itself.

    Raises
    ------
    DuplicateReportError
        The catalogue has this file, or a report of the same unit, year and scope. Nothing is changed.
    CatalogueError
        Neither text nor PDF, or another process is adding a report.
    ReportError
        The report cannot be read.
    """
    file = Path(file)
    suffix = file.suffix.lower()
    if suffix not in KINDS:
        expected = f"a file that ends in {' or '.join(KINDS)}"
        raise CatalogueError(file, "", expected, file.suffix or "no ending")
    key = _key(_told(file))
    folder = find_data_dir(data_dir)
    with locked(folder):
        catalogue = load(folder)
        digest = sha256_of(file)
        for other in catalogue.entries:
            if other.sha256 == digest or other.key == key:
                expected, found = "a report that is not in the catalogue", str(other.key)
                raise DuplicateReportError(file, "", expected, f"{found} in {other.file}")
        name = f"{safe_name(key.unit)}_{key.year}年度部门决算{suffix}"
        target = folder / "raw" / str(key.year) / name
        if target.exists():
            target = target.with_stem(f"{target.stem}_{safe_name(key.scope)}")
        place = target.relative_to(folder).as_posix()
        entry = Entry(*key, place, digest, KINDS[suffix], source)
        if target.exists():
            found = "one that the catalogue does not name"
            raise CatalogueError(target, "", "no such file yet", found)
        with replacing(target) as temporary:
            shutil.copyfile(file, temporary)
        try:
            _check(folder / NAME, "new line", entry)
            text = io.StringIO()
            rows = map(astuple, [*catalogue.entries, entry])
            csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
            write_text(folder / NAME, text.getvalue())
        except BaseException:
            target.unlink()
            raise
    return entry


def _entry(path: Path, line: str, cells: list[str]) -> Entry:
    """What a line of the catalogue says, if that can be right."""
    if len(cells) != len(COLUMNS):
        raise CatalogueError(path, line, f"{len(COLUMNS)} cells", str(len(cells)))
    unit, year, *others = cells
    if not (year.isascii() and year.isdigit()):
        raise CatalogueError(path, f"{line}, year", "a year", year or "nothing")
    entry = Entry(unit, int(year), *others)
    _check(path, line, entry)
    return entry


def _check(path: Path, line: str, entry: Entry) -> None:
    """Raise what is wrong in a line, or between it and its file."""

    def demand(column: str, right: object, expected: str, found: str) -> None:
        if not right:
            raise CatalogueError(path, f"{line}, {column}", expected, found or "nothing")

    folder, file, unit = path.parent, path.parent / entry.file, entry.unit.strip()
    inside = file.resolve().is_relative_to(folder.resolve())
    years = f"a year from {YEARS[0]} to {YEARS[-1]}"
    demand("unit", unit, "the name of a unit", unit)
    demand("year", entry.year in YEARS, years, str(entry.year))
    demand("scope", entry.scope in SCOPES, _one_of(SCOPES), entry.scope)
    demand("kind", entry.kind in KINDS.values(), _one_of(KINDS.values()), entry.kind)
    demand("file", inside, "a path inside the data folder", entry.file)
    demand("file", file.is_file(), "a file that exists", entry.file)
    digest = sha256_of(file)
    demand("sha256", digest == entry.sha256, f"{digest} (that of {entry.file})", entry.sha256)


def _one_of(names: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(names)) or "nothing, the catalogue is empty"


def reports(data_dir: str | Path = "") -> Iterator[Member | Unread]:
    """Read every report: years of a unit after each other, units in the order of the catalogue.

    Each has its checks, with those against the year before; one that can't be read has the reason.

    Raises
    ------
    CatalogueError
        The catalogue is missing or at fault.
    """
    from qy_finance.analysis.measures import ReportingUnit
    from qy_finance.analysis.panel import Member, Unread

    catalogue = load(data_dir)
    accounts = dict.fromkeys((entry.unit, entry.scope) for entry in catalogue.entries)
    scopes = Counter(unit for unit, _ in accounts)
    for unit, scope in accounts:
        subject = ReportingUnit(f"{unit}（{scope}）" if scopes[unit] > 1 else unit, unit, scope)
        read: dict[int, Report] = {}
        for entry in sorted(catalogue.all_years(unit, scope), key=lambda entry: entry.year):
            try:
                report, caught = _read(catalogue.path(entry))
                checks = report.checks_against(read.get(entry.year - 1))
            except ReportError as error:
                reason = str(error).replace(error.file, Path(error.file).name)
                yield Unread(subject, entry.year, reason)
                continue
            read[entry.year] = report
            # which tables it lacks, it says itself
            notes = (w.message for w in caught if not issubclass(w.category, MissingTableWarning))
            yield Member(subject, entry.year, checks, tuple(map(str, notes)))
