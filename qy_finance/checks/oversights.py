"""What the checks of oversights (疏漏) know of words, as ``oversights.toml`` has it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from attrs import frozen

from qy_finance.checks.knowledge import Pattern
from qy_finance.load import load

_HERE: Final = Path(__file__).parent


@frozen
class LackingWords:
    """Where a numeral must be a percentage, an amount or a year, though it is not printed as one."""

    percent: Pattern
    amount: Pattern
    ends: Pattern
    year: Pattern


@frozen
class BaseYear:
    """Comparisons of money with a year."""

    pattern: Pattern
    usual: Pattern
    money: Pattern
    reach: int
    meant: Pattern
    elsewhere: Pattern


@frozen
class UnitName:
    """Where sentences and headings say whose account it is."""

    subject: Pattern
    organ: Pattern
    others: Pattern


@frozen
class AccountName:
    """How the prose names accounts."""

    typed: Pattern
    section: Pattern


@frozen
class Mark:
    """Marks that stand in pairs."""

    pairs: tuple[tuple[str, str, str], ...]
    ordinal: Pattern
    around: int
    neutral: Pattern
    ends: Pattern


@frozen
class Purpose:
    """What accounts are said to pay for."""

    pattern: Pattern
    shared: int
    common: Pattern


@frozen
class Restated:
    """What a report states once, in however many places."""

    said: Pattern
    endings: Pattern
    project: Pattern
    account: Pattern
    part: Pattern
    budget: Pattern
    elsewhere: Pattern


@frozen
class Cars:
    """The cars that are kept, and all cars."""

    kept: Pattern
    all: Pattern
    part: Pattern


@frozen
class Oversights:
    """The content of ``oversights.toml``."""

    unread: LackingWords
    base_year: BaseYear
    unit_name: UnitName
    account_name: AccountName
    mark: Mark
    purpose: Purpose
    restated: Restated
    cars: Cars


@cache
def oversights() -> Oversights:
    """What oversights look like."""
    return load(_HERE / "oversights.toml", Oversights)
