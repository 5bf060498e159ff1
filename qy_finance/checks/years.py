"""Identities between reports of one unit for consecutive years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from qy_finance.checks.changes import StatedChange
from qy_finance.checks.knowledge import CellName, prose_data, rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check, Identity, NotRun
from qy_finance.checks.quantities import is_budget, place, quantity
from qy_finance.checks.relations import Linear, Term
from qy_finance.facts import Fact
from qy_finance.numbers import MONEY
from qy_finance.precision import is_money

OPENING: Final = rules()["years.opening"]
BASE: Final = rules()["years.base"]
STATED: Final = rules()["years.stated"]


def year_checks(
    ledger: Ledger, moved: list[StatedChange], before: Ledger
) -> Iterator[Check | NotRun]:
    """Every check against the report of the year before."""
    for opening, closing in prose_data().carried:
        lacking = _lacking(ledger, before, (opening,))
        now, then = ledger.figure(opening), before.figure(closing)
        if lacking:
            yield NotRun(OPENING, opening.table, lacking)
        elif now is not None and then is not None:
            yield Check(OPENING, opening.table, _equal((Term(1, now),), then, before, ledger))
    for operand in ledger.prose:
        figure = operand.figure
        stated = figure.measure == "amount" and figure.year == before.year and is_money(figure)
        if stated and not is_budget(operand):
            yield from _held(STATED, (Term(1, operand),), operand, before, ledger)
    for move in moved:
        if move.base == "上年" and move.changes and move.current.figure.measure == "amount":
            left = (Term(1, move.current), Term(-1, move.changes[0]))
            yield from _held(BASE, left, move.current, before, ledger)


def _held(
    identity: Identity, left: tuple[Term, ...], current: Fact, before: Ledger, ledger: Ledger
) -> Iterator[Check | NotRun]:
    """A sum against the same quantity in the report of the year before."""
    named = quantity(current.figure.item, current.scope)
    then = _stated(ledger, before, current)
    label = place(left[-1].operand)
    lacking = _lacking(ledger, before, named.final) if named and then is None else ""
    if then is not None:
        yield Check(identity, label, _equal(left, then, before, ledger))
    elif lacking:
        yield NotRun(identity, label, lacking)


def _lacking(ledger: Ledger, before: Ledger, cells: tuple[CellName, ...]) -> str:
    """The table that one of the reports does not have, if any of the cells needs it."""
    for cell in cells:
        for book in (ledger, before):
            if cell.table in book.missing:
                return f"{book.year}年报告的{ledger.table_name(cell.table)}"
    return ""


def _equal(left: tuple[Term, ...], then: Fact, before: Ledger, ledger: Ledger) -> Linear:
    return Linear(left, (Term(1, _earlier(then, before, ledger)),))


def _stated(ledger: Ledger, before: Ledger, current: Fact) -> Fact | None:
    """The same quantity a year before: the cell that is meant this year, or the amount of that name."""
    figure = current.figure
    named = quantity(figure.item, current.scope)
    if named is not None:
        for cell in named.final:
            now = ledger.figure(cell)
            if now is not None and now.span.meets(current.span):
                return before.figure(cell)
        return None
    said = [o for o in before.amounts() if o.figure.item == figure.item and not is_budget(o)]
    return said[0] if len({o.value for o in said}) == 1 else None


def _earlier(operand: Fact, before: Ledger, ledger: Ledger) -> Fact:
    """A figure of the year before, in the money unit of this year's report; it has no row there."""
    factor = MONEY[before.unit] / MONEY[ledger.unit]
    named = f"{before.year}年报告{operand.place}的{operand.name}"
    shown = operand.shown if factor == 1 else f"{operand.shown} {before.unit}"
    return replace(
        operand,
        row=-1,
        value=operand.value * factor,
        half=operand.half * factor,
        unit=ledger.unit,
        factor=operand.factor * factor,
        name=named,
        full=named,
        shown=shown,
        origin=operand,
    )
