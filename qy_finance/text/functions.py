"""Sentences of notebooks 01 and 06 on functions of government (COFOG), in Markdown, in the language that is spoken."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.functions import (
    ALMOST_ALL,
    APART,
    DIFFERENCE,
    JUDGED,
    MIXED,
    NO_CODES,
    NO_TABLE,
    NOTHING,
    OUT,
    ROUGH,
    STAFF,
    UNKNOWN,
    Functions,
    Mapped,
    named,
)
from qy_finance.analysis.panel import Panel
from qy_finance.display import bold, cite, escape, linked, percent
from qy_finance.language import is_english, join, plain, t
from qy_finance.numbers import Number, total

_NAMES: Final = {
    "name": "职能",
    "amount": "本年支出",
    "judged": "其中按判断",
    "staff": "其中本单位职工",
    "share": "占比 %",
}
_MAPPED: Final = "cofog_mapped"
_LISTED: Final = 5  # codes that a cell names
_LITTLE: Final = Decimal("0.05")
_MUCH: Final = 5  # percent without a function that a title tells


def by_function(found: Functions) -> pd.DataFrame:
    """``table`` to be read, and its sum: 职能, 本年支出, 其中按判断, 其中本单位职工, 占比 %."""
    frame = found.table[[*_NAMES]].rename(columns=_NAMES)
    every = total(part.amount for part in found.parts)
    whole = found.whole if found.whole is not None else every
    last = framed([("合计", whole, None, None, None)], frame.columns, {"职能": "string"})
    return pd.concat([frame, last], ignore_index=True).dropna(axis="columns", how="all")


def judged(found: Functions) -> pd.DataFrame:
    """What is not told by the account itself, and why: 科目, 本年支出, 归入, 依据; those of one reason together."""
    order = (JUDGED, MIXED, OUT, UNKNOWN)
    some = [part for part in found.parts if part.sure in order]
    some.sort(key=lambda part: (order.index(part.sure), part.group, part.basis))
    rows = []
    for (_, group, _), grouped in groupby(some, lambda one: (one.sure, one.group, one.basis)):
        parts = list(grouped)
        one = parts[0]
        codes = f"{one.code} {one.item}" if len(parts) == 1 else _listed(parts)
        into = f"{group} {named(one.function)}" if group else APART[one.sure]
        basis = one.basis_en if is_english() and one.basis_en else one.basis
        rows.append((codes, total(part.amount for part in parts), into, basis))
    names = ("科目", "本年支出", "归入", "依据")
    return framed(rows, names, dict.fromkeys(("科目", "归入", "依据"), "string"))


def title(found: Functions, year: int) -> str:
    """What the figure shows: the largest function, or how much has none."""
    frame = found.table
    first = frame.loc[frame["mapped"], ["name", "share"]].head(1).to_numpy().tolist()
    if not first:
        return t("{year} 年：支出归不到一项职能", year=year)
    ((name, share),) = first
    if share is None or found.mapped is None:
        return t("{year} 年：{name}最多", year=year, name=plain(name))
    missing = 100 - found.mapped
    if missing > _MUCH:
        return t(
            "{year} 年：{missing} 的支出归不到一项职能，{name}占 {share}",
            year=year, missing=percent(missing), name=plain(name), share=percent(share),
        )  # fmt: skip
    return t("{year} 年：{name}占 {share}", year=year, name=plain(name), share=percent(share))


def on_functions(found: Functions) -> str:
    """Which function is the largest, how much is mapped and how surely, and what stays apart."""
    why = _why(found)
    if not found.parts:
        return why
    text = why + _largest(found) + _mapped(found)
    apart = [_apart(found, sure, some) for sure, some in found.apart.items() if sure != DIFFERENCE]
    if apart:
        text += t("单列、没有摊到各职能的有：{apart}。", apart=join(apart, "；"))
    for part in found.apart.get(DIFFERENCE, []):
        gap = cite(abs(part.amount), found.unit)
        text += (
            t("各科目相加与印出的合计差 {gap}，是舍入的尾差。", gap=gap)
            if found.adds_up
            else t("各科目相加与印出的合计差 {gap}，舍入解释不了，所以不算占比。", gap=gap)
        )
    return text if found.is_printed else text + t("表里没有印出合计，以各科目之和为合计。")


def of_reports(panel: Panel) -> pd.DataFrame:
    """The two largest functions of each report, and how much of its expenditure has one."""
    rows = []
    for (subject, year, _), values in panel.by_year["functions"].items():
        mapped = [one.number for one in values if one.measure.key == _MAPPED]
        rest = [one for one in values if one.measure.key != _MAPPED]
        rest.sort(key=lambda one: -one.number)
        largest: list[tuple[str | None, Number | None]]
        largest = [(one.measure.name, one.number) for one in rest[:2]]
        largest += [(None, None)] * (2 - len(largest))
        first, second = largest
        rows.append((subject.unit, str(year), subject.scope, *mapped[:1], *first, *second))
    names = ("单位", "年度", "口径", "归到职能 %", "最多的职能", "最多 %", "其次的职能", "其次 %")
    texts = dict.fromkeys(("单位", "年度", "口径", "最多的职能", "其次的职能"), "string")
    return framed(rows, names, texts)


def on_panel(panel: Panel) -> str:
    """How much of their expenditure the reports let one assign, and what follows from that."""
    found = [one.number for one in panel.values if one.measure.key == _MAPPED]
    if not found:
        return t("这些报告里没有一份可以按职能归类：没有支出决算表，或表里没有科目编码。")
    low, high = cite(min(found), "%", 1), cite(max(found), "%", 1)
    first = t("一份报告可以归类，归得到一项职能的支出占 {share}。", share=high)
    if len(found) > 1:
        first = t(
            "{n} 份报告里，归得到一项职能的支出占 {low} 到 {high}。",
            n=len(found), low=low, high=high,
        )  # fmt: skip
    return first + t(
        "其余是混合、不在范围内、未归类，或没有随本部门归类的职工费用，没有摊到各职能。"
        "归得少的单位，各职能的占比不能与别的单位比。"
    )


def _why(found: Functions) -> str:
    return {
        "": "",
        NO_TABLE: t("报告没有支出决算表，不能按职能归类。"),
        NO_CODES: t("支出决算表没有科目编码，不能按职能归类。"),
        NOTHING: t("支出决算表里没有支出。"),
        ROUGH: t("支出决算表只印到类级科目，一类里有几种职能的分不开。"),
    }[found.why]


def _largest(found: Functions) -> str:
    for code, parts in found.by_function.items():
        amount = total(one.amount for one in parts)
        name, sized = bold(escape(named(code))), bold(cite(amount, found.unit))
        said = t("支出最多的职能是{name}：{amount}", name=name, amount=sized)
        said += _of_all(found, found.share(parts))
        some = [one.amount for one in parts if one.sure == JUDGED]
        if len(some) == len(parts):
            return said + t("，全部靠判断。")
        if 2 * total(some) > amount:
            return said + t("，其中 {judged}靠判断。", judged=cite(total(some), found.unit))
        return said + t("。")
    return ""


def _mapped(found: Functions) -> str:
    if not found.by_function:
        return t("没有一笔支出归得到一项职能。")
    if found.mapped is None:
        return ""
    share = bold(_percent(found, found.mapped))
    inside = [part for part in found.parts if part.function]
    told = []
    if any(one.sure == JUDGED for one in inside):
        told.append(t("靠判断的占{share}", share=_of_kind(found, inside, JUDGED)))
    if any(one.sure == STAFF for one in inside):
        home, part = escape(named(found.home)), _of_kind(found, inside, STAFF)
        told.append(t("随本部门归入{home}的本单位职工费用占{share}", home=home, share=part))
    if told:
        parts = join(told, "，")
        return t("归得到一项职能的占本年支出{share}，其中{parts}。", share=share, parts=parts)
    return t("归得到一项职能的占本年支出{share}，都由科目直接对应。", share=share)


def _of_kind(found: Functions, parts: list[Mapped], sure: str) -> str:
    share = found.share(one for one in parts if one.sure == sure)
    return "" if share is None else _percent(found, share)


def _apart(found: Functions, sure: str, parts: list[Mapped]) -> str:
    amount = cite(total(one.amount for one in parts), found.unit)
    sized, codes = amount + _of_all(found, found.share(parts)), _listed(parts)
    if sure == STAFF:
        return t(
            "本单位职工费用 {sized}（没有一项职能占到其他基本支出的 {most}%，看不出随哪一项）",
            sized=sized, most=ALMOST_ALL,
        )  # fmt: skip
    if sure == MIXED:
        return t(
            "混合 {sized}（一个科目含几种职能，或看不出用途：{codes}）", sized=sized, codes=codes
        )
    if sure == OUT:
        return t("不在范围内 {sized}（不是 COFOG 意义上的支出：{codes}）", sized=sized, codes=codes)
    return t("未归类 {sized}（对照表里没有这些编码：{codes}）", sized=sized, codes=codes)


def _listed(parts: list[Mapped]) -> str:
    codes = join(part.code for part in parts[:_LISTED])
    n = len(parts)
    return t("{codes} 等 {n} 个", codes=codes, n=n) if n > _LISTED else codes


def _of_all(found: Functions, share: Number | None) -> str:
    return t("，占本年支出{share}", share=_percent(found, share)) if share is not None else ""


def _percent(found: Functions, share: Number) -> str:
    """A share with one decimal; what is little is not 0.0 %, and what is not all is not 100.0 %."""
    if 0 < share < _LITTLE:
        return linked(t("不到 0.1%"), share)
    if 100 - _LITTLE <= share < 100 and set(found.apart) - {DIFFERENCE}:
        return linked(t("超过 99.9%"), share)
    number = cite(share, "%", 1)
    return number if is_english() else f" {number}"
