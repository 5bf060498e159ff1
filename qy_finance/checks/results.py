"""Checks as a frame, and what a break means in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import pandas as pd

from qy_finance.checks.diagnose import Finding, rows_of
from qy_finance.checks.headings import heading
from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Words, is_worded
from qy_finance.checks.sentence import Piece, Sentence, sentence, told
from qy_finance.contract import CONTRACT
from qy_finance.facts import Fact
from qy_finance.figures import decimals_of
from qy_finance.framing import framed_rows

COLUMNS: Final = {
    "check_id": "string", "status": "string", "severity": "string", "message": "string", "lhs": "Float64",
    "rhs": "Float64", "difference": "Float64", "tolerance": "Float64", "observations": "object",
    "consequences": "object",
}  # fmt: skip
"""Columns and dtypes of the result of ``Report.check``."""


_SHOWN: Final = 3  # other places of a wrong figure that are told


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
    where = f"（{check.place}）" if check.place else ""
    if check.rule is not None:
        numbers = [None if number is None else float(number) for number in check.rule.outcome[1:]]
        message = f"未核对，因{check.missing}{where}：{check.rule.formula()}"
        return ("info", message, *numbers, rows_of(check.rule.operands), ())
    said = f"未核对，缺{check.missing}" if lacks else f"不适用，{check.missing}"
    message = f"{said}{where}：{check.identity.purpose}"
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
    where = f"（{finding.culprit.place}）" if finding.culprit else ""
    said = explained(finding.check)
    return sentence(f"{heading(finding)}{where}。", said, _repeated(finding))


def _repeated(finding: Finding) -> str:
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
        return ""
    names = list(dict.fromkeys(name for row, name in also.items() if row != culprit.row))
    more = " 等" if len(names) > _SHOWN else ""
    said = f"；同样的数还印在{'、'.join(names[:_SHOWN])}{more}" if names else ""
    for rule in sums:
        for before, fact in pairwise(rule.operands):
            if fact.row == culprit.row and before.value == fact.value and before.item != fact.item:
                return f"{said}；与“{before.item}”一行的数相同"
    return said


def explained(check: Check) -> Sentence:
    """The figures with their difference and their places; words are a sentence by themselves."""
    rule = check.rule
    said = rule.formula()
    if isinstance(rule, Words):
        return said
    difference = check.outcome.difference
    apart: tuple[Piece, ...] = ()
    if difference and not is_worded(rule):
        percent = isinstance(rule, Quotient) or rule.operands[0].is_percent
        unit = "个百分点" if percent else rule.operands[0].unit
        digits = min(2, decimals_of(difference))
        gap = told(f"{abs(difference):,.{digits}f}", abs(difference), rule.operands)
        apart = ("，相差 ", gap, f" {unit}" if unit else "")
    return sentence(said, *apart, f"（{_places(rule.operands)}）")


def _places(facts: Iterable[Fact]) -> str:
    places = list(dict.fromkeys(fact.place for fact in facts if fact.row >= 0))
    return "、".join(places[:4]) + (" 等" if len(places) > 4 else "")
