"""Sentences of notebook 00, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from qy_finance.analysis.accounts import RECEIVED, SPENT
from qy_finance.analysis.comparisons import DERIVED, Comparison
from qy_finance.analysis.coverage import coverage
from qy_finance.analysis.findings import Break
from qy_finance.analysis.overview import Overview
from qy_finance.checks.model import KINDS, Check, Status
from qy_finance.display import bold, cite, escape, strong
from qy_finance.numbers import Number, total
from qy_finance.text.reconciliation import foremost, none_broken

_NUMERALS = "〇一二三四五六七八九十"


def headline(found: Overview) -> str:
    """The bottom line: totals and contradictions."""
    of, sums = found.reading.identity, dict(found.sums[["项目", "金额"]].to_numpy())
    income, spent, unit = sums.get(RECEIVED), sums.get(SPENT), of.money_unit
    text = f"{strong(of.unit)} {of.year} 年度部门决算（{escape(of.scope)}）："
    if income is None or spent is None:
        text += "报告没有印出本年收入合计和本年支出合计。"
    else:
        gap = spent - income
        more = f"支出{'多' if gap > 0 else '少'} {cite(abs(gap), unit)}" if gap else "收支相等"
        text += (
            f"本年收入 {bold(cite(income, unit))}，本年支出 {bold(cite(spent, unit))}（{more}）。"
        )
    number, kinds = _counted(found.breaks)
    sound = none_broken(coverage(found.checks))
    text += f"勾稽核对有 {number}（{kinds}），见“勾稽”页。" if kinds else f"勾稽核对{sound}。"
    return text


def balance(found: Overview) -> list[str]:
    """One sentence for each side: whether the printed parts give the printed 总计, as the checks decided."""
    return [_of_check(side, check) for side, check in found.balance.items()]


def _of_check(side: str, check: Check | None) -> str:
    if check is None:
        return f"{side}一侧没有总计或其组成部分，无法核对。"
    status, _, _, difference, tolerance = check.outcome
    text = f"{side}各部分相加与印出的总计 {cite(check.rule.operands[0])}"
    if not difference or tolerance is None:
        return f"{text}完全相符。"
    facts = sorted(check.rule.operands, key=lambda fact: fact.row)
    text += f"相差 {cite(Number(abs(difference), sources=facts), check.unit)}"
    if status is Status.BREAK:
        return f"{text}，四舍五入解释不了。"
    return f"{text}，在四舍五入可以解释的范围（±{tolerance.normalize():f}）之内。"


def contradictions(found: Overview) -> str:
    """How many contradictions notebook 05 finds, and the gravest with its place."""
    number, kinds = _counted(found.breaks)
    if not kinds:
        return f"核对的勾稽关系{none_broken(coverage(found.checks))}。"
    return f"共有 {number}：{kinds}。{foremost(found.breaks)}每一处的出处和两边的数，见“勾稽”页。"


def _counted(breaks: Sequence[Break]) -> tuple[str, str]:
    """How many there are, and of each kind; empty where there are none."""
    counts = Counter(one.kind for one in breaks)
    kinds = (f"{name} {counts[kind]:,} 处" for kind, name in KINDS.items() if counts[kind])
    return f"{strong(f'{len(breaks):,} 处')}不符", "，".join(kinds)


def changes(compared: Sequence[Comparison]) -> str:
    """Which compared sum rose most and which fell most."""
    known = [(one, change) for one in compared if (change := one.moved) is not None]
    if not known:
        return "报告没有说明任何一项与上年相比的变化，上年数无从推算。"
    text = f"报告对 {len(known)} 项说明了与上年的比较。"
    for word, sign in (("增加", 1), ("减少", -1)):
        # in 元, for one sum may be printed in 万元 and the next in 亿元
        sizes = ((one, sign * change.in_unit("元")) for one, change in known)
        one, most = max(sizes, key=itemgetter(1))
        text += f"{word}最多的是{moved(one)}。" if most > 0 else f"没有一项{word}。"
    both = [one for one, _ in known if one.verdict]
    wrong = "、".join(escape(one.name) for one in both if one.verdict is Status.BREAK)
    if both:
        told = f"对不上的有：{wrong}。" if wrong else "两者都对得上。"
        text += f"{len(both)} 项同时给出增减额和增减率，{told}"
    return text


def moved(one: Comparison) -> str:
    """An amount of last year and of this, and by how much it moved: 约 what follows from a rate alone."""
    about = "" if one.change or one.level else "约 "
    before, change = cite(one.previous, "", one.places), one.moved
    told = f"{strong(one.name)}：{about}{before}（{DERIVED}）→ {cite(one.current)}，"
    if not change:
        return f"{told}持平"
    size = abs(one.change.number if one.change else change)
    by = cite(size, size.unit, size.places if one.change else one.places)
    return f"{told}{'增加' if change > 0 else '减少'}{about or ' '}{by}"


def funds(found: Overview) -> str:
    """Which appropriation carries the expenditure."""
    paid, unit = _paid(found), found.reading.identity.money_unit
    if found.funds.empty:
        return "报告没有财政拨款收入支出决算总表，无法按资金性质区分。"
    if not paid:
        return "财政拨款没有支出。"
    whole = total(paid.values())
    named = "、".join(
        f"{fund} {cite(amount, unit)}（{cite(100 * amount / whole, '%', 1)}）"
        for fund, amount in paid.items()
    )
    names, spent = found.funds["资金"], found.funds["本年支出"]
    zero, blank = ("、".join(names[where]) for where in (spent == 0, spent.isna()))
    text = f"财政拨款支出来自 {len(paid)} 类资金：{named}。"
    text += f"{zero}没有支出。" if zero else ""
    return text + (f"表里没有印出{blank}的支出。" if blank else "")


def _paid(found: Overview) -> dict[str, Number]:
    rows = found.funds[["资金", "本年支出"]].to_numpy()
    return {fund: amount for fund, amount in rows if amount}


def read(found: Overview) -> str:
    """How many figures were read, which tables are missing and what is unexplained."""
    reading = found.reading
    text = (
        f"表格里读出 {found.in_tables:,} 个数值，文字里读出 {found.in_prose:,} 个，"
        f"其中有目标值的绩效指标 {len(reading.indicators)} 个。另有 {found.other:,} 个数字不是数据"
        "（页码、行次、科目编码、日期等）。"
    )
    if reading.evaluations:
        text += f"绩效自评表里有 {len(reading.evaluations):,} 项指标。"
    if reading.others:
        text += f"九张标准表以外的表有 {len(reading.others):,} 张。"
    missing = "、".join(map(reading.form.name, reading.missing))
    count = len(reading.tables)
    whole = f"{_NUMERALS[count] if count < len(_NUMERALS) else count}张表齐全。"
    text += f"报告没有：{missing}。" if missing else whole
    if found.copies:
        named = [
            f"{reading.form.name(str(first.figure.table))}“{first.item}”的{first.column}："
            + " 与 ".join(dict.fromkeys(fact.printed for fact in (first, *others)))
            for first, *others in found.copies
        ]
        told = "；".join(map(escape, named))
        text += f"同一数值前后印得不同的有 {len(named)} 处，取先印出的：{told}。"
    unknown = f"有 {strong(found.unknown)} 个" if found.unknown else "没有一个"
    return f"{text}{unknown}数字未能解释。"
