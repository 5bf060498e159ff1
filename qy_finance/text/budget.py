"""Sentences of notebook 07 on budget and account, in Markdown. Numbers lead to their source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.budget import Budget, Whole
from qy_finance.analysis.execution import STAGES, Execution
from qy_finance.checks.diagnose import Finding
from qy_finance.checks.headings import heading
from qy_finance.checks.model import STATUSES, Status
from qy_finance.checks.relations import is_worded, words_of
from qy_finance.display import Html, bold, cite, escape, spoken, strong
from qy_finance.language import join, measured, plain, t
from qy_finance.numbers import Number, total
from qy_finance.text.doubts import doubts, see

PLACES: Final = {"完成 %": 2}
QUOTES: Final = ("报告所说的原因",)
"""Columns of what the report says word by word."""
UNNAMED: Final = "预算（未说明是年初还是全年）"

_PRINTED: Final = "印出"
_WORDED: Final = "写明没有"

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
    stage, marked = STAGES[whole.stage], _marked(whole.derived)
    name, spent = escape(whole.name), bold(_amount(whole.final))
    if not whole.planned:
        text = t(
            "{name}没有{stage}{derived}，决算 {spent}",
            name=name, stage=stage, derived=marked, spent=spent,
        )  # fmt: skip
        return t("{text}。", text=_beside(found, text))
    text = t(
        "{name}{stage} {planned}{derived}，决算 {spent}，{beyond}",
        name=name, stage=stage, planned=bold(_amount(whole.planned)), derived=marked, spent=spent,
        beyond=_beyond(whole),
    )  # fmt: skip
    if some := _of_whole_unplanned(found, whole):
        spent = bold(_amount(total(row.final for row in some if row.final is not None)))
        few = len(some) <= _NAMED
        named = join(escape(_short(row)) for row in some) if few else t("{n} 个科目", n=len(some))
        text = t(
            "{text}；其中{named} {spent}没有{stage}",
            text=text, named=named, spent=spent, stage=stage,
        )  # fmt: skip
    return t("{text}。", text=_beside(found, text))


def _marked(derived: bool) -> str:
    """Says behind a budget that it is implied, not printed."""
    return t("（推算）") if derived else ""


def _of_whole_unplanned(found: Budget, whole: Whole) -> list[Execution]:
    """What of the whole had no budget: of several funds whole ones, otherwise accounts."""
    none = [row for row in found.unplanned if row.against == whole.stage]
    funds = [row for row in none if len(whole.parts) > 1 and row in whole.parts]
    return funds or [row for row in none if row.kind == "account" and whole.holds(row)]


def _beside(found: Budget, text: str) -> str:
    """A sentence, with what was spent of other funds, of whose sum no budget is stated."""
    told = [
        t(
            "{fund}另支出 {spent}",
            fund=escape(fact.column.replace("预算财政拨款", "预算")), spent=cite(fact),
        )
        for fact in found.beside
    ]  # fmt: skip
    if not told:
        return text
    return t("{text}；{funds}，没有写预算合计", text=text, funds=join(told, "，"))


def _without(found: Budget) -> str:
    public = next((row for row in found.of("three_public") if row.planned is not None), None)
    if public is not None and public.final is not None:
        return t(
            "报告没有写明支出合计的预算。写了的有“三公”经费：{stage} {planned}，决算 {spent}。",
            stage=STAGES[public.against or "budget"], planned=bold(_amount(public.planned)),
            spent=bold(_amount(public.final)),
        )  # fmt: skip
    if not found.rows:
        return t("报告没有写明任何一项的预算，计划了多少、差了多少无从比较。")
    return t("报告没有写明支出合计的预算，只有 {n} 项写了预算，见下表。", n=len(found.rows))


def _beyond(whole: Whole) -> str:
    gap = whole.beyond
    if not gap:
        return t("两者相等")
    size = bold(_amount(abs(gap)))
    return t("多出 {size}", size=size) if gap > 0 else t("少 {size}", size=size)


def by_fund(found: Budget) -> str:
    """Each fund with what was planned and spent of it, where the sum was of several."""
    whole = found.whole
    rows = [row for row in whole.parts if row.final or row.planned] if whole else []
    if whole is None or len(rows) < 2:
        return ""
    stage, told = STAGES[whole.stage], []
    for row in rows:
        name, spent = escape(_short(row)), _amount(row.final)
        if row.planned:
            marked = _marked(whole.stage in row.derived)
            told.append(
                t(
                    "{name}{stage} {planned}{derived}，决算 {spent}",
                    name=name, stage=stage, planned=_amount(row.planned), derived=marked,
                    spent=spent,
                )
            )  # fmt: skip
        else:
            told.append(t("{name}{stage}为 0，决算 {spent}", name=name, stage=stage, spent=spent))
    return t("{funds}。", funds=join(told, "；"))


def shown(found: Budget, index: Iterable[int]) -> pd.DataFrame:
    """Rows of ``Report.budget()``, by their indices, as they are read; each number leads to where it is printed.

    A column that is empty throughout is left out; so is the one that says which budget is meant where all are of one.
    """
    rows = [_row(found, row) for row in found.at(index)]
    frame = framed(rows, _COLUMNS, {name: kind for name, kind in _COLUMNS.items() if kind})
    frame = frame.dropna(axis="columns", how="all")
    for name in ("与何者比", "预算依据"):
        implied = (
            name in frame
            and not frame[name].dropna().isin((*STAGES.values(), _WORDED, _PRINTED)).all()
        )
        if name in frame and frame[name].nunique() < 2 and not implied:
            frame = frame.drop(columns=name)
    return frame.fillna({name: "" for name, kind in _COLUMNS.items() if kind and name in frame})


def _row(found: Budget, row: Execution) -> tuple[object, ...]:
    plans = [row.plans.get(stage) for stage in STAGES]
    verdict = found.verdict(row)
    basis = _implied(row) if row.derived else _WORDED if row.worded else _PRINTED
    return (
        f"{row.code or ''} {row.item}".strip(), *plans, basis, row.final, row.deviation,
        row.against and STAGES[row.against], row.done, verdict and STATUSES[verdict], row.reason or None,
    )  # fmt: skip


def _implied(row: Execution) -> str:
    """推算 with how far off it can be: what follows from a rate is known less well than from a difference."""
    spans = ((row.plans[stage], row.plans[stage].span) for stage in row.derived)
    off = max(max(high - plan.plain, plan.plain - low) for plan, (low, high) in spans)
    return t("推算 ±{off:,.2f}", off=off)


def deviating(found: Budget) -> str:
    """How many accounts went beyond their budget, how many stayed below, and which the farthest."""
    rows = [row for row in found.of("account") if row.deviation is not None]
    if not rows:
        return t("报告没有逐个科目写明预算，哪个科目多、哪个科目少无从比较。")
    over = [row for row in rows if (row.deviation or 0) > 0]
    under = [row for row in rows if (row.deviation or 0) < 0]
    text = t(
        "写明预算的科目有 {n} 个：{over} 个支出多于预算，{under} 个少于预算，{same} 个相等。",
        n=len(rows), over=len(over), under=len(under), same=len(rows) - len(over) - len(under),
    )  # fmt: skip
    if over:
        item, gap = _farthest(over)
        text += t("多得最多的是{item}（{gap}）。", item=item, gap=gap)
    if under:
        item, gap = _farthest(under)
        text += t("少得最多的是{item}（{gap}）。", item=item, gap=gap)
    if n := len(found.unsaid):
        if all(row.code for row in rows):
            text += t("一般公共预算支出表里另有 {n} 个项级科目，报告没有写预算。", n=n)
        else:
            text += t(
                "一般公共预算支出表里另有 {n} 个项级科目，报告没有写预算，或写的名称与表里不同。",
                n=n,
            )
    return text


def _farthest(rows: Sequence[Execution]) -> tuple[str, Html]:
    """The account that is farthest from its budget, and by how much."""
    most = max(rows, key=lambda row: row.apart)
    return strong(most.item), _amount(abs(most.deviation or Number(0)))


def without_budget(found: Budget) -> str:
    """What was spent of which the budget was zero."""
    rows = found.unplanned
    if not rows and found.rows:
        return t("写明预算的资金和科目里，没有一项是预算为 0 而有支出的。")
    if not rows:
        return t("报告没有写明预算，看不出哪些支出没有预算。")
    told = []
    if some := [row for row in rows if row.kind == "fund"]:
        told.append(t("资金：{some}", some=_unplanned(some)))
    if some := [row for row in rows if row.kind == "account"]:
        told.append(t("科目：{some}", some=_unplanned(some)))
    return t("{text}。", text=join(told, "；")) + t(
        "支出的钱来自年中追加、上级下达或上年结转，报告一般只在原因里提到。"
    )


def _unplanned(rows: Sequence[Execution]) -> str:
    """The first of some rows without budget, and how many and how much they are."""
    named = []
    for row in rows[:_NAMED]:
        name, spent, stage = escape(_short(row)), _amount(row.final), row.against or "budget"
        if row.derived:
            form = t(
                "{name} {spent}（{stage}为 0，推算）", name=name, spent=spent, stage=STAGES[stage]
            )
        else:
            form = t("{name} {spent}（{stage}为 0）", name=name, spent=spent, stage=STAGES[stage])
        named.append(form)
    if len(rows) <= _NAMED:
        return join(named)
    spent = bold(_amount(total(row.final for row in rows if row.final is not None)))
    return t("{named}等 {n} 项，共 {spent}", named=join(named), n=len(rows), spent=spent)


def agreement(found: Budget) -> str:
    """Whether printed rates agree with the amounts, and how many differences have a reason."""
    if not found.rows:
        return t("没有可以核对的预算。")
    counts = Counter(status for row in found.rows if (status := found.verdict(row)))
    wrong = [row for row in found.rows if found.verdict(row) is Status.BREAK]
    if counts:
        known = (one for one in (Status.EXACT, Status.TAIL, Status.BREAK) if counts[one])
        parts = [t("{status} {n} 项", status=STATUSES[one], n=counts[one]) for one in known]
        text = t(
            "印出完成率或增减率、并与金额核对过的有 {n} 项：{parts}。",
            n=sum(counts.values()), parts=join(parts, "，"),
        )  # fmt: skip
        if wrong:
            text += t("不符的是{rows}。", rows=join(escape(row.item) for row in wrong))
    else:
        text = t("报告没有印出可以与金额核对的完成率或增减率。")
    apart = [row for row in found.rows if row.deviation]
    given = [row for row in apart if row.reason]
    if apart:
        text += t("决算与预算不相等的有 {n} 项，其中 {m} 项写了原因。", n=len(apart), m=len(given))
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
    return t(
        "{heading}：{said}（{see}）。",
        heading=strong(heading(finding)), said=said, see=see(),
    )  # fmt: skip


def message(rows: Sequence[Execution]) -> str:
    """What the rows of the figure show, those that it has no room for too, in one line."""
    most = max(rows, key=lambda row: row.apart)
    gap, stage = most.deviation or Number(0), STAGES[most.against or "budget"]
    if len(rows) > _NAMED:
        over = sum((row.deviation or 0) > 0 for row in rows)
        under = sum((row.deviation or 0) < 0 for row in rows)
        if over or under:
            return t(
                "{over} 项多于{stage}，{under} 项少于{stage}", over=over, under=under, stage=stage
            )
        return t("各项决算都等于{stage}", stage=stage)
    if not gap:
        return t("决算与{stage}相等", stage=stage)
    name = plain(_short(most) + ("支出" if most.kind == "fund" else ""))
    size = measured(f"{abs(gap):,.2f}", gap.unit)
    if gap > 0:
        return t("{name}比{stage}多 {size}", name=name, stage=stage, size=size)
    return t("{name}比{stage}少 {size}", name=name, stage=stage, size=size)


def _short(row: Execution) -> str:
    return row.item.replace("预算财政拨款支出", "预算") if row.kind == "fund" else row.item


def _amount(value: Number | None) -> Html:
    """A number with its printed digits, a computed one with two, or fewer where they are not known."""
    if value is None:
        return cite(None)
    known = 2 if value.half < _SURE else min(2, value.places)
    return cite(value, value.unit, known if value.computed else value.places)
