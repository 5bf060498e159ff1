"""The grid of a table on one page, row by row."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

from qy_finance.figures import AMOUNT
from qy_finance.marks import CODE, NUMBERED, OPENS_CHAPTER, YEAR
from qy_finance.readers import Cell, Document, Grid, squeeze
from qy_finance.tables.locate import Block

_YEAR: Final = re.compile(YEAR)
_SIMILAR: Final = 0.6  # of the headers of a table's pages


class GridSheet:
    """The rows of a table on one page: each a list of the cells that begin in it.

    ``data_from`` is the index of the first row below the header; None where there is none.
    """

    def __init__(self, document: Document, grid: Grid, start: int, end: int) -> None:
        self.document = document
        self.grid = grid
        rows: dict[int, list[Cell]] = {}
        for cell in grid.cells:
            rows.setdefault(cell.row, []).append(cell)
        self.rows = [
            row
            for row in rows.values()
            if any(cell.start < cell.end and start <= cell.start < end for cell in row)
        ]

        self.data_from = next(
            (at for at, row in enumerate(self.rows) if self._holds_data(row)), None
        )

    def text(self, cell: Cell) -> str:
        return self.document.text[cell.start : cell.end]

    def texts(self, row: list[Cell]) -> list[str]:
        return [text for cell in row if (text := self.text(cell))]

    @property
    def header(self) -> str:
        """All that is printed above the first row with data."""
        return "".join(text for row in self.rows[: self.data_from] for text in self.texts(row))

    def borders(self, cell: Cell) -> tuple[float, float]:
        return self.grid.xs[cell.column], self.grid.xs[cell.column + cell.columns]

    def _holds_data(self, row: list[Cell]) -> bool:
        """Whether a row belongs to an account: it has a figure, a code or the ordinal of a line (一、)."""
        texts = self.texts(row)
        if self.column_numbers(row) or any(map(_YEAR.fullmatch, texts)):
            return False
        return any(
            AMOUNT.fullmatch(text) or CODE.fullmatch(text) or OPENS_CHAPTER.match(text)
            for text in texts
        )

    def column_numbers(self, row: list[Cell]) -> list[Cell]:
        """The cells of a row that counts columns (栏次), else none."""
        numbers = [cell for cell in row if self.text(cell).isdigit()]
        words = [text for text in self.texts(row) if not text.isdigit()]
        counted = [int(self.text(cell)) for cell in numbers]
        if counted and counted == list(range(1, len(counted) + 1)):
            labelled = bool(words) and all(squeeze(word) in NUMBERED for word in words)
            if labelled or (not words and len(counted) > 1):
                return numbers
        return []


def alike(header: str, other: str) -> bool:
    """Whether two headers are that of one table, if a scan spelled them differently too."""
    return SequenceMatcher(None, header, other, autojunk=False).ratio() > _SIMILAR


def sheets_of(document: Document, block: Block) -> list[GridSheet]:
    """The grids, or parts of grids, that belong to a block."""
    if not block.lines:
        return []
    start, end = block.lines[0].start, block.lines[-1].end
    sheets = (
        GridSheet(document, g, start, end)
        for g in document.grids
        if g.start < end and g.end > start
    )
    return [sheet for sheet in sheets if sheet.rows]
