"""Figures of the prose, and what reports say of an amount against last year: typed by hand, or a sentence changed."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from plain import plain

import qy_finance
from qy_finance.analysis.comparisons import Comparison, caption, comparisons, named, shown
from qy_finance.analysis.keyfigures import key_figures
from qy_finance.analysis.measures import MEASURES
from qy_finance.analysis.overview import Overview, compared
from qy_finance.analysis.spending import REST, Spending
from qy_finance.charts.panel import changes
from qy_finance.checks.model import STATUSES, Status
from qy_finance.display import cite
from qy_finance.errors import FactError
from qy_finance.facts import Fact, constant
from qy_finance.numbers import total
from qy_finance.report import Report
from qy_finance.text import overview as overview_text
from qy_finance.text import spending as spending_text

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

HERE = Path(__file__).parent
FOLDER = HERE / "reconciliation"
D = Decimal


@pytest.fixture(scope="module")
def report() -> Report:
    return qy_finance.read_report(next((HERE.parent / "data" / "raw" / "2022").glob("*.txt")))


def read(stem: str) -> Report:
    return qy_finance.read_report(FOLDER / f"{stem}.txt")


def of_expenditure(folder: Path, sentence: str) -> Report:
    """The report of a water bureau with a sentence of its own about its expenditure."""
    told = (FOLDER / "anhui_water.txt").read_text(encoding="utf-8")
    heading, following = "三、支出决算情况说明\n", "四、财政拨款收入支出决算总体情况说明\n"
    begin, end = told.index(heading) + len(heading), told.index(following)
    path = folder / "report.txt"
    path.write_text(f"{told[:begin]}{sentence}\n{told[end:]}", encoding="utf-8")
    return qy_finance.read_report(path)


def fact(printed: str, sign: int = 1, unit: str = "万元") -> Fact:
    value = D(printed)
    half = D(5).scaleb(int(value.as_tuple().exponent) - 1)
    made = constant(sign * value, printed, "某项")
    return replace(made, figure=made.figure._replace(unit_of_measure=unit), half=half, unit=unit)


# --- figures of the prose ------------------------------------------------------------------------


def test_a_fact_is_exact(report: Report) -> None:
    found = report.reading.one(item="其他收入", measure="change")
    assert (found.value, found.half, found.unit) == (D("-84.42"), D("0.005"), "万元")
    figure = found.figure
    assert report.text[figure.start : figure.end] == found.printed == "84.42"


def test_copies_that_agree_are_one_fact(report: Report) -> None:
    asked = {"item": "政府性基金预算财政拨款收入", "measure": "change"}
    assert len(report.reading.find(**asked)) == 2
    assert report.reading.one(**asked).value == D("849.61")


def test_what_is_absent_or_ambiguous_is_said(report: Report) -> None:
    assert report.reading.find(item="没有这一项") == []
    with pytest.raises(FactError, match="没有这一项 amount, found none"):
        report.reading.one(item="没有这一项", measure="amount")
    with pytest.raises(FactError, match=r"one value of .*1,232\.23"):
        report.reading.one(item=".*", measure="change", section="年度收入总体情况")


def test_cells_are_exact_and_money_changes_its_unit(report: Report) -> None:
    found = report.reading.cell("expenditure", "合计", "项目支出")
    assert found is not None
    assert plain(cite(found)) == "6,467.51 万元"
    assert found.number.in_unit("元") == D("64675100")
    assert report.reading.cell("expenditure", "合计", "没有这一栏") is None


# --- last year -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "change", "rate", "previous", "verdict"),
    [
        ("62.7", "增加18.98", "增长43.41", "43.72", "相符"),
        ("0.00", "减少84.42", "下降100", "84.42", "相符"),
        ("120.00", "增加20.00", "增长25", "100.00", "不符"),
        ("100.00", "减少33.25", "下降24.95", "133.25", "相符"),
        # 99.86 %, cut to 99.8
        ("599.58", "增加299.58", "增长99.8", "300.00", "尾差"),
        ("5.00", "增加5.00", None, "0.00", None),
    ],
)
def test_last_year_is_derived_from_the_change(
    amount: str, change: str, rate: str | None, previous: str, verdict: str | None, tmp_path: Path
) -> None:
    stated = f"，{rate}%" if rate else ""
    made = of_expenditure(tmp_path, f"培训费支出{amount}万元，比上年{change}万元{stated}。")
    found = named(compared(made.checks), "培训费支出")
    assert found is not None
    assert found.previous == D(previous)
    assert (found.verdict and STATUSES[found.verdict]) == verdict
    assert found.previous.low < D(previous) < found.previous.high


def test_last_year_is_derived_from_the_rate_where_nothing_else_is_stated() -> None:
    found = Comparison(fact("125.00"), "万元", rate=fact("25.0", unit="%"))
    assert found.previous == D("100.00")
    assert found.previous.low < 100 < found.previous.high
    assert Comparison(fact("0.00"), "万元", rate=fact("100", -1, "%")).previous is None
    assert Comparison(fact("3.00"), "万元", level=True).previous == 3


def test_intervals_follow_the_printed_digits() -> None:
    previous = Comparison(fact("62.7"), "万元", fact("18.98")).previous
    assert previous is not None
    assert (previous.low, previous.high) == (D("43.665"), D("43.775"))


def test_all_comparisons_of_the_report(report: Report) -> None:
    found = compared(report.checks)
    assert {one.name: one.previous for one in found} == {
        "一般公共预算财政拨款收入": D("4704.22"),
        "政府性基金预算财政拨款收入": D("2890.92"),
        "其他收入": D("84.42"),
        "基本支出": D("785.10"),
        "项目支出": D("6881.09"),
    }
    assert {one.verdict for one in found} == {Status.EXACT}
    budget = named(comparisons(report.checks, "预算"), "一般公共预算财政拨款支出")
    assert budget is not None
    assert budget.previous == D("1353.77")


def test_what_is_derived_is_no_observation(report: Report) -> None:
    before = len(report.observations)
    shown(comparisons(report.checks))
    assert len(report.observations) == before
    assert "推算" not in set(report.observations["measure"])


def test_level_with_last_year_is_a_comparison(report: Report) -> None:
    found = named(comparisons(report.checks), "上缴上级支出")
    assert found is not None
    assert found.level
    assert found.previous == 0


# --- reports of other departments ----------------------------------------------------------------


def moved(report: Report) -> dict[str, tuple[Decimal, Decimal | None, Decimal | None]]:
    """Name, amount, stated change and rate."""
    return {
        one.name: (
            one.current.figure.value,
            one.change.figure.value if one.change else None,
            one.rate.figure.value if one.rate else None,
        )
        for one in compared(report.checks)
    }


def test_a_change_belongs_to_the_amount_of_its_sentence() -> None:
    found = moved(read("fujian_market"))
    assert found["收入"] == (D("10134.43"), D("-410.20"), D("-3.89"))
    assert found["支出"] == (D("10445.22"), D("1433.05"), D("15.90"))
    # 2022年度…总计10,455.12万元。2021年度…总计10,756.52万元。与2021年度相比…减少301.40万元
    assert found["财政拨款收、支总计"] == (D("10455.12"), D("-301.40"), D("-2.80"))
    # 增长148.33%（增长1.48倍）
    assert found["药品事务（一般公共预算财政拨款）"] == (D("101.12"), D("60.40"), D("148.33"))


@pytest.mark.parametrize(
    "stem", sorted(path.stem for path in FOLDER.glob("*.txt")), ids=lambda stem: stem
)
def test_no_change_and_rate_of_a_sound_report_contradict_each_other(stem: str) -> None:
    report = read(stem)
    assert Status.BREAK not in {one.verdict for one in comparisons(report.checks)}
    assert "对不上" not in overview_text.changes(compared(report.checks))


def test_a_sum_of_a_fund_is_not_called_as_that_of_all_money() -> None:
    found = moved(read("anhui_water"))
    assert found["收入合计"][0] == D("38087.51")
    assert found["政府性基金预算本年支出"] == (D("20320.72"), D("-880.10"), D("-4.2"))
    assert "本年支出" not in found
    assert "国有资本经营预算本年支出" in moved(read("chongqing_assets"))
    assert moved(read("zhejiang_traffic"))["财政拨款支出总计"][0] == D("20391.29")
    assert "政府性基金预算财政拨款支出" in moved(read("jiangsu_education"))


def test_what_the_report_tells_of_its_work_is_no_sum_of_the_account() -> None:
    for stem, item in (
        ("hunan_agri", "农村居民人均可支配收入"),
        ("sichuan_police", "追赃挽损"),
        ("yunnan_road", "完成公路投资"),
        ("yunnan_road", "固定资产"),
        ("fujian_market", "政府采购支出总额"),
    ):
        assert item not in moved(read(stem))


def test_almost_level_is_not_level() -> None:
    assert "2210201住房公积金" not in moved(read("fujian_market"))  # 基本持平


def test_spending_is_what_was_spent() -> None:
    def names(stem: str) -> list[str]:
        return [one.name for one in Spending(read(stem).checks).compared]

    assert names("sichuan_police") == ["一般公共预算财政拨款支出"]
    assert names("shandong_street") == ["一般公共预算财政拨款支出", "人员经费", "公用经费"]
    assert names("shanghai_school") == ["财政拨款支出"]  # not 收入支出总计
    assert names("zhejiang_traffic") == ["一般公共预算财政拨款支出"]  # not 支出总计


def test_a_change_stands_in_the_unit_of_its_row() -> None:
    """243.60 亿元, 61,020.3 万元 less."""
    found = compared(read("yunnan_road").checks)
    (one,) = (one for one in found if one.unit == "亿元")
    wanted = D("243.60"), D("-6.10203"), D("249.70203")
    assert (one.amount, one.stated_change, one.previous) == wanted
    assert "减少 61,020.3 万元" in plain(spending_text.against_last_year(found))


def test_a_base_from_a_rate_is_told_with_the_digits_that_it_bears() -> None:
    """人员经费 1424.42 万元, 2.1 % more: 1,394.43 to 1,395.80."""
    report = read("shandong_street")
    said = plain(spending_text.against_last_year(Spending(report.checks).compared))
    assert "人员经费：约 1,395（推算）→ 1,424.42 万元，增加约 29 万元" in said
    assert "公用经费：约 114.0（推算）→ 107.77 万元，减少约 6.3 万元" in said
    assert "一般公共预算财政拨款支出：4,564.29（推算）→ 4,576.39 万元，增加 12.10 万元" in said
    drawn = {
        text.get_text().strip()
        for text in changes(compared(report.checks), "万元", "", "").axes[0].texts
    }
    assert {"+29", "−6.3", "+12.10"} <= drawn


def test_a_fund_is_compared_with_appropriations_only(report: Report) -> None:
    # a hospital: appropriations are 8.6 % of what it spent, all of them of one fund
    hospital = read("beijing_hospital").checks
    said = plain(overview_text.funds(Overview(hospital)))
    assert said.startswith("财政拨款支出来自 1 类资金：一般公共预算 4,356.92 万元（100.0%）。")
    assert "本年支出" not in said
    assert "一般公共预算" not in plain(overview_text.headline(Overview(hospital)))
    found = Spending(hospital)
    assert spending_text.funds_of_functions(found) == "财政拨款支出全部出自一般公共预算。"
    paid = {fund: total(one.amount for one in found.flows.links if one.fund == fund)
            for fund in ("一般公共预算", REST)}  # fmt: skip
    assert (paid["一般公共预算"], sum(paid.values())) == (D("4356.924197"), D("50698.779131"))
    two = plain(overview_text.funds(Overview(report.checks)))
    assert "一般公共预算 3,472.22 万元（48.1%）、政府性基金预算 3,740.53 万元（51.9%）" in two


def test_what_is_not_printed_is_not_zero() -> None:
    said = plain(overview_text.funds(Overview(read("central_2019_research").checks)))
    assert said.endswith("政府性基金预算没有支出。表里没有印出国有资本经营预算的支出。")


def test_two_ways_to_one_sum_say_why_they_differ() -> None:
    found = Spending(read("anhui_water").checks)
    said = "".join(map(plain, spending_text.on_flows(found)))
    assert "合计 290.63 万元，与上表由总表得出的数差在尾数" in said


def test_a_single_account_is_no_ranking() -> None:
    said = plain(spending_text.concentrated(Spending(read("beijing_hospital").checks)))
    assert "项级科目中，中医（民族）医院（2100202）一项就占本年支出的 97.3%。" in said


def test_sums_in_different_units_are_compared_in_one() -> None:
    # 40,648.33 万元, 8,801.31 less; 4.06 亿元, 0.88 less
    found = compared(read("shandong_street").checks)
    assert {one.unit for one in found} == {"万元", "亿元"}
    assert "减少最多的是收、支总计" in plain(overview_text.changes(found))
    large = next(one for one in found if one.unit == "亿元").in_unit("万元")
    assert (large.amount, large.previous) == (D("40600"), D("49400"))
    assert caption(found) == "与上年的比较（金额单位见表，上年数为推算）"


# --- no last year --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "why",
    [
        "我局为2023年新成立单位，无2022年决算数",
        "我局是新成立单位",
        "无上年度决算数",
        "不存在2022年支出决算",
    ],
)
@pytest.mark.parametrize("mark", "，；")
def test_a_unit_that_is_new_has_no_last_year(why: str, mark: str, tmp_path: Path) -> None:
    told = (
        "培训费支出5.00万元，与上年决算数相比变化0万元，增长0%；会议费支出3.00万元，"
        f"比上年增加0万元，增长0%{mark}主要是因为{why}。"
    )
    found = comparisons(of_expenditure(tmp_path, told).checks)
    assert named(found, "会议费支出") is None
    assert named(found, "培训费支出") is not None  # its own clause gives no such reason


def test_a_unit_that_is_new_explains_a_rise(tmp_path: Path) -> None:
    told = "会议费支出3.00万元，比上年增加1.00万元，增长50%，主要是因为下属有新成立单位。"
    found = named(comparisons(of_expenditure(tmp_path, told).checks), "会议费支出")
    assert found is not None
    assert found.previous == 2


def test_a_rate_said_again_in_the_reason_keeps_its_base(tmp_path: Path) -> None:
    told = (
        "会议费支出3.00万元，比预算数增加3.00万元，增长0%。主要增减变动情况是：我局为新成立单位，"
        "预算数为0，因此增长0%。"
    )
    checks = of_expenditure(tmp_path, told).checks
    assert named(comparisons(checks), "会议费支出") is None
    budget = named(comparisons(checks, "预算"), "会议费支出")
    assert budget is not None
    assert budget.previous == 0


def test_accounts_whose_name_does_not_say_expenditure_are_spending(tmp_path: Path) -> None:
    told = "1.小学教育（2050202），2023年度决算数为9.00万元，较2022年度决算数增长12.5%。"
    names = [one.name for one in Spending(of_expenditure(tmp_path, told).checks).compared]
    assert any("小学教育" in name for name in names)


def test_all_pages_imply_last_year_from_the_same_sums(tmp_path: Path) -> None:
    told = "2023年度支出总计42,067.03万元，与2022年度相比，增加2,067.03万元，增长5.17%。"
    checks = of_expenditure(tmp_path, told).checks
    spent = next(one for one in key_figures(checks) if one.name == "本年支出")
    assert spent.before == 40_000
    one = named(comparisons(checks), "支出总计")
    assert one is not None
    said = MEASURES["expenditure"].said
    assert re.fullmatch(said, f"{one.current.section}|{one.current.item}{one.current.column}")


def test_the_last_row_of_the_summary_may_be_called_total_of_both_kinds(tmp_path: Path) -> None:
    told = (FOLDER / "hubei_college.txt").read_text(encoding="utf-8")
    assert told.count("总计") >= 2
    head, _, rest = told.partition("总计")
    path = tmp_path / "report.txt"
    path.write_text(f"{head}合计{rest.replace('总计', '合计', 1)}", encoding="utf-8")
    sides = Overview(qy_finance.read_report(path).checks)
    for side, check in sides.balance.items():
        assert check is not None, side
        assert check.outcome.status in (Status.EXACT, Status.TAIL)
    assert list(sides.sums["项目"]).count("总计") == 2
