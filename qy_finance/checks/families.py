"""Figures under one heading that belong together: procurement, vehicles, projects, counts and their money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from qy_finance.checks.knowledge import (
    CellName,
    Mentioned,
    Related,
    Same,
    Together,
    prose_data,
    rules,
)
from qy_finance.checks.ledger import Ledger, compiled
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.quantities import is_budget, place
from qy_finance.checks.relations import Linear, Mix, Sign, Term, Words
from qy_finance.checks.sentence import listed, printed, sentence
from qy_finance.facts import NOTHING, Fact

MIX: Final = rules()["procurement.mix"]
PROJECTS: Final = rules()["performance.amounts"]

_ONCE: Final = 2  # groups and guests, once each
_KIND: Final = compiled(r"(货物|工程|服务)采购?(?:授予|预留)?中小企业.*")


def family_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every check of figures that belong together."""
    data = prose_data()
    for operands in ledger.sections.values():
        section = operands[0].scope
        for entry in data.prose:
            if entry.section.search(section):
                yield from _related(ledger, entry, operands)
        for same in data.same:
            if same.section.search(section):
                yield from _same(same, operands)
        yield from _mixed(operands)
        yield from _projects(operands)
    for together in data.together:
        yield from _together(ledger, together)


def _related(ledger: Ledger, entry: Related, operands: list[Fact]) -> Iterator[Check]:
    left = [o for term in entry.left for o in _fitting(ledger, entry, term, operands)]
    right = [o for term in entry.right for o in _fitting(ledger, entry, term, operands)]
    if left and right:
        rule = Linear(
            tuple(Term(1, operand) for operand in left),
            tuple(Term(1, operand) for operand in right),
            entry.relation,
        )
        yield Check(entry.identity, place(left[0]), rule)


def _fitting(
    ledger: Ledger, entry: Related, term: Mentioned | CellName, operands: list[Fact]
) -> list[Fact]:
    """The figures that a term means."""
    if isinstance(term, CellName):
        found = ledger.figure(term)
        return [found] if found else []
    fitting = [
        fact
        for fact in operands
        if fact.measure == entry.measure
        and entry.unit in (None, fact.unit_of_measure)
        and term.said.fullmatch(fact.item)
        and term.column.fullmatch(fact.column)
    ]
    return fitting if term.all else fitting[:1]


def _same(entry: Same, operands: list[Fact]) -> Iterator[Check]:
    counts = [
        operand
        for operand in operands
        if operand.measure == entry.measure
        and operand.figure.unit_of_measure == entry.unit
        and entry.said.fullmatch(operand.item)
        and not entry.unless.fullmatch(operand.figure.item)
    ]
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for count in counts:
        kind = next((kind for kind in entry.kinds if kind in count.figure.item), "")
        groups[kind].append(count)
    for first, *others in groups.values():
        for other in others:
            yield _pair(entry, first, other, "=")
    for kind, (first, *_) in groups.items():
        if kind and groups.get(""):
            yield _pair(entry, first, groups[""][0], "≤")


def _pair(entry: Same, one: Fact, other: Fact, relation: Sign) -> Check:
    rule = Linear((Term(1, one),), (Term(1, other),), relation)
    return Check(entry.identity, place(other), rule)


def _mixed(operands: list[Fact]) -> Iterator[Check]:
    """SMEs' share of each kind of purchase against what they were awarded in all."""
    amounts: dict[str, Fact] = {}
    shares: dict[str, Fact] = {}
    total: Fact | None = None
    for operand in operands:
        figure = operand.figure
        kind = _KIND.fullmatch(figure.item)
        if figure.measure == "share" and kind:
            shares[kind[1]] = operand
        elif figure.measure == "amount" and compiled(
            r"(?:.*政府采购)?授予中小企业(?:的)?合同(?:总)?金额"
        ).fullmatch(figure.item):
            total = operand
        elif figure.measure == "amount" and "授予" not in figure.item:
            for name in ("货物", "工程", "服务"):
                if name in figure.item:
                    amounts.setdefault(name, operand)
    pairs = tuple((shares[name], amount) for name, amount in amounts.items() if name in shares)
    spent = [name for name, amount in amounts.items() if amount.value]
    if total and pairs and all(name in shares for name in spent):
        yield Check(MIX, place(total), Mix(total, pairs))


def _projects(operands: list[Fact]) -> Iterator[Check]:
    """Stages of evaluation that count the same projects have the same money."""
    counts = {
        operand.figure.item: operand
        for operand in operands
        if operand.figure.measure == "count" and "项目" in operand.figure.item
    }
    groups: defaultdict[object, list[Fact]] = defaultdict(list)
    for operand in operands:
        count = counts.get(operand.figure.item)
        if count is not None and operand.figure.measure == "amount" and is_budget(operand):
            groups[count.value].append(operand)
    for first, *others in groups.values():
        for other in others:
            yield Check(PROJECTS, place(other), Linear((Term(1, first),), (Term(1, other),)))


def _together(ledger: Ledger, entry: Together) -> Iterator[Check | NotRun]:
    """A count of trips, cars or guests that is zero exactly where the money for it is."""
    cell = entry.amount
    counts = [
        operand
        for operand in ledger.prose
        if operand.figure.measure == "count"
        and entry.section.search(operand.scope)
        and entry.count.fullmatch(operand.figure.item)
        and entry.units.fullmatch(operand.figure.unit_of_measure)
    ]
    if not counts:
        return
    if cell.table in ledger.missing:
        yield NotRun(entry.identity, "", ledger.table_name(cell.table))
        return
    amount = ledger.figure(cell) or NOTHING  # the form prints this cell: a blank is zero
    spent = amount.value != 0
    largest = max(counts, key=lambda operand: operand.value)
    smallest = min(counts, key=lambda operand: operand.value)
    telling = smallest if spent and entry.every else largest
    said = sentence(
        *(f"{ledger.cell_name(cell)} ", amount, f"，{telling.item} ", printed(telling)),
        f" {telling.unit_of_measure}（{telling.place}）",
    )
    yield Check(entry.identity, "", Words((telling, amount), said, spent == (telling.value != 0)))
    domestic = [c for c in counts if entry.domestic.fullmatch(c.figure.item)]
    zeros = [count for count in domestic if count.value == 0]
    others = [count for count in domestic if count.value != 0]
    named = {count.figure.item for count in domestic}
    if zeros and others and len(domestic) == len(named) == _ONCE:
        both = listed(((f"{one.item} ", printed(one)) for one in (zeros[0], others[0])), "，")
        two = sentence(both, f"（{zeros[0].place}）")
        yield Check(entry.identity, "domestic", Words((zeros[0], others[0]), two, holds=False))
