"""Whether a report gives a reason (原因) for the rise or fall of an amount that it states."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from qy_finance.analysis.written import Place, Written, quoted
from qy_finance.checks import CheckSet
from qy_finance.checks.changes import StatedChange
from qy_finance.facts import Fact
from qy_finance.form import Topic
from qy_finance.narrative.flow import Paragraph

_STOP: Final = re.compile(r"[。；;！？!?]")
_BUDGET: Final = re.compile(r"(?:年初|全年|调整后?)?预算数?/合计")
_FINAL: Final = "决算数/合计"
_THREE: Final = "three_public"
_TOTAL: Final = re.compile("三公")


class Given(NamedTuple):
    """A reason: the words that open it, what stands before them in their sentence, and the headings above."""

    paragraph: Paragraph
    section: str
    start: int
    end: int
    place: int
    before: str

    @property
    def quote(self) -> Place:
        """The sentence."""
        return quoted(self.paragraph, self.start, self.end)


class Reason(NamedTuple):
    """What is known of the reason of a topic: where it is given, or why none is needed; else what lacks it."""

    place: Place | None = None
    note: str = ""
    facts: tuple[Fact, ...] = ()


class Reasons:
    """The reasons that a report gives."""

    def __init__(self, checks: CheckSet, written: Written) -> None:
        self.checks, self.reading, self.written = checks, checks.reading, written
        self.patterns = self.reading.form.disclosures.patterns
        topics = self.reading.form.disclosures.topic
        self._subjects = [
            topic.of for topic in topics if topic.of and topic.id != "accounts.change"
        ]
        self._starts = [fact.figure.start for fact in self.reading.prose]

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
                stops = _STOP.finditer(text, 0, match.start())
                before = text[max((stop.end() for stop in stops), default=0) : match.end()]
                blank = not text[match.end() :].strip(
                    "。；;，, "
                )  # the words of the template alone
                if not blank and (not weak or say.moved.search(before)):
                    place, _ = paragraph.span(*match.span())
                    yield Given(paragraph, section, *match.span(), place, before)

    def of(self, topic: Topic) -> Reason:
        """The reason of a topic."""
        assert topic.of is not None
        assert topic.section is not None
        given = [one for one in self.given if topic.section.search(one.section)]
        if topic.base == "预算":
            return self._against_budget(given)
        changes = [
            one
            for one in self.checks.changes
            if (not topic.base or one.base == topic.base)
            and topic.of.search(one.current.item)
            and topic.section.search(one.current.scope)
        ]
        moved = [one for one in changes if one.sign]
        if not moved:
            if changes or self._is_level(topic):
                return Reason(None, "没有增减")
            return Reason(None, "没有写与上年的比较" if topic.base else "没有写增减")
        for change in moved:
            for one in given:
                if self._explains(one, change, topic):
                    return Reason(one.quote)
        return Reason(facts=tuple(last(moved[0])))

    def _is_level(self, topic: Topic) -> bool:
        """Whether a sentence about it says that nothing changed, without a figure."""
        assert topic.of is not None
        assert topic.section is not None
        for passage in self.written.passages:
            if topic.section.search(passage.section):
                for sentence in _STOP.split(passage.paragraph.text):
                    if self.patterns.level.search(sentence) and topic.of.search(sentence):
                        return True
        return False

    def _explains(self, given: Given, change: StatedChange, topic: Topic) -> bool:
        """Whether a reason is that of a change: it names it, or it is the first behind it and names nothing else."""
        stated, of, before = last(change), topic.of, given.before
        assert of is not None
        if not stated or given.section != stated[-1].section or self._is_of_budget(topic, before):
            return False
        if of.search(before):
            return True
        if any(subject.search(before) for subject in self._subjects):
            return topic.named is not None and self._shares(given, change, topic.named)
        end = stated[-1].figure.end
        first, behind = (bisect_left(self._starts, at) for at in (end, given.place))
        between = self.reading.prose[first:behind]
        return end <= given.place and all(of.search(fact.item) for fact in between)

    def _is_of_budget(self, topic: Topic, before: str) -> bool:
        """Whether a reason is one against the budget, where the topic is against the year before."""
        say = self.patterns
        budget = say.budget.search(before) and not say.before.search(before)
        return bool(topic.base == "上年" and budget)

    def _shares(self, given: Given, change: StatedChange, named: re.Pattern[str]) -> bool:
        """Whether the reason of a total names a part of it that moved as the total did."""
        whole = (
            one.sign
            for one in self.checks.changes
            if one.base == change.base and _TOTAL.search(one.current.item) and one.sign
        )
        said = given.paragraph.text[given.end :]
        stop = _STOP.search(said)
        return next(whole, 0) == change.sign and bool(named.search(said[: stop and stop.start()]))

    def _against_budget(self, given: list[Given]) -> Reason:
        """The reason why 三公 differs from its budget."""
        for one in given:
            if self.patterns.budget.search(one.before):
                return Reason(one.quote)
        cells = [fact for fact in self.reading.facts if fact.figure.table == _THREE]
        final = [fact for fact in cells if fact.column == _FINAL]
        budget = [fact for fact in cells if _BUDGET.fullmatch(fact.column)]
        if not final or not budget:
            return Reason(None, "没有读出预算数，无从比较")
        if any(fact.value == final[0].value for fact in budget):
            return Reason(None, "决算与预算相同")
        return Reason(facts=(final[0], budget[0]))


def last(change: StatedChange) -> list[Fact]:
    """The printed figures that state a change, the last one last."""
    stated = [fact for fact in (*change.changes, *change.rates) if fact.row >= 0]
    return sorted(stated, key=lambda fact: fact.figure.start)
