"""A line of the catalogue, ``data/reports.csv``: which report is which file.

One line for each report: ``unit`` (单位, as the report prints it), ``year`` (年度), ``scope`` (本级 or
部门汇总), ``file`` (relative to the data folder; of a report in several all of them, divided by ``;``), ``sha256`` of
each, ``kind`` (what the file is, or ``several``) and ``source`` (where it was published, its address). Further columns
may follow: ``published`` and ``retrieved`` (dates) and ``replaces``, the ``sha256`` of the version of the same report
that this one corrects: both stay, and the later one counts.
"""

from __future__ import annotations

import os.path
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path, PurePath
from typing import NamedTuple

from qy_finance.errors import CatalogueError, DuplicateReportError

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


class Wrong(NamedTuple):
    """What is wrong in a line: in which column, what should stand there, and what does."""

    column: str
    expected: str
    found: str
    kind: type[CatalogueError] = CatalogueError

    def error(self, path: Path, line: str) -> CatalogueError:
        """The error that names the line of a file."""
        place = f"{line}, {self.column}" if self.column else line
        return self.kind(path, place, self.expected, self.found)


def of_several(texts: Iterable[str]) -> str:
    """Files or digests of one report in a cell."""
    return _BETWEEN.join(texts)


def parsed(cells: Sequence[str], width: int) -> tuple[Entry | None, Wrong | None]:
    """What the cells of a line say, and what cannot be right in it by itself.

    There is no entry where it does not say which report it is about.
    """
    if len(cells) != width:
        return None, Wrong("", f"{width} cells", str(len(cells)))
    unit, year, *others = cells
    if not (year.isascii() and year.isdigit() and len(year) < 10):
        return None, Wrong("year", "a year", year[:20] or "nothing")
    entry = Entry(unit, int(year), *others)
    entry = entry._replace(sha256="".join(entry.sha256.split()))  # of several, divided by "; "
    wrong = wrong_in(entry)
    known = wrong is None or wrong.column not in ("unit", "year", "scope")
    return entry if known else None, wrong


def wrong_in(entry: Entry) -> Wrong | None:
    """What cannot be right in a line, whatever its file is."""
    if not entry.unit.strip():
        return Wrong("unit", "the name of a unit", "nothing")
    if entry.year not in YEARS:
        return Wrong("year", f"a year from {YEARS[0]} to {YEARS[-1]}", str(entry.year))
    for column, said, known in (
        ("scope", entry.scope, SCOPES),
        ("kind", entry.kind, (*KINDS, SEVERAL)),
    ):
        if said not in known:
            return Wrong(column, " | ".join(known), said or "nothing")
    for name in entry.files:
        outside = PurePath(name).is_absolute() or os.path.normpath(name).startswith("..")
        if not name or outside or "\0" in name:
            return Wrong("file", "a path inside the data folder", name or "nothing")
    for column, said in (("published", entry.published), ("retrieved", entry.retrieved)):
        if said and not is_date(said):
            return Wrong(column, "a date such as 2024-09-30", said)
    return None


def is_date(text: str) -> bool:
    """Whether a text is a date as catalogues write it (2024-09-30)."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def again(key: Key, first: int) -> Wrong:
    """A report that another line has already."""
    found = f"{key} again, as in line {first}"
    return Wrong("", "one line for each report", found, DuplicateReportError)


def contradictions(numbers: Mapping[Entry, int]) -> Iterator[tuple[Entry, Wrong, tuple[Key, ...]]]:
    """Reports that lines disagree about: of each there must be one version that no other line replaces.

    Which of them is meant nobody can know. Each comes with the line that is at fault, by the numbers given.
    """
    by_digest: dict[str, Entry] = {}
    by_key: dict[Key, list[Entry]] = defaultdict(list)
    for entry in numbers:
        first = by_digest.setdefault(entry.sha256, entry) if entry.sha256 else entry
        if first is entry:
            by_key[entry.key].append(entry)
        else:
            keys = tuple(dict.fromkeys((entry.key, first.key)))
            yield entry, again(first.key, numbers[first]), keys
    for key, versions in by_key.items():
        lost = [
            entry
            for entry in versions
            if entry.replaces
            and ((before := by_digest.get(entry.replaces)) in (None, entry) or before.key != key)
        ]
        wanted = "the sha256 of another version of the same report"
        for entry in lost:
            yield entry, Wrong("replaces", wanted, entry.replaces), (key,)
        if lost:
            continue
        replaced = {entry.replaces for entry in versions if entry.replaces}
        last = [entry for entry in versions if entry.sha256 not in replaced]
        for entry in last[1:]:
            yield entry, again(key, numbers[last[0]]), (key,)
        if not last:
            yield versions[0], Wrong("replaces", "a last version", "a circle of versions"), (key,)
