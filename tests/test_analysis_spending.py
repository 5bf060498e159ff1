"""Analysis of notebooks 00 and 01: values typed from the report, and fictional reports."""

from __future__ import annotations

from collections.abc import Callable
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
from qy_finance.analysis.accounts import basic, economic
from qy_finance.analysis.overview import Overview
from qy_finance.analysis.spending import Spending, alike
from qy_finance.display import escape, strong
from qy_finance.form import final_accounts
from qy_finance.report import Report
from qy_finance.text import overview as overview_text
from qy_finance.text import spending as spending_text

DATA = Path(__file__).parents[1] / "data"
SENTENCES: tuple[Callable[[Spending], str], ...] = (
    spending_text.headline,
    spending_text.on_unnamed,
    spending_text.on_projects,
    spending_text.on_own_staff,
    spending_text.kinds_of_spending,
    spending_text.concentrated,
    spending_text.people_and_running,
    spending_text.funds_of_functions,
)
D = Decimal


@pytest.fixture(scope="module")
def report() -> Report:
    return qy_finance.read_report(next((DATA / "raw" / "2022").glob("*.txt")))


@pytest.fixture(scope="module")
def fictional(tmp_path_factory: pytest.TempPathFactory) -> Report:
    path = tmp_path_factory.mktemp("fictional") / "report.txt"
    path.write_text(lay_out(SAMPLE, Options()).text, encoding="utf-8")
    return qy_finance.read_report(path)


# --- 00 ----------------------------------------------------------------------------------------


def test_main_sums(report: Report) -> None:
    found = Overview(report.checks)
    sums = {(side, item): amount for side, item, amount in found.sums.to_numpy()}
    assert sums["收入", "本年收入合计"] == D("7212.52")
    assert sums["支出", "本年支出合计"] == D("7212.75")
    assert sums["支出", "年末结转和结余"] == D("24.42")
    income, expenditure = overview_text.balance(found)
    assert "相差 0.01 万元，在四舍五入可以解释的范围" in plain(income)
    assert "完全相符" in expenditure


def test_funds(report: Report) -> None:
    frame = Overview(report.checks).funds.set_index("资金")
    assert frame["本年支出"].to_dict() == {
        "一般公共预算": D("3472.22"),
        "政府性基金预算": D("3740.53"),
        "国有资本经营预算": D("0.00"),
    }


def test_nothing_is_unexplained(report: Report) -> None:
    found = Overview(report.checks)
    assert found.in_tables == 648
    assert found.in_tables + found.in_prose == len(report.observations)
    assert found.unknown == 0
    assert found.tables["数值"].sum() == found.in_tables


def test_copies_that_differ_are_told(report: Report, tmp_path: Path) -> None:
    assert Overview(report.checks).copies == []
    printed = "合计 7,212.75 745.24"
    first, second, *rest = report.text.split(printed)
    path = tmp_path / "report.txt"
    text = printed.join([first, second]) + "合计 7,212.57 745.24" + printed.join(rest)
    path.write_text(text, encoding="utf-8")
    made = qy_finance.read_report(path)
    found = made.reading.cell("expenditure", "合计", "本年支出合计")
    assert found is not None
    assert found.value == D("7212.75")
    told = plain(overview_text.read(Overview(made.checks)))
    assert "前后印得不同的有 1 处" in told
    assert "支出决算表“合计”的本年支出合计：7,212.75 与 7,212.57" in told


# --- 01 ----------------------------------------------------------------------------------------


def test_functions_add_up_at_each_level(report: Report) -> None:
    levels = Spending(report.checks).levels
    for level, count in {"类": 5, "款": 7, "项": 10}.items():
        frame = levels[level]
        assert len(frame) == count
        assert abs(sum(frame["total"]) - D("7212.75")) <= D("0.05")
        assert list(frame["total"]) == sorted(frame["total"], reverse=True)
    first = levels["类"].iloc[0]
    assert (first["item"], first["total"]) == ("城乡社区支出", D("3740.53"))
    assert first["share"].quantize(D("0.01")) == D("51.86")


def test_concentration(report: Report) -> None:
    found = Spending(report.checks)
    assert found.concentration["cumulative"].iloc[1].quantize(D("0.01")) == D("86.09")
    told = plain(spending_text.concentrated(found))
    assert "最大的 2 个就占到本年支出的 86.1%" in told
    assert "相当于 2.5 个同样大的科目" in told


def test_accounts_that_do_not_say_what_for(report: Report) -> None:
    found = Spending(report.checks)
    assert [(row.code, row.total) for row in found.unnamed.itertuples()] == [
        ("2121399", D("3740.53")),
        ("2010399", D("2469.07")),
        ("2019999", D("255.91")),
        ("2013199", D("2.01")),
    ]
    said = plain(spending_text.on_unnamed(found))
    assert said.startswith(
        "名称以“其他”开头的项级科目有 4 个，共 6,467.52 万元，占本年支出的 89.7%；"
    )
    assert said.endswith("项目支出全部记在其中。")  # 6,467.51: a tail apart
    assert "全部记在名称以“其他”开头的科目里" in plain(spending_text.headline(found))


def test_projects_that_the_report_names(report: Report) -> None:
    found = Spending(report.checks)
    assert [(one.name, one.spent.value if one.spent else None) for one in found.projects] == [
        ("12345服务热线外包服务", D("593.76"))
    ]
    said = plain(spending_text.on_projects(found))
    assert said == (
        "报告写明名称和执行数的项目有 1 个，共 593.76 万元，相当于项目支出 6,467.51 万元的 9.2%；"
        "其余 5,873.75 万元没有写到项目。"
    )


def test_costs_of_own_staff(report: Report) -> None:
    found = Spending(report.checks)
    accounts = {
        "2080505": D("51.05"),
        "2080506": D("26.48"),
        "2210201": D("55.61"),
        "2101101": D("6.57"),
    }
    assert dict(found.own_staff[["code", "total"]].to_numpy()) == accounts
    said = plain(spending_text.on_own_staff(found))
    assert (
        "社会保障和就业支出、住房保障支出、卫生健康支出合计 175.15 万元，其中 139.71 万元（79.8%）"
        in said
    )


def test_how_many_equal_accounts_are_as_concentrated() -> None:
    assert alike([D(100)]) == 1
    assert alike([D(25)] * 4) == 4
    assert alike([D(50), D(30), D(20)]).quantize(D("0.01")) == D("2.63")


def test_economic_accounts_add_up_to_the_printed_sums(report: Report) -> None:
    found = Spending(report.checks)
    assert found.sides == {"人员经费": D("682.54"), "公用经费": D("62.70")}
    for side, amount in found.sides.items():
        items = economic(basic(report.reading), side)
        assert abs(sum(items["amount"]) - amount) <= D("0.02")
        assert set(items["item"]) == set(found.economic.query("side == @side")["item"])


def test_spending_that_is_neither_basic_nor_project_is_shown(fictional: Report) -> None:
    found = Spending(fictional.checks)
    assert sum(found.levels["类"]["other"]) == 3
    assert "其余 3.00 万元" in plain(spending_text.kinds_of_spending(found))


# --- any report --------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", final_accounts().ids)
@pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")
def test_a_missing_table_is_said_and_nothing_fails(missing: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE, Options(), (missing,)).text, encoding="utf-8")
    made = qy_finance.read_report(path)
    found, spent = Overview(made.checks), Spending(made.checks)
    assert made.reading.form.name(missing) in overview_text.read(found)
    assert overview_text.funds(found)
    assert overview_text.headline(found)
    assert all(sentence(spent) for sentence in SENTENCES)
    assert all(spending_text.on_flows(spent))


def test_text_of_a_report_is_text(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    unit = "某局<b>x</b>*重*_要_$a$[链](http://a.b)"
    path.write_text(lay_out(replace(SAMPLE, unit=unit), Options()).text, encoding="utf-8")
    made = qy_finance.read_report(path)
    html = markdown2html(overview_text.headline(Overview(made.checks)))
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


@pytest.mark.parametrize("blanks", [True, False])
def test_a_blank_cell_is_not_shown_as_zero(tmp_path: Path, blanks: bool) -> None:
    """What is zero is printed as 0.00 or left blank; the accounts show it as it stands there."""
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE, Options(blanks=blanks)).text, encoding="utf-8")
    tree = Spending(qy_finance.read_report(path).checks).tree
    empty = tree["基本支出"].isna() | tree["项目支出"].isna()
    zeros = [value for value in tree[["基本支出", "项目支出"]].stack() if value == 0]
    assert (bool(empty.any()), bool(zeros)) == (blanks, not blanks)
