"""The cells of a table as figures: canonical columns, items and sides; copies of headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from typing import Final

from qy_finance.figures import Exclusion, Figure, number
from qy_finance.form import ColumnSpec, FormPatterns, SideSpec, TableSpec
from qy_finance.marks import OPENS_CHAPTER, YEAR
from qy_finance.readers import squeeze
from qy_finance.tables.rows import TableRow, TableRows, TableSource, excluded, joined, plain_name

_YEAR: Final = re.compile(rf"^({YEAR})年度?")
_ANOTHER_YEAR: Final = re.compile(rf"(上年|{YEAR}年)数?")
_TOTAL: Final = ("小计", "合计")


def column_of(path: Sequence[str], columns: Sequence[ColumnSpec], source: TableSource) -> str:
    """The canonical name of the column under a header, given from its top to its leaf.

    A column that the form does not have keeps its printed name, its parents joined in front with ``/``
    (``事业收入/教育收费``). Where groups repeat all columns (预算数, 决算数), the name of the group is the first
    part.
    """
    groups, patterns = source.spec.groups, source.form.patterns
    names = [name for printed in path if (name := plain_header(printed, source))]
    names = _joined_years(names, groups) if path else names
    group = next((g for name in names for g in groups if name in g.printed), None)
    if group is not None:
        names = [name for name in names if name not in group.printed + group.leaves]
    parents = enumerate(names[:-1])
    at = next(
        (at for at, name in parents if patterns.apart.search(name) or _named(name, columns)), None
    )
    if at is None or _named(names[at], columns):
        found = _column(names, columns, patterns)
    elif len(names) == at + 2 and patterns.summed.fullmatch(names[-1]) and not groups:
        found = names[at]
    else:
        found = f"{names[at]}/{_column(names[at + 1 :], columns, patterns)}"
    return "/".join(part for part in (group.name if group else "", found) if part)


def _joined_years(names: list[str], groups: Sequence[ColumnSpec]) -> list[str]:
    """Headers with a year of its own joined to the group that it is a year of: 上年决算数, 2021年决算数."""
    found = (match for name in names if groups and (match := _ANOTHER_YEAR.fullmatch(name)))
    year = next(found, None)
    if year is None:
        return names or [group.name for group in groups[-1:]]  # nothing but the year of the account
    known = {printed for group in groups for printed in group.printed}
    group = next((name for name in names if name in known), groups[-1].name)
    return [year[1] + group, *(name for name in names if name not in (year[0], group))]


def plain_header(printed: str, source: TableSource) -> str:
    """A header without layout spaces, the account's year, ordinal and money unit.

    The year before is 上年: 2022年决算数 in the account of 2023 is 上年决算数. Any other year stays.
    """
    name, year = squeeze(printed), source.year
    if match := _YEAR.match(name):
        before = {year: "", year - 1: "上年"}
        name = before.get(int(match[1]), f"{match[1]}年") + name[match.end() :]
    while (shorter := source.form.patterns.added.sub("", name)) != name:
        name = shorter
    return name


def _column(names: list[str], columns: Sequence[ColumnSpec], patterns: FormPatterns) -> str:
    if not names:
        return ""
    *parents, leaf = names
    holder = next((c for parent in reversed(parents) if (c := _named(parent, columns))), None)
    if patterns.summed.fullmatch(leaf):
        if holder:
            return holder.name
        if parents and (whole := next((c.name for c in columns if c.name in _TOTAL), "")):
            return whole  # of all that stands under a heading of the whole table
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
    year_of = cache(partial(_year, source))
    if source.spec.groups:
        naming = RowColumns(source, content)
    for row, item in zip(content.rows, _items(content.rows), strict=True):
        side = content.sides[row.side] or _side(row, item, source.spec)
        columns = [column.name for column in content.columns[row.side]]
        if source.spec.groups:
            item, columns = naming.of(row, columns)
        if not columns:
            copies += excluded("other table", (*row.names, *filter(None, row.cells)))
            continue
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
                unit_of_measure=unit or (measure == "amount" and content.stated.money_unit) or "",
                section=title,
                item=item,
                table=source.spec.id,
                side=side.name if side else None,
                code=row.code,
                column=column,
                year=year_of(column),
                texts=texts,
            )
            figures.append(figure)
    return figures, copies


def _measure(patterns: FormPatterns, column: str, percent: bool) -> tuple[str, str]:
    """What a cell holds and its unit, which is empty for money."""
    if percent or any(
        map(patterns.rated.search, column.split("/"))
    ):  # what it is, the header above says
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


class RowColumns:
    """The columns of rows in a table of groups of columns (预算数, 决算数): a row may be a group or a column."""

    def __init__(self, source: TableSource, content: TableRows) -> None:
        self.source = source
        self.spec = source.spec
        self.patterns = source.form.patterns
        self.single = sum(any(row.cells) for row in content.rows) == 1
        self.taken: set[str] = set()
        self.chapters: dict[int, str] = {}
        self.above: dict[int, str] = {}

    def of(self, row: TableRow, columns: list[str]) -> tuple[str, list[str]]:
        """The item of a row and its canonical columns; none in a list that is about something else."""
        named = self._plain(row)
        if any(map(self.spec.knows, columns)):
            return self._across(named, columns)
        if OPENS_CHAPTER.match(row.name):
            self.chapters[row.side] = named
        chapter, above = self.chapters.get(row.side, ""), self.above.get(row.side, "")
        if not self._is_own(chapter):
            return named, []
        leaf = self._leaf(named, above, chapter)
        if leaf in self.taken:
            leaf = f"{chapter or above}/{named}"
        self.above[row.side] = named
        if any(row.cells):
            self.taken.add(leaf)
        return self.spec.item, [f"{name}/{leaf}" if leaf else name for name in columns]

    def _is_own(self, chapter: str) -> bool:
        """Whether what stands under a row of the first level belongs to the table: not 国有资产占用情况 below 三公."""
        spec = self.spec
        if not chapter or _named(chapter, spec.columns):
            return True
        return spec.chapters is None or spec.chapters.search(chapter) is not None

    def _across(self, named: str, columns: list[str]) -> tuple[str, list[str]]:
        """Of a row below the form's columns: it is a group (预算数), the whole, or one unit of it."""
        spec = self.spec
        if year := _ANOTHER_YEAR.fullmatch(named):
            named = year[1] + spec.groups[-1].name
        group = next((group.name for group in spec.groups if named in group.printed), "")
        if group or self.patterns.budgeted.search(named):
            return spec.item, [f"{group or named}/{name}" for name in columns]
        whole = self.single or not named or self.patterns.total.fullmatch(named)
        last = spec.groups[-1].name  # 决算数, where a template does not say so
        own = spec.column_names
        across = [f"{last}/{name}" if name in own else name for name in columns]
        return spec.item if whole else named, across

    def _leaf(self, named: str, above: str, chapter: str) -> str:
        """The canonical name of the column that a row is, or its own.

        小计 is of the row above that has no figures, 合计 not of all in a chapter of its own (二、机关运行经费).
        """
        column = _named(named, self.spec.columns)
        if column is None:
            return named
        holder = _named(above, self.spec.columns)
        summed = self.patterns.summed.fullmatch(named)
        if summed and holder and holder.name not in self.taken:
            return holder.name
        spec = self.spec
        whole = not chapter or _named(chapter, spec.columns) or spec.rank(chapter) < len(spec.best)
        return named if summed and not (whole and column.name == named) else column.name

    def _plain(self, row: TableRow) -> str:
        return plain_header(plain_name(row.name), self.source)


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
