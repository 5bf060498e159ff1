"""From checks that break to the figure that is wrong: one finding, with what follows from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from qy_finance.checks.model import ANY, Check, NotRun, Status
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, is_worded
from qy_finance.checks.slips import slips
from qy_finance.facts import Fact
from qy_finance.numbers import Span


@dataclass(frozen=True)
class Finding:
    """A contradiction.

    Attributes
    ----------
    check : Check
        The check that shows it best.
    consequences : tuple of Check
        Others that break for the same reason.
    culprit : Fact or None
        The figure that is wrong, where the other identities determine it.
    wanted : Span or None
        The values that it can have for all of its checks to hold.
    """

    check: Check
    consequences: tuple[Check, ...] = ()
    culprit: Fact | None = None
    wanted: Span | None = None

    @property
    def involved(self) -> tuple[Fact, ...]:
        """Its printed figures, each once, the wrong one first where it is known; none of a constant."""
        facts = (*([self.culprit] if self.culprit else []), *self.check.rule.operands)
        return tuple(dict.fromkeys(fact for fact in facts if fact.is_printed))

    @property
    def rows(self) -> tuple[int, ...]:
        """Their rows of ``Report.observations``."""
        return rows_of(self.involved)


def rows_of(facts: Iterable[Fact]) -> tuple[int, ...]:
    """The rows of figures in ``Report.observations``, each once."""
    return tuple(dict.fromkeys([fact.row for fact in facts if fact.row >= 0]))


def findings(checks: Sequence[Check]) -> list[Finding]:
    """One finding for each wrong figure, and one for each broken check that none explains.

    A figure explains the checks that it breaks if one value of it would make all of them hold, and every other
    check that it is part of too. The figure that explains most is taken first; where several explain the same,
    none is named.
    """
    broken = [check for check in checks if check.status is Status.BREAK]
    if not broken:
        return []
    involved = by_row(checks)
    order = {id(check): at for at, check in enumerate(broken)}
    left = {id(check): check for check in broken}
    facts: dict[int, Fact] = {}
    for check in broken:
        if not is_worded(check.rule):
            for fact in check.rule.operands:
                facts.setdefault(fact.row, fact)
    suspects = {row: _suspect(fact, involved, left) for row, fact in facts.items() if row >= 0}
    places = {row: at for at, row in enumerate(suspects)}
    waiting = [(-one.weight, places[row], row) for row, one in suspects.items() if one]
    heapify(waiting)
    found: list[Finding] = []
    while waiting:
        weight, _, row = heappop(waiting)
        suspect = suspects[row]
        if suspect is None or suspect.weight != -weight:
            continue  # it explains less than it did
        beside = {fact.row for check in suspect.explained for fact in check.rule.operands}
        beside &= suspects.keys()
        finding = _finding(suspect, [one for row in beside if (one := suspects[row])])
        found.append(finding)
        for check in (finding.check, *finding.consequences):
            del left[id(check)]
        for row in beside:  # of the others nothing has changed
            one = suspects[row] = _suspect(facts[row], involved, left)
            if one:
                heappush(waiting, (-one.weight, places[row], row))
    found.extend(_unexplained(left.values()))
    return sorted(found, key=lambda finding: order[id(finding.check)])


def by_row(checks: Iterable[Check | NotRun]) -> dict[int, list[Check]]:
    """The checks that each figure is part of, by its row."""
    found: defaultdict[int, list[Check]] = defaultdict(list)
    for check in checks:
        if isinstance(check, Check):
            for row in {fact.row for fact in check.rule.operands}:
                found[row].append(check)
    return found


def _unexplained(broken: Iterable[Check]) -> Iterator[Finding]:
    """Findings without a culprit; what words say twice of the same figures, or in one line, is one."""
    groups: defaultdict[object, list[Check]] = defaultdict(list)
    for check in broken:
        rows = frozenset(fact.row for fact in check.rule.operands)
        line = check.place.rpartition("@")[2]
        line = line if line.endswith("行") else check.place  # a page holds more than one matter
        worded = is_worded(check.rule)
        groups[(check.identity.id, rows or line) if worded else id(check)].append(check)
    for first, *others in groups.values():
        yield Finding(first, (*others, *first.explains))


class Suspect(NamedTuple):
    """A figure that explains broken checks, the values with which they would hold, and those checks."""

    fact: Fact
    wanted: Span
    explained: list[Check]
    weight: int


def _suspect(
    fact: Fact, involved: Mapping[int, list[Check]], left: dict[int, Check]
) -> Suspect | None:
    mine = involved[fact.row]
    explained = [check for check in mine if id(check) in left]
    weight = sum(not is_worded(check.rule) for check in explained)  # words follow from numbers
    wanted = _wanted(fact, mine, left) if weight else None
    return Suspect(fact, wanted, explained, weight) if wanted else None


def _finding(suspect: Suspect, beside: list[Suspect]) -> Finding:
    """What a figure explains; it is named if no other figure of those checks explains as much."""
    fact, wanted, found, weight = suspect
    named = sum(one.weight == weight for one in beside) == 1
    # figures before words, two equal figures before sums
    check, *others = sorted(
        found, key=lambda one: (is_worded(one.rule), len(one.rule.operands) != 2)
    )
    return Finding(check, tuple(others), fact if named else None, wanted if named else None)


def _wanted(fact: Fact, checks: list[Check], left: dict[int, Check]) -> Span | None:
    """The values of a figure with which all its checks of numbers would hold, but those explained already."""
    span: Span | None = ANY if fact.value < 0 else Span(Decimal(0), ANY.high)
    for check in checks:
        explained = check.status is Status.BREAK and id(check) not in left
        if explained or is_worded(check.rule) or check.status is Status.NOT_APPLICABLE:
            continue
        own = check.rule.wanted(fact)
        span = own.within(span) if own and span else None
        if span is None:
            return None
    return span


def corrected(finding: Finding) -> Decimal | None:
    """The value that the culprit should have, in its own unit; None where its checks do not agree on one.

    Each check has one value with which it would hold exactly. The one that most of them have is taken, if it is
    one with which all hold; a copy of the figure says more than a sum, whose addends are rounded. Where there are only
    sums, it is what a slip of the hand made of the figure, if one value that is as close can have been that.
    """
    culprit, wanted = finding.culprit, finding.wanted
    if culprit is None or wanted is None:
        return None
    votes: Counter[Decimal] = Counter()
    checks = (finding.check, *finding.consequences)
    for check in checks:
        value = _exact(check, culprit)
        if value is not None and wanted.low <= value <= wanted.high:
            votes[value] += 2 if len(check.rule.operands) == 2 else 1
    best = [value for value, count in votes.items() if count == max(votes.values())]
    slipped = slips(culprit.value)
    if len(best) > 1:  # sums whose addends are rounded: the one that can have been misprinted so
        best = [value for value in best if value in slipped]
    if len(best) != 1:
        return None
    copied = any(_exact(one, culprit) and len(one.rule.operands) == 2 for one in checks)
    close = [
        value
        for value in (() if copied else slipped)
        if abs(value - best[0]) <= 4 * culprit.half and wanted.low <= value <= wanted.high
    ]
    return (close[0] if len(close) == 1 else best[0]) / culprit.factor


def _exact(check: Check, culprit: Fact) -> Decimal | None:
    """The value of a figure with which a check would hold exactly."""
    rule = check.rule
    if isinstance(rule, Quotient) and culprit.row == rule.rate.row and rule.recomputed is not None:
        digits = -int(culprit.half.as_tuple().exponent) - 1
        return round(rule.recomputed, digits) if digits <= 12 else None  # more are no percentage
    if isinstance(rule, Linear) and rule.relation == "=":
        signs = rule.signs(culprit)
        return culprit.value - rule.difference / signs[0] if len(signs) == 1 else None
    return None
