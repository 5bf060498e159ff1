"""The contradictions (勾稽不符) that touch the figures a notebook uses: none is repeated as if it were sure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.checks import CheckSet
from qy_finance.checks.diagnose import Finding, corrected
from qy_finance.checks.headings import heading
from qy_finance.checks.relations import is_worded, words_of
from qy_finance.display import bold, cite, escape, spoken
from qy_finance.facts import Fact, computed
from qy_finance.figures import decimals_of
from qy_finance.language import join, t
from qy_finance.numbers import Number, sources_of

_NAMED: Final = 3  # figures that a sentence names on each side
_MOST: Final = 2  # decimals of what is computed


def see() -> str:
    """Where the contradictions are told."""
    return t("见 [“勾稽”页](05_reconciliation.ipynb)")


def rows_of(checks: CheckSet, used: Iterable[object]) -> set[int]:
    """The observations of a report that something comes from.

    ``used`` are facts, numbers that know their sources, and frames of such numbers. What has no source, or comes from
    another report or a self-evaluation table, is left out.
    """
    rows: set[int] = set()
    own = checks.reading.identity.report_id
    for one in used:
        values = one.to_numpy().ravel() if isinstance(one, pd.DataFrame) else [one]
        for value in values:
            facts = [value] if isinstance(value, Fact) else sources_of(value)
            rows.update(fact.row for fact in facts if fact.report_id == own and fact.row >= 0)
    return rows


def doubts(checks: CheckSet, used: Iterable[object]) -> list[str]:
    """What contradicts the figures that are used (as for :func:`rows_of`), one sentence each, in Markdown.

    A contradiction of which the wrong figure is known touches that figure alone: the others in it are sound. The
    graver come first: figures that contradict each other, then words.
    """
    rows = rows_of(checks, used)
    found = sorted(checks.findings, key=lambda one: is_worded(one.check.rule))
    told = ((one, _told(one, rows)) for one in found)
    return [
        t("{heading}：{said}（{see}）。", heading=bold(escape(heading(one))), said=said, see=see())
        for one, said in told
        if said
    ]


def on_doubts(checks: CheckSet, used: Iterable[object]) -> str:
    """:func:`doubts` as a list, or that there are none."""
    said = doubts(checks, used)
    if not said:
        return t("勾稽核对没有发现与这里用到的数有关的矛盾。")
    return "\n".join(f"- {sentence}" for sentence in said)


def _told(finding: Finding, rows: set[int]) -> str:
    """What is wrong with some of the figures of a finding; empty where none of them is doubtful."""
    rule, culprit = finding.check.rule, finding.culprit
    involved = {fact.row: fact for fact in rule.operands if fact.is_printed}
    if len(involved) == 1 and not is_worded(rule):  # a limit, not another figure
        ((row, fact),) = involved.items()
        if row not in rows:
            return ""
        limit = spoken(rule.formula())
        return t("{figure} 超出允许的范围：{limit}", figure=_named(fact), limit=limit)
    if culprit is not None:
        return _wrong(finding, culprit) if culprit.row in rows else ""
    mine = [fact for row, fact in involved.items() if row in rows]
    if not mine:
        return ""
    others = [fact for row, fact in involved.items() if row not in rows]
    return _against(finding, mine, others)


def _against(finding: Finding, mine: list[Fact], others: list[Fact]) -> str:
    """What contradicts the figures that are used: other figures, each other, or the words of the report."""
    rule = finding.check.rule
    if is_worded(rule):
        text = t(
            "{figures} 与报告的说法矛盾。{words}",
            figures=_list(mine), words=spoken(words_of(rule)),
        )  # fmt: skip
        return (
            t("{text}，一并核对的是{others}", text=text, others=_list(others)) if others else text
        )
    apart = _apart(finding, [*mine, *others])
    if others:
        return t(
            "{figures} 与{others} 矛盾{apart}",
            figures=_list(mine), others=_list(others), apart=apart,
        )  # fmt: skip
    return t("{figures} 互相矛盾{apart}", figures=_list(mine), apart=apart)


def _wrong(finding: Finding, culprit: Fact) -> str:
    """That a figure is wrong, and what it should be, if that is determined."""
    value, figure = corrected(finding), _named(culprit)
    if value is None:
        return t("{figure} 与其他数字矛盾", figure=figure)
    right = _from(value, (fact for fact in finding.involved if fact is not culprit))
    places = max(culprit.number.places, min(_MOST, decimals_of(value)))
    return t(
        "{figure} 与其他数字矛盾，应为 {right}",
        figure=figure, right=cite(right, culprit.unit_of_measure, places),
    )  # fmt: skip


def _apart(finding: Finding, involved: Iterable[Fact]) -> str:
    """How far the two sides are apart, with no more digits than separate them."""
    gap, unit = finding.check.outcome.difference, finding.check.unit
    if not gap:
        return ""
    value = _from(abs(gap), involved)
    places = min(_MOST, decimals_of(gap))
    return t("，相差 {gap}", gap=cite(value, "个百分点" if unit == "%" else unit, places))


def _from(value: Decimal, facts: Iterable[Fact]) -> Number:
    """A number that the checks made of figures."""
    return computed(value, sorted(facts, key=lambda fact: fact.row))


def _list(facts: list[Fact]) -> str:
    """Some figures by name, those that are not zero first."""
    ordered = sorted(facts, key=lambda fact: fact.value == 0)
    named = join(map(_named, ordered[:_NAMED]))
    return t("{named} 等 {n} 个数", named=named, n=len(ordered)) if len(ordered) > _NAMED else named


def _named(fact: Fact) -> str:
    return t("{name} {amount}", name=escape(fact.full), amount=cite(fact))
