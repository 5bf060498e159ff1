"""Which column of the standard form a printed header means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from qy_finance.form import ColumnSpec
from qy_finance.marks import YEAR
from qy_finance.readers import squeeze
from qy_finance.tables.rows import TableSource

_YEAR: Final = re.compile(rf"^({YEAR})年度?")
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
