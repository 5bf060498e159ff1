"""Sentences of notebook 02 on 三公 and unit costs. In Markdown, numbers lead to their source."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from qy_finance.analysis.facts import cell
from qy_finance.analysis.operating_public import COLUMNS, ROW, TABLE, TOTAL, slack, three_public
from qy_finance.analysis.operating_units import STAFF
from qy_finance.analysis.operating_words import amount, change
from qy_finance.display import bold, cite, escape
from qy_finance.report import Report

_TOLD = (STAFF, "每辆公务用车运行维护费", "每位")
_MOST = 3
_INDENTED = ("公务用车购置费", "公务用车运行维护费")


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Parts of 三公 to be read: Chinese headers, parts of a sum indented, no column that is empty throughout."""
    parts = [f"　其中：{part}" if part in _INDENTED else part for part in frame["part"]]
    names = [name for name in COLUMNS if name == "part" or frame[name].notna().any()]
    return frame.assign(part=parts)[names].rename(columns=COLUMNS)


def spent(report: Report) -> str:
    """三公 against its budget and last year."""
    frame, unit = three_public(report), str(report.meta["money_unit"])
    total = frame[frame["part"] == TOTAL]
    if total.empty or total["spent"].iloc[0] is None:
        return "报告没有印出“三公”经费的决算数。"
    row = total.iloc[0]
    text = f"“三公”经费决算 {bold(amount(row['spent'], unit))}"
    if row["completion"] is not None:
        text += f"，预算 {amount(row['budget'], unit)}，完成 {cite(row['completion'], '', 1)}%"
    if row["change"] is not None:
        text += f"，比上年{change(row['change'], unit)}"
    text += "。"
    if report.meta["missing_tables"] and TABLE in tuple(report.meta["missing_tables"]):  # type: ignore[arg-type]
        return f"{text}报告没有“三公”经费决算表，以上取自文字。"
    if cell(report, TABLE, ROW, "决算数/合计") is None:
        text += "决算表里这一栏空白，决算数取自文字。"
    over = frame[[c is not None and c > 100 for c in frame["completion"]]]
    if len(over):
        names = "、".join(map(escape, over["part"]))
        text += f"超过预算的有{names}。"
    return text


def within_running(report: Report) -> str:
    """How much of 三公 is in 公用经费."""
    frame, unit = three_public(report), str(report.meta["money_unit"])
    total = cell(report, "basic_expenditure", "公用经费合计", "决算数")
    of_parts = [value for value in frame["in_running"] if value is not None]
    whole = frame.loc[frame["part"] == TOTAL, "spent"]
    if total is None or not total.value:
        return "报告没有公用经费的明细，“三公”经费在其中占多少无法比较。"
    if not of_parts:
        return "基本支出表里没有“三公”科目的金额。"
    if whole.empty or whole.iloc[0] is None:
        return "报告没有印出“三公”经费的决算数，无法与公用经费比较。"
    inner, outer = sum(of_parts, Decimal(0)), whole.iloc[0]
    share = cite(100 * inner / total.value, "", 1)
    text = f"公用经费里的“三公”科目合计 {bold(amount(inner, unit))}，占公用经费的 {share}%"
    gap = outer - inner
    if abs(gap) <= slack(outer, *of_parts):
        return f"{text}；与“三公”经费决算 {amount(outer, unit)}相符，“三公”经费全部在公用经费之内。"
    if gap > 0:
        return f"{text}；“三公”经费决算 {amount(outer, unit)}，多出的 {amount(gap, unit)}应在项目支出或其他资金中列支。"
    return f"{text}；“三公”经费决算反而少 {amount(-gap, unit)}，只有 {amount(outer, unit)}，{bold('对不上')}。"


def each(frame: pd.DataFrame) -> str:
    """What can be said of the costs of one, and that heads can't be counted where they are not."""
    people = frame["measure"].str.startswith(STAFF).any()
    missing = "" if people else "报告没有公布在职或编制人数，人均公用经费算不出来。"
    if frame.empty:
        return f"报告没有同时给出金额和数量，或数量为 0，算不出单位成本。{missing}"
    told = [
        f"{escape(measure)} {bold(cite(value, '元', 0 if abs(value) >= 100 else 2))}"
        for measure, value in zip(frame["measure"], frame["each"], strict=True)
        if measure.startswith(_TOLD)
    ]
    named = "，".join(told[:_MOST]) + "。" if told else ""
    return f"{named}数量是报告所写的年末数或全年数，金额只含财政拨款。{missing}"
