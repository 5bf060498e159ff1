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
from itertools import groupby
from pathlib import Path

from layout.grid import Rows, Slot

TEMPLATES = Path(__file__).parents[1] / "templates"
FIGURE = re.compile(r"[-−－—]?[\d,.０-９，．]+")
_CELL = re.compile(r"\s*(.*?)(?:@(\d+)x(\d+))?\s*")
_TAG = re.compile(r"<[^>]*>")

Figure = tuple[str, str, str, str, str, str]
"""Table, side, code, item, column, printed."""


@dataclass(frozen=True)
class Piece:
    """What stands outside tables: its mark, and its text as a browser prints it."""

    mark: str
    markup: str = ""


@dataclass
class Template:
    name: str
    pieces: list[Piece | Rows] = field(default_factory=list)
    css: str = ""
    figures: Counter[Figure] = field(default_factory=Counter)
    prose: Counter[str] = field(default_factory=Counter)
    year: int = 2023
    unit: str = "某市水务局"

    @property
    def has_blanks(self) -> bool:
        rows = (row for piece in self.pieces if not isinstance(piece, Piece) for row in piece)
        return any(not slot.text for row in rows for slot in row)


def plain(markup: str) -> str:
    """What is printed of it."""
    return html.unescape(_TAG.sub("", markup.replace("<br>", "\n")))


def lines_of(slot: Slot) -> list[str]:
    """The lines of a cell without layout spaces around them; a figure is never divided."""
    lines = [line.strip() for line in plain(slot.text).split("\n")]
    joined = "".join(lines)
    return [joined] if FIGURE.fullmatch(joined) else lines


def text_of(slot: Slot) -> str:
    return "".join(lines_of(slot))


def is_figure(slot: Slot) -> bool:
    return FIGURE.fullmatch(text_of(slot)) is not None


def described(name: str, printed: str) -> Template:
    """What is printed, without what must be read."""
    template = Template(name)
    for is_row, lines in groupby(printed.split("\n"), key=lambda line: line.startswith("|")):
        if is_row:
            template.pieces.append([_row(line) for line in lines])
            continue
        for line in lines:
            mark, _, rest = line.partition(" ")
            if mark == "@css":
                template.css = rest
            elif mark in ("=", "~", "^", ">", "/"):
                template.pieces.append(Piece(mark, rest))
            else:
                assert not line or mark == "#", line
    return template


def load(path: Path) -> Template:
    printed, typed = path.read_text(encoding="utf-8").split("\n----\n")
    template = described(path.stem, printed)
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


def _row(line: str) -> list[Slot]:
    slots = []
    for cell in line[1:].split("|"):
        match = _CELL.fullmatch(cell)
        assert match is not None
        markup, across, down = match.groups()
        slots.append(Slot(markup, columns=int(across or 1), rows=int(down or 1)))
    return slots


def templates() -> Iterator[Template]:
    return map(load, sorted(TEMPLATES.glob("*.txt")))
