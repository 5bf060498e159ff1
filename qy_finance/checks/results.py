"""Checks as a frame, and what a break means in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import pandas as pd

from qy_finance.checks.diagnose import Finding, rows_of
from qy_finance.checks.headings import heading
from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Words, is_worded
from qy_finance.checks.sentence import Sentence, listed, said, sentence, told, with_unit
from qy_finance.contract import CONTRACT
from qy_finance.figures import decimals_of
from qy_finance.framing import framed_rows
from qy_finance.language import t

COLUMNS: Final = {
    "check_id": "string", "status": "string", "severity": "string", "message": "string", "lhs": "Float64",
    "rhs": "Float64", "difference": "Float64", "tolerance": "Float64", "observations": "object",
    "consequences": "object",
}  # fmt: skip
"""Columns and dtypes of the result of ``Report.check``."""


_SHOWN: Final = 3  # other places of a wrong figure that are told
_PLACES: Final = 4  # of figures that do not agree


def frame(checks: Sequence[Check | NotRun], findings: Sequence[Finding]) -> pd.DataFrame:
    """One row for each check; what breaks for one reason is one row."""
    found = {id(finding.check): finding for finding in findings}
    ids: dict[str, int] = {}
    rows: list[tuple[object, ...]] = []
    for check in checks:
        name = check.id
        number = ids[name] = ids.get(name, 0) + 1
        name = name if number == 1 else f"{name}#{number}"
        told = _not_run(check) if isinstance(check, NotRun) else _row(check, found.get(id(check)))
        rows.append((name, check.status.value, *told))
    made = framed_rows(rows, COLUMNS)
    made.attrs["contract"] = CONTRACT
    return made


def _not_run(check: NotRun) -> tuple[object, ...]:
    lacks = check.status is Status.NOT_RUN
    where = t("（{place}）", place=check.place) if check.place else ""
    why = check.missing
    if check.rule is not None:
        numbers = [None if number is None else float(number) for number in check.rule.outcome[1:]]
        formula = check.rule.formula()
        message = t("未核对，因{why}{where}：{formula}", why=why, where=where, formula=formula)
        return ("info", message, *numbers, rows_of(check.rule.operands), ())
    purpose = check.identity.purpose
    message = (
        t("未核对，缺{why}{where}：{purpose}", why=why, where=where, purpose=purpose)
        if lacks
        else t("不适用，{why}{where}：{purpose}", why=why, where=where, purpose=purpose)
    )
    return ("info" if lacks else "none", message, None, None, None, None, (), ())


def _row(check: Check, finding: Finding | None) -> tuple[object, ...]:
    numbers = [None if number is None else float(number) for number in check.outcome[1:]]
    if finding is None:
        severity = "info" if check.status is Status.TAIL else "none"
        return (severity, str(check.rule.formula()), *numbers, rows_of(check.rule.operands), ())
    others = tuple(str(explained(other)) for other in finding.consequences)
    return (check.identity.severity, str(broken(finding)), *numbers, finding.rows, others)


def broken(finding: Finding) -> Sentence:
    """What a break means: what it is called, both sides and where they stand, and where else the wrong figure is."""
    told, why = heading(finding), sentence(explained(finding.check), _repeated(finding))
    if finding.culprit is None:
        return said("{heading}。{why}", heading=told, why=why)
    return said("{heading}（{place}）。{why}", heading=told, place=finding.culprit.place, why=why)


def _repeated(finding: Finding) -> Sentence:
    """Where else the wrong figure is printed, and whether it is that of the row above."""
    culprit = finding.culprit
    sums = [check.rule for check in (finding.check, *finding.consequences)]
    facts = [fact for rule in sums for fact in rule.operands if fact.figure.table]
    also = {
        fact.row: fact.full
        for fact in facts
        if culprit and fact.value == culprit.value and fact.item == culprit.item
    }
    if culprit is None:
        return Sentence()
    names = list(dict.fromkeys(name for row, name in also.items() if row != culprit.row))
    where = _some(names, _SHOWN)
    also_in = said("；同样的数还印在{where}", where=where) if names else Sentence()
    for rule in sums:
        for before, fact in pairwise(rule.operands):
            if fact.row == culprit.row and before.value == fact.value and before.item != fact.item:
                same = said("；与“{item}”一行的数相同", item=before.item)
                return sentence(also_in, same)
    return also_in


def explained(check: Check) -> Sentence:
    """The figures with their difference and their places; words are a sentence by themselves."""
    rule = check.rule
    text = rule.formula()
    if isinstance(rule, Words):
        return text
    difference = check.outcome.difference
    places = _some(list(dict.fromkeys(f.place for f in rule.operands if f.row >= 0)), _PLACES)
    if difference and not is_worded(rule):
        percent = isinstance(rule, Quotient) or rule.operands[0].is_percent
        unit = "个百分点" if percent else rule.operands[0].unit
        digits = min(2, decimals_of(difference))
        gap = told(f"{abs(difference):,.{digits}f}", abs(difference), rule.operands)
        return said(
            "{text}，相差 {gap}（{places}）", text=text, gap=with_unit(gap, unit), places=places
        )
    return said("{text}（{places}）", text=text, places=places)


def _some(names: Sequence[str], most: int) -> Sentence:
    """The first of some names."""
    first = listed((name,) for name in names[:most])
    return said("{first} 等", first=first) if len(names) > most else first
