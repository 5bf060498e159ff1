"""机关运行经费: its growth, its accounts, the reasons that the report gives, “三公”经费, and what one of each costs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.analysis import knowledge
from qy_finance.analysis.accounts import BASIC, basic, economic, framed, largest_first, of_side
from qy_finance.analysis.comparisons import DERIVED, Comparison, comparisons, named
from qy_finance.analysis.costs import per_unit, three_public
from qy_finance.checks import CheckSet
from qy_finance.checks.causes import Blame, Cause, direction, spent_on
from qy_finance.checks.changes import StatedChange
from qy_finance.checks.ledger import LedgerTable, brackets
from qy_finance.checks.model import Check, Status
from qy_finance.facts import Fact
from qy_finance.language import plain, t
from qy_finance.numbers import Number, total

SIDE: Final = "公用经费"


class Bridge(NamedTuple):
    """From last year's 机关运行经费 (derived) to this year's: what accounts moved by, and what no account explains.

    It assumes that 机关运行经费 was all of 公用经费 last year too.
    """

    before: Number
    steps: tuple[tuple[str, Number], ...]  # accounts by name, the largest move first
    rest: Number
    after: Number
    year: int

    @property
    def before_name(self) -> str:
        """Last year's amount."""
        return t("{year} 年（{derived}）", year=self.year - 1, derived=DERIVED)

    @property
    def after_name(self) -> str:
        """This year's amount."""
        return t("{year} 年", year=self.year)

    @property
    def change(self) -> Number:
        """The stated change."""
        return total([*(by for _, by in self.steps), self.rest])


class Operating:
    """What notebook 02 tells of a report. Numbers are in its money unit; what is None the report does not print."""

    def __init__(self, checks: CheckSet) -> None:
        reading, self.checks = checks.reading, checks
        self.unit = reading.identity.money_unit
        self.compared = comparisons(checks)
        self.stated = stated(checks, self.compared)
        self.basic = named(self.compared, _said("basic"))  # 基本支出
        amount = _said("amount")
        planned = reading.find(item=amount, measure="amount", column=".*预算.*")
        in_money = (fact for fact in planned if fact.is_money)
        self.planned = next(in_money, None)  # 机关运行经费
        self.running, self.people = of_side(reading, SIDE), of_side(reading, "人员经费")
        # the cause that the report gives for the change of 机关运行经费
        given = (one for one in checks.causes if re.fullmatch(amount, one.move.current.item))
        self.reason = next(given, None)
        # accounts that are given as the cause of a fall and of a rise, as the checks find
        self.contradictions = _broken(checks, "cause.directions")
        self.accounts = economic(basic(reading), SIDE)
        self.public = three_public(checks)
        self.costs = per_unit(checks, self.public, self.running, is_all=self.is_all)

    @property
    def none(self) -> str:
        """The sentence in which the report says that it has no 机关运行经费; empty where there is none."""
        bare = (one for one in self.checks.passages if not one.operands)
        found = (re.search(_said("none"), one.text) for one in bare if one.paragraph.level is None)
        return next((said[0].strip() for said in found if said), "")

    @property
    def is_all(self) -> bool:
        """Whether 机关运行经费 is all of 公用经费."""
        found, whole = self.stated, self.running
        return bool(found and whole and found.current.compared.meets(whole.number))

    @cached_property
    def cells(self) -> list[Fact]:
        """The figures of all accounts of 公用经费, in the order of the table."""
        table = self.checks.ledger.sheets.get(BASIC, LedgerTable(BASIC))
        rows = (row for row in table.rows if row.code and row.side == SIDE)
        return [cell for row in rows if (cell := table.cell(row, "决算数"))]

    def spent(self, account: str) -> Fact | None:
        """The figure of an account of basic expenditure, by its name."""
        table = self.checks.ledger.sheets.get(BASIC)
        return spent_on(table, account) if table else None

    @cached_property
    def moved(self) -> pd.DataFrame:
        """Accounts of 公用经费 of which the report states the change against last year.

        The prose may state it by the account's name, or as a part of 三公 whose 决算数 is all in 公用经费.

        Columns ``code``, ``item`` (string), ``amount``, ``change``, ``previous`` (object, Number; ``previous`` is
        derived), in the order of the table. What did not change and is 0 is left out.
        """
        changes = {
            brackets(one.current.item): one.change.compared
            for one in self.compared
            if one.change is not None and "基本支出" in one.current.section
        }
        inside = self.public[self.public["inside"]]
        of_part = dict(zip(inside["code"], inside["change"], strict=True))
        rows = []
        for cell in self.cells:
            code, amount = cell.figure.code, cell.number
            change = changes.get(brackets(cell.item), of_part.get(code))
            if change is not None and (change or amount):
                rows.append((code, cell.item, amount, change, amount - change))
        columns = ("code", "item", "amount", "change", "previous")
        return framed(rows, columns, {"code": "string", "item": "string"})

    @cached_property
    def bridge(self) -> Bridge | None:
        """What the growth consists of, as far as accounts tell it.

        None where 机关运行经费 is not all of 公用经费, its change is not stated or contradicts its rate, or no account
        states a change.
        """
        found = self.stated
        if found is None or not found.change or found.verdict is Status.BREAK or not self.is_all:
            return None
        moved = self.moved[[bool(change) for change in self.moved["change"]]]
        if moved.empty:
            return None
        change, after = found.change.compared, found.current.compared
        moves = zip(moved["item"], moved["change"], strict=True)
        steps = tuple(sorted(moves, key=lambda step: -abs(step[1])))
        year = self.checks.reading.identity.year
        return Bridge(after - change, steps, change - total(moved["change"]), after, year)

    @property
    def mentioned(self) -> list[str]:
        """Accounts with money whose name the reason has among other words, 用 at its end left out or not."""
        text = self.reason.text if self.reason else ""
        return [name for name in self.accounts["item"] if name.removesuffix("用") in text]

    @cached_property
    def drivers(self) -> pd.DataFrame:
        """Each account that the reason names, and what the report says of it elsewhere. Largest first.

        Columns ``code``, ``item`` (string), ``amount``, ``share`` (object, Number, share in percent of 公用经费;
        missing where the table has no figure), ``finding`` (string), ``able`` (bool): whether its amount can be part of
        the change, ``crossed`` (bool): whether it is given as the cause of an opposite change too.
        """
        given = self.reason
        rows = [self._driver(given, name) for name in given.accounts] if given else []
        columns = ("code", "item", "amount", "share", "finding", "able", "crossed")
        kinds = dict.fromkeys(("code", "item", "finding"), "string")
        frame = framed(rows, columns, kinds | {"able": "bool", "crossed": "bool"})
        return largest_first(frame, "amount")

    def _driver(self, given: Cause, name: str) -> tuple[object, ...]:
        cell, whole = self.spent(name), total(self.accounts["amount"])
        code, amount = (cell.figure.code, cell.number) if cell else (None, None)
        share = 100 * amount / whole if amount is not None and whole else None
        wrong = self._wrong(given, name)
        if wrong or amount:
            finding = wrong or t("有金额，但没有上年数")
        elif given.move.sign > 0:
            finding = t("本年没有金额")
        else:
            finding = t("本年没有金额，上年有才说得通")
        crossed = _of(self.contradictions, given, name)
        for other in (cause.move for blame in crossed for cause in blame.causes if cause != given):
            finding = _also(other)
            if wrong:
                finding = t("{finding}，{wrong}", finding=finding, wrong=wrong)
        return code, name, amount, share, finding, not wrong, bool(crossed)

    def _wrong(self, given: Cause, name: str) -> str:
        """Why an account that is named cannot be part of the change; empty where it can."""
        said = direction(given.text, name)
        if BASIC not in self.checks.ledger.sheets:
            return t("报告没有明细表")
        if said * given.move.sign < 0:
            return t("说的是增加，与总额相反") if said > 0 else t("说的是减少，与总额相反")
        if _of(_broken(self.checks, "cause.driver"), given, name):
            return t("本年没有金额，不能推高总额")
        return ""


def _also(other: StatedChange) -> str:
    """That an account is the reason of an opposite change too."""
    item = plain(other.current.item)
    if other.sign > 0:
        return t("又被说成{item}增加的原因", item=item)
    return t("又被说成{item}减少的原因", item=item)


def stated(checks: CheckSet, compared: Iterable[Comparison]) -> Comparison | None:
    """机关运行经费 with its stated change against last year; None where the report states no amount.

    ``compared`` is what the report compares with last year; see :func:`.comparisons.comparisons`.
    """
    amounts = checks.reading.find(item=_said("amount"), measure="amount")
    spent = (fact for fact in amounts if "预算" not in fact.column)
    alone = (Comparison(fact, fact.unit_of_measure) for fact in spent)
    return named(compared, _said("amount")) or next(alone, None)


def _broken(checks: CheckSet, identity: str) -> list[Blame]:
    """What the checks hold against causes."""
    return [
        check.rule
        for check in checks.made
        if isinstance(check, Check) and isinstance(check.rule, Blame)
        and check.identity.id == identity and check.status is Status.BREAK
    ]  # fmt: skip


def _of(blames: Iterable[Blame], given: Cause, account: str) -> list[Blame]:
    return [one for one in blames if one.account == account and given in one.causes]


def _said(what: str) -> str:
    return str(knowledge("operating.toml")[what])
