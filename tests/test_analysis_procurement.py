"""Procurement: shares on every denominator, the reservation, and what the figures contradict."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from plain import plain

from qy_finance import read_report
from qy_finance.analysis import procurement_story as story
from qy_finance.analysis.doubts import doubts
from qy_finance.analysis.procurement import (
    ALL,
    BOUGHT,
    BUDGET,
    MICRO,
    SME,
    WHOLE,
    Procurement,
    Share,
    examined,
    procurement,
)
from qy_finance.analysis.procurement_shares import (
    CLEAN,
    by_kind,
    denominators,
    denominators_shown,
    fitting,
    kinds_shown,
)
from qy_finance.analysis.reservation import against, reservation
from qy_finance.charts.procurement import kinds_chart, reservation_chart
from qy_finance.intervals import (
    Approx,
    Fit,
    as_precise,
    as_printed,
    fit,
    in_unit,
    plain_unit,
)
from qy_finance.report import Report
from qy_finance.sourced import Sourced

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

REAL = Path(__file__).parents[1] / "data/raw/2022/清远市政务服务数据管理局本级_2022年度部门决算.txt"
RECONCILIATION = Path(__file__).parent / "reconciliation"
TOTAL, IN_SME = "政府采购支出总额", "授予中小企业合同金额"


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(REAL)


@pytest.fixture(scope="module")
def real(report: Report) -> Procurement:
    return examined(report)


def purchases(
    amounts: Mapping[tuple[str, str], str], shares: Mapping[tuple[str, str], tuple[str, str]]
) -> Procurement:
    return Procurement(
        {key: as_printed(text) for key, text in amounts.items()},
        {key: Share(as_printed(text), of) for key, (text, of) in shares.items()},
    )


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("万元", (10_000, "元")),
        ("元", (1, "元")),
        ("亿元", (100_000_000, "元")),
        ("万条/年", (10_000, "条")),
        ("多万", (10_000, "")),
        ("%", (1, "%")),
        ("人次", (1, "人次")),
    ],
)
def test_unit_and_its_multiple(unit: str, expected: tuple[int, str]) -> None:
    assert plain_unit(unit) == expected


def test_printed_figure_is_an_interval_and_a_count_is_exact() -> None:
    assert as_printed("95.8") == Approx(Decimal("95.8"), Decimal("0.05"), "95.8")
    assert in_unit("114.86", "万通") == (Approx(Decimal(1148600), Decimal(50), "114.86"), "通")
    assert in_unit("75", "人") == (Approx(Decimal(75), Decimal(0), "75"), "人")
    assert in_unit("62", "万元")[0].half == 5000
    assert in_unit("62", "元")[0].half == Decimal("0.5")


def test_figures_of_one_statement_are_as_precise_as_the_most_precise() -> None:
    assert [a.half for a in as_precise([as_printed("62.7"), as_printed("18.98")])] == [
        Decimal("0.005")
    ] * 2
    assert as_precise([]) == []


@pytest.mark.parametrize(
    ("share", "part", "whole", "expected"),
    [
        ("95.8", "2792.96", "2915.76", Fit.ROUNDED),
        ("95.79", "2792.96", "2915.76", Fit.ROUNDED),
        ("95.78", "2792.96", "2915.76", Fit.TRUNCATED),
        ("95.77", "2792.96", "2915.76", Fit.NO),
        ("95.80", "2792.96", "2915.76", Fit.PADDED),
        ("4.20", "122.80", "2792.96", Fit.NO),
        ("4.20", "122.80", "2915.76", Fit.PADDED),
        ("100", "5.00", "5.00", Fit.ROUNDED),
        ("0.00", "0.00", "0.00", None),
        ("12.00", "1.00", "0.00", None),
    ],
)
def test_fit_of_a_printed_share(share: str, part: str, whole: str, expected: Fit | None) -> None:
    assert fit(as_printed(share), as_printed(part), as_printed(whole)) is expected


def test_real_amounts_and_shares(real: Procurement) -> None:
    assert {key: str(amount.value) for key, amount in real.amounts.items()} == {
        (ALL, WHOLE): "2915.76",
        (ALL, "货物"): "122.8",
        (ALL, "工程"): "0.00",
        (ALL, "服务"): "2792.96",
        (SME, WHOLE): "2792.96",
        (MICRO, WHOLE): "122.8",
    }
    assert {key: (share.percent.text, share.of) for key, share in real.shares.items()} == {
        (SME, WHOLE): ("95.8", TOTAL),
        (MICRO, WHOLE): ("4.20", IN_SME),
        (SME, "货物"): ("100", "货物支出金额"),
        (SME, "工程"): ("0.00", "工程支出金额"),
        (SME, "服务"): ("100", "服务支出金额"),
    }
    assert {amount.half for amount in real.amounts.values()} == {Decimal("0.005")}


def test_real_kinds_add_up_and_are_sorted(real: Procurement) -> None:
    kinds = by_kind(real)
    assert list(kinds["kind"]) == ["服务", "货物", "工程"]
    assert [f"{share:.2f}" for share in kinds["share"]] == ["95.79", "4.21", "0.00"]
    assert [str(share) for share in kinds["sme_share"]] == ["100", "100", "0.00"]
    assert real.sum_of_kinds is not None
    assert real.sum_of_kinds.value == Decimal("2915.76")
    assert "与总额 2,915.76 万元 相符" in plain(story.on_kinds(real))


def test_real_sme_share_fits_its_denominator_and_micro_share_does_not(real: Procurement) -> None:
    assert fitting(real, SME) == (TOTAL, Fit.ROUNDED)
    assert fitting(real, MICRO) == (TOTAL, Fit.PADDED)
    micro = denominators(real, MICRO).set_index("of")
    assert micro["named"][IN_SME]
    assert micro["fit"][IN_SME] == Fit.NO
    shown = denominators_shown(micro.reset_index())
    assert shown["分母"].tolist()[:2] == [f"{IN_SME}（所称）", TOTAL]
    assert f"{micro['share'][IN_SME]:.3f}" == "4.397"
    assert f"{micro['share'][TOTAL]:.3f}" == "4.212"


def test_real_contradictions_are_those_of_the_checks_and_what_goes_further(
    report: Report, real: Procurement
) -> None:
    assert real.implied_sme is not None
    assert real.implied_sme.value == Decimal("2915.76")
    assert [plain(sentence).split("：", 1)[0] for sentence in story.further(real)] == [
        "分母",
        "小微像是与中小并列",
        "金额重复",
    ]
    denominator, beside, same = map(plain, story.further(real))
    assert "4.20% 与所称的分母授予中小企业合同金额不符" in denominator
    assert "以政府采购支出总额为分母则重算为 4.21%，只在少取一位小数时相符" in denominator
    assert "95.8% 与 4.20% 相加正好是 100%" in beside
    assert "小微企业的 122.80 万元等于货物支出 122.80 万元" in same
    found = doubts(report, real.numbers)
    text = plain(story.findings(real, found))
    assert len(found) == 2
    assert text.count("\n") == 4
    assert "相差 0.20 个百分点" in text
    assert "相差 122.80 万元" in text
    assert "有 2 处互相矛盾" in plain(story.bottom_line(real, reservation(2022), 2022, found))


def test_real_shares_beside_the_reservation(real: Procurement) -> None:
    table = against(real, reservation(2022)).set_index("name")
    assert table["floor"].to_dict() == {
        "中小企业占货物": 30,
        "中小企业占服务": 30,
        "中小企业占采购总额": 30,
        "小微企业占采购总额": 18,
    }
    assert [round(share, 1) for share in table["share"]] == [
        100,
        100,
        Decimal("95.8"),
        Decimal("4.2"),
    ]
    said = plain(story.on_rule(real, reservation(2022)))
    assert said.startswith("4 个占比中有 1 个低于参照线：小微企业占采购总额 4.21%（参照线 18%）。")
    assert "小微企业占中小企业的 4.40%" in said


@pytest.mark.parametrize(
    ("year", "works", "document"),
    [
        (2013, 30, "〔2011〕181号"),
        (2020, 30, "〔2011〕181号"),
        (2021, 30, "〔2020〕46号"),
        (2022, 30, "〔2022〕19号"),
        (2023, 40, "〔2022〕19号"),
        (2025, 40, "〔2023〕76号"),
        (2026, 30, "〔2023〕76号"),
    ],
)
def test_rule_of_a_year(year: int, works: int, document: str) -> None:
    rule = reservation(year)
    assert rule is not None
    assert (rule.works, rule.micro_of_all) == (works, Decimal(18))
    assert document in rule.text
    assert ("〔2020〕46号" in rule.text) == (year > 2020)
    assert story.on_law(rule).endswith("30% × 60% = 18%。")


def test_no_rule_before_there_was_one() -> None:
    assert reservation(2011) is None
    assert "还没有" in story.on_law(None)
    assert against(purchases({(ALL, WHOLE): "5", (SME, WHOLE): "1"}, {}), None).empty


def test_works_have_their_own_reservation() -> None:
    bought = purchases({(ALL, "工程"): "10.00"}, {(SME, "工程"): ("35.00", "工程支出金额")})
    table = against(bought, reservation(2024))
    assert table[["name", "share", "floor"]].to_numpy().tolist() == [["中小企业占工程", 35.0, 40.0]]


def test_small_enterprises_may_have_less_than_60_percent_of_more_than_30() -> None:
    """What is awarded is not what is reserved: 60 % of the amount for SMEs is no line."""
    bought = purchases({(ALL, WHOLE): "100.00", (SME, WHOLE): "90.00", (MICRO, WHOLE): "40.00"}, {})
    said = plain(story.on_rule(bought, reservation(2022)))
    assert said.startswith("2 个占比都不低于参照线。小微企业占中小企业的 44.44%")


def test_kinds_that_do_not_add_up() -> None:
    bought = purchases({(ALL, WHOLE): "10.00", (ALL, "货物"): "3.00", (ALL, "服务"): "6.00"}, {})
    assert "相差 1.00 万元" in plain(story.on_kinds(bought))
    more = Procurement({**bought.amounts, (SME, WHOLE): as_printed("2.00")}, bought.shares)
    assert "货物、工程、服务之和" in list(denominators(more, SME)["of"])


def test_a_difference_that_rounding_explains_is_none() -> None:
    bought = purchases({(ALL, WHOLE): "10.00", (ALL, "货物"): "3.33", (ALL, "服务"): "6.66"}, {})
    assert "在尾差之内" in plain(story.on_kinds(bought))
    assert story.further(bought) == []


def test_a_part_larger_than_its_whole_has_no_share_of_it() -> None:
    bought = purchases({(ALL, WHOLE): "10.00", (SME, WHOLE): "12.00"}, {})
    assert denominators(bought, SME).empty
    assert against(bought, reservation(2022)).empty
    said = plain(story.bottom_line(bought, reservation(2022), 2022, ["矛盾"]))
    assert "授予中小企业 12.00 万元。" in said
    assert "1 处互相矛盾" in said


def test_zero_denominators_have_no_share() -> None:
    bought = purchases(
        {(ALL, WHOLE): "0.00", (ALL, "货物"): "0.00", (SME, WHOLE): "0.00", (MICRO, WHOLE): "0.00"},
        {(SME, WHOLE): ("0.00", TOTAL), (SME, "货物"): ("0.00", "货物支出金额")},
    )
    assert bought.implied_sme is None
    assert by_kind(bought)["share"].isna().all()
    assert list(kinds_shown(by_kind(bought))) == ["类别", "金额（万元）"]
    assert denominators(bought, SME).empty
    assert against(bought, reservation(2022)).empty
    assert story.further(bought) == []
    assert "占比无从重算" in story.on_share(bought, SME)
    assert "没有占比可算" in story.bottom_line(bought, reservation(2022), 2022, [])
    assert story.findings(bought, []) == "采购为 0，没有可以互相核对的数字。"


def test_a_kind_without_share_implies_nothing() -> None:
    bought = purchases(
        {(ALL, "货物"): "1.00", (ALL, "服务"): "2.00"}, {(SME, "货物"): ("100", "货物支出金额")}
    )
    assert bought.implied_sme is None
    assert bought.sme_of("货物") == Approx(Decimal("1.00"), Decimal("0.0100"))


def test_nothing_told() -> None:
    nothing = purchases({}, {})
    assert by_kind(nothing).empty
    assert denominators(nothing, MICRO).empty
    assert fitting(nothing, MICRO) is None
    for said in (
        story.bottom_line(nothing, reservation(2022), 2022, []),
        story.on_kinds(nothing),
        story.on_share(nothing, SME),
        story.on_rule(nothing, reservation(2022)),
        story.findings(nothing, []),
    ):
        assert "没有" in said


def told(folder: Path, sentence: str) -> Report:
    """A fictional report whose statement on procurement is this sentence."""
    text = (RECONCILIATION / "chongqing_assets.txt").read_text(encoding="utf-8")
    changed, count = re.subn(r"(?m)^2022年度本部门政府采购支出总额.*$", sentence, text)
    assert count == 1
    path = folder / "report.txt"
    path.write_text(changed, encoding="utf-8")
    return read_report(path)


def printed(amounts: Mapping[tuple[str, str], Approx]) -> dict[tuple[str, str], str]:
    return {key: amount.text for key, amount in amounts.items()}


def test_amounts_in_yuan_are_computed_in_wan_yuan(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "2022年度政府采购支出总额12,345,678.90元，其中：政府采购服务支出600万元。"
        "授予中小企业合同金额200万元，占政府采购支出总额的16.2%。",
    )
    bought = examined(report)
    assert {key: str(amount.value) for key, amount in bought.amounts.items()} == {
        (ALL, WHOLE): "1234.567890",
        (ALL, "服务"): "600",
        (SME, WHOLE): "200",
    }
    whole, services = bought.amounts[ALL, WHOLE].value, bought.amounts[ALL, "服务"].value
    assert isinstance(whole, Sourced)
    assert isinstance(services, Sourced)
    assert (whole.computed, services.computed) == (True, False)
    assert [one.printed for one in whole.sources] == ["12,345,678.90 元"]
    assert story.on_share(bought, MICRO) == "报告没有说明授予小微企业的金额。"
    assert fitting(bought, SME) == (TOTAL, Fit.ROUNDED)


def test_a_total_alone(tmp_path: Path) -> None:
    bought = examined(told(tmp_path, "2022年度政府采购支出总额50.00万元。"))
    assert printed(bought.amounts) == {(ALL, WHOLE): "50.00"}
    line = plain(story.bottom_line(bought, reservation(2022), 2022, []))
    assert line == "2022 年政府采购支出 50.00 万元。报告没有说明授予中小企业的金额。"
    assert plain(story.on_kinds(bought)).startswith("报告没有把采购分为货物、工程、服务。")
    assert story.findings(bought, []) == "没有可以互相核对的数字。"


def test_last_year_and_budgets_are_no_amounts_of_the_year(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "2022年度政府采购支出总额50.00万元，比上年减少10.00万元，下降16.67%。"
        "政府采购支出年初预算为80.00万元。",
    )
    bought = procurement(report)
    assert printed(bought.amounts) == {(ALL, WHOLE): "50.00"}
    assert "比上年减少 10.00 万元，下降 16.67%。" in plain(story.on_kinds(bought))


def test_reserved_projects_are_no_awards(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "2022年度政府采购金额（以合同签订为准）为50.00万元，其中：货物采购金额20.00万元、服务采购金额30.00万元。"
        "面向中小企业预留政府采购项目预算金额40.00万元，面向小微企业预留政府采购项目预算金额10.00万元。",
    )
    bought = procurement(report)
    assert printed(bought.reserved) == {(SME, BUDGET): "40.00", (MICRO, BUDGET): "10.00"}
    assert (SME, BOUGHT) not in bought.reserved
    assert (bought.sme, bought.micro) == (None, None)
    table = against(bought, reservation(2022))
    assert table[["name", "share"]].to_numpy().tolist() == [
        ["预留中小占采购总额", 80],
        ["预留小微占预留中小", 25],
    ]


@pytest.mark.parametrize("path", sorted(RECONCILIATION.glob("*.txt")), ids=lambda path: path.stem)
def test_fictional_reports_have_no_verdict_that_the_checks_do_not_share(path: Path) -> None:
    """They are right as printed: each share agrees with its amounts on the denominator that it names."""
    bought = examined(read_report(path))
    assert bought.total is not None
    assert bought.sum_of_kinds is not None
    assert bought.sum_of_kinds.meets(bought.total)
    for who in (SME, MICRO):
        named = denominators(bought, who).query("named")
        assert set(named["fit"]) <= set(CLEAN)
        assert len(named) == ((who, WHOLE) in bought.shares)


def test_a_wrong_share_is_wrong_for_the_checks_and_for_the_verdict(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "2022年度政府采购支出总额64.20万元。授予中小企业合同金额50.00万元，占政府采购支出总额的87.9%。",
    )
    bought = examined(report)
    assert set(denominators(bought, SME)["fit"]) == {Fit.NO}
    assert any("87.9" in plain(one) for one in doubts(report, bought.numbers))
    assert "没有一个分母能得出这个百分数。" in plain(story.on_share(bought, SME))
    assert story.further(bought) == []


def test_numbers_lead_to_their_operands(report: Report, real: Procurement) -> None:
    """Each number of a sentence or a table comes from the figures that it is made of, nothing else."""
    line = story.bottom_line(real, reservation(2022), 2022, [])
    at = re.findall(r'class="(src[^"]*)" data-at="[^#"]*#([^"]*)"[^>]*>([^<]*)<', line)
    shown = [(kind, html.unescape(text), *(rows_printed(report, rows))) for kind, rows, text in at]
    assert shown == [
        ("src", "2,915.76", "2,915.76"),
        ("src computed", "95.8", "2,792.96", "122.8", "0.00"),
        ("src", "2,792.96", "2,792.96"),
        ("src computed", "95.8", "2,792.96", "2,915.76"),
        ("src", "122.80", "122.8"),
        ("src computed", "4.2", "122.8", "2,915.76"),
    ]
    micro = denominators(real, MICRO).set_index("of")
    assert [one.printed for one in micro["share"][IN_SME].sources] == [
        "122.8 万元",
        "2,792.96 万元",
    ]
    assert not micro["amount"][IN_SME].computed


def rows_printed(report: Report, rows: str) -> list[str]:
    return [str(report.observations["printed"].iloc[int(row)]) for row in rows.split(".")]


def test_figures_can_be_drawn(real: Procurement) -> None:
    kinds = kinds_chart(by_kind(real), 2022).axes[0]
    assert kinds.texts[0].get_text() == "2,792.96（95.8%）"
    shares = reservation_chart(against(real, reservation(2022)), 2022).axes[0]
    assert shares.texts[-1].get_text() == "4.2%"
