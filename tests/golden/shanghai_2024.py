"""The PDF of 上海市普陀区财政局 2024 against the golden transcription that lies beside it.

Run as a script, it prints the comparison.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pandas as pd

from qy_finance import read_report
from qy_finance.report import Report

SHARED = Path(__file__).parents[3] / "shared"
REPORT = SHARED / "reports/上海市普陀区财政局2024年度部门决算.pdf"
CELLS = SHARED / "golden/pt_finance_2024.csv"
FACTS = SHARED / "golden/pt_finance_2024_facts.csv"

TABLES = {
    "收入支出决算总表": "income_expenditure_summary",
    "收入决算表": "income",
    "支出决算表": "expenditure",
    "财政拨款收入支出决算总表": "appropriation_summary",
    "一般公共预算财政拨款支出决算表": "general_budget_expenditure",
    "一般公共预算财政拨款基本支出决算表": "basic_expenditure",
    "财政拨款“三公”经费支出决算表": "three_public",
    "政府性基金预算财政拨款收入支出决算表": "government_fund",
    "国有资本经营预算财政拨款收入支出决算表": "state_capital",
}
# What this template prints, and the canonical name of it.
COLUMNS = {("general_budget_expenditure", "合计"): "本年支出合计"}
ITEMS = {
    # the second of two rows of this name, below 年初财政拨款结转和结余
    ("appropriation_summary", "一般公共预算财政拨款", Decimal("21.63")): (
        "年初财政拨款结转和结余/一般公共预算财政拨款"
    ),
}
MEASURES = {
    "同比变动额": "change",
    "同比变动率": "change_rate",
    "占比": "share",
    "占本年支出合计比": "share",
    "完成预算": "completion_rate",
    "完成年初预算": "completion_rate",
    "平均得分": "score",
}
COUNTED = ("个", "辆", "台（套）")

Cell: TypeAlias = tuple[str, str, str, str, str, Decimal, int]
Stated: TypeAlias = tuple[Decimal, str, str, int]


@dataclass(frozen=True)
class Comparison:
    """How often golden and read data agree, and what of either has no partner in the other."""

    right: int
    missing: Counter[Cell] | Counter[Stated]
    extra: Counter[Cell] | Counter[Stated]


def golden(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def number(printed: str) -> Decimal:
    return Decimal(printed.replace(",", ""))


def compare_cells(report: Report) -> Comparison:
    """Every printed cell by table, side, code, item, column, value and page; a blank one is none."""
    wanted: Counter[Cell] = Counter()
    for row in golden(CELLS).to_dict("records"):
        if row["value"]:
            table, value = TABLES[row["table"]], Decimal(row["value"])
            name = re.sub(r"^[一二三四五六七八九十]+、", "", row["item"])
            item = (
                "“三公”经费" if table == "three_public" else ITEMS.get((table, name, value), name)
            )
            column = COLUMNS.get((table, row["column"]), row["column"])
            side = row["side"]
            if table == "basic_expenditure":
                personnel = row["code"][:3] in ("301", "303") or "人员经费" in name
                side = "人员经费" if personnel else "公用经费"
            wanted[table, side, row["code"], item, column, value, int(row["page"])] += 1
    tables = report.observations.dropna(subset="table").fillna({"side": "", "code": ""})
    read: Counter[Cell] = Counter(
        (row.table, row.side, row.code, row.item, row.column, number(row.printed), int(row.page))
        for row in tables.itertuples()
    )
    return Comparison((wanted & read).total(), wanted - read, read - wanted)


def compare_facts(report: Report) -> Comparison:
    """Every figure of the prose by value, unit, measure and page; a direction of change is its sign."""
    rows = golden(FACTS).to_dict("records")
    falls = {row["fact"].partition("_")[0] for row in rows if row["value"] == "减少"}
    wanted: Counter[Stated] = Counter()
    for row in rows:
        if re.fullmatch(r"[\d.]+", row["value"]):
            subject, _, kind = row["fact"].rpartition("_")
            measure = MEASURES.get(kind, "count" if row["unit"] in COUNTED else "amount")
            falls_by = measure in ("change", "change_rate") and subject in falls
            value = -Decimal(row["value"]) if falls_by else Decimal(row["value"])
            wanted[value, row["unit"], measure, int(row["page"])] += 1
    read: Counter[Stated] = Counter(
        (Decimal(str(row.value)), row.unit_of_measure, row.measure, int(row.page))
        for row in report.facts.itertuples()
    )
    return Comparison((wanted & read).total(), wanted - read, read - wanted)


if __name__ == "__main__":
    report = read_report(REPORT)
    for name, result in (("cells", compare_cells(report)), ("facts", compare_facts(report))):
        print(f"{name}: {result.right} right", end="")
        print(
            f", {result.missing.total()} missing or wrong, {result.extra.total()} not in the golden data"
        )
        for what, entries in (("missing", result.missing), ("extra", result.extra)):
            for entry in entries.elements():
                print(f"  {what}: {entry}")
    unknown = report.unclaimed().query("reason == 'unknown'")
    print(f"numerals: {len(report.observations)} figures, {len(unknown)} unknown")
