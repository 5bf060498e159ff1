"""Figures of the prose in plain units, what follows from them, and as many digits of it as they bear."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from qy_finance.analysis.facts import Fact, find
from qy_finance.display import cite
from qy_finance.intervals import Approx, in_unit, plain_unit
from qy_finance.report import Report
from qy_finance.sourced import Sourced

_WAN: Final = 10_000
_LARGE: Final = 1000
_MOST: Final = 3  # digits of a computed number that are told


@dataclass(frozen=True, slots=True)
class Said:
    """A figure of the prose as it counts.

    Attributes
    ----------
    fact : Fact
        As printed: ``fact.cited`` is 114.86 万通.
    exact : Approx
        In the plain unit, with the sign that is meant: 1148600 ± 50.
    noun : str
        That unit, without 个 before a longer one: 通.
    year : int
        Fiscal year that the figure is about.
    """

    fact: Fact
    exact: Approx
    noun: str
    year: int

    @property
    def name(self) -> str:
        """What the sentence speaks of, without the heading before it."""
        return self.fact.item.rsplit("/", 1)[-1]

    @property
    def row(self) -> int:
        """Its row in ``Report.observations``."""
        return self.fact.value.sources[0].row


def said(fact: Fact, year: int) -> Said:
    """A printed figure in its plain unit; its value keeps its source."""
    printed, noun = in_unit(fact.printed, fact.unit)
    multiple = plain_unit(fact.unit)[0]
    value: Sourced = fact.value if multiple == 1 else fact.value * multiple
    return Said(fact, replace(printed, value=value), noun.removeprefix("个") or noun, year)


def prose(report: Report, *measures: str, section: str | None = None) -> Iterator[Said]:
    """The figures of the prose of these measures (all if none is named), in the order of the report."""
    years = report.observations["year"]
    for fact in find(report, section=section):
        if not measures or fact.measure in measures:
            yield said(fact, int(years[fact.value.sources[0].row]))


def of_year(report: Report, *measures: str, section: str | None = None) -> Iterator[Said]:
    """Those of :func:`prose` that are about the report's own year."""
    year = year_of(report)
    return (one for one in prose(report, *measures, section=section) if one.year == year)


def year_of(report: Report) -> int:
    """Fiscal year of a report."""
    return int(str(report.meta["year"]))


def product(first: Approx, *others: Approx) -> Approx:
    """Product of numbers that are not negative, with the interval that theirs span."""
    value, low, high = first.value, first.low, first.high
    for other in others:
        value, low, high = value * other.value, low * other.low, high * other.high
    return Approx(value, Decimal(high - low) / 2)


def quotient(part: Approx, whole: Approx) -> Approx | None:
    """How often the whole is in the part; None where the whole can be zero."""
    share = part.percent_of(whole)
    return None if share is None else share.times(Decimal("0.01"))


def settled(number: Approx, noun: str, least: int = 1) -> int:
    """Decimals of a computed number that its interval bears; negative for tens and hundreds.

    The last digit is uncertain by at most one. Never fewer than ``least`` digits and never more than three; of a
    percentage one decimal, but as many as tell it from 0 and from 100, and none from 1,000 on.
    """
    value = abs(Decimal(number.value))
    first = -value.adjusted()  # decimals up to the first digit
    most = first + _MOST - 1
    if noun == "%":
        near = min(value, abs(100 - value)) or value
        most = max(int(value < _LARGE), -near.adjusted())
    if number.half:
        half = Decimal(number.half).normalize()
        most = min(most, -half.adjusted() - (half.as_tuple().digits != (1,)))
    return max(most, first + least - 1)


def told(number: Approx, noun: str, least: int = 1) -> str:
    """A computed number as Markdown that leads to its operands: ``42.7 万通``; see :func:`settled`."""
    wan = noun != "%" and abs(number.value) >= _WAN
    shown = number.times(Decimal(1) / _WAN) if wan else number
    places = settled(shown, noun, least)
    value = shown.value.quantize(Decimal(1).scaleb(-places))
    return cite(value, f"万{noun}" if wan else noun, max(0, places))


def rounded(number: Approx, noun: str, least: int = 1) -> str:
    """The same as plain text without unit, for the labels of a figure."""
    places = settled(number, noun, least)
    value = round(Decimal(number.value), places)
    return f"{value:,.{max(0, places)}f}"
