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
class EvaluationHeader:
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
        ``target``, ``adjusted``, ``actual``, ``sign``, ``unit``, ``weight``, ``score``, ``reason``: those that it has.
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
) -> Iterator[EvaluationHeader]:
    """The headers of a table, from top to bottom: one for each project, or printed again on a further page."""
    below = 0
    for row in range(table.height):
        if row < below:
            continue
        cells = table.rows[row]
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
) -> EvaluationHeader | None:
    """The header whose names of indicators (``named``) stand in a row; None where it lacks what makes it one."""
    bottom = row + min(cell.rows for cell in named)  # 绩效指标 may stand beside all rows below
    while below := _told(table, bottom, further, text):
        # a copy that leaves out what a cell spans puts the second row of a header below the wrong columns
        if any(
            not _fits(table.fields.get((bottom - 1, cell.column)), cell, further, text)
            for cell in below
        ):
            return None
        bottom += 1
    found: dict[Cell, str] = {}
    for column in range(table.width):
        for at in range(bottom - 1, row - 1, -1):
            cell = table.fields.get((at, column))
            if cell is not None and text(cell):
                if cell.row + cell.rows <= bottom:  # what goes on stands beside the rows (绩效指标)
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
    return EvaluationHeader(row, bottom, tuple(classes), name, chosen) if name and told else None


def _told(
    table: PrintedTable, row: int, further: FurtherTables, text: Callable[[Cell], str]
) -> list[Cell]:
    """The cells of a row that is one more of a header: each says what a column holds. None of any other row."""
    cells = [cell for cell in table.rows[row] if text(cell)] if row < table.height else []
    return cells if all(_role(text(cell), further)[0] for cell in cells) else []


def _fits(
    above: Cell | None, below: Cell, further: FurtherTables, text: Callable[[Cell], str]
) -> bool:
    """Whether a cell of a header can stand below another: that lies over several columns, or says the same."""
    if above is None or above.columns > 1 or above.row + above.rows > below.row or not text(above):
        return True
    roles = _role(text(above), further)[0], _role(text(below), further)[0]
    return roles[0] in ("", roles[1]) or roles == ("name", "level")


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
