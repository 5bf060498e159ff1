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
from qy_finance.checks.sentence import said
from qy_finance.facts import HUNDRED, Fact
from qy_finance.figures import decimals_of
from qy_finance.language import measured, plain

_NAME: Final = re.compile(r"\{(\w+)\}")
OF_SUMS: Final = (
    "{culprit}印错：{wrong} 应为 {wanted}",
    "{larger}：{one} / {other}",
    "{culprit}与其他数字矛盾：{wrong}",
    "{first}不等于各项之和：{one} / {other}",
)
"""What breaks of the identities of tables are called, which say nothing of their own."""
_SIGNS: Final = ("等于", "大于", "小于")
_PATH: Final = re.compile(r".*[（(][类款][)）](?=.)|[（(][类款项][)）]")
_CLAIMED: Final = re.compile(r"说(.+)|says “(.+)”")


def heading(finding: Finding) -> str:
    """A finding in a few words: ``占比算错：4.20% 应为 4.40%``."""
    identity, answers = finding.check.identity, _answers(finding)
    for wording in identity.broken or OF_SUMS:
        if all(answers.get(name) for name in _NAME.findall(wording)):
            return str(said(wording, **answers))
    return str(said("不符：{purpose}", purpose=identity.purpose))


def _answers(finding: Finding) -> dict[str, str]:
    """What the names in braces mean in a finding; a name that means nothing there is missing or empty."""
    check, culprit, rule = finding.check, finding.culprit, finding.check.rule
    outcome = check.outcome
    claimed = _CLAIMED.search(str(words_of(rule)) or check.place)
    found = {
        "topic": check.place.rpartition("@")[0],  # an account, the words that were left
        "words": claimed[1] or claimed[2] if claimed else "",  # that claim something of figures
    }
    if culprit is not None:
        found |= {"culprit": culprit.full, "wrong": _printed(culprit)}
    if right := mended(finding):
        found["wanted"] = _measured(right[1], right[0])
    if first := next((fact for fact in rule.operands if fact.is_printed), None):
        found |= {"first": first.full, "item": _last(first.item), "printed": _printed(first)}
        found["table"] = first.table_name
        if outcome.difference is not None:
            sign = _SIGNS[(outcome.difference > 0) - (outcome.difference < 0)]
            found |= {"sign": sign, "gap": _points(_as(abs(outcome.difference), first))}
    if isinstance(rule, Quotient) and culprit in (None, rule.rate):
        found["rate"] = _printed(rule.rate)
    if isinstance(rule, Linear):
        if rule.relation != "=" and len(rule.left) == len(rule.right) == 1:
            one, other = plain(rule.left[0].full), plain(rule.right[0].full)
            found["larger"] = str(said("{one}大于{other}", one=one, other=other))
        found["one"] = _side(rule.left, outcome.lhs)
        found["other"] = _side(rule.right, outcome.rhs)
    if isinstance(rule, Mix):
        found |= {"one": _printed(rule.total), "other": _as(outcome.rhs, rule.total)}
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
        return _printed(facts[0])
    return _points(_as(value, facts[0])) if facts else ""


def _as(value: Decimal | None, fact: Fact) -> str:
    """A number as figures are compared, in the unit of one of them."""
    return "" if value is None else _measured(_digits(value / fact.factor), fact)


def _points(shown: str) -> str:
    """A difference of percentages is one of points."""
    return str(said("{n} 个百分点", n=shown.removesuffix("%"))) if "%" in shown else shown


def _digits(value: Decimal) -> str:
    return f"{value:,.{min(decimals_of(value), 2)}f}"


def _printed(fact: Fact) -> str:
    return _measured(fact.printed, fact)


def _measured(digits: str, fact: Fact) -> str:
    return measured(digits, fact.unit_of_measure)
