"""“三公”经费 against its budget and last year, and what one person, vehicle, reception or meeting costs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from qy_finance.analysis import knowledge, once
from qy_finance.analysis.accounts import BASIC, THREE_PUBLIC, framed
from qy_finance.checks import CheckSet
from qy_finance.checks.knowledge import Quantity, prose_data
from qy_finance.checks.model import Status
from qy_finance.checks.quantities import FINAL, is_budget, quantity
from qy_finance.facts import Fact
from qy_finance.numbers import Number
from qy_finance.precision import is_money

ROW: Final = "“三公”经费"
TOTAL: Final = "合计"
STAFF: Final = ("每人公用经费", "每人机关运行经费")
"""What is measured a head: the latter where 机关运行经费 is all of 公用经费."""

_SECTION: Final = "三公|公务|出国|接待"
_PUBLIC: Final = (
    "part", "code", "budget", "spent", "completion", "change", "previous", "in_running", "inside", "beyond",
)  # fmt: skip

Known = Mapping[str, Any]
Cost = tuple[str, Number | None, Fact]
"""What is measured, the money, and the count."""


@once
def three_public(checks: CheckSet) -> pd.DataFrame:
    """Parts of 三公: the table's figures, where a cell is blank those of the prose.

    Columns
    -------
    part, code : string
        The part, and its account where it is basic expenditure; ``code`` is missing for the sum.
    budget, spent, completion, change, previous : object (Number)
        预算数, 决算数, percent of the budget, the stated change against last year, and last year's amount (derived),
        in the money unit of the report; missing where not stated.
    in_running : object (Number)
        What 公用经费 contains of it.
    inside, beyond : bool
        Whether that can be all of it, as precisely as both are printed, and whether the checks find that it is more.

    Parts of which nothing is stated are left out.
    """
    reading, basic = checks.reading, checks.ledger.sheets.get(BASIC)
    said, changed = _said(checks), _changed(checks)
    rows = []
    for part in knowledge("operating.toml")["part"]:
        column, code = part["column"], part.get("code")
        budget, spent = (
            cell.number if (cell := reading.cell(THREE_PUBLIC, ROW, name)) else said.get(name)
            for name in (f"预算数/{column}", f"决算数/{column}")
        )
        row = basic.by_code.get(code) if basic and code else None
        inner = basic.cell(row, "决算数") if basic and row else None
        if budget is None and spent is None and inner is None:
            continue
        done = 100 * spent / budget if spent is not None and budget else None
        change = changed.get(column)
        previous = spent - change if spent is not None and change is not None else None
        inside = spent is not None and inner is not None and spent.meets(inner.number)
        check = checks.verdict(part["identity"], inner) if inner else None
        beyond = check is not None and check.status is Status.BREAK
        values = budget, spent, done, change, previous, inner and inner.number
        rows.append((part["name"], code, *values, inside, beyond))
    kinds = {"part": "string", "code": "string", "inside": "bool", "beyond": "bool"}
    return framed(rows, _PUBLIC, kinds)


def _said(checks: CheckSet) -> dict[str, Number]:
    """Amounts of 三公 in the prose by column of the table, the first of each."""
    made: dict[str, Number] = {}
    for fact in checks.ledger.amounts():
        named, budget = _part_of(fact), is_budget(fact)
        if named is not None and (budget or FINAL.fullmatch(fact.column)):
            cells = named.budget if budget else named.final
            made.setdefault(cells[0].column, fact.compared)
    return made


def _changed(checks: CheckSet) -> dict[str, Number]:
    """The stated change of each part against last year, by column of the table below 决算数."""
    made: dict[str, Number] = {}
    for stated in checks.changes:
        named = _part_of(stated.current)
        if named is not None and stated.base == "上年" and stated.changes:
            change = stated.changes[0].compared
            if stated.changes[0].row < 0:  # 与上年持平 is no figure
                change = stated.current.compared * 0
            made.setdefault(named.final[0].column.partition("/")[2], change)
    return made


def _part_of(fact: Fact) -> Quantity | None:
    """The quantity of the 三公 table that an amount of the prose names; None for any other."""
    if prose_data().headings.elsewhere.search(fact.scope):
        return None
    named = quantity(fact.item, fact.scope)
    return named if named is not None and named.final[0].table == THREE_PUBLIC else None


def per_unit(
    checks: CheckSet, public: pd.DataFrame, running: Fact | None, *, is_all: bool = False
) -> pd.DataFrame:
    """What one of each thing costs; ``is_all`` says that 机关运行经费 is all of 公用经费.

    Columns ``measure``, ``unit`` (string), ``money``, ``each`` (object, Number, 元), ``count`` (object, Number).
    A count of 0, or one that the report states with different values, gives no row. ``public`` is what
    :func:`three_public` gives, ``running`` 公用经费合计.
    """
    known = knowledge("operating.toml")
    spent = dict(zip(public["part"], public["spent"], strict=True))
    costs: list[Cost] = []
    heads = next(filter(None, (_count(checks, kind) for kind in known["staff"])), None)
    # where 事业单位 are consolidated, 机关运行经费 is that of a part of the staff
    if running and heads:
        costs.append((f"{STAFF[is_all]}（按{heads.item}）", running.number, heads))
    for kind in known["counted"]:
        if count := _count(checks, kind, _SECTION):
            costs.append((kind["measure"], spent.get(kind["part"]), count))
    costs += [*_receptions(checks, known, spent.get("公务接待费")), *_events(checks, known)]
    rows = []
    for measure, amount, fact in costs:
        money, number = amount and amount.in_unit("元"), fact.compared
        if money and number:
            rows.append((measure, money, number, fact.unit_of_measure, money / number))
    columns = ("measure", "money", "count", "unit", "each")
    return framed(rows, columns, {"measure": "string", "unit": "string"})


def _count(checks: CheckSet, kind: Known, section: str = "") -> Fact | None:
    """The first count of a kind under such headings; None where their values differ."""
    found = [
        fact
        for fact in checks.reading.find(item=kind["said"], measure="count")
        if re.fullmatch(kind["unit"], fact.unit_of_measure) and re.search(section, fact.scope)
    ]
    return found[0] if len({fact.value for fact in found}) == 1 else None


def _receptions(checks: CheckSet, known: Known, total: Number | None) -> Iterator[Cost]:
    """公务接待费 by batch and guest, at home and of guests from abroad apart.

    A count whose words don't say which (接待人数) is of the kind that was spoken of before it.
    """
    counts: dict[tuple[bool, bool], Fact] = {}
    amounts: dict[bool, Fact] = {}
    for facts in checks.ledger.sections.values():
        foreign = False
        for fact in facts:
            if not re.search(_SECTION, fact.scope) or _in_brackets(checks, fact):
                continue
            at_home, abroad = "国内" in fact.item, bool(re.search(known["foreign"], fact.item))
            for_guests = "接待" in fact.item and _is_spent(fact)
            if at_home or abroad or for_guests:
                foreign = abroad
            if for_guests and (at_home or foreign):
                amounts.setdefault(foreign, fact)
            unit = _unit(fact, known, "batch")
            if unit and re.fullmatch(known["received"], fact.item):
                counts.setdefault((foreign, unit == "people"), fact)
    if any(count.value for (foreign, _), count in counts.items() if foreign):
        total = None  # it is not of guests at home alone
    for (foreign, people), count in counts.items():
        named = amounts.get(foreign)
        kind = "外宾" if foreign else "国内" if named else "公务"
        measure = f"{kind}接待人均" if people else f"每批次{kind}接待"
        yield measure, named.number if named else None if foreign else total, count


def _events(checks: CheckSet, known: Known) -> Iterator[Cost]:
    """会议费 and 培训费 by event and participant: the counts that follow the amount under its heading."""
    made: dict[str, Cost] = {}
    for facts in checks.ledger.sections.values():
        event, amount = "", None
        for fact in facts:
            if _is_spent(fact):
                events = (event for name, event in known["events"].items() if name in fact.item)
                event, amount = next(events, ""), fact.number
            elif event and (unit := _unit(fact, known, "event")):
                measure = f"每人次{event}" if unit == "people" else f"每次{event}"
                made.setdefault(measure, (measure, amount, fact))
    yield from made.values()


def _unit(fact: Fact, known: Known, other: str) -> str:
    """Which of two kinds of units a count has, people first; empty for none, and for what is no count."""
    kinds = ("people", other) if fact.measure == "count" else ()
    fitting = (kind for kind in kinds if re.fullmatch(known["units"][kind], fact.unit_of_measure))
    return next(fitting, "")


def _is_spent(fact: Fact) -> bool:
    """Whether a figure is a sum of money that was spent this year."""
    is_amount = fact.measure == "amount" and is_money(fact.figure)
    return is_amount and not is_budget(fact) and FINAL.fullmatch(fact.column) is not None


def _in_brackets(checks: CheckSet, fact: Fact) -> bool:
    """Whether a figure is an aside (其中：外事接待0批次)."""
    start, text = fact.figure.start, checks.reading.text
    before = text[text.rfind("。", 0, start) + 1 : start]
    return before.count("（") > before.count("）")
