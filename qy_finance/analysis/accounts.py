"""Single sums and whole tables of an account as exact numbers: what several notebooks compute with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd

from qy_finance.analysis import once
from qy_finance.facts import Fact
from qy_finance.framing import framed_rows
from qy_finance.numbers import Number
from qy_finance.numbers import total as summed
from qy_finance.reading import Reading

SUMMARY: Final = "income_expenditure_summary"
APPROPRIATION: Final = "appropriation_summary"
EXPENDITURE: Final = "expenditure"
BASIC: Final = "basic_expenditure"
THREE_PUBLIC: Final = "three_public"
FUNDS: Final = ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
SIDES: Final = ("人员经费", "公用经费")
LEVELS: Final = {"类": 3, "款": 5, "项": 7}
"""Digits of a functional code (支出功能分类) at each level."""

RECEIVED: Final = "本年收入合计"
SPENT: Final = "本年支出合计"

_PRINTED: Final = {
    "使用非财政拨款结余": "使用非财政拨款结余|用事业基金弥补收支差额",
    "年初结转和结余": "(?:年初|上年)结转(?:和?结余)?",
    "年末结转和结余": "年末结转(?:和?结余)?|结转下年",
    "总计": "(?:收入|支出)?总计|合计",
}
"""How forms of other years and regions name a sum."""


@once
def exact(reading: Reading, table: str) -> pd.DataFrame:
    """A table as printed, exactly.

    Columns ``side``, ``code``, ``item`` (string), then the canonical columns (object, Number; missing where the cell is
    blank). Empty where the report lacks the table.
    """
    rows: dict[tuple[str | None, str | None, str], dict[str, Number]] = {}
    columns: dict[str, None] = {}
    for fact in reading.facts:
        figure = fact.figure
        if figure.table == table:
            row = rows.setdefault((figure.side, figure.code, figure.item), {})
            row.setdefault(fact.column, fact.number)
            columns[fact.column] = None
    data = [(*named, *map(cells.get, columns)) for named, cells in rows.items()]
    keys = dict.fromkeys(("side", "code", "item"), "string")
    return framed(data, [*keys, *columns], keys)


@once
def total(reading: Reading, side: str, item: str) -> Fact | None:
    """A sum of 收入支出决算总表, by the names that forms give it; later ones add to it (（含专用结余）)."""
    pattern = re.compile(rf"(?:{_PRINTED.get(item, item)})(?:（.*）|\(.*\))?")
    names = [fact.item for fact in reading.facts if fact.figure.table == SUMMARY]
    name = item if item in names else next(filter(pattern.fullmatch, names), item)
    return reading.cell(SUMMARY, name, "决算数", side=side)


@once
def basic(reading: Reading) -> pd.DataFrame:
    """Basic expenditure by economic account (支出经济分类) as printed, blank cells left out.

    Columns ``side``, ``code``, ``item`` (string), ``amount`` (object, Number).
    """
    frame = exact(reading, BASIC).rename(columns={"决算数": "amount"})
    frame = frame.reindex(columns=["side", "code", "item", "amount"])
    return frame[frame["code"].notna() & frame["amount"].notna()]


def economic(frame: pd.DataFrame, side: str | None = None) -> pd.DataFrame:
    """The 款 of :func:`basic`, largest first, without what is 0; a 类 without any 款 stands for itself.

    Columns as there, and ``share`` (object, Number; percent of the accounts of the chosen side, or of both).
    """
    if side is not None:
        frame = frame[frame["side"] == side]
    deep = frame["code"].str.len() > LEVELS["类"]
    alone = ~frame["code"].isin(frame.loc[deep, "code"].str[: LEVELS["类"]])
    leaves = frame[(deep | alone) & frame["amount"].ne(0)]
    whole = summed(leaves["amount"])
    share = [100 * amount / whole for amount in leaves["amount"]]
    return largest_first(leaves.assign(share=share), "amount")


@once
def of_side(reading: Reading, side: str) -> Fact | None:
    """人员经费合计 or 公用经费合计 of the table of basic expenditure."""
    return reading.cell(BASIC, f"{side}合计", "决算数")


def filled(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Columns of an exact table with 0 where a cell is blank or the table has no such column."""
    return frame.reindex(columns=list(columns)).map(
        lambda value: Number(0) if pd.isna(value) else value
    )


def unfilled(frame: pd.DataFrame) -> pd.DataFrame:
    """The same as it is shown: what :func:`filled` put into blank cells is missing again, for nobody printed a 0."""
    return frame.map(lambda value: value if value or value.sources else None)


def largest_first(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows in order of size; those of the same size as they are printed."""
    return frame.sort_values(column, ascending=False, kind="stable", ignore_index=True)


def framed(
    rows: Iterable[Sequence[object]], columns: Iterable[str], kinds: Mapping[str, str]
) -> pd.DataFrame:
    """Rows as a frame: the columns that ``kinds`` names are of that dtype, all others of objects."""
    return framed_rows(rows, {name: kinds.get(name, "object") for name in columns})
