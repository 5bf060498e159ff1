"""Analysis of notebooks 00 and 01: values typed from the report, and fictional reports."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from nbconvert.filters import markdown2html
from plain import plain

import qy_finance
from qy_finance.analysis import (
    derived,
    facts,
    overview,
    overview_story,
    spending,
    spending_flows,
    spending_story,
)
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.facts import Fact, FactError
from qy_finance.display import escape, strong
from qy_finance.report import TABLE_IDS, Report

DATA = Path(__file__).parents[1] / "data"
STORIES = (
    overview_story.funds, overview_story.read, spending_story.headline,
    spending_story.kinds_of_spending, spending_story.concentrated, spending_story.people_and_running,
    spending_story.funds_of_functions,
)  # fmt: skip
D = Decimal


@pytest.fixture(scope="module")
def report() -> Report:
    return qy_finance.read_report(next((DATA / "raw" / "2022").glob("*.txt")))


@pytest.fixture(scope="module")
def fictional(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("fictional") / "report.txt"
    path.write_text(lay_out(SAMPLE, Options()).text, encoding="utf-8")
    return qy_finance.read_report(path)


def fact(printed: str, sign: int = 1, unit: str = "万元") -> Fact:
    value = D(printed)
    half = D(5).scaleb(int(value.as_tuple().exponent) - 1)
    return Fact(sign * value, half, "某项", "amount", "", "", unit, printed, 1, 0, len(printed))


# --- facts -------------------------------------------------------------------------------------


def test_a_fact_is_exact(report: Report) -> None:
    found = facts.one(report, item="其他收入", measure="change")
    assert (found.value, found.half, found.unit) == (D("-84.42"), D("0.005"), "万元")
    assert report.text[found.start : found.end] == found.printed == "84.42"


def test_copies_that_agree_are_one_fact(report: Report) -> None:
    asked = {"item": "政府性基金预算财政拨款收入", "measure": "change"}
    assert len(facts.find(report, **asked)) == 2
    assert facts.one(report, **asked).value == D("849.61")


def test_what_is_absent_or_ambiguous_is_said(report: Report) -> None:
    assert facts.maybe(report, item="没有这一项") is None
    with pytest.raises(FactError, match="没有这一项 amount, found none"):
        facts.one(report, item="没有这一项", measure="amount")
    with pytest.raises(FactError, match=r"one value of .*1,232\.23"):
        facts.one(report, item=".*", measure="change", section="年度收入总体情况")


def test_cells_are_exact_and_money_changes_its_unit(report: Report) -> None:
    found = facts.cell(report, "expenditure", "合计", "项目支出")
    assert found is not None
    assert plain(found.cited) == "6,467.51 万元"
    assert found.in_unit("元").value == D("64675100")
    assert facts.cell(report, "expenditure", "合计", "没有这一栏") is None


# --- derived -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "change", "rate", "previous", "verdict"),
    [
        ("62.7", ("18.98", 1), ("43.41", 1), "43.72", "相符"),
        ("0.00", ("84.42", -1), ("100", -1), "84.42", "相符"),
        ("120.00", ("20.00", 1), ("25", 1), "100.00", "不符"),
        ("100.00", ("33.25", -1), ("24.95", -1), "133.25", "相符"),
        # 99.86 %, cut to 99.8
        ("599.58", ("299.58", 1), ("99.8", 1), "300.00", "尾差"),
        ("5.00", ("5.00", 1), None, "0.00", ""),
    ],
)
def test_last_year_is_derived_from_the_change(
    amount: str, change: tuple[str, int], rate: tuple[str, int] | None, previous: str, verdict: str
) -> None:
    stated = fact(*rate, unit="%") if rate else None
    found = Comparison(fact(amount), fact(*change), stated)
    assert found.previous == D(previous)
    assert found.verdict == verdict
    assert found.by_change is not None
    assert found.by_change.low < D(previous) < found.by_change.high


def test_last_year_is_derived_from_the_rate_where_nothing_else_is_stated() -> None:
    found = Comparison(fact("125.00"), rate=fact("25.0", unit="%"))
    assert found.previous == D("100.00")
    span = found.by_rate
    assert span is not None
    assert span.low < 100 < span.high
    assert Comparison(fact("0.00"), rate=fact("100", -1, "%")).previous is None
    assert Comparison(fact("3.00"), level=True).previous == 3


def test_intervals_follow_the_printed_digits() -> None:
    span = Comparison(fact("62.7"), fact("18.98")).by_change
    assert span is not None
    assert (span.low, span.high) == (D("43.665"), D("43.775"))


def test_all_comparisons_of_the_report(report: Report) -> None:
    frame = derived.table(overview.compared(report)).set_index("item")
    assert frame["previous"].to_dict() == {
        "一般公共预算财政拨款收入": D("4704.22"),
        "政府性基金预算财政拨款收入": D("2890.92"),
        "其他收入": D("84.42"),
        "基本支出": D("785.10"),
        "项目支出": D("6881.09"),
    }
    assert set(frame["verdict"]) == {"相符"}
    budget = derived.of(report, "一般公共预算财政拨款支出", "预算")
    assert budget is not None
    assert budget.previous == D("1353.77")


def test_what_is_derived_is_no_observation(report: Report) -> None:
    before = len(report.observations)
    derived.table(derived.comparisons(report))
    assert len(report.observations) == before
    assert "推算" not in set(report.observations["measure"])


def test_level_with_last_year_is_a_comparison(report: Report) -> None:
    found = derived.of(report, "上缴上级支出")
    assert found is not None
    assert found.level
    assert found.previous == 0


# --- 00 ----------------------------------------------------------------------------------------


def test_main_sums(report: Report) -> None:
    sums = {(side, item): amount for side, item, amount in overview.totals(report).to_numpy()}
    assert sums["收入", "本年收入合计"] == D("7212.52")
    assert sums["支出", "本年支出合计"] == D("7212.75")
    assert sums["支出", "年末结转和结余"] == D("24.42")
    assert "相差 0.01 万元，在四舍五入可以解释的范围" in plain(overview_story.balance(report)[0])
    assert "完全相符" in overview_story.balance(report)[1]


def test_funds(report: Report) -> None:
    frame = overview.by_fund(report).set_index("fund")
    assert frame["expenditure"].to_dict() == {
        "一般公共预算": D("3472.22"),
        "政府性基金预算": D("3740.53"),
        "国有资本经营预算": D("0.00"),
    }


def test_nothing_is_unexplained(report: Report) -> None:
    done = overview.reading(report)
    assert done.in_tables == 648
    assert done.figures == len(report.observations)
    assert done.unknown == 0
    assert overview.tables(report)["数值"].sum() == done.in_tables


def test_copies_that_differ_are_told(report: Report, tmp_path: Path) -> None:
    assert overview.conflicts(report) == []
    printed = "合计 7,212.75 745.24"
    first, second, *rest = report.text.split(printed)
    path = tmp_path / "report.txt"
    text = printed.join([first, second]) + "合计 7,212.57 745.24" + printed.join(rest)
    path.write_text(text, encoding="utf-8")
    made = qy_finance.read_report(path)
    assert overview.conflicts(made) == ["支出决算表“合计”的本年支出合计：7,212.75 与 7,212.57"]
    found = facts.cell(made, "expenditure", "合计", "本年支出合计")
    assert found is not None
    assert found.value == D("7212.75")
    assert "前后印得不同的有 1 处" in overview_story.read(made)


# --- 01 ----------------------------------------------------------------------------------------


def test_functions_add_up_at_each_level(report: Report) -> None:
    for level, count in {"类": 5, "款": 7, "项": 10}.items():
        frame = spending.by_function(report, level)
        assert len(frame) == count
        assert abs(sum(frame["total"]) - D("7212.75")) <= D("0.05")
        assert list(frame["total"]) == sorted(frame["total"], reverse=True)
    first = spending.by_function(report, "类").iloc[0]
    assert (first["item"], first["total"]) == ("城乡社区支出", D("3740.53"))
    assert first["share"].quantize(D("0.01")) == D("51.86")


def test_concentration(report: Report) -> None:
    frame = spending.concentration(report)
    assert frame["cumulative"].iloc[1].quantize(D("0.01")) == D("86.09")
    told = plain(spending_story.concentrated(report))
    assert "最大的 2 个就占到本年支出的 86.1%" in told
    assert "相当于 2.5 个同样大的科目" in told


def test_how_many_equal_accounts_are_as_concentrated() -> None:
    assert spending.alike([D(100)]) == 1
    assert spending.alike([D(25)] * 4) == 4
    assert spending.alike([D(50), D(30), D(20)]).quantize(D("0.01")) == D("2.63")


def test_economic_accounts_add_up_to_the_printed_sums(report: Report) -> None:
    assert spending.sides(report) == {"人员经费": D("682.54"), "公用经费": D("62.70")}
    for side, amount in spending.sides(report).items():
        assert abs(sum(spending.economic(report, side)["amount"]) - amount) <= D("0.02")


def test_spending_that_is_neither_basic_nor_project_is_shown(fictional: Report) -> None:
    frame = spending.by_function(fictional, "类")
    assert sum(frame["other"]) == 3
    assert "其余 3.00 万元" in plain(spending_story.kinds_of_spending(fictional))


# --- any report --------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", TABLE_IDS)
@pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")
def test_a_missing_table_is_said_and_nothing_fails(missing: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE, Options(), (missing,)).text, encoding="utf-8")
    made = qy_finance.read_report(path)
    assert overview.NAMES[missing] in overview_story.read(made)
    assert all(story(made) for story in STORIES)
    assert overview_story.headline(made, [])
    assert all(spending_story.on_flows(made, spending_flows.flows(made)))


def test_text_of_a_report_is_text(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    unit = "某局<b>x</b>*重*_要_$a$[链](http://a.b)"
    path.write_text(lay_out(replace(SAMPLE, unit=unit), Options()).text, encoding="utf-8")
    made = qy_finance.read_report(path)
    html = markdown2html(overview_story.headline(made, []))
    assert "<b>x" not in html
    assert "<a" not in html
    assert "<em>" not in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        "a*b*c",
        "_x_",
        "$x$",
        "[x](y)",
        "&amp;",
        "| a |",
        "`x`",
        "www.a.b",
        "1. x",
    ],
)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    html = markdown2html(f"见{escape(text)}。")
    plain = html.replace("<span>", "").replace("</span>", "").strip()
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain == f"<p>见{shown}。</p>"


@pytest.mark.parametrize("text", ["单位价值（项）", "89.7%", "“你”", "<b>x", "_x_"])
def test_bold_beside_letters(text: str) -> None:
    html = markdown2html(f"是{strong(text)}由")
    assert "<strong>" in html
    assert "*" not in html
