"""From which rows on the amounts of a table stand too high or too low, and by how many rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from qy_finance.checks.cells import checks_of
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable, row_of
from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.facts import Fact
from qy_finance.numbers import Span

LEAST: Final = 6  # contradictions of a table that one cause explains, though some may be left
FEWEST: Final = 3  # the same where none is left
SUMS: Final = 2  # that then hold: so many do not come out to the cent by chance
_ROWS: Final = (*range(1, 7), -1, -2, -3)  # by how many amounts are tried to stand too high
_STARTS: Final = 3  # rows that are tried as the first one
_TRIED: Final = 3  # of these, with so many rows, as other tables say
_PIECES: Final = 4  # stretches of a table that can be shifted by different numbers of rows


class Stretch(NamedTuple):
    """From a row on, the amounts of its side belong some rows further down; up, if negative."""

    start: int
    rows: int


class _Count(NamedTuple):
    """How many checks between rows or tables hold and break: of each row, and of all (None)."""

    held: Counter[AccountRow | None]
    broken: Counter[AccountRow | None]

    @property
    def score(self) -> int:
        """How many more hold than break."""
        return self.held[None] - self.broken[None]


def stretches_of(ledger: Ledger, sheet: LedgerTable) -> list[Stretch]:
    """The stretches that make most of the checks of a table hold; none where moving rows gains little."""
    checks = list(checks_of(ledger, sheet.table))
    current, count = sheet, _counted(checks, sheet.table)
    wanted = _wanted(ledger, sheet, checks) if count.broken else {}
    found: list[Stretch] = []
    for _ in range(_PIECES):
        before = found[-1] if found else Stretch(-1, 0)
        starts = [row for row in _suspicious(count, current, sheet) if row > before.start]
        likely = [Stretch(start, rows) for start in starts[:_STARTS] for rows in _ROWS]
        gains = _gains(wanted, sheet, likely, before.rows)
        if max(gains.values(), default=0) >= LEAST:
            best = sorted(likely, key=gains.__getitem__, reverse=True)[:_TRIED]
            tried = list(_tried(ledger, sheet, found, best))
        else:  # by how many rows shows at the first of the rows, from which one on at the others
            tried = list(_tried(ledger, sheet, found, likely[: len(_ROWS)]))
            ways = {one.stretch.rows for one in sorted(tried, key=_worth)[-_TRIED:]}
            others = [one for one in likely[len(_ROWS) :] if one.rows in ways]
            tried += _tried(ledger, sheet, found, others)
        if not tried:
            break
        most = max(tried, key=_worth)
        if most.result.score - count.score < FEWEST + SUMS:
            break
        count, current = most.result, most.moved
        found.append(most.stretch)
    return found


class _Tried(NamedTuple):
    """A table with a stretch moved, and how its checks then come out."""

    result: _Count
    moved: LedgerTable
    stretch: Stretch


def _tried(
    ledger: Ledger, sheet: LedgerTable, found: list[Stretch], likely: Iterable[Stretch]
) -> Iterator[_Tried]:
    for stretch in likely:
        moved = moved_by(sheet, [*found, stretch])
        if moved.cells:
            again = checks_of(ledger.with_sheet(moved), sheet.table)
            yield _Tried(_counted(again, sheet.table), moved, stretch)


def _worth(one: _Tried) -> tuple[int, int, int, int]:
    """How much is mended; of stretches that mend as much: by few rows, from the first row on, too high."""
    stretch = one.stretch
    return one.result.score, -abs(stretch.rows), -stretch.start, stretch.rows


def _suspicious(count: _Count, current: LedgerTable, sheet: LedgerTable) -> list[int]:
    """The rows that break more than hold, by where their amounts are printed."""
    place = {row: at for at, row in enumerate(sheet.rows)}
    printed = {fact.row: place[row] for (row, _), (fact, *_) in sheet.cells.items()}
    wrong = {row for row in current.rows if count.broken[row] > count.held[row]}
    return sorted({printed[fact.row] for fact in current.first(wrong)})


def _counted(checks: Iterable[Check | NotRun], table: str) -> _Count:
    count = _Count(Counter(), Counter())
    for check in checks:
        if not isinstance(check, Check) or check.status is Status.NOT_APPLICABLE:
            continue
        facts = [fact for fact in check.rule.operands if fact.value]
        rows = {row_of(fact) for fact in facts if fact.figure.table == table}
        if not rows or (len(rows) == 1 and len(tables_of(check)) == 1):
            continue  # a row is moved as a whole
        which = count.broken if check.status is Status.BREAK else count.held
        which.update((None, *rows))
    return count


def _wanted(
    ledger: Ledger, sheet: LedgerTable, checks: Iterable[Check | NotRun]
) -> Mapping[tuple[object, str], list[Span]]:
    """What other tables want of the cells: as much as they say of the same account, or what a check of both leaves."""
    wanted: defaultdict[tuple[object, str], list[Span]] = defaultdict(list)
    for other in ledger.sheets.values():
        if other is not sheet:
            for (row, column), (fact, *_) in other.cells.items():
                if row.code and fact.value and row.code in sheet.by_code:
                    wanted[row.code, column].append(fact.span)
    for check in checks:
        if isinstance(check, Check):
            own = [fact for fact in check.rule.operands if fact.figure.table == sheet.table]
            if len(own) == 1 and (span := check.rule.wanted(own[0])):
                wanted[_account(row_of(own[0])), own[0].column].append(span)
    return wanted


def _account(row: AccountRow) -> object:
    return row.code or row


def _gains(
    wanted: Mapping[tuple[object, str], list[Span]],
    sheet: LedgerTable,
    tried: Sequence[Stretch],
    instead: int,
) -> Mapping[Stretch, int]:
    """A cheap sign: how many more amounts are as other tables have them, of each stretch, than moved by other rows."""
    if len(wanted) < LEAST or not tried:
        return {}
    place = {row: at for at, row in enumerate(sheet.rows)}
    agree: Counter[Stretch] = Counter()  # of each row, moved by some rows
    for (row, column), (fact, *_) in sheet.cells.items():
        for rows in {instead, *_ROWS} if fact.value else ():
            to = place[row] + rows
            if 0 <= to < len(sheet.rows):
                spans = wanted.get((_account(sheet.rows[to]), column), ())
                agree[Stretch(place[row], rows)] += any(map(fact.span.meets, spans))
    return {
        one: sum(
            agree[Stretch(at, one.rows)] - agree[Stretch(at, instead)]
            for at in range(one.start, len(sheet.rows))
        )
        for one in tried
    }


def moved_by(sheet: LedgerTable, stretches: list[Stretch]) -> LedgerTable:
    """The table with the amounts from some rows on where they belong; those beyond its end are left out."""
    place = {row: at for at, row in enumerate(sheet.rows)}
    sides: defaultdict[str | None, list[AccountRow]] = defaultdict(list)
    for row in sheet.rows:
        if row.side is None or row.code:  # the totals of two sides share a line of their own
            sides[row.side].append(row)
    rank = {row: at for rows in sides.values() for at, row in enumerate(rows)}
    facts: list[Fact] = []
    for (row, _), copies in sheet.cells.items():
        stretch = stretch_of(sheet, stretches, row, place[row])
        if stretch is None or row not in rank:
            facts += copies
            continue
        rows, to = sides[row.side], rank[row] + stretch.rows
        first = rank.get(sheet.rows[stretch.start], 0) if stretch.rows < 0 else 0
        if first <= to < len(rows):
            facts += [_renamed(fact, rows[to]) for fact in copies]
    return LedgerTable(sheet.table, facts)


def stretch_of(
    sheet: LedgerTable, stretches: list[Stretch], row: AccountRow, at: int
) -> Stretch | None:
    """The stretch that a row, at its place in the table, is part of."""
    for one in reversed(stretches):
        if one.start <= at and sheet.rows[one.start].side == row.side:
            return one
    return None


def _renamed(fact: Fact, row: AccountRow) -> Fact:
    """A figure as one of another row."""
    figure, old = fact.figure, fact.item
    return replace(
        fact,
        figure=figure._replace(side=row.side, code=row.code, item=row.item),
        name=fact.name.replace(old, row.item, 1),
        full=fact.full.replace(old, row.item, 1),
    )


def tables_of(check: Check) -> set[str]:
    """The tables whose figures a check holds against each other."""
    return {fact.figure.table for fact in check.rule.operands if fact.figure.table is not None}
