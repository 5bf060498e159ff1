"""Sentences of notebook 00, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qy_finance.analysis.comparisons import DERIVED, Comparison
from qy_finance.analysis.findings import KINDS, Break
from qy_finance.analysis.overview import Overview
from qy_finance.checks.model import Check, Status
from qy_finance.display import bold, cite, escape, strong
from qy_finance.numbers import Number, total
from qy_finance.text.reconciliation import foremost


def headline(found: Overview) -> str:
    """The bottom line: totals, main fund, contradictions."""
    of = found.reading.identity
    unit, wrong = of.money_unit, found.breaks
    parts = [f"{strong(of.unit)} {of.year} 年度部门决算（{escape(of.scope)}）："]
    sums = dict(zip(found.sums["项目"], found.sums["金额"], strict=True))
    income, spent = sums.get("本年收入合计"), sums.get("本年支出合计")
    if income is not None and spent is not None:
        parts.append(
            f"本年收入 {bold(cite(income, unit))}，本年支出 {bold(cite(spent, unit))}"
            f"（{_more(spent - income, unit)}）。"
        )
    else:
        parts.append("报告没有印出本年收入合计和本年支出合计。")
    parts.append(_largest_fund(found, spent))
    parts.append(
        f"勾稽核对有 {strong(f'{len(wrong):,} 处')}不符（{_kinds(wrong)}），见下文和 05。"
        if wrong
        else "勾稽核对没有一处不符。"
    )
    return "".join(parts)


def balance(found: Overview) -> list[str]:
    """One sentence for each side: whether the printed parts give the printed 总计, as the checks decided."""
    return [
        f"{side}各部分相加与印出的总计 {cite(check.rule.operands[0])}{_apart(check)}。"
        if check
        else f"{side}一侧没有总计或其组成部分，无法核对。"
        for side, check in found.balance.items()
    ]


def _apart(check: Check) -> str:
    """How far the two sides of a check are apart, and whether rounding explains it."""
    status, _, _, difference, tolerance = check.outcome
    if not difference or tolerance is None:
        return "完全相符"
    facts = sorted(check.rule.operands, key=lambda fact: fact.row)
    gap = cite(Number(abs(difference), None, check.unit, facts), check.unit)
    if status is Status.BREAK:
        return f"相差 {gap}，四舍五入解释不了"
    return f"相差 {gap}，在四舍五入可以解释的范围（±{tolerance.normalize():f}）之内"


def contradictions(found: Overview) -> str:
    """How many contradictions notebook 05 finds, and the gravest with its place."""
    wrong = found.breaks
    if not wrong:
        return "核对的勾稽关系没有一处不符。"
    return (
        f"共有 {strong(f'{len(wrong):,} 处')}不符：{_kinds(wrong)}。{foremost(wrong)}"
        "每一处的出处和两边的数，见 05。"
    )


def _kinds(found: Sequence[Break]) -> str:
    counts = Counter(one.kind for one in found)
    return "，".join(f"{name} {counts[kind]:,} 处" for kind, name in KINDS.items() if counts[kind])


def changes(compared: Sequence[Comparison]) -> str:
    """Which compared sum rose most and which fell most."""
    known = [(one, one.moved) for one in compared if one.moved is not None]
    if not known:
        return "报告没有说明任何一项与上年相比的变化，上年数无从推算。"
    sentences = [f"报告对 {len(known)} 项说明了与上年的比较。"]
    for word, sign in (("增加", 1), ("减少", -1)):
        pairs = [(one, sign * moved) for one, moved in known if sign * moved > 0]
        if pairs:
            # in 元, for one sum may be printed in 万元 and the next in 亿元
            one, _ = max(pairs, key=lambda pair: pair[1].in_unit("元"))
            sentences.append(
                f"{word}最多的是{strong(one.name)}：{before(one)}→ {cite(one.current)}，{word}{by(one)}。"
            )
        else:
            sentences.append(f"没有一项{word}。")
    both = [one for one, _ in known if one.verdict]
    wrong = [escape(one.name) for one in both if one.verdict is Status.BREAK]
    if both:
        sentences.append(
            f"{len(both)} 项同时给出增减额和增减率，"
            + (f"对不上的有：{'、'.join(wrong)}。" if wrong else "两者都对得上。")
        )
    return "".join(sentences)


def before(one: Comparison) -> str:
    """Last year's amount, derived: 约 where it follows from a rate alone."""
    about = "" if one.change or one.level else "约"
    return f"{about} {cite(one.previous, '', one.places)}（{DERIVED}）".lstrip()


def by(one: Comparison) -> str:
    """How much an amount rose or fell by: as stated, 约 where only the rate is stated."""
    if one.change is None:
        return f"约 {cite(abs(one.moved or 0), one.unit, one.places)}"
    change = abs(one.change.number)
    return f" {cite(change, change.unit, change.places)}"


def funds(found: Overview) -> str:
    """Which appropriation carries the expenditure."""
    frame, unit = found.funds, found.reading.identity.money_unit
    if frame.empty:
        return "报告没有财政拨款收入支出决算总表，无法按资金性质区分。"
    spent: dict[str, Number | None] = dict(zip(frame["资金"], frame["本年支出"], strict=True))
    paid = {fund: amount for fund, amount in spent.items() if amount}
    if not paid:
        return "财政拨款没有支出。"
    whole = total(paid.values())
    named = "、".join(
        f"{fund} {cite(amount, unit)}（{cite(100 * amount / whole, '%', 1)}）"
        for fund, amount in paid.items()
    )
    zero = "、".join(fund for fund, amount in spent.items() if amount is not None and not amount)
    blank = "、".join(fund for fund, amount in spent.items() if amount is None)
    return (
        f"财政拨款支出来自 {len(paid)} 类资金：{named}。"
        + (f"{zero}没有支出。" if zero else "")
        + (f"表里没有印出{blank}的支出。" if blank else "")
    )


def read(found: Overview) -> str:
    """How many figures were read, which tables are missing and what is unexplained."""
    reading, done = found.reading, found.counts
    missing = "、".join(map(reading.form.name, reading.missing))
    copies = "；".join(
        escape(
            f"{reading.form.name(first.figure.table or '')}“{first.item}”的{first.column}："
            + " 与 ".join(dict.fromkeys(fact.printed for fact in (first, *others)))
        )
        for first, *others in found.copies
    )
    return (
        f"表格里读出 {done.in_tables:,} 个数值，文字里读出 {done.in_prose:,} 个，"
        f"其中有目标值的绩效指标 {done.indicators} 个。另有 {done.other:,} 个数字不是数据"
        "（页码、行次、科目编码、日期等）。"
        + (f"报告没有：{missing}。" if missing else "九张表齐全。")
        + (
            f"同一数值前后印得不同的有 {len(found.copies)} 处，取先印出的：{copies}。"
            if copies
            else ""
        )
        + (
            f"有 {strong(done.unknown)} 个数字未能解释。"
            if done.unknown
            else "没有一个数字未能解释。"
        )
    )


def _largest_fund(found: Overview, spent: Number | None) -> str:
    paid = {fund: amount for fund, _, amount in found.funds.itertuples(index=False) if amount}
    if not paid or not spent:
        return ""
    largest = max(paid, key=lambda fund: paid[fund])
    share = cite(100 * paid[largest] / spent, "%", 1)
    return f"财政拨款支出中{largest}最多，占本年支出的 {share}。"


def _more(gap: Number, unit: str) -> str:
    if gap == 0:
        return "收支相等"
    return f"支出{'多' if gap > 0 else '少'} {cite(abs(gap), unit)}"
