"""Rows of a text that print fewer figures than there are columns: in which of them each stands.

Spaces or tabs may tell, if they do so in every row of the table; where they don't, what the form adds up may leave only
one column for a figure. All others are unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from math import comb
from typing import Final

from qy_finance.figures import number
from qy_finance.form import ColumnSpec, SideSpec
from qy_finance.tables.rows import TableRow, TableSource, Token

Cells = list[Token | None]
_MOST_WAYS: Final = 5000
_TERMS: Final = 3  # figures that an equation needs, none of them zero, to be no chance


def gapped(source: TableSource, row: TableRow, width: int) -> Cells | None:
    """The cells of a row as its spaces tell them: a text writes a blank cell as one more space, or tab."""
    if source.spec.layout == "economic" and row.code and width - len(row.cells) == 1:
        return _by_code(source, row)
    cells: Cells = []
    for cell in row.cells:
        if cell is not None and not cell.first:
            cells.extend([None] * (cell.gap - 1))
        cells.append(cell)
    last = row.cells[-1]
    text = source.document.text
    if last is not None and len(cells) < width:  # behind a dash is no telling
        behind = text[last.end : source.document.line_at(last.end).end]
        cells.extend([None] * (behind.count("\t") or len(behind) - 1))
    return cells if len(cells) == width else None


def _by_code(source: TableSource, row: TableRow) -> Cells | None:
    """An amount is either 人员经费 or 公用经费, and the code tells which."""
    if len(row.cells) != 2:
        return None
    total, part = row.cells
    personnel = source.spec.sides[0].codes
    is_personnel = personnel is not None and personnel.match(row.code or "")
    return [total, part, None] if is_personnel else [total, None, part]


def settle(
    source: TableSource, rows: Sequence[TableRow], columns: Sequence[Sequence[ColumnSpec]]
) -> None:
    """Give the cells of short rows their columns where no other way is left; the others are unread."""
    certain: dict[int, Mapping[int, Token | None]] = {}
    sure: set[int] = set()
    for at, row in enumerate(rows):
        width = len(columns[row.side])
        if len(row.cells) == width:
            certain[at] = dict(enumerate(row.cells))
        elif not row.cells:
            certain[at] = dict.fromkeys(range(width))
        else:
            equations = _equations(source, row, columns[row.side])
            places, strong = _only_places(row.cells, width, equations)
            certain[at] = _without_parts(places, equations)
            sure.update([at] * strong)
    sums = _Sums(rows, certain)
    for at, row in enumerate(rows):
        width = len(columns[row.side])
        if len(row.cells) == width or not row.cells:
            row.cells = row.cells or [None] * width
            continue
        held = {
            column: cell for column, cell in certain[at].items()
            if (told := sums.tell(at, column)) is not False and (told or at in sure)
        }  # fmt: skip
        read = [cell for cell in held.values() if cell is not None]
        row.unread = [cell for cell in row.cells if cell is not None and cell not in read]
        row.unknown = [column for column in range(width) if column not in held]
        row.cells = [held.get(column) for column in range(width)]


@dataclass(frozen=True, slots=True)
class _Equation:
    """Columns that add up to as much as others; one alone on its side is blank only where all of these are."""

    left: tuple[int, ...]
    right: tuple[int, ...]

    def holds(self, values: Sequence[Decimal | None]) -> bool:
        whole, parts = ([values[at] for at in side] for side in (self.left, self.right))
        if len(whole) == 1 and whole[0] is None and any(part is not None for part in parts):
            return False
        return sum(filter(None, whole)) == sum(filter(None, parts))

    def is_strong(self, values: Sequence[Decimal | None]) -> bool:
        return sum(bool(values[at]) for at in (*self.left, *self.right)) >= _TERMS


def _equations(
    source: TableSource, row: TableRow, columns: Sequence[ColumnSpec]
) -> list[_Equation]:
    """What the form says of these columns; nothing where one is there that is neither the form's nor a part of one."""
    side: SideSpec | None = source.spec.sides[row.side] if source.spec.layout == "sides" else None
    said = side.sums if side else source.spec.sums
    names = [column.name for column in columns]
    groups = [f"{group.name}/" for group in source.spec.groups]
    groups = [group for group in groups if any(n.startswith(group) for n in names)] or [""]
    found: list[_Equation] = []
    added: set[int] = set()
    for group in groups:
        own = {
            name.removeprefix(group): at for at, name in enumerate(names) if name.startswith(group)
        }
        for equation in said:
            left, right = (
                tuple(own[name] for name in side.split(" + ") if name in own)
                for side in equation.split(" = ")
            )
            several = " + " in equation.partition(" = ")[0]
            whole = len(left) + len(right) == 2 + equation.count(" + ")
            if left and right and (whole or not several):
                found.append(_Equation(left, right))
                added.update(left, right)
    parts = {at for at, name in enumerate(names) if name.rpartition("/")[0] in names}
    return found if added | parts == set(range(len(names))) else []


def _only_places(
    cells: Cells, width: int, equations: Sequence[_Equation]
) -> tuple[dict[int, Token | None], bool]:
    """The columns that hold the same in all ways to place cells in order for which what adds up does.

    And whether that it does is no chance.
    """
    count = len(cells)
    if not equations or count > width or comb(width, count) > _MOST_WAYS:
        return {}, False
    figures = [number(cell.text) if cell else None for cell in cells]
    found: list[dict[int, Token | None]] = []
    strong = True
    for places in combinations(range(width), count):
        values: list[Decimal | None] = [None] * width
        for at, figure in zip(places, figures, strict=True):
            values[at] = figure
        if all(equation.holds(values) for equation in equations):
            way = dict(zip(places, cells, strict=True))
            found.append({column: way.get(column) for column in range(width)})
            strong = strong and any(equation.is_strong(values) for equation in equations)
    if not found or not any(figures):
        return {}, False
    first, *others = found
    same = {c: cell for c, cell in first.items() if all(way[c] is cell for way in others)}
    return same, strong


def _without_parts(
    places: dict[int, Token | None], equations: Sequence[_Equation]
) -> dict[int, Token | None]:
    """The places without those that lean on columns that no equation binds: of these a sum alone is sure."""
    bound = {at for equation in equations for at in (*equation.left, *equation.right)}
    if bound.issuperset(places):
        return places
    sums = {equation.left[0] for equation in equations if len(equation.left) == 1}
    return {at: cell for at, cell in places.items() if at in sums}


class _Sums:
    """The rows of a table that add up to others above them, by their codes."""

    def __init__(
        self, rows: Sequence[TableRow], certain: Mapping[int, Mapping[int, Token | None]]
    ) -> None:
        self.certain = certain
        self.families: dict[int, list[tuple[int, list[int]]]] = {}
        codes: dict[str, int] = {row.code: at for at, row in enumerate(rows) if row.code}
        totals = [at for at, row in enumerate(rows) if not row.code and row.cells]
        if len(codes) < len([row for row in rows if row.code]) or len(totals) > 1:
            return  # a code that stands twice: whose rows are whose, nobody knows
        parents: dict[int, list[int]] = {}
        for code, at in codes.items():
            above = next(
                (codes[code[:n]] for n in (5, 3) if n < len(code) and code[:n] in codes), None
            )
            parent = above if above is not None else next(iter(totals), None)
            if parent is not None:
                parents.setdefault(parent, []).append(at)
        for parent, children in parents.items():
            for at in (parent, *children):
                self.families.setdefault(at, []).append((parent, children))

    def tell(self, at: int, column: int) -> bool | None:
        """Whether a figure adds up with those of other rows; None where that can't be told."""
        verdicts = [*self._verdicts(at, column)]
        return all(verdicts) if verdicts else None

    def _verdicts(self, at: int, column: int) -> Iterator[bool]:
        for parent, children in self.families.get(at, ()):
            if any(column not in self.certain[row] for row in (parent, *children)):
                continue
            values = [self._value(row, column) for row in (parent, *children)]
            if any(values):
                yield values[0] == sum(values[1:])

    def _value(self, row: int, column: int) -> Decimal:
        cell = self.certain[row][column]
        return number(cell.text) if cell else Decimal(0)
