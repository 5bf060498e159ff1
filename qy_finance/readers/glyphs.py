"""The characters and ruling lines of a PDF page, as pdfium knows them."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from math import degrees
from statistics import mode
from typing import Any, Final, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import PdfMatrix, raw

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
_RADICALS: Final = str.maketrans(
    "⺠⺟⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰",
    "民母虎西见角贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙",
)

_IDENTITY: Final = PdfMatrix()


class Drawn(NamedTuple):
    """A thing drawn on a page: pdfium's object, its kind, and the matrix of the form that it belongs to.

    ``pieces`` counts the segments of a path.
    """

    object: Any
    kind: int
    matrix: PdfMatrix
    pieces: int


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
        self.edges = tuple(ctypes.c_float() for _ in range(4))  # where pdfium writes all bounds
        self.at_edges = tuple(map(ctypes.byref, self.edges))

    def bounds(self, thing: Drawn) -> Box:
        """Where on the page a thing is."""
        raw.FPDFPageObj_GetBounds(thing.object, *self.at_edges)
        left, low, right, high = self.edges
        corners = [(left.value, low.value), (right.value, high.value)]
        if thing.matrix is not _IDENTITY:
            corners = [thing.matrix.on_point(*corner) for corner in corners]
        return _box([self.matrix.on_point(*corner) for corner in corners])


def drawn_on(page: pdfium.PdfPage) -> list[Drawn]:
    """What is drawn on a page."""
    return list(_drawn(page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _IDENTITY))


def _drawn(whole: Any, count_of: Any, get: Any, matrix: PdfMatrix) -> Iterator[Drawn]:
    """What is drawn in a page or form, and in the forms in it."""
    kind_of, pieces_of = raw.FPDFPageObj_GetType, raw.FPDFPath_CountSegments
    for at in range(count_of(whole)):
        thing = get(whole, at)
        kind = kind_of(thing)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            inner = _matrix(thing).multiply(matrix)
            count_in, get_in = raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject
            yield from _drawn(thing, count_in, get_in, inner)
        else:
            pieces = pieces_of(thing) if kind == raw.FPDF_PAGEOBJ_PATH else 0
            yield Drawn(thing, kind, matrix, pieces)


def read_page(
    page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, drawn: list[Drawn], number: int
) -> Page:
    """The visible characters and ruling lines of a page, turned so that its text stands upright."""
    odd = any(_is_odd(thing.object) for thing in drawn if thing.kind == raw.FPDF_PAGEOBJ_TEXT)
    rotation = _upright(textpage) if odd else 0
    frame = Frame(page, rotation)
    glyphs = tuple(_glyphs(textpage, frame, rotation if odd else None))
    picture = _picture(drawn, frame, glyphs)
    if sum(glyph.text == _UNREADABLE for glyph in glyphs) > len(glyphs) / 4:
        # a font that does not tell its characters: the page is as good as a picture
        glyphs, picture = (), Box(0, 0, frame.width, frame.height)
    turned = (page.get_rotation() - rotation) % 360
    rules = tuple(_rules(drawn, frame))
    return Page(number, frame.width, frame.height, glyphs, rules, turned, picture)


def _is_odd(text: Any) -> bool:
    """Whether a text is turned or invisible."""
    matrix = _matrix(text)
    return abs(matrix.b) > abs(matrix.a) / 8 or _is_invisible(text)


def _is_invisible(text: Any) -> bool:
    return bool(raw.FPDFTextObj_GetTextRenderMode(text) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)


def _angle(handle: Any, index: int) -> int:
    """By how many degrees a character is turned clockwise against the page's own axes, to the next 5."""
    return round(degrees(raw.FPDFText_GetCharAngle(handle, index)) / 5) * 5 % 360


def _upright(textpage: pdfium.PdfTextPage) -> int:
    """The rotation that puts most characters of a page upright."""
    handle = textpage.raw
    codes = ((at, raw.FPDFText_GetUnicode(handle, at)) for at in range(textpage.count_chars()))
    angles = [_angle(handle, at) for at, code in codes if character(code)]
    right = [angle for angle in angles if angle % 90 == 0]
    return -mode(right) % 360 if right else 0


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
    width, height, (a, b, c, d, e, f) = frame.width, frame.height, frame.matrix.get()
    for index in range(textpage.count_chars()):
        text = character(code_of(handle, index))
        if not text or (rotation is not None and not _is_shown(handle, index, rotation)):
            continue
        origin_of(handle, index, at_x, at_y)
        box_of(handle, index, at_loose)
        # without a call for each character
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
    upright = (_angle(handle, index) + rotation) % 360 == 0
    return upright and not _is_invisible(raw.FPDFText_GetTextObject(handle, index))


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
    if 0x2F00 <= code <= 0x2FD5 or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", text)
    return text.translate(_RADICALS)


def _matrix(obj: Any) -> PdfMatrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(obj, ctypes.byref(matrix))
    return PdfMatrix.from_raw(matrix)


def _box(points: Iterable[tuple[float, float]]) -> Box:
    """The smallest box around points."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _rules(drawn: list[Drawn], frame: Frame) -> Iterator[RulingLine]:
    """Whatever looks like a horizontal or vertical line: strokes, and thin filled shapes or pictures."""
    for thing in drawn:
        if thing.pieces > 2:
            stroked = _is_stroked(thing.object)
            matrix = _matrix(thing.object).multiply(thing.matrix).multiply(frame.matrix)
            for points in _subpaths(thing.object, matrix):
                yield from _lines(points, stroked)
        elif thing.pieces or thing.kind == raw.FPDF_PAGEOBJ_IMAGE:
            # a single line, the common case, or a picture: its bounds say all
            yield from _thin(frame.bounds(thing))


def _is_stroked(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
    return bool(stroke.value)


def _subpaths(path: Any, matrix: PdfMatrix) -> list[list[tuple[float, float]]]:
    """The points of each connected piece of a path."""
    x, y = ctypes.c_float(), ctypes.c_float()
    pieces: list[list[tuple[float, float]]] = []
    for at in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if not pieces or raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            pieces.append([])
        pieces[-1].append(matrix.on_point(x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            pieces[-1].append(pieces[-1][0])
    return pieces


def _lines(points: list[tuple[float, float]], stroked: bool) -> Iterator[RulingLine]:
    """The lines of one piece of a path: itself if it is thin, its straight sides if they are stroked."""
    whole = _thin(_box(points))
    yield from whole
    if stroked and not whole:
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ax - bx) < _LEVEL or abs(ay - by) < _LEVEL:
                yield from _thin(_box([(ax, ay), (bx, by)]))


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


def _picture(drawn: list[Drawn], frame: Frame, glyphs: Sequence[Glyph]) -> Box | None:
    """The part of a page that pictures without characters on them take, or characters drawn as shapes."""
    pictures = [frame.bounds(thing) for thing in drawn if thing.kind == raw.FPDF_PAGEOBJ_IMAGE]
    if not glyphs:
        outlines = [frame.bounds(thing) for thing in drawn if thing.pieces > _OUTLINED]
        pictures += outlines if len(outlines) > _MANY_OUTLINES else []
    pictures = [box for box in pictures if not any(map(box.holds, glyphs))]
    area = sum((box.x1 - box.x0) * (box.bottom - box.top) for box in pictures)
    return around(pictures) if area > _PICTURE * frame.width * frame.height else None
