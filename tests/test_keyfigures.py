"""What notebook 00 opens with: values typed from the report, the same report with other words."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from plain import plain

import qy_finance
from qy_finance.analysis.keyfigures import NAMES, KeyFigure, key_figures
from qy_finance.analysis.overview import Overview
from qy_finance.text import opening

REPORT = next((Path(__file__).parents[1] / "data/raw/2022").glob("*.txt"))
D = Decimal


def changed(tmp_path: Path, old: str, new: str) -> qy_finance.Report:
    """The report with other words in one place, wherever its lines break."""
    words = REPORT.read_text(encoding="utf-8")
    made, count = re.subn(r"\s*".join(map(re.escape, old)), lambda _: new, words)
    assert count == 1
    path = tmp_path / "report.txt"
    path.write_text(made, encoding="utf-8")
    return qy_finance.read_report(path)


@pytest.fixture(scope="module")
def report() -> qy_finance.Report:
    return qy_finance.read_report(REPORT)


@pytest.fixture(scope="module")
def figures(report: qy_finance.Report) -> dict[str, KeyFigure]:
    return {one.name: one for one in key_figures(report.checks)}


def test_five_figures_with_last_year_and_budget(figures: dict[str, KeyFigure]) -> None:
    assert [(one.name, one.now, one.before, one.budget) for one in figures.values()] == [
        ("本年收入", D("7212.52"), D("7679.56"), None),  # −1,232.23 + 849.61 − 84.42, others level
        ("本年支出", D("7212.75"), D("7666.19"), None),  # −39.86 − 413.58, others level
        ("项目支出", D("6467.51"), D("6881.09"), None),
        ("机关运行经费", D("62.7"), D("43.72"), None),
        ("“三公”经费", D("2.52"), D("1.54"), D("2.52")),
    ]
    assert all(one.derived for one in figures.values())
    rates = [round(one.rate.plain, 1) for one in figures.values() if one.rate is not None]
    assert rates == [D("-6.1"), D("-5.9"), D("-6.0"), D("43.4"), D("63.6")]


def test_a_sum_of_which_a_part_is_not_compared_has_no_last_year(tmp_path: Path) -> None:
    """What 经营支出 was last year nobody says: neither is the sum known."""
    report = changed(tmp_path, "4.经营支出0.00万元，与上年决算数持平。", "4.经营支出0.00万元。")
    found = {one.name: one for one in key_figures(report.checks)}
    assert found["本年支出"].before is None
    assert found["本年收入"].before == D("7679.56")
    assert "推算不出上年数的：本年支出。" in plain(opening.not_stated(list(found.values())))


def test_a_change_that_contradicts_its_rate_implies_nothing(tmp_path: Path) -> None:
    report = changed(tmp_path, "增加18.98万元，增长43.41%", "增加18.98万元，增长34.41%")
    found = {one.name: one for one in key_figures(report.checks)}
    assert (found["机关运行经费"].now, found["机关运行经费"].before) == (D("62.7"), None)


def test_the_year_before_in_the_catalogue_is_printed_and_not_derived(
    report: qy_finance.Report, tmp_path: Path
) -> None:
    words = REPORT.read_text(encoding="utf-8").replace("2022", "2021")
    path = tmp_path / "report.txt"
    path.write_text(words, encoding="utf-8")
    found = key_figures(report.checks_against(qy_finance.read_report(path)))
    assert [one.before for one in found] == [one.now for one in found]
    assert not any(one.derived for one in found)
    assert list(opening.table(found).columns)[:3] == ["关键数字", "本年", "上年"]


def test_the_table_has_five_rows_whatever_is_stated(figures: dict[str, KeyFigure]) -> None:
    table = opening.table(list(figures.values()))
    assert list(table["关键数字"]) == list(NAMES)
    none = [KeyFigure(name, None, None, False, None) for name in NAMES]
    assert list(opening.table(none).columns) == ["关键数字"]
    assert "报告没有印出或写明：本年收入、" in plain(opening.not_stated(none))


def test_three_findings_in_plain_words(report: qy_finance.Report) -> None:
    found = Overview(report.checks)
    one, two, three = map(plain, opening.findings(found, key_figures(report.checks)))
    assert one.startswith("1. 钱最多花在城乡社区支出：3,740.53 万元，占本年支出的 51.9%。")
    assert "机关运行经费增加 43.4%，“三公”经费增加 63.6%（上年数为推算）" in two
    assert three.startswith("3. 共有 14 处不符：")
    title = "变化最大的是一般公共预算财政拨款收入：−1,232.23 万元"
    assert opening.picture_title(found.compared, "万元") == title
    assert opening.picture_title(found.compared, "元").endswith("−12,322,300.00 元")
    assert opening.picture_title([], "万元") == "各项收支与上年持平"
