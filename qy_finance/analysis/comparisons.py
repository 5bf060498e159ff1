"""What a report says of an amount against last year or the budget, and the base that it implies but does not print.

A report states what changed (比上年决算数增加 18.98 万元，增长 43.41%), seldom what there was. Two ways lead back: the
amount less the change, and the amount divided by one and the rate. What comes out is marked as derived (推算) and
stays out of ``Report.observations``. Whether change and rate fit together, the checks say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from qy_finance.analysis import once
from qy_finance.analysis.accounts import framed
from qy_finance.checks import CheckSet
from qy_finance.checks.changes import StatedChange
from qy_finance.checks.model import STATUSES, Check, Status
from qy_finance.facts import Fact
from qy_finance.language import t, unit_name
from qy_finance.numbers import MONEY, Number

DERIVED: Final = "推算"
"""Marks what is computed from stated changes."""

Base = Literal["上年", "预算"]

_FUND: Final = re.compile("政府性基金预算|国有资本经营预算|(?:一般公共预算)?财政拨款")
_WHOLE: Final = re.compile(
    "(?:本年|年度)?(?:收入|支出)(?:决算)?(?:合计|总计)?|总[收支]入?"
    "|收(?:入|、)+支(?:出)?(?:决算)?总计|年[初末]结转(?:和?结余)?"
)
"""What a report calls a sum of a fund under the fund's heading, without naming it."""
_APPROPRIATION: Final = re.compile("(?:一般公共预算|政府性基金预算|国有资本经营预算)?财政拨款")
_MOST: Final = 2  # decimals of a base
_CLAUSE_END: Final = re.compile("。|；(?!主要|原因|因|由于)")
_FAR: Final = 200  # characters within which its reason stands behind a change
_NEW: Final = re.compile(
    r"新(?:成立|设立|组建|设)的?(?:单位|部门|机构)|(?:无|没有|不存在)(?:上年|(?:19|20)\d\d年)度?的?[^，。；]{0,12}决算"
)
"""Why there was no last year: 我局为2019年新成立单位，无2018年决算数."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a report says of one amount against last year or the budget; numbers are in ``unit``, of money.

    ``fund`` is the one whose heading the amount stands under, where its name does not tell it from that of all money;
    ``paid_by`` that of an account of the functional classification, whose name stands in the table of all money too.
    """

    current: Fact  # the amount of this year
    unit: str
    change: Fact | None = None  # as stated (增减额)
    rate: Fact | None = None  # as stated (增减率)
    level: bool = False  # the report says that nothing changed (持平)
    fund: str = ""
    check: Check | None = None  # of the rate against amount and change (勾稽)
    paid_by: str = ""

    @property
    def name(self) -> str:
        """What is compared: the item, with its fund and with 支出决算 where they tell it from another sum."""
        side = self.current.column if _APPROPRIATION.fullmatch(self.current.item) else ""
        return f"{self.fund}{self.current.item}{side}{self.aside}"

    @property
    def aside(self) -> str:
        """What stands in brackets at the end of the name: the fund that alone is meant."""
        return f"（{self.paid_by}）" if self.paid_by else ""

    def in_unit(self, unit: str) -> Comparison:
        """The same in 元, 万元 or 亿元: reports speak of some sums in one, of some in another."""
        return replace(self, unit=unit)

    @property
    def amount(self) -> Number:
        """The amount of this year."""
        return self.current.number.in_unit(self.unit)

    @property
    def previous(self) -> Number | None:
        """Base (derived), from the change where one is stated, otherwise from the rate.

        None where neither is stated, or where the rate says nothing of the base (an amount of 0, a fall by 100 %).
        """
        return self.before(self.amount)

    def before(self, amount: Number) -> Number | None:
        """The base of an amount that changed as this one: of the same sum with other digits."""
        if self.level:
            return amount
        if self.stated_change is not None:
            return amount - self.stated_change
        if self.rate is None or amount <= 0:
            return None
        growth = 1 + self.rate.number / 100
        if growth.low <= 0:
            return None
        return (amount / growth).as_unit(amount.unit)

    @property
    def moved(self) -> Number | None:
        """Change: the stated one, otherwise what the stated rate implies (derived)."""
        if self.change is not None:
            return self.stated_change
        return None if self.previous is None else self.amount - self.previous

    @property
    def stated_change(self) -> Number | None:
        """The change as stated: 0 where the report says 持平; None where it states only a rate, or nothing."""
        if self.level:
            return Number(0, computed=False)
        return self.change.number.in_unit(self.unit) if self.change else None

    @property
    def places(self) -> int:
        """Decimals that :attr:`previous` bears, at most two: a base that follows from a rate bears fewer."""
        previous = None if self.change or self.level else self.previous
        return min(_MOST, previous.places) if previous is not None else _MOST

    @property
    def expected_rate(self) -> Number | None:
        """Rate in % that amount and change give, as the checks compute it (derived); None without such a check."""
        if self.check is None or self.check.outcome.rhs is None or self.change is None:
            return None
        return Number(self.check.outcome.rhs, None, "%", (self.change, self.current))

    @property
    def verdict(self) -> Status | None:
        """Whether stated change and rate fit together, as the checks found; None where they were not compared."""
        status = self.check.outcome.status if self.check else None
        return status if status in (Status.EXACT, Status.TAIL, Status.BREAK) else None


@once
def comparisons(checks: CheckSet, base: Base = "上年") -> list[Comparison]:
    """Each amount that the prose compares with last year's, or with the budget, in the order of the report.

    Amount and change belong together as they do for the checks. What is said twice in the same words is there once.
    """
    found: dict[int, Comparison] = {}
    for stated in sorted(checks.changes, key=lambda one: one.current.row):
        if stated.base == base and stated.current.measure == "amount":
            one = _comparison(checks, stated)
            if (
                base == "上年"
                and one.current.figure.code
                and (fund := _FUND.search(one.current.scope))
            ):
                one = replace(one, paid_by=fund[0])
            said = one.level or one.change or one.rate
            if said and not (base == "上年" and _is_new(checks, one)):
                found.setdefault(stated.current.row, one)
    unique: dict[tuple[object, ...], Comparison] = {}
    for one in found.values():
        change, rate = (fact and fact.figure.value for fact in (one.change, one.rate))
        unique.setdefault((one.name, one.current.figure.value, change, rate), one)
    return list(unique.values())


def _is_new(checks: CheckSet, one: Comparison) -> bool:
    """Whether a change of 0 means no last year: 比上年变化0万元，主要是因为我局为新成立单位."""
    stated = [fact for fact in (one.change, one.rate) if fact]
    if any(fact.value for fact in stated):
        return False
    end = max(fact.figure.end for fact in (one.current, *stated))
    behind = "".join(checks.reading.text[end : end + _FAR].split())
    return _NEW.search(_CLAUSE_END.split(behind, maxsplit=1)[0]) is not None


def _comparison(checks: CheckSet, stated: StatedChange) -> Comparison:
    """What a sentence says of a change, as the checks read it: change in money, rate in %."""
    level = any(change.row < 0 for change in stated.changes)  # 与上年持平 is no figure
    change, rate, current = None if level else stated.change, stated.rate, stated.current
    fund = _FUND.search(current.scope) if _WHOLE.fullmatch(current.item) else None
    check = checks.verdict("prose.growth", rate, change) if rate and change else None
    unit, name = current.unit_of_measure, fund[0] if fund else ""
    return Comparison(current, unit, change, rate, level, name, check)


def named(found: Iterable[Comparison], item: str) -> Comparison | None:
    """The first comparison whose item matches a regular expression wholly."""
    return next((one for one in found if re.fullmatch(item, one.current.item)), None)


def shown(found: Iterable[Comparison]) -> pd.DataFrame:
    """Comparisons to be read; an amount whose change is printed in a smaller unit of money stands in that unit.

    Columns 项目, 金额单位 (string; the unit of money only where there are several), 本年, 增减额, 增减率 %
    (object, Number: as stated, a change of 0 where the report says 持平), 上年（推算）, 推算误差 ± (object, Number: the
    base, derived, and how far off it can be), 额与率 (string: whether change and rate fit together, 相符, 尾差 or 不符,
    as far as that was checked). A column that is empty throughout is left out.
    """
    rows = []
    for one in map(_finer, found):
        base, rate = one.previous, one.rate and one.rate.number
        off = None if base is None else max(base.high - base, base - base.low)
        verdict = one.verdict and STATUSES[one.verdict]
        rows.append((one.name, one.unit, one.amount, one.stated_change, rate, base, off, verdict))
    numbers = "本年", "增减额", "增减率 %", "上年（推算）", "推算误差 ±"
    columns = "项目", "金额单位", *numbers, "额与率"
    frame = framed(rows, columns, dict.fromkeys(("项目", "金额单位", "额与率"), "string"))
    if frame["金额单位"].nunique() < 2:
        frame = frame.drop(columns="金额单位")
    return frame.dropna(axis="columns", how="all").fillna({"额与率": ""})


def caption(found: Iterable[Comparison], what: str = "与上年的比较") -> str:
    """Above :func:`shown`; the unit where all have one, which is otherwise a column."""
    finer = [_finer(one) for one in found]
    units = {one.unit for one in finer}
    unit = unit_name(units.pop()) if len(units) == 1 else t("金额单位见表")
    if any(one.previous is not None for one in finer):
        return t("{what}（{unit}，上年数为{derived}）", what=what, unit=unit, derived=DERIVED)
    return t("{what}（{unit}）", what=what, unit=unit)


def _finer(one: Comparison) -> Comparison:
    """With the amount in the unit of the change, where that is smaller."""
    unit = one.change.unit_of_measure if one.change else one.unit
    return one.in_unit(min(unit, one.unit, key=lambda name: MONEY.get(name, 0)))
