"""Tables as grids: cells that span rows and columns, over as many pages as they need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .canvas import wrap
from .facts import Cell
from .grid import PAD, Grid, Rows, Slot, placed
from .pdf_paper import MARGIN, Paper, Place

PITCH = 1.25  # from line to line in a cell, in sizes of its type


@dataclass(frozen=True)
class _Laid:
    slot: Slot
    row: int
    column: int
    lines: tuple[str, ...]


class GridWriter:
    """Draws one grid on paper and keeps where its figures stand."""

    def __init__(self, paper: Paper, grid: Grid, new_page: Callable[[], None]) -> None:
        self.paper, self.grid, self.new_page = paper, grid, new_page
        self.options = paper.options
        room = paper.sheet.width - 2 * MARGIN
        self.size = min(9.0, room / sum(grid.widths))
        left = (paper.sheet.width - sum(grid.widths) * self.size) / 2
        self.xs = [left]
        for width in grid.widths:
            self.xs.append(self.xs[-1] + width * self.size)
        self.places: list[tuple[Cell, Place]] = []  # copies of a figure included

    def write(self) -> None:
        """Draw header and rows, on further pages as the options say."""
        options = self.options
        pages: list[list[Sequence[Slot]]] = [[*self.grid.header]]
        fresh, used = len(pages[0]), self._height(pages[0])
        for row in self.grid.body:
            height = self._height([row])
            number = len(pages[-1]) - fresh
            if number and (number >= options.rows_per_page or used + height > self._room(pages)):
                again = [*self.grid.header] if options.repeat != "none" else []
                if again and options.repeat_total and self.grid.total is not None:
                    again.append(self.grid.total)
                pages.append(again)
                fresh, used = len(again), self._height(again)
            pages[-1].append(row)
            used += height
        if options.empty_page:
            pages.append([[Slot() for _ in self.grid.widths]])
        for number, page in enumerate(pages):
            if number:
                self.new_page()
            self._draw(page)

    def _height(self, rows: Rows) -> float:
        return sum(self._heights(rows))

    def _room(self, pages: list[list[Sequence[Slot]]]) -> float:
        """The height that is left for rows; a further page may begin with its title."""
        if len(pages) == 1:
            return self.paper.left
        return self.paper.sheet.height - 2 * MARGIN - 80

    def _arrange(self, rows: Rows) -> list[_Laid]:
        """Give each slot its row, first column and lines of text."""
        laid: list[_Laid] = []
        for at, column, slot in placed(rows):
            width = sum(self.grid.widths[column : column + slot.columns]) - 2 * PAD
            fixed = slot.kind in ("amount", "code")
            lines = [slot.text] if fixed else wrap(slot.text, int(2 * width + 0.01))
            laid.append(_Laid(slot, at, column, tuple(filter(None, lines))))
        return laid

    def _heights(self, rows: Rows) -> list[float]:
        heights = [(PITCH + 2 * PAD) * self.size for _ in rows]
        for laid in sorted(self._arrange(rows), key=lambda laid: laid.slot.rows):
            spanned = slice(laid.row, laid.row + laid.slot.rows)
            needed = (len(laid.lines) * PITCH + 2 * PAD) * self.size
            heights[laid.row + laid.slot.rows - 1] += max(0.0, needed - sum(heights[spanned]))
        return heights

    def _draw(self, rows: Rows) -> None:
        ys = [self.paper.y]
        for height in self._heights(rows):
            ys.append(ys[-1] + height)
        borders: list[tuple[float, float, float, float]] = []
        for laid in self._arrange(rows):
            slot = laid.slot
            box = (
                self.xs[laid.column],
                ys[laid.row],
                self.xs[laid.column + slot.columns],
                ys[laid.row + slot.rows],
            )
            borders.append(box)
            if self.options.shaded and slot.kind == "header" and self.options.ruled != "none":
                self.paper.rectangle(*box, grey=0.85)
            self._fill(laid, box)
        self._rule(borders)
        self.paper.y = ys[-1]

    def _fill(self, laid: _Laid, box: tuple[float, float, float, float]) -> None:
        x0, top, x1, bottom = box
        slot, size = laid.slot, self.size
        centred = slot.kind == "header" or (slot.kind == "code" and slot.columns == 1)
        align = {"name": "left", "amount": self.options.align}.get(slot.kind, "center")
        valign = self.options.valign if slot.kind == "amount" else "middle"
        free = bottom - top - 2 * PAD * size - len(laid.lines) * PITCH * size
        y = top + PAD * size + {"top": 0.0, "middle": free / 2, "bottom": free}[valign]
        for number, line in enumerate(laid.lines, start=1):
            baseline = y + (number * PITCH - 0.3) * size
            width, space = self.paper.width(line, size), 0.0
            room = x1 - x0 - 2 * PAD * size
            stretched = self.options.justified and number < len(laid.lines) and not centred
            if stretched and len(line) > 1:
                space = max(0.0, room - width) / max(1, self.paper.gaps(line) - 1)
            at = {
                "left": x0 + PAD * size,
                "center": (x0 + x1 - width) / 2,
                "right": x1 - PAD * size - width,
            }[align]
            place = self.paper.text(at, baseline, line, size, space=space)
            if slot.cell is not None:
                self.places.append((slot.cell, place))

    # ------------------------------------------------------------------------ ruling lines

    def _rule(self, boxes: list[tuple[float, float, float, float]]) -> None:
        ruled, paper = self.options.ruled, self.paper
        if ruled == "cells":
            for x0, top, x1, bottom in boxes:
                paper.line(x0, top, x1, top)
                paper.line(x0, bottom, x1, bottom)
                paper.line(x0, top, x0, bottom)
                paper.line(x1, top, x1, bottom)
        elif ruled == "rectangles":
            for box in boxes:
                paper.rectangle(*box)
        elif ruled != "none":
            for x0, top, x1, bottom in self._long(boxes):
                if ruled == "filled":
                    paper.rectangle(x0 - 0.25, top - 0.25, x1 + 0.25, bottom + 0.25, grey=0.0)
                elif ruled == "lines" or not (x0 == x1 and x0 in (self.xs[0], self.xs[-1])):
                    paper.line(x0, top, x1, bottom)

    def _long(
        self, boxes: list[tuple[float, float, float, float]]
    ) -> list[tuple[float, float, float, float]]:
        """The borders of all cells, joined to lines as long as can be."""
        level: dict[float, list[tuple[float, float]]] = defaultdict(list)
        upright: dict[float, list[tuple[float, float]]] = defaultdict(list)
        for x0, top, x1, bottom in boxes:
            for y in (top, bottom):
                level[y].append((x0, x1))
            for x in (x0, x1):
                upright[x].append((top, bottom))
        return [
            *((a, y, b, y) for y, parts in level.items() for a, b in _joined(parts)),
            *((x, a, x, b) for x, parts in upright.items() for a, b in _joined(parts)),
        ]


def _joined(parts: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, end in sorted(parts):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
