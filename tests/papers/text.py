"""Papers of text: the ways in which copies of a report print the tables of a template."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from .description import Cell, Piece, Table, Template, plain

NAME = 11
"""Characters of a name on a line, where names are wrapped."""
PROSE = 34
"""Characters of a paragraph on a line, where lines are broken as the page has them."""
PAGE = 96
"""Columns of a page that keeps places; a full-width character takes two."""


@dataclass(frozen=True)
class Paper:
    """How a copy is made.

    ``rows`` prints a table; ``broken`` paragraphs have the lines of the page; ``spaced`` lines have a blank one
    between them; pages end with ``page_end``. Where blank cells vanish (``loses_blanks``), a row may tell nothing of
    its columns.
    """

    rows: Callable[[Table], Iterator[str]]
    broken: bool = False
    spaced: bool = False
    page_end: str = ""
    loses_blanks: bool = False

    def print(self, template: Template) -> str:
        text: list[str] = []
        page = 1
        for piece in template.pieces:
            if isinstance(piece, Table):
                lines = [*self.rows(piece)]
            elif piece.mark == "/":
                lines = self.page_end.format(page).split("\n")[:-1] if self.page_end else []
                page += 1
            else:
                lines = [*self._lines(piece)]
            gap = "\n\n" if self.spaced else "\n"
            text += [line + gap for line in lines]
        return "".join(text)

    def _lines(self, piece: Piece) -> Iterator[str]:
        for line in plain(piece.markup).split("\n"):
            if self.broken and piece.mark == ">" and "....." not in line:
                yield from _cut(line, PROSE)
            elif self.page_end and piece.mark == "=":
                yield " " * ((PAGE - width(line)) // 2) + line
            else:
                yield line


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _cut(text: str, length: int) -> list[str]:
    return [text[at : at + length] for at in range(0, len(text), length)] or [""]


def _name_lines(cell: Cell) -> list[str]:
    """The lines of a cell that is as wide as a name may be, or wider where it spans columns."""
    if cell.is_figure:
        return [cell.text]
    return [piece for line in cell.lines for piece in _cut(line, NAME * cell.across)]


def _in_order(keeps_blanks: bool) -> Callable[[Table], Iterator[str]]:
    """Cells in the order of the page, one space apart; a wrapped one stands on lines of its own."""

    def rows(table: Table) -> Iterator[str]:
        for row in table.rows:
            line: list[str] = []
            for cell in row:
                first, *more = _name_lines(cell)
                if more:
                    if any(line):
                        yield " ".join(line) + " "
                    yield from (first, *more[:-1])
                    yield more[-1] + " "
                    line = []
                elif first or keeps_blanks:
                    line.append(first)
            if any(line):
                yield " ".join(line) + " "

    return rows


def _grid(table: Table) -> list[list[str]]:
    """Every field of a table; a cell that spans several is printed in its first."""
    grid = [[""] * table.width for _ in table.rows]
    for row, column, cell in table.placed:
        grid[row][column] = cell.text
    return grid


def tabbed(table: Table) -> Iterator[str]:
    """As a sheet is copied: what a cell spans is empty."""
    return map("\t".join, _grid(table))


def tabbed_once(table: Table) -> Iterator[str]:
    """As a table of a web page is copied: what a cell spans is left out."""
    return ("\t".join(cell.text for cell in row) for row in table.rows)


def stacked(table: Table) -> Iterator[str]:
    """One cell a line."""
    return (cell.text for row in table.rows for cell in row)


def stacked_tight(table: Table) -> Iterator[str]:
    return filter(None, stacked(table))


def spaced(table: Table) -> Iterator[str]:
    """Cells two spaces or more apart that stand below nothing."""
    gaps = cycle((2, 4, 3, 2, 6))
    for row in table.rows:
        cells = [cell.text for cell in row if cell.text]
        if cells:
            yield "".join(cell + " " * next(gaps) for cell in cells).rstrip()


def aligned(table: Table) -> Iterator[str]:
    """Columns kept by spaces, cells set in the middle of their height: lines of a row lie between each other's."""
    widths = _widths(table)
    starts = [sum(widths[:column]) + 2 * column for column in range(table.width + 1)]
    wrapped = {
        (row, column): _wrap(cell, starts[column + cell.across] - starts[column] - 2)
        for row, column, cell in table.placed
    }
    heights = [
        max((len(wrapped[at, column]) for row, column, cell in table.placed if row == at and cell.down == 1), default=1)
        for at in range(len(table.rows))
    ]  # fmt: skip
    for row, column, cell in table.placed:
        lacking = len(wrapped[row, column]) - sum(heights[row : row + cell.down])
        heights[row] += max(lacking, 0)
    head = next((at for at, row in enumerate(table.rows) if any(map(_is_amount, row))), 2)
    printed: dict[int, list[tuple[int, str]]] = {}  # by half lines
    for row, column, cell in table.placed:
        top = 2 * sum(heights[:row])
        room = 2 * sum(heights[row : row + cell.down])
        lines = wrapped[row, column]
        space = starts[column + cell.across] - starts[column] - 2
        for at, line in enumerate(lines):
            y = top + room // 2 - len(lines) + 2 * at
            free = space - width(line)
            shift = free if _is_amount(cell) else free // 2 if cell.across > 1 or row < head else 0
            if line:
                printed.setdefault(y, []).append((starts[column] + max(shift, 0), line))
    for _, words in sorted(printed.items()):
        text = ""
        for start, word in sorted(words):
            text += " " * max(start - width(text), 1 if text else 0) + word
        yield text


def _is_amount(cell: Cell) -> bool:
    """A figure that is neither a code nor a number of rows or columns."""
    return cell.is_figure and not cell.text.isdecimal()


def _widths(table: Table) -> list[int]:
    """How wide columns are: figures fit, names are wrapped, heads are wrapped to what is below them."""
    widths = [8] * table.width
    for _, column, cell in table.placed:
        if cell.across == 1 and cell.down == 1:
            wanted = (
                width(cell.text) if cell.is_figure else min(max(map(width, cell.lines)), 2 * NAME)
            )
            widths[column] = max(widths[column], wanted)
    for _, column, cell in table.placed:
        if cell.is_figure and cell.across > 1:
            lacking = width(cell.text) - sum(widths[column : column + cell.across])
            widths[column] += max(lacking, 0)
    return widths


def _wrap(cell: Cell, room: int) -> list[str]:
    if cell.is_figure:
        return [cell.text]
    lines = []
    for piece in cell.lines:
        line = ""
        for sign in piece:
            if line and width(line + sign) > room:
                lines.append(line)
                line = ""
            line += sign
        lines.append(line)
    return lines


PAPERS = {
    "raw": Paper(_in_order(True), broken=True, spaced=True, loses_blanks=True),
    "raw_tight": Paper(_in_order(False), broken=True, loses_blanks=True),
    "layout": Paper(aligned, broken=True, page_end="\n" + " " * (PAGE // 2) + "— {} —\n\f"),
    "tabbed": Paper(tabbed),
    "tabbed_once": Paper(tabbed_once),
    "stacked": Paper(stacked),
    "stacked_tight": Paper(stacked_tight, loses_blanks=True),
    "spaced": Paper(spaced, loses_blanks=True),
}
