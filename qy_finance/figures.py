"""The two things that a numeral of a report can be: a figure, or something explained otherwise."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

NUMERAL: Final = re.compile(r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+)(?:[.．]\d+)?")
"""A numeral of running text."""

_NUMBER: Final = (
    r"(?:(?:[0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]+)(?:[.．][0-9]+)?"
    r"|(?:[０-９]{1,3}(?:[,，][０-９]{3})+|[０-９]+)(?:[.．][０-９]+)?)"
)
_DECIMAL: Final = r"(?:[0-9]{1,3}(?:[,，][0-9]{3})+|[0-9]+)[.．][0-9]+"

AMOUNT: Final = re.compile(
    rf"(?:(?:[-−－]|负(?=[0-9０-９]))?{_NUMBER}|[（(]{_DECIMAL}[)）]|{_DECIMAL}[-−－])"
)
"""A figure as a table cell prints it, in half or full width but not mixed, separators where they belong.

One below zero has a sign before or behind it, 负, or stands in brackets as accountants write it.
"""

_PLAIN: Final = str.maketrans({",": "", "，": "", "−": "-", "－": "-", "．": ".", "负": "-"})
_BELOW_ZERO: Final = re.compile(r"[（(](.*)[)）]|(.*)-")


@lru_cache(maxsize=4096)
def number(printed: str) -> Decimal:
    """The exact value of a printed figure, whatever minus sign and separators it uses."""
    plain = "".join(printed.split()).translate(_PLAIN)
    if match := _BELOW_ZERO.fullmatch(plain):
        plain = f"-{match[1] or match[2]}"
    return Decimal(plain)


class Figure(NamedTuple):
    """One printed figure and what it is about; a row of ``Report.observations`` (see there).

    ``texts`` are the columns of words in its row (项目名称), by name; they are part of the item too.
    """

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
    texts: tuple[tuple[str, str], ...] = ()


class Exclusion(NamedTuple):
    """A stretch of text whose numerals are no figures, and why (``Report.unclaimed``)."""

    start: int
    end: int
    reason: str

    def moved(self, by: int) -> Exclusion:
        """The stretch in a text that begins so much earlier."""
        return self._replace(start=self.start + by, end=self.end + by)


def decimals_of(value: Decimal) -> int:
    """How many decimals a number is written with: 6.20 has two."""
    return max(0, -int(value.as_tuple().exponent))
