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
FOOT = "\n" + " " * (PAGE // 2) + "— {} —\n\f"


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


def _aligned(measure: Callable[[str], int]) -> Callable[[Table], Iterator[str]]:
    """Columns kept by spaces, cells set in the middle of their height: lines of a row lie between each other's.

    ``measure`` says how many columns of the page a text takes.
    """

    def rows(table: Table) -> Iterator[str]:
        room = _widths(table)
        lines = [
            (row, column, cell, _wrap(cell, sum(room[column : column + cell.across]) + 2 * (cell.across - 1)))
            for row, column, cell in table.placed
        ]  # fmt: skip
        widths = [0] * table.width
        for across in sorted({cell.across for *_, cell, _ in lines}):
            for _, column, cell, wrapped in lines:
                if cell.across == across:
                    last = column + across - 1
                    taken = sum(widths[column:last]) + 2 * (across - 1)
                    widths[last] = max(widths[last], max(map(measure, wrapped)) - taken)
        starts = [sum(widths[:column]) + 2 * column for column in range(table.width + 1)]
        heights = [1] * len(table.rows)
        for down in sorted({cell.down for *_, cell, _ in lines}):
            for row, _, cell, wrapped in lines:
                if cell.down == down:
                    lacking = len(wrapped) - sum(heights[row : row + down])
                    heights[min(row + down, len(heights)) - 1] += max(lacking, 0)
        head = next((at for at, row in enumerate(table.rows) if any(map(_is_amount, row))), 2)
        printed: dict[int, list[tuple[int, str]]] = {}  # by half lines
        for row, column, cell, wrapped in lines:
            middle = 2 * sum(heights[:row]) + sum(heights[row : row + cell.down])
            for at, line in enumerate(wrapped):
                free = starts[column + cell.across] - 2 - starts[column] - measure(line)
                centred = cell.across > 1 or row < head
                shift = free if _is_amount(cell) else free // 2 if centred else 0
                if line:
                    place = (starts[column] + shift, line)
                    printed.setdefault(middle - len(wrapped) + 2 * at, []).append(place)
        for _, words in sorted(printed.items()):
            text = ""
            for start, word in sorted(words):
                text += " " * (start - measure(text)) + word
            yield text

    return rows


def _is_amount(cell: Cell) -> bool:
    """A figure that is neither a code nor a number of rows or columns."""
    return cell.is_figure and not cell.text.isdecimal()


def _widths(table: Table) -> list[int]:
    """How wide columns are: figures fit, names are wrapped, heads are wrapped to what is below them."""
    widths = [8] * table.width
    for _, column, cell in table.placed:
        if cell.across == 1 and cell.down == 1:
            wanted = width(cell.text) if cell.is_figure else max(map(width, cell.lines))
            widths[column] = max(
                widths[column], wanted if cell.is_figure else min(wanted, 2 * NAME)
            )
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
    # pdftotext -layout counts a full-width character as one column, an editor as two
    "pdftotext": Paper(_aligned(len), broken=True, page_end=FOOT),
    "layout": Paper(_aligned(width), broken=True, page_end=FOOT),
    "tabbed": Paper(tabbed),
    "tabbed_once": Paper(tabbed_once),
    "stacked": Paper(stacked),
    "stacked_tight": Paper(stacked_tight, loses_blanks=True),
    "spaced": Paper(spaced, loses_blanks=True),
}
