"""What part of a whole, or of a budget, sentences say that an amount is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from qy_finance.checks.changes import leaf, same_sentence, whole_name
from qy_finance.checks.knowledge import Quantity, prose_data, rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.quantities import FINAL, is_budget, place, quantity
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, Term, plus
from qy_finance.checks.sentence import sentence
from qy_finance.facts import HUNDRED, NOTHING, Fact
from qy_finance.precision import is_money

SHARE: Final = rules()["prose.share"]

_NEAR: Final = 40  # figures within which a rate has its amounts
_LARGEST: Final = 5  # a whole is among the largest amounts under its heading


def share_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every check of shares, completion rates, and of what they can't exceed."""
    for facts in ledger.sections.values():
        yield from _completions(ledger, facts)
        yield from _shares(ledger, facts)
        yield from _bounds(facts)
        yield from _budget_items(facts)


def _completions(ledger: Ledger, facts: list[Fact]) -> Iterator[Check]:
    """完成率 against the budget, or the target, that is named."""
    for at, fact in enumerate(facts):
        figure = fact.figure
        if figure.measure != "completion_rate":
            continue
        near = facts[max(0, at - _NEAR) : at]
        same = [o for o in near if o.item == figure.item]
        reached = [o for o in same if o.measure == "actual"]
        aimed = [o for o in same if o.measure == "target"]
        if reached and aimed:
            yield Check(
                rules()["prose.completion"], place(fact), Quotient(fact, reached[-1], aimed[-1])
            )
            continue
        earlier = [o for o in same if o.measure == "amount"]
        earlier = earlier or _sentence(ledger, near, fact)
        final = [o for o in earlier if FINAL.fullmatch(o.column)]
        budgets = [o for o in earlier if is_budget(o) and o not in final]
        named = quantity(figure.item, fact.scope)
        if final and not budgets and named:
            present = [cell for cell in named.budget if cell.table in ledger.sheets]
            budgets = [ledger.figure(cell) or NOTHING for cell in present]
        if final and budgets:
            exact = [o for o in budgets if o.figure.column == figure.column]
            spent = NOTHING if named and _is_nothing(ledger, named, final[-1]) else final[-1]
            rule = Quotient(fact, spent, (exact or budgets)[-1])
            yield Check(rules()["prose.completion"], place(fact), rule)


def _is_nothing(ledger: Ledger, named: Quantity, final: Fact) -> bool:
    """Whether a 0.00 is no rounded amount: the form's cell is blank."""
    present = [cell for cell in named.final if cell.table in ledger.sheets]
    blank = bool(present) and not any(ledger.figure(cell) for cell in present)
    return named.form and blank and final.value == 0


def _sentence(ledger: Ledger, earlier: list[Fact], fact: Fact) -> list[Fact]:
    return [
        other
        for other in earlier[-3:]
        if other.measure == "amount" and same_sentence(ledger, other, fact)
    ]


def _shares(ledger: Ledger, facts: list[Fact]) -> Iterator[Check | NotRun]:
    """占比 against the whole that the sentence names."""
    stated: defaultdict[str, list[tuple[Fact, Fact | None]]] = defaultdict(list)
    for at, fact in enumerate(facts):
        figure = fact.figure
        if figure.measure != "share":
            continue
        part = _part(facts[:at], fact)
        stated[figure.column or ""].append((fact, part))
        if part is None:
            for none in _wholes(ledger, facts, fact, figure.column or ""):
                if none.value == 0:  # nothing has no parts
                    yield Check(SHARE, place(fact), Quotient(fact, none, none))
            continue
        candidates = _wholes(ledger, facts, part, figure.column or _whole_of(part))
        fitting = [w for w in candidates if _fits(fact, part, w)]
        whole = fitting[0] if fitting else candidates[0] if candidates else None
        other = None if fitting or whole is None else _total_of(ledger, part)
        evaluated = whole is not None and whole.figure.table and "绩效" in part.scope
        if whole is None:
            if figure.column:
                yield NotRun(SHARE, place(fact), f"“{figure.column}”的数额")
        elif evaluated and not fitting and other is None:
            # it may be a share of budgets, of which tables print no total
            yield NotRun(SHARE, place(fact), f"“{figure.column}”的预算数")
        else:
            wrong = evaluated and other is not None and other is not whole
            said = sentence(f"{part.full}等于{other.full} ", other) if wrong and other else ""
            yield Check(SHARE, place(fact), Quotient(fact, part, whole, said=said))
    for shares in stated.values():
        yield from _hundred(shares)
    yield from _of_total(facts, stated[""])


def _whole_of(part: Fact) -> str:
    """What the two halves of basic expenditure are a share of, where that is not said."""
    named = quantity(part.item, part.scope)
    halves = named is not None and named.final[0].table == "basic_expenditure"
    return "一般公共预算财政拨款基本支出" if halves else ""


def _fits(share: Fact, part: Fact, whole: Fact) -> bool:
    return Quotient(share, part, whole).outcome().status in ("exact", "tail")


def _of_total(facts: list[Fact], shares: list[tuple[Fact, Fact | None]]) -> Iterator[Check]:
    """Shares of a whole that is not named: the total under the heading that most of them are of."""
    pairs = [(share, part) for share, part in shares if part is not None and part.value]
    totals = [o for o in facts if o.measure == "amount" and not is_budget(o)]
    totals = sorted(totals, key=lambda o: o.value, reverse=True)[:_LARGEST]
    best: tuple[int, Fact] | None = None
    for total in totals:
        fits = sum(total is not part and _fits(share, part, total) for share, part in pairs)
        if best is None or fits > best[0]:
            best = fits, total
    if best is not None and best[0] > 1 and 2 * best[0] > len(pairs):
        for share, part in pairs:
            if part is not best[1]:
                yield Check(SHARE, place(share), Quotient(share, part, best[1]))


def _total_of(ledger: Ledger, part: Fact) -> Fact | None:
    """The total of project expenditure that an evaluated amount is, of whatever money."""
    for item in ("项目支出", "政府性基金预算项目支出", "国有资本经营预算项目支出"):
        named = quantity(item, "")
        for cell in named.final if named else ():
            found = ledger.figure(cell)
            if found is not None and found.span.meets(part.span):
                return found
    return None


def _part(earlier: list[Fact], share: Fact) -> Fact | None:
    for other in reversed(earlier):
        figure = other.figure
        if figure.item == share.item and figure.measure in ("amount", "count"):
            return None if is_budget(other) else other
    return None


def _wholes(ledger: Ledger, facts: list[Fact], part: Fact, name: str) -> list[Fact]:
    """The figures that can be the whole: those of that name under the heading, and cells."""
    if not name:
        return []
    wanted = whole_name(name)
    found = [
        other
        for other in facts
        if other.measure in (part.measure, "amount")
        and other is not part
        and not is_budget(other)
        and (is_money(other.figure) == is_money(part.figure) or part.measure == "share")
        and wanted
        and whole_name(leaf(other.item)).endswith(wanted)
    ]
    if is_money(part.figure):
        # a whole goes by its full name; only where that is unknown does the heading tell
        also = prose_data().wholes.also.get(name, "")
        for said, scope in ((name, ""), (name, part.scope), (also, "")):
            named = quantity(said, scope) or quantity(_plain(said), scope)
            cells = (ledger.figure(cell) for cell in named.final) if named else ()
            found.extend(cell for cell in cells if cell is not None)
    return found


def _plain(name: str) -> str:
    return re.sub(r"(?:总额|总量|总数)$", "", name)


def _hundred(shares: list[tuple[Fact, Fact | None]]) -> Iterator[Check]:
    """Shares whose parts are all there is are 100 %; no shares of one whole are more."""
    if len(shares) < 2 or any(part is not None for _, part in shares):
        return  # each is checked against its own amounts
    terms = tuple(Term(1, share) for share, _ in shares)
    if len({share.item for share, _ in shares}) == len(shares):
        yield Check(rules()["prose.shares"], place(shares[0][0]), Linear(terms, plus(HUNDRED), "≤"))


def _bounds(facts: list[Fact]) -> Iterator[Check]:
    for fact in facts:
        figure = fact.figure
        bounded = figure.measure == "share" or (
            figure.measure in ("rate", "actual", "target", "completion_rate")
            and prose_data().bounded.fullmatch(figure.item)
        )
        if bounded and fact.is_percent:
            rule = Linear(plus(fact), plus(HUNDRED), "≤")
            yield Check(rules()["prose.bound"], place(fact), rule)


def _budget_items(facts: list[Fact]) -> Iterator[Check]:
    """The budgets of all 项 are the budget of their total, if their final accounts are its final account."""
    items = [o for o in facts if "（项）" in o.item and o.measure == "amount"]
    totals = [o for o in facts if "（" not in o.item and o.measure == "amount"]
    budgets = [o for o in items if is_budget(o)]
    finals = [o for o in items if not is_budget(o)]
    of_budget = [o for o in totals if is_budget(o)]
    of_final = [o for o in totals if not is_budget(o)]
    if len(budgets) < 2 or len(of_budget) != 1 or not of_final:
        return
    whole = Linear(plus(of_final[-1]), plus(*finals))
    complete = len(finals) == len(budgets) == len({o.item for o in budgets})
    if complete and whole.outcome().status != "break":
        rule = Linear(plus(of_budget[0]), plus(*budgets))
        yield Check(rules()["prose.budget_items"], place(of_budget[0]), rule)
