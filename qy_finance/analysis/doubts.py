"""The contradictions (勾稽不符) that touch the figures a notebook uses: none is repeated as if it were sure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis.reconciliation import Checked, check, unit_of
from qy_finance.analysis.reconciliation_links import cited, link
from qy_finance.checks.diagnose import Finding, corrected
from qy_finance.checks.model import Operand
from qy_finance.checks.relations import Words, is_worded
from qy_finance.display import cite, escape, strong
from qy_finance.figures import decimals_of
from qy_finance.intervals import as_printed
from qy_finance.once import once
from qy_finance.report import Report
from qy_finance.sourced import Sourced, figures, sources_of

SEE: Final = "见 [05 勾稽](05_reconciliation.ipynb)"

_NAMED: Final = 3  # figures that a sentence names on each side
_MOST: Final = 2  # decimals of what is computed


@once
def checked(report: Report) -> Checked:
    """The checks of a report by itself, made once for all notebooks and sentences of a process."""
    return check(report)


def rows_of(report: Report, used: Iterable[object]) -> set[int]:
    """The observations of a report that something comes from.

    Parameters
    ----------
    used : iterable
        Rows of ``Report.observations`` (int), numbers that know their sources, and frames of such numbers. What has no
        source, or comes from another report, is left out.
    """
    rows: set[int] = set()
    for one in used:
        if isinstance(one, int):
            rows.add(one)
            continue
        numbers = one.to_numpy().ravel() if isinstance(one, pd.DataFrame) else [one]
        rows.update(
            source.row
            for number in numbers
            for source in sources_of(number)
            if source.report == report.meta["report_id"]
        )
    return rows


def doubts(report: Report, used: Iterable[object]) -> list[str]:
    """What contradicts the figures that are used, one sentence for each contradiction, in Markdown.

    Parameters
    ----------
    used : iterable
        As for :func:`rows_of`.

    A contradiction of which the wrong figure is known touches that figure alone: the others in it are sound. The
    graver come first: figures that contradict each other, then words.
    """
    rows = rows_of(report, used)
    found = sorted(checked(report).findings, key=lambda one: is_worded(one.check.rule))
    told = ((one, _told(report, one, rows)) for one in found)
    return [
        f"{strong(one.check.identity.purpose)}：{sentence}（{SEE}）。"
        for one, sentence in told
        if sentence
    ]


def on_doubts(report: Report, used: Iterable[object]) -> str:
    """:func:`doubts` as a list, or that there are none."""
    said = doubts(report, used)
    if not said:
        return "勾稽核对（05）没有发现与这里用到的数有关的矛盾。"
    return "\n".join(f"- {sentence}" for sentence in said)


def _told(report: Report, finding: Finding, rows: set[int]) -> str:
    """What is wrong with some of the figures of a finding; empty where none of them is doubtful."""
    rule, culprit = finding.check.rule, finding.culprit
    involved = {operand.row: operand for operand in rule.operands if operand.place}
    if len(involved) == 1 and not is_worded(rule):  # a limit, not another figure
        ((row, operand),) = involved.items()
        limit = link(rule.formula(), cited(rule.operands, checked(report)))
        return f"{_named(report, operand)} 超出允许的范围：{limit}" if row in rows else ""
    if culprit is not None:
        if culprit.row not in rows:
            return ""
        value = corrected(finding)
        wanted = ""
        if value is not None:
            right = _from(report, value, involved.keys() - {culprit.row})
            places = max(_places(culprit), _decimals(value))
            wanted = f"，应为 {cite(right, culprit.figure.unit_of_measure, places)}"
        return f"{_named(report, culprit)} 与其他数字矛盾{wanted}"
    mine = [operand for row, operand in involved.items() if row in rows]
    if not mine:
        return ""
    others = [operand for row, operand in involved.items() if row not in rows]
    if is_worded(rule):
        words = rule.formula() if isinstance(rule, Words) else rule.said  # type: ignore[attr-defined]
        said = link(words, cited(rule.operands, checked(report)))
        beside = f"，一并核对的是{_list(report, others)}" if others else ""
        return f"{_list(report, mine)} 与报告的说法矛盾。{said}{beside}"
    against = f"与{_list(report, others)} " if others else "互相"
    return f"{_list(report, mine)} {against}矛盾{_apart(report, finding, involved)}"


def _apart(report: Report, finding: Finding, involved: Iterable[int]) -> str:
    """How far the two sides are apart, with no more digits than separate them."""
    gap, unit = finding.check.outcome.difference, unit_of(finding.check)
    if not gap:
        return ""
    value = _from(report, abs(gap), involved)
    return f"，相差 {cite(value, '个百分点' if unit == '%' else unit, _decimals(gap))}"


def _decimals(value: Decimal) -> int:
    """Decimals of a computed number that are shown."""
    return min(_MOST, decimals_of(value))


def _from(report: Report, value: Decimal, rows: Iterable[int]) -> Sourced:
    """A number that the checks made of figures of the report."""
    numbers = [figures(report)[row] for row in sorted(rows)]
    return Sourced(value, [one for number in numbers for one in number.sources], computed=True)


def _list(report: Report, operands: list[Operand]) -> str:
    """Some figures by name, those that are not zero first."""
    ordered = sorted(operands, key=lambda operand: operand.value == 0)
    named = "、".join(_named(report, operand) for operand in ordered[:_NAMED])
    return f"{named} 等 {len(ordered)} 个数" if len(ordered) > _NAMED else named


def _named(report: Report, operand: Operand) -> str:
    number = figures(report)[operand.row]
    return (
        f"{escape(operand.full)} {cite(number, operand.figure.unit_of_measure, _places(operand))}"
    )


def _places(operand: Operand) -> int:
    return max(0, -int(as_printed(operand.printed).half.as_tuple().exponent) - 1)
