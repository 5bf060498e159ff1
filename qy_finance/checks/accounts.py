"""The rows of the tables themselves: repeated cells, levels of accounts, accounts that tables share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qy_finance.checks.knowledge import rules
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable, brackets
from qy_finance.checks.model import Check
from qy_finance.checks.relations import Linear, Words, plus

COPIES: Final = rules()["copies"]
_APPROPRIATIONS: Final = ("general_budget_expenditure", "government_fund", "state_capital")


def account_checks(ledger: Ledger) -> Iterator[Check]:
    """Every check of the rows of the tables."""
    for sheet in ledger.sheets.values():
        yield from _copies(sheet)
        yield from _parents(ledger, sheet)
    yield from _accounts(ledger)


def label_of(row: AccountRow) -> str:
    """A row in the id of a check: its code, or its side and name."""
    return row.code or "/".join(part for part in (row.side, row.item) if part)


def _copies(sheet: LedgerTable) -> Iterator[Check]:
    for (row, column), (first, *others) in sheet.cells.items():
        for number, other in enumerate(others, start=2):
            where = f"{sheet.table}/{label_of(row)}/{column}/{number}"
            yield Check(COPIES, where, Linear(plus(first), plus(other)))


def _parents(ledger: Ledger, sheet: LedgerTable) -> Iterator[Check]:
    """Whether an account stands without the account that it is part of; not where a template prints no levels."""
    if not sheet.parents:
        return
    lengths = set(map(len, sheet.by_code))
    orphans = [
        row
        for row in sheet.rows
        if row.code and len(row.code) - 2 in lengths and row.code[:-2] not in sheet.by_code
    ]
    named = "、".join(f"{row.code} {row.item}" for row in orphans)
    said = (
        f"{ledger.table_name(sheet.table)}的{named}没有上级科目"
        if orphans
        else "各科目都有上级科目"
    )
    yield Check(rules()["parents"], sheet.table, Words(sheet.first(orphans), said, not orphans))


def _accounts(ledger: Ledger) -> Iterator[Check]:
    """Whether an account of appropriations is one of all expenditure, under the same name."""
    every = ledger.sheets.get("expenditure")
    for table in _APPROPRIATIONS if every else ():
        sheet = ledger.sheets.get(table)
        if every is None or sheet is None or not sheet.by_code:
            continue
        levels = set(map(len, every.by_code))  # that the template prints there
        spent = {row for (row, _), (first, *_) in sheet.cells.items() if first.value}
        wrong: dict[AccountRow, str] = {}
        for row in sheet.rows:
            if row.code is None or len(row.code) not in levels:
                continue
            known = every.by_code.get(row.code)
            if known is None and row in spent:
                wrong[row] = "支出表没有"
            elif known and not _one_name(known.item, row.item):
                wrong[row] = f"支出表为{known.item}"
        named = "、".join(f"{row.code} {row.item}（{why}）" for row, why in wrong.items())
        found = f"不同：{named}" if wrong else "相同"
        said = f"{ledger.table_name(table)}的科目与支出决算表{found}"
        yield Check(rules()["between.accounts"], table, Words(sheet.first(wrong), said, not wrong))


def _one_name(one: str, other: str) -> bool:
    """Whether two prints are one name, of which one may be cut short."""
    one, other = brackets(one), brackets(other)
    return one in other or other in one
