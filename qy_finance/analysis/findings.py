"""The contradictions of a report, each with the text in which its figures are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from qy_finance.checks import CheckSet
from qy_finance.checks.diagnose import Finding, corrected
from qy_finance.checks.headings import heading, mended
from qy_finance.checks.model import KINDS, Check, Identity
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, Words, is_worded
from qy_finance.checks.results import explained
from qy_finance.checks.sentence import Sentence, Told
from qy_finance.facts import Fact, computed, row_and_column
from qy_finance.form import Form
from qy_finance.numbers import MONEY, Number
from qy_finance.reading import Reading

_END: Final = re.compile(r"[。；;！？]")
_CAUSES: Final = re.compile(r"\s*主要")
_FAR: Final = 1000  # characters within which the end of a sentence is looked for
_LONGEST: Final = 60  # characters that are quoted before, between and after figures


class Excerpt(NamedTuple):
    """Where figures of a contradiction are printed.

    ``place`` is 第21页 or 第1272行; ``name`` the table with row and column, empty for prose. ``said`` is the printed
    text: words and figures by turns, from words to words.
    """

    place: str
    name: str
    said: Sentence


@dataclass(frozen=True, eq=False)
class Break:
    """A contradiction."""

    identity: Identity  # what is broken
    heading: str  # the contradiction in a few words
    formula: Sentence  # the relation with its figures, or what the words say
    kind: str  # of KINDS
    wrong: (
        Fact | None
    )  # where the other identities determine which figure is wrong: that of the first source
    wanted: Number | None  # what it should be, in its own unit, if that is determined too
    sides: tuple[tuple[str, Number], ...]  # what the two sides are, and the number; none for words
    mended: (
        tuple[Fact, str] | None
    )  # a figure and the characters that would mend it, where determined
    stake: Number | None  # the money that separates the sides, of percentages that of their base
    difference: Number | None  # what separates the sides, where they differ
    tolerance: Number | None  # what rounding explains of that
    sources: tuple[Excerpt, ...]  # where its figures are printed
    consequences: tuple[Sentence, ...]  # what else breaks for the same reason
    observations: tuple[
        int, ...
    ]  # rows of Report.observations, the wrong figure first where it is known

    @property
    def weight(self) -> tuple[Decimal, int, Decimal, int]:
        """The money at stake, how many checks it breaks, by how much of the larger side, whether figures show it."""
        largest = max((abs(number.plain) for _, number in self.sides), default=Decimal(0))
        apart = self.difference.plain / largest if self.difference and largest else Decimal(0)
        money = self.stake.plain if self.stake else Decimal(0)
        return money, 1 + len(self.consequences), apart, min(len(self.sources), 1)


def breaks(checks: CheckSet) -> list[Break]:
    """The contradictions: by kind, then by weight, then as printed."""
    found = [_break(finding, checks.reading) for finding in checks.findings]
    kinds = list(KINDS)
    return sorted(found, key=lambda one: (kinds.index(one.kind), [-part for part in one.weight]))


def _break(finding: Finding, reading: Reading) -> Break:
    check, wrong, involved = finding.check, finding.culprit, finding.involved
    rule, outcome = check.rule, check.outcome
    apart = "个百分点" if check.unit == "%" else check.unit
    tolerance = None if is_worded(rule) else outcome.tolerance
    value = corrected(finding)
    others = (fact for fact in rule.operands if fact is not wrong)
    return Break(
        check.identity,
        heading(finding),
        rule.formula(),
        check.identity.kind,
        wrong,
        computed(value, others, wrong.unit_of_measure) if wrong and value is not None else None,
        _sides(check),
        mended(finding),
        _stake(check),
        computed(abs(outcome.difference), rule.operands, apart) if outcome.difference else None,
        computed(tolerance, rule.operands, apart) if tolerance else None,
        (*_claim(check, involved, reading), *_sources(reading, involved, isinstance(rule, Words))),
        tuple(map(explained, finding.consequences)),
        finding.rows,
    )


def _stake(check: Check) -> Number | None:
    """The money that separates the sides; a point of a percentage is a hundredth of its base."""
    rule, apart = check.rule, abs(check.outcome.difference or Decimal(0))
    if isinstance(rule, Quotient) and rule.whole.is_money:
        apart, unit = apart * rule.base / 100, rule.whole.unit
    elif is_worded(rule) or check.unit not in MONEY:
        return None
    else:
        unit = check.unit
    return computed(apart, rule.operands, unit) if apart else None


def _sides(check: Check) -> tuple[tuple[str, Number], ...]:
    """The two sides and what they are: two figures, two sums, or one figure and what others make of it."""
    rule, names = check.rule, ("印出", "算出")
    one, other = list(rule.operands[:1]), list(rule.operands)
    if isinstance(rule, Linear):
        one, other = list(rule.left), list(rule.right)
        if (len(one) == 1) == (len(other) == 1):
            names = ("一处", "另一处") if len(one) == 1 else ("一边", "另一边")
        elif len(other) == 1:
            names = ("算出", "印出")
    values = check.outcome.lhs, check.outcome.rhs
    sides = [
        (name, _side(value, facts, check))
        for name, value, facts in zip(names, values, (one, other), strict=True)
        if value is not None
    ]
    return tuple(sorted(sides, key=lambda side: side[0] == "算出"))


def _side(value: Decimal, facts: Sequence[Fact], check: Check) -> Number:
    """A side of a relation: the one printed figure that it is, or computed from all."""
    if len(facts) == 1 and facts[0].is_printed and abs(facts[0].value) == abs(value):
        number = facts[0].compared
        return number if number == value else -number
    return computed(value, check.rule.operands, check.unit)


def _claim(check: Check, facts: Sequence[Fact], reading: Reading) -> Iterator[Excerpt]:
    """The sentence that makes the claim, where no figure of it is quoted anyway."""
    if check.claim is None:
        return
    start, end = _span(reading.text, check.claim, check.claim + 1, causes=False)
    if not any(start <= fact.figure.start < end for fact in facts):
        words = "".join(reading.text[start:end].split())
        place = reading.document.where(check.claim)
        yield Excerpt(place, "", Sentence((_shortened(words, _LONGEST // 2),)))


def _sources(reading: Reading, facts: Sequence[Fact], causes: bool) -> tuple[Excerpt, ...]:
    """Cells by themselves, figures of one sentence together; the first, then those that are not zero."""
    quoted: dict[object, list[Fact]] = {}
    for fact in (*facts[:1], *sorted(facts[1:], key=lambda fact: fact.value == 0)):
        prose = fact.figure.table is None and fact.row >= 0
        figure = fact.figure
        span = _span(reading.text, figure.start, figure.end, causes) if prose else None
        quoted.setdefault(span or fact, []).append(fact)
    return tuple(
        _passage(reading.text, span, some)
        if isinstance(span, tuple)
        else _cell(reading.form, *some)
        for span, some in quoted.items()
    )


def _cell(form: Form, fact: Fact) -> Excerpt:
    """A cell, or a figure of last year's report."""
    place, name = fact.place if fact.row >= 0 else f"上年报告{fact.place}", fact.item
    if fact.figure.table is not None:
        names = form.name(fact.figure.table), fact.figure.side, *row_and_column(fact, form)
        name = " · ".join(filter(None, names))
    unit = f" {fact.unit_of_measure}"
    return Excerpt(place, name, Sentence(("", Told(fact.printed, fact), unit)))


def _passage(text: str, span: tuple[int, int], facts: list[Fact]) -> Excerpt:
    """The sentence in which figures stand; the first of them says where."""
    in_order = sorted(facts, key=lambda fact: fact.figure.start)
    marks = (edge for fact in in_order for edge in (fact.figure.start, fact.figure.end))
    edges = pairwise((span[0], *marks, span[1]))
    pieces = ["".join(text[start:end].split()) for start, end in edges]
    words = pieces[::2]
    # its heading is no part of it
    words[0] = _shortened(words[0].rpartition(facts[0].section)[2], 0)
    words[1:-1] = [_shortened(piece, _LONGEST // 2) for piece in words[1:-1]]
    words[-1] = _shortened(words[-1], _LONGEST)
    said: list[str | Told] = [words[0]]
    for fact, printed, after in zip(in_order, pieces[1::2], words[1:], strict=True):
        said += [Told(printed, fact), after]
    return Excerpt(facts[0].place, "", Sentence(said))


def _shortened(words: str, head: int) -> str:
    """Words of which so many at the head are kept, and the rest of the longest that is quoted at the tail."""
    if len(words) <= _LONGEST:
        return words
    tail = _LONGEST - head
    return f"{words[:head]}…{words[-tail:] if tail else ''}"


def _span(text: str, start: int, end: int, causes: bool) -> tuple[int, int]:
    """The sentence around a stretch, with the next one where that states causes that are wanted too."""
    first, last = max(0, start - _FAR), end + _FAR
    *_, start = first, *(match.end() for match in _END.finditer(text, first, start))
    after = _END.search(text, end, last)
    if after and causes and _CAUSES.match(text, after.end()):
        after = _END.search(text, after.end(), last) or after
    return start, after.end() if after else end
