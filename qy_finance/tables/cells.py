"""The cells of a table as figures: items and sides, measures and years; copies of headers."""

from __future__ import annotations

import re
from functools import cache, partial
from typing import Final

from qy_finance.figures import Exclusion, Figure, number
from qy_finance.form import FormPatterns, SideSpec, TableSpec
from qy_finance.marks import YEAR
from qy_finance.tables.groups import GroupedRows
from qy_finance.tables.rows import (
    TableRow,
    TableRows,
    TableSource,
    Token,
    excluded,
    joined,
    plain_name,
)

CellName = tuple[str, str | None, str | None, str, str]
"""Table, side, code, item and column of a cell."""

_YEAR: Final = re.compile(rf"^({YEAR})年度?")
_UNIT: Final = re.compile("[亿万千]?元")


def figures_of(
    source: TableSource, title: str, content: TableRows
) -> tuple[list[Figure], list[Exclusion], list[CellName]]:
    """The figures of one table under its title, the cells that are none of them, and those that are not known.

    Raises UnreadableRowError where it has figures, but not one of its rows says which of the form's it is: such a
    table is not empty.
    """
    figures: list[Figure] = []
    copies: list[Exclusion] = []
    unknown: list[CellName] = []
    totals: dict[tuple[int, str], TableRow] = {}
    patterns = source.form.patterns  # asked once for each column
    kind_of = cache(partial(_measure, patterns))
    year_of = cache(partial(_year, source))
    grouped = GroupedRows(source, content) if source.spec.groups else None
    names = [[column.name for column in side] for side in content.columns]
    for row, item in zip(content.rows, _items(content.rows), strict=True):
        side = content.sides[row.side] or _side(row, item, source.spec)
        columns = names[row.side]
        about = source.spec.item or item
        if grouped:
            about, columns = grouped.of(row, columns)
        if not columns:
            copies += excluded("other table", (*row.names, *filter(None, row.cells)))
            continue
        own = side.name if side else None
        unknown += ((source.spec.id, own, row.code, about, columns[at]) for at in row.unknown)
        texts = tuple((text, joined(words)) for text, words in row.texts.items())
        copied = row if row.code else totals.setdefault((row.side, item), row)
        for cell, copy, column in zip(row.cells, copied.cells, columns, strict=True):
            if cell is None:
                continue
            if row.page > copied.page and copy and number(cell.text) == number(copy.text):
                copies.append(Exclusion(cell.start, cell.end, "header copy"))
                continue
            measure, unit = kind_of(column, cell.kind == "percent")
            figure = Figure(
                start=cell.start,
                end=cell.end,
                measure=measure,
                value=number(cell.text),
                unit_of_measure=unit
                or (measure == "amount" and _money(source, content, cell))
                or "",
                section=title,
                item=about,
                table=source.spec.id,
                side=own,
                code=row.code,
                column=column,
                year=year_of(column),
                texts=texts,
            )
            figures.append(figure)
    printed = next((cell for row in content.rows for cell in row.cells if cell), None)
    if printed and not (figures or unknown):
        raise source.error(printed, "rows that say what they are of", printed.text)
    return figures, copies, unknown


def _money(source: TableSource, content: TableRows, cell: Token) -> str:
    """The money unit of a cell: the one that it prints behind its figure, else that of its table."""
    match = _UNIT.match(source.document.text, cell.end)
    return match[0] if match else content.stated.money_unit or ""


def _measure(patterns: FormPatterns, column: str, percent: bool) -> tuple[str, str]:
    """What a cell holds and its unit, which is empty for money."""
    if percent or any(map(patterns.rated.search, column.split("/"))):
        # what it is, the header above says
        share = "share" if patterns.shared.search(column) else "rate"
        return "completion_rate" if patterns.completed.search(column) else share, "%"
    if counted := patterns.counted.search(column):
        return "count", counted[1]
    return ("count" if patterns.counts.search(column) else "amount"), ""


def _year(source: TableSource, column: str) -> int | None:
    """The year of a column that is not of the account's year."""
    if match := _YEAR.match(column):
        return int(match[1])
    return source.year - 1 if source.form.patterns.last_year.search(column) else None


def _side(row: TableRow, item: str, spec: TableSpec) -> SideSpec | None:
    """The side of a row that has no list of its own: by its code, or by its name."""
    for side in spec.sides:
        if side.codes and row.code and side.codes.match(row.code):
            return side
        if side.rows and not row.code and side.rows.search(item):
            return side
    return None


def _items(rows: list[TableRow]) -> list[str]:
    """Names of rows without their ordinals; where one stands twice on a side, the parent's is joined in front.

    Rows with a code are told apart by it and by their columns of words (小学教育/校舍维修). Among the others, a
    row with an ordinal (一、) stands on the first level, and the rows that repeat its name belong to the last
    named row above.
    """
    seen: set[tuple[int, str]] = set()
    parents: dict[int, str] = {}
    items: list[str] = []
    for row in rows:
        name = "/".join([plain_name(row.name), *map(joined, row.texts.values())])
        repeated = (row.side, name) in seen and row.side in parents
        seen.add((row.side, name))
        if repeated and not row.code and not name.endswith(("合计", "总计")):
            items.append(f"{parents[row.side]}/{name}")
            continue
        items.append(name)
        if name and not row.code:
            parents[row.side] = name
    return items
