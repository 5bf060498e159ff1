"""The reports of the catalogue (:mod:`qy_finance.entries`): opened as notebooks do, read one after another, added."""

from __future__ import annotations

import csv
import io
import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from numbers import Integral
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from qy_finance.entries import COLUMNS, KINDS, NAME, YEARS, Entry, Key, check, find_data_dir, load
from qy_finance.errors import (
    CatalogueError,
    DuplicateReportError,
    MissingTableWarning,
    ParameterError,
    ReportError,
)
from qy_finance.files import locked, replacing, safe_name, sha256_of, write_text

if TYPE_CHECKING:
    from qy_finance.analysis.panel import Member, Unread
    from qy_finance.report import Report


def open_report(year: int, unit: str | None = None, data_dir: str | Path = "") -> Report:
    """Read the report of a year and unit, as notebooks do.

    Parameters
    ----------
    year : int
        Fiscal year (年度).
    unit : str, optional
        Unit (单位) as the catalogue names it; may be left out where the year has one report.
    data_dir : str or Path
        Folder with ``reports.csv``; empty for the nearest ``data`` from the working directory upward.

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
    entry = catalogue.before(_key(report))
    return _told(catalogue.path(entry)) if entry else None


def years_before(reports: Sequence[Report]) -> list[Report | None]:
    """For each report that of the same unit and scope for the year before, if it is among them."""
    keyed = {_key(report): report for report in reports}
    return [keyed.get(_key(report).before) for report in reports]


def _key(report: Report) -> Key:
    meta = report.meta
    return Key(str(meta["unit"]), int(str(meta["year"])), str(meta["scope"]))


def _check_parameters(year: object, unit: object, data_dir: object) -> None:
    """A notebook's parameters are typed by hand: what is of another type is said before anything is looked up."""
    number = f"a whole number without quotes, such as {YEARS[0]}"
    name = 'the name of a unit in quotes, or "" for the only one of the year'
    folder = 'the name of a folder in quotes, or "" for the nearest data'
    for parameter, given, kind, expected in (
        ("year", year, Integral, number),
        ("unit", unit, str | None, name),
        ("data_dir", data_dir, str | PathLike, folder),
    ):
        if isinstance(given, bool) or not isinstance(given, kind):
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
                expected = "a report that is not in the catalogue"
                raise DuplicateReportError(file, "", expected, f"{other.key} in {other.file}")
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
            check(folder / NAME, "new line", entry)
            text = io.StringIO()
            rows = [COLUMNS, *catalogue.entries, entry]
            csv.writer(text, lineterminator="\n").writerows(rows)
            write_text(folder / NAME, text.getvalue())
        except BaseException:
            target.unlink()
            raise
    return entry


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
