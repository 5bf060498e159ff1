"""Which text of a PDF page a person sees: not what is invisible, clipped, covered or in a layer that is off.

Cheap signs tell which texts may be hidden. Whether they are is then seen as a person would: by showing the page
with and without them.
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray
from pypdfium2 import raw

from qy_finance.readers import calls
from qy_finance.readers.drawn import Colour, Frame, Shape
from qy_finance.readers.glyphs import Spot, character, spot
from qy_finance.readers.page import Box
from qy_finance.readers.texts import Look, Text, Texts
from qy_finance.readers.things import IDENTITY, Drawn

_INVISIBLE: Final = raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP
_FILLED: Final = raw.FPDF_TEXTRENDERMODE_FILL
_STROKED: Final = raw.FPDF_TEXTRENDERMODE_STROKE
_PAPER: Final = (255, 255, 255, 255)
_NEAR: Final = 48  # parts of 255 by which a colour may differ from what it can't be told from
_SEEN: Final = 20  # likewise, by which a dot must change
_WHOLE: Final = 0.5  # of a character's width and height that must be seen
_EDGE: Final = 0.1  # of its width and height, which its neighbours may touch
_SCALE: Final = 2.0  # dots to a point
_MOST_DOTS: Final = 4_000  # along a side
_MOST_PAIRS: Final = 20_000_000  # of texts and shapes
_MOST_VIEWS: Final = 8  # of texts that lie over each other


class Hidden(NamedTuple):
    """What nobody sees: whole texts, single characters of others; and where characters are seen in part."""

    texts: list[Text]
    spots: frozenset[Spot]
    parts: list[Box]


def hidden_on(
    page: pdfium.PdfPage,
    textpage: pdfium.PdfTextPage,
    texts: Texts,
    shapes: Sequence[Shape],
    frame: Frame,
    *,
    layered: bool,
) -> Hidden:
    """What is hidden of the texts on a page; ``layered`` tells whether the file has layers that may be off."""
    unseen = {look for look in texts.looks if _is_invisible(*look)}
    gone = [text for text in texts.each if text.look in unseen] if unseen else []
    doubted = list(_doubted(texts, unseen, shapes, frame, layered=layered))
    if not doubted:
        return Hidden(gone, frozenset(), [])
    looked = _Looked(page, doubted)
    spots: dict[int, list[tuple[Spot, float, Box]]] = {}
    handle = textpage.raw
    page_text = calls.address(handle)
    for index in range(textpage.count_chars()):
        owner = calls.owner(page_text, index)
        if owner in looked.views and character(raw.FPDFText_GetUnicode(handle, index)):
            share = looked.share(owner, _ink(handle, index, looked.frame))
            place = spot(handle, index), share, _ink(handle, index, frame)
            spots.setdefault(owner, []).append(place)
    single: set[Spot] = set()
    parts: list[Box] = []
    for text in doubted:
        found = spots.get(text.thing.address)
        if found is None:
            continue
        if not any(share for _, share, _ in found):
            gone.append(text)
            continue
        single.update(place for place, share, _ in found if not share)
        parts += [box for _, share, box in found if 0 < share < _WHOLE]
    return Hidden(gone, frozenset(single), parts)


def _is_invisible(mode: int, colour: Colour) -> bool:
    return mode in _INVISIBLE or (mode == _FILLED and not colour[3])


def _doubted(
    texts: Texts,
    unseen: Collection[Look],
    shapes: Sequence[Shape],
    frame: Frame,
    *,
    layered: bool,
) -> Iterator[Text]:
    """The texts that have any sign of being hidden, but are not of the looks that nobody sees."""
    shapes = [shape for shape in shapes if shape.solid]
    faint = {look for look in texts.looks if _may_be_faint(*look)}
    if not (faint or texts.cut or shapes or layered):
        return
    shown = [text for text in texts.each if text.look not in unseen]
    touched = _touched(shown, shapes, frame) if shapes else ()
    for at, text in enumerate(shown):
        if text.cut or text.look in faint or (layered and _is_layered(text.thing)) or at in touched:
            yield text


def _may_be_faint(mode: int, colour: Colour) -> bool:
    return mode == _STROKED or colour[3] < _NEAR or _is_near(colour, _PAPER)


def _touched(texts: Sequence[Text], shapes: Sequence[Shape], frame: Frame) -> Iterable[int]:
    """Which texts lie under a shape, or over one of their colour."""
    if len(texts) * len(shapes) > _MOST_PAIRS:
        return range(len(texts))
    x0, top, x1, bottom = np.array([shape.box for shape in shapes]).T
    order = np.array([shape.at for shape in shapes])
    colours = np.array([shape.colour or (0, 0, 0, 0) for shape in shapes])[:, :3]
    unknown = np.array([shape.colour is None for shape in shapes])
    found = set()
    boxes = frame.bounds([text.thing for text in texts])
    for at, (text, box) in enumerate(zip(texts, boxes, strict=True)):
        inset = min(1.0, (box.x1 - box.x0) / 4)
        low = (box.bottom - box.top) / 5
        over = (x0 < box.x1 - inset) & (x1 > box.x0 + inset)
        over &= (top < box.bottom - low) & (bottom > box.top + low)
        if over.any():
            like = unknown | (abs(colours - np.array(text.colour[:3])).max(axis=1) < _NEAR)
            if (over & ((order > text.thing.at) | like)).any():
                found.add(at)
    return found


def _is_near(one: Colour, other: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one[:3], other[:3], strict=True)) < _NEAR


def _is_layered(thing: Drawn) -> bool:
    """Whether a thing may belong to a layer (optional content)."""
    if thing.matrix is not IDENTITY:
        return True
    marks = range(raw.FPDFPageObj_CountMarks(thing.object))
    return any(_name_of(raw.FPDFPageObj_GetMark(thing.object, at)) == "OC" for at in marks)


def _name_of(mark: Any) -> str:
    buffer = (raw.FPDF_WCHAR * 8)()
    size = ctypes.c_ulong()
    raw.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), ctypes.byref(size))
    return bytes(buffer).decode("utf-16-le", "replace").split("\0")[0]


def _ink(handle: Any, index: int, frame: Frame) -> Box:
    left, right, low, high = ink = tuple(ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(handle, index, *map(ctypes.byref, ink))
    x0, y0 = frame.matrix.on_point(left.value, high.value)
    x1, y1 = frame.matrix.on_point(right.value, low.value)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


class _Looked:
    """A page looked at with and without the texts that may be hidden: where the dots differ, something is seen.

    Texts that lie over each other are left out one at a time, in as many ``views``.
    """

    def __init__(self, page: pdfium.PdfPage, texts: Sequence[Text]) -> None:
        self.page = page
        self.frame = frame = Frame(page, 0)
        self.turn = -page.get_rotation() % 360
        self.scale = min(_SCALE, _MOST_DOTS / max(frame.width, frame.height, 1.0))
        self.views: dict[int, NDArray[np.bool_]] = {}
        whole = self._picture()
        boxes = frame.bounds([text.thing for text in texts])
        for layer in _apart(list(zip(texts, boxes, strict=True))):
            things = [text.thing.object for text in layer]
            for thing in things:
                raw.FPDFPageObj_SetIsActive(thing, False)
            changed = abs(whole - self._picture()) >= _SEEN
            for thing in things:
                raw.FPDFPageObj_SetIsActive(thing, True)
            self.views |= dict.fromkeys((text.thing.address for text in layer), changed)

    def _picture(self) -> NDArray[np.int16]:
        shown = self.page.render(
            scale=self.scale,
            rotation=self.turn,
            may_draw_forms=False,
            draw_annots=False,
            grayscale=True,
        )
        return np.array(shown.to_numpy(), np.int16).reshape(shown.height, shown.width)

    def share(self, owner: int, box: Box) -> float:
        """How much of a character is seen: the part of its width or of its height, whichever is less."""
        inset = (box.x1 - box.x0) * _EDGE, (box.bottom - box.top) * _EDGE
        x0, top = (int((edge + by) * self.scale) for edge, by in zip(box[:2], inset, strict=True))
        x1, bottom = (
            int((edge - by) * self.scale) + 1 for edge, by in zip(box[2:], inset, strict=True)
        )
        seen = self.views[owner][max(0, top) : max(0, bottom), max(0, x0) : max(0, x1)]
        if not seen.any():
            return 0.0
        return float(min(seen.any(axis=0).mean(), seen.any(axis=1).mean()))


def _apart(texts: Sequence[tuple[Text, Box]]) -> list[list[Text]]:
    """The texts in layers within which none touches another, but for what lies too deep."""
    layers: list[tuple[list[Text], list[Box]]] = []
    for text, box in texts:
        for members, boxes in layers:
            x0, top, x1, bottom = np.array(boxes).T
            near = (x0 < box.x1) & (x1 > box.x0) & (top < box.bottom) & (bottom > box.top)
            if not near.any():
                members.append(text)
                boxes.append(box)
                break
        else:
            if len(layers) < _MOST_VIEWS:
                layers.append(([text], [box]))
    return [members for members, _ in layers]
