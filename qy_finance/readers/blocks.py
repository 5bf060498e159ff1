"""From paragraphs and tables, as word processors, spreadsheets and web pages tell them, to a document."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from qy_finance.figures import Exclusion
from qy_finance.readers.document import Cell, Document, Grid, Inset, Link, Spot
from qy_finance.readers.limits import Limits
from qy_finance.readers.pasted import Pasted, Pictures
from qy_finance.readers.plain.lines import Row, rows_of
from qy_finance.readers.plain.tabbed import tabbed_grids

_JOINT: Final = re.compile(
    r"(?<=[ -~])\n(?=[ -~])"
)  # between Latin letters or digits a break divides
_FIRST_PICTURE: Final = 3  # as a page: none of those that are tables of the file goes on in it
_SPACES: Final = re.compile(r"[\t\v\f\r\n]+")


class Origin(NamedTuple):
    """Where something stands in its file, for people and for programs: 表3第4行第2格, ``table 3, row 4, cell 2``."""

    told: str
    name: str


class TextBlock(NamedTuple):
    """A paragraph; breaks within it are line breaks."""

    text: str
    place: Origin


class BlockCell(NamedTuple):
    """A cell with its text, the rows and columns that it spans, counted from 0, and where it stands."""

    text: str
    row: int
    column: int
    rows: int
    columns: int
    place: Origin


class TableBlock(NamedTuple):
    """A table; its cells in order, of each row from left to right. What a cell spans has none."""

    cells: Sequence[BlockCell]


class PictureBlock(NamedTuple):
    """A picture as large as a table; ``beside`` names the paragraph in which it stands."""

    picture: Pasted
    place: Origin
    beside: str


Block = TextBlock | TableBlock | PictureBlock


def document_of(
    path: Path,
    blocks: Iterable[Block],
    limits: Limits,
    left_out: Sequence[str] = (),
    links: Sequence[Link] = (),
) -> Document:
    """The document that blocks make: a line for each line of a paragraph and for each row of a table.

    ``left_out`` says what is in the file and not read, ``links`` are files that it links to.
    """
    text, pictures = _Text(), Pictures(path, limits)
    for block in blocks:
        if isinstance(block, TextBlock):
            text.paragraph(block)
        elif isinstance(block, TableBlock):
            text.table(block)
        elif inset := pictures.read(block.picture, f"{block.place.name} ({block.beside})"):
            text.picture(block, inset)
    made = "".join(text.pieces)
    pictures.verify(made)
    grids = [*text.grids, *_tabbed(made, text.grids)] if text.has_tabs else text.grids
    return Document(
        path,
        made,
        tuple(sorted(grids)),
        asides=tuple(text.asides),
        doubts=tuple(text.doubts),
        spots=tuple(sorted(text.spots, key=attrgetter("start"))),
        left_out=(*left_out, *pictures.left_out),
        insets=tuple(text.insets),
        links=tuple(links),
    )


def _tabbed(text: str, grids: Sequence[Grid]) -> Iterator[Grid]:
    """The tables that paragraphs make with tabs, between those that are tables."""
    starts = [grid.start for grid in grids]
    runs: dict[int, list[Row]] = {}
    for row in rows_of(text):
        at = bisect_right(starts, row.start)
        if not at or row.start >= grids[at - 1].end:
            runs.setdefault(at, []).append(row)
    for run in runs.values():
        yield from tabbed_grids(run)


def one_line(text: str) -> str:
    """The text of a cell on one line: Chinese goes on where a line breaks, words and figures are divided."""
    return _SPACES.sub("", _JOINT.sub(" ", text.strip()))


class _Text:
    """Text that grows block by block, its grids, and where it stands in the file."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.has_tabs = False
        self.grids: list[Grid] = []
        self.spots: list[Spot] = []
        self.insets: list[Inset] = []
        self.asides: list[Exclusion] = []
        self.doubts: list[Exclusion] = []

    def paragraph(self, block: TextBlock) -> None:
        start = self.length
        self.has_tabs = self.has_tabs or "\t" in block.text
        self._add(block.text.replace("\f", "\n"))
        self.spots.append(Spot(start, self.length, block.place.told, block.place.name))
        self._add("\n")

    def table(self, block: TableBlock) -> None:
        start, cells = self.length, list(self._cells(block))
        if not cells:
            return
        width = max(cell.column + cell.columns for cell in cells)
        borders = tuple(map(float, range(width + 1)))
        self.grids.append(Grid(start, self.length, 1, tuple(cells), borders, ruled=True))
        self._add("\n")

    def picture(self, block: PictureBlock, inset: Inset) -> None:
        """What was recognised on a picture, as a page of its own: a table may go on from one to the next."""
        start, read, (told, name) = self.length, inset.document, block.place
        for line in replace(read, asides=()).lines:
            if read.grid_of(line) is None:
                self.spots.append(Spot(start + line.start, start + line.end, told, name))
        for grid in read.grids:
            moved = grid.moved(start, _FIRST_PICTURE + len(self.insets))
            self.grids.append(moved)
            for begin, end, row, column, *_ in moved.cells:
                place = f"{told}第{row + 1}行第{column + 1}格"
                of = f"{name}, row {row + 1}, cell {column + 1}"
                self.spots.append(Spot(begin, end, place, of))
        self.asides += (aside.moved(start) for aside in read.asides)
        self.doubts += (doubt.moved(start) for doubt in read.doubts)
        self.insets.append(inset._replace(start=start))
        self._add(read.text)

    def _cells(self, block: TableBlock) -> Iterator[Cell]:
        begun = False
        for _, row in groupby(block.cells, attrgetter("row")):
            line = list(row)
            if not any(cell.text for cell in line):
                continue  # without text it is no line
            for at, cell in enumerate(line):
                if at or begun:
                    self._add("\t" if at else "\n")
                begin = self.length
                self._add(one_line(cell.text))
                self.spots.append(Spot(begin, self.length, cell.place.told, cell.place.name))
                yield Cell(begin, self.length, cell.row, cell.column, cell.rows, cell.columns)
            begun = True

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)
