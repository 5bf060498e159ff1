"""Lays a fictional account out as the text of a published report, and says what is in it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from .accounts import Account
from .canvas import Canvas, Options, wrap
from .chapters import explanations
from .facts import Laid
from .sentences import Prose
from .text_tables import Tables

DUTIES = (
    "负责起草全市有关政策制度并组织实施。",
    "统筹推进“数字政府”改革建设，拟订建设规划和年度建设计划并组织实施。",
    "承担市“12345”政府服务热线管理工作。",
    "完成市委、市政府交办的其他任务。",
)
GLOSSARY = (
    "财政拨款收入：指财政当年拨付的资金。包括一般公共预算财政拨款、政府性基金预算财政拨款和"
    "国有资本经营预算财政拨款。",
    "其他收入：指除上述“财政拨款收入”、“事业收入”、“经营收入”等以外的收入。",
    "年初结转和结余：指以前年度尚未完成、结转到本年按有关规定继续使用的资金。",
    "基本支出：指为保障机构正常运转、完成日常工作任务而发生的人员支出和公用支出。",
    "机关运行经费：指为保障行政单位（含参照公务员法管理的事业单位）运行用于购买货物和服务的"
    "各项资金，包括办公及印刷费、邮电费、差旅费、会议费以及其他费用。",
)

options = st.builds(
    Options,
    seed=st.integers(0, 2**16),
    separators=st.booleans(),
    blank_lines=st.booleans(),
    trailing_spaces=st.booleans(),
    page_numbers=st.sampled_from(("", "", " {} ", "— {} —", "- {} -", "第 {} 页")),
    form_feeds=st.booleans(),
    rows_per_page=st.sampled_from((3, 8, 14, 60)),
    lines_per_page=st.sampled_from((12, 26, 40)),
    repeat_headers=st.booleans(),
    row_numbers=st.booleans(),
    name_width=st.integers(5, 24),
    line_width=st.sampled_from((44, 56, 57, 70, 10_000)),
    notes=st.booleans(),
    jumbled_headers=st.booleans(),
    table_labels=st.sampled_from(("表 {} ", "公开0{}表", "附表{}", "")),
    unit_line=st.sampled_from(
        (
            " 单位 ：{unit}  单位：{money} ",
            "部门：{unit} 金额单位：{money}",
            "编制单位：{unit}   单位：{money}",
        )
    ),
    half_width=st.booleans(),
    wide_percent=st.booleans(),
    number_spaces=st.sampled_from(("some", "all", "none")),
    prose_style=st.sampled_from(("guangdong", "shanghai")),
    prose_money=st.sampled_from(("same", "万元")),
    contents=st.booleans(),
)


def lay_out(account: Account, layout: Options | None = None, skip: Sequence[str] = ()) -> Laid:
    """Write the report of an account; tables whose ids are in ``skip`` are left out."""
    layout = layout or Options()
    canvas = Canvas(layout)
    prose = Prose(account, layout)
    titles = (
        f"第一部分：{account.unit} 概况",
        f"第二部分：{account.unit} {account.year} 年度部门决算表",
        f"第三部分：{account.unit} {account.year} 年度部门决算情况说明",
        "第四部分：名词解释",
    )
    if layout.contents:
        _paragraphs(canvas, [f"{account.unit}{account.year}年度部门决算", "目    录"])
        for number, title in enumerate(titles, start=1):
            canvas.line(f"{title}{'.' * 20}{number * 3}")
        canvas.new_page()
    _overview(canvas, prose, titles[0])
    canvas.new_page()
    _paragraphs(canvas, [titles[1]])
    tables = Tables(account, canvas)
    tables.write(skip)
    canvas.new_page()
    prose.paragraphs.clear()
    prose.add(titles[2])
    explanations(prose)
    _paragraphs(canvas, prose.paragraphs)
    canvas.new_page()
    _paragraphs(canvas, [titles[3], *GLOSSARY])
    return Laid(canvas.text, tables.cells, prose.facts, account.indicators, tables.spans, layout)


def _overview(canvas: Canvas, prose: Prose, title: str) -> None:
    prose.add(title)
    prose.add("一、部门主要职责")
    for number, duty in enumerate(DUTIES, start=1):
        prose.add(f"{number}、{duty}")
    prose.add("二、单位机构设置")
    departments = prose.count(prose.account.counts["机构"], "个", "机构")
    prose.add(f"{prose.account.unit}内设{departments}机构：综合办公室、业务科、督查科等。")
    _paragraphs(canvas, prose.paragraphs)


def _paragraphs(canvas: Canvas, paragraphs: Sequence[str]) -> None:
    on_page = 0
    for paragraph in paragraphs:
        *lines, last = wrap(paragraph, canvas.options.line_width)
        for line in (*lines, last + canvas.random.choice((" ", "  "))):
            if on_page >= canvas.options.lines_per_page:
                canvas.new_page()
                on_page = 0
            canvas.line(line)
            on_page += 1
