"""A template: what is printed, and what must be read in it, typed by hand.

A file of ``tests/templates`` has two parts divided by a line ``----``. Above it, a line a piece: ``=`` title, ``~``
heading, ``>`` paragraph, ``^`` the label over a table, ``/`` a new page, ``#`` remark, ``@css`` what a browser is told
besides; ``|`` a row of a table, ``合计@2x1`` a cell that spans two columns and one row. Below it, for each table and
side the canonical columns, then a line a row with its code (``-`` for none), item (``-`` for none) and figures (``.``
for a blank); ``prose:`` the figures of the prose with their units; ``year:`` and ``unit:`` where they are not 2023 and
某市水务局.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, product
from pathlib import Path

TEMPLATES = Path(__file__).parents[1] / "templates"
FIGURE = re.compile(r"[-−－—]?[\d,.０-９，．]+")
_CELL = re.compile(r"\s*(.*?)(?:@(\d+)x(\d+))?\s*")
_TAG = re.compile(r"<[^>]*>")

Figure = tuple[str, str, str, str, str, str]
"""Table, side, code, item, column, printed."""


@dataclass(frozen=True)
class Cell:
    """A cell of a table; ``markup`` is what a browser prints."""

    markup: str
    across: int = 1
    down: int = 1

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Its text without layout spaces around it; a figure is never divided."""
        pieces = [plain(piece).strip() for piece in self.markup.split("<br>")]
        joined = "".join(pieces)
        return (joined,) if FIGURE.fullmatch(joined) else tuple(pieces)

    @property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def is_figure(self) -> bool:
        return FIGURE.fullmatch(self.text) is not None


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]

    @cached_property
    def placed(self) -> tuple[tuple[int, int, Cell], ...]:
        """Each cell with the row and the column that it begins in."""
        taken: set[tuple[int, int]] = set()
        found = []
        for at, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while (at, column) in taken:
                    column += 1
                found.append((at, column, cell))
                taken |= {*product(range(at, at + cell.down), range(column, column + cell.across))}
        return tuple(found)

    @property
    def width(self) -> int:
        return max(column + cell.across for _, column, cell in self.placed)

    @property
    def has_blanks(self) -> bool:
        return any(not cell.text for row in self.rows for cell in row)


@dataclass(frozen=True)
class Piece:
    """What stands outside tables: its mark, and its text as a browser prints it."""

    mark: str
    markup: str = ""


@dataclass
class Template:
    name: str
    pieces: list[Piece | Table] = field(default_factory=list)
    css: str = ""
    figures: Counter[Figure] = field(default_factory=Counter)
    prose: Counter[str] = field(default_factory=Counter)
    year: int = 2023
    unit: str = "某市水务局"

    @property
    def tables(self) -> list[Table]:
        return [piece for piece in self.pieces if isinstance(piece, Table)]


def plain(markup: str) -> str:
    """What is printed of it."""
    return html.unescape(_TAG.sub("", markup.replace("<br>", "\n")))


def load(path: Path) -> Template:
    printed, typed = path.read_text(encoding="utf-8").split("\n----\n")
    template = Template(path.stem)
    for is_row, lines in groupby(printed.split("\n"), key=lambda line: line.startswith("|")):
        if is_row:
            template.pieces.append(Table(tuple(_row(line) for line in lines)))
            continue
        for line in lines:
            mark, _, rest = line.partition(" ")
            if mark == "@css":
                template.css = rest
            elif mark in ("=", "~", "^", ">", "/"):
                template.pieces.append(Piece(mark, rest))
            else:
                assert not line or mark == "#", line
    table, side, columns = "", "", [""]
    for line in filter(None, typed.split("\n")):
        name, *cells = line.split()
        if line.startswith(" "):
            item, *cells = cells
            template.figures.update(
                (table, side, name.strip("-"), item.removeprefix("-"), column, cell)
                for column, cell in zip(columns, cells, strict=True)
                if cell != "."
            )
        elif name == "prose:":
            template.prose.update(cells)
        elif name == "year:":
            template.year = int(cells[0])
        elif name == "unit:":
            template.unit = cells[0]
        else:
            table, _, side = name.removesuffix(":").partition("/")
            columns = cells
    return template


def _row(line: str) -> tuple[Cell, ...]:
    cells = []
    for text in line[1:].split("|"):
        match = _CELL.fullmatch(text)
        assert match is not None
        markup, across, down = match.groups()
        cells.append(Cell(markup, int(across or 1), int(down or 1)))
    return tuple(cells)


def templates() -> Iterator[Template]:
    return map(load, sorted(TEMPLATES.glob("*.txt")))
