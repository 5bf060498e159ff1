"""Government procurement (政府采购): what a report says of it, every number with its source.

Everything is read from the prose; the nine tables say nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

from qy_finance.analysis.doubts import checked
from qy_finance.analysis.facts import cell
from qy_finance.checks.quotient import Quotient
from qy_finance.intervals import Approx, as_precise, as_printed, plain_unit, total
from qy_finance.report import Report
from qy_finance.sourced import Sourced, figures, sources_of

KINDS: Final = ("货物", "工程", "服务")
"""Goods, works, services: the three kinds of the Government Procurement Law (政府采购法) article 2."""

ALL, SME, MICRO = "全部", "中小企业", "小微企业"
WHOLE: Final = "合计"

BUDGET, BOUGHT = "预算金额", "采购金额"

_MICRO = re.compile(r"(?<!中)小微|小型(?:和|、)?微型|微型企业")
_SME = re.compile(r"中小(?:微)?企业|中型(?:和|、)?小型")
_KIND = re.compile("|".join(KINDS))
_OF_KIND = re.compile(r"(?:.*采购)?(货物|工程|服务)类?(?:采购)?(?:支出|合同|总?金额|总额)*")
_WHOLE = re.compile(
    r"(?:.*政府|(?:全年|本年度?|本?部门|本?单位)*)采购(?:支出|合同)?(?:总?金额|总额|合计|总计|支出)?"
)
_NAMES = re.compile("政府采购|授予")  # where the heading does not say that it is about procurement
_OTHER = re.compile("预算|上年")
_PART = re.compile("项目")
_RESERVED = re.compile(r"预留[^/]*项目")
_ASIDE = re.compile(r"[（(][^（()）]*[)）]$")  # 政府采购金额（以合同签订为准）
_LAST_YEAR = re.compile(r"上年|上一年|去年|同期|\d{4}年")
_WAN = Decimal(10_000)
_MOST: Final = 2  # decimals that are shown


@dataclass(frozen=True, slots=True)
class Share:
    """A share as printed, in %, and the denominator that the report names (empty if none)."""

    percent: Approx
    of: str


@dataclass(frozen=True)
class Procurement:
    """What a report says of its procurement.

    Attributes
    ----------
    amounts : Mapping
        Amounts in 万元 by recipient (全部, 中小企业, 小微企业) and kind (合计, 货物, 工程, 服务). All of one printed
        unit are as precise as the most precise of them, since reports trim zeros.
    shares : Mapping
        Printed shares by the same keys.
    reserved : Mapping
        Projects reserved (面向…预留项目) in 万元, by recipient and 预算金额 or 采购金额.
    change, change_rate : Approx or None
        Change of the total against last year as stated, in 万元 and %.
    spent : Approx or None
        本年支出合计 of 支出决算表 in 万元.
    broken : frozenset of int
        Rows of ``Report.observations`` of percentages that the checks (勾稽) find in a contradiction.
    """

    amounts: Mapping[tuple[str, str], Approx]
    shares: Mapping[tuple[str, str], Share]
    reserved: Mapping[tuple[str, str], Approx] = field(default_factory=dict)
    change: Approx | None = None
    change_rate: Approx | None = None
    spent: Approx | None = None
    broken: frozenset[int] = frozenset()

    @property
    def total(self) -> Approx | None:
        """Total as stated (政府采购支出总额)."""
        return self.amounts.get((ALL, WHOLE))

    @property
    def sme(self) -> Approx | None:
        """Amount awarded to small, medium and micro enterprises as stated (授予中小企业合同金额)."""
        return self.amounts.get((SME, WHOLE))

    @property
    def micro(self) -> Approx | None:
        """Amount awarded to small and micro enterprises as stated (授予小微企业合同金额)."""
        return self.amounts.get((MICRO, WHOLE))

    @property
    def kinds(self) -> dict[str, Approx]:
        """Stated amounts by kind; empty where the report does not part them."""
        return {kind: self.amounts[ALL, kind] for kind in KINDS if (ALL, kind) in self.amounts}

    @property
    def sum_of_kinds(self) -> Approx | None:
        """What the stated kinds add up to."""
        return total(self.kinds.values()) if self.kinds else None

    @property
    def numbers(self) -> list[Decimal]:
        """Every figure of it."""
        known = [*self.amounts.values(), *self.reserved.values()]
        known += [share.percent for share in self.shares.values()]
        known += filter(None, (self.change, self.change_rate, self.spent))
        return [number.value for number in known]

    @property
    def places(self) -> int:
        """Decimals with which all amounts are shown."""
        return max(map(places, self.amounts.values()), default=_MOST)

    def sme_of(self, kind: str) -> Approx | None:
        """What went to SMEs of a kind: as stated, otherwise the kind times its printed share.

        A kind of 0 gave 0, whatever its share. None where the report states neither.
        """
        amount, share = self.kinds[kind], self.shares.get((SME, kind))
        if (SME, kind) in self.amounts:
            return self.amounts[SME, kind]
        if amount.value == 0:
            return amount
        if share is None:
            return None
        low, high = amount.low * share.percent.low / 100, amount.high * share.percent.high / 100
        return Approx(amount.value * share.percent.value / 100, Decimal(high - low) / 2)

    @property
    def implied_sme(self) -> Approx | None:
        """SME amount that the kinds imply; None where one that is not 0 lacks its share, or all are 0."""
        parts = [self.sme_of(kind) for kind, amount in self.kinds.items() if amount.value]
        known = [part for part in parts if part is not None]
        return total(known) if known and len(known) == len(parts) else None


def procurement(report: Report) -> Procurement:
    """What a report says of its procurement; empty mappings where it says nothing."""
    amounts: dict[tuple[str, str], tuple[Approx, str]] = {}
    shares: dict[tuple[str, str], Share] = {}
    reserved: dict[tuple[str, str], tuple[Approx, str]] = {}
    changes: dict[str, Approx] = {}
    for row in _told(report):
        value = figures(report)[row.Index]
        of = "" if row.column is None else str(row.column)
        unit = str(row.unit_of_measure)
        role, money = (
            _role(row.item, of if row.measure == "share" else ""),
            plain_unit(unit)[1] == "元",
        )
        if row.measure == "amount" and money and _RESERVED.search(row.item):
            who = MICRO if _MICRO.search(row.item) else SME if _SME.search(row.item) else ALL
            what = BOUGHT if row.item.endswith(BOUGHT) else BUDGET
            reserved.setdefault((who, what), (_exact(row.printed, value), unit))
        elif role == (ALL, WHOLE) and row.measure.startswith("change") and _LAST_YEAR.search(of):
            number = _exact(row.printed, value)
            changes.setdefault(row.measure, _wan_yuan(number, unit) if money else number)
        elif role is None or _OTHER.search(row.item + of):
            continue
        elif row.measure == "amount" and money:
            amounts.setdefault(role, (_exact(row.printed, value), unit))
        elif row.measure == "share":
            shares.setdefault(role, Share(_exact(row.printed, value), of))
    spent = cell(report, "expenditure", "合计", "本年支出合计")
    return Procurement(
        _as_precise(amounts),
        shares,
        _as_precise(reserved),
        changes.get("change"),
        changes.get("change_rate"),
        _wan_yuan(Approx(spent.value, spent.half), spent.unit) if spent else None,
    )


def examined(report: Report) -> Procurement:
    """What a report says of its procurement, with the percentages of it that the checks find wrong."""
    rules = [finding.check.rule for finding in checked(report).findings]
    broken = frozenset(rule.rate.row for rule in rules if isinstance(rule, Quotient))
    return replace(procurement(report), broken=broken)


def _told(report: Report) -> Iterator[Any]:
    """The figures of the year under headings of procurement, otherwise those that name it anywhere."""
    prose = report.observations
    prose = prose[
        prose["table"].isna() & prose["year"].eq(int(str(report.meta["year"]))).fillna(False)
    ]
    told = prose[prose["section"].str.contains("采购").fillna(False)]
    if told.empty:
        told = prose[prose["item"].str.contains(_NAMES).fillna(False)]
    names = ["item", "column", "measure", "printed", "unit_of_measure"]
    said = told[names].astype(object)
    yield from said.where(said.notna(), None).itertuples()


def _role(item: str, of: str) -> tuple[str, str] | None:
    """Recipient and kind that an item, or the whole of its share, speaks of; None for some projects only."""
    if _PART.search(item):
        return None
    item = _ASIDE.sub("", item)
    if _MICRO.search(item) or _SME.search(item):
        kind = _KIND.search(item) or _KIND.search(of)
        return MICRO if _MICRO.search(item) else SME, kind[0] if kind else WHOLE
    if of_kind := _OF_KIND.fullmatch(item):
        return ALL, of_kind[1]
    return (ALL, WHOLE) if _WHOLE.fullmatch(item) else None


def _exact(printed: str, value: Sourced) -> Approx:
    return replace(as_printed(printed), value=value)


def _as_precise(told: dict[Any, tuple[Approx, str]]) -> dict[Any, Approx]:
    """Amounts in 万元, those of one printed unit as precise as the most precise of them."""
    found: dict[Any, Approx] = {}
    for unit in {unit for _, unit in told.values()}:
        some = {key: amount for key, (amount, of) in told.items() if of == unit}
        alike = zip(some, as_precise(some.values()), strict=True)
        found |= {key: _wan_yuan(amount, unit) for key, amount in alike}
    return {key: found[key] for key in told}


def _wan_yuan(amount: Approx, unit: str) -> Approx:
    """Money in 万元; what is printed in 万元 stays the printed figure."""
    multiple, _ = plain_unit(unit)
    if multiple == _WAN:
        return amount
    wan = amount.times(multiple / _WAN)
    return replace(wan, half=wan.half.normalize())  # 0.98 亿元 is known to 50 万元, not to 50.000


def places(number: Approx) -> int:
    """Decimals that are shown of a number: as many as are known, at most two."""
    return min(_MOST, max(0, -int(number.half.as_tuple().exponent) - 1))


def percent(part: Approx | None, whole: Approx | None) -> Decimal | None:
    """Share of a part in a whole in %; None where either is missing or the whole can be zero."""
    share = part.percent_of(whole) if part and whole else None
    return None if share is None else share.value


def is_broken(purchases: Procurement, share: Share) -> bool:
    """Whether the checks find a printed share in a contradiction."""
    return any(source.row in purchases.broken for source in sources_of(share.percent.value))
