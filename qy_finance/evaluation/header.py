"""The header of a self-evaluation table: which columns hold indicator, target, actual value, weight and score."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from qy_finance.form import FurtherTables
from qy_finance.readers import Cell
from qy_finance.tables.others import PrintedTable

_BRACKET: Final = re.compile(r"[（(][^（）()]*[)）]$")

Columns = tuple[int, ...]


@dataclass(frozen=True)
class Header:
    """A header, and what the columns below it hold.

    Attributes
    ----------
    row, bottom : int
        Its last row with names of levels or indicators, and the first row below it.
    levels : tuple of Columns
        Columns of the classes of indicators, from the highest.
    name : Columns
        The indicator itself.
    columns : dict of str to Columns
        ``target``, ``actual``, ``sign``, ``unit``, ``weight``, ``score``, ``reason``: those that it has.
    """

    row: int
    bottom: int
    levels: tuple[Columns, ...]
    name: Columns
    columns: dict[str, Columns]

    @property
    def is_evaluation(self) -> bool:
        """Whether its rows tell what was reached: a list of targets alone, or of scores alone, is no evaluation."""
        told = self.columns.keys()
        return {"target", "actual"} <= told or bool({"target", "actual"} & told and "score" in told)


def headers(
    table: PrintedTable, further: FurtherTables, text: Callable[[Cell], str]
) -> Iterator[Header]:
    """The headers of a table, from top to bottom; a table of several projects has several, one of pages may repeat its own."""
    below = 0
    for row in range(table.height):
        if row < below:
            continue
        cells = [cell for cell in table.cells if cell.row == row]
        kinds = further.columns["level"] + further.columns["name"]
        named = [cell for cell in cells if _names(text(cell), kinds)]
        header = _header(table, row, named, further, text) if named else None
        if header is not None:
            below = header.bottom
            yield header


def _header(
    table: PrintedTable,
    row: int,
    named: list[Cell],
    further: FurtherTables,
    text: Callable[[Cell], str],
) -> Header | None:
    """The header whose names of indicators (``named``) stand in a row; None where it lacks what makes it one."""
    bottom = row + min(cell.rows for cell in named)  # 绩效指标 may stand beside all rows below
    found: dict[Cell, str] = {}
    for column in range(table.width):
        for at in range(bottom - 1, row - 2, -1):
            cell = table.fields.get((at, column))
            if cell is not None and text(cell):
                # what goes on below the header stands beside its rows (绩效指标), a title lies over all of it
                if cell.row + cell.rows <= bottom and (at >= row or cell.columns < table.width):
                    found.setdefault(cell, text(cell))
                break
    roles = {cell: _role(said, further) for cell, said in found.items()}
    levels = [cell for cell, (role, _) in roles.items() if role == "level"]
    chosen: dict[str, Columns] = {}
    for role in further.columns:
        ranked = [(rank, cell) for cell, (own_role, rank) in roles.items() if own_role == role]
        best = [cell for rank, cell in ranked if rank == min(rank for rank, _ in ranked)]
        if len(best) == 1 and role not in ("level", "class"):
            chosen[role] = _columns(best[0])
    classes = [_columns(c) for c, (role, _) in roles.items() if role == "class"]
    classes += [_columns(cell) for cell in levels]
    name = chosen.pop("name", None)
    if name and classes and name < classes[-1]:
        name = None  # 绩效指标 beside all of its rows
    if len(levels) > 2 or (levels and name is None):
        name = classes.pop()  # 三级指标 is the indicator
    told = {"target", "actual", "weight", "score"} & chosen.keys()
    return Header(row, bottom, tuple(classes), name, chosen) if name and told else None


def _columns(cell: Cell) -> Columns:
    return tuple(range(cell.column, cell.column + cell.columns))


def _names(said: str, patterns: tuple[re.Pattern[str], ...]) -> bool:
    return any(pattern.fullmatch(_plain(said)) for pattern in patterns)


def _plain(said: str) -> str:
    """A header without what stands in brackets behind it: 年度指标值（A）."""
    while (shorter := _BRACKET.sub("", said)) != said and shorter:
        said = shorter
    return said


def _role(said: str, further: FurtherTables) -> tuple[str, int]:
    """What a column holds by its header, and how specific that header is; empty where it is something else."""
    plain = _plain(said)
    for role, patterns in further.columns.items():
        for rank, pattern in enumerate(patterns):
            if pattern.fullmatch(plain):
                return role, rank
    return "", 0
