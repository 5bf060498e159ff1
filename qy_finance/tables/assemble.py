"""From rows to figures: canonical columns, items and sides; copies of headers; what is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qy_finance.errors import (
    NotAReportError,
    ReportError,
    TruncatedReportError,
    UnreadableNumberError,
    UnreadableRowError,
)
from qy_finance.figures import Exclusion, Figure, number
from qy_finance.form import Form, SideSpec
from qy_finance.readers import Document, squeeze
from qy_finance.tables.choice import best_of, runs_of
from qy_finance.tables.columns import plain_header
from qy_finance.tables.locate import Parts
from qy_finance.tables.rows import TableRow, TableRows, plain_name
from qy_finance.tables.source import TableSource
from qy_finance.tables.tokens import Token, joined

_STATED = re.compile(r"\d\s*万?元")


@dataclass(frozen=True, slots=True)
class TableReading:
    """The figures of all tables, in the order of the document, and what their lines say besides.

    ``present`` are the tables that were read, ``missing`` those that the form of the year has and the report lacks,
    and those that can't be read, both in the order of the form.
    """

    figures: tuple[Figure, ...]
    exclusions: tuple[Exclusion, ...]
    entities: tuple[str, ...]
    money_unit: str
    numbered: bool
    present: tuple[str, ...]
    missing: tuple[str, ...]
    unreadable: tuple[ReportError, ...]


def read_tables(document: Document, parts: Parts, form: Form, year: int) -> TableReading:
    """Read every table of a document whose parts are known (:func:`qy_finance.tables.locate.locate`).

    ``year`` is that of the account. A text that explains nothing (情况说明) and ends within a table was cut
    off, unless it ends with a line and no table is missing.

    A table that can't be read is missing, for the reason that ``unreadable`` gives. A document that is to be read
    strictly is refused for it.

    Raises
    ------
    NotAReportError
        None of the form's tables is there.
    TruncatedReportError, UnreadableNumberError, UnreadableRowError
        See :func:`qy_finance.tables.rows.read_rows`.
    """
    name = document.path.name
    blocks = parts.blocks
    titles = (squeeze(document.text[block.title.start : block.title.end]) for block in blocks)
    if not any(map(form.patterns.account.search, titles)):
        raise NotAReportError(
            name, "", "a final account (部门决算) with its tables", "none of the nine tables"
        )
    last = blocks[-1]
    lacking = form.lacking((block.spec.id for block in blocks), year)
    ends_open = (
        document.strict and last.ends_document and not last.notes and not _explains(document, parts)
    )
    expected = "the end of the table and the rest of the report"
    cut = TruncatedReportError(name, last.spec.name, expected, "the end of the file")
    if ends_open and (lacking or not document.text[-1].isspace()):
        raise cut
    figures: list[Figure] = []
    exclusions: list[Exclusion] = []
    contents: dict[str, TableRows] = {}
    unreadable: dict[str, ReportError] = {}
    for spec in form.tables:
        runs = runs_of(document, blocks, spec)
        if not runs:
            continue
        source = TableSource(document, form, spec, year)
        try:
            run, content = best_of(source, runs)
        except (UnreadableNumberError, UnreadableRowError) as error:
            if document.strict:
                raise
            unreadable[spec.id] = error
            continue
        title = squeeze(document.text[run[0].title.start : run[0].title.end])
        table = _Table(source, title, content)
        read = list(table.figures())
        if ends_open and spec is last.spec and not read:  # an empty table has its note
            raise cut
        figures.extend(read)
        exclusions.extend((*content.exclusions, *table.copies))
        exclusions.extend(
            Exclusion(block.title.start, (block.lines or (block.title,))[-1].end, "other table")
            for other in runs
            if other is not run
            for block in other
        )
        contents[spec.id] = content
    if not contents:
        raise next(iter(unreadable.values()))
    units = Counter(unit for table in contents.values() if (unit := table.stated.money_unit))
    missing = {*form.lacking(contents, year), *unreadable}
    return TableReading(
        tuple(figures),
        tuple(exclusions),
        tuple(entity for table in contents.values() if (entity := table.stated.entity)),
        _money_unit(name, units),
        any(table.numbered for table in contents.values()),
        tuple(table for table in form.ids if table in contents),
        tuple(table for table in form.ids if table in missing),
        tuple(unreadable.values()),
    )


def _explains(document: Document, parts: Parts) -> bool:
    return any(_STATED.search(document.text, line.start, line.end) for line in parts.prose)


def _money_unit(name: str, units: Counter[str]) -> str:
    if not units:
        raise UnreadableRowError(
            name, "headers of the tables", "the money unit (单位：万元)", "none"
        )
    return units.most_common(1)[0][0]


class _Table:
    """The rows of one table as figures."""

    def __init__(self, source: TableSource, title: str, content: TableRows) -> None:
        self.source = source
        self.spec = source.spec
        self.patterns = source.form.patterns
        self.title = title
        self.content = content
        self.copies: list[Exclusion] = []

    def figures(self) -> Iterator[Figure]:
        rows = self.content.rows
        totals: dict[str, TableRow] = {}
        for row, item in zip(rows, _items(rows), strict=True):
            side = self._side(row, item)
            columns = self._named_columns(row)
            copied = totals.setdefault(item, row) if not row.code else row
            for at, cell in enumerate(row.cells):
                if cell is None:
                    continue
                if copied is not row and row.page > copied.page and _same(cell, copied.cells[at]):
                    self.copies.append(Exclusion(cell.start, cell.end, "header copy"))
                else:
                    yield self._figure(row, item, side, columns[at], cell)

    def _figure(
        self, row: TableRow, item: str, side: SideSpec | None, column: str, cell: Token
    ) -> Figure:
        measure, unit = "amount", self.content.stated.money_unit or ""
        if cell.kind == "percent":
            measure, unit = self._measure(column), "%"
        elif counted := self.patterns.counted.search(column):
            measure, unit = "count", counted[1]
        return Figure(
            start=cell.start,
            end=cell.end,
            measure=measure,
            value=number(cell.text),
            unit_of_measure=unit,
            section=self.title,
            item=self.spec.item or item,
            table=self.spec.id,
            side=side.name if side else None,
            code=row.code,
            column=column,
            year=self.source.year - 1 if self.patterns.last_year.search(column) else None,
            texts=tuple((text, joined(words)) for text, words in row.texts.items()),
        )

    def _side(self, row: TableRow, item: str) -> SideSpec | None:
        if side := self.content.sides[row.side]:
            return side
        for side in self.spec.sides:
            if side.codes and row.code and side.codes.match(row.code):
                return side
            if side.rows and not row.code and side.rows.search(item):
                return side
        return None

    def _named_columns(self, row: TableRow) -> list[str]:
        """The canonical columns of a row; where groups of columns are rows, the row's name is part of them."""
        names = [column.name for column in self.content.columns[row.side]]
        if not self.spec.groups:
            return names
        named = plain_header(plain_name(row.name), self.source)
        columns = {column.name for column in self.spec.columns}
        groups = {group.name for group in self.spec.groups}
        for group in self.spec.groups:
            if named in group.printed:
                return [f"{group.name}/{name}" for name in names]
        for column in self.spec.columns:
            if named and column.names(named):
                return [f"{name}/{column.name}" for name in names]
        across = named and not groups.isdisjoint(names)
        if across or self.patterns.budgeted.search(named):
            # a row that the form does not have, in a table of which rows are what its columns are
            return [f"{name}/{named}" if across else f"{named}/{name}" for name in names]
        last = self.spec.groups[-1].name  # 决算数, where a template does not say so
        return [f"{last}/{name}" if name in columns else name for name in names]

    def _measure(self, column: str) -> str:
        """What a percentage in a cell is, by the header above it."""
        if self.patterns.completed.search(column):
            return "completion_rate"
        return "share" if self.patterns.shared.search(column) else "rate"


def _same(cell: Token, copy: Token | None) -> bool:
    return copy is not None and number(cell.text) == number(copy.text)


def _items(rows: Sequence[TableRow]) -> list[str]:
    """TableRow names without their ordinals; where a name stands twice on a side, the parent's is joined in front.

    Rows with a code are told apart by it and by their columns of words (小学教育/校舍维修). Among the others, a
    row with an ordinal (一、) stands on the first level, and the rows that repeat its name belong to the last
    named row above.
    """
    plain = [_item(row) for row in rows]
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


def _item(row: TableRow) -> str:
    return "/".join([plain_name(row.name), *map(joined, row.texts.values())])


def _is_total(name: str) -> bool:
    return name.endswith(("合计", "总计"))
