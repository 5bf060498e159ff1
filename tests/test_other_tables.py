"""Tables that are none of the form's, as they are printed: every cell, where it is, and nothing out of reach."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from browser import needs_chromium
from golden import shanghai_2024
from papers.description import TEMPLATES, described, load
from papers.pdf import Printer
from papers.text import PAPERS

import qy_finance
from qy_finance.errors import MissingTableWarning, UnknownObservationError
from qy_finance.other_tables import OtherTable
from qy_finance.readers.grids import merged, ruled_grids
from qy_finance.readers.page import Glyph, RulingLine, word_of
from qy_finance.report import Report

HERE = Path(__file__).parent
SHARED = shanghai_2024.REPORT.parent
REASONS = ["other table", "unread table"]
ASSETS = [
    ["项目", "数量", "价值"],
    ["一、车辆（辆）", "12", "256.30"],
    ["二、单价50万元以上通用设备（台、套）", "3", "189.20"],
    ["三、房屋（平方米）", "5600.50", "1,230.00"],
]


def read(path: Path) -> Report:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MissingTableWarning)
        return qy_finance.read_report(path)


def copied(name: str, paper: str, folder: Path) -> Report:
    copy = folder / "report.txt"
    copy.write_text(PAPERS[paper].print(load(TEMPLATES / f"{name}.txt")), "utf-8", newline="")
    return read(copy)


def texts(frame: pd.DataFrame) -> list[list[str]]:
    return frame.fillna("").to_numpy().tolist()  # type: ignore[no-any-return]


def told(report: Report) -> list[tuple[str, int, int]]:
    return [(table.title, *table.frame.shape) for table in report.other_tables]


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with tempfile.TemporaryDirectory() as profile:
        browser = Printer(Path(profile))
        yield browser
        browser.close()


@pytest.fixture
def further(printer: Printer, tmp_path: Path) -> Report:
    return read(printer.print(load(TEMPLATES / "further_tables.txt"), tmp_path))


# ---- what they are ----


@needs_chromium
def test_further_tables_of_a_pdf_are_there_as_printed(further: Report) -> None:
    assert told(further) == [
        ("机构运行信息表", 8, 5),
        ("政府采购情况表", 6, 10),
        ("项目支出决算明细表", 3, 6),
        ("国有资产占用情况表", 4, 3),
    ]
    assert [table.page for table in further.other_tables] == [3, 4, 5, 6]
    assert texts(further.other_tables[3].frame) == ASSETS


@needs_chromium
def test_a_cell_over_several_stands_once_or_in_each(further: Report) -> None:
    bought = further.other_tables[1]
    funds = ["总计", "一般公共预算", "政府性基金", "其他资金"]
    blank = ["", "", ""]
    assert texts(bought.frame)[:2] == [
        ["项目", "行次", "采购计划金额", *blank, "实际采购金额", *blank],
        ["", "", *funds, *funds],
    ]
    assert texts(bought.filled)[:2] == [
        ["项目", "行次", *["采购计划金额"] * 4, *["实际采购金额"] * 4],
        ["项目", "行次", *funds, *funds],
    ]


@needs_chromium
def test_each_figure_has_its_place_and_its_value(further: Report) -> None:
    assets = further.other_tables[3]
    figures = assets.figures
    assert list(zip(figures["row"], figures["column"], figures["printed"], strict=True)) == [
        (1, 1, "12"), (1, 2, "256.30"), (2, 0, "二、单价50万元以上通用设备（台、套）"), (2, 1, "3"), (2, 2, "189.20"),
        (3, 1, "5600.50"), (3, 2, "1,230.00"),
    ]  # fmt: skip
    assert figures["value"].fillna(-1).tolist() == [12, 256.3, -1, 3, 189.2, 5600.5, 1230]
    assert figures["figure"].is_unique
    for cell in figures.itertuples():
        assert further.text[cell.start : cell.end] == cell.printed
        assert cell.page == 6
        assert 0 < cell.x0 < cell.x1 < 596
        assert 0 < cell.top < cell.bottom < 842


TABBED = """某市水务局2023年度部门决算
2023年度收入总计120.00万元。
国有资产占用情况表
项目\t数量\t价值
车辆（辆）\t12\t256.30万元
专利（项）\t无\t约3万元
"""


def test_a_cell_is_found_by_its_id(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(TABBED, "utf-8")
    report = read(path)
    cells = report.other_tables.cells.set_index("printed")["figure"]
    value, words = report.observation(cells["256.30万元"]), report.observation(cells["约3万元"])
    assert (str(value.value), value.value.unit) == ("256.30", "万元")
    assert (value.name, value.place) == ("国有资产占用情况表 · 车辆（辆）", "第5行")
    assert value.passage == ("车辆（辆） 12 ", "256.30万元", "")
    assert "256.30 万元" in str(value)
    assert (words.value, words.passage[1]) == (None, "约3万元")
    assert value.picture is None
    with pytest.raises(UnknownObservationError):
        report.observation("0" * 16)


@needs_chromium
def test_a_cell_of_a_page_is_shown_where_it_is_printed(further: Report) -> None:
    cell = further.observation(further.other_tables[3].figures["figure"].iloc[1])
    assert (str(cell.value), cell.place) == ("256.30", "第6页")
    assert cell.picture is not None
    assert cell.picture.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("-1,230.50", -1230.5, None),
        ("98.31%", 98.31, "%"),
        ("32座", 32.0, "座"),
        ("≥32座", None, None),
        ("01", None, None),
        ("2023年", None, None),
        ("5-10", None, None),
        ("—", None, None),
        ("12345678901234567890", None, None),
    ],
)
def test_a_cell_has_a_value_where_it_is_one_number(
    printed: str, value: float | None, unit: str | None, tmp_path: Path
) -> None:
    rows = f"项目\t数量\t备注\n甲\t{printed}\t\n乙\t1\t\n"
    report = text_report(f"项目情况表\n{rows}", tmp_path)
    (table,) = report.other_tables
    cell = table.cells.query("row == 1 and column == 1").iloc[0]
    assert cell["printed"] == printed
    assert (None if pd.isna(cell["value"]) else cell["value"]) == value
    assert (None if pd.isna(cell["unit_of_measure"]) else cell["unit_of_measure"]) == unit


def text_report(tables: str, folder: Path) -> Report:
    head = (
        "某市水务局2023年度部门决算\n一、收入支出决算总体情况说明\n2023年度收入总计1,500.00万元。\n"
    )
    path = folder / "report.txt"
    path.write_text(f"{head}{tables}二、其他情况说明\n本部门有车辆5辆。\n", "utf-8")
    return read(path)


@pytest.mark.parametrize("paper", ["tabbed", "tabbed_once"])
def test_further_tables_of_a_text_with_tabs_have_cells(paper: str, tmp_path: Path) -> None:
    report = copied("further_tables", paper, tmp_path)
    assert [table.title for table in report.other_tables] == [
        "机构运行信息表", "政府采购情况表", "项目支出决算明细表", "国有资产占用情况表",
    ]  # fmt: skip
    assert texts(report.other_tables[3].frame) == ASSETS
    assert [table.page for table in report.other_tables] == [None] * 4
    lines = report.text.split("\n")
    assert [lines[table.line - 1].split("\t")[0] for table in report.other_tables] == [
        "项　　目", "项目", "科目编码", "项目",
    ]  # fmt: skip


def test_a_table_of_contents_or_a_paragraph_set_in_by_tabs_is_no_table(tmp_path: Path) -> None:
    contents = "表1\t收入支出决算总表\t5\n表2\t收入决算表\t6\n表3\t支出决算表\t8\n"
    set_in = "\t\t2023年度培训12次。\n\t\t2023年度接待25批次。\n\t\t2023年度会议3次。\n"
    report = text_report(contents + set_in, tmp_path)
    assert len(report.other_tables) == 0
    assert {"12", "25", "3"} <= {*report.facts["printed"]}


def test_where_nothing_tells_the_cells_a_line_is_a_row(tmp_path: Path) -> None:
    report = copied("further_tables", "spaced", tmp_path)
    assert [table.title for table in report.other_tables][:1] == ["机构运行信息表"]
    assert {table.frame.shape[1] for table in report.other_tables} == {1}
    rows = [row for table in report.other_tables for (row,) in texts(table.frame)]
    assert "一、车辆（辆）12256.30" in rows
    assert report.other_tables[-1].figures["value"].isna().all()  # two numbers of a line are none


@needs_chromium
def test_a_table_within_the_prose_has_the_sentence_that_leads_to_it(
    printer: Printer, tmp_path: Path
) -> None:
    report = read(printer.print(load(TEMPLATES / "table_within_prose.txt"), tmp_path))
    assert told(report) == [("（二）收入决算结构如下表：", 3, 5)]
    assert texts(report.other_tables[0].frame)[1] == [
        "收入合计", "1,500.00", "1,400.00", "100.00", "7.14%",
    ]  # fmt: skip


@needs_chromium
def test_the_pages_of_a_table_are_one(printer: Printer, tmp_path: Path) -> None:
    printed, _ = (HERE / "evaluations/page_break.txt").read_text("utf-8").split("\n----\n")
    report = read(printer.print(described("page_break", printed), tmp_path))
    assert told(report) == [("项目支出绩效自评表", 10, 8)]
    cells = report.other_tables[0].cells
    assert sorted(set(cells["page"])) == [2, 3]
    assert texts(report.other_tables[0].frame)[-1] == ["总分", "", "", "", "", "", "100", "97.5"]


def test_a_table_that_cannot_be_read_is_there_as_printed(tmp_path: Path) -> None:
    text = (HERE / "reconciliation/anhui_water.txt").read_text("utf-8")
    path = tmp_path / "report.txt"
    lines = text.split("\n")
    at = next(at for at, line in enumerate(lines) if "支出决算表" in line and "收入" not in line)
    row = next(n for n in range(at, len(lines)) if lines[n].startswith("合计"))
    lines[row] += " 7.00 8.00 9.00"
    path.write_text("\n".join(lines), "utf-8")
    report = read(path)
    (unread,) = report.meta["unread_tables"]  # type: ignore[attr-defined]
    assert unread == "expenditure"
    titles = [table.title for table in report.other_tables]
    assert titles == [lines[at].strip()]
    assert lines[row].replace(" ", "") in [row for (row,) in texts(report.other_tables[0].frame)]


# ---- nothing is out of reach ----


def outside(report: Report) -> list[str]:
    """Numerals of tables that were not read, but for those of titles and of lines over and below the cells."""
    places = sorted((c.start, c.end) for c in report.other_tables.cells.itertuples())
    rows = {report.reading.document.line_at(start).number for start, _ in places}
    unclaimed = report.unclaimed()
    return [
        one.printed
        for one in unclaimed[unclaimed["reason"].isin(REASONS)].itertuples()
        if one.line in rows and not any(start <= one.start < end for start, end in places)
    ]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_numeral_of_an_other_table_is_in_one_of_its_cells(paper: str, tmp_path: Path) -> None:
    found = 0
    for name in ("further_tables", "self_evaluation", "table_within_prose", "three_public_rates"):
        report = copied(name, paper, tmp_path)
        assert outside(report) == []
        found += len(report.other_tables)
    assert found >= 3


@needs_chromium
def test_every_numeral_of_an_other_table_of_a_pdf_is_in_a_cell(
    printer: Printer, tmp_path: Path
) -> None:
    for name in ("further_tables", "self_evaluation", "details_before", "fund_without_lines"):
        report = read(printer.print(load(TEMPLATES / f"{name}.txt"), tmp_path))
        unclaimed = report.unclaimed()
        others = unclaimed[unclaimed["reason"].isin(REASONS)]
        assert len(others) > 0, name
        assert outside(report) == []
        lines = {cell.line for cell in report.other_tables.cells.itertuples()}
        grids = [
            line.number
            for line in report.reading.document.lines
            if report.reading.document.grid_of(line)
        ]
        assert {*others["line"]} & {*grids} <= lines


def test_a_report_without_further_tables_has_none() -> None:
    report = read(HERE / "reconciliation/anhui_water.txt")
    assert len(report.other_tables) == 0
    assert report.other_tables.cells.empty
    assert list(report.other_tables.cells)[:3] == ["number", "title", "row"]
    assert "没有其他表" in report.other_tables._repr_html_()


# ---- what a person sees ----


@needs_chromium
def test_jupyter_shows_a_table_with_its_spans_and_escapes_it(further: Report) -> None:
    assert (
        repr(further.other_tables).split("\n")[1]
        == "<OtherTable 2: 政府采购情况表, page 4, 6 x 10>"
    )
    shown = further.other_tables[1]._repr_html_()
    assert '<td rowspan="1" colspan="4">采购计划金额</td>' in shown
    assert "第4页" in shown
    assert "政府采购情况表（第4页）" in further.other_tables._repr_html_()


def test_text_of_a_report_is_no_markup(tmp_path: Path) -> None:
    report = text_report("项目情况表\n<b>项目</b>\t数量\t备注\n<i>甲</i>\t1\t\n乙\t2\t\n", tmp_path)
    table: OtherTable = report.other_tables[0]
    assert "<i>" not in table._repr_html_()
    assert "&lt;i&gt;甲&lt;/i&gt;" in table._repr_html_()


# ---- a cell that a page break leaves open ----


def glyph(text: str, x: float, top: float) -> Glyph:
    return Glyph(text, x, top, x + 8, top + 8, top + 7, 8)


def test_a_cell_without_its_lower_line_at_the_foot_of_a_page_is_one() -> None:
    across = [RulingLine(0, y, 100, y) for y in (0, 20)]
    across += [
        RulingLine(50, y, 100, y) for y in (40, 60)
    ]  # the class on the left goes on overleaf
    down = [RulingLine(x, 0, x, 60) for x in (0, 50, 100)]
    words = [
        word_of([glyph(text, x, top)])
        for text, x, top in (
            ("类", 20, 6),
            ("名", 70, 6),
            ("产", 20, 36),
            ("甲", 70, 26),
            ("乙", 70, 46),
        )
    ]
    grids, outside_words = ruled_grids(merged([*across, *down]), words)
    assert outside_words == []
    (grid,) = grids
    cells = {(c.row, c.column, c.rows): "".join(w.text for w in c.words) for c in grid.cells}
    assert cells == {
        (0, 0, 1): "类",
        (0, 1, 1): "名",
        (1, 0, 2): "产",
        (1, 1, 1): "甲",
        (2, 1, 1): "乙",
    }


# ---- real reports: counted and typed from the rendered pages ----

REAL = {
    "国家信访局2024年度部门决算.pdf": [
        ("信访干部培训专项项目绩效自评表", 30, 21, 11),
        ("信访研究宣传立法专项项目绩效自评表", 32, 21, 11),
        ("资产运行维护项目绩效自评表", 34, 20, 11),
        ("信息化运行维护项目绩效自评表", 35, 19, 11),
        ("表1：项目年度绩效指标表", 46, 10, 4),
        ("表2：综合评价得分情况表", 48, 6, 4),
    ],
    "佛山市轨道交通局2019年度部门决算.pdf": [("", 29, 8, 2)],
    "上海市普陀区财政局2024年度部门决算.pdf": [
        ("纳入上海市普陀区财政局2024年度部门决算编制范围的单位包括：", 5, 4, 3)
    ],
    "西南大学2023年度部门决算.pdf": [],
    "重排_生态环境局2025.pdf": [],
}
CELLS = {
    ("国家信访局2024年度部门决算.pdf", 5): [
        ["一级指标", "分值", "得分", "得分率"],
        ["决策", "20", "17.90", "89.50%"],
        ["过程", "20", "17.99", "89.95%"],
        ["产出", "30", "25.30", "84.33%"],
        ["效益", "30", "24.00", "80.00%"],
        ["合计", "100", "85.19", "85.19%"],
    ],
    ("国家信访局2024年度部门决算.pdf", 4): [
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["成本指标", "经济成本指标", "项目总成本", "不超过预算"],
        ["产出指标", "数量指标", "数据中心设备维护量", "≥330台套"],
        ["", "质量指标", "前端运维问题响应时间", "≤15分钟"],
        ["", "", "系统持续稳定运行时间比率（运行小时数/全年总小时数）", "≥99.5%"],
        ["", "", "设备/系统故障恢复时间", "≤4小时"],
        ["", "", "设备完好率", "≥96%"],
        ["效益指标", "社会效益指标", "网络安全事件发生率", "小于0.5%"],
        ["", "", "保障全国信访信息系统安全稳定运行", "成效明显"],
        ["满意度指标", "服务对象满意度指标", "使用部门满意率", "≥96%"],
    ],
    ("佛山市轨道交通局2019年度部门决算.pdf", 0): [
        ["项目名称", "自评分数"],
        ["质量抽检和试验检测管理", "100"],
        ["2019年度聘请专家人员经费", "96.53"],
        ["佛山市轨道交通局开办经费", "97.87"],
        ["轨道交通建设管理咨询服务", "100"],
        ["轨道交通工程质量安全行业监管技术服务", "99.71"],
        ["城市轨道及湾华控制中心质量安全监管服务", "100"],
        ["广佛两市轨道交通系统一体化规划", "100"],
    ],
    ("上海市普陀区财政局2024年度部门决算.pdf", 0): [
        ["序号", "单位名称", "备注"],
        ["1", "上海市普陀区财政局（本级）", ""],
        ["2", "上海市普陀区财政局财政所", "预算不单列，并入本级"],
        ["3", "上海市普陀区国库收付中心", "预算不单列，并入本级"],
    ],
}
#: Of the first project: class, name, target, actual value, weight, score; one of the class lies over the page break.
TRAINING = [
    ("成本指标/经济成本指标", "参加培训学员人均培训费", "不超标准", "未超标准", 20, 20),
    ("产出指标/数量指标", "培养实践锻炼、跟班学习干部人数", "≥110人", "123人", 6, 6),
    ("产出指标/数量指标", "培训人数", "≥300人", "366人", 6, 6),
    ("产出指标/数量指标", "培训班次", "≥4次", "4次", 6, 6),
    ("产出指标/质量指标", "培训合格率", "≥98%", "100%", 8, 8),
    ("产出指标/质量指标", "培训参与度", "≥95%", "98%", 6, 6),
    ("产出指标/时效指标", "培训计划按期完成率", "≥100%", "100%", 8, 8),
    ("效益指标/社会效益指标", "信访工作质量", "有所提高",
     "着力推进信访工作法治化，持续深化矛盾源头预防化解，为维护群众合法权益及社会稳定作出积极贡献", 10, 9),
    ("效益指标/社会效益指标", "信访系统干部整体素质", "有所提高",
     "持续开展分层分类精准培训，信访干部的政治素养和履职能力明显提升，干事创业的精气神持续提振", 10, 9),
    ("满意度指标/服务对象满意度指标", "受训学员满意率", "≥95%", "100%", 10, 10),
]  # fmt: skip


@pytest.mark.skipif(not SHARED.exists(), reason="no reports beside the checkout")
@pytest.mark.parametrize("name", REAL)
def test_real_reports_have_as_many_as_are_seen(name: str) -> None:
    report = read(SHARED / name)
    found = [(t.title, t.page, *t.frame.shape) for t in report.other_tables]
    assert found == REAL[name]
    assert outside(report) == []
    for (file, at), cells in CELLS.items():
        if file == name:
            assert texts(report.other_tables[at].frame) == cells


@pytest.mark.skipif(not SHARED.exists(), reason="no reports beside the checkout")
def test_the_self_evaluations_of_a_real_report_are_indicators() -> None:
    kpis = read(SHARED / "国家信访局2024年度部门决算.pdf").kpis
    assert kpis["project"].value_counts(sort=False).to_dict() == {
        "信访干部培训专项": 10,
        "信访研究宣传立法专项": 10,
        "资产运行维护": 9,
        "信息化运行维护": 8,
    }
    columns = ["class", "name", "target_printed", "actual_printed", "weight", "score"]
    assert [*kpis[columns][:10].itertuples(index=False, name=None)] == TRAINING
    missed = kpis.loc[kpis["met"].eq(False).fillna(value=False), ["name", "page"]]
    assert missed.to_numpy().tolist() == [
        ["微信发稿量（篇）", 32],
        ["设备完好率", 35],
        ["系统持续稳定运行时间比率（运行小时数/全年总小时数）", 36],
        ["使用部门满意率", 36],
    ]
    assert kpis.groupby("project")["score"].sum().to_dict() == {  # with those of the funds: 98, 94.7, 98, 90.5
        "信访干部培训专项": 88, "信访研究宣传立法专项": 87, "资产运行维护": 88, "信息化运行维护": 84.2,
    }  # fmt: skip
