"""Notebook 05: the checks of a report, how they came out, and the cells of the tables that they reach."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.coverage import coverage
from qy_finance.analysis.disclosures import disclosures
from qy_finance.analysis.findings import breaks
from qy_finance.checks import CheckSet
from qy_finance.checks.model import KINDS, STATUSES, YEARS, Check, Status
from qy_finance.facts import Fact, computed, row_and_column
from qy_finance.reading import Reading

GROUPS: Final = ("表内", "表间", "表文", "文字", "用语", YEARS)
"""What checks compare: cells of a table, of two; prose with cells; figures of the prose; words; years."""

STATES: Final = ("free", "held", "tail", "touched", "break")
"""What a cell can be, from the least to the most in need of attention; see :attr:`Reconciliation.cells`."""

_ZERO: Final = Decimal(0)
_OUTCOMES: Final = {Status.EXACT: "held", Status.TAIL: "tail", Status.BREAK: "touched"}


class Reconciliation:
    """How the checks of a report came out."""

    def __init__(self, checks: CheckSet) -> None:
        self.reading = checks.reading
        # the year of the other report that it was checked against
        self.year_before = checks.before.reading.identity.year if checks.before else None
        self.breaks = breaks(checks)
        self.by_kind = {kind: [one for one in self.breaks if one.kind == kind] for kind in KINDS}
        self.groups = _groups(checks)
        self.cells = _cells(checks)
        self.printed = _printed(checks.reading)
        self.coverage = _coverage(checks.reading, self.cells)
        self.tails = _tails(checks)
        self.not_run = _not_run(checks)
        self.extent = coverage(checks)  # how much was checked, tied and understood
        self.disclosures = disclosures(checks)

    def columns(self, table: str) -> list[str]:
        """The columns of a table as ``cells`` names them, in the order of the form."""
        spec = self.reading.form.table(table)
        sides = (column for side in spec.sides for column in side.columns)
        return list(dict.fromkeys(column.name for column in (*spec.columns, *sides)))


def _groups(checks: CheckSet) -> pd.DataFrame:
    """How many checks came out how, by group of :data:`GROUPS`; one without a check is left out.

    Columns 范围 (string), 合计, 相符, 尾差, 不符, 未核对, 不适用 (Int64).
    """
    counts = Counter((check.identity.group, check.status) for check in checks.counted)
    rows = []
    for group in GROUPS:
        numbers = [counts[group, Status(status)] for status in STATUSES]
        if sum(numbers):
            rows.append((group, sum(numbers), *numbers))
    kinds = {"范围": "string"} | dict.fromkeys(("合计", *STATUSES.values()), "Int64")
    return framed(rows, kinds, kinds)


def _cells(checks: CheckSet) -> pd.DataFrame:
    """Every printed cell of the tables, in the order of print, copies as one row.

    Columns table, side, row, column (string; row with its code, the two headings of 三公 are rows, side may be empty),
    identities (Int64: checks that were made with it, those that break as a consequence too), state (string): ``break``
    figures contradict it, and no other is known to be the wrong one; ``touched`` it stands in a contradiction of which
    another figure is the wrong one, or of words or years; ``tail`` rounding explains a difference; ``held``; ``free``
    no identity reaches it.
    """
    rows: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    for fact in checks.reading.facts:
        table = fact.figure.table
        if table is not None:
            made = [one.status for one in checks.involving(fact) if one.status in _OUTCOMES]
            states = [STATES.index(_OUTCOMES[status]) for status in made]
            if fact.row in checks.disputed:
                states.append(STATES.index("break"))
            row, column = row_and_column(fact, checks.reading.form)
            key = table, fact.figure.side or "", row, column
            number, state = rows.get(key, (0, 0))  # of a copy
            rows[key] = max(number, len(made)), max([state, *states])
    kinds = dict.fromkeys(("table", "side", "row", "column"), "string")
    kinds |= {"identities": "Int64", "state": "string"}
    data = [(*key, number, STATES[state]) for key, (number, state) in rows.items()]
    return framed(data, kinds, kinds)


def _printed(reading: Reading) -> dict[tuple[str, str, str, str], Fact]:
    """The figure of each cell, by table, side, row and column as ``cells`` has them; of copies the first."""
    printed: dict[tuple[str, str, str, str], Fact] = {}
    for fact in reading.facts:
        if fact.figure.table is not None:
            place = fact.figure.side or "", *row_and_column(fact, reading.form)
            printed.setdefault((fact.figure.table, *place), fact)
    return printed


def _coverage(reading: Reading, cells: pd.DataFrame) -> pd.DataFrame:
    """The cells by table, empty ones too: 表 (string), 数值, 有关系, 无关系, 尾差, 矛盾 (Int64)."""
    rows = []
    for table in reading.form.ids:
        states = Counter(cells.loc[cells["table"] == table, "state"])
        total, free = states.total(), states["free"]
        counts = total, total - free, free, states["tail"], states["break"]
        rows.append((reading.form.name(table), *counts))
    names = ("数值", "有关系", "无关系", "尾差", "矛盾")
    kinds = {"表": "string"} | dict.fromkeys(names, "Int64")
    return framed(rows, kinds, kinds)


def _tails(checks: CheckSet) -> pd.DataFrame:
    """Differences that rounding explains, the largest of each group and unit.

    Columns 范围, 单位 (string), 几处 (Int64), 最大的差, 舍入可解释 (Number), 最大的一处 (string: what that says).
    """
    found: dict[tuple[str, str], list[Check]] = {}
    for check in checks.made:
        if isinstance(check, Check) and check.status is Status.TAIL:
            found.setdefault((check.identity.group, check.unit), []).append(check)
    rows = []
    for group, unit in sorted(found, key=lambda key: GROUPS.index(key[0])):
        some, apart = found[group, unit], "个百分点" if unit == "%" else unit
        widest = max(some, key=lambda one: abs(one.outcome.difference or _ZERO))
        gaps = abs(widest.outcome.difference or _ZERO), widest.outcome.tolerance or _ZERO
        numbers = (computed(gap, widest.rule.operands, apart) for gap in gaps)
        rows.append((group, unit, len(some), *numbers, widest.identity.purpose))
    names = ("范围", "单位", "几处", "最大的差", "舍入可解释", "最大的一处")
    kinds = {"范围": "string", "单位": "string", "几处": "Int64", "最大的一处": "string"}
    return framed(rows, names, kinds)


def _not_run(checks: CheckSet) -> pd.DataFrame:
    """What was not checked, by the operand that is missing, the most frequent first.

    Columns 缺什么 (string), 几条 (Int64), 因此没有核对 (string: purposes).
    """
    missing: dict[str, list[str]] = {}
    for check in checks.made:
        if not isinstance(check, Check) and check.status is Status.NOT_RUN:
            missing.setdefault(check.missing, []).append(check.identity.purpose)
    rows = [(name, len(many), "；".join(dict.fromkeys(many))) for name, many in missing.items()]
    rows.sort(key=lambda row: -row[1])
    kinds = {"缺什么": "string", "几条": "Int64", "因此没有核对": "string"}
    return framed(rows, kinds, kinds)
