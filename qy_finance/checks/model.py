"""What a check is: an identity, the figures that it is applied to, and how it came out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, NamedTuple, Protocol

from attrs import frozen

from qy_finance.checks.sentence import Sentence
from qy_finance.contract import LISTS
from qy_finance.facts import Fact
from qy_finance.numbers import Span


class Status(StrEnum):
    """How a check came out."""

    EXACT = "exact"
    TAIL = "tail"
    BREAK = "break"
    NOT_RUN = "not_run"
    NOT_APPLICABLE = "n/a"


_SEVERITIES: Final = {name: meaning.split()[0] for name, meaning in LISTS["severity"].items()}
KINDS: Final = {
    "figures": _SEVERITIES["error"],
    "words": _SEVERITIES["warning"],
    "years": "与上年不符",
}
"""What a contradiction is of: figures; what words say; this year's report and the last. The same names everywhere."""
YEARS: Final = "年度间"
"""The group of identities that compare years."""

STATUSES: Final = {status: meaning.split()[0] for status, meaning in LISTS["status"].items()}
"""Chinese name of each status."""

ANY: Final = Span(Decimal("-Infinity"), Decimal("Infinity"))


Sign = Literal["=", "≤", "<"]


class Outcome(NamedTuple):
    """What a check found: both sides, what separates them, and how much of that rounding explains."""

    status: Status
    lhs: Decimal | None = None
    rhs: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None


class Relation(Protocol):
    """A relation between figures."""

    @property
    def operands(self) -> Sequence[Fact]:
        """The figures involved."""

    @property
    def said(self) -> Sentence | str:
        """The words that are at stake; empty where none are."""

    @property
    def outcome(self) -> Outcome:
        """Whether the relation holds."""

    def wanted(self, fact: Fact) -> Span | None:
        """The printed values of one figure with which the relation would hold, the others as they are.

        None where no value would, or where the relation is not one of numbers.
        """

    def formula(self) -> Sentence:
        """The relation with its figures, to be read."""


@frozen
class Identity:
    """A documented rule that figures keep (勾稽关系).

    Attributes
    ----------
    id : str
        Stable name.
    group : str
        表内, 表间, 表文, 文字, 用语 or 年度间.
    purpose, formula, requires : str
        In Chinese: what it means, the relation, and the facts without which it can't be applied.
    severity : str
        Of a break: ``error`` for figures that contradict each other, ``warning`` for words.
    broken : tuple of str
        What a break of it is called, the first wording that fits; see :mod:`qy_finance.checks.headings`.
    by : str
        The modules of the checks that evaluate it; empty where it is all data.
    """

    id: str
    group: str
    purpose: str
    formula: str
    requires: str
    severity: str = "error"
    broken: tuple[str, ...] = ()
    by: str = ""

    @property
    def kind(self) -> str:
        """What a break of it is, of :data:`KINDS`."""
        if self.group == YEARS:
            return "years"
        return "figures" if self.severity == "error" else "words"


class Check:
    """One application of an identity to figures at a place, and how it came out.

    ``explains`` are other checks that break because this one does; ``claim`` is where in ``Report.text`` the words
    stand that are at stake.
    """

    def __init__(
        self,
        identity: Identity,
        place: str,
        rule: Relation,
        explains: tuple[Check, ...] = (),
        claim: int | None = None,
    ) -> None:
        self.identity, self.place, self.rule, self.explains = identity, place, rule, explains
        self.claim = claim
        self.outcome = rule.outcome

    @property
    def id(self) -> str:
        """Identity and place."""
        return f"{self.identity.id}:{self.place}" if self.place else self.identity.id

    @property
    def status(self) -> Status:
        """How it came out."""
        return self.outcome.status

    @property
    def unit(self) -> str:
        """The unit of both sides: %, 万元, of counts the single thing; empty for words."""
        return next((fact.unit for fact in self.rule.operands if fact.is_printed), "")


@dataclass(frozen=True)
class NotRun:
    """An identity that could not be applied, and the fact that is missing.

    Where ``rule`` is given, its figures do not agree, but may not be what they are taken for: ``missing`` is why.
    """

    identity: Identity
    place: str
    missing: str
    status: Status = Status.NOT_RUN
    rule: Relation | None = None

    @property
    def id(self) -> str:
        """Identity and place."""
        return f"{self.identity.id}:{self.place}" if self.place else self.identity.id


def doubted(check: Check, why: str) -> NotRun:
    """A check that breaks, where the figures may not be what they are taken for: no accusation, but the reason."""
    return NotRun(check.identity, check.place, why, rule=check.rule)
