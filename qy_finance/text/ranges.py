"""The strip of notebook 06: from where to where each measure goes among accounts of one scope and year."""

from __future__ import annotations

from typing import Final

from qy_finance.analysis.measures import Value
from qy_finance.analysis.panel import Panel
from qy_finance.analysis.ranked import Ranking
from qy_finance.display import MISSING, cite, escape
from qy_finance.language import t
from qy_finance.text.listing import names

_FEW: Final = 3  # units from which on a median is worth a word


def table(panel: Panel) -> str:
    """Each measure in a row: highest, middle and lowest value with their units, who stands out, who states none.

    Of the accounts of :attr:`Panel.basis`, as a Markdown table; empty where there is one account, or none.
    """
    asked = [one.subject for one in panel.members if (one.subject.scope, one.year) == panel.basis]
    if len(asked) < 2:
        return ""
    lines = [
        t("| 指标 | 份数 | 最高 | 中位数 | 最低 | 明显偏离 | 没有写明或算不出 |"),
        "|---|---:|---|---:|---|---|---|",
    ]
    for found in panel.latest.values():
        if found.measure.group:
            told = {value.subject for value in found.values}
            silent = names(escape(one) for one in asked if one not in told)
            cells = escape(found.measure.title), str(len(found.values)), *_ends(found), silent
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _ends(found: Ranking) -> tuple[str, str, str, str]:
    """Highest, middle, lowest, and those that stand out."""
    values = found.values
    if not values:
        return (MISSING,) * 4
    middle = cite(found.median, "", found.measure.places) if len(values) >= _FEW else MISSING
    last = _end(found, values[-1]) if len(values) > 1 else MISSING
    return _end(found, values[0]), middle, last, names(map(_told, found.outliers))


def _end(found: Ranking, one: Value) -> str:
    """The highest or lowest value and its unit, or how many units have it."""
    same = sum(other.number == one.number for other in found.values)
    return t("{amount}（{n} 个并列）", amount=_cited(one), n=same) if same > 1 else _told(one)


def _told(one: Value) -> str:
    doubt = t("（存疑）") if one.doubted else ""
    return f"{_cited(one)} {escape(one.subject)}{doubt}"


def _cited(one: Value) -> str:
    return cite(one.number, "", one.measure.places)
