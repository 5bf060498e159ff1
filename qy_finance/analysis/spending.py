"""Notebook 01: where the money goes, by function, by economic kind, and from which fund to what kind of expenditure.

支出决算表 says what each 类 spent as 基本支出 and as 项目支出, the tables of the three budgets say how much of it
they paid. What is left was paid from other money (其余资金). No flow is estimated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.analysis import accounts, knowledge
from qy_finance.analysis.accounts import APPROPRIATION, EXPENDITURE, LEVELS, RECEIVED, SPENT
from qy_finance.analysis.overview import compared
from qy_finance.analysis.projects import projects
from qy_finance.checks import CheckSet
from qy_finance.language import plain, t
from qy_finance.numbers import Number, total
from qy_finance.reading import Reading

REST: Final = "其余资金"
UNNAMED: Final = "其他"
MAIN: Final = ("基本支出", "项目支出")
OTHER: Final = "其他支出"
"""上缴上级支出, 经营支出 and 对附属单位补助支出."""
USES: Final = (*MAIN, OTHER)

_INDENT: Final = "\u00a0" * 3
"""Of a level; it stays with the name where a narrow page breaks lines."""

_OTHER: Final = ("上缴上级支出", "经营支出", "对附属单位补助支出")
_SUMS: Final = (SPENT, "年末财政拨款结转和结余", "总计", "合计")
_SPENT: Final = re.compile(r"(?!.*(?:收入|总计)).*(?:支出|经费)|\d{3}")
"""What a report calls expenditure: by name, or by the code of an account."""

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

    There are no links where the tables determine none, and no pools where they do not determine all.
    """

    links: tuple[Flow, ...] = ()
    pools: tuple[Pool, ...] = ()  # of every fund of the links, in their order
    apart: tuple[str, ...] = ()  # the tables by which 其余资金 is told from the other funds
    why: str = ""  # there are no links, as a sentence
    #: what is printed of a fund, a 类 or a use as a whole, by its name
    printed: Mapping[str, Number] = field(default_factory=dict)

    def as_printed(self, name: str, amount: Number) -> Number:
        """The printed whole of a fund, a 类 or a use in place of a sum that it meets; otherwise the sum."""
        whole = self.printed.get(name)
        return whole if whole is not None and whole.meets(amount) else amount

    @property
    def table(self) -> pd.DataFrame:
        """The pools to be read: 资金 (string), then what each holds (object, Number) and what its outflows add to."""
        names = ("资金", "年初结转等", "本年收入", "本年支出", "年末结转等", "支出与结转合计")
        rows = [(*pool, pool.spent + pool.closing) for pool in self.pools]
        return accounts.framed(rows, names, {"资金": "string"})


class Spending:
    """What notebook 01 tells of a report; numbers are objects (Number) in ``unit``, shares in %."""

    def __init__(self, checks: CheckSet) -> None:
        self._reading = reading = checks.reading
        self._table = accounts.exact(reading, EXPENDITURE)
        self.unit = reading.identity.money_unit
        # 本年支出合计, 基本支出 and 项目支出 of all expenditure; None where not printed
        self.sums = {name: reading.cell(EXPENDITURE, "合计", name) for name in (SPENT, *MAIN)}
        self._basic = accounts.basic(reading)
        self.economic = accounts.economic(self._basic)
        # 人员经费合计 and 公用经费合计; a side without a printed sum is left out
        sides = {side: accounts.of_side(reading, side) for side in accounts.SIDES}
        self.sides = {side: fact.number for side, fact in sides.items() if fact}
        # 支出总计 is none: it holds what is carried over
        self.compared = [
            one
            for one in compared(checks)
            if _SPENT.match(one.name)
            or (one.current.figure.code and "支出" in one.current.section)  # 小学教育
        ]
        self.projects = projects(reading)

    @cached_property
    def flows(self) -> Flows:
        """From which fund to which 类 and kind of expenditure."""
        return _flows(self._reading, self._table)

    @cached_property
    def levels(self) -> dict[str, pd.DataFrame]:
        """What is not 0 at each of :data:`.accounts.LEVELS` of the functional classification, largest first.

        Columns code, item (string); total, basic, project, other (本年支出合计, 基本支出, 项目支出, and what is left);
        share (of 合计).
        """
        amounts = accounts.filled(self._table, [SPENT, *MAIN, *_OTHER])
        every = self._table[["code", "item"]].assign(
            total=amounts[SPENT],
            basic=amounts[MAIN[0]],
            project=amounts[MAIN[1]],
            other=amounts[list(_OTHER)].sum(axis=1),
        )
        whole = next(filter(None, every.loc[every["code"].isna(), "total"]), None)
        digits = every["code"].str.len().fillna(0)
        made = {}
        for level, wanted in LEVELS.items():
            frame = every[(digits == wanted) & (every["total"] != 0)]
            base = whole or total(frame["total"])
            share = [100 * amount / base for amount in frame["total"]]
            made[level] = accounts.largest_first(frame.assign(share=share), "total")
        return made

    @cached_property
    def unnamed(self) -> pd.DataFrame:
        """项 whose name begins with 其他, so that it does not say what for; columns as of :attr:`levels`."""
        frame = self.levels["项"]
        return frame[frame["item"].str.startswith(UNNAMED).fillna(False)]

    @cached_property
    def own_staff(self) -> pd.DataFrame:
        """项 that are costs of the department's own staff (``own_staff.toml``); columns as of :attr:`levels`."""
        names = dict(zip(self._table["code"], self._table["item"], strict=True))
        known = [
            one["code"]
            for one in knowledge("own_staff.toml")["account"]
            if names.get(one["code"], one["name"]) == one["name"]
        ]
        frame = self.levels["项"]
        return frame.loc[[code.startswith(tuple(known)) for code in frame["code"]]]

    @cached_property
    def tree(self) -> pd.DataFrame:
        """类, 款 and 项 below each other, each 类 in order of size: 科目, 本年支出, 基本支出, 项目支出, 占比 %, 说明.

        A cell that is blank in the report is missing; 说明 tells the rows of :attr:`unnamed` and :attr:`own_staff`.
        """
        rank = {code: at for at, code in enumerate(self.levels["类"]["code"])}
        frame = pd.concat(self.levels.values())
        frame["rank"] = [rank.get(code[: LEVELS["类"]], len(rank)) for code in frame["code"]]
        frame = frame.sort_values(["rank", "code"], kind="stable", ignore_index=True)
        frame["科目"] = [
            f"{_INDENT * (len(code) // 2 - 1)}{code} {item}"
            for code, item in zip(frame["code"], frame["item"], strict=True)
        ]
        notes = dict.fromkeys(self.unnamed["code"], "名称不说明用途")
        notes |= dict.fromkeys(self.own_staff["code"], "本单位职工")
        frame["说明"] = pd.array([notes.get(code, "") for code in frame["code"]], dtype="string")
        names = {"total": "本年支出", "basic": "基本支出", "project": "项目支出", "share": "占比 %"}
        frame[["basic", "project"]] = accounts.unfilled(frame[["basic", "project"]])
        return frame[["科目", *names, "说明"]].rename(columns=names)

    @cached_property
    def concentration(self) -> pd.DataFrame:
        """项 in order of size, with ``cumulative``: the share that they and all larger ones have together."""
        frame = self.levels["项"]
        return frame.assign(cumulative=list(accumulate(frame["share"])))

    @cached_property
    def funds(self) -> pd.DataFrame:
        """What is not 0 of each 类, by the fund that paid it (财政拨款收入支出决算总表).

        项目 (string), and a column for each fund that paid anything, named without 财政拨款.
        """
        frame = accounts.exact(self._reading, APPROPRIATION)
        frame = frame[(frame["side"] == "支出").fillna(False) & ~frame["item"].isin(_SUMS)]
        amounts = accounts.filled(frame, accounts.FUNDS)
        paid = amounts != 0
        amounts = amounts.loc[paid.any(axis=1), paid.any(axis=0)]
        amounts.insert(0, "项目", frame["item"])
        return amounts.rename(columns=lambda name: name.removesuffix("财政拨款"))

    @cached_property
    def kinds(self) -> pd.DataFrame:
        """What is not 0 of basic expenditure by 类 of the economic classification.

        类, 部分 (string; 人员经费 or 公用经费), 决算数, 占比 %. Empty where the report prints no 类.
        """
        frame = self._basic
        frame = frame[(frame["code"].str.len() == LEVELS["类"]) & (frame["amount"] != 0)]
        whole = total(frame["amount"])
        share = [100 * amount / whole for amount in frame["amount"]]
        frame = frame.assign(kind=frame["code"] + " " + frame["item"], share=share)
        names = {"kind": "类", "side": "部分", "amount": "决算数", "share": "占比 %"}
        return frame[[*names]].rename(columns=names)

    @property
    def used(self) -> list[object]:
        """The figures that this notebook uses, to be held against the contradictions."""
        links = (link.amount for link in self.flows.links)
        frames = *self.levels.values(), self.funds, self.economic
        return [*links, *frames, *filter(None, self.sums.values()), *self.sides.values()]


def alike(shares: Iterable[Decimal]) -> Decimal:
    """How many accounts of equal size would be as concentrated: 10 000 divided by the sum of squared shares in %.

    The inverse of the Herfindahl-Hirschman index (赫芬达尔指数). One account is 1, ten equal ones are 10.
    """
    return 10_000 / sum((share * share for share in shares), Decimal(0))


_Cells = dict[tuple[str, str], Number]
"""Amounts by code of the 类 and use."""


def _flows(reading: Reading, spent: pd.DataFrame) -> Flows:
    """Every flow that the tables determine; ``spent`` is 支出决算表."""
    left = _cells(spent, SPENT, "")
    if not any(left.values()):
        return Flows(why=t("报告没有支出决算表，或其中没有支出，画不出流向。"))
    found: dict[str, _Cells] = {}
    apart = []
    for fund, (table, whole, prefix) in _TABLES.items():
        paid = found[fund] = _some(_cells(accounts.exact(reading, table), whole, prefix))
        name = reading.form.name(table)
        if any(use == OTHER for _, use in paid):
            return Flows(
                why=t("{table}里有支出没有分成基本支出和项目支出，画不出流向。", table=plain(name))
            )
        apart += [name] if paid else []
        left |= {key: left.get(key, 0) - amount for key, amount in paid.items()}
    if any(amount.high < 0 for amount in left.values()):
        return Flows(why=t("各资金的支出表与支出决算表互相矛盾，画不出流向。"))
    found[REST] = _some(left)
    names = dict(zip(spent["code"], spent["item"], strict=True))
    links = [
        Flow(fund, code, names.get(code, code), use, amount)
        for fund, cells in found.items()
        for (code, use), amount in cells.items()
    ]
    if any(link.amount < 0 for link in links):
        return Flows(why=t("支出中有负数，画不出流向。"))
    size = {code: total(one.amount for one in links if one.code == code) for _, code, *_ in links}
    funds = list(found)
    links.sort(key=lambda o: (funds.index(o.fund), -size[o.code], o.code, USES.index(o.use)))
    pools = _pools(reading, {link.fund for link in links})
    return Flows(tuple(links), pools, tuple(apart), printed=_wholes(reading, spent))


def _wholes(reading: Reading, spent: pd.DataFrame) -> dict[str, Number]:
    """What the tables print of each 类, each use and each fund as a whole."""
    kinds = spent[(spent["code"].str.len() == LEVELS["类"]).fillna(False)]
    found = dict(zip(kinds["item"], accounts.filled(kinds, [SPENT])[SPENT], strict=True))
    cells = {use: reading.cell(EXPENDITURE, "合计", use) for use in MAIN}
    for name in accounts.FUNDS:
        fund = name.removesuffix("财政拨款")
        cells[fund] = reading.cell(APPROPRIATION, "总计", name, side="支出")
    return found | {name: cell.number for name, cell in cells.items() if cell}


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
