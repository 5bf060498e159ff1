"""Pictures that stand in the text of a document: tables that were pasted as pictures, scanned pages.

Where the extra ``qy-finance[ocr]`` is installed, what is written on them is recognised as on a scanned page of a PDF.
What is not read is told with the reason; a picture is never an error.
"""

from __future__ import annotations

import struct
import time
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qy_finance.errors import LimitError, ScannedReportError
from qy_finance.figures import Exclusion
from qy_finance.readers.document import Inset, Placement
from qy_finance.readers.limits import Limits
from qy_finance.readers.page import Page
from qy_finance.readers.scanned import ocr

if TYPE_CHECKING:
    from PIL import Image

_FORMATS: Final = "PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"
_DRAWINGS: Final = {b" EMF": "an EMF drawing", b"\xd7\xcd\xc6\x9a": "a WMF drawing"}
_LEAST_LONG, _LEAST_SHORT = 200, 100  # pixels along the sides of what may be a table
_CLEAR: Final = "P", "PA", "LA", "RGBA", "La", "RGBa"  # modes with a transparent ground
_LONGEST: Final = 4_000  # points of a page with type of that size
_LARGEST: Final = 3_000_000  # square points: six pages
_TYPE: Final = 9.0  # points: the type of a table
_TALLEST: Final = 120  # pixels of a character
_LEAST_HIGH: Final = 5
_DIGIT: Final = 0.72  # of the type size: the height of a digit
_FEW: Final = 12  # characters
_BRIGHT: Final = 85  # percent of a page are no brighter than its paper
_PAPER: Final = 32  # of 255 by which paper differs
_MOSTLY: Final = 0.4  # of a page that is paper
_ILLEGIBLE: Final = 0.5  # of the characters that are in doubt
_FINER: Final = 1.6  # times the pixels that are needed: a picture is made smaller
_POINTS: Final = 72  # to the inch
_NAMED: Final = 10  # pictures that are told one by one
_NOTHING: Final = "no text was recognised"
_EXTRA: Final = "the extra that reads pictures is not installed (pip install 'qy_finance[ocr]')"
_UNDECODABLE: Final = (
    OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError, EOFError, MemoryError,
    struct.error, zlib.error, NotImplementedError,
)  # fmt: skip


class _NotRead(Exception):  # noqa: N818 - no error: a reason
    """Why a picture is not read."""


class Pasted(NamedTuple):
    """A picture as its file has it, and where that shows it; without ``data`` it is not in the file."""

    data: bytes
    source: Placement = Placement()


class Pictures:
    """The pictures of a document, read one after the other; ``left_out`` says which were not, and why."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.limits = limits
        self.begun = time.monotonic()
        self.count = 0
        self._told: dict[str, list[str]] = {}

    @property
    def left_out(self) -> list[str]:
        """What was not read, those of one reason together."""
        return [f"{_listed(places)}: {reason}" for reason, places in self._told.items()]

    def verify(self, text: str) -> None:
        """Refuse a document of pictures only that can't be read."""
        if _EXTRA in self._told and not text.strip():
            wanted = (
                "text, or the extra that reads pictures of text (pip install 'qy_finance[ocr]')"
            )
            raise ScannedReportError(
                self.path.name, _listed(self._told[_EXTRA]), wanted, "pictures"
            )

    def read(self, picture: Pasted, place: str) -> Inset | None:
        """What is written on a picture; None where it is not read, or nothing is."""
        try:
            return self._read(picture) if _may_be_table(picture.data) else None
        except _NotRead as reason:
            self._told.setdefault(str(reason), []).append(place)
        finally:
            self.limits.allow(self.path, place, "seconds", time.monotonic() - self.begun)
        return None

    def _read(self, picture: Pasted) -> Inset:
        from qy_finance.readers.charts import is_label
        from qy_finance.readers.compose import compose

        if not ocr.available():
            raise _NotRead(_EXTRA)
        limits = self.limits
        if prod(_size(picture.data)) > limits.pixels:
            raise _NotRead(f"more than {limits.pixels:,} pixels (Limits(pixels=…) allows more)")
        self.count += 1
        if self.count > limits.pictures:
            raise _NotRead(f"more than {limits.pictures} (Limits(pictures=…) allows more)")
        grey = np.asarray(shown(picture).convert("L"))
        if min(grey.shape) < _LEAST_SHORT:  # most of it is cut off
            raise _NotRead(_NOTHING)
        scale = _type_size(grey) / _TYPE
        if not scale:
            raise _NotRead(_NOTHING)
        page = _page(grey, scale)
        try:
            read = compose(self.path, [page], limits, ())
        except LimitError as error:  # more ruling lines than a table has
            raise _NotRead(_NOTHING) from error
        if not read.grids and all(map(is_label, read.text.split())):
            read = replace(read, asides=(Exclusion(0, len(read.text), "chart"),))
        return Inset(replace(read, paged=False), 0, scale, picture.source)


def _page(grey: NDArray[np.uint8], dots: float) -> Page:
    """A picture of so many dots to the point as a page; one that lies on its side is turned upright."""
    import cv2

    height, width = (side / dots for side in grey.shape)
    scale = ocr.RESOLUTION / _POINTS
    scale = scale if dots > _FINER * scale else dots
    if max(width, height) > _LONGEST or width * height > _LARGEST:
        raise _NotRead(_NOTHING)
    if scale < dots:
        small = max(round(width * scale), 1), max(round(height * scale), 1)
        grey = cv2.resize(grey, small, interpolation=cv2.INTER_AREA).astype(np.uint8)
    lies = ocr.lies_on_its_side(grey, width)
    if lies is None:
        raise _NotRead(_NOTHING)
    if lies:
        turns = [(90, cv2.ROTATE_90_COUNTERCLOCKWISE), (270, cv2.ROTATE_90_CLOCKWISE)]
        tried = [
            replace(ocr.recognise(cv2.rotate(grey, back), 1, height, width), turned=turned)
            for turned, back in turns
        ]
    else:
        tried = [ocr.recognise(grey, 1, width, height)]
    page = min(tried, key=_unsure)
    if not page.glyphs:
        raise _NotRead(_NOTHING)
    if _unsure(page) > _ILLEGIBLE:
        raise _NotRead("hardly legible")
    return page


def _unsure(page: Page) -> float:
    """The part of the characters on a page that are for a person to look at."""
    doubted = [(glyph.confidence or 0.0) < ocr.REVIEW_BELOW for glyph in page.glyphs]
    return sum(doubted) / len(doubted) if doubted else 1.0


def _may_be_table(data: bytes) -> bool:
    """Whether a picture is as large as a table; it may be in no file, or a drawing."""
    if not data:
        raise _NotRead("a link to what is not in the file")
    if drawing := _DRAWINGS.get(data[40:44]) or _DRAWINGS.get(data[:4]):
        raise _NotRead(drawing)
    sides = _size(data)
    return min(sides) >= _LEAST_SHORT and max(sides) >= _LEAST_LONG


@contextmanager
def _opened(data: bytes) -> Iterator[Image.Image]:
    """A picture that is not decoded yet; it may be damaged in many ways."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(data), formats=_FORMATS)
        yield image
    except Image.DecompressionBombError as error:
        raise _NotRead("too many pixels") from error
    except _UNDECODABLE as error:
        raise _NotRead("damaged, or of a format that is not read") from error


def shown(picture: Pasted) -> Image.Image:
    """A picture as the document shows it: what is cut off is not there, what is turned is turned, on white paper."""
    from PIL import Image

    left, top, right, bottom = picture.source.cut
    with _opened(picture.data) as image:
        kept = image.convert("RGB")
        if image.mode in _CLEAR or "transparency" in image.info:
            paper = Image.new("RGBA", image.size, "white")
            kept = Image.alpha_composite(paper, image.convert("RGBA")).convert("RGB")
        elif image.mode.startswith("I"):  # 16 bits
            bright = (np.asarray(image, np.float64) / 257).clip(0, 255)
            kept = Image.fromarray(bright.astype(np.uint8)).convert("RGB")
        wide, high = kept.size
        box = wide * left, high * top, wide * (1 - right), high * (1 - bottom)
        return kept.crop(box).rotate(-picture.source.turned, expand=True)


def again(path: Path, source: Placement) -> Image.Image:
    """A picture of a package, as the document shows it."""
    with zipfile.ZipFile(path) as package:
        return shown(Pasted(package.read(source.part), source))


def _size(data: bytes) -> tuple[int, int]:
    with _opened(data) as image:
        return image.size


def _type_size(grey: NDArray[np.uint8]) -> float:
    """The size of most of the type on a picture in pixels, by the height of its digits; 0 where nothing is written."""
    import cv2

    from qy_finance.readers.scanned.rulings import ink

    bright = np.percentile(grey, _BRIGHT)
    if (np.abs(grey[::4, ::4] - bright) <= _PAPER).mean() < _MOSTLY:
        return 0.0  # a photograph
    boxes = cv2.connectedComponentsWithStats(ink(grey, 2.0))[2][1:]
    high, wide = boxes[:, cv2.CC_STAT_HEIGHT], boxes[:, cv2.CC_STAT_WIDTH]
    shaped = (high >= _LEAST_HIGH) & (high <= _TALLEST) & (wide <= 2 * high) & (high <= 4 * wide)
    found = high[shaped]
    return float(np.median(found)) / _DIGIT if len(found) >= _FEW else 0.0


def _listed(places: list[str]) -> str:
    more = len(places) - _NAMED
    return ", ".join(places[:_NAMED]) + (f" and {more} more" if more > 0 else "")
