"""Notebook 06: all reports of the catalogue side by side, units over years."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from qy_finance import catalogue, read_report
from qy_finance.analysis.doubts import checked, doubts
from qy_finance.analysis.headlines import contradictions
from qy_finance.analysis.panel_measures import MEASURES, Value, values
from qy_finance.analysis.reconciliation import check
from qy_finance.catalogue import Catalogue, Entry
from qy_finance.errors import MissingTableWarning, ReportError
from qy_finance.report import Report
from qy_finance.tables import NAMES

FIELDS: Final = {
    "report_id": ("string", "读出数值的报告；推算的上年数出自下一年的报告"),
    "subject": ("string", "单位名称；同一单位有本级和部门汇总两份时附口径"),
    "unit": ("string", "单位，照报告所印"),
    "scope": ("string", "口径：本级或部门汇总"),
    "year": ("Int64", "数值所属的年度"),
    "measure": ("string", "指标代号"),
    "name": ("string", "指标名称"),
    "value": ("object", "精确数值（Decimal，记得出处），单位见 unit_of_measure"),
    "low": ("object", "印出的位数允许的最小值（Decimal）；占比没有"),
    "high": ("object", "印出的位数允许的最大值（Decimal）；占比没有"),
    "unit_of_measure": ("string", "万元或 %；印成元、亿元的已精确换算"),
    "derived": ("boolean", "推算：由报告写明的增减得出的上年数，没有印出"),
    "doubted": ("boolean", "存疑：所用的数与报告里其他数字或说法矛盾"),
}
"""Columns of :attr:`Panel.frame`: dtype and meaning."""


@dataclass(frozen=True, slots=True)
class Member:
    """A report of the panel.

    Attributes
    ----------
    subject : str
        Unit, with its scope where the catalogue has both.
    entry : Entry
        Its line in the catalogue.
    money_unit : str
        Unit of money of its tables.
    missing : tuple of str
        Names of standard tables that it lacks.
    errors, warnings : int
        Contradictions of figures, and of words or of what is less grave.
    doubts : tuple of str
        What contradicts the figures of the panel, in Markdown.
    notes : tuple of str
        What was noticed while it was read.
    """

    subject: str
    entry: Entry
    money_unit: str
    missing: tuple[str, ...]
    errors: int
    warnings: int
    doubts: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """All reports of a catalogue.

    Attributes
    ----------
    members : tuple of Member
        The reports that were read, in the order of units and years.
    unread : tuple of (Entry, str)
        Those that can't be read, and why.
    frame : DataFrame
        One row for each report and measure, and for each implied value of its last year; columns :data:`FIELDS`.
    """

    members: tuple[Member, ...]
    unread: tuple[tuple[Entry, str], ...]
    frame: pd.DataFrame

    @property
    def subjects(self) -> list[str]:
        """The units, in the order of the catalogue."""
        return list(dict.fromkeys(member.subject for member in self.members))


def collect(data_dir: str | Path = "") -> Panel:
    """Read and check every report of a catalogue; one that can't be read is left out and named.

    Raises
    ------
    CatalogueError
        The catalogue is missing or at fault.
    """
    listed = catalogue.load(data_dir)
    known: dict[tuple[str, str, int], Report] = {}
    members: list[Member] = []
    unread: list[tuple[Entry, str]] = []
    rows: list[tuple[object, ...]] = []
    for entry in _in_order(listed):
        try:
            report, notes = _read(listed.path(entry))
            found = values(report)
            before = known.get((entry.unit, entry.scope, entry.year - 1))
            member = _member(entry, _subject(listed, entry), report, before, found, notes)
        except ReportError as error:
            unread.append((entry, str(error).replace(error.file, Path(error.file).name)))
            continue
        known[entry.unit, entry.scope, entry.year] = report
        members.append(member)
        rows.extend(_row(member, str(report.meta["report_id"]), value) for value in found)
    frame = pd.DataFrame(rows, columns=list(FIELDS), dtype="object")
    frame = frame.astype({name: dtype for name, (dtype, _) in FIELDS.items()})
    return Panel(tuple(members), tuple(unread), frame)


def codebook() -> pd.DataFrame:
    """The columns of :attr:`Panel.frame`, to be read: 列, 类型, 含义 (string)."""
    rows = [(name, dtype, meaning) for name, (dtype, meaning) in FIELDS.items()]
    return pd.DataFrame(rows, columns=["列", "类型", "含义"], dtype="string")


def _in_order(listed: Catalogue) -> list[Entry]:
    """Years of a unit after each other, units in the order of the catalogue."""
    first = {(e.unit, e.scope): at for at, e in reversed(list(enumerate(listed.entries)))}
    return sorted(listed.entries, key=lambda e: (first[e.unit, e.scope], e.year))


def _subject(listed: Catalogue, entry: Entry) -> str:
    scopes = {other.scope for other in listed.entries if other.unit == entry.unit}
    return f"{entry.unit}（{entry.scope}）" if len(scopes) > 1 else entry.unit


def _read(path: Path) -> tuple[Report, tuple[str, ...]]:
    """A report, and what was noticed while it was read; which tables it lacks, its meta says."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        report = read_report(path)
    other = [one for one in caught if not issubclass(one.category, MissingTableWarning)]
    return report, tuple(str(one.message) for one in other)


def _row(member: Member, report_id: str, one: Value) -> tuple[object, ...]:
    measure = MEASURES[one.measure]
    return (
        *(report_id, member.subject, member.entry.unit, member.entry.scope, one.year),
        *(one.measure, measure.name, one.value, *(one.span or (None, None))),
        *(measure.unit, one.derived, one.doubted),
    )


def _member(
    entry: Entry,
    subject: str,
    report: Report,
    before: Report | None,
    found: Sequence[Value],
    notes: tuple[str, ...],
) -> Member:
    alone = checked(report)
    severities = contradictions(check(report, before) if before else alone)["severity"]
    missing = report.meta["missing_tables"]
    assert isinstance(missing, tuple)
    return Member(
        subject=subject,
        entry=entry,
        money_unit=str(report.meta["money_unit"]),
        missing=tuple(NAMES[table] for table in missing),
        errors=int((severities == "error").sum()),
        warnings=int((severities == "warning").sum()),
        doubts=tuple(doubts(report, [one.value for one in found])),
        notes=notes,
    )
