"""Notebook 02: what one member of staff, vehicle, reception or meeting costs, where the report states both sides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.analysis.facts import cell
from qy_finance.analysis.operating_public import three_public
from qy_finance.checks.ledger import is_money
from qy_finance.checks.model import Operand
from qy_finance.checks.quantities import FINAL, is_budget
from qy_finance.intervals import MONEY
from qy_finance.report import Report
from qy_finance.sourced import Sourced, figures

COLUMNS: Final = {
    "measure": "每个…花多少",
    "amount": "金额（元）",
    "count": "数量",
    "unit": "计量",
    "each": "平均（元）",
}
"""Chinese headers of :func:`per_unit`."""

STAFF: Final = "每人公用经费"


class _Counted(NamedTuple):
    """Things that a part of 三公 pays for: patterns of what the report calls them and of their unit."""

    measure: str
    part: str
    said: str
    unit: str


_KEPT: Final = r".*公务用?车(?:期末|年末)?保有量|(?:单位|部门)?共有公务用车"
_COUNTED: Final = (
    _Counted("每辆公务用车运行维护费", "公务用车运行维护费", _KEPT, "辆"),
    _Counted("每辆新购公务用车", "公务用车购置费", r".*(?:购置|更新)[^，]*", "辆"),
    _Counted("每个出国（境）团组", "因公出国（境）费", r"(?!.*(?:接待|来访)).*(?:出国|团组|组团).*", "个|批次?"),
    _Counted("每人次出国（境）", "因公出国（境）费", r"(?!.*(?:接待|来访)).*(?:出国|团组|组团).*", "人次?"),
)  # fmt: skip
_SECTION: Final = re.compile(r"三公|公务|出国|接待")

# 行政编制 and 事业编制 are parts of 编制人数. People in post come before posts: they are who spends.
_STAFF: Final = (
    r"(?:年末)?(?:实有)?在[职编](?:在[职编])?(?:人员|人数|职工)?(?:总?数)?",
    r"(?:年末)?实有(?:人员|人数|职工)(?:总?数)?",
    r"(?:核定)?(?:人员)?编制(?:人数|人员)?(?:总?数)?",
)

_FOREIGN: Final = re.compile(r"外宾|外事|境|国外")
_RECEIVED: Final = re.compile(r".*(?:接待|来宾|来访).*|总?人[数次]")
_BATCH: Final = re.compile(r"批次?|次|个")
_PEOPLE: Final = re.compile(r"人次?")
_EVENTS: Final = {"会议费": "会议", "培训费": "培训"}
_EVENT: Final = re.compile(r"个|次|场次?|期|批次?")


class _Row(NamedTuple):
    measure: str
    amount: Sourced
    number: Sourced
    unit: str


def per_unit(report: Report) -> pd.DataFrame:
    """What one of each thing costs.

    Columns ``measure``, ``unit`` (string), ``amount``, ``each`` (object, Sourced, 元), ``count`` (object, Sourced).
    A count of 0, or one that the report states with different values, gives no row.
    """
    rows = [*_staff(report), *_parts(report), *_receptions(report), *_events(report)]
    frame = pd.DataFrame(
        [(*row, row.amount / row.number) for row in rows if row.number and row.amount],
        columns=["measure", "amount", "count", "unit", "each"],
        dtype="object",
    )
    return frame.astype({"measure": "string", "unit": "string"})


def _staff(report: Report) -> Iterator[_Row]:
    """公用经费 by head. 机关运行经费 would be that of a part of the staff where 事业单位 are consolidated."""
    running = cell(report, "basic_expenditure", "公用经费合计", "决算数")
    for said in _STAFF if running else ():
        counts = [o for o in _counts(report, "人员?|名") if re.fullmatch(said, o.figure.item)]
        if running and len({o.value for o in counts}) == 1:
            count = _number(report, counts[0])
            name = f"{STAFF}（按{counts[0].figure.item}）"
            yield _Row(name, running.in_unit("元").value, count, "人")
            return


def _parts(report: Report) -> Iterator[_Row]:
    spent = _spent(report)
    for kind in _COUNTED:
        counts = [
            o for o in _counts(report, kind.unit)
            if re.fullmatch(kind.said, o.figure.item) and _SECTION.search(o.scope)
        ]  # fmt: skip
        amount = spent.get(kind.part)
        if amount is not None and len({o.value for o in counts}) == 1:
            unit = counts[0].figure.unit_of_measure
            yield _Row(kind.measure, amount, _number(report, counts[0]), unit)


def _receptions(report: Report) -> Iterator[_Row]:
    """公务接待费 by batch and guest, at home and of guests from abroad apart.

    A count whose words don't say which (接待人数) is of the kind that was spoken of before it.
    """
    counts: dict[tuple[bool, bool], Operand] = {}
    amounts: dict[bool, Operand] = {}
    for operands in report._ledger.sections.values():
        foreign = False
        for operand in operands:
            figure = operand.figure
            if not _SECTION.search(operand.scope) or _in_brackets(report, operand):
                continue
            said = figure.item
            if "国内" in said or _FOREIGN.search(said) or (_is_spent(operand) and "接待" in said):
                foreign = bool(_FOREIGN.search(said))
            if _is_spent(operand) and "接待" in said and ("国内" in said or foreign):
                amounts.setdefault(foreign, operand)
            if figure.measure == "count" and _RECEIVED.fullmatch(said):
                people = bool(_PEOPLE.fullmatch(figure.unit_of_measure))
                if people or _BATCH.fullmatch(figure.unit_of_measure):
                    counts.setdefault((foreign, people), operand)
    at_home = not any(count.value for (foreign, _), count in counts.items() if foreign)
    total = _spent(report).get("公务接待费")
    for (foreign, people), count in counts.items():
        named = amounts.get(foreign)
        amount = _money(report, named) if named else total if at_home and not foreign else None
        if amount is not None:
            kind = "外宾" if foreign else "国内" if named else "公务"
            name = f"每位{kind}接待对象" if people else f"每批次{kind}接待"
            yield _Row(name, amount, _number(report, count), count.figure.unit_of_measure)


def _events(report: Report) -> Iterator[_Row]:
    """会议费 and 培训费 by event and participant: the counts that follow the amount under its heading."""
    done: set[str] = set()
    for operands in report._ledger.sections.values():
        amount: Operand | None = None
        name = ""
        for operand in operands:
            if _is_spent(operand):
                name = next((name for name in _EVENTS if name in operand.figure.item), "")
                amount = operand if name else None
            elif operand.figure.measure == "count" and amount is not None:
                unit, event = operand.figure.unit_of_measure, _EVENTS[name]
                people = bool(_PEOPLE.fullmatch(unit))
                measure = f"每人次{event}" if people else f"每次{event}"
                if (people or _EVENT.fullmatch(unit)) and measure not in done:
                    done.add(measure)
                    yield _Row(measure, _money(report, amount), _number(report, operand), unit)


def _spent(report: Report) -> dict[str, Sourced]:
    """决算数 of each part of 三公 in 元."""
    parts, factor = three_public(report), MONEY[str(report.meta["money_unit"])]
    named = zip(parts["part"], parts["spent"], strict=True)
    return {part: spent * factor for part, spent in named if spent is not None}


def _counts(report: Report, unit: str) -> list[Operand]:
    return [
        operand
        for operand in report._ledger.prose
        if operand.figure.measure == "count" and re.fullmatch(unit, operand.figure.unit_of_measure)
    ]


def _is_spent(operand: Operand) -> bool:
    """Whether a figure is a sum of money that was spent this year."""
    figure = operand.figure
    return (
        figure.measure == "amount" and is_money(figure)
        and not is_budget(operand) and FINAL.fullmatch(figure.column or "") is not None
    )  # fmt: skip


def _in_brackets(report: Report, operand: Operand) -> bool:
    """Whether a figure is an aside (其中：外事接待0批次)."""
    start = operand.figure.start
    before = report.text[report.text.rfind("。", 0, start) + 1 : start]
    return before.count("（") > before.count("）")


def _number(report: Report, operand: Operand) -> Sourced:
    value = figures(report)[operand.row]
    return value if operand.factor == 1 else value * operand.factor


def _money(report: Report, operand: Operand) -> Sourced:
    return figures(report)[operand.row] * MONEY[operand.figure.unit_of_measure]
