"""What a department says of the evaluation of its own spending (绩效自评): projects, money, scores, grades."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qy_finance.analysis.hotline_numbers import Said, of_year
from qy_finance.report import Report

_SECTION: Final = "绩效|评价|自评"
_COUNTED: Final = re.compile(
    r"自评|评价|项目|评级|等[次级]|整改|问题|^[“\"]?(?:优秀?|良好?|中|差|合格|不合格)[”\"]?的?$"
)
_UNITS: Final = frozenset("个项家")
_MONEY: Final = re.compile("资金|金额|支出|项目|自评|评价")
_AMOUNT: Final = re.compile("预算|执行|决算|实际")


def evaluation(report: Report) -> list[Said]:
    """The figures of the evaluation in the order of the report: projects, their money and its share, scores, grades.

    Shares (占…) and completion (完成预算的…) where the amount that they belong to stands before them.
    """
    return list(_of_evaluation(of_year(report, section=_SECTION)))


def _of_evaluation(figures: Iterator[Said]) -> Iterator[Said]:
    of_money = False
    for one in figures:
        fact = one.fact
        match fact.measure:
            case "amount":
                of_money = bool(_AMOUNT.search(fact.column) or _MONEY.search(fact.item))
                chosen = of_money
            case "share" | "completion_rate":
                chosen = of_money and fact.column != ""
            case "score":
                chosen = True
            case "count":
                chosen = one.noun in _UNITS and bool(_COUNTED.search(fact.item))
                of_money = False
            case _:
                chosen = of_money = False
        if chosen:
            yield one


def title(one: Said) -> str:
    """What a figure of the evaluation says, in a few words of the report."""
    column = one.fact.column
    kinds = {"share": f"占{column}", "completion_rate": f"完成{column}的百分比"}
    about = kinds.get(one.fact.measure, column)
    return f"{one.fact.item}：{about}" if about else one.fact.item
