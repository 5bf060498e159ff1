"""Things that a report states in several places: amounts by one name, and cars that are kept against all there are."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from qy_finance.checks.changes import leaf
from qy_finance.checks.knowledge import prose_data, rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check
from qy_finance.checks.oversights import oversights
from qy_finance.checks.quantities import FINAL, alike, check_at, is_budget, quantity
from qy_finance.checks.relations import Linear
from qy_finance.facts import Fact

_BEFORE: Final = 40  # characters of a sentence that may say of what part it speaks
_END: Final = re.compile("[。；;]")


def restated_checks(ledger: Ledger) -> Iterator[Check]:
    """Every check of what is stated more than once."""
    data = oversights().restated
    groups: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in ledger.amounts():
        kind = data.budget.search(fact.column) if is_budget(fact) else None
        told = kind is not None or FINAL.fullmatch(fact.column)
        if told and (name := _stated(ledger, fact)):
            groups[name, kind[0] if kind else ""].append(fact)
    yield from alike(rules()["prose.restated"], groups.values())
    yield from _cars(ledger)


def _stated(ledger: Ledger, fact: Fact) -> str:
    """What an amount is of, if a report has one of that name; empty for others, and where a table has it."""
    data, name = oversights().restated, leaf(fact.item)
    if data.project.search(fact.item):
        return fact.item
    if data.elsewhere.search(fact.scope):
        return ""
    if data.said.fullmatch(name):
        return data.endings.sub("", name)
    named = quantity(name, fact.scope)
    if named is None or any(cell.table in ledger.sheets for cell in named.final):
        return ""
    if named.form and prose_data().headings.three_public.search(fact.scope):
        return f"{fact.scope.split('/')[0]}/{named.final[0].column}"
    return ""


def _cars(ledger: Ledger) -> Iterator[Check]:
    """The cars that public money keeps are among all cars, unless a sentence speaks of a part of the department."""
    data = oversights().cars
    counts = [fact for fact in ledger.prose if fact.measure == "count" and fact.unit == "辆"]
    kept = [fact for fact in counts if data.kept.fullmatch(fact.item)]
    every = [fact for fact in counts if data.all.fullmatch(fact.item)]
    if len({fact.value for fact in kept}) != 1 or len({fact.value for fact in every}) != 1:
        return
    if not any(data.part.search(_said_before(ledger, fact)) for fact in (*kept, *every)):
        yield check_at(kept[0], "vehicles.kept", Linear(kept[:1], every[:1], "≤"))


def _said_before(ledger: Ledger, fact: Fact) -> str:
    start = fact.figure.start
    return _END.split(ledger.reading.text[max(0, start - _BEFORE) : start])[-1]
