"""How final accounts speak of figures: each figure of a paragraph with what the sentence says of it.

A figure is understood from the words between it and the figure before. They say what is measured (the subject),
in which way (amount, change, share, completion, target, …) and against what (the base or the whole). What a
clause leaves out (…，下降26.2%；完成预算1.89万元的100%) is carried over from the clause before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, takewhile

from qy_finance.figures import number
from qy_finance.narrative.numerals import Numeral
from qy_finance.narrative.sections import Context, topic_of
from qy_finance.narrative.subjects import Subjects

_MEASURES = {"money": "amount", "bare": "amount", "percent": "rate", "many": "count"}
_EARNED, _SPENT = "收入", "支出"
_WHOLE = {"amount", "count"}
_INDICATED = {"rate", "duration", "count", "score", "many"}
_SHORT = {"增", "减"}
_LONGEST_LIST = 60


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure of a paragraph and what is said of it."""

    numeral: Numeral
    measure: str
    value: Decimal
    subject: str
    of: str = ""
    year: int | None = None
    sign: str = ""


_NOTHING = Statement(Numeral(0, 0, 0, "", "", None), "", Decimal(0), "")


class Grammar:
    """Reads the figures of one paragraph in order, carrying over what clauses leave out."""

    def __init__(self, text: str, context: Context, subjects: Subjects) -> None:
        self.text = text
        self.context = context
        self.subjects = subjects
        self.lexicon = subjects.lexicon
        self.say = subjects.lexicon.phrases
        self.last = _NOTHING
        self.target: Statement | None = None
        self.base = ""
        self.head = ""
        self.budget = ""
        self.same_sentence = False
        self.brackets: list[tuple[Statement, str, str, str]] = []
        self.recent: list[Statement] = []
        self.wholes: dict[str, str] = {}
        self.names: list[str] = []
        self.listed: list[str] = []
        self.following = 0
        self.lost: Numeral | None = None
        self.numeral: Numeral
        self.fragments: list[str] = []
        self.said: list[Statement] = []

    def read(self, found: list[Numeral]) -> list[Statement]:
        """What is said of the figures among the numerals; those with a reason are only words of the text.

        A figure of which nothing is said that the lexicon knows is left out.
        """
        before = self.context.start
        figures = [n for n in found if n.reason is None and n.start >= before]
        broken = [n.end for n in found if n.reason == "unknown"]
        for at, numeral in enumerate(figures):
            ends = list(self.say.sentence_end.finditer(self.text, before, numeral.start))
            begins = ends[-1].end() if ends else before
            begins = max([begins, *(end for end in broken if end <= numeral.start)])
            self.same_sentence = not ends
            if ends:
                self.base = self.head = ""
                self.recent = []
            pairs = takewhile(self._are_joined, pairwise(figures[at:]))
            self.following = sum(1 for _ in pairs)
            self._leave_brackets(self.text[before : numeral.start])
            statement = self._understand(numeral, begins)
            before = numeral.stop
            self.lost = numeral if statement is None else None
            if statement is None:
                continue
            self.last = statement
            self.said.append(statement)
            self.recent.append(statement)
            if not self.brackets and statement.measure in _WHOLE and not self._is_average(statement):
                self.wholes[numeral.unit] = statement.subject
            if statement.year == self.subjects.year - 1 and statement.of:
                self.base = statement.of
            if "预算" in statement.of and statement.measure == "amount":
                self.budget = statement.of
            if statement.measure == "target":
                self.target = None if self.said[-2:-1] and self.said[-2].measure == "actual" else statement
        return self.said

    def _are_joined(self, pair: tuple[Numeral, Numeral]) -> bool:
        """Whether nothing but a conjunction stands between two figures (28.3%、41.6%和30.0%).

        A comma is one too where the clause says 各 or 分别 and both are of one kind.
        """
        one, other = pair
        if self.say.conjunction.fullmatch(self.text, one.stop, other.start):
            return True
        listed = self.say.listed.fullmatch(self.text, one.stop, other.start)
        far = max(0, one.start - _LONGEST_LIST)
        said = listed and self.say.respectively.search(self.text, far, one.start)
        return bool(said) and one.kind == other.kind

    def _is_average(self, statement: Statement) -> bool:
        """Whether a figure is an average, which is no whole that others are parts of (日均7件)."""
        return self.say.average.search(statement.subject + statement.of) is not None

    def _leave_brackets(self, words: str) -> None:
        """A figure in brackets is an aside: behind them the sentence goes on where it was."""
        opened = 0
        for character in self.say.bracket.findall(words):
            if character in "（(":
                opened += 1
                self.brackets.append((self.last, self.base, self.head, self.budget))
            elif character in "）)" and self.brackets:
                aside = self.brackets.pop()
                if opened:
                    opened -= 1  # opened and closed without a figure
                else:
                    self.last, base, self.head, self.budget = aside
                    self.base = base or self.base

    def _understand(self, numeral: Numeral, begins: int) -> Statement | None:
        words = self.text[begins : numeral.start]
        self.numeral = numeral
        if self.lost and self._are_joined((self.lost, numeral)):
            return None
        if self.last.measure and self._are_joined((self.last.numeral, numeral)):
            return self._coordinated(self.last)
        self.fragments = self.say.fragment.split(words)
        self._look_ahead()
        tail = self.fragments[-1]
        rules = (
            self._base, self._reached, self._against, self._relation, self._target, self._actual,
            self._completion, self._share, self._change, self._changed, self._level, self._plain,
        )  # fmt: skip
        statement = next((s for rule in rules if (s := rule(tail))), None)
        return self._distributed(statement, tail) if statement else None

    def _distributed(self, statement: Statement, tail: str) -> Statement:
        """…分别为100万元、120万元: each of the joined figures has its own subject."""
        count = self.following + 1
        self.names = []
        said = self.say.respectively.search(tail) is not None
        if count == 1 or not (said or len(self.listed) == count):
            return statement
        joined = self.subjects.divided(statement.subject)
        recent = [earlier.subject for earlier in self.recent[-count:]]
        names = next((n for n in (joined, recent, self.listed) if len(set(n)) == count), [])
        if not names:
            return statement
        self.listed = names
        self.names = names[1:]
        return replace(statement, subject=names[0])

    def _coordinated(self, last: Statement) -> Statement:
        """…43.8%和30.3%: the second of two figures of which one thing is said."""
        value = self._value()
        return replace(
            last,
            numeral=self.numeral,
            subject=self.names.pop(0) if self.names else last.subject,
            value=-value if last.value < 0 < value else value,
            year=self.subjects.paired_year(self.fragments[-1]) or last.year,
        )

    def _look_ahead(self) -> None:
        """Words without a figure that later shares and changes lean on: …中，；其中：；与上年相比，."""
        for fragment in self.fragments[:-1]:
            if match := self._compared(fragment):
                self.base = _base_of(match)
            if match := self.say.whole_ahead.fullmatch(fragment):
                self.head = self.subjects.clean(match[1].removeprefix("在"))
        if self.last.measure and any(
            part.endswith("其中") or self.say.head_ahead.fullmatch(part) for part in self.fragments
        ):
            average = self._is_average(self.last) or self.last.measure not in _WHOLE
            whole = self.wholes.get(self.numeral.unit) if average else None
            self.head = whole or self.last.subject

    # One rule for each way of speaking; the first that recognises the words before a figure reads it.

    def _base(self, tail: str) -> Statement | None:
        if self.numeral.kind != "bare" or not self.say.base.search(tail):
            return None
        before = self.subjects.year - 1
        last_year = self.say.base_last_year.search(self.base) or f"{before}年" in self.base
        return self._statement("base", "", self.base, year=before if last_year else None)

    def _reached(self, tail: str) -> Statement | None:
        """…97.15%，较目标值（≥92%）高…, …95.02%，未达到97%的年度指标值: a target behind what was reached."""
        behind = self.say.target_behind.match(self.text, self.numeral.stop)
        match = (self.say.reaching if behind else self.say.against_target).search(tail)
        if match is None or self.last.measure not in _INDICATED or self.last.numeral.kind != self.numeral.kind:
            return None
        if "点" in self.numeral.unit:  # 超过目标值5个百分点
            return None
        named = self.subjects.clean(tail[: match.start()])
        if behind and named and self.say.indicator.search(named):
            return None  # 接通率达到95%的目标 names its own indicator
        self.base = (behind or match)["name"]
        if self.said[-1] is self.last:
            self.last = replace(self.last, measure="actual")
            self.said[-1] = self.recent[-1] = self.last
        sign = match["sign"] or "" if behind is None else ""
        return self._statement("target", "", "", sign=sign, subject=self.last.subject)

    def _against(self, tail: str) -> Statement | None:
        """…比上年决算数6,700万元增加512万元: the base itself, stated."""
        match = self._compared(tail, self.say.against)
        if match is None:
            return None
        self.base = match["base"]
        if self.brackets and tail.endswith(("（", "(")):
            self.brackets.pop()  # the change behind this bracket is against the figure in it
        year = self.subjects.year_of([match["base"]], pair=False)
        return self._statement(self._measure(), tail[: match.start()], self.base, year=year)

    def _relation(self, tail: str) -> Statement | None:
        """…大于预算数12万元, 超过目标值5个百分点."""
        match = self.say.relation.search(tail)
        if match is None:
            return None
        sign = -1 if match["direction"] in self.lexicon.words.less else 1
        about, of = tail[: match.start()], match["of"]
        return self._statement("change", about, of, value=sign * self._value())

    def _target(self, tail: str) -> Statement | None:
        if self.numeral.kind == "money":
            return None
        match = self.say.target.search(tail)
        if match is None:
            contracted = self.say.contracted.search(tail)
            return self._statement("target", contracted["subject"], "") if contracted else None
        own, sign = self.subjects.clean(tail[: match.start()]), match["sign"] or ""
        named = own or self._fragment_before()
        topic = self.context.topic if self.target is None else ""
        if own and own not in topic and not self.say.indicator.search(topic):
            topic = ""
        subject = topic or named
        of = "" if named in subject else named
        return self._statement("target", "", of, sign=sign, subject=subject)

    def _actual(self, tail: str) -> Statement | None:
        if self.numeral.kind == "money":
            return None
        pending = self.target is not None and self.numeral.kind == self.target.numeral.kind
        match = self.say.actual.search(tail)
        if not match and not (pending and self.say.done.search(tail)):
            return None
        if self.target is not None and pending:
            named = "" if match else self.subjects.clean(tail)
            of = self.target.of if self.lexicon.is_weak(named) else named or self.target.of
            return self._statement("actual", "", of, subject=self.target.subject)
        return self._statement("actual", tail[: match.start()] if match else "", "")

    def _completion(self, tail: str) -> Statement | None:
        percent = self.numeral.kind == "percent"
        if match := self.say.completed.search(tail):
            if percent:
                return self._statement("completion_rate", tail[: match.start()], match["budget"])
            if self.numeral.kind == "money" and match["verb"].startswith("完成"):
                self.base = match["budget"]
                return self._statement("amount", tail[: match.start()], match["budget"])
        if not percent:
            return None
        if match := self.say.completion_rate.search(tail):
            own = self.subjects.clean(tail[: match.start()])
            of_last = self.same_sentence and not any(self.fragments[:-1])
            own = own or (self.last.subject if of_last else "") or self.context.topic
            if not own and not self.last.measure:
                own = self.subjects.clean(match[0])
            of = self.budget if self.last.measure == "amount" else ""
            return self._statement("completion_rate", "", of, subject=own)
        done = self.last.measure == "amount" or self.last.subject.startswith("完成")
        if tail == "的" and done:
            return self._statement("completion_rate", "", self.last.of)
        return None

    def _share(self, tail: str) -> Statement | None:
        match = self.say.share.search(tail) if self.numeral.kind == "percent" else None
        if match is None:
            return None
        whole = self.subjects.clean(match["whole"]) or self.head
        return self._statement("share", tail[: match.start()], whole)

    def _change(self, tail: str) -> Statement | None:
        if self.numeral.kind == "percent" and (same := self.say.same.search(tail)):  # 同比-3.2%
            self.base = same[1]
            return self._statement("change_rate", tail[: same.start()], self.base)
        match = self.say.change.search(tail)
        if match is None:
            return None
        prefix = tail[: match.start()]
        if compared := self._compared(prefix):
            self.base = _base_of(compared)
            prefix = prefix[: compared.start()] or prefix[compared.end() :]
        elif self.say.needs_base.fullmatch(match["direction"]) and not self._is_change(
            match["direction"], self.subjects.clean(prefix)
        ):
            return None
        value = self._value()
        if match["direction"] not in self.lexicon.words.up and value > 0:
            value = -value
        of_rate = "幅" in match["direction"] + match["how"] and self.last.measure == "rate"
        points = "百分点" in self.numeral.unit or of_rate
        rate = (self.numeral.kind == "percent" and not points) or self.numeral.unit == "倍"
        return self._statement("change_rate" if rate else "change", prefix, self.base, value=value)

    def _is_change(self, direction: str, about: str) -> bool:
        """Whether a word of one character says a change: 比上年增5万元, 经费增5万元, but not 劲增5万元."""
        if about:
            return direction in _SHORT and self.say.of_noun.search(about) is not None
        return bool(self.base)

    def _changed(self, tail: str) -> Statement | None:
        """压减会议费0.6万元: what changed, behind the word for it."""
        match = self.say.changed.fullmatch(self.subjects.clean(tail))
        if match is None or self.numeral.kind != "money":
            return None
        value = self._value()
        sign = 1 if match["direction"] in self.lexicon.words.up else -1
        return self._statement("change", match["about"], "", value=sign * value)

    def _level(self, tail: str) -> Statement | None:
        match = self.say.level.search(tail) or self.say.from_level.search(tail)
        if match is None:
            return None
        when = match["when"].removesuffix("的")
        year = self.subjects.year_of([when], pair=False)
        return self._statement(self._measure(), tail[: match.start()], when, year=year)

    def _plain(self, tail: str) -> Statement | None:
        measure = self._measure()
        noun = self.subjects.noun_behind(self.text, self.numeral.stop) if measure == "count" else ""
        if not noun and self.say.unclear.search(self.subjects.clean(tail)):
            return None
        if measure != "count":
            return self._statement(measure, tail, "")
        if self.numeral.unit in self.lexicon.words.rank and self.say.rank.search(tail):
            return self._statement("rank", tail.removesuffix("第"), "")
        return self._statement(measure, self.subjects.clean(tail) + noun, "")

    def _statement(
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
            value=self._value() if value is None else value,
            subject=resolved,
            of=of or label or (own if self.lexicon.is_weak(own) else ""),
            year=year or self._year(),
            sign=sign,
        )

    def _resolved(self, subject: str, named: bool) -> str:
        """A subject that stands by itself: what a clause leaves open is the topic or the subject before."""
        words = self.lexicon.words
        of_head = subject in words.of_part or subject in words.staff
        label = self.head if of_head else self.context.label
        if subject and not self.lexicon.is_weak(subject):
            return f"{label}/{subject}" if label and label not in subject else subject
        earlier, topic = self.last.subject, self.context.topic
        # 年初预算为…，支出决算为…: two amounts of one subject
        paired = self.same_sentence and bool(self.last.of)
        inherited = (topic or earlier) if named and not paired else (earlier or topic)
        if not named:  # …与上年持平，均为0万元
            inherited = self._compared_before() or inherited
        section = topic_of(self.context.section, self.say)
        return inherited or self._fragment_before() or section or subject

    def _compared_before(self) -> str:
        """What the clause before compares with another year or says to be the same."""
        fragment = self.fragments[-2] if len(self.fragments) > 1 else ""
        match = self._compared(fragment)
        return self.subjects.split(fragment[: match.start()])[0] if match else ""

    def _fragment_before(self) -> str:
        for fragment in reversed(self.fragments[:-1]):
            subject = "" if self._compared(fragment) else self.subjects.clean(fragment)
            if subject and not self.lexicon.is_weak(subject):
                return subject
        return ""

    def _year(self) -> int | None:
        """The year that the words state for the figure; not the one that it is compared with."""
        if not any("年" in fragment for fragment in self.fragments):
            return None
        pair = self.say.coordinated.match(self.text, self.numeral.stop) is not None
        compared = self.say.compared
        own = [compared.sub("", part) if self._compared(part) else part for part in self.fragments]
        return self.subjects.year_of(own, pair)

    def _compared(self, words: str, phrase: re.Pattern[str] | None = None) -> re.Match[str] | None:
        """What a clause compares with (比上年决算数, 与2022年度相比, 同比)."""
        if self.lexicon.words.comparing.isdisjoint(words):
            return None
        return (phrase or self.say.compared).search(words)

    def _measure(self) -> str:
        """What a figure with its kind of unit is, where the words don't say more."""
        return _MEASURES.get(self.numeral.kind, self.numeral.kind)

    def _value(self) -> Decimal:
        return number(self.text[self.numeral.start : self.numeral.end])


def _base_of(match: re.Match[str]) -> str:
    return match["base"] or match["with"] or match["same"]
