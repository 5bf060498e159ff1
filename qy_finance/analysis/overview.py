"""Notebook 00: who reports, what was read, the main sums, and last year as far as it is stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from qy_finance import frames
from qy_finance.analysis.accounts import APPROPRIATION, FUNDS, RECEIVED, SPENT, total
from qy_finance.analysis.comparisons import Comparison, comparisons
from qy_finance.analysis.findings import Break, breaks
from qy_finance.checks import CheckSet
from qy_finance.checks.accounts import COPIES
from qy_finance.checks.model import Check
from qy_finance.facts import Fact
from qy_finance.numbers import MONEY
from qy_finance.reading import Reading

_SUMS: Final = {
    "收入": (RECEIVED, "使用非财政拨款结余", "年初结转和结余", "总计"),
    "支出": (SPENT, "结余分配", "年末结转和结余", "总计"),
}
_WHOLES: Final = {"收入": "summary.income_total", "支出": "summary.expenditure_total"}
"""The identity of the 总计 of each side and its parts."""
_OF_ACCOUNT: Final = re.compile(r"收入|支出|总计|结转|结余|经费|^\d{3}")
_APART: Final = re.compile("三公|机关运行|采购|资产|绩效|工作|职能|人均")


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """How completely a report was read: figures of tables and prose, indicators, unexplained numerals."""

    in_tables: int
    in_prose: int
    indicators: int
    other: int
    unknown: int


@dataclass(frozen=True, eq=False)
class Overview:
    """What notebook 00 tells of a report.

    Attributes
    ----------
    reading : Reading
        What was read.
    counts : ReadingCounts
        How much of it.
    tables : DataFrame
        The tables of the form: 表, 标识 (string), 行, 数值, 非零 (Int64; rows, printed figures, and those that are not
        0; missing where the report has no such table).
    copies : tuple of tuple of Fact
        Cells that are printed several times with different values: the first print, and those that differ from it.
    sums : DataFrame
        Main sums of 收入支出决算总表 that are printed: 收支, 项目 (string), 金额 (object, Number in the money unit).
    balance : dict of str to Check or None
        For 收入 and 支出 the check (勾稽) of 总计 against its parts; None where something is missing.
    funds : DataFrame
        Income and expenditure of each kind of appropriation (财政拨款收入支出决算总表): 资金 (string), 本年收入, 本年支出
        (object, Number in the money unit; missing where nothing is printed). Empty where the table is missing.
    compared : list of Comparison
        See :func:`compared`.
    breaks : list of Break
        What the checks find, the gravest first.
    """

    reading: Reading
    counts: ReadingCounts
    tables: pd.DataFrame
    copies: tuple[tuple[Fact, ...], ...]
    sums: pd.DataFrame
    balance: dict[str, Check | None]
    funds: pd.DataFrame
    compared: list[Comparison]
    breaks: list[Break]

    @property
    def identity(self) -> pd.DataFrame:
        """Who reports: columns 项目, 内容 (string)."""
        of = self.reading.identity
        rows = {
            "单位": of.unit,
            "年度": str(of.year),
            "口径": of.scope,
            "表内金额单位": of.money_unit,
            "文件": self.reading.file,
        }
        return pd.DataFrame(rows.items(), columns=["项目", "内容"], dtype="string")


def overview(checks: CheckSet) -> Overview:
    """What notebook 00 tells of a report."""
    reading = checks.reading
    return Overview(
        reading,
        reading_counts(reading),
        _tables(checks),
        _differing_copies(checks),
        _sums(reading),
        {side: _check_of(checks, identity) for side, identity in _WHOLES.items()},
        _funds(reading),
        compared(checks),
        breaks(checks),
    )


def reading_counts(reading: Reading) -> ReadingCounts:
    """Count what was read."""
    prose = len(reading.prose)
    reasons = frames.unclaimed(reading)["reason"]
    unknown = int((reasons == "unknown").sum())
    return ReadingCounts(
        len(reading.facts) - prose,
        prose,
        len(reading.indicators),
        len(reasons) - unknown,
        unknown,
    )


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
    reading, rows = checks.reading, []
    for table in reading.form.ids:
        counts: tuple[int | None, ...] = (None, None, None)
        if table in reading.tables:
            sheet = checks.ledger.sheets.get(table)
            values = [fact.value for cell in sheet.cells.values() for fact in cell] if sheet else []
            counts = len(sheet.rows) if sheet else 0, len(values), sum(map(bool, values))
        rows.append((reading.form.name(table), table, *counts))
    names = {"表": "string", "标识": "string", "行": "Int64", "数值": "Int64", "非零": "Int64"}
    return pd.DataFrame(rows, columns=list(names)).astype(names)


def _differing_copies(checks: CheckSet) -> tuple[tuple[Fact, ...], ...]:
    found: dict[Fact, list[Fact]] = {}
    for check in checks.made:
        if isinstance(check, Check) and check.identity is COPIES and check.outcome.difference:
            first, other = check.rule.operands
            found.setdefault(first, []).append(other)
    return tuple((first, *others) for first, others in found.items())


def _sums(reading: Reading) -> pd.DataFrame:
    rows = [
        (side, item, found.number)
        for side, items in _SUMS.items()
        for item in items
        if (found := total(reading, side, item))
    ]
    frame = pd.DataFrame(rows, columns=["收支", "项目", "金额"], dtype="object")
    return frame.astype({"收支": "string", "项目": "string"})


def _check_of(checks: CheckSet, identity: str) -> Check | None:
    made = (check for check in checks.made if check.identity.id == identity)
    return next((check for check in made if isinstance(check, Check)), None)


def _funds(reading: Reading) -> pd.DataFrame:
    cell, rows = reading.cell, []
    for fund in FUNDS if APPROPRIATION in reading.tables else ():
        income = cell(APPROPRIATION, fund, "决算数", side="收入")
        paid = cell(APPROPRIATION, SPENT, fund, side="支出")
        rows.append((fund.removesuffix("财政拨款"), *(one and one.number for one in (income, paid))))
    frame = pd.DataFrame(rows, columns=["资金", "本年收入", "本年支出"], dtype="object")
    return frame.astype({"资金": "string"})
