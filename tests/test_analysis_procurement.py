"""Procurement: shares on every denominator, the reservation, and what the figures contradict."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from qy_finance import read_report
from qy_finance.analysis import procurement_story as story
from qy_finance.analysis.procurement import (
    ALL,
    MICRO,
    SME,
    WHOLE,
    Procurement,
    Share,
    by_kind,
    denominators,
    fitting,
    procurement,
    shown,
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

REAL = Path(__file__).parents[1] / "data/raw/2022/清远市政务服务数据管理局本级_2022年度部门决算.txt"
TOTAL, IN_SME = "政府采购支出总额", "授予中小企业合同金额"


@pytest.fixture(scope="module")
def real() -> Procurement:
    return procurement(read_report(REAL))


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
    assert kinds["share"].round(2).tolist() == [95.79, 4.21, 0.0]
    assert real.sum_of_kinds is not None
    assert real.sum_of_kinds.value == Decimal("2915.76")
    assert "**相符**" in story.on_kinds(real)


def test_real_sme_share_fits_its_denominator_and_micro_share_does_not(real: Procurement) -> None:
    assert fitting(real, SME) == (TOTAL, Fit.ROUNDED)
    assert fitting(real, MICRO) == (TOTAL, Fit.PADDED)
    micro = denominators(real, MICRO).set_index("of")
    assert micro["named"][IN_SME]
    assert micro["fit"][IN_SME] == Fit.NO
    assert shown(micro.reset_index())["分母"].tolist()[:2] == [f"{IN_SME}（所称）", TOTAL]
    assert round(float(micro["share"][IN_SME]), 3) == 4.397
    assert round(float(micro["share"][TOTAL]), 3) == 4.212


def test_real_shares_by_kind_imply_another_sme_amount(real: Procurement) -> None:
    assert real.implied_sme is not None
    assert real.implied_sme.value == Decimal("2915.76")
    found = story.contradictions(real)
    assert [sentence.split("：", 1)[0] for sentence in found] == [
        "**按分类占比推算的金额不同**",
        "**小微企业占比与金额不符**",
        "**小微像是与中小并列**",
        "**金额重复**",
    ]
    assert "相差 122.80 万元" in found[0]
    assert "重算是 4.40%" in found[1]
    assert "95.8% 与 4.20% 相加也正好是 100%" in found[2]


def test_real_shares_beside_the_reservation(real: Procurement) -> None:
    rule = reservation(2022)
    assert rule is not None
    table = against(real, rule).set_index("name")
    assert table["floor"].to_dict() == {
        "中小企业占货物": 30,
        "中小企业占服务": 30,
        "中小企业占采购总额": 30,
        "小微企业占采购总额": 18,
        "小微企业占中小企业": 60,
    }
    assert table["share"].round(1).tolist() == [100, 100, 95.8, 4.2, 4.4]
    assert story.on_rule(real, rule).startswith("5 个占比中有 2 个低于参照线")


@pytest.mark.parametrize(
    ("year", "works", "document"),
    [
        (2013, 30, "〔2011〕181号"),
        (2020, 30, "〔2011〕181号"),
        (2021, 30, "〔2020〕46号"),
        (2023, 40, "〔2022〕19号"),
    ],
)
def test_rule_of_a_year(year: int, works: int, document: str) -> None:
    rule = reservation(year)
    assert rule is not None
    assert (rule.works, rule.micro_of_all) == (works, 18)
    assert document in rule.source


def test_no_rule_before_there_was_one() -> None:
    assert reservation(2011) is None
    assert "还没有" in story.on_rule(purchases({}, {}), None)


def test_works_have_their_own_reservation() -> None:
    rule = reservation(2024)
    assert rule is not None
    table = against(
        purchases({(ALL, "工程"): "10.00"}, {(SME, "工程"): ("35.00", "工程支出金额")}), rule
    )
    assert table[["name", "share", "floor"]].to_numpy().tolist() == [["中小企业占工程", 35.0, 40.0]]


def test_kinds_that_do_not_add_up() -> None:
    bought = purchases({(ALL, WHOLE): "10.00", (ALL, "货物"): "3.00", (ALL, "服务"): "6.00"}, {})
    assert "相差 1.00 万元" in story.on_kinds(bought)
    assert story.contradictions(bought)[0].startswith("**合计不等于各类之和**")
    assert "货物、工程、服务之和" in denominators_of(bought)


def denominators_of(bought: Procurement) -> list[str]:
    more = Procurement({**bought.amounts, (SME, WHOLE): as_printed("2.00")}, bought.shares)
    return list(denominators(more, SME)["of"])


def test_a_difference_that_rounding_explains_is_none() -> None:
    bought = purchases({(ALL, WHOLE): "10.00", (ALL, "货物"): "3.33", (ALL, "服务"): "6.66"}, {})
    assert story.contradictions(bought) == []


def test_a_part_larger_than_its_whole() -> None:
    bought = purchases({(ALL, WHOLE): "10.00", (SME, WHOLE): "12.00", (MICRO, WHOLE): "13.00"}, {})
    assert story.contradictions(bought) == [
        "**部分大于整体**：中小企业 12.00 万元 大于采购总额 10.00 万元；小微企业 13.00 万元 大于中小企业 12.00 万元。"
    ]


def test_zero_denominators_have_no_share() -> None:
    bought = purchases(
        {(ALL, WHOLE): "0.00", (ALL, "货物"): "0.00", (SME, WHOLE): "0.00", (MICRO, WHOLE): "0.00"},
        {(SME, WHOLE): ("0.00", TOTAL), (SME, "货物"): ("0.00", "货物支出金额")},
    )
    rule = reservation(2022)
    assert rule is not None
    assert bought.implied_sme is None
    assert by_kind(bought)["share"].isna().all()
    assert denominators(bought, SME).empty
    assert against(bought, rule).empty
    assert story.contradictions(bought) == []
    assert "占比没有意义" in story.on_share(bought, SME)
    assert "采购为 0" in story.bottom_line(bought, rule, 2022)


def test_a_kind_without_share_implies_nothing() -> None:
    bought = purchases(
        {(ALL, "货物"): "1.00", (ALL, "服务"): "2.00"}, {(SME, "货物"): ("100", "货物支出金额")}
    )
    assert bought.implied_sme is None


def test_nothing_told() -> None:
    nothing = purchases({}, {})
    assert by_kind(nothing).empty
    assert denominators(nothing, MICRO).empty
    assert fitting(nothing, MICRO) is None
    for said in (
        story.bottom_line(nothing, reservation(2022), 2022),
        story.on_kinds(nothing),
        story.on_share(nothing, SME),
        story.on_rule(nothing, reservation(2022)),
        story.findings(nothing),
    ):
        assert "没有" in said


def told(*facts: tuple[str, str, str, str, str | None, int, str]) -> Report:
    """A report of 2030 with these facts: item, measure, printed, unit, column, year, section."""
    names = ["item", "measure", "printed", "unit_of_measure", "column", "year", "section"]
    frame = pd.DataFrame(facts, columns=names).convert_dtypes()
    return cast(Report, SimpleNamespace(facts=frame, meta={"year": 2030}))


def test_amounts_in_yuan_last_year_and_budgets() -> None:
    section = "政府采购情况"
    report = told(
        ("政府采购支出合计", "amount", "12,345,678.90", "元", None, 2030, section),
        ("政府采购支出合计", "amount", "1.00", "元", None, 2029, section),
        ("政府采购服务支出", "amount", "5", "万元", "年初预算", 2030, section),
        ("政府采购服务支出", "amount", "600", "万元", None, 2030, section),
        ("授予小型和微型企业合同金额", "amount", "100", "万元", None, 2030, section),
        ("授予中小微企业合同金额", "amount", "200", "万元", None, 2030, section),
        ("政府采购供应商", "count", "8", "家", None, 2030, section),
        ("政府采购支出总额", "amount", "9", "万元", None, 2030, "绩效"),
    )
    found = {key: str(amount.value) for key, amount in procurement(report).amounts.items()}
    assert found == {
        (ALL, WHOLE): "1234.56789",
        (ALL, "服务"): "600",
        (MICRO, WHOLE): "100",
        (SME, WHOLE): "200",
    }


def test_figures_can_be_drawn(real: Procurement) -> None:
    rule = reservation(2022)
    assert rule is not None
    kinds = kinds_chart(by_kind(real), 2022).axes[0]
    assert kinds.texts[0].get_text() == "2,792.96（95.8%）"
    shares = reservation_chart(against(real, rule), 2022).axes[0]
    assert shares.texts[-1].get_text() == "4.4%"
