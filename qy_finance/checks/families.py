"""Figures under one heading that belong together: procurement, vehicles, projects, counts and their money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from qy_finance.checks.changes import leaf
from qy_finance.checks.knowledge import (
    CellName,
    Mentioned,
    Related,
    Same,
    Together,
    prose_data,
)
from qy_finance.checks.ledger import Ledger, compiled
from qy_finance.checks.model import Check, NotRun, Status, doubted
from qy_finance.checks.quantities import alike, check_at, place
from qy_finance.checks.relations import Linear, Mix, Words
from qy_finance.checks.sentence import listed, printed, sentence
from qy_finance.facts import NOTHING, Fact

_AWARDED: Final = compiled(r"(?:.*政府采购)?授予中小企业(?:的)?合同(?:总)?金额")
_KIND: Final = compiled(r"(货物|工程|服务)采购?(?:授予|预留)?中小企业.*")


def family_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every check of figures that belong together."""
    data = prose_data()
    for facts in ledger.sections.values():
        section = facts[0].scope
        for entry in data.prose:
            if entry.section.search(section):
                left, right = (
                    [fact for term in terms for fact in _fitting(ledger, entry, term, facts)]
                    for terms in (entry.left, entry.right)
                )
                if left and right:
                    yield _related(ledger, entry, left, right)
        for same in data.same:
            if same.section.search(section):
                yield from _same(same, facts)
        yield from _mixed(facts)
    for together in data.together:
        yield from _together(ledger, together)


def _related(ledger: Ledger, entry: Related, left: list[Fact], right: list[Fact]) -> Check | NotRun:
    """An identity of the prose, unless what is listed may be nested, or not all there is."""
    check = Check(entry, place(left[0]), Linear(left, right, entry.relation))
    if check.status is not Status.BREAK:
        return check
    side = [
        fact
        for before, fact in pairwise((None, *right))
        if fact and not (before and _is_part(ledger, before, fact))
    ]
    without = Check(entry, check.place, Linear(left, side, entry.relation))
    if len(side) < len(right) and without.status is not Status.BREAK:
        return without
    outer = [fact for fact in left if not entry.nested.search(fact.item)]
    if outer and len(outer) < len(left):
        return Check(entry, check.place, Linear(outer, right, entry.relation))
    short = check.outcome.difference is not None and check.outcome.difference > 0
    if short and not any(entry.complete.search(fact.item) for fact in right):
        return doubted(check, "所列各项可能不是全部")
    return check


def _is_part(ledger: Ledger, before: Fact, fact: Fact) -> bool:
    """Whether a figure is one of those that the one before it consists of (其中)."""
    return "其中" in ledger.reading.text[before.figure.end : fact.figure.start]


def _fitting(
    ledger: Ledger, entry: Related, term: Mentioned | CellName, facts: list[Fact]
) -> list[Fact]:
    """The figures that a term means."""
    if isinstance(term, CellName):
        return ledger.figures([term])
    fitting = [
        fact
        for fact in facts
        if fact.measure == entry.measure
        and entry.unit in (None, fact.unit_of_measure)
        and term.said.fullmatch(fact.item)
        and term.column.fullmatch(fact.column)
    ]
    return fitting if term.all else fitting[:1]


def _same(entry: Same, facts: list[Fact]) -> Iterator[Check]:
    groups: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        alike_in = (fact.measure, fact.unit_of_measure) == (entry.measure, entry.unit)
        named = entry.said.fullmatch(fact.item) and not entry.unless.fullmatch(fact.item)
        if alike_in and named:
            groups[next((kind for kind in entry.kinds if kind in fact.item), "")].append(fact)
    yield from alike(entry, groups.values())
    for whole in groups.pop("", [])[:1]:
        for part, *_ in groups.values():
            yield Check(entry, place(whole), Linear((part,), (whole,), "≤"))


def _mixed(facts: list[Fact]) -> Iterator[Check]:
    """SMEs' share of each kind of purchase against what they were awarded in all."""
    amounts: dict[str, Fact] = {}
    shares: dict[str, Fact] = {}
    total: Fact | None = None
    for fact in facts:
        if fact.measure == "share" and (kind := _KIND.fullmatch(fact.item)):
            shares[kind[1]] = fact
        elif fact.measure == "amount" and _AWARDED.fullmatch(fact.item):
            total = fact
        elif fact.measure == "amount" and "授予" not in fact.item:
            for name in ("货物", "工程", "服务"):
                if name in fact.item:
                    amounts.setdefault(name, fact)
    pairs = tuple((shares[name], amount) for name, amount in amounts.items() if name in shares)
    spent = [name for name, amount in amounts.items() if amount.value]
    if total and pairs and all(name in shares for name in spent):
        yield check_at(total, "procurement.mix", Mix(total, pairs))


def _together(ledger: Ledger, entry: Together) -> Iterator[Check | NotRun]:
    """A count of trips, cars or guests that is zero exactly where the money for it is."""
    cell = entry.amount
    counts = [
        fact
        for fact in ledger.prose
        if fact.measure == "count"
        and entry.section.search(fact.scope)
        and entry.count.fullmatch(fact.item)
        and entry.units.fullmatch(fact.unit_of_measure)
    ]
    if not counts:
        return
    if lacking := ledger.lacking([cell]):
        yield NotRun(entry, "", lacking)
        return
    amount = ledger.figure(cell) or NOTHING  # the form prints this cell: a blank is zero
    spent = amount.value != 0
    telling = (min if spent and entry.every else max)(counts, key=lambda fact: fact.value)
    name = f"{ledger.reading.form.short(cell.table)}“{leaf(cell.column)}”"
    said = sentence(
        f"{name} ", amount, f"，{telling.item} ", printed(telling),
        f" {telling.unit_of_measure}（{telling.place}）",
    )  # fmt: skip
    yield Check(entry, "", Words((telling, amount), said, spent == (telling.value != 0)))
    domestic = [count for count in counts if entry.domestic.fullmatch(count.item)]
    # groups and guests, once each
    if len(domestic) == len({count.item for count in domestic}) == 2:
        zero, other = sorted(domestic, key=lambda count: count.value != 0)
        if zero.value == 0 != other.value:
            both = listed(((f"{one.item} ", printed(one)) for one in (zero, other)), "，")
            said = sentence(both, f"（{zero.place}）")
            yield Check(entry, "domestic", Words((zero, other), said, holds=False))
