"""Spreadsheets: what cells show, titles and notes apart from tables, hidden things told."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import qy_finance
from qy_finance.errors import DamagedReportError, ReviewWarning
from qy_finance.readers import read_document
from qy_finance.readers.office.shown import shown


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (0.5, "#,##0.00", "0.50"),
        (1.005, "0.00", "1.01"),
        (-3.1, "#,##0.00;[Red]-#,##0.00", "-3.10"),
        (-1234.5, "#,##0.00_);(#,##0.00)", "(1,234.50)"),
        (-7.5, "#,##0.00_);[Red]\\(#,##0.00\\)", "(7.50)"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (0, "#,##0.00;-#,##0.00;;@", ""),
        (12.3, "General", "12.3"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567.891234, "General", "1234567.891"),
        (0.5812, "0.00%", "58.12%"),
        (5, '0.00"万元"', "5.00万元"),
        (1234567, "#,##0.00,", "1,234.57"),
        (3.1, "0.0#", "3.1"),
        (0.25, ".00", ".25"),
        (7, "[$¥-804]#,##0.00", "¥7.00"),
        (3, "000", "003"),
        ("0602", "@", "0602"),
        (None, "0.00", ""),
    ],
)
def test_a_cell_shows_what_its_format_says(value: object, form: str, said: str) -> None:
    assert shown(value, form) == said


def book_of(rows: list[list[object]], folder: Path, form: str = "#,##0.00") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "GK03"
    for row in rows:
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, float):
                cell.number_format = form
    path = folder / "report.xlsx"
    book.save(path)
    return path


ROWS: list[list[object]] = [
    ["某市水务局2023年度部门决算"],
    ["一般公共预算财政拨款支出决算表"],
    ["部门：某市水务局", None, "公开05表", None, "金额单位：万元"],
    ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
    [None, "合计", 12.5, 10.0, 2.5],
    ["213", "农林水支出", 12.5, 10.0, 2.5],
    ["21303", "水利", 12.5, 10.0, 2.5],
    ["2130301", "行政运行", 12.5, 10.0, 2.5],
    ["注：本表反映部门本年度一般公共预算财政拨款支出情况。"],
]


def test_a_sheet_is_read_with_the_cells_of_its_figures(tmp_path: Path) -> None:
    report = qy_finance.read_report(book_of(ROWS, tmp_path))
    frame = report.observations
    table = frame[frame["table"] == "general_budget_expenditure"]
    assert table["printed"].tolist() == ["12.50", "10.00", "2.50"] * 4
    places = dict(zip(table["place"], table["item"] + table["column"], strict=True))
    assert places["GK03!D5"] == "合计基本支出"
    assert places["GK03!E8"] == "行政运行项目支出"
    assert report.meta["unit"] == "某市水务局"
    assert "注：本表反映" in report.text


def test_hidden_rows_columns_and_sheets_are_not_read_and_told(tmp_path: Path) -> None:
    path = book_of(ROWS, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["GK03"]
    sheet.insert_rows(6)
    sheet.cell(6, 3).value = 99.99
    sheet.row_dimensions[6].hidden = True
    sheet.cell(5, 7).value = 88.88
    sheet.column_dimensions["G"].hidden = True
    other = book.create_sheet("底稿")
    other.append([77.77])
    other.sheet_state = "hidden"
    book.save(path)
    with pytest.warns(
        ReviewWarning, match="hidden sheet 底稿, hidden rows of GK03: 1, hidden columns of GK03: 1"
    ):
        report = qy_finance.read_report(path)
    assert not any(hidden in report.text for hidden in ("99.99", "88.88", "77.77"))
    assert len(report.tables["general_budget_expenditure"]) == 4


def test_a_formula_without_a_stored_value_is_no_figure(tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[4][2] = "=SUM(D5:E5)"
    report = qy_finance.read_report(book_of(rows, tmp_path))
    frame = report.observations
    total = frame[(frame["item"] == "合计") & (frame["column"] == "本年支出合计")]
    assert total.empty
    unclaimed = report.unclaimed()
    assert set(unclaimed.loc[unclaimed["printed"].isin(["5"]), "reason"]) == {"unread cell"}


def test_merged_cells_span_and_amounts_as_text_stay_text(tmp_path: Path) -> None:
    path = book_of([["项目", None, "决算数"], ["a", "b", "1.50"]], tmp_path)
    book = openpyxl.load_workbook(path)
    book["GK03"].merge_cells("A1:B1")
    book.save(path)
    read = read_document(path)
    (grid,) = read.grids
    assert [(c.row, c.column, c.rows, c.columns) for c in grid.cells][:2] == [
        (0, 0, 1, 2),
        (0, 2, 1, 1),
    ]
    assert read.text.endswith("a\tb\t1.50\n")


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = book_of(ROWS, tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DamagedReportError):
        read_document(path)


def test_tables_of_one_sheet_each_have_their_own_columns(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["某市粮库2023年度单位决算"],
        ["一般公共预算财政拨款支出决算表"],
        ["单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计", None, 8.5, 6.25, 2.25],
        ["222", "粮油物资储备支出", 8.5, 6.25, 2.25],
        ["支出决算表"],
        ["公开03表"],
        ["单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出",
         "对附属单位补助支出"],
        ["合计", None, 9.5, 6.25, 3.25, None, None, None],
        ["222", "粮油物资储备支出", 9.5, 6.25, 3.25, None, None, None],
    ]  # fmt: skip
    path = book_of(rows, tmp_path)
    tables = qy_finance.read_report(path).tables
    assert tables["general_budget_expenditure"]["本年支出合计"].tolist() == [8.5, 8.5]
    assert tables["expenditure"]["项目支出"].tolist() == [3.25, 3.25]
    first, second = read_document(path).grids
    assert len(first.xs) - 1 == 5
    assert len(second.xs) - 1 == 8


def test_columns_left_empty_for_the_looks_are_none(tmp_path: Path) -> None:
    path = book_of([["项目", None, "决算数", None, None], ["a", None, 1.5, None, 2.5]], tmp_path)
    book = openpyxl.load_workbook(path)
    book["GK03"].merge_cells("C1:E1")
    book.save(path)
    (grid,) = read_document(path).grids
    assert [(c.column, c.columns) for c in grid.cells] == [(0, 1), (1, 2), (0, 1), (1, 1), (2, 1)]


def test_tables_beside_each_other_are_two(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["某市粮库2023年度单位决算"],
        ["一般公共预算财政拨款支出决算表", None, None, None, None, None, "支出决算表"],
        ["单位：万元", None, None, None, None, None, "单位：万元"],
        ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出", None,
         "科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"],
        ["合计", None, 8.5, 6.25, 2.25, None, "合计", None, 9.5, 6.25, 3.25],
        ["222", "粮油物资储备支出", 8.5, 6.25, 2.25, None, "222", "粮油物资储备支出", 9.5, 6.25, 3.25],
    ]  # fmt: skip
    tables = qy_finance.read_report(book_of(rows, tmp_path)).tables
    assert tables["general_budget_expenditure"]["本年支出合计"].tolist() == [8.5, 8.5]
    assert tables["expenditure"]["项目支出"].tolist() == [3.25, 3.25]


def test_an_empty_sheet_has_no_parts(tmp_path: Path) -> None:
    path = book_of([["支出", 1.5]], tmp_path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("空")
    book.save(path)
    assert read_document(path).text == "支出\t1.50\n"
