"""Tables whose cells are not known: the lines of a block as columns of the form and rows."""

from __future__ import annotations

from collections.abc import Iterator

from qy_finance.figures import Exclusion
from qy_finance.form import ColumnSpec
from qy_finance.marks import LEVELS
from qy_finance.tables.header import Header, printed_columns, split_header
from qy_finance.tables.locate import Block
from qy_finance.tables.rows import Body, TableRows, plain_name, read_rows
from qy_finance.tables.source import TableSource
from qy_finance.tables.tokens import Token, page_numbers, tokenize


def read_lines(source: TableSource, pages: tuple[Block, ...]) -> TableRows:
    """Read one table over all its pages by the words of its lines.

    Raises
    ------
    UnreadableRowError
        The header does not say which columns there are.
    TruncatedReportError, UnreadableNumberError
        See :func:`qy_finance.tables.rows.read_rows`.
    """
    return _Lined(source, pages).read()


class _Lined:
    def __init__(self, source: TableSource, pages: tuple[Block, ...]) -> None:
        self.source = source
        self.spec = source.spec
        self.pages = pages
        self.exclusions: list[Exclusion] = []

    def read(self) -> TableRows:
        headers: list[Header] = []
        tokens: list[Token] = []
        for index, page in enumerate(self.pages):
            words = tokenize(self.source.document, page.lines, index)
            header, words = split_header(
                words, self.source.form.patterns, headers[0] if headers else None
            )
            headers.append(header)
            self._exclude("column number", header.numbers)
            tokens.extend(_without_levels(words))
        numbered = "行次" in headers[0].text
        if strays := page_numbers(tokens, numbered):
            self._exclude("page number", strays)
            tokens = [token for token in tokens if token not in strays]
        columns = self._columns(headers[0], tokens)
        widths = tuple(map(len, columns))
        ends = self.pages[-1].ends_document
        rows = read_rows(Body(self.source, widths, tokens, numbered, ends))
        for row in rows:
            self._exclude("classification code" if row.code else "line number", row.labels)
            for words in row.texts.values():
                self._exclude("in a name", words)
        sides = self.spec.sides if self.spec.layout == "sides" else (None,)
        return TableRows(
            columns, sides, tuple(rows), headers[0].stated, numbered, tuple(self.exclusions)
        )

    def _columns(self, header: Header, tokens: list[Token]) -> tuple[tuple[ColumnSpec, ...], ...]:
        """The columns of each side, agreed between the words of the header and its column numbers."""
        spec = self.spec
        if spec.layout == "economic":
            whole = printed_columns(spec.columns, header.text) == spec.columns
            return (spec.columns if whole else spec.columns[:1],)
        if spec.layout == "single":
            return (self._grouped_columns(header, {plain_name(token.text) for token in tokens}),)
        wanted = [side.columns for side in spec.sides] or [spec.columns]
        counts: list[int | None] = [*header.counts] or [None] * len(wanted)
        if len(counts) != len(wanted):
            raise self.source.error(
                None, f"{len(wanted)} rows of column numbers (栏次)", str(len(counts))
            )
        return tuple(
            self._agreed(columns, count, header)
            for columns, count in zip(wanted, counts, strict=True)
        )

    def _agreed(
        self, columns: tuple[ColumnSpec, ...], count: int | None, header: Header
    ) -> tuple[ColumnSpec, ...]:
        if count == len(columns):
            return columns
        printed = printed_columns(columns, header.text)
        if count not in (None, len(printed)) or not printed:
            names = "、".join(column.name for column in printed)
            raise self.source.error(
                None, f"{count or 'the'} columns of {self.spec.name}", names or "none"
            )
        return printed

    def _grouped_columns(self, header: Header, names: set[str]) -> tuple[ColumnSpec, ...]:
        columns = printed_columns(self.spec.columns, header.text)
        groups = printed_columns(self.spec.groups, header.text)
        if not columns:  # they are the names of the rows
            return groups
        if any(not names.isdisjoint(group.printed) for group in self.spec.groups):
            return columns  # the groups are the names of the rows
        across = tuple(
            ColumnSpec(f"{group.name}/{column.name}")
            for group in groups or self.spec.groups[-1:]
            for column in columns
        )
        count = sum(header.counts)
        if count in (0, len(across)):
            return across
        if count == len(columns):
            return columns
        raise self.source.error(None, f"{len(across)} columns of {self.spec.name}", str(count))

    def _exclude(self, reason: str, tokens: tuple[Token, ...] | list[Token]) -> None:
        self.exclusions.extend(Exclusion(token.start, token.end, reason) for token in tokens)


def _without_levels(words: list[Token]) -> Iterator[Token]:
    """The words but for 类 款 项, which a header may print in the row of 合计; 款 alone is the rest of a name."""
    levels = [word.text in LEVELS for word in words]
    for at, word in enumerate(words):
        beside = levels[max(0, at - 1) : at] + levels[at + 1 : at + 2]
        if not levels[at] or not any(beside):
            yield word
