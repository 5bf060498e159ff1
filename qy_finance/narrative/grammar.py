"""How final accounts speak of figures: each figure of a paragraph with what the sentence says of it.

A figure is understood from the words between it and the figure before (:class:`Clause`). They say what is measured
(the subject), in which way (amount, change, share, completion, target, …; ``ways.py``) and against what (the base
or the whole). What a clause leaves out (…，下降26.2%；完成预算1.89万元的100%) is carried over from the clause
before (:class:`Said`).
"""

from __future__ import annotations

from dataclasses import replace

from qy_finance.narrative.clause import Clause
from qy_finance.narrative.numerals import Numeral
from qy_finance.narrative.said import Said, Statement
from qy_finance.narrative.sections import Context, topic_of
from qy_finance.narrative.subjects import Subjects
from qy_finance.narrative.ways import WAYS

_LONGEST_LIST = 60


class Grammar:
    """Reads the figures of one paragraph in order, carrying over what clauses leave out."""

    def __init__(self, text: str, context: Context, subjects: Subjects) -> None:
        self.text = text
        self.context = context
        self.subjects = subjects
        self.say = subjects.lexicon.phrases
        self.said = Said(subjects.lexicon, subjects.year)
        self.names: list[str] = []  # of the figures of a list that follow
        self.wholes: list[str] = []  # of their shares, where each is of another
        self.listed: list[str] = []  # of all figures of the list before
        self.lost: Numeral | None = None  # the figure before, if it was not understood
        self.tail = ""

    def read(self, found: list[Numeral]) -> list[Statement]:
        """What is said of the figures among the numerals; those with a reason are only words of the text.

        A figure of which the words say what the lexicon does not know is left out.
        """
        before = begins = self.context.start
        broken = -1  # where a numeral that is not understood ends
        figures = [n for n in found if n.start >= before and n.reason in (None, "unknown")]
        following = self._following(figures)
        for numeral, others in zip(figures, following, strict=True):
            if numeral.reason is not None:
                begins = broken = numeral.end  # no word before it speaks of what follows
                continue
            ends = None
            for ends in self.say.sentence_end.finditer(self.text, before, numeral.start):
                begins = max(begins, ends.end())
            self.said.same_sentence = ends is None
            if ends is not None:
                goes_on = self.say.of_sum.match(self.text, ends.end()) is not None
                self.said.begin_sentence(goes_on)
            self.said.leave_brackets(self.text[before : numeral.start])
            statement = self._understand(numeral, begins, others)
            if statement and begins == broken and self._is_inherited(statement):
                statement = None
            before = begins = numeral.stop
            if statement is not None and numeral.kind == "count":
                begins = self._behind_noun(statement, begins)
            self.lost = numeral if statement is None else None
            if statement is not None:
                self.said.add(statement)
        return self.said.statements

    def _behind_noun(self, statement: Statement, stop: int) -> int:
        """Where the noun that a count counts ends, if what follows is listed behind it: 4个批次、出国17人次."""
        noun = self.subjects.noun_behind(self.text, stop)
        counted = noun and statement.subject.endswith(noun) and self.text.startswith(noun, stop)
        listed = counted and self.say.listed.match(self.text, stop + len(noun))
        return stop + len(noun) if listed else stop

    def _following(self, figures: list[Numeral]) -> list[int]:
        """How many figures are joined to each, behind it."""
        counts = [0] * len(figures)
        for at in range(len(figures) - 2, -1, -1):
            if self._are_joined(figures[at], figures[at + 1]):
                counts[at] = counts[at + 1] + 1
        return counts

    def _are_joined(self, one: Numeral, other: Numeral) -> bool:
        """Whether nothing but a conjunction stands between two figures (28.3%、41.6%和30.0%).

        A comma is one too where the clause says 各 or 分别 and both are of one kind.
        """
        if self.say.conjunction.fullmatch(self.text, one.stop, other.start):
            return True
        if one.kind != other.kind or not self.say.listed.fullmatch(
            self.text, one.stop, other.start
        ):
            return False
        far = max(0, one.start - _LONGEST_LIST)
        return self.say.respectively.search(self.text, far, one.start) is not None

    def _understand(self, numeral: Numeral, begins: int, others: int) -> Statement | None:
        last = self.said.last
        if self.lost and self._are_joined(self.lost, numeral):
            return None
        clause = Clause(self.text, begins, numeral, self.said, self.context, self.subjects)
        if last.measure and self._are_joined(last.numeral, numeral):
            return self._coordinated(clause, last)
        clause.look_ahead()
        self.tail = clause.tail
        if torn := clause.torn():
            self.said.last = torn  # what follows is of the same
            return None
        statement = next((said for way in WAYS if (said := way(clause))), None)
        return self._distributed(statement, others + 1) if statement else None

    def _distributed(self, statement: Statement, count: int) -> Statement:
        """…分别为100万元、120万元: each of the joined figures has its own subject."""
        self.names, self.wholes = [], []
        told = self.say.respectively.search(self.tail) is not None
        if count == 1 and told and statement.measure == "change":
            return self._of_both(statement)
        if count == 1 or not (told or len(self.listed) == count):
            return statement
        wholes = self.subjects.divided(statement.of) if statement.measure == "share" else []
        if told and len(wholes) == count:
            self.wholes = wholes[1:]
            return replace(statement, of=wholes[0])
        joined = self.subjects.divided(statement.subject)
        recent = [earlier.subject for earlier in self.said.recent[-count:]]
        names = next((n for n in (joined, recent, self.listed) if len(set(n)) == count), [])
        if not names:
            return statement
        self.listed = names
        self.names = names[1:]
        return replace(statement, subject=names[0])

    def _is_inherited(self, statement: Statement) -> bool:
        """Whether the words before a figure don't name what it is about."""
        section = topic_of(self.context.section, self.say)
        return statement.subject in (self.said.last.subject, self.context.topic, section, "")

    def _of_both(self, statement: Statement) -> Statement:
        """收入总计5万元，支出总计5万元，…各增加1万元: the change of the last two amounts, where both are alike."""
        one, other = (*self.said.recent[-2:], None, None)[:2]
        if one is None or other is None or statement.subject != other.subject:
            return statement
        alike = (one.measure, one.value, one.numeral.unit) == (
            other.measure,
            other.value,
            other.numeral.unit,
        )
        both = f"{one.subject}、{other.subject}"
        return (
            replace(statement, subject=both)
            if alike and one.subject != other.subject
            else statement
        )

    def _coordinated(self, clause: Clause, last: Statement) -> Statement:
        """…43.8%和30.3%: the second of two figures of which one thing is said."""
        value = clause.value
        return replace(
            last,
            numeral=clause.numeral,
            subject=self.names.pop(0) if self.names else last.subject,
            of=self.wholes.pop(0) if self.wholes else last.of,
            value=-value if last.value < 0 < value else value,
            year=self.subjects.paired_year(self.tail) or last.year,
        )
