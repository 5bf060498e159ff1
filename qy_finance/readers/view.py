"""A PDF page as a person sees it: what is hidden or drawn over it is left out, what is in doubt is marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from qy_finance.readers.charts import charts_of
from qy_finance.readers.drawn import Colour, Frame, lines_and_shapes, picture_on
from qy_finance.readers.glyphs import UNREADABLE, glyphs_of, upright
from qy_finance.readers.grids import merged
from qy_finance.readers.notes import notes_on
from qy_finance.readers.overlays import faint, has_signs, overlaid, pale
from qy_finance.readers.page import Box, Page
from qy_finance.readers.seen import hidden_on
from qy_finance.readers.texts import Text, Texts, texts_of
from qy_finance.readers.things import Drawing

COVERED: Final = "covered"
ANNOTATED: Final = "annotation"
FAINT: Final = "faint"
_AWAY: Final = -1e5  # points


def read_page(
    page: pdfium.PdfPage,
    textpage: pdfium.PdfTextPage,
    drawn: Drawing,
    number: int,
    *,
    marks: Watermarks,
    layered: bool,
) -> Page:
    """The characters of a page that a person reads, and its ruling lines, turned so that its text stands upright.

    ``marks`` are the watermarks of the pages before; ``layered`` tells whether the file has layers that may be off.
    """
    texts = texts_of(drawn.texts)
    if again := marks.among(texts, page):
        textpage = _without(page, again)
        texts = texts.without(again)
    turned = texts.turned
    rotation = upright(textpage) if turned else 0
    frame = Frame(page, rotation)
    rules, shapes = lines_and_shapes(drawn.others, frame)
    hidden = hidden_on(page, textpage, texts, shapes, frame, layered=layered)
    gone = hidden.texts
    if turned:  # what stands otherwise than most is a watermark
        aslant = [text for text in texts.each if (text.angle + rotation) % 360]
        marks.keep(aslant, page)
        gone += aslant
    if gone:
        textpage = _without(page, gone)
        texts = texts.without(gone)
    glyphs = glyphs_of(textpage, frame, hidden.spots)
    read = Page(number, frame.width, frame.height, glyphs, tuple(rules))
    weak: list[Box] = []
    if has_signs(read.lines, {colour for _, colour in texts.looks}):
        owners: list[int] = []
        glyphs = glyphs_of(textpage, frame, hidden.spots, owners)
        known = {text.thing.address: text for text in texts.each}
        colour_of = {owner: known[owner].colour for owner in owners if owner in known}
        if over := overlaid(glyphs, owners, colour_of, merged(rules)):
            marks.keep([known[owner] for owner in over], page)
            textpage = _without(page, [known[owner] for owner in over])
            owners.clear()
            glyphs = glyphs_of(textpage, frame, hidden.spots, owners)
            read = replace(read, glyphs=glyphs)
        grounds = [
            shape.box
            for shape in shapes
            if shape.solid and not (shape.colour and pale(shape.colour))
        ]
        weak = faint(glyphs, owners, colour_of, read.rules, grounds)
    picture = picture_on(drawn.others, frame, glyphs)
    if [glyph.text for glyph in glyphs].count(UNREADABLE) > len(glyphs) / 4:
        # a font that does not tell its characters: the page is as good as a picture
        read, picture = replace(read, glyphs=()), Box(0, 0, frame.width, frame.height)
    doubts = [
        *((box, COVERED) for box in hidden.parts),
        *((box, FAINT) for box in weak),
        *((box, ANNOTATED) for box in notes_on(page, frame)),
    ]
    turn = (page.get_rotation() - rotation) % 360
    charts = charts_of(shapes, frame.width, frame.height) if shapes else ()
    if not (turn or picture or doubts or charts):
        return read  # its lines are known
    return replace(read, turned=turn, picture=picture, doubts=tuple(doubts), charts=charts)


class Watermarks:
    """Watermarks that were found, by colour and place: further pages have them where they cross nothing."""

    def __init__(self) -> None:
        self.places: set[tuple[Colour, Box]] = set()

    def keep(self, texts: Iterable[Text], page: pdfium.PdfPage) -> None:
        """Remember texts of a page as watermarks."""
        frame = Frame(page, 0)
        self.places.update(_places(list(texts), frame))

    def among(self, texts: Texts, page: pdfium.PdfPage) -> list[Text]:
        """Those texts of a page that are known as watermarks."""
        if not self.places:
            return []
        colours = {colour for colour, _ in self.places}
        alike = [text for text in texts.each if text.colour in colours]
        places = _places(alike, Frame(page, 0))
        return [text for text, place in zip(alike, places, strict=True) if place in self.places]


def _places(texts: Sequence[Text], frame: Frame) -> Iterator[tuple[Colour, Box]]:
    for text, box in zip(texts, frame.bounds([text.thing for text in texts]), strict=True):
        yield text.colour, Box(*map(round, box))


def _without(page: pdfium.PdfPage, texts: Iterable[Text]) -> pdfium.PdfTextPage:
    """The text of a page without some.

    They are moved too: pdfium leaves out a text that repeats one in its place, be it active or not.
    """
    for text in texts:
        raw.FPDFPageObj_SetIsActive(text.thing.object, False)
        raw.FPDFPageObj_Transform(text.thing.object, 1, 0, 0, 1, _AWAY, _AWAY)
    return page.get_textpage()
