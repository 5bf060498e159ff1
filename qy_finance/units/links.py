"""Which units follow which: ``units_links.csv`` in the data folder.

A line has the names of ``predecessor`` and ``successor`` as their reports print them, the first ``year`` of account of
the successor, ``what`` happened (one of `CHANGES`), the ``source`` that says so (a document's number) and ``sure`` (why
it is certain, or what is not). Nothing is joined that no line says: names that are alike are no link.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from qy_finance.entries import find_data_dir
from qy_finance.errors import LinkError

NAME: Final = "units_links.csv"
CHANGES: Final = ("更名", "合并", "分立", "划转")
"""A unit is renamed, merged with others, divided, or takes over a part of another one's work."""
_YEARS: Final = range(1978, 2100)


class Succession(NamedTuple):
    """A line of ``units_links.csv``."""

    predecessor: str
    successor: str
    year: int
    what: str
    source: str
    sure: str

    @property
    def is_renaming(self) -> bool:
        """Whether it is one unit under another name."""
        return self.what == CHANGES[0]

    def concerns(self, units: Collection[str]) -> bool:
        """Whether it names one of some units."""
        return self.predecessor in units or self.successor in units


def links(data_dir: str | Path = "") -> list[Succession]:
    """The links of a data folder, by year; none where it has no such file.

    Raises
    ------
    LinkError
        Other columns, or a line that lacks something or says something else than it may; names the line.
    """
    path = find_data_dir(data_dir) / NAME
    if not path.is_file():
        return []
    try:
        reader = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        columns = list(Succession._fields)
        if (header := next(reader, [])) != columns:
            raise LinkError(
                NAME, "line 1", f"columns {','.join(columns)}", ",".join(header) or "nothing"
            )
        found = [_link(f"line {reader.line_num}", cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise LinkError(NAME, "", "comma-separated cells in UTF-8", str(error)) from error
    renamed = [link.predecessor for link in found if link.is_renaming]
    if twice := next((name for name in renamed if renamed.count(name) > 1), ""):
        raise LinkError(NAME, "predecessor", "one new name for a unit", f"{twice} twice")
    return sorted(found, key=lambda link: link.year)


def names_of(unit: str, known: Iterable[Succession]) -> list[str]:
    """All names of one unit, the first one first: those that renamings lead to and from, and no others."""
    renamed = {one.predecessor: one.successor for one in known if one.is_renaming}
    before = {new: old for old, new in renamed.items()}
    found = [unit]
    for chain, place in ((before, 0), (renamed, len(renamed) + 1)):
        name = unit
        while (name := chain.get(name, "")) and name not in found:
            found.insert(place, name)
    return found


def _link(line: str, cells: list[str]) -> Succession:
    def demand(column: str, right: object, expected: str, found: str) -> None:
        if not right:
            raise LinkError(NAME, f"{line}, {column}", expected, found or "nothing")

    size = len(Succession._fields)
    demand("cells", len(cells) == size, f"{size} cells", str(len(cells)))
    before, after, year, what, source, sure = (cell.strip() for cell in cells)
    said = {"predecessor": before, "successor": after, "source": source, "sure": sure}
    for column, cell in said.items():
        demand(column, cell, "it", cell)
    demand("successor", before != after, "another unit than the predecessor", after)
    right = re.fullmatch("[0-9]{4}", year) and int(year) in _YEARS
    demand("year", right, f"a year from {_YEARS[0]} to {_YEARS[-1]}", year)
    demand("what", what in CHANGES, " | ".join(CHANGES), what)
    return Succession(before, after, int(year), what, source, sure)
