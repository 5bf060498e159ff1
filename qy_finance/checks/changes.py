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
    for operands in ledger.sections.values():
        latest: dict[str, Fact] = {}
        before: Fact | None = None
        open_moves: dict[tuple[int, str], StatedChange] = {}
        for operand in operands:
            figure = operand.figure
            this_year = figure.year in (None, ledger.year)
            if figure.measure in ("amount", "count") and this_year and not is_budget(operand):
                latest[figure.item] = before = operand
                level = _level(ledger, operand)
                if level is not None:
                    found.append(StatedChange(operand, "上年", [level]))
            elif figure.measure in ("change", "change_rate", "base"):
                current = latest.get(figure.item) or _same_quantity(latest, operand)
                if current is None and before and _continues(ledger, before, operand):
                    current = before
                if current is None or figure.year not in (None, ledger.year, ledger.year - 1):
                    continue
                key = current.row, _base(figure.column)
                move = open_moves.get(key)
                if move is None:
                    move = open_moves[key] = StatedChange(current, key[1])
                    found.append(move)
                _list(move, figure.measure).append(operand)
    return found


def _level(ledger: Ledger, operand: Fact) -> Fact | None:
    """A change of zero, where an amount is said to be that of the year before (与上年持平)."""
    said = _LEVEL.match(ledger.reading.text, operand.figure.end)
    if said is None or _base("".join(said[1].split())) != "上年":
        return None
    name = f"{operand.figure.item}持平"
    return replace(NOTHING, place=operand.place, name=name, full=name, shown="0")


def _list(move: StatedChange, measure: str) -> list[Fact]:
    return {"change": move.changes, "change_rate": move.rates, "base": move.bases}[measure]


def _base(column: str | None) -> str:
    """Bases that are one: 上年决算数, 2021年度 and 同比 are last year."""
    column = column or ""
    if "预算" in column:
        return "预算"
    return "上年" if not column or _YEAR_BEFORE.search(column) else column


def _same_quantity(latest: dict[str, Fact], operand: Fact) -> Fact | None:
    """The latest amount that goes by another name of the same quantity: 公务接待费 and 公务接待费支出."""
    name = operand.figure.item
    named = quantity(name, operand.scope)
    alike = [
        found
        for item, found in latest.items()
        if (named.said.fullmatch(item) if named else item == f"{name}支出" or name == f"{item}支出")
    ]
    return max(alike, key=lambda found: found.figure.start, default=None)


def _continues(ledger: Ledger, before: Fact, operand: Fact) -> bool:
    """Whether a change is one of the amount before it, for which it has another name (收、支总计各增加)."""
    one, other = whole_name(leaf(before.figure.item)), whole_name(leaf(operand.figure.item))
    if same_sentence(ledger, before, operand) and (one in other or other in one):
        return True
    near = operand.figure.start - before.figure.end < NEAR
    totals = _GRAND.search(operand.figure.item) and _GRAND.search(before.figure.item)
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
