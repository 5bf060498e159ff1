"""Sentences of notebook 01, in Markdown."""

from __future__ import annotations

from qy_finance.analysis import derived
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.facts import cell
from qy_finance.analysis.spending import (
    EXPENDITURE,
    MAIN,
    TOTAL,
    by_function,
    by_fund,
    concentration,
    economic,
    sides,
)
from qy_finance.display import decimals, escape, percent, strong
from qy_finance.report import Report


def headline(report: Report) -> str:
    """The bottom line: largest 类, project against basic, concentration."""
    kinds, leaves = by_function(report, "类"), concentration(report)
    if kinds.empty:
        return "报告没有支出决算表，或其中没有支出，支出结构无从说起。"
    first = kinds.iloc[0]
    unit = report.meta["money_unit"]
    text = (
        f"最大的一类是{strong(first['item'])}：{strong(f'{decimals(first.total)} {unit}')}，"
        f"占本年支出的 {percent(first.share)}。"
    )
    project = cell(report, EXPENDITURE, "合计", "项目支出")
    whole = cell(report, EXPENDITURE, "合计", TOTAL)
    if project and whole and whole.value:
        text += f"项目支出占 {strong(percent(100 * project.value / whole.value))}。"
    if not leaves.empty:
        top = leaves.head(2)
        text += f"最大的 {len(top)} 个项级科目合占 {strong(percent(top['share'].sum()))}。"
    return text


def kinds_of_spending(report: Report) -> str:
    """基本支出 and 项目支出 of the whole, one sentence."""
    total, basic, project = (cell(report, EXPENDITURE, "合计", name) for name in (TOTAL, *MAIN))
    if not (total and total.value and basic and project):
        return "报告没有印出基本支出与项目支出的合计。"
    unit = report.meta["money_unit"]
    parts = [
        f"{name} {decimals(fact.value)} {unit}（{percent(100 * fact.value / total.value)}）"
        for name, fact in zip(MAIN, (basic, project), strict=True)
    ]
    rest = total.value - basic.value - project.value
    other = (
        f"，其余 {decimals(rest)} {unit}"
        if abs(rest) > total.half + basic.half + project.half
        else ""
    )
    return f"{'，'.join(parts)}{other}。"


def concentrated(report: Report, threshold: int = 80) -> str:
    """How many 项 make up ``threshold`` percent, one sentence."""
    frame = concentration(report)
    if frame.empty:
        return "报告没有印出项级科目。"
    needed = int((frame["cumulative"] < threshold).sum()) + 1
    first = frame.iloc[0]
    return (
        f"{len(frame)} 个有支出的项级科目中，最大的 {min(needed, len(frame))} 个就占到本年支出的 "
        f"{percent(frame['cumulative'].iloc[min(needed, len(frame)) - 1])}；仅{strong(first['item'])}"
        f"（{first['code']}）一项就占 {percent(first['share'])}。"
    )


def funds_of_functions(report: Report) -> str:
    """Which 类 are paid by more than one fund, and which fund pays for the largest, one sentence."""
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
    found, unit = sides(report), report.meta["money_unit"]
    if not found or not sum(found.values()):
        return "报告没有印出人员经费和公用经费的合计。"
    total = sum(found.values())
    parts = []
    for side, amount in found.items():
        items = economic(report, side)
        largest = (
            f"，最大的是{strong(items.iloc[0]['item'])} {decimals(items.iloc[0]['amount'])} {unit}"
            if len(items)
            else ""
        )
        parts.append(
            f"{side} {decimals(amount)} {unit}（{percent(100 * amount / total)}）{largest}"
        )
    return f"{'；'.join(parts)}。"


def against_last_year(found: list[Comparison]) -> str:
    """What the report says of expenditure against last year, one sentence for each."""
    if not found:
        return "报告没有说明支出与上年相比的变化，上年数无从推算。"
    lines = []
    for one in found:
        if one.previous is None:
            continue
        change = one.current.value - one.previous
        word = (
            "持平"
            if change == 0
            else f"{'增加' if change > 0 else '减少'} {decimals(abs(change))} {one.current.unit}"
        )
        lines.append(
            f"{strong(one.current.item)}：{decimals(one.previous)}（{derived.DERIVED}）→ "
            f"{decimals(one.current.value)} {one.current.unit}，{word}"
        )
    return "；".join(lines) + "。"
