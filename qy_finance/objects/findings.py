"""The contradictions of a report, as a sequence that shows itself as cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, overload

from qy_finance.analysis.reconciliation import check
from qy_finance.analysis.reconciliation_breaks import Break, breaks
from qy_finance.analysis.reconciliation_story import cards
from qy_finance.cards import as_html, as_text

if TYPE_CHECKING:
    from qy_finance.report import Report


_NONE: Final = "没有一处不符。"


class Findings(Sequence[Break]):
    """The contradictions of a report; made by :meth:`qy_finance.report.Report.findings`.

    The gravest first: figures that contradict each other, then words, then the report of the year before. An item
    is a :class:`~qy_finance.analysis.reconciliation_breaks.Break`, a slice is of its own kind.
    """

    def __init__(self, found: Sequence[Break]) -> None:
        self._found = tuple(found)

    @overload
    def __getitem__(self, at: int) -> Break: ...
    @overload
    def __getitem__(self, at: slice) -> Findings: ...
    def __getitem__(self, at: int | slice) -> Break | Findings:
        return Findings(self._found[at]) if isinstance(at, slice) else self._found[at]

    def __len__(self) -> int:
        return len(self._found)

    def _repr_html_(self) -> str:
        return as_html(cards(self)) or f"<p>{_NONE}</p>"

    def __repr__(self) -> str:
        return f"<Findings: {len(self)}>"

    def __str__(self) -> str:
        return as_text(cards(self)) or _NONE


def findings(report: Report, previous: Report | None) -> Findings:
    """The contradictions of a report; see :meth:`qy_finance.report.Report.findings`."""
    return Findings(breaks(check(report, previous)))
