"""What sentences say of the change of an amount: by how much, by what rate, against which base."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from qy_finance.checks.knowledge import prose_data
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.quantities import is_budget, quantity
from qy_finance.facts import NOTHING, Fact
from qy_finance.numbers import MONEY

NEAR: Final = 200
"""Characters within which a base or a change belongs to its amount."""

_YEAR_BEFORE: Final = re.compile(r"上年|上一年|去年|同比|同期|(?:19|20)\d\d年度?")
_LEVEL: Final = re.compile(
    r"\s*(?:万|亿)?\s*元?\s*[，,]?\s*(?:与|较|同|和|比)([^，。；、]{1,30}?)(?<!基本)持\s*平"
)
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
                if (level := _level(ledger, fact)) is not None:
                    found.append(StatedChange(fact, "上年", [level]))
            elif fact.measure in ("change", "change_rate", "base"):
                current = latest.get(fact.item) or _same_quantity(latest, fact)
                if current is None and before and _continues(ledger, before, fact):
                    current = before
                if current is None or fact.year not in (ledger.year, ledger.year - 1):
                    continue
                key = current.row, _base(fact.column)
                if key not in known:
                    known[key] = StatedChange(current, key[1])
                    found.append(known[key])
                known[key].add(fact)
    return found


def _level(ledger: Ledger, fact: Fact) -> Fact | None:
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
    return "上年" if not column or _YEAR_BEFORE.search(column) else column


def _same_quantity(latest: dict[str, Fact], fact: Fact) -> Fact | None:
    """The latest amount that goes by another name of the same quantity: 公务接待费 and 公务接待费支出."""
    name, named = fact.item, quantity(fact.item, fact.scope)
    alike = [
        found
        for item, found in latest.items()
        if (named.said.fullmatch(item) if named else item == f"{name}支出" or name == f"{item}支出")
    ]
    return max(alike, key=lambda found: found.figure.start, default=None)


def _continues(ledger: Ledger, before: Fact, fact: Fact) -> bool:
    """Whether a change is one of the amount before it, for which it has another name (收、支总计各增加)."""
    one, other = whole_name(leaf(before.item)), whole_name(leaf(fact.item))
    if same_sentence(ledger, before, fact) and (one in other or other in one):
        return True
    near = fact.figure.start - before.figure.end < NEAR
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
