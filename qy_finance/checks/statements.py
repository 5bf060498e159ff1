"""What sentences say of the change of an amount, recomputed, and what they say twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from qy_finance.checks.changes import NEAR, StatedChange, leaf
from qy_finance.checks.knowledge import prose_data, rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check
from qy_finance.checks.quantities import alike, check_at, is_budget, quantity
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, Term, Words, plus
from qy_finance.checks.sentence import Told, printed, sentence
from qy_finance.facts import Fact


def statement_checks(ledger: Ledger, changes: list[StatedChange]) -> Iterator[Check]:
    """Every check of what sentences say of their amounts, and of their changes."""
    for stated in changes:
        yield from _change(ledger, stated)
    yield from _zero_bases(changes)
    yield from _three_public(changes)
    yield from _restated(changes)
    for facts in ledger.sections.values():
        yield from _rises(facts)
        yield from _directions(facts)
        yield from _repeated(facts)


def _three_public(changes: list[StatedChange]) -> Iterator[Check]:
    """The changes of 三公 against last year add up as its amounts do."""
    by_column: dict[str, Fact] = {}
    for stated in changes:
        current = stated.current
        named = quantity(current.item, current.scope) if stated.base == "上年" else None
        if named and stated.changes and named.final[0].table == "three_public":
            by_column.setdefault(named.final[0].column, stated.changes[0])
    for added in prose_data().added:
        total = by_column.get(added.total)
        parts = [by_column[part] for part in added.parts if part in by_column]
        if total and len(parts) == len(added.parts):
            yield check_at(total, "prose.changes", Linear(plus(total), plus(*parts)))


def _change(ledger: Ledger, stated: StatedChange) -> Iterator[Check]:
    current = stated.current
    for change in stated.changes[:1]:
        if not change.is_money and current.is_money:
            continue
        if not stated.bases and change.row >= 0:  # last year's amount was no less than zero
            yield check_at(change, "prose.change", Linear(plus(change), plus(current), "≤"))
        for base in stated.bases or _stated_base(ledger, stated):
            rule = Linear((*plus(current), Term(-1, base)), plus(change))
            yield check_at(base, "prose.change", rule)
        for rate in stated.rates[:1]:
            if current.value != change.value:
                yield check_at(rate, "prose.growth", Quotient(rate, change, current, grown=True))
    if not stated.changes:
        for rate in stated.rates[:1]:
            for base in _stated_base(ledger, stated):
                yield check_at(rate, "prose.growth", Quotient(rate, current, base, over=True))


def _stated_base(ledger: Ledger, stated: StatedChange) -> list[Fact]:
    """The amount that a change is measured against, where it is stated under the same heading."""
    current = stated.current
    if stated.base not in ("上年", "预算"):
        return []
    year = ledger.year - 1 if stated.base == "上年" else ledger.year
    fitting = (
        other
        for other in ledger.sections[current.section]
        if (other.measure, other.item, other.figure.year) == (current.measure, current.item, year)
        and other is not current
        and is_budget(other) == (stated.base == "预算")
        and abs(other.figure.start - current.figure.start) < NEAR
    )
    return list(fitting)[:1]


def _zero_bases(changes: list[StatedChange]) -> Iterator[Check]:
    """One finding for all rates on a base of zero; a rate that is not zero is wrong by itself."""
    rates = [
        rate
        for stated in changes
        for change in stated.changes[:1]
        for rate in stated.rates[:1]
        if stated.current.value == change.value == 0  # otherwise rounding may hide a small base
    ]
    empty = tuple(rate for rate in rates if rate.value == 0)
    if empty:
        named = "、".join(f"{rate.item}（{rate.place}）" for rate in empty)
        said = sentence("上年数为零，零基数没有增减率，报告却写 ", printed(empty[0]), f"%：{named}")
        yield Check(rules()["prose.zero_base"], "", Words(empty, said, holds=False))
    for rate in rates:
        if rate.value not in {0, 100}:
            said = sentence(f"{rate.name} ", printed(rate), "%，但上年数为零，零基数没有增减率")
            yield check_at(rate, "prose.zero_base", Words((rate,), said, holds=False))


def _restated(changes: list[StatedChange]) -> Iterator[Check]:
    """The same amount, changed against the same base, changed alike."""
    groups: defaultdict[tuple[str, str, Decimal], list[StatedChange]] = defaultdict(list)
    for stated in changes:
        groups[leaf(stated.current.item), stated.base, stated.current.value].append(stated)
    for first, *others in groups.values():
        for other in others:
            changed = zip(first.changes[:1], other.changes[:1], strict=False)
            rated = zip(first.rates[:1], other.rates[:1], strict=False)
            for one, two in (*changed, *rated):
                level = min(one.row, two.row) < 0  # 持平 has no unit
                if one.row != two.row and (level or one.unit == two.unit):
                    at = two if two.row >= 0 else other.current
                    yield check_at(at, "prose.restated", Linear(plus(one), plus(two)))


def _repeated(facts: list[Fact]) -> Iterator[Check]:
    """One thing counted twice under one heading, in the same words that name it by themselves."""
    groups: defaultdict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.measure == "count" and not prose_data().repeated.fullmatch(leaf(fact.item)):
            key = fact.item, fact.column, fact.unit_of_measure, str(fact.figure.year)
            groups[key].append(fact)
    yield from alike(rules()["prose.restated"], groups.values())


def _rises(facts: list[Fact]) -> Iterator[Check]:
    """从 40.00% 提升至 60.00%，提升 20.00 个百分点."""
    for one, two, change in zip(facts, facts[1:], facts[2:], strict=False):
        kinds = one.measure, two.measure, change.measure
        if one.item == two.item == change.item and kinds == ("rate", "rate", "change"):
            rule = Linear((*plus(two), Term(-1, one)), plus(change))
            yield check_at(change, "prose.rise", rule)


def _directions(facts: list[Fact]) -> Iterator[Check]:
    """增加 … 万元，下降 …%: change and rate of one thing go one way."""
    for change, rate in pairwise(facts):
        kinds = change.measure, rate.measure
        same = change.item == rate.item and change.column == rate.column
        if kinds == ("change", "change_rate") and same and change.value * rate.value:
            said = sentence(
                f"{change.name} ", Told(f"{change.value:,f}", change),
                f"，而{rate.name} ", Told(f"{rate.value:,f}", rate), "%",
            )  # fmt: skip
            holds = (change.value < 0) == (rate.value < 0)
            yield check_at(rate, "prose.direction", Words((rate, change), said, holds))
