"""The cells of a table as figures: canonical columns, items and sides; copies of headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from typing import Final

from qy_finance.figures import Exclusion, Figure, number
from qy_finance.form import ColumnSpec, FormPatterns, SideSpec, TableSpec
from qy_finance.marks import YEAR
from qy_finance.readers import squeeze
from qy_finance.tables.rows import TableRow, TableRows, TableSource, Token, joined, plain_name

_YEAR: Final = re.compile(rf"^({YEAR})年度?")
_UNIT: Final = re.compile("[亿万千]?元")
_TOTAL: Final = ("小计", "合计")


def column_of(path: Sequence[str], columns: Sequence[ColumnSpec], source: TableSource) -> str:
    """The canonical name of the column under a header, given from its top to its leaf.

    A column that the form does not have keeps its printed name, its parents joined in front with ``/``
    (``事业收入/教育收费``). Where groups repeat all columns (预算数, 决算数), the name of the group is the first
    part.
    """
    groups, apart = source.spec.groups, source.form.patterns.apart
    names = [name for printed in path if (name := plain_header(printed, source))]
    group = next((g for name in names for g in groups if name in g.printed), None)
    if group is not None:
        names = [name for name in names if name not in group.printed]
    parents = enumerate(names[:-1])
    at = next((at for at, name in parents if apart.search(name) or _named(name, columns)), None)
    if at is None or _named(names[at], columns):
        found = _column(names, columns)
    elif names[at + 1 :] in ([total] for total in _TOTAL) and not groups:
        found = names[at]
    else:
        found = f"{names[at]}/{_column(names[at + 1 :], columns)}"
    return "/".join(part for part in (group.name if group else "", found) if part)


def plain_header(printed: str, source: TableSource) -> str:
    """A header without layout spaces, the account's year, ordinal and money unit.

    The year before is 上年: 2022年决算数 in the account of 2023 is 上年决算数. Any other year stays.
    """
    name, year = squeeze(printed), source.year
    if match := _YEAR.match(name):
        before = {year: "", year - 1: "上年"}
        name = before.get(int(match[1]), match[0]) + name[match.end() :]
    while (shorter := source.form.patterns.added.sub("", name)) != name:
        name = shorter
    return name


def _column(names: list[str], columns: Sequence[ColumnSpec]) -> str:
    if not names:
        return ""
    *parents, leaf = names
    holder = next((c for parent in reversed(parents) if (c := _named(parent, columns))), None)
    if leaf in _TOTAL and holder:
        return holder.name
    wrapped = ("".join(names[at:]) for at in range(len(names) - 1, -1, -1))  # over stacked cells
    column = next((c for name in wrapped if (c := _named(name, columns))), None)
    column = column or next((c for c in columns if leaf in c.leaves), None)
    if column and (holder is None or _parent(holder) == _parent(column)):
        return column.name
    return f"{holder.name}/{leaf}" if holder else "/".join(names)


def _named(name: str, columns: Sequence[ColumnSpec]) -> ColumnSpec | None:
    return next((column for column in columns if column.names(name)), None)


def _parent(column: ColumnSpec) -> str:
    return column.name.rpartition("/")[0]


def figures_of(
    source: TableSource, title: str, content: TableRows
) -> tuple[list[Figure], list[Exclusion]]:
    """The figures of one table under its title, and the cells that a further page only prints again."""
    figures: list[Figure] = []
    copies: list[Exclusion] = []
    totals: dict[tuple[int, str], TableRow] = {}
    patterns = source.form.patterns  # asked once for each column
    kind_of = cache(partial(_measure, patterns))
    of_last_year = cache(patterns.last_year.search)
    for row, item in zip(content.rows, _items(content.rows), strict=True):
        side = content.sides[row.side] or _side(row, item, source.spec)
        columns = _named_columns(row, content, source)
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
                or _unit_behind(source, cell)
                or content.stated.money_unit
                or "",
                section=title,
                item=source.spec.item or item,
                table=source.spec.id,
                side=side.name if side else None,
                code=row.code,
                column=column,
                year=source.year - 1 if of_last_year(column) else None,
                texts=texts,
            )
            figures.append(figure)
    return figures, copies


def _unit_behind(source: TableSource, cell: Token) -> str:
    """The money unit that a cell prints behind its figure."""
    match = _UNIT.match(source.document.text, cell.end)
    return match[0] if match else ""


def _measure(patterns: FormPatterns, column: str, percent: bool) -> tuple[str, str]:
    """What a cell holds and its unit, which is empty for money."""
    if percent:  # what it is, the header above says
        share = "share" if patterns.shared.search(column) else "rate"
        return "completion_rate" if patterns.completed.search(column) else share, "%"
    counted = patterns.counted.search(column)
    return ("count", counted[1]) if counted else ("amount", "")


def _side(row: TableRow, item: str, spec: TableSpec) -> SideSpec | None:
    """The side of a row that has no list of its own: by its code, or by its name."""
    for side in spec.sides:
        if side.codes and row.code and side.codes.match(row.code):
            return side
        if side.rows and not row.code and side.rows.search(item):
            return side
    return None


def _named_columns(row: TableRow, content: TableRows, source: TableSource) -> list[str]:
    """The canonical columns of a row; where groups of columns are rows, the row's name is part of them."""
    spec, names = source.spec, [column.name for column in content.columns[row.side]]
    if not spec.groups:
        return names
    named = plain_header(plain_name(row.name), source)
    for group in spec.groups:
        if named in group.printed:
            return [f"{group.name}/{name}" for name in names]
    if named and (column := _named(named, spec.columns)):
        return [f"{name}/{column.name}" for name in names]
    across = named and any(group.name in names for group in spec.groups)
    if across or source.form.patterns.budgeted.search(named):
        # a row that the form does not have, in a table of which rows are what its columns are
        return [f"{name}/{named}" if across else f"{named}/{name}" for name in names]
    last = spec.groups[-1].name  # 决算数, where a template does not say so
    columns = {column.name for column in spec.columns}
    return [f"{last}/{name}" if name in columns else name for name in names]


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
