"""Notebook 00: who reports, what was read, the main sums, and last year as far as it is stated."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

import pandas as pd

from qy_finance import frames
from qy_finance.analysis import once
from qy_finance.analysis.accounts import APPROPRIATION, FUNDS, RECEIVED, SPENT, framed, total
from qy_finance.analysis.comparisons import Comparison, comparisons
from qy_finance.analysis.findings import breaks
from qy_finance.checks import CheckSet
from qy_finance.checks.cells import COPIES
from qy_finance.checks.ledger import LedgerTable
from qy_finance.checks.model import Check
from qy_finance.facts import Fact
from qy_finance.numbers import MONEY

_SIDES: Final = {"收入": "income", "支出": "expenditure"}
_SUMS: Final = {
    "收入": (RECEIVED, "使用非财政拨款结余", "年初结转和结余", "总计"),
    "支出": (SPENT, "结余分配", "年末结转和结余", "总计"),
}
_OF_ACCOUNT: Final = re.compile(r"收入|支出|总计|结转|结余|经费")
_APART: Final = re.compile("三公|机关运行|采购|资产|绩效|工作|职能|人均")


class Overview:
    """What notebook 00 tells of a report; numbers are objects (Number) in its money unit."""

    def __init__(self, checks: CheckSet) -> None:
        self.checks, self.reading = checks, checks.reading
        self.in_prose = len(self.reading.prose)
        self.in_tables = len(self.reading.facts) - self.in_prose
        reasons = list(frames.unclaimed(self.reading)["reason"])
        self.unknown = reasons.count("unknown")  # numerals that nothing explains
        self.other = len(reasons) - self.unknown  # those that are no figures
        made = {check.identity.id: check for check in checks.made if isinstance(check, Check)}
        # the check (勾稽) of 总计 against its parts; None where something is missing
        self.balance = {side: made.get(f"summary.{name}_total") for side, name in _SIDES.items()}
        self.compared = compared(checks)
        self.breaks = breaks(checks)  # the gravest first

    @property
    def identity(self) -> pd.DataFrame:
        """Who reports: columns 项目, 内容 (string)."""
        of = self.reading.identity
        values = of.unit, str(of.year), of.scope, of.money_unit, self.reading.file
        names = "单位", "年度", "口径", "表内金额单位", "文件"
        return pd.DataFrame({"项目": names, "内容": values}, dtype="string")

    @cached_property
    def tables(self) -> pd.DataFrame:
        """The tables of the form: 表, 标识 (string), 行, 数值, 非零 (Int64).

        Rows, printed figures, and those that are not 0; missing where the report has no such table.
        """
        form, rows = self.reading.form, []
        for table in form.ids:
            counts: tuple[int | None, ...] = (None, None, None)
            if table in self.reading.tables:
                sheet = self.checks.ledger.sheets.get(table, LedgerTable(table))
                values = [fact.value for copies in sheet.cells.values() for fact in copies]
                counts = len(sheet.rows), len(values), sum(map(bool, values))
            rows.append((form.name(table), table, *counts))
        kinds = {"表": "string", "标识": "string", "行": "Int64", "数值": "Int64", "非零": "Int64"}
        return framed(rows, kinds, kinds)

    @property
    def copies(self) -> list[list[Fact]]:
        """Cells that are printed several times with different values: the first print, then those that differ."""
        found: dict[Fact, list[Fact]] = {}
        for check in self.checks.made:
            if isinstance(check, Check) and check.identity is COPIES and check.outcome.difference:
                first, other = check.rule.operands
                found.setdefault(first, [first]).append(other)
        return list(found.values())

    @cached_property
    def sums(self) -> pd.DataFrame:
        """Main sums of 收入支出决算总表 that are printed: 收支, 项目 (string), 金额."""
        rows = [
            (side, item, fact.number)
            for side, items in _SUMS.items()
            for item in items
            if (fact := total(self.reading, side, item))
        ]
        return framed(rows, ("收支", "项目", "金额"), {"收支": "string", "项目": "string"})

    @cached_property
    def funds(self) -> pd.DataFrame:
        """Each kind of appropriation (财政拨款收入支出决算总表): 资金 (string), 本年收入, 本年支出.

        Missing where not printed; empty without that table.
        """
        cell, rows = self.reading.cell, []
        for fund in FUNDS if APPROPRIATION in self.reading.tables else ():
            income = cell(APPROPRIATION, fund, "决算数", side="收入")
            spent = cell(APPROPRIATION, SPENT, fund, side="支出")
            numbers = (fact and fact.number for fact in (income, spent))
            rows.append((fund.removesuffix("财政拨款"), *numbers))
        return framed(rows, ("资金", "本年收入", "本年支出"), {"资金": "string"})


@once
def compared(checks: CheckSet) -> list[Comparison]:
    """Income and expenditure that the report compares with last year, where not 0 in both years.

    三公 and 机关运行经费, which are parts of expenditure, are left out, and what is no sum of the account: what was
    procured or is owned, and what is told of the work (农村居民人均可支配收入).
    """
    return [
        one
        for one in comparisons(checks)
        if one.unit in MONEY
        and (one.amount or one.previous)
        and (one.current.figure.code or _OF_ACCOUNT.search(one.name))
        and not _APART.search(one.current.section + one.name)
    ]
