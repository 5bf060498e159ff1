"""Notebook 08: years of one unit; amounts as typed in ``unit_years.py``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from plain import plain
from unit_years import UNIT, data_folder, text

from qy_finance import catalogue, entries, read_report
from qy_finance import years as every
from qy_finance.analysis.bridges import AccountBridge
from qy_finance.analysis.years import Years
from qy_finance.charts import years as charts
from qy_finance.numbers import sources_of
from qy_finance.publish import plan
from qy_finance.report import Report
from qy_finance.text import years as story
from qy_finance.years import UnitYears, all_years

D = Decimal
NEW = "洛阳市数据服务中心本级"
RENAMED = f"{UNIT},{NEW},2022,更名,洛编〔2022〕1号,公告写明\n"
LINKS = "predecessor,successor,year,what,source,sure\n"

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")


def _read(folder: Path, texts: Sequence[str]) -> Years:
    found = []
    for at, said in enumerate(texts):
        path = folder / f"{at}.txt"
        path.write_text(said, encoding="utf-8")
        found.append(read_report(path).checks)
    return Years(found)


def _opened(data: Path, year: int, unit: str | None = None) -> UnitYears:
    return all_years(catalogue.open_report(year, unit, data), data)


def _years(found: UnitYears) -> Years:
    return Years([one.checks for one in found.reports], found.links, found.unread)


def _row(found: Years, name: str) -> list[object]:
    table = story.amounts(found)
    row = table[table["项目"] == name].iloc[0]
    return [None if row[at] is None else D(row[at]) for at in table.columns[1:-1] if at[:1] == "2"]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Years:
    """2020 names an account as it was called before that year; 2022 implies 1.00 more 机关运行经费 than 2021 prints."""
    old = text(2020).replace("行政事业单位养老支出", "行政事业单位离退休")
    last = text(2022, said={"机关运行经费": 26_00})
    return _read(tmp_path_factory.mktemp("three"), [old, text(2021), last])


def test_three_years_and_the_one_that_the_first_implies(three: Years) -> None:
    assert [(one.year, one.implied) for one in three.columns] == [
        (2019, True), (2020, False), (2021, False), (2022, False),
    ]  # fmt: skip
    names = list(story.amounts(three))
    assert names[:6] == ["项目", "2019（推算）", "2020", "2021", "2022", "比上年 %"]
    assert _row(three, "本年支出") == [D(3450), D(3850), D(4350), D(4100)]
    assert _row(three, "项目支出") == [D(1600), D(2000), D(2500), D(2250)]
    assert _row(three, "基本支出") == [D(1850)] * 4
    assert _row(three, "机关运行经费") == [D(16), D(20), D(25), D(30)]
    assert _row(three, "“三公”经费") == [D("1.3"), D(2), D("2.2"), D("2.52")]
    change = three.over("expenditure")
    assert change is not None
    assert (change.amount, round(change.rate or D(0), 2)) == (D(250), D("6.49"))
    rate = three.latest["operating"].rate
    assert rate == D(
        20
    )  # 30.00 against the 25.00 that 2021 prints, not the 26.00 that 2022 implies


def test_printed_values_are_held_against_those_that_the_next_report_implies(three: Years) -> None:
    off = [one for one in three.agreement if not one.agrees]
    assert [(one.before.measure.key, one.before.year) for one in off] == [("operating", 2021)]
    assert (off[0].before.number, off[0].after.number) == (D(25), D(26))
    spent = {one.before.year for one in three.agreement if one.before.measure.key == "expenditure"}
    assert spent == {2020, 2021}
    table = story.agreement(three)
    assert list(table.iloc[0]) == ["2021", "机关运行经费", D(25), D(26), D(1), "不符"]
    assert plain(story.agreed(three)).endswith(f"{len(three.agreement) - 1} 个相符，1 个不符。")
    (broken,) = three.breaks
    assert (broken.year, broken.measure) == (2022, "operating")
    assert "印出 25.00 万元，2022 年报告推算 26.00 万元，相差 1.00 万元" in plain(
        story.breaks(three)[0]
    )
    drawn = {one.name: [at.year for at in one.breaks] for one in three.series}
    assert drawn["机关运行经费"] == [2022]
    assert drawn["本年支出"] == []


def test_a_year_that_agrees_has_no_break(tmp_path: Path) -> None:
    two = _read(tmp_path, [text(2021), text(2022)])
    assert two.breaks == []
    assert "没有发现断点" in story.breaks(two)[0]
    assert all(one.agrees for one in two.agreement)
    assert _row(two, "本年支出") == [D(3850), D(4350), D(4100)]


def test_each_number_leads_to_the_report_of_its_year(three: Years) -> None:
    for key in ("expenditure", "operating", "three_public", "project_share"):
        for column in three.columns:
            value = three.value(key, column)
            if value is not None:
                year = column.year + column.implied
                reports = {one.report_id for one in sources_of(value.number)}
                assert reports == {f"{UNIT}_{year}_本级"}
    table = story.accounts(three.functional)
    for year in (2020, 2021, 2022):
        reports = {one.report_id for cell in table[str(year)] for one in sources_of(cell)}
        assert reports == {f"{UNIT}_{year}_本级"}


def test_accounts_are_bridged_by_code_and_name_and_each_bridge_is_shown(three: Years) -> None:
    found = three.functional
    assert found.bridges == [
        AccountBridge("renamed", ("20805", "行政事业单位离退休"), ("20805", "行政事业单位养老支出"), (2020, 2021), 2020)
    ]  # fmt: skip
    (line,) = (one for one in found.lines if one.code == "20805")
    assert line.amounts == {2020: D(50), 2021: D(50), 2022: D(50)}
    table = story.accounts(found)
    row = table[table["科目"].str.contains("20805")].iloc[0]
    assert row["科目"].endswith("20805 行政事业单位养老支出")
    assert row["说明"] == "2020 年称“行政事业单位离退休”"
    shown = story.bridges(found)
    assert list(shown["怎样处理"]) == ["接上：编码相同，已知的更名（2020 年起）"]
    assert "接上改名的 1 处" in story.on_accounts(found)


@pytest.mark.parametrize(
    ("new", "kind"),
    [(("2080501", "招商引资"), "other name"), (("2080588", "行政单位离退休"), "other code")],
)
def test_what_agrees_in_code_or_name_alone_is_not_joined(
    tmp_path: Path, new: tuple[str, str], kind: str
) -> None:
    old = "2080501", "行政单位离退休"
    last = text(2022).replace(old[0], new[0]).replace(old[1], new[1])
    found = _read(tmp_path, [text(2021), last]).functional
    assert [(one.kind, one.old, one.new, one.joins) for one in found.bridges] == [
        (kind, old, new, False)
    ]
    apart = {(one.code, one.name): one.amounts for one in found.lines}
    assert apart[old] == {2021: D(50)}
    assert apart[new] == {2022: D(50)}
    assert "没有接的 1 处" in story.on_accounts(found)
    assert (story.accounts(found)["说明"] == "前后没有接上，见下表").sum() == 2


def test_one_year_runs_and_says_so(tmp_path: Path) -> None:
    one = _read(tmp_path, [text(2021)])
    said = plain(story.bottom_line(one))
    assert "只有 2021 年一份报告（本级），看不出几年的变化" in said
    assert "本年支出，2020 年 3,850.00 → 2021 年 4,350.00 万元，增加 500.00 万元（13.0%）" in said
    assert "推算" in said
    assert "现价，未扣除价格变动" in said
    assert one.agreement == []
    assert "加入 2020 年的报告" in story.agreed(one)
    assert "只有一份报告" in story.breaks(one)[0]
    assert one.functional.bridges == []
    assert charts.lines(one.series, story.title(one)).axes


def test_a_gap_is_a_break_and_its_year_is_implied(tmp_path: Path) -> None:
    found = _read(tmp_path, [text(2020), text(2022)])
    assert [(one.year, one.implied) for one in found.columns] == [
        (2019, True), (2020, False), (2021, True), (2022, False),
    ]  # fmt: skip
    assert _row(found, "本年支出") == [D(3450), D(3850), D(4350), D(4100)]
    assert [(one.what, one.year, one.since) for one in found.breaks] == [("gap", 2022, 2020)]
    assert "2021 年没有报告" in plain(story.breaks(found)[0])
    assert found.agreement == []


def test_another_money_of_the_three_public_table_is_a_break(tmp_path: Path) -> None:
    later = re.sub(
        "财政拨款“三公”经费支出决算表", "一般公共预算财政拨款“三公”经费支出决算表", text(2022)
    )
    found = _read(tmp_path, [text(2021), later])
    monies = [one.three_public["money"] for one in found.readings]
    assert monies == ["all appropriations", "general budget"]
    assert [(one.what, one.measure) for one in found.breaks] == [("money", "three_public")]
    assert "口径不同，2021 年是全部财政拨款，2022 年是一般公共预算财政拨款" in plain(
        story.breaks(found)[0]
    )
    assert (
        "“三公”表由全部财政拨款改为一般公共预算财政拨款"
        in list(story.forms(found)["与上一份不同"])[1]
    )


# ---- of a catalogue


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    return data_folder(tmp_path, {"a": text(2020), "b": text(2021), "c": text(2022, NEW)})


def test_a_renamed_unit_is_one_only_where_a_line_says_so(renamed: Path) -> None:
    assert [one.meta["year"] for one in _opened(renamed, 2022).reports] == [2022]
    (renamed / "units_links.csv").write_text(LINKS + RENAMED, encoding="utf-8")
    for year in (2020, 2022):  # from either side
        found = _years(_opened(renamed, year))
        assert found.years == [2020, 2021, 2022]
        assert _row(found, "本年支出") == [D(3450), D(3850), D(4350), D(4100)]
        (broken,) = found.breaks
        assert broken.link is not None
        assert f"{UNIT} → {NEW}，更名（洛编〔2022〕1号；公告写明）" in plain(story.breaks(found)[0])
        # no check holds reports of two names: the intervals do
        assert {one.before.year for one in found.agreement} == {2020, 2021}
        assert f"单位名称由{UNIT}改为{NEW}" in list(story.forms(found)["与上一份不同"])


def test_a_merged_unit_is_no_part_of_the_series_but_a_break(renamed: Path) -> None:
    merged = RENAMED.replace("更名", "合并")
    (renamed / "units_links.csv").write_text(LINKS + merged, encoding="utf-8")
    assert [one.meta["year"] for one in _opened(renamed, 2021).reports] == [2020, 2021]


def test_no_more_is_read_than_the_reports_of_the_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {f"o{at}": text(2021, f"某县第{at}局本级") for at in (1, 2, 3)}
    data = data_folder(tmp_path, {"a": text(2020), "b": text(2021), "c": text(2022), **others})
    report = catalogue.open_report(2021, UNIT, data)
    opened: list[str] = []

    def noted(*asked: object) -> tuple[Report, list[object]]:
        opened.append(str(asked[1]))
        return catalogue.opened(*asked)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr(every, "opened", noted)
    found = all_years(report, data)
    assert len(opened) == 2
    assert found.reports[1] is report
    assert not any("某县" in one for one in opened)


def test_what_cannot_be_read_is_told(renamed: Path) -> None:
    (file,) = renamed.glob("raw/2020/*.txt")
    file.write_text("another", encoding="utf-8")
    found = _opened(renamed, 2021)
    assert [one.meta["year"] for one in found.reports] == [2021]
    (said,) = story.left_out(_years(found), found.apart)
    assert "2020 年的报告读不出" in plain(said)
    assert str(renamed) not in said


def test_the_other_scope_is_named_and_not_joined(tmp_path: Path) -> None:
    whole = text(2020, UNIT.removesuffix("本级"))
    data = data_folder(tmp_path, {"a": text(2021), "b": text(2022), "c": whole})
    lines = (data / "reports.csv").read_text("utf-8")
    (data / "reports.csv").write_text(
        lines.replace(f"{UNIT.removesuffix('本级')},2020", f"{UNIT},2020"), encoding="utf-8"
    )
    found = _opened(data, 2022)
    assert [one.meta["year"] for one in found.reports] == [2021, 2022]
    assert [(one.year, one.scope) for one in found.apart] == [(2020, "部门汇总")]
    assert "没有接进来的还有" in story.left_out(_years(found), found.apart)[0]


def test_pages_depend_on_all_years_under_all_names(renamed: Path) -> None:
    def inputs() -> set[str]:
        reports, _ = plan._subjects(entries.read(renamed), renamed)
        last = next(subject for entry, subject in reports.items() if entry.year == 2022)
        files = last.basis["inputs"]
        assert isinstance(files, dict)
        return set(files)

    assert len(inputs()) == 1
    (renamed / "units_links.csv").write_text(LINKS + RENAMED, encoding="utf-8")
    assert len(inputs()) == 4  # three reports and the lines


def test_each_report_has_a_page_of_all_years_of_its_unit(renamed: Path) -> None:
    """It lies among the other pages of the report, whichever year one comes from."""
    notebook = Path(__file__).parents[1] / "notebooks" / "08_years.ipynb"
    planned = plan.plan(entries.read(renamed), [notebook], None, [], {}, renamed / "outputs")
    asked = [(job.parameters["year"], job.parameters["unit"]) for job in planned.jobs]
    assert asked == [(2020, UNIT), (2021, UNIT), (2022, NEW)]
    assert [job.outputs[1].parent.parent.name for job in planned.jobs] == ["2020", "2021", "2022"]
    sources = planned.jobs[0].subject.sources
    assert {sources[f"{UNIT}_{year}_本级"].rsplit("/", 1)[-1] for year in (2020, 2021)} == {
        "source.html"
    }
