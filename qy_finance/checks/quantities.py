"""Which cells an amount of the prose names, and whether it agrees with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from attrs import evolve

from qy_finance.checks.knowledge import CellName, Quantity, prose_data, rules
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable, brackets, plain_name
from qy_finance.checks.model import Check, Identity, NotRun, Relation, Status
from qy_finance.checks.relations import Linear
from qy_finance.facts import Fact

FINAL: Final = re.compile(r"|.*决算.*|.*执行.*|.*实际.*")
_TYPED: Final = re.compile(r"[（(](?:类|款|项)[）)]")
_SPENT: Final = re.compile(r"([（(](?:类|款|项)[）)])(?:(?:19|20)\d\d年度?)?支出$")
_CODE: Final = re.compile(r"(\d{7}|\d{5}|\d{3})(?=\D)")


@lru_cache(maxsize=4096)
def quantity(item: str, scope: str) -> Quantity | None:
    """The quantity that an item of the prose names under a heading."""
    for found in prose_data().quantity:
        if found.said.fullmatch(item) and found.section.search(scope):
            return found
    return None


def is_budget(fact: Fact) -> bool:
    """Whether an amount is a budget (预算数) and not the final account (决算数)."""
    return "预算" in fact.column


def budgets_and_finals(facts: Iterable[Fact]) -> tuple[list[Fact], list[Fact]]:
    """The budgets (预算数) and the final accounts (决算数) among figures."""
    amounts = [fact for fact in facts if fact.measure == "amount"]
    budgets = [fact for fact in amounts if is_budget(fact)]
    return budgets, [fact for fact in amounts if not is_budget(fact)]


def quantity_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Each amount of the prose against the cells that it names."""
    headings = prose_data().headings
    for fact in ledger.amounts():
        if headings.elsewhere.search(fact.scope):
            continue
        if "基本支出" in fact.section and (cell := _economic(ledger, fact.item)):
            yield check_at(fact, "prose.account", Linear((fact,), (cell,)))
            continue
        if "基本支出" in fact.section and _unread(ledger, ["basic_expenditure"], fact.item):
            yield NotRun(
                rules()["prose.account"], place(fact), ledger.table_name("basic_expenditure")
            )
            continue
        named = quantity(fact.item, fact.scope)
        budget = is_budget(fact)
        total = named is not None and named.final[0].table == "three_public"
        part = headings.three_public.search(fact.scope) and not total  # a fund or an account there
        if part or not (budget or FINAL.fullmatch(fact.column)):
            continue
        if named is not None:
            cells = _budgets(ledger, fact, named.budget) if budget else named.final
            identity = rules()["prose.budget" if budget else "prose.amount"]
            if budget and named.budget and not cells:
                yield NotRun(identity, place(fact), f"表中的{fact.column}")
            if cells:
                yield _against(ledger, identity, fact, cells, named.form)
        elif not budget:
            yield from _account(ledger, fact)


_KINDS: Final = {"initial": "年初预算数", "adjusted": "全年预算数"}


def _budgets(ledger: Ledger, fact: Fact, cells: tuple[CellName, ...]) -> tuple[CellName, ...]:
    """The cells of the budget that a sentence means, the initial or the adjusted one: they are never one.

    A table may print both, or one and say which; none where it is certainly not the one that is meant.
    """
    meant: list[CellName] = []
    for cell in cells:
        whole, _, leaf = cell.column.partition("/")
        groups = ledger.reading.form.table(cell.table).groups
        parts = next((group.parts for group in groups if group.name == whole), ())
        named = [part.name for part in parts if part.stands_in(fact.column)]
        sheet = ledger.sheets.get(cell.table)
        heads = {column.partition("/")[0] for column in sheet.columns} if sheet else set()
        if printed := [part.name for part in parts if part.name in heads]:
            wanted = [name for name in printed if name in named] if named else printed
            meant += (evolve(cell, column=f"{name}/{leaf}") for name in wanted)
        else:
            kind = _KINDS.get(ledger.reading.three_public.get("budget", ""))
            if not (kind and named) or kind in named:
                meant.append(cell)
    return tuple(meant)


def _economic(ledger: Ledger, item: str) -> Fact | None:
    """The cell of an account of the economic classification: 公务接待费 under a heading of 基本支出."""
    sheet = ledger.sheets.get("basic_expenditure")
    for row in sheet.rows if sheet else ():
        if sheet and row.code and brackets(row.item) == brackets(item):
            return sheet.cell(row, "决算数")
    return None


def _against(
    ledger: Ledger, identity: Identity, fact: Fact, cells: tuple[CellName, ...], form: bool
) -> Check | NotRun:
    label = place(fact)
    meant = nearest(fact, ledger.figures(cells))
    agrees = meant is not None and meant.span.meets(fact.span)
    lacking = ledger.lacking(cells)
    if lacking and not agrees:  # one that is there need not be the one that is meant
        return NotRun(identity, label, lacking)
    if meant is None and not form and fact.value:
        cell = cells[0]
        lacking = f"{ledger.table_name(cell.table)}的{cell.item.split('|')[0]}·{cell.column}"
        return NotRun(identity, label, lacking)
    return Check(identity, label, Linear((fact,), (meant,) if meant else ()))


def nearest(fact: Fact, candidates: list[Fact]) -> Fact | None:
    """The first of the candidates that agrees with a figure, or the first."""
    agreeing = (found for found in candidates if found.span.meets(fact.span))
    return next(agreeing, candidates[0] if candidates else None)


def place(fact: Fact) -> str:
    """Where a figure of the prose stands, for the id of a check."""
    return f"{fact.item}{fact.column}@{fact.place}"


def check_at(fact: Fact, identity: str, rule: Relation) -> Check:
    """The check of one of :func:`rules` that stands where a figure of the prose does."""
    return Check(rules()[identity], place(fact), rule)


def alike(identity: Identity, groups: Iterable[list[Fact]]) -> Iterator[Check]:
    """The figures of each group are the same: all others against the first."""
    for first, *others in groups:
        for other in others:
            yield Check(identity, place(other), Linear((first,), (other,)))


def _unread(ledger: Ledger, tables: Iterable[str], name: str) -> bool:
    """Whether a row of that name has cells that were not read."""
    return any(
        _alike(brackets(row.item), brackets(name))
        for table in tables
        for rows in ledger.unread[table].values()
        for row in rows
    )


def _account(ledger: Ledger, fact: Fact) -> Iterator[Check | NotRun]:
    """The row of a coded table that a sentence names: 教育支出（类）普通教育（款）小学教育（项）."""
    typed = _TYPED.search(fact.item) is not None
    if not (typed or prose_data().headings.accounts.search(fact.scope)):
        return
    candidates: list[Fact] = []
    tables = account_tables(fact.scope)
    path = [part for part in _TYPED.split(fact.item) if part]
    if path and _unread(ledger, (table for table, _ in tables), path[-1]):
        yield NotRun(rules()["prose.account"], place(fact), f"表中{path[-1]}一行")
        return
    for table, columns in tables:
        sheet = ledger.sheets.get(table)
        rows = account_rows(sheet, fact.item) if sheet else []
        if sheet is None or (not typed and len(rows) != 1):
            continue
        cells = (sheet.cell(row, column) for row in rows for column in columns)
        candidates.extend(cell for cell in cells if cell is not None)
    meant = nearest(fact, candidates)
    first = tables[0][0]
    if meant is None and typed and fact.value:
        lacking = ledger.table_name(first) if first in ledger.missing else "表中同名的科目"
        yield NotRun(rules()["prose.account"], place(fact), lacking)
    # a row without money leaves no figure in the table that is meant
    if meant is None or (fact.value == 0 and meant.value != 0):
        return
    check = check_at(fact, "prose.account", Linear((fact,), (meant,)))
    if check.status is Status.BREAK and first in ledger.missing:
        yield NotRun(check.identity, check.place, ledger.table_name(first))
    else:
        yield check


def account_tables(scope: str) -> list[tuple[str, tuple[str, ...]]]:
    """The tables that a heading speaks of, the likeliest first."""
    first = (
        "government_fund" if "政府性基金" in scope
        else "state_capital" if "国有资本" in scope
        else "income" if "收入" in scope and "支出" not in scope
        else "general_budget_expenditure" if "拨款" in scope or "一般公共" in scope
        else "expenditure"
    )  # fmt: skip
    kinds = ("本年支出合计", "基本支出", "项目支出")
    fund = ("本年支出/小计", "本年收入", "本年支出/基本支出", "本年支出/项目支出")
    tables = {
        "general_budget_expenditure": kinds,
        "expenditure": kinds,
        "government_fund": fund,
        "state_capital": fund,
    }
    if first == "income":
        tables["income"] = ("本年收入合计", "财政拨款收入")
    return sorted(tables.items(), key=lambda entry: entry[0] != first)


def account_rows(sheet: LedgerTable, item: str) -> list[AccountRow]:
    """The rows that a path of names means, or the code before the last: 教育（类）普通教育（款）小学教育（项）支出."""
    named = _SPENT.sub(r"\1", item.rsplit("/", 1)[-1])
    path = [part.strip("“”") for part in _TYPED.split(named) if part]
    if not path:
        return []
    *above, last = path
    if code := _CODE.match(last):
        coded = sheet.by_code.get(code[1])
        return [coded] if coded else []
    rows = sheet.by_plain_name.get(plain_name(last), ())
    return [row for row in rows if row.code and _below(sheet, row, reversed(above))]


def _alike(item: str, name: str) -> bool:
    """Whether a row is meant."""
    return plain_name(item) == plain_name(name)


def _below(sheet: LedgerTable, row: AccountRow, above: Iterable[str]) -> bool:
    for name in above:
        parent = sheet.parents.get(row)
        if parent is None or not _alike(parent.item, name):
            return False
        row = parent
    return True
