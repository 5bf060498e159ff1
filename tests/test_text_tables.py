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


def test_columns_in_another_order_are_read_as_they_are_printed(tmp_path: Path) -> None:
    header = "科目编码 科目名称 本年支出合计 项目支出 基本支出\n"
    report = _read(tmp_path, TITLE, header, "201 一般公共服务支出 3.00 1.00 2.00\n")
    assert _cells(report, "expenditure") == [
        ("201", "一般公共服务支出", "本年支出合计", "3.00"),
        ("201", "一般公共服务支出", "项目支出", "1.00"),
        ("201", "一般公共服务支出", "基本支出", "2.00"),
    ]


def test_columns_whose_headers_stand_at_several_heights_have_no_order(tmp_path: Path) -> None:
    """A cell that is lower stands in a later line, wherever it stands across the page."""
    header = (
        "功能分类科目编码  科目名称           本年支出\n"
        "                          年初结转和结余           年末结转和结余\n"
        "                                小计  基本支出  项目支出\n"
    )
    title = TITLE.replace("支出决算表", "一般公共预算财政拨款支出决算表")
    row = "201  一般公共服务支出  1.00  3.00  2.00  1.00  4.00\n"
    report = _read(tmp_path, title, header, row)
    assert _cells(report, "general_budget_expenditure") == []
    assert "general_budget_expenditure" in report.meta["unread_tables"]


def test_a_header_of_several_levels_in_one_way_only(tmp_path: Path) -> None:
    """Two columns stand below 事业收入: no other can be divided so."""
    header = (
        "项目 本年收入合计 财政拨款收入 上级补助收入 事业收入 经营收入 附属单位上缴收入 其他收入\n"
        "科目编码 科目名称 小计 其中：教育收费\n"
    )
    title = TITLE.replace("支出决算表", "收入决算表")
    row = "205 教育支出 9.00 5.00 0.00 3.00 2.50 0.00 0.00 1.00\n"
    cells = _cells(_read(tmp_path, title, header, row), "income")
    assert [cell[2:] for cell in cells] == [
        ("本年收入合计", "9.00"), ("财政拨款收入", "5.00"), ("上级补助收入", "0.00"), ("事业收入", "3.00"),
        ("事业收入/教育收费", "2.50"), ("经营收入", "0.00"), ("附属单位上缴收入", "0.00"), ("其他收入", "1.00"),
    ]  # fmt: skip


def test_a_header_that_may_be_divided_in_two_ways_is_refused(tmp_path: Path) -> None:
    """本年收入, 年初 or 年末结转和结余: nobody knows which of them has the second three columns."""
    header = (
        "项目 年初结转和结余 本年收入 本年支出 年末结转和结余\n"
        "科目编码 科目名称 合计 基本支出 项目支出 合计 基本支出 项目支出\n"
    )
    title = TITLE.replace("支出决算表", "一般公共预算财政拨款支出决算表")
    row = "213 农林水支出 5.00 9.00 6.00 3.00 8.00 6.00 2.00 6.00\n"
    report = _read(tmp_path, title, header, row)
    assert _cells(report, "general_budget_expenditure") == []
    assert "general_budget_expenditure" in report.meta["unread_tables"]


SHORT = "科目编码 科目名称 本年支出合计 基本支出 项目支出\n合计 9.00 6.00 3.00\n"


def test_a_row_that_lacks_a_figure_is_unread_and_the_others_are_read(tmp_path: Path) -> None:
    rows = "201 一般公共服务支出 7.00 5.00 2.00\n205 教育支出 2.00 1.00\n"
    report = _read(tmp_path, TITLE, SHORT, rows)
    assert [cell[3] for cell in _cells(report, "expenditure")] == [
        "9.00", "6.00", "3.00", "7.00", "5.00", "2.00",
    ]  # fmt: skip
    unread = report.unclaimed().query("reason == 'unread cell'")
    assert list(unread["printed"]) == ["2.00", "1.00"]
    assert report.meta["unread_tables"] == {}


def test_what_adds_up_tells_the_sum_of_a_short_row(tmp_path: Path) -> None:
    """2.00 is the sum, which the column of sums confirms; which of two columns has the other 2.00, nothing tells."""
    rows = "201 一般公共服务支出 7.00 5.00 2.00\n205 教育支出 2.00 2.00\n"
    report = _read(tmp_path, TITLE, SHORT, rows)
    cells = _cells(report, "expenditure")
    assert [cell for cell in cells if cell[0] == "205"] == [
        ("205", "教育支出", "本年支出合计", "2.00")
    ]
    assert list(report.unclaimed().query("reason == 'unread cell'")["printed"]) == ["2.00"]


def test_sums_that_do_not_hold_tell_nothing(tmp_path: Path) -> None:
    rows = "201 一般公共服务支出 7.00 5.00 2.00\n205 教育支出 2.50 2.50\n"
    report = _read(tmp_path, TITLE, SHORT, rows)
    assert not [cell for cell in _cells(report, "expenditure") if cell[0] == "205"]
    assert list(report.unclaimed().query("reason == 'unread cell'")["printed"]) == ["2.50", "2.50"]


def test_a_fund_table_that_lost_its_blanks(tmp_path: Path) -> None:
    """年初 + 本年收入 = 本年支出 + 年末, and 本年支出 is one of two: whether 基本 or 项目, nothing tells."""
    header = "科目编码 科目名称 年初结转和结余 本年收入 本年支出 年末结转和结余\n小计 基本支出 项目支出\n"
    title = TITLE.replace("支出决算表", "政府性基金预算财政拨款收入支出决算表")
    row = "212 城乡社区支出 5.00 90.00 88.00 88.00 7.00\n"
    report = _read(tmp_path, title, header, row)
    assert [cell[2:] for cell in _cells(report, "government_fund")] == [
        ("年初结转和结余", "5.00"), ("本年收入", "90.00"), ("本年支出/小计", "88.00"), ("年末结转和结余", "7.00"),
    ]  # fmt: skip
    assert list(report.unclaimed().query("reason == 'unread cell'")["printed"]) == ["88.00"]


def test_spaces_tell_blanks_in_all_rows_or_in_none(tmp_path: Path) -> None:
    """The first short row would fit: its spaces are two for one blank; the second one's are not."""
    rows = "201 一般公共服务支出 7.00  7.00\n205 教育支出  4.00   4.00\n"
    report = _read(tmp_path, TITLE, SHORT, rows)
    placed = [cell for cell in _cells(report, "expenditure") if cell[2] != "本年支出合计"]
    assert placed == [("", "合计", "基本支出", "6.00"), ("", "合计", "项目支出", "3.00")]


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
    assert [(cell[2], cell[3]) for cell in _cells(report, "three_public")] == [
        ("预算数/合计", "1.00"),
        ("决算数/合计", "0.90"),
        ("预算数/因公出国（境）费", "0.00"),
        ("决算数/因公出国（境）费", "0.00"),
        ("预算数/公务用车购置及运行维护费/小计", "0.60"),
        ("决算数/公务用车购置及运行维护费/小计", "0.50"),
        ("预算数/公务用车购置及运行维护费/公务用车购置费", "0.00"),
        ("决算数/公务用车购置及运行维护费/公务用车购置费", "0.00"),
        ("预算数/公务用车购置及运行维护费/公务用车运行维护费", "0.60"),
        ("决算数/公务用车购置及运行维护费/公务用车运行维护费", "0.50"),
        ("预算数/公务接待费", "0.40"),
        ("决算数/公务接待费", "0.40"),
    ]


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


def test_a_spoilt_row_costs_its_cells_only(tmp_path: Path) -> None:
    rest = "54 0.00 0.00 0.00 0.00\n 23   二十三、其他支出 55 0.00"
    report = _read(tmp_path, CRASHED.format(rest))
    assert len(_cells(report, "appropriation_summary")) == 9
    assert list(report.unclaimed().query("reason == 'unread cell'")["line"]) == [9]


def test_spoilt_rows_cost_their_table_only(tmp_path: Path) -> None:
    report = _read(tmp_path, CRASHED.format("－－\n款\n30 0.00  62"))
    assert "appropriation_summary" in report.meta["unread_tables"]
    assert _cells(report, "appropriation_summary") == []
