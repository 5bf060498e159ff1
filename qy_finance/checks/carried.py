"""One error that is carried on: into the sums above it, and into the other tables that repeat the account.

All that breaks then differs by the same amount. Findings with one difference that share an account or a figure are one
finding, which names the figure where the error begins if that is determined.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from qy_finance.checks.diagnose import Finding
from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.checks.relations import Linear
from qy_finance.checks.slips import slips
from qy_finance.facts import Fact
from qy_finance.numbers import Span

_CLEAR: Final = 3  # times that a difference is what rounding explains, to be told from another one


class Mend(NamedTuple):
    """A figure of some value, and by how much it would have to be another one."""

    value: Decimal
    by: Decimal


def joined(found: list[Finding], made: Iterable[Check | NotRun]) -> list[Finding]:
    """The findings, those with one cause as one; ``made`` are all checks."""
    borne_out = _borne_out(made)
    instead: dict[int, Finding | None] = {}
    for some in _alike(found):
        for group in _connected(some):
            if len(group) > 1:
                instead.update({id(one): None for one in group})
                instead[id(group[0])] = _one(group, borne_out)
    every = (instead.get(id(one), one) for one in found)
    return [one for one in every if one is not None]


def _apart(finding: Finding) -> Decimal | None:
    """By how much the sides differ, where that is more than rounding could make of another difference."""
    rule = finding.check.rule
    if not isinstance(rule, Linear) or rule.said or not rule.operands[0].is_money:
        return None
    apart = abs(rule.difference)
    return apart if apart > _CLEAR * rule.tolerance else None


def _alike(found: list[Finding]) -> Iterator[list[Finding]]:
    """Groups of findings of which each differs by as much as the next one, as far as rounding lets tell."""
    pairs = [(apart, one) for one in found if (apart := _apart(one)) is not None]
    pairs.sort(key=lambda pair: pair[0])
    group = [one for _, one in pairs[:1]]
    for (less, before), (more, one) in pairwise(pairs):
        if more - less > sum(each.check.outcome.tolerance or 0 for each in (before, one)):
            yield group
            group = []
        group.append(one)
    yield group


def _connected(some: list[Finding]) -> Iterator[list[Finding]]:
    """Groups of findings that share a figure, an account or an amount, in their order."""
    group = list(range(len(some)))

    def root(at: int) -> int:
        while group[at] != at:
            group[at] = group[group[at]]
            at = group[at]
        return at

    first: dict[object, int] = {}
    for at, finding in enumerate(some):
        for fact in finding.check.rule.operands:
            if fact.value:
                code = fact.figure.code or fact.item
                for key in (fact.value, code, code[:-2] or code):  # its own, and its parent's
                    group[root(at)] = root(first.setdefault(key, at))
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    for at, finding in enumerate(some):
        found[root(at)].append(finding)
    yield from found.values()


def _borne_out(made: Iterable[Check | NotRun]) -> frozenset[int]:
    """Rows of the cells that other cells bear out."""
    return frozenset(
        fact.row
        for check in made
        if isinstance(check, Check)
        and check.identity.group in ("表内", "表间")
        and check.status in (Status.EXACT, Status.TAIL)
        and isinstance(check.rule, Linear)
        and check.rule.relation == "="
        for fact in check.rule.operands
    )


def _one(group: list[Finding], borne_out: frozenset[int]) -> Finding:
    """The findings of a group as one, with the figure in which the error begins."""
    checks = [check for one in group for check in (one.check, *one.consequences)]
    apart = _apart(group[0]) or Decimal(0)
    told = [check for check in checks if _is_apart(check, apart)]
    culprit = _origin(told, apart)
    if culprit and culprit.row in borne_out and all(None in _tables_of(check) for check in told):
        culprit = None  # only sentences are against a cell that fits into its tables
    shown = [check for check in told if culprit and culprit in check.rule.operands] or checks[:1]
    main = min(shown, key=lambda check: len(check.rule.operands) != 2)
    others = tuple(check for check in checks if check is not main)
    wanted = _wanted(culprit, told) if culprit else None
    return Finding(main, others, culprit, wanted)


def _is_apart(check: Check, apart: Decimal) -> bool:
    """Whether the sides of a sum differ by an amount, as far as rounding lets tell."""
    rule = check.rule
    if not isinstance(rule, Linear) or rule.said:
        return False
    return abs(abs(rule.difference) - apart) <= _CLEAR * rule.tolerance


def _wanted(culprit: Fact, checks: Iterable[Check]) -> Span:
    """The values that the sums and copies of a figure leave it."""
    spans = [
        span
        for check in checks
        if any(fact.row == culprit.row for fact in check.rule.operands)
        and (span := check.rule.wanted(culprit))
    ]
    return Span(max(span.low for span in spans), min(span.high for span in spans))


def _origin(checks: list[Check], apart: Decimal) -> Fact | None:
    """The figure that is wrong in all of the checks; of accounts within each other, the lowest."""
    tables = set[str | None].intersection(*(_tables(check) for check in checks))
    changes: defaultdict[Mend, dict[int, list[Fact]]] = defaultdict(dict)
    for number, check in enumerate(checks):
        for change, fact in _changes(check, apart):
            if not tables or fact.figure.table in tables:
                changes[change].setdefault(number, []).append(fact)
    left, taken = set(range(len(checks))), list[Mend]()
    while left:
        counts = {change: len(left & held.keys()) for change, held in changes.items()}
        most = max(counts.values(), default=0)
        if not most:
            return None
        best = [change for change, count in counts.items() if count == most]
        if most == len(checks):
            best = _likeliest(best, changes)
        if len(best) > 1 and most == len(checks):
            return None
        taken.append(best[0])
        left -= changes[best[0]].keys()
    facts = [fact for change in taken for some in changes[change].values() for fact in some]
    if len(taken) == 1:  # of several accounts of that amount, the one that most checks have
        account, _ = Counter(map(_account, facts)).most_common(1)[0]
        return next(fact for fact in facts if _account(fact) == account)
    codes = sorted({fact.figure.code or "" for fact in facts}, key=len)
    if any(not low.startswith(high) for high, low in pairwise(codes)):
        return None
    return next(fact for fact in facts if (fact.figure.code or "") == codes[-1])


def _likeliest(best: list[Mend], changes: Mapping[Mend, Mapping[int, list[Fact]]]) -> list[Mend]:
    """Of changes that mend as much, those of the fewest figures, and of these a digit lost, added or swapped."""
    figures = {
        change: len({fact.row for some in changes[change].values() for fact in some})
        for change in best
    }
    fewest = [change for change in best if figures[change] == min(figures.values())]
    slipped = []
    for change in fewest:
        [*_, fact] = next(iter(changes[change].values()))
        wanted = change.value + change.by
        if any(abs(one - wanted) <= _CLEAR * 2 * fact.half for one in slips(change.value)):
            slipped.append(change)
    return slipped if len(slipped) == 1 else fewest


def _tables(check: Check) -> set[str | None]:
    return _tables_of(check) - {None}


def _tables_of(check: Check) -> set[str | None]:
    """The tables of its figures; None is the prose."""
    return {fact.figure.table for fact in check.rule.operands if fact.is_printed}


def _account(fact: Fact) -> tuple[str, str]:
    return fact.figure.code or "", fact.item


def _changes(check: Check, apart: Decimal) -> Iterator[tuple[Mend, Fact]]:
    """What would mend a check: of each figure, its amount and by how much that is too small."""
    rule = check.rule
    assert isinstance(rule, Linear)
    for fact in rule.operands:
        signs = rule.signs(fact)
        if fact.value and len(signs) == 1:
            yield Mend(fact.value, apart if rule.difference * signs[0] < 0 else -apart), fact
