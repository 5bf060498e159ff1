"""Reconciliation (勾稽): identities as data, one engine that evaluates them, and the figure that is wrong.

Data flows one way: a report's figures (:mod:`ledger`), checks of cells, of amounts in the prose, of statements,
families of figures, words and causes, then the findings (:mod:`diagnose`) and the frame (:mod:`results`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pandas as pd

from qy_finance.checks.causes import cause_checks
from qy_finance.checks.cells import table_checks
from qy_finance.checks.diagnose import findings
from qy_finance.checks.families import family_checks
from qy_finance.checks.identities import rules
from qy_finance.checks.ledger import Ledger, is_money
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.moves import moves
from qy_finance.checks.passages import passages
from qy_finance.checks.precision import as_computed
from qy_finance.checks.quantities import place, quantity_checks
from qy_finance.checks.results import frame
from qy_finance.checks.shares import share_checks
from qy_finance.checks.statements import statement_checks
from qy_finance.checks.wording import wording_checks
from qy_finance.checks.years import year_checks
from qy_finance.errors import NotConsecutiveError

if TYPE_CHECKING:
    from qy_finance.report import Report


ALONE: Final = rules()["prose.alone"]


def all_checks(report: Report, previous: Report | None = None) -> list[Check | NotRun]:
    """Every check of a report, and against the report of the year before, in the order of the identities."""
    ledger = report._ledger
    moved = moves(ledger)
    found = passages(ledger)
    checks = [
        *table_checks(ledger),
        *quantity_checks(ledger),
        *as_computed((*statement_checks(ledger, moved), *share_checks(ledger))),
        *family_checks(ledger),
        *wording_checks(ledger, found, moved),
        *cause_checks(ledger, found, moved),
    ]
    if previous is not None:
        _consecutive(report, previous)
        checks.extend(year_checks(ledger, moved, previous._ledger))
    return [*checks, *_alone(ledger, checks)]


def _alone(ledger: Ledger, checks: list[Check | NotRun]) -> Iterator[NotRun]:
    """The amounts and percentages of the prose that no check holds against another figure."""
    held = {o.row for check in checks if isinstance(check, Check) for o in check.rule.operands}
    told = {check.place for check in checks if isinstance(check, NotRun)}
    for operand in ledger.prose:
        counted = is_money(operand.figure) or operand.is_percent
        if counted and operand.row not in held and place(operand) not in told:
            yield NotRun(ALONE, place(operand), "有关的另一数字")


def check(report: Report, previous: Report | None = None) -> pd.DataFrame:
    """Every check of a report as a frame; see :meth:`qy_finance.report.Report.check`."""
    return frame(all_checks(report, previous))


def _consecutive(report: Report, previous: Report) -> None:
    meta, before = report.meta, previous.meta
    wanted = meta["unit"], int(str(meta["year"])) - 1, meta["scope"]
    found = before["unit"], before["year"], before["scope"]
    if wanted != found:
        raise NotConsecutiveError(
            str(before["file"]), "report", " ".join(map(str, wanted)), " ".join(map(str, found))
        )


def doubtful(report: Report) -> set[int]:
    """Rows of ``observations`` that may be read wrongly, for tables contradict each other or themselves.

    The figure that is wrong where the others determine it, otherwise every figure of what does not come out.
    """
    checks = [check for check in table_checks(report._ledger) if isinstance(check, Check)]
    rows: set[int] = set()
    for finding in findings(checks):
        suspects = [finding.culprit] if finding.culprit else finding.check.rule.operands
        rows.update(operand.row for operand in suspects)
    return rows
