"""From checks that break to the figure that is wrong: one finding, with what follows from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qy_finance.checks.model import ANY, AT_LEAST_ZERO, Check, Operand, Status
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, is_worded
from qy_finance.intervals import Span

_PAIR: Final = 2
_COPY: Final = 2  # how much more a copy says than a sum


@dataclass(frozen=True)
class Finding:
    """A contradiction.

    Attributes
    ----------
    check : Check
        The check that shows it best.
    consequences : tuple of Check
        Others that break for the same reason.
    culprit : Operand or None
        The figure that is wrong, where the other identities determine it.
    wanted : Span or None
        The values that it can have for all of its checks to hold.
    """

    check: Check
    consequences: tuple[Check, ...] = ()
    culprit: Operand | None = None
    wanted: Span | None = None


def findings(checks: Sequence[Check]) -> list[Finding]:
    """One finding for each wrong figure, and one for each broken check that none explains.

    A figure explains the checks that it breaks if one value of it would make all of them hold, and every other
    check that it is part of too. The figure that explains most is taken first; where several explain the same,
    none is named.
    """
    broken = [check for check in checks if check.outcome.status is Status.BREAK]
    if not broken:
        return []
    involved: defaultdict[int, list[Check]] = defaultdict(list)
    for check in checks:
        for row in {operand.row for operand in check.rule.operands}:
            involved[row].append(check)
    order = {id(check): at for at, check in enumerate(checks)}
    left = {id(check): check for check in broken}
    found: list[Finding] = []
    while left:
        finding = _largest(list(left.values()), involved, left)
        if finding is None:
            found.extend(_unexplained(left.values()))
            break
        found.append(finding)
        for check in (finding.check, *finding.consequences):
            del left[id(check)]
    return sorted(found, key=lambda finding: order[id(finding.check)])


def _unexplained(broken: Iterable[Check]) -> Iterator[Finding]:
    """Findings without a culprit; what words say twice of the same figures, or in one line, is one."""
    groups: defaultdict[object, list[Check]] = defaultdict(list)
    for check in broken:
        rows = frozenset(operand.row for operand in check.rule.operands)
        line = check.place.rpartition("@")[2]
        worded = is_worded(check.rule)
        groups[(check.identity.id, rows or line) if worded else id(check)].append(check)
    for first, *others in groups.values():
        yield Finding(first, tuple(others))


def _largest(
    broken: list[Check], involved: dict[int, list[Check]], left: dict[int, Check]
) -> Finding | None:
    """The figure that explains most of the broken checks."""
    best: list[tuple[Operand, Span, list[Check]]] = []
    for operand in _operands(broken):
        mine = involved[operand.row]
        wanted = _wanted(operand, mine, left)
        if wanted is None:
            continue
        explained = [check for check in mine if id(check) in left]
        most = _weight(best[0][2]) if best else 0
        if _weight(explained) > most:
            best = [(operand, wanted, explained)]
        elif _weight(explained) == most:
            best.append((operand, wanted, explained))
    if not best:
        return None
    operand, wanted, explained = best[0]
    explained = sorted(explained, key=_telling)
    alone = [one for one in best if {id(c) for c in one[2]} & {id(c) for c in explained}]
    named = len(alone) == 1
    return Finding(
        explained[0], tuple(explained[1:]), operand if named else None, wanted if named else None
    )


def _telling(check: Check) -> tuple[bool, bool]:
    """Figures before words, two equal figures before sums."""
    return is_worded(check.rule), len(check.rule.operands) != 2


def _weight(checks: list[Check]) -> int:
    """How many broken checks of numbers a figure explains; words follow from them."""
    return sum(not is_worded(check.rule) for check in checks)


def _operands(broken: Iterable[Check]) -> list[Operand]:
    found: dict[int, Operand] = {}
    for check in broken:
        if not is_worded(check.rule):
            for operand in check.rule.operands:
                if operand.row >= 0:
                    found.setdefault(operand.row, operand)
    return list(found.values())


def _wanted(operand: Operand, checks: list[Check], left: dict[int, Check]) -> Span | None:
    """The values of a figure with which all its checks of numbers would hold, but those explained already."""
    span: Span | None = ANY if operand.value < 0 else AT_LEAST_ZERO
    for check in checks:
        if is_worded(check.rule):
            continue
        status = check.outcome.status
        if status is Status.NOT_APPLICABLE or (status is Status.BREAK and id(check) not in left):
            continue
        own = check.rule.wanted(operand)
        span = own.within(span) if own and span else None
        if span is None:
            return None
    return span


def corrected(finding: Finding) -> Decimal | None:
    """The value that the culprit should have, in its own unit; None where its checks do not agree on one.

    Each check has one value with which it would hold exactly. The one that most of them have is taken, if it is
    one with which all hold; a copy of the figure says more than a sum, whose addends are rounded.
    """
    culprit, wanted = finding.culprit, finding.wanted
    if culprit is None or wanted is None:
        return None
    votes: Counter[Decimal] = Counter()
    for check in (finding.check, *finding.consequences):
        value = _exact(check, culprit)
        if value is not None and wanted.low <= value <= wanted.high:
            votes[value] += _COPY if len(check.rule.operands) == _PAIR else 1
    best = votes.most_common(2)
    if not best or (len(best) > 1 and best[0][1] == best[1][1]):
        return None
    return best[0][0] / culprit.factor


def _exact(check: Check, culprit: Operand) -> Decimal | None:
    """The value of a figure with which a check would hold exactly."""
    rule = check.rule
    if isinstance(rule, Quotient) and culprit.row == rule.rate.row and rule.recomputed is not None:
        digits = -int(culprit.half.as_tuple().exponent) - 1
        return round(rule.recomputed, digits)
    if isinstance(rule, Linear) and rule.relation == "=":
        mine = [t.weight for t in rule.left if t.operand.row == culprit.row]
        mine += [-t.weight for t in rule.right if t.operand.row == culprit.row]
        return culprit.value - rule.difference / mine[0] if len(mine) == 1 else None
    return None
