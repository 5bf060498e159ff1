"""What a column is: its canonical name, from the headers above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from qy_finance.form import ColumnSpec, FormPatterns
from qy_finance.marks import YEAR
from qy_finance.readers import squeeze
from qy_finance.tables.rows import TableSource

ANOTHER_YEAR: Final = re.compile(rf"(上年|{YEAR}年)数?")
"""A header that says no more than the year."""

_YEAR: Final = re.compile(rf"^({YEAR})年度?")
TOTALS: Final = ("小计", "合计")
"""What heads the sum of the columns beside it."""


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
    if names and _is_jumbled(names[-1], columns):
        expected = "a header whose characters are in order"
        raise source.error(None, expected, repr(names[-1]))
    parents = enumerate(names[:-1])
    at = next(
        (at for at, name in parents if patterns.apart.search(name) or named_column(name, columns)),
        None,
    )
    if at is None or named_column(names[at], columns):
        found = _column(names, columns, patterns)
    elif len(names) == at + 2 and patterns.summed.fullmatch(names[-1]) and not groups:
        found = names[at]
    else:
        found = f"{names[at]}/{_column(names[at + 1 :], columns, patterns)}"
    return "/".join(part for part in (group.name if group else "", found) if part)


def _is_jumbled(name: str, columns: Sequence[ColumnSpec]) -> bool:
    """Whether a name has just the characters of a header of the form in another order: it is set in columns."""
    if named_column(name, columns):
        return False
    return any(sorted(name) == sorted(one) != list(name) for c in columns for one in c.printed)


def _joined_years(names: list[str], groups: Sequence[ColumnSpec]) -> list[str]:
    """Headers with a year of its own joined to the group that it is a year of: 上年决算数, 2021年决算数."""
    found = (match for name in names if groups and (match := ANOTHER_YEAR.fullmatch(name)))
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
    holder = next((c for parent in reversed(parents) if (c := named_column(parent, columns))), None)
    if patterns.summed.fullmatch(leaf):
        if holder:
            return holder.name
        if parents and (whole := next((c.name for c in columns if c.name in TOTALS), "")):
            return whole  # of all that stands under a heading of the whole table
    wrapped = ("".join(names[at:]) for at in range(len(names) - 1, -1, -1))  # over stacked cells
    column = next((c for name in wrapped if (c := named_column(name, columns))), None)
    column = column or next((c for c in columns if leaf in c.leaves), None)
    if column and (holder is None or holder.parent == column.parent):
        return column.name
    return f"{holder.name}/{leaf}" if holder else "/".join(names)


def is_another(names: Sequence[str], columns: Sequence[ColumnSpec]) -> bool:
    """Whether the last of some headers names a column that stands alone in the form, and here below one of several."""
    leaf = named_column(names[-1], columns) if names else None
    if leaf is None or leaf.parent or leaf.name in TOTALS:
        return False
    holders = (named_column(name, columns) for name in names[:-1])
    return any(holder is not None and holder.parent for holder in holders)


def named_column(name: str, columns: Sequence[ColumnSpec]) -> ColumnSpec | None:
    """The column that a header or a row names."""
    return next((column for column in columns if column.names(name)), None)
