"""What was said of one thing, made one row: which budget is which, what was spent, and what is implied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from qy_finance.analysis.accounts import FUNDS
from qy_finance.analysis.execution import Execution, Stage, bounded
from qy_finance.checks import CheckSet
from qy_finance.checks.model import Check, Status
from qy_finance.facts import Fact
from qy_finance.numbers import Number, sources_of

WHOLE: Final = ("本年支出合计", "本年支出/小计", "决算数", "合计")
"""Columns of tables that hold all that was spent of a row."""


@dataclass(eq=False)
class Gathered:
    """The figures of one thing, before they are made one row."""

    row: Execution
    plans: dict[Stage, list[Fact]] = field(default_factory=dict)
    finals: list[Fact] = field(default_factory=list)
    rates: list[tuple[Stage, Fact]] = field(default_factory=list)
    bases: list[tuple[Stage, Fact]] = field(default_factory=list)
    none: Fact | None = None  # what was spent where words say that there was no initial budget
    current: Fact | None = None
    cell: Fact | None = None

    @property
    def has_plan(self) -> bool:
        """Whether anything is said of a budget."""
        return bool(
            self.none
            or self.plans
            or self.rates
            or self.bases
            or self.row.changes
            or self.row.rates
        )


def settle(checks: CheckSet, said: Gathered) -> Execution | None:
    """The row of what was said of one thing; None where no budget can be told."""
    row = said.row
    _sort(checks, said)
    row.final = _final(checks, said)
    for stage, facts in said.plans.items():
        row.plans[stage] = facts[0].compared
    for stage, base in said.bases:
        zero = Number(0, None, checks.ledger.unit, (base,), computed=False)
        if stage != "budget" or not row.plans:
            row.plans.setdefault(stage, base.compared if base.value else zero)
    if said.none is not None and "initial" not in row.plans and "initial" not in row.changes:
        row.plans["initial"] = Number(0, None, checks.ledger.unit, (said.none,))
        row.worded = True
    _derive(said)
    if not row.plans or (row.kind == "other" and row.final is None):
        return None
    of_plan = [
        *(fact for facts in said.plans.values() for fact in facts),
        *(base for _, base in said.bases), *(rate for _, rate in said.rates),
        *row.changes.values(), *row.rates.values(),
        *([said.none] if row.worded and said.none else []),
    ]  # fmt: skip
    told = _told(said)
    of_final = [one for one in sources_of(row.final) if isinstance(one, Fact)]
    row.figures = _once([*of_plan, *of_final, *([told] if told else ())])
    row.place = _once(of_plan)[0]
    return row


def _sort(checks: CheckSet, said: Gathered) -> None:
    """A budget that one place does not name, and that the checks find to be the one that another place names."""
    loose = said.plans.get("budget", [])
    for fact in tuple(loose):
        for stage in ("initial", "adjusted"):
            tied = any(_tied(checks, fact, other) for other in said.plans.get(stage, ()))
            if tied and fact in loose:
                said.plans[stage].append(fact)
                loose.remove(fact)
    if "budget" in said.plans and not loose:
        del said.plans["budget"]
    for at, (stage, rate) in enumerate(said.rates):
        check = checks.verdict("prose.completion", rate)
        whole = getattr(check.rule, "whole", None) if check else None
        own = (
            name for name, facts in said.plans.items() if whole and whole.row in map(_row, facts)
        )
        said.rates[at] = (next(own, stage), rate)


def _tied(checks: CheckSet, one: Fact, other: Fact) -> bool:
    check = checks.verdict("prose.budget", one, other)
    return check is not None and check.status in (Status.EXACT, Status.TAIL)


def _final(checks: CheckSet, said: Gathered) -> Number | None:
    """What was spent: the cell of the table where the report's sentence is tied to one."""
    if said.cell is not None:
        return said.cell.compared
    told = _told(said)
    if told is None:
        return None
    for identity in ("prose.amount", "prose.account"):
        check = checks.verdict(identity, told)
        cell = _cell(check) if check else None
        if cell is not None and (cell.column in WHOLE or cell.column in FUNDS):
            return cell.compared
    return told.compared


def _told(said: Gathered) -> Fact | None:
    """What the sentence of the budget says was spent, otherwise what the first one under its heading says."""
    if said.current is not None:
        return said.current
    spoken = [fact for facts in said.plans.values() for fact in facts]
    spoken += [rate for _, rate in said.rates]
    there = {fact.section for fact in spoken}
    near = [fact for fact in said.finals if fact.section in there]
    return next(iter([*near, *said.finals]), None)


def _derive(said: Gathered) -> None:
    """The budgets that are implied: by the difference to what was spent, otherwise by the completion rate."""
    row, final = said.row, said.row.final
    if final is None:
        return
    for stage, change in row.changes.items():
        if stage not in row.plans and (base := bounded(final - change.compared)) is not None:
            row.plans[stage] = base
            row.derived.add(stage)
    for stage, rate in said.rates:
        if row.completion is None:
            row.completion, row.completion_of = rate, stage
        share = rate.number / 100
        if stage not in row.plans and share.low > 0 and final:
            row.plans[stage] = (final / share).as_unit(final.unit)
            row.derived.add(stage)


def _cell(check: Check) -> Fact | None:
    """The cell that a check holds a figure of the prose against."""
    return next((fact for fact in check.rule.operands if fact.figure.table is not None), None)


def _row(fact: Fact) -> int:
    return fact.row


def _once(facts: Iterable[Fact]) -> list[Fact]:
    """Figures of the report, each once, in the order of print."""
    own = {fact.row: fact for fact in facts if fact.row >= 0}
    return [own[row] for row in sorted(own)]
