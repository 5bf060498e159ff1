"""What notebook 04 says of standards from outside, in Markdown; text of the report is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from qy_finance.analysis.yardsticks import Yardstick
from qy_finance.checks.changes import leaf
from qy_finance.display import bold, cite, escape


def table(found: Sequence[Yardstick]) -> str:
    """What standards from outside ask, beside the report's own target and what it states, as a Markdown table."""
    lines = ["| 外部参照 | 报告自己的目标 | 报告写的 | 出处（依据） |", "|---|---:|---:|---|"]
    for one in found:
        stated = f"“{escape(one.said)}”" if one.said else ""
        if one.actual:
            stated = f"{escape(leaf(one.actual.item))} {cite(one.actual)}"
        goal = cite(one.goal) if one.goal else ""
        cells = (
            one.rule.text,
            goal or "没有写",
            stated or "没有写",
            f"{one.rule.source}（{one.rule.sure}）",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def on_yardsticks(found: Sequence[Yardstick]) -> str:
    """How target and actual rate stand to the standard's, and why that is no verdict."""
    said = []
    for one in found:
        least = one.rule.values.get("least")
        if least is None:
            continue
        for what, fact in (("报告自己的接通率目标", one.goal), ("实际接通率", one.actual)):
            if fact is not None:
                stands = "低于" if fact.number < least else "不低于"
                said.append(f"{what} {cite(fact)} {stands}推荐性标准的 {least}%")
    text = "，".join(said) + "。" if said else ""
    return (
        f"{text}标准说的是任意连续 24 小时的呼叫接通率，报告写的是全年的人工接通率，口径不同："
        f"{bold('只作参照，不能当作这份报告的目标')}。"
    )
