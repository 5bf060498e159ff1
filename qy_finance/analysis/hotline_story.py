"""What the figures of a hotline say, as Chinese sentences (Markdown) whose numbers lead to their source.

Every function says so in a sentence where the report lacks what it needs. Text of the report is escaped.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from qy_finance.analysis.doubts import doubts
from qy_finance.analysis.hotline import HOURS, Capacity, capacity
from qy_finance.analysis.hotline_numbers import Said, quotient, told
from qy_finance.analysis.hotline_requests import Breakdown, Channel, breakdowns, channels
from qy_finance.analysis.hotline_trend import (
    Growth,
    Months,
    growth,
    months,
    satisfaction,
    shares_of_calls,
)
from qy_finance.display import MISSING, cite, escape
from qy_finance.intervals import Approx
from qy_finance.report import Report

TOPICS: Final = "工单|诉求|投诉"
"""What a count that is divided into topics is called."""
TRAINING: Final = "培训"

ASSUMED: Final = (
    "“由来”写着算式的都是推算，并非报告所写。推算假定：接通率适用于全部来电（有语音自助分流时，实际未接通的会少一些）；"
    f"每通接通的来电都用平均时长；每人每年工作 {HOURS:,} 小时（250 天，每天 8 小时；劳社部发〔2008〕3 号），"
    "而工作人员里也有不接电话的岗位。推算的位数不多于原数支持的位数。"
)
"""What the computed numbers of a hotline assume."""

_HUNDRED: Final = Approx(Decimal(100))


def used_by_hotline(report: Report) -> list[Said]:
    """The figures of the prose that the sentences about the hotline use; none without a hotline."""
    load = capacity(report)
    if load.calls is None:
        return []
    used = [one for _, one in load.stated]
    used += [channel.count for channel in channels(report)]
    for division in (*breakdowns(report, TOPICS), *breakdowns(report, TRAINING)):
        used += [division.whole, *division.parts]
    for row in months(report):
        used += [row.before, row.after, *([row.stated] if row.stated else [])]
    used += [row.rate for row in growth(report)]
    for share in shares_of_calls(report, load.calls):
        used += [share.part, share.stated]
    return [*used, *(satisfaction(report) or ())]


def load_table(load: Capacity) -> str:
    """Demand and capacity as a Markdown table: stated figures, then what follows from them."""
    lines = ["| 项目 | 数 | 由来 |", "|---|---:|---|"]
    lines += [f"| {name} | {one.fact.cited} | 报告原数 |" for name, one in load.stated]
    lines += [
        f"| {row.name} | {told(row.number, row.noun)} | {row.how} |" for row in load.derived()
    ]
    return "\n".join(lines)


def on_capacity(load: Capacity) -> str:
    """What the answer rate means in calls, and what a seat has to bear."""
    numbers = {row.name: row for row in load.derived()}
    said = []
    if row := numbers.get("每个坐席每天来电"):
        said.append(f"每个坐席每天平均面对 {told(row.number, row.noun)}来电")
    if load.unanswered and load.rate:
        said.append(
            f"如果 {load.rate.fact.cited} 的接通率适用于全部来电，未接通约 {told(load.unanswered, '通')}"
        )
    if load.short and load.goal:
        said.append(f"要达到 {load.goal.fact.cited} 的目标，还要多接 {told(load.short, '通')}")
    if load.busy and load.hours:
        said.append(
            f"接通的通话合计约 {told(load.hours, '小时')}，相当于全体人员工时的 {told(load.busy, '%')}，"
            "这是全年平均，说明不了高峰时段"
        )
    return "；".join(said) + "。" if said else "报告没有写坐席、人员或接通率，只有来电总量。"


def on_shares(report: Report) -> str:
    """Shares of calls as stated and recomputed, and that persons are no part of calls; empty if none is stated."""
    return "\n\n".join(
        f"报告写{escape(share.part.name)} {share.part.fact.cited}，占{escape(share.stated.fact.column)}的 "
        f"{share.stated.fact.cited}；以来电总量重算是 {cite(share.recomputed.value, '%', 2)}"
        f"{_mark(report, [share.part, share.stated])}。"
        + (
            "人数与通数单位不同，一个人可以来电多次，不是严格意义上的占比。"
            if share.part.noun in "人名户"
            else ""
        )
        for share in shares_of_calls(report, capacity(report).calls)
    )


def channel_table(listed: list[Channel]) -> str:
    """Requests by channel as a Markdown table."""
    lines = ["| 渠道 | 受理量 | 占各渠道合计 |", "|---|---:|---:|"]
    lines += [
        f"| {row.name} | {row.count.fact.cited} | {told(row.share, '%') if row.share else MISSING} |"
        for row in listed
    ]
    return "\n".join(lines)


def on_channels(listed: list[Channel]) -> str:
    """How unequal the channels are."""
    if not listed:
        return "报告没有按渠道写受理量。"
    top, low = listed[0], listed[-1]
    text = f"{top.name}最多，{top.count.fact.cited}"
    if len(listed) == 1:
        return f"报告只写了一个渠道的受理量：{text}。"
    if top.share is None:
        return "报告写的各渠道受理量合计是 0。"
    text += f"，占各渠道合计的 {told(top.share, '%')}；最少的是{low.name}，{low.count.fact.cited}。"
    if len({row.count.noun for row in listed}) > 1:
        nouns = "、".join(dict.fromkeys(escape(row.count.noun) for row in listed))
        text += f"各渠道的计量单位不同（{nouns}），合计只能看出量级。"
    return text


def on_breakdown(division: Breakdown) -> str:
    """The largest part, what all parts cover, and whether something is left."""
    whole, top, count = division.whole, division.parts[0], len(division.parts)
    text = (
        f"{escape(whole.name)}：{whole.fact.cited}，最多的是{escape(top.name)}，{top.fact.cited}"
        f"（{told(division.share(top.exact), '%', 2)}）"
    )
    if division.complete:
        return f"{text}；列出的 {count} 项相加正好是总数。"
    covered = told(division.share(division.covered), "%", 2)
    text += (
        f"；列出的 {count} 项合计约占 {covered}，其余约 {told(division.rest, whole.noun)}没有说明"
    )
    return f"{text}{'' if division.sorted_as_told else '。报告列出的次序不是从多到少'}。"


def on_months(report: Report, rows: list[Months]) -> str:
    """The change between two months as stated and as computed."""
    if not rows:
        return "报告没有写两个月份之间的比率变化。"
    said = []
    for row in rows:
        places = max(row.before.fact.places, row.after.fact.places)
        text = (
            f"{escape(row.before.name)}从 {row.months[0]} 月的 {row.before.fact.cited} 到 {row.months[1]} 月的 "
            f"{row.after.fact.cited}，变动 {_signed(row.points.value, '个百分点', places)}"
        )
        if row.stated:
            text += f"；报告写的变动幅度是 {_signed(row.stated.exact.value, '%', row.stated.fact.places)}"
        used = [row.before, row.after, *([row.stated] if row.stated else [])]
        said.append(f"{text}{_mark(report, used)}。")
    return "\n\n".join(said)


def _mark(report: Report, used: list[Said]) -> str:
    """Says at once that figures are contradicted; :func:`indicators_story.contradictions` says by what."""
    return "（对不上，见后）" if doubts(report, [one.row for one in used]) else ""


def _signed(value: Decimal, unit: str, places: int) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{cite(abs(value), unit, places)}"


def on_growth(rows: list[Growth]) -> str:
    """What the stated growth rates multiply to."""
    if not rows:
        return "报告没有写业务量的同比变化。"
    rates = "、".join(
        f"{row.rate.year} 年{escape(row.rate.name)} "
        f"{_signed(row.rate.exact.value, '%', row.rate.fact.places)}"
        for row in rows
    )
    last = rows[-1]
    if len(rows) == 1 or last.level is None:
        return f"报告写的同比：{rates}。"
    base = rows[0].rate.year - 1
    times = told(last.level.times(Decimal("0.01")), "倍")
    text = f"报告写的同比：{rates}。连乘起来，{last.rate.year} 年约是 {base} 年的 {times}"
    if len({row.rate.name for row in rows}) > 1:
        text += "（推算；各年用的名称不同，口径未必一致，只能当作量级）"
    return f"{text}。"


def satisfaction_table(pair: tuple[Said, Said] | None) -> str:
    """Satisfaction with call and outcome as a Markdown table; empty where the report does not state both."""
    if pair is None:
        return ""
    lines = ["| 对什么 | 报告中的名称 | 满意 | 不满意（推算） |", "|---|---|---:|---:|"]
    for kind, one in zip(("通话", "办理结果"), pair, strict=True):
        rest = cite((_HUNDRED - one.exact).value, "%", one.fact.places)
        lines.append(f"| {kind} | {escape(one.name)} | {one.fact.cited} | {rest} |")
    return "\n".join(lines)


def on_satisfaction(pair: tuple[Said, Said] | None) -> str:
    """Satisfaction with the call against satisfaction with the outcome."""
    if pair is None:
        return "报告没有同时写对通话和对办理结果的满意度，不能比较。"
    call, outcome = pair
    apart = call.exact - outcome.exact
    places = max(call.fact.places, outcome.fact.places)
    text = (
        f"对通话满意的有 {call.fact.cited}，对办理结果满意的有 {outcome.fact.cited}，"
        f"前者{'高' if apart.value >= 0 else '低'} {cite(abs(apart.value), '个百分点', places)}"
    )
    times = quotient(_HUNDRED - outcome.exact, _HUNDRED - call.exact)
    if times is not None and times.value > 1:
        text += f"；不满意的比例，对办理结果的约是对通话的 {told(times, '倍')}"
    return f"{text}。"
