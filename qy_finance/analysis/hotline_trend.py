"""How a hotline's figures move: between months, over years, and between two ways of asking for satisfaction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from qy_finance.analysis.hotline_numbers import Said, of_year, product, prose
from qy_finance.intervals import Approx
from qy_finance.report import Report

_GROWING: Final = re.compile("话务|来[电话]|呼入|诉求|工单|受理")
_YEAR_BEFORE: Final = re.compile("同比|上年.*|去年.*")
_MONTH: Final = re.compile(r"(\d{1,2})月份?")
_HANDLING: Final = re.compile("工单|诉求件|办理|处理|办结")
_CALLERS: Final = re.compile("来[电话]")


@dataclass(frozen=True, slots=True)
class Months:
    """A rate that a sentence tells for two months (从5月份的…提升至9月份的…).

    ``months`` are their numbers, ``before`` and ``after`` the rates in %, ``stated`` the change as the report states
    it, None where it states none.
    """

    months: tuple[int, int]
    before: Said
    after: Said
    stated: Said | None

    @property
    def points(self) -> Approx:
        """The change in percentage points."""
        return self.after.exact - self.before.exact


def months(report: Report) -> list[Months]:
    """Rates of two months that follow one another in the prose."""
    figures = list(prose(report))
    found = []
    for at, (first, second) in enumerate(pairwise(figures)):
        named = [_MONTH.fullmatch(one.fact.column) for one in (first, second)]
        alike = first.fact.item == second.fact.item and first.noun == second.noun == "%"
        if not alike or named[0] is None or named[1] is None:
            continue
        stated = next(
            (
                one
                for one in figures[at + 2 : at + 3]
                if one.fact.item == first.fact.item
                and one.fact.measure in ("change", "change_rate")
            ),
            None,
        )
        found.append(Months((int(named[0][1]), int(named[1][1])), first, second, stated))
    return found


@dataclass(frozen=True, slots=True)
class Growth:
    """Stated growth on the year before (同比).

    ``rate`` is in % and of the year ``rate.year``. ``level`` is derived: the year before the first is 100, each stated
    rate multiplied on; None from the first gap in the years on. It is only as good as the assumption that all rates
    speak of the same thing; names can differ from year to year.
    """

    rate: Said
    level: Approx | None


def growth(report: Report) -> list[Growth]:
    """Stated growth of calls or requests by year, the first that is stated for each."""
    by_year: dict[int, Said] = {}
    for one in prose(report, "change_rate"):
        if _GROWING.search(one.name) and _YEAR_BEFORE.fullmatch(one.fact.column):
            by_year.setdefault(one.year, one)
    found: list[Growth] = []
    level: Approx | None = Approx(Decimal(100))
    for year in sorted(by_year):
        rate = by_year[year]
        connected = not found or found[-1].rate.year == year - 1
        factor = Approx(1 + rate.exact.value / 100, rate.exact.half / 100)
        level = product(level, factor) if level is not None and connected else None
        found.append(Growth(rate, level))
    return found


def satisfaction(report: Report) -> tuple[Said, Said] | None:
    """Satisfaction with the call and with what became of the request (满意度, 满意率), both in %.

    None where the report does not state both.
    """
    call = outcome = None
    for one in of_year(report, "rate", "actual"):
        if "满意" not in one.fact.item or one.noun != "%" or _MONTH.fullmatch(one.fact.column):
            continue
        if _HANDLING.search(one.fact.item):
            outcome = outcome or one
        else:
            call = call or one
    return (call, outcome) if call and outcome else None


@dataclass(frozen=True, slots=True)
class Share:
    """A share that the report states of its calls (占来话总数的…).

    ``part`` is what was counted, ``stated`` the share in % as printed, ``recomputed`` that of the stated calls.
    """

    part: Said
    stated: Said
    recomputed: Approx


def shares_of_calls(report: Report, calls: Said | None) -> list[Share]:
    """The stated shares of calls; empty where the report states no calls."""
    counts: dict[str, Said] = {}
    found = []
    for one in of_year(report, "count", "share"):
        item = one.fact.item
        if one.fact.measure == "count":
            counts[item] = one
        elif calls and item in counts and _CALLERS.match(one.fact.column):
            recomputed = counts[item].exact.percent_of(calls.exact)
            if recomputed is not None:
                found.append(Share(counts[item], one, recomputed))
    return found
