"""Self-evaluation tables (绩效自评表) of several forms, as PDF and as copied text, held against what they print.

A file of ``evaluations/`` has what is printed (see :mod:`papers.description`) and, below a line of dashes, a line for
each indicator, typed by hand: project, class, name, comparison, target, actual value, unit, whether it is met, weight,
score, reason, target and actual value as printed, divided by ``|``; what is missing is empty.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from browser import needs_chromium
from papers.description import Template, described
from papers.pdf import Printer
from papers.text import PAPERS
from plain import plain

import qy_finance
from qy_finance.analysis.indicators import Performance
from qy_finance.errors import MissingTableWarning
from qy_finance.evaluation import read_evaluations
from qy_finance.form import final_accounts
from qy_finance.publish.source_page import source_page
from qy_finance.readers import Cell, Document
from qy_finance.report import Report
from qy_finance.tables.others import PrintedTable
from qy_finance.text import hotline as story

FORMS = sorted((Path(__file__).parent / "evaluations").glob("*.txt"))
COLUMNS = [
    "project", "class", "name", "comparison", "target", "actual", "unit", "met", "weight", "score", "reason",
    "target_printed", "actual_printed",
]  # fmt: skip
NUMBERS = {"target", "actual", "weight", "score"}

Row = tuple[object, ...]


def form(path: Path) -> tuple[Template, list[Row]]:
    printed, typed = path.read_text(encoding="utf-8").split("\n----\n")
    return described(path.stem, printed), [typed_row(line) for line in typed.splitlines()]


def typed_row(line: str) -> Row:
    cells: dict[str, object] = {}
    for name, text in zip(COLUMNS, line.split("|"), strict=True):
        number = float(text) if text and name in NUMBERS else text or None
        cells[name] = {"true": True, "false": False}[text] if text and name == "met" else number
    return tuple(cells.values())


def read(path: Path) -> Report:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingTableWarning)
        return qy_finance.read_report(path)


def rows(report: Report) -> list[Row]:
    frame = report.kpis[COLUMNS]
    return [*frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)]


def copied(template: Template, paper: str, folder: Path) -> Report:
    copy = folder / "report.txt"
    copy.write_text(PAPERS[paper].print(template), encoding="utf-8", newline="")
    return read(copy)


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with tempfile.TemporaryDirectory() as profile:
        browser = Printer(Path(profile))
        yield browser
        browser.close()


@needs_chromium
@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_indicator_of_a_pdf_is_read(printer: Printer, path: Path, tmp_path: Path) -> None:
    template, wanted = form(path)
    report = read(printer.print(template, tmp_path))
    assert rows(report) == wanted
    assert_places(report)
    assert_nothing_else(report)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_every_indicator_of_a_text_with_tabs_is_read(path: Path, tmp_path: Path) -> None:
    template, wanted = form(path)
    report = copied(template, "tabbed", tmp_path)
    assert rows(report) == wanted
    assert_places(report)
    assert_nothing_else(report)


@pytest.mark.parametrize("name", ["central", "page_break", "several_projects"])
def test_every_indicator_of_lines_that_spaces_divide_is_read(name: str, tmp_path: Path) -> None:
    (path,) = (path for path in FORMS if path.stem == name)
    template, wanted = form(path)
    report = copied(template, "spaced", tmp_path)
    assert rows(report) == wanted
    assert_places(report)
    assert (
        report.observation(str(report.kpis["figure"].iloc[0])).passage[1]
        == report.text[int(report.kpis["start"].iloc[0]) : int(report.kpis["end"].iloc[0])]
    )


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_no_copy_gives_an_indicator_that_is_not_printed(
    path: Path, paper: str, tmp_path: Path
) -> None:
    template, wanted = form(path)
    assert [row for row in rows(copied(template, paper, tmp_path)) if row not in wanted] == []


def assert_places(report: Report) -> None:
    cells = report.other_tables.cells.set_index("figure")["printed"]
    for row in report.kpis.itertuples():
        printed = report.text[row.start : row.end]
        assert printed == (row.name if pd.isna(row.target_printed) else row.target_printed)
        assert cells[row.figure] == printed


def assert_nothing_else(report: Report) -> None:
    """The tables are no observations; their numerals are told, and stand in the other tables."""
    assert {"1,500.00", "1", "290.00", "96.33"} >= {*report.observations["printed"]}
    unclaimed = report.unclaimed()
    assert "unknown" not in {*unclaimed["reason"]}
    others = unclaimed[unclaimed["reason"] == "other table"]
    assert len(others) > 0
    places = [(cell.start, cell.end) for cell in report.other_tables.cells.itertuples()]
    for numeral in others.itertuples():
        title = report.text.rfind("\n", 0, numeral.start) + 1
        outside = report.text[title : numeral.start].startswith(("（", "单位"))
        assert outside or any(start <= numeral.start < end for start, end in places), (
            numeral.printed
        )


# ---- what is not certain ----

SPACED = """某市水务局2023年度部门决算
2023年度收入总计120.00万元。
水利工程项目绩效自评表
一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分
产出指标 数量指标 维护水库 ≥32座 32座 10 10
巡查次数 ≥1200次 1280次 10 9
满意度指标 满意度 群众满意度 ≥95% 96% 20 20
总分 40 39
"""


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [
        ("", "", 3),
        ("32座 10 10", "10 10", 0),  # what was reached is blank: one may not take the weight for it
        ("巡查次数 ≥1200次 1280次 10 9", "巡查次数 ≥1200次 1280次 9", 0),
        ("群众满意度", "群众 满意度", 0),
        ("维护水库 ≥32座 32座 10 10", "维护水\n库 ≥32座 32座 10 10", 0),
        ("96% 20 20", "96% 20 20 缺少数据", 0),  # more cells than columns
        ("年度指标值", "年度 指标值", 0),
    ],
)
def test_lines_that_spaces_divide_are_read_where_all_are_whole(
    old: str, new: str, count: int, tmp_path: Path
) -> None:
    path = tmp_path / "report.txt"
    path.write_text(SPACED.replace(old, new) if old else SPACED, encoding="utf-8")
    report = read(path)
    assert len(report.kpis) == count
    assert "unknown" not in set(report.unclaimed()["reason"])
    if count:
        assert report.kpis["name"].tolist() == ["维护水库", "巡查次数", "群众满意度"]
        assert report.kpis["score"].tolist() == [10, 9, 20]


def laid(rows: list[list[str]], left_out: tuple[int, int] | None = None) -> list[str]:
    """The classes of the indicators of a table of these rows; one cell may be missing between the lines."""
    text, cells = "", []
    for row, texts in enumerate(rows):
        for column, said in enumerate(texts):
            if (row, column) != left_out:
                cells.append(Cell(len(text), len(text) + len(said), row, column, 1, 1))
            text += said + "\t"
        text += "\n"
    document, table = Document(Path("x.txt"), text), PrintedTable("自评表", None, 1, tuple(cells))
    return [row.path for row in read_evaluations(document, [table], final_accounts())]


ROWS = [
    ["一级指标", "二级指标", "三级指标", "指标值", "实际完成值"],
    ["产出指标", "数量指标", "新建泵站", "2座", "2座"],
    ["效益指标", "社会效益", "受益人口", "5万人", "6万人"],
    ["", "", "受益村庄", "8个", "8个"],
    ["满意度指标", "满意度", "群众满意度", "90%", "95%"],
]


def test_a_class_holds_until_the_next() -> None:
    assert laid(ROWS) == [
        "产出指标/数量指标",
        "效益指标/社会效益",
        "效益指标/社会效益",
        "满意度指标/满意度",
    ]


def test_where_the_lines_leave_a_hole_the_class_is_not_that_of_the_row_above() -> None:
    assert laid(ROWS, left_out=(2, 0)) == ["产出指标/数量指标", "", "", "满意度指标/满意度"]


@pytest.mark.parametrize(
    ("goal", "reached", "target", "actual", "met"),
    [
        ("≥95%", "95.0%", 95, 95, True),
        ("≥95%", "94.9%", 95, 94.9, False),
        (">=3次", "4", 3, 4, True),
        ("不低于90分", "88分", 90, 88, False),
        ("小于0.5%", "0.4%", 0.5, 0.4, True),
        ("10天", "8天", 10, 8, None),  # which way is better?
        ("10天", "10天", 10, 10, True),
        ("100%", "99%", 100, 99, False),
        ("0起", "1起", 0, 1, False),
        ("≥2万册", "19,000册", 20000, 19000, False),
        ("≥5本", "6册", 5, None, None),  # of other things
        ("≥95%", "0.96", 95, None, None),  # a share, or percent?
        ("≥95%", "≥95%", 95, None, None),  # a bound
        ("3-5次", "4次", None, 4, None),
        ("2023年", "2023年", None, None, None),
        ("2023年12月底前", "2023年12月", None, None, None),
        ("优良中低差", "优", None, None, None),
        ("≤30天以上", "20天", None, 20, None),
        ("≥12个（含3个试点）", "12个", None, 12, None),
    ],
)
def test_a_target_is_one_number_or_words(
    goal: str,
    reached: str,
    target: float | None,
    actual: float | None,
    met: bool | None,
    tmp_path: Path,
) -> None:
    report = told_report(
        f"产出指标\t数量指标\t某项工作\t{goal}\t{reached}\t10\t9\t人手不足", tmp_path
    )
    (row,) = (
        report.kpis[COLUMNS]
        .astype(object)
        .where(report.kpis[COLUMNS].notna(), None)
        .to_dict("records")
    )
    assert (row["target"], row["actual"], row["met"]) == (target, actual, met)
    assert (row["target_printed"], row["actual_printed"]) == (goal, reached)


def told_report(rows: str, folder: Path) -> Report:
    head = (
        "某市水务局2023年度部门决算\n一、收入支出决算总体情况说明\n2023年度收入总计1,500.00万元。\n"
    )
    header = "项目支出绩效自评表\n一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因\n"
    path = folder / "report.txt"
    path.write_text(f"{head}{header}{rows}\n总分\t\t\t\t\t100\t90\t\n", "utf-8")
    return read(path)


def test_a_name_that_a_line_break_divides_is_not_its_second_half(tmp_path: Path) -> None:
    rows = (
        "产出指标\t数量指标\t新建泵站\t≥2座\t2座\t20\t20\t\n"
        "效益指标\t社会效益\t受益\n"
        "人口\t≥5万人\t6万人\t20\t20\t\n"
        "受益村庄\t≥8个\t8个\t20\t20\t\n"
        "产出\n"
        "指标\t数量指标\t维修闸门\t≥3扇\t3扇\t20\t20\t\n"
        "满意度指标\t满意度\t群众满意度\t≥90%\t95%\t20\t20\t"
    )
    kpis = told_report(rows, tmp_path).kpis
    assert kpis["name"].tolist() == ["新建泵站", "受益村庄", "群众满意度"]
    assert kpis["class"].fillna("").tolist() == ["产出指标/数量指标", "", "满意度指标/满意度"]


# ---- who uses them ----


def test_the_notebook_tells_them_and_leads_to_where_they_are_printed(tmp_path: Path) -> None:
    rows = (
        "产出指标\t数量指标\t新建泵站\t≥2座\t1座\t20\t10\t用地审批<慢>\n"
        "\t时效指标\t抢修到场\t30分钟\t25分钟\t20\t20\t\n"
        "\t质量指标\t合格率\t≥95%\t达到标准\t20\t20\t\n"
        "效益指标\t社会效益\t节水意识\t显著提升\t提升\t20\t20\t"
    )
    report = told_report(rows, tmp_path)
    found = Performance(report.checks)
    assert [(aim.name, aim.met) for aim in found.indicators] == [
        ("新建泵站", False), ("抢修到场", None), ("合格率", None),
    ]  # fmt: skip
    assert plain(story.on_indicators(found)) == (
        "3 项指标写有目标值，0 项达标，1 项未达标：新建泵站（1 座，目标 ≥2 座），1 项的完成值不是一个数，"
        "1 项没有写 ≥ 或 ≤，看不出高于还是低于目标为好。另有 1 项指标的目标不是数（定性、日期或等级）。"
        "按与目标的比例算，落后最多的是新建泵站，比目标差 1 座（实际是目标的 50.0%）。"
    )
    assert plain(story.reasons(found)) == "> 新建泵站：用地审批<慢>"
    assert found.used == []  # none is an observation
    page = source_page(report, [], {})
    ids = [fact.id for aim in found.indicators for fact in (aim.target, aim.actual) if fact]
    assert len(set(ids)) == 5
    assert all(f'id="n{one}"' in page for one in ids)
