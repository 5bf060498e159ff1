"""What a report discloses of what must be disclosed (应公开的内容), topic by topic, and where.

Absence is data, no contradiction: 未见 says that something was not found in what was read. Where a part of the report
was not read, or the words are there and their figure was not understood, it is not said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import pandas as pd

from qy_finance.analysis import once
from qy_finance.analysis.accounts import THREE_PUBLIC, framed
from qy_finance.analysis.evidence import FINAL, OTHER, Figures
from qy_finance.analysis.reasons import Explanations
from qy_finance.analysis.written import Written
from qy_finance.checks import CheckSet
from qy_finance.checks.knowledge import prose_data
from qy_finance.contract import CONTRACT, columns
from qy_finance.facts import Fact
from qy_finance.form import Topic
from qy_finance.narrative.quotes import Quotation

STATED, ZERO, NONE, ABSENT, NOT_ASKED = "stated", "zero", "none stated", "absent", "n/a"

MENTIONED: Final = "报告提到了，没有读出数"
"""The note of what is there, but was not understood."""


@dataclass(frozen=True, eq=False)
class Disclosure:
    """One topic, and whether the report discloses it.

    Attributes
    ----------
    topic : Topic
        What is to be disclosed.
    status : str
        ``stated`` with a figure or in words; ``zero``; ``none stated`` (it says that there is none); ``absent`` (not
        found in what was read); ``n/a`` (not to be disclosed here, or not known: ``note`` says which).
    facts : tuple of Fact
        The figures that show it, the surest first.
    place : Quotation or None
        Where the first of them is printed, or the words that show it.
    note : str
        Why it is not applicable or not known, in Chinese; what is missing of a reason.
    """

    topic: Topic
    status: str
    facts: tuple[Fact, ...] = ()
    place: Quotation | None = None
    note: str = ""

    @property
    def number(self) -> Fact | None:
        """The figure that is disclosed; None where words, a table or nothing show it."""
        shown = self.topic.kind == "figure" and self.status in (STATED, ZERO)
        return next(iter(self.facts), None) if shown else None


@once
def disclosures(checks: CheckSet) -> list[Disclosure]:
    """All topics of the form, in its order."""
    found = _Disclosed(checks)
    return [found.of(topic) for topic in found.topics.values()]


def disclosure_frame(checks: CheckSet) -> pd.DataFrame:
    """One row for each topic; see :meth:`qy_finance.report.Report.disclosures`."""
    kinds = columns("disclosures") | {"observations": "object"}
    frame = framed((_row(one, checks) for one in disclosures(checks)), kinds, kinds)
    frame.attrs["contract"] = CONTRACT
    return frame


def _row(one: Disclosure, checks: CheckSet) -> tuple[object, ...]:
    topic, place, number = one.topic, one.place, one.number
    line = checks.reading.document.line_at(place.start) if place else None
    return (
        topic.id, topic.name, topic.group, one.status,
        float(number.figure.value) if number else None,
        (number.unit_of_measure or None) if number else None,
        tuple(fact.id for fact in one.facts),
        line and line.page, line and line.number, place and place.start, place and place.end,
        place and place.quote, one.note or None,
    )  # fmt: skip


class _Disclosed:
    """The topics of a report, each asked once."""

    def __init__(self, checks: CheckSet) -> None:
        self.checks, self.reading = checks, checks.reading
        self.form, self.written = self.reading.form, Written(self.reading)
        self._evidence = Figures(checks)
        self.topics = {topic.id: topic for topic in self.form.disclosures.topic}
        self._known: dict[str, Disclosure] = {}

    def of(self, topic: Topic) -> Disclosure:
        """Whether a topic is disclosed."""
        if topic.id not in self._known:
            makers = {"table": self._table, "note": self._note, "reason": self._reason}
            made = makers.get(topic.kind, self._shown)(topic)
            if made.facts and made.place is None:
                made = replace(made, place=self._place(made.facts[0]))
            self._known[topic.id] = made
        return self._known[topic.id]

    def _place(self, fact: Fact) -> Quotation:
        """Where a figure is printed: its sentence, or its cell."""
        if fact.figure.table is None:
            return self.written.clause(fact)
        return Quotation(fact.figure.start, fact.figure.end, f"{fact.full} {fact.with_unit}")

    # what is not there

    def _missing(self, topic: Topic, table: str = "") -> Disclosure:
        """Not found; or not known to be missing, with the reason."""
        pages = "、".join(map(str, self.reading.document.unread))
        notes = (
            (f"{table and self.form.name(table)}在，但没有读出", table in self.reading.unread),
            (
                "这份文件没有情况说明，可能另行公开",
                not (self._is_of_table(topic) or self.reading.prose),
            ),
            (f"第 {pages} 页是图片，没有读", bool(pages)),
        )
        note = next((note for note, holds in notes if holds), "")
        return self._other_form(topic) or Disclosure(
            topic, NOT_ASKED if note else ABSENT, note=note
        )

    @staticmethod
    def _is_of_table(topic: Topic) -> bool:
        """Whether a table shows it, without any prose."""
        return bool(topic.column) or topic.kind in ("table", "note")

    def _other_form(self, topic: Topic) -> Disclosure | None:
        """Not to be disclosed, where the report is of a form of few tables."""
        present, unit = set(self.reading.tables), self.reading.identity.unit
        for other in self.form.disclosures.other_form:
            if present and present <= set(other.tables) and other.unit.search(unit):
                return Disclosure(topic, NOT_ASKED, note=other.note)
        return None

    def _nothing(self, topic: Topic) -> Disclosure | None:
        """Not to be disclosed, where what it belongs to is nothing."""
        for name in topic.within:
            whole = self.of(self.topics[name])
            if whole.status in (ZERO, NONE):
                said = "为零" if whole.status == ZERO else "写明没有"
                return Disclosure(topic, NOT_ASKED, note=f"{whole.topic.name}{said}")
        return None

    # tables

    def _table(self, topic: Topic) -> Disclosure:
        cells = self._evidence.cells(topic.table)
        if not cells:
            return self._without_figures(topic)
        spent = [fact for fact in cells if fact.value]
        final = (fact for fact in spent if not OTHER.search(fact.column))
        shown = next(final, (spent or cells)[0])
        return Disclosure(topic, STATED if spent else ZERO, (shown,))

    def _without_figures(self, topic: Topic) -> Disclosure:
        """A table that is blank, or not there."""
        reading, table, said = self.reading, topic.table, self._says_none(topic)
        printed = table in reading.tables
        if said or printed:
            note = "表已印出，没有一个数" if printed else "没有印这张表"
            return Disclosure(topic, NONE if said else NOT_ASKED, (), said, note)
        if not self.form.table(table).applies(reading.identity.year, reading.identity.unit):
            return Disclosure(topic, NOT_ASKED, note=f"{reading.identity.year} 年的格式没有这张表")
        if not reading.tables and not reading.unread:
            return Disclosure(topic, NOT_ASKED, note="这份文件没有一张标准表，表可能另行公开")
        return self._missing(topic, table)

    def _note(self, topic: Topic) -> Disclosure:
        """The sentence that a table without money needs, where it does not print zeros itself."""
        whole = self.of(self.topics[f"table.{topic.table}"])
        if whole.status == STATED:
            return Disclosure(topic, NOT_ASKED, note="表里有数")
        if whole.status == NOT_ASKED and topic.table not in self.reading.tables:
            return replace(whole, topic=topic)
        if said := self._says_none(whole.topic):
            return Disclosure(topic, NONE, (), said)
        return (
            replace(whole, topic=topic)
            if whole.status == ZERO
            else self._missing(topic, topic.table)
        )

    def _says_none(self, topic: Topic) -> Quotation | None:
        """Where the report says that there is nothing for a table."""
        written, none = self.written, topic.none
        said = none and (written.notes(none) or written.says(none))
        return said or written.blank(topic.table)

    # figures and words

    def _shown(self, topic: Topic) -> Disclosure:
        finders = (self._by_figures, self._by_words, self._blank, self._nothing, self._mentioned)
        found = (find(topic) for find in finders)
        missing = self._missing(topic, THREE_PUBLIC if topic.id.startswith(THREE_PUBLIC) else "")
        return next(filter(None, found), missing)

    def _by_figures(self, topic: Topic) -> Disclosure | None:
        facts = self._evidence.of(topic)
        return Disclosure(topic, STATED if facts[0].value else ZERO, facts) if facts else None

    def _by_words(self, topic: Topic) -> Disclosure | None:
        if topic.heading is not None and (said := self.written.under(topic.heading)):
            return Disclosure(topic, STATED, (), said)
        for pattern, status in ((topic.said, STATED), (topic.none, NONE)):
            if pattern is not None and (said := self.written.says(pattern, topic.section)):
                return Disclosure(topic, status, (), said)
        return None

    def _mentioned(self, topic: Topic) -> Disclosure | None:
        """Printed in a table that is none of the form's; or there, but not understood."""
        if topic.mentioned is None:
            return None
        if cell := self.written.in_other_table(topic.mentioned):
            return Disclosure(topic, STATED, (), cell, "印在标准表以外的表里")
        said = self.written.says(topic.mentioned)
        return Disclosure(topic, NOT_ASKED, (), said, MENTIONED) if said else None

    def _blank(self, topic: Topic) -> Disclosure | None:
        """A blank of 三公表: zero where its total is that of the other parts."""
        cells = {fact.column: fact for fact in self._evidence.cells(THREE_PUBLIC)}
        column = f"{FINAL}{topic.column}"
        if not topic.column or not cells:
            return None
        if any(
            table == THREE_PUBLIC and name == column for table, *_, name in self.reading.unknown
        ):
            return Disclosure(topic, NOT_ASKED, note="表中此格没有读出")
        for added in prose_data().added:
            total = cells.get(added.total)
            if total is not None and column in added.parts:
                parts = (cells[part].value for part in added.parts if part in cells)
                if sum(parts) == total.value:
                    note = "表中此栏空白，由合计知为零"
                    return Disclosure(topic, ZERO, (), self._place(total), note)
        return Disclosure(topic, NOT_ASKED, note="表中此栏印为空白")

    # reasons

    @cached_property
    def _reasons(self) -> Explanations:
        return Explanations(self.checks, self.written)

    def _reason(self, topic: Topic) -> Disclosure:
        if nothing := self._nothing(topic):
            return nothing
        found = self._reasons.of(topic)
        if found.place:
            return Disclosure(topic, STATED, found.facts, found.place)
        if found.note:
            return self._other_form(topic) or Disclosure(topic, NOT_ASKED, note=found.note)
        parts = (self._reasons.of(one) for one in self.topics.values() if one.whole == topic.id)
        if part := next((part for part in parts if part.place), None):
            return Disclosure(topic, STATED, part.facts, part.place, "只说明了分项的原因")
        missing = self._missing(topic)
        if missing.status != ABSENT:
            return missing
        whole = self._reasons.of(self.topics[topic.whole]) if topic.whole else None
        note = "只说明了合计的原因" if whole and whole.place else ""
        return replace(missing, facts=found.facts, note=note)
