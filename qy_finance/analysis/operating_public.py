"""Notebook 02: “三公”经费 against its budget and against last year."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.analysis.facts import cell
from qy_finance.analysis.spending import exact
from qy_finance.checks.ledger import compiled
from qy_finance.checks.model import Operand
from qy_finance.checks.moves import moves
from qy_finance.checks.quantities import FINAL, Quantity, is_budget, prose_data, quantity
from qy_finance.report import Report
from qy_finance.sourced import Sourced, figures

TABLE: Final = "three_public"
ROW: Final = "“三公”经费"
TOTAL: Final = "合计"


class Part(NamedTuple):
    """A part of 三公: its column of the table, and its account where it is basic expenditure."""

    name: str
    column: str
    code: str


PARTS: Final = (
    Part(TOTAL, "合计", ""),
    Part("因公出国（境）费", "因公出国（境）费", "30212"),
    Part("公务用车购置及运行维护费", "公务用车购置及运行维护费/小计", ""),
    Part("公务用车购置费", "公务用车购置及运行维护费/公务用车购置费", "31013"),
    Part("公务用车运行维护费", "公务用车购置及运行维护费/公务用车运行维护费", "30231"),
    Part("公务接待费", "公务接待费", "30217"),
)
"""In the order in which they are shown; a sum before its parts."""

COLUMNS: Final = {
    "part": "“三公”经费",
    "budget": "预算数",
    "spent": "决算数",
    "completion": "完成预算 %",
    "change": "比上年增减",
    "previous": "上年（推算）",
    "in_running": "其中在公用经费",
}
"""Chinese headers of :func:`three_public`."""


def three_public(report: Report) -> pd.DataFrame:
    """Parts of 三公: the table's figures, where a cell is blank those of the prose.

    Columns
    -------
    part, code : string
        The part, and its account where it is basic expenditure; ``code`` is missing for the sum.
    budget, spent, change, previous : object (Sourced)
        预算数, 决算数, the stated change against last year, and last year's amount (derived), in the money unit of
        the report; missing where not stated.
    completion : object (Sourced)
        Percent of the budget; missing without one.
    in_running : object (Sourced)
        What 公用经费 contains of it.
    inside : bool
        Whether that is all of it.

    Parts of which nothing is stated are left out.
    """
    running = exact(report, "basic_expenditure")
    said, changed = _said(report), _changed(report)
    rows = []
    for part in PARTS:
        budget, spent = (
            _printed(report, f"{kind}/{part.column}") or said.get((kind, part.column))
            for kind in ("预算数", "决算数")
        )
        change = changed.get(part.column)
        of_code = running[running["code"].eq(part.code).fillna(False)]
        inner = of_code["决算数"].iloc[0] if part.code and len(of_code) else None
        if budget is None and spent is None and inner is None:
            continue
        completion = 100 * spent / budget if spent is not None and budget else None
        previous = spent - change if spent is not None and change is not None else None
        inside = bool(
            spent is not None and inner is not None and abs(spent - inner) <= slack(spent, inner)
        )
        rows.append(
            (
                part.name,
                part.code or None,
                budget,
                spent,
                completion,
                change,
                previous,
                inner,
                inside,
            )
        )
    columns = [name for name in COLUMNS if name != "in_running"]
    columns = [columns[0], "code", *columns[1:], "in_running", "inside"]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    return frame.astype({"part": "string", "code": "string", "inside": "bool"})


def slack(*values: Decimal) -> Decimal:
    """How far two printed figures of one amount can be apart."""
    return sum((Decimal(5).scaleb(int(v.as_tuple().exponent) - 1) for v in values), Decimal(0))


def _printed(report: Report, column: str) -> Sourced | None:
    found = cell(report, TABLE, ROW, column)
    return found.value if found else None


def _said(report: Report) -> dict[tuple[str, str], Sourced]:
    """Amounts of 三公 in the prose by kind (预算数, 决算数) and column of the table, the first of each."""
    made: dict[tuple[str, str], Sourced] = {}
    for operand in report._ledger.amounts():
        named = _part_of(operand)
        if named is None:
            continue
        budget = is_budget(operand)
        if budget or FINAL.fullmatch(operand.figure.column or ""):
            cells = named.budget if budget else named.final
            kind, _, column = cells[0].column.partition("/")
            made.setdefault((kind, column), _value(report, operand))
    return made


def _changed(report: Report) -> dict[str, Sourced]:
    """The stated change of each part against last year, by column of the table."""
    made: dict[str, Sourced] = {}
    for move in moves(report._ledger):
        named = _part_of(move.current)
        if named is None or move.base != "上年" or not move.changes:
            continue
        column = named.final[0].column.partition("/")[2]
        change = move.changes[0]
        level = change.row < 0  # 与上年持平 is no figure
        value = _value(report, move.current) * 0 if level else _value(report, change)
        made.setdefault(column, value)
    return made


def _part_of(operand: Operand) -> Quantity | None:
    """The quantity of the 三公 table that an amount of the prose names; None for any other."""
    if compiled(prose_data()["headings"]["elsewhere"]).search(operand.scope):
        return None
    named = quantity(operand.figure.item, operand.scope)
    return named if named is not None and named.final[0].table == TABLE else None


def _value(report: Report, operand: Operand) -> Sourced:
    """A figure in the money unit of the report."""
    value = figures(report)[operand.row]
    return value if operand.factor == 1 else value * operand.factor
