"""Notebook 00: who reports, what was read, the main sums, and last year as far as it is stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis import derived, facts
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.facts import Fact
from qy_finance.intervals import MONEY
from qy_finance.report import TABLE_IDS, Report
from qy_finance.tables import NAMES

SUMMARY: Final = "income_expenditure_summary"
APPROPRIATION: Final = "appropriation_summary"
FUNDS: Final = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")

COLUMNS: Final = {
    "side": "收支",
    "item": "项目",
    "amount": "金额",
    "fund": "资金",
    "income": "本年收入",
    "expenditure": "本年支出",
}
"""Chinese headers of the frames of this module."""

RECEIVED: Final = "本年收入合计"
SPENT: Final = "本年支出合计"
INCOME: Final = (RECEIVED, "使用非财政拨款结余", "年初结转和结余")
EXPENDITURE: Final = (SPENT, "结余分配", "年末结转和结余")

_PRINTED: Final = {
    "使用非财政拨款结余": "使用非财政拨款结余|用事业基金弥补收支差额",
    "年初结转和结余": "(?:年初|上年)结转(?:和?结余)?",
    "年末结转和结余": "年末结转(?:和?结余)?|结转下年",
}
"""How forms of other years and regions name a sum."""

_OF_ACCOUNT: Final = re.compile(r"收入|支出|总计|结转|结余|经费|^\d{3}")
_APART: Final = re.compile("三公|机关运行|采购|资产|绩效|工作|职能|人均")


@dataclass(frozen=True, slots=True)
class Reading:
    """How completely a report was read: figures of tables and prose, indicators, unexplained numerals."""

    in_tables: int
    in_prose: int
    indicators: int
    other: int
    unknown: int

    @property
    def figures(self) -> int:
        """All observations."""
        return self.in_tables + self.in_prose


def reading(report: Report) -> Reading:
    """Count what was read."""
    prose = int(report.observations["table"].isna().sum())
    reasons = report.unclaimed()["reason"]
    unknown = int((reasons == "unknown").sum())
    return Reading(
        len(report.observations) - prose, prose, len(report.kpis), len(reasons) - unknown, unknown
    )


def identity(report: Report) -> pd.DataFrame:
    """Who reports: columns 项目, 内容 (string)."""
    names = {
        "unit": "单位",
        "year": "年度",
        "scope": "口径",
        "money_unit": "表内金额单位",
        "file": "文件",
    }
    rows = [(name, str(report.meta[key])) for key, name in names.items()]
    return pd.DataFrame(rows, columns=["项目", "内容"], dtype="string")


def tables(report: Report) -> pd.DataFrame:
    """The nine standard tables and what was read of each.

    Columns
    -------
    表, 标识 : string
        Name and table id.
    行, 数值 : Int64
        Rows and printed figures; missing where the report has no such table.
    非零 : Int64
        Figures that are not 0.
    """
    cells = report.observations.groupby("table", observed=True)["value"]
    counts, nonzero = cells.size(), cells.agg(lambda values: int((values != 0).sum()))
    rows = [
        (
            NAMES[table],
            table,
            len(report.tables[table]),
            counts.get(table, 0),
            nonzero.get(table, 0),
        )
        if table in report.tables
        else (NAMES[table], table, None, None, None)
        for table in TABLE_IDS
    ]
    frame = pd.DataFrame(rows, columns=["表", "标识", "行", "数值", "非零"])
    return frame.astype(
        {"表": "string", "标识": "string", "行": "Int64", "数值": "Int64", "非零": "Int64"}
    )


def conflicts(report: Report) -> list[str]:
    """Cells that are printed several times with different values: name of the table, row, column and values."""
    frame = report.observations.dropna(subset=["table"])
    keys = ["table", "side", "code", "item", "column"]
    return [
        f"{NAMES[str(table)]}“{item}”的{column}：{' 与 '.join(dict.fromkeys(copies['printed']))}"
        for (table, _, _, item, column), copies in frame.groupby(keys, dropna=False, sort=False)
        if copies["value"].nunique() > 1
    ]


def totals(report: Report) -> pd.DataFrame:
    """Main sums of 收入支出决算总表.

    Columns ``side`` (收入 or 支出), ``item`` (string), ``amount`` (object, Sourced in the money unit of the
    report). Only what is printed; empty where the table is missing.
    """
    rows = [
        (side, item, found.value)
        for side, items in (("收入", INCOME), ("支出", EXPENDITURE))
        for item in (*items, "总计")
        if (found := total(report, side, item))
    ]
    frame = pd.DataFrame(rows, columns=["side", "item", "amount"], dtype="object")
    return frame.astype({"side": "string", "item": "string"})


def by_fund(report: Report) -> pd.DataFrame:
    """Income and expenditure of each kind of appropriation (财政拨款收入支出决算总表).

    Columns ``fund`` (string), ``income`` and ``expenditure`` (object, Sourced in the money unit of the
    report; missing where nothing is printed). Empty where the table is missing.
    """
    rows = [
        (
            fund.removesuffix("财政拨款"),
            _value(facts.cell(report, APPROPRIATION, fund, "决算数", side="收入")),
            _value(facts.cell(report, APPROPRIATION, "本年支出合计", fund, side="支出")),
        )
        for fund in FUNDS
        if APPROPRIATION in report.tables
    ]
    frame = pd.DataFrame(rows, columns=["fund", "income", "expenditure"], dtype="object")
    return frame.astype({"fund": "string"})


def compared(report: Report) -> list[Comparison]:
    """Income and expenditure that the report compares with last year, where not 0 in both years.

    三公 and 机关运行经费, which are parts of expenditure, are left out, and what is no sum of the account: what was
    procured or is owned, and what is told of the work (农村居民人均可支配收入).
    """
    return [
        one
        for one in derived.comparisons(report)
        if one.current.unit in MONEY
        and (one.current.value or one.previous)
        and _OF_ACCOUNT.search(one.name)
        and not _APART.search(one.current.section + one.name)
    ]


def total(report: Report, side: str, item: str) -> Fact | None:
    """A sum of 收入支出决算总表, by the names that forms give it; later ones add to it (（含专用结余）)."""
    frame = report.tables[SUMMARY] if SUMMARY in report.tables else pd.DataFrame({"item": []})
    pattern = rf"(?:{_PRINTED.get(item, item)})(?:（.*）|\(.*\))?"
    name = next((name for name in frame["item"] if re.fullmatch(pattern, name)), item)
    return facts.cell(report, SUMMARY, name, "决算数", side=side)


def _value(fact: Fact | None) -> Decimal | None:
    return fact.value if fact else None
