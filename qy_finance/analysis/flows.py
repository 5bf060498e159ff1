"""Notebook 01: which fund pays for which function, and for what kind of expenditure.

支出决算表 says what each 类 spent as 基本支出 and as 项目支出, the tables of the three budgets say how much of it
they paid. What is left was paid from other money (其余资金). No flow is estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.analysis import accounts
from qy_finance.analysis.accounts import APPROPRIATION, LEVELS, RECEIVED, SPENT
from qy_finance.numbers import Number, total
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


class Flow(NamedTuple):
    """Money of one fund for one 类 (``code``, ``item``) and one of :data:`USES`."""

    fund: str
    code: str
    item: str
    use: str
    amount: Number


class Pool(NamedTuple):
    """What one fund had and what became of it; what is carried over in (``opening``) and out (``closing``).

    ``opening`` holds 使用非财政拨款结余, ``closing`` 结余分配: both are what is between 总计 and the sum of the year.
    """

    fund: str
    opening: Number
    income: Number
    spent: Number
    closing: Number


@dataclass(frozen=True)
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

    @cached_property
    def table(self) -> pd.DataFrame:
        """The pools to be read: 资金 (string), then 年初结转等, 本年收入, 本年支出, 年末结转等 (object, Number)."""
        names = ["资金", "年初结转等", "本年收入", "本年支出", "年末结转等"]
        return pd.DataFrame(self.pools, columns=names, dtype="object").astype({"资金": "string"})


_Cells = dict[tuple[str, str], Number]
"""Amounts by code of the 类 and use."""


def flows(reading: Reading, spent: pd.DataFrame) -> Flows:
    """Every flow from a fund through a 类 to a kind of expenditure that the tables determine.

    Parameters
    ----------
    spent : DataFrame
        支出决算表 as :func:`.accounts.exact` gives it.
    """
    left = _cells(spent, SPENT, "")
    if not any(left.values()):
        return Flows(why="报告没有支出决算表，或其中没有支出，画不出流向。")
    found: dict[str, _Cells] = {}
    apart = []
    for fund, (table, whole, prefix) in _TABLES.items():
        paid = found[fund] = _some(_cells(accounts.exact(reading, table), whole, prefix))
        name = reading.form.name(table)
        if any(use == OTHER for _, use in paid):
            return Flows(why=f"{name}里有支出没有分成基本支出和项目支出，画不出流向。")
        apart += [name] if paid else []
        left |= {key: left.get(key, 0) - amount for key, amount in paid.items()}
    if any(amount.high < 0 for amount in left.values()):
        return Flows(why="各资金的支出表与支出决算表互相矛盾，画不出流向。")
    found[REST] = _some(left)
    names = dict(zip(spent["code"], spent["item"], strict=True))
    links = [
        Flow(fund, code, names.get(code, code), use, amount)
        for fund, cells in found.items()
        for (code, use), amount in cells.items()
    ]
    if any(link.amount < 0 for link in links):
        return Flows(why="支出中有负数，画不出流向。")
    size = {code: total(one.amount for one in links if one.code == code) for _, code, *_ in links}
    funds = list(found)
    links.sort(key=lambda o: (funds.index(o.fund), -size[o.code], o.code, USES.index(o.use)))
    return Flows(tuple(links), _pools(reading, {link.fund for link in links}), tuple(apart))


def _cells(frame: pd.DataFrame, whole: str, prefix: str) -> _Cells:
    """What a table prints of each 类 and use; of the highest accounts that it prints."""
    coded = frame[frame["code"].notna()]
    codes, digits = set(coded["code"]), LEVELS["类"]
    amounts = accounts.filled(coded, [whole, *(f"{prefix}{use}" for use in MAIN)])
    cells: _Cells = {}
    for code, (every, *parts) in zip(coded["code"], amounts.to_numpy(), strict=True):
        if not any(code[:end] in codes for end in range(digits, len(code), 2)):
            for use, amount in zip(USES, (*parts, every - total(parts)), strict=True):
                key = code[:digits], use
                cells[key] = cells.get(key, 0) + amount
    return cells


def _pools(reading: Reading, paying: set[str]) -> tuple[Pool, ...]:
    """What each fund had and what it became; none where a fund that pays is not told, or has less than it spent."""
    told = (*(_pool(reading, name) for name in accounts.FUNDS), _pool_of_rest(reading))
    found = {pool.fund: pool for pool in told if pool}
    if paying - found.keys() or any(min(one.opening, one.closing) < 0 for one in found.values()):
        return ()
    return tuple(one for one in found.values() if one.fund in paying or one.opening or one.income)


def _pool(reading: Reading, name: str) -> Pool | None:
    """Of one fund, as 财政拨款收入支出决算总表 prints it; what a template does not print is what is left of 总计."""
    received = [name, f"年初财政拨款结转和结余/{name}"]
    rows = [("收入", row, "决算数") for row in received]
    rows += [("支出", row, name) for row in ("总计", SPENT, "年末财政拨款结转和结余")]
    cells = [reading.cell(APPROPRIATION, row, column, side=side) for side, row, column in rows]
    income, opening, whole, spent, closing = (cell.number if cell else None for cell in cells)
    if income is None or whole is None or spent is None:
        return None
    before = _sure(whole - income) if opening is None else opening
    after = _sure(whole - spent) if closing is None else closing
    return Pool(name.removesuffix("财政拨款"), before, income, spent, after)


def _pool_of_rest(reading: Reading) -> Pool | None:
    """收入支出决算总表 less 财政拨款收入支出决算总表."""
    columns = ("收入", RECEIVED, "决算数"), ("支出", SPENT, "合计")
    sums = [(side, name, column) for side, item, column in columns for name in (item, "总计")]
    found = [
        every.number - part.number
        for side, name, column in sums
        if (every := accounts.total(reading, side, name))
        and (part := reading.cell(APPROPRIATION, name, column, side=side))
    ]
    if len(found) < len(sums):
        return None
    income, whole, spent, end = found
    return Pool(REST, *map(_sure, (whole - income, income, spent, end - spent)))


def _some(cells: _Cells) -> _Cells:
    """Those that rounding does not explain."""
    return {key: amount for key, amount in cells.items() if not amount.low <= 0 <= amount.high}


def _sure(amount: Number) -> Number:
    """The number, 0 where rounding explains it."""
    return amount * 0 if amount.low <= 0 <= amount.high else amount
