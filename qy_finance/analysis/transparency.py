"""How openly a report accounts (透明度): measures of the report by itself, whatever the catalogue has beside it."""

from __future__ import annotations

from decimal import Decimal

from qy_finance.analysis import once
from qy_finance.analysis.coverage import coverage
from qy_finance.analysis.disclosures import ABSENT, NOT_ASKED, disclosures
from qy_finance.analysis.spending import Spending
from qy_finance.checks import CheckSet
from qy_finance.numbers import Number, total


@once
def transparency(checks: CheckSet) -> dict[str, Number | None]:
    """What is measured of it, by the keys of ``measures.toml``; None where there is nothing to measure by.

    What is counted has no figure that it comes from. Contradictions are those of figures with each other within the
    report: with those against the year before, a unit with two reports would stand below one with one.
    """
    own = checks.alone
    asked = [one for one in disclosures(own) if one.status != NOT_ASKED]
    shown = sum(one.status != ABSENT for one in asked)
    broken = sum(one.check.identity.severity == "error" for one in own.findings)
    relations, reading = coverage(own).identities, own.reading
    aims = len(reading.indicators) + sum(row.target is not None for row in reading.evaluations)
    return {
        "other_share": _unnamed(Spending(own)),
        "disclosed": _percent(shown, len(asked)),
        "targets": Number(aims, unit="项", computed=False),
        "broken": _percent(broken, len(reading.figures), "处"),
        "checked": _percent(relations.part, relations.whole),
    }


def _unnamed(spending: Spending) -> Number | None:
    """其他-accounts in % of all expenditure; None where the 项 are not all of it."""
    accounts = spending.levels["项"]["total"]
    if not len(accounts):
        return None
    every = total(accounts)
    printed = spending.sums["本年支出合计"]
    if printed is not None and not printed.number.meets(every):
        return None
    whole = printed.number if printed is not None else every
    return total([Number(0, unit=whole.unit), *spending.unnamed["total"]]).percent_of(whole)


def _percent(part: int, whole: int, unit: str = "%") -> Number | None:
    return Number(Decimal(100 * part) / whole, unit=unit) if whole else None
