"""Rows of tables in a text that stand in no grid: lines whose cells are divided by tabs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from qy_finance.figures import AMOUNT
from qy_finance.marks import PAGE_NUMBER
from qy_finance.readers import Cell, Document, Line

_CELLS: Final = 3  # a line of as many cells, divided by tabs, is a row of a table


def tabbed_lines(document: Document) -> frozenset[int]:
    """Numbers of the lines of a text that stand in no grid and are rows of tables: their cells are divided by tabs.

    Such rows stand together. Some have three cells or more, or a figure alone in one; a paragraph that is set in by a
    tab, or a line of contents with its page number, has not.
    """
    if document.layout is not None or "\t" not in document.text:
        return frozenset()
    found: set[int] = set()
    loose = (line for line in document.lines if document.grid_of(line) is None)
    texts = ((line, document.text[line.start : line.end]) for line in loose)
    for has_tabs, run in groupby(texts, key=lambda told: "\t" in told[1]):
        told = [*run] if has_tabs else []
        rows = [at for at, (_, text) in enumerate(told) if is_divided(text)]
        certain = sum(_is_row(told[at][1]) for at in rows) > 1
        if certain and not _is_contents(
            [told[at][1] for at in rows]
        ):  # a blank row may lie between
            found.update(line.number for line, _ in told[rows[0] : rows[-1] + 1])
    return frozenset(found)


def _is_contents(rows: list[str]) -> bool:
    """Whether lines are a table of contents: each ends with a page number, its only figure, and they do not fall."""
    numbers = []
    for row in rows:
        *words, last = row.split()
        if not PAGE_NUMBER.fullmatch(last) or any(map(AMOUNT.fullmatch, words)):
            return False
        numbers.append(int(last))
    return numbers == sorted(numbers)


def _is_row(text: str) -> bool:
    """Whether a line is certainly a row: of three cells or more, or with a figure that is no page number."""
    cells = [cell.strip() for cell in text.split("\t")]
    amounts = (AMOUNT.fullmatch(cell.rstrip("%％")) and not cell.isdigit() for cell in cells)
    return len(cells) >= _CELLS or any(amounts)


def is_divided(text: str) -> bool:
    """Whether tabs divide a line into cells; one that only sets it in does not."""
    return "\t" in text.strip()


def line_cells(text: str, line: Line, row: int, divided: bool) -> Iterator[Cell]:
    """The cells of a line: divided by its tabs, or one."""
    printed = text[line.start : line.end]
    begin = line.start
    for column, piece in enumerate(printed.split("\t") if divided else [printed]):
        start = begin + len(piece) - len(piece.lstrip())
        yield Cell(start, max(start, begin + len(piece.rstrip())), row, column, 1, 1)
        begin += len(piece) + 1
