"""What a finding is called: the contradiction itself in a few words, with its numbers.

An identity says how (``broken``), with names in braces for what only the finding knows. Where a name has no answer in
a finding, the next wording is taken; at last it is the identity's purpose that is not kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from qy_finance.checks.diagnose import Finding, corrected
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, Mix, words_of
from qy_finance.facts import HUNDRED, Fact
from qy_finance.figures import decimals_of

_NAME: Final = re.compile(r"\{(\w+)\}")
_OF_SUMS: Final = (
    "{culprit}印错：{wrong} 应为 {wanted}",
    "{larger}：{one} / {other}",
    "{culprit}与其他数字矛盾：{wrong}",
    "{first}不等于各项之和：{one} / {other}",
)
"""Of identities of tables, which say nothing of their own."""
_SIGNS: Final = ("等于", "大于", "小于")
_PATH: Final = re.compile(r".*[（(][类款][)）](?=.)|[（(][类款项][)）]")
_CLAIMED: Final = re.compile(r"说(.+)")


def heading(finding: Finding) -> str:
    """A finding in a few words: ``占比算错：4.20% 应为 4.40%``."""
    identity, answers = finding.check.identity, _answers(finding)
    for wording in identity.broken or _OF_SUMS:
        if all(answers.get(name) for name in _NAME.findall(wording)):
            return wording.format_map(answers)
    return f"不符：{identity.purpose}"


def _answers(finding: Finding) -> dict[str, str]:
    """What the names in braces mean in a finding; a name that means nothing there is missing or empty."""
    check, culprit, rule = finding.check, finding.culprit, finding.check.rule
    outcome = check.outcome
    claimed = _CLAIMED.search(str(words_of(rule)) or check.place)
    found = {
        "topic": check.place.rpartition("@")[0],  # an account, the words that were left
        "words": claimed[1] if claimed else "",  # that claim something of figures
    }
    if culprit is not None:
        found |= {"culprit": culprit.full, "wrong": culprit.with_unit}
    if right := mended(finding):
        found["wanted"] = f"{right[1]}{_unit(right[0])}"
    if first := next((fact for fact in rule.operands if fact.is_printed), None):
        found |= {"first": first.full, "item": _last(first.item), "printed": first.with_unit}
        found["table"] = first.table_name
        if outcome.difference is not None:
            sign = _SIGNS[(outcome.difference > 0) - (outcome.difference < 0)]
            found |= {"sign": sign, "gap": _points(_as(abs(outcome.difference), first))}
    if isinstance(rule, Quotient) and culprit in (None, rule.rate):
        found["rate"] = rule.rate.with_unit
    if isinstance(rule, Linear):
        if rule.relation != "=" and len(rule.left) == len(rule.right) == 1:
            found["larger"] = f"{rule.left[0].full}大于{rule.right[0].full}"
        found["one"] = _side(rule.left, outcome.lhs)
        found["other"] = _side(rule.right, outcome.rhs)
    if isinstance(rule, Mix):
        found |= {"one": rule.total.with_unit, "other": _as(outcome.rhs, rule.total)}
    return found


def mended(finding: Finding) -> tuple[Fact, str] | None:
    """The figure that is to be mended and the characters that would mend it; None where that is not determined.

    It is the figure that other identities show to be wrong, or the percentage of the sums beside it.
    """
    rule, culprit, value = finding.check.rule, finding.culprit, corrected(finding)
    if culprit is not None:
        return None if value is None else (culprit, _digits(_said(value, culprit)))
    if isinstance(rule, Quotient) and rule.rounded is not None:
        # a part of more than the whole is no slip of the percentage
        whole = rule.rate.measure == "share" and rule.rounded > HUNDRED.value
        return None if whole else (rule.rate, str(_said(rule.rounded, rule.rate)))
    return None


def _said(value: Decimal, fact: Fact) -> Decimal:
    """A value as it is printed in place of a figure whose words say that it fell (下降4.35%)."""
    return -value if fact.value < 0 and not fact.printed.startswith(("-", "−", "－")) else value


def _last(item: str) -> str:
    """Of the path of an account (类, 款, 项) the last name."""
    return _PATH.sub("", item)


def _side(facts: Sequence[Fact], value: Decimal | None) -> str:
    """One figure as it is printed, or a sum of several."""
    if len(facts) == 1:
        return facts[0].with_unit.strip()
    return _points(_as(value, facts[0])) if facts else ""


def _as(value: Decimal | None, fact: Fact) -> str:
    """A number as figures are compared, in the unit of one of them."""
    return "" if value is None else f"{_digits(value / fact.factor)}{_unit(fact)}"


def _points(shown: str) -> str:
    """A difference of percentages is one of points."""
    return shown.replace("%", " 个百分点")


def _digits(value: Decimal) -> str:
    return f"{value:,.{min(decimals_of(value), 2)}f}"


def _unit(fact: Fact) -> str:
    unit = fact.unit_of_measure
    return unit if unit == "%" else f" {unit}".rstrip()
