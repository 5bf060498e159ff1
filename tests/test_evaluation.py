"""Self-evaluation tables (绩效自评表) of several forms, as PDF and as copied text, held against what they print.

A file of ``evaluations/`` has what is printed (see :mod:`papers.description`) and, below a line of dashes, a line for
each indicator, typed by hand: project, class, name, comparison, target, actual value, unit, whether it is met, weight,
score, reason, target and actual value as printed, divided by ``|``; what is missing is empty.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from browser import needs_chromium
from papers.description import Template, described
from papers.pdf import Printer
from papers.text import PAPERS

import qy_finance
from qy_finance.errors import MissingTableWarning
from qy_finance.report import Report

FORMS = sorted((Path(__file__).parent / "evaluations").glob("*.txt"))
COLUMNS = [
    "project", "class", "name", "comparison", "target", "actual", "unit", "met", "weight", "score", "reason",
    "target_printed", "actual_printed",
]  # fmt: skip
NUMBERS = {"target", "actual", "weight", "score"}

Row = tuple[object, ...]


def form(path: Path) -> tuple[Template, list[Row]]:
    printed, typed = path.read_text(encoding="utf-8").split("\n----\n")
    return described(path.stem, printed), [typed_row(line) for line in typed.splitlines()]


def typed_row(line: str) -> Row:
    cells: dict[str, object] = {}
    for name, text in zip(COLUMNS, line.split("|"), strict=True):
        number = float(text) if text and name in NUMBERS else text or None
        cells[name] = {"true": True, "false": False}[text] if text and name == "met" else number
    return tuple(cells.values())


def read(path: Path) -> Report:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingTableWarning)
        return qy_finance.read_report(path)


def rows(report: Report) -> list[Row]:
    frame = report.kpis[COLUMNS]
    return [*frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)]


def copied(template: Template, paper: str, folder: Path) -> Report:
    copy = folder / "report.txt"
    copy.write_text(PAPERS[paper].print(template), encoding="utf-8", newline="")
    return read(copy)


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with tempfile.TemporaryDirectory() as profile:
        browser = Printer(Path(profile))
        yield browser
        browser.close()


@needs_chromium
@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_indicator_of_a_pdf_is_read(printer: Printer, path: Path, tmp_path: Path) -> None:
    template, wanted = form(path)
    report = read(printer.print(template, tmp_path))
    assert rows(report) == wanted
    assert_places(report)
    assert_nothing_else(report)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_indicator_of_a_text_with_tabs_is_read(path: Path, tmp_path: Path) -> None:
    template, wanted = form(path)
    report = copied(template, "tabbed", tmp_path)
    assert rows(report) == wanted
    assert_places(report)
    assert_nothing_else(report)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_no_copy_gives_an_indicator_that_is_not_printed(
    path: Path, paper: str, tmp_path: Path
) -> None:
    template, wanted = form(path)
    assert [row for row in rows(copied(template, paper, tmp_path)) if row not in wanted] == []


def assert_places(report: Report) -> None:
    cells = report.other_tables.cells.set_index("figure")["printed"]
    for row in report.kpis.itertuples():
        printed = report.text[row.start : row.end]
        assert printed == (row.name if pd.isna(row.target_printed) else row.target_printed)
        assert cells[row.figure] == printed


def assert_nothing_else(report: Report) -> None:
    """The tables are no observations; their numerals are told, and stand in the other tables."""
    assert {"1,500.00", "1", "290.00", "96.33"} >= {*report.observations["printed"]}
    unclaimed = report.unclaimed()
    assert "unknown" not in {*unclaimed["reason"]}
    others = unclaimed[unclaimed["reason"] == "other table"]
    assert len(others) > 0
    places = [(cell.start, cell.end) for cell in report.other_tables.cells.itertuples()]
    for numeral in others.itertuples():
        title = report.text.rfind("\n", 0, numeral.start) + 1
        outside = report.text[title : numeral.start].startswith(("（", "单位"))
        assert outside or any(start <= numeral.start < end for start, end in places), (
            numeral.printed
        )
