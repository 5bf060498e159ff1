"""Sentences of notebook 00, in Markdown, in the language that is spoken."""

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
from qy_finance.digits import share
from qy_finance.display import bold, cite, entity, escape, quoted, strong
from qy_finance.facts import Fact
from qy_finance.language import is_english, join, t
from qy_finance.numbers import Number, total
from qy_finance.text.reconciliation import foremost, none_broken

_NUMERALS = "〇一二三四五六七八九十"


def headline(found: Overview) -> str:
    """The bottom line: totals and contradictions."""
    of, sums = found.reading.identity, dict(found.sums[["项目", "金额"]].to_numpy())
    income, spent, unit = sums.get(RECEIVED), sums.get(SPENT), of.money_unit
    text = t(
        "{unit} {year} 年度部门决算（{scope}）：",
        unit=entity(of.unit), year=of.year, scope=escape(of.scope),
    )  # fmt: skip
    if income is None or spent is None:
        text += t("报告没有印出本年收入合计和本年支出合计。")
    else:
        text += t(
            "本年收入 {income}，本年支出 {spent}（{more}）。",
            income=bold(cite(income, unit)), spent=bold(cite(spent, unit)),
            more=_more(spent - income, unit),
        )  # fmt: skip
    number, kinds = _counted(found.breaks)
    if kinds:
        return text + t("勾稽核对有 {number}（{kinds}），见“勾稽”页。", number=number, kinds=kinds)
    return text + t("勾稽核对{sound}。", sound=none_broken(coverage(found.checks)))


def _more(gap: Number, unit: str) -> str:
    if not gap:
        return t("收支相等")
    apart = cite(abs(gap), unit)
    return t("支出多 {apart}", apart=apart) if gap > 0 else t("支出少 {apart}", apart=apart)


def balance(found: Overview) -> list[str]:
    """One sentence for each side: whether the printed parts give the printed 总计, as the checks decided."""
    return [_of_check(side, check) for side, check in found.balance.items()]


def _of_check(side: str, check: Check | None) -> str:
    if check is None:
        return t("{side}一侧没有总计或其组成部分，无法核对。", side=side)
    status, _, _, difference, tolerance = check.outcome
    printed = cite(check.rule.operands[0])
    if not difference or tolerance is None:
        return t("{side}各部分相加与印出的总计 {printed}完全相符。", side=side, printed=printed)
    facts = sorted(check.rule.operands, key=lambda fact: fact.row)
    apart = cite(Number(abs(difference), sources=facts), check.unit)
    if status is Status.BREAK:
        return t(
            "{side}各部分相加与印出的总计 {printed}相差 {apart}，四舍五入解释不了。",
            side=side, printed=printed, apart=apart,
        )  # fmt: skip
    return t(
        "{side}各部分相加与印出的总计 {printed}相差 {apart}，在四舍五入可以解释的范围（±{most}）之内。",
        side=side, printed=printed, apart=apart, most=f"{tolerance.normalize():f}",
    )  # fmt: skip


def contradictions(found: Overview) -> str:
    """How many contradictions notebook 05 finds, and the gravest with its place."""
    number, kinds = _counted(found.breaks)
    if not kinds:
        return t("核对的勾稽关系{sound}。", sound=none_broken(coverage(found.checks)))
    return t(
        "共有 {number}：{kinds}。{first}每一处的出处和两边的数，见“勾稽”页。",
        number=number, kinds=kinds, first=foremost(found.breaks),
    )  # fmt: skip


def _counted(breaks: Sequence[Break]) -> tuple[str, str]:
    """How many there are, and of each kind; empty where there are none."""
    counts, n = Counter(one.kind for one in breaks), len(breaks)
    kinds = [
        t("{kind} {n:,} 处", kind=name, n=counts[kind])
        for kind, name in KINDS.items()
        if counts[kind]
    ]
    return t("{n}不符", n=strong(t("{n:,} 处", n=n))), join(kinds, "，")


def changes(compared: Sequence[Comparison]) -> str:
    """Which compared sum rose most and which fell most."""
    known = [(one, change) for one in compared if (change := one.moved) is not None]
    if not known:
        return t("报告没有说明任何一项与上年相比的变化，上年数无从推算。")
    text = t("报告既写明本年数、又与上年比较的有 {n} 项；只看这些：", n=len(known))
    for sign in (1, -1):
        # in 元, for one sum may be printed in 万元 and the next in 亿元
        sizes = ((one, sign * change.in_unit("元")) for one, change in known)
        one, most = max(sizes, key=itemgetter(1))
        text += _foremost(moved(one) if most > 0 else "", sign)
    both = [one for one, _ in known if one.verdict]
    wrong = join(escape(one.name) for one in both if one.verdict is Status.BREAK)
    if both:
        told = t("对不上的有：{wrong}。", wrong=wrong) if wrong else t("两者都对得上。")
        text += t("{n} 项同时给出增减额和增减率，{told}", n=len(both), told=told)
    return text


def _foremost(moved: str, sign: int) -> str:
    """What rose or fell most, or that nothing did."""
    if sign > 0:
        return t("增加最多的是{moved}。", moved=moved) if moved else t("没有一项增加。")
    return t("减少最多的是{moved}。", moved=moved) if moved else t("没有一项减少。")


def moved(one: Comparison) -> str:
    """An amount of last year and of this, and by how much it moved: 约 what follows from a rate alone."""
    about = "" if one.change or one.level else t("约 ")
    told = t(
        "{name}：{about}{before}（{derived}）→ {now}",
        name=_named(one), about=about, before=cite(one.previous, "", one.places),
        derived=DERIVED, now=cite(one.current),
    )  # fmt: skip
    change = one.moved
    if not change:
        return t("{told}，持平", told=told)
    size = abs(one.change.number if one.change else change)
    by = cite(size, size.unit, size.places if one.change else one.places)
    about = t("约 ", "behind a word") if about else " "
    if change > 0:
        return t("{told}，增加{about}{by}", told=told, about=about, by=by)
    return t("{told}，减少{about}{by}", told=told, about=about, by=by)


def _named(one: Comparison) -> str:
    """What is compared; of an account the fund that alone is meant behind it."""
    if not one.aside:
        return strong(one.name)
    return t("{name}（{fund}）", name=strong(one.current.item), fund=escape(one.paid_by))


def funds(found: Overview) -> str:
    """Which appropriation carries the expenditure."""
    paid, unit = _paid(found), found.reading.identity.money_unit
    if found.funds.empty:
        return t("报告没有财政拨款收入支出决算总表，无法按资金性质区分。")
    if not paid:
        return t("财政拨款没有支出。")
    whole = total(paid.values())
    named = join(
        t(
            "{fund} {amount}（{share}）",
            fund=escape(fund), amount=cite(amount, unit), share=share(100 * amount / whole),
        )
        for fund, amount in paid.items()
    )  # fmt: skip
    names, spent = found.funds["资金"], found.funds["本年支出"]
    zero, blank = (join(map(escape, names[where])) for where in (spent == 0, spent.isna()))
    text = t("财政拨款支出来自 {n} 类资金：{named}。", n=len(paid), named=named)
    text += t("{zero}没有支出。", zero=zero) if zero else ""
    return text + (t("表里没有印出{blank}的支出。", blank=blank) if blank else "")


def _paid(found: Overview) -> dict[str, Number]:
    rows = found.funds[["资金", "本年支出"]].to_numpy()
    return {fund: amount for fund, amount in rows if amount}


def read(found: Overview) -> str:
    """How many figures were read, which tables are missing and what is unexplained."""
    reading = found.reading
    text = t(
        "表格里读出 {tables:,} 个数值，文字里读出 {prose:,} 个，其中有目标值的绩效指标 {targets} 个。"
        "另有 {other:,} 个数字不是数据（页码、行次、科目编码、日期等）。",
        tables=found.in_tables, prose=found.in_prose, targets=len(reading.indicators),
        other=found.other,
    )  # fmt: skip
    if n := len(reading.evaluations):
        text += t("绩效自评表里有 {n:,} 项指标。", n=n)
    if n := len(reading.others):
        text += t("九张标准表以外的表有 {n:,} 张。", n=n)
    missing = join(escape(reading.form.name(table)) for table in reading.missing)
    if missing:
        text += t("报告没有：{missing}。", missing=missing)
    else:
        text += t("{count}张表齐全。", count=_numeral(len(reading.tables)))
    if found.copies:
        told = join(map(_copy, found.copies), "；")
        n = len(found.copies)
        text += t("同一数值前后印得不同的有 {n} 处，取先印出的：{told}。", n=n, told=told)
    if found.unknown:
        return text + t("有 {n} 个数字未能解释。", n=strong(found.unknown))
    return text + t("没有一个数字未能解释。")


def _numeral(count: int) -> str:
    if is_english() or count >= len(_NUMERALS):
        return str(count)
    return _NUMERALS[count]


def _copy(prints: Sequence[Fact]) -> str:
    """A cell that is printed several times, with its values."""
    first = prints[0]
    return t(
        "{table}“{item}”的{column}：{values}",
        table=escape(first.table_name), item=quoted(first.item), column=escape(first.column),
        values=join(map(escape, dict.fromkeys(fact.printed for fact in prints)), t(" 与 ")),
    )  # fmt: skip
