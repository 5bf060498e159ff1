"""The description of a table, whatever paper it is printed on: rows of slots that span columns and rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

from .facts import Cell

PAD = 0.4  # between a cell's border and its text, in full-width characters
Kind = Literal["header", "name", "code", "amount"]


@dataclass(frozen=True)
class Slot:
    """A cell of a grid as printed; ``cell`` is the figure that it stands for."""

    text: str = ""
    kind: Kind = "header"
    columns: int = 1
    rows: int = 1
    cell: Cell | None = None


Rows: TypeAlias = Sequence[Sequence[Slot]]


@dataclass(frozen=True)
class Grid:
    """A table: the widths of its columns in full-width characters, and rows of slots.

    ``total`` is the first row where it may be printed again on further pages.
    """

    widths: Sequence[float]
    header: Rows
    body: Rows
    total: Sequence[Slot] | None = None


def placed(rows: Rows) -> Iterator[tuple[int, int, Slot]]:
    """Each slot with the row and the column that it begins in.

    As in HTML, the slots of a row fill the columns that slots of the rows above leave free.
    """
    taken: set[tuple[int, int]] = set()
    for at, row in enumerate(rows):
        column = 0
        for slot in row:
            while (at, column) in taken:
                column += 1
            yield at, column, slot
            taken.update(product(range(at, at + slot.rows), range(column, column + slot.columns)))


def across(rows: Rows) -> int:
    """How many columns there are."""
    return max(column + slot.columns for _, column, slot in placed(rows))
