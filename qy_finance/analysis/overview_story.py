"""Sentences of notebook 00, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from qy_finance.analysis import derived
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.overview import (
    EXPENDITURE,
    INCOME,
    by_fund,
    conflicts,
    reading,
    total,
    totals,
)
from qy_finance.analysis.reconciliation_breaks import KINDS, Break
from qy_finance.analysis.reconciliation_story import foremost
from qy_finance.display import bold, cite, escape, strong
from qy_finance.intervals import MONEY
from qy_finance.report import TABLE_IDS, Report
from qy_finance.tables import NAMES


def balance(report: Report) -> list[str]:
    """One sentence for each side: whether the printed parts give the printed 总计, given rounding."""
    unit = str(report.meta["money_unit"])
    sentences = []
    for side, items in (("收入", INCOME), ("支出", EXPENDITURE)):
        parts = [total(report, side, item) for item in items]
        whole = total(report, side, "总计")
        terms = [part for part in parts if part is not None]
        if whole is None or not terms:
            sentences.append(f"{side}一侧没有总计或其组成部分，无法核对。")
            continue
        gap = sum((term.value for term in terms), Decimal(0)) - whole.value
        slack = sum((term.half for term in terms), whole.half)
        verdict = (
            "完全相符"
            if gap == 0
            else f"相差 {cite(abs(gap), unit)}，在四舍五入可以解释的范围（±{slack.normalize():f}）之内"
            if abs(gap) <= slack
            else f"相差 {cite(abs(gap), unit)}，四舍五入解释不了"
        )
        sentences.append(f"{side}各部分相加与印出的总计 {whole.cited}{verdict}。")
    return sentences


def headline(report: Report, found: Sequence[Break]) -> str:
    """The bottom line: totals, main fund, contradictions, in Markdown."""
    unit, meta = str(report.meta["money_unit"]), report.meta
    sums = {(side, item): amount for side, item, amount in totals(report).itertuples(index=False)}
    income, spent = sums.get(("收入", "本年收入合计")), sums.get(("支出", "本年支出合计"))
    parts = [f"{strong(meta['unit'])} {meta['year']} 年度部门决算（{escape(meta['scope'])}）："]
    if income is not None and spent is not None:
        parts.append(
            f"本年收入 {bold(cite(income, unit))}，本年支出 {bold(cite(spent, unit))}"
            f"（{_more(spent - income, unit)}）。"
        )
    else:
        parts.append("报告没有印出本年收入合计和本年支出合计。")
    parts.append(_largest_fund(report, spent))
    parts.append(
        f"勾稽核对有 {strong(f'{len(found):,} 处')}不符（{_kinds(found)}），见下文和 05。"
        if found
        else "勾稽核对没有一处不符。"
    )
    return "".join(parts)


def contradictions(found: Sequence[Break]) -> str:
    """How many contradictions notebook 05 finds, and the gravest with its place, in Markdown."""
    if not found:
        return "核对的勾稽关系没有一处不符。"
    return (
        f"共有 {strong(f'{len(found):,} 处')}不符：{_kinds(found)}。{foremost(found)}"
        "每一处的出处和两边的数，见 05。"
    )


def _kinds(found: Sequence[Break]) -> str:
    counts = Counter(one.kind for one in found)
    return "，".join(f"{name} {counts[kind]:,} 处" for kind, name in KINDS.items() if counts[kind])


def changes(found: list[Comparison]) -> str:
    """Which compared sum rose most and which fell most, in Markdown."""
    known = [(one, one.moved) for one in found if one.moved is not None]
    # in 元, for one sum may be printed in 万元 and the next in 亿元
    rises = [pair for pair in known if pair[1] > 0]
    falls = [pair for pair in known if pair[1] < 0]
    if not known:
        return "报告没有说明任何一项与上年相比的变化，上年数无从推算。"
    sentences = [f"报告对 {len(known)} 项说明了与上年的比较。"]
    for word, pairs, pick in (("增加", rises, max), ("减少", falls, min)):
        if pairs:
            one, _ = pick(pairs, key=lambda pair: pair[1] * MONEY[pair[0].current.unit])
            sentences.append(
                f"{word}最多的是{strong(one.name)}：{before(one)}→ {one.current.cited}，"
                f"{word}{by(one)}。"
            )
        else:
            sentences.append(f"没有一项{word}。")
    both = [one for one, _ in known if one.verdict]
    wrong = [escape(one.name) for one in both if one.verdict == "不符"]
    if both:
        sentences.append(
            f"{len(both)} 项同时给出增减额和增减率，"
            + (f"对不上的有：{'、'.join(wrong)}。" if wrong else "两者都对得上。")
        )
    return "".join(sentences)


def before(one: Comparison) -> str:
    """Last year's amount, derived: 约 where it follows from a rate alone."""
    about = "" if one.change or one.level else "约"
    return f"{about} {cite(one.previous, '', one.places)}（{derived.DERIVED}）".lstrip()


def by(one: Comparison) -> str:
    """How much an amount rose or fell by: as stated, 约 where only the rate is stated."""
    if one.change is None:
        return f"约 {cite(abs(one.moved or 0), one.current.unit, one.places)}"
    return f" {cite(abs(one.change.value), one.change.unit, one.change.places)}"


def funds(report: Report) -> str:
    """Which appropriation carries the expenditure, in Markdown."""
    frame = by_fund(report)
    paid = frame[[bool(value) for value in frame["expenditure"]]]
    if frame.empty:
        return "报告没有财政拨款收入支出决算总表，无法按资金性质区分。"
    if paid.empty:
        return "财政拨款没有支出。"
    total, unit = sum(paid["expenditure"], Decimal(0)), str(report.meta["money_unit"])
    named = "、".join(
        f"{fund} {cite(amount, unit)}（{cite(100 * amount / total, '%', 1)}）"
        for fund, amount in zip(paid["fund"], paid["expenditure"], strict=True)
    )
    rest = frame[~frame["fund"].isin(paid["fund"])]
    zero, blank = (
        "、".join(rest.loc[[(value is None) is missing for value in rest["expenditure"]], "fund"])
        for missing in (False, True)
    )
    return (
        f"财政拨款支出来自 {len(paid)} 类资金：{named}。"
        + (f"{zero}没有支出。" if zero else "")
        + (f"表里没有印出{blank}的支出。" if blank else "")
    )


def read(report: Report) -> str:
    """How many figures were read, which tables are missing and what is unexplained, in Markdown."""
    done = reading(report)
    missing = [NAMES[table] for table in TABLE_IDS if table not in report.tables]
    parts = [
        f"表格里读出 {done.in_tables:,} 个数值，文字里读出 {done.in_prose:,} 个，"
        f"其中有目标值的绩效指标 {done.indicators} 个。另有 {done.other:,} 个数字不是数据"
        "（页码、行次、科目编码、日期等）。"
    ]
    parts.append(f"报告没有：{'、'.join(missing)}。" if missing else "九张表齐全。")
    differing = conflicts(report)
    if differing:
        named = "；".join(map(escape, differing))
        parts.append(f"同一数值前后印得不同的有 {len(differing)} 处，取先印出的：{named}。")
    parts.append(
        f"有 {strong(done.unknown)} 个数字未能解释。" if done.unknown else "没有一个数字未能解释。"
    )
    return "".join(parts)


def _largest_fund(report: Report, spent: Decimal | None) -> str:
    paid = {fund: amount for fund, _, amount in by_fund(report).itertuples(index=False) if amount}
    if not paid or not spent:
        return ""
    largest = max(paid, key=lambda fund: paid[fund])
    share = cite(100 * paid[largest] / spent, "%", 1)
    return f"财政拨款支出中{largest}最多，占本年支出的 {share}。"


def _more(gap: Decimal, unit: str) -> str:
    if gap == 0:
        return "收支相等"
    return f"支出{'多' if gap > 0 else '少'} {cite(abs(gap), unit)}"
