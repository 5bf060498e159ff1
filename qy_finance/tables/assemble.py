"""From rows to figures: canonical columns, items and sides; copies of headers; what is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from qy_finance.errors import NotAReportError, TruncatedReportError, UnreadableRowError
from qy_finance.figures import Claim, Figure, number
from qy_finance.readers import Document, squeeze
from qy_finance.tables.header import Header, printed_columns, split_header
from qy_finance.tables.locate import Block, Layout
from qy_finance.tables.rows import ORDINAL, Body, Row, read_rows
from qy_finance.tables.spec import SPECS, Column, Side, TableSpec
from qy_finance.tables.tokens import Token, page_numbers, tokenize

_STATED = re.compile(r"\d\s*万?元")


@dataclass(frozen=True, slots=True)
class TableReading:
    """The figures of all tables, in the order of the document, and what their lines say besides."""

    figures: tuple[Figure, ...]
    claims: tuple[Claim, ...]
    entities: tuple[str, ...]
    money_unit: str
    numbered: bool
    missing: tuple[str, ...]


def read_tables(document: Document, layout: Layout) -> TableReading:
    """Read every table of a document whose parts are known (:func:`qy_finance.tables.locate.locate`).

    A report that explains nothing (情况说明) and ends within a table was cut off, unless it ends with a line
    and no table is missing.

    Raises
    ------
    NotAReportError
        None of the nine tables is there.
    TruncatedReportError, UnreadableNumberError, UnreadableRowError
        See :func:`qy_finance.tables.rows.read_rows`.
    """
    name = document.path.name
    blocks = layout.blocks
    if not any("决算" in squeeze(document.text[b.title.start : b.title.end]) for b in blocks):
        raise NotAReportError(
            name, "", "a final account (部门决算) with its tables", "none of the nine tables"
        )
    present = {block.spec.id for block in blocks}
    missing = tuple(spec.id for spec in SPECS if spec.id not in present)
    last = blocks[-1]
    ends_open = last.ends_document and not last.notes and not _explains(document, layout)
    cut = TruncatedReportError(
        name,
        last.spec.name,
        "the end of the table and the rest of the report",
        "the end of the file",
    )
    if ends_open and (missing or not document.text[-1].isspace()):
        raise cut
    figures: list[Figure] = []
    claims: list[Claim] = []
    headers: list[Header] = []
    for spec, pages in groupby(blocks, key=lambda block: block.spec):
        table = _Table(document, spec, tuple(pages))
        read = list(table.figures())
        figures.extend(read)
        claims.extend(table.claims)
        headers.extend(table.headers)
    if ends_open and not read:  # an empty table has its note
        raise cut
    units = Counter(unit for header in headers if (unit := header.money_unit))
    return TableReading(
        tuple(figures),
        tuple(claims),
        tuple(header.entity for header in headers if header.entity),
        _money_unit(name, units),
        any("行次" in header.text for header in headers),
        missing,
    )


def _explains(document: Document, layout: Layout) -> bool:
    return any(_STATED.search(document.text, line.start, line.end) for line in layout.prose)


def _money_unit(name: str, units: Counter[str]) -> str:
    if not units:
        raise UnreadableRowError(
            name, "headers of the tables", "the money unit (单位：万元)", "none"
        )
    return units.most_common(1)[0][0]


class _Table:
    """One table over all its pages."""

    def __init__(self, document: Document, spec: TableSpec, pages: tuple[Block, ...]) -> None:
        self.document = document
        self.spec = spec
        self.claims: list[Claim] = []
        self.headers: list[Header] = []
        self.title = squeeze(document.text[pages[0].title.start : pages[0].title.end])
        tokens: list[Token] = []
        for index, page in enumerate(pages):
            header, words = split_header(
                tokenize(document, page.lines, index), self.headers[0] if self.headers else None
            )
            self.headers.append(header)
            self._claim("column number", header.numbers)
            tokens.extend(words)
        numbered = "行次" in self.headers[0].text
        if strays := page_numbers(tokens, numbered):
            self._claim("page number", strays)
            tokens = [token for token in tokens if token not in strays]
        self.columns = self._columns(self.headers[0], tokens)
        self.body = Body(
            document,
            spec,
            tuple(len(columns) for columns in self.columns),
            tokens,
            numbered,
            pages[-1].ends_document,
        )

    def figures(self) -> Iterator[Figure]:
        rows = read_rows(self.body)
        items = _items(rows)
        totals: dict[str, Row] = {}
        for row, item in zip(rows, items, strict=True):
            side = self._side(row, item)
            columns = self._named_columns(row)
            self._claim("classification code" if row.code else "line number", row.labels)
            copied = totals.setdefault(item, row) if not row.code else row
            for at, cell in enumerate(row.cells):
                if cell is None:
                    continue
                if copied is not row and row.page > copied.page and _same(cell, copied.cells[at]):
                    self.claims.append(Claim(cell.start, cell.end, "header copy"))
                else:
                    yield self._figure(row, item, side, columns[at], cell)

    def _figure(self, row: Row, item: str, side: Side | None, column: str, cell: Token) -> Figure:
        return Figure(
            start=cell.start,
            end=cell.end,
            measure="amount",
            value=number(cell.text),
            unit_of_measure=self.headers[0].money_unit or "",
            section=self.title,
            item=self.spec.item or item,
            table=self.spec.id,
            side=side.name if side else None,
            code=row.code,
            column=column,
        )

    def _side(self, row: Row, item: str) -> Side | None:
        if self.spec.layout == "sides":
            return self.spec.sides[row.side]
        for side in self.spec.sides:
            if side.codes and row.code and side.codes.match(row.code):
                return side
            if side.rows and not row.code and side.rows.search(item):
                return side
        return None

    def _named_columns(self, row: Row) -> list[str]:
        """The canonical columns of a row; where groups of columns are rows, the row's name is part of them."""
        names = [column.name for column in self.columns[row.side]]
        if not self.spec.groups:
            return names
        named = _plain(row.name)
        for group in self.spec.groups:
            if named in group.printed:
                return [f"{group.name}/{name}" for name in names]
        for column in self.spec.columns:
            if named and column.names(named):
                return [f"{name}/{column.name}" for name in names]
        return names

    def _columns(self, header: Header, tokens: list[Token]) -> tuple[tuple[Column, ...], ...]:
        """The columns of each side, agreed between the words of the header and its column numbers."""
        spec = self.spec
        if spec.layout == "economic":
            whole = printed_columns(spec.columns, header.text) == spec.columns
            return (spec.columns if whole else spec.columns[:1],)
        if spec.layout == "single":
            return (self._grouped_columns(header, {_plain(token.text) for token in tokens}),)
        wanted = [side.columns for side in spec.sides] or [spec.columns]
        counts: list[int | None] = [*header.counts] or [None] * len(wanted)
        if len(counts) != len(wanted):
            raise self._header_error(
                f"{len(wanted)} rows of column numbers (栏次)", str(len(counts))
            )
        return tuple(
            self._agreed(columns, count, header)
            for columns, count in zip(wanted, counts, strict=True)
        )

    def _agreed(
        self, columns: tuple[Column, ...], count: int | None, header: Header
    ) -> tuple[Column, ...]:
        if count == len(columns):
            return columns
        printed = printed_columns(columns, header.text)
        if count not in (None, len(printed)) or not printed:
            names = "、".join(column.name for column in printed)
            raise self._header_error(
                f"{count or 'the'} columns of {self.spec.name}", names or "none"
            )
        return printed

    def _grouped_columns(self, header: Header, names: set[str]) -> tuple[Column, ...]:
        columns = printed_columns(self.spec.columns, header.text)
        groups = printed_columns(self.spec.groups, header.text)
        if not columns:  # they are the names of the rows
            return groups
        if any(not names.isdisjoint(group.printed) for group in self.spec.groups):
            return columns  # the groups are the names of the rows
        across = tuple(
            Column(f"{group.name}/{column.name}")
            for group in groups or self.spec.groups[-1:]
            for column in columns
        )
        count = sum(header.counts)
        if count in (0, len(across)):
            return across
        if count == len(columns):
            return columns
        raise self._header_error(f"{len(across)} columns of {self.spec.name}", str(count))

    def _header_error(self, expected: str, found: str) -> UnreadableRowError:
        return UnreadableRowError(self.document.path.name, self.spec.name, expected, found)

    def _claim(self, reason: str, tokens: tuple[Token, ...] | list[Token]) -> None:
        self.claims.extend(Claim(token.start, token.end, reason) for token in tokens)


def _same(cell: Token, copy: Token | None) -> bool:
    return copy is not None and number(cell.text) == number(copy.text)


def _items(rows: list[Row]) -> list[str]:
    """Row names without their ordinals; where a name stands twice on a side, the parent's is joined in front.

    Rows with a code are told apart by it and keep their name. Among the others, a row with an ordinal
    (一、) stands on the first level, and the rows that repeat its name belong to the last named row above.
    """
    plain = [_plain(row.name) for row in rows]
    seen: set[tuple[int, str]] = set()
    parents: dict[int, str] = {}
    items: list[str] = []
    for row, name in zip(rows, plain, strict=True):
        key = (row.side, name)
        repeated = not row.code and key in seen and row.side in parents and not _is_total(name)
        if repeated:
            items.append(f"{parents[row.side]}/{name}")
        else:
            items.append(name)
            if name and not row.code:
                parents[row.side] = name
        seen.add(key)
    return items


def _plain(name: str) -> str:
    """A row's name without its ordinals: 其中：（1）公务用车购置费."""
    while match := ORDINAL.match(name):
        name = name[match.end() :]
    return name


def _is_total(name: str) -> bool:
    return name.endswith(("合计", "总计"))
