"""Strips of the pages of a report: what a figure looks like in print, small enough to stand in a page many times.

Each page is cut in the same strips whatever cites it, some rows in each, so that figures that stand together share one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

from PIL import Image

from qy_finance import pictures
from qy_finance.facts import Fact
from qy_finance.files import sha256_of
from qy_finance.readers import Box, Document
from qy_finance.readers.pasted import again
from qy_finance.readers.pdf import picture
from qy_finance.reading import Reading

_SCALE: Final = 1.6  # pixels to the point
_HIGH: Final = 60.0  # points from the first row of a strip to its last, at most
_MARGIN: Final = 16.0  # points above its first row and below its last
_EDGE: Final = 8  # pixels
_INK: Final = 190  # grey of what is printed, at most
_GREYS: Final = 8
_DENSE: Final = 0.12  # bytes for a pixel: more has a photograph, which is kept as one
_QUALITY: Final = 25


class Strip(NamedTuple):
    """A strip of a page as the address of a picture, its size in pixels, and the boxes in it, in percent of that.

    A box is left, top, width, height.
    """

    address: str
    size: tuple[int, int]
    boxes: dict[str, tuple[float, float, float, float]]


class _Known:
    """A document, told from others by its file."""

    def __init__(self, document: Document) -> None:
        self.document, self.key = document, (str(document.path), document.sha256)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class _Place(NamedTuple):
    """Where a figure is drawn: on a page, or on a picture that begins at that place of the text (page 0)."""

    known: _Known
    page: int
    inset: int
    box: Box
    turned: int
    figure: str


def strips(reading: Reading, wanted: Iterable[str]) -> Iterator[Strip]:
    """The strips that show the figures of these ids; nothing of a source without pages, or one that has changed."""
    asked, places = set(wanted), sorted(_places(reading), key=_order)
    for _, of_page in groupby(places, key=lambda place: (place.known.key, *place[1:3])):
        for rows in _cut(list(of_page)):
            boxes = [place for place in rows if place.figure in asked]
            if boxes and (drawn := _drawn(tuple(rows))) is not None:
                found = {place.figure: drawn.box(place) for place in boxes}
                yield Strip(drawn.address, drawn.size, found)


def _places(reading: Reading) -> Iterator[_Place]:
    for fact in (*reading.facts, *reading.evaluated):
        place = _place(reading, fact)
        if place is not None:
            yield place


def _place(reading: Reading, fact: Fact) -> _Place | None:
    document, by, *_ = reading.document.part(fact.figure.start)
    start, end = fact.figure.start - by, fact.figure.end - by
    box = document.box(start, end)
    if box is None:
        return None
    if inset := document.inset(start):
        if not inset.source.part:
            return None
        return _Place(_Known(document), 0, inset.start, box, inset.turned, fact.id)
    assert document.layout is not None
    page = document.line_at(start).page or 1
    return _Place(_Known(document), page, 0, box, document.layout.pages[page].turned, fact.id)


def _order(place: _Place) -> tuple[tuple[str, str], int, int, float, float]:
    return place.known.key, *place[1:3], *_along(place)


def _along(place: _Place) -> tuple[float, float]:
    """From where to where it reaches in the direction in which rows follow each other."""
    box = place.box
    return (box.x0, box.x1) if place.turned in (90, 270) else (box.top, box.bottom)


def _cut(places: Sequence[_Place]) -> Iterator[list[_Place]]:
    """The figures of a page in the order of their rows, some rows a strip."""
    some: list[_Place] = []
    for place in places:
        if some and _along(place)[1] - _along(some[0])[0] > _HIGH * _scale(place) / _SCALE:
            yield some
            some = []
        some.append(place)
    yield some


def _scale(place: _Place) -> float:
    """Pixels of its picture to a point: those of a page are told in points."""
    if place.page:
        return _SCALE
    inset = place.known.document.inset(place.inset)
    return inset.scale * _SCALE if inset else _SCALE


@lru_cache(maxsize=4)
def _whole(known: _Known, page: int, inset: int) -> Image.Image | None:
    """A page or picture in grey; None where it is not there any more as it was read."""
    if not _unchanged(known):
        return None
    document = known.document
    if not page:
        found = document.inset(inset)
        assert found is not None
        return again(document.path, found.source).convert("L")
    assert document.layout is not None
    sheet = document.layout.pages[page]
    size = (sheet.width, sheet.height) if sheet.turned % 180 == 0 else (sheet.height, sheet.width)
    return Image.fromarray(picture(document.path, page, Box(0, 0, *size), _SCALE)).convert("L")


@lru_cache(maxsize=64)
def _unchanged(known: _Known) -> bool:
    document = known.document
    return document.path.is_file() and sha256_of(document.path) == document.sha256


class _Drawn(NamedTuple):
    """A strip: its address and size, the pixels to a unit of its boxes, and where it was cut from its page."""

    address: str
    size: tuple[int, int]
    scale: float
    cut: tuple[int, int, int, int]

    def box(self, place: _Place) -> tuple[float, float, float, float]:
        """Where a figure is in it."""
        left, top, right, bottom = self.cut
        box = place.box
        x0, x1 = (edge * self.scale - left for edge in (box.x0, box.x1))
        y0, y1 = (edge * self.scale - top for edge in (box.top, box.bottom))
        width, height = right - left, bottom - top
        match place.turned:
            case 90:
                x0, y0, x1, y1 = y0, width - x1, y1, width - x0
            case 180:
                x0, y0, x1, y1 = width - x1, height - y1, width - x0, height - y0
            case 270:
                x0, y0, x1, y1 = height - y1, x0, height - y0, x1
        across, down = 100 / self.size[0], 100 / self.size[1]
        edges = (x0 * across, y0 * down, (x1 - x0) * across, (y1 - y0) * down)
        return tuple(round(edge, 2) for edge in edges)  # type: ignore[return-value]


@lru_cache(maxsize=512)  # the pages of a report cite much the same
def _drawn(rows: tuple[_Place, ...]) -> _Drawn | None:
    """The strip in which these figures stand."""
    first = rows[0]
    whole = _whole(first.known, first.page, first.inset)
    if whole is None:
        return None
    scale = _SCALE if first.page else 1.0
    margin = _MARGIN * _scale(first) / _SCALE
    low = max(round((_along(first)[0] - margin) * scale), 0)
    high = round((max(_along(place)[1] for place in rows) + margin) * scale)
    if first.turned in (90, 270):
        cut = (low, 0, min(high, whole.width), whole.height)
    else:
        cut = _trimmed(whole, low, min(high, whole.height), [place.box for place in rows], scale)
    strip = whole.crop(cut)
    upright = strip.rotate(first.turned, expand=True) if first.turned else strip
    return _Drawn(_encoded(upright), upright.size, scale, cut)


def _trimmed(
    whole: Image.Image, low: int, high: int, boxes: Sequence[Box], scale: float
) -> tuple[int, int, int, int]:
    """Without the blank margins of the page."""
    strip = whole.crop((0, low, whole.width, high))
    inked = strip.point(lambda grey: 255 * (grey < _INK)).getbbox() or (whole.width, 0, 0, 0)
    left = min(inked[0], *(round(box.x0 * scale) for box in boxes))
    right = max(inked[2], *(round(box.x1 * scale) for box in boxes))
    return max(left - _EDGE, 0), low, min(right + _EDGE, whole.width), high


def _encoded(image: Image.Image) -> str:
    step = 255 / (_GREYS - 1)
    few = image.point([round(round(grey / step) * step) for grey in range(256)]).convert("RGB")
    data = pictures.encoded(few, "WEBP", lossless=True, quality=50, method=4)
    if len(data) > _DENSE * image.width * image.height:
        data = pictures.encoded(image.convert("RGB"), "WEBP", quality=_QUALITY, method=4)
    return pictures.address(data, "image/webp")
