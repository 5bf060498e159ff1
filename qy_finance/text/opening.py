"""What notebook 00 opens with: the table of key figures, and three findings in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.comparisons import DERIVED, Comparison
from qy_finance.analysis.keyfigures import KeyFigure
from qy_finance.analysis.overview import Overview
from qy_finance.analysis.spending import Spending
from qy_finance.display import cite, decimals, escape, shortened
from qy_finance.language import is_english, join, plain, t
from qy_finance.text import overview, spending

_PRINTED: Final = "印出"
_DERIVED: Final = "上年（推算）"
_NAME: Final = 12  # characters of a name in a title


def table(figures: Sequence[KeyFigure]) -> pd.DataFrame:
    """Key figures to be read: this year, last year, the change, the budget; columns of which nothing is known left out.

    Where some of last year's amounts are printed in the report of that year and others derived, a column says which.
    """
    kinds = {DERIVED if one.derived else _PRINTED for one in figures if one.before is not None}
    last = _DERIVED if kinds == {DERIVED} else "上年"
    names = ("关键数字", "本年", last, "上年数", "比上年", "比上年 %", "预算", "完成预算 %")
    rows = [
        (
            one.name, one.now, one.before,
            "" if one.before is None else DERIVED if one.derived else _PRINTED,
            one.change, one.rate, one.budget, one.completion,
        )
        for one in figures
    ]  # fmt: skip
    frame = framed(rows, names, {"关键数字": "string", "上年数": "string"})
    if len(kinds) < 2:
        frame = frame.drop(columns="上年数")
    return frame.dropna(axis="columns", how="all")


def not_stated(figures: Sequence[KeyFigure]) -> str:
    """Which of the key figures the report does not state, and which it does not compare; empty where all are there."""
    missing = [escape(one.name) for one in figures if one.now is None]
    alone = [escape(one.name) for one in figures if one.now is not None and one.before is None]
    text = t("报告没有印出或写明：{missing}。", missing=join(missing)) if missing else ""
    return text + (t("推算不出上年数的：{alone}。", alone=join(alone)) if alone else "")


def findings(found: Overview, figures: Sequence[KeyFigure]) -> list[str]:
    """Three findings: where the money went, what moved against last year, whether the report agrees with itself."""
    went = spending.headline(Spending(found.checks))
    return [
        t("1. {went}见[支出结构](01_spending_structure.ipynb)。", went=went),
        t("2. {moved}见[机关运行经费](02_operating_expenses.ipynb)。", moved=_moved(figures)),
        f"3. {overview.contradictions(found)}",
    ]


def _moved(figures: Sequence[KeyFigure]) -> str:
    """支出减少 5.9%，机关运行经费增加 43.4%."""
    told = [_by(one) for one in figures if one.change is not None]
    if not told:
        return t("报告没有写明这些数与上年的比较，上年数无从推算。")
    moved = join(told, "，")
    if any(one.derived for one in figures):
        return t("与上年相比，{moved}（上年数为{derived}）。", moved=moved, derived=DERIVED)
    return t("与上年相比，{moved}。", moved=moved)


def _by(one: KeyFigure) -> str:
    change, rate, name = one.change, one.rate, escape(one.name)
    if not change:
        return t("{name}持平", name=name)
    by = cite(abs(rate), "%", 1) if rate is not None else cite(abs(change), change.unit)
    if change > 0:
        return t("{name}增加 {by}", name=name, by=by)
    return t("{name}减少 {by}", name=name, by=by)


def picture_title(compared: Sequence[Comparison], unit: str) -> str:
    """What the figure of last year and this shows, in its unit of money: which sum moved most."""
    moves = [(one.name, one.in_unit(unit).moved) for one in compared if one.previous is not None]
    known = [(name, by) for name, by in moves if by]
    if not known:
        return t("各项收支与上年持平")
    name, most = max(known, key=lambda pair: abs(pair[1]))
    by = f"{'+' if most > 0 else '−'}{decimals(abs(most))}"
    if is_english():  # two letters are as wide as one character
        said = shortened(plain(name), 3 * _NAME)
        return t("变化最大的是{name}：{by}", name=said, by=by)
    return t("变化最大的是{name}：{by}", name=shortened(name, _NAME), by=f"{by} {unit}")
