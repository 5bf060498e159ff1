"""“三公”经费 against its budget and against last year, and how much of it is in 公用经费."""

from __future__ import annotations

from typing import Final

import pandas as pd

from qy_finance.analysis import knowledge
from qy_finance.analysis.accounts import BASIC, THREE_PUBLIC
from qy_finance.checks import CheckSet
from qy_finance.checks.knowledge import Quantity, prose_data
from qy_finance.checks.model import Status
from qy_finance.checks.quantities import FINAL, is_budget, quantity
from qy_finance.facts import Fact
from qy_finance.numbers import Number

ROW: Final = "“三公”经费"
TOTAL: Final = "合计"
_TYPES: Final = {"part": "string", "code": "string", "inside": "bool", "beyond": "bool"}


def three_public(checks: CheckSet) -> pd.DataFrame:
    """Parts of 三公: the table's figures, where a cell is blank or 0 those of the prose.

    Columns
    -------
    part, code : string
        The part, and its account where it is basic expenditure; ``code`` is missing for the sum.
    budget, spent, completion, change, previous : object (Number)
        预算数, 决算数, percent of the budget, the stated change against last year, and last year's amount (derived),
        in the money unit of the report; missing where not stated.
    in_running : object (Number)
        What 公用经费 contains of it.
    inside, beyond : bool
        Whether that is all of it, and whether it is more, as the checks find.

    Parts of which nothing is stated are left out.
    """
    reading, basic = checks.reading, checks.ledger.sheets.get(BASIC)
    said, changed = _said(checks), _changed(checks)
    rows = []
    for part in knowledge("operating.toml")["part"]:
        column, code = part["column"], part.get("code")
        budget, spent = (
            ((cell := reading.cell(THREE_PUBLIC, ROW, name)) and cell.number) or said.get(name)
            for name in (f"预算数/{column}", f"决算数/{column}")
        )
        row = basic.by_code.get(code) if basic and code else None
        inner = basic.cell(row, "决算数") if basic and row else None
        if budget is None and spent is None and inner is None:
            continue
        done = 100 * spent / budget if spent is not None and budget else None
        change = changed.get(column)
        previous = spent - change if spent is not None and change is not None else None
        inside = spent is not None and inner is not None and spent.meets(inner.number)
        check = checks.verdict(part["identity"], inner) if inner else None
        beyond = check is not None and check.status is Status.BREAK
        values = budget, spent, done, change, previous, inner and inner.number
        rows.append((part["name"], code, *values, inside, beyond))
    names = ["budget", "spent", "completion", "change", "previous", "in_running"]
    columns = ["part", "code", *names, "inside", "beyond"]
    return pd.DataFrame(rows, columns=columns, dtype="object").astype(_TYPES)


def _said(checks: CheckSet) -> dict[str, Number]:
    """Amounts of 三公 in the prose by column of the table, the first of each."""
    made: dict[str, Number] = {}
    for fact in checks.ledger.amounts():
        named, budget = _part_of(fact), is_budget(fact)
        if named is not None and (budget or FINAL.fullmatch(fact.column)):
            cells = named.budget if budget else named.final
            made.setdefault(cells[0].column, fact.compared)
    return made


def _changed(checks: CheckSet) -> dict[str, Number]:
    """The stated change of each part against last year, by column of the table below 决算数."""
    made: dict[str, Number] = {}
    for stated in checks.changes:
        named = _part_of(stated.current)
        if named is not None and stated.base == "上年" and stated.changes:
            change = stated.changes[0]
            level = change.row < 0  # 与上年持平 is no figure
            value = stated.current.compared * 0 if level else change.compared
            made.setdefault(named.final[0].column.partition("/")[2], value)
    return made


def _part_of(fact: Fact) -> Quantity | None:
    """The quantity of the 三公 table that an amount of the prose names; None for any other."""
    if prose_data().headings.elsewhere.search(fact.scope):
        return None
    named = quantity(fact.item, fact.scope)
    return named if named is not None and named.final[0].table == THREE_PUBLIC else None
