"""One real report as text and as PDF: the same observations, provenance aside.

The PDF is laid out by this project's own writer, from the tables as typed by hand (see golden/README.md) and
the paragraphs as published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from layout.facts import Cell
from layout.pdf_options import GUANGDONG, SHANGHAI, PdfOptions
from layout.pdf_writer import Contents, lay_out_contents
from test_golden import REPORT, TABLES, assert_same

import qy_finance

_BEGINS = re.compile(
    r"第[一二三四]部分|[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d{1,2}[.、]\D"
)
_SHORT_LINE = 48  # columns: only the last line of a paragraph of that report is shorter
SAID = (
    *("table", "side", "code", "item", "column", "measure"),
    *("value", "unit_of_measure", "printed", "year"),
)


def _paragraphs(lines: Iterable[str]) -> list[str]:
    """The report's paragraphs, joined from its lines; page numbers are left out."""
    joined: list[str] = []
    before = ""
    for line in filter(None, map(str.strip, lines)):
        if re.fullmatch(r"\d{1,2}", line):
            continue
        short = len(before.encode("gbk")) < _SHORT_LINE
        if short or (_BEGINS.match(line) and before[-1] in "。；：明"):
            joined.append(line)
        else:
            joined[-1] += line
        before = line
    return joined


def _qingyuan() -> Contents:
    """The report of 2022: its tables as typed by hand, its prose as published."""
    cells = [
        Cell(row.table, row.side or None, row.code or None, row.item, row.column, row.printed)
        for row in TABLES.itertuples()
    ]
    text = REPORT.read_text(encoding="utf-8")
    first, second, third, fourth = (text.index(f"第{n}部分：") for n in "一二三四")
    overview, explanations, glossary = (
        _paragraphs(part.splitlines())[1:]
        for part in (text[first:second], text[third:fourth], text[fourth:])
    )
    unit = "清远市政务服务数据管理局本级"
    return Contents(unit, 2022, "万元", cells, overview, explanations, glossary)


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)


def _said(report: qy_finance.Report, *, tables: bool) -> list[tuple[str, ...]]:
    observations = report.observations.sort_values("start")
    chosen = observations[observations["table"].notna() == tables]
    rows = [tuple(map(_text, row)) for row in chosen[[*SAID]].itertuples(index=False)]
    return sorted(rows) if tables else rows


@pytest.mark.parametrize(
    "layout",
    [GUANGDONG, replace(SHANGHAI, blanks=False), replace(GUANGDONG, rotation=90, ruled="cells")],
    ids=["Guangdong", "Shanghai", "rotated"],
)
def test_a_real_report_says_the_same_as_text_and_as_pdf(layout: PdfOptions, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    lay_out_contents(_qingyuan(), layout, path)
    text, pdf = qy_finance.read_report(REPORT), qy_finance.read_report(path)
    assert_same(_said(text, tables=True), _said(pdf, tables=True))
    assert_same(_said(text, tables=False), _said(pdf, tables=False))
