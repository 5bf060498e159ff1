"""The reports of the catalogue (:mod:`qy_finance.entries`): opened as notebooks do, read one after another, added."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from numbers import Integral
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qy_finance.entries import Catalogue, Entry, Key, find_data_dir, load, read
from qy_finance.errors import (
    CatalogueError,
    DuplicateReportError,
    MissingTableWarning,
    ParameterError,
    ReportError,
)
from qy_finance.files import locked, replacing, safe_name, sha256_of, write_text
from qy_finance.lines import KINDS, NAME, SEVERAL, YEARS, of_several, wrong_in
from qy_finance.readers.kinds import kind_of

if TYPE_CHECKING:
    from qy_finance.analysis.members import Member, Unread
    from qy_finance.report import Report

    Noted = tuple[Report, list[warnings.WarningMessage]]
    """A report, and what was noticed while it was read."""


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
        As `read`, `Catalogue.find`, `Catalogue.path` and `qy_finance.read_report` raise them.
    """
    _check_parameters(year, unit, data_dir)
    catalogue = read(data_dir)
    return _told(*opened(catalogue, catalogue.find(year, unit or None)))


def report_before(report: Report, data_dir: str | Path = "") -> Report | None:
    """The report of the same unit and scope for the year before, if the catalogue has it.

    One that is at fault or can't be read is told, and nothing is compared with it.
    """
    catalogue, key = read(data_dir), _key(report)
    error: ReportError | None = catalogue.fault(key.before)
    if error is None:
        entry = catalogue.before(key)
        try:
            return _told(*opened(catalogue, entry)) if entry else None
        except ReportError as raised:
            error = raised
    print(f"{type(error).__name__}: {reason(error)}", file=sys.stderr)
    return None


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


def opened(catalogue: Catalogue, entry: Entry) -> Noted:
    """A report, and what was noticed while it was read: from the corpus beside the catalogue, if that has it.

    Raises
    ------
    CatalogueError
        Its file is not what it was, or accounts for another unit, year or scope than its line says.
    ReportError
        It can't be read.
    """
    from qy_finance.report import report_of
    from qy_finance.store.keeping import kept

    corpus = kept(catalogue.data_dir)
    document = corpus.document(_in_corpus(catalogue, entry), entry.year) if corpus else None
    found = _noted(partial(report_of, document)) if document else noted(catalogue.path(entry))
    if error := catalogue.contradicted(entry, _key(found[0])):
        raise error
    return found


def noted(files: Path | tuple[Path, ...]) -> Noted:
    """A report read from its file or files, and what was noticed meanwhile."""
    from qy_finance import read_report

    return _noted(partial(read_report, files))


def _noted(read: Callable[[], Report]) -> Noted:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return read(), caught


def told_by_corpus(catalogue: Catalogue, entry: Entry) -> dict[str, Any] | None:
    """What is foremost in a report (:func:`qy_finance.foremost.foremost`), if the corpus beside the catalogue has it.

    Asked for one year after the other it is quick.
    """
    from qy_finance.store.keeping import kept

    corpus = kept(catalogue.data_dir)
    return corpus.foremost(*_compared(catalogue, entry), entry.year) if corpus else None


def _compared(catalogue: Catalogue, entry: Entry) -> tuple[str, str]:
    """What a corpus knows a report by, and that of the year before, if there is one."""
    before = catalogue.before(entry.key)
    return _in_corpus(catalogue, entry), _in_corpus(catalogue, before) if before else ""


def _in_corpus(catalogue: Catalogue, entry: Entry) -> str:
    """What a corpus knows a report by."""
    from qy_finance.store.keeping import key_of

    lines = [entry, *(catalogue.versions(entry)[1:] if entry.replaces else ())]
    return key_of(entry.sha256, of_several(entry.files), lines)


def _told(report: Report, caught: Iterable[warnings.WarningMessage]) -> Report:
    """What a report lacks is told in one line, without the place in our code that noticed it."""
    for warning in caught:
        print(f"{warning.category.__name__}: {warning.message}", file=sys.stderr)
    return report


def reason(error: ReportError) -> str:
    """What is wrong, without the folder on this machine."""
    return str(error).replace(error.file, Path(error.file).name)


def add(
    file: str | Path | Sequence[str | Path],
    data_dir: str | Path = "",
    source: str = "",
    *,
    published: str = "",
    retrieved: str = "",
    replace: bool = False,
    key: Key | None = None,
) -> Entry:
    """Copy a report into the data folder and add its line to the catalogue.

    Unit, year and scope are read from the report itself; what its files are, is seen in them and not in their names.

    Parameters
    ----------
    file
        The report, or the files that it is in.
    source, published, retrieved
        Where it was published, and the dates of that and of its retrieval (``2024-09-30``).
    replace
        Whether another version of a report that is there is added as what replaces it: both are kept, this one counts.
    key
        Unit, year and scope, where it has been read already.

    Raises
    ------
    DuplicateReportError
        The catalogue has this file, or, unless it is replaced, a report of the same unit, year and scope. Nothing is
        changed.
    CatalogueError
        Nothing that a report is published as, or another process is adding a report.
    ReportError
        The report cannot be read.
    """
    files = [Path(file)] if isinstance(file, str | Path) else list(map(Path, file))
    kinds = [_kind(one) for one in files]
    whole = tuple(files) if len(files) > 1 else files[0]
    key = key or _key(_told(*noted(whole)))
    folder = find_data_dir(data_dir)
    with locked(folder):
        catalogue = load(folder)
        digests = [sha256_of(one) for one in files]
        digest = of_several(digests)
        before = _version_before(catalogue, key, digests, files[0], replace)
        stem = f"{safe_name(key.unit)}_{key.year}年度部门决算"
        if any(e.key != key and Path(e.files[0]).name.startswith(stem) for e in catalogue.lines):
            stem += f"_{safe_name(key.scope)}"
        if before:
            stem += f"_第{len(catalogue.versions(before)) + 1}版"
        targets = []
        for at, (one, kind) in enumerate(zip(files, kinds, strict=True), start=1):
            ends = one.suffix.lower() if one.suffix.lower() in KINDS[kind] else KINDS[kind][0]
            number = f"_{at}" if len(files) > 1 else ""
            targets.append(folder / "raw" / str(key.year) / f"{stem}{number}{ends}")
        if there := [target for target in targets if target.exists()]:
            found = "one that the catalogue does not name"
            raise CatalogueError(there[0], "", "no such file yet", found)
        place = of_several(target.relative_to(folder).as_posix() for target in targets)
        kind = kinds[0] if len(kinds) == 1 else SEVERAL
        replaces = before.sha256 if before else ""
        entry = Entry(*key, place, digest, kind, source, published, retrieved, replaces)
        try:
            for one, target in zip(files, targets, strict=True):
                with replacing(target) as temporary:
                    shutil.copyfile(one, temporary)
            if wrong := wrong_in(entry):
                raise wrong.error(folder / NAME, "new line")
            Catalogue(folder, (entry,)).path(entry)
            write_text(folder / NAME, Catalogue(folder, (*catalogue.lines, entry)).text)
        except BaseException:
            for target in targets:
                target.unlink(missing_ok=True)
            raise
    return entry


def _kind(file: Path) -> str:
    kind = kind_of(file)
    if kind not in KINDS:
        expected = f"a file that a report is published as ({', '.join(KINDS)})"
        raise CatalogueError(file, "", expected, kind)
    return kind


def _version_before(
    catalogue: Catalogue, key: Key, digests: Sequence[str], file: Path, replace: bool
) -> Entry | None:
    """The version of the same report that is there; DuplicateReportError where it may not be replaced."""
    found = already(catalogue, key, digests)
    if found is None:
        return None
    before, is_same = found
    expected, there = "a report that is not in the catalogue", f"{before.key} in {before.file}"
    if is_same:
        raise DuplicateReportError(file, "", expected, there)
    if not replace:
        expected += " (--replace keeps both, and this one counts)"
        raise DuplicateReportError(file, "", expected, f"another version of {there}")
    return before


def already(
    catalogue: Catalogue, key: Key | None, digests: Sequence[str]
) -> tuple[Entry, bool] | None:
    """What a catalogue has of a report: the line of one of its files (True), or its last other version (False)."""
    for entry in catalogue.lines:
        if set(digests) & set(entry.sha256.split(";")):
            return entry, True
    before = next((entry for entry in catalogue.entries if entry.key == key), None)
    return (before, False) if before else None


def remove(year: int, unit: str | None = None, data_dir: str | Path = "") -> Entry:
    """Take a report out of the catalogue, and its files out of the data folder.

    What it replaced counts again.

    Raises
    ------
    UnknownReportError, CatalogueError
        As `Catalogue.find` and `load` raise them.
    """
    folder = find_data_dir(data_dir)
    with locked(folder):
        catalogue = load(folder)
        entry = catalogue.find(year, unit or None)
        rest = tuple(other for other in catalogue.lines if other is not entry)
        write_text(folder / NAME, Catalogue(folder, rest).text)
        for file in entry.files:
            (folder / file).unlink(missing_ok=True)
    return entry


def reports(data_dir: str | Path = "") -> Iterator[Member | Unread]:
    """Read every report: years of a unit after each other, units in the order of the catalogue.

    Each has its checks, with those against the year before; one that can't be read, or whose line is at fault, has the
    reason.

    Raises
    ------
    CatalogueError
        The catalogue is missing or can't be read at all.
    """
    from qy_finance.analysis.measures import ReportingUnit
    from qy_finance.analysis.members import Unread, member, restored
    from qy_finance.store.keeping import kept
    from qy_finance.text.doubts import doubts

    catalogue = read(data_dir)
    at_fault = [(key, fault.error) for fault in catalogue.faults for key in fault.keys]
    keys = [*(entry.key for entry in catalogue.entries), *(key for key, _ in at_fault)]
    accounts = dict.fromkeys((key.unit, key.scope) for key in keys)
    scopes = Counter(unit for unit, _ in accounts)
    subjects = {
        (unit, scope): ReportingUnit(
            f"{unit}（{scope}）" if scopes[unit] > 1 else unit, unit, scope
        )
        for unit, scope in accounts
    }
    corpus = kept(catalogue.data_dir)
    for (unit, scope), subject in subjects.items():
        earlier: tuple[Entry, Report] | None = None
        for entry in sorted(catalogue.all_years(unit, scope), key=lambda entry: entry.year):
            if told := corpus and corpus.member(*_compared(catalogue, entry)):
                yield restored(told, subject)
                continue
            before = catalogue.before(entry.key)
            if before and (earlier is None or earlier[0] is not before):
                with suppress(ReportError):  # that it can't be read is told of itself
                    earlier = before, opened(catalogue, before)[0]
            try:
                report, caught = opened(catalogue, entry)
                held = earlier[1] if earlier and earlier[0] is before else None
                checks = report.checks_against(held)
            except ReportError as error:
                yield Unread(subject, entry.year, reason(error))
                continue
            earlier = entry, report
            # which tables it lacks, it says itself
            notes = (w.message for w in caught if not issubclass(w.category, MissingTableWarning))
            yield member(checks, subject, doubts, map(str, notes))
    for key, wrong in at_fault:
        yield Unread(subjects[key.unit, key.scope], key.year, reason(wrong))
    for fault in catalogue.faults:
        if not fault.keys:
            yield Unread(ReportingUnit(NAME, NAME, ""), None, reason(fault.error))
