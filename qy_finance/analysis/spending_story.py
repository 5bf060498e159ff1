"""Sentences of notebook 01, in Markdown."""

from __future__ import annotations

from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.facts import cell
from qy_finance.analysis.overview_story import before, by
from qy_finance.analysis.spending import (
    EXPENDITURE,
    MAIN,
    TOTAL,
    alike,
    by_function,
    by_fund,
    concentration,
    economic,
    sides,
)
from qy_finance.analysis.spending_flows import OTHER, REST, Flow, Flows, flows
from qy_finance.display import bold, cite, escape, strong
from qy_finance.report import Report


def headline(report: Report) -> str:
    """The bottom line: largest 类, project against basic, concentration."""
    kinds, leaves = by_function(report, "类"), concentration(report)
    if kinds.empty:
        return "报告没有支出决算表，或其中没有支出，支出结构无从说起。"
    first = kinds.iloc[0]
    text = (
        f"最大的一类是{strong(first['item'])}：{bold(cite(first.total, _money(report)))}，"
        f"占本年支出的 {_share(first.share)}。"
    )
    project = cell(report, EXPENDITURE, "合计", "项目支出")
    whole = cell(report, EXPENDITURE, "合计", TOTAL)
    if project and whole and whole.value:
        text += f"项目支出占 {bold(_share(100 * project.value / whole.value))}。"
    if len(leaves) > 1:
        text += f"最大的 2 个项级科目合占 {bold(_share(leaves['cumulative'].iloc[1]))}。"
    return text


def kinds_of_spending(report: Report) -> str:
    """基本支出 and 项目支出 of the whole, one sentence."""
    total, basic, project = (cell(report, EXPENDITURE, "合计", name) for name in (TOTAL, *MAIN))
    if not (total and total.value and basic and project):
        return "报告没有印出基本支出与项目支出的合计，或合计为 0。"
    parts = [
        f"{name} {fact.cited}（{_share(100 * fact.value / total.value)}）"
        for name, fact in zip(MAIN, (basic, project), strict=True)
    ]
    rest = total.value - basic.value - project.value
    other = (
        f"，其余 {cite(rest, _money(report))}是{OTHER}（上缴上级、经营和对附属单位补助）"
        if abs(rest) > total.half + basic.half + project.half
        else ""
    )
    return f"{'，'.join(parts)}{other}，百分数以本年支出合计 {total.cited} 为分母。"


def on_flows(report: Report, found: Flows) -> list[str]:
    """The largest flow; how the flows are known; what the tables do not tell."""
    if not found.links:
        return [found.why]
    largest = max(found.links, key=lambda link: link.amount)
    told = [
        f"最大的一条是{_path(largest)}：{bold(cite(largest.amount, _money(report)))}，"
        f"占本年支出的 {_share(100 * largest.amount / found.total)}。"
    ]
    rest = [link.amount for link in found.links if link.fund == REST]
    if rest:
        spent = next((pool.spent for pool in found.pools if pool.fund == REST), None)
        tail = "" if spent in (None, sum(rest)) else "，与上表由总表得出的数差在尾数"
        less = f"减去{'、'.join(found.apart)}里相同科目的数" if found.apart else "里的数"
        told.append(
            f"{REST}是支出决算表{less}，即不由上述资金支付的部分，合计 {cite(sum(rest), _money(report))}{tail}。"
            "尾差以内的不画。"
        )
    elif any(pool.fund == REST for pool in found.pools):
        told.append(f"{REST}是收入支出决算总表减去财政拨款收入支出决算总表，本年没有支出。")
    carried = (
        "每种资金付出的钱里，多少是本年收入、多少是年初结转，表里没有说；" if found.pools else ""
    )
    told.append(
        f"每一条都由表里的数确定，没有估算。{carried}项目支出买了什么、给了谁，表里也没有说。"
    )
    return told


def _path(link: Flow) -> str:
    return escape(f"{link.fund} → {link.item} → {link.use}")


def concentrated(report: Report, threshold: int = 80) -> str:
    """How many 项 make up ``threshold`` percent, and how many equal ones would be as concentrated."""
    frame = concentration(report)
    if frame.empty:
        return "报告没有印出项级科目，或其中没有支出。"
    first = frame.iloc[0]
    if len(frame) == 1:
        return f"支出全部在一个项级科目：{strong(first['item'])}（{first['code']}）。"
    needed = min(int((frame["cumulative"] < threshold).sum()) + 1, len(frame))
    most = (
        f"最大的 {needed} 个就占到本年支出的 {_share(frame['cumulative'].iloc[needed - 1])}；仅"
        if needed > 1
        else ""
    )
    return (
        f"{len(frame)} 个有支出的项级科目中，{most}{strong(first['item'])}（{first['code']}）一项就占"
        f"{'' if most else '本年支出的'} {_share(first['share'])}。"
        "按各科目占比的平方和（赫芬达尔指数）的倒数算，支出的集中程度相当于 "
        f"{bold(cite(alike(frame['share']), '个', 1))}同样大的科目：越接近 1 越集中，"
        f"最多是 {len(frame)} 个。"
    )


def funds_of_functions(report: Report) -> str:
    """Which 类 are paid by more than one fund, one sentence."""
    frame = by_fund(report)
    if frame.empty:
        return "报告没有财政拨款收入支出决算总表，或其中没有支出。"
    funds = [name for name in frame.columns if name != "item"]
    if len(funds) == 1:
        return f"财政拨款支出全部出自{funds[0]}。"
    mixed = [
        escape(row["item"])
        for _, row in frame.iterrows()
        if sum(bool(row[fund]) for fund in funds) > 1
    ]
    if not mixed:
        return f"共有 {len(funds)} 种资金，每一类支出只由其中一种支付，没有混用。"
    return f"共有 {len(funds)} 种资金；由多种资金共同支付的有：{'、'.join(mixed)}。"


def people_and_running(report: Report) -> str:
    """人员经费 against 公用经费, and the largest account of each, one sentence."""
    found, unit = sides(report), _money(report)
    total = sum(found.values())
    if not total:
        return "报告没有印出人员经费和公用经费的合计，或合计为 0。"
    parts = []
    for side, amount in found.items():
        items = economic(report, side)
        largest = (
            f"，最大的是{strong(items.iloc[0]['item'])} {cite(items.iloc[0]['amount'], unit)}"
            if len(items)
            else ""
        )
        parts.append(f"{side} {cite(amount, unit)}（{_share(100 * amount / total)}）{largest}")
    return f"{'；'.join(parts)}。"


def against_last_year(found: list[Comparison]) -> str:
    """What the report says of expenditure against last year, one sentence for each."""
    lines = []
    for one in found:
        change = one.moved
        if change is None:
            continue
        word = f"{'增加' if change > 0 else '减少'}{by(one)}" if change else "持平"
        lines.append(f"{strong(one.name)}：{before(one)}→ {one.current.cited}，{word}")
    if not lines:
        return "报告没有说明支出与上年相比的变化，上年数无从推算。"
    return "；".join(lines) + "。"


def used(report: Report) -> list[object]:
    """What this notebook uses of a report: frames and numbers, to be held against the contradictions."""
    links = [link.amount for link in flows(report).links]
    frames = [by_function(report, level) for level in ("类", "款", "项")]
    totals = [cell(report, EXPENDITURE, "合计", name) for name in (TOTAL, *MAIN)]
    return [
        *links,
        *frames,
        *(fact.value for fact in totals if fact),
        by_fund(report),
        economic(report),
        *sides(report).values(),
    ]


def _money(report: Report) -> str:
    return str(report.meta["money_unit"])


def _share(percentage: object) -> str:
    return cite(percentage, "%", 1)
