"""Straightening the picture of a page, and finding the ruling lines on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import cv2
import numpy as np

from qy_finance.readers.page import RulingLine
from qy_finance.readers.scanned.lettering import Picture

_MOST_TILTED: Final = 2.0  # degrees: a page put on the scanner by hand lies straighter than that
_TILTED: Final = 0.03  # degrees: less moves the end of a line by less than the line is thick
_RUN: Final = 10.0  # points: the ink of a line runs on for so long at least
_BROKEN: Final = 1.0  # points: a gap that poor printing leaves in a line
_GAP: Final = 6.0  # points: pieces of one line are not farther apart
_THICK: Final = 3.0  # points: what is thicker is no line
_LONG: Final = 60.0  # points: no stroke or dash of a text is so long
_DARKER: Final = 16.0  # of 255: the least that ink is darker than the paper around
_POINT: Final = 0.6  # square points: the ink of a decimal point in small print is more
_NEAR: Final = 3.0  # points between the end of a line and the line that it stands on


def tilt(grey: Picture, scale: float) -> float:
    """Degrees by which a picture has to be turned (anticlockwise) to stand straight.

    Its rows of print are then sharpest: the ink of the pixel rows differs most from row to row.
    ``scale`` is the picture's pixels to a point.
    """
    small = cv2.resize(grey, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    dark = (ink(small, 1.0) > 0).astype(np.float32)

    def sharpness(angle: float) -> float:
        rows = turned(dark, angle, 0).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best, step = 0.0, _MOST_TILTED / 8
    around = np.arange(-8, 9)
    while step > _TILTED / 3:
        best = max((best + step * n for n in around), key=lambda a: (sharpness(a), -abs(a)))
        step, around = step / 4, np.arange(-4, 5)
    return best if abs(best) > _TILTED else 0.0


def turned(picture: Picture, degrees: float, paper: float) -> Picture:
    """A picture turned about its middle; ``paper`` is the brightness of what comes into view."""
    if not degrees:
        return picture
    size = picture.shape[::-1]
    matrix = cv2.getRotationMatrix2D((size[0] / 2, size[1] / 2), degrees, 1)
    return cv2.warpAffine(picture, matrix, size, flags=cv2.INTER_CUBIC, borderValue=paper)


def ink(grey: Picture, scale: float) -> Picture:
    """255 where a picture is clearly darker than around, be it as pale as a bad copy."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0) if scale > 1 else grey
    grain = float(np.median(cv2.absdiff(smooth, cv2.medianBlur(smooth, 7))))
    around = 2 * round(6 * scale) + 1
    method, kind = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    return cv2.adaptiveThreshold(smooth, 255, method, kind, around, max(_DARKER, 6 * grain))


def without_specks(dark: Picture, scale: float) -> Picture:
    """Ink without what is smaller than the point of a figure."""
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(dark)
    kept = boxes[:, cv2.CC_STAT_AREA] >= _POINT * scale**2
    kept[0] = False
    return np.where(kept[labels], 255, 0).astype(np.uint8)


def find_rulings(grey: Picture, scale: float) -> tuple[tuple[RulingLine, ...], Picture]:
    """The ruling lines of a straight picture, in points, and the picture with paper in their place.

    A short line counts only where both its ends stand on long ones, which tells the edge of
    a small cell from a stroke of a character (一, 1) and from a dash.
    """
    dark = ink(grey, scale)
    level, level_ink = _lines(dark, scale)
    upright, upright_ink = _lines(dark.T, scale)
    rows = [line for line in level if line.long or _stands(line, upright)]
    columns = [line for line in upright if line.long or _stands(line, level)]
    clean = grey.copy()
    _wipe(clean, rows, level_ink, scale)
    _wipe(clean.T, columns, upright_ink, scale)
    rules = [RulingLine(line.start, line.at, line.end, line.at) for line in rows]
    rules += [RulingLine(line.at, line.start, line.at, line.end) for line in columns]
    return tuple(rules), clean


class _Line(NamedTuple):
    """A line along one axis, at a place on the other, in points; ``pieces`` label its ink."""

    at: float
    start: float
    end: float
    pieces: tuple[int, ...]

    @property
    def long(self) -> bool:
        return self.end - self.start >= _LONG


def _lines(dark: Picture, scale: float) -> tuple[list[_Line], Picture]:
    """The level lines of a picture, from the top, and a label for the ink of each piece."""
    run, gap = (np.ones((1, max(round(length * scale), 1)), np.uint8) for length in (_RUN, _BROKEN))
    whole = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, gap)
    runs = cv2.morphologyEx(whole, cv2.MORPH_OPEN, run)
    # the steps of a line that is not quite level are one
    joined = cv2.dilate(runs, np.ones((3, 3), np.uint8))
    _, labels, boxes, middles = cv2.connectedComponentsWithStats(joined)
    pieces = []
    for n, ((left, _, width, _, area), (_, at)) in enumerate(zip(boxes, middles, strict=True)):
        # the mean thickness: a long line may be bent
        if n and area / width - 2 <= _THICK * scale:
            start, end = (left + 1) / scale, (left + width - 1) / scale
            pieces.append(_Line((at + 0.5) / scale, start, end, (n,)))
    labels[runs == 0] = 0
    return _joined(pieces), labels


def _joined(pieces: Iterable[_Line]) -> list[_Line]:
    """Pieces of line at one height with small gaps between them, as one."""
    lines: list[_Line] = []
    for piece in sorted(pieces, key=lambda line: line.start):
        for n, line in enumerate(lines):
            if abs(line.at - piece.at) < _THICK / 2 and piece.start - line.end < _GAP:
                length, more = line.end - line.start, piece.end - piece.start
                at = (line.at * length + piece.at * more) / (length + more)
                end = max(line.end, piece.end)
                lines[n] = _Line(at, line.start, end, line.pieces + piece.pieces)
                break
        else:
            lines.append(piece)
    return sorted(lines)


def _stands(line: _Line, across: list[_Line]) -> bool:
    """Whether both ends of a line touch long lines across it."""
    touched = [
        other.at
        for other in across
        if other.long and other.start - _NEAR <= line.at <= other.end + _NEAR
    ]
    return all(any(abs(end - at) <= _NEAR for at in touched) for end in (line.start, line.end))


def _wipe(picture: Picture, lines: list[_Line], labels: Picture, scale: float) -> None:
    """Put into the place of level lines what is above and below: paper, or a stroke across."""
    ours = np.zeros(int(labels.max()) + 1, np.uint8)
    ours[[piece for line in lines for piece in line.pieces]] = 1
    place = cv2.dilate(ours[labels], np.ones((5, 3), np.uint8)) > 0
    over = np.ones((2 * round(_THICK * scale / 2) + 5, 1), np.uint8)
    picture[place] = cv2.morphologyEx(np.ascontiguousarray(picture), cv2.MORPH_CLOSE, over)[place]
