"""Fictional final accounts: a department's year as plain data.

All amounts are whole numbers, so that every sum is exact: hundredths of the money unit that the
report prints, or fractions of them, which it rounds. An account adds up in every direction; nothing
here knows how a report is laid out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

from .codes import CLASSES_24, CLASSES_26, parents

Fund = Literal["general", "fund", "capital"]

APPROPRIATIONS: dict[Fund, str] = {
    "general": "一般公共预算财政拨款",
    "fund": "政府性基金预算财政拨款",
    "capital": "国有资本经营预算财政拨款",
}
OWN_SOURCES = ("上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
EXPENDITURE_KINDS = ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
VEHICLE_KINDS = (
    "主要领导干部用车",
    "机要通信用车",
    "应急保障用车",
    "执法执勤用车",
    "特种专业技术用车",
    "离退休干部用车",
    "其他用车",
)


@dataclass(frozen=True)
class Entry:
    """One 项 of the functional classification with its money."""

    code: str
    fund: Fund
    basic: int = 0
    project: int = 0
    carry_in: int = 0
    carry_out: int = 0
    own_income: tuple[int, ...] = (0, 0, 0, 0, 0)
    own_spending: tuple[int, ...] = (0, 0, 0, 0, 0)

    @property
    def receipt(self) -> int:
        return self.basic + self.project - self.carry_in + self.carry_out

    def year_before(self, share: Fraction, step: int) -> Entry:
        """The entry of last year: a share of this year's money in whole steps, this year's carry-over left."""
        basic, project = (_part(amount, share, step) for amount in (self.basic, self.project))
        return replace(
            self,
            basic=basic,
            project=project,
            carry_in=min(_part(self.carry_in, share, step), basic + project),
            carry_out=self.carry_in,
            own_income=tuple(_part(amount, share, step) for amount in self.own_income),
            own_spending=tuple(_part(amount, share, step) for amount in self.own_spending),
        )

    @property
    def income(self) -> tuple[int, ...]:
        own = sum(self.own_income)
        return (self.receipt + own, self.receipt, *self.own_income)

    @property
    def spending(self) -> tuple[int, ...]:
        kinds = (
            self.basic + self.own_spending[0],
            self.project + self.own_spending[1],
            *self.own_spending[2:],
        )
        return (sum(kinds), *kinds)

    @property
    def appropriation(self) -> tuple[int, ...]:
        return (self.basic + self.project, self.basic, self.project)

    @property
    def fund_flow(self) -> tuple[int, ...]:
        return (self.carry_in, self.receipt, *self.appropriation, self.carry_out)


@dataclass(frozen=True)
class ThreePublic:
    """“三公”经费 of one column: abroad, vehicles bought, vehicles run, reception."""

    abroad: int
    purchase: int
    running: int
    reception: int

    @property
    def vehicles(self) -> int:
        return self.purchase + self.running

    @property
    def total(self) -> int:
        return self.abroad + self.vehicles + self.reception

    @property
    def cells(self) -> tuple[int, ...]:
        return (
            self.total,
            self.abroad,
            self.vehicles,
            self.purchase,
            self.running,
            self.reception,
        )


@dataclass(frozen=True)
class Purchase:
    """政府采购 of one kind: the whole, what went to SMEs, and of that to micro firms."""

    kind: str
    amount: int
    sme: int
    micro: int


@dataclass(frozen=True)
class Indicator:
    """A performance indicator with its target and what was reached, as printed."""

    name: str
    comparison: str
    target: str
    actual: str
    unit: str

    @property
    def met(self) -> bool:
        target, actual = float(self.target), float(self.actual)
        return actual <= target if self.comparison == "≤" else actual >= target


@dataclass(frozen=True)
class Project:
    """A project in the performance chapter; ``name`` may hold digits."""

    name: str
    subject: str
    budget: int
    spent: int


@dataclass(frozen=True)
class Account:
    """A department's final account of one year.

    ``previous`` are the amounts of last year, ``budgets`` those planned at the year's beginning, by the names
    of ``amounts``, for the general budget by code too. A hundredth has ``fraction`` parts.
    """

    unit: str
    year: int
    money_unit: str
    lines: int
    entries: tuple[Entry, ...]
    economic: Mapping[str, int]
    planned: ThreePublic
    spent: ThreePublic
    counts: Mapping[str, int]
    previous: Mapping[str, int]
    budgets: Mapping[str, int]
    purchases: tuple[Purchase, ...]
    operating: int
    vehicles: Mapping[str, int]
    equipment: int
    projects: tuple[Project, ...]
    indicators: tuple[Indicator, ...]
    calls: str = ""
    fraction: int = 1

    @property
    def scope(self) -> str:
        return "本级" if self.unit.endswith("本级") else "部门汇总"

    @property
    def classes(self) -> tuple[tuple[str, str], ...]:
        return CLASSES_26 if self.lines == 26 else CLASSES_24

    def of(self, *funds: Fund) -> tuple[Entry, ...]:
        """The entries paid from these funds, by code."""
        chosen = funds or ("general", "fund", "capital")
        return tuple(entry for entry in self.entries if entry.fund in chosen)

    def amounts(self) -> dict[str, int]:
        """What the prose speaks of, by the name it is called there."""
        amounts: dict[str, int] = {}
        for fund, name in APPROPRIATIONS.items():
            amounts[f"{name}收入"] = sum(e.receipt for e in self.of(fund))
        for number, name in enumerate(OWN_SOURCES):
            amounts[name] = sum(e.own_income[number] for e in self.entries)
        amounts["本年收入"] = sum(amounts.values())
        for number, name in enumerate(EXPENDITURE_KINDS, start=1):
            amounts[name] = sum(e.spending[number] for e in self.entries)
        amounts["本年支出"] = sum(e.spending[0] for e in self.entries)
        for fund, name in APPROPRIATIONS.items():
            amounts[f"{name}支出"] = sum(e.appropriation[0] for e in self.of(fund))
        amounts["财政拨款收入"] = sum(e.receipt for e in self.entries)
        amounts["财政拨款支出"] = sum(e.appropriation[0] for e in self.entries)
        amounts["财政拨款总计"] = amounts["财政拨款收入"] + self.opening
        amounts["总计"] = amounts["本年收入"] + self.used + self.opening
        amounts["“三公”经费"] = self.spent.total
        amounts["因公出国（境）费"] = self.spent.abroad
        amounts["公务用车购置及运行维护费"] = self.spent.vehicles
        amounts["公务用车购置"] = self.spent.purchase
        amounts["公务用车运行维护费"] = self.spent.running
        amounts["公务接待费"] = self.spent.reception
        amounts["机关运行经费"] = self.operating
        return amounts

    @property
    def general_projects(self) -> int:
        """一般公共预算项目支出."""
        return sum(e.project for e in self.of("general"))

    def with_other_years(
        self,
        past: Sequence[Fraction],
        spent: ThreePublic,
        operating: int,
        planned: Sequence[Fraction],
    ) -> Account:
        """Add last year, in which each entry had that share of this year's money, and the budgets likewise.

        ``spent`` and ``operating`` are those of last year.
        """
        step = 10_000 if self.money_unit == "元" else self.fraction  # 0.01 万元
        entries = tuple(
            entry.year_before(share, step) for entry, share in zip(self.entries, past, strict=True)
        )
        last = replace(self, entries=entries, spent=spent, operating=operating)
        budgets = dict.fromkeys((f"{name}支出" for name in APPROPRIATIONS.values()), 0)
        for entry, share in zip(self.entries, planned, strict=True):
            budget = _part(entry.appropriation[0], share, step)
            budgets[f"{APPROPRIATIONS[entry.fund]}支出"] += budget
            if entry.fund == "general":
                budgets[entry.code] = budget
        return replace(self, previous=last.amounts(), budgets=budgets)

    @property
    def opening(self) -> int:
        return sum(e.carry_in for e in self.entries)

    @property
    def closing(self) -> int:
        return sum(e.carry_out for e in self.entries)

    @property
    def _surplus(self) -> int:
        return sum(sum(e.own_income) - sum(e.own_spending) for e in self.entries)

    @property
    def used(self) -> int:
        """使用非财政拨款结余: what own money lacked."""
        return max(0, -self._surplus)

    @property
    def distributed(self) -> int:
        """结余分配: what own money left over."""
        return max(0, self._surplus)


def _part(amount: int, share: Fraction, step: int) -> int:
    """A share of an amount in whole steps; the amount itself if that is the share."""
    return amount if share == 1 else int(amount * share) // step * step


def rounded(amount: int, parts: int) -> Decimal:
    """An amount in hundredths of a unit that has ``parts`` parts, to two decimals."""
    return (Decimal(amount) / parts).quantize(Decimal("0.01"), ROUND_HALF_UP)


def tree(chosen: tuple[Entry, ...]) -> list[tuple[str, tuple[Entry, ...]]]:
    """Every 类, 款 and 项 of these entries in code order, each with the entries below it."""
    codes = {code for e in chosen for code in (*parents(e.code), e.code)}
    return [(code, tuple(e for e in chosen if e.code.startswith(code))) for code in sorted(codes)]
