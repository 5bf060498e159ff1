"""The characters and ruling lines of a PDF page, as pdfium knows them."""

from __future__ import annotations

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import degrees
from typing import Any, Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from qy_finance.readers.page import Box, Glyph, Page, Rule, around

_THIN: Final = 4.0  # points: what is drawn thinner is a line
_LEVEL: Final = 0.5  # points by which the ends of a straight line may differ
_MOST_NESTED: Final = 8  # forms within forms
_UNMAPPED: Final = {0, 0xFFFE, 0xFFFF, *range(0xE000, 0xF900)}  # a font does not tell its character
_UNREADABLE: Final = "\ufffd"
_PICTURE: Final = 0.1  # of a page: smaller pictures are ornaments
_OUTLINED: Final = 10  # pieces of a path: it may be a character drawn as a shape
_MANY_OUTLINES: Final = 50

# Radicals look like characters and some producers write them in their place. Unicode knows the other
# compatibility forms.
_RADICALS: Final = dict(
    zip(
        "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰",
        "民母虎西见角贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙",
        strict=True,
    )
)

Matrix = tuple[float, float, float, float, float, float]
Drawn = tuple[Any, int, Matrix]
_IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)


class Frame:
    """Maps points of the file to a page that is turned clockwise by ``rotation``."""

    def __init__(self, page: pdfium.PdfPage, rotation: int) -> None:
        left, bottom, right, top = page.get_cropbox()
        to: dict[int, Callable[[float, float], tuple[float, float]]] = {
            0: lambda x, y: (x - left, top - y),
            90: lambda x, y: (y - bottom, x - left),
            180: lambda x, y: (right - x, y - bottom),
            270: lambda x, y: (top - y, right - x),
        }
        self.point = to[rotation]
        across = rotation in (90, 270)
        self.width = top - bottom if across else right - left
        self.height = right - left if across else top - bottom

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        ax, ay = self.point(x0, y0)
        bx, by = self.point(x1, y1)
        return Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))

    def holds(self, x: float, y: float) -> bool:
        return 0 <= x <= self.width and 0 <= y <= self.height


def count_segments(page: pdfium.PdfPage) -> int:
    """How many pieces of lines are drawn on a page."""
    return sum(
        raw.FPDFPath_CountSegments(obj)
        for obj, kind, _ in _objects(page)
        if kind == raw.FPDF_PAGEOBJ_PATH
    )


def read_page(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> Page:
    """The visible characters and ruling lines of a page, turned so that its text stands upright."""
    drawn = list(_objects(page))
    odd = any(_is_odd(obj) for obj, kind, _ in drawn if kind == raw.FPDF_PAGEOBJ_TEXT)
    rotation = _upright(textpage) if odd else 0
    frame = Frame(page, rotation)
    glyphs = tuple(_glyphs(textpage, frame, rotation if odd else None))
    if sum(glyph.text == _UNREADABLE for glyph in glyphs) > len(glyphs) / 4:
        glyphs = ()  # a font that does not tell its characters: the page is as good as a picture
        picture: Box | None = Box(0, 0, frame.width, frame.height)
    else:
        picture = _picture(drawn, frame, glyphs)
    turned = (page.get_rotation() - rotation) % 360
    rules = tuple(_rules(drawn, frame))
    return Page(number, frame.width, frame.height, glyphs, rules, turned, picture)


def _is_odd(text: Any) -> bool:
    """Whether a text is turned or invisible."""
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(text, ctypes.byref(matrix))
    aslant = abs(matrix.b) > abs(matrix.a) / 8
    return aslant or raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _angle(handle: Any, index: int) -> int:
    """By how many degrees a character is turned clockwise against the page's own axes, to the next 5."""
    return round(degrees(raw.FPDFText_GetCharAngle(handle, index)) / 5) * 5 % 360


def _upright(textpage: pdfium.PdfTextPage) -> int:
    """The rotation that puts most characters of a page upright."""
    angles = Counter(_angle(textpage.raw, index) for index in range(textpage.count_chars()))
    right = {angle: count for angle, count in angles.items() if angle % 90 == 0}
    return -max(right, key=right.__getitem__) % 360 if right else 0


def _glyphs(textpage: pdfium.PdfTextPage, frame: Frame, rotation: int | None) -> Iterator[Glyph]:
    """The characters of a page, without spaces and what is outside the page.

    Where ``rotation`` is given, characters that stand otherwise (a watermark) or are invisible (the text
    that a scanner's software puts behind its picture) are left out.
    """
    handle = textpage.raw
    x, y = ctypes.c_double(), ctypes.c_double()
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    loose = raw.FS_RECTF()
    at_loose = ctypes.byref(loose)
    code_of, origin_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin
    box_of = raw.FPDFText_GetLooseCharBox
    point, box, holds = frame.point, frame.box, frame.holds
    for index in range(textpage.count_chars()):
        text = character(code_of(handle, index))
        if not text or (rotation is not None and not _is_shown(handle, index, rotation)):
            continue
        origin_of(handle, index, at_x, at_y)
        box_of(handle, index, at_loose)
        x0, top, x1, bottom = box(loose.left, loose.bottom, loose.right, loose.top)
        baseline = point(x.value, y.value)[1]
        if holds((x0 + x1) / 2, baseline):
            yield Glyph(text, x0, top, x1, bottom, baseline, bottom - top)


def _is_shown(handle: Any, index: int, rotation: int) -> bool:
    if (_angle(handle, index) + rotation) % 360:
        return False
    text = raw.FPDFText_GetTextObject(handle, index)
    return bool(raw.FPDFTextObj_GetTextRenderMode(text) != raw.FPDF_TEXTRENDERMODE_INVISIBLE)


@lru_cache(maxsize=8192)
def character(code: int) -> str:
    """The character of a code as reports mean it; empty for spaces and controls."""
    if code == 2:  # pdfium's sign for a hyphen at the end of a line
        return "-"
    if code in _UNMAPPED:
        return _UNREADABLE
    text = chr(code)
    if text.isspace() or unicodedata.category(text) in ("Cc", "Cf", "Cs"):
        return ""
    if text in _RADICALS:
        return _RADICALS[text]
    if 0x2F00 <= code <= 0x2FD5 or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", text)
    return text


def _objects(page: pdfium.PdfPage) -> Iterator[Drawn]:
    """What is drawn on a page, with its kind and the matrix of the form that it belongs to."""
    count, get = raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject
    yield from _nested((get(page.raw, at) for at in range(count(page.raw))), _IDENTITY, 0)


def _nested(objects: Iterator[Any], matrix: Matrix, depth: int) -> Iterator[Drawn]:
    for obj in objects:
        kind = raw.FPDFPageObj_GetType(obj)
        if kind != raw.FPDF_PAGEOBJ_FORM:
            yield obj, kind, matrix
        elif depth < _MOST_NESTED:
            count = raw.FPDFFormObj_CountObjects(obj)
            inner = (raw.FPDFFormObj_GetObject(obj, at) for at in range(count))
            yield from _nested(inner, _product(_matrix(obj), matrix), depth + 1)


def _matrix(obj: Any) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(obj, ctypes.byref(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _product(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    a2, b2, c2, d2, e2, f2 = then
    return (
        a * a2 + b * c2,
        a * b2 + b * d2,
        c * a2 + d * c2,
        c * b2 + d * d2,
        e * a2 + f * c2 + e2,
        e * b2 + f * d2 + f2,
    )


def _transformed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _rules(drawn: list[Drawn], frame: Frame) -> Iterator[Rule]:
    """Whatever looks like a horizontal or vertical line: strokes, and thin filled shapes or pictures."""
    for obj, kind, matrix in drawn:
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            continue
        if kind == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPath_CountSegments(obj) > 2:
            stroked = _is_stroked(obj)
            for subpath in _subpaths(obj, _product(_matrix(obj), matrix)):
                points = [frame.point(x, y) for x, y in subpath]
                yield from _lines(points, stroked)
            continue
        # a single line, the common case, or a picture: its bounds say all
        if rule := _thin(_bounds(obj, matrix, frame)):
            yield rule


def _is_stroked(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(stroke.value)


def _subpaths(path: Any, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """The points of each connected piece of a path."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for at in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            if points:
                yield points
            points = []
        points.append(_transformed(matrix, x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points


def _lines(points: list[tuple[float, float]], stroked: bool) -> Iterator[Rule]:
    """The lines of one piece of a path: itself if it is thin, its straight sides if they are stroked."""
    lefts, tops = zip(*points, strict=True)
    whole = _thin(Box(min(lefts), min(tops), max(lefts), max(tops)))
    if whole is not None:
        yield whole
    elif stroked:
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ax - bx) < _LEVEL or abs(ay - by) < _LEVEL:
                side = _thin(Box(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
                if side is not None:
                    yield side


def _thin(box: Box) -> Rule | None:
    """A thin box as the line along its middle."""
    width, height = box.x1 - box.x0, box.bottom - box.top
    if width < _THIN and height > 2 * width:
        middle = (box.x0 + box.x1) / 2
        return Rule(middle, box.top, middle, box.bottom)
    if height < _THIN and width > 2 * height:
        middle = (box.top + box.bottom) / 2
        return Rule(box.x0, middle, box.x1, middle)
    return None


def _picture(drawn: list[Drawn], frame: Frame, glyphs: Sequence[Glyph]) -> Box | None:
    """The part of a page that pictures without characters on them take, or characters drawn as shapes."""
    pictures = [
        _bounds(obj, matrix, frame) for obj, kind, matrix in drawn if kind == raw.FPDF_PAGEOBJ_IMAGE
    ]
    outlines = [
        _bounds(obj, matrix, frame)
        for obj, kind, matrix in drawn
        if kind == raw.FPDF_PAGEOBJ_PATH and raw.FPDFPath_CountSegments(obj) > _OUTLINED
    ]
    if not glyphs and len(outlines) > _MANY_OUTLINES:
        pictures += outlines
    pictures = [box for box in pictures if not any(_lies_in(glyph, box) for glyph in glyphs)]
    area = sum((box.x1 - box.x0) * (box.bottom - box.top) for box in pictures)
    return around(pictures) if area > _PICTURE * frame.width * frame.height else None


def _lies_in(glyph: Glyph, box: Box) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
    return box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _bounds(obj: Any, matrix: Matrix, frame: Frame) -> Box:
    values = tuple(ctypes.c_float() for _ in range(4))
    raw.FPDFPageObj_GetBounds(obj, *map(ctypes.byref, values))
    x0, y0, x1, y1 = (value.value for value in values)
    if matrix is not _IDENTITY:
        (x0, y0), (x1, y1) = _transformed(matrix, x0, y0), _transformed(matrix, x1, y1)
    return frame.box(x0, y0, x1, y1)
