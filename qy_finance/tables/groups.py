"""Tables whose columns repeat in groups (预算数, 决算数), of which a row may be a group, a column, or one unit."""

from __future__ import annotations

from qy_finance.marks import OPENS_CHAPTER
from qy_finance.tables.headers import ANOTHER_YEAR, named_column, plain_header
from qy_finance.tables.rows import TableRow, TableRows, TableSource, plain_name


class GroupedRows:
    """What the rows of such a table are about, and their columns."""

    def __init__(self, source: TableSource, content: TableRows) -> None:
        self.source = source
        self.spec = source.spec
        self.patterns = source.form.patterns
        filled = [row for row in content.rows if any(row.cells)]
        self.single = len(filled) == 1
        self.nameless = sum(not self._plain(row) for row in filled)
        self.taken: set[str] = set()
        self.chapters: dict[int, str] = {}
        self.above: dict[int, str] = {}

    def of(self, row: TableRow, columns: list[str]) -> tuple[str, list[str]]:
        """The item of a row and its canonical columns; none where it is about something else, or nobody knows what."""
        named = self._plain(row)
        self._verify(row, named, any(map(self.spec.knows, columns)))
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

    def _verify(self, row: TableRow, named: str, across: bool) -> None:
        """Refuse what can't be: a row that is a column below such columns, a name with the end of the one above."""
        columns = self.spec.columns
        column = named_column(named, columns)
        twice = across and column is not None and not self.patterns.summed.fullmatch(named)
        above = self.above.get(row.side, "")
        ends = (at for at in range(1, len(named)) if named_column(named[at:], columns))
        torn = not column and any(named_column(above + named[:at], columns) for at in ends)
        if row.names and (twice or torn):
            expected = "rows or columns of the form, and whole names"
            raise self.source.error(row.names[0], expected, repr(row.name))

    def _is_own(self, chapter: str) -> bool:
        """Whether what stands under a row of the first level belongs to the table: not 国有资产占用情况 below 三公."""
        spec = self.spec
        if not chapter or named_column(chapter, spec.columns):
            return True
        return spec.chapters is None or spec.chapters.search(chapter) is not None

    def _across(self, named: str, columns: list[str]) -> tuple[str, list[str]]:
        """Of a row below the form's columns: it is a group (预算数), the whole, or one unit of it."""
        spec = self.spec
        if year := ANOTHER_YEAR.fullmatch(named):
            named = year[1] + spec.groups[-1].name
        group = next((group.name for group in spec.groups if named in group.printed), "")
        if group or self.patterns.budgeted.search(named):
            default = f"{spec.groups[-1].name}/"  # of columns that no header says more of
            return spec.item, [f"{group or named}/{name.removeprefix(default)}" for name in columns]
        if not named and self.nameless > 1:
            return named, []
        whole = self.single or not named or self.patterns.total.fullmatch(named)
        last = spec.groups[-1].name  # 决算数, where a template does not say so
        own = spec.column_names
        across = [f"{last}/{name}" if name in own else name for name in columns]
        return spec.item if whole else named, across

    def _leaf(self, named: str, above: str, chapter: str) -> str:
        """The canonical name of the column that a row is, or its own.

        小计 is of the row above that has no figures, 合计 not of all in a chapter of its own (二、机关运行经费).
        """
        column = named_column(named, self.spec.columns)
        if column is None:
            return named
        holder = named_column(above, self.spec.columns)
        summed = self.patterns.summed.fullmatch(named)
        if summed and holder and holder.name not in self.taken:
            return holder.name
        spec = self.spec
        whole = (
            not chapter
            or named_column(chapter, spec.columns)
            or spec.rank(chapter) < len(spec.best)
        )
        return named if summed and not (whole and column.name == named) else column.name

    def _plain(self, row: TableRow) -> str:
        return plain_header(plain_name(row.name), self.source)
