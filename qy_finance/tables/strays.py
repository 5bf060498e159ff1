"""Integers alone on a line of a table: the numbers of pages, or figures of a copy that has a line for each cell."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from qy_finance.figures import Exclusion
from qy_finance.marks import COLUMN_NUMBERS
from qy_finance.tables.locate import Block
from qy_finance.tables.rows import TableRow, TableSource, Token, excluded

_NEXT_WORD = re.compile(r"\S")


def page_counts(tokens: list[Token]) -> list[Token]:
    """Integers alone on their lines that count on one by one, in a table whose amounts all have decimals."""
    alone = [
        token
        for before, token, following in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False)
        if token.kind == "short" and token.first and (following is None or following.first)
        and not any(beside and _counts_columns(beside) for beside in (before, following))
    ]  # fmt: skip
    amounts = [token for token in tokens if token.first and token.kind in ("short", "amount")]
    whole = [token for token in amounts if "." not in token.text and token not in alone]
    counted = [int(token.text) for token in alone]
    counts = counted == list(range(counted[0], counted[0] + len(counted))) if counted else False
    numbered = any("行次" in token.text for token in tokens)
    return alone if counts and counted[0] and not (whole or numbered) else []


def page_numbers(tokens: list[Token], numbered: bool) -> list[Token]:
    """Integers alone on their line, between the rows of a table, that count pages.

    Where rows are ``numbered`` (行次), one that no other row has may be the number of a blank row.
    """
    integers = Counter(int(token.text) for token in tokens if token.is_integer)
    last = max(integers, default=0)
    found = []
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        if token.is_integer and token.first and (following is None or following.first):
            number = int(token.text)
            if number and (integers[number] > 1 or number >= last if numbered else number < 100):
                found.append(token)
    return found


def number_below(source: TableSource, page: Block, at: int) -> Token | None:
    """What seems to number the page below the last row of a table, or is its last figure."""
    text = source.document.text
    following = _NEXT_WORD.search(text, page.lines[-1].end) if page.lines else None
    if following is None:
        return None
    words = [*source.words([source.document.line_at(following.start())], at)]
    return words[0] if len(words) == 1 and words[0].is_integer else None


def _counts_columns(word: Token) -> bool:
    return word.is_integer or word.text in COLUMN_NUMBERS


def explained(rows: Sequence[TableRow], strays: Sequence[Token]) -> Iterator[Exclusion]:
    """Words that seem to number pages; within a row that has a blank, they may be its figure."""
    begins: list[int] = []
    for row in rows:
        words = (*row.labels, *row.names, *row.unread, *filter(None, row.cells))
        begins.append(min((word.start for word in words), default=begins[-1] if begins else 0))
    for stray in strays:
        own = rows[max(bisect_right(begins, stray.start) - 1, 0)] if rows else None
        doubtful = own is not None and None in own.cells
        yield from excluded("unread cell" if doubtful else "page number", [stray])
