"""What sentences say of the change of an amount (by how much, at what rate, against which base), recomputed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Final

from qy_finance.checks.knowledge import prose_data, rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check, NotRun, Status, doubted
from qy_finance.checks.quantities import alike, check_at, is_budget, quantity
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, Words
from qy_finance.checks.sentence import Told, said
from qy_finance.facts import NOTHING, Fact
from qy_finance.numbers import MONEY

_NEAR: Final = 200
"""Characters within which a base or a change belongs to its amount."""

_YEAR_BEFORE: Final = re.compile(r"上年|上一年|去年|同比|同期|(?:19|20)\d\d年度?")
_LEVEL: Final = re.compile(
    r"\s*(?:万|亿)?\s*元?\s*[，,]?\s*(?:与|较|同|和|比)([^，。；、]{1,30}?)(?<!基本)持\s*平"
)
_LABEL: Final = re.compile("(?:支出|收入)?决算(?:支出|数)?")
_GRAND: Final = re.compile(r"总计$|^总[收支]|^[收支、]+$")


@dataclass(slots=True)
class StatedChange:
    """An amount, and what is said of its change against one base."""

    current: Fact
    base: str
    changes: list[Fact] = field(default_factory=list)
    rates: list[Fact] = field(default_factory=list)
    bases: list[Fact] = field(default_factory=list)

    def add(self, fact: Fact) -> None:
        """Enter what is said of the change."""
        kinds = {"change": self.changes, "change_rate": self.rates, "base": self.bases}
        kinds[fact.measure].append(fact)

    @property
    def change(self) -> Fact | None:
        """The stated 增减额, in money."""
        return next((fact for fact in self.changes if fact.unit_of_measure in MONEY), None)

    @property
    def rate(self) -> Fact | None:
        """The stated 增减率, in percent."""
        return next((fact for fact in self.rates if fact.is_percent), None)

    @property
    def sign(self) -> int:
        """1 for a rise, -1 for a fall, 0 where neither is stated."""
        stated = self.change or self.rate
        return 0 if stated is None or not stated.value else 1 if stated.value > 0 else -1


def stated_changes(ledger: Ledger) -> list[StatedChange]:
    """Each amount or count of the prose with what is said of its change."""
    found: list[StatedChange] = []
    for facts in ledger.sections.values():
        latest: dict[str, Fact] = {}
        before: Fact | None = None
        known: dict[tuple[int, str], StatedChange] = {}
        for fact in facts:
            if fact.measure in ("amount", "count") and fact.year == ledger.year:
                if is_budget(fact):
                    continue
                latest[fact.item] = before = fact
                if (level := level_of(ledger, fact)) is not None:
                    found.append(StatedChange(fact, "上年", [level]))
            elif fact.measure in ("change", "change_rate", "base"):
                current = latest.get(fact.item) or _same_quantity(latest, fact)
                if current is None and before and _continues(ledger, before, fact):
                    current = before
                current = current or _cell(ledger, fact)
                if current is None or fact.year not in (ledger.year, ledger.year - 1):
                    continue
                key = current.row, _base(fact.column)
                if key not in known:
                    known[key] = StatedChange(current, key[1])
                    found.append(known[key])
                known[key].add(fact)
    return found


def level_of(ledger: Ledger, fact: Fact) -> Fact | None:
    """A change of zero, where an amount is said to be that of the year before (与上年持平)."""
    said = _LEVEL.match(ledger.reading.text, fact.figure.end)
    if said is None or _base("".join(said[1].split())) != "上年":
        return None
    name = f"{fact.item}持平"
    return replace(NOTHING, place=fact.place, name=name, full=name, shown="0")


def _base(column: str) -> str:
    """Bases that are one: 上年决算数, 2021年度 and 同比 are last year."""
    if "预算" in column:
        return "预算"
    label = not column or _LABEL.fullmatch(column)  # 支出决算增加: no base is named
    return "上年" if label or _YEAR_BEFORE.search(column) else column


def _same_quantity(latest: dict[str, Fact], fact: Fact) -> Fact | None:
    """The latest amount that goes by another name of the same quantity: 公务接待费 and 公务接待费支出."""
    name, named = fact.item, quantity(fact.item, fact.scope)
    alike = [
        found
        for item, found in latest.items()
        if (named.said.fullmatch(item) if named else item == f"{name}支出" or name == f"{item}支出")
    ]
    return max(alike, key=lambda found: found.figure.start, default=None)


def _cell(ledger: Ledger, change: Fact) -> Fact | None:
    """The cell of 三公 that a change is of, where its sentence does not repeat the amount."""
    named = quantity(change.item, change.scope) if _base(change.column) == "上年" else None
    cell = ledger.figure(named.final[0]) if named and named.budget else None
    if cell is None:
        return None
    # by the name that the sentence gives it, for the row of the table has one for all columns
    return replace(cell, figure=cell.figure._replace(item=change.item), scope=change.scope)


def _continues(ledger: Ledger, before: Fact, fact: Fact) -> bool:
    """Whether a change is one of the amount before it, for which it has another name (收、支总计各增加)."""
    one, other = whole_name(leaf(before.item)), whole_name(leaf(fact.item))
    if same_sentence(ledger, before, fact) and (one in other or other in one):
        return True
    near = fact.figure.start - before.figure.end < _NEAR
    totals = _GRAND.search(fact.item) and _GRAND.search(before.item)
    return bool(near and totals)


def same_sentence(ledger: Ledger, before: Fact, after: Fact) -> bool:
    return "。" not in ledger.reading.text[before.figure.end : after.figure.start]


def leaf(item: str) -> str:
    return item.rsplit("/", 1)[-1]


@cache
def whole_name(name: str) -> str:
    """What a whole is called, without the words for all: 政府采购支出总额 is 政府采购."""
    wholes = prose_data().wholes
    for word, other in wholes.alike:
        name = name.replace(word, other)
    return re.sub(f"{wholes.endings}$", "", name)


def statement_checks(ledger: Ledger, changes: list[StatedChange]) -> Iterator[Check | NotRun]:
    """Every check of what sentences say of their amounts, and of their changes."""
    of_cells: list[Check] = []
    for stated in changes:
        found = _change(ledger, stated)
        if stated.current.figure.table is None:
            yield from found
        else:
            of_cells += found
    yield from _of_cells(of_cells)
    yield from _three_public(changes)
    yield from _restated(changes)
    for facts in ledger.sections.values():
        yield from _rises(facts)
        yield from _directions(facts)
        yield from _repeated(facts)


def _of_cells(checks: list[Check]) -> Iterator[Check | NotRun]:
    """Changes of amounts that only the table prints: they break where another one shows that it is that table."""
    telling = any(
        isinstance(check.rule, Quotient)
        and check.status in (Status.EXACT, Status.TAIL)
        and abs(check.rule.rate.value) not in {0, 100}
        for check in checks
    )
    for check in checks:
        wrong = check.status is Status.BREAK and not telling
        yield doubted(check, "句中没有写金额，所指可能不是表中的数") if wrong else check


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
            yield check_at(total, "prose.changes", Linear((total,), parts))


def _change(ledger: Ledger, stated: StatedChange) -> Iterator[Check]:
    current = stated.current
    for change in stated.changes[:1]:
        if change.is_money != current.is_money:
            continue
        if not stated.bases and change.row >= 0:  # last year's amount was no less than zero
            yield check_at(change, "prose.change", Linear((change,), (current,), "≤"))
        for base in stated.bases or stated_base(ledger, stated):
            rule = Linear((current, base), (change,), less=base)
            yield check_at(base, "prose.change", rule)
        for rate in stated.rates[:1]:
            if current.value != change.value:
                yield check_at(rate, "prose.growth", Quotient(rate, change, current, grown=True))
    if not stated.changes:
        for rate in stated.rates[:1]:
            for base in stated_base(ledger, stated):
                yield check_at(rate, "prose.growth", Quotient(rate, current, base, over=True))


def _start(fact: Fact) -> int:
    return fact.figure.start


def stated_base(ledger: Ledger, stated: StatedChange) -> list[Fact]:
    """The amount that a change is measured against, where it is stated under the same heading."""
    current = stated.current
    if stated.base not in ("上年", "预算"):
        return []
    year = ledger.year - 1 if stated.base == "上年" else ledger.year
    there = ledger.sections.get(current.section, [])
    first = bisect_left(there, current.figure.start - _NEAR, key=_start)
    last = bisect_left(there, current.figure.start + _NEAR, lo=first, key=_start)
    fitting = (
        other
        for other in there[first:last]
        if (other.measure, other.item, other.figure.year) == (current.measure, current.item, year)
        and other is not current
        and is_budget(other) == (stated.base == "预算")
    )
    return list(fitting)[:1]


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
                if level and first.current.row == other.current.row:
                    continue  # of one amount both are said; see unchanged.py
                if one.row != two.row and (level or one.unit == two.unit):
                    at = two if two.row >= 0 else other.current
                    yield check_at(at, "prose.restated", Linear((one,), (two,)))


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
            rule = Linear((two, one), (change,), less=one)
            against = Linear(
                (one, two), (change,), less=two
            )  # 98.78%，比上半年98.12%高出0.66个百分点
            held = against.outcome.status is not Status.BREAK and change.column
            yield check_at(change, "prose.rise", against if held else rule)


def _directions(facts: list[Fact]) -> Iterator[Check]:
    """增加 … 万元，下降 …%: change and rate of one thing go one way."""
    for change, rate in pairwise(facts):
        kinds = change.measure, rate.measure
        same = change.item == rate.item and change.column == rate.column
        same = same and not change.item.endswith(("/", "（"))  # 增加/减少: see leftovers.py
        if kinds == ("change", "change_rate") and same and change.value * rate.value:
            text = said(
                "{one} {by}，而{other} {rate}%",
                one=change.name, by=Told(f"{change.value:,f}", change),
                other=rate.name, rate=Told(f"{rate.value:,f}", rate),
            )  # fmt: skip
            holds = (change.value < 0) == (rate.value < 0)
            yield check_at(rate, "prose.direction", Words((rate, change), text, holds))
