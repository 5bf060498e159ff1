"""Identities between reports of one unit for consecutive years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from qy_finance.checks.changes import StatedChange
from qy_finance.checks.knowledge import CellName, prose_data, rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.quantities import check_at, is_budget, place, quantity
from qy_finance.checks.relations import Linear
from qy_finance.facts import Fact
from qy_finance.numbers import MONEY


def year_checks(
    ledger: Ledger, changes: list[StatedChange], before: Ledger
) -> Iterator[Check | NotRun]:
    """Every check against the report of the year before."""
    for opening, closing in prose_data().carried:
        lacking = _lacking(ledger, before, (opening,))
        now, then = ledger.figure(opening), before.figure(closing)
        identity = rules()["years.opening"]
        if lacking:
            yield NotRun(identity, opening.table, lacking)
        elif now is not None and then is not None:
            rule = Linear((now,), (_earlier(then, before, ledger),))
            yield Check(identity, opening.table, rule)
    for fact in ledger.prose:
        amount = fact.measure == "amount" and fact.is_money and not is_budget(fact)
        if amount and fact.year == before.year:
            yield from _held("years.stated", fact, None, before, ledger)
    for stated in changes:
        current = stated.current
        if stated.base == "上年" and stated.changes and current.measure == "amount":
            yield from _held("years.base", current, stated.changes[0], before, ledger)


def _held(
    identity: str, current: Fact, change: Fact | None, before: Ledger, ledger: Ledger
) -> Iterator[Check | NotRun]:
    """An amount, without its change if one is given, against the same quantity in the report of the year before."""
    named = quantity(current.item, current.scope)
    then = _same(ledger, before, current)
    label = change or current
    if then is not None:
        left = (current, change) if change else (current,)
        rule = Linear(left, (_earlier(then, before, ledger),), less=change)
        yield check_at(label, identity, rule)
    elif named and (lacking := _lacking(ledger, before, named.final)):
        yield NotRun(rules()[identity], place(label), lacking)


def _lacking(ledger: Ledger, before: Ledger, cells: tuple[CellName, ...]) -> str:
    """The table that one of the reports does not have, if any of the cells needs it."""
    for cell in cells:
        for book in (ledger, before):
            if cell.table in book.missing:
                return f"{book.year}年报告的{ledger.table_name(cell.table)}"
    return ""


def _same(ledger: Ledger, before: Ledger, current: Fact) -> Fact | None:
    """The same quantity a year before: the cell that is meant this year, or the amount of that name."""
    named = quantity(current.item, current.scope)
    if named is not None:
        for cell in named.final:
            now = ledger.figure(cell)
            if now is not None and now.span.meets(current.span):
                return before.figure(cell)
        return None
    said = [o for o in before.amounts() if o.item == current.item and not is_budget(o)]
    return said[0] if len({o.value for o in said}) == 1 else None


def _earlier(fact: Fact, before: Ledger, ledger: Ledger) -> Fact:
    """A figure of the year before, in the money unit of this year's report; it has no row there."""
    factor = MONEY[before.unit] / MONEY[ledger.unit]
    named = f"{before.year}年报告{fact.place}的{fact.name}"
    bare = fact.printed.lstrip("-−－")
    shown = bare if fact.factor * factor == 1 else f"{bare} {fact.unit_of_measure}"
    return replace(
        fact,
        row=-1,
        value=fact.value * factor,
        half=fact.half * factor,
        unit=ledger.unit,
        factor=fact.factor * factor,
        name=named,
        full=named,
        shown=shown,
        origin=fact,
    )
