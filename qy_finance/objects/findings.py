"""The contradictions of a report, as a sequence that shows itself as cards."""

from __future__ import annotations

from collections import UserList
from typing import Final

from qy_finance.analysis.findings import Break, breaks
from qy_finance.cards import as_html, as_text
from qy_finance.checks import CheckSet
from qy_finance.text.reconciliation import cards

_NONE: Final = "没有一处不符。"


class Contradiction(Break):
    """A contradiction that shows itself as a card."""

    def _repr_html_(self) -> str:
        return as_html(cards([self]))

    def __str__(self) -> str:
        return as_text(cards([self]))


class Findings(UserList[Contradiction]):
    """The contradictions of a report; made by :meth:`qy_finance.report.Report.findings`.

    The gravest first: figures that contradict each other, then words, then the report of the year before. An item
    is a :class:`~qy_finance.analysis.findings.Break`, a slice is of its own kind.
    """

    def _repr_html_(self) -> str:
        return as_html(cards(self)) or f"<p>{_NONE}</p>"

    def __repr__(self) -> str:
        return f"<Findings: {len(self)}>"

    def __str__(self) -> str:
        return as_text(cards(self)) or _NONE


def findings(checks: CheckSet) -> Findings:
    """The contradictions of a report; see :meth:`qy_finance.report.Report.findings`."""
    return Findings(Contradiction(**vars(one)) for one in breaks(checks))
