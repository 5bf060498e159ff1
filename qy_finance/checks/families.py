"""Figures under one heading that belong together: procurement, vehicles, projects, counts and their money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from qy_finance.checks.identities import documented, rules
from qy_finance.checks.ledger import Ledger, compiled
from qy_finance.checks.model import Check, Identity, NotRun
from qy_finance.checks.quantities import CellName, is_budget, place, prose_data
from qy_finance.checks.relations import Linear, Mix, Sign, Term, Words
from qy_finance.checks.sentence import listed, printed, sentence
from qy_finance.facts import NOTHING, Fact

MIX: Final = rules()["procurement.mix"]
PROJECTS: Final = rules()["performance.amounts"]

_ONCE: Final = 2  # groups and guests, once each
_KIND: Final = compiled(r"(货物|工程|服务)采购?(?:授予|预留)?中小企业.*")


def family_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every check of figures that belong together."""
    for operands in ledger.sections.values():
        section = operands[0].scope
        for entry in prose_data()["prose"]:
            if compiled(entry["section"]).search(section):
                yield from _related(ledger, entry, operands)
        for entry in prose_data()["same"]:
            if compiled(entry["section"]).search(section):
                yield from _same(entry, operands)
        yield from _mixed(operands)
        yield from _projects(operands)
    for entry in prose_data()["together"]:
        yield from _together(ledger, entry)


def _identity(entry: dict[str, Any]) -> Identity:
    return documented(entry, "文字")


def _related(ledger: Ledger, entry: dict[str, Any], operands: list[Fact]) -> Iterator[Check]:
    left = [o for term in entry["left"] for o in _fitting(ledger, entry, term, operands)]
    right = [o for term in entry["right"] for o in _fitting(ledger, entry, term, operands)]
    if left and right:
        rule = Linear(
            tuple(Term(1, operand) for operand in left),
            tuple(Term(1, operand) for operand in right),
            entry["relation"],
        )
        yield Check(_identity(entry), place(left[0]), rule)


def _fitting(
    ledger: Ledger, entry: dict[str, Any], term: dict[str, Any], operands: list[Fact]
) -> list[Fact]:
    """The figures that a term means."""
    if "table" in term:
        found = CellName(**term).operand(ledger)
        return [found] if found else []
    said, column = compiled(term["said"]), compiled(term.get("column", ""))
    fitting = [
        operand
        for operand in operands
        if operand.figure.measure == entry["measure"]
        and entry.get("unit") in (None, operand.figure.unit_of_measure)
        and said.fullmatch(operand.figure.item)
        and column.fullmatch(operand.figure.column or "")
    ]
    return fitting if term.get("all") else fitting[:1]


def _same(entry: dict[str, Any], operands: list[Fact]) -> Iterator[Check]:
    said, unless = compiled(entry["said"]), compiled(entry["unless"])
    counts = [
        operand
        for operand in operands
        if operand.figure.measure == entry["measure"]
        and operand.figure.unit_of_measure == entry["unit"]
        and said.fullmatch(operand.figure.item)
        and not unless.fullmatch(operand.figure.item)
    ]
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for count in counts:
        kind = next((kind for kind in entry["kinds"] if kind in count.figure.item), "")
        groups[kind].append(count)
    for first, *others in groups.values():
        for other in others:
            yield _pair(entry, first, other, "=")
    for kind, (first, *_) in groups.items():
        if kind and groups.get(""):
            yield _pair(entry, first, groups[""][0], "≤")


def _pair(entry: dict[str, Any], one: Fact, other: Fact, relation: Sign) -> Check:
    rule = Linear((Term(1, one),), (Term(1, other),), relation)
    return Check(_identity(entry), place(other), rule)


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


def _together(ledger: Ledger, entry: dict[str, Any]) -> Iterator[Check | NotRun]:
    """A count of trips, cars or guests that is zero exactly where the money for it is."""
    cell = CellName(**entry["amount"])
    counted, units = compiled(entry["count"]), compiled(entry["units"])
    counts = [
        operand
        for operand in ledger.prose
        if operand.figure.measure == "count"
        and compiled(entry["section"]).search(operand.scope)
        and counted.fullmatch(operand.figure.item)
        and units.fullmatch(operand.figure.unit_of_measure)
    ]
    if not counts:
        return
    if cell.table in ledger.missing:
        yield NotRun(_identity(entry), "", ledger.table_name(cell.table))
        return
    amount = cell.operand(ledger) or NOTHING  # the form prints this cell: a blank is zero
    spent = amount.value != 0
    largest = max(counts, key=lambda operand: operand.value)
    smallest = min(counts, key=lambda operand: operand.value)
    telling = smallest if spent and entry.get("every") else largest
    said = sentence(
        *(f"{cell.named(ledger)} ", amount, f"，{telling.item} ", printed(telling)),
        f" {telling.unit_of_measure}（{telling.place}）",
    )
    yield Check(_identity(entry), "", Words((telling, amount), said, spent == (telling.value != 0)))
    domestic = [
        c for c in counts if compiled(entry.get("domestic", "(?!)")).fullmatch(c.figure.item)
    ]
    zeros = [count for count in domestic if count.value == 0]
    others = [count for count in domestic if count.value != 0]
    named = {count.figure.item for count in domestic}
    if zeros and others and len(domestic) == len(named) == _ONCE:
        both = listed(((f"{one.item} ", printed(one)) for one in (zeros[0], others[0])), "，")
        two = sentence(both, f"（{zeros[0].place}）")
        yield Check(_identity(entry), "domestic", Words((zeros[0], others[0]), two, holds=False))
