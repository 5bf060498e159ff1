"""The figures of a report as a checker looks for them: cells by row and column, the prose in order, paragraphs."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache, cached_property
from typing import Final, NamedTuple

from qy_finance.checks.knowledge import CellName
from qy_finance.facts import Fact
from qy_finance.narrative.flow import Paragraph
from qy_finance.readers import Document
from qy_finance.reading import Reading

_TOTAL: Final = re.compile("合计|总计|本年[收支][入出]合计")
_TERMS: Final = re.compile(r"第[一二三四五六七八九十]+部分[:：]?名词解释")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the identity data."""
    return re.compile(pattern)


class AccountRow(NamedTuple):
    """An account of a table."""

    side: str | None
    code: str | None
    item: str


def row_of(fact: Fact) -> AccountRow:
    """The account of a cell."""
    return AccountRow(fact.figure.side, fact.figure.code, fact.figure.item)


def plain_name(item: str) -> str:
    """A name without its last 支出, which prose leaves out or adds."""
    return item.removesuffix("支出")


class LedgerTable:
    """One table: rows (``roots`` are the highest accounts), columns, and the copies of each cell, in order of print."""

    def __init__(self, table: str, facts: Iterable[Fact] = ()) -> None:
        self.table = table
        self.cells: dict[tuple[AccountRow, str], list[Fact]] = {}
        for fact in facts:
            self.cells.setdefault((row_of(fact), fact.column), []).append(fact)
        self.rows = list(dict.fromkeys(row for row, _ in self.cells))
        self.columns = list(dict.fromkeys(column for _, column in self.cells))
        self.by_code: dict[str, AccountRow] = {}
        self.by_name: dict[tuple[str | None, str], AccountRow] = {}
        for row in self.rows:
            self.by_name.setdefault((row.side, row.item), row)
            if row.code is not None:
                self.by_code.setdefault(row.code, row)
        self._matched: dict[tuple[str, str | None], list[AccountRow]] = {}
        self.roots: list[AccountRow] = []
        self.children: dict[AccountRow, list[AccountRow]] = {}
        self.parents: dict[AccountRow, AccountRow] = {}
        for (
            row
        ) in self.rows:  # a row's parent has the nearest printed code that its own begins with
            code = row.code or ""
            above = (self.by_code.get(code[:end]) for end in range(len(code) - 2, 2, -2))
            parent = next((found for found in above if found and found.side == row.side), None)
            if parent is not None:
                self.parents[row] = parent
                self.children.setdefault(parent, []).append(row)
            elif code:
                self.roots.append(row)

    @cached_property
    def by_plain_name(self) -> Mapping[str, Sequence[AccountRow]]:
        """The rows of each name, as :func:`plain_name` has it."""
        found: defaultdict[str, list[AccountRow]] = defaultdict(list)
        for row in self.rows:
            found[plain_name(row.item)].append(row)
        return found

    def cell(self, row: AccountRow, column: str) -> Fact | None:
        """The figure of a cell (the first of its copies); None where it is blank."""
        copies = self.cells.get((row, column))
        return copies[0] if copies else None

    @cached_property
    def _called(self) -> Counter[str]:
        """How often rows without a code are called the same, whatever account they are of (农业农村/行政运行)."""
        printed: Counter[AccountRow] = Counter()
        for (row, _), copies in self.cells.items():
            printed[row] = max(printed[row], len(copies))
        called: Counter[str] = Counter()
        for row, times in printed.items():
            called[row.item.rpartition("/")[2]] += times if row.code is None else 0
        return called

    def is_alone(self, row: AccountRow) -> bool:
        """Whether a row has a code, or a name that no other one has."""
        return row.code is not None or self._called[row.item.rpartition("/")[2]] == 1

    def first(self, rows: Collection[AccountRow]) -> tuple[Fact, ...]:
        """The figures of some rows, of copies the first."""
        return tuple(first for (row, _), (first, *_) in self.cells.items() if row in rows)

    def matching(self, item: str, side: str | None) -> list[AccountRow]:
        """The rows without a code whose name is as the pattern says, on a side if one is given."""
        key = item, side
        if key not in self._matched:
            pattern = compiled(item)
            self._matched[key] = [
                row
                for row in self.rows
                if row.code is None
                and (side is None or row.side == side)
                and pattern.fullmatch(row.item)
            ]
        return self._matched[key]


class Ledger:
    """All figures of a report."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.unit = reading.identity.money_unit
        self.year = reading.identity.year
        self.missing = frozenset(reading.missing)
        self.prose = reading.prose
        cells: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in reading.facts:
            if fact.figure.table is not None:
                cells[fact.figure.table].append(fact)
        self.sheets = {table: LedgerTable(table, facts) for table, facts in cells.items()}
        self.moved: frozenset[str] = frozenset()  # tables of which rows were put in their places

    def with_sheet(self, sheet: LedgerTable) -> Ledger:
        """The same with another content of one table, of which rows are put in their places."""
        other = copy(self)
        other.sheets = {**self.sheets, sheet.table: sheet}
        other.moved = self.moved | {sheet.table}
        return other

    def table_name(self, table: str) -> str:
        """Chinese name of a table."""
        return self.reading.form.name(table)

    def is_without(self, table: str) -> bool:
        """Whether the report does not print a table: it lacks it, or the form of its year has none."""
        return table not in self.reading.tables

    def figure(self, cell: CellName) -> Fact | None:
        """The figure of a cell; None where the table is missing or the cell blank."""
        sheet = self.sheets.get(cell.table)
        rows = sheet.matching(cell.item, cell.side) if sheet else []
        return sheet.cell(rows[0], cell.column) if sheet and rows else None

    def figures(self, cells: Iterable[CellName]) -> list[Fact]:
        """The figures of those of the cells that are printed."""
        return [found for cell in cells if (found := self.figure(cell)) is not None]

    def lacking(self, cells: Iterable[CellName]) -> str:
        """What is not there of cells: tables that the report lacks, cells that were not read; empty where all is."""
        names: dict[str, None] = {}
        for cell in cells:
            if cell.table in self.missing:
                names[self.table_name(cell.table)] = None
            elif cell.column in self.unread[cell.table] and self.figure(cell) is None:
                names[f"{self.table_name(cell.table)}里没有读出的格"] = None
        return "、".join(names)

    @cached_property
    def unread(self) -> Mapping[str, Mapping[str, Collection[AccountRow]]]:
        """By table and column, the rows whose cell is not blank, but could not be read; some are in no other list."""
        found: defaultdict[str, dict[str, list[AccountRow]]] = defaultdict(dict)
        for table, side, code, item, column in sorted(self.reading.unknown, key=str):
            found[table].setdefault(column, []).append(AccountRow(side, code, item))
        return found

    def unread_accounts(self, table: str) -> bool:
        """Whether a row that may be an account has cells that were not read; a total is none."""
        return any(
            row.code is not None or not _TOTAL.fullmatch(row.item)
            for rows in self.unread[table].values()
            for row in rows
        )

    def whole(self, table: str) -> LedgerTable | None:
        """A table of which every cell was read and stands in its row, so that a blank says that there is nothing."""
        known = table not in self.moved and not self.unread[table]
        return self.sheets.get(table) if known else None

    @cached_property
    def sections(self) -> dict[str, list[Fact]]:
        """The figures of the prose under each heading, in order."""
        found: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in self.prose:
            found[fact.section].append(fact)
        return dict(found)

    def amounts(self) -> Iterator[Fact]:
        """The sums of money of the prose that are about this year."""
        for fact in self.prose:
            if fact.measure == "amount" and fact.is_money and fact.year == self.year:
                yield fact


def brackets(name: str) -> str:
    """A name with full-width brackets."""
    return name.replace("(", "（").replace(")", "）")


class Passage(NamedTuple):
    """A paragraph of the prose, its heading, and its figures in order."""

    text: str
    section: str
    paragraph: Paragraph
    operands: tuple[Fact, ...]
    starts: tuple[int, ...]
    """Where each figure begins in ``text``."""
    document: Document

    def figures_before(self, at: int) -> tuple[Fact, ...]:
        """The figures before a position of the text."""
        return self.operands[: bisect_left(self.starts, at)]

    def figures_between(self, start: int, end: int) -> tuple[Fact, ...]:
        """The figures between two positions of the text."""
        return self.operands[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def offset(self, at: int) -> int:
        """Where in ``Report.text`` a position of the text stands."""
        place, _ = self.paragraph.span(at, at + 1)
        return place

    def where(self, at: int) -> str:
        """第21页 or 第1207行 of a position in the text."""
        return self.document.where(self.offset(at))


def passages(ledger: Ledger) -> Iterator[Passage]:
    """All paragraphs that speak of the account, in order; what terms mean (名词解释) is left out."""
    prose, document = ledger.prose, ledger.reading.document
    places = [fact.figure.start for fact in prose]
    spoken = False  # past the contents, which name every part too
    for paragraph, section in ledger.reading.paragraphs:
        if not paragraph.text:
            continue
        if spoken and _TERMS.match(paragraph.text):
            return
        start, end = paragraph.span(0, len(paragraph.text))
        facts = prose[bisect_left(places, start) : bisect_left(places, end)]
        spoken = spoken or bool(facts)
        starts = tuple(paragraph.position(fact.figure.start) for fact in facts)
        yield Passage(paragraph.text, section, paragraph, facts, starts, document)
