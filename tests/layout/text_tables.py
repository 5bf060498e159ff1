"""Tables as the text of the published report has them: rows of a grid, cell after cell, on a canvas."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .accounts import Account
from .canvas import Canvas, Name
from .facts import Cell, Span
from .figures import Figures
from .grid import Grid, Slot
from .headers import JUMBLED, NOTES, ROUNDING, TITLES
from .tables import Grids


class Tables:
    """Writes the nine tables on a canvas and keeps what it wrote."""

    def __init__(self, account: Account, canvas: Canvas) -> None:
        self.account, self.canvas = account, canvas
        self.cells: list[Cell] = []
        self.spans: dict[str, Span] = {}

    def write(self, skip: Sequence[str] = ()) -> None:
        grids = Grids(self.canvas.options)
        figures = Figures(self.account, self.canvas.options).tables()
        for number, (table, cells) in enumerate(figures.items(), start=1):
            if table not in skip:
                self._lay_out(number, table, grids.grid(table, cells))

    def _lay_out(self, number: int, table: str, grid: Grid) -> None:
        canvas = self.canvas
        title = canvas.random.choice(TITLES[table])
        canvas.new_page()
        start = canvas.position
        self._head(number, table, title, grid)
        first_row = last_row = canvas.position
        on_page = 0
        for at, row in enumerate(grid.body):
            if on_page >= canvas.options.rows_per_page:
                on_page = 0
                canvas.new_page()
                if canvas.options.repeat_headers:
                    self._head(number, table, title, grid)
                    if grid.total is not None:
                        self._row(grid.total)
            last_row = canvas.position
            self._row(row)
            self.cells += [slot.cell for slot in row if slot.cell]
            on_page += 1 if at else canvas.random.randint(1, 2)
        end = canvas.position
        if canvas.options.notes:
            self._notes(table, empty=table in ("government_fund", "state_capital") and not at)
        self.spans[table] = Span(start, first_row, last_row, end)

    def _row(self, slots: Sequence[Slot]) -> None:
        """A name beside one that is wrapped may stand alone; the first blank of a long row may be doubled."""
        canvas = self.canvas
        cells: list[str | Name] = []
        wrapped = False
        blank = Slot(kind="amount") if len(slots) > 6 else None
        for slot in slots:
            if slot.kind == "name" and slot.text:
                alone = wrapped and canvas.random.random() < 0.5
                cells.append(Name(slot.text, alone=alone))
                wrapped = len(slot.text) > canvas.options.name_width
            else:
                cells.append(slot.text)
                if slot == blank and canvas.random.random() < 0.5:
                    cells.append("")
                    blank = None
        canvas.row(cells, canvas.options.name_width)

    def _head(self, number: int, table: str, title: str, grid: Grid) -> None:
        options, canvas = self.canvas.options, self.canvas
        if options.table_labels:
            canvas.line(options.table_labels.format(number))
        canvas.line(f"{title} ")
        unit = options.unit_line.format(unit=self.account.unit, money=self.account.money_unit)
        canvas.line(f"{unit} ")
        if not options.jumbled_headers:
            for row in grid.header:
                canvas.line(" ".join([slot.text for slot in row] + [""]))
            return
        header = JUMBLED[table]
        if not options.row_numbers:
            header = re.sub(r"\n栏.*| 行次", "", header)
        for line in header.splitlines():
            tight, goes_on = line.endswith("~"), line.endswith("^")
            text = options.name(line.rstrip("~^"))
            canvas.line(text + " " * (not goes_on), tight=tight)

    def _notes(self, table: str, *, empty: bool) -> None:
        style = self.canvas.random.choice(("one", "two", "short"))
        note = NOTES[table]
        if style == "two":
            self.canvas.line(f"注：1.{note}   ")
            self.canvas.line(f"    2.{ROUNDING}  ")
        else:
            self.canvas.line(f"注：{note}{ROUNDING if style == 'one' else ''}  ")
        if empty:
            self.canvas.line(" 本表本年度无发生额。  ")
