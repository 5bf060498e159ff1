"""Before a report is accused: whether one assumption about the reading explains what does not agree.

A column that is not counted, a row that is part of another, an amount of another scope, a paragraph that was not
opened, a figure that was not read. Where several rows bear out an assumption, the check is made with it; otherwise
it is not made, and says why.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import Final

from qy_finance.checks.allusions import (
    Replaced,
    another_figure,
    another_scope,
    another_whole,
    many_against_one,
    named_nearby,
)
from qy_finance.checks.diagnose import findings
from qy_finance.checks.knowledge import TableIdentity, table_identities
from qy_finance.checks.ledger import Ledger, LedgerTable, row_of
from qy_finance.checks.model import Check, NotRun, Status, doubted
from qy_finance.checks.relations import Linear
from qy_finance.facts import Fact
from qy_finance.figures import NUMERAL, number

_BORNE_OUT: Final = 2  # rows that agree with an assumption about the reading
_CHAOS: Final = 5  # contradictions within a table that no figure explains
_SYSTEM: Final = 3  # of the rows of a table one in so many is wrong where it is read wrongly
_ITEM_NUMBER: Final = re.compile(r"(?<![\d.,])\d{1,2}[.．、)）]\s*[\u4e00-\u9fff]")  # 3.公务接待费
_LABEL: Final = 80  # characters before a figure in which its row is named
_PART: Final = re.compile(r"其中[:：]?$")
_ORDINAL: Final = re.compile(
    r"(?:[一二三四五六七八九十]+|[（(][一二三四五六七八九十\d]+[）)]|(?<![\d.])\d+[、.．])[、.．]?$"
)


def doubt_reading(
    ledger: Ledger, made: Iterable[Check | NotRun], of_tables: Iterable[Check | NotRun] = ()
) -> list[Check | NotRun]:
    """The checks; of those that break, what is left of them when the reading is doubted.

    ``of_tables`` are the checks of tables in which the reading was doubted before.
    """
    found = list(made)
    doubts = {one.missing for one in of_tables if isinstance(one, NotRun)}
    misread = {table for table in ledger.sheets if _misread(ledger, table) in doubts}
    found = [_of_misread(ledger, one, misread) for one in found] if misread else found
    ways: tuple[Callable[[Ledger, list[Check]], Replaced], ...] = (
        _uncounted, _parts, _unread, _chaotic, named_nearby, many_against_one, another_scope, another_figure,
        another_whole,
    )  # fmt: skip
    for way in ways:
        broken = [one for one in found if isinstance(one, Check) and one.status is Status.BREAK]
        if not broken:
            break
        instead = {id(check): other for check, other in way(ledger, broken)}
        found = [instead.get(id(one), one) for one in found]
    return found


# ---- tables -----------------------------------------------------------------------------------------------------


def _uncounted(ledger: Ledger, broken: list[Check]) -> Replaced:
    """A column that the identity does not add up explains the difference of its rows."""
    groups: defaultdict[str, list[Check]] = defaultdict(list)
    for check in broken:
        if isinstance(check.identity, TableIdentity) and check.identity.each == "row":
            groups[check.identity.id].append(check)
    for checks in groups.values():
        identity = checks[0].identity
        assert isinstance(identity, TableIdentity)
        sheet = ledger.sheets[identity.table]
        counted = _counted(ledger, identity.table)
        columns = [column for column in sheet.columns if column not in counted]
        if len(identity.tables) > 1 or not columns:
            continue
        with_column = {
            column: [(check, rule) for check in checks if (rule := _with(sheet, check, column))]
            for column in columns
        }
        holding = {
            column: [check for check, rule in rules if rule.outcome.status is not Status.BREAK]
            for column, rules in with_column.items()
        }
        column = max(columns, key=lambda name: len(holding[name]))
        if len(holding[column]) >= _BORNE_OUT:
            for check, rule in with_column[column]:
                yield check, Check(check.identity, check.place, rule)
        else:
            for check in holding[column]:
                yield check, doubted(check, f"相差的正是“{column}”一栏，该栏可能应当计入")


def _counted(ledger: Ledger, table: str) -> set[str]:
    """The columns of a table that some identity adds up."""
    return {
        term.column
        for identity in table_identities(ledger.reading.form)
        for term in (*identity.left, *identity.right)
        if term.table == table
    }


def _with(sheet: LedgerTable, check: Check, column: str) -> Linear | None:
    """A sum of a row with one more of its columns."""
    rule = check.rule
    if not isinstance(rule, Linear) or rule.relation != "=":
        return None
    cell = sheet.cell(row_of(rule.operands[0]), column)
    return Linear(rule.left, (*rule.right, cell)) if cell is not None else None


def _parts(ledger: Ledger, broken: list[Check]) -> Replaced:
    """Lines of a sum that are part of the line above them (其中)."""
    for check in broken:
        identity, rule = check.identity, check.rule
        if not isinstance(identity, TableIdentity) or not isinstance(rule, Linear):
            continue
        if rule.relation != "=" or not any(term.rows in _LISTS for term in identity.right):
            continue
        said = [fact for fact in rule.right if _PART.search(_before_name(ledger, fact))]
        left = [fact for fact in rule.right if fact not in said]
        without = Linear(rule.left, left) if said and left else rule
        if without.outcome.status is not Status.BREAK:
            yield check, Check(identity, check.place, without)
            continue
        # the lines that stand in no order of their own, as parts do
        loose = [fact for fact in left if not _ORDINAL.search(_before_name(ledger, fact))]
        if len(loose) == len(left):
            loose = []  # no line of this table is numbered
        part = next((one for one in loose if _holds_without(rule.left, left, one)), None)
        if part is None and said:
            yield check, Check(identity, check.place, without)
        elif part is not None:
            yield check, doubted(check, f"相差的正是“{part.item}”，它可能是上一行的其中项")


_LISTS: Final = ("lines", "between")


def _holds_without(left: Iterable[Fact], right: list[Fact], part: Fact) -> bool:
    rest = [fact for fact in right if fact is not part]
    return part.value != 0 and Linear(list(left), rest).outcome.status is not Status.BREAK


def _before_name(ledger: Ledger, fact: Fact) -> str:
    """What is printed before the name of a cell's row: 其中： or 一、."""
    start = fact.figure.start
    squeezed = "".join(ledger.reading.text[max(0, start - _LABEL - len(fact.item)) : start].split())
    at = squeezed.rfind(fact.item.rsplit("/", 1)[-1])
    return squeezed[:at] if at > 0 else ""


def _unread(ledger: Ledger, broken: list[Check]) -> Replaced:
    """A numeral within the table, or in a page of it that was not read, is what the sides differ by."""

    @cache
    def numerals(table: str) -> list[Decimal]:
        figures = [one.figure for copies in ledger.sheets[table].cells.values() for one in copies]
        start, end = min(one.start for one in figures), max(one.end for one in figures)
        known = bytearray(end - start)
        spans = [(one.start, one.end) for one in figures]
        spans += [(one.start, one.end) for one in ledger.reading.exclusions]
        for first, last in spans:
            low, high = max(first, start), min(last, end)
            if low < high:
                known[low - start : high - start] = b"\1" * (high - low)
        text = ledger.reading.text
        lost = [
            number(match[0])
            for match in NUMERAL.finditer(text, start, end)
            if not (known[match.start() - start] or _ITEM_NUMBER.match(text, match.start(), end))
        ]
        for other in ledger.reading.others:
            if ledger.table_name(table) in other.title:
                pieces = (text[cell.start : cell.end] for cell in other.cells)
                lost += (number(match[0]) for piece in pieces for match in NUMERAL.finditer(piece))
        return sorted(lost)

    for check in broken:
        apart, reach = (abs(one or Decimal(0)) for one in check.outcome[3:])
        for table in dict.fromkeys(fact.figure.table for fact in check.rule.operands):
            unread = numerals(table) if table is not None and apart else []
            at = bisect_left(unread, apart - reach)
            if table is not None and at < len(unread) and unread[at] <= apart + reach:
                why = f"{ledger.table_name(table)}中有未读懂的数 {unread[at]:,f}"
                yield check, doubted(check, why)
                break


def _chaotic(ledger: Ledger, broken: list[Check]) -> Replaced:
    """So many contradictions within one table that it is likelier to be read wrongly.

    Those that each have a figure of their own that explains several checks are errors of the report, unless they go
    through the whole table.
    """
    within = [check for check in broken if check.identity.group == "表内" and not check.explains]
    by_table: defaultdict[str, list[Check]] = defaultdict(list)
    for check in within:
        tables = {fact.figure.table for fact in check.rule.operands}
        if len(tables) == 1 and (table := tables.pop()):
            by_table[table].append(check)
    for table, checks in by_table.items():
        if len(checks) < _CHAOS:
            continue
        found = findings(checks)
        wrong = {row_of(one.culprit) for one in found if one.culprit and one.consequences}
        strange = sum(not (one.culprit and one.consequences) for one in found)
        sheet = ledger.sheets[table]
        through = len(wrong) >= _CHAOS and len(wrong) * _SYSTEM > len(sheet.rows)
        if strange < _CHAOS and not through:
            continue
        for check in broken:
            if table in {fact.figure.table for fact in check.rule.operands}:
                yield check, doubted(check, _misread(ledger, table))


def _misread(ledger: Ledger, table: str) -> str:
    return f"{ledger.table_name(table)}有多处互不相干的不符，可能读错了行列"


def _of_misread(ledger: Ledger, one: Check | NotRun, misread: set[str]) -> Check | NotRun:
    """A check; none that breaks by a cell of a table that is likely to be read wrongly."""
    if isinstance(one, Check) and one.status is Status.BREAK:
        for table in misread & {fact.figure.table for fact in one.rule.operands}:
            return doubted(one, _misread(ledger, table))
    return one
