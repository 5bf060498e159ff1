"""The five figures that notebook 00 opens with, each beside last year's and, where stated, its budget."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from qy_finance.analysis import accounts, operating
from qy_finance.analysis.comparisons import Comparison, comparisons
from qy_finance.analysis.costs import TOTAL, three_public
from qy_finance.analysis.operating import Operating
from qy_finance.checks import CheckSet
from qy_finance.checks.model import Status
from qy_finance.facts import Fact
from qy_finance.numbers import Number, total
from qy_finance.reading import Reading

PROJECT: Final = "项目支出"
OPERATING: Final = "机关运行经费"
PUBLIC: Final = "“三公”经费"
NAMES: Final = ("本年收入", "本年支出", PROJECT, OPERATING, PUBLIC)

_USES: Final = ("基本支出", PROJECT, "上缴上级支出", "经营支出", "对附属单位补助支出")
_ALL: Final = {
    "收入": r"(?:本年|年度)?总?收入(?:合计|总计)?",
    "支出": r"(?:本年|年度)?总?支出(?:合计|总计)?",
}
"""What the prose calls all income or expenditure of the year; it counts where the amount is that sum too."""
_KINDS: Final = {"上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入"}
"""Kinds of income beside appropriations: of one that is not printed nobody knows what it was last year."""


class KeyFigure(NamedTuple):
    """An amount of this year, last year's and the budget, in the report's money unit; None for what is not stated.

    ``derived`` says that last year's amount follows from stated changes (推算); otherwise the report of that year
    prints it.
    """

    name: str
    now: Number | None
    before: Number | None
    derived: bool
    budget: Number | None

    @property
    def change(self) -> Number | None:
        """Against last year."""
        return self.now - self.before if self.now is not None and self.before is not None else None

    @property
    def rate(self) -> Number | None:
        """:attr:`change` in %; None where last year's amount can be 0."""
        if self.change is None or self.before is None:
            return None
        return self.change.percent_of(self.before)

    @property
    def completion(self) -> Number | None:
        """This year's amount in % of the budget."""
        return (
            self.now.percent_of(self.budget)
            if self.now is not None and self.budget is not None
            else None
        )


def key_figures(checks: CheckSet) -> list[KeyFigure]:
    """The five, in the order of :data:`NAMES`, whatever of them is stated."""
    office, unit = Operating(checks), checks.reading.identity.money_unit
    now, before = _amounts(checks, office), checks.before
    earlier = _amounts(before, Operating(before)) if before else {}
    implied, budget = _implied(checks, now), _budgets(checks, office)
    made = []
    for name in NAMES:
        printed = earlier.get(name)
        held = printed if printed is not None else implied.get(name)
        sums = (now.get(name), held, budget.get(name))
        amount, last, planned = (one.in_unit(unit) if one is not None else None for one in sums)
        made.append(KeyFigure(name, amount, last, printed is None and last is not None, planned))
    return made


def _amounts(checks: CheckSet, office: Operating) -> dict[str, Number | None]:
    reading, costs = checks.reading, office.stated
    public = three_public(checks)
    spent = public.loc[public["part"] == TOTAL, "spent"]
    facts: dict[str, Fact | None] = {
        "本年收入": accounts.total(reading, "收入", accounts.RECEIVED),
        "本年支出": accounts.total(reading, "支出", accounts.SPENT),
        PROJECT: reading.cell(accounts.EXPENDITURE, "合计", PROJECT),
        OPERATING: costs.current if costs else None,
    }
    found = {name: fact.number if fact else None for name, fact in facts.items()}
    return found | {PUBLIC: next(iter(spent), None)}


def _budgets(checks: CheckSet, office: Operating) -> dict[str, Number | None]:
    planned, public = office.planned, three_public(checks)
    return {
        OPERATING: planned.number if planned else None,
        PUBLIC: next(iter(public.loc[public["part"] == TOTAL, "budget"]), None),
    }


def _implied(checks: CheckSet, now: dict[str, Number | None]) -> dict[str, Number | None]:
    """Last year's amounts as this year's changes imply them; none where change and rate contradict each other."""
    sound = _sound(checks)
    found: dict[str, Number | None] = {}
    for name, side in (("本年收入", "收入"), ("本年支出", "支出")):
        whole = now[name]
        direct = _compared(sound, _ALL[side], whole)
        found[name] = direct.before(whole) if direct and whole is not None else None
        if found[name] is None and whole is not None:
            found[name] = implied_by_parts(checks, side, whole)
    project = _compared(sound, PROJECT, now[PROJECT])
    found[PROJECT] = project.previous if project else None
    office = operating.stated(checks, sound)
    found[OPERATING] = office.previous if office else None
    public = _compared(sound, ".*三公.*经费.*", now[PUBLIC])
    found[PUBLIC] = public.previous if public else None
    return found


def implied_by_parts(checks: CheckSet, side: str, whole: Number) -> Number | None:
    """Last year's 本年收入 or 本年支出 (by ``side``) as the changes of all its parts imply it; None where one lacks."""
    parts = _kinds_of_income(checks.reading) if side == "收入" else _uses(checks.reading)
    return _from_parts(_sound(checks), parts, whole)


def _sound(checks: CheckSet) -> list[Comparison]:
    """What is compared with last year, without changes and rates that contradict each other."""
    return [one for one in comparisons(checks) if one.verdict is not Status.BREAK]


def _compared(found: Iterable[Comparison], item: str, amount: Number | None) -> Comparison | None:
    """The comparison of an amount that is called so."""
    return next(
        (
            one
            for one in found
            if amount is not None
            and re.fullmatch(item, one.current.item)
            and one.current.compared.in_unit(amount.unit or one.unit).meets(amount)
        ),
        None,
    )


def _from_parts(
    found: Sequence[Comparison], parts: Sequence[tuple[str, Number]], whole: Number
) -> Number | None:
    """The whole less what all its parts moved by; None where one of them is not compared, or they are not the whole."""
    if not parts or not total(amount for _, amount in parts).meets(whole):
        return None
    moved = []
    for item, amount in parts:
        one = _compared(found, re.escape(item), amount)
        if one is None or one.stated_change is None:
            return None
        moved.append(one.in_unit(whole.unit or one.unit).stated_change or Number(0))
    return whole - total(moved)


def _kinds_of_income(reading: Reading) -> list[tuple[str, Number]]:
    """The rows of 收入支出决算总表 that make up 本年收入合计, as printed."""
    rows = []
    for fact in reading.facts:
        figure = fact.figure
        if figure.table == accounts.SUMMARY and figure.side == "收入":
            if fact.item == accounts.RECEIVED:
                break
            rows.append((fact.item, fact.number))
    kinds = dict(rows)
    return list(kinds.items()) if kinds.keys() >= _KINDS else []


def _uses(reading: Reading) -> list[tuple[str, Number]]:
    """The columns of 支出决算表 that make up 本年支出合计, as printed; none where one is blank."""
    cells = [reading.cell(accounts.EXPENDITURE, "合计", use) for use in _USES]
    printed = [(cell.column, cell.number) for cell in cells if cell]
    return printed if len(printed) == len(cells) else []
