"""The texts that a PDF page draws: their colours, how they are shown and turned, whether something cuts them."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from math import atan2, degrees
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import PdfMatrix

from qy_finance.readers import calls
from qy_finance.readers.drawn import Colour
from qy_finance.readers.things import IDENTITY, Drawn, DrawnTexts

_SLACK: Final = 2.0  # points by which a text may reach over its clip path
_CORNERS: Final = 5  # most points of a rectangle
_COLOUR: Final = "red", "green", "blue", "opaque"
_LOOKS: Final = calls.Rows(matrix="6f4", **dict.fromkeys(_COLOUR, "u4"))

Look = tuple[int, Colour]  # how it is shown, and its colour


class Text(NamedTuple):
    """A text drawn on a page: its colour, and how it is shown.

    ``angle`` is how far it is turned clockwise against the page's own axes, to the next 5 degrees; ``cut`` tells
    whether a clip path cuts it, or the form that it belongs to may hide it.
    """

    thing: Drawn
    colour: Colour
    mode: int
    angle: int
    cut: bool

    @property
    def look(self) -> Look:
        """What tells whether it is seen."""
        return self.mode, self.colour


class Texts:
    """The texts of a page, and what tells whether any is special; most pages have none, and theirs are not made.

    ``looks`` are those that there are; ``turned`` and ``cut`` tell whether any text is.
    """

    def __init__(
        self, make: Callable[[], list[Text]], looks: set[Look], *, turned: bool, cut: bool
    ) -> None:
        self._make = make
        self.looks = looks
        self.turned = turned
        self.cut = cut

    @cached_property
    def each(self) -> list[Text]:
        """The texts in the order of painting."""
        return self._make()

    def without(self, gone: Iterable[Text]) -> Texts:
        """All but some."""
        numbers = {text.thing.at for text in gone}
        rest = [text for text in self.each if text.thing.at not in numbers]
        looks = {text.look for text in rest}
        turned, cut = any(text.angle for text in rest), any(text.cut for text in rest)
        return Texts(lambda: rest, looks, turned=turned, cut=cut)


def texts_of(drawn: DrawnTexts) -> Texts:
    """The texts that are drawn on a page."""
    rows = _LOOKS.asked(drawn.address, _ask_looks)
    colours = np.stack([rows[part] for part in _COLOUR], 1).astype("u1")
    clips = list(map(calls.clip, drawn.address))
    counts = list(map(calls.clip_paths, clips))
    cuts = drawn.veiled
    if any(counts):
        cut = _Clips().cut
        each = zip(drawn.veiled, drawn.address, clips, counts, strict=True)
        cuts = [veiled or (n > 0 and cut(text, clip, n)) for veiled, text, clip, n in each]
    angles = _angles(drawn.matrix, rows["matrix"])

    def make() -> list[Text]:
        each = map(tuple, colours.tolist())
        return list(calls.made(Text, drawn.each(), each, drawn.mode, angles, cuts))

    # pages have many texts and few looks: each colour is one number until it is known which there are
    numbers = colours.view(">u4")[:, 0].tolist()
    looks: set[Look] = set()
    for mode, number in set(zip(drawn.mode, numbers, strict=True)):
        red, green, blue, opaque = number.to_bytes(4, "big")
        looks.add((mode, (red, green, blue, opaque)))
    return Texts(make, looks, turned=any(angles), cut=any(cuts))


def _ask_looks(addresses: Sequence[int]) -> None:
    matrix, *colours = _LOOKS.columns
    calls.each(calls.matrix, addresses, matrix)
    _LOOKS.values["opaque"][: len(addresses)] = 255  # of a text that tells no colour
    calls.each(calls.colour, addresses, *colours)


def _angles(forms: Sequence[PdfMatrix], matrices: NDArray[np.float32]) -> list[int]:
    a, b, c, d = matrices.T.astype(float)[:4]
    for at, form in enumerate(forms):
        if form is not IDENTITY:
            a[at], c[at] = a[at] * form.a + b[at] * form.c, c[at] * form.a + d[at] * form.c
    angles = [0] * len(forms)
    for at in map(int, np.flatnonzero(abs(c) > a / 8)):
        angles[at] = round(degrees(atan2(c[at], a[at])) / 5) * 5 % 360
    return angles


class _Clips:
    """Whether texts reach out of their clip paths, or may: not all of those are rectangles."""

    def __init__(self) -> None:
        self.point = tuple(ctypes.c_float() for _ in range(2))  # where pdfium writes
        self.edges = tuple(ctypes.c_float() for _ in range(4))
        self.at_point = tuple(map(ctypes.addressof, self.point))
        self.to_edges = tuple(map(ctypes.byref, self.edges))

    def cut(self, text: int, clip: int, paths: int) -> bool:
        calls.bounds(text, *self.to_edges)
        left, low, right, high = (edge.value for edge in self.edges)
        if left == right:
            return False  # spaces
        x, y = self.point
        piece_of, point_of = calls.clip_piece, calls.point
        for path in range(paths):
            if calls.clip_pieces(clip, path) > _CORNERS:
                return True
            if not point_of(piece_of(clip, path, 0), *self.at_point):
                return True
            ax, ay = x.value, y.value
            if not point_of(piece_of(clip, path, 2), *self.at_point):
                return True
            bx, by = x.value, y.value
            if (
                (ax if ax < bx else bx) > left + _SLACK
                or (ax if ax > bx else bx) < right - _SLACK
                or (ay if ay < by else by) > low + _SLACK
                or (ay if ay > by else by) < high - _SLACK
            ):
                return True
        return False
