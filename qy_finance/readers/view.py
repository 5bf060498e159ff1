"""A PDF page as a person sees it: what is hidden or drawn over it is left out, what is in doubt is marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

import pypdfium2 as pdfium
from pypdfium2 import raw

from qy_finance.readers.charts import charts_of
from qy_finance.readers.drawn import Drawn, Frame, lines_and_shapes, picture_on
from qy_finance.readers.glyphs import UNREADABLE, address, glyphs_of, upright
from qy_finance.readers.grids import merged
from qy_finance.readers.notes import notes_on
from qy_finance.readers.overlays import has_signs, overlaid
from qy_finance.readers.page import Box, Page
from qy_finance.readers.seen import Text, hidden_on, texts_of

COVERED: Final = "covered"
ANNOTATED: Final = "annotation"


def read_page(
    page: pdfium.PdfPage,
    textpage: pdfium.PdfTextPage,
    drawn: list[Drawn],
    number: int,
    *,
    layered: bool,
) -> Page:
    """The characters of a page that a person reads, and its ruling lines, turned so that its text stands upright.

    ``layered`` tells whether the file has layers that may be off.
    """
    texts = texts_of(drawn)
    turned = any(text.turned for text in texts)
    rotation = upright(textpage) if turned else 0
    angle = rotation if turned else None  # of the characters that are read
    frame = Frame(page, rotation)
    rules, shapes = lines_and_shapes(drawn, frame)
    hidden = hidden_on(page, textpage, texts, shapes, frame, layered=layered)
    if hidden.texts:
        textpage = _without(page, hidden.texts)
    glyphs = tuple(glyphs_of(textpage, frame, angle, hidden.spots))
    read = Page(number, frame.width, frame.height, glyphs, tuple(rules))
    colours = {text.colour for text in texts}
    if has_signs(read.lines, colours):
        owners: list[int] = []
        glyphs = tuple(glyphs_of(textpage, frame, angle, hidden.spots, owners))
        known = {address(text.thing.object): text for text in texts}
        colour_of = {owner: known[owner].colour for owner in owners if owner in known}
        over = overlaid(glyphs, owners, colour_of, merged(rules))
        if over:
            textpage = _without(page, [known[owner] for owner in over])
            glyphs = tuple(glyphs_of(textpage, frame, angle, hidden.spots))
            read = replace(read, glyphs=glyphs)
    picture = picture_on(drawn, frame, glyphs)
    if sum(glyph.text == UNREADABLE for glyph in glyphs) > len(glyphs) / 4:
        # a font that does not tell its characters: the page is as good as a picture
        read, picture = replace(read, glyphs=()), Box(0, 0, frame.width, frame.height)
    doubts = [
        *((box, COVERED) for box in hidden.parts),
        *((box, ANNOTATED) for box in notes_on(page, frame)),
    ]
    turn = (page.get_rotation() - rotation) % 360
    charts = charts_of(shapes, frame.width, frame.height) if shapes else ()
    if not (turn or picture or doubts or charts):
        return read  # its lines are known
    return replace(read, turned=turn, picture=picture, doubts=tuple(doubts), charts=charts)


def _without(page: pdfium.PdfPage, texts: Iterable[Text]) -> pdfium.PdfTextPage:
    """The text of a page without some: pdfium leaves out characters that others lie over."""
    for text in texts:
        raw.FPDFPageObj_SetIsActive(text.thing.object, False)
    return page.get_textpage()
