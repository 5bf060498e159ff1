"""What differs between two versions of a report: figures that changed, came or went, each with its places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from qy_finance.facts import Fact
from qy_finance.report import Report

COLUMNS: Final = {
    "table": "string", "section": "string", "side": "string", "code": "string", "item": "string",
    "column": "string", "measure": "string", "year": "Int64", "before": "string", "after": "string",
    "before_place": "string", "after_place": "string",
}  # fmt: skip
_Name = tuple[object, ...]


def differences(before: Report, after: Report) -> pd.DataFrame:
    """A row for each figure that the later version prints otherwise, in the order of that.

    Columns
    -------
    table, section, side, code, item, column, measure, year
        What it is about, as in ``Report.observations``; ``section`` of figures of the prose.
    before, after : string
        What is printed, with its unit; missing where one version does not have the figure.
    before_place, after_place : string
        Where.
    """
    old, new = _named(before), _named(after)
    rows = []
    for name in dict.fromkeys((*new, *old)):
        for one, other in _changed(old.get(name, []), new.get(name, [])):
            rows.append((*name, *(fact and fact.with_unit for fact in (one, other)),
                         *(fact and fact.place for fact in (one, other))))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def as_lines(found: pd.DataFrame) -> Iterator[str]:
    """The differences as lines: what it is about, what was and what is printed, and where."""
    for row in found.astype(object).where(found.notna(), None).to_dict("records"):
        named = (
            row["table"] or row["section"],
            row["side"],
            row["code"],
            row["item"],
            row["column"],
        )
        what = " · ".join(str(part) for part in named if part)
        said = (
            f"{row[of]}（{row[f'{of}_place']}）" if row[of] else "无" for of in ("before", "after")
        )
        yield f"{what}：{' → '.join(said)}"


def _named(report: Report) -> dict[_Name, list[Fact]]:
    """The figures of a report by what they are about, each list in the order of print."""
    found: dict[_Name, list[Fact]] = {}
    for fact in report.reading.facts:
        figure = fact.figure
        section = None if figure.table else figure.section
        item = figure.item
        name = (
            figure.table, section, figure.side, figure.code, item, figure.column, figure.measure, fact.year,
        )  # fmt: skip
        found.setdefault(name, []).append(fact)
    return found


def _changed(old: list[Fact], new: list[Fact]) -> Iterator[tuple[Fact | None, Fact | None]]:
    """The figures of one name that one version has and the other lacks, those that took each other's place as pairs."""
    left = list(old)
    came = []
    for fact in new:
        same = next((one for one in left if _same(one, fact)), None)
        if same is None:
            came.append(fact)
        else:
            left.remove(same)
    for at in range(max(len(left), len(came))):
        yield (left[at] if at < len(left) else None, came[at] if at < len(came) else None)


def _same(one: Fact, other: Fact) -> bool:
    """Whether two figures are the same number in the same unit."""
    return one.value == other.value and one.unit == other.unit
