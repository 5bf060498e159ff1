"""Sentences of notebook 07 on budget and account, in Markdown. Numbers lead to their source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.budget import Budget, Whole
from qy_finance.analysis.comparisons import DERIVED
from qy_finance.analysis.execution import STAGES, Execution
from qy_finance.checks.diagnose import Finding
from qy_finance.checks.headings import heading
from qy_finance.checks.model import STATUSES, Status
from qy_finance.checks.relations import is_worded, words_of
from qy_finance.display import Html, bold, cite, escape, spoken, strong
from qy_finance.numbers import Number, total
from qy_finance.text.doubts import SEE, doubts

PLACES: Final = {"完成 %": 2}
UNNAMED: Final = "预算（未说明是年初还是全年）"

_NAMED: Final = 3
_SURE: Final = Decimal("0.1")  # a sum of amounts with two decimals keeps them
_COLUMNS: Final = {
    "项目": "string", "年初预算": "", "全年预算": "", UNNAMED: "", "预算依据": "string", "决算": "", "比预算增减": "",
    "与何者比": "string", "完成 %": "", "率与额": "string", "报告所说的原因": "string",
}  # fmt: skip


def headline(found: Budget) -> str:
    """The bottom line: planned, spent, the difference, and what of it had no budget."""
    whole = found.whole
    if whole is None:
        return _without(found)
    stage = STAGES[whole.stage]
    marked = f"（{DERIVED}）" if whole.derived else ""
    name, spent = escape(whole.name), bold(_amount(whole.final))
    if not whole.planned:
        text = f"{name}没有{stage}{marked}，决算 {spent}"
        return f"{text}{_beside(found)}。"
    text = f"{name}{stage} {bold(_amount(whole.planned))}{marked}，决算 {spent}，{_beyond(whole)}"
    none = [row for row in found.unplanned if row.against == whole.stage]
    several = len(whole.parts) > 1
    some = [row for row in none if several and row in whole.parts] or [
        row for row in none if row.kind == "account" and whole.holds(row)
    ]
    if some:
        spent = _amount(total(row.final for row in some if row.final is not None))
        named = (
            "、".join(escape(_short(row)) for row in some)
            if len(some) <= _NAMED
            else f"{len(some)} 个科目"
        )
        text += f"；其中{named} {bold(spent)}没有{stage}"
    return f"{text}{_beside(found)}。"


def _beside(found: Budget) -> str:
    """What was spent of other funds, of whose sum no budget is stated."""
    told = (
        f"{fact.column.replace('预算财政拨款', '预算')}另支出 {cite(fact)}" for fact in found.beside
    )
    said = "，".join(told)
    return f"；{said}，没有写预算合计" if said else ""


def _without(found: Budget) -> str:
    public = next((row for row in found.of("three_public") if row.planned is not None), None)
    if public is None or public.final is None:
        return (
            "报告没有写明任何一项的预算，计划了多少、差了多少无从比较。"
            if not found.rows
            else (f"报告没有写明支出合计的预算，只有 {len(found.rows)} 项写了预算，见下表。")
        )
    stage = STAGES[public.against or "budget"]
    text = (
        f"报告没有写明支出合计的预算。写了的有“三公”经费：{stage} {bold(_amount(public.planned))}，"
    )
    return f"{text}决算 {bold(_amount(public.final))}。"


def _beyond(whole: Whole) -> str:
    gap = whole.beyond
    if not gap:
        return "两者相等"
    return f"{'多出' if gap > 0 else '少'} {bold(_amount(abs(gap)))}"


def by_fund(found: Budget) -> str:
    """Each fund with what was planned and spent of it, where the sum was of several."""
    whole = found.whole
    rows = [row for row in whole.parts if row.final or row.planned] if whole else []
    if whole is None or len(rows) < 2:
        return ""
    told = []
    for row in rows:
        marked = f"（{DERIVED}）" if whole.stage in row.derived else ""
        planned = "为 0" if not row.planned else f" {_amount(row.planned)}{marked}"
        told.append(
            f"{escape(_short(row))}{STAGES[whole.stage]}{planned}，决算 {_amount(row.final)}"
        )
    return f"{'；'.join(told)}。"


def shown(found: Budget, index: Iterable[int]) -> pd.DataFrame:
    """Rows of ``Report.budget()``, by their indices, as they are read; each number leads to where it is printed.

    A column that is empty throughout is left out; so is the one that says which budget is meant where all are of one.
    """
    rows = [_row(found, row) for row in found.at(index)]
    frame = framed(rows, _COLUMNS, {name: kind for name, kind in _COLUMNS.items() if kind})
    frame = frame.dropna(axis="columns", how="all")
    for name in ("与何者比", "预算依据"):
        implied = name in frame and any(DERIVED in said for said in frame[name].dropna())
        if name in frame and frame[name].nunique() < 2 and not implied:
            frame = frame.drop(columns=name)
    return frame.fillna({name: "" for name, kind in _COLUMNS.items() if kind and name in frame})


def _row(found: Budget, row: Execution) -> tuple[object, ...]:
    plans = [row.plans.get(stage) for stage in STAGES]
    verdict = found.verdict(row)
    basis = _implied(row) if row.derived else "写明没有" if row.worded else "印出"
    return (
        f"{row.code or ''} {row.item}".strip(), *plans, basis, row.final, row.deviation,
        row.against and STAGES[row.against], row.done, verdict and STATUSES[verdict], row.reason or None,
    )  # fmt: skip


def _implied(row: Execution) -> str:
    """推算 with how far off it can be: what follows from a rate is known less well than from a difference."""
    spans = ((row.plans[stage], row.plans[stage].span) for stage in row.derived)
    off = max(max(high - plan.plain, plan.plain - low) for plan, (low, high) in spans)
    return f"{DERIVED} ±{off:,.2f}"


def deviating(found: Budget) -> str:
    """How many accounts went beyond their budget, how many stayed below, and which the farthest."""
    rows = [row for row in found.of("account") if row.deviation is not None]
    if not rows:
        return "报告没有逐个科目写明预算，哪个科目多、哪个科目少无从比较。"
    over = [row for row in rows if (row.deviation or 0) > 0]
    under = [row for row in rows if (row.deviation or 0) < 0]
    text = f"写明预算的科目有 {len(rows)} 个：{len(over)} 个支出多于预算，{len(under)} 个少于预算，"
    text += f"{len(rows) - len(over) - len(under)} 个相等。"
    for word, some in (("多得最多", over), ("少得最多", under)):
        if some:
            most = max(some, key=lambda row: row.apart)
            gap = abs(most.deviation or Number(0))
            text += f"{word}的是{strong(most.item)}（{_amount(gap)}）。"
    if found.unsaid:
        named = all(row.code for row in rows)
        or_not = "" if named else "，或写的名称与表里不同"
        text += f"一般公共预算支出表里另有 {len(found.unsaid)} 个项级科目，报告没有写预算{or_not}。"
    return text


def without_budget(found: Budget) -> str:
    """What was spent of which the budget was zero."""
    rows = found.unplanned
    if not rows:
        return (
            "写明预算的资金和科目里，没有一项是预算为 0 而有支出的。"
            if found.rows
            else ("报告没有写明预算，看不出哪些支出没有预算。")
        )
    told = []
    for kind, name in (("fund", "资金"), ("account", "科目")):
        some = [row for row in rows if row.kind == kind]
        if some:
            spent = total(row.final for row in some if row.final is not None)
            each = "、".join(
                f"{escape(_short(row))} {_amount(row.final)}（{STAGES[row.against or 'budget']}为 0"
                f"{f'，{DERIVED}' if row.derived else ''}）"
                for row in some[:_NAMED]
            )
            more = f"等 {len(some)} 项，共 {bold(_amount(spent))}" if len(some) > _NAMED else ""
            told.append(f"{name}：{each}{more}")
    return f"{'；'.join(told)}。支出的钱来自年中追加、上级下达或上年结转，报告一般只在原因里提到。"


def agreement(found: Budget) -> str:
    """Whether printed rates agree with the amounts, and how many differences have a reason."""
    if not found.rows:
        return "没有可以核对的预算。"
    counts = Counter(status for row in found.rows if (status := found.verdict(row)))
    wrong = [row for row in found.rows if found.verdict(row) is Status.BREAK]
    if counts:
        text = f"印出完成率或增减率、并与金额核对过的有 {sum(counts.values())} 项："
        known = (one for one in (Status.EXACT, Status.TAIL, Status.BREAK) if counts[one])
        parts = [f"{STATUSES[one]} {counts[one]} 项" for one in known]
        text += f"{'，'.join(parts)}。"
        if wrong:
            text += f"不符的是{'、'.join(escape(row.item) for row in wrong)}。"
    else:
        text = "报告没有印出可以与金额核对的完成率或增减率。"
    apart = [row for row in found.rows if row.deviation]
    given = [row for row in apart if row.reason]
    if apart:
        text += f"决算与预算不相等的有 {len(apart)} 项，其中 {len(given)} 项写了原因。"
    return text


def contradicted(found: Budget) -> list[str]:
    """What contradicts these figures or their reasons, as the checks find, one sentence each."""
    used = [fact for row in found.rows for fact in row.figures]
    told = doubts(found.checks, used)
    spans = [one.paragraph.span(0, len(one.text)) for one in found.passages]
    rows = {fact.row for fact in used}
    for finding in found.checks.findings:
        claim = finding.check.claim
        told_by_figures = any(fact.row in rows for fact in finding.check.rule.operands)
        if claim is None or told_by_figures or not is_worded(finding.check.rule):
            continue
        if any(start <= claim < end for start, end in spans):
            told.append(_said(finding))
    return told


def _said(finding: Finding) -> str:
    said = spoken(words_of(finding.check.rule))
    return f"{strong(escape(heading(finding)))}：{said}（{SEE}）。"


def message(rows: Sequence[Execution]) -> str:
    """What the rows of the figure show, those that it has no room for too, in one line."""
    most = max(rows, key=lambda row: row.apart)
    gap, stage = most.deviation or Number(0), STAGES[most.against or "budget"]
    if len(rows) > _NAMED:
        over = sum((row.deviation or 0) > 0 for row in rows)
        under = sum((row.deviation or 0) < 0 for row in rows)
        if over or under:
            return f"{over} 项多于{stage}，{under} 项少于{stage}"
        return f"各项决算都等于{stage}"
    if not gap:
        return f"决算与{stage}相等"
    spent = "支出" if most.kind == "fund" else ""
    return f"{_short(most)}{spent}比{stage}{'多' if gap > 0 else '少'} {abs(gap):,.2f} {gap.unit}"


def _short(row: Execution) -> str:
    return row.item.replace("预算财政拨款支出", "预算") if row.kind == "fund" else row.item


def _amount(value: Number | None) -> Html:
    """A number with its printed digits, a computed one with two, or fewer where they are not known."""
    if value is None:
        return cite(None)
    known = 2 if value.half < _SURE else min(2, value.places)
    return cite(value, value.unit, known if value.computed else value.places)
