"""What is asked of pdfium by the page is what it tells of each thing by itself."""

from __future__ import annotations

import ctypes
import gc
import random
from base64 import a85decode, a85encode

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from qy_finance.garbage import uncollected
from qy_finance.readers import calls
from qy_finance.readers.drawn import Frame, lines_and_shapes
from qy_finance.readers.glyphs import character, glyphs_of
from qy_finance.readers.streams import of_ascii85
from qy_finance.readers.texts import texts_of
from qy_finance.readers.things import drawn_on

MAPPED = "begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <{}> endbfchar endcmap"


def page_of(drawing: str, unicode: str = "0041") -> pdfium.PdfPage:
    """A page with this drawing; its font says that A is ``unicode``."""
    streams = [drawing, MAPPED.format(unicode)]
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 400]/Contents 5 0 R/Resources<</Font<</F 4 0 R>>>>>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        *(f"<</Length {len(text)}>>stream\n{text}\nendstream" for text in streams),
    ]
    body = "".join(f"{at} 0 obj\n{text}\nendobj\n" for at, text in enumerate(objects, start=1))
    return pdfium.PdfDocument(f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n%%EOF".encode())[0]


@pytest.mark.parametrize(
    "unicode", ["0041", "8868", "0002", "FFFE", "0000", "D840DC00", "00660069", "E000"]
)
def test_characters_are_those_that_are_told_one_by_one(unicode: str) -> None:
    """Controls are left out of a page's text, ligatures and rare characters are two codes in it."""
    page = page_of("BT /F 12 Tf 50 300 Td (xAyAz) Tj ET", unicode)
    text = page.get_textpage()
    codes = [raw.FPDFText_GetUnicode(text.raw, at) for at in range(text.count_chars())]
    glyphs = glyphs_of(text, Frame(page, 0))
    assert [glyph.text for glyph in glyphs] == [one for one in map(character, codes) if one]
    assert {"x", "y", "z"} <= {glyph.text for glyph in glyphs}


def test_places_of_many_characters_are_those_of_each() -> None:
    """More characters and texts than are asked for at once."""
    rows = [
        f"1 0 0 1 {20 + column * 8} {390 - row * 4} Tm ({(row + column) % 10}) Tj"
        for row in range(60)
        for column in range(40)
    ]
    page = page_of("BT /F 3 Tf " + " ".join(rows) + " ET")
    text = page.get_textpage()
    places = [
        text.get_charbox(at)
        for at in range(text.count_chars())
        if text.get_text_range(at, 1).strip()
    ]
    glyphs = glyphs_of(text, Frame(page, 0))
    assert len(glyphs) == len(rows) == len(places)
    for glyph, (_, low, _, high) in zip(glyphs, places, strict=True):
        assert (glyph.top, glyph.bottom) == (400 - high, 400 - low)
    found = texts_of(drawn_on(page).texts)
    assert len(found.each) == len(rows)
    assert found.looks == {(raw.FPDF_TEXTRENDERMODE_FILL, (0, 0, 0, 255))}


@pytest.mark.parametrize("rotation", [0, 90])
def test_each_character_stands_on_its_own_baseline(rotation: int) -> None:
    """Raised, of another size, on another line, aslant: also where the place is asked once for several."""
    page = page_of(
        "BT /F 12 Tf 50 300 Td (ab) Tj 4 Ts (cd) Tj 0 Ts /F 9 Tf (ef) Tj 0 -20 Td (gh) Tj ET "
        "BT /F 12 Tf 0.99 0.1 -0.1 0.99 50 200 Tm (klm) Tj ET BT /F 12 Tf 50 100 Td (no) Tj ET"
    )
    text, frame = page.get_textpage(), Frame(page, rotation)
    points = []
    for at in range(text.count_chars()):
        if text.get_text_range(at, 1).strip():
            x, y = ctypes.c_double(), ctypes.c_double()
            raw.FPDFText_GetCharOrigin(text.raw, at, ctypes.byref(x), ctypes.byref(y))
            points.append((x.value, y.value))
    glyphs = glyphs_of(text, frame)
    assert [glyph.text for glyph in glyphs] == list("abcdefghklmno")
    expected = [frame.matrix.on_point(*point)[1] for point in points]
    assert [glyph.baseline for glyph in glyphs] == pytest.approx(expected)


def test_texts_tell_what_is_special_of_them() -> None:
    page = page_of(
        "BT /F 9 Tf 1 0 0 rg 50 300 Td (a) Tj ET BT /F 9 Tf 0 1 -1 0 90 90 Tm 3 Tr (b) Tj ET "
        "10 10 m 90 10 l S BT /F 9 Tf 0 Tr 50 200 Td (c) Tj ET"
    )
    texts = texts_of(drawn_on(page).texts)
    red, turned, plain = texts.each
    assert [text.thing.at for text in texts.each] == [0, 1, 3]
    assert (red.colour, turned.mode, turned.angle % 180, plain.angle) == (
        (255, 0, 0, 255),
        3,
        90,
        0,
    )
    assert texts.turned
    rest = texts.without([turned])
    assert rest.each == [red, plain]
    assert not rest.turned
    assert rest.looks == {red.look, plain.look}


@pytest.mark.parametrize(
    ("drawing", "lines", "shapes"),
    [
        ("50 50 100 1 re f", 1, 0),
        ("50 50 2 2 re f", 0, 0),  # where two lines meet
        ("50 50 m 57 50 l h 50 53.5 m 57 53.5 l h f", 2, 0),  # two lines, together no line
        ("50 50 m 52 50 l 52 52 l 50 52 l h S", 4, 0),
        ("50 50 100 80 re f", 0, 1),
        ("50 50 100 80 re S", 4, 0),
    ],
)
def test_lines_of_paths(drawing: str, lines: int, shapes: int) -> None:
    page = page_of(drawing)
    rules, others = lines_and_shapes(drawn_on(page).others, Frame(page, 0))
    assert (len(rules), len(others)) == (lines, shapes)


def test_ascii85_is_decoded_as_elsewhere() -> None:
    chance = random.Random(85)
    for _ in range(500):
        encoded = bytearray(a85encode(chance.randbytes(chance.randrange(30)), wrapcol=9))
        if encoded and chance.random() < 0.5:
            encoded[chance.randrange(len(encoded))] = chance.randrange(256)
        try:
            expected = a85decode(encoded)
        except ValueError:
            with pytest.raises(ValueError, match=r"\w"):
                of_ascii85(bytes(encoded))
        else:
            assert of_ascii85(bytes(encoded)) == expected


@pytest.mark.parametrize("collects", [True, False])
def test_garbage_is_looked_for_again_afterwards(collects: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        with pytest.raises(KeyError, match="False"), uncollected():
            raise KeyError(gc.isenabled())
        assert gc.isenabled() is collects
    finally:
        (gc.enable if was else gc.disable)()


def test_named_tuples_made_by_column_are_those_made_one_by_one() -> None:
    page = page_of("BT /F 12 Tf 50 300 Td (x1) Tj ET")
    glyphs = glyphs_of(page.get_textpage(), Frame(page, 0))
    again = [type(glyph)(*glyph) for glyph in glyphs]
    assert list(glyphs) == again
    assert all(len(glyph) == len(type(glyph)._fields) for glyph in glyphs)
    assert list(calls.made(type(glyphs[0]), *zip(*glyphs, strict=True))) == again
