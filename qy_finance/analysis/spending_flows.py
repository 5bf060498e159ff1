"""Notebook 01: which fund pays for which function, and for what kind of expenditure.

支出决算表 says what each 类 spent as 基本支出 and as 项目支出, the tables of the three budgets say how much of it
they paid. What is left was paid from other money (其余资金). No flow is estimated.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis import overview
from qy_finance.analysis.facts import Fact, cell
from qy_finance.analysis.spending import EXPENDITURE, MAIN, TOTAL, exact
from qy_finance.intervals import NOTHING, Approx, as_printed, total
from qy_finance.report import Report
from qy_finance.sourced import Sourced, sources_of
from qy_finance.tables import NAMES

REST: Final = "其余资金"
OTHER: Final = "其他支出"
"""上缴上级支出, 经营支出 and 对附属单位补助支出."""
USES: Final = (*MAIN, OTHER)

_SPENT: Final = "本年支出"
_FUNDS: Final = {
    "一般公共预算": ("general_budget_expenditure", TOTAL, ""),
    "政府性基金预算": ("government_fund", f"{_SPENT}/小计", f"{_SPENT}/"),
    "国有资本经营预算": ("state_capital", f"{_SPENT}/小计", f"{_SPENT}/"),
}
_CLASS: Final = 3  # digits of the code of a 类


@dataclass(frozen=True, slots=True)
class Flow:
    """Money of one fund for one 类 (``code``, ``item``) and one of :data:`USES`."""

    fund: str
    code: str
    item: str
    use: str
    amount: Sourced


@dataclass(frozen=True, slots=True)
class Pool:
    """What one fund had and what became of it; what is carried over in (``opening``) and out (``closing``).

    ``opening`` holds 使用非财政拨款结余, ``closing`` 结余分配: both are what is between 总计 and the sum of the year.
    """

    fund: str
    opening: Decimal
    income: Decimal
    spent: Decimal
    closing: Decimal


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

    links: tuple[Flow, ...]
    pools: tuple[Pool, ...]
    apart: tuple[str, ...]
    why: str = ""

    @property
    def total(self) -> Decimal:
        """All expenditure of the links."""
        return sum((link.amount for link in self.links), Decimal(0))


_Cells = dict[tuple[str, str], Approx]


def flows(report: Report) -> Flows:
    """Every flow from a fund through a 类 to a kind of expenditure that the tables determine."""
    names, left = _of_table(report, EXPENDITURE, TOTAL, "")
    if not any(amount.value for amount in left.values()):
        return Flows((), (), (), "报告没有支出决算表，或其中没有支出，画不出流向。")
    found: list[tuple[str, tuple[str, str], Approx]] = []
    apart = []
    for fund, (table, whole, prefix) in _FUNDS.items():
        _, paid = _of_table(report, table, whole, prefix)
        if any(not _nothing(paid[key]) for key in paid if key[1] == OTHER):
            return Flows(
                (), (), (), f"{NAMES[table]}里有支出没有分成基本支出和项目支出，画不出流向。"
            )
        used = [(key, amount) for key, amount in paid.items() if not _nothing(amount)]
        if used:
            apart.append(NAMES[table])
        for key, amount in used:
            found.append((fund, key, amount))
            left[key] = left.get(key, NOTHING) - amount
    if any(amount.high < 0 for amount in left.values()):
        return Flows((), (), (), "各资金的支出表与支出决算表互相矛盾，画不出流向。")
    if any(amount.high < 0 for _, _, amount in found):
        return Flows((), (), (), "支出中有负数，画不出流向。")
    found += [(REST, key, amount) for key, amount in left.items() if not _nothing(amount)]
    links = _in_order(
        Flow(fund, code, names.get(code, code), use, _sourced(amount))
        for fund, (code, use), amount in found
    )
    return Flows(links, _pools(report, links), tuple(apart))


def pools(found: Flows) -> pd.DataFrame:
    """The pools to be read: 资金 (string), then 年初结转等, 本年收入, 本年支出, 年末结转等 (object, Sourced)."""
    rows = [(one.fund, one.opening, one.income, one.spent, one.closing) for one in found.pools]
    names = ["资金", "年初结转等", "本年收入", "本年支出", "年末结转等"]
    return pd.DataFrame(rows, columns=names, dtype="object").astype({"资金": "string"})


def _of_table(report: Report, table: str, whole: str, prefix: str) -> tuple[dict[str, str], _Cells]:
    """Names of 类 by code, and what a table prints of each by use; the highest accounts that it prints."""
    frame = exact(report, table)
    coded = frame[frame["code"].notna()]
    codes = set(coded["code"])
    names: dict[str, str] = {}
    cells: _Cells = {}
    for row in coded.to_dict("records"):
        code = row["code"]
        if len(code) == _CLASS:
            names[code] = row["item"]
        if any(code[:end] in codes for end in range(_CLASS, len(code), 2)):
            continue
        parts = [_approx(report, row.get(f"{prefix}{use}")) for use in MAIN]
        rest = _approx(report, row.get(whole)) - total(parts)
        for use, amount in zip(USES, (*parts, rest), strict=True):
            key = code[:_CLASS], use
            cells[key] = cells.get(key, NOTHING) + amount
    return names, cells


def _pools(report: Report, links: tuple[Flow, ...]) -> tuple[Pool, ...]:
    """What each fund had and what it became; none where a fund of the links is not told, or has less than it spent."""
    found = {pool.fund: pool for pool in map(_pool_of_rest, [report]) if pool}
    for name in overview.FUNDS:
        pool = _pool(report, name)
        if pool:
            found[pool.fund] = pool
    paying = {link.fund for link in links}
    if paying - found.keys() or any(min(one.opening, one.closing) < 0 for one in found.values()):
        return ()
    had = [found[fund] for fund in (*_FUNDS, REST) if fund in found]
    return tuple(one for one in had if one.fund in paying or one.opening or one.income)


def _pool(report: Report, name: str) -> Pool | None:
    """Of one fund, as 财政拨款收入支出决算总表 prints it; what a template does not print is what is left of 总计."""
    table = overview.APPROPRIATION
    income = cell(report, table, name, "决算数", side="收入")
    whole = cell(report, table, "总计", name, side="支出")
    spent = cell(report, table, overview.SPENT, name, side="支出")
    if not (income and whole and spent):
        return None
    opening = cell(report, table, f"年初财政拨款结转和结余/{name}", "决算数", side="收入")
    closing = cell(report, table, "年末财政拨款结转和结余", name, side="支出")
    return Pool(
        name.removesuffix("财政拨款"),
        opening.value if opening else _sure(_of(whole) - _of(income)),
        income.value,
        spent.value,
        closing.value if closing else _sure(_of(whole) - _of(spent)),
    )


def _pool_of_rest(report: Report) -> Pool | None:
    """收入支出决算总表 less 财政拨款收入支出决算总表."""
    table = overview.APPROPRIATION
    sides = (("收入", overview.RECEIVED, "决算数"), ("支出", overview.SPENT, "合计"))
    found = []
    for side, item, column in sides:
        for name in (item, "总计"):
            every = overview.total(report, side, name)
            part = cell(report, table, name, column, side=side)
            if not (every and part):
                return None
            found.append(_of(every) - _of(part))
    income, whole, spent, end = found
    return Pool(REST, *map(_sure, (whole - income, income, spent, end - spent)))


def _in_order(links: Iterable[Flow]) -> tuple[Flow, ...]:
    """The largest 类 first, funds in the order of the budget."""
    some = list(links)
    size: dict[str, Decimal] = {}
    for link in some:
        size[link.code] = size.get(link.code, Decimal(0)) + link.amount
    funds = [*_FUNDS, REST]
    return tuple(
        sorted(
            some,
            key=lambda link: (
                funds.index(link.fund),
                -size[link.code],
                link.code,
                USES.index(link.use),
            ),
        )
    )


def _of(fact: Fact) -> Approx:
    return Approx(fact.value, fact.half)


def _approx(report: Report, value: object) -> Approx:
    """A printed cell; a blank one is nothing."""
    for source in sources_of(value):
        printed = str(report.observations.at[source.row, "printed"])
        return Approx(value, as_printed(printed).half)  # type: ignore[arg-type]
    return NOTHING


def _nothing(amount: Approx) -> bool:
    """Whether rounding explains all of it."""
    return abs(amount.value) <= amount.half


def _sure(amount: Approx) -> Decimal:
    """The number, 0 where rounding explains it."""
    return amount.value * 0 if _nothing(amount) else amount.value


def _sourced(amount: Approx) -> Sourced:
    assert isinstance(amount.value, Sourced), "it comes from cells"
    return amount.value
