"""Whether a report gives a reason (原因) for the rise or fall of an amount that it states."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from qy_finance.analysis.written import FAR, Place, Written, quoted, sentence_start
from qy_finance.checks import CheckSet
from qy_finance.checks.changes import StatedChange
from qy_finance.facts import Fact
from qy_finance.form import Topic
from qy_finance.narrative.flow import Paragraph

_STOP: Final = re.compile(r"[。；;！？!?]")
_BUDGET: Final = re.compile(r"(?:年初|全年|调整后?)?预算数?/合计")
_FINAL: Final = "决算数/合计"
_THREE: Final = "three_public"
_FEW: Final = 8  # characters behind the words for a reason within which it begins
_NEXT: Final = 3  # reasons behind a change that may be its own
_NEAR: Final = 12  # figures between them, all of the same thing
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

    @property
    def said(self) -> str:
        """The reason itself."""
        text = self.paragraph.text[self.end : self.end + FAR]
        return _STOP.split(text, maxsplit=1)[0]


class Reason(NamedTuple):
    """What is known of the reason of a topic: where it is given, or why none is needed; else what lacks it."""

    place: Place | None = None
    note: str = ""
    facts: tuple[Fact, ...] = ()


class Reasons:
    """The reasons that a report gives."""

    def __init__(self, checks: CheckSet, written: Written) -> None:
        self.checks, self.reading, self.written = checks, checks.reading, written
        say = self.reading.form.disclosures
        self.patterns = say.patterns
        wholes = {topic.whole for topic in say.topic} - {""}
        # what a reason names that is one of a total or of its parts
        self._subjects = [
            topic.of for topic in say.topic if topic.of and (topic.whole or topic.id in wholes)
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
                before = text[sentence_start(text, match.start()) : match.end()]
                # the words of the template alone, and nothing behind them
                blank = not text[match.end() : match.end() + _FEW].strip("。；;，, ")
                if not blank and (not weak or say.moved.search(before)):
                    place, _ = paragraph.span(*match.span())
                    yield Given(paragraph, section, *match.span(), place, before)

    def of(self, topic: Topic) -> Reason:
        """The reason of a topic."""
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
        moved = [one for one in changes if one.sign and last(one)]
        if not moved:
            if changes or self._is_level(topic):
                return Reason(None, "没有增减")
            return Reason(None, "没有写与上年的比较" if topic.base else "没有写增减")
        return self._explained(topic, of, moved, given)

    def _explained(
        self, topic: Topic, of: re.Pattern[str], moved: list[StatedChange], given: list[Given]
    ) -> Reason:
        """The first of some changes that a reason explains.

        That names it; or is the first behind it and names nothing else; or is that of its total, and names it too.
        """
        given = [one for one in given if not self._is_of_budget(topic, one.before)]
        places = [one.place for one in given]
        named, of_total = dict[str, Given](), dict[str, Given]()
        free = list[bool]()
        for one in given:
            own = of.search(one.before)
            other = not own and any(subject.search(one.before) for subject in self._subjects)
            free.append(not own and not other)
            if own:
                named.setdefault(one.section, one)
            elif other and topic.named and topic.named.search(one.said):
                of_total.setdefault(one.section, one)
        for change in moved:
            stated = last(change)
            section, end = stated[-1].section, stated[-1].figure.end
            at = bisect_left(places, end)
            behind = [
                one for one, apart in zip(given[at : at + _NEXT], free[at:], strict=False) if apart
            ]
            found = named.get(section) or next(
                (one for one in behind if one.section == section and self._is_next(of, end, one)),
                None,
            )
            if found is None and self._signs.get(change.base) == change.sign:
                found = of_total.get(section)
            if found is not None:
                return Reason(found.quote, "", tuple(stated))
        return Reason(facts=tuple(last(moved[0])))

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

    @cached_property
    def _signs(self) -> dict[str, int]:
        """Whether 三公 as a whole rose or fell, by what it is compared with."""
        moved = [one for one in self.checks.changes if one.sign and _TOTAL.search(one.current.item)]
        return {one.base: one.sign for one in reversed(moved)}

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
        if budget[-1].value == final[0].value:  # of two the adjusted one
            return Reason(None, "决算与预算相同")
        return Reason(facts=(final[0], budget[0]))


def last(change: StatedChange) -> list[Fact]:
    """The printed figures that state a change, the last one last."""
    stated = [fact for fact in (*change.changes, *change.rates) if fact.row >= 0]
    return sorted(stated, key=lambda fact: fact.figure.start)
