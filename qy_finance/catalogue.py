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
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from numbers import Integral
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

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

        return report_id(self.unit, self.year, self.scope)


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
            raise UnknownReportError(
                NAME, f"unit, year {year}", _one_of(map(self.name, chosen)), unit or "none named"
            )
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
        raise CatalogueError(
            path, f"byte {error.start + 1}", "text in UTF-8", "another encoding"
        ) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    if header != COLUMNS:
        raise CatalogueError(
            path, "line 1", f"columns {','.join(COLUMNS)}", ",".join(header) or "nothing"
        )
    entries: dict[int, Entry] = {}
    try:
        for cells in reader:
            entries[reader.line_num] = _checked(folder, path, f"line {reader.line_num}", cells)
    except csv.Error as error:
        raise CatalogueError(
            path, f"line {reader.line_num}", "comma-separated cells", str(error)
        ) from error
    _refuse_duplicates(path, entries)
    return Catalogue(folder, tuple(entries.values()))


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
    _checked_parameters(year, unit, data_dir)
    catalogue = load(data_dir)
    return _read(catalogue.path(catalogue.find(year, unit or None)))


def _checked_parameters(year: object, unit: object, data_dir: object) -> None:
    """A notebook's parameters are typed by hand: what is of another type is said before anything is looked up."""
    if not isinstance(year, Integral) or isinstance(year, bool):
        expected = f"a whole number without quotes, such as {YEARS[0]}"
        raise ParameterError("parameters", "year", expected, repr(year))
    if not isinstance(unit, str | None):
        expected = 'the name of a unit in quotes, or "" for the only one of the year'
        raise ParameterError("parameters", "unit", expected, repr(unit))
    if not isinstance(data_dir, str | PathLike):
        expected = 'the name of a folder in quotes, or "" for the nearest data'
        raise ParameterError("parameters", "data_dir", expected, repr(data_dir))


def _read(path: Path) -> Report:
    """Read a report; what it lacks is told in one line, without the place in our code that noticed it."""
    from qy_finance import read_report

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        report = read_report(path)
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
    kind = KINDS.get(file.suffix.lower())
    if kind is None:
        raise CatalogueError(
            file, "", f"a file that ends in {' or '.join(KINDS)}", file.suffix or "no ending"
        )
    meta = _read(file).meta
    unit, year, scope = str(meta["unit"]), int(str(meta["year"])), str(meta["scope"])
    folder = find_data_dir(data_dir)
    with locked(folder):
        catalogue = load(folder)
        digest = sha256_of(file)
        for entry in catalogue.entries:
            if entry.sha256 == digest or (entry.unit, entry.year, entry.scope) == (
                unit,
                year,
                scope,
            ):
                raise DuplicateReportError(
                    file,
                    "",
                    "a report that is not in the catalogue",
                    f"{_label(entry)} in {entry.file}",
                )
        target = (
            folder
            / "raw"
            / str(year)
            / f"{safe_name(unit)}_{year}年度部门决算{file.suffix.lower()}"
        )
        if target.exists():
            target = target.with_stem(f"{target.stem}_{safe_name(scope)}")
        entry = Entry(
            unit, year, scope, target.relative_to(folder).as_posix(), digest, kind, source
        )
        _checked_values(folder / NAME, "new line", entry)
        if target.exists():
            raise CatalogueError(
                target, "", "no such file yet", "one that the catalogue does not name"
            )
        with replacing(target) as temporary:
            shutil.copyfile(file, temporary)
        try:
            write_text(folder / NAME, _as_csv([*catalogue.entries, entry]))
        except BaseException:
            target.unlink()
            raise
    return entry


def _checked(folder: Path, path: Path, line: str, cells: list[str]) -> Entry:
    if len(cells) != len(COLUMNS):
        raise CatalogueError(path, line, f"{len(COLUMNS)} cells", str(len(cells)))
    row = dict(zip(COLUMNS, cells, strict=True))
    if not (row["year"].isascii() and row["year"].isdigit()):
        raise CatalogueError(path, f"{line}, year", "a year", row["year"] or "nothing")
    entry = Entry(**{**row, "year": int(row["year"])})  # type: ignore[arg-type]
    _checked_values(path, line, entry)
    report = folder / entry.file
    if not report.resolve().is_relative_to(folder.resolve()):
        raise CatalogueError(path, f"{line}, file", "a path inside the data folder", entry.file)
    if not report.is_file():
        raise CatalogueError(path, f"{line}, file", "a file that exists", entry.file)
    digest = sha256_of(report)
    if digest != entry.sha256:
        raise CatalogueError(
            path, f"{line}, sha256", f"{digest} (that of {entry.file})", entry.sha256
        )
    return entry


def _checked_values(path: Path, line: str, entry: Entry) -> None:
    if not entry.unit.strip():
        raise CatalogueError(path, f"{line}, unit", "the name of a unit", "nothing")
    if entry.year not in YEARS:
        raise CatalogueError(
            path, f"{line}, year", f"a year from {YEARS[0]} to {YEARS[-1]}", str(entry.year)
        )
    if entry.scope not in SCOPES:
        raise CatalogueError(path, f"{line}, scope", _one_of(SCOPES), entry.scope or "nothing")
    if entry.kind not in KINDS.values():
        raise CatalogueError(
            path, f"{line}, kind", _one_of(KINDS.values()), entry.kind or "nothing"
        )


def _refuse_duplicates(path: Path, entries: dict[int, Entry]) -> None:
    seen: dict[object, int] = {}
    for line, entry in entries.items():
        for key in ((entry.unit, entry.year, entry.scope), entry.sha256):
            if key in seen:
                raise DuplicateReportError(
                    path,
                    f"line {line}",
                    "one line for each report",
                    f"{_label(entry)} again, as in line {seen[key]}",
                )
            seen[key] = line


def _as_csv(entries: Iterable[Entry]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *map(astuple, entries)])
    return text.getvalue()


def _label(entry: Entry) -> str:
    return f"{entry.unit} {entry.year} {entry.scope}"


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
    from qy_finance.analysis.measures import Subject
    from qy_finance.analysis.panel import Member, Unread

    catalogue = load(data_dir)
    order: dict[tuple[str, str], int] = {}
    for entry in catalogue.entries:
        order.setdefault((entry.unit, entry.scope), len(order))
    scopes = Counter(unit for unit, _ in order)
    before: dict[tuple[str, str, int], Report] = {}
    for entry in sorted(catalogue.entries, key=lambda one: (order[one.unit, one.scope], one.year)):
        name = f"{entry.unit}（{entry.scope}）" if scopes[entry.unit] > 1 else entry.unit
        subject = Subject(name, entry.unit, entry.scope)
        try:
            report, notes = _noted(catalogue.path(entry))
            checks = report.checks_against(before.get((entry.unit, entry.scope, entry.year - 1)))
        except ReportError as error:
            reason = str(error).replace(error.file, Path(error.file).name)
            yield Unread(subject, entry.year, reason)
        else:
            before[entry.unit, entry.scope, entry.year] = report
            yield Member(subject, entry.year, checks, notes)


def _noted(path: Path) -> tuple[Report, tuple[str, ...]]:
    """A report, and what was noticed while it was read; which tables it lacks, it says itself."""
    from qy_finance import read_report

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        report = read_report(path)
    other = [one for one in caught if not issubclass(one.category, MissingTableWarning)]
    return report, tuple(str(one.message) for one in other)
