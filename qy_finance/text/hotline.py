"""What notebook 04 says of performance indicators and self-evaluation, of a hotline, and as a whole.

Every function says so in a sentence where the report lacks what it needs. Text of the report is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from qy_finance.analysis.hotline import Capacity, Channel, Growth, Hotline, Months
from qy_finance.analysis.indicators import Attainment, Breakdown, Performance, is_own_score
from qy_finance.analysis.law import working_hours
from qy_finance.checks.changes import leaf
from qy_finance.checks.model import Check, Status
from qy_finance.digits import told
from qy_finance.display import MISSING, bold, cite, escape
from qy_finance.facts import Fact
from qy_finance.figures import decimals_of
from qy_finance.narrative.flow import Paragraph
from qy_finance.numbers import Number
from qy_finance.reading import Reading

READING: Final = (
    "目标写 ≥ 的，高于为好；写 ≤ 的，低于为好；没有符号的，达到为好。是否达标以报告印出的数为准。"
    "“距目标”以指标自己的单位计，+ 是好于目标，− 是差于目标；“占目标”是实际值占目标值的百分比；"
    "图里画的是好或差目标值的百分之几，单位不同的指标也能比较。"
)
"""How to read the table and the figure of indicators."""

ELSEWHERE: Final = (
    "本页只说这份报告。目录里各单位热线的同一指标（接通率、满意率、办结率等）并列在"
    "[横向比较](06_panel.ipynb)页的“各地的服务热线”；没有别的热线可以并列时，那里也写明。"
)
"""Where hotlines of other units are: this page stays about its report, and does not change when another is added."""

_REASON: Final = re.compile("(?:主要|具体)?原因|由于|因为")
_SENTENCE_END: Final = re.compile("[。；]")
_NAMED: Final = 5  # missed indicators that a sentence names
_ROWS: Final = 100  # indicators that a table shows


def bottom_line(found: Performance, line: Hotline, doubted: Sequence[str]) -> str:
    """The notebook in a paragraph; ``doubted`` is what :func:`contradictions` lists."""
    load = line.capacity
    none = f"报告没有写带目标值的绩效指标。{_qualified(found)}"
    said = [bold(_met(found)) if found.indicators else none]
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
    worded, opened = sum(aim.is_worded for aim in aims), sum(aim.is_open for aim in aims)
    silent = sum(aim.actual is None for aim in aims) - worded
    unlike = sum(aim.met is None for aim in aims) - silent - worded - opened
    text = f"{len(aims)} 项指标写有目标值，{sum(aim.met is True for aim in aims)} 项达标"
    if missed:
        first = missed[:_NAMED]
        named = (f"{escape(aim.name)}（{cite(aim.actual)}，目标 {_goal(aim)}）" for aim in first)
        more = "等" if len(missed) > _NAMED else ""
        text += f"，{len(missed)} 项未达标：{'、'.join(named)}{more}"
    text += f"，{silent} 项没有写完成值" if silent else ""
    text += f"，{unlike} 项的目标和完成值单位不同，不能比较" if unlike else ""
    text += f"，{worded} 项的完成值不是一个数" if worded else ""
    text += f"，{opened} 项没有写 ≥ 或 ≤，看不出高于还是低于目标为好" if opened else ""
    return f"{text}。{_qualified(found)}"


def _qualified(found: Performance) -> str:
    return f"另有 {found.worded} 项指标的目标不是数（定性、日期或等级）。" if found.worded else ""


def _goal(aim: Attainment) -> str:
    return f"{aim.comparison}{cite(aim.target)}"


def table(aims: Sequence[Attainment]) -> str:
    """Target, actual value and distance of each indicator as a Markdown table."""
    lines = ["| 指标 | 目标 | 实际 | 距目标 | 占目标 |", "|---|---:|---:|---:|---:|"]
    for aim in aims[:_ROWS]:
        ahead = aim.ahead
        apart = MISSING if ahead is None else _signed(ahead, aim.unit, decimals_of(ahead))
        cells = escape(aim.name), _goal(aim), cite(aim.actual), apart, told(aim.reached, "%")
        lines.append(f"| {' | '.join(cells)} |")
    more = len(aims) - _ROWS
    rest = f"\n\n另有 {more} 项，见 `report.kpis`。" if more > 0 else ""
    return "\n".join(lines) + rest


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
    ahead = aim.ahead or Number(0)
    distance = f"{'好' if aim.met else '差'} {cite(abs(ahead), aim.unit, decimals_of(ahead))}"
    return f"{escape(aim.name)}，比目标{distance}（实际是目标的 {told(aim.reached, '%')}）"


def reasons(found: Performance) -> str:
    """The stated reasons of indicators that missed their target, quoted."""
    told_ = ((aim, _reason(found.reading, aim)) for aim in found.missed)
    return "\n>\n".join(f"> {bold(escape(aim.name))}：{reason}" for aim, reason in told_)


def _reason(reading: Reading, aim: Attainment) -> str:
    if aim.row is not None:
        return escape(aim.reason) or "自评表没有写原因。"
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
    scores = sorted(filter(is_own_score, facts), key=lambda fact: fact.number)
    if not scores:
        return "绩效自评没有写得分。"
    low, high = scores[0], scores[-1]
    several = low.number != high.number
    span = f"，最低 {cite(low)}，最高 {cite(high)}" if several else f"：{cite(low)}"
    return f"绩效自评写了 {len(scores)} 个得分{span}；自评由单位给自己打分。"


def contradictions(doubted: Sequence[str]) -> str:
    """What contradicts the figures of this notebook (:func:`..doubts.doubts`) as a list, or that nothing does."""
    if not doubted:
        return "这里用到的数字，能互相核对的都没有矛盾（全部核对见“勾稽”页）。"
    return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(doubted, start=1))


def method(found: Performance, line: Hotline) -> list[str]:
    """How the numbers of the page were computed."""
    said = [f"**指标**：{READING}"] if found.indicators else []
    return said + ([f"**推算**：{assumed(line.capacity)}"] if line.capacity.calls else [])


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


# ---- the hotline


def assumed(load: Capacity) -> str:
    """What the computed numbers of a hotline assume, with the working hours of the year by law."""
    law = working_hours(load.year)
    return (
        "“由来”写着算式的都是推算，并非报告所写。推算假定：接通率适用于全部来电（有语音自助分流时，实际未接通的会少一些）；"
        f"每通接通的来电都用平均时长；每人每年工作 {load.full:,} 小时（{law.text}{law.source}，{law.sure}），"
        "而工作人员里也有不接电话的岗位。推算的位数不多于原数支持的位数。"
    )


def load_table(load: Capacity) -> str:
    """Demand and capacity as a Markdown table: stated figures, then what follows from them."""
    lines = ["| 项目 | 数 | 由来 |", "|---|---:|---|"]
    lines += [f"| {name} | {cite(fact)} | 报告原数 |" for name, fact in load.stated.items()]
    lines += [f"| {row.name} | {told(row.number, row.noun)} | {row.how} |" for row in load.derived]
    return "\n".join(lines)


def on_capacity(load: Capacity) -> str:
    """What the answer rate means in calls, and what a seat has to bear."""
    said = []
    if load.daily is not None:
        said.append(f"每个坐席每天平均面对 {told(load.daily, '通')}来电")
    if load.unanswered is not None:
        unanswered = told(load.unanswered, "通")
        said.append(f"如果 {cite(load.rate)} 的接通率适用于全部来电，未接通约 {unanswered}")
    if load.short is not None:
        said.append(f"要达到 {cite(load.goal)} 的目标，还要多接 {told(load.short, '通')}")
    if load.busy is not None:
        said.append(
            f"接通的通话合计约 {told(load.hours, '小时')}，相当于全体人员工时的 {told(load.busy, '%')}，"
            "这是全年平均，说明不了高峰时段"
        )
    return "；".join(said) + "。" if said else "报告没有写坐席、人员或接通率，只有来电总量。"


def channel_table(listed: Sequence[Channel]) -> str:
    """Requests by channel as a Markdown table."""
    lines = ["| 渠道 | 受理量 | 占各渠道合计 |", "|---|---:|---:|"]
    lines += [f"| {row.name} | {cite(row.count)} | {told(row.share, '%')} |" for row in listed]
    return "\n".join(lines)


def on_channels(listed: Sequence[Channel]) -> str:
    """How unequal the channels are."""
    if not listed:
        return "报告没有按渠道写受理量。"
    top, low = listed[0], listed[-1]
    text = f"{top.name}最多，{cite(top.count)}"
    if len(listed) == 1:
        return f"报告只写了一个渠道的受理量：{text}。"
    if top.share is None:
        return "报告写的各渠道受理量合计是 0。"
    text += f"，占各渠道合计的 {told(top.share, '%')}；最少的是{low.name}，{cite(low.count)}。"
    nouns = dict.fromkeys(row.count.noun for row in listed)
    if len(nouns) > 1:
        text += f"各渠道的计量单位不同（{'、'.join(map(escape, nouns))}），合计只能看出量级。"
    return text


def on_shares(checks: Sequence[Check]) -> str:
    """Shares of calls as stated and recomputed, and that persons are no part of calls; empty if none is stated."""
    said = []
    for check in checks:
        stated, part, whole = check.rule.operands
        recomputed = cite(Number(check.outcome.rhs or 0, None, "%", (part, whole)), "%")
        text = (
            f"报告写{escape(leaf(part.item))} {cite(part)}，占{escape(stated.column)}的 {cite(stated)}；"
            f"以{escape(leaf(whole.item))}重算是 {recomputed}{_mark(check)}。"
        )
        if part.noun in ("人", "名", "户"):
            text += "人数与通数单位不同，一个人可以来电多次，不是严格意义上的占比。"
        said.append(text)
    return "\n\n".join(said)


def _mark(check: Check | None) -> str:
    """Says at once that figures are contradicted; :func:`contradictions` says by what."""
    return "（对不上，见后）" if check and check.status is Status.BREAK else ""


def on_breakdown(division: Breakdown) -> str:
    """The largest part, what all parts cover, and whether something is left."""
    whole, top, count = division.whole, division.parts[0], len(division.parts)
    text = (
        f"{escape(division.name)}：{cite(whole)}，最多的是{escape(leaf(top.item))}，{cite(top)}"
        f"（{told(division.share(top.compared), '%', 2)}）"
    )
    if division.complete:
        return f"{text}；列出的 {count} 项相加正好是总数。"
    covered, rest = told(division.share(division.covered), "%", 2), told(division.rest, whole.noun)
    text += f"；列出的 {count} 项合计约占 {covered}，其余约 {rest}没有说明"
    return f"{text}{'' if division.sorted_as_told else '。报告列出的次序不是从多到少'}。"


def on_months(rows: Sequence[Months]) -> str:
    """The change between two months as stated and as computed."""
    if not rows:
        return "报告没有写两个月份之间的比率变化。"
    said = []
    for row in rows:
        (one, two), (before, after) = row.months, (row.before, row.after)
        places = max(before.number.places, after.number.places)
        text = (
            f"{escape(leaf(before.item))}从 {one} 月的 {cite(before)} 到 {two} 月的 {cite(after)}，"
            f"变动 {_signed(row.points, '个百分点', places)}"
        )
        if row.stated:
            text += f"；报告写的变动幅度是 {_signed(row.stated.number, '%')}"
        said.append(f"{text}{_mark(row.check)}。")
    return "\n\n".join(said)


def _signed(value: Number, unit: str, places: int | None = None) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{cite(abs(value), unit, value.places if places is None else places)}"


def on_growth(rows: Sequence[Growth]) -> str:
    """What the stated growth rates multiply to."""
    if not rows:
        return "报告没有写业务量的同比变化。"
    names = [leaf(row.rate.item) for row in rows]
    stated = [
        f"{row.rate.year} 年{escape(name)} {_signed(row.rate.number, '%')}"
        for row, name in zip(rows, names, strict=True)
    ]
    text = f"报告写的同比：{'、'.join(stated)}。"
    last, base = rows[-1], rows[0].rate.year - 1
    if len(rows) == 1 or last.level is None:
        return text
    times = told(last.level / 100, "倍")
    text += f"连乘起来，{last.rate.year} 年约是 {base} 年的 {times}"
    if len(set(names)) > 1:
        text += "（推算；各年用的名称不同，口径未必一致，只能当作量级）"
    return f"{text}。"


def satisfaction_table(pair: tuple[Fact, Fact] | None) -> str:
    """Satisfaction with call and outcome as a Markdown table; empty where the report does not state both."""
    if pair is None:
        return ""
    lines = ["| 对什么 | 报告中的名称 | 满意 | 不满意（推算） |", "|---|---|---:|---:|"]
    for kind, one in zip(("通话", "办理结果"), pair, strict=True):
        rest = cite(100 - one.number, "%", one.number.places)
        lines.append(f"| {kind} | {escape(leaf(one.item))} | {cite(one)} | {rest} |")
    return "\n".join(lines)


def on_satisfaction(pair: tuple[Fact, Fact] | None) -> str:
    """Satisfaction with the call against satisfaction with the outcome."""
    if pair is None:
        return "报告没有同时写对通话和对办理结果的满意度，不能比较。"
    call, outcome = (one.number for one in pair)
    places = max(call.places, outcome.places)
    text = (
        f"对通话满意的有 {cite(pair[0])}，对办理结果满意的有 {cite(pair[1])}，"
        f"前者{'高' if call >= outcome else '低'} {cite(abs(call - outcome), '个百分点', places)}"
    )
    share = (100 - outcome).percent_of(100 - call)
    if share is not None and share > 100:
        text += f"；不满意的比例，对办理结果的约是对通话的 {told(share / 100, '倍')}"
    return f"{text}。"
