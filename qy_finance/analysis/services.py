"""Hotline indicators (接通率, 满意率, 办结率, …) of several reports beside each other: what is called together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from qy_finance.analysis import knowledge
from qy_finance.analysis.indicators import Attainment, Performance
from qy_finance.checks import CheckSet
from qy_finance.facts import Fact
from qy_finance.numbers import Number

_KNOWN: Final = knowledge("hotline.toml")
_LISTED: Final = _KNOWN["compared"]["indicators"]

NAMES: Final[dict[str, str]] = {one["key"]: one["name"] for one in _LISTED}
"""What indicators are called together, by key, in the order in which they are shown."""


@dataclass(frozen=True)
class ServiceIndicator:
    """An indicator of a hotline.

    Attributes
    ----------
    key, printed : str
        What it is called together with those of other reports (:data:`NAMES`), and what its report calls it.
    comparison : str
        ``≥``, ``≤`` or ``=`` as printed.
    target, actual : Number or None
        As printed, in their own units; None for what is not stated.
    met : bool or None
        Whether the target was met, as :attr:`qy_finance.analysis.indicators.Attainment.met` says.
    doubted : bool
        Whether a contradiction of the report touches one of them.
    """

    key: str
    printed: str
    comparison: str
    target: Number | None
    actual: Number | None
    met: bool | None
    doubted: bool


def service_indicators(checks: CheckSet) -> tuple[ServiceIndicator, ...]:
    """Those of a report: its indicators with a target, then rates of its own year that the prose states without one."""
    found = Performance(checks).indicators
    of_hotline = (one for one in found if _is_of_hotline(one.name, one.target.column))
    sections = {_heading(one) for one in of_hotline} - {""}
    made = [
        _made(checks, key, one.name, one)
        for one in found
        if _is_of_hotline(one.name, one.target.column, _heading(one)) or _heading(one) in sections
        if (key := _key(one.name, one.target))
    ]
    told = {fact for one in found for fact in (one.target, one.actual) if fact}
    year, month = checks.reading.identity.year, _KNOWN["trend"]["month"]
    for fact in checks.reading.prose:
        is_own = fact.measure == "rate" and fact.year == year and fact not in told
        if is_own and _is_of_hotline(fact.item) and not re.fullmatch(month, fact.column):
            key = _key(fact.item, fact)
            same = any(one.key == key and one.printed == fact.item for one in made)
            if key and not fact.column and not same:
                doubted = fact.row in checks.doubted
                made.append(ServiceIndicator(key, fact.item, "", None, fact.number, None, doubted))
    return tuple(sorted(made, key=lambda one: list(NAMES).index(one.key)))


def _made(checks: CheckSet, key: str, name: str, one: Attainment) -> ServiceIndicator:
    facts = [fact for fact in (one.target, one.actual) if fact]
    doubted = one.row is None and any(fact.row in checks.doubted for fact in facts)
    actual = one.actual.number if one.actual else None
    return ServiceIndicator(key, name, one.comparison, one.target.number, actual, one.met, doubted)


def _heading(one: Attainment) -> str:
    """Under what an indicator stands: the project of its table, otherwise the heading of its sentence."""
    return one.row.project or one.row.section if one.row else one.target.section


def _is_of_hotline(*said: str | None) -> bool:
    return re.search(_KNOWN["compared"]["about"], " ".join(filter(None, said))) is not None


def _key(name: str, fact: Fact) -> str:
    fitting = (
        str(one["key"])
        for one in _LISTED
        if fact.unit in one["units"] and re.search(one["item"], name)
    )
    return next(fitting, "")
