"""The contradictions that a reader finds in real reports, and those that the checks find, are the same."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from qy_finance import Report, read_report

GOLDEN = Path(__file__).parent / "golden"
QINGYUAN = next((Path(__file__).parent.parent / "data" / "raw" / "2022").glob("*.txt"))
SHARED = Path(__file__).parents[2] / "shared" / "reports"
REPORTS = {
    "qingyuan_2022": QINGYUAN,
    "shanghai_2024": next(SHARED.glob("*普陀*.pdf"), None),
    "xinfang_2024": next(SHARED.glob("国家信访局*.pdf"), None),
    "swu_2023": next(SHARED.glob("西南大学*.pdf"), None),
    "foshan_2019": next(SHARED.glob("佛山*.pdf"), None),
    "ecology_2025": next(SHARED.glob("*生态*.pdf"), None),
    "culture_2025": next(SHARED.glob("*文化*.pdf"), None),
}

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

Row = dict[str, str]


@cache
def _report(name: str) -> Report:
    path = REPORTS[name]
    if path is None:
        pytest.skip("the report is not here")
    return read_report(path)


@cache
def _breaks(name: str) -> pd.DataFrame:
    checks = _report(name).check()
    return checks[checks["status"] == "break"]


def _findings(name: str) -> dict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    with (GOLDEN / f"{name}_findings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["finding"]].append(row)
    return dict(found)


def _names(report: Report, broken: object, row: Row) -> bool:
    """Whether a break names what a row of the list says: a figure by its place, words by their characters."""
    messages = " ".join((broken.message, *broken.consequences))  # type: ignore[attr-defined]
    involved = report.observations.loc[list(broken.observations)]  # type: ignore[attr-defined]
    column = "line" if "line" in row else "page"
    there = involved[involved["printed"] == row["printed"]][column]
    if int(row[column]) in there.tolist():
        return True
    place = f"第{row['line']}行" if "line" in row else f"第{row['page']}页"
    return row["printed"] in messages and place in messages


CASES = [(name, finding) for name in REPORTS for finding in _findings(name)]


@pytest.mark.parametrize(("name", "finding"), CASES)
def test_what_a_reader_finds_is_found(name: str, finding: str) -> None:
    rows = _findings(name)[finding]
    breaks = list(_breaks(name).itertuples())
    assert any(_names(_report(name), broken, row) for broken in breaks for row in rows)


@pytest.mark.parametrize("name", REPORTS)
def test_what_is_found_a_reader_agrees_with(name: str) -> None:
    rows = [row for rows in _findings(name).values() for row in rows]
    report = _report(name)
    strange = [
        broken.message
        for broken in _breaks(name).itertuples()
        if not any(_names(report, broken, row) for row in rows)
    ]
    assert strange == []
