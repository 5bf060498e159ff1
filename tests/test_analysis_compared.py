"""What notebooks 00 to 03 say of reports of other departments: values typed from them, or a sentence changed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from plain import plain

import qy_finance
from qy_finance.analysis import (
    derived,
    overview,
    overview_story,
    procurement,
    procurement_story,
    reservation,
    spending,
    spending_story,
)
from qy_finance.analysis.comparisons import caption, shown
from qy_finance.analysis.operating import Operating, operating
from qy_finance.charts.overview import changes
from qy_finance.report import Report
from qy_finance.text import operating as running_text

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

FOLDER = Path(__file__).parent / "reconciliation"
D = Decimal


def read(stem: str) -> Report:
    return qy_finance.read_report(FOLDER / f"{stem}.txt")


def instead_of(tmp_path: Path, heading: str, following: str, sentence: str) -> Report:
    """The report of a water bureau with another sentence under a heading."""
    text = (FOLDER / "anhui_water.txt").read_text(encoding="utf-8")
    begin, end = text.index(heading), text.index(following)
    path = tmp_path / "report.txt"
    path.write_text(f"{text[:begin]}{heading}{sentence}\n{text[end:]}", encoding="utf-8")
    return qy_finance.read_report(path)


def running_costs(tmp_path: Path, sentence: str) -> Operating:
    said = f"皖江市水利局2023年度机关运行经费支出{sentence}"
    heading, following = "（一）机关运行经费支出情况。", "（二）政府采购支出情况。"
    return operating(instead_of(tmp_path, heading, following, said).checks)


def procured(tmp_path: Path, sentence: str) -> Report:
    return instead_of(
        tmp_path, "（二）政府采购支出情况。", "（三）国有资产占有使用情况。", sentence
    )


def moved(report: Report) -> dict[str, tuple[Decimal, Decimal | None, Decimal | None]]:
    """Name, amount, stated change and rate."""
    return {
        one.name: (
            one.current.value,
            one.change.value if one.change else None,
            one.rate.value if one.rate else None,
        )
        for one in overview.compared(report)
    }


def test_a_change_belongs_to_the_amount_of_its_sentence() -> None:
    found = moved(read("fujian_market"))
    assert found["收入"] == (D("10134.43"), D("-410.20"), D("-3.89"))
    assert found["支出"] == (D("10445.22"), D("1433.05"), D("15.90"))
    # 2022年度…总计10,455.12万元。2021年度…总计10,756.52万元。与2021年度相比…减少301.40万元
    assert found["财政拨款收、支总计"] == (D("10455.12"), D("-301.40"), D("-2.80"))
    # 增长148.33%（增长1.48倍）
    assert found["2013812药品事务"] == (D("101.12"), D("60.40"), D("148.33"))


@pytest.mark.parametrize(
    "stem", sorted(path.stem for path in FOLDER.glob("*.txt")), ids=lambda stem: stem
)
def test_no_change_and_rate_of_a_sound_report_contradict_each_other(stem: str) -> None:
    report = read(stem)
    assert "不符" not in {one.verdict for one in derived.comparisons(report)}
    assert "对不上" not in overview_story.changes(overview.compared(report))


def test_a_sum_of_a_fund_is_not_called_as_that_of_all_money() -> None:
    found = moved(read("anhui_water"))
    assert found["收入合计"][0] == D("38087.51")
    assert found["政府性基金预算本年支出"] == (D("20320.72"), D("-880.10"), D("-4.2"))
    assert "本年支出" not in found
    assert "国有资本经营预算本年支出" in moved(read("chongqing_assets"))
    assert moved(read("zhejiang_traffic"))["财政拨款支出总计"][0] == D("20391.29")
    assert "政府性基金预算财政拨款支出决算" in moved(read("jiangsu_education"))


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
        return [one.name for one in spending.compared(read(stem))]

    assert names("sichuan_police") == ["一般公共预算财政拨款支出"]
    assert names("shandong_street") == ["一般公共预算财政拨款支出", "人员经费", "公用经费"]
    assert names("shanghai_school") == ["财政拨款支出"]  # not 收入支出总计
    assert names("zhejiang_traffic") == ["一般公共预算财政拨款支出"]  # not 支出总计


def test_a_change_stands_in_the_unit_of_its_row() -> None:
    """243.60 亿元, 61,020.3 万元 less."""
    found = overview.compared(read("yunnan_road"))
    row = derived.table(found).set_index("unit").loc["亿元"]
    assert (row["current"], row["change"], row["previous"]) == (
        D("243.60"),
        D("-6.10203"),
        D("249.70203"),
    )
    assert "减少 61,020.3 万元" in plain(spending_story.against_last_year(found))


def test_a_base_from_a_rate_is_told_with_the_digits_that_it_bears() -> None:
    """人员经费 1424.42 万元, 2.1 % more: 1,394.43 to 1,395.80."""
    report = read("shandong_street")
    said = plain(spending_story.against_last_year(spending.compared(report)))
    assert "人员经费：约 1,395（推算）→ 1,424.42 万元，增加约 29 万元" in said
    assert "公用经费：约 114.0（推算）→ 107.77 万元，减少约 6.3 万元" in said
    assert "一般公共预算财政拨款支出：4,564.29（推算）→ 4,576.39 万元，增加 12.10 万元" in said
    drawn = {
        text.get_text().strip()
        for text in changes(overview.compared(report), "万元", "", "").axes[0].texts
    }
    assert {"+29", "−6.3", "+12.10"} <= drawn


def test_a_fund_is_compared_with_appropriations_only() -> None:
    said = plain(overview_story.headline(read("beijing_hospital"), []))
    assert "财政拨款支出中一般公共预算最多，占本年支出的 8.6%" in said


def test_what_is_not_printed_is_not_zero() -> None:
    said = plain(overview_story.funds(read("central_2019_research")))
    assert said.endswith("政府性基金预算没有支出。表里没有印出国有资本经营预算的支出。")


def test_two_ways_to_one_sum_say_why_they_differ() -> None:
    report = read("anhui_water")
    said = "".join(map(plain, spending_story.on_flows(report, spending_story.flows(report))))
    assert "合计 290.63 万元，与上表由总表得出的数差在尾数" in said


def test_a_single_account_is_no_ranking() -> None:
    said = plain(spending_story.concentrated(read("beijing_hospital")))
    assert "项级科目中，中医（民族）医院（2100202）一项就占本年支出的 97.3%。" in said


# --- 02 and 03: one sentence changed -------------------------------------------------------------


def test_a_cause_is_read_where_the_rate_alone_is_stated(tmp_path: Path) -> None:
    fell = running_costs(tmp_path, "221.30万元，比上年下降4.4%，主要原因是办公费减少。")
    assert "报告的说法是“办公费减少”" in plain(running_text.explained(fell))
    assert "没有说明变动的原因" not in running_text.headline(fell)
    rose = running_costs(tmp_path, "221.30万元，比上年增长4.4%，主要原因是办公费增加。")
    assert "增加了多少，原因够不够无从核对" in plain(running_text.explained(rose))


def test_what_did_not_change_needs_no_reason(tmp_path: Path) -> None:
    said = plain(running_text.headline(running_costs(tmp_path, "221.30万元，与上年持平。")))
    assert said == "机关运行经费 221.30 万元，与上年持平。"


def test_nothing_is_derived_at_the_top_from_a_contradiction(tmp_path: Path) -> None:
    said = running_text.headline(
        running_costs(tmp_path, "221.30万元，比上年增加40.00万元，增长60%。")
    )
    assert "增减额与增减率对不上" in plain(said)
    assert "推算" not in said


def test_what_is_printed_in_yi_yuan_has_no_more_digits_in_wan_yuan(tmp_path: Path) -> None:
    topic = running_costs(tmp_path, "0.02亿元，比上年增加10.20万元，增长4.85%。")
    assert "机关运行经费 200 万元，公用经费合计 341.86 万元：少 142 万元。" in plain(
        running_text.consistency(topic)
    )
    found = topic.stated
    assert found is not None
    row = shown([found]).iloc[0]
    assert (row["本年"], row["增减额"], row["推算误差 ±"]) == (D(200), D("10.20"), D("50.005"))
    assert caption([found], "机关运行经费") == "机关运行经费（万元，上年数为推算）"


def test_a_round_sum_of_procurement_contradicts_nothing(tmp_path: Path) -> None:
    report = procured(
        tmp_path,
        "2023年度政府采购支出总额0.98亿元，其中：政府采购货物支出612.30万元、政府采购工程支出8,000.00万元、"
        "政府采购服务支出1,200.00万元。授予中小企业合同金额0.80亿元，占政府采购支出总额的81.7%。",
    )
    purchases = procurement.examined(report)
    assert "9,812.30 万元，与总额 9,800 万元 相差 12.30 万元，在尾差之内" in plain(
        procurement_story.on_kinds(purchases)
    )
    assert procurement_story.findings(purchases, []) == "能互相核对的数字没有矛盾。"


def test_kinds_without_a_total_are_a_sentence(tmp_path: Path) -> None:
    report = procured(
        tmp_path,
        "2023年度政府采购货物支出612.30万元、政府采购工程支出8,000.00万元、政府采购服务支出1,200.00万元。"
        "授予小微企业合同金额510.30万元。",
    )
    purchases, rule = procurement.examined(report), reservation.reservation(2023)
    said = plain(procurement_story.bottom_line(purchases, rule, 2023, []))
    assert said.startswith("货物、工程、服务中工程占 81.5%。")


def test_a_single_share_is_not_one_of_one(tmp_path: Path) -> None:
    report = procured(
        tmp_path, "2023年度政府采购支出总额9,812.30万元。授予小微企业合同金额510.30万元。"
    )
    purchases, rule = procurement.examined(report), reservation.reservation(2023)
    said = plain(procurement_story.on_rule(purchases, rule))
    assert said == "这个占比低于参照线：小微企业占采购总额 5.20%（参照线 18%）。"
