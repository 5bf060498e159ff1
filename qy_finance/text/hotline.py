"""What notebook 04 says of performance indicators and self-evaluation, of a hotline, and as a whole.

Every function says so in a sentence where the report lacks what it needs. Text of the report is escaped.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Sequence
from typing import Final

from qy_finance.analysis.hotline import Capacity, Channel, Growth, Hotline, Months
from qy_finance.analysis.indicators import Attainment, Breakdown, Performance, is_own_score
from qy_finance.analysis.law import working_hours
from qy_finance.checks.changes import leaf
from qy_finance.checks.model import Check, Status
from qy_finance.digits import told
from qy_finance.display import MISSING, bold, cite, escape, quoted
from qy_finance.facts import Fact
from qy_finance.figures import decimals_of
from qy_finance.language import capital, is_english, join, plain, t, unit_name
from qy_finance.narrative.flow import Paragraph
from qy_finance.numbers import Number
from qy_finance.reading import Reading

_REASON: Final = re.compile("(?:主要|具体)?原因|由于|因为")
_SENTENCE_END: Final = re.compile("[。；]")
_NAMED: Final = 5  # missed indicators that a sentence names
_ROWS: Final = 100  # indicators that a table shows


def bottom_line(found: Performance, line: Hotline, doubted: Sequence[str]) -> str:
    """The notebook in a paragraph; ``doubted`` is what :func:`contradictions` lists."""
    load = line.capacity
    none = t("报告没有写带目标值的绩效指标。") + _qualified(found)
    said = [bold(_met(found)) if found.indicators else none]
    if load.calls and load.unanswered is not None:
        said.append(
            t(
                "{year} 年热线来电 {calls}，人工接通率 {rate}，按此约有 {lost}没有接通。",
                year=load.year, calls=cite(load.calls), rate=cite(load.rate),
                lost=told(load.unanswered, load.calls.noun),
            )
        )  # fmt: skip
    elif load.calls:
        said.append(
            t(
                "{year} 年热线来电 {calls}，报告没有写人工接通率。",
                year=load.year, calls=cite(load.calls),
            )
        )  # fmt: skip
    elif found.evaluation:
        said.append(on_evaluation(found.evaluation))
    if not load.calls:
        said.append(t("没有写政务服务热线的业务量。"))
    if doubted:
        said.append(t("这些数字里有 {n} 处互相矛盾或与报告的说法矛盾，列在后面。", n=len(doubted)))
    return "".join(said)


def _met(found: Performance) -> str:
    aims, missed = found.indicators, found.missed
    worded, opened = sum(aim.is_worded for aim in aims), sum(aim.is_open for aim in aims)
    silent = sum(aim.actual is None for aim in aims) - worded
    unlike = sum(aim.met is None for aim in aims) - silent - worded - opened
    met = sum(aim.met is True for aim in aims)
    text = t("{n} 项指标写有目标值，{met} 项达标", n=len(aims), met=met)
    if missed:
        named = join(
            t(
                "{name}（{actual}，目标 {goal}）",
                name=escape(aim.name), actual=cite(aim.actual), goal=_goal(aim),
            )
            for aim in missed[:_NAMED]
        )  # fmt: skip
        if len(missed) > _NAMED:
            named = t("{named}等", named=named)
        text = t("{told}，{n} 项未达标：{named}", told=text, n=len(missed), named=named)
    if silent:
        text = t("{told}，{n} 项没有写完成值", told=text, n=silent)
    if unlike:
        text = t("{told}，{n} 项的目标和完成值单位不同，不能比较", told=text, n=unlike)
    if worded:
        text = t("{told}，{n} 项的完成值不是一个数", told=text, n=worded)
    if opened:
        text = t("{told}，{n} 项没有写 ≥ 或 ≤，看不出高于还是低于目标为好", told=text, n=opened)
    return t("{said}。", said=text) + _qualified(found)


def _qualified(found: Performance) -> str:
    if not found.worded:
        return ""
    return t("另有 {n} 项指标的目标不是数（定性、日期或等级）。", n=found.worded)


def _goal(aim: Attainment) -> str:
    return f"{aim.comparison}{cite(aim.target)}"


def table(aims: Sequence[Attainment]) -> str:
    """Target, actual value and distance of each indicator as a Markdown table."""
    lines = [t("| 指标 | 目标 | 实际 | 距目标 | 占目标 |"), "|---|---:|---:|---:|---:|"]
    for aim in aims[:_ROWS]:
        ahead = aim.ahead
        apart = MISSING if ahead is None else _signed(ahead, aim.unit, decimals_of(ahead))
        cells = escape(aim.name), _goal(aim), cite(aim.actual), apart, told(aim.reached, "%")
        lines.append(f"| {' | '.join(cells)} |")
    more = len(aims) - _ROWS
    if more > 0:
        lines += ["", t("另有 {n} 项，见 `report.kpis`。", n=more)]
    return "\n".join(lines)


def on_indicators(found: Performance) -> str:
    """How many targets are met, which leave no room, and which indicators are furthest behind and ahead."""
    said = [_met(found)]
    ranked = sorted((aim for aim in found.indicators if aim.lead), key=lambda aim: aim.lead or 0)
    if ranked and ranked[0].met is False:
        said.append(t("按与目标的比例算，落后最多的是{apart}。", apart=_apart(ranked[0])))
    if ranked and ranked[-1].met:
        said.append(t("领先最多的是{apart}。", apart=_apart(ranked[-1])))
    full = sum(aim.target.unit == "%" and aim.target.value == 100 for aim in found.indicators)
    if full:
        said.append(t("有 {n} 项的目标就是 100%，达标之外不可能更好，看不出差别。", n=full))
    return "".join(said)


def _apart(aim: Attainment) -> str:
    """通话效率，比目标好 63 秒（实际是目标的 75%）."""
    ahead, name, share = aim.ahead or Number(0), escape(aim.name), told(aim.reached, "%")
    by = cite(abs(ahead), aim.unit, decimals_of(ahead))
    if aim.met:
        return t("{name}，比目标好 {by}（实际是目标的 {share}）", name=name, by=by, share=share)
    return t("{name}，比目标差 {by}（实际是目标的 {share}）", name=name, by=by, share=share)


def reasons(found: Performance) -> str:
    """The stated reasons of indicators that missed their target, quoted."""
    told_ = ((bold(escape(aim.name)), _reason(found.reading, aim)) for aim in found.missed)
    return "\n>\n".join(
        f"> {t('{name}：{reason}', name=name, reason=reason)}" for name, reason in told_
    )


def _reason(reading: Reading, aim: Attainment) -> str:
    if aim.row is not None:
        return quoted(aim.reason) if aim.reason else t("自评表没有写原因。")
    assert aim.actual is not None  # what was not reached is stated
    place = aim.actual.figure.end - 1
    spans = ((one, one.span(0, len(one.text))) for one in reading.written)
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
        return t("写完成值的那句话没有写原因。")
    return t("{said}。", said=_quoted(reading, paragraph, said.start(), stop))


def _quoted(reading: Reading, paragraph: Paragraph, start: int, stop: int) -> str:
    """Words of a paragraph as printed, each figure in them, with separators of thousands, leading to its source."""
    first, end = paragraph.span(start, stop)
    said, done = [], start
    for fact in reading.prose:
        if first <= fact.figure.start < end:
            at, number = paragraph.position(fact.figure.start), abs(fact.number)
            said += [quoted(paragraph.text[done:at]), cite(number, "", number.places)]
            done = at + len("".join(fact.printed.split()))
    return "".join([*said, quoted(paragraph.text[done:stop])])


def evaluated(facts: Sequence[Fact]) -> str:
    """The figures of the self-evaluation as a Markdown table."""
    lines = [t("| 报告写的是 | 数 |"), "|---|---:|"]
    lines += [f"| {title(fact)} | {cite(fact)} |" for fact in facts]
    return "\n".join(lines)


def title(fact: Fact) -> str:
    """What a figure of the self-evaluation says, in a few words of the report, escaped."""
    item, about = escape(fact.item), escape(fact.column)
    if fact.measure == "share":
        about = t("占{column}", column=about)
    elif fact.measure == "completion_rate":
        about = t("完成{column}的百分比", column=about)
    return t("{item}：{about}", item=item, about=about) if about else item


def on_evaluation(facts: Sequence[Fact]) -> str:
    """The scores, and who gave them."""
    scores = sorted(filter(is_own_score, facts), key=lambda fact: fact.number)
    if not scores:
        return t("绩效自评没有写得分。")
    low, high, n = scores[0], scores[-1], len(scores)
    if low.number == high.number:
        return t("绩效自评写了 {n} 个得分：{score}；自评由单位给自己打分。", n=n, score=cite(low))
    return t(
        "绩效自评写了 {n} 个得分，最低 {low}，最高 {high}；自评由单位给自己打分。",
        n=n, low=cite(low), high=cite(high),
    )  # fmt: skip


def contradictions(doubted: Sequence[str]) -> str:
    """What contradicts the figures of this notebook (:func:`..doubts.doubts`) as a list, or that nothing does."""
    if not doubted:
        return t("这里用到的数字，能互相核对的都没有矛盾（全部核对见“勾稽”页）。")
    return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(doubted, start=1))


def method(found: Performance, line: Hotline) -> list[str]:
    """How the numbers of the page were computed."""
    said = []
    if found.indicators:
        said.append(
            t(
                "**指标**：目标写 ≥ 的，高于为好；写 ≤ 的，低于为好；没有符号的，达到为好。"
                "是否达标以报告印出的数为准。“距目标”以指标自己的单位计，+ 是好于目标，− 是差于目标；"
                "“占目标”是实际值占目标值的百分比；图里画的是好或差目标值的百分之几，单位不同的指标也能比较。"
            )
        )
    if line.capacity.calls:
        said.append(t("**推算**：{assumed}", assumed=assumed(line.capacity)))
    return said


def limits(found: Performance, line: Hotline) -> str:
    """What the data cannot say, as a list."""
    said = []
    if found.indicators:
        said.append(t("**目标定得高不高**：达标多，也可能是目标宽松；要看目标的依据和往年的目标。"))
    said += [
        t("**指标全不全**：没有写进公开报告的指标，这里看不到。"),
        t("**数字由谁核实**：这些是单位的自评；要核实，得看原始记录。"),
    ]
    if line.capacity.calls:
        said += [
            t(
                "**没接通的人怎样了**：重拨、转到其他渠道还是放弃，这些数字分不开；同一个人重拨会重复计算。"
            ),
            t("**什么时候接不通**：全年平均看不出高峰；要看分时段的来电和排班。"),
            t("**满意度代表谁**：只有参加评价的人在内；要看参评率。"),
            t("**措施有没有效果**：两个月份之间的变化，同时受来电多少影响，不能全归于措施。"),
        ]
    return "\n".join(f"- {item}" for item in said)


# ---- the hotline


def elsewhere() -> str:
    """Where hotlines of other units are: this page stays about its report, and does not change when one is added."""
    return t(
        "本页只说这份报告。目录里各单位热线的同一指标（接通率、满意率、办结率等）并列在"
        "[横向比较](06_panel.ipynb)页的“各地的服务热线”；没有别的热线可以并列时，那里也写明。"
    )


def assumed(load: Capacity) -> str:
    """What the computed numbers of a hotline assume, with the working hours of the year by law."""
    law = working_hours(load.year)
    return t(
        "“由来”写着算式的都是推算，并非报告所写。推算假定：接通率适用于全部来电（有语音自助分流时，实际未接通的会少一些）；"
        "每通接通的来电都用平均时长；每人每年工作 {hours:,} 小时（{text}{source}，{sure}），"
        "而工作人员里也有不接电话的岗位。推算的位数不多于原数支持的位数。",
        hours=load.full, text=law.text, source=law.source, sure=law.sure,
    )  # fmt: skip


def load_table(load: Capacity) -> str:
    """Demand and capacity as a Markdown table: stated figures, then what follows from them."""
    lines = [t("| 项目 | 数 | 由来 |"), "|---|---:|---|"]
    stated = t("报告原数")
    lines += [
        f"| {capital(escape(name))} | {cite(fact)} | {stated} |"
        for name, fact in load.stated.items()
    ]
    lines += [
        f"| {capital(escape(row.name))} | {told(row.number, row.noun)} | {plain(row.how)} |"
        for row in load.derived
    ]
    return "\n".join(lines)


def on_capacity(load: Capacity) -> str:
    """What the answer rate means in calls, and what a seat has to bear."""
    said = []
    if load.daily is not None:
        said.append(t("每个坐席每天平均面对 {calls}来电", calls=told(load.daily, "通")))
    if load.unanswered is not None:
        said.append(
            t(
                "如果 {rate} 的接通率适用于全部来电，未接通约 {calls}",
                rate=cite(load.rate), calls=told(load.unanswered, "通"),
            )
        )  # fmt: skip
    if load.short is not None:
        said.append(
            t(
                "要达到 {goal} 的目标，还要多接 {calls}",
                goal=cite(load.goal), calls=told(load.short, "通"),
            )
        )  # fmt: skip
    if load.busy is not None:
        said.append(
            t(
                "接通的通话合计约 {hours}，相当于全体人员工时的 {busy}，这是全年平均，说明不了高峰时段",
                hours=told(load.hours, "小时"), busy=told(load.busy, "%"),
            )
        )  # fmt: skip
    if not said:
        return t("报告没有写坐席、人员或接通率，只有来电总量。")
    return t("{said}。", said=capital(join(said, "；")))


def channel_table(listed: Sequence[Channel]) -> str:
    """Requests by channel as a Markdown table."""
    lines = [t("| 渠道 | 受理量 | 占各渠道合计 |"), "|---|---:|---:|"]
    lines += [
        f"| {capital(escape(row.name))} | {cite(row.count)} | {told(row.share, '%')} |"
        for row in listed
    ]
    return "\n".join(lines)


def on_channels(listed: Sequence[Channel]) -> str:
    """How unequal the channels are."""
    if not listed:
        return t("报告没有按渠道写受理量。")
    top, low = listed[0], listed[-1]
    most, name = cite(top.count), escape(top.name)
    if len(listed) == 1:
        return t("报告只写了一个渠道的受理量：{name}最多，{most}。", name=name, most=most)
    if top.share is None:
        return t("报告写的各渠道受理量合计是 0。")
    text = t(
        "{name}最多，{most}，占各渠道合计的 {share}；最少的是{low}，{least}。",
        name=name, most=most, share=told(top.share, "%"), low=escape(low.name), least=cite(low.count),
    )  # fmt: skip
    nouns = dict.fromkeys(row.count.noun for row in listed)
    if len(nouns) > 1:
        named = join(escape(unit_name(noun)) for noun in nouns)
        text += t("各渠道的计量单位不同（{named}），合计只能看出量级。", named=named)
    return text


def on_shares(checks: Sequence[Check]) -> str:
    """Shares of calls as stated and recomputed, and that persons are no part of calls; empty if none is stated."""
    said = []
    for check in checks:
        stated, part, whole = check.rule.operands
        recomputed = cite(Number(check.outcome.rhs or 0, None, "%", (part, whole)), "%")
        text = t(
            "报告写{part} {n}，占{column}的 {stated}；以{whole}重算是 {recomputed}{mark}。",
            part=escape(leaf(part.item)), n=cite(part), column=escape(stated.column),
            stated=cite(stated), whole=escape(leaf(whole.item)), recomputed=recomputed,
            mark=_mark(check),
        )  # fmt: skip
        if part.noun in ("人", "名", "户"):
            text += t("人数与通数单位不同，一个人可以来电多次，不是严格意义上的占比。")
        said.append(text)
    return "\n\n".join(said)


def _mark(check: Check | None) -> str:
    """Says at once that figures are contradicted; :func:`contradictions` says by what."""
    return t("（对不上，见后）") if check and check.status is Status.BREAK else ""


def on_breakdown(division: Breakdown) -> str:
    """The largest part, what all parts cover, and whether something is left."""
    whole, top, count = division.whole, division.parts[0], len(division.parts)
    text = t(
        "{name}：{whole}，最多的是{top}，{most}（{share}）",
        name=escape(division.name), whole=cite(whole), top=escape(leaf(top.item)), most=cite(top),
        share=told(division.share(top.compared), "%", 2),
    )  # fmt: skip
    if division.complete:
        return t("{told}；列出的 {count} 项相加正好是总数。", told=text, count=count)
    text = t(
        "{told}；列出的 {count} 项合计约占 {covered}，其余约 {rest}没有说明。",
        told=text, count=count, covered=told(division.share(division.covered), "%", 2),
        rest=told(division.rest, whole.noun),
    )  # fmt: skip
    return text + ("" if division.sorted_as_told else t("报告列出的次序不是从多到少。"))


def on_months(rows: Sequence[Months]) -> str:
    """The change between two months as stated and as computed."""
    if not rows:
        return t("报告没有写两个月份之间的比率变化。")
    said = []
    for row in rows:
        (one, two), (before, after) = row.months, (row.before, row.after)
        places = max(before.number.places, after.number.places)
        text = t(
            "{name}从 {one}的 {before} 到 {two}的 {after}，变动 {by}",
            name=escape(leaf(before.item)), one=_month(one), before=cite(before), two=_month(two),
            after=cite(after), by=_signed(row.points, "个百分点", places),
        )  # fmt: skip
        if row.stated:
            by = _signed(row.stated.number, "%")
            text = t("{told}；报告写的变动幅度是 {by}", told=text, by=by)
        said.append(t("{said}{mark}。", said=text, mark=_mark(row.check)))
    return "\n\n".join(said)


def _month(number: int) -> str:
    if is_english() and 1 <= number <= 12:
        return month_name[number]
    return t("{n} 月", n=number)


def _signed(value: Number, unit: str, places: int | None = None) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{cite(abs(value), unit, value.places if places is None else places)}"


def on_growth(rows: Sequence[Growth]) -> str:
    """What the stated growth rates multiply to."""
    if not rows:
        return t("报告没有写业务量的同比变化。")
    names = [leaf(row.rate.item) for row in rows]
    stated = join(
        t(
            "{year} 年{name} {rate}",
            year=row.rate.year, name=escape(name), rate=_signed(row.rate.number, "%"),
        )
        for row, name in zip(rows, names, strict=True)
    )  # fmt: skip
    text = t("报告写的同比：{stated}。", stated=stated)
    last, base = rows[-1], rows[0].rate.year - 1
    if len(rows) == 1 or last.level is None:
        return text
    year, times = last.rate.year, told(last.level / 100, "倍")
    if len(set(names)) == 1:
        return text + t(
            "连乘起来，{year} 年约是 {base} 年的 {times}。", year=year, base=base, times=times
        )
    return text + t(
        "连乘起来，{year} 年约是 {base} 年的 {times}（推算；各年用的名称不同，口径未必一致，只能当作量级）。",
        year=year, base=base, times=times,
    )  # fmt: skip


def satisfaction_table(pair: tuple[Fact, Fact] | None) -> str:
    """Satisfaction with call and outcome as a Markdown table; empty where the report does not state both."""
    if pair is None:
        return ""
    lines = [t("| 对什么 | 报告中的名称 | 满意 | 不满意（推算） |"), "|---|---|---:|---:|"]
    for kind, one in zip((t("通话"), t("办理结果")), pair, strict=True):
        rest = cite(100 - one.number, "%", one.number.places)
        lines.append(f"| {kind} | {escape(leaf(one.item))} | {cite(one)} | {rest} |")
    return "\n".join(lines)


def on_satisfaction(pair: tuple[Fact, Fact] | None) -> str:
    """Satisfaction with the call against satisfaction with the outcome."""
    if pair is None:
        return t("报告没有同时写对通话和对办理结果的满意度，不能比较。")
    call, outcome = (one.number for one in pair)
    said = {
        "call": cite(pair[0]), "outcome": cite(pair[1]),
        "by": cite(abs(call - outcome), "个百分点", max(call.places, outcome.places)),
    }  # fmt: skip
    if call >= outcome:
        text = t("对通话满意的有 {call}，对办理结果满意的有 {outcome}，前者高 {by}", **said)
    else:
        text = t("对通话满意的有 {call}，对办理结果满意的有 {outcome}，前者低 {by}", **said)
    share = (100 - outcome).percent_of(100 - call)
    if share is not None and share > 100:
        text = t(
            "{told}；不满意的比例，对办理结果的约是对通话的 {times}",
            told=text, times=told(share / 100, "倍"),
        )  # fmt: skip
    return t("{said}。", said=text)
