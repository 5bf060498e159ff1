"""Notebook 02: 机关运行经费, its growth, its accounts, and the reasons that the report gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.analysis import derived
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.facts import Fact, cell, find
from qy_finance.analysis.operating_public import three_public
from qy_finance.analysis.spending import economic, exact
from qy_finance.checks.causes import accounts_named, causes, direction
from qy_finance.checks.ledger import brackets
from qy_finance.checks.moves import moves
from qy_finance.checks.passages import passages
from qy_finance.report import Report

ITEM: Final = r"(?:.*(?:部门|单位|年度?))?机关运行经费(?:支出)?(?:决算)?"
"""What reports call the amount."""
SIDE: Final = "公用经费"
TABLE: Final = "basic_expenditure"

COLUMNS: Final = {
    "item": "科目",
    "finding": "核对",
    "amount": "本年金额",
    "share": "占公用经费 %",
    "change": "比上年增减",
    "previous": "上年（推算）",
}
"""Chinese headers of :func:`shown`."""

_NOT_STATED: Final = re.compile(
    r"[^。]*(?:不(?:在|属于|纳入|涉及)|没有|无)[^。]*机关运行经费[^。]*|[^。]*机关运行经费[^。]*(?:不在|不属于|没有|无)[^。]*"
)


class Reason(NamedTuple):
    """What the report gives as the cause of a change against last year.

    Attributes
    ----------
    found : Comparison
        The sum that changed.
    text : str
        The words, without layout.
    accounts : tuple of str
        Accounts of the economic classification that the words name.
    """

    found: Comparison
    text: str
    accounts: tuple[str, ...]

    @property
    def sign(self) -> int:
        """1 for a rise, -1 for a fall."""
        moved = self.found.change or self.found.rate
        return 0 if moved is None or not moved.value else 1 if moved.value > 0 else -1


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One account that is given as the cause of a fall and of a rise, both against last year."""

    account: str
    fell: Reason
    rose: Reason


def operating(report: Report) -> Comparison | None:
    """机关运行经费 with its stated change against last year; None where the report states no amount."""
    facts = derived.by_row(report)
    moved = [
        derived.comparison(move, facts)
        for move in moves(report._ledger)
        if move.base == "上年" and move.current.figure.measure == "amount"
        and re.fullmatch(ITEM, move.current.figure.item)
    ]  # fmt: skip
    amounts = [f for f in find(report, item=ITEM, measure="amount") if "预算" not in f.column]
    return moved[0] if moved else Comparison(amounts[0]) if amounts else None


def budget(report: Report) -> Fact | None:
    """What was planned for 机关运行经费, where the report prints it."""
    found = find(report, item=ITEM, measure="amount", column=".*预算.*")
    return found[0] if found else None


def running(report: Report) -> Fact | None:
    """公用经费合计 of the table of basic expenditure."""
    return cell(report, TABLE, "公用经费合计", "决算数")


def not_stated(report: Report) -> str:
    """The sentence in which the report says that it has no 机关运行经费; empty where there is none."""
    for passage in passages(report._ledger):
        said = _NOT_STATED.search(passage.text) if not passage.operands else None
        if said and passage.paragraph.level is None:
            return said[0].strip()
    return ""


def reasons(report: Report) -> list[Reason]:
    """Each cause that the report gives for a change of 机关运行经费, 公用经费, 人员经费 or 基本支出."""
    facts, ledger = derived.by_row(report), report._ledger
    return [
        Reason(derived.comparison(cause.move, facts), cause.text, tuple(accounts_named(cause.text)))
        for cause in causes(passages(ledger), moves(ledger))
    ]


def reason(report: Report) -> Reason | None:
    """The cause that the report gives for the change of 机关运行经费; None where it gives none."""
    found = (one for one in reasons(report) if re.fullmatch(ITEM, one.found.current.item))
    return next(found, None)


def contradictions(given: list[Reason]) -> list[Contradiction]:
    """Accounts that are said to have lowered one sum and raised another, against the same year."""
    made: dict[str, Contradiction] = {}
    for fell in (one for one in given if one.sign < 0):
        for rose in (one for one in given if one.sign > 0):
            for name in fell.accounts:
                both = name in rose.accounts
                if both and direction(fell.text, name) <= 0 <= direction(rose.text, name):
                    made.setdefault(name, Contradiction(name, fell, rose))
    return list(made.values())


def accounts(report: Report) -> pd.DataFrame:
    """Accounts of 公用经费 that are not 0, largest first.

    Columns ``code``, ``item`` (string), ``amount`` (object, Sourced, in the money unit of the report), ``share``
    (object, Sourced, percent of all of them).
    """
    frame = economic(report, SIDE)[["code", "item", "amount"]]
    whole = sum(frame["amount"], Decimal(0))
    shares = [100 * value / whole for value in frame["amount"]] if whole else None
    return frame.assign(share=pd.Series(shares, index=frame.index, dtype="object"))


def drivers(report: Report, given: Reason | None) -> pd.DataFrame:
    """Each account that the reason names, and what the report says of it elsewhere.

    Columns ``code``, ``item``, ``finding`` (string, a sentence), ``amount``, ``share`` (object, Sourced; missing where
    the table has no figure), ``able`` (bool): whether its amount can be part of the change, ``crossed`` (bool): whether
    it is given as the cause of an opposite change too. Largest first.
    """
    table = exact(report, TABLE)
    coded = table[table["code"].str.len().gt(3).fillna(False)]
    whole = sum(accounts(report)["amount"], Decimal(0))
    opposite = {
        one.account: one.rose if one.fell == given else one.fell
        for one in contradictions(reasons(report))
        if given in (one.fell, one.rose)
    }
    rows = []
    for name in given.accounts if given else ():
        same = coded[[brackets(item) == brackets(name) for item in coded["item"]]]
        code = same["code"].iloc[0] if len(same) else None
        amount = same["决算数"].iloc[0] if len(same) else None
        share = 100 * amount / whole if amount is not None and whole else None
        assert given is not None
        able, finding = _finding(given, name, amount)
        other = opposite.get(name)
        if other is not None:
            moved = "增加" if other.sign > 0 else "减少"
            finding = f"又被说成{other.found.current.item}{moved}的原因" + (
                "" if able else f"，{finding}"
            )
        if table.empty:
            able, finding = False, "报告没有明细表"
        rows.append((code, name, amount, share, finding, able, other is not None))
    columns = ["code", "item", "amount", "share", "finding", "able", "crossed"]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    order = frame["amount"].astype(float).sort_values(ascending=False, kind="stable").index
    kinds = {
        "code": "string",
        "item": "string",
        "finding": "string",
        "able": "bool",
        "crossed": "bool",
    }
    return frame.loc[order].reset_index(drop=True).astype(kinds)


def _finding(given: Reason, name: str, amount: Decimal | None) -> tuple[bool, str]:
    """Whether an account can be part of a change, and why it can't or what is not known."""
    said = direction(given.text, name)
    if said * given.sign < 0:
        return False, f"说的是{'增加' if said > 0 else '减少'}，与总额相反"
    if amount:
        return True, "有金额，但没有上年数"
    if given.sign > 0:
        return False, "本年没有金额，不能推高总额"
    return True, "本年没有金额，上年有才说得通"


def stated_changes(report: Report) -> pd.DataFrame:
    """Accounts of 公用经费 of which the report states the change against last year.

    The prose may state it by the account's name, or as a part of 三公 whose 决算数 is all in 公用经费.

    Columns ``code``, ``item`` (string), ``amount``, ``change``, ``previous`` (object, Sourced, in the money unit of
    the report; ``previous`` is derived), in the order of the table. What did not change and is 0 is left out.
    """
    table = exact(report, TABLE)
    if table.empty or SIDE not in set(table["side"]):
        return pd.DataFrame(columns=["code", "item", "amount", "change", "previous"])
    unit = str(report.meta["money_unit"])
    changes = {
        brackets(one.current.item): one.change.in_unit(unit).value
        for one in derived.comparisons(report)
        if one.change is not None and "基本支出" in one.current.section
    }
    parts = three_public(report)
    inside = parts[[bool(all_in) for all_in in parts["inside"]]]
    of_part = dict(zip(inside["code"], inside["change"], strict=True))
    rows = []
    coded = table[(table["side"] == SIDE) & table["code"].notna()]
    for code, item, amount in zip(coded["code"], coded["item"], coded["决算数"], strict=True):
        change = changes.get(brackets(item), of_part.get(code))
        if change is not None and not pd.isna(amount) and (change or amount):
            rows.append((code, item, amount, change, amount - change))
    columns = ["code", "item", "amount", "change", "previous"]
    frame = pd.DataFrame(rows, columns=columns, dtype="object")
    return frame.astype({"code": "string", "item": "string"})


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Accounts to be read: code and name in one column, Chinese headers."""
    named = frame["code"].fillna("") + " " + frame["item"]
    names = [name for name in COLUMNS if name in frame.columns]
    return frame.assign(item=named.str.strip())[names].rename(columns=COLUMNS)
