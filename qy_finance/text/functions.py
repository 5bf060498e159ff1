"""Sentences of notebooks 01 and 06 on functions of government (COFOG), in Markdown."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.functions import (
    ALMOST_ALL,
    DIFFERENCE,
    JUDGED,
    MIXED,
    OUT,
    STAFF,
    UNKNOWN,
    Functions,
    Mapped,
    named,
)
from qy_finance.analysis.panel import Panel
from qy_finance.display import bold, cite, escape, linked, percent
from qy_finance.numbers import Number, total

_NAMES: Final = {
    "name": "职能",
    "amount": "本年支出",
    "judged": "其中按判断",
    "staff": "其中本单位职工",
    "share": "占比 %",
}
_LISTED: Final = 5  # codes that a cell names
_WHY: Final = {
    MIXED: "一个科目含几种职能，或看不出用途",
    OUT: "不是 COFOG 意义上的支出",
    UNKNOWN: "对照表里没有这些编码",
}
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
    for (_, group, basis), parts in groupby(some, lambda one: (one.sure, one.group, one.basis)):
        one, *others = parts
        codes = f"{one.code} {one.item}"
        if others:
            codes = _listed([one, *others])
        into = f"{group} {named(group[:2])}" if group else ""
        amount = total(part.amount for part in (one, *others))
        rows.append((codes, amount, into, basis))
    names = ("科目", "本年支出", "归入", "依据")
    return framed(rows, names, dict.fromkeys(("科目", "归入", "依据"), "string"))


def title(found: Functions, year: int) -> str:
    """What the figure shows: the largest function, or how much has none."""
    frame = found.table
    first = frame[frame["mapped"]].head(1)
    missing = 100 - found.mapped if found.mapped is not None else None
    told = f"{year} 年"
    if missing is not None and missing > _MUCH:
        told += f"：{percent(missing)} 的支出归不到一项职能"
    for name, share in first[["name", "share"]].to_numpy():
        told += f"{'，' if '：' in told else '：'}{name}{'最多' if share is None else f'占 {percent(share)}'}"
    return told


def on_functions(found: Functions) -> str:
    """Which function is the largest, how much is mapped and how surely, and what stays apart."""
    if not found.parts:
        return found.why
    text = found.why + _largest(found) + _mapped(found)
    apart = [_apart(found, sure, some) for sure, some in found.apart.items() if sure != DIFFERENCE]
    if apart:
        text += f"单列、没有摊到各职能的有：{'；'.join(apart)}。"
    for part in found.apart.get(DIFFERENCE, []):
        text += f"各科目相加与印出的合计差 {cite(abs(part.amount), found.unit)}，"
        text += "是舍入的尾差。" if found.adds_up else "舍入解释不了，所以不算占比。"
    return text if found.is_printed else f"{text}表里没有印出合计，以各科目之和为合计。"


def on_panel(panel: Panel) -> str:
    """How much of their expenditure the reports let one assign, and what a blank means."""
    ranked = panel.latest["cofog_mapped"]
    if not ranked.values:
        return "这些报告里没有一份可以按职能归类：没有支出决算表，或表里没有科目编码。"
    first, last = ranked.values[0], ranked.values[-1]
    text = f"{len(ranked.values)} 份同口径、同年度的报告里，归得到一项职能的支出占 "
    low, high = cite(last.number, "%", 1), cite(first.number, "%", 1)
    text += f"{high}" if low == high or first is last else f"{low} 到 {high}"
    return (
        f"{text}；其余是混合、不在范围内、未归类，或没有随本部门归类的职工费用，没有摊到各职能。"
        f"归得少的单位，各职能的占比{bold('不能与别的单位比')}。空格是没有这项职能的支出。"
    )


def _largest(found: Functions) -> str:
    for code, parts in found.by_function.items():
        amount, share = total(one.amount for one in parts), found.share(parts)
        judged = [one.amount for one in parts if one.sure == JUDGED]
        text = f"支出最多的职能是{bold(escape(named(code)))}：{bold(cite(amount, found.unit))}"
        text += f"{_of_all(found, share)}"
        if judged and 2 * total(judged) > amount:
            whole = len(judged) == len(parts)
            text += "，全部靠判断" if whole else f"，其中 {cite(total(judged), found.unit)}靠判断"
        return f"{text}。"
    return ""


def _mapped(found: Functions) -> str:
    if not found.by_function:
        return "没有一笔支出归得到一项职能。"
    if found.mapped is None:
        return ""
    text = f"归得到一项职能的占本年支出{bold(_percent(found, found.mapped))}"
    inside = [part for part in found.parts if part.function]
    told = []
    for sure, said in (
        (JUDGED, "靠判断的"),
        (STAFF, f"随本部门归入{_home(found)}的本单位职工费用"),
    ):
        share = found.share(part for part in inside if part.sure == sure)
        if share:
            told.append(f"{said}占{_percent(found, share)}")
    if told:
        return f"{text}，其中{'，'.join(told)}。"
    return f"{text}，都由科目直接对应。"


def _home(found: Functions) -> str:
    return named(found.home) if found.home else ""


def _apart(found: Functions, sure: str, parts: list[Mapped]) -> str:
    amount, share = total(one.amount for one in parts), found.share(parts)
    name = {STAFF: "本单位职工费用", MIXED: "混合", OUT: "不在范围内", UNKNOWN: "未归类"}[sure]
    told = f"{name} {cite(amount, found.unit)}{_of_all(found, share)}"
    if sure == STAFF:
        why = f"没有一项职能占到其他基本支出的 {ALMOST_ALL}%，看不出随哪一项"
        return f"{told}（{why}）"
    return f"{told}（{_WHY[sure]}：{escape(_listed(parts))}）"


def _listed(parts: list[Mapped]) -> str:
    codes = [part.code for part in parts]
    more = f" 等 {len(codes)} 个" if len(codes) > _LISTED else ""
    return "、".join(codes[:_LISTED]) + more


def _of_all(found: Functions, share: Number | None) -> str:
    return f"，占本年支出{_percent(found, share)}" if share is not None else ""


def _percent(found: Functions, share: Number) -> str:
    """A share with one decimal; what is little is not 0.0 %, and what is not all is not 100.0 %."""
    if 0 < share < _LITTLE:
        return linked("不到 0.1%", share)
    if 100 - _LITTLE <= share < 100 and set(found.apart) - {DIFFERENCE}:
        return linked("超过 99.9%", share)
    return f" {cite(share, '%', 1)}"
