"""Identities between reports of one unit for consecutive years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from qy_finance.checks.identities import rules
from qy_finance.checks.ledger import MONEY, Ledger, is_money
from qy_finance.checks.model import Check, Operand
from qy_finance.checks.moves import Move
from qy_finance.checks.quantities import Cell, is_budget, place, quantity
from qy_finance.checks.relations import Linear, Term

OPENING: Final = rules()["years.opening"]
BASE: Final = rules()["years.base"]
STATED: Final = rules()["years.stated"]

_CARRIED: Final = (
    (
        Cell("income_expenditure_summary", "年初结转和结余|上年结转.*", "决算数", "收入"),
        Cell("income_expenditure_summary", "年末结转和结余|结转下年.*", "决算数", "支出"),
    ),
    (
        Cell("appropriation_summary", "年初财政拨款结转和结余|年初结转和结余", "决算数", "收入"),
        Cell("appropriation_summary", "年末财政拨款结转和结余|年末结转和结余", "合计", "支出"),
    ),
    (
        Cell("government_fund", "合计|总计", "年初结转和结余"),
        Cell("government_fund", "合计|总计", "年末结转和结余"),
    ),
    (
        Cell("state_capital", "合计|总计", "年初结转和结余"),
        Cell("state_capital", "合计|总计", "年末结转和结余"),
    ),
)
"""What is carried in at the start of a year, and what was carried over at the end of the year before."""


def year_checks(ledger: Ledger, moved: list[Move], before: Ledger) -> Iterator[Check]:
    """Every check against the report of the year before."""
    for opening, closing in _CARRIED:
        now, then = opening.operand(ledger), closing.operand(before)
        if now is not None and then is not None:
            rule = Linear((Term(1, now),), (Term(1, _earlier(then, before, ledger)),))
            yield Check(OPENING, opening.table, rule)
    for operand in ledger.prose:
        figure = operand.figure
        if figure.measure == "amount" and figure.year == before.year and is_money(figure):
            then = _stated(ledger, before, operand)
            if then is not None and not is_budget(operand):
                rule = Linear((Term(1, operand),), (Term(1, _earlier(then, before, ledger)),))
                yield Check(STATED, place(operand), rule)
    for move in moved:
        if move.base != "上年" or not move.changes or move.current.figure.measure != "amount":
            continue
        then = _stated(ledger, before, move.current)
        if then is not None:
            left = (Term(1, move.current), Term(-1, move.changes[0]))
            rule = Linear(left, (Term(1, _earlier(then, before, ledger)),))
            yield Check(BASE, place(move.changes[0]), rule)


def _stated(ledger: Ledger, before: Ledger, current: Operand) -> Operand | None:
    """The same quantity a year before: the cell that is meant this year, or the amount of that name."""
    figure = current.figure
    named = quantity(figure.item, current.scope)
    if named is not None:
        for cell in named.final:
            now = cell.operand(ledger)
            if now is not None and now.span.meets(current.span):
                return cell.operand(before)
        return None
    said = [o for o in before.amounts() if o.figure.item == figure.item and not is_budget(o)]
    return said[0] if len({o.value for o in said}) == 1 else None


def _earlier(operand: Operand, before: Ledger, ledger: Ledger) -> Operand:
    """A figure of the year before, in the money unit of this year's report; it has no row there."""
    factor = MONEY[before.unit] / MONEY[ledger.unit]
    year = f"{before.year}年报告"
    return replace(
        operand,
        row=-1,
        value=operand.value * factor,
        half=operand.half * factor,
        place=f"{year}{operand.place}",
        name=f"{year}的{operand.name}",
        full=f"{year}的{operand.full}",
    )
