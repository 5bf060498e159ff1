"""Accounts that the prose names and the tables do not have, where the amount shows which one is meant."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from qy_finance.checks.knowledge import rules
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable, brackets
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.oversights import oversights
from qy_finance.checks.quantities import account_rows, is_budget, quantity
from qy_finance.checks.relations import Words
from qy_finance.checks.sentence import Sentence, listed, said
from qy_finance.facts import Fact
from qy_finance.language import Verbatim

_TABLES: Final = ("general_budget_expenditure", "expenditure", "government_fund", "state_capital")
_FUNDS: Final = {"政府性基金": "government_fund", "国有资本": "state_capital"}
_COLUMNS: Final = ("本年支出合计", "本年支出/小计")
_MOST: Final = Decimal("0.5")  # half of the last digit of a cell, at most
_LEVELS: Final = {3: "类", 5: "款", 7: "项"}  # by the digits of a code
_LENGTHS: Final = {level: length for length, level in _LEVELS.items()}
_SHOWN: Final = 2
_KNOWN: Final = 2  # accounts of the prose that the tables have, for each that they do not
_ALIKE: Final = (
    2  # of a name that is another one, more than one character in so many is that of the account
)
_LOOSE: Final = re.compile('[和与及、“”"]|支出|（[^（）]*）')

_MARKS: Final = "“”.．、"  # around a name

_Cells = list[tuple[LedgerTable, AccountRow, Fact]]


class _Named(NamedTuple):
    """An account as the prose names it, from the highest level to its own, and the level of each name."""

    fact: Fact
    path: list[str]
    levels: list[str]


class _Differs(NamedTuple):
    """An account that is called ``said`` in the prose, or said to be part of that, and ``true`` in a table."""

    fact: Fact
    own: str
    own_level: str
    said: str
    true: str
    level: str
    row: AccountRow
    cell: Fact


class _Accounts(NamedTuple):
    """The accounts of the tables: their money in order, their names by code, and the levels of each name."""

    sheets: list[LedgerTable]
    cells: _Cells
    names: Mapping[str, Collection[str]]
    levels: Mapping[str, Collection[str]]


def account_name_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every account of the prose that has money: whether the tables have one of its name.

    Without an account of that amount nothing is said: the name may be that of a table that is missing.
    """
    sheets = [sheet for table in _TABLES if (sheet := ledger.sheets.get(table)) and sheet.by_code]
    if not sheets or any(map(ledger.unread_accounts, _TABLES)):
        return
    accounts = _accounts(sheets)
    known = 0
    wrong: defaultdict[tuple[str, str, str], list[_Differs]] = defaultdict(list)
    for fact in ledger.amounts():
        one = _named(fact)
        if one is None or is_budget(fact) or not fact.value:
            continue
        if any(account_rows(sheet, fact.item) for sheet in sheets):
            known += 1
            continue
        for differs in _differs(accounts, one):
            wrong[differs.said, differs.true, differs.level].append(differs)
    unexplained = sum(_since(said, true) is None for said, true, _ in wrong)
    few = unexplained * _KNOWN <= known or (unexplained == 1 and known)
    for (name, true, _), found in wrong.items():
        first, since = found[0], _since(name, true)
        shown = listed((_example(one) for one in found[:_SHOWN]), "；")
        fault = _fault(accounts, first, ledger.year)
        text = (
            said("{fault}（{places}等）", fault=fault, places=shown)
            if len(found) > _SHOWN
            else said("{fault}（{places}）", fault=fault, places=shown)
        )
        facts = tuple(fact for one in found for fact in (one.fact, one.cell))
        check = Check(
            rules()["prose.account_name"],
            f"{name}@{first.fact.place}",
            Words(facts, text, holds=False),
        )
        sure = few or since is not None
        yield check if sure else NotRun(check.identity, check.place, "表中同名的科目")


def _example(one: _Differs) -> Sentence:
    """第12页“…” 5.00，支出决算表“…”5.00."""
    return said(
        "{at}“{name}”{n}，{table}“{row}”{cell}",
        at=one.fact.place, name=Verbatim(one.fact.item.strip(_MARKS)), n=one.fact,
        table=one.cell.table_name, row=Verbatim(one.row.item), cell=one.cell,
    )  # fmt: skip


def _accounts(sheets: list[LedgerTable]) -> _Accounts:
    names: defaultdict[str, set[str]] = defaultdict(set)
    levels: defaultdict[str, set[str]] = defaultdict(set)
    cells: _Cells = []
    for sheet in sheets:
        for row in sheet.rows:
            if row.code:
                names[row.code].add(row.item)
                levels[_plain(row.item)].add(_LEVELS.get(len(row.code), ""))
            cell = next(filter(None, (sheet.cell(row, name) for name in _COLUMNS)), None)
            if cell:
                cells.append((sheet, row, cell))
    return _Accounts(sheets, sorted(cells, key=_value), names, levels)


def _since(said: str, true: str) -> int | None:
    """The year from which on an account has its name, where the other one is that of before."""
    for one in oversights().account_name.renamed:
        if _plain(said) == _plain(one.old) and _plain(true) == _plain(one.new):
            return one.since
    return None


def _fault(accounts: _Accounts, one: _Differs, year: int) -> Sentence:
    level, names = one.level, {"name": Verbatim(one.said), "true": Verbatim(one.true)}
    since, levels = _since(one.said, one.true), accounts.levels.get(_plain(one.said), ())
    if since is not None and since <= year:
        return said("“{name}”是旧名称，{since}年起为“{true}”", since=str(since), **names)
    if level in levels and level != one.own_level:
        return said(
            "“{own}（{of}）”在表中属于“{true}（{level}）”，不属于“{name}（{level}）”",
            own=Verbatim(one.own), of=one.own_level, level=level, **names,
        )  # fmt: skip
    if level in levels:
        return said(
            "该数在表中是“{true}（{level}）”，不是“{name}（{level}）”", level=level, **names
        )
    if levels:
        others = listed((other,) for other in sorted(levels))
        return said(
            "表中“{name}”是{others}，不是{level}；该数的{level}为“{true}”",
            others=others, level=level, **names,
        )  # fmt: skip
    return said("表中没有科目“{name}”，应为“{true}”", **names)


def _differs(accounts: _Accounts, one: _Named) -> Iterator[_Differs]:
    """The names of a path that are others in the tables, if the amount shows which account is meant.

    Above the lowest of them only old names: one of another account says where the account is thought to be.
    """
    meant = _meant(accounts.cells, one)
    if meant is None:
        return
    sheet, row, cell = meant
    found = False
    parents = _parents(sheet, row)
    pairs = list(zip(reversed(one.path), reversed(parents), strict=False))
    if not any(_alike(told, above.item) or _resembles(told, above.item) for told, above in pairs):
        return  # an account of the same amount by chance
    for told, level, above in zip(
        reversed(one.path), reversed(one.levels), reversed(parents), strict=False
    ):
        known = accounts.names[above.code or ""]
        if any(_alike(told, name) for name in known):
            continue
        if not found or _since(told, above.item) is not None:
            own = one.path[-1], one.levels[-1]
            yield _Differs(one.fact, *own, told, above.item, level, row, cell)
        found = True


def _named(fact: Fact) -> _Named | None:
    data = oversights().account_name
    item = fact.item.rsplit("/", 1)[-1]
    levels = [match[0][1] for match in data.typed.finditer(item)]
    economic = "基本支出" in fact.section  # another classification
    if economic or not data.section.search(fact.scope):
        return None
    if not levels:  # “文化支出”82.51万元，占0.43%
        of_class = data.structure.search(fact.section) and quantity(item, fact.scope) is None
        name = item.strip(_MARKS)
        return _Named(fact, [name], ["类"]) if of_class and name else None
    path = [part for part in data.typed.split(item)[: len(levels)] if part]
    if len(path) != len(levels) or any(part[:1].isdigit() for part in path):
        return None
    return _Named(fact, [part.strip(_MARKS) for part in path], levels)


def _plain(name: str) -> str:
    return _LOOSE.sub("", brackets(name))


def _alike(one: str, other: str) -> bool:
    """Whether two names can be of one account: one may be cut short, but drops no word within."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    return bool(short) and long.startswith(short)


def _resembles(said: str, true: str) -> bool:
    """Whether a name that is not that of an account can be meant for it."""
    characters = _plain(said)
    shared = sum(character in true for character in characters)
    return _since(said, true) is not None or shared * _ALIKE > len(characters)


def _meant(cells: _Cells, one: _Named) -> tuple[LedgerTable, AccountRow, Fact] | None:
    """The one account of that level with the amount; of several the one that shares a name of the path."""
    found: dict[str, tuple[LedgerTable, AccountRow, Fact]] = {}
    fact, length = one.fact, _LENGTHS[one.levels[-1]]
    fund = next((table for word, table in _FUNDS.items() if word in fact.scope), None)
    first = bisect_left(cells, fact.value - fact.half - _MOST, key=_value)
    for sheet, row, cell in islice(cells, first, None):
        if cell.value > fact.value + fact.half + _MOST:
            break
        meant = fund is None or sheet.table in (fund, "expenditure")
        if meant and row.code and len(row.code) == length and cell.span.meets(fact.span):
            found.setdefault(row.code, (sheet, row, cell))
    if len(found) > 1:
        near = {
            code: entry
            for code, entry in found.items()
            if any(map(_alike, one.path, (row.item for row in _parents(entry[0], entry[1]))))
        }
        found = near or found
    return next(iter(found.values())) if len(found) == 1 else None


def _value(entry: tuple[LedgerTable, AccountRow, Fact]) -> Decimal:
    return entry[2].value


def _parents(sheet: LedgerTable, row: AccountRow) -> list[AccountRow]:
    """An account and those that it is part of, from the highest level to its own."""
    rows = [row]
    while (above := sheet.parents.get(rows[0])) is not None:
        rows.insert(0, above)
    return rows
