"""Tables whose columns are kept by spaces, as ``pdftotext -layout`` prints them.

A full-width character takes two places, or one or three, as the program that made the text counts. What stands below
what is found as on a page (:mod:`qy_finance.readers.unruled.columns`); a table whose figures do not stand below each
other, or whose names can be divided among its rows in more than one way, gives no grid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Final

from qy_finance.marks import MARKED_PAGE_NUMBER, PAGE_NUMBER
from qy_finance.readers.document import Grid
from qy_finance.readers.plain.lines import Row, stands_apart
from qy_finance.readers.plain.region import WORD, Region, is_figure, line_of
from qy_finance.readers.unruled.pieces import UndecidedError

_APART: Final = re.compile(r"(?<=\S)[ \u3000]{2,}[\d,]+\.?\d*[ \u3000]{2,}(?=\S)")
_WIDTHS: Final = 2, 1, 3
_FARTHEST: Final = 5  # from line to line within a table
_SPREAD: Final = 0.5  # of the gaps beside figures are wider than a space


def keeps_columns(text: str) -> bool:
    """Whether any figures have wide spaces on both sides: most texts have none, and that is soon told."""
    return _APART.search(text) is not None


def aligned_grids(text: str, rows: Sequence[Row]) -> list[Grid]:
    """The grids of all tables of a text whose columns stand below each other, in order."""
    runs = [*_runs(text, rows)]
    ragged = {wide: sum(_ragged(text, run, wide) for run in runs) for wide in _WIDTHS}
    widths = [wide for wide in _WIDTHS if ragged[wide] == min(ragged.values())]
    found: list[tuple[Grid, bool]] = []
    width = 0  # of the table before, on whose columns one without a header goes on
    for run in runs:
        ways = [way for wide in widths if (way := _way(text, run, wide))]
        cells = {way[1].cells for way in ways}
        if len(cells) == 1:  # however wide characters are
            region, grid, proven = ways[0]
            columns = len(grid.xs)
            if region.head or (columns == width and region.is_filled):
                found.append((grid, proven))
                width = columns
                continue
        width = 0
    kept = any(proven for _, proven in found)
    return [grid for grid, proven in found if proven or kept]


def _way(text: str, run: Sequence[Row], wide: int) -> tuple[Region, Grid, bool] | None:
    """A run of lines as a table, its grid, and whether columns are surely kept in it."""
    with suppress(UndecidedError):
        region = Region(text, run, wide)
        return region, *region.grid()
    return None


def _runs(text: str, rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Lines of a page that follow each other closely, have spaces of several places, and figures among them."""
    run: list[Row] = []
    for row in rows:
        apart = "\t" in text[row.start : row.end] or stands_apart(row)
        far = bool(run) and (row.page != run[-1].page or row.number - run[-1].number > _FARTHEST)
        if run and (apart or far):
            yield from filter(None, [_trimmed(text, run)])
            run = []
        if not apart:
            run.append(row)
    yield from filter(None, [_trimmed(text, run)])


def _trimmed(text: str, run: list[Row]) -> list[Row]:
    """A run without page numbers; nothing where hardly any figure stands apart by more than a space."""
    while run and _is_page_number(run[-1]):
        run.pop()
    while run and _is_page_number(run[0]):
        del run[0]
    wide = gaps = 0
    for row in run:
        words = [*WORD.finditer(text, row.start, row.end)]
        for left, right in pairwise(words):
            if is_figure(left[0]) or is_figure(right[0]):
                gaps += 1
                wide += (
                    right.start() - left.end() > 1 or "\u3000" in text[left.end() : right.start()]
                )
    return run if gaps and wide >= _SPREAD * gaps else []


def _is_page_number(row: Row) -> bool:
    text = "".join(row.texts)
    return bool(PAGE_NUMBER.fullmatch(text) or MARKED_PAGE_NUMBER.fullmatch(text))


def _ragged(text: str, run: Sequence[Row], wide: int) -> int:
    """In how many different places amounts end, if a full-width character takes so many."""
    ends: set[float] = set()
    for row in run:
        pieces = line_of(text, row, wide, False, {}).pieces
        ends.update(p.x1 for p in pieces if p.is_figure and ("." in p.text or "," in p.text))
    return len(ends)
