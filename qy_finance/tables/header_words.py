"""From the words of a header, whose cells are not known, to the columns of the form below it.

The words follow each other row by row or cell by cell; either way columns of one level follow in their order. Where
they don't, or a word is there that the form doesn't know, there is no telling what stands below what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import Final

from qy_finance.errors import UnreadableRowError
from qy_finance.form import ColumnSpec
from qy_finance.marks import COLUMN_NUMBERS
from qy_finance.readers.page import grouped
from qy_finance.tables.header_tree import columns_by_cells
from qy_finance.tables.headers import TOTALS, plain_header
from qy_finance.tables.rows import Stated, TableSource, Token, plain_name

Columns = tuple[ColumnSpec, ...]

_LIST: Final = re.compile(r"项目(?!支出)|名称")


@dataclass(frozen=True)
class Header:
    """What stands above the rows of one page of a table.

    ``counts`` holds how many columns the row of column numbers (栏次) counts, side by side; it is empty
    where the template prints no such row. ``numbers`` are those printed column numbers; ``words`` are
    all words of the header (``tokens``), ``lines`` its lines without layout spaces.
    """

    lines: tuple[str, ...]
    stated: Stated
    counts: tuple[int, ...]
    numbers: list[Token]
    tokens: list[Token]

    @property
    def words(self) -> list[str]:
        """The texts of all its words."""
        return [token.text for token in self.tokens]

    @cached_property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def lists(self) -> int:
        """How many lists of rows stand beside each other."""
        return len(_LIST.findall(self.text))


def columns_of(source: TableSource, header: Header, tokens: Sequence[Token]) -> tuple[Columns, ...]:
    """The columns of each side of a table with these words in its rows.

    Raises UnreadableRowError where the words of the header and its column numbers do not agree on them.
    """
    try:
        return _by_words(source, header, tokens)
    except UnreadableRowError:
        if columns := _by_cells(source, header, tokens):
            return columns
        raise


def _by_cells(
    source: TableSource, header: Header, tokens: Sequence[Token]
) -> tuple[Columns, ...] | None:
    """The columns where the cells of the header can stand below each other in one way only."""
    lists = len(source.spec.sides) if source.spec.layout == "sides" else 1
    counts: list[int | None] = [*header.counts] or [None] * lists
    if source.spec.layout == "economic" or len(counts) != lists:
        return None
    unit = source.form.patterns.stated
    cells: list[Token] = []
    before = ""
    for line in grouped(header.tokens, lambda _, token: not token.first):
        text = "".join(token.text for token in line)
        numbers = all(token in header.numbers or token.text in COLUMN_NUMBERS for token in line)
        if not (unit.search(text) or unit.fullmatch(before) or numbers):
            cells += line
        before = text
    return columns_by_cells(source, cells, counts)


def _by_words(source: TableSource, header: Header, tokens: Sequence[Token]) -> tuple[Columns, ...]:
    spec = source.spec
    words = _Words(source, header, tokens)
    if spec.layout == "economic":
        whole = words.printed(spec.columns) == spec.columns
        return (spec.columns if whole else spec.columns[:1],)
    if spec.layout == "single":
        names = {plain_header(plain_name(t.text), source) for t in tokens if t.is_name}
        return (_grouped(source, words, names),)
    wanted = [side.columns for side in spec.sides] or [spec.columns]
    counts: list[int | None] = [*header.counts] or [None] * len(wanted)
    if len(counts) != len(wanted):
        expected = f"{len(wanted)} rows of column numbers (栏次)"
        raise source.error(None, expected, str(len(counts)))
    agreed = []
    for columns, count in zip(wanted, counts, strict=True):
        printed = columns if count == len(columns) else words.printed(columns)
        if count not in (None, len(printed)) or not printed:
            found = "、".join(column.name for column in printed)
            expected = f"{count or 'the'} columns of {spec.name}"
            raise source.error(None, expected, found or "none")
        agreed.append(printed)
    if None in counts:
        words.refuse_strange()
    if spec.layout == "codes":
        words.refuse_disorder(agreed[0])
    return tuple(agreed)


class _Words:
    """The names of columns in a header, in the order in which they are printed, and what is left of it."""

    def __init__(self, source: TableSource, header: Header, tokens: Sequence[Token]) -> None:
        self.source = source
        self.header = header
        self.empty = not any(token.kind == "amount" for token in tokens)  # nothing can be mistaken
        spec = source.spec
        every = [*spec.columns, *chain.from_iterable(side.columns for side in spec.sides)]
        names = {name for column in every for name in _names(column)}
        names |= {name for group in spec.groups for name in group.printed}
        unit = source.form.patterns.stated
        before = ["", *header.lines]
        text = "".join(
            line
            for label, line in zip(before, header.lines, strict=False)
            if not unit.search(line) and not unit.fullmatch(label)
        )
        known = _any_of(frozenset(names))
        self.found = [match[0] for match in known.finditer(text)]
        self.left = source.form.patterns.blind.sub("", known.sub("\n", text)).replace("\n", "")

    def printed(self, columns: Columns) -> Columns:
        """Those columns whose header is printed, in the order of the form."""
        text = self.header.text
        return tuple(c for c in columns if any(name in text for name in c.printed))

    def refuse_strange(self) -> None:
        """Refuse a header with words that may be a column's which the form doesn't know."""
        if self.left and not self.empty:
            raise self.source.error(None, "a header whose words are known", repr(self.left))

    def refuse_disorder(self, columns: Columns) -> None:
        """Refuse columns that are not printed in the order of the form, or of which one is printed twice."""
        if self.empty:
            return
        order: list[tuple[int, int]] = []
        for column in columns:
            own = [at for at, name in enumerate(self.found) if name in column.printed]
            over = [at for at, name in enumerate(self.found) if name == column.parent]
            leaf = [at for at in own if at not in over] or own
            if len(leaf) > 1:  # 小计 below 本年支出
                over, leaf = over or leaf[:1], [at for at in leaf if self.found[at] in TOTALS]
            if len(leaf) > 1 or (own and not leaf):
                raise self.source.error(None, "each column once", column.name)
            if leaf:
                order.append((over[0] if over else leaf[0], leaf[0]))
        if order != sorted(order):
            expected = f"columns in the order {'、'.join(column.name for column in columns)}"
            raise self.source.error(None, expected, "、".join(self.found))


@cache
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    """Any of these names, the longest first so that none is cut short by another."""
    return re.compile("|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name)))))


def _names(column: ColumnSpec) -> Iterator[str]:
    """What a template prints for a column, or over it."""
    yield from column.printed
    yield from column.rows
    if parent := column.parent:
        yield parent


def _grouped(source: TableSource, words: _Words, names: set[str]) -> Columns:
    """The columns of a table that repeats them under several headings (预算数, 决算数), or has those as rows."""
    spec, count = source.spec, sum(words.header.counts)
    columns = words.printed(spec.columns)
    groups = words.printed(spec.groups)
    if not columns:  # they are the names of the rows
        words.refuse_strange()
        return groups
    order = [name for name in words.found if any(name in group.printed for group in spec.groups)]
    leaves = [name for name in words.found if name not in order]
    if any(not names.isdisjoint(group.printed) for group in spec.groups):
        times, across = 1, columns  # the groups are the names of the rows
    else:
        times = len(order) or 1
        across = tuple(
            ColumnSpec(f"{group.name}/{column.name}")
            for group in groups or spec.groups[-1:]
            for column in columns
        )
    if count == len(columns) != len(across):
        times, across = 1, columns
    if count not in (0, len(across)):
        raise source.error(None, f"{len(across)} columns of {spec.name}", str(count))
    if not count:
        words.refuse_strange()
    inner = words.found[: len(order)] != order and times > 1
    orderly = _in_order(leaves, columns, times) or (count and _in_order(leaves, columns, 1))
    if not words.empty and (inner or not orderly or len(order) != len(set(order))):
        expected = f"columns in the order {'、'.join(column.name for column in columns)}"
        raise source.error(None, expected, "、".join(words.found))
    return across


def _in_order(names: Sequence[str], columns: Columns, times: int) -> bool:
    """Whether names are those of columns and of what stands over some of them, level by level or cell by cell."""
    own: list[list[int]] = []
    for column in columns:
        at = [at for at, name in enumerate(names) if name in column.printed]
        own.append(at)
    if any(len(at) != times for at in own):
        return False
    for turn in range(times):
        order: list[tuple[int, int]] = []
        for column, at in zip(columns, own, strict=True):
            over = [
                place
                for place, name in enumerate(names)
                if column.parent and _is_over(name, column, columns)
            ]
            if column.parent and len(over) != times:
                return False
            order.append((over[turn] if over else at[turn], at[turn]))
        if order != sorted(order):
            return False
    return True


def _is_over(name: str, column: ColumnSpec, columns: Columns) -> bool:
    """Whether a name stands over a column, given in the form as that of the whole group (小计)."""
    parent = column.parent
    heads = [c for c in columns if c.parent == parent]
    return name == parent or any(name in head.rows for head in heads[:1])
