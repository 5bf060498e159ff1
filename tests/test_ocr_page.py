"""Pages drawn by the tests themselves, read as if they had been scanned."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from qy_finance.readers.page import Glyph, Page, RulingLine
from qy_finance.readers.scanned import ocr

pytestmark = pytest.mark.skipif(
    not ocr.available(), reason="needs the extra that reads pictures: qy_finance[ocr]"
)

WIDTH, HEIGHT, NUMBER = 595.0, 420.0, 7
SIZE: Final = 10.5
SCALE: Final = ocr.RESOLUTION / 72
COLUMNS: Final = (60.0, 240.0, 330.0, 420.0, 535.0)
ROWS: Final = (80.0, 104.0, 128.0, 152.0, 176.0, 200.0, 224.0)
CELLS: Final = (
    ("项目", "行次", "预算数", "决算数"),
    ("一、一般公共预算财政拨款收入", "1", "3,471.99", "12,106.66"),
    ("二、政府性基金预算财政拨款收入", "2", "0.00", "0.00"),
    ("三、上级补助收入", "3", "", "7.10"),
    ("四、事业收入", "4", "-18.25", "1,511.89"),
    ("合计", "11", "3,453.74", "14,625.65"),
)
FONT: Final = files("qy_finance") / "fonts" / "NotoSansSC-Regular.ttf"
PROSE: Final = "本年收入合计3471.99万元，比上年增加121.10万元，增长3.61%。"
Picture = NDArray[np.uint8]


def _in_pixels(points: Iterable[float]) -> list[float]:
    return [point * SCALE for point in points]


def _at(x: float, y: float) -> tuple[float, float]:
    return x * SCALE, y * SCALE


def _paper() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("L", (round(WIDTH * SCALE), round(HEIGHT * SCALE)), 255)
    return image, ImageDraw.Draw(image)


def _ruled(draw: ImageDraw.ImageDraw) -> None:
    for y in ROWS:
        draw.line(_in_pixels((COLUMNS[0], y, COLUMNS[-1], y)), fill=0, width=2)
    for x in COLUMNS:
        draw.line(_in_pixels((x, ROWS[0], x, ROWS[-1])), fill=0, width=2)


def _drawn() -> tuple[Picture, dict[tuple[float, float, float, float], str]]:
    """A page with a table and a sentence, and what is written where."""
    image, draw = _paper()
    _ruled(draw)
    font = ImageFont.truetype(str(FONT), SIZE * SCALE)
    written = {}

    def write(text: str, x: float, y: float, anchor: str) -> None:
        draw.text(_at(x, y), text, fill=0, font=font, anchor=anchor)
        x0, top, x1, bottom = (
            edge / SCALE for edge in draw.textbbox(_at(x, y), text, font=font, anchor=anchor)
        )
        written[x0, top, x1, bottom] = text

    for (top, bottom), row in zip(pairwise(ROWS), CELLS, strict=True):
        for (left, right), text in zip(pairwise(COLUMNS), row, strict=True):
            if not text:
                continue
            if left == COLUMNS[0]:
                write(text, left + 4, (top + bottom) / 2, "lm")
            else:
                write(text, right - 4, (top + bottom) / 2, "rm")
    write(PROSE, 60, 280, "ls")
    return np.asarray(image), written


def _degraded(picture: Picture, degrees: float) -> Picture:
    """A picture as a poor scan has it: aslant, noisy and compressed."""
    turned = Image.fromarray(picture).rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    noise = np.random.default_rng(7).normal(0, 8, picture.shape)
    noisy = np.clip(np.asarray(turned) * 0.8 + 40 + noise, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(noisy).save(file, "JPEG", quality=40)
    return np.asarray(Image.open(file))


def _read(picture: Picture) -> Page:
    page = ocr.recognise(picture, NUMBER, WIDTH, HEIGHT)
    assert (page.number, page.width, page.height) == (NUMBER, WIDTH, HEIGHT)
    return page


@cache
def _clean() -> Page:
    return _read(_drawn()[0])


def _within(page: Page, box: tuple[float, float, float, float]) -> list[Glyph]:
    x0, top, x1, bottom = box
    return sorted(
        (
            glyph
            for glyph in page.glyphs
            if x0 - 2 < (glyph.x0 + glyph.x1) / 2 < x1 + 2
            and top - 2 < (glyph.top + glyph.bottom) / 2 < bottom + 2
        ),
        key=lambda glyph: glyph.x0,
    )


def _near(drawn: float, found: float) -> bool:
    return abs(drawn - found) <= 1.5


def _has_rules(rules: Iterable[RulingLine]) -> bool:
    """Whether these are the lines of the table, each once."""
    rules = list(rules)
    level = sorted(rule.top for rule in rules if rule.top == rule.bottom)
    upright = sorted(rule.x0 for rule in rules if rule.x0 == rule.x1)
    ends = [(rule.x0, rule.x1) for rule in rules if rule.top == rule.bottom]
    return (
        len(rules) == len(level) + len(upright) == len(ROWS) + len(COLUMNS)
        and all(map(_near, ROWS, level))
        and all(map(_near, COLUMNS, upright))
        and all(_near(COLUMNS[0], x0) and _near(COLUMNS[-1], x1) for x0, x1 in ends)
    )


@pytest.mark.parametrize("degrees", [None, 0.7, -1.5], ids=["clean", "0.7 degrees", "-1.5 degrees"])
def test_table_and_sentence_are_read_where_they_stand(degrees: float | None) -> None:
    picture, written = _drawn()
    page = _clean() if degrees is None else _read(_degraded(picture, degrees))
    assert _has_rules(page.rules)
    for box, text in written.items():
        glyphs = _within(page, box)
        assert len(glyphs) == len(text)
        wrong = [glyph.text for glyph, char in zip(glyphs, text, strict=True) if glyph.text != char]
        # characters that differ by a dot (决, 決) are told apart by their context alone
        assert len(wrong) <= (len(text) == 3 and text.endswith("算数")), text
        assert abs(glyphs[0].x0 - box[0]) < 2
        assert abs(glyphs[-1].x1 - box[2]) < SIZE
        assert all(0 <= (glyph.confidence or -1) <= 1 for glyph in glyphs)
        assert all(SIZE * 0.8 < glyph.size < SIZE * 1.3 for glyph in glyphs)
    assert len(page.glyphs) == sum(map(len, written.values()))


def test_a_row_has_one_baseline() -> None:
    _, written = _drawn()
    page = _clean()
    for top, bottom in pairwise(ROWS):
        row = [box for box in written if top < box[1] < bottom]
        baselines = [glyph.baseline for box in row for glyph in _within(page, box)]
        assert max(baselines) - min(baselines) < SIZE / 8


def test_colour_makes_no_difference() -> None:
    picture, _ = _drawn()
    assert _read(np.repeat(picture[:, :, None], 3, axis=2)) == _clean()


def test_figure_without_its_point_is_doubted() -> None:
    """What is no figure, or has a gap where a point was, stays as it is read, and counts as unsure."""
    image, draw = _paper()
    font = ImageFont.truetype(str(FONT), SIZE * SCALE)
    for row, (text, gap) in enumerate((("3471", 0), ("3471", 3.5), ("1.234.56", 0), ("1,23,4", 0))):
        y = 100 + 40 * row
        draw.text(_at(100, y), text[:2], fill=0, font=font, anchor="rs")
        draw.text(_at(100 + gap, y), text[2:], fill=0, font=font, anchor="ls")
    page = _read(np.asarray(image))
    least = [
        min(glyph.confidence or 0 for glyph in page.glyphs if abs(glyph.baseline - y) < 3)
        for y in (100, 140, 180, 220)
    ]
    assert least[0] > ocr.REVIEW_BELOW > max(least[1:])
    assert "".join(glyph.text for glyph in page.glyphs) == "347134711.234.561,23,4"


def test_empty_page_has_nothing() -> None:
    picture = np.asarray(_paper()[0])
    for page in (_read(picture), _read(_degraded(picture, 0.7))):
        assert not page.glyphs
        assert not page.rules


def test_lines_alone_are_no_text() -> None:
    image, draw = _paper()
    _ruled(draw)
    page = _read(np.asarray(image))
    assert not page.glyphs
    assert _has_rules(page.rules)
