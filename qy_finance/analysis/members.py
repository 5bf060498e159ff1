"""A report in the panel: what is kept of it when it has been read, and what a corpus keeps of it as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from qy_finance.analysis.measures import MEASURES, ReportingUnit, Value, values
from qy_finance.analysis.services import ServiceIndicator, service_indicators
from qy_finance.checks import CheckSet
from qy_finance.numbers import Number, Source, Span
from qy_finance.units import Unit, unit_of

_SEVERITIES: Final = ("error", "warning")
_SERVICE: Final = ("key", "printed", "comparison", "met", "doubted")
_TOLD: Final = ("report_id", "id", "path", "place", "with_unit")

Doubts = Callable[[CheckSet, Iterable[Number]], Iterable[str]]


@dataclass(frozen=True)
class Member:
    """A report of the panel.

    Attributes
    ----------
    subject, year, report_id : ReportingUnit, int, str
        Whose report it is, of when, its id.
    about : Unit
        Where the unit is, of which level and kind.
    money_unit : str
        That of its tables.
    missing : tuple of str
        Names of the tables that it lacks.
    values : tuple of Value
        What it states of each measure, and last year's values that it implies.
    broken : mapping of str to int
        How many contradictions of figures there are (error), and of words and of what is less grave (warning).
    doubts : tuple of str
        What contradicts the figures that the values come from, as sentences.
    notes : tuple of str
        What was noticed while it was read.
    service : tuple of ServiceIndicator
        What it states of a hotline.
    """

    subject: ReportingUnit
    year: int
    report_id: str
    about: Unit
    money_unit: str
    missing: tuple[str, ...]
    values: tuple[Value, ...]
    broken: Mapping[str, int]
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    service: tuple[ServiceIndicator, ...] = ()


class Unread(NamedTuple):
    """A report that can't be read: whose and of when it is, and why; without a year, a line of the catalogue."""

    subject: ReportingUnit
    year: int | None
    error: str


class Mention(NamedTuple):
    """A printed figure as what is computed from it names it, without its report."""

    report_id: str
    id: str
    path: str
    place: str
    with_unit: str
    row: int = -1


def member(
    checks: CheckSet,
    subject: ReportingUnit,
    doubts: Doubts | None = None,
    notes: Iterable[str] = (),
) -> Member:
    """What the panel keeps of a report with its checks, those against the year before among them.

    ``doubts`` makes the sentences on what contradicts numbers, of the checks and of these.
    """
    found = tuple(values(checks, subject))
    reading = checks.reading
    severities = [one.check.identity.severity for one in checks.findings]
    return Member(
        subject,
        reading.identity.year,
        reading.identity.report_id,
        unit_of(reading),
        reading.identity.money_unit,
        tuple(map(reading.form.name, reading.missing)),
        found,
        {name: severities.count(name) for name in _SEVERITIES},
        tuple(doubts(checks, [value.number for value in found])) if doubts else (),
        tuple(notes),
        service_indicators(checks),
    )


def kept(one: Member) -> dict[str, Any]:
    """A member as JSON can say it; whose it is, its catalogue says."""
    return {
        "year": one.year, "report_id": one.report_id, "about": asdict(one.about), "money_unit": one.money_unit,
        "missing": list(one.missing),
        "values": [_kept(value) for value in one.values], "broken": dict(one.broken),
        "doubts": list(one.doubts), "notes": list(one.notes),
        "service": [_kept_service(each) for each in one.service],
    }  # fmt: skip


def restored(told: Mapping[str, Any], subject: ReportingUnit) -> Member:
    """The member that :func:`kept` has told."""
    return Member(
        subject,
        told["year"],
        told["report_id"],
        Unit(**told["about"]),
        told["money_unit"],
        tuple(told["missing"]),
        tuple(_restored(value, subject) for value in told["values"]),
        told["broken"],
        tuple(told["doubts"]),
        tuple(told["notes"]),
        tuple(map(_restored_service, told["service"])),
    )


def _kept(value: Value) -> dict[str, Any]:
    return {
        "measure": value.measure.key, "year": value.year, "derived": value.derived, "doubted": value.doubted,
        "agrees": value.agrees, **_kept_number(value.number),
    }  # fmt: skip


def _kept_service(one: ServiceIndicator) -> dict[str, Any]:
    numbers = {
        name: None if number is None else _kept_number(number)
        for name, number in (("target", one.target), ("actual", one.actual))
    }
    return {name: getattr(one, name) for name in _SERVICE} | numbers


def _restored_service(told: Mapping[str, Any]) -> ServiceIndicator:
    numbers = {name: told[name] and _restored_number(told[name]) for name in ("target", "actual")}
    return ServiceIndicator(**{**told, **numbers})


def _kept_number(number: Number) -> dict[str, Any]:
    return {
        "value": str(number.plain), "span": list(map(str, number.span)),
        "unit": number.unit, "computed": number.computed, "sources": [_told(one) for one in number.sources],
    }  # fmt: skip


def _told(source: Source) -> list[str]:
    return [getattr(source, name) for name in _TOLD]


def _restored(told: Mapping[str, Any], subject: ReportingUnit) -> Value:
    plain = (told[name] for name in ("derived", "doubted", "agrees"))
    return Value(subject, MEASURES[told["measure"]], told["year"], _restored_number(told), *plain)


def _restored_number(told: Mapping[str, Any]) -> Number:
    low, high = map(Decimal, told["span"])
    sources = (Mention(*one) for one in told["sources"])
    return Number(Decimal(told["value"]), Span(low, high), told["unit"], sources, told["computed"])
