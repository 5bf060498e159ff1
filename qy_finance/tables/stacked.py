"""Tables copied with one cell a line: their words as if rows stood on lines, and blank lines as blank cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, cycle, dropwhile, islice, pairwise, takewhile
from typing import Final

from qy_finance.marks import COLUMN_NUMBERS
from qy_finance.readers import Document
from qy_finance.readers.page import grouped
from qy_finance.tables.rows import TableSource, Token

_FEWEST: Final = 4  # lines with figures
_NAME, _NUMBER, _CELL = range(3)
_LEVELS: Final = 2  # cells that a code may leave blank
_ALONE: Final = 0.9  # of them hold nothing else


def is_stacked(tokens: Sequence[Token]) -> bool:
    """Whether figures stand alone on their lines."""
    alone = figures = 0
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.kind == "amount":
            figures += 1
            alone += token.first and (following is None or following.first)
    return figures >= _FEWEST and alone >= _ALONE * figures


def restacked(document: Document, tokens: Sequence[Token], blanks: bool) -> list[Token]:
    """The words with those of one row on one line, and a blank word for each blank cell of a row (``blanks``).

    Lines are one line break apart, or two where all have a blank line between them.
    """
    text = document.text
    breaks = [text.count("\n", one.end, other.start) for one, other in pairwise(tokens)]
    unit = min((count for count in breaks if count), default=1)
    placed: list[Token] = []
    before: Token | None = None
    counting = begun = False  # column numbers; rows
    cells = grouped(tokens, lambda _, token: not token.first)
    labelled = [len(cell) * [_is_label(cell)] for cell in cells]
    labels = [*chain.from_iterable(labelled)]
    for at, (token, label, count) in enumerate(zip(tokens, labels, [0, *breaks], strict=True)):
        # a blank line behind column numbers is one of the codes that 合计 lacks
        if blanks and before is not None and begun:
            blank = Token("", before.end, before.end, token.page, False, 0, "blank")
            placed += [blank] * (count // unit - 1)
        begun = begun or (counting and not (label or token.is_integer))
        filled = [*islice(dropwhile(lambda token: not token.text, reversed(placed)), 2)]
        coded = filled and (filled[0].is_code or (filled[0].kind == "short" and filled[-1].is_code))
        if coded and (
            token.is_name or token.kind == "short"
        ):  # blank cells of a code that is split
            del placed[len(placed) - sum(not t.text for t in placed[-_LEVELS:]) :]
        if token.is_name and not label:
            same = before is not None and _goes_before_name(tokens[max(at - 3, 0) : at])
        elif token.is_code and (before is None or not before.is_code):
            following = tokens[at + 1 : at + 2]
            same = not (following and (following[0].is_name or following[0].kind == "short"))
        else:
            first_number = token.text == "1" and not counting and not begun
            counts = label or token.is_integer
            same = counts if counting else not (label or first_number)
        counting = label or (token.is_integer and (counting or token.text == "1") and not begun)
        begun = begun or token.kind == "amount" or (token.is_code and not counting)
        placed.append(token._replace(first=token.first and not same))
        before = token
    return placed


def _is_label(cell: Sequence[Token]) -> bool:
    """Whether a cell stands before column numbers: 项目 is none, though 项 is."""
    return COLUMN_NUMBERS.issuperset(token.text for token in cell)


def _goes_before_name(tokens: Sequence[Token]) -> bool:
    """Whether the last words are a code, which may be split over cells."""
    pieces = [*takewhile(lambda token: token.kind == "short", reversed(tokens))]
    rest = tokens[: len(tokens) - len(pieces)]
    return bool(rest) and rest[-1].is_code and rest[-1].first is not None and len(pieces) < 3


def verify_even(
    source: TableSource, tokens: Sequence[Token], widths: Sequence[int], numbered: bool
) -> None:
    """Refuse rows in which a blank line may be no blank cell: each has to have all of its cells, where they belong.

    Raises UnreadableRowError.
    """
    if max(widths) == 1 or all(token.text for token in tokens):
        return  # a blank line that is no cell would stand before a figure that is one too many
    if source.spec.layout == "sides":
        roles = [
            role for width in widths for role in (_NAME, *[_NUMBER] * numbered, *[_CELL] * width)
        ]
        even = all(
            not token.text
            or (token.is_name if role == _NAME else token.is_integer or role == _CELL)
            for token, role in zip(tokens, cycle(roles), strict=False)
        )
    else:
        rows = grouped(tokens, lambda _, token: not token.first)
        cells = (_cells(row) for row in rows if row[0].is_code)
        even = all(count == widths[0] for count in cells)
    if not even:
        raise source.error(tokens[0], "rows of as many cells each", "blank lines among them")


def _cells(row: Sequence[Token]) -> int:
    """How many cells stand behind the name of a row."""
    return len([*takewhile(lambda token: not token.is_name, reversed(row))])
