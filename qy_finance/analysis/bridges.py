"""Accounts (科目) over years: what is one account is decided by code and name together, never by one of them alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from qy_finance.analysis import accounts
from qy_finance.analysis.measures import MONEY
from qy_finance.checks.ledger import brackets
from qy_finance.checks.oversights import oversights
from qy_finance.numbers import Number
from qy_finance.reading import Reading

Kind = Literal["renamed", "longer", "other name", "other code"]
"""Under one code a name that is known to have been changed, or one that begins like the other: one account. Under one
code another name, or one name under another code: not joined.
"""

_LAYOUT: Final = re.compile(r"[\s，、,]")


class AccountBridge(NamedTuple):
    """Two names or codes of consecutive years: of one account if :attr:`joins`, otherwise side by side for a reader."""

    kind: Kind
    old: tuple[str, str]  # code and name
    new: tuple[str, str]
    years: tuple[int, int]
    since: int | None = None
    """The year from which on the account has its new name, where that is known."""

    @property
    def joins(self) -> bool:
        """Whether both are one line of the series."""
        return self.kind in ("renamed", "longer")


@dataclass
class AccountYears:
    """An account: its code, the name of each year as printed, and its amounts in 万元."""

    code: str
    names: dict[int, str] = field(default_factory=dict)
    amounts: dict[int, Number] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The last one."""
        return self.names[max(self.names)]

    def __contains__(self, name: str) -> bool:
        return _plain(name) in map(_plain, self.names.values())


class AccountSeries(NamedTuple):
    """The accounts of a table over years by code, and whatever stands between their names and codes."""

    years: Sequence[int]
    lines: Sequence[AccountYears]
    bridges: Sequence[AccountBridge]
    lacking: Sequence[int] = ()
    """Years whose report has no such table."""

    @property
    def printed(self) -> list[int]:
        """Years whose report has it."""
        return [year for year in self.years if year not in self.lacking]

    @property
    def spent(self) -> list[AccountYears]:
        """The lines that are not 0 in all years."""
        return [line for line in self.lines if any(line.amounts.values())]


def functional(readings: Sequence[Reading]) -> AccountSeries:
    """本年支出 by functional account (支出决算表), at all levels that the reports print."""
    return _series({one.identity.year: _spent(one) for one in readings})


def economic(readings: Sequence[Reading]) -> AccountSeries:
    """Basic expenditure by economic account (一般公共预算财政拨款基本支出决算表)."""
    return _series({one.identity.year: _basic(one) for one in readings})


def _spent(reading: Reading) -> dict[tuple[str, str], Number]:
    frame = accounts.exact(reading, accounts.EXPENDITURE)
    if accounts.SPENT not in frame:
        return {}
    frame = frame[frame["code"].notna() & frame[accounts.SPENT].notna()]
    return _cells(frame["code"], frame["item"], frame[accounts.SPENT])


def _basic(reading: Reading) -> dict[tuple[str, str], Number]:
    frame = accounts.basic(reading)
    return _cells(frame["code"], frame["item"], frame["amount"])


def _cells(*columns: Iterable[object]) -> dict[tuple[str, str], Number]:
    found: dict[tuple[str, str], Number] = {}
    for code, name, amount in zip(*columns, strict=True):
        assert isinstance(amount, Number)
        found.setdefault((str(code), str(name)), amount.in_unit(MONEY))
    return found


def _series(tables: Mapping[int, Mapping[tuple[str, str], Number]]) -> AccountSeries:
    lines: dict[str, list[AccountYears]] = {}
    bridges: list[AccountBridge] = []
    for year in (year for year in sorted(tables) if tables[year]):
        fresh: list[tuple[str, str]] = []
        for (code, name), amount in tables[year].items():
            line = _line(lines.get(code, ()), name, year)
            if line is None:
                fresh.append((code, name))
                line = AccountYears(code)
            elif name not in line:
                why = _joined(line.name, name)
                assert why is not None, "otherwise it would be another line"
                old, new = (code, line.name), (code, name)
                bridges.append(AccountBridge(why[0], old, new, (max(line.names), year), why[1]))
            if line.code not in lines or line not in lines[code]:
                lines.setdefault(code, []).append(line)
            line.names[year], line.amounts[year] = name, amount
        bridges += _apart(lines, fresh, year)
    found = [line for code in sorted(lines) for line in lines[code]]
    lacking = [year for year in sorted(tables) if not tables[year]]
    return AccountSeries(sorted(tables), found, bridges, lacking)


def _line(known: Sequence[AccountYears], name: str, year: int) -> AccountYears | None:
    """The line that goes on under a name; one that has this year already is another account."""
    free = [line for line in known if year not in line.names]
    same = (line for line in free if name in line)
    return next(same, None) or next((line for line in free if _joined(line.name, name)), None)


def _joined(old: str, new: str) -> tuple[Kind, int | None] | None:
    """Whether two names under one code are of one account, and why; either may be the older one."""
    one, other = _plain(old), _plain(new)
    for known in oversights().account_name.renamed:
        if {one, other} == {_plain(known.old), _plain(known.new)}:
            return "renamed", known.since
    short, long = sorted((one, other), key=len)
    return ("longer", None) if short and long.startswith(short) else None


def _apart(
    lines: Mapping[str, Sequence[AccountYears]], fresh: Sequence[tuple[str, str]], year: int
) -> list[AccountBridge]:
    """What begins in a year beside what ended before it: under the same code, or under the same name where that is one.

    What was there in no earlier year has nothing beside it.
    """
    ended = [one for some in lines.values() for one in some if max(one.names) < year]
    found = []
    for code, name in fresh:
        under = [one for one in ended if one.code == code]
        alike = [one for one in ended if one.code != code and name in one]
        twice = sum(_plain(name) == _plain(other) for _, other in fresh) > 1
        beside: list[tuple[Kind, AccountYears]] = [("other name", one) for one in under]
        if len(alike) == 1 and not twice and len(alike[0].code) == len(code):
            beside.append(("other code", alike[0]))
        found += [
            AccountBridge(kind, (one.code, one.name), (code, name), (max(one.names), year))
            for kind, one in beside
        ]
    return found


def _plain(name: str) -> str:
    """A name without what only its layout has."""
    return _LAYOUT.sub("", brackets(name))
