"""What notebook 04 says of a hotline.

Every function says so in a sentence where the report lacks what it needs. Text of the report is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qy_finance.analysis.hotline import HOURS, HOURS_BASIS, Capacity
from qy_finance.analysis.requests import Breakdown, Channel, Growth, Months
from qy_finance.checks.changes import leaf
from qy_finance.checks.model import Check, Status
from qy_finance.digits import told
from qy_finance.display import cite, escape
from qy_finance.facts import Fact
from qy_finance.numbers import Number

ASSUMED: Final = (
    "“由来”写着算式的都是推算，并非报告所写。推算假定：接通率适用于全部来电（有语音自助分流时，实际未接通的会少一些）；"
    f"每通接通的来电都用平均时长；每人每年工作 {HOURS:,} 小时（{HOURS_BASIS}），"
    "而工作人员里也有不接电话的岗位。推算的位数不多于原数支持的位数。"
)
"""What the computed numbers of a hotline assume."""


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
        said.append(
            f"如果 {cite(load.rate)} 的接通率适用于全部来电，未接通约 {told(load.unanswered, '通')}"
        )
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
    return "\n\n".join(map(_share, checks))


def _share(check: Check) -> str:
    stated, part, whole = check.rule.operands
    recomputed = Number(check.outcome.rhs or 0, None, "%", (part, whole))
    text = (
        f"报告写{escape(leaf(part.item))} {cite(part)}，占{escape(stated.column)}的 {cite(stated)}；"
        f"以{escape(leaf(whole.item))}重算是 {cite(recomputed, '%')}{_mark(check)}。"
    )
    if part.noun in ("人", "名", "户"):
        text += "人数与通数单位不同，一个人可以来电多次，不是严格意义上的占比。"
    return text


def _mark(check: Check | None) -> str:
    """Says at once that figures are contradicted; :func:`..indicators.contradictions` says by what."""
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
    covered = told(division.share(division.covered), "%", 2)
    text += (
        f"；列出的 {count} 项合计约占 {covered}，其余约 {told(division.rest, whole.noun)}没有说明"
    )
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
    rates = "、".join(
        f"{row.rate.year} 年{escape(name)} {_signed(row.rate.number, '%')}"
        for row, name in zip(rows, names, strict=True)
    )
    last, base = rows[-1], rows[0].rate.year - 1
    if len(rows) == 1 or last.level is None:
        return f"报告写的同比：{rates}。"
    times = told(last.level / 100, "倍")
    text = f"报告写的同比：{rates}。连乘起来，{last.rate.year} 年约是 {base} 年的 {times}"
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
