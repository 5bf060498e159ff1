"""What part of a whole, or of a budget, sentences say that an amount is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from qy_finance.checks.changes import leaf, same_sentence, whole_name
from qy_finance.checks.knowledge import Quantity, prose_data, rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.checks.quantities import (
    FINAL,
    budgets_and_finals,
    check_at,
    is_budget,
    place,
    quantity,
)
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, Words
from qy_finance.checks.sentence import Sentence, printed, said
from qy_finance.facts import HUNDRED, NOTHING, Fact

_TOTAL: Final = re.compile("总[计额]|合计|总(?:收入|支出)")
_SUM: Final = re.compile(r"(?:总额|总量|总数)$")
_FAR: Final = 200  # figures within which a share has its part and its whole
_TELLING: Final = 5  # characters of a name that is no common word
_NEAR: Final = 40  # figures within which a rate has its amounts


def share_checks(ledger: Ledger) -> Iterator[Check | NotRun]:
    """Every check of shares, completion rates, and of what they can't exceed."""
    named = _named(ledger)
    for facts in ledger.sections.values():
        yield from _completions(ledger, facts)
        yield from _shares(ledger, named, facts)
        yield from _bounds(facts)
        yield from _budget_items(facts)


def _completions(ledger: Ledger, facts: list[Fact]) -> Iterator[Check]:
    """完成率 against the budget, or the target, that is named."""
    for at, rate in enumerate(facts):
        if rate.measure != "completion_rate":
            continue
        near = facts[max(0, at - _NEAR) : at]
        same: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in near:
            if fact.item == rate.item:
                same[fact.measure].append(fact)
        if same["actual"] and same["target"]:
            rule = Quotient(rate, same["actual"][-1], same["target"][-1])
            yield check_at(rate, "prose.completion", rule)
            continue
        earlier = same["amount"] or [
            other
            for other in near[-3:]
            if other.measure == "amount" and same_sentence(ledger, other, rate)
        ]
        final = [amount for amount in earlier if FINAL.fullmatch(amount.column)]
        budgets = [amount for amount in earlier if is_budget(amount) and amount not in final]
        named = quantity(rate.item, rate.scope)
        if final and not budgets and named:
            present = [cell for cell in named.budget if cell.table in ledger.sheets]
            budgets = [ledger.figure(cell) or NOTHING for cell in present]
        if final and budgets:
            exact = [budget for budget in budgets if budget.column == rate.column]
            spent = NOTHING if named and _is_nothing(ledger, named, final[-1]) else final[-1]
            budget = (exact or budgets)[-1]
            if budget.is_printed and budget.value == 0 < spent.value and rate.value:
                text = said(
                    "零预算没有完成率：{at}说{name} {budget}，决算 {spent}，完成预算的 {rate}%",
                    at=rate.place, name=budget.name, budget=budget, spent=spent, rate=printed(rate),
                )  # fmt: skip
                claim = Words((rate, budget, spent), text, holds=False)
                yield check_at(rate, "prose.zero_budget", claim)
            yield check_at(rate, "prose.completion", Quotient(rate, spent, budget))


def _is_nothing(ledger: Ledger, named: Quantity, final: Fact) -> bool:
    """Whether a 0.00 is no rounded amount: the form's cell is blank."""
    is_there = any(cell.table in ledger.sheets for cell in named.final)
    return named.form and is_there and final.value == 0 and not ledger.figures(named.final)


def _named(ledger: Ledger) -> dict[str, Fact]:
    """The final amounts that have one name of their own in the whole report, and one value."""
    found: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in ledger.amounts():
        if not is_budget(fact):
            found[whole_name(leaf(fact.item))].append(fact)
    return {
        name: facts[0]
        for name, facts in found.items()
        if len(name) >= _TELLING and len({fact.value for fact in facts}) == 1
    }


def _shares(
    ledger: Ledger, named: Mapping[str, Fact], facts: list[Fact]
) -> Iterator[Check | NotRun]:
    """占比 against the whole that the sentence names."""
    by_whole: defaultdict[str, list[tuple[Fact, Fact | None]]] = defaultdict(list)
    held: defaultdict[str, list[Check | NotRun]] = defaultdict(list)
    for at, share in enumerate(facts):
        if share.measure == "share":
            first = max(0, at - _FAR)
            part = _part(facts[first:at], share)
            by_whole[share.column].append((share, part))
            near = facts[first : at + _FAR]
            elsewhere = named.get(whole_name(share.column))
            held[share.column] += _share(ledger, near, share, part, elsewhere)
    for checks in held.values():
        yield from _adjusted(checks)
    for shares in by_whole.values():
        yield from _hundred(shares)
    yield from _of_total(facts, by_whole[""])


def _share(
    ledger: Ledger, facts: list[Fact], share: Fact, part: Fact | None, elsewhere: Fact | None
) -> Iterator[Check | NotRun]:
    if part is None:
        for none in _wholes(ledger, facts, share, share.column):
            if none.value == 0:  # nothing has no parts
                yield check_at(share, "prose.share", Quotient(share, none, none))
                return
        return
    name = share.column or _whole_of(part)
    candidates = _wholes(ledger, facts, part, name)
    fitting = next((whole for whole in candidates if _fits(share, part, whole)), None)
    if fitting is None:
        candidates = [whole for whole in candidates if not _stands_in(ledger, name, whole)]
        if not candidates and elsewhere and elsewhere is not part and part.is_money:
            candidates = [elsewhere]
            fitting = elsewhere if _fits(share, part, elsewhere) else None
    whole = fitting or (candidates[0] if candidates else None)
    other = None if fitting or whole is None else _total_of(ledger, part)
    evaluated = whole is not None and whole.figure.table and "绩效" in part.scope
    if whole is None:
        if share.column:
            yield NotRun(rules()["prose.share"], place(share), f"“{share.column}”的数额")
    elif whole.figure.table is None and whole.value < part.value and share.value <= HUNDRED.value:
        # what is smaller than its part goes by the name of the whole, but is another thing
        yield NotRun(rules()["prose.share"], place(share), f"“{share.column}”的数额")
    elif evaluated and not fitting and other is None:
        # it may be a share of budgets, of which tables print no total
        yield NotRun(rules()["prose.share"], place(share), f"“{share.column}”的预算数")
    else:
        wrong = evaluated and other is not None and other is not whole
        text = Sentence()
        if wrong and other:
            text = said("{part}等于{name} {n}", part=part.full, name=other.full, n=other)
        yield check_at(share, "prose.share", Quotient(share, part, whole, said=text))


def _stands_in(ledger: Ledger, name: str, whole: Fact) -> bool:
    """Whether a cell is another table's total, as the table of that name is not there: it may be of other money."""
    named = quantity(name, "") or quantity(_plain(name), "")
    if named is None or whole.figure.table in (None, named.final[0].table):
        return False
    return bool(ledger.lacking(named.final[:1]))


def _plain(name: str) -> str:
    return _SUM.sub("", name)


def _adjusted(checks: list[Check | NotRun]) -> list[Check | NotRun]:
    """Shares of which a last digit was adjusted, so that those of one whole add up to 100 %: no contradiction."""
    rules_of = [one.rule for one in checks if isinstance(one, Check)]
    quotients = [rule for rule in rules_of if isinstance(rule, Quotient)]
    rounded = [value for rule in quotients if (value := rule.rounded) is not None]
    digit = 2 * max((rule.rate.half for rule in quotients), default=HUNDRED.value)
    lacking = HUNDRED.value - sum(rounded)
    one_whole = len({rule.whole.row for rule in quotients}) == 1
    if (
        len(rounded) != len(checks)
        or not one_whole
        or not digit <= abs(lacking) <= digit * len(checks)
    ):
        return checks
    adjusted = [
        rule
        for rule, value in zip(quotients, rounded, strict=True)
        if rule.rate.value - value == digit.copy_sign(lacking)
    ]
    if len(adjusted) * digit > abs(lacking):
        return checks
    return [
        Check(one.identity, one.place, replace(one.rule, adjusted=True))
        if isinstance(one, Check) and isinstance(one.rule, Quotient) and one.rule in adjusted
        else one
        for one in checks
    ]


def _whole_of(part: Fact) -> str:
    """What the two halves of basic expenditure are a share of, where that is not said."""
    named = quantity(part.item, part.scope)
    halves = named is not None and named.final[0].table == "basic_expenditure"
    return "一般公共预算财政拨款基本支出" if halves else ""


def _fits(share: Fact, part: Fact, whole: Fact) -> bool:
    return Quotient(share, part, whole).outcome.status in (Status.EXACT, Status.TAIL)


def _of_total(facts: list[Fact], shares: list[tuple[Fact, Fact | None]]) -> Iterator[Check]:
    """Shares of a whole that is not named: the total under the heading that most of them are of."""
    pairs = [(share, part) for share, part in shares if part is not None and part.value]
    if not pairs:
        return
    _, totals = budgets_and_finals(facts)
    largest = sorted(totals, key=lambda fact: fact.value, reverse=True)[:5]
    fits = [
        sum(total is not part and _fits(share, part, total) for share, part in pairs)
        for total in largest
    ]
    most = max(fits, default=0)
    if most > 1 and 2 * most > len(pairs):
        best = largest[fits.index(most)]
        for share, part in pairs:
            if part is not best:
                yield check_at(share, "prose.share", Quotient(share, part, best))


def _total_of(ledger: Ledger, part: Fact) -> Fact | None:
    """The total of project expenditure that an evaluated amount is, of whatever money."""
    for item in ("项目支出", "政府性基金预算项目支出", "国有资本经营预算项目支出"):
        named = quantity(item, "")
        for found in ledger.figures(named.final) if named else ():
            if found.span.meets(part.span):
                return found
    return None


def _part(earlier: list[Fact], share: Fact) -> Fact | None:
    for other in reversed(earlier):
        if other.item == share.item and other.measure in ("amount", "count"):
            return None if is_budget(other) else other
    return None


def _wholes(ledger: Ledger, facts: list[Fact], part: Fact, name: str) -> list[Fact]:
    """The figures that can be the whole, the likeliest first: those of that name under the heading, and cells.

    Where the name is that of any total (总支出), it is first the one that the heading itself states. What only
    resembles the name is none that is smaller than its part.
    """
    if not name:
        return []
    wanted, also = whole_name(name), prose_data().wholes.also.get(name, "")
    found = list(_stated_totals(facts, part, name)) if also else []
    for other in facts:
        alike = other.measure in (part.measure, "amount") and not is_budget(other)
        money = other.is_money == part.is_money or part.measure == "share"
        called = whole_name(leaf(other.item))
        if other is part or not (alike and money and wanted and called.endswith(wanted)):
            continue
        if called == wanted or other.value >= part.value or part.measure == "share":
            found.append(other)
    if not part.is_money:
        return found
    # a whole goes by its full name; only where that is unknown does the heading tell
    scopes = (part.scope, "") if also else ("", part.scope)
    for scope in scopes:
        if named := quantity(name, scope) or quantity(_plain(name), scope):
            found += ledger.figures(named.final)
            if also and ledger.lacking(named.final):
                return found  # the total of a table that is not there is no other one
    if also and (named := quantity(also, "")):
        found += [cell for cell in ledger.figures(named.final) if cell.value >= part.value]
    return found


def _stated_totals(facts: list[Fact], part: Fact, name: str) -> Iterator[Fact]:
    """The totals that a heading states before a part, the nearest first."""
    side = "支" if "支" in name else "收"
    for other in reversed(facts[: facts.index(part)]):
        total = other.measure == "amount" and other.is_money and not is_budget(other)
        if total and side in other.item and _TOTAL.search(other.item) and other.value >= part.value:
            yield other


def _hundred(shares: list[tuple[Fact, Fact | None]]) -> Iterator[Check]:
    """Shares whose parts are all there is are 100 %; no shares of one whole are more."""
    if len(shares) < 2 or any(part is not None for _, part in shares):
        return  # each is checked against its own amounts
    facts = [share for share, _ in shares]
    if len({share.item for share in facts}) == len(facts):
        yield check_at(facts[0], "prose.shares", Linear(facts, (HUNDRED,), "≤"))


def _bounds(facts: list[Fact]) -> Iterator[Check]:
    for fact in facts:
        bounded = fact.measure == "share" or (
            fact.measure in ("rate", "actual", "target", "completion_rate")
            and prose_data().bounded.fullmatch(fact.item)
        )
        if bounded and fact.is_percent:
            yield check_at(fact, "prose.bound", Linear((fact,), (HUNDRED,), "≤"))


def _budget_items(facts: list[Fact]) -> Iterator[Check]:
    """The budgets of all 项 are the budget of their total, if their final accounts are its final account."""
    budgets, finals = budgets_and_finals(fact for fact in facts if "（项）" in fact.item)
    of_budget, of_final = budgets_and_finals(fact for fact in facts if "（" not in fact.item)
    if len(budgets) < 2 or len(of_budget) != 1 or not of_final:
        return
    whole = Linear(of_final[-1:], finals)
    complete = len(finals) == len(budgets) == len({fact.item for fact in budgets})
    if complete and whole.outcome.status is not Status.BREAK:
        rule = Linear(of_budget, budgets)
        yield check_at(of_budget[0], "prose.budget_items", rule)
