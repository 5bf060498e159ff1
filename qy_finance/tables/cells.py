"""The cells of a table as figures: canonical columns, items and sides; copies of headers."""

from __future__ import annotations

from qy_finance.figures import Exclusion, Figure, number
from qy_finance.form import SideSpec
from qy_finance.tables.columns import plain_header
from qy_finance.tables.rows import TableRow, TableRows, TableSource, excluded, plain_name
from qy_finance.tables.tokens import Token, joined


class Cells:
    """The figures of one table under its title, and ``copies``: cells that a further page prints again."""

    def __init__(self, source: TableSource, title: str, content: TableRows) -> None:
        self.source = source
        self.spec = source.spec
        self.patterns = source.form.patterns
        self.title = title
        self.content = content
        self.figures: list[Figure] = []
        self.copies: list[Exclusion] = []
        totals: dict[tuple[int, str], TableRow] = {}
        for row, item in zip(content.rows, _items(content.rows), strict=True):
            side = self._side(row, item)
            columns = self._named_columns(row)
            copied = row if row.code else totals.setdefault((row.side, item), row)
            for cell, copy, column in zip(row.cells, copied.cells, columns, strict=True):
                if cell is None:
                    continue
                if row.page > copied.page and copy and number(cell.text) == number(copy.text):
                    self.copies += excluded("header copy", [cell])
                else:
                    self.figures.append(self._figure(row, item, side, column, cell))

    def _figure(
        self, row: TableRow, item: str, side: SideSpec | None, column: str, cell: Token
    ) -> Figure:
        patterns = self.patterns
        measure, unit = "amount", self.content.stated.money_unit or ""
        if cell.kind == "percent":  # what it is, the header above says
            share = "share" if patterns.shared.search(column) else "rate"
            measure = "completion_rate" if patterns.completed.search(column) else share
            unit = "%"
        elif counted := patterns.counted.search(column):
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
            year=self.source.year - 1 if patterns.last_year.search(column) else None,
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
