"""The header of a table: which columns it has, and where its rows begin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from qy_finance.form import ColumnSpec, FormPatterns
from qy_finance.marks import COLUMN_NUMBERS, MONEY_UNIT, OPENS_CHAPTER
from qy_finance.tables.tokens import Token, joined

_LONGEST_NAME = 4  # lines over which a name is wrapped


@dataclass(frozen=True, slots=True)
class Stated:
    """What the lines above a table say of all of it: the money unit and the reporting entity."""

    money_unit: str | None
    entity: str | None


def stated(lines: Iterable[str], patterns: FormPatterns) -> Stated:
    """Find both in lines without layout spaces."""
    lines = list(lines)
    money_unit = MONEY_UNIT.search("\n".join(lines))
    entities = (match[1] for line in lines if (match := patterns.entity.search(line)))
    return Stated(money_unit[1] if money_unit else None, next(entities, None))


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the rows of one page of a table.

    ``counts`` holds how many columns the row of column numbers (栏次) counts, side by side; it is empty
    where the template prints no such row. ``numbers`` are those printed column numbers; ``words`` are
    all words of the header.
    """

    text: str
    stated: Stated
    counts: tuple[int, ...]
    numbers: tuple[Token, ...]
    words: list[str]


def split_header(
    tokens: list[Token], patterns: FormPatterns, first: Header | None = None
) -> tuple[Header, list[Token]]:
    """Divide the words of one page of a table into its header and the words of its rows.

    ``first`` is the header of the table's first page; a further page may print it again or leave it out.
    """
    if first is not None and [token.text for token in tokens[: len(first.words)]] == first.words:
        integers = [token for token in tokens[: len(first.words)] if token.is_integer]
        repeated = integers[len(integers) - len(first.numbers) :]
        return replace(first, numbers=tuple(repeated)), tokens[len(first.words) :]
    lines = _lines(tokens)
    counts: tuple[int, ...] = ()
    numbers: tuple[Token, ...] = ()
    body = 0
    for line in lines:
        body += len(line)
        if counts := _column_counts(line):
            numbers = tuple(token for token in line if token.is_integer)
            break
    else:
        body = _first_row(tokens)
    header = [joined(line) for line in _lines(tokens[: body - len(numbers)])]
    words = [token.text for token in tokens[:body]]
    said = stated(header, patterns)
    return Header("".join(header), said, counts, numbers, words), tokens[body:]


def printed_columns(columns: tuple[ColumnSpec, ...], header: str) -> tuple[ColumnSpec, ...]:
    """Those columns whose header is printed, in the order of the form."""
    return tuple(column for column in columns if any(name in header for name in column.printed))


def _lines(tokens: list[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = []
    for token in tokens:
        if token.first:
            lines.append([])
        lines[-1].append(token)
    return lines


def _column_counts(line: list[Token]) -> tuple[int, ...]:
    """How many columns a row of column numbers counts: ``栏次 1 栏次 2 3 4 5`` gives (1, 4)."""
    counts: list[int] = []
    for labels, run in groupby(line, key=lambda token: token.text in COLUMN_NUMBERS):
        if not labels:
            numbers = [int(token.text) for token in run if token.is_integer]
            if numbers != list(range(sum(counts) + 1, sum(counts) + 1 + len(numbers))):
                return ()
            counts.append(len(numbers))
    other = any(not t.is_integer and t.text not in COLUMN_NUMBERS for t in line)
    labelled = line[0].text in COLUMN_NUMBERS
    return () if other or not (labelled or sum(counts) > 1) else tuple(counts)


def _first_row(tokens: list[Token]) -> int:
    """Index of the first word of the rows where no column numbers are printed."""
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.first and token.is_code and following is not None and following.is_name:
            return at
        if token.is_amount or token.is_blank:
            return _row_start(tokens, at)
    return len(tokens)


def _row_start(tokens: list[Token], at: int) -> int:
    """Where the row begins whose first figure is ``at``: on its line, or above where its name is wrapped."""
    line = next(start for start in range(at, -1, -1) if tokens[start].first)
    if OPENS_CHAPTER.match(tokens[line].text):
        return line
    for start in range(line - 1, max(line - _LONGEST_NAME, -1), -1):
        if OPENS_CHAPTER.match(tokens[start].text):
            return start
    return line
