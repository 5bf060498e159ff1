"""Procurement: shares on every denominator, the reservation, and what the figures contradict."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from cited import rows_at
from matplotlib.axes import Axes
from matplotlib.figure import Figure as MplFigure
from plain import plain

from qy_finance import read_report
from qy_finance.analysis.law import reservation
from qy_finance.analysis.procurement import (
    ALL,
    BOUGHT,
    BUDGET,
    MICRO,
    SME,
    WHOLE,
    Procurement,
)
from qy_finance.charts.procurement import kinds_chart, reservation_chart
from qy_finance.checks.quotient import Fit, Quotient, explained
from qy_finance.facts import Fact, constant
from qy_finance.figures import Figure, decimals_of
from qy_finance.numbers import Number, around, plain_unit
from qy_finance.precision import halves
from qy_finance.report import Report
from qy_finance.text import procurement as text
from qy_finance.text.doubts import doubts

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

REAL = Path(__file__).parents[1] / "data/raw/2022/清远市政务服务数据管理局本级_2022年度部门决算.txt"
RECONCILIATION = Path(__file__).parent / "reconciliation"
TOTAL, IN_SME = "政府采购支出总额", "授予中小企业合同金额"

Keys = Mapping[tuple[str, str], str]
Stated = Callable[..., Procurement]


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(REAL)


@pytest.fixture(scope="module")
def real(report: Report) -> Procurement:
    return Procurement(report.checks)


def told(folder: Path, sentence: str, year: int = 2022) -> Report:
    """A fictional report whose statement on procurement is this sentence."""
    text = (RECONCILIATION / "chongqing_assets.txt").read_text(encoding="utf-8")
    changed, count = re.subn(r"(?m)^2022年度本部门政府采购支出总额.*$", sentence, text)
    assert count == 1
    changed = changed.replace("2021", str(year - 1)).replace("2022", str(year))
    path = folder / "report.txt"
    path.write_text(changed, encoding="utf-8")
    return read_report(path)


@pytest.fixture
def purchases(tmp_path: Path) -> Stated:
    """What is made of a statement of these amounts (万元) and shares."""

    def stated(amounts: Keys, shares: Keys, year: int = 2022) -> Procurement:
        names = {
            (ALL, WHOLE): "政府采购支出总额",
            (SME, WHOLE): "授予中小企业合同金额",
            (MICRO, WHOLE): "授予小微企业合同金额",
        }
        said = []
        for key, amount in amounts.items():
            of = f"，占政府采购支出总额的{shares[key]}%" if key in shares else ""
            name = names.get(key, f"政府采购{key[1]}支出")
            said.append(f"2022年度{name}{amount}万元{of}。")
        for (who, kind), share in shares.items():
            if (who, kind) not in amounts:
                said.append(f"{kind}采购授予{who}合同金额占{kind}支出金额的{share}%。")
        found = Procurement(told(tmp_path, "".join(said), year).checks)
        assert printed(found.amounts) == dict(amounts)
        assert {key: share.printed for key, share in found.shares.items()} == dict(shares)
        return found

    return stated


def printed(amounts: Mapping[tuple[str, str], Number]) -> dict[tuple[str, str], str]:
    return {key: amount.sources[0].printed for key, amount in amounts.items()}


def fact(text: str) -> Fact:
    """A figure with as many decimals as it has."""
    value = Decimal(text)
    return replace(constant(value, text, ""), half=Decimal(5).scaleb(-decimals_of(value) - 1))


def figure(text: str, unit: str) -> Figure:
    return Figure(0, 0, "amount", Decimal(text), unit, "", "")


def known(text: str, unit: str) -> Number:
    """A figure that stands alone."""
    one = figure(text, unit)
    return Number(one.value, around(one.value, halves([one])[0]), unit)


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
    assert (known("95.8", "%"), known("95.8", "%").half) == (Decimal("95.8"), Decimal("0.05"))
    calls = known("114.86", "万通").in_unit("通")
    assert (calls, calls.half) == (Decimal(1148600), Decimal(50))
    assert (known("75", "人"), known("75", "人").half) == (Decimal(75), Decimal(0))
    assert known("62", "万元").in_unit("元").half == 5000
    assert known("62", "元").half == Decimal("0.5")


def test_figures_of_one_statement_are_as_precise_as_the_most_precise() -> None:
    told = [figure("62.7", "万元"), figure("18.98", "万元")]
    assert halves(told) == [Decimal("0.005")] * 2


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
    assert explained(Quotient(fact(share), fact(part), fact(whole))) is expected


def test_real_amounts_and_shares(real: Procurement) -> None:
    assert {key: str(amount) for key, amount in real.amounts.items()} == {
        (ALL, WHOLE): "2915.76",
        (ALL, "货物"): "122.8",
        (ALL, "工程"): "0.00",
        (ALL, "服务"): "2792.96",
        (SME, WHOLE): "2792.96",
        (MICRO, WHOLE): "122.8",
    }
    assert {key: (share.printed, share.column) for key, share in real.shares.items()} == {
        (SME, WHOLE): ("95.8", TOTAL),
        (MICRO, WHOLE): ("4.20", IN_SME),
        (SME, "货物"): ("100", "货物支出金额"),
        (SME, "工程"): ("0.00", "工程支出金额"),
        (SME, "服务"): ("100", "服务支出金额"),
    }
    assert {amount.half for amount in real.amounts.values()} == {Decimal("0.005")}


def test_real_kinds_add_up_and_are_sorted(real: Procurement) -> None:
    assert [kind.name for kind in real.kinds] == ["服务", "货物", "工程"]
    assert [f"{kind.share:.2f}" for kind in real.kinds] == ["95.79", "4.21", "0.00"]
    assert [str(kind.sme_share) for kind in real.kinds] == ["100", "100", "0.00"]
    assert real.added is not None
    assert (real.added, real.added.unit) == (Decimal("2915.76"), "万元")
    assert "与总额 2,915.76 万元 相符" in plain(text.on_kinds(real))


def test_real_sme_share_fits_its_denominator_and_micro_share_does_not(real: Procurement) -> None:
    sme, micro = real.awards
    assert sme.best is not None
    assert (sme.best.whole, sme.best.fit) == (TOTAL, Fit.ROUNDED)
    assert micro.best is not None
    assert (micro.best.whole, micro.best.fit) == (TOTAL, Fit.PADDED)
    assert micro.named is not None
    assert (micro.named.whole, micro.named.fit) == (IN_SME, Fit.NO)
    shown = text.shares_table(micro)
    assert shown["分母"].tolist()[:2] == [f"{IN_SME}（所称）", TOTAL]
    assert f"{micro.named.share:.3f}" == "4.397"
    assert f"{micro.best.share:.3f}" == "4.212"


def test_real_contradictions_are_those_of_the_checks_and_what_goes_further(
    report: Report, real: Procurement
) -> None:
    assert real.implied_sme is not None
    assert real.implied_sme == Decimal("2915.76")
    assert [plain(sentence).split("：", 1)[0] for sentence in text.further(real)] == [
        "分母",
        "小微像是与中小并列",
        "金额重复",
    ]
    denominator, beside, same = map(plain, text.further(real))
    assert "4.20% 与所称的分母授予中小企业合同金额不符" in denominator
    assert "以政府采购支出总额为分母则重算为 4.21%，只在少取一位小数时相符" in denominator
    assert "95.8% 与 4.20% 相加正好是 100%" in beside
    assert "小微企业的 122.80 万元等于货物支出 122.80 万元" in same
    found = doubts(report.checks, real.used)
    said = plain(text.findings(real, found))
    assert len(found) == 2
    assert said.count("\n") == 4
    assert "相差 0.20 个百分点" in said
    assert "相差 122.80 万元" in said
    assert "有 2 处互相矛盾" in plain(text.bottom_line(real, found))


def test_real_shares_beside_the_reservation(real: Procurement) -> None:
    assert {floor.name: floor.least for floor in real.floors} == {
        "中小企业占货物": 30,
        "中小企业占服务": 30,
        "中小企业占采购总额": 30,
        "小微企业占采购总额": 18,
    }
    assert [round(floor.share, 1) for floor in real.floors] == [
        100,
        100,
        Decimal("95.8"),
        Decimal("4.2"),
    ]
    said = plain(text.on_rule(real))
    assert said.startswith("4 个占比中有 1 个低于参照线：小微企业占采购总额 4.21%（参照线 18%）。")
    assert "小微企业占中小企业的 4.40%" in said


@pytest.mark.parametrize(
    ("year", "works", "documents"),
    [
        (2013, 30, ["〔2011〕181号"]),
        (2020, 30, ["〔2011〕181号"]),
        (2021, 30, ["〔2020〕46号"]),
        (2022, 30, ["〔2020〕46号", "〔2022〕19号"]),  # the higher share from July on
        (2023, 40, ["〔2020〕46号", "〔2023〕4号"]),
        (2024, 40, ["〔2020〕46号", "〔2023〕76号", "三年行动方案（2024—2026年）"]),
        (2025, 40, ["〔2020〕46号", "〔2023〕76号", "三年行动方案（2024—2026年）"]),
        (2026, 40, ["〔2020〕46号", "三年行动方案（2024—2026年）"]),
        (2027, 30, ["〔2020〕46号", "—"]),
    ],
)
def test_rule_of_a_year(year: int, works: int, documents: list[str]) -> None:
    rule = reservation(year)
    assert rule is not None
    assert (rule.works, rule.micro_of_all) == (works, Decimal(18))
    sources = [one.source for one in rule.chain]
    assert [document in source for document, source in zip(documents, sources, strict=True)] == [
        True
    ] * len(documents)
    said = plain(text.on_law(rule))
    assert "小微企业 30% × 60% = 18%" in said
    assert "很弱的下限" in said
    assert ("，工程 40%。" in said) == (works == 40)
    assert ("没有管满全年" in said) == (year == 2022)


def test_how_sure_a_rule_is_stands_beside_it() -> None:
    """Documents that nobody could read are not told as if they had been."""
    table = text.law_table(reservation(2024))
    assert list(table["依据"]) == ["据转载的条文", "未见原文，无法核对", "据他处转述，未见条文"]
    assert list(text.law_table(reservation(2019))["依据"]) == ["未见原文，无法核对"]
    assert text.law_table(None).empty


def test_no_rule_before_there_was_one(purchases: Stated) -> None:
    assert reservation(2011) is None
    assert "还没有" in text.on_law(None)
    assert purchases({(ALL, WHOLE): "5", (SME, WHOLE): "1"}, {}, 2011).floors == []


def test_works_have_their_own_reservation(purchases: Stated) -> None:
    bought = purchases({(ALL, "工程"): "10.00"}, {(SME, "工程"): "35.00"}, 2024)
    assert bought.floors == [("中小企业占工程", 35, 40)]


def test_small_enterprises_may_have_less_than_60_percent_of_more_than_30(
    purchases: Stated,
) -> None:
    """What is awarded is not what is reserved: 60 % of the amount for SMEs is no line."""
    bought = purchases({(ALL, WHOLE): "100.00", (SME, WHOLE): "90.00", (MICRO, WHOLE): "40.00"}, {})
    said = plain(text.on_rule(bought))
    assert said.startswith("2 个占比都不低于参照线。小微企业占中小企业的 44.44%")


def test_kinds_that_do_not_add_up(purchases: Stated) -> None:
    kinds = {(ALL, WHOLE): "10.00", (ALL, "货物"): "3.00", (ALL, "服务"): "6.00"}
    bought = purchases(kinds, {})
    assert "相差 1.00 万元" in plain(text.on_kinds(bought))
    sme, _ = purchases(kinds | {(SME, WHOLE): "2.00"}, {}).awards
    assert "货物、工程、服务之和" in [ratio.whole for ratio in sme.ratios]


def test_a_difference_that_rounding_explains_is_none(purchases: Stated) -> None:
    bought = purchases({(ALL, WHOLE): "10.00", (ALL, "货物"): "3.33", (ALL, "服务"): "6.66"}, {})
    assert "在尾差之内" in plain(text.on_kinds(bought))
    assert text.further(bought) == []


def test_a_part_larger_than_its_whole_has_no_share_of_it(purchases: Stated) -> None:
    bought = purchases({(ALL, WHOLE): "10.00", (SME, WHOLE): "12.00"}, {})
    assert bought.awards[0].ratios == []
    assert bought.floors == []
    said = plain(text.bottom_line(bought, ["矛盾"]))
    assert "授予中小企业 12.00 万元。" in said
    assert "1 处互相矛盾" in said


def test_zero_denominators_have_no_share(purchases: Stated) -> None:
    bought = purchases(
        {(ALL, WHOLE): "0.00", (ALL, "货物"): "0.00", (SME, WHOLE): "0.00", (MICRO, WHOLE): "0.00"},
        {(SME, WHOLE): "0.00", (SME, "货物"): "0.00"},
    )
    assert bought.implied_sme is None
    assert [kind.share for kind in bought.kinds] == [None]
    assert list(text.kinds_table(bought)) == ["类别", "金额（万元）"]
    assert bought.awards[0].ratios == []
    assert bought.floors == []
    assert text.further(bought) == []
    assert "占比无从重算" in text.on_share(bought.awards[0])
    assert "没有占比可算" in text.bottom_line(bought, [])
    assert text.findings(bought, []) == "采购为 0，没有可以互相核对的数字。"


def test_a_kind_without_share_implies_nothing(purchases: Stated) -> None:
    bought = purchases({(ALL, "货物"): "1.00", (ALL, "服务"): "2.00"}, {(SME, "货物"): "100"})
    assert bought.implied_sme is None
    (sme,) = [kind.sme for kind in bought.kinds if kind.name == "货物"]
    assert sme is not None
    assert (sme, sme.half) == (Decimal("1.00"), Decimal("0.0100"))


def test_nothing_told(purchases: Stated) -> None:
    nothing = purchases({}, {})
    _, micro = nothing.awards
    assert nothing.kinds == []
    assert micro.ratios == []
    assert micro.best is None
    for said in (
        text.bottom_line(nothing, []),
        text.on_kinds(nothing),
        text.on_share(nothing.awards[0]),
        text.on_rule(nothing),
        text.findings(nothing, []),
    ):
        assert "没有" in said


def test_amounts_in_yuan_are_computed_in_wan_yuan(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "2022年度政府采购支出总额12,345,678.90元，其中：政府采购服务支出600万元。"
        "授予中小企业合同金额200万元，占政府采购支出总额的16.2%。",
    )
    bought = Procurement(report.checks)
    assert {key: str(amount) for key, amount in bought.amounts.items()} == {
        (ALL, WHOLE): "1234.567890",
        (ALL, "服务"): "600",
        (SME, WHOLE): "200",
    }
    whole, services = bought.amounts[ALL, WHOLE], bought.amounts[ALL, "服务"]
    assert (whole.computed, services.computed) == (True, False)
    assert [one.with_unit for one in whole.sources] == ["12,345,678.90 元"]
    sme, micro = bought.awards
    assert text.on_share(micro) == "报告没有说明授予小微企业的金额。"
    assert sme.best is not None
    assert (sme.best.whole, sme.best.fit) == (TOTAL, Fit.ROUNDED)


def test_a_total_alone(tmp_path: Path) -> None:
    bought = Procurement(told(tmp_path, "2022年度政府采购支出总额50.00万元。").checks)
    assert printed(bought.amounts) == {(ALL, WHOLE): "50.00"}
    line = plain(text.bottom_line(bought, []))
    assert line == "2022 年政府采购支出 50.00 万元。报告没有说明授予中小企业的金额。"
    assert plain(text.on_kinds(bought)).startswith("报告没有把采购分为货物、工程、服务。")
    assert text.findings(bought, []) == "没有可以互相核对的数字。"


def test_last_year_and_budgets_are_no_amounts_of_the_year(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "2022年度政府采购支出总额50.00万元，比上年减少10.00万元，下降16.67%。"
        "政府采购支出年初预算为80.00万元。",
    )
    bought = Procurement(report.checks)
    assert printed(bought.amounts) == {(ALL, WHOLE): "50.00"}
    assert "比上年减少 10.00 万元，下降 16.67%。" in plain(text.on_kinds(bought))


def test_reserved_projects_are_no_awards(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "2022年度政府采购金额（以合同签订为准）为50.00万元，其中：货物采购金额20.00万元、服务采购金额30.00万元。"
        "面向中小企业预留政府采购项目预算金额40.00万元，面向小微企业预留政府采购项目预算金额10.00万元。",
    )
    bought = Procurement(report.checks)
    assert printed(bought.reserved) == {(SME, BUDGET): "40.00", (MICRO, BUDGET): "10.00"}
    assert (SME, BOUGHT) not in bought.reserved
    assert (bought.sme, bought.micro) == (None, None)
    assert [(floor.name, floor.share) for floor in bought.floors] == [
        ("预留中小占采购总额", 80),
        ("预留小微占预留中小", 25),
    ]


@pytest.mark.parametrize("path", sorted(RECONCILIATION.glob("*.txt")), ids=lambda path: path.stem)
def test_fictional_reports_have_no_verdict_that_the_checks_do_not_share(path: Path) -> None:
    """They are right as printed: each share agrees with its amounts on the denominator that it names."""
    bought = Procurement(read_report(path).checks)
    assert bought.total is not None
    assert bought.added is not None
    assert bought.added.meets(bought.total)
    assert bought.adds_up in ("exact", "tail")
    for award in bought.awards:
        assert (award.named is not None) == (award.printed is not None)
        assert award.named is None or (award.named.fit is not None and award.named.fit.holds)


def test_a_wrong_share_is_wrong_for_the_checks_and_for_the_verdict(tmp_path: Path) -> None:
    report = told(
        tmp_path,
        "2022年度政府采购支出总额64.20万元。授予中小企业合同金额50.00万元，占政府采购支出总额的87.9%。",
    )
    bought = Procurement(report.checks)
    sme, _ = bought.awards
    assert {ratio.fit for ratio in sme.ratios} == {Fit.NO}
    assert any("87.9" in plain(one) for one in doubts(report.checks, bought.used))
    assert "没有一个分母能得出这个百分数。" in plain(text.on_share(sme))
    assert text.further(bought) == []


def test_the_denominator_that_is_named_is_the_one_of_the_check(tmp_path: Path) -> None:
    """What 合同总额 is, the page does not decide anew."""
    report = told(
        tmp_path,
        "2022年度政府采购支出总额100.00万元。授予中小企业合同金额80.00万元，占政府采购支出总额的80%，"
        "其中：授予小微企业合同金额20.00万元，占合同总额的20%。",
    )
    _, micro = Procurement(report.checks).awards
    assert micro.named is not None
    assert micro.best is not None
    (check,) = [
        one for one in report.checks.involving(micro.printed) if one.identity.id == "prose.share"
    ]
    assert (micro.named.whole, micro.named.fit) == (IN_SME, Fit.NO)
    assert check.status == "break"
    assert micro.named.amount.sources[0] in check.rule.operands
    assert (micro.best.whole, micro.best.fit) == (TOTAL, Fit.ROUNDED)


def test_numbers_lead_to_their_operands(report: Report, real: Procurement) -> None:
    """Each number of a sentence or a table comes from the figures that it is made of, nothing else."""
    line = text.bottom_line(real, [])
    at = re.findall(r'class="(src[^"]*)" data-at="[^#"]*#([^"]*)"[^>]*>([^<]*)<', line)
    shown = [(kind, html.unescape(said), *(rows_printed(report, rows))) for kind, rows, said in at]
    assert shown == [
        ("src", "2,915.76", "2,915.76"),
        ("src computed", "95.8", "2,792.96", "122.8", "0.00"),
        ("src", "2,792.96", "2,792.96"),
        ("src computed", "95.8", "2,792.96", "2,915.76"),
        ("src", "122.80", "122.8"),
        ("src computed", "4.2", "122.8", "2,915.76"),
    ]
    named = real.awards[1].named
    assert named is not None
    assert [one.with_unit for one in named.share.sources] == ["122.8 万元", "2,792.96 万元"]
    assert not named.amount.computed


def rows_printed(report: Report, rows: str) -> list[str]:
    return [str(report.observations["printed"].iloc[row]) for row in rows_at(report, rows)]


def title(ax: Axes) -> str:
    figure = ax.get_figure()
    assert isinstance(figure, MplFigure)
    return figure.get_suptitle()


def test_figures_can_be_drawn(real: Procurement) -> None:
    kinds = kinds_chart(real).axes[0]
    assert kinds.texts[0].get_text() == "2,792.96（95.8%）"
    assert title(kinds) == "2022 年政府采购：服务最多，占 95.8%"
    shares = reservation_chart(real).axes[0]
    assert shares.texts[-1].get_text() == "4.2%"
    assert title(shares) == "2022 年：4 个占比中 1 个低于参照线"
    assert list(shares.get_xticks()) == [0, 25, 50, 75, 100]


SHANGHAI = (
    "2022年度政府采购金额为251.25万元，其中：货物采购金额4.79万元、工程采购金额0万元、服务采购金额246.47万元。"
    "2022年度本部门面向中小企业预留政府采购项目预算金额246.47万元，面向小微企业预留政府采购项目预算金额{micro}万元。"
    "在面向中小企业预留的政府采购项目中，由中小企业供应商中标或成交的，采购金额246.47万元；"
    "在面向小微企业预留政府采购项目中，由小微企业供应商中标或成交的，采购金额{micro}万元；"
    "在其他政府采购项目中，{whose}中标或成交的，采购金额4.79万元。"
)


@pytest.mark.parametrize(
    ("micro", "whose", "expected"),
    [
        ("0", "由中小企业供应商", "251.26"),
        ("10.00", "由中小企业供应商", None),  # whether among those for SMEs, nothing says
        ("0", "由大型企业", None),
    ],
)
def test_parts_that_exclude_each_other_are_added(
    tmp_path: Path, micro: str, whose: str, expected: str | None
) -> None:
    found = Procurement(told(tmp_path, SHANGHAI.format(micro=micro, whose=whose)).checks)
    won = found.won_by_sme
    assert (won and str(won)) == expected
    said = plain(text.bottom_line(found, []))
    assert ("中小企业共得 251.26 万元（推算" in said) == (expected is not None)
    if won is not None:
        assert len(won.sources) == 2
        assert "即采购总额的全部" in said
        assert "由两部分推算为 251.26 万元" in plain(text.on_share(found.awards[0]))
