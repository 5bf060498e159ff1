"""What is drawn on a PDF page, as pdfium knows it: its ruling lines, its shapes and its pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import PdfMatrix, raw

from qy_finance.readers import calls
from qy_finance.readers.page import Box, Glyph, RulingLine, around
from qy_finance.readers.things import IDENTITY, Drawn, matrix_of

_THIN: Final = 4.0  # points: what is drawn thinner is a line
_LEVEL: Final = 0.5  # points by which the ends of a straight line may differ
_PICTURE: Final = 0.1  # of a page: smaller pictures are ornaments
_OUTLINED: Final = 10  # pieces of a path: it may be a character drawn as a shape
_MANY_OUTLINES: Final = 50
_RECTANGLE: Final = 4, 5  # pieces
_PAINTS: Final = raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING
_BOUNDS: Final = calls.Rows(left="f4", low="f4", right="f4", high="f4")

Values = NDArray[np.float64]
Colour = tuple[int, int, int, int]  # red, green, blue, and how opaque, each to 255


class Shape(NamedTuple):
    """A thing that is no ruling line: a filled path, a broad line, a picture, a curve.

    ``at`` is its place in the order of painting; ``colour`` is None where it has not one. It is ``solid`` where it
    may cover what was drawn before it, ``free`` where it has curves or slanted sides.
    """

    at: int
    box: Box
    colour: Colour | None
    solid: bool
    free: bool


class Frame:
    """Maps points of the file to a page that is turned clockwise by ``rotation``."""

    def __init__(self, page: pdfium.PdfPage, rotation: int) -> None:
        left, bottom, right, top = page.get_bbox()
        matrices = {
            0: (1, 0, 0, -1, -left, top),
            90: (0, 1, 1, 0, -bottom, -left),
            180: (-1, 0, 0, 1, right, -bottom),
            270: (0, -1, -1, 0, top, right),
        }
        self.matrix = PdfMatrix(*matrices[rotation])
        width, height = right - left, top - bottom
        self.width, self.height = (height, width) if rotation in (90, 270) else (width, height)

    def bounds(self, things: Sequence[Drawn]) -> list[Box]:
        """Where on the page things are."""
        rows = _BOUNDS.asked([thing.address for thing in things], _ask_bounds)
        left, low, right, high = (rows[edge].astype(float) for edge in rows.dtype.names or ())
        a, b, c, d, e, f = self.matrix.get()
        x0, x1 = in_order(a * left + c * high + e, a * right + c * low + e)
        top, bottom = in_order(b * left + d * high + f, b * right + d * low + f)
        boxes = list(calls.made(Box, *(edge.tolist() for edge in (x0, top, x1, bottom))))
        for at, thing in enumerate(things):
            if thing.matrix is not IDENTITY:
                left, low, right, high = rows[at].tolist()
                corners = (left, low), (right, high), (right, low), (left, high)
                whole = [thing.matrix.on_point(*corner) for corner in corners]
                boxes[at] = box_of([self.matrix.on_point(*corner) for corner in whole])
        return boxes


def _ask_bounds(addresses: Sequence[int]) -> None:
    calls.each(calls.bounds, addresses, *_BOUNDS.columns)


def in_order(one: Values, other: Values) -> tuple[Values, Values]:
    """The lesser of each two values, and the greater."""
    return np.minimum(one, other), np.maximum(one, other)


def fill_of(thing: int) -> Colour:
    """The colour that an object is filled with."""
    red, green, blue, opaque = (ctypes.c_uint() for _ in range(4))
    calls.colour(thing, *map(ctypes.byref, (red, green, blue, opaque)))
    return red.value, green.value, blue.value, opaque.value


def box_of(points: Iterable[tuple[float, float]]) -> Box:
    """The smallest box around points."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def lines_and_shapes(drawn: Sequence[Drawn], frame: Frame) -> tuple[list[RulingLine], list[Shape]]:
    """Whatever looks like a horizontal or vertical line (strokes, and thin filled shapes or pictures), and what
    can cover others.
    """
    rules: list[RulingLine] = []
    shapes: list[Shape] = []
    for thing, box in zip(drawn, frame.bounds(drawn), strict=True):
        if (
            thing.pieces in _RECTANGLE
            and _is_closed(thing)
            and _is_told(thing, line := _thin(box), box)
        ):
            rules += line  # a thin rectangle, as common as a single line
        elif thing.pieces > 2:
            filled, stroked = _painted(thing.address)
            matrix = matrix_of(thing.address).multiply(thing.matrix).multiply(frame.matrix)
            broad = False
            pieces = _subpaths(thing, matrix)
            for points in pieces:
                lines, is_thin = _lines(points, stroked)
                rules += lines
                broad |= not is_thin
            free = broad and any(map(_is_slanted, pieces))
            if broad and (filled or free):
                whole = box_of(point for points in pieces for point in points)
                shapes.append(Shape(thing.at, whole, fill_of(thing.address), filled, free))
        elif thing.pieces or thing.kind in _PAINTS:
            # a single line, the common case, or a picture: its bounds say all
            line = _thin(box)
            rules += line
            if not line and min(box.x1 - box.x0, box.bottom - box.top) >= _THIN:
                solid = not thing.pieces or _is_broad(thing)
                free = bool(thing.pieces) and not solid
                shapes.append(Shape(thing.at, box, None, solid, free))
    return rules, shapes


def _is_told(path: Drawn, lines: Sequence[RulingLine], box: Box) -> bool:
    """Whether the bounds of a closed path tell all of it: a thin one, or a dot that is filled and of one piece."""
    if lines or min(box.x1 - box.x0, box.bottom - box.top) >= _THIN:
        return bool(lines)
    kinds = (calls.piece_kind(calls.piece(path.address, at)) for at in range(1, path.pieces))
    return not _painted(path.address)[1] and raw.FPDF_SEGMENT_MOVETO not in kinds


def _is_closed(path: Drawn) -> bool:
    return bool(calls.closes(calls.piece(path.address, path.pieces - 1)))


def _painted(path: int) -> tuple[bool, bool]:
    """Whether a path is filled, and whether it is stroked."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    calls.painted(path, ctypes.addressof(fill), ctypes.addressof(stroke))
    return bool(fill.value), bool(stroke.value)


def _is_broad(line: Drawn) -> bool:
    width = ctypes.c_float()
    raw.FPDFPageObj_GetStrokeWidth(line.object, ctypes.byref(width))
    return bool(width.value * abs(matrix_of(line.address).a or 1.0) >= _THIN)


def _is_slanted(points: list[tuple[float, float]]) -> bool:
    """Whether a side of a piece is neither level nor upright; the points of curves make such sides."""
    return any(
        abs(ax - bx) >= _THIN and abs(ay - by) >= _THIN for (ax, ay), (bx, by) in pairwise(points)
    )


def _subpaths(path: Drawn, matrix: PdfMatrix) -> list[list[tuple[float, float]]]:
    """The points of each connected piece of a path."""
    x, y = ctypes.c_float(), ctypes.c_float()
    at_x, at_y = ctypes.addressof(x), ctypes.addressof(y)
    pieces: list[list[tuple[float, float]]] = []
    for at in range(path.pieces):
        segment = calls.piece(path.address, at)
        calls.point(segment, at_x, at_y)
        if not pieces or calls.piece_kind(segment) == raw.FPDF_SEGMENT_MOVETO:
            pieces.append([])
        pieces[-1].append(matrix.on_point(x.value, y.value))
        if calls.closes(segment):
            pieces[-1].append(pieces[-1][0])
    return pieces


def _lines(points: list[tuple[float, float]], stroked: bool) -> tuple[list[RulingLine], bool]:
    """The lines of one piece of a path, and whether it is thin itself: otherwise its straight sides, if stroked."""
    box = box_of(points)
    lines = _thin(box)
    if lines or not stroked:
        return lines, bool(lines) or min(box.x1 - box.x0, box.bottom - box.top) < _THIN
    for (ax, ay), (bx, by) in pairwise(points):
        if abs(ax - bx) < _LEVEL or abs(ay - by) < _LEVEL:
            lines += _thin(box_of([(ax, ay), (bx, by)]))
    return lines, False


def _thin(box: Box) -> list[RulingLine]:
    """The line along the middle of a thin box; nothing where it is not thin."""
    width, height = box.x1 - box.x0, box.bottom - box.top
    if width < _THIN and height > 2 * width:
        middle = (box.x0 + box.x1) / 2
        return [RulingLine(middle, box.top, middle, box.bottom)]
    if height < _THIN and width > 2 * height:
        middle = (box.top + box.bottom) / 2
        return [RulingLine(box.x0, middle, box.x1, middle)]
    return []


def picture_on(drawn: Sequence[Drawn], frame: Frame, glyphs: Sequence[Glyph]) -> Box | None:
    """The part of a page that pictures without characters on them take, or characters drawn as shapes."""
    pictures = frame.bounds([thing for thing in drawn if thing.kind == raw.FPDF_PAGEOBJ_IMAGE])
    if not glyphs:
        outlines = frame.bounds([thing for thing in drawn if thing.pieces > _OUTLINED])
        pictures += outlines if len(outlines) > _MANY_OUTLINES else []
    pictures = [box for box in pictures if not any(map(box.holds, glyphs))]
    area = sum((box.x1 - box.x0) * (box.bottom - box.top) for box in pictures)
    return around(pictures) if area > _PICTURE * frame.width * frame.height else None
