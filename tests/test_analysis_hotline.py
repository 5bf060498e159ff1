"""Indicators and the hotline: distance to target, capacity, channels, topics, growth, satisfaction."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from cited import rows_at
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from plain import plain

from qy_finance import read_report
from qy_finance.analysis.hotline import Capacity, Derived, Hotline
from qy_finance.analysis.indicators import Attainment, Performance
from qy_finance.analysis.law import stated, working_hours
from qy_finance.charts import hotline as charts
from qy_finance.checks.changes import leaf
from qy_finance.digits import told
from qy_finance.numbers import Number, around, sources_of
from qy_finance.report import Report
from qy_finance.text import hotline as story
from qy_finance.text import yardsticks as outside
from qy_finance.text.doubts import doubts

HERE = Path(__file__).parent
REAL = HERE.parent / "data/raw/2022/清远市政务服务数据管理局本级_2022年度部门决算.txt"
FICTIONAL = HERE / "reconciliation"
MARKET = (FICTIONAL / "fujian_market.txt").read_text(encoding="utf-8")
_CITED = re.compile(r'<span class="src( computed)?" data-at="[^"#]*#([\da-f.]+)"[^>]*>(.*?)</span>')

Telling = Callable[[str], Report]


@pytest.fixture(scope="module")
def real() -> Report:
    return read_report(REAL)


@pytest.fixture
def telling(tmp_path: Path) -> Telling:
    """A report of 2022 whose chapter on performance says this."""

    def read(prose: str) -> Report:
        said, count = re.subn(r"食品抽检专项绩效自评得分.*", lambda _: prose, MARKET)
        assert count == 1
        path = tmp_path / "report.txt"
        path.write_text(said, encoding="utf-8")
        return read_report(path)

    return read


def printed(report: Report, markdown: str) -> dict[str, list[str]]:
    """Each number of a Markdown text with the characters of the figures that it leads to."""
    column = report.observations["printed"]
    return {
        plain(text): [str(column[row]) for row in rows_at(report, rows)]
        for _, rows, text in _CITED.findall(markdown)
    }


def indicators(report: Report) -> list[Attainment]:
    return Performance(report.checks).indicators


def service(report: Report) -> Hotline:
    return Hotline(report.checks, indicators(report))


def capacity(report: Report) -> Capacity:
    return service(report).capacity


def derived(report: Report) -> dict[str, Derived]:
    return {row.name: row for row in capacity(report).derived}


def story_of(report: Report) -> tuple[Performance, Hotline, list[str]]:
    found, hot = Performance(report.checks), service(report)
    return found, hot, doubts(report.checks, [*found.used, *hot.used])


def bottom_line(report: Report) -> str:
    return plain(story.bottom_line(*story_of(report)))


def characters(value: object) -> list[str]:
    return [source.printed for source in sources_of(value)]


# ---- indicators ----


def test_real_indicators_and_their_distance(real: Report) -> None:
    aims = indicators(real)
    told_ = [(aim.name, aim.ahead, aim.unit, aim.met) for aim in aims]
    assert told_ == [
        ("人工话务接通率", Decimal("-17.17"), "个百分点", False),
        ("整合归并热线特服号码的拨通率", 0, "个百分点", True),
        ("市民诉求满足度", 0, "个百分点", True),
        ("服务对象满意度", Decimal("4.68"), "个百分点", True),
        ("准确派单率", Decimal("4.98"), "个百分点", True),
        ("及时派单率", 5, "个百分点", True),
        ("咨询类在线解决率", Decimal("7.99"), "个百分点", True),
        ("短信发送数量", Decimal("47.49"), "万条", True),
        ("通话效率", 63, "秒", True),
    ]


def test_each_indicator_leads_to_its_own_figures(real: Report) -> None:
    """The rows hold the printed values, in the sentence that the indicator is named in."""
    for report in (real, *(read_report(path) for path in FICTIONAL.glob("fujian_market.txt"))):
        assert len(indicators(report)) == len(report.kpis) > 0
        kpis = report.kpis.set_index("name")
        for aim in indicators(report):
            target = report.observations.loc[aim.target.row]
            assert (target["measure"], target["item"]) == ("target", aim.name)
            assert target["value"] == kpis["target"][aim.name]
            assert aim.actual is not None
            actual = report.observations.loc[aim.actual.row]
            assert (actual["measure"], actual["item"]) == ("actual", aim.name)
            assert actual["value"] == kpis["actual"][aim.name]
            assert aim.met == kpis["met"][aim.name]
            assert actual["start"] > target["start"]


TARGETS = (
    "投诉次数目标值≤0次，实际完成值3次，未达标，主要原因是<b>人手</b>不足，缺岗5人。\n"
    "培训场次目标值≥10场。\n"
    "办理时限目标值≤5个工作日，实际完成值4个工作日。\n"
    "宣传册目标值≥2万册，实际完成值19,000册，低于目标值。\n"
    "检查户次目标值1,200户次，实际完成值1,320户次。\n"
)


def test_indicators_of_every_comparison(telling: Telling) -> None:
    report = telling(TARGETS)
    aims = {aim.name: aim for aim in indicators(report)}
    assert {name: (aim.ahead, aim.unit) for name, aim in aims.items()} == {
        "投诉次数": (Decimal(-3), "次"),
        "培训场次": (None, "场"),
        "办理时限": (Decimal(1), "个工作日"),
        "宣传册": (Decimal(-1000), "册"),
        "检查户次": (Decimal(120), "户次"),
    }
    reached = {name: aim.reached for name, aim in aims.items()}
    assert reached == {
        "投诉次数": None,
        "培训场次": None,
        "办理时限": 80,
        "宣传册": 95,
        "检查户次": 110,
    }
    assert {name: aim.met for name, aim in aims.items()} == {
        "投诉次数": False,
        "培训场次": None,
        "办理时限": True,
        "宣传册": False,
        "检查户次": True,
    }
    text = plain(story.on_indicators(Performance(report.checks)))
    assert "5 项指标写有目标值，2 项达标，2 项未达标" in text
    assert "1 项没有写完成值" in text
    assert "宣传册（19,000 册，目标 ≥2 万册）" in text
    table = plain(story.table([*aims.values()]))
    assert "| 检查户次 | 1,200 户次 | 1,320 户次 | +120 户次 | 110.0% |" in table
    assert "| 培训场次 | ≥10 场 | — | — | — |" in table
    assert "| 投诉次数 | ≤0 次 | 3 次 | −3 次 | — |" in table


def test_reasons_are_quoted_with_their_figures(telling: Telling, real: Report) -> None:
    report = telling(TARGETS)
    quoted = story.reasons(Performance(report.checks))
    assert "<b>人手" not in quoted
    assert "<b>人手</b>不足" in html.unescape(quoted)
    assert printed(report, quoted) == {"5": ["5"]}
    assert "宣传册：写完成值的那句话没有写原因。" in plain(quoted)
    several = telling(
        "电话接通率目标值≥90%，实际完成值80%，主要原因是坐席少8个；办结率目标值≥95%，实际完成值90.5%。"
    )
    quoted = story.reasons(Performance(several.checks))
    assert "电话接通率：主要原因是坐席少8个。" in plain(quoted)
    assert "办结率：写完成值的那句话没有写原因。" in plain(quoted)
    assert printed(several, quoted) == {"8": ["8"]}
    quoted = story.reasons(Performance(real.checks))
    assert printed(real, quoted) == {
        figure: [figure] for figure in ("43.8", "30.3", "114.86", "51.07")
    }
    assert plain(quoted).endswith("坐席和人员数量仍然没有增加，热线人工接通率难以达标。")


def test_distance_is_told_in_the_unit_that_it_is_counted_in(telling: Telling) -> None:
    """多万 and 万 are ten thousand both; the distance is in single persons then."""
    (aim,) = indicators(telling("受益人数目标值≥3万人，实际完成值4多万人。"))
    assert (aim.ahead, aim.unit) == (Decimal(10_000), "人")


@pytest.mark.parametrize(
    ("sign", "target", "actual", "measured", "met"),
    [
        ("≥", "2万册", "19000册", (20000, 19000, "册"), False),
        ("≥", "2万册", "2.1万册", (2, 2.1, "万册"), True),
        ("≤", "300秒", "187秒", (300, 187, "秒"), True),
        ("≥", "95%", "99.68％", (95, 99.68, "％"), True),
        ("≥", "12万件/年", "115000件", (120000, 115000, "件"), False),
        ("≤", "0次", "0次", (0, 0, "次"), True),
        ("≤", "5个工作日", "4工作日", (5, 4, "工作日"), True),
        # other things than the target are no actual value of it
        ("≥", "80%", "3人", (80, None, "%"), None),
        ("≥", "80%", None, (80, None, "%"), None),
    ],
)
def test_target_and_actual_value_are_compared_in_one_unit(
    telling: Telling,
    sign: str,
    target: str,
    actual: str | None,
    measured: tuple[float, float | None, str],
    met: bool | None,
) -> None:
    reached = f"，实际完成值{actual}" if actual else ""
    report = telling(f"某项工作指标目标值{sign}{target}{reached}。")
    (row,) = report.kpis.to_dict("records")
    known = {name: None if pd.isna(value) else value for name, value in row.items()}
    assert (known["target"], known["actual"], known["unit"]) == measured
    assert known["met"] is met
    (aim,) = indicators(report)
    assert aim.met is met


def test_units_that_cannot_be_compared(telling: Telling) -> None:
    report = telling("响应时间目标值≤2小时，实际完成值90分钟。")
    (aim,) = indicators(report)
    assert (aim.met, aim.ahead, aim.reached) == (None, None, None)
    assert "1 项的目标和完成值单位不同，不能比较" in plain(
        story.on_indicators(Performance(report.checks))
    )
    assert charts.drawn([aim]) == []


# ---- capacity ----


def test_real_capacity(real: Report) -> None:
    assert {name: fact.printed for name, fact in capacity(real).stated.items()} == {
        "来电总量": "114.86",
        "坐席": "45",
        "工作人员": "75",
        "人工接通率": "62.83",
        "接通率目标": "80",
        "通话均长": "187",
        "热线项目执行数": "593.76",
    }
    numbers = {name: plain(told(row.number, row.noun)) for name, row in derived(real).items()}
    assert numbers == {
        "每个坐席每天来电": "69.9 通",  # 1,148,600 / 45 / 365
        "每名工作人员全年来电": "1.53 万通",  # 1,148,600 / 75
        "未接通": "42.7 万通",  # 114.86 × 37.17 %
        "距目标还差": "19.7 万通",  # 114.86 × 17.17 %
        "接通来电的通话时间": "3.7 万小时",  # 721,665 × 187 s; the mean is known to 0.27 %
        "通话占全体人员工时": "25.0%",  # 37,487 / 150,000
        "每通来电的项目支出": "5.17 元",  # 5,937,600 / 1,148,600
    }


def test_computed_numbers_lead_to_their_operands(real: Report) -> None:
    operands = {name: sorted(characters(row.number)) for name, row in derived(real).items()}
    assert operands == {
        "每个坐席每天来电": ["114.86", "45"],
        "每名工作人员全年来电": ["114.86", "75"],
        "未接通": ["114.86", "62.83"],
        "距目标还差": ["114.86", "62.83", "80"],
        "接通来电的通话时间": ["114.86", "187", "62.83"],
        "通话占全体人员工时": ["114.86", "187", "62.83", "75"],
        "每通来电的项目支出": ["114.86", "593.76"],
    }
    said = printed(real, story.on_capacity(capacity(real)))
    assert said["42.7"] == ["114.86", "62.83"]
    assert said["80"] == ["80"]
    bottom = printed(real, story.bottom_line(*story_of(real)))
    assert bottom == {
        "62.83": ["62.83"], "80": ["80"], "114.86": ["114.86"], "42.7": ["114.86", "62.83"],
    }  # fmt: skip


def test_intervals_hold_every_value_of_the_operands(real: Report) -> None:
    """The ends by hand: 114.855 × (100 − 62.835) % and 114.865 × (100 − 62.825) %."""
    number = derived(real)["未接通"].number
    assert number == 1_148_600 * Decimal("0.3717")
    ends = 1_148_550 * Decimal("0.37165"), 1_148_650 * Decimal("0.37175")
    assert number.high - number.low == ends[1] - ends[0]


def test_capacity_of_a_hotline_above_its_target_without_people(telling: Telling) -> None:
    report = telling(
        "热线电话：2022年来电总量366通。人工接通率目标值≥40%，实际完成值50%，完成目标值。"
    )
    assert list(derived(report)) == ["未接通"]
    assert derived(report)["未接通"].number == 183  # 50 % is known to the percent only
    text = plain(story.on_capacity(capacity(report)))
    assert "未接通约 180 通" in text
    assert "多接" not in text
    assert "按此约有 180 通没有接通" in bottom_line(report)


def test_a_hotline_that_answers_every_call(telling: Telling) -> None:
    report = telling("热线电话：2022年来电总量366通。人工接通率100%。")
    assert derived(report)["未接通"].number == 0
    assert "未接通约" in plain(story.on_capacity(capacity(report)))
    assert "人工接通率 100%，按此约有" in bottom_line(report)


def test_a_year_has_its_days(telling: Telling) -> None:
    load = capacity(telling("热线电话：2022年来电总量133590通。热线设置坐席1个。"))
    for year, calls in ((2022, 366), (2024, 365)):
        (row,) = replace(load, year=year).derived
        assert (row.name, row.number) == ("每个坐席每天来电", Decimal(calls))
        assert f"{133_590 // calls} 天" in row.how
    assert "只有来电总量" not in story.on_capacity(load)


def test_a_hotline_without_an_answer_rate(telling: Telling) -> None:
    report = telling("热线电话：2022年来电总量730通。")
    assert "报告没有写人工接通率" in bottom_line(report)
    assert "只有来电总量" in story.on_capacity(capacity(report))


@pytest.mark.parametrize(
    ("value", "half", "noun", "least", "text"),
    [
        ("426934.62", "76", "通", 1, "42.7 万通"),
        ("30400", "5250", "件", 1, "3 万件"),
        ("86.78", "2", "%", 2, "87%"),
        ("22.43", "0.51", "%", 1, "22%"),
        ("0.00259", "0.0000001", "%", 1, "0.003%"),
        ("99.9757", "0.00001", "%", 1, "99.98%"),
        ("124.8", "0.001", "%", 1, "124.8%"),
        ("90000", "0", "%", 1, "90,000%"),
        ("1234", "0", "件", 1, "1,230 件"),
        ("20.9", "0.35", "倍", 1, "21 倍"),
        ("-0.5", "0.1", "通", 1, "-0.5 通"),
        ("0", "0", "通", 1, "0.00 通"),
        ("100", "0.5", "%", 1, "100%"),
    ],
)
def test_no_more_digits_than_are_known(
    value: str, half: str, noun: str, least: int, text: str
) -> None:
    number = Number(Decimal(value), around(Decimal(value), Decimal(half)))
    assert plain(told(number, noun, least)) == text


# ---- requests ----


def test_real_channels(real: Report) -> None:
    listed = service(real).channels
    assert [(row.name, row.count.printed, row.count.noun) for row in listed] == [
        ("电话", "114.86", "通"),
        ("微信", "8.47", "件"),
        ("网站", "1700", "件"),
        ("手机 APP", "32", "件"),
    ]
    shares = [row.share for row in listed if row.share]
    assert sum(shares) == pytest.approx(Decimal(100))
    assert "占各渠道合计的 93.0%" in plain(story.on_channels(listed))
    assert "| 微信 | 8.47 万件 | 6.9% |" in plain(story.channel_table(listed))
    assert len(sources_of(shares[0])) == 4


def test_channels_without_a_request(telling: Telling) -> None:
    report = telling("门户网站收到市民诉求0件，热线电话受理诉求0件，门户网站注册用户5万人。")
    listed = service(report).channels
    assert [row.share for row in listed] == [None, None]
    assert "合计是 0" in story.on_channels(listed)
    assert "没有按渠道" in story.on_channels([])


def test_real_topics_and_training(real: Report) -> None:
    (topics,) = service(real).topics
    assert topics.whole.printed == "23"
    assert [part.printed for part in topics.parts] == ["5.16", "5.04", "4.09", "3.25", "2.42"]
    assert topics.rest == 30_400
    assert not topics.complete
    assert not topics.sorted_as_told
    text = story.on_breakdown(topics)
    assert "合计约占 87%，其余约 3 万件没有说明" in plain(text)
    assert printed(real, text)["3"] == ["23", "5.16", "5.04", "4.09", "3.25", "2.42"]
    (training,) = service(real).training
    assert [part.printed for part in training.parts] == ["73", "5"]
    assert training.complete
    assert "相加正好是总数" in story.on_breakdown(training)


@pytest.mark.parametrize(
    "prose",
    [
        "接到工单10件，其中医疗6件、交通5件。",  # more than the whole
        "接到工单10件，其中医疗6件。处理交通4件。",  # another sentence
        "接到工单10件，其中医疗6件、派出4人。",  # another kind
    ],
)
def test_no_breakdown(telling: Telling, prose: str) -> None:
    assert service(telling(prose)).topics == []


# ---- trend and satisfaction ----


def test_real_months(real: Report) -> None:
    (row,) = service(real).months
    assert row.months == (5, 9)
    assert row.points == Decimal("29.13")
    assert row.stated is not None
    assert row.stated.printed == "28.63"
    text = story.on_months([row])
    assert "变动 +29.13 个百分点；报告写的变动幅度是 +28.63%（对不上，见后）。" in plain(text)
    assert printed(real, text)["29.13"] == ["74.70", "45.57"]


def test_months_that_agree(telling: Telling) -> None:
    report = telling("人工接通率从1月份的50.0%提升至12月份的75.0%，提升幅度25.0%。")
    text = plain(story.on_months(service(report).months))
    assert "从 1 月的 50.0% 到 12 月的 75.0%，变动 +25.0 个百分点" in text
    assert "对不上" not in text


def test_real_growth(real: Report) -> None:
    rows = service(real).growth
    assert [(row.rate.year, leaf(row.rate.item), row.rate.printed) for row in rows] == [
        (2020, "人工总话务量", "43.8"),
        (2021, "人工总话务量", "30.3"),
        (2022, "来电总量", "51.07"),
    ]
    level = rows[-1].level
    assert level is not None
    assert level == 100 * Decimal("1.438") * Decimal("1.303") * Decimal("1.5107")
    assert characters(level) == ["43.8", "30.3", "51.07"]
    assert "2022 年约是 2019 年的 2.83 倍（推算" in plain(story.on_growth(rows))


def test_growth_stops_at_a_gap(telling: Telling) -> None:
    report = telling(
        "2019年热线话务量同比增长10%。2020年热线话务量同比增长10%。2022年热线话务量同比下降5%。"
    )
    rows = service(report).growth
    assert [row.rate.year for row in rows] == [2019, 2020, 2022]
    assert [row.level for row in rows] == [110, 121, None]
    text = plain(story.on_growth(rows))
    assert "2022 年热线话务量 −5%" in text
    assert "连乘" not in text


def test_real_satisfaction(real: Report) -> None:
    pair = service(real).satisfaction
    assert pair is not None
    assert [(leaf(one.item), one.printed) for one in pair] == [
        ("服务对象满意度", "99.68"),
        ("公众对工单处理结果满意率", "93.31"),
    ]
    text = story.on_satisfaction(pair)
    assert "前者高 6.37 个百分点" in plain(text)
    assert "约是对通话的 21 倍" in plain(text)  # 6.69 / 0.32
    assert printed(real, text)["21"] == ["93.31", "99.68"]
    assert "| 通话 | 服务对象满意度 | 99.68% | 0.32% |" in plain(story.satisfaction_table(pair))


def test_real_share_of_calls(real: Report) -> None:
    (check,) = service(real).shares
    stated, part, whole = check.rule.operands
    assert [fact.printed for fact in (stated, part, whole)] == ["29.6", "33.90", "114.86"]
    assert check.outcome.rhs is not None
    assert round(check.outcome.rhs, 2) == Decimal("29.51")  # 33.90 / 114.86
    text = plain(story.on_shares([check]))
    assert "以来电总量重算是 29.51%（对不上，见后）" in text
    assert "单位不同" in text


def test_shares_of_calls_without_calls(telling: Telling) -> None:
    report = telling("热线新增来电用户33.90万人，占来话总数的29.6%。")
    assert service(report).shares == []


# ---- what contradicts itself ----


def test_contradictions_are_those_of_the_checks(real: Report) -> None:
    """Neither more nor fewer than what breaks among the figures of the chapter on performance."""
    checks = real.check()
    broken = checks[checks["status"].eq("break")]
    section = real.observations["section"]
    expected = [
        row
        for row in broken["observations"]
        if row and all("绩效" in str(section[at]) for at in row[:1])
    ]
    assert len(story_of(real)[2]) == len(expected) == 5
    text = plain(story.contradictions(story_of(real)[2]))
    for figure in ("28.63%", "29.6%", "19 个", "100.00%", "3.25 万件"):
        assert figure in text


# ---- other departments ----


@pytest.mark.parametrize("path", sorted(FICTIONAL.glob("*.txt")), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")
def test_other_departments(path: Path) -> None:
    report = read_report(path)
    bottom = bottom_line(report)
    assert "没有写政务服务热线的业务量" in bottom
    assert capacity(report).calls is None
    assert service(report).used == []
    stated = Performance(report.checks).evaluation
    rows = {one.row for one in stated}
    assert rows <= set(report.observations.index)
    cited = [one for one in _CITED.findall(story.evaluated(stated)) if not one[0]]
    assert len(cited) == len(stated)


def test_evaluation_with_a_score_and_grades() -> None:
    report = read_report(FICTIONAL / "yunnan_road.txt")
    said = [(story.title(one), one.printed) for one in Performance(report.checks).evaluation]
    assert said == [
        ("部门整体支出绩效自评得分", "93.2"),
        ("纳入自评项目", "108"),
        ("自评等级为优", "92"),
        ("良", "13"),
        ("中", "3"),
    ]
    assert "1 个得分：93.2 分" in bottom_line(report)


def test_evaluation_under_a_heading_of_its_own() -> None:
    report = read_report(FICTIONAL / "chongqing_assets.txt")
    assert [one.printed for one in Performance(report.checks).evaluation] == ["6", "6", "3,364.50"]


def test_nothing_told(telling: Telling) -> None:
    report = telling("各项工作完成较好。")
    assert indicators(report) == []
    assert charts.drawn([]) == []
    for said in (
        bottom_line(report),
        story.on_channels(service(report).channels),
        story.on_months(service(report).months),
        story.on_growth(service(report).growth),
        story.on_satisfaction(service(report).satisfaction),
        story.contradictions(story_of(report)[2]),
    ):
        assert "没有" in said


# ---- figures ----


def title(ax: Axes) -> str:
    figure = ax.get_figure()
    assert isinstance(figure, Figure)
    return figure.get_suptitle()


def test_yardsticks_from_outside_stand_beside_the_own_targets(real: Report) -> None:
    found = service(real).yardsticks
    rows = [
        (one.rule.values["asks"], one.goal and one.goal.printed, one.actual and one.actual.printed)
        for one in found
    ]
    assert rows == [("rate", "80", "62.83"), ("answer", None, None), ("day", None, "100")]
    table = plain(outside.table(found))
    assert table.count("据他处转述，未见条文") == 3
    assert "| 电话在 15 秒之内接听 | 没有写 | 没有写 |" in table
    said = plain(outside.on_yardsticks(found))
    assert "报告自己的接通率目标 80% 低于推荐性标准的 95%，实际接通率 62.83% 低于" in said
    assert "不能当作这份报告的目标" in said


def test_the_standard_is_no_yardstick_before_it_was_in_force() -> None:
    assert stated("hotline", 2016) == ()
    assert len(stated("hotline", 2017)) == 3
    for year in range(2017, 2027):
        (day,) = (one for one in stated("hotline", year) if one.values["asks"] == "day")
        assert ("2021 年底前" in day.text) == (year > 2020)


@pytest.mark.parametrize(
    ("year", "hours"), [(2008, 2000), (2022, 2000), (2024, 2000), (2025, 1984)]
)
def test_working_hours_by_the_law_of_the_year(year: int, hours: int) -> None:
    assert working_hours(year).values["hours"] == hours
    assert working_hours(year).values["days"] * 8 == hours


def test_figures_can_be_drawn(real: Report) -> None:
    targets = charts.target_chart(charts.drawn(indicators(real)), 2022).axes[0]
    assert targets.texts[0].get_text() == "62.83%（≥80%）"
    assert 0 in targets.get_xticks()
    assert title(targets) == "2022 年：人工话务接通率没有达标"
    ends = [x for x, _ in targets.collections[1].get_offsets()]
    assert min(ends) == pytest.approx(-21.46, abs=0.01)  # 62.83 of 80: to the left
    assert max(ends) == pytest.approx(25.2)  # 187 seconds of at most 250: to the right
    topics = charts.breakdown_chart(service(real).topics[0], 2022).axes[0]
    assert topics.texts[0].get_text() == "22%（5.16 万件）"
    assert topics.texts[-1].get_text() == "13%"
    assert title(topics) == "2022 年123…疫情防控工单：健康码最多，22%"
    grown = charts.growth_chart(service(real).growth).axes[0]
    assert [text.get_text() for text in grown.texts][-1] == "283（同比 +51.07%）"
    assert title(grown) == "2022 年业务量约为 2019 年的 2.83 倍（推算）"


def test_only_the_furthest_of_many_indicators_are_drawn(telling: Telling) -> None:
    many = "\n".join(f"指标{name}率目标值≥50%，实际完成值{50 + at}%。" for at, name in enumerate(
        "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    ))  # fmt: skip
    aims = indicators(telling(many))
    assert len(aims) == 20
    shown = charts.drawn(aims)
    assert len(shown) == 16
    assert min(one.lead or 0 for one in shown) == 8  # 54 against 50
    assert charts.drawn(aims[:1]) == []  # at its target


def test_a_point_far_off_stays_in_the_figure(telling: Telling) -> None:
    aims = indicators(telling("宣传册目标值≥10册，实际完成值9,000册。"))
    axes = charts.target_chart(charts.drawn(aims), 2022).axes[0]
    assert axes.get_xlim()[1] < 1000
    assert axes.texts[0].get_text() == "9,000 册（≥10 册）"
    assert "200%" in axes.get_xlabel()


def test_one_point_far_off_does_not_press_the_others_together(telling: Telling) -> None:
    near = "".join(
        f"指标{name}率目标值≥50%，实际完成值{55 + at}%。" for at, name in enumerate("甲乙丙丁")
    )
    aims = indicators(telling(f"{near}宣传册目标值≥10册，实际完成值9,000册。"))
    axes = charts.target_chart(charts.drawn(aims), 2022).axes[0]
    assert "超过 20% 的画在边上" in axes.get_xlabel()
    assert max(x for x, _ in axes.collections[1].get_offsets()) == 20
    assert "9,000 册（≥10 册）" in [text.get_text() for text in axes.texts]


def test_said_keeps_the_sign_that_is_meant(telling: Telling) -> None:
    report = telling("2022年热线话务量同比下降5.0%。")
    (row,) = service(report).growth
    assert (row.rate.number, row.rate.number.half) == (Decimal(-5), Decimal("0.05"))
