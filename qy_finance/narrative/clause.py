"""The words before one figure, and how what they leave open is filled in from what was said before."""

from __future__ import annotations

import re
from decimal import Decimal

from qy_finance.figures import number
from qy_finance.narrative.numerals import Numeral
from qy_finance.narrative.said import Said, Statement
from qy_finance.narrative.sections import Context, topic_of
from qy_finance.narrative.subjects import Subjects

_MEASURES = {"money": "amount", "bare": "amount", "percent": "rate", "many": "count"}
_EARNED, _SPENT = "收入", "支出"


class Clause:
    """A figure with the words between it and the figure before.

    ``tail`` are those right before it, the last of the ``fragments`` that commas divide.
    """

    def __init__(
        self,
        text: str,
        begins: int,
        numeral: Numeral,
        said: Said,
        context: Context,
        subjects: Subjects,
    ) -> None:
        self.text = text
        self.numeral = numeral
        self.said = said
        self.context = context
        self.subjects = subjects
        self.lexicon = subjects.lexicon
        self.say = subjects.lexicon.phrases
        self.fragments = self.say.fragment.split(text[begins : numeral.start])
        self.tail = self.fragments[-1]

    def look_ahead(self) -> None:
        """Words without a figure that later shares and changes lean on: …中，；其中：；与上年相比，."""
        before = ""
        for fragment in self.fragments[:-1]:
            if before and not self.said.last.measure and self.say.head_ahead.fullmatch(fragment):
                self.said.head = self.subjects.clean(self.say.by_class.sub("", before))
            before = fragment
            if match := self.compared(fragment):
                self.said.base = base_of(match)
            if match := self.say.whole_ahead.fullmatch(fragment):
                self.said.head = self.subjects.clean(match[1].removeprefix("在"))
        if self.said.last.measure and any(
            part.endswith("其中") or self.say.head_ahead.fullmatch(part) for part in self.fragments
        ):
            self.said.head = self.said.whole(self.numeral)

    def statement(
        self,
        measure: str,
        about: str,
        of: str,
        *,
        value: Decimal | None = None,
        year: int | None = None,
        sign: str = "",
        subject: str = "",
    ) -> Statement:
        """What is said of the figure, its subject taken from ``about`` and from what was said before."""
        own, label = (subject, "") if subject else self.subjects.split(about)
        resolved = subject or self._resolved(own, named=bool(own or label))
        if resolved.endswith(_EARNED):  # （三）支出…, 支出决算…: after income
            if own == _SPENT:
                resolved, label, own = own, "", ""
            elif not own and label.startswith(_SPENT):
                resolved = _SPENT
        return Statement(
            numeral=self.numeral,
            measure=measure,
            value=self.value if value is None else value,
            subject=resolved,
            of=of or label or (own if self.lexicon.is_weak(own) else ""),
            year=year or self._year(),
            sign=sign,
        )

    def _resolved(self, subject: str, named: bool) -> str:
        """A subject that stands by itself: what a clause leaves open is the topic or the subject before."""
        words = self.lexicon.words
        of_head = subject in words.of_part or subject in words.staff
        label = self._head(subject) if of_head else self.context.label
        if subject and not self.lexicon.is_weak(subject):
            return f"{label}/{subject}" if label and label not in subject else subject
        earlier, topic = self.said.last.subject, self.context.topic
        # 年初预算为…，支出决算为…: two amounts of one subject
        paired = self.said.same_sentence and bool(self.said.last.of)
        inherited = (topic or earlier) if named and not paired else (earlier or topic)
        if not named:  # …与上年持平，均为0万元
            inherited = self._compared_before() or inherited
        inherited = inherited or self.fragment_before()
        return inherited or topic_of(self.context.section, self.say) or subject

    def _head(self, subject: str) -> str:
        """Of what a part is named: 实有80人（行政18人、事业62人）."""
        brackets = self.said.brackets
        in_bracket = brackets and subject in self.lexicon.words.staff
        return brackets[-1][0].subject if in_bracket else self.said.head

    def _compared_before(self) -> str:
        """What the clause before compares with another year or says to be the same."""
        fragment = self.fragments[-2] if len(self.fragments) > 1 else ""
        match = self.compared(fragment)
        return self.subjects.split(fragment[: match.start()])[0] if match else ""

    def fragment_before(self) -> str:
        """The nearest subject that the fragments before the last name."""
        for fragment in reversed(self.fragments[:-1]):
            subject = "" if self.compared(fragment) else self.subjects.clean(fragment)
            if subject and not self.lexicon.is_weak(subject):
                return subject
        return ""

    def _year(self) -> int | None:
        """The year that the words state for the figure; not the one that it is compared with."""
        if not any("年" in fragment for fragment in self.fragments):
            return self.said.alone  # 2022年，收入5万元，支出5万元
        pair = self.say.coordinated.match(self.text, self.numeral.stop) is not None
        compared = self.say.compared
        own = [compared.sub("", part) if self.compared(part) else part for part in self.fragments]
        said = self.subjects.year_of(own, pair)
        if said is not None:
            self.said.alone = self.subjects.alone(own)
        return said or self.said.alone

    def compared(self, words: str, phrase: re.Pattern[str] | None = None) -> re.Match[str] | None:
        """What a clause compares with (比上年决算数, 与2022年度相比, 同比)."""
        if self.lexicon.words.comparing.isdisjoint(words):
            return None
        return (phrase or self.say.compared).search(words)

    def torn(self) -> Statement | None:
        """What a figure is of whose direction nobody can know, for both were left in; None for others."""
        match = self.say.torn.search(self.tail)
        if match is None:
            return None
        before = self.tail[: match.start()]
        if compared := self.compared(before):
            self.said.base, before = base_of(compared), before[: compared.start()]
        return self.statement("", before, "")

    @property
    def measure(self) -> str:
        """What a figure with its kind of unit is, where the words don't say more."""
        kind = self.numeral.kind
        if kind == "many" and self.say.of_money.search(self.tail):
            return "amount"  # whose 元 was left out
        return _MEASURES.get(kind, kind)

    @property
    def value(self) -> Decimal:
        return number(self.text[self.numeral.start : self.numeral.end])


def base_of(match: re.Match[str]) -> str:
    """What a comparison is with."""
    return match["base"] or match["with"] or match["same"]
