"""Notebook 00: who reports, what was read, the main sums, and last year as far as it is stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import pandas as pd

from qy_finance import frames
from qy_finance.analysis.accounts import APPROPRIATION, FUNDS, RECEIVED, SPENT, total
from qy_finance.analysis.comparisons import Comparison, comparisons
from qy_finance.analysis.findings import Break, breaks
from qy_finance.checks import CheckSet
from qy_finance.checks.cells import COPIES
from qy_finance.checks.ledger import LedgerTable
from qy_finance.checks.model import Check
from qy_finance.facts import Fact
from qy_finance.numbers import MONEY
from qy_finance.reading import Reading

_SIDES: Final = {"收入": "income", "支出": "expenditure"}
_SUMS: Final = {
    "收入": (RECEIVED, "使用非财政拨款结余", "年初结转和结余", "总计"),
    "支出": (SPENT, "结余分配", "年末结转和结余", "总计"),
}
_OF_ACCOUNT: Final = re.compile(r"收入|支出|总计|结转|结余|经费|^\d{3}")
_APART: Final = re.compile("三公|机关运行|采购|资产|绩效|工作|职能|人均")


class ReadingCounts(NamedTuple):
    """How completely a report was read: figures of tables and prose, indicators, unexplained numerals."""

    in_tables: int
    in_prose: int
    indicators: int
    other: int
    unknown: int


@dataclass(frozen=True, eq=False)
class Overview:
    """What notebook 00 tells of a report; numbers are objects (Number) in its money unit.

    Attributes
    ----------
    reading, counts : Reading, ReadingCounts
        What was read, and how much of it.
    tables : DataFrame
        The tables of the form: 表, 标识 (string), 行, 数值, 非零 (Int64; rows, printed figures, and those that are not
        0; missing where the report has no such table).
    copies : list of list of Fact
        Cells that are printed several times with different values: the first print, then those that differ from it.
    sums : DataFrame
        Main sums of 收入支出决算总表 that are printed: 收支, 项目 (string), 金额.
    balance : dict of str to Check or None
        For 收入 and 支出 the check (勾稽) of 总计 against its parts; None where something is missing.
    funds : DataFrame
        Each kind of appropriation (财政拨款收入支出决算总表): 资金 (string), 本年收入, 本年支出 (missing where not
        printed). Empty without that table.
    compared, breaks : list of Comparison, list of Break
        See :func:`compared`; the contradictions, the gravest first.
    """

    reading: Reading
    counts: ReadingCounts
    tables: pd.DataFrame
    copies: list[list[Fact]]
    sums: pd.DataFrame
    balance: dict[str, Check | None]
    funds: pd.DataFrame
    compared: list[Comparison]
    breaks: list[Break]

    @cached_property
    def identity(self) -> pd.DataFrame:
        """Who reports: columns 项目, 内容 (string)."""
        of = self.reading.identity
        values = of.unit, str(of.year), of.scope, of.money_unit, self.reading.file
        names = "单位", "年度", "口径", "表内金额单位", "文件"
        return pd.DataFrame({"项目": names, "内容": values}, dtype="string")


def overview(checks: CheckSet) -> Overview:
    """What notebook 00 tells of a report."""
    reading = checks.reading
    made = {check.identity.id: check for check in checks.made if isinstance(check, Check)}
    return Overview(
        reading,
        reading_counts(reading),
        _tables(checks),
        _differing_copies(checks),
        _sums(reading),
        {side: made.get(f"summary.{name}_total") for side, name in _SIDES.items()},
        _funds(reading),
        compared(checks),
        breaks(checks),
    )


def reading_counts(reading: Reading) -> ReadingCounts:
    """Count what was read."""
    total, prose = len(reading.facts), len(reading.prose)
    reasons = frames.unclaimed(reading)["reason"]
    unknown = int((reasons == "unknown").sum())
    other = len(reasons) - unknown
    return ReadingCounts(total - prose, prose, len(reading.indicators), other, unknown)


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
        and _OF_ACCOUNT.search(one.name)
        and not _APART.search(one.current.section + one.name)
    ]


def _tables(checks: CheckSet) -> pd.DataFrame:
    form, rows = checks.reading.form, []
    for table in form.ids:
        counts: tuple[int | None, ...] = (None, None, None)
        if table in checks.reading.tables:
            sheet = checks.ledger.sheets.get(table, LedgerTable(table))
            values = [fact.value for copies in sheet.cells.values() for fact in copies]
            counts = len(sheet.rows), len(values), sum(map(bool, values))
        rows.append((form.name(table), table, *counts))
    kinds = {"表": "string", "标识": "string", "行": "Int64", "数值": "Int64", "非零": "Int64"}
    return pd.DataFrame(rows, columns=list(kinds)).astype(kinds)


def _differing_copies(checks: CheckSet) -> list[list[Fact]]:
    found: dict[Fact, list[Fact]] = {}
    for check in checks.made:
        if isinstance(check, Check) and check.identity is COPIES and check.outcome.difference:
            first, other = check.rule.operands
            found.setdefault(first, [first]).append(other)
    return list(found.values())


def _sums(reading: Reading) -> pd.DataFrame:
    found = [(side, item, total(reading, side, item)) for side in _SUMS for item in _SUMS[side]]
    rows = [(side, item, fact.number) for side, item, fact in found if fact]
    frame = pd.DataFrame(rows, columns=["收支", "项目", "金额"], dtype="object")
    return frame.astype({"收支": "string", "项目": "string"})


def _funds(reading: Reading) -> pd.DataFrame:
    cell, rows = reading.cell, []
    for fund in FUNDS if APPROPRIATION in reading.tables else ():
        income = cell(APPROPRIATION, fund, "决算数", side="收入")
        spent = cell(APPROPRIATION, SPENT, fund, side="支出")
        rows.append((fund.removesuffix("财政拨款"), *(f and f.number for f in (income, spent))))
    frame = pd.DataFrame(rows, columns=["资金", "本年收入", "本年支出"], dtype="object")
    return frame.astype({"资金": "string"})
