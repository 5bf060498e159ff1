"""Budget against account (预决算差异): what was planned, what was spent, and what the report says of the difference."""

from __future__ import annotations

from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.execution import STAGES, Execution
from qy_finance.analysis.given import give_reasons
from qy_finance.analysis.plans import Plans
from qy_finance.checks import CheckSet
from qy_finance.checks.model import STATUSES, Status
from qy_finance.contract import CONTRACT, columns
from qy_finance.numbers import Number

_OF_RATES: Final = ("prose.completion", "prose.zero_budget", "prose.growth", "prose.zero_base")
_WORST: Final = (Status.BREAK, Status.TAIL, Status.EXACT)


def executions(checks: CheckSet) -> list[Execution]:
    """Everything that the report states a budget of, in the order of the report."""
    rows = Plans(checks).rows
    give_reasons(checks, rows)
    return rows


def verdict(checks: CheckSet, row: Execution) -> Status | None:
    """Whether its printed rates agree with its amounts, as the checks find; None where none were compared."""
    rates = [row.completion, *row.rates.values()]
    found = {
        check.status
        for rate in rates
        if rate is not None
        for check in checks.involving(rate)
        if check.identity.id in _OF_RATES
    }
    return next((status for status in _WORST if status in found), None)


def budget_frame(checks: CheckSet) -> pd.DataFrame:
    """One row for each; see :meth:`qy_finance.report.Report.budget`."""
    kinds = columns("budget") | {"figures": "object"}
    rows = [_cells(checks, row) for row in executions(checks)]
    frame = framed(([row[name] for name in kinds] for row in rows), kinds, kinds)
    frame.attrs["contract"] = CONTRACT
    return frame


def _cells(checks: CheckSet, row: Execution) -> dict[str, object]:
    place = row.place
    assert place is not None, "a row is made of the figure that says its budget"
    line, rate = checks.reading.document.line_at(place.figure.start), row.completion
    found = verdict(checks, row)
    cells: dict[str, object] = {
        "kind": row.kind, "fund": row.fund, "code": row.code, "item": row.item,
        "money_unit": checks.ledger.unit,
        "final": _float(row.final), "final_basis": None if row.final is None else "printed",
        "against": row.against, "deviation": _float(row.deviation),
        "completion_rate": float(rate.figure.value) if rate else None,
        "completion_of": row.completion_of, "verdict": found and STATUSES[found],
        "doubted": any(fact.row in checks.doubted for fact in row.figures),
        "reason": row.reason or None, "figures": tuple(fact.id for fact in row.figures),
        "page": line.page, "line": line.number,
        "start": place.figure.start, "end": place.figure.end,
    }  # fmt: skip
    for stage in STAGES:
        number, derived = row.plans.get(stage), stage in row.derived
        basis = None if number is None else "derived" if derived else "printed"
        cells |= {
            stage: _float(number),
            f"{stage}_basis": basis,
            f"{stage}_low": float(number.low) if number is not None and derived else None,
            f"{stage}_high": float(number.high) if number is not None and derived else None,
        }
    return cells


def _float(number: Number | None) -> float | None:
    return None if number is None else float(number)
