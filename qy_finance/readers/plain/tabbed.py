"""Tables whose cells are divided by tabs, as a sheet is copied: what a cell spans is left empty.

A table of a web page leaves out what a cell spans; then only the form can tell what stands below what
(:mod:`qy_finance.tables.lined`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import dropwhile, takewhile
from typing import Final

from qy_finance.figures import AMOUNT
from qy_finance.marks import MONEY_UNIT
from qy_finance.readers.document import Cell, Grid
from qy_finance.readers.plain.lines import Row, TabField, holds_data, stands_apart

_ROW: Final = 3  # a line of as many cells is a row
_BLANK: Final = re.compile(r"[-—–－/*…]+|无")


def tabbed_grids(rows: Sequence[Row]) -> Iterator[Grid]:
    """The grids of all tables of a text whose cells tabs divide, in order."""
    width = 0  # of the table before, on whose columns one without a header goes on
    for run in _runs(rows):
        columns = max(len(row.fields) for row in run)
        head = [*takewhile(lambda row: not holds_data(row.texts), run)]
        body = run[len(head) :]
        spans = _spans(head, columns) if head else None
        known = spans is not None or (not head and columns == width)
        if columns > 1 and known and _is_even(body, columns):
            yield _grid(run, spans or [], columns)
            width = columns
        else:
            width = 0


def _runs(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Lines that follow each other on a page, from one with a tab to the last one that has."""
    run: list[Row] = []
    for row in rows:
        is_row = len(row.fields) >= _ROW  # of which a cell may hold a sentence
        apart = MONEY_UNIT.search("".join(row.texts)) if is_row else stands_apart(row)
        if run and (apart or row.page != run[-1].page):
            yield from filter(None, [_trimmed(run)])
            run = []
        if not apart:
            run.append(row)
    yield from filter(None, [_trimmed(run)])


def _trimmed(run: list[Row]) -> list[Row]:
    run = [*dropwhile(lambda row: len(row.fields) == 1, run)]
    while run and len(run[-1].fields) == 1:
        run.pop()
    return run


def _spans(head: Sequence[Row], columns: int) -> list[list[tuple[TabField, int, int]]] | None:
    """The header cells of each row with the columns that they span, the last one not included; None in doubt.

    A cell goes on to the next one beside it, as far as the one above does.
    """
    even = all(len(row.fields) == columns for row in head)
    proven = len(head[0].fields) == columns and _has_gap(head[0])  # a web page leaves no gap there
    if not (even or proven or all(_has_gap(row) or len(row.fields) == columns for row in head)):
        return None
    above = [0, columns]
    spans = []
    for row in head:
        begins = [at for at, field in enumerate(row.fields) if field.text]
        borders = sorted({*begins, *above})
        ends = {at: next(border for border in borders if border > at) for at in begins}
        spans.append([(row.fields[at], at, ends[at]) for at in begins])
        above = borders
    covered = {at for row in spans for _, first, end in row for at in range(first, end)}
    return spans if len(covered) == columns else None


def _has_gap(row: Row) -> bool:
    """Whether a blank field stands before one that is not."""
    filled = [at for at, field in enumerate(row.fields) if field.text]
    return len(filled) <= filled[-1]


def _is_even(body: Sequence[Row], columns: int) -> bool:
    """Whether the rows have as many fields as there are columns.

    Blank fields at the end of a line may be lost. A row that is short for another reason has words where others have
    figures.
    """
    kinds: list[set[bool]] = [set() for _ in range(columns)]
    longest = max((len(row.fields) for row in body), default=0)
    whole = [row for row in body if len(row.fields) == longest]
    for row in whole:
        for at, field in enumerate(row.fields):
            kinds[at] |= _kind(field)
    short = [row for row in body if len(row.fields) < longest]
    if short and longest == columns and any(not row.fields[-1].text for row in whole):
        return False  # lines keep their blank fields
    return all(
        _kind(field) <= kinds[at] for row in short for at, field in enumerate(row.fields)
    ) and bool(whole)


def _kind(field: TabField) -> set[bool]:
    """Whether a field is a figure; nothing where it is blank."""
    if not field.text or _BLANK.fullmatch(field.text):
        return set()
    return {AMOUNT.fullmatch(field.text.removesuffix("%")) is not None}


def _grid(
    run: Sequence[Row], spans: Sequence[list[tuple[TabField, int, int]]], columns: int
) -> Grid:
    cells = [
        Cell(field.start, field.end, at, first, 1, end - first)
        for at, row in enumerate(spans)
        for field, first, end in row
    ]
    for at, row in enumerate(run[len(spans) :], start=len(spans)):
        cells += (Cell(f.start, f.end, at, column, 1, 1) for column, f in enumerate(row.fields))
        lost = range(len(row.fields), columns)
        cells += (Cell(row.end, row.end, at, column, 1, 1) for column in lost)
    xs = tuple(map(float, range(columns + 1)))
    return Grid(run[0].start, run[-1].end, run[0].page, tuple(cells), xs, ruled=False)
