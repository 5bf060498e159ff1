"""Notebook 01: where the money goes, by function, by economic kind, by fund, and how concentrated it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import (
    APPROPRIATION,
    BASIC,
    EXPENDITURE,
    FUNDS,
    LEVELS,
    SPENT,
    economic,
    exact,
    largest_first,
    sides,
)
from qy_finance.analysis.comparisons import Comparison
from qy_finance.analysis.flows import MAIN, Flows, flows
from qy_finance.analysis.overview import compared
from qy_finance.checks import CheckSet
from qy_finance.facts import Fact
from qy_finance.numbers import Number, total
from qy_finance.reading import Reading

INDENT: Final = "\u00a0" * 3
"""Of a level; it stays with the name where a narrow page breaks lines."""

_OTHER: Final = ("上缴上级支出", "经营支出", "对附属单位补助支出")
_SUMS: Final = (SPENT, "年末财政拨款结转和结余", "总计", "合计")
_SPENT: Final = re.compile(r"(?!.*(?:收入|总计)).*(?:支出|经费)|\d{3}")
"""What a report calls expenditure: by name, or by the code of an account."""


@dataclass(frozen=True, eq=False)
class Spending:
    """What notebook 01 tells of a report.

    Attributes
    ----------
    unit : str
        Money unit of the numbers here.
    sums : dict of str to Fact or None
        本年支出合计, 基本支出 and 项目支出 of all expenditure.
    levels : dict of str to DataFrame
        Expenditure at each of :data:`.accounts.LEVELS` of the functional classification, largest first, without what is
        0: code, item (string); total, basic, project, other (本年支出合计, 基本支出, 项目支出, and what is left), share
        (percent of the printed 合计; object, Number). Empty where the report has no 支出决算表.
    flows : Flows
        From which fund through which 类 to which kind of expenditure.
    funds : DataFrame
        Each 类 by the fund that paid it (财政拨款收入支出决算总表): 项目 (string), and a column for each fund that paid
        anything, named without 财政拨款 (object, Number). Rows that are 0 are left out.
    economic : DataFrame
        See :func:`.accounts.economic`.
    kinds : DataFrame
        Basic expenditure by 类 of the economic classification (工资福利支出, 商品和服务支出, …), without what is 0: 类, 部分
        (string; 人员经费 or 公用经费), 决算数, 占比 % (object, Number). Empty where the report prints no 类.
    sides : dict of str to Number
        人员经费合计 and 公用经费合计 as printed, by side.
    compared : list of Comparison
        Expenditure that the report compares with last year; see :func:`.overview.compared`. 支出总计 is none: it holds
        what is carried over.
    """

    unit: str
    sums: dict[str, Fact | None]
    levels: dict[str, pd.DataFrame]
    flows: Flows
    funds: pd.DataFrame
    economic: pd.DataFrame
    kinds: pd.DataFrame
    sides: dict[str, Number]
    compared: list[Comparison]

    @property
    def tree(self) -> pd.DataFrame:
        """类, 款 and 项 below each other, each 类 in order of size.

        Columns ``科目`` (string, indented by level), ``本年支出``, ``基本支出``, ``项目支出``, ``占比 %`` (object, Number).
        """
        rank = {code: at for at, code in enumerate(self.levels["类"]["code"])}
        frame = pd.concat(self.levels.values(), ignore_index=True)
        frame["rank"] = [rank.get(code[: LEVELS["类"]], len(rank)) for code in frame["code"]]
        frame = frame.sort_values(["rank", "code"], kind="stable", ignore_index=True)
        depth = frame["code"].str.len() // 2 - 1
        frame["科目"] = [INDENT * by for by in depth] + frame["code"] + " " + frame["item"]
        names = {"total": "本年支出", "basic": "基本支出", "project": "项目支出", "share": "占比 %"}
        return frame[["科目", *names]].rename(columns=names)

    @property
    def concentration(self) -> pd.DataFrame:
        """项 in order of size, with ``cumulative``: the share that they and all larger ones have together."""
        frame = self.levels["项"]
        return frame.assign(cumulative=list(accumulate(frame["share"])))

    @property
    def used(self) -> list[object]:
        """The figures that this notebook uses, to be held against the contradictions."""
        return [
            *(link.amount for link in self.flows.links),
            *self.levels.values(),
            *(fact for fact in self.sums.values() if fact),
            self.funds,
            self.economic,
            *self.sides.values(),
        ]


def spending(checks: CheckSet) -> Spending:
    """What notebook 01 tells of a report."""
    reading = checks.reading
    spent = exact(reading, EXPENDITURE)
    return Spending(
        reading.identity.money_unit,
        {name: reading.cell(EXPENDITURE, "合计", name) for name in (SPENT, *MAIN)},
        {level: _by_function(spent, digits) for level, digits in LEVELS.items()},
        flows(reading, spent),
        _by_fund(reading),
        economic(reading),
        _kinds(reading),
        sides(reading),
        [one for one in compared(checks) if _SPENT.match(one.name)],
    )


def alike(shares: Iterable[Decimal]) -> Decimal:
    """How many accounts of equal size would be as concentrated: 10 000 divided by the sum of squared shares in %.

    The inverse of the Herfindahl-Hirschman index (赫芬达尔指数). One account is 1, ten equal ones are 10.
    """
    return 10_000 / sum((share * share for share in shares), Decimal(0))


def _by_function(spent: pd.DataFrame, digits: int) -> pd.DataFrame:
    frame = spent.reindex(columns=["code", "item", SPENT, *MAIN, *_OTHER])
    frame = frame.rename(columns={SPENT: "total", MAIN[0]: "basic", MAIN[1]: "project"})
    numbers = frame.columns[2:]
    frame[numbers] = frame[numbers].map(_or_nothing)
    frame["other"] = [total(rest) for rest in frame[list(_OTHER)].itertuples(index=False)]
    frame = frame.drop(columns=list(_OTHER))
    whole = frame.loc[frame["code"].isna(), "total"]
    frame = frame[frame["code"].str.len().eq(digits).fillna(False) & (frame["total"] != 0)]
    base = whole.iloc[0] if len(whole) else total(frame["total"])
    shares = [100 * value / base for value in frame["total"]]
    return largest_first(frame.assign(share=pd.Series(shares, frame.index, "object")), "total")


def _by_fund(reading: Reading) -> pd.DataFrame:
    frame = exact(reading, APPROPRIATION)
    present = [fund for fund in FUNDS if fund in frame.columns]
    frame = frame[(frame["side"] == "支出").fillna(False) & ~frame["item"].isin(_SUMS)]
    amounts = frame[present].map(_or_nothing)
    paid = amounts != 0
    amounts = amounts.loc[paid.any(axis=1), paid.any(axis=0)]
    amounts.insert(0, "项目", frame["item"])
    return amounts.rename(columns=lambda name: name.removesuffix("财政拨款")).reset_index(drop=True)


def _or_nothing(value: Number) -> Number:
    return Number(0) if pd.isna(value) else value


def _kinds(reading: Reading) -> pd.DataFrame:
    found: dict[tuple[str, str | None], Number] = {}
    for fact in reading.facts:
        figure = fact.figure
        if figure.table == BASIC and len(figure.code or "") == LEVELS["类"]:
            found.setdefault((f"{figure.code} {fact.item}", figure.side), fact.number)
    whole = total(found.values())
    rows = [(*key, amount, 100 * amount / whole) for key, amount in found.items() if amount]
    frame = pd.DataFrame(rows, columns=["类", "部分", "决算数", "占比 %"], dtype="object")
    return frame.astype({"类": "string", "部分": "string"})
