"""Notebook 06: the panel of a catalogue; values typed from the reports."""

from __future__ import annotations

import hashlib
import io
import json
import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
import unit_years
from matplotlib.figure import Figure
from matplotlib.text import Text
from plain import plain

from qy_finance import catalogue, entries, read_report
from qy_finance.analysis.measures import COLUMNS, MEASURES, ReportingUnit, Value, values
from qy_finance.analysis.members import Member, Unread, kept, restored
from qy_finance.analysis.panel import MOST, Change, Panel, Series, codebook
from qy_finance.analysis.ranked import Ranking
from qy_finance.analysis.services import service_indicators
from qy_finance.charts import panel as charts
from qy_finance.charts.theme import told_apart
from qy_finance.errors import ParameterError, UnknownReportError
from qy_finance.numbers import Number, sources_of
from qy_finance.text import panel as story
from qy_finance.text import ranges, services
from qy_finance.units import Unit
from qy_finance.units.links import Succession

D = Decimal
FICTIONAL = Path(__file__).parent / "reconciliation"
DATA = Path(__file__).parents[1] / "data"
TRAFFIC = "湖州市南太交通运输局"

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")


def _catalogue(folder: Path, files: Sequence[Path]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "reports.csv").write_text(",".join(entries.COLUMNS) + "\n", encoding="utf-8")
    for file in files:
        catalogue.add(file, folder)
    return folder


def collect(folder: Path) -> Panel:
    return Panel(catalogue.reports(folder))


def _sentences(panel: Panel) -> list[str]:
    return [
        story.bottom_line(panel),
        *story.readings(panel),
        story.size(panel),
        *([strip] if (strip := ranges.table(panel)) else []),
        services.on_services(panel),
        story.over_years(panel),
        story.agreed(panel),
        *story.contradicted(panel),
        *([story.compared(panel)] if panel.compared else []),
    ]


def _changes(panel: Panel) -> dict[tuple[str, str, int], Change]:
    return {
        (one.after.subject.name, one.after.measure.key, one.after.year): one
        for one in panel.changes
    }


def _value(panel: Panel, subject: str, year: int, measure: str) -> Decimal:
    frame = panel.frame
    keep = (frame["subject"] == subject) & (frame["year"] == year) & (frame["measure"] == measure)
    (value,) = frame.loc[keep, "value"]
    assert isinstance(value, Decimal)
    return value


@pytest.fixture(scope="module")
def one() -> Panel:
    return collect(DATA)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    """A unit in two years; of the year before it prints the 机关运行经费 that the later report implies, and no else."""
    folder = tmp_path_factory.mktemp("two")
    later = FICTIONAL / "zhejiang_traffic.txt"
    before = folder / "before.txt"
    text = later.read_text(encoding="utf-8").replace("2021", "2020").replace("201.33", "209.73")
    before.write_text(text, encoding="utf-8")
    return collect(_catalogue(folder / "data", [later, before]))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    return collect(_catalogue(tmp_path_factory.mktemp("many"), sorted(FICTIONAL.glob("*.txt"))))


def test_one_report_has_two_points_in_time(one: Panel) -> None:
    unit = "清远市政务服务数据管理局本级"
    assert _value(one, unit, 2022, "expenditure") == D("7212.75")
    assert _value(one, unit, 2022, "fund") == D("3740.53")
    assert _value(one, unit, 2022, "running") == D("62.70")
    assert _value(one, unit, 2021, "operating") == D("43.72")  # 62.7 and 18.98 more
    assert _value(one, unit, 2021, "project") == D("6881.09")  # 6,467.51 and 413.58 less
    assert set(one.frame.loc[one.frame["derived"], "year"]) == {2021}
    assert set(one.frame.loc[~one.frame["derived"], "year"]) == {2022}
    change = _changes(one)[unit, "operating", 2022]
    assert change.rate is not None
    assert (change.amount, round(change.rate.plain, 2), change.before.derived) == (
        D("18.98"),
        D("43.41"),
        True,
    )


def test_an_implied_value_comes_from_the_printed_amount_and_change(one: Panel) -> None:
    implied = _value(one, "清远市政务服务数据管理局本级", 2021, "operating")
    assert [source.with_unit for source in sources_of(implied)] == ["62.7 万元", "18.98 万元"]


def test_the_frame_is_as_its_codebook_says(many: Panel) -> None:
    assert {name: str(dtype) for name, dtype in many.frame.dtypes.items()} == {
        name: kind for name, (kind, _) in COLUMNS.items()
    }
    assert list(codebook()["列"]) == list(many.frame.columns)
    assert not many.frame.duplicated(["subject", "year", "measure", "derived"]).any()
    inside = many.frame.dropna(subset=["low"])
    assert all(row.low <= row.value <= row.high for row in inside.itertuples())


def test_money_in_yuan_is_converted_exactly(many: Panel) -> None:
    assert _value(many, "东莞市石城镇城市管理分局", 2023, "operating") == D("120.875591")
    assert _value(many, "东莞市石城镇城市管理分局", 2022, "operating") == D("115.375591")


def test_a_change_against_a_rounded_sentence_is_the_stated_change(many: Panel) -> None:
    """The sentence says 25,327.36 万元, 1,210.30 万元 more; the table 253,273,616.05 元."""
    college = _changes(many)["湖北荆楚职业技术学院", "income", 2023]
    assert (college.after.number, college.amount) == (D("25327.361605"), D("1210.30"))


def test_what_rate_and_change_contradict_is_not_derived(many: Panel, tmp_path: Path) -> None:
    frame = many.frame
    market = frame[(frame["subject"] == "厦港市市场监督管理局") & frame["derived"]]
    implied = market.set_index("measure")["value"]
    assert implied["income"] == D("10544.63")  # 10,134.43 万元, 410.20 less, 3.89 %
    assert implied["expenditure"] == D("9012.17")  # 10,445.22 万元, 1,433.05 more, 15.90 %
    text = (FICTIONAL / "fujian_market.txt").read_text(encoding="utf-8")
    path = tmp_path / "report.txt"
    path.write_text(text.replace("下降3.89%", "下降38.9%"), encoding="utf-8")
    found = values(read_report(path).checks, ReportingUnit("某局", "某局", "部门汇总"))
    odd = {one.measure.key for one in found if one.derived}
    assert "income" not in odd
    assert "expenditure" in odd


def test_printed_and_implied_values_of_a_year_are_held_against_each_other(two: Panel) -> None:
    found = {one.before.measure.name: one for one in two.agreement}
    agrees = {name: one.agrees for name, one in found.items()}
    assert agrees == {"机关运行经费": True, "一般公共预算支出": False}
    off = found["一般公共预算支出"]
    # printed of both years alike; the later one says 402.20 万元 more than the year before
    assert (off.before.number, off.after.number, off.amount) == (
        D("8361.59"),
        D("7959.39"),
        D("-402.20"),
    )
    said = plain(story.agreed(two))
    assert "1 个相符" in said
    assert "印出 8,361.59、推算 7,959.39 万元，相差 402.20 万元" in said


def test_where_both_are_known_the_printed_value_counts(two: Panel) -> None:
    change = _changes(two)[TRAFFIC, "general", 2021]
    assert (change.before.number, change.before.derived) == (D("8361.59"), False)
    earlier = story.measured(two, "office")
    assert list(zip(earlier["年度"], earlier["来源"], strict=True))[:2] == [
        ("2021", "印出"),
        ("2020", "印出"),
    ]


def test_implied_values_have_rows_of_their_own_in_tables(many: Panel) -> None:
    table = story.measured(many, "office")
    rows = table[table["单位"] == "平武市公安局"]
    assert list(zip(rows["年度"], rows["来源"], rows["机关运行经费"], strict=True)) == [
        ("2021", "印出", D("1676.99")),
        ("2020", "推算", D("1727.49")),
    ]


def test_doubtful_values_are_counted_and_named(one: Panel) -> None:
    assert list(story.measured(one, "office")["存疑"]) == ["2 项", "1 项"]
    said = plain(story.doubted(one, "office"))
    assert "2022 年“三公”经费、授予中小企业占比；" in said
    assert "2021 年（推算）机关运行经费。" in said
    # last year's total is implied by its parts, of which 基本支出 is contradicted
    assert plain(story.doubted(one, "sums")) == (
        "存疑的是：清远市政务服务数据管理局本级 2021 年（推算）本年支出。理由见下文。"
    )
    assert story.doubted(one, "transparency") == ""


def test_ranking_outliers_and_median(many: Panel) -> None:
    """Of 17 reports eight are of 2022 and 部门汇总: the others are of other years or of a unit alone."""
    found = many.latest["expenditure"]
    assert found.basis == many.basis == ("部门汇总", 2022)
    assert [one.subject.name for one in found.values] == [
        "南京市栖山区教育局",
        "国家文献典藏局",
        "北京市丰华区中医医院",
        "济阳区回河街道办事处",
        "祁山县农业农村局",
        "秦岭省疾病预防控制中心",
        "厦港市市场监督管理局",
        "渝州区国有资产监督管理委员会",
    ]
    assert {(one.year, one.subject.scope) for one in found.values} == {(2022, "部门汇总")}
    assert len(found.left_out) == 9
    assert found.median == (D("30201.79") + D("40635.09")) / 2
    share = many.latest["sme_share"]
    assert [one.subject.name for one in share.outliers] == ["秦岭省疾病预防控制中心"]
    assert Ranking(share.measure, share.basis, share.values[:7]).outliers == ()
    said = plain(story.basis(many))
    assert "2022 年部门汇总，8 份" in said
    assert "2023 年本级 1 份、2023 年部门汇总 4 份" in said


def test_another_scope_and_year_can_be_ranked(many: Panel) -> None:
    found = many.ranking("expenditure", "部门汇总", 2023)
    assert found.title == "本年支出（2023 年，部门汇总）"
    assert {one.year for one in found.values} == {2023}
    assert len(found.values) == 4
    (own,) = many.ranking("expenditure", "本级", 2023).values
    assert own.subject.scope == "本级"
    assert many.ranking("expenditure", year=1999).values == ()


def _member(
    name: str, year: int, kind: str = "", level: str = "", scope: str = "部门汇总"
) -> Member:
    subject = ReportingUnit(name, name, scope)
    about = Unit("", "", level, kind, "unknown", f"{name}不明")
    value = Value(
        subject, MEASURES["expenditure"], year, Number(D(year)), derived=False, doubted=False
    )
    id = f"{name}_{year}_{scope}"
    return Member(subject, year, id, about, "万元", (), (value,), {"error": 0, "warning": 0})


def test_peers_are_of_one_scope_year_kind_and_level() -> None:
    panel = Panel(
        [
            _member("甲市财政局", 2022, "财政", "city"),
            _member("乙市财政局", 2022, "财政", "city"),
            _member("丙市财政局", 2021, "财政", "city"),
            _member("丁市财政局", 2022, "财政", "city", "本级"),
            _member("戊县财政局", 2022, "财政", "county"),
            _member("己市教育局", 2022, "教育", "city"),
            _member("庚市财政局", 2022, "财政", ""),
            _member("辛市财政局", 2022, "财政", ""),
            _member("壬$x$<b>某局", 2022, "", "city"),
        ]
    )
    (peer,) = panel.peers("甲市财政局_2022_部门汇总")
    assert peer.subject.unit == "乙市财政局"
    for alone in ("丙市财政局_2021_部门汇总", "庚市财政局_2022_部门汇总", "丁市财政局_2022_本级"):
        assert panel.peers(alone) == ()
    with pytest.raises(UnknownReportError):
        panel.peers("没有的报告")
    table = story.groups(panel)
    assert table.to_dict("records") == [
        {
            "年度": "2022",
            "口径": "部门汇总",
            "类别": "财政",
            "级别": "地级",
            "份数": 2,
            "单位": "甲市财政局、乙市财政局",
        }
    ]
    said = story.peers(panel)
    assert "有 3 份的级别或类别不能确定" in plain(said)
    assert "<b>" not in said


def test_of_hundreds_the_first_are_named_and_the_others_counted() -> None:
    units = [f"第{at}县财政局" for at in range(400)]
    read = [_member(unit, 2022, "财政", "county") for unit in units[:300]]
    unread = [Unread(ReportingUnit(unit, unit, "本级"), 2022, "damaged") for unit in units[300:]]
    panel = Panel([*read, *unread])
    (told,) = story.readings(panel)
    assert "有 100 份报告读不出" in plain(told)
    assert "第300县财政局 2022 年（damaged）" in plain(told)
    assert plain(told).endswith("等 100 份。")
    (group,) = story.groups(panel).to_dict("records")
    assert group["份数"] == 300
    assert group["单位"].endswith("等 300 个")
    size = story.size(panel)
    assert "等 285 个。" in plain(size)
    for text in (told, group["单位"], size, story.peers(panel)):
        assert len(plain(text)) < 3000


def test_equal_values_go_from_nowhere_to_nowhere() -> None:
    panel = Panel([_member("甲局", 2022), _member("乙局", 2022)])
    assert "本年支出都是 2,022.00 万元" in plain(story.bottom_line(panel))
    assert "存疑" not in plain(story.bottom_line(panel))
    doubtful = _member("丙局", 2022)
    (value,) = doubtful.values
    doubtful = replace(doubtful, values=(replace(value, doubted=True),))
    said = plain(story.bottom_line(Panel([*panel.members, doubtful])))
    assert "本年支出都是 2,022.00 万元（存疑）" in said


def test_what_a_corpus_keeps_of_a_member_is_the_member() -> None:
    one = _member("甲市财政局", 2022, "财政", "city")
    again = restored(kept(one), one.subject)
    assert (again.about, again.report_id, again.year) == (one.about, one.report_id, one.year)


def test_a_balanced_panel_says_whom_it_drops() -> None:
    panel = Panel([_member("甲局", year) for year in (2020, 2021, 2022)] + [_member("乙局", 2022)])
    even = panel.balanced([2021, 2022])
    assert [(one.subject.unit, one.year) for one in even.members] == [
        ("甲局", 2021),
        ("甲局", 2022),
    ]
    assert {who.unit: years for who, years in even.dropped.items()} == {"乙局": (2021,)}
    assert panel.dropped == {}
    said = plain(story.balance(panel))
    assert "留下 1 个单位的 3 份报告，舍去 1 个单位的 1 份：乙局缺 2020、2021 年" in said
    assert "没有一个单位" in story.balance(Panel([_member("甲局", 2020), _member("乙局", 2021)]))
    assert story.balance(Panel([_member("甲局", 2020)])) == ""
    with pytest.raises(ParameterError):
        panel.balanced([])


def test_a_renamed_unit_is_one_line_and_the_break_is_marked() -> None:
    reports = [
        _member("甲市大数据局", 2021),
        _member("甲市大数据局", 2022),
        _member("甲市数据局", 2023),
        _member("乙市财政局", 2022),
        _member("乙市财政局", 2023),
    ]
    renamed = Succession("甲市大数据局", "甲市数据局", 2023, "更名", "甲办〔2023〕1号", "公告写明")
    merged = Succession("丙市国资局", "乙市财政局", 2023, "合并", "乙办〔2023〕2号", "公告写明")
    panel = Panel(reports, [renamed, merged])
    lines = {one.name: one for one in panel.series}
    assert [value.year for value in lines["甲市数据局"].values] == [2021, 2022, 2023]
    assert lines["甲市数据局"].breaks == (renamed,)
    assert lines["乙市财政局"].breaks == (merged,)
    assert list(story.linked(panel)["变动"]) == ["更名", "合并"]
    apart = {one.name: one for one in Panel(reports).series}
    assert [value.year for value in apart["甲市大数据局"].values] == [2021, 2022]
    assert "甲市数据局" not in apart
    assert _overlaps(charts.slopes(panel.series, "标题", "来源")) == []
    round_trip = Succession(
        "甲市数据局", "甲市大数据局", 2024, "更名", "甲办〔2024〕1号", "公告写明"
    )
    assert Panel(reports, [renamed, round_trip]).series  # a circle of names ends


def test_scopes_are_told_and_not_added_up(many: Panel) -> None:
    said = plain(story.readings(many)[0])
    assert "部门汇总 16 份" in said
    assert "本级 1 份" in said


def test_a_report_that_cannot_be_read_is_named_and_left_out(tmp_path: Path) -> None:
    folder = _catalogue(tmp_path / "data", [FICTIONAL / "sichuan_police.txt"])
    broken = folder / "raw" / "broken.txt"
    broken.write_text("购物清单：<script>白菜", encoding="utf-8")
    digest = hashlib.sha256(broken.read_bytes()).hexdigest()
    with (folder / "reports.csv").open("a", encoding="utf-8") as lines:
        lines.write(f"<b>某局,2021,本级,raw/broken.txt,{digest},text,\n")
    panel = collect(folder)
    assert [str(subject) for subject in panel.subjects] == ["平武市公安局"]
    (said,) = [one for one in story.readings(panel) if "读不出" in one]
    assert "<b>某局 2021 年（broken.txt: " in plain(said).replace("&#60;", "<")
    assert "<script>" not in said
    assert str(tmp_path) not in said
    assert "另有 1 份读不出" in plain(story.bottom_line(panel))


def test_an_empty_catalogue_is_said(tmp_path: Path) -> None:
    panel = collect(_catalogue(tmp_path / "data", []))
    assert story.bottom_line(panel) == "目录里没有一份能读出的报告。"
    assert all(_sentences(panel))
    assert story.measured(panel, "sums").empty
    assert panel.series == []


@pytest.mark.parametrize("name", ["one", "two", "many"])
def test_each_number_of_a_table_leads_to_figures_of_its_unit(
    name: str, request: pytest.FixtureRequest
) -> None:
    panel: Panel = request.getfixturevalue(name)
    for row in panel.frame.itertuples():
        sources = sources_of(row.value)
        if MEASURES[str(row.measure)].counted:
            assert not sources, row
            continue
        assert sources, row
        assert {source.report_id for source in sources} == {row.report_id}
    for change in panel.changes:
        assert isinstance(change.amount, Number)
        units = {source.report_id.split("_")[0] for source in change.amount.sources}
        assert units == {change.after.subject.name}


@pytest.mark.parametrize("name", ["one", "two", "many"])
def test_sentences_and_figures_of_any_catalogue(name: str, request: pytest.FixtureRequest) -> None:
    panel: Panel = request.getfixturevalue(name)
    for sentence in _sentences(panel):
        dash = "" if sentence.startswith("| ") else "|—"  # a cell without a value
        assert not re.search(rf"None|\bnan\b|<NA>|。。{dash}", plain(sentence)), sentence
    if panel.series:
        assert charts.slopes(panel.series, "标题", "来源").axes
    for key in ("expenditure", "project_share", "three_public"):
        found = panel.latest[key]
        (axes,) = charts.ranking(found, "标题", "来源").axes
        above = [one for one in found.values if one.number > 0]
        assert len(axes.get_yticks()) == min(len(above), MOST)
    assert charts.rates(panel.compared, "标题", "来源").axes


def _overlaps(figure: Figure) -> list[tuple[str, str]]:
    """Texts of a figure that lie over each other; a character without a glyph is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png", dpi=figure.dpi)
    boxes = []
    for axes in figure.axes:
        low, high = axes.get_xlim()
        ticks = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
        hidden = {id(label) for at, label in ticks if not low <= at <= high}
        boxes += [
            (text.get_text(), text.get_window_extent().padded(-1))
            for text in axes.findobj(Text)
            if axes.get_visible()
            and text.get_visible()
            and text.get_text().strip()
            and id(text) not in hidden
        ]
    pairs = combinations(boxes, 2)
    return [(one, other) for (one, box), (other, second) in pairs if box.overlaps(second)]


@pytest.mark.parametrize("name", ["one", "two", "many"])
def test_no_letters_overlap(name: str, request: pytest.FixtureRequest) -> None:
    panel: Panel = request.getfixturevalue(name)
    figures = [
        charts.rates(panel.compared, "标题", "来源"),
        *(
            charts.ranking(panel.latest[key], "标题", "来源")
            for key in ("expenditure", "project_share")
        ),
        *([charts.slopes(lines, "标题", "来源")] if (lines := panel.series) else []),
    ]
    assert [_overlaps(figure) for figure in figures] == [[]] * len(figures)


def test_units_with_hostile_names_over_many_years() -> None:
    names = [
        "$a$<script>alert(1)</script>某局",
        *(f"某省某市某区人民政府第{n}办公室及所属单位" for n in "一二三四五六七八"),
    ]
    amounts = [D(n) for n in ("1000.00", "1234567.89", "0", "-3.00", "20.00", "1500000.00")]
    years = range(2018, 2024)
    owner, measure = ReportingUnit("某局", "某局", "部门汇总"), MEASURES["expenditure"]
    points = [
        Value(owner, measure, year, Number(value), derived=year == years[0], doubted=False)
        for year, value in zip(years, amounts, strict=True)
    ]
    lines = [Series(name, points, Number(D("7499900.0"))) for name in names]
    figure = charts.slopes(lines, "标题", "来源")
    assert _overlaps(figure) == []
    assert "来源；共 9 项，其余见表" in {text.get_text() for text in figure.texts}


def test_long_names_are_shortened_and_stay_distinct() -> None:
    same = "某省某市某区人民政府办公室机关后勤服务保障中心第"
    names = [
        f"{same}一分中心及所属单位",
        f"{same}二分中心及所属单位",
        "某局",
        f"{same}一分中心及所属单位",
    ]
    made = told_apart(names, 16)
    assert all(len(name) <= 16 for name in made)
    assert made[2] == "某局"
    assert made[0] == made[3] != made[1]
    assert all("…" in name for name in (made[0], made[1]))


# ---- the strip, transparency, hotlines


def test_the_strip_says_from_where_to_where_each_measure_goes(many: Panel, one: Panel) -> None:
    rows = {row.split(" | ")[0]: row for row in plain(ranges.table(many)).splitlines()[2:]}
    assert len(rows) == sum(bool(measure.group) for measure in MEASURES.values())
    assert rows["| 机关运行经费"] == (
        "| 机关运行经费 | 6 | 1,123.46 国家文献典藏局 | 114.08 | 62.41 南京市栖山区教育局 |  | "
        "北京市丰华区中医医院、秦岭省疾病预防控制中心 |"
    )
    assert (
        "| 96.2 济阳区回河街道办事处 | 53.2 | 8.6 北京市丰华区中医医院 |"
        in rows["| 项目支出占比（%）"]
    )
    assert (
        "66.0 秦岭省疾病预防控制中心 | 66.0 秦岭省疾病预防控制中心 |"
        in rows["| 授予中小企业占比（%）"]
    )
    assert "| 0.0（3 个并列） |" in rows["| “其他”科目占支出（%）"]  # no unit is named for many
    assert rows["| 每百个数的矛盾（处）"].endswith("|  |  |")
    assert ranges.table(one) == ""


def test_ranges_are_of_one_scope_and_year(many: Panel) -> None:
    said = ranges.table(many)
    inside = {
        one.subject.name for one in many.members if (one.subject.scope, one.year) == many.basis
    }
    outside = {str(subject) for subject in many.subjects} - inside
    assert not [name for name in outside if name in plain(said)]


def test_transparency_of_a_report(one: Panel) -> None:
    """Of 7,212.75 万元 the accounts called 其他 are 3,740.53, 2,469.07, 255.91 and 2.01; 9 indicators have a target."""
    unit = "清远市政务服务数据管理局本级"
    share = _value(one, unit, 2022, "other_share")
    assert round(share, 6) == round(100 * D("6467.52") / D("7212.75"), 6)
    assert len(sources_of(share)) == 5
    assert _value(one, unit, 2022, "targets") == 9
    report = read_report(DATA / "raw/2022/清远市政务服务数据管理局本级_2022年度部门决算.txt")
    found = report.disclosures()
    asked = found[found["status"] != "n/a"]
    assert _value(one, unit, 2022, "disclosed") == 100 * D(
        (asked["status"] != "absent").sum()
    ) / len(asked)
    checks = report.check()
    broken = (checks["status"].eq("break") & checks["severity"].eq("error")).sum()
    assert _value(one, unit, 2022, "broken") == 100 * D(int(broken)) / len(report.observations)
    relations = report.coverage().identities
    assert _value(one, unit, 2022, "checked") == 100 * D(relations.part) / relations.whole
    # amounts alone are compared with last year
    assert {change.after.measure.unit for change in one.changes} == {"万元"}


def test_transparency_is_of_the_report_by_itself(two: Panel) -> None:
    """The later report contradicts the one before in 一般公共预算支出; it stands no lower for having one beside it."""
    (later,) = (one for one in two.members if one.year == 2021)
    assert sum(later.broken.values()) > 0
    alone = values(read_report(FICTIONAL / "zhejiang_traffic.txt").checks, later.subject)
    keys = ("other_share", "disclosed", "targets", "broken", "checked")
    beside = {one.measure.key: one.number for one in later.values if one.measure.key in keys}
    assert beside == {one.measure.key: one.number for one in alone if one.measure.key in keys}
    assert beside["broken"] == 0


def test_other_accounts_are_no_share_where_the_accounts_are_not_all(tmp_path: Path) -> None:
    text = unit_years.text(2021)
    path = tmp_path / "report.txt"
    # without the account of the lowest level, 50.00 of 4,350.00 has none
    kept = [line for line in text.splitlines() if not line.lstrip().startswith("2080501")]
    path.write_text("\n".join(kept), encoding="utf-8")
    own = ReportingUnit("某局", "某局", "本级")
    found = {one.measure.key for one in values(read_report(path).checks, own)}
    assert "other_share" not in found
    path.write_text(text, encoding="utf-8")
    (share,) = (
        one.number
        for one in values(read_report(path).checks, own)
        if one.measure.key == "other_share"
    )
    assert share == 100 * D(2500) / D(4350)


@pytest.fixture(scope="module")
def hotlines(tmp_path_factory: pytest.TempPathFactory) -> Panel:
    folder = tmp_path_factory.mktemp("hotlines")
    other = folder / "other.txt"
    said = unit_years.text(2021).replace("人工话务接通率", "人工接通率").replace("62.83%", "91.50%")
    other.write_text(said, encoding="utf-8")
    real = DATA / "raw/2022/清远市政务服务数据管理局本级_2022年度部门决算.txt"
    return collect(_catalogue(folder / "data", [real, other, FICTIONAL / "central_ministry.txt"]))


def test_hotlines_stand_beside_each_other_by_name(hotlines: Panel) -> None:
    rows = plain(services.table(hotlines)).splitlines()[2:]
    own, real = unit_years.UNIT, "清远市政务服务数据管理局本级"
    assert (
        rows[:2]
        == [
            f"| 接通率 | {real} | 2022 | 本级 | 人工话务接通率 | ≥80% | 62.83% | 未达标 |",
            f"| 接通率 | {own} | 2021 | 本级 | 人工接通率 | ≥80% | 91.50% | 达标（存疑） |",  # said to be missed
        ]
    )
    assert f"| 满意率 | {real} | 2022 | 本级 | 公众对工单处理结果满意率 | — | 93.31% | — |" in rows
    assert f"| 通话时长 | {own} | 2021 | 本级 | 通话平均时长 | ≤250 秒 | 187 秒 | 达标 |" in rows
    assert not [row for row in rows if "国家文献典藏局" in row]
    said = plain(services.on_services(hotlines))
    assert "2 个单位的 2 份报告写明服务热线的指标" in said
    assert "两个以上单位都有的是接通率、派单及时率、通话时长" in said
    for member in hotlines.members:
        for found in member.service:
            for number in filter(None, (found.target, found.actual)):
                assert {one.report_id for one in sources_of(number)} == {member.report_id}


def test_where_no_hotline_stands_beside_it_is_said(one: Panel, two: Panel) -> None:
    assert "没有一份报告写明服务热线的指标" in services.on_services(two)
    assert "只有**清远市政务服务数据管理局本级** 2022 年一份报告" in services.on_services(one)


def test_satisfaction_that_is_of_no_hotline_is_none(tmp_path: Path) -> None:
    """公众满意度 of a market authority, 98.7 % 办结率 of its complaints."""
    assert service_indicators(read_report(FICTIONAL / "fujian_market.txt").checks) == ()


def test_what_a_corpus_keeps_of_hotlines_is_the_same(hotlines: Panel) -> None:
    for member in hotlines.members:
        told = json.loads(json.dumps(kept(member)))
        again = restored(told, member.subject)
        assert [(one.key, one.printed, one.comparison, one.met) for one in again.service] == [
            (one.key, one.printed, one.comparison, one.met) for one in member.service
        ]
        for one, other in zip(again.service, member.service, strict=True):
            assert (one.target, one.actual) == (other.target, other.actual)
            ids = [[each.id for each in sources_of(of.actual)] for of in (one, other)]
            assert ids[0] == ids[1]
