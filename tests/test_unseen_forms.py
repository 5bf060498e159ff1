"""Forms that nobody described beforehand: what goes on over pages, rows without codes, budgets without a kind."""

from __future__ import annotations

import html
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

import qy_finance
from qy_finance import Report, read_report

Rows = Sequence[Sequence[str]]

LABEL = "部门：某市水务局　金额单位：万元"
HEAD = ["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"]
FIRST = [
    ["合计", "", "60.00", "40.00", "20.00"],
    ["205", "教育支出", "10.00", "", "10.00"],
    ["210", "卫生健康支出", "30.00", "30.00", ""],
]
SECOND = [["213", "农林水支出", "20.00", "10.00", "10.00"]]
SPENT = [*FIRST, *SECOND]
FURTHER = ["上缴上级支出", "经营支出", "对附属单位补助支出"]
WIDE = [*HEAD, *FURTHER]


def _wide(rows: Rows) -> Rows:
    """Rows with the columns of all expenditure."""
    return [[*row, "", "", ""] for row in rows]


def _page(*pieces: str | Rows) -> str:
    """A web page of lines and tables."""
    shown = []
    for piece in pieces:
        if isinstance(piece, str):
            shown.append(f"<p>{html.escape(piece)}</p>")
            continue
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in piece)
        shown.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>")
    return f"<html><head><meta charset=utf-8></head><body>{''.join(shown)}</body></html>"


def _read(path: Path, text: str) -> Report:
    path.write_text(text, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read_report(path)


def _web(folder: Path, *pieces: str | Rows) -> Report:
    return _read(folder / "report.html", _page("某市水务局2023年度部门决算", *pieces))


def _column(report: Report, table: str, column: str) -> list[tuple[str, str]]:
    """Item and figure of each row of a column, as printed."""
    frame = report.observations
    rows = frame[(frame["table"] == table) & (frame["column"] == column)]
    return [*rows[["item", "printed"]].itertuples(index=False, name=None)]


def _broken(report: Report) -> list[str]:
    checks = report.check()
    return [*checks.loc[checks["status"] == "break", "check_id"]]


TOTALS = [
    ("合计", "60.00"),
    ("教育支出", "10.00"),
    ("卫生健康支出", "30.00"),
    ("农林水支出", "20.00"),
]


@pytest.mark.parametrize(
    "title",
    [
        "支出决算表",
        "支出决算表（续）",
        "某市水务局2023年度支出决算表",
        "某市水务局支出决算表",
        "续支出决算表",
    ],
)
def test_further_page_whose_title_is_dressed_otherwise(title: str, tmp_path: Path) -> None:
    report = _web(
        tmp_path, "2023年度支出决算表", LABEL, [WIDE, *_wide(FIRST)],
        title, LABEL, [WIDE, *_wide(SECOND)],
    )  # fmt: skip
    assert _column(report, "expenditure", "本年支出合计") == TOTALS
    assert not _broken(report)


def test_table_of_another_year_is_no_further_page(tmp_path: Path) -> None:
    report = _web(
        tmp_path, "2023年度支出决算表", LABEL, [WIDE, *_wide(SPENT)],
        "2022年度支出决算表", LABEL, [WIDE, *_wide([["214", "交通运输支出", "7.00", "7.00", ""]])],
    )  # fmt: skip
    assert _column(report, "expenditure", "本年支出合计") == TOTALS


@pytest.mark.parametrize(
    "label",
    [
        "公开03表（续）", "（续表）", "续公开03表", "单位：万元", "2023年度", LABEL,
        "公开03表　部门：某市水务局　2023年度　金额单位：万元",
    ],
)  # fmt: skip
def test_label_within_copied_table_is_no_name(label: str, tmp_path: Path) -> None:
    rows = [
        ["合计" if row[0] == "合计" else " ".join(row[:2]), *(c or "0.00" for c in row[2:])]
        for row in SPENT
    ]
    zeros = " 0.00 0.00 0.00"
    lines = [" ".join(row) + zeros for row in rows]
    head = " ".join(WIDE)
    text = "\n".join(
        [
            "某市水务局2023年度部门决算",
            "支出决算表",
            LABEL,
            head,
            *lines[:3],
            label,
            head,
            *lines[3:],
            "",
        ]
    )
    report = _read(
        tmp_path / "report.txt", text + "2023年度部门决算情况说明\n本年支出合计60.00万元。\n"
    )
    assert _column(report, "expenditure", "本年支出合计") == TOTALS


def test_last_row_without_figures_is_no_title(tmp_path: Path) -> None:
    """2239999 其他国有资本经营预算支出 and 支出决算表 below it are not a table of state capital."""
    income = "科目编码 科目名称 本年收入合计 财政拨款收入 上级补助收入 事业收入 经营收入 附属单位上缴收入 其他收入"
    text = "\n".join(
        [
            "某市水务局2023年度部门决算", "收入决算表", LABEL, income.replace(" ", "\t"),
            "合计\t\t60.00\t60.00\t\t\t\t\t", "2239999\t其他国有资本经营预算支出",
            "支出决算表", LABEL, "\t".join(WIDE), *("\t".join(row) for row in _wide(SPENT)), "",
        ]
    )  # fmt: skip
    report = _read(tmp_path / "report.txt", text + "部门决算情况说明\n本年支出合计60.00万元。\n")
    assert "state_capital" not in set(report.observations["table"].dropna())
    assert _column(report, "expenditure", "本年支出合计") == TOTALS


def test_rows_without_codes_are_held_against_those_of_their_name(tmp_path: Path) -> None:
    def coded(rows: Rows) -> Rows:
        return [[row[1] or row[0], *row[2:]] for row in rows]

    def report(appropriated: str) -> Report:
        part = [
            ["合计", "", appropriated, appropriated, ""],
            ["210", "卫生健康支出", appropriated, appropriated, ""],
        ]
        return _web(
            tmp_path, "支出决算表", LABEL, [["科目名称", *WIDE[2:]], *coded(_wide(SPENT))],
            "一般公共预算财政拨款支出决算表", LABEL, [["科目名称", *HEAD[2:]], *coded(part)],
        )  # fmt: skip

    assert not _broken(report("29.00"))
    assert "between.expenditure_items:卫生健康支出" in _broken(report("31.00"))


def test_name_of_several_rows_without_codes_is_held_against_none(tmp_path: Path) -> None:
    """行政运行 of one account is not that of another."""
    all_funds = [
        ["合计", "30.00", "30.00", "", "", "", ""],
        ["一般公共服务支出", "10.00", "10.00", "", "", "", ""],
        ["行政运行", "10.00", "10.00", "", "", "", ""],
        ["农林水支出", "20.00", "20.00", "", "", "", ""],
        ["行政运行", "20.00", "20.00", "", "", "", ""],
    ]
    part = [
        ["合计", "20.00", "20.00", ""],
        ["农林水支出", "20.00", "20.00", ""],
        ["行政运行", "20.00", "20.00", ""],
    ]
    report = _web(
        tmp_path, "支出决算表", LABEL, [["科目名称", *WIDE[2:]], *all_funds],
        "一般公共预算财政拨款支出决算表", LABEL, [["科目名称", *HEAD[2:]], *part],
    )  # fmt: skip
    assert not _broken(report)


def test_figures_of_no_group_are_not_an_empty_table(tmp_path: Path) -> None:
    """Two rows of 三公 that do not say which is the budget."""
    head = [
        "合计",
        "因公出国（境）费",
        "小计",
        "公务用车购置费",
        "公务用车运行维护费",
        "公务接待费",
    ]
    report = _web(
        tmp_path, "财政拨款“三公”经费支出决算表", LABEL,
        [head, ["13.50", "", "9.00", "", "9.00", "4.50"], ["11.52", "", "8.40", "", "8.40", "3.12"]],
        "一、“三公”经费情况说明", "2023年“三公”经费支出11.52万元。",
    )  # fmt: skip
    assert "three_public" in report.meta["unread_tables"]
    told = report.unclaimed().set_index("printed")["reason"]
    assert {*told[["13.50", "11.52", "3.12"]]} == {"unread table"}
    assert not _broken(report)


def test_budget_that_comes_in_is_not_what_was_spent_of_it(tmp_path: Path) -> None:
    names = ["合计", "一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    summary = [
        ["项目", "金额", "项目", *names],
        ["一、一般公共预算财政拨款", "59.00", "一、教育支出", "65.00", "65.00", "", ""],
        ["二、政府性基金预算财政拨款", "10.00", "二、城乡社区支出", "10.00", "", "10.00", ""],
        ["本年收入合计", "69.00", "本年支出合计", "75.00", "65.00", "10.00", ""],
    ]
    said = "本年财政拨款收入69.00万元，包括：一般公共预算财政拨款{}万元、政府性基金预算财政拨款10.00万元。"
    general = [HEAD, ["合计", "", "65.00", "65.00", ""], ["205", "教育支出", "65.00", "65.00", ""]]
    pieces = (
        "财政拨款收入支出决算总表", LABEL, summary, "一般公共预算财政拨款支出决算表", LABEL, general,
        "二、财政拨款收入支出决算情况说明",
    )  # fmt: skip
    assert not _broken(_web(tmp_path, *pieces, said.format("59.00")))
    assert _broken(_web(tmp_path, *pieces, said.format("58.00")))


def test_page_with_widths_of_its_own(tmp_path: Path) -> None:
    font = Path(qy_finance.__file__).parent / "fonts/NotoSansSC-Regular.ttf"
    pdfmetrics.registerFont(TTFont("cells", font))
    style = ParagraphStyle("cell", fontName="cells", fontSize=9, wordWrap="CJK")
    grid = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]

    def table(rows: Rows, widths: list[int]) -> Table:
        cells = [[Paragraph(cell, style) for cell in row] for row in rows]
        return Table(cells, colWidths=widths, style=grid)

    story = [
        *(Paragraph(line, style) for line in ("某市水务局2023年度部门决算", "支出决算表", LABEL)),
        table([WIDE, *_wide(FIRST)], [60, 200, 110, 80, 80, 80, 80, 80]), PageBreak(),
        Paragraph("续表", style), table([WIDE, *_wide(SECOND)], [150, 60, 60, 60, 120, 110, 110, 100]),
    ]  # fmt: skip
    path = tmp_path / "report.pdf"
    SimpleDocTemplate(str(path), pagesize=landscape(A4)).build(story)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = read_report(path)
    assert _column(report, "expenditure", "本年支出合计") == TOTALS
    assert _column(report, "expenditure", "基本支出") == [
        ("合计", "40.00"), ("卫生健康支出", "30.00"), ("农林水支出", "10.00"),
    ]  # fmt: skip


def test_ordinal_of_a_row_is_no_lost_figure(tmp_path: Path) -> None:
    """A sum is wrong by 3.00, and one of its rows is called 3.公务接待费."""
    rows = [
        ["项目", "预算数", "决算数"],
        ["合计", "22.00", "15.00"],
        ["1.因公出国（境）费", "", ""],
        ["2.公务用车购置及运行维护费", "10.00", "10.00"],
        ["（1）公务用车购置费", "", ""],
        ["（2）公务用车运行维护费", "10.00", "10.00"],
        ["3.公务接待费", "15.00", "5.00"],
    ]
    report = _web(tmp_path, "财政拨款“三公”经费支出决算表", LABEL, rows)
    assert _broken(report) == ["three_public.budget:“三公”经费"]
