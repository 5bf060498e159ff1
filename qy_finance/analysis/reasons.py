"""Whether a report gives a reason (原因) for the rise or fall of an amount that it states."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from qy_finance.analysis.accounts import THREE_PUBLIC
from qy_finance.analysis.written import Written
from qy_finance.checks import CheckSet
from qy_finance.checks.changes import StatedChange
from qy_finance.facts import Fact
from qy_finance.form import Topic
from qy_finance.narrative.flow import Paragraph
from qy_finance.narrative.quotes import FAR, STOP, Quotation, quoted, sentence_start

_BUDGET: Final = re.compile(r"(?:年初|全年|调整后?)?预算数?/合计")
_FINAL: Final = "决算数/合计"
_FEW: Final = 8  # characters behind the words for a reason within which it begins
_NEXT: Final = 3  # reasons behind a change that may be its own
_NEAR: Final = 12  # figures between them, all of the same thing


class Given(NamedTuple):
    """A reason: the words that open it, what stands before them in their sentence, and the headings above."""

    paragraph: Paragraph
    section: str
    start: int
    end: int
    place: int
    before: str

    @property
    def quote(self) -> Quotation:
        """The sentence."""
        return quoted(self.paragraph, self.start, self.end)

    @property
    def said(self) -> str:
        """The reason itself."""
        text = self.paragraph.text[self.end : self.end + FAR]
        return STOP.split(text, maxsplit=1)[0]


class Reason(NamedTuple):
    """What is known of the reason of a topic: where it is given, or why none is needed; else what lacks it."""

    given: Given | None = None
    note: str = ""
    change: StatedChange | None = None
    cells: tuple[Fact, ...] = ()

    @property
    def place(self) -> Quotation | None:
        """The sentence that gives it."""
        return self.given.quote if self.given else None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The figures that state what it is the reason of."""
        return (*_last(self.change), *self.cells) if self.change else self.cells


class Explanations:
    """The reasons that a report gives."""

    def __init__(self, checks: CheckSet, written: Written) -> None:
        self.checks, self.reading, self.written = checks, checks.reading, written
        self.patterns = self.reading.form.disclosures.patterns
        self._topics = {topic.id: topic for topic in self.reading.form.disclosures.topic}
        wholes = {topic.whole for topic in self._topics.values()} - {""}
        # what a reason names that is one of a total or of its parts
        self._subjects = [
            topic.of
            for topic in self._topics.values()
            if topic.of and (topic.whole or topic.id in wholes)
        ]
        self._starts = [fact.figure.start for fact in self.reading.prose]
        self._known: dict[str, Reason] = {}

    @cached_property
    def given(self) -> list[Given]:
        """Every reason, in the order of the report."""
        return list(self._given())

    def _given(self) -> Iterator[Given]:
        say = self.patterns
        for paragraph, section in self.written.passages:
            text = paragraph.text
            marks = [(match, False) for match in say.reason.finditer(text)]
            marks += [(match, True) for match in say.weakly.finditer(text)]
            for match, weak in sorted(marks, key=lambda mark: mark[0].start()):
                before = text[sentence_start(text, match.start()) : match.end()]
                # the words of the template alone, and nothing behind them
                blank = not text[match.end() : match.end() + _FEW].strip("。；;，, ")
                if not blank and (not weak or say.moved.search(before)):
                    place, _ = paragraph.span(*match.span())
                    yield Given(paragraph, section, *match.span(), place, before)

    def of(self, topic: Topic) -> Reason:
        """The reason of a topic."""
        if topic.id not in self._known:
            self._known[topic.id] = self._of(topic)
        return self._known[topic.id]

    def _of(self, topic: Topic) -> Reason:
        of, section = topic.of, topic.section
        assert of is not None
        assert section is not None
        given = [one for one in self.given if section.search(one.section)]
        if topic.base == "预算":
            return self._against_budget(given)
        changes = [
            one
            for one in self.checks.changes
            if (not topic.base or one.base == topic.base)
            and of.search(one.current.item)
            and section.search(one.current.scope)
        ]
        moved = [one for one in changes if one.sign and _last(one)]
        if not moved:
            if changes or self._is_level(topic):
                return Reason(note="没有增减")
            return Reason(note="没有写与上年的比较" if topic.base else "没有写增减")
        given = [one for one in given if not self._is_of_budget(topic, one.before)]
        return self._explained(of, moved, given) or self._of_total(topic, moved[0])

    def _explained(
        self, of: re.Pattern[str], moved: list[StatedChange], given: list[Given]
    ) -> Reason | None:
        """The first of some changes whose reason names it, or is the first behind it and names nothing else."""
        places = [one.place for one in given]
        named: dict[str, Given] = {}
        for one in given:
            if of.search(one.before):
                named.setdefault(one.section, one)
        for change in moved:
            stated = _last(change)[-1]
            at = bisect_left(places, stated.figure.end)
            behind = (
                one
                for one in given[at : at + _NEXT]
                if one.section == stated.section
                and not any(subject.search(one.before) for subject in self._subjects)
                and self._is_next(of, stated.figure.end, one)
            )
            if found := named.get(stated.section) or next(behind, None):
                return Reason(found, change=change)
        return None

    def _of_total(self, topic: Topic, change: StatedChange) -> Reason:
        """The reason of a total, where it names this part and both moved alike."""
        whole = self.of(self._topics[topic.whole]) if topic.whole else Reason()
        alike = whole.change is not None and whole.change.sign == change.sign
        named = whole.given and topic.named and topic.named.search(whole.given.said)
        return Reason(whole.given if alike and named else None, change=change)

    def _is_next(self, of: re.Pattern[str], end: int, given: Given) -> bool:
        """Whether nothing else is stated between a change and a reason."""
        first, behind = (bisect_left(self._starts, at) for at in (end, given.place))
        between = self.reading.prose[first:behind]
        return len(between) <= _NEAR and all(of.search(fact.item) for fact in between)

    def _is_of_budget(self, topic: Topic, before: str) -> bool:
        """Whether a reason is one against the budget, where the topic is against the year before."""
        say = self.patterns
        budget = say.budget.search(before) and not say.before.search(before)
        return bool(topic.base == "上年" and budget)

    def _is_level(self, topic: Topic) -> bool:
        """Whether a sentence about it says that nothing changed, without a figure."""
        assert topic.of is not None
        assert topic.section is not None
        for paragraph, section in self.written.passages:
            if topic.section.search(section):
                for sentence in STOP.split(paragraph.text):
                    if self.patterns.level.search(sentence) and topic.of.search(sentence):
                        return True
        return False

    def _against_budget(self, given: list[Given]) -> Reason:
        """The reason why 三公 differs from its budget."""
        for one in given:
            if self.patterns.budget.search(one.before):
                return Reason(one)
        cells = [fact for fact in self.reading.facts if fact.figure.table == THREE_PUBLIC]
        final = [fact for fact in cells if fact.column == _FINAL]
        budget = [fact for fact in cells if _BUDGET.fullmatch(fact.column)]
        if not final or not budget:
            return Reason(note="没有读出预算数，无从比较")
        if budget[-1].value == final[0].value:  # of two the adjusted one
            return Reason(note="决算与预算相同")
        return Reason(cells=(final[0], budget[0]))


def _last(change: StatedChange) -> list[Fact]:
    """The printed figures that state a change, the last one last."""
    stated = [fact for fact in (*change.changes, *change.rates) if fact.row >= 0]
    return sorted(stated, key=lambda fact: fact.figure.start)
