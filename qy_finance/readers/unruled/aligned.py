"""Tables without vertical ruling lines (三线表, or none at all): grids of words that stand below each other.

Figures fix the columns: those of one column overlap, those of neighbours never do. Names and header words
then find their place among them (:mod:`qy_finance.readers.unruled.columns`). A region whose columns are in doubt
gives no grid: its text stays text, rather than a figure in a column that is not its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby, pairwise, product, takewhile
from math import inf
from operator import attrgetter, itemgetter
from statistics import median
from typing import Final

from qy_finance.marks import CHAPTER, NUMBER
from qy_finance.readers.page import Box, PageCell, PageGrid, Word, around, grouped
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

_Row = defaultdict[tuple[int, int], list[Piece]]  # by first and last column


def aligned_grids(words: Sequence[Word]) -> list[PageGrid]:
    """The tables that words of one page make which stand in no ruled grid, from top to bottom.

    Words of titles, money units (单位：万元), notes, page numbers and of prose stand outside.
    """
    if not words:
        return []
    size = _type_size(words)
    grids = []
    for run in _runs(words, size):
        with suppress(UndecidedError):
            grids.append(_Region(run, size).grid())
    return grids


def _type_size(words: Sequence[Word]) -> float:
    """The width of a Chinese character; the height of a box depends on the font."""
    widths = [(w.x1 - w.x0) / len(w.text) for w in words if w.text[0] > "⺀" and w.text[-1] > "⺀"]
    return median(widths or [word.bottom - word.top for word in words])


def _is_prose(line: TextLine, size: float) -> bool:
    """Whether a line is of a sentence or of a list; a row may have a list number before its name, and figures apart."""
    listed = _LISTED.match(line.pieces[0].text) and not _has_cells(line, size)
    return bool(listed) or any(_PROSE.search(p.text) for p in line.pieces)


def _has_cells(line: TextLine, size: float) -> bool:
    """Whether a line has figures apart from what else it has."""
    gaps = (after.x0 - before.x1 for before, after in pairwise(line.pieces))
    return line.has_figures and max(gaps, default=0) >= _CLEAR * size


def _is_page_number(line: TextLine) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None and not _CODE.fullmatch(line.text)


def _runs(words: Sequence[Word], size: float) -> Iterator[list[TextLine]]:
    """Lines without a sentence that follow each other closely and have cells among them."""
    same, near = _SAME_LINE * size, _NEXT_LINE * size
    in_order = sorted(words, key=attrgetter("baseline", "x0"))
    lines = grouped(in_order, lambda line, word: word.baseline - line[0].baseline <= same)
    texts = (TextLine.of(line, size) for line in lines)
    for prose, block in groupby(texts, lambda text: _is_prose(text, size)):
        if not prose:
            runs = grouped(block, lambda run, line: line.baseline - run[-1].baseline <= near)
            yield from filter(None, (_trimmed(run, size) for run in runs))


def _trimmed(run: list[TextLine], size: float) -> list[TextLine]:
    """A run without the titles above its first cells and without the page number below its last."""
    while run and _is_page_number(run[-1]):
        run = run[:-1]
    first = next((at for at, line in enumerate(run) if _has_cells(line, size)), None)
    if first is None:
        return []
    for at in range(first, 0, -1):
        above = run[at - 1]
        far = run[at].baseline - above.baseline > _TITLE_ABOVE * size
        titled = far or _TITLE.search(above.text) or _is_page_number(above)
        if titled and len(above.pieces) == 1:
            return run[at:]
    return run


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
        self.by_column: _Row = defaultdict(list)
        for piece in (piece for line in self.body for piece in line.pieces):
            self.by_column[self.columns.place(piece)].append(piece)
        self.pitch = self._row_pitch()
        self._check(sum(_has_cells(line, size) for line in self.body))

    def _first_row(self, lines: list[TextLine]) -> int:
        """Index of the first line that is no header; the row of column numbers (栏次) is its last."""
        for at, line in enumerate(lines):
            if is_label_line(line):
                return at + len([*takewhile(is_label_line, lines[at:])])
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
        level = LEVEL * self.size
        return all(any(abs(piece.x0 - left) < level for left in lefts) for piece in line.pieces)

    def _refuse_doubtful_name(self) -> None:
        """The last line of a header may be the first of a name that is wrapped above its figures."""
        if self.head and self.body and not is_label_line(self.head[-1]):
            last = self.head[-1]
            near = self.body[0].baseline - last.baseline <= WRAPPED * self.size
            if near and len(last.pieces) == 1 and self.columns.is_name(last.pieces[0]):
                raise UndecidedError

    def _last_rows(self, lines: list[TextLine]) -> list[TextLine]:
        """Rows without figures at the end: names that stand where the names of the table stand."""
        rows: list[TextLine] = []
        for above, line in pairwise([(self.body or self.head)[-1], *lines]):
            named = all(self.columns.is_name(p) and not _TITLE.search(p.text) for p in line.pieces)
            if not named or line.baseline - above.baseline > _LAST_ROW * self.size:
                break
            rows.append(line)
        return rows

    def _row_pitch(self) -> float:
        """The least distance from row to row, as far as rows are certain: by their figures or ordinals."""
        downs = [after - before for before, after in pairwise(self.baselines)]
        for pieces in self.by_column.values():
            ordinals = [piece.line for piece in pieces if _ORDINAL.match(piece.text)]
            downs += [after - before for before, after in pairwise(ordinals)]
        return min((down for down in downs if down > _SAME_ROW * self.size), default=inf)

    def _check(self, rows: int) -> None:
        """Whether the region has what only a table has: amounts or codes, and a header or several rows."""
        figures = [piece.text for line in self.body for piece in line.pieces if piece.is_figure]
        money = any("." in text or "," in text or _CODE.fullmatch(text) for text in figures)
        numbered = any(is_label_line(line) and line.has_figures for line in self.head)
        headed = len(self.columns.heads) > 2
        listed = money and (headed or (rows > 1 and self.columns.has_names))
        if not (numbered or listed) or len(self.columns.all) < 2:
            raise UndecidedError

    def grid(self) -> PageGrid:
        cells = self.columns.header_cells()
        rows = self._rows()
        for row, entries in enumerate(rows, start=len(self.head)):
            for (first, last), pieces in entries.items():
                if sum(piece.is_figure for piece in pieces) > 1:
                    raise UndecidedError
                words = tuple(word for piece in pieces for word in piece.words)
                cells.append(PageCell(row, first, 1, last - first + 1, words))
        places = [
            place
            for row, column, down, along, _ in cells
            for place in product(range(row, row + down), range(column, column + along))
        ]
        if len(set(places)) < len(places):
            raise UndecidedError
        whole = product(range(len(self.head) + len(rows)), range(len(self.columns.all)))
        cells += [PageCell(row, column, 1, 1, ()) for row, column in {*whole} - {*places}]
        box = around(word for cell in cells for word in cell.words)
        xs = self.columns.borders()
        box = Box(min(box.x0, xs[0]), box.top, max(box.x1, xs[-1]), box.bottom)
        return PageGrid(box, tuple(sorted(cells)), xs)

    def _rows(self) -> list[_Row]:
        """The pieces of each row by their columns: those within reach of each other, from top to bottom."""
        entries = [
            (entry[0].baseline, entry[-1].baseline, place, entry)
            for place, pieces in self.by_column.items()
            for entry in self._entries(pieces)
        ]
        rows: list[_Row] = []
        reach = -inf
        for top, bottom, place, entry in sorted(entries, key=itemgetter(0, 1, 2)):
            if top - reach > _SAME_ROW * self.size:
                rows.append(defaultdict(list))
            rows[-1][place].extend(entry)
            reach = max(reach, bottom)
        return rows

    def _entries(self, pieces: list[Piece]) -> list[list[Piece]]:
        """Pieces of one column, those together that are lines of one wrapped name."""
        right = max(piece.x1 for piece in pieces) - _ROOM * self.size
        closest = min(WRAPPED * self.size, _WITHIN * self.pitch)

        def joins(entry: list[Piece], piece: Piece) -> bool:
            before = entry[-1]
            if piece.is_figure or before.is_figure:
                return False
            down = piece.baseline - before.baseline
            return down <= _SAME_LINE * self.size or (
                down <= closest
                and before.x1 >= right
                and not _ORDINAL.match(piece.text)
                and self._one_row(entry[0].baseline, piece.baseline)
            )

        return grouped(pieces, joins)

    def _one_row(self, first: float, last: float) -> bool:
        """Whether the figures between two baselines are those of one row."""
        level = LEVEL * self.size
        within = [y for y in self.baselines if first - level <= y <= last + level]
        return not within or within[-1] - within[0] <= _SAME_ROW * self.size
