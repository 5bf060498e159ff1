"""What notebook 04 says of standards from outside, in Markdown; text of the report is escaped."""

from __future__ import annotations

from collections.abc import Sequence

from qy_finance.analysis.yardsticks import Yardstick
from qy_finance.checks.changes import leaf
from qy_finance.display import bold, cite, escape, quoted
from qy_finance.facts import Fact
from qy_finance.language import capital, join, plain, t


def table(found: Sequence[Yardstick]) -> str:
    """What standards from outside ask, beside the report's own target and what it states, as a Markdown table."""
    lines = [t("| 外部参照 | 报告自己的目标 | 报告写的 | 出处（依据） |"), "|---|---:|---:|---|"]
    for one in found:
        stated = t("“{words}”", words=quoted(one.said)) if one.said else ""
        if one.actual:
            stated = f"{escape(leaf(one.actual.item))} {cite(one.actual)}"
        source = t("{source}（{sure}）", source=one.rule.source, sure=one.rule.sure)
        none = t("没有写")
        goal = cite(one.goal) if one.goal else none
        cells = plain(one.rule.text), goal, stated or none, source
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def on_yardsticks(found: Sequence[Yardstick]) -> str:
    """How target and actual rate stand to the standard's, and why that is no verdict."""
    said = []
    for one in found:
        least = one.rule.values.get("least")
        if least is None:
            continue
        said += [_goal(fact, least) for fact in (one.goal,) if fact]
        said += [_actual(fact, least) for fact in (one.actual,) if fact]
    if not said:
        return _differs()
    both = (
        t("{goal}，{actual}", goal=said[0], actual=said[1]) if len(said) == 2 else join(said, "，")
    )
    return t("{said}。", said=capital(both)) + _differs()


def _goal(fact: Fact, least: int) -> str:
    rate = cite(fact)
    if fact.number < least:
        return t("报告自己的接通率目标 {rate} 低于推荐性标准的 {least}%", rate=rate, least=least)
    return t("报告自己的接通率目标 {rate} 不低于推荐性标准的 {least}%", rate=rate, least=least)


def _actual(fact: Fact, least: int) -> str:
    rate = cite(fact)
    if fact.number < least:
        return t("实际接通率 {rate} 低于推荐性标准的 {least}%", rate=rate, least=least)
    return t("实际接通率 {rate} 不低于推荐性标准的 {least}%", rate=rate, least=least)


def _differs() -> str:
    return t(
        "标准说的是任意连续 24 小时的呼叫接通率，报告写的是全年的人工接通率，口径不同：{only}。",
        only=bold(t("只作参照，不能当作这份报告的目标")),
    )
