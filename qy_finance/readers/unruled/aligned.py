"""Tables without vertical ruling lines (三线表, or none at all): grids of words that stand below each other.

Figures fix the columns: those of one column overlap, those of neighbours never do. Names and header words
then find their place among them (:mod:`qy_finance.readers.unruled.columns`). A region whose columns are in doubt
gives no grid: its text stays text, rather than a figure in a column that is not its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf
from statistics import median
from typing import Final

from qy_finance.marks import CHAPTER, NUMBER
from qy_finance.readers.page import Box, PageCell, PageGrid, Word, around
from qy_finance.readers.unruled.columns import Columns
from qy_finance.readers.unruled.pieces import (
    LEVEL,
    WRAPPED,
    Piece,
    TextLine,
    UndecidedError,
    is_label_line,
)

# Parts of the type size.
_SAME_LINE: Final = 0.35
_CLEAR: Final = 1.0  # the least gap that no line of prose has
_SAME_ROW: Final = 0.75  # a name of two lines stands half a line above and below its figures
_ROOM: Final = 1.6  # a line of a name that is wrapped leaves no room for a character and a mark
_LAST_ROW: Final = 3.0  # from line to line at the end of a table
_TITLE_ABOVE: Final = 3.5
_NEXT_LINE: Final = 4.0  # from line to line within a table
_WITHIN: Final = 0.95  # of the distance from row to row: lines of one name are closer

_PROSE: Final = re.compile(r"[。；！？，]|[.·…．]{4}|(?<!其中)[:：]|^注\d*$|^[公附]?开?\d+表$")
_LISTED: Final = re.compile(r"\d{1,2}(?:[.．](?!\d)|[、)）])|[(（]\d{1,2}[)）]")
_ORDINAL: Final = re.compile(rf"{CHAPTER}|其中|[(（](?:{NUMBER}|\d)+[)）]")
_TITLE: Final = re.compile(r"(?:表|说明|情况|概况|目录)$")
_PAGE_NUMBER: Final = re.compile(r"\W*\d{1,4}\W*|第\d+页(?:[,，/]?共\d+页)?")
_CODE: Final = re.compile(r"[1-9]\d{2}(?:\d\d){0,2}")


def aligned_grids(words: Sequence[Word]) -> list[PageGrid]:
    """The tables that words of one page make which stand in no ruled grid, from top to bottom.

    Words of titles, money units (单位：万元), notes, page numbers and of prose stand outside.
    """
    if not words:
        return []
    size = _type_size(words)
    grids = []
    for run in _runs(_lines(words, size), size):
        try:
            grids.append(_Region(run, size).grid())
        except UndecidedError:
            continue
    return grids


def _type_size(words: Sequence[Word]) -> float:
    """The width of a Chinese character; the height of a box depends on the font."""
    widths = [(w.x1 - w.x0) / len(w.text) for w in words if w.text[0] > "⺀" and w.text[-1] > "⺀"]
    return median(widths or [word.bottom - word.top for word in words])


def _lines(words: Sequence[Word], size: float) -> list[TextLine]:
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.baseline, word.x0)):
        if not lines or word.baseline - lines[-1][0].baseline > _SAME_LINE * size:
            lines.append([])
        lines[-1].append(word)
    return [TextLine.of(line, size) for line in lines]


def _is_prose(line: TextLine) -> bool:
    first = line.pieces[0]
    return bool(_LISTED.match(first.text)) or any(_PROSE.search(p.text) for p in line.pieces)


def _has_cells(line: TextLine, size: float) -> bool:
    """Whether a line has figures apart from what else it has."""
    gaps = (after.x0 - before.x1 for before, after in pairwise(line.pieces))
    return line.has_figures and max(gaps, default=0) >= _CLEAR * size


def _is_page_number(line: TextLine) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None and not _CODE.fullmatch(line.text)


def _runs(lines: list[TextLine], size: float) -> Iterator[list[TextLine]]:
    """Lines without a sentence that follow each other closely and have cells among them."""
    run: list[TextLine] = []
    for line in lines:
        if run and line.baseline - run[-1].baseline > _NEXT_LINE * size:
            yield from _trimmed(run, size)
            run = []
        if not _is_prose(line):
            run.append(line)
            continue
        yield from _trimmed(run, size)
        run = []
    yield from _trimmed(run, size)


def _trimmed(run: list[TextLine], size: float) -> Iterator[list[TextLine]]:
    """A run without the titles above its first cells and without the page number below its last."""
    while run and _is_page_number(run[-1]):
        run = run[:-1]
    first = next((at for at, line in enumerate(run) if _has_cells(line, size)), None)
    if first is None:
        return
    for at in range(first, 0, -1):
        above = run[at - 1]
        lone = len(above.pieces) == 1
        far = run[at].baseline - above.baseline > _TITLE_ABOVE * size
        if lone and (far or _TITLE.search(above.text) or _is_page_number(above)):
            yield run[at:]
            return
    yield run


class _Region:
    """The lines of one table."""

    def __init__(self, lines: list[TextLine], size: float) -> None:
        self.size = size
        start = self._first_row(lines)
        self.head, self.body = lines[:start], lines[start:]
        while self.body and not self.body[-1].has_figures:
            self.body.pop()
        self.columns = Columns(self.head, self.body, size)
        self.body += self._last_rows(lines[start + len(self.body) :])
        self._refuse_doubtful_name()
        self.baselines = [line.baseline for line in self.body if line.has_figures]
        self.pitch = self._row_pitch()
        self._check(sum(_has_cells(line, size) for line in self.body))

    def _first_row(self, lines: list[TextLine]) -> int:
        """Index of the first line that is no header; the row of column numbers (栏次) is its last."""
        for at, line in enumerate(lines):
            if is_label_line(line):
                rest = enumerate(lines[at:], start=at)
                return next((row for row, line in rest if not is_label_line(line)), len(lines))
            if line.has_figures or any(_ORDINAL.match(piece.text) for piece in line.pieces):
                start = at
                while start and self._is_row(lines[start - 1], lines[start], lines[start:]):
                    start -= 1
                return start
        return len(lines)

    def _is_row(self, line: TextLine, below: TextLine, body: list[TextLine]) -> bool:
        """Whether a line above the first figures is not of the header: names in line with those below."""
        if below.baseline - line.baseline < _SAME_ROW * self.size:
            return True
        lefts = [piece.x0 for row in body for piece in row.pieces if not piece.is_figure]
        return all(
            any(abs(piece.x0 - left) < LEVEL * self.size for left in lefts) for piece in line.pieces
        )

    def _refuse_doubtful_name(self) -> None:
        """The last line of a header may be the first of a name that is wrapped above its figures."""
        if not self.head or not self.body or is_label_line(self.head[-1]):
            return
        last = self.head[-1]
        near = self.body[0].baseline - last.baseline <= WRAPPED * self.size
        if near and len(last.pieces) == 1 and self.columns.is_name(last.pieces[0]):
            raise UndecidedError

    def _last_rows(self, lines: list[TextLine]) -> list[TextLine]:
        """Rows without figures at the end: names that stand where the names of the table stand."""
        rows: list[TextLine] = []
        above = (self.body or self.head)[-1]
        for line in lines:
            named = all(self.columns.is_name(p) and not _TITLE.search(p.text) for p in line.pieces)
            if not named or line.baseline - above.baseline > _LAST_ROW * self.size:
                break
            rows.append(line)
            above = line
        return rows

    def _row_pitch(self) -> float:
        """The least distance from row to row, as far as rows are certain: by their figures or ordinals."""
        downs = [after - before for before, after in pairwise(self.baselines)]
        ordinals: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
        for line in self.body:
            for piece in line.pieces:
                if _ORDINAL.match(piece.text):
                    ordinals[self.columns.place(piece)].append(line.baseline)
        downs += [b - a for column in ordinals.values() for a, b in pairwise(column)]
        return min((down for down in downs if down > _SAME_ROW * self.size), default=inf)

    def _check(self, rows: int) -> None:
        """Whether the region has what only a table has: amounts or codes, and a header or several rows."""
        figures = [piece.text for line in self.body for piece in line.pieces if piece.is_figure]
        money = any("." in text or "," in text or _CODE.fullmatch(text) for text in figures)
        numbered = any(is_label_line(line) and line.has_figures for line in self.head)
        headed = len(self.columns.heads) > 2
        if not (numbered or (money and (headed or (rows > 1 and self.columns.has_names)))):
            raise UndecidedError
        if len(self.columns.all) < 2:
            raise UndecidedError

    def grid(self) -> PageGrid:
        cells: dict[tuple[int, int], tuple[int, int, list[Word]]] = {}
        for row, (column, rows, columns, words) in self.columns.header_cells():
            cell = cells.setdefault((row, column), (rows, columns, []))
            if cell[:2] != (rows, columns):
                raise UndecidedError
            cell[2].extend(words)
        count = len(self.head)
        for entries in self._rows():
            for (first, last), pieces in sorted(entries.items()):
                if sum(piece.is_figure for piece in pieces) > 1 or (count, first) in cells:
                    raise UndecidedError
                words = [word for piece in pieces for word in piece.words]
                cells[count, first] = (1, last - first + 1, words)
            count += 1
        taken: set[tuple[int, int]] = set()
        for (row, column), (rows, columns, _) in cells.items():
            places = {
                (r, c) for r in range(row, row + rows) for c in range(column, column + columns)
            }
            if not taken.isdisjoint(places):
                raise UndecidedError
            taken |= places
        for row in range(count):
            for column in range(len(self.columns.all)):
                if (row, column) not in taken:
                    cells[row, column] = (1, 1, [])
        box = around(word for _, _, words in cells.values() for word in words)
        xs = self.columns.borders()
        return PageGrid(
            Box(min(box.x0, xs[0]), box.top, max(box.x1, xs[-1]), box.bottom),
            tuple(
                PageCell(row, column, rows, columns, tuple(words))
                for (row, column), (rows, columns, words) in sorted(cells.items())
            ),
            xs,
        )

    def _rows(self) -> Iterator[dict[tuple[int, int], list[Piece]]]:
        """The pieces of each row by their columns: those within reach of each other, from top to bottom."""
        entries: list[tuple[float, float, tuple[int, int], list[Piece]]] = []
        by_column: defaultdict[tuple[int, int], list[Piece]] = defaultdict(list)
        for line in self.body:
            for piece in line.pieces:
                by_column[self.columns.place(piece)].append(piece)
        for place, pieces in by_column.items():
            for entry in self._entries(pieces):
                entries.append((entry[0].baseline, entry[-1].baseline, place, entry))
        row: defaultdict[tuple[int, int], list[Piece]] = defaultdict(list)
        reach = 0.0
        for top, bottom, place, entry in sorted(entries, key=lambda entry: entry[:3]):
            if row and top - reach > _SAME_ROW * self.size:
                yield row
                row = defaultdict(list)
                reach = 0.0
            row[place].extend(entry)
            reach = max(reach, bottom)
        if row:
            yield row

    def _entries(self, pieces: list[Piece]) -> Iterable[list[Piece]]:
        """Pieces of one column, those together that are lines of one wrapped name."""
        right = max(piece.x1 for piece in pieces)
        entries: list[list[Piece]] = []
        for piece in pieces:
            if entries and not piece.is_figure and not entries[-1][-1].is_figure:
                entry, before = entries[-1], entries[-1][-1]
                down = piece.baseline - before.baseline
                if down <= _SAME_LINE * self.size or (
                    down <= min(WRAPPED * self.size, _WITHIN * self.pitch)
                    and before.x1 >= right - _ROOM * self.size
                    and not _ORDINAL.match(piece.text)
                    and self._one_row(entry[0].baseline, piece.baseline)
                ):
                    entry.append(piece)
                    continue
            entries.append([piece])
        return entries

    def _one_row(self, first: float, last: float) -> bool:
        """Whether the figures between two baselines are those of one row."""
        within = [
            y for y in self.baselines if first - LEVEL * self.size <= y <= last + LEVEL * self.size
        ]
        return not within or within[-1] - within[0] <= _SAME_ROW * self.size
