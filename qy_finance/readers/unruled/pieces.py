"""What the lines of a page consist of where no ruling lines divide them: pieces, columns, header cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final, NamedTuple

from qy_finance.figures import AMOUNT
from qy_finance.marks import NUMBERED
from qy_finance.readers.page import Word, grouped

# Parts of the type size.
_JOINED: Final = 0.4  # words of one name
_SPACED: Final = 5.0  # 合　　计
_CENTRED: Final = 0.6
LEVEL: Final = 0.3  # what differs by less is level
WRAPPED: Final = 1.5  # from line to line within a cell

_DASH: Final = re.compile("[-—–－]+")
_OF_MONEY: Final = re.compile(rf"[.,]|^{_DASH.pattern}$")

# Words that are printed with wide spaces
_SPACED_OUT: Final = frozenset(
    ["合计", "总计", "小计", "项目", "收入", "支出", "金额", "名称", "科目", "编码", "栏次", "行次"]
)


class UndecidedError(Exception):
    """The columns of a region cannot be told apart, or it is no table."""


class Piece(NamedTuple):
    """Words of one line that a clear gap divides from others."""

    text: str
    x0: float
    x1: float
    baseline: float
    words: tuple[Word, ...]
    is_figure: bool
    line: float  # the baseline of its line

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


class TextLine(NamedTuple):
    """The pieces of one line from left to right."""

    baseline: float
    pieces: tuple[Piece, ...]

    @classmethod
    def of(cls, words: Sequence[Word], size: float) -> TextLine:
        """Join the words of a line that make up a name or a phrase; figures stand by themselves."""
        in_order = sorted(words, key=attrgetter("x0"))
        baseline = min(word.baseline for word in words)
        pieces = []
        for group in grouped(in_order, lambda group, word: _belongs(group, word, size)):
            text = "".join([word.text for word in group])
            figure = len(group) == 1 and _is_figure(text)
            x0, x1, level = group[0].x0, group[-1].x1, group[0].baseline
            pieces.append(Piece(text, x0, x1, level, tuple(group), figure, baseline))
        return cls(baseline, tuple(pieces))

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @property
    def has_figures(self) -> bool:
        return any(piece.is_figure for piece in self.pieces)


def _is_figure(text: str) -> bool:
    """Whether it stands where figures stand: one, or the dash of a cell without one."""
    return _DASH.fullmatch(text) is not None or AMOUNT.fullmatch(text.removesuffix("%")) is not None


def _belongs(group: list[Word], word: Word, size: float) -> bool:
    gap = word.x0 - group[-1].x1
    if gap < _JOINED * size:
        return not (_is_figure(word.text) and _is_figure(group[-1].text))
    spaced = len(group) == 1 and gap < _SPACED * size
    return spaced and group[0].text + word.text in _SPACED_OUT


def is_label_line(line: TextLine) -> bool:
    """Whether a line holds nothing but column numbers from 1 on and their labels: 栏次 1 2 3, 类 款 项."""
    numbers = [piece.text for piece in line.pieces if piece.is_figure]
    named = {piece.text for piece in line.pieces if not piece.is_figure}
    counted = numbers == [str(number) for number in range(1, len(numbers) + 1)]
    return named <= NUMBERED and counted and len(line.pieces) > (1 if named else 2)


@dataclass(eq=False, slots=True)
class Column:
    """What stands in one column: the extent of its rows' pieces and of its header."""

    x0: float
    x1: float
    pieces: list[Piece] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)

    @property
    def figures(self) -> bool:
        """Whether it holds figures; their words fix a column, those of names fix another."""
        return bool(self.pieces) and self.pieces[0].is_figure

    @property
    def is_names(self) -> bool:
        return bool(self.pieces) and not self.figures

    @property
    def amounts(self) -> bool:
        """Whether it holds sums of money; codes and line numbers have neither point nor comma, nor dashes for none."""
        return any(p.is_figure and _OF_MONEY.search(p.text) for p in self.pieces)

    @property
    def top(self) -> Head:
        """The highest header above it."""
        return min(self.heads, key=attrgetter("first"))

    def shares_row(self, other: Column) -> bool:
        """Whether both have a figure on one line."""
        ours, theirs = ({p.line for p in one.pieces if p.is_figure} for one in (self, other))
        return not ours.isdisjoint(theirs)

    def take(self, other: Column) -> None:
        self.x0, self.x1 = min(self.x0, other.x0), max(self.x1, other.x1)
        self.pieces += other.pieces
        self.heads += other.heads


class Head:
    """A header cell: the lines of its text, and once known, the first and last column that it spans.

    Header cells of one row are centred on one ``level``, however many lines they have.
    """

    span: tuple[Column, Column]

    def __init__(self, *pieces: Piece) -> None:
        self.pieces = pieces
        self.x0, self.x1 = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
        self.first, self.last = pieces[0].baseline, pieces[-1].baseline
        self.centre = (self.x0 + self.x1) / 2
        self.level = (self.first + self.last) / 2


def header_cells(lines: Sequence[TextLine], size: float) -> list[Head]:
    """Header cells: lines of text that are centred below each other."""
    stacks: list[Head] = []
    for piece in (piece for line in lines for piece in line.pieces):
        above = [at for at, stack in enumerate(stacks) if _continues(stack, piece, size)]
        if above:
            stacks[above[-1]] = Head(*stacks[above[-1]].pieces, piece)
        else:
            stacks.append(Head(piece))
    cells: list[Head] = []
    for stack in stacks:
        first, *rest = stack.pieces
        divided = rest and _is_parent_of_rest(stack, stacks, size)
        cells += [Head(first), Head(*rest)] if divided else [stack]
    return cells


def _continues(stack: Head, piece: Piece, size: float) -> bool:
    before = stack.pieces[-1]
    down = piece.baseline - before.baseline
    aligned = min(abs(piece.centre - stack.centre), abs(piece.x0 - before.x0))
    return 0 < down <= WRAPPED * size and aligned <= _CENTRED * size


def _is_parent_of_rest(stack: Head, stacks: Sequence[Head], size: float) -> bool:
    """Whether the neighbours on both sides stand level with all of a cell but its first line.

    Then that line is the header of all three, centred over the middle one.
    """
    level = (stack.pieces[1].baseline + stack.last) / 2
    near = [other for other in stacks if other.last > level - size]
    near.sort(key=attrgetter("centre"))
    at = near.index(stack)
    beside = near[max(at - 1, 0) : at] + near[at + 1 : at + 2]
    return len(beside) == 2 and all(abs(other.level - level) < LEVEL * size for other in beside)


def bands(pieces: Sequence[Piece], apart: float) -> list[Column]:
    """Pieces that overlap, or stand no further apart than that, make one column."""
    columns: list[Column] = []
    for piece in sorted(pieces, key=attrgetter("x0")):
        column = Column(piece.x0, piece.x1, [piece])
        if columns and piece.x0 < columns[-1].x1 + apart:
            columns[-1].take(column)
        else:
            columns.append(column)
    return columns
