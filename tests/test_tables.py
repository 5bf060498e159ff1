"""Layouts of tables that templates of other regions print, each as a few typed lines."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pandas as pd
import pytest

import qy_finance
from qy_finance.errors import MissingTableWarning

HEAD = "第二部分 某市信访局2023年度部门决算表\n"
TAIL = (
    "第三部分 2023年度部门决算情况说明\n一、收入支出决算总体情况说明\n2023年度总收入100.00万元。\n"
)
UNIT = "部门：某市信访局 2023年度 金额单位：万元\n"


def _read(tmp_path: Path, *tables: str) -> qy_finance.Report:
    path = tmp_path / "report.txt"
    path.write_text(HEAD + "".join(tables) + TAIL, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingTableWarning)
        return qy_finance.read_report(path)


def _cells(report: qy_finance.Report, table: str) -> list[tuple[str | None, ...]]:
    frame = report.observations
    frame = frame[frame["table"] == table][["side", "code", "item", "column", "printed"]]
    return [
        tuple(None if pd.isna(value) else str(value) for value in row)
        for row in frame.itertuples(index=False)
    ]


EXPENDITURE = (
    "支出决算表\n"
    + UNIT
    + "项目 本年支出合计 基本支出 项目支出 上缴上级支出 经营支出 对附属单位补助支出\n"
    + "科目编码 科目名称\n"
)


def test_unit_without_the_year_beside_it(tmp_path: Path) -> None:
    report = _read(tmp_path, EXPENDITURE, "合计 2.00 1.00 1.00 0.00 0.00 0.00\n")
    assert report.meta["unit"] == "某市信访局"
    assert (report.meta["year"], report.meta["scope"]) == (2023, "部门汇总")


def test_total_last_and_codes_in_three_columns(tmp_path: Path) -> None:
    report = _read(
        tmp_path,
        EXPENDITURE,
        "201 一般公共服务支出 2.00 1.00 1.00 0.00 0.00 0.00\n"
        "201 03 08 信访事务 2.00 1.00 1.00 0.00 0.00 0.00\n"
        "合 计 2.00 1.00 1.00 0.00 0.00 0.00\n",
    )
    frame = report.tables["expenditure"]
    assert frame["item"].tolist() == ["一般公共服务支出", "信访事务", "合计"]
    assert frame["code"].tolist() == ["201", "2010308", pd.NA]


def test_codes_in_brackets_and_names_that_touch_their_code(tmp_path: Path) -> None:
    report = _read(
        tmp_path,
        EXPENDITURE,
        "[201]一般公共服务支出 2.00 1.00 1.00 0.00 0.00 0.00\n"
        "2010308信访事务 2.00 1.00 1.00 0.00 0.00 0.00\n",
    )
    assert report.tables["expenditure"]["code"].tolist() == ["201", "2010308"]


def test_dashes_are_blanks_and_zero_is_a_figure(tmp_path: Path) -> None:
    report = _read(tmp_path, EXPENDITURE, "201 一般公共服务支出 2.00 2.00 — 0.00 - --\n")
    assert [cell[3:] for cell in _cells(report, "expenditure")] == [
        ("本年支出合计", "2.00"),
        ("基本支出", "2.00"),
        ("上缴上级支出", "0.00"),
    ]


def test_blank_cells_are_counted_by_their_spaces(tmp_path: Path) -> None:
    report = _read(tmp_path, EXPENDITURE, "201 一般公共服务支出 2.00  2.00    \n")
    assert [cell[3:] for cell in _cells(report, "expenditure")] == [
        ("本年支出合计", "2.00"),
        ("项目支出", "2.00"),
    ]


def test_a_row_whose_blanks_cannot_be_placed_is_refused(tmp_path: Path) -> None:
    report = _read(tmp_path, EXPENDITURE, "201 一般公共服务支出 2.00 2.00\n")
    expected = r"line 6: expected 6 figures .* found 2"
    assert re.search(expected, str(report.reading.unread["expenditure"]))


def test_basic_expenditure_in_one_block(tmp_path: Path) -> None:
    report = _read(
        tmp_path,
        "一般公共预算财政拨款基本支出决算表\n" + UNIT,
        "经济分类科目编码 科目名称 合计 人员经费 公用经费\n栏次 1 2 3\n",
        "合计 3.00 2.00 1.00\n301 工资福利支出 2.00 2.00\n302 商品和服务支出 1.00 1.00\n",
    )
    assert _cells(report, "basic_expenditure") == [
        (None, None, "合计", "决算数", "3.00"),
        (None, None, "合计", "人员经费", "2.00"),
        (None, None, "合计", "公用经费", "1.00"),
        ("人员经费", "301", "工资福利支出", "决算数", "2.00"),
        ("人员经费", "301", "工资福利支出", "人员经费", "2.00"),
        ("公用经费", "302", "商品和服务支出", "决算数", "1.00"),
        ("公用经费", "302", "商品和服务支出", "公用经费", "1.00"),
    ]


COLUMNS = [
    "合计",
    "因公出国（境）费",
    "公务用车购置及运行维护费/小计",
    "公务用车购置及运行维护费/公务用车购置费",
    "公务用车购置及运行维护费/公务用车运行维护费",
    "公务接待费",
]
FINAL = ["2.52", "0.00", "1.89", "0.00", "1.89", "0.63"]
BUDGET = ["3.00", "0.00", "2.00", "0.00", "2.00", "1.00"]
ACROSS = "合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费\n小计 公务用车购置费 公务用车运行维护费\n"
THREE_PUBLIC = {
    "beside each other": f"预算数 决算数\n{ACROSS}1 2 3 4 5 6 7 8 9 10 11 12\n{' '.join(BUDGET + FINAL)}\n",
    "one below the other": f"{ACROSS}年初预算数 {' '.join(BUDGET)}\n决算数 {' '.join(FINAL)}\n",
    "as a list": "项目 年初预算数 决算数\n"
    + "合计 3.00 2.52\n1.因公出国（境）费 0.00 0.00\n2.公务用车购置及运行维护费 2.00 1.89\n"
    + "其中：（1）公务用车购置费 0.00 0.00\n（2）公务用车运行维护费 2.00 1.89\n3.公务接待费 1.00 0.63\n",
}


@pytest.mark.parametrize("layout", THREE_PUBLIC)
def test_three_public(layout: str, tmp_path: Path) -> None:
    title = "财政拨款“三公”经费支出决算表\n" + UNIT
    report = _read(tmp_path, title, THREE_PUBLIC[layout])
    cells = _cells(report, "three_public")
    assert {cell[2] for cell in cells} == {"“三公”经费"}
    assert {(cell[3], cell[4]) for cell in cells} == {
        *((f"预算数/{column}", printed) for column, printed in zip(COLUMNS, BUDGET, strict=True)),
        *((f"决算数/{column}", printed) for column, printed in zip(COLUMNS, FINAL, strict=True)),
    }
    assert len(cells) == 12


def test_further_tables_are_not_taken_for_the_nine(tmp_path: Path) -> None:
    report = _read(
        tmp_path,
        EXPENDITURE,
        "合计 2.00 1.00 1.00 0.00 0.00 0.00\n",
        "项目支出决算表\n" + UNIT + "科目编码 科目名称 合计\n合计 7.00\n",
        "政府性基金预算财政拨款“三公”经费支出决算表\n" + UNIT + f"{ACROSS}8.00 0 0 0 0 0\n",
        "机构运行信息表\n" + UNIT + "项目 决算数\n一、机关运行经费 9.00\n",
    )
    assert _cells(report, "expenditure")[0][4] == "2.00"
    assert report.observations["table"].nunique() == 1
    unclaimed = report.unclaimed()
    assert set(unclaimed[unclaimed["printed"].isin(["7.00", "8.00", "9.00"])]["reason"]) == {
        "other table"
    }


def test_continued_titles_and_running_heads_are_no_names(tmp_path: Path) -> None:
    report = _read(
        tmp_path,
        EXPENDITURE,
        "201 一般公共服务支出 2.00 1.00 1.00 0.00 0.00 0.00\n"
        "某市信访局2023年度部门决算\n— 12 —\n续表2\n"
        "205 教育支出 3.00 1.00 2.00 0.00 0.00 0.00\n表2（续）\n"
        "合计 5.00 2.00 3.00 0.00 0.00 0.00\n",
    )
    assert report.tables["expenditure"]["item"].tolist() == ["一般公共服务支出", "教育支出", "合计"]


def test_unnumbered_summary_with_blank_rows(tmp_path: Path) -> None:
    report = _read(
        tmp_path,
        "收入支出决算总表\n" + UNIT + "收入 支出\n项目 决算数 项目 决算数\n",
        "一、一般公共预算财政拨款收入 9.00 一、一般公共服务支出 8.00\n"
        "二、政府性基金预算财政拨款收入 二、外交支出\n三、国防支出\n"
        "本年收入合计 9.00 本年支出合计 8.00\n年初结转和结余 1.00 年末结转和结余 2.00\n总计 10.00 总计 10.00\n",
    )
    assert _cells(report, "income_expenditure_summary") == [
        ("收入", None, "一般公共预算财政拨款收入", "决算数", "9.00"),
        ("支出", None, "一般公共服务支出", "决算数", "8.00"),
        ("收入", None, "本年收入合计", "决算数", "9.00"),
        ("支出", None, "本年支出合计", "决算数", "8.00"),
        ("收入", None, "年初结转和结余", "决算数", "1.00"),
        ("支出", None, "年末结转和结余", "决算数", "2.00"),
        ("收入", None, "总计", "决算数", "10.00"),
        ("支出", None, "总计", "决算数", "10.00"),
    ]
