"""The lines of one table whose text keeps its columns by spaces: header, columns, rows, and the grid of them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import dropwhile, pairwise
from operator import attrgetter
from typing import Final

from qy_finance.figures import AMOUNT
from qy_finance.marks import CHINESE, CODE, LEVELS
from qy_finance.readers.document import Cell, Grid
from qy_finance.readers.page import Word
from qy_finance.readers.plain.columns import BLANK, TextColumns
from qy_finance.readers.plain.lines import TOTALS, Row, counts_columns, holds_data
from qy_finance.readers.plain.wrapped import Anchor, NameLine, rows_of_names
from qy_finance.readers.unruled.pieces import Column, Piece, TextLine, UndecidedError

WORD: Final = re.compile(r"\S+")
_CODE_OR_PIECE: Final = re.compile(rf"\d{{1,2}}|{CODE.pattern}", re.ASCII)
_CODE_PIECE: Final = re.compile(r"\d\d", re.ASCII)
_CODE_APART: Final = re.compile(
    rf"(?:^|\s){CODE.pattern}(?:\s{{2,}}|\u3000)[\u4e00-\u9fff]", re.ASCII
)
_SIZE: Final = 2.0  # of a full-width character; a place is half of it
_WIDE: Final = frozenset("WF")
_SHIFTED: Final = 2.0  # places by which figures of one column may be out of line
_SURE: Final = 3  # rows with figures that prove that columns are kept
_FEW: Final = 3  # columns whose figures stand below their headers, in more than one row
_MANY: Final = 5  # or in one

Spans = dict[tuple[float, float], tuple[int, int]]  # of words, by baseline and place


def is_figure(text: str) -> bool:
    """Whether a word is a figure, perhaps with its percent sign."""
    return AMOUNT.fullmatch(text.removesuffix("%")) is not None


def line_of(text: str, row: Row, wide: int, glued: bool | None, spans: Spans) -> TextLine:
    """The pieces of a line at the places where they stand; words that one space divides are one, figures apart.

    Codes are ``glued`` to their names where no more than a space divides them in the whole table. In a header
    (None) even neighbours may stand so close.
    """
    words = []
    place, at = 0, row.start
    baseline = float(row.number)
    for start, end in _words(text, row, glued):
        place += _places(text[at:start], wide)
        width = _places(text[start:end], wide)
        x0, x1 = float(place), float(place + width)
        spans[baseline, x0] = start, end
        words.append(Word(text[start:end], x0, baseline - 1, x1, baseline, baseline, ()))
        place, at = place + width, end
    return TextLine.of(words, _SIZE)


def _words(text: str, row: Row, glued: bool | None) -> Iterator[tuple[int, int]]:
    start = end = -1
    for match in WORD.finditer(text, row.start, row.end):
        first, last = match.span()
        joins = first - end == 1 and text[end] == " "
        joins = joins and (glued is not None or len(match[0]) == 1 or text[end - 2].isspace())
        code = glued and CODE.fullmatch(text, max(start, 0), end) and CHINESE.match(match[0])
        if joins and (code or not (is_figure(text[start:end]) or is_figure(match[0]))):
            end = last
            continue
        if start >= 0:
            yield start, end
        start, end = first, last
    yield start, end


def _places(text: str, wide: int) -> int:
    if text.isascii():
        return len(text) - text.count("\f")
    return sum(wide if unicodedata.east_asian_width(sign) in _WIDE else 1 for sign in text)


class Region:
    """The lines of one table on one page."""

    def __init__(self, text: str, run: Sequence[Row], wide: int) -> None:
        self.text = text
        self.spans: Spans = {}
        whole = text[run[0].start : run[-1].end]
        glued = not _CODE_APART.search(whole)
        lines = [line_of(text, row, wide, glued, self.spans) for row in run]
        labels = [at for at, line in enumerate(lines) if counts_columns(_texts(line))][:1]
        start = labels[0] + 1 if labels else _first_row(lines)
        start += labels != [] and LEVELS.issuperset(
            _texts(lines[start]) if start < len(lines) else "-"
        )
        end = max((at for at, line in enumerate(lines) if line.has_figures), default=-1) + 1
        if end <= start:
            raise UndecidedError
        self.head = [line_of(text, row, wide, None, self.spans) for row in run[:start]]
        self.run = run
        above = [line for at, line in enumerate(self.head) if at not in labels]
        self.columns = TextColumns(above, [self.head[at] for at in labels], lines[start:end])
        while end < len(lines) and self._goes_on(lines[end], run[end - 1 : end + 1]):
            end += 1
        body = zip(run[start:end], lines[start:end], strict=True)
        self.body = {row.number: line for row, line in body}
        self.end = run[end - 1].end
        self.all = self.columns.all
        self._verify()

    def _goes_on(self, line: TextLine, rows: Sequence[Row]) -> bool:
        """Whether a line below the last figures is the rest of a name, or a row without any."""
        near = rows[1].number - rows[0].number <= 2
        return near and all(map(self.columns.is_name, line.pieces))

    def _verify(self) -> None:
        """Whether the figures of each column stand below each other, and there is what only a table has."""
        figures = [[p for p in column.pieces if p.is_figure] for column in self.all]
        for pieces in filter(None, figures):
            edges = zip(*((p.x0, p.x1, p.centre) for p in pieces), strict=True)
            if min(max(edge) - min(edge) for edge in edges) > _SHIFTED:
                raise UndecidedError
        amounts = sum(
            column.amounts or any(_is_zero(p) for p in pieces)
            for column, pieces in zip(self.all, figures, strict=True)
        )
        if len(self.all) < 2 or not amounts:
            raise UndecidedError

    def grid(self) -> tuple[Grid, bool]:
        """The grid, and whether its figures prove that columns are kept."""
        cells = [*self._header_cells()]
        below = max((cell.row for cell in cells), default=-1) + 1
        entries: dict[
            int, list[tuple[int, int, Piece]]
        ] = {}  # first and last column, by the row's line
        for names, figures in self._lists():
            for line, entry in self._entries(names, figures):
                entries.setdefault(line, []).append(entry)
        for row, (_, placed) in enumerate(sorted(entries.items()), start=below):
            taken: set[int] = set()
            for first, last, piece in placed:
                if piece.is_figure and first in taken:
                    raise UndecidedError
                taken.update(range(first, last + 1))
                cells.append(Cell(*self._span(piece), row, first, 1, last - first + 1))
            end = self._span(placed[-1][2])[1]
            blank = set(range(len(self.all))) - taken
            cells += (Cell(end, end, row, column, 1, 1) for column in blank)
        cells.sort(key=attrgetter("row", "column", "start"))
        xs = tuple(map(float, range(len(self.all) + 1)))
        top = self.run[0]
        proven = self._is_proven()
        return Grid(top.start, self.end, top.page, tuple(cells), xs, ruled=False), proven

    @property
    def is_filled(self) -> bool:
        """Whether no column is blank."""
        return all(column.pieces for column in self.all)

    def _is_proven(self) -> bool:
        """Whether figures prove that columns are kept: those of some rows, or many that stand below their headers."""
        rows = sum(line.has_figures for line in self.body.values())
        if rows >= _SURE:
            return True
        below = 0
        for column in (column for column in self.all if column.amounts):
            leaf = max(column.heads, key=attrgetter("last"), default=None)
            if not leaf or not all(
                p.x0 < leaf.x1 and p.x1 > leaf.x0 for p in column.pieces if p.is_figure
            ):
                return False
            below += 1
        return below >= (_FEW if rows > 1 else _MANY)

    def _span(self, piece: Piece) -> tuple[int, int]:
        first, last = piece.words[0], piece.words[-1]
        return self.spans[first.baseline, first.x0][0], self.spans[last.baseline, last.x0][1]

    def _header_cells(self) -> Iterator[Cell]:
        """The header cells: those that stand over others in rows above, then the others, then column numbers."""
        heads = self.columns.heads
        depth: dict[int, int] = {}
        for at, head in enumerate(heads):  # from top to bottom
            over = [d for before, d in depth.items() if set(heads[before].span) & set(head.span)]
            depth[at] = max(over, default=-1) + 1
        leaf = max((depth[at] for at, head in enumerate(heads) if not head.is_label), default=0)
        for at, head in enumerate(heads):
            columns = sorted(map(self.all.index, head.span))
            last = not any(set(other.span) & set(head.span) for other in heads[at + 1 :])
            row = leaf + 1 if head.is_label else leaf if last else depth[at]
            for piece in head.pieces:
                yield Cell(*self._span(piece), row, columns[0], 1, len(columns))

    def _lists(self) -> Iterator[tuple[list[int], list[int]]]:
        """The lists beside each other: the columns of names and the others of each."""
        names: list[int] = []
        others: list[int] = []
        for at, column in enumerate(self.all):
            behind = dropwhile(_is_level, self.all[at + 1 :])
            opens = column.is_names or (
                _is_code(column) and (following := next(behind, None)) and following.is_names
            )
            if opens and names and others and others[-1] > names[-1]:
                yield names, others
                names, others = [], []
            (names if column.is_names else others).append(at)
        yield names, others

    def _entries(
        self, names: list[int], others: list[int]
    ) -> Iterator[tuple[int, tuple[int, int, Piece]]]:
        """What stands in a list: its place, by the line of its row."""
        lines: dict[int, list[NameLine]] = {name: [] for name in names}
        pieces: dict[int, list[tuple[int, int, Piece]]] = {name: [] for name in names}
        counting = {at for at in others if self._is_number(at)}
        anchors: dict[int, bool] = {}
        worded: Counter[int] = Counter()  # lines with words
        for number, line in self.body.items():
            for piece in line.pieces:
                first, last = self.columns.place(piece)
                if last in lines or last in others:
                    worded[number] += not (piece.is_figure or BLANK.fullmatch(piece.text))
                if last in lines:
                    lines[last].append(NameLine(number, piece.text, piece.x1))
                    pieces[last].append((first, last, piece))
                elif last in others:
                    amount = piece.is_figure and last not in counting
                    anchors[number] = anchors.get(number, False) or amount
                    yield number, (first, last, piece)
        anchored = bool(counting) or any(_is_code(self.all[at]) for at in others)
        for name in names:
            own = Counter(line.line for line in lines[name])
            rows = [
                Anchor(line, named and worded[line] == own[line]) for line, named in anchors.items()
            ]
            keys = rows_of_names(lines[name], rows, anchored)
            yield from zip(keys, pieces[name], strict=True)

    def _is_number(self, at: int) -> bool:
        """Whether a column beside names holds line numbers (行次): integers that rise."""
        if not at or not self.all[at - 1].is_names:
            return False
        numbers = [piece.text for piece in self.all[at].pieces if piece.is_figure]
        if not all(text.isdigit() for text in numbers):
            return False
        values = [int(text) for text in numbers]
        return len(values) > 1 and all(before < after for before, after in pairwise(values))


def _is_code(column: Column) -> bool:
    codes = [piece.text for piece in column.pieces if piece.is_figure]
    return (
        bool(codes)
        and all(map(_CODE_OR_PIECE.fullmatch, codes))
        and any(map(CODE.fullmatch, codes))
    )


def _is_level(column: Column) -> bool:
    """Whether a column holds pieces of codes that are split (类 款 项)."""
    pieces = [piece.text for piece in column.pieces]
    return bool(pieces) and all(map(_CODE_PIECE.fullmatch, pieces))


def _is_zero(piece: Piece) -> bool:
    return piece.text == "0"


def _first_row(lines: Sequence[TextLine]) -> int:
    """Index of the first line that is no header; 合计 alone may be a word of the header."""
    data = [at for at, line in enumerate(lines) if holds_data(_texts(line))]
    sure = (at for at in data if len(lines[at].pieces) > 1 or lines[at].text not in TOTALS)
    return next(sure, (data or [len(lines)])[0])


def _texts(line: TextLine) -> list[str]:
    return [piece.text for piece in line.pieces]
