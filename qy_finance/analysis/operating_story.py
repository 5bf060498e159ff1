"""Sentences of notebook 02 on 机关运行经费: growth, accounts, doubts. In Markdown, numbers lead to their source."""

from __future__ import annotations

from decimal import Decimal
from itertools import chain

from qy_finance.analysis import derived
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.doubts import doubts
from qy_finance.analysis.facts import cell
from qy_finance.analysis.operating import (
    SIDE,
    TABLE,
    accounts,
    budget,
    not_stated,
    operating,
    reasons,
    running,
    stated_changes,
)
from qy_finance.analysis.operating_public import three_public
from qy_finance.analysis.operating_reasons_story import in_short
from qy_finance.analysis.operating_units import per_unit
from qy_finance.analysis.operating_words import amount, change, same
from qy_finance.analysis.spending import exact
from qy_finance.display import bold, cite, escape, strong
from qy_finance.report import Report

_BASIC = r"(?:一般公共预算(?:财政拨款)?)?基本支出"


def headline(report: Report) -> str:
    """The bottom line: amount, growth, and which of the stated reasons the report itself contradicts."""
    found, total = operating(report), running(report)
    if found is None:
        said = not_stated(report)
        text = f"报告说“{escape(said)}”。" if said else "报告没有说明机关运行经费。"
        if total is not None:
            text += f"以下看的是基本支出表里的公用经费，合计 {bold(total.cited)}。"
        return text
    text = f"机关运行经费 {bold(found.current.cited)}，{_moved(found)}"
    if found.verdict == "不符":
        text += f"，增减额与增减率{strong('对不上')}"
    elif found.previous is not None and not found.level:
        text += f"，由此{derived.DERIVED}上年约 {amount(found.previous, found.current.unit)}"
    return f"{text}。{in_short(report) if found.change or found.rate else ''}"


def growth(report: Report) -> str:
    """Stated growth, last year's amount that it implies (derived), the budget, and what it means for 人员经费."""
    found = operating(report)
    if found is None:
        return "没有机关运行经费的金额，也就没有增减可算。"
    if found.previous is None:
        text = "报告没有说明它与上年相比的变化，上年数无从推算。"
    elif found.level:
        text = f"报告称与上年持平，上年数即 {found.current.cited}（{derived.DERIVED}）。"
    else:
        text = f"报告称{_moved(found)}，由此{derived.DERIVED}上年约 {_previous(found)}。{_verdict(found)}"
    planned = budget(report)
    if planned is not None and planned.value:
        done = 100 * found.current.in_unit(planned.unit).value / planned.value
        text += f"预算 {planned.cited}，完成 {cite(done, '', 1)}%。"
    return text + _people(report, found)


def _previous(found: Comparison) -> str:
    span = found.by_change or found.by_rate
    unit = found.current.unit
    between = f"（{cite(span.low, '', 3)} 至 {cite(span.high, unit, 3)}）" if span else ""
    return f"{bold(amount(found.previous, unit))}{between}"


def _verdict(found: Comparison) -> str:
    implied = f"按增减额应为 {cite(found.implied_rate, '', 2)}%"
    return {
        "相符": "增减额与增减率相互印证。",
        "尾差": "增减额与增减率只差尾数。",
        "不符": f"增减额与增减率{strong('对不上')}：{implied}。",
    }.get(found.verdict, "")


def _people(report: Report, found: Comparison) -> str:
    """人员经费 moved by what 基本支出 moved by and 公用经费 did not, where 机关运行经费 is all of 公用经费."""
    basic = derived.of(report, _BASIC)
    people = cell(report, TABLE, "人员经费合计", "决算数")
    total = running(report)
    if not (basic and basic.change and people and total and found.change):
        return ""
    unit = total.unit
    now, here = basic.current.in_unit(unit), found.current.in_unit(unit)
    slack = now.half + people.half + total.half
    if abs(now.value - people.value - total.value) > slack or not same(here, total):
        return ""
    moved = basic.change.in_unit(unit).value - found.change.in_unit(unit).value
    return (
        f"同一年基本支出{change(basic.change.value, basic.change.unit)}，机关运行经费等于其中的公用经费；"
        f"如果上年也相等，人员经费就{change(moved, unit)}（{derived.DERIVED}）。"
    )


def consistency(report: Report) -> str:
    """机关运行经费 against 公用经费合计 of the table of basic expenditure.

    By definition (机关运行经费：为保障行政单位运行用于购买货物和服务的各项资金) it is the 公用经费 of administrative
    units, so it can't exceed the 公用经费合计 and may be less where there are 事业单位 that don't count.
    """
    found, total = operating(report), running(report)
    if found is None or total is None:
        missing = "机关运行经费" if found is None else "公用经费合计"
        return f"报告没有印出{missing}，两者无法核对。"
    stated = found.current.in_unit(total.unit)
    gap = stated.value - total.value
    pair = f"机关运行经费 {stated.cited}，公用经费合计 {total.cited}"
    if same(stated, total):
        return f"{pair}：{strong('相等')}，整个单位的公用经费都计入了机关运行经费。"
    apart = cite(abs(gap), total.unit, min(stated.places, total.places))
    if gap < 0:
        return (
            f"{pair}：少 {apart}。机关运行经费只含行政单位和参公事业单位，"
            "其余公用经费属于其他单位时，这并不矛盾；下面的明细则是全部公用经费。"
        )
    return f"{pair}：{bold(f'多出 {apart}')}，超过了它按定义应当包含于其中的公用经费。"


def ranked(report: Report) -> str:
    """Which accounts make up most of 公用经费, one sentence."""
    frame, unit = accounts(report), str(report.meta["money_unit"])
    if frame.empty:
        return "报告没有印出公用经费的明细，或其中没有金额。"
    printed = exact(report, TABLE)
    printed = printed[
        (printed["side"] == SIDE).fillna(False) & (printed["code"].str.len() > 3).fillna(False)
    ]
    zeros = int(sum(value == 0 for value in printed["决算数"]))
    top = frame.head(3)
    names = "、".join(
        f"{escape(item)} {amount(value)}"
        for item, value in zip(top["item"], top["amount"], strict=True)
    )
    blank = f"，{zeros} 个印为 0" if zeros else ""
    if len(frame) == 1:
        return f"只有 1 个科目有金额{blank}：{names} {escape(unit)}。"
    share = bold(f"{cite(sum(top['share'], Decimal(0)), '', 1)}%")
    most = f"最大的 {len(top)} 个" if len(frame) > len(top) else "它们"
    return f"{len(frame)} 个科目有金额{blank}。{most}（{names} {escape(unit)}）占 {share}。"


def watched(report: Report) -> list[str]:
    """What contradicts the figures of this notebook elsewhere in the report, one sentence each."""
    found = operating(report)
    stated = [f for f in (found.current, found.change, found.rate) if f] if found else []
    given = chain.from_iterable(
        (one.found.current, one.found.change, one.found.rate) for one in reasons(report)
    )
    used: list[object] = [fact.value for fact in chain(stated, given) if fact is not None]
    total = running(report)
    frames = [accounts(report), three_public(report), per_unit(report), stated_changes(report)]
    return doubts(report, [*used, *([total.value] if total else []), *frames])


def _moved(found: Comparison) -> str:
    """比上年增加 18.98 万元，增长 43.41%."""
    if found.level:
        return "与上年持平"
    words = []
    if found.change is not None:
        words.append(change(found.change.value, found.change.unit))
    if found.rate is not None:
        way = "增长" if found.rate.value >= 0 else "下降"
        words.append(f"{way} {cite(abs(found.rate.value), '', found.rate.places)}%")
    return f"比上年{'，'.join(words)}" if words else "报告没有说明它与上年相比的变化"
