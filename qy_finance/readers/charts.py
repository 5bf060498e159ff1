"""Charts on a page: bars, slices and curves, and the words and numbers that label them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from qy_finance.readers.drawn import Shape
from qy_finance.readers.page import Box, PageGrid, Word, around

_COLOURED: Final = 40  # parts of 255 by which the parts of a colour differ: others are grey
_BANNER: Final = 0.4  # of a page's width: what is as wide, and flat, is a background
_FLAT: Final = 8  # times as wide as high
_LARGEST: Final = 0.5  # of a page: a shape that is larger is its background
_NEAR: Final = 60.0  # points between the parts of a chart
_LEAST: Final = 40.0  # points: the sides of a chart
_MARGIN_X, _MARGIN_Y = 45.0, 25.0  # points around its drawing in which its labels stand
_FEW: Final = 2  # a single shape is an ornament
_MOST: Final = 3_000  # shapes
_LONGEST_LABEL: Final = 25  # characters
_SENTENCE: Final = re.compile("[。；！？，]")


def charts_of(shapes: Sequence[Shape], width: float, height: float) -> tuple[Box, ...]:
    """Where shapes make a chart: several near each other that are coloured, curved or slanted."""
    parts = [shape.box for shape in shapes if _is_part(shape, width, height)]
    if not _FEW <= len(parts) <= _MOST:
        return ()
    groups: list[list[Box]] = []
    for part in sorted(parts, key=lambda box: box.top):
        near = [group for group in groups if any(_is_near(part, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([part, *(other for group in near for other in group)])
    found = [around(group) for group in groups if len(group) >= _FEW]
    return tuple(
        Box(x0 - _MARGIN_X, top - _MARGIN_Y, x1 + _MARGIN_X, bottom + _MARGIN_Y)
        for x0, top, x1, bottom in found
        if x1 - x0 >= _LEAST and bottom - top >= _LEAST
    )


def _is_part(shape: Shape, width: float, height: float) -> bool:
    x0, top, x1, bottom = shape.box
    wide, high = x1 - x0, bottom - top
    if wide * high > _LARGEST * width * height or (wide > _BANNER * width and wide > _FLAT * high):
        return False
    red, green, blue = (shape.colour or (0, 0, 0, 0))[:3]
    return shape.free or max(red, green, blue) - min(red, green, blue) >= _COLOURED


def _is_near(one: Box, other: Box) -> bool:
    return (
        one.x0 - _NEAR <= other.x1
        and other.x0 - _NEAR <= one.x1
        and one.top - _NEAR <= other.bottom
        and other.top - _NEAR <= one.bottom
    )


def labels_of(
    charts: Sequence[Box], lines: Iterable[Sequence[Word]], grids: Sequence[PageGrid]
) -> list[Word]:
    """The words on ``lines`` that label charts: short ones within, which belong to no sentence and no table."""
    charts = [chart for chart in charts if not any(_meet(chart, grid.box) for grid in grids)]
    found: list[Word] = []
    for line in lines if charts else ():
        text = "".join(word.text for word in line)
        if not _SENTENCE.search(text):
            found += (word for word in line if _is_label(word, charts))
    return found


def _is_label(word: Word, charts: Iterable[Box]) -> bool:
    return len(word.text) <= _LONGEST_LABEL and any(
        chart.x0 <= word.x0 and word.x1 <= chart.x1 and chart.top <= word.middle <= chart.bottom
        for chart in charts
    )


def _meet(chart: Box, table: Box) -> bool:
    """Whether the middle of a chart lies in a table: shaded cells are none."""
    x, y = (chart.x0 + chart.x1) / 2, (chart.top + chart.bottom) / 2
    return table.x0 <= x <= table.x1 and table.top <= y <= table.bottom


def recognised_labels(words: Sequence[Word]) -> list[Word]:
    """The words that were recognised on a picture beside printed text, if they say no sentence: it is a chart."""
    recognised = [word for word in words if word.glyphs[0].confidence is not None]
    if len(recognised) == len(words) or not all(is_label(word.text) for word in recognised):
        return []
    return recognised


def is_label(text: str) -> bool:
    """Whether a word can label a chart: it is short, and says no sentence."""
    return len(text) <= _LONGEST_LABEL and not _SENTENCE.search(text)
