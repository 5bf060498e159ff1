"""Single sums and whole tables of an account as exact numbers: what several notebooks compute with."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from qy_finance.facts import Fact
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
}
"""How forms of other years and regions name a sum."""


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
    keys = ["side", "code", "item"]
    data = [dict(zip(keys, named, strict=True)) | dict(cells) for named, cells in rows.items()]
    frame = pd.DataFrame(data, columns=[*keys, *columns], dtype="object")
    return frame.astype(dict.fromkeys(keys, "string"))


def total(reading: Reading, side: str, item: str) -> Fact | None:
    """A sum of 收入支出决算总表, by the names that forms give it; later ones add to it (（含专用结余）)."""
    pattern = re.compile(rf"(?:{_PRINTED.get(item, item)})(?:（.*）|\(.*\))?")
    names = (fact.item for fact in reading.facts if fact.figure.table == SUMMARY)
    name = next(filter(pattern.fullmatch, names), item)
    return reading.cell(SUMMARY, name, "决算数", side=side)


def economic(reading: Reading, side: str | None = None) -> pd.DataFrame:
    """Basic expenditure by economic account (款 of 支出经济分类), largest first, without what is 0.

    Where a 类 is printed without any 款, it stands for itself.

    Columns ``side``, ``code``, ``item`` (string), ``amount`` and ``share`` (object, Number; percent of the accounts
    of the chosen side, or of both).
    """
    frame = exact(reading, BASIC).rename(columns={"决算数": "amount"})
    frame = frame.reindex(columns=["side", "code", "item", "amount"])
    frame = frame[frame["code"].notna() & frame["amount"].notna()]
    if side is not None:
        frame = frame[frame["side"] == side]
    deep = frame["code"].str.len() > LEVELS["类"]
    alone = ~frame["code"].isin(frame.loc[deep, "code"].str[: LEVELS["类"]])
    leaves = frame[(deep | alone) & frame["amount"].ne(0)]
    whole = summed(leaves["amount"])
    leaves = leaves.assign(share=[100 * value / whole for value in leaves["amount"]])
    return largest_first(leaves, "amount")


def sides(reading: Reading) -> dict[str, Number]:
    """人员经费合计 and 公用经费合计 as printed, by side; a side without a printed sum is left out."""
    found = {side: reading.cell(BASIC, f"{side}合计", "决算数") for side in SIDES}
    return {side: fact.number for side, fact in found.items() if fact is not None}


def largest_first(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows in order of size; those of the same size as they are printed."""
    order = frame[column].astype(float).sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)
