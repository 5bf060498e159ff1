"""What the money is for by the functions of government of other countries (COFOG 1999): judged, never printed.

``functions.csv`` says of each functional account (支出功能分类) which function it is, how sure that is and why; it is
asked of the lowest accounts that 支出决算表 prints. What is of several functions, out of scope or unknown stays apart
and is never spread; what a department pays for its own staff as an employer goes where its wages stand.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.analysis import accounts, once
from qy_finance.analysis.accounts import EXPENDITURE, LEVELS, SPENT
from qy_finance.checks import CheckSet
from qy_finance.contract import CONTRACT, LISTS, columns
from qy_finance.numbers import Number, total

FUNCTIONS: Final = LISTS["cofog"]
"""The ten divisions of COFOG by code."""

ASSIGNED, JUDGED, STAFF = "assigned", "judgement", "staff"
"""How a part of expenditure came to a function; values of the list ``mapping``."""

MIXED, OUT, UNKNOWN, DIFFERENCE = "mixed", "out", "unknown", "difference"

NO_TABLE, NO_CODES, NOTHING, ROUGH = "no table", "no codes", "nothing", "rough"

_FILE: Final = Path(__file__).with_name("functions.csv")
_FORMER: Final = ("20805", "20808")
"""What is paid to those who have left or to survivors: no wages of the department."""
ALMOST_ALL: Final = 95
"""Percent of all other basic expenditure that one function must have, so that costs of own staff go with it."""
_LIKE: Final = str.maketrans("()", "（）", " 　")


APART: Final = {
    STAFF: "本单位职工费用",
    MIXED: "混合",
    OUT: "不在范围内",
    UNKNOWN: "未归类",
    DIFFERENCE: "与合计的差额",
}
"""What has no function, by why, and what that is called in Chinese."""


_CHINESE: Final = {code: name.partition(" ")[0] for code, name in FUNCTIONS.items()}

named: Final = _CHINESE.__getitem__
"""What a function is called in Chinese, by its code."""


class Rule(NamedTuple):
    """A row of ``functions.csv``.

    Attributes
    ----------
    code : str
        The account, for all below it that have no row of their own.
    names : tuple of str
        What it is called, in all years.
    since : int
        First year of account in which it is there; 0 where that is not known.
    cofog : str
        The group of COFOG (``01.1.1``), or the division alone; empty where it is none.
    sure : str
        ``assigned``, ``judgement``, ``staff``, ``mixed`` or ``out``.
    other : str
        Groups that another reading of a judgement would take.
    basis, basis_en : str
        Why, in Chinese (empty where the name says it) and English.
    """

    code: str
    names: tuple[str, ...]
    since: int
    cofog: str
    sure: str
    other: str
    basis: str
    basis_en: str


@cache
def rules() -> dict[str, Rule]:
    """The rows of ``functions.csv`` by code."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Rule(
                row["code"], tuple(filter(None, row["names"].split("|"))), int(row["since"] or 0),
                row["cofog"], row["sure"], row["other"], row["basis"], row["basis_en"],
            )
            for row in csv.DictReader(file)
        }  # fmt: skip


def rule_of(code: str, year: int) -> Rule | None:
    """What is known of an account in a year: its own row, or that of the 款 or 类 above it that holds for all below.

    A row that is ``mixed`` says nothing of the accounts below it that it does not name: they are unknown.
    """
    for end in sorted(LEVELS.values(), reverse=True):
        found = rules().get(code[:end]) if len(code) >= end else None
        if found and found.since <= year:
            is_above = len(found.code) == LEVELS["类"] < len(code)
            return None if is_above and found.sure == MIXED else found
    return None


@dataclass(frozen=True, slots=True)
class Mapped:
    """One of the lowest accounts of 支出决算表 that has spent anything, and the function that it is taken to be.

    ``function`` is a key of :data:`FUNCTIONS`, ``group`` the group of COFOG; both are empty where it is none. The part
    that is what 合计 has beyond all accounts is ``difference`` and has no code.
    """

    code: str
    item: str
    amount: Number
    basic: Number
    sure: str
    group: str = ""
    other: str = ""
    basis: str = ""
    basis_en: str = ""

    @property
    def function(self) -> str:
        """The division of COFOG."""
        return self.group[:2]


class Functions:
    """What a report spent by function; amounts are exact numbers in ``unit``.

    Attributes
    ----------
    whole : Number or None
        本年支出合计 of 支出决算表; where it is not printed, all accounts together; None where there is no account.
    home : str
        The function in which the department's own wages stand, and the costs of its staff with them: that which has at
        least :data:`ALMOST_ALL` percent of its other basic expenditure. Empty where none has.
    why : str
        Why nothing can be said (``no table``, ``no codes``, ``nothing`` spent), or no more than of 类 (``rough``).
    """

    def __init__(self, checks: CheckSet) -> None:
        reading = checks.reading
        self.unit, self._year = reading.identity.money_unit, reading.identity.year
        self._table = accounts.exact(reading, EXPENDITURE)
        cell = reading.cell(EXPENDITURE, "合计", SPENT)
        leaves = list(self._leaves())
        self.home = _home(leaves)
        self.parts = [self._at_home(part) for part in leaves]
        self.whole = cell.number if cell else total(part.amount for part in leaves) or None
        self.is_printed = cell is not None
        coded = self._table["code"].dropna()
        self.why = ""
        if self._table.empty:
            self.why = NO_TABLE
        elif coded.empty:
            self.why = NO_CODES
        elif not self.whole:
            self.why = NOTHING
        elif coded.str.len().max() == LEVELS["类"]:
            self.why = ROUGH
        if self.whole and leaves and (rest := self.whole - total(part.amount for part in leaves)):
            said = "舍入的尾差" if rest.low <= 0 <= rest.high else "各科目相加与印出的合计不等"
            self.parts.append(Mapped("", "", rest, rest * 0, DIFFERENCE, basis=said))

    def _leaves(self) -> Iterator[Mapped]:
        frame = self._table[self._table["code"].notna()]
        codes = set(frame["code"])
        names = dict(zip(frame["code"], frame["item"], strict=True))
        amounts = accounts.filled(frame, [SPENT, "基本支出"])
        above = {code[:end] for code in codes for end in range(3, len(code))}
        for code, item, (amount, basic) in zip(
            frame["code"], frame["item"], amounts.to_numpy(), strict=True
        ):
            if code in above or not amount:
                continue
            rule = rule_of(code, self._year)
            if rule is None:
                yield Mapped(code, item, amount, basic, UNKNOWN, basis="编码不在对照表里")
                continue
            sure, basis = rule.sure, rule.basis
            printed = names.get(rule.code, "")
            if printed and rule.names and not _is_one(printed, rule.names):
                sure = JUDGED if sure == ASSIGNED else sure
                told = f"按编码归类：{rule.code} 在对照表里是“{rule.names[0]}”"
                basis = f"{basis}；{told}" if basis else told
            yield Mapped(
                code, item, amount, basic, sure, rule.cofog, rule.other, basis, rule.basis_en
            )

    def _at_home(self, part: Mapped) -> Mapped:
        if part.sure != STAFF:
            return part
        return replace(part, group=self.home)

    @cached_property
    def by_function(self) -> dict[str, list[Mapped]]:
        """The parts of each function, the largest first."""
        found: dict[str, list[Mapped]] = {}
        for part in self.parts:
            if part.function:
                found.setdefault(part.function, []).append(part)
        return dict(sorted(found.items(), key=lambda pair: -total(one.amount for one in pair[1])))

    @cached_property
    def apart(self) -> dict[str, list[Mapped]]:
        """The parts that have no function, by why: staff, mixed, out, unknown, difference, as far as there are any."""
        none = [part for part in self.parts if not part.function]
        found = {sure: [one for one in none if one.sure == sure] for sure in APART}
        return {sure: some for sure, some in found.items() if some}

    @property
    def adds_up(self) -> bool:
        """Whether the accounts give the printed total, but for rounding."""
        return not any(one.amount.low > 0 or one.amount.high < 0 for one in self._difference)

    @property
    def _difference(self) -> list[Mapped]:
        return self.apart.get(DIFFERENCE, [])

    def share(self, parts: Iterable[Mapped]) -> Number | None:
        """Of some parts in % of all expenditure; None where the accounts do not add up to it."""
        if self.whole is None or not self.adds_up:
            return None
        return total(one.amount for one in parts).percent_of(self.whole)

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each function, the largest first, then for each of :attr:`apart`, of unknown accounts one each.

        Columns ``name`` (string), ``amount``, ``judged``, ``staff`` (the parts that are so; object, Number; missing
        where there is none), ``share`` (of ``whole`` in %), ``mapped`` (bool: whether it is a function).
        """
        rows = [self._row(named(code), parts, True) for code, parts in self.by_function.items()]
        for sure, parts in self.apart.items():
            if sure == UNKNOWN:
                rows += [
                    self._row(f"{APART[sure]}：{one.code} {one.item}", [one], False)
                    for one in parts
                ]
            else:
                rows.append(self._row(APART[sure], parts, False))
        names = ("name", "amount", "judged", "staff", "share", "mapped")
        return accounts.framed(rows, names, {"name": "string", "mapped": "bool"})

    def _row(self, name: str, parts: list[Mapped], mapped: bool) -> tuple[object, ...]:
        kinds = {
            sure: [one.amount for one in parts if one.sure == sure] for sure in (JUDGED, STAFF)
        }
        within = (total(some) if some and mapped else None for some in kinds.values())
        share = None if parts[0].sure == DIFFERENCE else self.share(parts)
        return name, total(one.amount for one in parts), *within, share, mapped

    @cached_property
    def mapped(self) -> Number | None:
        """How much of all expenditure has a function, in %; None where there is nothing to map."""
        return self.share(part for part in self.parts if part.function) if self.parts else None


@once
def functions(checks: CheckSet) -> Functions:
    """The functions of a report."""
    return Functions(checks)


def shares(checks: CheckSet) -> dict[str, Number | None]:
    """The share of each function in all expenditure in %, by measure (``cofog_01``), and ``cofog_mapped``."""
    found = functions(checks)
    some = {f"cofog_{code}": found.share(parts) for code, parts in found.by_function.items()}
    return {"cofog_mapped": found.mapped, **some}


def function_frame(checks: CheckSet) -> pd.DataFrame:
    """The parts, a row for each; see :meth:`qy_finance.report.Report.functions`."""
    found, kinds = functions(checks), columns("functions") | {"figures": "object"}
    rows = [
        {
            "code": part.code or None, "item": part.item or None,
            "amount": float(part.amount), "money_unit": found.unit,
            "cofog": part.function or None, "cofog_name": FUNCTIONS.get(part.function),
            "cofog_group": part.group if len(part.group) > 2 else None, "mapping": part.sure,
            "other": part.other or None, "basis": part.basis or None, "basis_en": part.basis_en or None,
            "doubted": any(fact.row in checks.doubted for fact in part.amount.sources),
            "figures": tuple(dict.fromkeys(one.id for one in part.amount.sources)),
        }
        for part in found.parts
    ]  # fmt: skip
    frame = accounts.framed(([row[name] for name in kinds] for row in rows), kinds, kinds)
    frame.attrs["contract"] = CONTRACT
    return frame


def _home(leaves: list[Mapped]) -> str:
    """The function that has almost all basic expenditure but that for former staff; empty where none has."""
    paid: dict[str, Number] = {}
    for part in leaves:
        if part.sure != STAFF and not part.code.startswith(_FORMER):
            paid[part.function] = part.basic + paid.get(part.function, 0)
    every = total(paid.values())
    most = max(paid, key=lambda function: paid[function], default="")
    return most if every and 100 * paid[most] >= ALMOST_ALL * every else ""


def _is_one(printed: str, names: tuple[str, ...]) -> bool:
    return printed.translate(_LIKE) in {name.translate(_LIKE) for name in names}
