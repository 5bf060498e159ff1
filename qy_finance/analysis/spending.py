"""Notebook 01: where the money goes, by function, by economic kind, by fund, and how concentrated it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import accumulate
from typing import Final

import pandas as pd

from qy_finance.analysis import overview
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.facts import cell
from qy_finance.report import Report
from qy_finance.sourced import Sourced, figures

EXPENDITURE: Final = "expenditure"
LEVELS: Final = {"类": 3, "款": 5, "项": 7}
"""Digits of a functional code (支出功能分类) at each level."""
INDENT: Final = "\u00a0" * 3
"""Of a level; it stays with the name where a narrow page breaks lines."""
SIDES: Final = ("人员经费", "公用经费")

TOTAL: Final = "本年支出合计"
MAIN: Final = ("基本支出", "项目支出")
_OTHER: Final = ("上缴上级支出", "经营支出", "对附属单位补助支出")
_SPENT: Final = re.compile(r"(?!.*(?:收入|总计)).*(?:支出|经费)|\d{3}")
"""What a report calls expenditure: by name, or by the code of an account."""


def exact(report: Report, table: str) -> pd.DataFrame:
    """A table as printed, exactly.

    Columns ``side``, ``code``, ``item`` (string), then the canonical columns (object, Sourced; missing where
    the cell is blank). Empty where the report lacks the table.
    """
    frame = report.observations
    frame = frame[(frame["table"] == table).fillna(False)]
    rows: dict[tuple[object, ...], dict[str, object]] = {}
    keys = ("side", "code", "item")
    numbers = figures(report)
    for at, *key, column in frame[[*keys, "column"]].itertuples():
        # a missing value is not equal to itself
        named = tuple(None if pd.isna(part) else part for part in key)
        row = rows.setdefault(named, dict(zip(keys, named, strict=True)))
        row.setdefault(column, numbers[at])
    columns = [*keys, *frame["column"].unique()]
    made = pd.DataFrame(list(rows.values()), columns=columns, dtype="object")
    return made.astype(dict.fromkeys(keys, "string"))


def by_function(report: Report, level: str, table: str = EXPENDITURE) -> pd.DataFrame:
    """Expenditure at one level of the functional classification, largest first.

    Parameters
    ----------
    level : str
        类, 款 or 项.
    table : str
        ``expenditure`` (all money) or ``general_budget_expenditure``.

    Columns
    -------
    code, item : string
    total, basic, project, other : object (Sourced)
        本年支出合计, 基本支出, 项目支出, and what is left, in the money unit of the report.
    share : object (Sourced)
        Percent of the printed 合计.
    """
    frame = exact(report, table)
    names = ["code", "item", "total", "basic", "project", "other"]
    if frame.empty:
        return _typed(pd.DataFrame(columns=[*names, "share"]))
    frame = frame.reindex(columns=["code", "item", TOTAL, *MAIN, *_OTHER])
    amounts = frame[[TOTAL, *MAIN, *_OTHER]].map(
        lambda value: Decimal(0) if pd.isna(value) else value
    )
    frame = frame[["code", "item"]].assign(
        total=amounts[TOTAL],
        basic=amounts["基本支出"],
        project=amounts["项目支出"],
        other=amounts[list(_OTHER)].sum(axis=1),
    )
    whole = frame.loc[frame["code"].isna(), "total"]
    frame = frame[frame["code"].str.len().eq(LEVELS[level]).fillna(False) & (frame["total"] != 0)]
    base = whole.iloc[0] if len(whole) else frame["total"].sum()
    frame = frame.assign(share=[100 * value / base for value in frame["total"]])
    order = frame["total"].astype(float).sort_values(ascending=False, kind="stable").index
    return _typed(frame.loc[order].reset_index(drop=True))


def tree(report: Report) -> pd.DataFrame:
    """类, 款 and 项 below each other, each 类 in order of size.

    Columns ``科目`` (string, indented by level), ``本年支出``, ``基本支出``, ``项目支出`` (object, Sourced),
    ``占比 %`` (object, Sourced).
    """
    levels = pd.concat([by_function(report, level) for level in LEVELS], ignore_index=True)
    rank = {code: at for at, code in enumerate(by_function(report, "类")["code"])}
    levels = levels.assign(rank=[rank.get(code[:3], len(rank)) for code in levels["code"]])
    levels = levels.sort_values(["rank", "code"], kind="stable")
    names = [
        f"{INDENT * (len(code) // 2 - 1)}{code} {item}"
        for code, item in zip(levels["code"], levels["item"], strict=True)
    ]
    return pd.DataFrame(
        {
            "科目": pd.array(names, dtype="string"),
            "本年支出": levels["total"].array,
            "基本支出": levels["basic"].array,
            "项目支出": levels["project"].array,
            "占比 %": levels["share"].array,
        }
    )


def concentration(report: Report) -> pd.DataFrame:
    """项 in order of size, with the share that they and all larger ones have together.

    Columns as :func:`by_function`, and ``cumulative`` (object, Sourced, percent).
    """
    frame = by_function(report, "项")
    return frame.assign(cumulative=list(accumulate(frame["share"])))


def alike(shares: Iterable[Decimal]) -> Decimal:
    """How many accounts of equal size would be as concentrated: 10 000 divided by the sum of squared shares in %.

    The inverse of the Herfindahl-Hirschman index (赫芬达尔指数). One account is 1, ten equal ones are 10.
    """
    return 10_000 / sum((share * share for share in shares), Decimal(0))


def by_fund(report: Report) -> pd.DataFrame:
    """Each 类 of expenditure by the fund that paid it (财政拨款收入支出决算总表).

    Columns ``item`` (string) and one per fund that paid anything (object, Sourced), the funds named without
    财政拨款. Rows that are 0 are left out.
    """
    frame = exact(report, "appropriation_summary")
    present = [fund for fund in overview.FUNDS if fund in frame.columns]
    sums = ("本年支出合计", "年末财政拨款结转和结余", "总计", "合计")
    frame = frame[(frame["side"] == "支出").fillna(False) & ~frame["item"].isin(sums)]
    amounts = frame[present].map(lambda value: Decimal(0) if pd.isna(value) else value)
    amounts = amounts.loc[:, [bool((amounts[fund] != 0).any()) for fund in present]]
    keep = (amounts != 0).any(axis=1)
    made = pd.concat([frame.loc[keep, ["item"]], amounts[keep]], axis=1)
    return made.rename(columns=lambda name: name.removesuffix("财政拨款")).reset_index(drop=True)


def economic(report: Report, side: str | None = None) -> pd.DataFrame:
    """Basic expenditure by economic account (款 of 支出经济分类), largest first, without what is 0.

    Where a 类 is printed without any 款, it stands for itself.

    Columns ``side``, ``code``, ``item`` (string), ``amount`` and ``share`` (object, Sourced; percent of the accounts
    of the chosen side, or of both).
    """
    frame = exact(report, "basic_expenditure")
    if frame.empty:
        return pd.DataFrame(columns=["side", "code", "item", "amount", "share"])
    frame = frame[frame["code"].notna()].rename(columns={"决算数": "amount"})
    if side is not None:
        frame = frame[frame["side"] == side]
    parents = {code[:3] for code in frame["code"] if len(code) > 3}
    leaves = frame[[len(code) > 3 or code not in parents for code in frame["code"]]]
    leaves = leaves[[not pd.isna(value) and value != 0 for value in leaves["amount"]]]
    total = sum(leaves["amount"], Decimal(0))
    leaves = leaves.assign(share=[100 * value / total for value in leaves["amount"]])
    order = leaves["amount"].astype(float).sort_values(ascending=False, kind="stable").index
    return leaves.loc[order].reset_index(drop=True)


def economic_kinds(report: Report) -> pd.DataFrame:
    """Basic expenditure by 类 of the economic classification (工资福利支出, 商品和服务支出, …), without what is 0.

    Columns ``类``, ``部分`` (string: 人员经费 or 公用经费), ``决算数`` and ``占比 %`` (object, Sourced). Empty where
    the report prints no 类.
    """
    frame = exact(report, "basic_expenditure").reindex(columns=["side", "code", "item", "决算数"])
    frame = frame[frame["code"].str.len().eq(LEVELS["类"]).fillna(False)]
    frame = frame[[not pd.isna(value) and value != 0 for value in frame["决算数"]]]
    total = sum(frame["决算数"], Decimal(0))
    return pd.DataFrame(
        {
            "类": (frame["code"] + " " + frame["item"]).array,
            "部分": frame["side"].array,
            "决算数": frame["决算数"].array,
            "占比 %": pd.Series([100 * v / total for v in frame["决算数"]], dtype="object").array,
        }
    )


def sides(report: Report) -> dict[str, Sourced]:
    """人员经费合计 and 公用经费合计 as printed, by side; a side without a printed sum is left out."""
    found = {side: cell(report, "basic_expenditure", f"{side}合计", "决算数") for side in SIDES}
    return {side: fact.value for side, fact in found.items() if fact is not None}


def compared(report: Report) -> list[Comparison]:
    """Expenditure that the report compares with last year; see :func:`.overview.compared`.

    支出总计 is none: it holds what is carried over.
    """
    return [one for one in overview.compared(report) if _SPENT.match(one.name)]


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype({"code": "string", "item": "string", "share": "object"})
