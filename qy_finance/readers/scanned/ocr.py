"""The characters of a scanned page, recognised on its picture with the extra ``qy-finance[ocr]``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import Any, Final

import numpy as np

from qy_finance.readers.page import Box, Page, RulingLine, around
from qy_finance.readers.scanned.lettering import DOUBTED, Character, Picture, glyphs_of, own_ink

RESOLUTION: Final = 200
"""Pixels to the inch of the picture of a page.

Measured on ten pages of a published report, 370 figures: at 150 and at 200 all were read right, on clean
pictures and on slightly noisy, tilted and compressed ones. On very poor scans, 11 of 202 figures were wrong
at 200, and 24 at 150.
"""

REVIEW_BELOW: Final = 0.9
"""A figure with a less sure character is for a person to look at.

Measured on the same pages: of 370 figures, all read right, 4 are below on a clean picture and 2 on a slightly
degraded one. On a very poor scan (202 figures), 9 of the 10 misread figures are below, and 24 of the right ones;
one more lies where it is not printed. A lost point between wide digits is what may stay unnoticed.
"""

_SEARCHED: Final = 100 / 72  # pixels to a point of the picture on which text is searched for
_MODEL: Final = 48  # pixels: the height of the lines that the model reads
_MOST_THREADS: Final = 4
_LOWEST: Final = 3.5  # points: lower than any digit
_HIGHEST: Final = 40.0  # points: higher than any title
_NARROWEST: Final = 0.7  # points: narrower than a 1
_APART: Final = 3.0  # points between the digits of one number at most
_EDGE: Final = 1.0  # points of a box that may lie beyond a ruling line
_LEVEL: Final = 0.6  # of its height: two boxes that have so much in common stand on one line
_SHARED: Final = 0.3  # of the height of a line: a digit is wider, what boxes are widened by is less
_STAIN: Final = 0.4  # mean confidence of a line: below, nothing is written there

_WIDE_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_WIDE_COMMA: Final = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_WIDE_POINT: Final = re.compile(r"(?<=\d)．(?=\d)")
_NUMERAL: Final = re.compile(r"[\w,.]*\d(?:[\w,.:;|'`]|[，．。·](?=\d))*", re.ASCII)
_FIGURE: Final = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?[,.:;]?")


def available() -> bool:
    """Whether the extra that recognises scanned pages is installed."""
    return find_spec("rapidocr") is not None


def recognise(image: Picture, number: int, width: float, height: float) -> Page:
    """Read the picture of a whole page.

    A page that was scanned aslant is turned straight about its middle first; the page that is returned is
    that straight one, and knows its tilt. ``image`` is the page as it is shown, in grey or RGB; its ``number``
    counts from 1, ``width`` and ``height`` are in points.
    """
    import cv2

    from qy_finance.readers.scanned.rulings import find_rulings, ink, tilt, turned, without_specks

    scale = image.shape[1] / width
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    aslant = tilt(grey, scale)
    straight = turned(grey, aslant, float(np.median(grey)))
    rules, clean = find_rulings(straight, scale)
    dark = without_specks(ink(clean, scale), scale)
    lines = [_trimmed(box, dark, scale) for box in _places(clean, dark, rules, scale)]
    read = _read([clean[_pixels(box, scale)] for box in lines])
    glyphs = [
        glyph
        for box, characters in zip(lines, read, strict=True)
        for glyph in glyphs_of(characters, box, dark[_pixels(box, scale)], scale)
    ]
    return Page(number, width, height, tuple(glyphs), rules, tilt=aslant)


def lies_on_its_side(image: Picture, width: float) -> bool | None:
    """Whether most lines of text on a grey picture run up or down; None where there is no text."""
    boxes = [*_detected(image, image.shape[1] / width)]
    upright = sum(1 for box in boxes if box.bottom - box.top > box.x1 - box.x0)
    return 2 * upright > len(boxes) if boxes else None


@cache
def _engine() -> Any:
    """The models, loaded once in a process: 0.4 s and 150 MB."""
    from rapidocr import RapidOCR

    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            # pictures come in the size that the models need
            "Global.use_preprocess_img": False,
            "Global.return_word_box": True,
            # what is read of a line does not depend on the lines that are read with it
            "Rec.rec_batch_num": 1,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
        }
    )


def _places(clean: Picture, dark: Picture, rules: Sequence[RulingLine], scale: float) -> list[Box]:
    """Where the lines of text are: what the detector finds, and the ink that it overlooks.

    A figure alone in its cell (2, 0.00) is what it overlooks at times.
    """
    pieces = [piece for box in _detected(clean, scale) for piece in _between_rules(box, rules)]
    found = _united(line for piece in pieces for line in _rows(piece, dark, scale))
    overlooked = _overlooked(dark, found, scale)
    return found + [piece for box in overlooked for piece in _between_rules(box, rules)]


def _detected(clean: Picture, scale: float) -> Iterator[Box]:
    """The lines of text that the detector finds, a little wider: it cuts the outer characters."""
    import cv2

    factor = _SEARCHED / scale
    small = cv2.resize(clean, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    colour = cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
    found = _engine()(colour, use_det=True, use_cls=False, use_rec=False).boxes
    for corners in () if found is None else found:
        x0, top = (corners.min(axis=0) / _SEARCHED).tolist()
        x1, bottom = (corners.max(axis=0) / _SEARCHED).tolist()
        margin = (bottom - top) / 8
        yield Box(x0 - margin, top, x1 + margin, bottom)


def _between_rules(box: Box, rules: Iterable[RulingLine]) -> Iterator[Box]:
    """The parts of a box that ruling lines through its middle leave: text of several cells."""
    x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
    columns, rows = [box.x0, box.x1], [box.top, box.bottom]
    for rule in rules:
        if rule.x0 == rule.x1 and rule.top < y < rule.bottom:
            columns.append(min(max(rule.x0, box.x0), box.x1))
        elif rule.top == rule.bottom and rule.x0 < x < rule.x1:
            rows.append(min(max(rule.top, box.top), box.bottom))
    for top, bottom in pairwise(sorted(rows)):
        for x0, x1 in pairwise(sorted(columns)):
            if x1 - x0 > _EDGE and bottom - top > _LOWEST:
                yield Box(x0, top, x1, bottom)


def _rows(box: Box, dark: Picture, scale: float) -> Iterator[Box]:
    """The lines of a box: one, but for characters that stand below each other."""
    if box.bottom - box.top < 1.5 * (box.x1 - box.x0):
        yield box
        return
    inked = dark[_pixels(box, scale)].any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], inked, [False])))) / scale
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        if bottom - top > _LOWEST:
            yield Box(box.x0, box.top + top - _EDGE, box.x1, box.top + bottom + _EDGE)


def _united(boxes: Iterable[Box]) -> list[Box]:
    """The boxes; those that share a character are one, which would be read in both of them."""
    united: list[Box] = []
    for box in boxes:
        shared = [one for one in united if _share(one, box)]
        united = [one for one in united if one not in shared]
        united.append(around([box, *shared]))
    return united


def _share(one: Box, other: Box) -> bool:
    low = min(one.bottom - one.top, other.bottom - other.top)
    level = min(one.bottom, other.bottom) - max(one.top, other.top) > _LEVEL * low
    return level and min(one.x1, other.x1) - max(one.x0, other.x0) > _SHARED * low


def _overlooked(dark: Picture, found: Iterable[Box], scale: float) -> Iterator[Box]:
    """The ink outside the found lines that may be a figure or a word."""
    import cv2

    _, labels, boxes, _ = cv2.connectedComponentsWithStats(dark)
    heights = boxes[:, cv2.CC_STAT_HEIGHT] / scale
    unread = np.where((heights >= _LOWEST) & (heights <= _HIGHEST), 255, 0).astype(np.uint8)
    unread[0] = 0
    for box in found:
        unread[labels[_pixels(box, scale)]] = 0
    reach = round(_APART * scale) | 1
    joined = cv2.morphologyEx(unread[labels], cv2.MORPH_CLOSE, np.ones((3, reach), np.uint8))
    stats = cv2.connectedComponentsWithStats(joined)[2][1:]
    for left, top, width, height, _ in (stats / scale).tolist():
        if _LOWEST <= height <= _HIGHEST and width >= _NARROWEST:
            yield Box(left - _EDGE, top - _EDGE, left + width + _EDGE, top + height + _EDGE)


def _trimmed(box: Box, dark: Picture, scale: float) -> Box:
    """A line's box with little paper above and below: the model reads it larger."""
    rows = np.flatnonzero(own_ink(dark[_pixels(box, scale)]).any(axis=1))
    if (rows[-1] - rows[0] if len(rows) else 0) < _LOWEST * scale:
        return box
    top, bottom = max(box.top, 0) + rows[0] / scale, max(box.top, 0) + (rows[-1] + 1) / scale
    margin = (bottom - top) / 8
    return Box(box.x0, float(top - margin), box.x1, float(bottom + margin))


def _pixels(box: Box, scale: float) -> tuple[slice, slice]:
    """The part of a picture in a box."""
    x0, top, x1, bottom = (max(round(edge * scale), 0) for edge in box)
    return slice(top, max(bottom, top + 1)), slice(x0, max(x1, x0 + 1))


def _read(pictures: Sequence[Picture]) -> list[list[Character]]:
    """The characters in each picture of one line."""
    if not pictures:
        return []
    read = _engine().recognize_txt([_for_model(line) for line in pictures])
    lines = []
    for text, score, words in zip(read.txts, read.scores, read.word_results, strict=True):
        # the columns are those of the characters that show, the confidences those of all
        columns = [(column + 0.5) / words.line_txt_len for one in words.word_cols for column in one]
        pairs = zip(text, words.confs, strict=False)
        shown = [pair for pair in pairs if not pair[0].isspace()]
        line = [Character(char, at, sure) for (char, sure), at in zip(shown, columns, strict=True)]
        lines.append([] if score < _STAIN else _normal(line))
    return lines


def _for_model(line: Picture) -> Picture:
    """The picture of a line in the size and colours that the model reads."""
    import cv2

    height, width = line.shape
    size = max(round(width * _MODEL / height), 8), _MODEL
    way = cv2.INTER_CUBIC if height < _MODEL else cv2.INTER_AREA
    return cv2.cvtColor(cv2.resize(line, size, interpolation=way), cv2.COLOR_GRAY2BGR)


def _normal(line: Sequence[Character]) -> list[Character]:
    """A line with ASCII in its figures; in a numeral that is none, there is less confidence.

    Nothing else is put right: a misread figure must show.
    """
    text = "".join(char.text for char in line).translate(_WIDE_DIGITS)
    text = _WIDE_POINT.sub(".", _WIDE_COMMA.sub(",", text))
    most = [1.0] * len(text)
    for numeral in _NUMERAL.finditer(text):
        if not _FIGURE.fullmatch(numeral[0]):
            most[numeral.start() : numeral.end()] = [DOUBTED] * len(numeral[0])
    return [
        Character(char, read.middle, min(read.confidence, limit))
        for char, read, limit in zip(text, line, most, strict=True)
    ]
