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

_DIFFERENT: Final = 2
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
    for facts in groups.values():
        # of more than two amounts each is one of a part that was not understood
        if len({fact.value for fact in facts}) <= _DIFFERENT:
            whole = [fact for fact in facts if not data.part.search(_said_before(ledger, fact))]
            yield from alike(rules()["prose.restated"], [whole] if whole else [])
    yield from _cars(ledger)


def _stated(ledger: Ledger, fact: Fact) -> str:
    """What an amount is of, if a report has one of that name; empty for others, and where a table has it."""
    data, name = oversights().restated, leaf(fact.item)
    chapter = fact.scope.split("/")[0]
    if data.account.search(fact.item):  # of all money in one chapter, of appropriations in another
        return f"{chapter}/{fact.item}"
    if data.project.search(fact.item):  # what was spent on it is not what it cost
        return f"{fact.item}/{fact.column}" if fact.column else ""
    if data.said.fullmatch(name) and not data.elsewhere.search(fact.scope):
        return data.endings.sub("", name)
    named = quantity(name, fact.scope)
    spent = named is not None and named.form and named.final[0].table not in ledger.sheets
    if named and spent and prose_data().headings.three_public.search(fact.scope):
        return f"{chapter}/{named.final[0].column}"
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
