"""Small changes of a report, each of which once made a page say something else than the checks."""

from __future__ import annotations

from pathlib import Path

import pytest
from plain import plain

import qy_finance
from qy_finance.analysis.hotline import Hotline
from qy_finance.analysis.indicators import Performance
from qy_finance.analysis.measures import ReportingUnit
from qy_finance.analysis.members import member
from qy_finance.analysis.operating import Operating
from qy_finance.analysis.overview import Overview
from qy_finance.analysis.panel import Panel
from qy_finance.analysis.procurement import Procurement
from qy_finance.analysis.spending import Spending
from qy_finance.report import Report
from qy_finance.text import operating, overview, panel
from qy_finance.text import procurement as bought

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

BUREAU = (Path(__file__).parent / "reconciliation" / "anhui_water.txt").read_text(encoding="utf-8")
LAST_YEAR = BUREAU.replace("2022年", "2021年").replace("2023", "2022")
OFFICE = "（一）机关运行经费支出情况。", "（二）政府采购支出情况。"
PURCHASES = "（二）政府采购支出情况。", "（三）国有资产占有使用情况。"


def read(folder: Path, told: str, name: str = "report.txt") -> Report:
    path = folder / name
    path.write_text(told, encoding="utf-8")
    return qy_finance.read_report(path)


def with_section(edges: tuple[str, str], words: str) -> str:
    begin, end = (BUREAU.index(edge) for edge in edges)
    return f"{BUREAU[:begin]}{edges[0]}{words}\n{BUREAU[end:]}"


def with_cells(told: str, *changed: tuple[str, str]) -> str:
    for old, new in changed:
        assert told.count(old) == 1
        told = told.replace(old, new)
    return told


def status(report: Report, check: str) -> str:
    checks = report.check()
    (found,) = checks.loc[checks["check_id"].str.startswith(check), "status"]
    return str(found)


def test_parts_that_break_one_way_and_the_other_are_not_said_to_agree(tmp_path: Path) -> None:
    """三公 in 公用经费 adds up to 三公, but 公务用车 has 1 万元 more and 公务接待费 1 万元 less than there."""
    told = with_cells(
        BUREAU,
        ("30217 公务接待费 3.33", "30217 公务接待费 7.19"),
        ("30231 公务用车运行维护费 14.18", "30231 公务用车运行维护费 20.41"),
    )
    report = read(tmp_path, told)
    assert status(report, "between.vehicles") == "break"
    said = plain(operating.within_running(Operating(report.checks)))
    assert "其中公务用车运行维护费在公用经费里的比决算数还多，对不上" in said
    assert "全部在公用经费之内" not in said


def test_what_differs_in_the_last_digit_is_not_said_to_be_equal(tmp_path: Path) -> None:
    words = "皖江市水利局2023年度机关运行经费支出341.87万元。"
    report = read(tmp_path, with_section(OFFICE, words))
    assert status(report, "operating_expenses") == "tail"
    said = plain(operating.consistency(Operating(report.checks)))
    assert "相差 0.01 万元，在尾差之内" in said
    assert "相等" not in said


def test_a_base_that_follows_from_a_rate_has_a_unit(tmp_path: Path) -> None:
    words = "皖江市水利局2023年度机关运行经费支出221.30万元，比2022年下降4.4%。"
    topic = Operating(read(tmp_path, with_section(OFFICE, words)).checks)
    assert topic.stated is not None
    assert topic.stated.previous is not None
    assert topic.stated.previous.unit == "万元"
    assert "上年约 231.49 万元" in plain(operating.headline(topic))


def test_a_denominator_that_the_checks_do_not_know_is_none_on_the_page(tmp_path: Path) -> None:
    """合同总额 is stated nowhere, and the amount for 小微企业, whose name ends alike, is smaller than the part."""
    words = (
        "2023年度政府采购支出总额9,812.30万元。授予中小企业合同金额8,012.30万元，占合同总额的71.7%，"
        "其中：授予小微企业合同金额5,010.30万元，占授予中小企业合同金额的62.5%。"
    )
    report = read(tmp_path, with_section(PURCHASES, words))
    assert status(report, "prose.share:授予中小企业合同金额合同总额") == "not_run"
    topic = Procurement(report.checks)
    assert topic.awards[0].named is None
    assert "所称的分母报告没有写金额" in bought.on_share(topic.awards[0])
    assert bought.findings(topic, []) == "能互相核对的数字没有矛盾。"


def test_a_share_that_is_checked_is_not_said_to_be_uncheckable(tmp_path: Path) -> None:
    words = (
        "授予中小企业合同金额8,012.30万元，其中：授予小微企业合同金额5,010.30万元，"
        "占授予中小企业合同金额的62.5%。"
    )
    report = read(tmp_path, with_section(PURCHASES, words))
    assert status(report, "prose.share:授予小微企业合同金额") == "exact"
    assert bought.findings(Procurement(report.checks), []) == "能互相核对的数字没有矛盾。"


def test_a_figure_of_last_year_has_one_unit_in_a_message(tmp_path: Path) -> None:
    """Tables in 元, prose in 万元: what is printed in 万元 is compared so in a report of 万元."""
    before = LAST_YEAR.replace("金额单位：万元", "金额单位：元")
    earlier, now = read(tmp_path, before, "2022.txt"), read(tmp_path, BUREAU, "2023.txt")
    assert earlier.meta["money_unit"] == "元"
    messages = now.check(earlier)["message"]
    (said,) = messages[messages.str.contains("报告第322行的机关运行经费支出")]
    assert "机关运行经费支出 221.30，相差" in said
    assert "万元 元" not in "".join(messages)


def test_the_panel_says_of_two_years_what_their_check_says(tmp_path: Path) -> None:
    """The sentence rounds to 0.01 亿元: the check finds what the exact amount of the table would not give."""
    told = with_cells(BUREAU, ("收入合计38,087.51万元", "收入合计3.81亿元"))
    before = with_cells(LAST_YEAR, ("本年收入合计 27 38,087.51", "本年收入合计 27 36,215.00"))
    earlier, now = read(tmp_path, before, "2022.txt"), read(tmp_path, told, "2023.txt")
    checks = now.checks_against(earlier)
    held = checks.frame["check_id"].str.startswith("years.base:本年收入同比")
    assert list(checks.frame.loc[held, "status"]) == ["tail"]
    subject = ReportingUnit("皖江市水利局", "皖江市水利局", "部门汇总")
    found = Panel([member(earlier.checks, subject), member(checks, subject)])
    (income,) = (one for one in found.agreement if one.before.measure.key == "income")
    assert not income.before.number.meets(income.after.number)
    assert income.agrees
    assert "本年收入" not in plain(panel.agreed(found))


def test_seconds_are_no_rate_of_a_hotline(tmp_path: Path) -> None:
    """A rate whose actual value is printed in 秒 is not compared, and nothing is computed with it."""
    real = Path(__file__).parent.parent / "data/raw/2022"
    (file,) = real.glob("*.txt")
    told = with_cells(file.read_text(encoding="utf-8"), ("实际完成值 62.83%", "实际完成值 62.83秒"))
    checks = read(tmp_path, told).checks
    capacity = Hotline(checks, Performance(checks).indicators).capacity
    assert capacity.goal is not None
    assert capacity.rate is None
    assert capacity.unanswered is None


def test_a_report_without_expenditure_has_an_empty_tree(tmp_path: Path) -> None:
    report = read(tmp_path, BUREAU[: BUREAU.index("公开02表")])
    assert list(report.tables) == ["income_expenditure_summary"]
    tree = Spending(report.checks).tree
    assert tree.empty
    assert "科目" in tree


def test_a_form_of_eight_tables_is_not_said_to_have_nine() -> None:
    path = Path(__file__).parent / "reconciliation" / "central_2019_research.txt"
    reading = qy_finance.read_report(path)
    assert not reading.reading.missing
    said = overview.read(Overview(reading.checks))
    assert "八张表齐全" in said
    assert "九张表" not in said
