"""What performance indicators and evaluations say, as Chinese sentences (Markdown) whose numbers lead to their source.

Every function says so in a sentence where the report lacks what it needs. Text of the report is escaped.
"""

from __future__ import annotations

from typing import Final

from qy_finance.analysis.doubts import doubts
from qy_finance.analysis.evaluation import evaluation, title
from qy_finance.analysis.hotline import Capacity, capacity
from qy_finance.analysis.hotline_numbers import Said, told
from qy_finance.analysis.hotline_story import used_by_hotline
from qy_finance.analysis.indicators import Aim, indicators
from qy_finance.analysis.quotation import rest_of_paragraph, rest_of_sentence
from qy_finance.display import MISSING, bold, cite, escape
from qy_finance.figures import decimals_of
from qy_finance.report import Report

READING: Final = (
    "目标写 ≥ 的，高于为好；写 ≤ 的，低于为好；没有符号的，达到为好。是否达标以报告印出的数为准。"
    "“距目标”以指标自己的单位计，+ 是好于目标，− 是差于目标；“占目标”是实际值占目标值的百分比，单位不同的指标也能比较。"
)
"""How to read the table and the figure of indicators."""

_REASON: Final = "(?:主要|具体)?原因|由于|因为"
_NAMED: Final = 5  # missed indicators that a sentence names


def bottom_line(report: Report) -> str:
    """The notebook in a paragraph."""
    aims, load, rated = indicators(report), capacity(report), evaluation(report)
    said: list[str] = [bold(_met(aims)) if aims else "报告没有写带目标值的绩效指标。"]
    if load.calls and load.rate and load.unanswered:
        said.append(
            f"{load.year} 年热线来电 {load.calls.fact.cited}，人工接通率 {load.rate.fact.cited}，"
            f"按此约有 {told(load.unanswered, load.calls.noun)}没有接通。"
        )
    elif load.calls:
        said.append(f"{load.year} 年热线来电 {load.calls.fact.cited}，报告没有写人工接通率。")
    elif rated:
        said.append(on_evaluation(rated))
    if not load.calls:
        said.append("没有写政务服务热线的业务量。")
    found = len(findings(report))
    if found:
        said.append(f"这些数字里有 {found} 处互相矛盾或与报告的说法矛盾，列在后面。")
    return "".join(said)


def _met(aims: list[Aim]) -> str:
    missed = [aim for aim in aims if aim.met is False]
    silent = [aim for aim in aims if aim.actual is None]
    unlike = len(aims) - len(silent) - sum(aim.comparable for aim in aims)
    text = f"{len(aims)} 项指标写有目标值，{sum(aim.met is True for aim in aims)} 项达标"
    if missed:
        named = "、".join(
            f"{escape(aim.name)}（{aim.actual.fact.cited}，目标 {_goal(aim)}）"
            for aim in missed[:_NAMED]
            if aim.actual
        )
        text += f"，{len(missed)} 项未达标：{named}{'等' if len(missed) > _NAMED else ''}"
    text += f"，{len(silent)} 项没有写完成值" if silent else ""
    return text + (f"，{unlike} 项的目标和完成值单位不同，不能比较" if unlike else "") + "。"


def _goal(aim: Aim) -> str:
    return f"{aim.comparison}{aim.target.fact.cited}"


def table(aims: list[Aim]) -> str:
    """Target, actual value and distance of each indicator as a Markdown table."""
    lines = [
        "| 指标 | 目标 | 实际 | 距目标 | 占目标 |",
        "|---|---:|---:|---:|---:|",
    ]
    for aim in aims:
        actual = aim.actual.fact.cited if aim.actual else MISSING
        reached = told(aim.reached, "%") if aim.reached else MISSING
        lines.append(
            f"| {escape(aim.name)} | {_goal(aim)} | {actual} | {_distance(aim)} | {reached} |"
        )
    return "\n".join(lines)


def _distance(aim: Aim) -> str:
    if aim.ahead is None:
        return MISSING
    value = aim.ahead.value
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{cite(abs(value), aim.unit, decimals_of(value))}"


def _apart(aim: Aim) -> str:
    """比目标好 63 秒（实际是目标的 75%）."""
    if aim.ahead is None or aim.reached is None:
        return MISSING
    value = aim.ahead.value
    better = "好" if value > 0 else "差"
    distance = cite(abs(value), aim.unit, decimals_of(value))
    return f"比目标{better} {distance}（实际是目标的 {told(aim.reached, '%')}）"


def on_indicators(aims: list[Aim]) -> str:
    """How many targets are met, which leave no room, and which indicators are furthest behind and ahead."""
    said = [_met(aims)]
    ranked = sorted((aim for aim in aims if aim.lead), key=lambda aim: aim.lead or 0)
    if ranked and ranked[0].met is False:
        said.append(
            f"按与目标的比例算，落后最多的是{escape(ranked[0].name)}，{_apart(ranked[0])}。"
        )
    if ranked and ranked[-1].met:
        said.append(f"领先最多的是{escape(ranked[-1].name)}，{_apart(ranked[-1])}。")
    full = [aim for aim in aims if aim.target.noun == "%" and aim.target.exact.value == 100]
    if full:
        said.append(f"有 {len(full)} 项的目标就是 100%，达标之外不可能更好，看不出差别。")
    return "".join(said)


def reasons(report: Report, aims: list[Aim]) -> str:
    """The stated reasons of indicators that missed their target, quoted."""
    missed = [aim for aim in aims if aim.met is False]
    return "\n>\n".join(f"> {bold(escape(aim.name))}：{_reason(report, aim)}" for aim in missed)


def _reason(report: Report, aim: Aim) -> str:
    if aim.reason:
        return rest_of_paragraph(report, aim.target.fact.start, aim.reason)
    # several indicators of one paragraph: the reason stands in the sentence of each
    said = rest_of_sentence(report, aim.actual.fact.end, _REASON) if aim.actual else ""
    return f"{said}。" if said else "写完成值的那句话没有写原因。"


def evaluated(rated: list[Said]) -> str:
    """The figures of the evaluation (``analysis.evaluation``) as a Markdown table."""
    lines = ["| 报告写的是 | 数 |", "|---|---:|"]
    lines += [f"| {escape(title(one))} | {one.fact.cited} |" for one in rated]
    return "\n".join(lines)


def on_evaluation(rated: list[Said]) -> str:
    """The scores, and who gave them."""
    scores = [one for one in rated if one.fact.measure == "score"]
    if not scores:
        return "绩效自评没有写得分。"
    return f"绩效自评写了 {_scored(scores)}；自评由单位给自己打分。"


def _scored(scores: list[Said]) -> str:
    ordered = sorted(scores, key=lambda one: one.fact.value)
    low, high = ordered[0].fact, ordered[-1].fact
    if low.value == high.value:
        return f"{len(scores)} 个得分：{low.cited}"
    return f"{len(scores)} 个得分，最低 {low.cited}，最高 {high.cited}"


def findings(report: Report) -> list[str]:
    """What contradicts the figures of this notebook, a sentence each: the checks of notebook 05 that touch them."""
    aims = indicators(report)
    used = [one for aim in aims for one in (aim.target, aim.actual) if one]
    used += [*evaluation(report), *used_by_hotline(report)]
    return doubts(report, [one.row for one in used])


def contradictions(report: Report) -> str:
    """Those as a list, or that there is none among the figures that can be checked."""
    found = findings(report)
    if not found:
        return "这里用到的数字，能互相核对的都没有矛盾（全部核对见 05 勾稽）。"
    return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(found, start=1))


def limits(aims: list[Aim], load: Capacity) -> str:
    """What the data cannot say, as a list."""
    said = []
    if aims:
        said.append("**目标定得高不高**：达标多，也可能是目标宽松；要看目标的依据和往年的目标。")
    said += [
        "**指标全不全**：没有写进公开报告的指标，这里看不到。",
        "**数字由谁核实**：这些是单位的自评；要核实，得看原始记录。",
    ]
    if load.calls:
        said += [
            "**没接通的人怎样了**：重拨、转到其他渠道还是放弃，这些数字分不开；同一个人重拨会重复计算。",
            "**什么时候接不通**：全年平均看不出高峰；要看分时段的来电和排班。",
            "**满意度代表谁**：只有参加评价的人在内；要看参评率。",
            "**措施有没有效果**：两个月份之间的变化，同时受来电多少影响，不能全归于措施。",
        ]
    return "\n".join(f"- {line}" for line in said)
