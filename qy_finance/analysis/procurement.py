"""Government procurement (政府采购): what a report says of it, every number with its source.

Everything is read from the prose; the nine tables say nothing of it. Whether a printed share is that of the amounts,
and whether the kinds add up, the checks (勾稽) say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from qy_finance.analysis.accounts import EXPENDITURE, SPENT
from qy_finance.analysis.law import reservation
from qy_finance.checks import CheckSet
from qy_finance.checks.model import Check, Status
from qy_finance.checks.quotient import Fit, Quotient, fit
from qy_finance.digits import known
from qy_finance.facts import Fact
from qy_finance.numbers import Number, plain_unit, total

KINDS: Final = ("货物", "工程", "服务")
"""Goods, works, services: the three kinds of the Government Procurement Law (政府采购法) article 2."""

ALL, SME, MICRO = "全部", "中小企业", "小微企业"
WHOLE: Final = "合计"
BUDGET, BOUGHT = "预算金额", "采购金额"
RESERVED, OTHERS = "预留项目", "其他项目"

TOTAL_NAME: Final = "政府采购支出总额"
SME_NAME: Final = "授予中小企业合同金额"
SUM_NAME: Final = "货物、工程、服务之和"
IMPLIED_NAME: Final = "按分类占比推算的中小企业金额"

_MICRO = re.compile(r"(?<!中)小微|小型(?:和|、)?微型|微型企业")
_SME = re.compile(r"中小(?:微)?企业|中型(?:和|、)?小型")
_KIND = re.compile("|".join(KINDS))
_OF_KIND = re.compile(r"(?:.*采购)?(货物|工程|服务)类?(?:采购)?(?:支出|合同|总?金额|总额)*")
_WHOLE = re.compile(
    r"(?:.*政府|(?:全年|本年度?|本?部门|本?单位)*)采购(?:支出|合同)?(?:总?金额|总额|合计|总计|支出)?"
)
_NAMES = re.compile("政府采购|授予")  # where the heading does not say that it is about procurement
_OTHER = re.compile("预算|上年")
_RESERVED = re.compile(r"预留[^/]*项目")
_OTHER_PROJECTS = re.compile(r"其他(?:的)?(?:政府采购)?项目/采购金额")
_IN_RESERVED = re.compile(
    r"在面向中小(?:微)?企业预留的?(?:政府采购)?项目中，由中小(?:微)?企业(?:供应商)?中标或(?:者)?成交的，?采购金额$"
)
_IN_OTHER = re.compile(
    r"在其他的?(?:政府采购)?项目中，由中小(?:微)?企业(?:供应商)?中标或(?:者)?成交的，?采购金额$"
)
_BEFORE: Final = 120  # characters before an amount in which its clause begins
_ASIDE = re.compile(r"[（(][^（()）]*[)）]$")  # 政府采购金额（以合同签订为准）
_LAST_YEAR = re.compile(r"上年|上一年|去年|同期|\d{4}年")

Key = tuple[str, str]


class Kind(NamedTuple):
    """Goods, works or services; amounts in 万元, shares in %."""

    name: str
    amount: Number
    share: Number | None  # of the sum of the kinds; None where that is 0
    sme_share: Number | None  # of it that went to SMEs, as printed
    sme: Number | None  # what that is: as stated, otherwise computed from the printed share


class Ratio(NamedTuple):
    """What an award is of a whole (万元), in %."""

    whole: str
    amount: Number
    share: Number
    is_named: bool  # whether the report says that the printed share is one of it
    fit: Fit | None  # whether they agree; None where no share is printed


@dataclass(frozen=True)
class Award:
    """What went to SMEs, or to micro enterprises."""

    who: str
    amount: Number | None  # in 万元, as stated
    printed: Fact | None  # the share as printed
    is_found: bool  # whether the checks find it wrong, for no other reason
    won: Number | None  # without an amount: what its parts add up to (derived)
    ratios: Sequence[Ratio]  # on each denominator that the report offers; none without an amount

    @cached_property
    def named(self) -> Ratio | None:
        """On the denominator that the report names."""
        return next((ratio for ratio in self.ratios if ratio.is_named), None)

    @cached_property
    def best(self) -> Ratio | None:
        """On the denominator that the printed share fits best, the named one first; None where it fits none."""
        ratios = sorted(self.ratios, key=lambda ratio: not ratio.is_named)
        good = (Fit.ROUNDED, Fit.TRUNCATED, Fit.PADDED)
        return next((ratio for one in good for ratio in ratios if ratio.fit is one), None)


class Floor(NamedTuple):
    """A share in % (of what in what), and the least share by law."""

    name: str
    share: Number
    least: Decimal

    @property
    def is_below(self) -> bool:
        """Whether it is less."""
        return self.share < self.least


class Procurement:
    """What a report says of its procurement, amounts in 万元, shares in %; what it does not say is None or left out.

    Told are the figures of the year under headings of procurement, otherwise those that name it anywhere. Of amounts
    and shares the keys are recipient (全部, 中小企业, 小微企业) and kind (合计, 货物, 工程, 服务).
    """

    def __init__(self, checks: CheckSet) -> None:
        reading, self.checks = checks.reading, checks
        self.year = reading.identity.year
        self.rule = reservation(self.year)
        cell = reading.cell(EXPENDITURE, "合计", SPENT)
        self.spent = cell.number.in_unit("万元") if cell else None
        self.amounts: dict[Key, Number] = {}
        self.shares: dict[Key, Fact] = {}  # as printed
        # projects reserved (面向…预留项目) by recipient and 预算金额 or 采购金额
        self.reserved: dict[Key, Number] = {}
        # what SMEs won in projects reserved for them, and in others: 预留项目, 其他项目
        self.won: dict[str, Number] = {}
        # of the total against last year as stated: ``change``, ``change_rate`` in %
        self.changes: dict[str, Number] = {}
        prose = [fact for fact in reading.prose if fact.year == self.year]
        told = [fact for fact in prose if "采购" in fact.section]
        for fact in told or (fact for fact in prose if _NAMES.search(fact.item)):
            self._take(fact)
        # as stated: 政府采购支出总额, 授予中小企业合同金额, 授予小微企业合同金额
        wholes = (self.amounts.get((who, WHOLE)) for who in (ALL, SME, MICRO))
        self.total, self.sme, self.micro = wholes
        self.places = max(map(known, self.amounts.values()), default=2)  # decimals of a table

    def _take(self, fact: Fact) -> None:
        item, of, measure = fact.item, fact.column, fact.measure
        is_money = plain_unit(fact.unit_of_measure)[1] == "元"
        number = fact.number.in_unit("万元") if is_money else fact.number
        role = _role(item, of if measure == "share" else "")
        if measure == "amount" and is_money and (project := self._project(fact)):
            self.won.setdefault(project, number)
        if measure == "amount" and is_money and _RESERVED.search(item):
            what = BOUGHT if item.endswith(BOUGHT) else BUDGET
            self.reserved.setdefault((_who(item), what), number)
        elif role == (ALL, WHOLE) and measure.startswith("change") and _LAST_YEAR.search(of):
            self.changes.setdefault(measure, number)
        elif role is None or _OTHER.search(item + of):
            return
        elif measure == "amount" and is_money:
            self.amounts.setdefault(role, number)
        elif measure == "share":
            self.shares.setdefault(role, fact)

    def _project(self, fact: Fact) -> str:
        """In which projects SMEs won an amount, where its clause says so; otherwise empty."""
        if not fact.item.endswith(BOUGHT):
            return ""
        start = fact.figure.start
        clause = "".join(self.checks.reading.text[max(0, start - _BEFORE) : start].split())
        if _OTHER_PROJECTS.search(fact.item) and _IN_OTHER.search(clause):
            return OTHERS
        return RESERVED if _IN_RESERVED.search(clause) else ""

    @cached_property
    def won_by_sme(self) -> Number | None:
        """What SMEs won altogether (derived), where the report says it of reserved and of all other projects alone.

        None where the whole is stated, and where projects reserved for small and micro enterprises were won too: the
        report does not say whether these are among those reserved for SMEs.
        """
        micro = self.reserved.get((MICRO, BOUGHT))
        if self.sme is not None or micro or self.won.keys() != {RESERVED, OTHERS}:
            return None
        return total(self.won.values())

    @property
    def used(self) -> list[object]:
        """Every figure of it."""
        told = self.amounts, self.reserved, self.won, self.shares, self.changes
        return [*(figure for some in told for figure in some.values()), self.spent]

    @cached_property
    def added(self) -> Number | None:
        """What the stated kinds add up to; None where the report does not part them."""
        parts = [self.amounts[ALL, kind] for kind in KINDS if (ALL, kind) in self.amounts]
        return total(parts) if parts else None

    @cached_property
    def adds_up(self) -> Status | None:
        """Whether that is the total, as the checks find; None where they do not hold one against the other."""
        found = self.total and self.checks.verdict("procurement.kinds", *self.total.sources)
        return found.status if found else None

    @cached_property
    def by_kind(self) -> dict[str, Kind]:
        """Goods, works and services as far as they are stated."""
        found = {}
        for name in KINDS:
            if (amount := self.amounts.get((ALL, name))) is None:
                continue
            printed, sme = self.shares.get((SME, name)), self.amounts.get((SME, name))
            share = printed.number if printed else None
            if sme is None and not amount:
                sme = amount  # what is nothing went to nobody, whatever its share
            elif sme is None and share is not None:
                sme = (amount * share / 100).as_unit(amount.unit)
            found[name] = Kind(name, amount, _of(amount, self.added), share, sme)
        return found

    @cached_property
    def kinds(self) -> list[Kind]:
        """The same, the largest first."""
        return sorted(self.by_kind.values(), key=lambda kind: -kind.amount)

    @cached_property
    def implied_sme(self) -> Number | None:
        """SME amount that the kinds imply; None where one that is not 0 lacks its share, or all are 0."""
        parts = [kind.sme for kind in self.by_kind.values() if kind.amount]
        told = [part for part in parts if part is not None]
        return total(told) if told and len(told) == len(parts) else None

    @cached_property
    def awards(self) -> tuple[Award, Award]:
        """What went to SMEs, and to micro enterprises."""
        return self._award(SME), self._award(MICRO)

    def _award(self, who: str) -> Award:
        """Without denominators of 0, and without those smaller than the amount, unless the report names them."""
        amount, printed = self.amounts.get((who, WHOLE)), self.shares.get((who, WHOLE))
        check = self.checks.verdict("prose.share", printed) if printed else None
        wholes, ratios = self._wholes(who), []
        if check and isinstance(check.rule, Quotient) and check.rule.whole.is_money:
            taken = check.rule.whole  # by the checks, if it is none of those
            held = taken.number.in_unit("万元")
            if held not in wholes.values():
                wholes.setdefault(taken.full, held)
        named = _named(printed, check, wholes) if printed else ""
        for name, whole in wholes.items():
            share, is_named = _of(amount, whole), name == named
            if amount is None or share is None or not (is_named or share.low <= 100):
                continue
            agrees = fit(check, printed, amount, whole, is_named=is_named) if printed else None
            ratios.append(Ratio(name, whole, share, is_named, agrees))
        is_found = any(finding.check is check for finding in self.checks.findings)
        won = self.won_by_sme if who == SME else None
        return Award(who, amount, printed, is_found, won, ratios)

    def _wholes(self, who: str) -> dict[str, Number]:
        """The denominators that the report offers."""
        found = {SME_NAME: self.sme} if who == MICRO else {}
        found[TOTAL_NAME] = self.total
        if self.added != self.total:
            found[SUM_NAME] = self.added
        if who == MICRO and self.implied_sme not in found.values():
            found[IMPLIED_NAME] = self.implied_sme
        found |= {f"{name}支出": kind.amount for name, kind in self.by_kind.items()}
        return {name: whole for name, whole in found.items() if whole is not None}

    @cached_property
    def floors(self) -> list[Floor]:
        """Shares beside the least shares by law: by kind as printed, the others recomputed from the stated amounts.

        Those that the report does not state are left out, kinds of 0 and parts larger than their whole too. What small
        and micro enterprises have of the amount for SMEs is none: 60 % holds for what is reserved, and SMEs can win
        more than that. Empty without a rule.
        """
        if (rule := self.rule) is None:
            return []
        found = []
        for name, kind in self.by_kind.items():
            least = rule.works if name == "工程" else rule.sme
            if kind.amount and kind.sme_share is not None:
                found.append(Floor(f"中小企业占{name}", kind.sme_share, Decimal(least)))
        sme, micro = (self.reserved.get((who, BUDGET)) for who in (SME, MICRO))
        for name, part, whole, floor in (
            ("中小企业占采购总额", self.sme, self.total, Decimal(rule.sme)),
            ("小微企业占采购总额", self.micro, self.total, rule.micro_of_all),
            ("预留中小占采购总额", sme, self.total, Decimal(rule.sme)),
            ("预留小微占预留中小", micro, sme, Decimal(rule.micro)),
        ):
            if (share := _of(part, whole)) is not None and share.low <= 100:
                found.append(Floor(name, share, floor))
        return found


def _who(item: str) -> str:
    return MICRO if _MICRO.search(item) else SME if _SME.search(item) else ALL


def _role(item: str, of: str) -> Key | None:
    """Recipient and kind that an item, or the whole of its share, speaks of; None for some projects only."""
    if "项目" in item:
        return None
    item = _ASIDE.sub("", item)
    if (who := _who(item)) != ALL:
        kind = _KIND.search(item) or _KIND.search(of)
        return who, kind[0] if kind else WHOLE
    if of_kind := _OF_KIND.fullmatch(item):
        return ALL, of_kind[1]
    return (ALL, WHOLE) if _WHOLE.fullmatch(item) else None


def _named(share: Fact, check: Check | None, wholes: Mapping[str, Number]) -> str:
    """The denominator that a share names: which its check holds it against, by words if that is none of these.

    Empty where there is no check: what the words mean is not known then.
    """
    if check is None:
        return ""
    held = [(fact,) for fact in check.rule.operands]
    words, kind = share.column, _KIND.search(share.column)
    by_words = SME_NAME if _SME.search(words) else f"{kind[0]}支出" if kind else TOTAL_NAME
    return next((n for n, whole in wholes.items() if whole.sources in held), words and by_words)


def _of(part: Number | None, whole: Number | None) -> Number | None:
    """Share of a part in %; None where one of them is missing or the whole can be zero."""
    return None if part is None or whole is None else part.percent_of(whole)
