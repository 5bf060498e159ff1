"""What one member of staff, vehicle, reception or meeting costs, where the report states both sides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from qy_finance.analysis import knowledge
from qy_finance.analysis.accounts import BASIC
from qy_finance.checks import CheckSet
from qy_finance.checks.quantities import FINAL, is_budget
from qy_finance.facts import Fact
from qy_finance.numbers import Number
from qy_finance.precision import is_money

STAFF: Final = "每人公用经费"
_SECTION: Final = re.compile(r"三公|公务|出国|接待")

Known = Mapping[str, Any]
Cost = tuple[str, Number | None, Fact]
"""What is measured, the money, and the count."""


def per_unit(checks: CheckSet, public: pd.DataFrame) -> pd.DataFrame:
    """What one of each thing costs.

    Columns ``measure``, ``unit`` (string), ``money``, ``each`` (object, Number, 元), ``count`` (object, Number).
    A count of 0, or one that the report states with different values, gives no row. ``public`` is what
    :func:`.three_public.three_public` gives.
    """
    known = knowledge("operating.toml")
    spent = dict(zip(public["part"], public["spent"], strict=True))
    costs = [*_staff(checks, known["staff"])]
    for kind in known["counted"]:
        if counts := _counts(checks, kind, _SECTION):
            costs.append((kind["measure"], spent.get(kind["part"]), counts[0]))
    costs += [*_receptions(checks, known, spent.get("公务接待费")), *_events(checks, known)]
    rows = []
    for measure, amount, fact in costs:
        money, count = amount and amount.in_unit("元"), fact.compared
        if money and count:
            rows.append((measure, money, count, fact.unit_of_measure, money / count))
    columns = ["measure", "money", "count", "unit", "each"]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    return frame.astype({"measure": "string", "unit": "string"})


def _staff(checks: CheckSet, kinds: list[Known]) -> Iterator[Cost]:
    """公用经费 by head. 机关运行经费 would be that of a part of the staff where 事业单位 are consolidated."""
    running = checks.reading.cell(BASIC, "公用经费合计", "决算数")
    counted = (count for kind in kinds for count in _counts(checks, kind))
    if running and (count := next(counted, None)):
        yield f"{STAFF}（按{count.item}）", running.number, count


def _counts(checks: CheckSet, kind: Known, section: re.Pattern[str] | None = None) -> list[Fact]:
    """The counts of a kind; none where their values differ."""
    found = [
        fact
        for fact in checks.reading.find(item=kind["said"], measure="count")
        if re.fullmatch(kind["unit"], fact.unit_of_measure)
        and (section is None or section.search(fact.scope))
    ]
    return found if len({fact.value for fact in found}) == 1 else []


def _receptions(checks: CheckSet, known: Known, total: Number | None) -> Iterator[Cost]:
    """公务接待费 by batch and guest, at home and of guests from abroad apart.

    A count whose words don't say which (接待人数) is of the kind that was spoken of before it.
    """
    counts: dict[tuple[bool, bool], Fact] = {}
    amounts: dict[bool, Fact] = {}
    for facts in checks.ledger.sections.values():
        foreign = False
        for fact in facts:
            if not _SECTION.search(fact.scope) or _in_brackets(checks, fact):
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
        measure = f"每位{kind}接待对象" if people else f"每批次{kind}接待"
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
