"""From which rows on the amounts of a table stand too high or too low, and by how many rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    found: list[Stretch] = []
    for _ in range(_PIECES):
        before = found[-1] if found else Stretch(-1, 0)
        starts = [row for row in _suspicious(count, current, sheet) if row > before.start]
        likely = [Stretch(start, rows) for start in starts[:_STARTS] for rows in _ROWS]
        gains = _gains(checks, sheet, likely, before.rows)
        if max(gains.values(), default=0) >= LEAST:
            likely = sorted(likely, key=gains.__getitem__, reverse=True)[:_TRIED]
        tried = []
        for stretch in likely:
            moved = moved_by(sheet, [*found, stretch])
            if moved.cells:
                again = checks_of(ledger.with_sheet(moved), sheet.table)
                tried.append((_counted(again, sheet.table), moved, stretch))
        if not tried:
            break
        best = max(tried, key=lambda one: (one[0].score, *_likelihood(one[2])))
        if best[0].score - count.score < FEWEST + SUMS:
            break
        count, current, stretch = best
        found.append(stretch)
    return found


def _likelihood(stretch: Stretch) -> tuple[int, int, int]:
    """Of stretches that mend as much: by few rows, from the first row on, too high."""
    return -abs(stretch.rows), -stretch.start, stretch.rows


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


def _gains(
    checks: Iterable[Check | NotRun], sheet: LedgerTable, tried: Sequence[Stretch], instead: int
) -> Mapping[Stretch, int]:
    """A cheap sign: how many more amounts are as other tables have them, of each stretch, than moved by other rows."""
    wanted: defaultdict[tuple[AccountRow, str], list[Span]] = defaultdict(list)
    for check in checks if tried else ():
        if isinstance(check, Check):
            own = [fact for fact in check.rule.operands if fact.figure.table == sheet.table]
            if len(own) == 1 and (span := check.rule.wanted(own[0])):
                wanted[row_of(own[0]), own[0].column].append(span)
    if len(wanted) < LEAST:
        return {}
    place = {row: at for at, row in enumerate(sheet.rows)}
    agree: Counter[Stretch] = Counter()  # of each row, moved by some rows
    for (row, column), (fact, *_) in sheet.cells.items():
        for rows in {instead, *_ROWS} if fact.value else ():
            to = place[row] + rows
            if 0 <= to < len(sheet.rows):
                spans = wanted.get((sheet.rows[to], column), ())
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
