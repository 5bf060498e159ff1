"""How sure we are of a report: which share of its relations was checked, of its numerals understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from qy_finance.analysis import once
from qy_finance.checks import CheckSet
from qy_finance.checks.knowledge import prose_data
from qy_finance.checks.model import Check, Status
from qy_finance.checks.quantities import is_budget
from qy_finance.frames import unclaimed

NOT_UNDERSTOOD: Final = frozenset(
    {"unknown", "unread table", "unread cell", "overlapping text", "odd size", "covered"}
)
"""Reasons of :meth:`qy_finance.report.Report.unclaimed` of numerals that nobody understood."""

ENOUGH: Final = 0.8
"""The share of the relations below which a report without a break is not said to have none."""

_RUN: Final = frozenset({Status.EXACT, Status.TAIL, Status.BREAK})
_WITH_TABLES: Final = "表文"
_ALONE: Final = "prose.alone"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counted."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share; 1 of nothing."""
        return self.part / self.whole if self.whole else 1.0

    @property
    def percent(self) -> str:
        """In percent with one decimal, or none: only all of it is 100%."""
        tenths = self.part * 1000 // self.whole if self.whole else 1000
        return f"{tenths / 10:g}%"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a report was checked, tied and understood.

    Attributes
    ----------
    identities : Share
        Of the relations (勾稽关系) that the form and the sentences have and that apply, those that were held at least
        once: a missing table leaves all of its own out.
    checks : Share
        Of their applications to figures, those that were held; what lacks an operand counts against it.
    items : Share
        Of the amounts of this year that the prose states for sums, accounts and “三公”经费, budgets left out, those
        that were tied to their cell of a table.
    numerals : Share
        Of all numerals of the document, those that were understood: figures, and those of which it is known why they
        are none.
    """

    identities: Share
    checks: Share
    items: Share
    numerals: Share

    @property
    def shares(self) -> dict[str, Share]:
        """All of them by name."""
        return {name: getattr(self, name) for name in ("identities", "checks", "items", "numerals")}

    @property
    def is_thin(self) -> bool:
        """Whether so little was checked that no break says little."""
        return not self.checks.part or min(self.identities.value, self.numerals.value) < ENOUGH


@once
def coverage(checks: CheckSet) -> Coverage:
    """How much of a report was checked; the one place that counts it."""
    apply = [one for one in checks.made if one.status is not Status.NOT_APPLICABLE]
    kinds = {one.identity.id for one in apply} - {_ALONE}
    held = {one.identity.id for one in apply if one.status in _RUN}
    rows = [one.status for one in checks.counted if one.status is not Status.NOT_APPLICABLE]
    return Coverage(
        Share(len(held), len(kinds)),
        Share(sum(status in _RUN for status in rows), len(rows)),
        _items(checks),
        _numerals(checks),
    )


def _items(checks: CheckSet) -> Share:
    elsewhere = prose_data().headings.elsewhere
    stated = {
        fact.row
        for fact in checks.ledger.amounts()
        if not (is_budget(fact) or elsewhere.search(fact.scope))
    }
    tied = {
        fact.row
        for one in checks.made
        if isinstance(one, Check) and one.identity.group == _WITH_TABLES and one.status in _RUN
        for fact in one.rule.operands
    }
    return Share(len(stated & tied), len(stated))


def _numerals(checks: CheckSet) -> Share:
    reasons: Iterable[str] = unclaimed(checks.reading)["reason"]
    others = list(reasons)
    whole = len(checks.reading.facts) + len(others)
    return Share(whole - sum(reason in NOT_UNDERSTOOD for reason in others), whole)
