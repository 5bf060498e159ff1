"""From the ink of a line of text to the boxes of its characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qy_finance.readers.page import Box, Glyph

Picture = NDArray[Any]

DOUBTED: Final = 0.5  # the most confidence in a numeral that looks as if it was misread

_PITCH: Final = 0.67  # of the type size: from the middle of a digit to that of the next at most

# Marks of full width, and those that are taken for them.
_CLOSING: Final = "，。、；：！？）》】”’;:)"
_OPENING: Final = "（《【“‘("


class Character(NamedTuple):
    """A recognised character; ``middle`` is the part of the line's width to the left of its middle."""

    text: str
    middle: float
    confidence: float


def glyphs_of(line: Sequence[Character], box: Box, dark: Picture, scale: float) -> Iterator[Glyph]:
    """The characters of a line with the boxes of their ink."""
    if not line:
        return
    own = own_ink(dark)
    columns = own.sum(axis=0, dtype=np.int64)
    middles = [min(int(char.middle * len(columns)), len(columns) - 1) for char in line]
    cuts = [0, *(_cut(columns, *pair) for pair in pairwise(middles)), len(columns)]
    boxes = [_inked(own[:, x0:x1], x0, box, scale) for x0, x1 in pairwise(cuts)]
    size, baseline = _type([(char.text, b) for char, b in zip(line, boxes, strict=True)])
    doubted = _doubted(line, boxes, size)
    for n, (char, b) in enumerate(zip(line, boxes, strict=True)):
        x0, x1 = b.x0, b.x1
        # a mark has paper on one side within its square, which is no gap between words
        if char.text in _CLOSING and n + 1 < len(boxes):
            x1 = max(x1, min(boxes[n + 1].x0, x0 + size))
        elif char.text in _OPENING and n:
            x0 = min(x0, max(boxes[n - 1].x1, x1 - size))
        sure = min(char.confidence, DOUBTED) if n in doubted else char.confidence
        yield Glyph(char.text, x0, b.top, x1, b.bottom, baseline, size, sure)


def _doubted(line: Sequence[Character], boxes: Sequence[Box], size: float) -> set[int]:
    """The digits that stand so far from the next that a point or a digit between them is lost."""
    doubted: set[int] = set()
    for n, ((one, box), (other, beyond)) in enumerate(pairwise(zip(line, boxes, strict=True))):
        apart = (beyond.x0 + beyond.x1 - box.x0 - box.x1) / 2
        if one.text.isdigit() and other.text.isdigit() and apart > _PITCH * size:
            doubted |= {n, n + 1}
    return doubted


def own_ink(dark: Picture) -> Picture:
    """The ink of a line's picture without what hangs into it from the lines above and below."""
    import cv2

    _, labels, boxes, _ = cv2.connectedComponentsWithStats(dark)
    tops, heights = boxes[:, cv2.CC_STAT_TOP], boxes[:, cv2.CC_STAT_HEIGHT]
    total = dark.shape[0]
    foreign = (heights < total / 3) & ((tops == 0) | (tops + heights == total))
    return np.where(foreign[labels], 0, dark).astype(np.uint8)


def _cut(columns: NDArray[np.int64], left: int, right: int) -> int:
    """Between the middles of two characters, a column with little ink not far from halfway."""
    between = columns[left : right + 1] / max(columns.max(), 1)
    away = np.linspace(-1, 1, len(between))
    return left + int((between + np.square(away)).argmin())


def _inked(dark: Picture, left: int, box: Box, scale: float) -> Box:
    """The box of the ink in a part of a line's picture that begins at a column."""
    rows, columns = np.flatnonzero(dark.any(axis=1)), np.flatnonzero(dark.any(axis=0))
    if not len(rows):  # pale print on a dark ground
        rows, columns = np.arange(dark.shape[0]), np.arange(max(dark.shape[1], 1))
    x, y = max(box.x0, 0), max(box.top, 0)
    return Box(
        x + (left + int(columns[0])) / scale,
        y + int(rows[0]) / scale,
        x + (left + int(columns[-1]) + 1) / scale,
        y + (int(rows[-1]) + 1) / scale,
    )


def _type(line: Sequence[tuple[str, Box]]) -> tuple[float, float]:
    """The type size and the baseline of a line.

    Digits and capitals stand on the baseline and are 0.72 of the size high, Chinese characters reach 0.08 below.
    """
    standing = [box for text, box in line if text.isascii() and (text.isdigit() or text.isupper())]
    if standing:
        size = median(box.bottom - box.top for box in standing) / 0.72
        return size, median(box.bottom for box in standing)
    size = max(box.bottom - box.top for _, box in line) / 0.92
    return size, max(box.bottom for _, box in line) - 0.08 * size
