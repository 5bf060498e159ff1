"""Tables of texts as copies and extractions leave them: tabs, columns kept by spaces, one cell a line, odd cells."""

from __future__ import annotations

import warnings
from decimal import Decimal
from pathlib import Path

import pytest

import qy_finance
from qy_finance.errors import MissingTableWarning
from qy_finance.readers import read_document

HEAD = "某市信访局2023年度部门决算\n第二部分 2023年度部门决算表\n"
TAIL = (
    "第三部分 2023年度部门决算情况说明\n一、收入支出决算总体情况说明\n2023年度总收入100.00万元。\n"
)
UNIT = "部门：某市信访局 金额单位：万元\n"
TITLE = "支出决算表\n" + UNIT
COLUMNS = ("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")


def _read(tmp_path: Path, *tables: str) -> qy_finance.Report:
    path = tmp_path / "report.txt"
    path.write_text(HEAD + "".join(tables) + TAIL, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingTableWarning)
        report = qy_finance.read_report(path)
    for row in report.observations.itertuples():
        assert report.text[row.start : row.end] == row.printed
    return report


def _cells(report: qy_finance.Report, table: str) -> list[tuple[str, ...]]:
    frame = report.observations
    frame = frame[frame["table"] == table][["code", "item", "column", "printed"]].fillna("")
    return [tuple(map(str, row)) for row in frame.itertuples(index=False)]


EXPECTED = [
    ("", "合计", "本年支出合计", "30.00"),
    ("", "合计", "基本支出", "20.00"),
    ("", "合计", "项目支出", "10.00"),
    ("2010301", "行政运行", "本年支出合计", "20.00"),
    ("2010301", "行政运行", "基本支出", "20.00"),
    ("2010302", "一般行政管理事务", "本年支出合计", "10.00"),
    ("2010302", "一般行政管理事务", "项目支出", "10.00"),
]
TABBED = """项目\t\t本年支出\t\t\t上缴上级支出\t经营支出\t对附属单位补助支出
科目编码\t科目名称\t合计\t基本支出\t项目支出\t\t\t
合计\t\t30.00\t20.00\t10.00\t\t\t
2010301\t行政运行\t20.00\t20.00\t\t\t\t
2010302\t一般行政管理事务\t10.00\t\t10.00\t\t\t
"""
STARTS = (0, 14, 32, 50, 66, 82, 96, 110)  # places of the columns
HEADER = ("科目编码", "科目名称", *COLUMNS)
IN_MIDDLE = (
    ("", "合计", "30.00", "20.00", "10.00"),
    ("2010301", "行政运行", "20.00", "20.00"),
    ("", "一般行政"),
    ("2010302", "", "10.00", "", "10.00"),
    ("", "管理事务"),
)
IN_DOUBT = (
    ("", "合计", "30.00", "20.00", "10.00"),
    ("", "行政"),
    ("2010301", "", "20.00", "20.00"),
    ("", "运行"),
    ("", "一般"),
    ("", "行政"),
    ("2010302", "", "10.00", "", "10.00"),
)


def _at_places(rows: tuple[tuple[str, ...], ...], wide: int) -> str:
    """Lines whose words stand at the places of their columns where a full-width character takes so many."""
    lines = ""
    for row in rows:
        line, used = "", 0
        for start, cell in zip(STARTS, row, strict=False):
            if cell:
                line += " " * (start - used) + cell
                used = start + sum(wide if sign > "\u2000" else 1 for sign in cell)
        lines += line + "\n"
    return lines


def test_tabs_divide_cells_and_headers_span_what_they_leave_empty(tmp_path: Path) -> None:
    assert _cells(_read(tmp_path, TITLE, TABBED), "expenditure") == EXPECTED


def test_blank_fields_at_the_end_of_lines_may_be_lost(tmp_path: Path) -> None:
    text = "\n".join(line.rstrip("\t") for line in TABBED.split("\n"))
    assert _cells(_read(tmp_path, TITLE, text), "expenditure") == EXPECTED


def test_a_row_without_its_first_field_is_not_read_as_another(tmp_path: Path) -> None:
    report = _read(tmp_path, TITLE, TABBED.replace("2010301\t行政运行", "行政运行"))
    assert _cells(report, "expenditure") == []
    assert "expenditure" in report.meta["unread_tables"]


@pytest.mark.parametrize("wide", [1, 2])
def test_columns_kept_by_spaces(wide: int, tmp_path: Path) -> None:
    """However many places a program counts for a full-width character; names stand around their figures."""
    text = _at_places((HEADER, *IN_MIDDLE), wide)
    assert _cells(_read(tmp_path, TITLE, text), "expenditure") == EXPECTED


def test_names_that_stand_around_no_figures_are_refused(tmp_path: Path) -> None:
    report = _read(tmp_path, TITLE, _at_places((HEADER, *IN_DOUBT), 2))
    assert _cells(report, "expenditure") == []
    assert "expenditure" in report.meta["unread_tables"]


def test_one_cell_a_line(tmp_path: Path) -> None:
    rows = [
        ("科目编码", "科目名称", *COLUMNS),
        ("合计", "3.00", "2.00", "1.00", "0", "0", "0"),
        ("201", "03", "01", "行政运行", "3.00", "2.00", "1.00", "0", "0", "0"),
    ]
    report = _read(tmp_path, TITLE, "".join(f"{cell}\n" for row in rows for cell in row))
    figures = ("3.00", "2.00", "1.00", "0", "0", "0")
    assert _cells(report, "expenditure") == [
        (code, item, column, figure)
        for code, item in (("", "合计"), ("2010301", "行政运行"))
        for column, figure in zip(COLUMNS, figures, strict=True)
    ]


def test_columns_in_another_order_are_not_read_in_that_of_the_form(tmp_path: Path) -> None:
    header = "科目编码 科目名称 本年支出合计 项目支出 基本支出\n"
    report = _read(tmp_path, TITLE, header, "201 一般公共服务支出 3.00 1.00 2.00\n")
    assert _cells(report, "expenditure") == []
    assert "order" in report.meta["unread_tables"]["expenditure"]


def test_a_column_that_the_form_does_not_know_is_not_left_out(tmp_path: Path) -> None:
    header = "科目编码 科目名称 本年支出合计 基本支出 项目支出 特别安排\n"
    report = _read(tmp_path, TITLE, header, "201 一般公共服务支出 3.00 2.00 1.00\n")
    assert _cells(report, "expenditure") == []
    assert "特别安排" in report.meta["unread_tables"]["expenditure"]


def test_budget_and_final_account_below_each_column(tmp_path: Path) -> None:
    report = _read(
        tmp_path,
        "财政拨款“三公”经费支出决算表\n" + UNIT,
        "合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费\n小计 公务用车购置费 公务用车运行维护费\n",
        "预算数 决算数 " * 6
        + "\n"
        + "1.00 0.90 0.00 0.00 0.60 0.50 0.00 0.00 0.60 0.50 0.40 0.40\n",
    )
    assert _cells(report, "three_public") == []
    assert "three_public" in report.meta["unread_tables"]


SUMMARY = (
    "收入支出决算总表\n" + UNIT + "收入 支出\n项目 行次 决算数 项目 行次 决算数\n栏次 1 栏次 2\n"
)
ROWS = (
    "一、一般公共预算财政拨款收入 1 9.00 一、一般公共服务支出 4 8.00\n"
    "年初结转和结余 2 {} 年末结转和结余 5 1.00\n总计 3 9.00 总计 6 9.00\n"
)


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0", "0"),
        ("7", "7"),
        ("负155.34", "-155.34"),
        ("（155.34）", "-155.34"),
        ("155.34-", "-155.34"),
        ("－155.34", "-155.34"),
        ("1, 234.56", "1234.56"),
        ("１２．３４", "12.34"),
    ],
)
def test_a_cell_as_it_is_meant(printed: str, value: str, tmp_path: Path) -> None:
    report = _read(tmp_path, SUMMARY, ROWS.format(printed))
    frame = report.observations
    row = frame[frame["item"] == "年初结转和结余"].iloc[0]
    assert (row["printed"], Decimal(str(row["value"]))) == (printed, Decimal(value))
    assert int((frame["table"] == "income_expenditure_summary").sum()) == 6


@pytest.mark.parametrize("behind", ["万元", "（注）", "（注1）", "*"])
def test_what_stands_behind_a_figure_is_no_part_of_it(behind: str, tmp_path: Path) -> None:
    frame = _read(tmp_path, SUMMARY, ROWS.format(f"5.00{behind}")).observations
    assert list(frame.loc[frame["item"] == "年初结转和结余", "printed"]) == ["5.00"]


@pytest.mark.parametrize("printed", ["注1", "见附表", "1 234.56", "#REF!", "5"])
def test_words_in_a_cell_are_part_of_no_name(printed: str, tmp_path: Path) -> None:
    """Neither is an integer an amount that may be the line number of what stands to the right."""
    report = _read(tmp_path, SUMMARY, ROWS.format(printed))
    assert _cells(report, "income_expenditure_summary") == []
    assert "income_expenditure_summary" in report.meta["unread_tables"]


def test_an_income_without_the_word_is_not_an_expenditure(tmp_path: Path) -> None:
    rows = "一、财政拨款收入 9.00 一、教育支出 9.00\n其中：政府性基金 1.00 二、其他支出 0.00\n"
    table = "收入支出决算总表\n" + UNIT + "收入 支出\n项目 决算数 项目 决算数\n" + rows
    frame = _read(tmp_path, table).observations
    wrong = frame[(frame["item"] == "政府性基金") & (frame["side"] == "支出")]
    assert wrong.empty


def test_a_text_without_kept_columns_has_no_grid(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(HEAD + TITLE + SUMMARY + ROWS.format("5.00") + TAIL, encoding="utf-8")
    assert read_document(path).grids == ()


CRASHED = (
    "财政拨款收入支出决算总表\n项目 行次 金额 项目 行次 合计\n栏次 1 栏次 2 3 4 5\n"
    "一、一般公共预算财政拨款 1 9.00 一、教育支出 3 9.00 9.00 0.00 0.00\n管理支出\n{}\n"
)


@pytest.mark.parametrize(
    "rest", ["54 0.00 0.00 0.00 0.00\n 23   二十三、其他支出 55 0.00", "－－\n款\n30 0.00  62"]
)
def test_spoilt_rows_cost_their_table_only(rest: str, tmp_path: Path) -> None:
    report = _read(tmp_path, CRASHED.format(rest))
    assert "appropriation_summary" in report.meta["unread_tables"]
    assert _cells(report, "appropriation_summary") == []
