"""A real PDF against its golden transcription, and against what another library finds on its pages."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pdfplumber
import pytest
from golden import shanghai_2024 as golden

from qy_finance import read_report
from qy_finance.analysis.procurement import Procurement
from qy_finance.form import final_accounts
from qy_finance.readers import read_document, squeeze
from qy_finance.report import Report

pytestmark = pytest.mark.skipif(
    not golden.REPORT.exists(), reason=f"no {golden.REPORT.name} beside the checkout"
)


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(golden.REPORT)


def test_every_cell_is_right(report: Report) -> None:
    result = golden.compare_cells(report)
    assert (result.right, result.missing, result.extra) == (195, {}, {})


def test_every_fact_is_found(report: Report) -> None:
    """The golden facts leave out one figure that the page before states too."""
    result = golden.compare_facts(report)
    repeated = (Decimal("2940.05"), "万元", "amount", 21)
    assert (result.right, result.missing, result.extra) == (99, {}, {repeated: 1})


def test_no_numeral_is_unknown(report: Report) -> None:
    unclaimed = report.unclaimed()
    assert unclaimed.loc[unclaimed["reason"] == "unknown"].empty


def test_meta(report: Report) -> None:
    assert report.meta == {
        "report_id": "上海市普陀区财政局_2024_部门汇总",
        "unit": "上海市普陀区财政局",
        "year": 2024,
        "scope": "部门汇总",
        "money_unit": "万元",
        "template": "plain",
        "identity": {
            "unit": {
                "cover": ("上海市普陀区财政局",),
                "heading": ("上海市普陀区财政局",),
                "sentence": ("上海市普陀区财政局",),
            },
            "year": {"cover": ("2024",), "heading": ("2024",), "sentence": ("2024",)},
            "scope": {"cover": ("部门汇总",), "heading": ("部门汇总",)},
        },
        "missing_tables": (),
        "unread_tables": {},
        "three_public": {"money": "all appropriations", "budget": "not said"},
        "file": golden.REPORT.name,
    }


def test_all_tables_are_there_two_of_them_empty(report: Report) -> None:
    assert tuple(report.tables) == final_accounts().ids
    empty = [table for table, frame in report.tables.items() if frame.empty]
    assert empty == ["government_fund", "state_capital"]


def test_printed_is_what_the_text_has(report: Report) -> None:
    spans = report.observations[["start", "end", "printed"]].itertuples(index=False)
    assert all(report.text[start:end] == printed for start, end, printed in spans)


def test_boxes_hold_the_printed_characters_and_no_others(report: Report) -> None:
    """As pdfplumber has the characters of the page: those whose centre is within the box."""
    wrong = []
    with pdfplumber.open(golden.REPORT) as pdf:
        for number, rows in report.observations.groupby("page"):
            chars = pdf.pages[int(number) - 1].chars
            for row in rows.itertuples():
                inside = [
                    char
                    for char in chars
                    if row.x0 <= (char["x0"] + char["x1"]) / 2 <= row.x1
                    and row.top <= (char["top"] + char["bottom"]) / 2 <= row.bottom
                ]
                text = "".join(c["text"] for c in sorted(inside, key=lambda char: char["x0"]))
                if text != row.printed:
                    wrong.append((number, row.printed, text))
    assert wrong == []


def test_it_reads_the_same_twice(report: Report) -> None:
    again = read_report(golden.REPORT)
    assert again.text == report.text
    assert again.observations.equals(report.observations)


def test_path_may_be_text(report: Report) -> None:
    assert read_report(str(golden.REPORT)).meta == report.meta


def test_lines_and_pages_count_from_one(report: Report) -> None:
    lines = report.text.split("\n")
    first = report.observations.iloc[0]
    assert first["page"] == 6
    assert first["printed"] in lines[first["line"] - 1]
    assert report.text.count("\f") == 24


def test_golden_data_are_beside_the_report() -> None:
    assert {path.name for path in map(Path, (golden.CELLS, golden.FACTS)) if path.exists()} == {
        golden.CELLS.name,
        golden.FACTS.name,
    }


def test_amounts_of_some_projects_are_not_taken_for_all_procurement(report: Report) -> None:
    """This template states what went to small enterprises by group of projects, never in all."""
    purchases = Procurement(report.checks)
    assert purchases.total is not None
    assert str(purchases.total) == "251.25"
    assert {name: str(kind.amount) for name, kind in purchases.by_kind.items()} == {
        "货物": "4.79",
        "工程": "0",
        "服务": "246.47",
    }
    assert (purchases.sme, purchases.micro) == (None, None)


def test_cells_are_those_that_pdfplumber_finds() -> None:
    """Cell for cell on each page, blank ones too."""
    document = read_document(golden.REPORT)
    ours = {
        grid.page: Counter(squeeze(document.text[cell.start : cell.end]) for cell in grid.cells)
        for grid in document.grids
    }
    with pdfplumber.open(golden.REPORT) as pdf:
        theirs = {
            page.page_number: Counter(
                squeeze(text)
                for table in page.extract_tables()
                for row in table
                for text in row
                if text is not None
            )
            for page in pdf.pages
            if page.find_tables()
        }
    assert ours == theirs
