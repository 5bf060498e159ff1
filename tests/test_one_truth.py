"""Whether figures agree is decided once, by the checks: a page says what they say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from layout.accounts import Entry
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from plain import plain

import qy_finance
from qy_finance.analysis.comparisons import named
from qy_finance.analysis.overview import Overview
from qy_finance.report import Report
from qy_finance.text import overview as text
from qy_finance.text.doubts import on_doubts

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

WATER = Path(__file__).parent / "reconciliation" / "anhui_water.txt"


def read(folder: Path, told: str) -> Report:
    path = folder / "report.txt"
    path.write_text(told, encoding="utf-8")
    return qy_finance.read_report(path)


def of_expenditure(folder: Path, sentences: str) -> Report:
    """The report of a water bureau with these sentences about its expenditure."""
    told = WATER.read_text(encoding="utf-8")
    heading, following = "三、支出决算情况说明\n", "四、财政拨款收入支出决算总体情况说明\n"
    begin, end = told.index(heading) + len(heading), told.index(following)
    return read(folder, f"{told[:begin]}{sentences}\n{told[end:]}")


def test_a_trimmed_zero_is_a_zero_on_the_page_too(tmp_path: Path) -> None:
    """60.05 + 39.9 = 100.00, in a table of two decimals."""
    economic = dict.fromkeys(SAMPLE.economic, 0) | {"301": 80_00, "30101": 80_00}
    account = replace(
        SAMPLE,
        entries=(Entry("2010301", "general", basic=80_00, carry_in=39_95, carry_out=20_00),),
        economic=economic,
        previous=dict.fromkeys(SAMPLE.previous, 0),
        budgets=dict.fromkeys(SAMPLE.budgets, 0),
        operating=0,
    )
    told = lay_out(account, Options()).text
    assert told.index("39.95") < told.index("财政拨款收入支出决算总表")
    report = read(tmp_path, told.replace("39.95", "39.9", 1))
    (message,) = report.check().query("status == 'break'")["message"]
    assert "39.9 万元 应为 39.95 万元（" in message
    found = Overview(report.checks)
    income, expenditure = map(plain, text.balance(found))
    assert income == "收入各部分相加与印出的总计 100.00 万元相差 0.05 万元，四舍五入解释不了。"
    assert expenditure == "支出各部分相加与印出的总计 100.00 万元完全相符。"
    assert "39.9 万元 与其他数字矛盾，应为 39.95 万元" in plain(
        on_doubts(report.checks, [found.sums])
    )


def test_a_rate_that_the_checks_refuse_is_none_on_the_page(tmp_path: Path) -> None:
    """Seven rates are those of the printed amounts; the eighth would be explained by their rounding alone."""
    exact = (
        ("办公费", "4.00", "1.00", "33.33"), ("印刷费", "6.00", "1.00", "20.00"),
        ("水费", "8.00", "1.00", "14.29"), ("电费", "9.00", "2.00", "28.57"),
        ("邮电费", "7.00", "3.00", "75.00"), ("差旅费", "5.00", "2.00", "66.67"),
        ("会议费", "9.50", "1.50", "18.75"),
    )  # fmt: skip
    last = "咨询费", "3.00", "1.00", "50.20"
    sentences = [
        f"{item}支出{amount}万元，比上年增加{change}万元，增长{rate}%。"
        for item, amount, change, rate in (*exact, last)
    ]
    report = of_expenditure(tmp_path, "".join(sentences))
    broken = report.check().query("status == 'break'")
    assert any("报告为 50.20%" in message for message in broken["message"])
    found = Overview(report.checks)
    assert "对不上的有：咨询费支出。" in text.changes(found.compared)
    stated = named(found.compared, "咨询费支出")
    assert stated is not None
    assert stated.expected_rate == 50


def test_alone_the_same_rate_is_explained(tmp_path: Path) -> None:
    report = of_expenditure(tmp_path, "咨询费支出3.00万元，比上年增加1.00万元，增长50.20%。")
    assert not report.check().query("status == 'break' and message.str.contains('50.20')").size
    assert "两者都对得上" in text.changes(Overview(report.checks).compared)
