"""Notebook 01: where the money goes, by function, by economic kind, by fund, and how concentrated it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Final

import pandas as pd

from qy_finance.analysis import accounts
from qy_finance.analysis.accounts import APPROPRIATION, EXPENDITURE, LEVELS, SPENT
from qy_finance.analysis.comparisons import Comparison
from qy_finance.analysis.flows import MAIN, Flows, flows
from qy_finance.analysis.overview import compared
from qy_finance.checks import CheckSet
from qy_finance.facts import Fact
from qy_finance.numbers import Number, total
from qy_finance.reading import Reading

_INDENT: Final = "\u00a0" * 3
"""Of a level; it stays with the name where a narrow page breaks lines."""

_OTHER: Final = ("上缴上级支出", "经营支出", "对附属单位补助支出")
_SUMS: Final = (SPENT, "年末财政拨款结转和结余", "总计", "合计")
_SPENT: Final = re.compile(r"(?!.*(?:收入|总计)).*(?:支出|经费)|\d{3}")
"""What a report calls expenditure: by name, or by the code of an account."""


@dataclass(frozen=True, eq=False)
class Spending:
    """What notebook 01 tells of a report; numbers are objects (Number) in ``unit``, those of ``share`` in %.

    Attributes
    ----------
    unit : str
        Money unit of the report.
    sums : dict of str to Fact or None
        本年支出合计, 基本支出 and 项目支出 of all expenditure.
    levels : dict of str to DataFrame
        What is not 0 at each of :data:`.accounts.LEVELS` of the functional classification, largest first: code, item
        (string); total, basic, project, other (本年支出合计, 基本支出, 项目支出, and what is left); share (of 合计).
    flows : Flows
        From which fund through which 类 to which kind of expenditure.
    funds : DataFrame
        What is not 0 of each 类, by the fund that paid it (财政拨款收入支出决算总表): 项目 (string), and a column for
        each fund that paid anything, named without 财政拨款.
    economic, sides : DataFrame, dict of str to Number
        See :func:`.accounts.economic`, :func:`.accounts.sides`.
    kinds : DataFrame
        What is not 0 of basic expenditure by 类 of the economic classification: 类, 部分 (string; 人员经费 or
        公用经费), 决算数, 占比 %. Empty where the report prints no 类.
    compared : list of Comparison
        Expenditure of :func:`.overview.compared`. 支出总计 is none: it holds what is carried over.
    """

    unit: str
    sums: dict[str, Fact | None]
    levels: dict[str, pd.DataFrame]
    flows: Flows
    funds: pd.DataFrame
    economic: pd.DataFrame
    sides: dict[str, Number]
    kinds: pd.DataFrame
    compared: list[Comparison]

    @cached_property
    def tree(self) -> pd.DataFrame:
        """类, 款 and 项 below each other, each 类 in order of size: 科目, 本年支出, 基本支出, 项目支出, 占比 %."""
        rank = {code: at for at, code in enumerate(self.levels["类"]["code"])}
        frame = pd.concat(self.levels.values())
        frame["rank"] = [rank.get(code[: LEVELS["类"]], len(rank)) for code in frame["code"]]
        frame = frame.sort_values(["rank", "code"], kind="stable", ignore_index=True)
        indent = [_INDENT * (len(code) // 2 - 1) for code in frame["code"]]
        frame["科目"] = indent + frame["code"] + " " + frame["item"]
        names = {"total": "本年支出", "basic": "基本支出", "project": "项目支出", "share": "占比 %"}
        return frame[["科目", *names]].rename(columns=names)

    @cached_property
    def concentration(self) -> pd.DataFrame:
        """项 in order of size, with ``cumulative``: the share that they and all larger ones have together."""
        frame = self.levels["项"]
        return frame.assign(cumulative=list(accumulate(frame["share"])))

    @cached_property
    def used(self) -> list[object]:
        """The figures that this notebook uses, to be held against the contradictions."""
        links = (link.amount for link in self.flows.links)
        frames = *self.levels.values(), self.funds, self.economic
        return [*links, *frames, *filter(None, self.sums.values()), *self.sides.values()]


def spending(checks: CheckSet) -> Spending:
    """What notebook 01 tells of a report."""
    reading = checks.reading
    spent = accounts.exact(reading, EXPENDITURE)
    return Spending(
        reading.identity.money_unit,
        {name: reading.cell(EXPENDITURE, "合计", name) for name in (SPENT, *MAIN)},
        {level: _by_function(spent, digits) for level, digits in LEVELS.items()},
        flows(reading, spent),
        _by_fund(reading),
        accounts.economic(reading),
        accounts.sides(reading),
        _kinds(reading),
        [one for one in compared(checks) if _SPENT.match(one.name)],
    )


def alike(shares: Iterable[Decimal]) -> Decimal:
    """How many accounts of equal size would be as concentrated: 10 000 divided by the sum of squared shares in %.

    The inverse of the Herfindahl-Hirschman index (赫芬达尔指数). One account is 1, ten equal ones are 10.
    """
    return 10_000 / sum((share * share for share in shares), Decimal(0))


def _by_function(spent: pd.DataFrame, digits: int) -> pd.DataFrame:
    amounts = accounts.filled(spent, [SPENT, *MAIN, *_OTHER])
    frame = spent[["code", "item"]].assign(
        total=amounts[SPENT],
        basic=amounts[MAIN[0]],
        project=amounts[MAIN[1]],
        other=amounts[list(_OTHER)].sum(axis=1),
    )
    whole = frame.loc[frame["code"].isna(), "total"]
    frame = frame[frame["code"].str.len().eq(digits).fillna(False) & (frame["total"] != 0)]
    base = next(filter(None, whole), total(frame["total"]))
    frame = frame.assign(share=[100 * one / base for one in frame["total"]])
    return accounts.largest_first(frame, "total")


def _by_fund(reading: Reading) -> pd.DataFrame:
    frame = accounts.exact(reading, APPROPRIATION)
    frame = frame[(frame["side"] == "支出").fillna(False) & ~frame["item"].isin(_SUMS)]
    amounts = accounts.filled(frame, accounts.FUNDS)
    paid = amounts != 0
    amounts = amounts.loc[paid.any(axis=1), paid.any(axis=0)]
    amounts.insert(0, "项目", frame["item"])
    return amounts.rename(columns=lambda name: name.removesuffix("财政拨款")).reset_index(drop=True)


def _kinds(reading: Reading) -> pd.DataFrame:
    found: dict[tuple[str, str | None], Number] = {}
    for fact in reading.facts:
        figure = fact.figure
        if figure.table == accounts.BASIC and len(figure.code or "") == LEVELS["类"]:
            found.setdefault((f"{figure.code} {fact.item}", figure.side), fact.number)
    rows = [(name, side, amount) for (name, side), amount in found.items() if amount]
    whole = total(amount for *_, amount in rows)
    shares = [(*row, 100 * row[-1] / whole) for row in rows]
    frame = pd.DataFrame(shares, columns=["类", "部分", "决算数", "占比 %"], dtype="object")
    return frame.astype({"类": "string", "部分": "string"})
