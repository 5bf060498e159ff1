"""Look up single figures of a report, exactly.

A figure is the printed decimal and stands for an interval of half its last digit to either side. Where a
report prints a figure several times, the copies must agree before one is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import Any

import pandas as pd

from qy_finance.display import cite
from qy_finance.errors import ReportError
from qy_finance.intervals import MONEY, as_printed
from qy_finance.once import once
from qy_finance.report import Report
from qy_finance.sourced import Sourced, figures


class FactError(ReportError):
    """A figure that was asked for is not in the report, or is there with different values."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One printed figure with its exact value.

    Attributes
    ----------
    value : Sourced
        With the sign that is meant (下降 is negative), in ``unit``; it knows where it is printed.
    half : Decimal
        Half of the last printed digit: the figure stands for ``value - half`` to ``value + half``.
    item, measure, column, section : str
        As in ``Report.observations``; ``column`` and ``section`` may be empty.
    unit, printed : str
        Unit of measure, and the characters.
    line, start, end : int
        Place in ``Report.text``.
    """

    value: Sourced
    half: Decimal
    item: str
    measure: str
    column: str
    section: str
    unit: str
    printed: str
    line: int
    start: int
    end: int

    @property
    def low(self) -> Decimal:
        """Least value that the printed figure can stand for."""
        return self.value - self.half

    @property
    def high(self) -> Decimal:
        """Greatest value that the printed figure can stand for."""
        return self.value + self.half

    @property
    def places(self) -> int:
        """Decimals that are printed."""
        return max(0, -self.half.adjusted() - 1)

    @property
    def cited(self) -> str:
        """The figure with as many digits as are printed and its unit, as Markdown that leads to its source."""
        return cite(self.value, self.unit, self.places)

    def in_unit(self, unit: str) -> Fact:
        """The same sum of money in 元 or 万元.

        Raises
        ------
        KeyError
            One of the units is not a unit of money.
        """
        if self.unit == unit:
            return self
        factor = MONEY[self.unit] / MONEY[unit]
        return replace(self, value=self.value * factor, half=self.half * factor, unit=unit)


def find(
    report: Report,
    *,
    item: str | None = None,
    measure: str | None = None,
    column: str | None = None,
    section: str | None = None,
) -> list[Fact]:
    """Figures of the prose, in the order of the report.

    Parameters
    ----------
    item, column : str, optional
        Regular expression that matches the whole of it (``机关运行经费(支出)?``); ``column=""`` is a figure
        without column.
    measure : str, optional
        One of :data:`qy_finance.figures.MEASURES`.
    section : str, optional
        Regular expression that is found in the heading.
    """
    named, of, headed = (
        re.compile(pattern) if pattern is not None else None for pattern in (item, column, section)
    )
    return [
        fact
        for fact in _printed(report).prose
        if (measure is None or fact.measure == measure)
        and (named is None or named.fullmatch(fact.item))
        and (of is None or of.fullmatch(fact.column))
        and (headed is None or headed.search(fact.section))
    ]


def maybe(
    report: Report,
    *,
    item: str | None = None,
    measure: str | None = None,
    column: str | None = None,
    section: str | None = None,
) -> Fact | None:
    """The one figure of the prose that fits, or None if there is none. Parameters as for :func:`find`.

    Raises
    ------
    FactError
        Several fit, and their values differ.
    """
    found = find(report, item=item, measure=measure, column=column, section=section)
    if len({fact.value for fact in found}) > 1:
        raise FactError(
            str(report.meta["file"]),
            "、".join(f"line {fact.line}" for fact in found),
            f"one value of {_asked(item, measure, column, section)}",
            " | ".join(fact.printed for fact in found),
        )
    return found[0] if found else None


def one(
    report: Report,
    *,
    item: str | None = None,
    measure: str | None = None,
    column: str | None = None,
    section: str | None = None,
) -> Fact:
    """The one figure of the prose that fits. Parameters as for :func:`find`.

    Raises
    ------
    FactError
        None fits, or several do and their values differ.
    """
    fact = maybe(report, item=item, measure=measure, column=column, section=section)
    if fact is None:
        raise FactError(
            str(report.meta["file"]), "prose", _asked(item, measure, column, section), "none"
        )
    return fact


def cell(
    report: Report,
    table: str,
    item: str,
    column: str,
    *,
    side: str | None = None,
    code: str | None = None,
) -> Fact | None:
    """The figure of a table cell, or None where the table is missing, has no such row, or a blank there.

    Where copies of a row (合计 on each page) differ it is the first, as in ``Report.tables``;
    :func:`qy_finance.analysis.overview.conflicts` lists them.

    Parameters
    ----------
    table, item, column : str
        Table id, row name and canonical column, each as it is.
    side, code : str, optional
        Where the row name alone is not enough.
    """
    return _printed(report).cells.get((table, item, column, side, code))


@dataclass(frozen=True, slots=True)
class _Printed:
    """Figures of the prose in order, and those of tables by their place, with and without side and code."""

    prose: tuple[Fact, ...]
    cells: Mapping[tuple[str, str, str, str | None, str | None], Fact]


@once
def _printed(report: Report) -> _Printed:
    prose: list[Fact] = []
    cells: dict[tuple[str, str, str, str | None, str | None], Fact] = {}
    rows: Iterable[Any] = report.observations.itertuples()
    for row, value in zip(rows, figures(report), strict=True):
        fact = _fact(row, value)
        if pd.isna(row.table):
            prose.append(fact)
            continue
        place = row.table, fact.item, fact.column
        for side, code in product((None, row.side), (None, row.code)):
            cells.setdefault((*place, side, code), fact)
    return _Printed(tuple(prose), cells)


def _fact(row: Any, value: Sourced) -> Fact:
    return Fact(
        value=value,
        half=as_printed(row.printed).half,
        item=row.item,
        measure=row.measure,
        column="" if pd.isna(row.column) else row.column,
        section=row.section,
        unit=row.unit_of_measure,
        printed=row.printed,
        line=int(row.line),
        start=int(row.start),
        end=int(row.end),
    )


def _asked(*terms: str | None) -> str:
    return " ".join(re.sub(r"\s", " ", term) for term in terms if term)
