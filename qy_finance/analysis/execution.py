"""What a report says was planned and what was spent of one thing, and of which budget it speaks.

Sentences and tables speak of three budgets, which are never taken for one another: the initial one (年初预算), the
adjusted one (全年预算, 调整预算), and one of which the report does not say which it is (预算).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from qy_finance.facts import Fact
from qy_finance.numbers import Number, Span

Stage = Literal["initial", "adjusted", "budget"]
Kind = Literal["total", "fund", "account", "three_public", "operating", "other"]

STAGES: Final[dict[Stage, str]] = {
    "initial": "年初预算", "adjusted": "全年预算", "budget": "预算",
}  # fmt: skip
"""The budgets of a year; the last is one of which the report does not say which it is."""

_STAGE: Final = re.compile(
    "(?P<kind>年初|全年|调整后?的?|追加后的?)?(?:年度|当年|本年)?(?:部门|支出)?预算(?:数|安排数?)?$"
)
_OTHER_YEAR: Final = re.compile("上年|上一年|去年|往年")
_YEARS: Final = re.compile(r"(?:19|20)\d\d")


@cache
def stage_of(column: str, year: int) -> Stage | None:
    """Which budget of the year a figure is measured against; None for that of another year, and for no budget."""
    found = _STAGE.search(column)
    if found is None or _OTHER_YEAR.search(column):
        return None
    if any(int(other) != year for other in _YEARS.findall(column)):
        return None
    kind = found["kind"] or ("年初" if "年初" in column else "")
    return "budget" if not kind else "initial" if kind == "年初" else "adjusted"


@dataclass(eq=False)
class Execution:
    """What a report states of one thing: its budgets, what was spent, and how it compares them.

    Numbers are in the money unit of the report's tables. ``derived`` are the budgets that it does not print, but
    implies; ``worded`` says that words tell that there was no initial one; ``figures`` are all that it was read from,
    ``place`` is the one that says the budget.
    """

    kind: Kind
    item: str
    code: str | None = None
    fund: str | None = None
    plans: dict[Stage, Number] = field(default_factory=dict)
    derived: set[Stage] = field(default_factory=set)
    worded: bool = False
    final: Number | None = None
    completion: Fact | None = None
    completion_of: Stage | None = None
    changes: dict[Stage, Fact] = field(default_factory=dict)
    rates: dict[Stage, Fact] = field(default_factory=dict)
    reason: str = ""
    figures: list[Fact] = field(default_factory=list)
    place: Fact | None = None

    @property
    def against(self) -> Stage | None:
        """The budget that spending is compared with: the initial one if it is known."""
        return next((stage for stage in STAGES if stage in self.plans), None)

    @property
    def planned(self) -> Number | None:
        """The budget that spending is compared with."""
        return self.plans[self.against] if self.against else None

    @property
    def deviation(self) -> Number | None:
        """What was spent beyond the budget, as stated, otherwise computed."""
        stage = self.against
        if stage is None or self.final is None:
            return None
        if stage in self.derived and stage in self.changes:
            return self.changes[stage].compared
        return self.final - self.plans[stage]

    @property
    def apart(self) -> Decimal:
        """How far it is from its budget, up or down; 0 where that is not known."""
        return abs(self.deviation.plain) if self.deviation is not None else Decimal(0)

    @property
    def done(self) -> Number | None:
        """Percent of that budget: as printed, if it is of that one, otherwise computed; None of a budget of zero."""
        if self.completion is not None and self.completion_of == self.against:
            return self.completion.number
        planned = self.planned
        return None if self.final is None or not planned else 100 * self.final / planned

    @property
    def unplanned(self) -> bool:
        """Whether money was spent for which the budget was zero."""
        return self.planned is not None and not self.planned and bool(self.final)


def bounded(base: Number) -> Number | None:
    """A budget is no less than zero; None where it can only be less."""
    if base.high < 0:
        return None
    value = max(base.plain, Number(0).plain)
    how = base.how if value == base.plain else None
    return Number(
        value, Span(max(base.low, value * 0), base.high), base.unit, base.sources, how=how
    )
