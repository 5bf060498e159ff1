"""What notebook 04 says of performance indicators and self-evaluation, and as a whole.

Every function says so in a sentence where the report lacks what it needs. Text of the report is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from qy_finance.analysis.hotline import Hotline
from qy_finance.analysis.indicators import Attainment, Performance
from qy_finance.digits import told
from qy_finance.display import MISSING, bold, cite, escape
from qy_finance.facts import Fact
from qy_finance.figures import decimals_of
from qy_finance.narrative.flow import Paragraph
from qy_finance.reading import Reading

READING: Final = (
    "目标写 ≥ 的，高于为好；写 ≤ 的，低于为好；没有符号的，达到为好。是否达标以报告印出的数为准。"
    "“距目标”以指标自己的单位计，+ 是好于目标，− 是差于目标；“占目标”是实际值占目标值的百分比，单位不同的指标也能比较。"
)
"""How to read the table and the figure of indicators."""

_REASON: Final = re.compile("(?:主要|具体)?原因|由于|因为")
_SENTENCE_END: Final = re.compile("[。；]")
_NAMED: Final = 5  # missed indicators that a sentence names


def bottom_line(found: Performance, line: Hotline, doubted: Sequence[str]) -> str:
    """The notebook in a paragraph; ``doubted`` is what :func:`contradictions` lists."""
    load = line.capacity
    said = [bold(_met(found)) if found.indicators else "报告没有写带目标值的绩效指标。"]
    if load.calls and load.unanswered is not None:
        said.append(
            f"{load.year} 年热线来电 {cite(load.calls)}，人工接通率 {cite(load.rate)}，"
            f"按此约有 {told(load.unanswered, load.calls.noun)}没有接通。"
        )
    elif load.calls:
        said.append(f"{load.year} 年热线来电 {cite(load.calls)}，报告没有写人工接通率。")
    elif found.evaluation:
        said.append(on_evaluation(found.evaluation))
    if not load.calls:
        said.append("没有写政务服务热线的业务量。")
    if doubted:
        said.append(f"这些数字里有 {len(doubted)} 处互相矛盾或与报告的说法矛盾，列在后面。")
    return "".join(said)


def _met(found: Performance) -> str:
    aims, missed = found.indicators, found.missed
    silent = sum(aim.actual is None for aim in aims)
    unlike = sum(aim.met is None for aim in aims) - silent
    text = f"{len(aims)} 项指标写有目标值，{sum(aim.met is True for aim in aims)} 项达标"
    if missed:
        named = "、".join(
            f"{escape(aim.name)}（{cite(aim.actual)}，目标 {_goal(aim)}）"
            for aim in missed[:_NAMED]
        )
        text += f"，{len(missed)} 项未达标：{named}{'等' if len(missed) > _NAMED else ''}"
    text += f"，{silent} 项没有写完成值" if silent else ""
    return text + (f"，{unlike} 项的目标和完成值单位不同，不能比较" if unlike else "") + "。"


def _goal(aim: Attainment) -> str:
    return f"{aim.comparison}{cite(aim.target)}"


def table(aims: Sequence[Attainment]) -> str:
    """Target, actual value and distance of each indicator as a Markdown table."""
    lines = ["| 指标 | 目标 | 实际 | 距目标 | 占目标 |", "|---|---:|---:|---:|---:|"]
    for aim in aims:
        sign = "" if not aim.ahead else "+" if aim.ahead > 0 else "−"
        cells = escape(aim.name), _goal(aim), cite(aim.actual), f"{sign}{_distance(aim)}"
        lines.append(f"| {' | '.join(cells)} | {told(aim.reached, '%')} |")
    return "\n".join(lines)


def _distance(aim: Attainment) -> str:
    return MISSING if aim.ahead is None else cite(abs(aim.ahead), aim.unit, decimals_of(aim.ahead))


def on_indicators(found: Performance) -> str:
    """How many targets are met, which leave no room, and which indicators are furthest behind and ahead."""
    said = [_met(found)]
    ranked = sorted((aim for aim in found.indicators if aim.lead), key=lambda aim: aim.lead or 0)
    if ranked and ranked[0].met is False:
        said.append(f"按与目标的比例算，落后最多的是{_apart(ranked[0])}。")
    if ranked and ranked[-1].met:
        said.append(f"领先最多的是{_apart(ranked[-1])}。")
    full = sum(aim.target.unit == "%" and aim.target.value == 100 for aim in found.indicators)
    if full:
        said.append(f"有 {full} 项的目标就是 100%，达标之外不可能更好，看不出差别。")
    return "".join(said)


def _apart(aim: Attainment) -> str:
    """通话效率，比目标好 63 秒（实际是目标的 75%）."""
    distance = f"比目标{'好' if aim.met else '差'} {_distance(aim)}"
    return f"{escape(aim.name)}，{distance}（实际是目标的 {told(aim.reached, '%')}）"


def reasons(found: Performance) -> str:
    """The stated reasons of indicators that missed their target, quoted."""
    reading = found.checks.reading
    return "\n>\n".join(
        f"> {bold(escape(aim.name))}：{_reason(reading, aim)}" for aim in found.missed
    )


def _reason(reading: Reading, aim: Attainment) -> str:
    assert aim.actual is not None  # what was not reached is stated
    place = aim.actual.figure.end - 1
    spans = ((one, one.span(0, len(one.text))) for one, _ in reading.paragraphs if one.text)
    paragraph = next(one for one, (first, end) in spans if first <= place < end)
    text = paragraph.text
    if aim.reason:
        return _quoted(reading, paragraph, len(text) - len(aim.reason), len(text))
    # several indicators of one paragraph: the reason stands in the sentence of each
    start = paragraph.position(place) + 1
    end = _SENTENCE_END.search(text, start)
    stop = end.start() if end else len(text)
    said = _REASON.search(text, start, stop)
    if said is None:
        return "写完成值的那句话没有写原因。"
    return f"{_quoted(reading, paragraph, said.start(), stop)}。"


def _quoted(reading: Reading, paragraph: Paragraph, start: int, stop: int) -> str:
    """Words of a paragraph as printed, each figure in them, with separators of thousands, leading to its source."""
    first, end = paragraph.span(start, stop)
    said, done = [], start
    for fact in reading.prose:
        if first <= fact.figure.start < end:
            at, number = paragraph.position(fact.figure.start), abs(fact.number)
            said += [escape(paragraph.text[done:at]), cite(number, "", number.places)]
            done = at + len("".join(fact.printed.split()))
    return "".join([*said, escape(paragraph.text[done:stop])])


def evaluated(facts: Sequence[Fact]) -> str:
    """The figures of the self-evaluation as a Markdown table."""
    lines = ["| 报告写的是 | 数 |", "|---|---:|"]
    lines += [f"| {escape(title(fact))} | {cite(fact)} |" for fact in facts]
    return "\n".join(lines)


def title(fact: Fact) -> str:
    """What a figure of the self-evaluation says, in a few words of the report."""
    kinds = {"share": f"占{fact.column}", "completion_rate": f"完成{fact.column}的百分比"}
    about = kinds.get(fact.measure, fact.column)
    return f"{fact.item}：{about}" if about else fact.item


def on_evaluation(facts: Sequence[Fact]) -> str:
    """The scores, and who gave them."""
    scores = sorted((f for f in facts if f.measure == "score"), key=lambda fact: fact.number)
    if not scores:
        return "绩效自评没有写得分。"
    low, high = scores[0], scores[-1]
    range_ = (
        f"：{cite(low)}" if low.number == high.number else f"，最低 {cite(low)}，最高 {cite(high)}"
    )
    return f"绩效自评写了 {len(scores)} 个得分{range_}；自评由单位给自己打分。"


def contradictions(doubted: Sequence[str]) -> str:
    """What contradicts the figures of this notebook (:func:`..doubts.doubts`) as a list, or that nothing does."""
    if not doubted:
        return "这里用到的数字，能互相核对的都没有矛盾（全部核对见 05 勾稽）。"
    return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(doubted, start=1))


def limits(found: Performance, line: Hotline) -> str:
    """What the data cannot say, as a list."""
    said = []
    if found.indicators:
        said.append("**目标定得高不高**：达标多，也可能是目标宽松；要看目标的依据和往年的目标。")
    said += [
        "**指标全不全**：没有写进公开报告的指标，这里看不到。",
        "**数字由谁核实**：这些是单位的自评；要核实，得看原始记录。",
    ]
    if line.capacity.calls:
        said += [
            "**没接通的人怎样了**：重拨、转到其他渠道还是放弃，这些数字分不开；同一个人重拨会重复计算。",
            "**什么时候接不通**：全年平均看不出高峰；要看分时段的来电和排班。",
            "**满意度代表谁**：只有参加评价的人在内；要看参评率。",
            "**措施有没有效果**：两个月份之间的变化，同时受来电多少影响，不能全归于措施。",
        ]
    return "\n".join(f"- {item}" for item in said)
