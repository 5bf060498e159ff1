"""One report as rows of the resources, in the order of the report."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd
from pandas.api.extensions import ExtensionArray

from qy_finance.analysis.accounts import LEVELS
from qy_finance.analysis.comparisons import DERIVED, comparisons
from qy_finance.analysis.functions import functions
from qy_finance.analysis.measures import ReportingUnit, values
from qy_finance.checks.model import STATUSES
from qy_finance.contract import DIGITS, DIRECTIONS, PLACES, RESOURCES, Field
from qy_finance.entries import NAME, Entry, Key
from qy_finance.errors import ReportError
from qy_finance.form import final_accounts
from qy_finance.numbers import MONEY
from qy_finance.report import Report
from qy_finance.units import unit_of

Value = str | int | float | bool | Decimal | None
Record = dict[str, Value]
"""A row of a resource by field; None is missing. No text is empty: that is missing too."""

Tidy = dict[str, list[Record]]
"""The rows of each resource."""

_ECONOMIC: Final = {spec.id for spec in final_accounts().tables if spec.layout == "economic"}
_LEVELS: Final = {digits: level for level, digits in LEVELS.items()}
_EXACT: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
_LEAST: Final = Decimal(1).scaleb(-PLACES)
_DIVIDER: Final = "; "


@dataclass(frozen=True)
class _CheckedReport:
    """A report of the catalogue with its checks."""

    entry: Entry
    report: Report
    previous: Report | None
    replaced: Sequence[Entry]

    @cached_property
    def checks(self) -> pd.DataFrame:
        return self.report.check(self.previous)

    @cached_property
    def unclaimed(self) -> pd.DataFrame:
        return self.report.unclaimed()


def records_of(
    entry: Entry, report: Report, previous: Report | None = None, replaced: Sequence[Entry] = ()
) -> Tidy:
    """The rows of one report in every resource but `FAILURES` and `ACCOUNTS`; they depend on nothing but what is given.

    Parameters
    ----------
    entry
        Its line of the catalogue.
    report
        The report, read.
    previous
        That of its unit and scope for the year before, which it is checked against.
    replaced
        The versions of it that it replaces, the last first.

    Raises
    ------
    ReportError
        It has a number that none of the forms can hold, or a decision on a figure that it lacks.
    """
    one = _CheckedReport(entry, report, previous, replaced)
    return {name: list(_records(name, one, make(one))) for name, make in _MAKERS.items()}


class Failure(NamedTuple):
    """Why a report is not among the rows: texts alone, so that it holds nothing of the report."""

    file: str
    unit: str | None
    year: int | None
    scope: str | None
    error: str
    place: str
    expected: str
    found: str

    @property
    def record(self) -> Record:
        """Its row of `FAILURES`, but for the number."""
        return {name: value or None for name, value in self._asdict().items()}

    @property
    def told(self) -> str:
        """One line, as errors are told."""
        expected = f"expected {self.expected}"
        message = f"{expected}, found {self.found}" if self.found else expected
        return ": ".join(part for part in (self.file, self.place, message) if part)


def failure_of(error: ReportError | OSError, about: Entry | Key | None = None) -> Failure:
    """What is told of a report that can't be read, the same on every machine.

    Parameters
    ----------
    error
        What was raised.
    about
        The report's line of the catalogue, or what is known of the report where that line is at fault.
    """
    key = about.key if isinstance(about, Entry) else about
    named = Path(error.file).name if isinstance(error, ReportError) else NAME
    file = about.file if isinstance(about, Entry) else named
    if isinstance(error, ReportError):
        other = "" if Path(file).name == named else named
        place = ": ".join(filter(None, (other, error.place)))
        expected, found = error.expected, error.found
    else:
        place, expected, found = "", "a file that can be read", error.strerror or ""
    said = (type(error).__name__, *(" ".join(text.split()) for text in (place, expected, found)))
    return Failure(file, *(key or (None, None, None)), *said)


def _records(
    name: str, one: _CheckedReport, rows: Iterable[Mapping[str, object]]
) -> Iterator[Record]:
    fields = [field.name for field in RESOURCES[name].fields]
    numbers = [field for field in RESOURCES[name].fields if field.type in ("number", "decimal")]
    report_id = one.report.meta["report_id"]
    for row in rows:
        told = {"report_id": report_id, **row}
        record: dict[str, Any] = {
            field: None if (value := told.get(field)) == "" else value for field in fields
        }
        for number in numbers:
            if (value := record[number.name]) is not None:
                _hold(one.entry.file, number, value)
        yield record


def _hold(file: str, field: Field, value: float | Decimal) -> None:
    """See that all forms can hold a number."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ReportError(file, field.name, "numbers of at most 308 digits", "a longer one")
    if isinstance(value, Decimal) and field.type == "decimal":
        rounded = _EXACT.quantize(value, _LEAST)
        if rounded != value or len(rounded.as_tuple().digits) > DIGITS:
            expected = f"amounts of at most {DIGITS} digits with at most {PLACES} decimals"
            raise ReportError(file, field.name, expected, "a longer one")


def _rows(frame: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    """The rows of a frame as Python's own values; missing is None."""
    missing: Any = None
    columns = [
        column.array.to_numpy(dtype=object, na_value=missing).tolist()
        if isinstance(column.array, ExtensionArray)
        else column.tolist()
        for _, column in frame.items()
    ]
    names = list(frame.columns)
    return (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))


_OF_LINE: Final = (
    "file", "sha256", "kind", "source", "published", "retrieved", "replaces",
)  # fmt: skip


def _reports(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    report = one.report
    unclaimed = one.unclaimed
    statuses = one.checks["status"].value_counts()
    yield {
        **report.meta,
        "missing_tables": _DIVIDER.join(report.reading.missing),
        "previous": one.previous and one.previous.meta["report_id"],
        **{name: getattr(one.entry, name) for name in _OF_LINE},
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


def _disclosures(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    for row in _rows(one.report.disclosures()):
        yield {**row, "observations": _DIVIDER.join(row["observations"])}


def _units(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    yield {**one.report.meta, **asdict(unit_of(one.report.reading))}


def _versions(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    for entry in one.replaced:
        yield {name: getattr(entry, name) for name in _OF_LINE}


def _amounts(one: _CheckedReport) -> Iterator[dict[str, Any]]:
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
            "yuan": (yuan := _EXACT.multiply(amount, MONEY[unit])),
            "yuan_float": float(yuan),
            "currency": "CNY",
        }


def _direction(table: str, side: str | None, column: str) -> str | None:
    """收入 or 支出: as the table is one of them, or as its side or the head of its column says."""
    if table in DIRECTIONS:
        return DIRECTIONS[table]
    said = side or column.partition("/")[0].removeprefix("本年")
    return said if said in DIRECTIONS.values() else None


def _kpis(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    for at, row in enumerate(_rows(one.report.kpis), start=1):
        yield {**row, "number": at, "unit_of_measure": row["unit"]}


def _derived(one: _CheckedReport) -> Iterator[dict[str, object]]:
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


def _measures(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    checks, who = one.report.checks_against(one.previous), one.report.reading.identity
    for found in values(checks, ReportingUnit(who.unit, who.unit, who.scope)):
        low, high = found.number.span
        yield {
            "year": found.year,
            "measure": found.measure.key,
            "name": found.measure.name,
            "value": float(found.number),
            "low": float(low),
            "high": float(high),
            "unit_of_measure": found.measure.unit,
            "derived": found.derived,
            "doubted": found.doubted,
            "figures": _DIVIDER.join(dict.fromkeys(one.id for one in found.number.sources)),
        }


def _budget(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    for row in _rows(one.report.budget()):
        yield {**row, "figures": _DIVIDER.join(row["figures"])}


def _functions(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    rows = _rows(one.report.functions())
    for at, (part, row) in enumerate(zip(functions(one.report.checks).parts, rows, strict=True), 1):
        yuan, figures = part.amount.in_unit("元").plain, _DIVIDER.join(row["figures"])
        yield {**row, "number": at, "yuan": yuan, "figures": figures}


def _listed(one: _CheckedReport, column: str, name: str) -> Iterator[dict[str, Any]]:
    """A row for each item that a column of the checks lists."""
    for check, items in zip(one.checks["check_id"], one.checks[column], strict=True):
        for at, item in enumerate(items, start=1):
            yield {"check_id": check, "position": at, name: item}


def _check_figures(one: _CheckedReport) -> Iterator[dict[str, Any]]:
    starts = one.report.observations["start"].tolist()
    listed = _listed(one, "observations", "start")
    return (row | {"start": starts[row["start"]]} for row in listed)


_MAKERS: Final[dict[str, Callable[[_CheckedReport], Iterable[dict[str, Any]]]]] = {
    "reports": _reports,
    "versions": _versions,
    "units": _units,
    "observations": lambda one: _rows(one.report.observations),
    "amounts": _amounts,
    "kpis": _kpis,
    "derived": _derived,
    "measures": _measures,
    "budget": _budget,
    "functions": _functions,
    "checks": lambda one: _rows(one.checks),
    "check_figures": _check_figures,
    "check_consequences": lambda one: _listed(one, "consequences", "message"),
    "decisions": lambda one: _rows(one.report.decisions),
    "disclosures": _disclosures,
    "other_tables": lambda one: _rows(one.report.other_tables.cells),
    "unclaimed": lambda one: _rows(one.unclaimed),
}
