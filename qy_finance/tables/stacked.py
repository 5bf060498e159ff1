"""Tables copied with one cell a line: their words as if rows stood on lines, and blank lines as blank cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Final

from qy_finance.marks import COLUMN_NUMBERS
from qy_finance.readers import Document
from qy_finance.tables.rows import TableSource, Token

_FEWEST: Final = 4  # lines with figures
_ALONE: Final = 0.9  # of them hold nothing else


def is_stacked(tokens: Sequence[Token]) -> bool:
    """Whether figures stand alone on their lines."""
    alone = figures = 0
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.kind == "amount":
            figures += 1
            alone += token.first and (following is None or following.first)
    return figures >= _FEWEST and alone >= _ALONE * figures


def restacked(document: Document, tokens: Sequence[Token]) -> list[Token]:
    """The words with those of one row on one line, and a blank word for each blank cell of a row.

    Lines are one line break apart, or two where all have a blank line between them.
    """
    text = document.text
    breaks = [text.count("\n", one.end, other.start) for one, other in pairwise(tokens)]
    unit = min((count for count in breaks if count), default=1)
    placed: list[Token] = []
    before: Token | None = None
    counting = begun = False  # column numbers; rows
    for at, (token, count) in enumerate(zip(tokens, [0, *breaks], strict=True)):
        if before is not None and begun:
            blank = Token("", before.end, before.end, token.page, False, 0, "blank")
            placed += [blank] * (count // unit - 1)
        label = token.text in COLUMN_NUMBERS
        if token.is_name and not label:
            same = before is not None and _goes_before_name(tokens[max(at - 3, 0) : at])
        elif token.is_code and (before is None or not before.is_code):
            following = tokens[at + 1 : at + 2]
            same = not (following and (following[0].is_name or following[0].kind == "short"))
        else:
            first_number = token.text == "1" and not counting and not begun
            same = counting or not (label or first_number)
        counting = label or (token.is_integer and (counting or token.text == "1") and not begun)
        begun = begun or token.kind == "amount" or (token.is_code and not counting)
        placed.append(token._replace(first=not same))
        before = token
    return placed


def _goes_before_name(tokens: Sequence[Token]) -> bool:
    """Whether the last words are a code, which may be split over cells."""
    pieces = [*takewhile(lambda token: token.kind == "short", reversed(tokens))]
    rest = tokens[: len(tokens) - len(pieces)]
    return bool(rest) and rest[-1].is_code and rest[-1].first is not None and len(pieces) < 3


def verify_even(source: TableSource, tokens: Sequence[Token], layout: str, period: int) -> None:
    """Refuse rows of blank cells that are not all as long as each other: a blank line may be none.

    Raises UnreadableRowError.
    """
    if all(token.text for token in tokens):
        return
    if layout == "sides":
        even = len(tokens) % period == 0
    else:
        starts = [at for at, token in enumerate(tokens) if token.first and token.is_code]
        totals = [at for at, token in enumerate(tokens) if token.first and not token.is_code]
        whole = (
            last - first
            for first, last in pairwise(starts)
            if not any(first < total < last for total in totals)
        )
        even = len(set(whole)) <= 1
    if not even:
        raise source.error(tokens[0], "rows of as many cells each", "blank lines among them")
