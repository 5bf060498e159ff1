"""Amounts of a table that stand some rows too high or too low: one error, however many sums it breaks.

The assumption is tried, not looked for: with the amounts moved back, do the sums of the table and the same accounts of
the other tables hold? If they do, the ledger is mended, and all else is checked with it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from qy_finance.checks.cells import checks_of, table_checks
from qy_finance.checks.knowledge import rules
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable, row_of
from qy_finance.checks.model import Check, NotRun, Outcome, Status, doubted
from qy_finance.checks.relations import Linear
from qy_finance.checks.sentence import Sentence, listed, said
from qy_finance.checks.stretches import (
    FEWEST,
    LEAST,
    SUMS,
    Stretch,
    moved_by,
    stretch_of,
    stretches_of,
    tables_of,
)
from qy_finance.facts import Fact
from qy_finance.numbers import Span

_SHOWN: Final = 2
_OF_ACCOUNTS: Final = ("parents", "between.accounts")


@dataclass(frozen=True)
class Shifted:
    """That each amount of a table stands in its row; ``moved`` are those that don't."""

    operands: tuple[Fact, ...]
    moved: tuple[Fact, ...]
    text: Sentence
    said: str = ""

    @property
    def outcome(self) -> Outcome:
        """They don't."""
        return Outcome(Status.BREAK)

    def wanted(self, fact: Fact) -> Span | None:
        """No other value of one figure mends it."""
        del fact
        return None

    def formula(self) -> Sentence:
        """Which table, from which account, by how many rows."""
        return self.text


def put_back(
    ledger: Ledger, made: list[Check | NotRun]
) -> tuple[Ledger, list[Check | NotRun], list[Check]]:
    """The ledger with shifted rows in their places, its checks of tables, and one check for each such table."""
    broken = Counter(table for check in _broken(made) for table in tables_of(check))
    found: list[Check] = []
    for table, count in broken.most_common():
        sheet = ledger.sheets[table]
        if count < FEWEST or not sheet.by_code:
            continue
        stretches = stretches_of(ledger, sheet)
        if not stretches:
            continue
        mended = ledger.with_sheet(moved_by(sheet, stretches))
        again = [_without_lost(one, sheet, mended) for one in table_checks(mended)]
        left = {check.id for check in _broken(again) if table in tables_of(check)}
        least = LEAST if left else SUMS
        if len(left) * 4 > count or not _is_borne_out(sheet, mended, least):
            continue
        explained = tuple(
            check for check in _broken(made) if table in tables_of(check) and check.id not in left
        )
        found.append(_check(ledger, mended, table, stretches, explained))
        ledger, made = mended, [_as_printed(one, made) for one in again]
    return ledger, made, found


def _is_borne_out(sheet: LedgerTable, mended: Ledger, least: int) -> bool:
    """Whether the checks of what was moved hold, not only fewer of them break."""
    where = {fact.row: row for (row, _), copies in sheet.cells.items() for fact in copies}
    count = Counter[bool]()
    for check in checks_of(mended, sheet.table):
        if not isinstance(check, Check) or check.status is Status.NOT_APPLICABLE:
            continue
        facts = [fact for fact in check.rule.operands if fact.value]
        own = [fact for fact in facts if fact.figure.table == sheet.table]
        moved = any(where[fact.row] != row_of(fact) for fact in own)
        sure = least == LEAST or (isinstance(check.rule, Linear) and check.rule.relation == "=")
        if moved and sure and (len(tables_of(check)) > 1 or len(set(map(row_of, own))) > 1):
            count[check.status is not Status.BREAK] += 1
    return count[True] >= least and count[True] > 4 * count[False]


def _without_lost(one: Check | NotRun, sheet: LedgerTable, mended: Ledger) -> Check | NotRun:
    """A check of the mended table; none that breaks for want of an account whose amounts were printed over."""
    if not isinstance(one, Check) or one.status is not Status.BREAK:
        return one
    kept = set(mended.sheets[sheet.table].rows)
    lost = [row for row in sheet.rows if row not in kept and row.code]
    codes = {fact.figure.code for fact in one.rule.operands if fact.figure.table == sheet.table}
    for row in lost:
        if any(code and str(row.code).startswith(code) for code in codes):
            return doubted(one, f"数字错行，{_called(row)}的数没有印出")
    return one


def _as_printed(check: Check | NotRun, made: list[Check | NotRun]) -> Check | NotRun:
    """A check of the mended table; of its accounts, not of its amounts, that of the printed one."""
    if check.identity.id not in _OF_ACCOUNTS:
        return check
    return next((one for one in made if one.id == check.id), check)


def _broken(checks: Iterable[Check | NotRun]) -> Iterator[Check]:
    for check in checks:
        if isinstance(check, Check) and check.status is Status.BREAK:
            yield check


def _check(
    ledger: Ledger,
    mended: Ledger,
    table: str,
    stretches: list[Stretch],
    explained: tuple[Check, ...],
) -> Check:
    sheet, after = ledger.sheets[table], mended.sheets[table]
    places = {fact.row: fact for copies in sheet.cells.values() for fact in copies}
    right: dict[int, Fact] = {}
    for check in checks_of(mended, table):
        if isinstance(check, Check) and check.status is not Status.BREAK:
            right.update(_same(check, table))
    moved: defaultdict[int, list[Fact]] = defaultdict(list)
    for copies in after.cells.values():
        for fact in copies:
            if fact.figure != places[fact.row].figure:
                at = sheet.rows.index(row_of(places[fact.row]))
                stretch = stretch_of(sheet, stretches, row_of(places[fact.row]), at)
                moved[stretch.start if stretch else at].append(fact)
    examples = [
        fact
        for facts in moved.values()
        for fact in sorted(facts, key=lambda fact: fact.figure.start)
        if fact.row in right
    ]
    shown = list({fact.figure.code: fact for fact in reversed(examples)}.values())[::-1][:_SHOWN]
    first = sheet.rows[stretches[0].start]
    ways = [_way(sheet, stretch, number == 0) for number, stretch in enumerate(stretches)]
    told = listed((_example(fact, places[fact.row], right[fact.row]) for fact in shown), "；")
    named = {"table": ledger.table_name(table), "row": _called(first)}
    where = next(iter(sheet.first([first]))).place
    fault = said(
        "{table}（{at}）自{row}一行起数字错行：{ways}", at=where, ways=listed(ways, "，"), **named
    )
    if shown:
        fault = said("{fault}；{examples}", fault=fault, examples=told)
    gone = str(len(explained))
    text = said("{fault}。移回原行后，{n} 处不符随之消除", fault=fault, n=gone)
    operands = tuple(one for fact in shown for one in (places[fact.row], right[fact.row]))
    kept = {fact.row for copies in after.cells.values() for fact in copies}
    beyond = [fact for row, fact in places.items() if row not in kept]
    every = (*(places[fact.row] for facts in moved.values() for fact in facts), *beyond)
    rule = Shifted(operands or every[:1], every, text)
    return Check(rules()["shifted"], f"{table}/{first.code or first.item}", rule, explained)


def _same(check: Check, table: str) -> Mapping[int, Fact]:
    """Of a check that holds one cell of a table against one of another: that one, where both are the same."""
    facts = [fact for fact in check.rule.operands if fact.value]
    if len(facts) != 2 or facts[0].figure.table == facts[1].figure.table:
        return {}
    own, other = facts if facts[0].figure.table == table else facts[::-1]
    return {own.row: other} if own.span.meets(other.span) else {}


def _way(sheet: LedgerTable, stretch: Stretch, first: bool) -> Sentence:
    rows = str(abs(stretch.rows))
    way = said("印高 {n} 行", n=rows) if stretch.rows > 0 else said("印低 {n} 行", n=rows)
    if first:
        return way
    return said("自{row}一行起{way}", row=_called(sheet.rows[stretch.start]), way=way)


def _called(row: AccountRow) -> str:
    return f"“{row.code} {row.item}”" if row.code else f"“{row.item}”"


def _example(fact: Fact, printed: Fact, right: Fact) -> Sentence:
    """印在“甲”的 5.00 应在“乙”（支出表“乙” 5.00）."""
    return said(
        "印在“{there}”一行的 {n} 是“{item}”的数（{name} {right}）",
        there=printed.item, n=printed, item=fact.item, name=right.full, right=right,
    )  # fmt: skip
