"""Look up single figures of a report, exactly.

A figure is the printed decimal and stands for an interval of half its last digit to either side. Where a
report prints a figure several times, the copies must agree before one is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from qy_finance.display import cite
from qy_finance.errors import ReportError
from qy_finance.intervals import MONEY, as_printed
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
    frame = report.observations
    frame = frame[frame["table"].isna()]
    return [_fact(report, row) for row in _matching(frame, item, measure, column, section)]


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
    frame = report.observations
    keep = (frame["table"] == table) & (frame["item"] == item) & (frame["column"] == column)
    if side is not None:
        keep &= frame["side"] == side
    if code is not None:
        keep &= frame["code"] == code
    found = frame[keep.fillna(False)]
    return None if found.empty else _fact(report, found.iloc[0])


def _matching(
    frame: pd.DataFrame,
    item: str | None,
    measure: str | None,
    column: str | None,
    section: str | None,
) -> list[pd.Series]:
    keep = pd.Series(True, index=frame.index)
    if measure is not None:
        keep &= frame["measure"] == measure
    if item is not None:
        keep &= frame["item"].str.fullmatch(item)
    if column is not None:
        keep &= frame["column"].fillna("").str.fullmatch(column)
    if section is not None:
        keep &= frame["section"].str.contains(section)
    return [row for _, row in frame[keep.fillna(False)].iterrows()]


def _fact(report: Report, row: pd.Series) -> Fact:
    printed = str(row["printed"])
    return Fact(
        value=figures(report)[int(str(row.name))],
        half=as_printed(printed).half,
        item=str(row["item"]),
        measure=str(row["measure"]),
        column="" if pd.isna(row["column"]) else str(row["column"]),
        section=str(row["section"]),
        unit=str(row["unit_of_measure"]),
        printed=printed,
        line=int(row["line"]),
        start=int(row["start"]),
        end=int(row["end"]),
    )


def _asked(*terms: str | None) -> str:
    return " ".join(re.sub(r"\s", " ", term) for term in terms if term)
