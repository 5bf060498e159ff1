"""Papers of text: the ways in which copies of a report print the tables of a template."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import TypeAlias

from layout.grid import Rows, Slot, across, placed

from .description import Piece, Template, is_figure, lines_of, plain, text_of

NAME = 11
"""Characters of a name on a line, where names are wrapped."""
PROSE = 34
"""Characters of a paragraph on a line, where lines are broken as the page has them."""
PAGE = 96
"""Columns of a page that keeps places; a full-width character takes two."""
FOOT = "\n" + " " * (PAGE // 2) + "— {} —\n\f"


Printing: TypeAlias = Callable[[Rows], Iterator[str]]


@dataclass(frozen=True)
class Paper:
    """How a copy is made.

    ``table`` prints a table; ``broken`` paragraphs have the lines of the page; ``spaced`` lines have a blank one
    between them; pages end with ``page_end``. Where blank cells vanish (``loses_blanks``), a row may tell nothing of
    its columns.
    """

    table: Printing
    broken: bool = False
    spaced: bool = False
    page_end: str = ""
    loses_blanks: bool = False

    def print(self, template: Template) -> str:
        text: list[str] = []
        page = 1
        for piece in template.pieces:
            if not isinstance(piece, Piece):
                lines = [*self.table(piece)]
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


def _name_lines(slot: Slot) -> list[str]:
    """The lines of a cell that is as wide as a name may be, or wider where it spans columns."""
    if is_figure(slot):
        return [text_of(slot)]
    return [piece for line in lines_of(slot) for piece in _cut(line, NAME * slot.columns)]


def _in_order(keeps_blanks: bool) -> Printing:
    """Cells in the order of the page, one space apart; a wrapped one stands on lines of its own."""

    def table(rows: Rows) -> Iterator[str]:
        for row in rows:
            line: list[str] = []
            for slot in row:
                first, *more = _name_lines(slot)
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

    return table


def tabbed(rows: Rows) -> Iterator[str]:
    """As a sheet is copied: what a cell spans is empty."""
    grid = [[""] * across(rows) for _ in rows]
    for row, column, slot in placed(rows):
        grid[row][column] = text_of(slot)
    return map("\t".join, grid)


def tabbed_once(rows: Rows) -> Iterator[str]:
    """As a table of a web page is copied: what a cell spans is left out."""
    return ("\t".join(map(text_of, row)) for row in rows)


def stacked(rows: Rows) -> Iterator[str]:
    """One cell a line."""
    return (text_of(slot) for row in rows for slot in row)


def stacked_tight(rows: Rows) -> Iterator[str]:
    return filter(None, stacked(rows))


def spaced(rows: Rows) -> Iterator[str]:
    """Cells two spaces or more apart that stand below nothing."""
    gaps = cycle((2, 4, 3, 2, 6))
    for row in rows:
        cells = filter(None, map(text_of, row))
        if line := "".join(cell + " " * next(gaps) for cell in cells).rstrip():
            yield line


def _aligned(measure: Callable[[str], int]) -> Printing:
    """Columns kept by spaces, cells set in the middle of their height: lines of a row lie between each other's.

    ``measure`` says how many columns of the page a text takes.
    """

    def table(rows: Rows) -> Iterator[str]:
        room = _widths(rows)
        lines = [
            (row, column, cell, _wrap(cell, sum(room[column : column + cell.columns]) + 2 * (cell.columns - 1)))
            for row, column, cell in placed(rows)
        ]  # fmt: skip
        widths = [0] * len(room)
        for columns in sorted({cell.columns for *_, cell, _ in lines}):
            for _, column, cell, wrapped in lines:
                if cell.columns == columns:
                    last = column + columns - 1
                    taken = sum(widths[column:last]) + 2 * (columns - 1)
                    widths[last] = max(widths[last], max(map(measure, wrapped)) - taken)
        starts = [sum(widths[:column]) + 2 * column for column in range(len(room) + 1)]
        heights = [1] * len(rows)
        for down in sorted({cell.rows for *_, cell, _ in lines}):
            for row, _, cell, wrapped in lines:
                if cell.rows == down:
                    lacking = len(wrapped) - sum(heights[row : row + down])
                    heights[min(row + down, len(heights)) - 1] += max(lacking, 0)
        head = next((at for at, row in enumerate(rows) if any(map(_is_amount, row))), 2)
        printed: dict[int, list[tuple[int, str]]] = {}  # by half lines
        for row, column, cell, wrapped in lines:
            middle = 2 * sum(heights[:row]) + sum(heights[row : row + cell.rows])
            for at, line in enumerate(wrapped):
                free = starts[column + cell.columns] - 2 - starts[column] - measure(line)
                centred = cell.columns > 1 or row < head
                shift = free if _is_amount(cell) else free // 2 if centred else 0
                if line:
                    place = (starts[column] + shift, line)
                    printed.setdefault(middle - len(wrapped) + 2 * at, []).append(place)
        for _, words in sorted(printed.items()):
            text = ""
            for start, word in sorted(words):
                text += " " * (start - measure(text)) + word
            yield text

    return table


def _is_amount(slot: Slot) -> bool:
    """A figure that is neither a code nor a number of rows or columns."""
    return is_figure(slot) and not text_of(slot).isdecimal()


def _widths(rows: Rows) -> list[int]:
    """How wide columns are: figures fit, names are wrapped, heads are wrapped to what is below them."""
    widths = [8] * across(rows)
    for _, column, slot in placed(rows):
        if slot.columns == slot.rows == 1:
            wanted = max(map(width, lines_of(slot)))
            wanted = wanted if is_figure(slot) else min(wanted, 2 * NAME)
            widths[column] = max(widths[column], wanted)
    return widths


def _wrap(slot: Slot, room: int) -> list[str]:
    if is_figure(slot):
        return [text_of(slot)]
    lines = []
    for piece in lines_of(slot):
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
