"""Notebook 01: which fund pays for which function, and for what kind of expenditure.

支出决算表 says what each 类 spent as 基本支出 and as 项目支出, the tables of the three budgets say how much of it
they paid. What is left was paid from other money (其余资金). No flow is estimated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import (
    APPROPRIATION,
    FUNDS,
    LEVELS,
    RECEIVED,
    SPENT,
    exact,
    total,
)
from qy_finance.numbers import Number
from qy_finance.numbers import total as summed
from qy_finance.reading import Reading

REST: Final = "其余资金"
MAIN: Final = ("基本支出", "项目支出")
OTHER: Final = "其他支出"
"""上缴上级支出, 经营支出 and 对附属单位补助支出."""
USES: Final = (*MAIN, OTHER)

_TABLES: Final = {
    "一般公共预算": ("general_budget_expenditure", SPENT, ""),
    "政府性基金预算": ("government_fund", "本年支出/小计", "本年支出/"),
    "国有资本经营预算": ("state_capital", "本年支出/小计", "本年支出/"),
}
"""The table of each fund, its column of all expenditure, and what its other columns begin with."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Money of one fund for one 类 (``code``, ``item``) and one of :data:`USES`."""

    fund: str
    code: str
    item: str
    use: str
    amount: Number


@dataclass(frozen=True, slots=True)
class Pool:
    """What one fund had and what became of it; what is carried over in (``opening``) and out (``closing``).

    ``opening`` holds 使用非财政拨款结余, ``closing`` 结余分配: both are what is between 总计 and the sum of the year.
    """

    fund: str
    opening: Number
    income: Number
    spent: Number
    closing: Number


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows of a report, the largest fund and 类 first.

    Attributes
    ----------
    links : tuple of Flow
        None where the tables determine none; ``why`` says so.
    pools : tuple of Pool
        Of every fund of the links, in their order; none where the tables do not determine all of them.
    apart : tuple of str
        Names of the tables by which ``其余资金`` is told from the others.
    why : str
        Why there are no links, as a sentence; empty where there are.
    """

    links: tuple[Flow, ...] = ()
    pools: tuple[Pool, ...] = ()
    apart: tuple[str, ...] = ()
    why: str = ""

    @property
    def total(self) -> Number:
        """All expenditure of the links."""
        return summed(link.amount for link in self.links)

    @property
    def pool_table(self) -> pd.DataFrame:
        """The pools to be read: 资金 (string), then 年初结转等, 本年收入, 本年支出, 年末结转等 (object, Number)."""
        rows = [(one.fund, one.opening, one.income, one.spent, one.closing) for one in self.pools]
        names = ["资金", "年初结转等", "本年收入", "本年支出", "年末结转等"]
        return pd.DataFrame(rows, columns=names, dtype="object").astype({"资金": "string"})


_Cells = dict[tuple[str, str], Number]
"""Amounts by code of the 类 and use."""


def flows(reading: Reading, spent: pd.DataFrame) -> Flows:
    """Every flow from a fund through a 类 to a kind of expenditure that the tables determine.

    Parameters
    ----------
    spent : DataFrame
        支出决算表, exactly.
    """
    name = reading.form.name
    names, left = _cells(spent, SPENT, "")
    if not any(left.values()):
        return Flows(why="报告没有支出决算表，或其中没有支出，画不出流向。")
    found: list[tuple[str, tuple[str, str], Number]] = []
    apart = []
    for fund, (table, whole, prefix) in _TABLES.items():
        _, cells = _cells(exact(reading, table), whole, prefix)
        paid = {key: amount for key, amount in cells.items() if not _nothing(amount)}
        if any(use == OTHER for _, use in paid):
            why = f"{name(table)}里有支出没有分成基本支出和项目支出，画不出流向。"
            return Flows(why=why)
        if paid:
            apart.append(name(table))
        for key, amount in paid.items():
            found.append((fund, key, amount))
            left[key] = left.get(key, 0) - amount
    if any(amount.high < 0 for amount in left.values()):
        return Flows(why="各资金的支出表与支出决算表互相矛盾，画不出流向。")
    if any(amount.high < 0 for _, _, amount in found):
        return Flows(why="支出中有负数，画不出流向。")
    found += [(REST, key, amount) for key, amount in left.items() if not _nothing(amount)]
    links = _in_order(
        Flow(fund, code, names.get(code, code), use, amount) for fund, (code, use), amount in found
    )
    return Flows(links, _pools(reading, links), tuple(apart))


def _cells(frame: pd.DataFrame, whole: str, prefix: str) -> tuple[dict[str, str], _Cells]:
    """Names of 类 by code, and what a table prints of each by use; the highest accounts that it prints."""
    coded = frame[frame["code"].notna()]
    codes, digits = set(coded["code"]), LEVELS["类"]
    names: dict[str, str] = {}
    cells: _Cells = {}
    for row in coded.to_dict("records"):
        code = row["code"]
        if len(code) == digits:
            names[code] = row["item"]
        if any(code[:end] in codes for end in range(digits, len(code), 2)):
            continue
        parts = [_printed(row.get(f"{prefix}{use}")) for use in MAIN]
        rest = _printed(row.get(whole)) - summed(parts)
        for use, amount in zip(USES, (*parts, rest), strict=True):
            key = code[:digits], use
            cells[key] = cells.get(key, 0) + amount
    return names, cells


def _pools(reading: Reading, links: tuple[Flow, ...]) -> tuple[Pool, ...]:
    """What each fund had and what it became; none where a fund of the links is not told, or has less than it spent."""
    told = (*(_pool(reading, name) for name in FUNDS), _pool_of_rest(reading))
    found = {pool.fund: pool for pool in told if pool}
    paying = {link.fund for link in links}
    if paying - found.keys() or any(min(one.opening, one.closing) < 0 for one in found.values()):
        return ()
    return tuple(one for one in found.values() if one.fund in paying or one.opening or one.income)


def _pool(reading: Reading, name: str) -> Pool | None:
    """Of one fund, as 财政拨款收入支出决算总表 prints it; what a template does not print is what is left of 总计."""
    cell, table = reading.cell, APPROPRIATION
    income = cell(table, name, "决算数", side="收入")
    whole = cell(table, "总计", name, side="支出")
    spent = cell(table, SPENT, name, side="支出")
    if not (income and whole and spent):
        return None
    opening = cell(table, f"年初财政拨款结转和结余/{name}", "决算数", side="收入")
    closing = cell(table, "年末财政拨款结转和结余", name, side="支出")
    return Pool(
        name.removesuffix("财政拨款"),
        opening.number if opening else _sure(whole.number - income.number),
        income.number,
        spent.number,
        closing.number if closing else _sure(whole.number - spent.number),
    )


def _pool_of_rest(reading: Reading) -> Pool | None:
    """收入支出决算总表 less 财政拨款收入支出决算总表."""
    found = []
    for side, item, column in (("收入", RECEIVED, "决算数"), ("支出", SPENT, "合计")):
        for name in (item, "总计"):
            every = total(reading, side, name)
            part = reading.cell(APPROPRIATION, name, column, side=side)
            if not (every and part):
                return None
            found.append(every.number - part.number)
    income, whole, spent, end = found
    return Pool(REST, *map(_sure, (whole - income, income, spent, end - spent)))


def _in_order(links: Iterable[Flow]) -> tuple[Flow, ...]:
    """The largest 类 first, funds in the order of the budget."""
    some, funds = list(links), [*_TABLES, REST]
    size: defaultdict[str, Number] = defaultdict(lambda: Number(0))
    for link in some:
        size[link.code] += link.amount

    def order(link: Flow) -> tuple[object, ...]:
        return funds.index(link.fund), -size[link.code], link.code, USES.index(link.use)

    return tuple(sorted(some, key=order))


def _printed(value: Number | None) -> Number:
    """A printed cell; a blank one is nothing."""
    return Number(0) if value is None or pd.isna(value) else value


def _nothing(amount: Number) -> bool:
    """Whether rounding explains all of it."""
    return amount.low <= 0 <= amount.high


def _sure(amount: Number) -> Number:
    """The number, 0 where rounding explains it."""
    return amount * 0 if _nothing(amount) else amount
