"""What the sentences of a paragraph said so far, on which its later clauses lean."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from qy_finance.form import Lexicon
from qy_finance.narrative.numerals import Numeral

WHOLE = frozenset({"amount", "count"})
"""The measures of what has parts."""


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


_OF_SUM = frozenset({"change", "change_rate", "completion_rate"})
NOTHING = Statement(Numeral(0, 0, 0, "", "", None), "", Decimal(0), "")


@dataclass(slots=True)
class Said:
    """The statements of a paragraph in order, and what is carried over from one to the next.

    ``last`` is the statement that a clause goes on from, ``recent`` are those of its sentence. ``base`` is what
    changes are against; ``head`` is what shares are of, and ``part`` what has the share that follows; ``budget`` is
    what was planned; ``target`` waits for what was reached, and ``beyond`` says by which word it was passed;
    ``alone`` is the year at the head of the sentence; ``wholes`` are the last sums by their unit.
    """

    lexicon: Lexicon
    year: int
    statements: list[Statement] = field(default_factory=list)
    last: Statement = NOTHING
    recent: list[Statement] = field(default_factory=list)
    target: Statement | None = None
    base: str = ""
    head: str = ""
    part: str = ""
    beyond: str = ""
    budget: str = ""
    same_sentence: bool = False
    alone: int | None = None
    brackets: list[tuple[Statement, str, str, str]] = field(default_factory=list)
    wholes: dict[str, str] = field(default_factory=dict)

    def begin_sentence(self, goes_on: bool) -> None:
        """Forget what only holds within a sentence; one that opens with 其中 goes on with that before."""
        self.head = self.part = ""
        if not goes_on:
            self.base, self.alone = "", None
        self.recent = []

    def add(self, statement: Statement) -> None:
        """Go on from a statement."""
        reached = self.last.measure == "actual" and self.last.subject == statement.subject
        self.last = statement
        self.statements.append(statement)
        self.recent.append(statement)
        if not self.brackets and statement.measure in WHOLE and not self._is_average(statement):
            numeral = statement.numeral
            self.wholes[numeral.unit] = self.wholes[numeral.kind] = statement.subject
        if statement.year == self.year - 1 and statement.of:
            self.base = statement.of
        if "预算" in statement.of and statement.measure == "amount":
            self.budget = statement.of
        if statement.measure == "target":
            self.target = None if reached else statement

    def is_reached(self, target: str) -> None:
        """The last statement is what was reached of the target that follows it; changes are against that."""
        self.base = target
        reached = replace(self.last, measure="actual")
        for statements in (self.statements, self.recent):
            at = next((n for n, one in enumerate(reversed(statements)) if one is self.last), None)
            if at is not None:
                statements[-1 - at] = reached
        self.last = reached
        if self.brackets:
            self.brackets[-1] = (reached, target, self.head, self.budget)

    def whole(self, numeral: Numeral) -> str:
        """What 其中 speaks of: the subject before, or the last sum of its unit where that is none (日均7件)."""
        if self.last.measure in WHOLE and not self._is_average(self.last):
            return self.last.subject
        whole = self.wholes.get(numeral.unit) or self.wholes.get(numeral.kind)
        return whole or (self.last.subject if self.last.measure in _OF_SUM else "")

    def leave_brackets(self, words: str) -> None:
        """A figure in brackets is an aside: behind them the sentence goes on where it was."""
        opened = 0
        for character in self.lexicon.phrases.bracket.findall(words):
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

    def _is_average(self, statement: Statement) -> bool:
        average = self.lexicon.phrases.average
        return average.search(statement.subject + statement.of) is not None
