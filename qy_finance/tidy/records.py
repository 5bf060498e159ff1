"""The reports of a catalogue as rows of the resources, in the order of the catalogue and of the reports."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Any, Final, NamedTuple

import pandas as pd

from qy_finance.analysis.accounts import LEVELS
from qy_finance.analysis.comparisons import DERIVED, comparisons
from qy_finance.catalogue import years_before
from qy_finance.checks.model import STATUSES
from qy_finance.contract import DIRECTIONS, RESOURCES
from qy_finance.entries import Catalogue, Entry
from qy_finance.errors import DuplicateReportError, ReportError
from qy_finance.form import final_accounts
from qy_finance.numbers import MONEY
from qy_finance.report import Report, read_report

Value = str | int | float | bool | Decimal | None
Record = dict[str, Value]
"""A row of a resource by field; None is missing. No text is empty: that is missing too."""

Tidy = dict[str, list[Record]]
"""The rows of each resource."""

_ECONOMIC: Final = {spec.id for spec in final_accounts().tables if spec.layout == "economic"}
_LEVELS: Final = {digits: level for level, digits in LEVELS.items()}
_EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_DIVIDER: Final = "; "


class CheckedReport(NamedTuple):
    """A report of the catalogue with its checks."""

    entry: Entry
    report: Report
    previous: Report | None
    checks: pd.DataFrame


def collect(catalogue: Catalogue) -> Tidy:
    """Read and check every report, each against that of its unit and scope for the year before.

    Raises
    ------
    ReportError
        A report can't be read, or has a number that none of the forms can hold.
    DuplicateReportError
        Two files say that they are the report of one unit, year and scope.
    """
    found = _read(catalogue)
    return {
        name: [_record(name, one, row) for one in found for row in make(one)]
        for name, make in _MAKERS.items()
    }


def _read(catalogue: Catalogue) -> list[CheckedReport]:
    files: dict[object, str] = {}
    reports = []
    for entry in catalogue.entries:
        with warnings.catch_warnings():
            # `missing_tables` and `doubtful` of its row say so
            warnings.simplefilter("ignore", UserWarning)
            report = read_report(catalogue.path(entry))
        _ = report.decisions  # one whose figure is gone is an error
        first = files.setdefault(report.meta["report_id"], entry.file)
        if first != entry.file:
            found = f"that of {first} again"
            raise DuplicateReportError(entry.file, "", "one file for each report", found)
        reports.append(report)
    read = zip(catalogue.entries, reports, years_before(reports), strict=True)
    return [CheckedReport(*one, one[1].check(one[2])) for one in read]


def _record(name: str, one: CheckedReport, row: Mapping[str, object]) -> Record:
    told = {"report_id": one.report.meta["report_id"], **row}
    fields = (field.name for field in RESOURCES[name].fields)
    return {field: _plain(one.entry.file, field, told.get(field)) for field in fields}


def _plain(file: str, field: str, value: object) -> Value:
    if value is None or value == "":
        return None
    assert isinstance(value, str | int | float | Decimal), type(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ReportError(file, field, "numbers of at most 308 digits", "a longer one")
    return value


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """The rows of a frame as Python's own values; missing is None."""
    return frame.astype("object").where(frame.notna(), None).to_dict("records")


def _reports(one: CheckedReport) -> Iterator[dict[str, Any]]:
    report = one.report
    unclaimed = report.unclaimed()
    statuses = one.checks["status"].value_counts()
    yield {
        **report.meta,
        "missing_tables": _DIVIDER.join(report.reading.missing),
        "previous": one.previous and one.previous.meta["report_id"],
        **{name: getattr(one.entry, name) for name in ("file", "sha256", "kind", "source")},
        "figures": len(report.observations),
        "doubtful": len(report.review()),
        "unclaimed": len(unclaimed),
        "unknown": int((unclaimed["reason"] == "unknown").sum()),
        **{name: int(statuses.get(name, 0)) for name in ("exact", "tail", "break", "not_run")},
        "not_applicable": int(statuses.get("n/a", 0)),
        **_extent(report),
    }


def _extent(report: Report) -> dict[str, int]:
    """How much was checked, tied and understood, of the report by itself."""
    found = report.coverage()
    return {
        "identities": found.identities.whole,
        "identities_checked": found.identities.part,
        "items": found.items.whole,
        "items_tied": found.items.part,
        "numerals": found.numerals.whole,
        "numerals_understood": found.numerals.part,
    }


def _disclosures(one: CheckedReport) -> Iterator[dict[str, Any]]:
    for row in _rows(one.report.disclosures()):
        yield {**row, "observations": _DIVIDER.join(row["observations"])}


def _amounts(one: CheckedReport) -> Iterator[dict[str, Any]]:
    """The money of the tables: what is printed, exactly, and where it belongs in the classifications."""
    rows = _rows(one.report.observations)
    for fact, row in zip(one.report.reading.facts, rows, strict=True):
        table, unit = fact.figure.table, fact.unit_of_measure
        if table is None or fact.measure != "amount" or unit not in MONEY:
            continue
        code, amount = fact.figure.code, fact.figure.value
        yield {
            **row,
            "phase": "预算" if "预算数" in fact.column else "决算",
            "direction": _direction(table, fact.figure.side, fact.column),
            "function_code": None if table in _ECONOMIC else code,
            "economic_code": code if table in _ECONOMIC else None,
            "level": _LEVELS.get(len(code)) if code else None,
            "amount": amount,
            "money_unit": unit,
            "yuan": _EXACT.multiply(amount, MONEY[unit]),
            "currency": "CNY",
        }


def _direction(table: str, side: str | None, column: str) -> str | None:
    """收入 or 支出: as the table is one of them, or as its side or the head of its column says."""
    if table in DIRECTIONS:
        return DIRECTIONS[table]
    said = side or column.partition("/")[0].removeprefix("本年")
    return said if said in DIRECTIONS.values() else None


def _kpis(one: CheckedReport) -> Iterator[dict[str, Any]]:
    for at, row in enumerate(_rows(one.report.kpis), start=1):
        yield {**row, "number": at, "unit_of_measure": row["unit"]}


def _derived(one: CheckedReport) -> Iterator[dict[str, object]]:
    for at, found in enumerate(comparisons(one.report.checks), start=1):
        base, rate = found.previous, found.rate.number if found.rate else None
        low, high = (None, None) if base is None else base.span
        amounts = {
            "current": found.amount, "change": found.stated_change, "rate": rate,
            "previous": base, "low": low, "high": high,
        }  # fmt: skip
        yield {
            **{name: None if n is None else float(n) for name, n in amounts.items()},
            "item": found.name,
            "verdict": found.verdict and STATUSES[found.verdict],
            "line": found.current.line,
            "number": at,
            "origin": DERIVED,
            "year": one.report.reading.identity.year - 1,
            "money_unit": found.unit,
            "start": found.current.figure.start,
        }


def _listed(one: CheckedReport, column: str, name: str) -> Iterator[dict[str, Any]]:
    """A row for each item that a column of the checks lists."""
    for check, items in zip(one.checks["check_id"], one.checks[column], strict=True):
        for at, item in enumerate(items, start=1):
            yield {"check_id": check, "position": at, name: item}


def _check_figures(one: CheckedReport) -> Iterator[dict[str, Any]]:
    starts = one.report.observations["start"].tolist()
    listed = _listed(one, "observations", "start")
    return (row | {"start": starts[row["start"]]} for row in listed)


_MAKERS: Final[dict[str, Callable[[CheckedReport], Iterable[dict[str, Any]]]]] = {
    "reports": _reports,
    "observations": lambda one: _rows(one.report.observations),
    "amounts": _amounts,
    "kpis": _kpis,
    "derived": _derived,
    "checks": lambda one: _rows(one.checks),
    "check_figures": _check_figures,
    "check_consequences": lambda one: _listed(one, "consequences", "message"),
    "disclosures": _disclosures,
    "other_tables": lambda one: _rows(one.report.other_tables.cells),
    "unclaimed": lambda one: _rows(one.report.unclaimed()),
}
