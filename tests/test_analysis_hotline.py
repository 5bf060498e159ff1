"""Indicators and the hotline: distance to target, capacity, channels, topics, growth, satisfaction."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd
import pytest

from qy_finance import read_report
from qy_finance.analysis import hotline_story as story
from qy_finance.analysis.hotline import Capacity, capacity
from qy_finance.analysis.hotline_requests import breakdowns, channels
from qy_finance.analysis.hotline_trend import growth, months, satisfaction, share_of_calls
from qy_finance.analysis.indicators import indicators, quantity, shown
from qy_finance.charts import hotline as charts
from qy_finance.intervals import Approx, as_printed
from qy_finance.report import Report

REAL = Path(__file__).parents[1] / "data/raw/2022/清远市政务服务数据管理局本级_2022年度部门决算.txt"
FACTS = ["item", "measure", "printed", "unit_of_measure", "column", "year"]
KPIS = {
    "name": "string", "comparison": "string", "target": "Float64", "actual": "Float64", "unit": "string",
    "met": "boolean", "reason": "string",
}  # fmt: skip


@pytest.fixture(scope="module")
def real() -> Report:
    return read_report(REAL)


def told(
    *facts: tuple[str, str, str, str, str | None, int], kpis: tuple[tuple[object, ...], ...] = ()
) -> Report:
    """A report of 2030: its text is the printed figures, each behind its item, a sentence for each year."""
    text, rows = "", []
    for number, fact in enumerate(facts):
        text += f"{'。' if number and fact[5] != facts[number - 1][5] else '，'}{fact[0]}"
        rows.append(
            (*fact, float(fact[2].replace(",", "")), "绩效", len(text), len(text) + len(fact[2]))
        )
        text += fact[2]
    frame = pd.DataFrame(rows, columns=[*FACTS, "value", "section", "start", "end"])
    table = pd.DataFrame(kpis, columns=list(KPIS)).astype(KPIS)
    frame = frame.astype(dict.fromkeys([*FACTS[:5], "section"], "string"))
    return cast(
        Report, SimpleNamespace(facts=frame, kpis=table, meta={"year": 2030}, text=text + "。")
    )


NOTHING = told()


def test_real_indicators_and_their_distance(real: Report) -> None:
    table = indicators(real)
    assert table[["name", "ahead"]].to_numpy().tolist() == [
        ["人工话务接通率", -17.17],
        ["整合归并热线特服号码的拨通率", 0],
        ["市民诉求满足度", 0],
        ["服务对象满意度", 4.68],
        ["准确派单率", 4.98],
        ["及时派单率", 5],
        ["咨询类在线解决率", 7.99],
        ["短信发送数量", 47.49],
        ["通话效率", 63],
    ]
    assert table["ahead_percent"].round(2).tolist()[-1] == 25.2
    assert table["met"].tolist() == [False] + [True] * 8
    assert "8 项达标，1 项未达标：人工话务接通率（62.83%，目标 ≥80%）" in story.on_indicators(table)
    assert "2018" in story.reasons(table)


def test_indicators_of_every_comparison() -> None:
    report = told(
        kpis=(
            ("上限", "≤", 0.0, 3.0, "次", False, None),
            ("无值", "≥", 10.0, None, "个", None, None),
            ("下限", "≥", 10.0, 12.5, "个", True, None),
            ("等于", None, 4.0, 3.0, "个", False, "<b>人手</b>"),
        )
    )
    table = indicators(report).set_index("name")
    assert table["ahead"].dropna().to_dict() == {"等于": -1, "下限": 2.5, "上限": -3}
    assert table["ahead_percent"].isna().to_dict() == {
        "等于": False,
        "下限": False,
        "上限": True,
        "无值": True,
    }
    said = story.on_indicators(table.reset_index())
    assert "4 项指标写有目标值，1 项达标，2 项未达标" in said
    assert "1 项没有写完成值" in said
    reasons = story.reasons(table.reset_index())
    assert "上限**：报告没有写原因" in reasons
    assert "<b>" not in reasons
    assert shown(table.reset_index())["目标"].tolist() == ["4 个", "≥10 个", "≤0 次", "≥10 个"]


def test_quantities_keep_their_digits() -> None:
    assert [quantity(62.83, "%"), quantity(1234567.5, "元"), quantity(100.0, "次")] == [
        "62.83%",
        "1,234,567.5 元",
        "100 次",
    ]


def test_real_capacity(real: Report) -> None:
    load = capacity(real)
    assert [f and int(f.value) for f in (load.calls, load.seats, load.staff, load.cost)] == [
        1_148_600,
        45,
        75,
        5_937_600,
    ]
    assert (load.answer_rate, load.answer_target, load.seconds) == (62.83, 80, 187)
    values = load.table().set_index("name")["value"]
    assert round(values["每个坐席每天来电"]) == 70  # 1,148,600 / 45 / 365
    assert round(values["未接通"], 2) == 42.69  # 114.86 × 37.17 %
    assert round(values["距目标还差"], 2) == 19.72  # 114.86 × 17.17 %
    assert round(values["接通来电的通话时间"]) == 37_487  # 721,665 × 187 s
    assert round(values["每通来电的项目支出"], 2) == 5.17


def test_capacity_of_a_leap_year_without_people() -> None:
    load = Capacity(
        Approx(as_printed("366").value), as_printed("0"), as_printed("0"), 50, 40, None, None, 2024
    )
    assert load.days == 366
    names = load.table().query("how != '报告原数'")["name"].tolist()
    assert names == ["未接通", "距目标还差"]
    assert "多接" not in story.on_capacity(load)


def test_real_channels(real: Report) -> None:
    table = channels(real)
    assert table[["channel", "count", "unit"]].to_numpy().tolist() == [
        ["电话", 1_148_600, "通"],
        ["微信", 84_700, "件"],
        ["网站", 1_700, "件"],
        ["手机 APP", 32, "件"],
    ]
    assert "35,894 倍" in story.on_channels(table)  # 1,148,600 / 32


def test_channels_without_a_request() -> None:
    report = told(
        ("门户网站收到诉求", "count", "0", "件", None, 2030),
        ("门户网站注册用户", "count", "5", "万人", None, 2030),
        ("热线电话受理诉求", "count", "0", "件", None, 2030),
    )
    table = channels(report)
    assert table["share"].isna().all()
    assert "合计是 0" in story.on_channels(table)


def test_real_topics_and_training(real: Report) -> None:
    (topics,) = breakdowns(real, "工单")
    assert topics.whole.value == 230_000
    assert topics.parts["count"].tolist() == [51_600, 50_400, 40_900, 32_500, 24_200]
    assert round(topics.parts["share"].sum(), 1) == 86.8
    assert float(topics.rest.value) == 30_400
    assert not topics.complete
    assert not topics.sorted_as_told
    assert "其余 3.04 万件没有说明" in story.on_breakdown(topics)
    (training,) = breakdowns(real, "培训")
    assert training.parts["count"].tolist() == [73, 5]
    assert training.complete


def test_breakdown_ends_with_its_sentence_and_fits_into_its_total() -> None:
    report = told(
        ("工单", "count", "10", "件", None, 2030),
        ("甲", "count", "6", "件", None, 2030),
        ("乙", "count", "5", "件", None, 2030),
    )
    assert breakdowns(report, "工单") == []
    across = told(
        ("工单", "count", "10", "件", None, 2030),
        ("甲", "count", "6", "件", None, 2030),
        ("去年", "count", "1", "件", None, 2029),
        ("乙", "count", "4", "件", None, 2030),
    )
    assert breakdowns(across, "工单") == []


def test_real_months(real: Report) -> None:
    (row,) = months(real).to_dict("records")
    assert (row["item"], row["from_month"], row["to_month"]) == ("人工接通率", 5, 9)
    assert (row["before"], row["after"], row["stated"]) == (45.57, 74.70, 28.63)
    assert round(row["points"], 2) == 29.13
    assert round(row["relative"], 1) == 63.9
    assert row["agrees"] is False


@pytest.mark.parametrize(
    ("before", "stated", "agrees"),
    [
        ("50.0", "25.0", True),
        ("50.0", "50.0", True),
        ("50.0", "24.0", False),
        ("0", "75.0", True),
        ("0", None, None),
    ],
)
def test_change_in_points_or_relative(before: str, stated: str | None, agrees: bool | None) -> None:
    change = [("率", "change", stated, "%", None, 2030)] if stated else []
    report = told(
        ("率", "rate", before, "%", "1月份", 2030),
        ("率", "rate", "75.0", "%", "12月", 2030),
        *change,
    )
    (row,) = months(report).to_dict("records")
    assert row["agrees"] is agrees
    assert "75.00%" in story.on_months(months(report))


def test_real_growth(real: Report) -> None:
    table = growth(real)
    assert table[["year", "item", "rate"]].to_numpy().tolist() == [
        [2020, "人工总话务量", 43.8],
        [2021, "人工总话务量", 30.3],
        [2022, "来电总量", 51.07],
    ]
    assert round(table["index"].iloc[-1], 2) == 283.06  # 1.438 × 1.303 × 1.5107
    assert "2.83 倍" in story.on_growth(table)
    assert "口径未必一致" in story.on_growth(table)


def test_growth_stops_at_a_gap() -> None:
    report = told(
        ("话务量", "change_rate", "10", "%", "同比", 2026),
        ("话务量", "change_rate", "10", "%", "同比", 2027),
        ("话务量", "change_rate", "10", "%", "同比", 2030),
    )
    assert growth(report)["index"].round(1).tolist()[:2] == [110, 121]
    assert growth(report)["index"].isna().tolist() == [False, False, True]
    assert "连乘" not in story.on_growth(growth(report))


def test_real_satisfaction(real: Report) -> None:
    table = satisfaction(real).set_index("kind")
    assert table["satisfied"].to_dict() == {"通话": 99.68, "办理结果": 93.31}
    assert table["unsatisfied"].to_dict() == {"通话": 0.32, "办理结果": 6.69}
    assert "6.37 个百分点" in story.on_satisfaction(satisfaction(real))
    assert "21 倍" in story.on_satisfaction(satisfaction(real))


def test_satisfaction_of_all_callers() -> None:
    report = told(
        ("服务满意度", "actual", "100", "%", None, 2030),
        ("工单满意率", "rate", "90", "%", None, 2030),
    )
    assert "倍" not in story.on_satisfaction(satisfaction(report))


def test_real_share_of_calls(real: Report) -> None:
    (row,) = share_of_calls(real, capacity(real).calls).to_dict("records")
    assert (row["item"], row["stated"], row["agrees"]) == ("新增来电用户", 29.6, False)
    assert round(row["recomputed"], 2) == 29.51  # 33.90 / 114.86
    assert share_of_calls(real, None).empty


def test_real_contradictions(real: Report) -> None:
    found = story.contradictions(real)
    assert len(found) == 2
    assert "+29.13 个百分点，报告写 28.63%" in found[0]
    assert "29.51%" in found[1]


def test_nothing_told() -> None:
    assert breakdowns(NOTHING, "工单") == []
    for said in (
        story.bottom_line(NOTHING),
        story.on_indicators(indicators(NOTHING)),
        story.reasons(indicators(NOTHING)),
        story.on_capacity(capacity(NOTHING)),
        story.on_channels(channels(NOTHING)),
        story.on_months(months(NOTHING)),
        story.on_growth(growth(NOTHING)),
        story.on_satisfaction(satisfaction(NOTHING)),
        story.findings(NOTHING),
    ):
        assert "没有" in said


def test_figures_can_be_drawn(real: Report) -> None:
    distance = charts.distance_chart(indicators(real), 2022).axes[0]
    assert distance.texts[0].get_text() == "62.83%（≥80%）"
    assert charts.channels_chart(channels(real), 2022).axes[0].get_xscale() == "log"
    even = channels(real).iloc[:2]
    assert charts.channels_chart(even, 2022).axes[0].get_xscale() == "linear"
    topics = charts.breakdown_chart(breakdowns(real, "工单")[0], 2022).axes[0]
    assert topics.texts[-1].get_text() == "13.2%（3.04 万）"
    assert len(charts.growth_chart(growth(real)).axes[0].patches) == 4
