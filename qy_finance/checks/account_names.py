"""Accounts that the prose names and the tables do not have, where the amount shows which one is meant."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from qy_finance.checks.knowledge import rules
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable, brackets
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.oversights import oversights
from qy_finance.checks.quantities import account_rows, is_budget, place
from qy_finance.checks.relations import Words
from qy_finance.checks.sentence import listed, sentence
from qy_finance.facts import Fact

_TABLES: Final = ("general_budget_expenditure", "expenditure", "government_fund", "state_capital")
_COLUMNS: Final = ("本年支出合计", "本年支出/小计")
_MOST: Final = Decimal("0.5")  # half of the last digit of a cell, at most
_LENGTHS: Final = {"类": 3, "款": 5, "项": 7}
_SHOWN: Final = 2
_KNOWN: Final = 2  # accounts of the prose that the tables have, for each that they do not
_LOOSE: Final = re.compile("[和与及、（）()支出]")

_Cells = list[tuple[LedgerTable, AccountRow, Fact]]


class _Named(NamedTuple):
    """An account as the prose names it, from the highest level to its own, and the level that it says."""

    fact: Fact
    path: list[str]
    level: str


class _Differs(NamedTuple):
    """An account that is called ``said`` in the prose, or said to be part of that, and ``true`` in a table."""

    fact: Fact
    own: str
    said: str
    true: str
    where: str
    row: AccountRow
    cell: Fact


def account_name_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every account of the prose that has money: whether the tables have one of its name.

    Without an account of that amount nothing is said: the name may be that of a table that is missing.
    """
    sheets = [sheet for table in _TABLES if (sheet := ledger.sheets.get(table)) and sheet.by_code]
    if not sheets or any(map(ledger.unread.get, _TABLES)):
        return
    names = {_plain(row.item) for sheet in sheets for row in sheet.rows if row.code}
    cells = sorted(
        (
            (sheet, row, cell)
            for sheet in sheets
            for row in sheet.rows
            if (cell := next(filter(None, (sheet.cell(row, name) for name in _COLUMNS)), None))
        ),
        key=_value,
    )
    known = 0
    wrong: defaultdict[tuple[str, str], list[_Differs]] = defaultdict(list)
    for fact in ledger.amounts():
        one = _named(fact)
        if one is None or is_budget(fact) or not fact.value:
            continue
        if any(account_rows(sheet, fact.item) for sheet in sheets):
            known += 1
        elif differs := _differs(cells, one):
            wrong[differs.said, differs.true].append(differs)
    for (said, true), found in wrong.items():
        first = found[0]
        elsewhere = said != first.own and _plain(said) in names
        fault = (
            f"“{first.own}”在表中属于“{true}”，不属于“{said}”"
            if elsewhere
            else f"表中没有科目“{said}”，应为“{true}”"
        )
        shown = listed(
            ((f"{one.fact.place}“{one.fact.item}”", one.fact, f"，{one.where}“{one.row.item}”", one.cell)
             for one in found[:_SHOWN]), "；"
        )  # fmt: skip
        more = "等" if len(found) > _SHOWN else ""
        text = sentence(f"{fault}（", shown, f"{more}）")
        facts = tuple(fact for one in found for fact in (one.fact, one.cell))
        check = Check(
            rules()["prose.account_name"], place(first.fact), Words(facts, text, holds=False)
        )
        few = len(wrong) * _KNOWN <= known or (len(wrong) == 1 and known)
        yield check if few else NotRun(check.identity, check.place, "表中同名的科目")


def _differs(cells: _Cells, one: _Named) -> _Differs | None:
    """The name of a path that is another one in the tables, if the amount shows which account is meant."""
    meant = _meant(cells, one)
    if meant is None:
        return None
    sheet, row, cell = meant
    pairs = zip(reversed(one.path), reversed(_parents(sheet, row)), strict=False)
    for said, true in pairs:
        if not _alike(said, true):
            return _Differs(one.fact, one.path[-1], said, true, cell.table_name, row, cell)
    return None


def _named(fact: Fact) -> _Named | None:
    data = oversights().account_name
    item = fact.item.rsplit("/", 1)[-1]
    levels = [match[0][1] for match in data.typed.finditer(item)]
    economic = "基本支出" in fact.section  # another classification
    if not levels or economic or not data.section.search(fact.scope):
        return None
    path = [part for part in data.typed.split(item)[: len(levels)] if part]
    if len(path) != len(levels) or any(part[:1].isdigit() for part in path):
        return None
    return _Named(fact, path, levels[-1])


def _plain(name: str) -> str:
    return _LOOSE.sub("", brackets(name))


def _alike(one: str, other: str) -> bool:
    """Whether two names can be of one account: one may be shortened, or cut short."""
    short, long = sorted((_plain(one), _plain(other)), key=len)
    rest = iter(long)
    return all(character in rest for character in short)


def _meant(cells: _Cells, one: _Named) -> tuple[LedgerTable, AccountRow, Fact] | None:
    """The one account of that level with the amount; of several the one that shares a name of the path."""
    found: dict[str, tuple[LedgerTable, AccountRow, Fact]] = {}
    fact, length = one.fact, _LENGTHS[one.level]
    first = bisect_left(cells, fact.value - fact.half - _MOST, key=_value)
    for sheet, row, cell in islice(cells, first, None):
        if cell.value > fact.value + fact.half + _MOST:
            break
        if row.code and len(row.code) == length and cell.span.meets(fact.span):
            found.setdefault(row.code, (sheet, row, cell))
    if len(found) > 1:
        near = {
            code: entry
            for code, entry in found.items()
            if any(map(_alike, one.path, _parents(entry[0], entry[1])))
        }
        found = near or found
    return next(iter(found.values())) if len(found) == 1 else None


def _value(entry: tuple[LedgerTable, AccountRow, Fact]) -> Decimal:
    return entry[2].value


def _parents(sheet: LedgerTable, row: AccountRow) -> list[str]:
    """The names of an account from the highest level to its own."""
    names = [row.item]
    above = sheet.parents.get(row)
    while above is not None:
        names.insert(0, above.item)
        above = sheet.parents.get(above)
    return names
