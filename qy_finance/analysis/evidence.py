"""The figures of a report that show what it discloses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from qy_finance.analysis.accounts import THREE_PUBLIC
from qy_finance.analysis.procurement import Procurement
from qy_finance.checks import CheckSet
from qy_finance.facts import Fact
from qy_finance.form import Evidence, Topic
from qy_finance.readers import squeeze

FINAL: Final = "决算数/"
"""What stands before the name of a column of 三公表 that is no budget."""
OTHER: Final = re.compile(r"预算|上年|去年|\d{4}年度?决算")
"""What says of a figure that it is a budget, or one of the year before."""

_AROUND: Final = 40  # characters around a figure that may say what it counts
_WINDOW: Final = 120  # within which they stand, with layout spaces


class Figures:
    """The figures of a report, as topics look for them."""

    def __init__(self, checks: CheckSet) -> None:
        self.checks, self.reading = checks, checks.reading

    def cells(self, table: str) -> list[Fact]:
        """The figures of a table."""
        return self._by_table.get(table, [])

    @cached_property
    def _by_table(self) -> dict[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in self.reading.facts:
            found.setdefault(fact.figure.table or "", []).append(fact)
        return found

    def of(self, topic: Topic) -> tuple[Fact, ...]:
        """The figures that show a topic, each once, the surest first."""
        return tuple(dict.fromkeys(self._of(topic)))

    @cached_property
    def _procurement(self) -> Procurement:
        return Procurement(self.checks)

    def _of(self, topic: Topic) -> Iterator[Fact]:
        """The figures that show a topic: cells, then what is said of procurement, then the prose."""
        if topic.column:
            column = f"{FINAL}{topic.column}"
            yield from (fact for fact in self.cells(THREE_PUBLIC) if fact.column == column)
        if topic.part:
            key, bought = (topic.part[0], topic.part[1]), self._procurement
            share, amount = bought.shares.get(key), bought.amounts.get(key)
            if topic.share and share:
                yield share
            elif amount is not None and not topic.share:
                yield from (self.reading.facts[source.row] for source in amount.sources)
        for evidence in topic.shown:
            yield from (fact for fact in self._candidates if self._fits(fact, evidence))

    @cached_property
    def _candidates(self) -> list[Fact]:
        """The figures of this year of the prose and of 三公表 that are no budget and none of last year."""
        year = self.reading.identity.year
        return [
            fact
            for fact in self.reading.facts
            if fact.figure.table in (None, THREE_PUBLIC)
            and fact.year == year
            and not OTHER.search(fact.column)
        ]

    def _fits(self, fact: Fact, evidence: Evidence) -> bool:
        cell = fact.figure.table is not None
        item = fact.column.removeprefix(FINAL) if cell else fact.item
        if (
            fact.measure != evidence.measure
            or not evidence.item.search(item)
            or (evidence.lacks and evidence.lacks.search(item))
        ):
            return False
        return cell or bool(
            (evidence.unit is None or evidence.unit.fullmatch(fact.unit_of_measure))
            and (evidence.section is None or evidence.section.search(fact.scope))
            and (evidence.beside is None or evidence.beside.search(self._beside(fact)))
        )

    def _beside(self, fact: Fact) -> str:
        text, figure = self.reading.text, fact.figure
        before = squeeze(text[max(0, figure.start - _WINDOW) : figure.start])[-_AROUND:]
        after = squeeze(text[figure.end : figure.end + _WINDOW])[:_AROUND]
        return f"{before}▁{after}"
