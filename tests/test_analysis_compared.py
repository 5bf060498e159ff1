"""What notebooks 02 and 03 say of a report of another department with a sentence changed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from plain import plain

import qy_finance
from qy_finance.analysis.comparisons import caption, shown
from qy_finance.analysis.operating import Operating
from qy_finance.analysis.procurement import Procurement
from qy_finance.report import Report
from qy_finance.text import operating as running_text
from qy_finance.text import procurement as procurement_text

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

FOLDER = Path(__file__).parent / "reconciliation"
D = Decimal


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
    return Operating(instead_of(tmp_path, heading, following, said).checks)


def procured(tmp_path: Path, sentence: str) -> Report:
    return instead_of(
        tmp_path, "（二）政府采购支出情况。", "（三）国有资产占有使用情况。", sentence
    )


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
    purchases = Procurement(report.checks)
    assert "9,812.30 万元，与总额 9,800 万元 相差 12.30 万元，在尾差之内" in plain(
        procurement_text.on_kinds(purchases)
    )
    assert procurement_text.findings(purchases, []) == "能互相核对的数字没有矛盾。"


def test_kinds_without_a_total_are_a_sentence(tmp_path: Path) -> None:
    report = procured(
        tmp_path,
        "2023年度政府采购货物支出612.30万元、政府采购工程支出8,000.00万元、政府采购服务支出1,200.00万元。"
        "授予小微企业合同金额510.30万元。",
    )
    said = plain(procurement_text.bottom_line(Procurement(report.checks), []))
    assert said.startswith("货物、工程、服务中工程占 81.5%。")


def test_a_single_share_is_not_one_of_one(tmp_path: Path) -> None:
    report = procured(
        tmp_path, "2023年度政府采购支出总额9,812.30万元。授予小微企业合同金额510.30万元。"
    )
    said = plain(procurement_text.on_rule(Procurement(report.checks)))
    assert said == "这个占比低于参照线：小微企业占采购总额 5.20%（参照线 18%）。"
