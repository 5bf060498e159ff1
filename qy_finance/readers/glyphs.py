"""The characters and ruling lines of a PDF page, as pdfium knows them."""

from __future__ import annotations

import ctypes
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import degrees
from typing import Any, Final, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from qy_finance.readers.page import Box, Glyph, Page, RulingLine, around

_THIN: Final = 4.0  # points: what is drawn thinner is a line
_LEVEL: Final = 0.5  # points by which the ends of a straight line may differ
_UNMAPPED: Final = {0, 0xFFFE, 0xFFFF, *range(0xE000, 0xF900)}  # a font does not tell its character
_UNREADABLE: Final = "\ufffd"
_PICTURE: Final = 0.1  # of a page: smaller pictures are ornaments
_OUTLINED: Final = 10  # pieces of a path: it may be a character drawn as a shape
_MANY_OUTLINES: Final = 50
_LAST_NARROW: Final = "\u2e7f"  # behind it are the characters that are as wide as they are high
_ASCENT, _DESCENT = 0.88, 0.12  # of these, in parts of their size

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
_IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)


class Drawn(NamedTuple):
    """A thing drawn on a page: pdfium's object, its kind, and the matrix of the form that it belongs to.

    ``pieces`` counts the segments of a path.
    """

    object: Any
    kind: int
    matrix: Matrix
    pieces: int


class Frame:
    """Maps points of the file to a page that is turned clockwise by ``rotation``."""

    def __init__(self, page: pdfium.PdfPage, rotation: int) -> None:
        bounds = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page.raw, ctypes.byref(bounds))
        left, bottom, right, top = bounds.left, bounds.bottom, bounds.right, bounds.top
        self.matrix: Matrix = {
            0: (1, 0, 0, -1, -left, top),
            90: (0, 1, 1, 0, -bottom, -left),
            180: (-1, 0, 0, 1, right, -bottom),
            270: (0, -1, -1, 0, top, right),
        }[rotation]
        across = rotation in (90, 270)
        self.width = top - bottom if across else right - left
        self.height = right - left if across else top - bottom

    def point(self, x: float, y: float) -> tuple[float, float]:
        return _transformed(self.matrix, x, y)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        a, b, c, d, e, f = self.matrix
        ax, bx = a * x0 + c * y0 + e, a * x1 + c * y1 + e
        ay, by = b * x0 + d * y0 + f, b * x1 + d * y1 + f
        if bx < ax:
            ax, bx = bx, ax
        if by < ay:
            ay, by = by, ay
        return Box(ax, ay, bx, by)


def drawn_on(page: pdfium.PdfPage) -> list[Drawn]:
    """What is drawn on a page."""
    count, get = raw.FPDFPage_CountObjects(page.raw), raw.FPDFPage_GetObject
    return list(_nested([get(page.raw, at) for at in range(count)], _IDENTITY))


def read_page(
    page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, drawn: list[Drawn], number: int
) -> Page:
    """The visible characters and ruling lines of a page, turned so that its text stands upright."""
    odd = any(_is_odd(thing.object) for thing in drawn if thing.kind == raw.FPDF_PAGEOBJ_TEXT)
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
    return bool(
        aslant or raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
    )


def _angle(handle: Any, index: int) -> int:
    """By how many degrees a character is turned clockwise against the page's own axes, to the next 5."""
    return round(degrees(raw.FPDFText_GetCharAngle(handle, index)) / 5) * 5 % 360


def _upright(textpage: pdfium.PdfTextPage) -> int:
    """The rotation that puts most characters of a page upright."""
    handle = textpage.raw
    seen = (
        at for at in range(textpage.count_chars()) if character(raw.FPDFText_GetUnicode(handle, at))
    )
    angles = Counter(_angle(handle, index) for index in seen)
    right = {angle: count for angle, count in angles.items() if angle % 90 == 0}
    return -max(right, key=right.__getitem__) % 360 if right else 0


def _glyphs(textpage: pdfium.PdfTextPage, frame: Frame, rotation: int | None) -> Iterator[Glyph]:
    """The characters of a page, without spaces and what is outside the page.

    Where ``rotation`` is given, characters that stand otherwise (a watermark) or are invisible (the text
    that a scanner's software puts behind its picture) are left out.
    """
    handle = textpage.raw
    x, y, loose = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
    at_x, at_y, at_loose = ctypes.byref(x), ctypes.byref(y), ctypes.byref(loose)
    ink = left, right, low, high = tuple(ctypes.c_double() for _ in range(4))
    at_ink = tuple(map(ctypes.byref, ink))
    code_of, origin_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetCharOrigin
    box_of, ink_of = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetCharBox
    width, height, (a, b, c, d, e, f) = frame.width, frame.height, frame.matrix
    for index in range(textpage.count_chars()):
        text = character(code_of(handle, index))
        if not text or (rotation is not None and not _is_shown(handle, index, rotation)):
            continue
        origin_of(handle, index, at_x, at_y)
        box_of(handle, index, at_loose)
        # what Frame.box does, without a call for each character
        x0 = a * loose.left + c * loose.bottom + e
        x1 = a * loose.right + c * loose.top + e
        if x1 < x0:
            x0, x1 = x1, x0
        baseline = b * x.value + d * y.value + f
        if not (0 <= x0 + x1 <= 2 * width and 0 <= baseline <= height):
            continue  # outside of the page
        if text > _LAST_NARROW:
            size = x1 - x0
            top, bottom = baseline - _ASCENT * size, baseline + _DESCENT * size
        else:
            size = 2 * (x1 - x0)
            ink_of(handle, index, *at_ink)
            top = b * left.value + d * high.value + f
            bottom = b * right.value + d * low.value + f
            if bottom < top:
                top, bottom = bottom, top
        yield Glyph(text, x0, top, x1, bottom, baseline, size)


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


def _nested(objects: list[Any], matrix: Matrix) -> Iterator[Drawn]:
    kind_of, pieces_of = raw.FPDFPageObj_GetType, raw.FPDFPath_CountSegments
    for thing in objects:
        kind = kind_of(thing)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            yield Drawn(thing, kind, matrix, pieces_of(thing))
        elif kind != raw.FPDF_PAGEOBJ_FORM:
            yield Drawn(thing, kind, matrix, 0)
        else:
            count, get = raw.FPDFFormObj_CountObjects(thing), raw.FPDFFormObj_GetObject
            inner = [get(thing, at) for at in range(count)]
            yield from _nested(inner, _product(_matrix(thing), matrix))


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


def _rules(drawn: list[Drawn], frame: Frame) -> Iterator[RulingLine]:
    """Whatever looks like a horizontal or vertical line: strokes, and thin filled shapes or pictures."""
    bounds = _Bounds(frame)
    for thing in drawn:
        if thing.pieces > 2:
            stroked = _is_stroked(thing.object)
            for subpath in _subpaths(thing.object, _product(_matrix(thing.object), thing.matrix)):
                yield from _lines([frame.point(x, y) for x, y in subpath], stroked)
        elif thing.pieces or thing.kind == raw.FPDF_PAGEOBJ_IMAGE:
            # a single line, the common case, or a picture: its bounds say all
            rule = _thin(bounds(thing))
            if rule is not None:
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


def _lines(points: list[tuple[float, float]], stroked: bool) -> Iterator[RulingLine]:
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


def _thin(box: Box) -> RulingLine | None:
    """A thin box as the line along its middle."""
    width, height = box.x1 - box.x0, box.bottom - box.top
    if width < _THIN and height > 2 * width:
        middle = (box.x0 + box.x1) / 2
        return RulingLine(middle, box.top, middle, box.bottom)
    if height < _THIN and width > 2 * height:
        middle = (box.top + box.bottom) / 2
        return RulingLine(box.x0, middle, box.x1, middle)
    return None


def _picture(drawn: list[Drawn], frame: Frame, glyphs: Sequence[Glyph]) -> Box | None:
    """The part of a page that pictures without characters on them take, or characters drawn as shapes."""
    bounds = _Bounds(frame)
    pictures = [bounds(thing) for thing in drawn if thing.kind == raw.FPDF_PAGEOBJ_IMAGE]
    if not glyphs:
        outlines = [bounds(thing) for thing in drawn if thing.pieces > _OUTLINED]
        pictures += outlines if len(outlines) > _MANY_OUTLINES else []
    pictures = [box for box in pictures if not any(map(box.holds, glyphs))]
    area = sum((box.x1 - box.x0) * (box.bottom - box.top) for box in pictures)
    return around(pictures) if area > _PICTURE * frame.width * frame.height else None


class _Bounds:
    """Asks pdfium for the bounds of things, always in the same four places of memory."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.values = tuple(ctypes.c_float() for _ in range(4))
        self.at = tuple(map(ctypes.byref, self.values))

    def __call__(self, thing: Drawn) -> Box:
        raw.FPDFPageObj_GetBounds(thing.object, *self.at)
        left, low, right, high = self.values
        x0, y0, x1, y1 = left.value, low.value, right.value, high.value
        if thing.matrix is not _IDENTITY:
            (x0, y0), (x1, y1) = (
                _transformed(thing.matrix, x0, y0),
                _transformed(thing.matrix, x1, y1),
            )
        return self.frame.box(x0, y0, x1, y1)
