"""The two things that a numeral of a report can be: a figure, or something explained otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

NUMERAL: Final = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
"""A numeral of running text."""

AMOUNT: Final = re.compile(r"[-−－]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII)
"""A figure as a table cell prints it: ASCII digits, thousands separators where they belong."""


def number(printed: str) -> Decimal:
    """The exact value of a printed figure, whatever minus sign and separators it uses."""
    return Decimal(re.sub(r"[,，\s]", "", printed).replace("−", "-").replace("－", "-"))


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure and what it is about; a row of ``Report.observations`` (see there)."""

    start: int
    end: int
    measure: str
    value: Decimal
    unit_of_measure: str
    section: str
    item: str
    table: str | None = None
    side: str | None = None
    code: str | None = None
    column: str | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch of text whose numerals are no figures, and why (``Report.unclaimed``)."""

    start: int
    end: int
    reason: str
