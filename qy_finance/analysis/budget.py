"""Budget against account (预决算差异): what was planned, what was spent, and what the report says of the difference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd

from qy_finance.analysis import once
from qy_finance.analysis.accounts import APPROPRIATION, FUNDS, SPENT, framed
from qy_finance.analysis.execution import STAGES, Execution, Stage
from qy_finance.analysis.given import give_reasons
from qy_finance.analysis.plans import Plans
from qy_finance.checks import CheckSet
from qy_finance.checks.ledger import Passage
from qy_finance.checks.model import STATUSES, Status
from qy_finance.contract import CONTRACT, columns
from qy_finance.facts import Fact
from qy_finance.numbers import Number, total

GENERAL: Final = "general_budget_expenditure"

_OF_RATES: Final = ("prose.completion", "prose.zero_budget", "prose.growth", "prose.zero_base")
_WORST: Final = (Status.BREAK, Status.TAIL, Status.EXACT)


@once
def executions(checks: CheckSet) -> list[Execution]:
    """Everything that the report states a budget of, in the order of the report."""
    rows = Plans(checks).rows
    give_reasons(checks, rows)
    return rows


@once
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


@once
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
        if row.worded and stage == "initial":
            basis = "worded"
        cells |= {
            stage: _float(number),
            f"{stage}_basis": basis,
            f"{stage}_low": float(number.low) if number is not None and derived else None,
            f"{stage}_high": float(number.high) if number is not None and derived else None,
        }
    return cells


def _float(number: Number | None) -> float | None:
    return None if number is None else float(number)


@dataclass(frozen=True)
class Whole:
    """All that is known of together: what was planned of it and what was spent, and the rows that it is the sum of."""

    name: str
    stage: Stage
    planned: Number
    final: Number
    parts: tuple[Execution, ...]

    @property
    def beyond(self) -> Number:
        """What was spent beyond the budget; of a single row as that has it."""
        own = self.parts[0] if len(self.parts) == 1 else None
        stated = own.deviation if own is not None and own.against == self.stage else None
        return self.final - self.planned if stated is None else stated

    @property
    def derived(self) -> bool:
        """Whether a budget in it is implied, not printed."""
        return any(self.stage in row.derived for row in self.parts)

    def holds(self, row: Execution) -> bool:
        """Whether an account is part of it."""
        return any(part.kind == "total" or part.fund == row.fund for part in self.parts)


class Budget:
    """What notebook 07 tells of a report; ``rows`` are those of ``Report.budget()``, in its order."""

    def __init__(self, checks: CheckSet) -> None:
        self.checks, self.unit = checks, checks.ledger.unit
        self.rows = executions(checks)

    def of(self, *kinds: str) -> list[Execution]:
        """The rows of some kinds."""
        return [row for row in self.rows if row.kind in kinds]

    def at(self, index: Iterable[int]) -> list[Execution]:
        """The rows that have these indices in ``Report.budget()``, in their order."""
        return [self.rows[at] for at in index]

    @cached_property
    def whole(self) -> Whole | None:
        """The widest sum of which a budget is known, the initial one if there is any.

        A stated total; else all funds that were spent of, if a budget of each is stated; else the first fund.
        """
        for stage in STAGES:
            known = [row for row in self.of("total", "fund") if self._has(row, stage)]
            totals = [row for row in known if row.kind == "total"]
            funds = [row for row in known if row.kind == "fund"]
            spent = {fund for fund in FUNDS if self._spent(fund)}
            if totals:
                return _single(totals[0], stage)
            if len(funds) > 1 and spent and spent <= {row.fund for row in funds}:
                return self._together(funds, stage)
            if funds:
                return _single(funds[0], stage)
        return None

    @staticmethod
    def _has(row: Execution, stage: Stage) -> bool:
        return stage in row.plans and row.final is not None

    @cached_property
    def beside(self) -> list[Fact]:
        """What was spent of funds that are no part of :attr:`whole`: of their sums no budget is stated."""
        whole = self.whole
        if whole is None or any(part.kind == "total" for part in whole.parts):
            return []
        known = {part.fund for part in whole.parts}
        return [spent for fund in FUNDS if fund not in known and (spent := self._spent(fund))]

    def _spent(self, fund: str) -> Fact | None:
        cell = self.checks.reading.cell(APPROPRIATION, SPENT, fund, side="支出")
        return cell if cell is not None and cell.value else None

    def _together(self, funds: list[Execution], stage: Stage) -> Whole:
        planned, final = (
            total(numbers)
            for numbers in (
                [row.plans[stage] for row in funds],
                [row.final for row in funds if row.final is not None],
            )
        )
        cell = self.checks.reading.cell(APPROPRIATION, SPENT, "合计", side="支出")
        if cell is not None and cell.compared.meets(final):
            final = cell.compared
        return Whole("财政拨款支出", stage, planned, final, tuple(funds))

    @cached_property
    def unplanned(self) -> list[Execution]:
        """What was spent though the budget was zero: funds, and accounts, each largest first; no account twice."""
        found = [row for row in self.of("fund", "account") if row.unplanned]
        codes = [row.code for row in found if row.code]
        rows = [row for row in found if not _has_part(row.code, codes)]
        return sorted(rows, key=lambda row: (row.kind != "fund", -(row.final or 0)))

    @cached_property
    def unsaid(self) -> list[str]:
        """The accounts (项) of the general budget's table of which no budget is stated."""
        sheet = self.checks.ledger.sheets.get(GENERAL)
        known = {row.code for row in self.rows}
        rows = sheet.rows if sheet else ()
        return [
            row.item for row in rows if row.code and len(row.code) > 5 and row.code not in known
        ]

    def verdict(self, row: Execution) -> Status | None:
        """Whether its printed rates agree with its amounts, as the checks find."""
        return verdict(self.checks, row)

    @property
    def passages(self) -> list[Passage]:
        """The paragraphs that state budgets."""
        own = {fact.row for row in self.rows for fact in row.figures}
        return [one for one in self.checks.passages if any(o.row in own for o in one.operands)]


def _single(row: Execution, stage: Stage) -> Whole:
    assert row.final is not None
    return Whole(row.item, stage, row.plans[stage], row.final, (row,))


def _has_part(code: str | None, codes: Iterable[str]) -> bool:
    return any(code and other != code and other.startswith(code) for other in codes)
