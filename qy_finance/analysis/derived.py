"""Last year's values that a report implies but does not print.

A report states what changed (比上年决算数增加 18.98 万元，增长 43.41%), seldom what there was. Two ways lead
back: the amount less the change, and the amount divided by one and the rate. Both are computed with the
interval that each printed figure stands for; where the intervals do not meet, the report contradicts itself.
What comes out is marked as derived (推算) and stays out of ``Report.observations``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

import pandas as pd

from qy_finance.analysis.facts import Fact, find
from qy_finance.checks.moves import Move, moves
from qy_finance.intervals import MONEY, Span
from qy_finance.report import Report

DERIVED: Final = "推算"
"""Marks what is computed from stated changes."""

COLUMNS: Final = {
    "item": "项目",
    "unit": "金额单位",
    "current": "本年",
    "change": "增减额",
    "rate": "增减率 %",
    "previous": "上年（推算）",
    "off": "推算误差 ±",
    "verdict": "额与率",
}
"""Chinese headers of :func:`shown`."""

Base = Literal["上年", "预算"]

_FUND: Final = re.compile("政府性基金预算|国有资本经营预算|(?:一般公共预算)?财政拨款")
_WHOLE: Final = re.compile(
    "(?:本年|年度)?(?:收入|支出)(?:决算)?(?:合计|总计)?|总[收支]入?"
    "|收(?:入|、)+支(?:出)?(?:决算)?总计|年[初末]结转(?:和?结余)?"
)
"""What a report calls a sum of a fund under the fund's heading, without naming it."""
_APPROPRIATION: Final = re.compile("(?:一般公共预算|政府性基金预算|国有资本经营预算)?财政拨款")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a report says of one amount against last year or the budget.

    Attributes
    ----------
    current : Fact
        The amount of this year.
    change, rate : Fact or None
        The stated 增减额 and 增减率; None where none is stated.
    level : bool
        The report says that nothing changed (持平).
    fund : str
        The fund whose heading the amount stands under, where the amount's name does not tell it from that of all money.
    """

    current: Fact
    change: Fact | None = None
    rate: Fact | None = None
    level: bool = False
    fund: str = ""

    @property
    def name(self) -> str:
        """What is compared: the item, with its fund and with 支出决算 where they tell it from another sum."""
        side = self.current.column if _APPROPRIATION.fullmatch(self.current.item) else ""
        return f"{self.fund}{self.current.item}{side}"

    def in_unit(self, unit: str) -> Comparison:
        """The same with its amount in 元, 万元 or 亿元: reports speak of some sums in one, of some in another."""
        return replace(self, current=self.current.in_unit(unit))

    @property
    def by_change(self) -> Span | None:
        """Base (derived): the amount less the stated change, in the unit of the amount."""
        if self.level:
            return Span(self.current.low, self.current.high)
        if self.change is None:
            return None
        change = self.change.in_unit(self.current.unit)
        return Span(self.current.low - change.high, self.current.high - change.low)

    @property
    def by_rate(self) -> Span | None:
        """Base (derived): the amount divided by one and the stated rate.

        None where no rate is stated, or where the rate says nothing of the base (an amount of 0, a fall by 100 %).
        """
        if self.rate is None or self.current.value <= 0:
            return None
        least, most = 1 + self.rate.low / 100, 1 + self.rate.high / 100
        if least <= 0:
            return None
        return Span(self.current.low / most, self.current.high / least)

    @property
    def previous(self) -> Decimal | None:
        """Base (derived), from the change where one is stated, otherwise from the rate, to the amount's digits."""
        if self.level:
            return self.current.value
        if self.change is not None:
            return self.current.value - self.change.in_unit(self.current.unit).value
        if self.by_rate is None or self.rate is None:
            return None
        return (self.current.value / (1 + self.rate.value / 100)).quantize(self.current.half * 2)

    @property
    def moved(self) -> Decimal | None:
        """Change in the unit of the amount: the stated one, otherwise what the stated rate implies (derived)."""
        if self.change is not None:
            return self.change.in_unit(self.current.unit).value
        return None if self.previous is None else self.current.value - self.previous

    @property
    def places(self) -> int:
        """Decimals that :attr:`previous` bears, at most two: a base that follows from a rate bears fewer."""
        span = None if self.change or self.level else self.by_rate
        off = span and (span.high - span.low) / 2
        return min(2, max(0, -off.adjusted() - 1)) if off else 2

    @property
    def implied_rate(self) -> Decimal | None:
        """Rate in % that amount and change give (derived); None without a change or from a base of 0."""
        if self.change is None or not self.previous:
            return None
        return 100 * self.change.in_unit(self.current.unit).value / abs(self.previous)

    @property
    def verdict(self) -> str:
        """Whether stated change and rate fit together: 相符, 尾差 (cut instead of rounded), 不符, or empty."""
        if self.change is None or self.rate is None or self.implied_rate is None:
            return ""
        by_change, by_rate = self.by_change, self.by_rate
        off = abs(self.implied_rate - self.rate.value)
        if off <= self.rate.half or (by_change and by_rate and by_change.meets(by_rate)):
            return "相符"
        return "尾差" if off <= 2 * self.rate.half else "不符"


def comparisons(report: Report, base: Base = "上年") -> list[Comparison]:
    """Each amount that the prose compares with last year's, or with the budget, in the order of the report.

    Amount and change belong together as they do for the checks (:func:`qy_finance.checks.moves.moves`). What is said
    twice in the same words is there once.
    """
    facts = by_row(report)
    found: dict[int, Comparison] = {}
    for move in sorted(moves(report._ledger), key=lambda one: one.current.row):
        if move.base == base and move.current.figure.measure == "amount":
            one = comparison(move, facts)
            if one.level or one.change or one.rate:
                found.setdefault(move.current.row, one)
    unique: dict[tuple[object, ...], Comparison] = {}
    for one in found.values():
        change, rate = (f.value if f else None for f in (one.change, one.rate))
        unique.setdefault((one.name, one.current.value, change, rate), one)
    return list(unique.values())


def comparison(move: Move, facts: Mapping[int, Fact]) -> Comparison:
    """A move as the checks read it, with the figures of :func:`by_row`: change in money, rate in %."""
    level = any(change.row < 0 for change in move.changes)  # 与上年持平 is no figure
    stated = [facts[one.row] for one in (*move.changes, *move.rates) if one.row >= 0]
    changes = (fact for fact in stated if fact.measure == "change" and fact.unit in MONEY)
    rates = (fact for fact in stated if fact.measure == "change_rate" and fact.unit == "%")
    fund = _FUND.search(move.current.scope)
    current = facts[move.current.row]
    return Comparison(
        current,
        None if level else next(changes, None),
        next(rates, None),
        level,
        fund[0] if fund and _WHOLE.fullmatch(current.item) else "",
    )


def by_row(report: Report) -> dict[int, Fact]:
    """The figures of the prose by their row in ``Report.observations``."""
    return {fact.value.sources[0].row: fact for fact in find(report)}


def table(found: list[Comparison]) -> pd.DataFrame:
    """Comparisons as a frame.

    Columns
    -------
    item, unit : string
        What is compared, and the unit of money of the next columns.
    current, change, rate : object (Sourced)
        As stated, the change in the unit of the amount, ``rate`` in %. Missing where nothing is stated; 0 change where
        the report says 持平.
    previous, low, high : object (Sourced)
        Derived: the base, and the interval in which it lies.
    verdict : string
        Whether change and rate fit together, see :attr:`Comparison.verdict`.
    line : Int64
        Line of ``Report.text`` of the amount.
    """
    rows = []
    for one in found:
        interval = one.by_change or one.by_rate
        rows.append(
            {
                "item": one.name,
                "unit": one.current.unit,
                "current": one.current.value,
                "change": Decimal(0)
                if one.level
                else one.change and one.change.in_unit(one.current.unit).value,
                "rate": one.rate and one.rate.value,
                "previous": one.previous,
                "low": interval and interval.low,
                "high": interval and interval.high,
                "verdict": one.verdict,
                "line": one.current.line,
            }
        )
    names = (
        "item",
        "unit",
        "current",
        "change",
        "rate",
        "previous",
        "low",
        "high",
        "verdict",
        "line",
    )
    frame = pd.DataFrame(rows, columns=list(names), dtype="object")
    return frame.astype({"item": "string", "unit": "string", "verdict": "string", "line": "Int64"})


def shown(found: list[Comparison]) -> pd.DataFrame:
    """:func:`table` to be read: Chinese headers, how far off the base can be, nothing that is empty throughout.

    An amount whose change is printed in a smaller unit of money stands in that unit.
    """
    frame = table(list(map(_finer, found)))
    frame["off"] = [
        None if pd.isna(base) else max(high - base, base - low)
        for base, low, high in frame[["previous", "low", "high"]].itertuples(index=False)
    ]
    names = [name for name in COLUMNS if name != "unit" or frame["unit"].nunique() > 1]
    stated = [name for name in names if frame[name].replace("", None).notna().any()]
    return frame[stated].rename(columns=COLUMNS)


def caption(found: list[Comparison], what: str = "与上年的比较") -> str:
    """Above :func:`shown`; the unit where all have one, which is otherwise a column."""
    units = {_finer(one).current.unit for one in found}
    implied = f"，上年数为{DERIVED}" if any(one.previous is not None for one in found) else ""
    return f"{what}（{'、'.join(units) if len(units) == 1 else '金额单位见表'}{implied}）"


def _finer(one: Comparison) -> Comparison:
    """With the amount in the unit of the change, where that is smaller."""
    unit = min((one.change or one.current).unit, one.current.unit, key=MONEY.__getitem__)
    return one.in_unit(unit)


def of(report: Report, item: str, base: Base = "上年") -> Comparison | None:
    """The first comparison whose item matches a regular expression wholly."""
    return next(
        (one for one in comparisons(report, base) if re.fullmatch(item, one.current.item)), None
    )
