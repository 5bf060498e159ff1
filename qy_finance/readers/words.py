"""From the characters of a page to its words and lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from qy_finance.readers.page import Glyph, Word

# Parts of the type size.
_SAME_LINE: Final = 0.35  # digits stand on another baseline than the Chinese text of their line
_DEEPEST_LINE: Final = 0.6
_GAP: Final = 0.3
_DOUBLE: Final = 0.15  # a character printed twice looks bold


def lines_of(glyphs: Iterable[Glyph]) -> list[list[Word]]:
    """The words of each line, from top to bottom and left to right.

    Characters belong to one line by their baseline, not by their box: in most fonts, the boxes of digits and
    of Chinese characters differ.
    """
    lines: list[list[Glyph]] = []
    first = last = 0.0
    for glyph in sorted(glyphs, key=attrgetter("baseline")):
        near = glyph.baseline - last <= _SAME_LINE * glyph.size
        if not lines or not near or glyph.baseline - first > _DEEPEST_LINE * glyph.size:
            lines.append([])
            first = glyph.baseline
        lines[-1].append(glyph)
        last = glyph.baseline
    return [_words(line) for line in lines]


def _words(line: list[Glyph]) -> list[Word]:
    words: list[list[Glyph]] = []
    before: Glyph | None = None
    for glyph in sorted(line, key=attrgetter("x0")):
        if before is not None and _is_double(before, glyph):
            continue
        if before is None or glyph.x0 - before.x1 > _GAP * min(glyph.size, before.size):
            words.append([])
        words[-1].append(glyph)
        before = glyph
    return [word_of(glyphs) for glyphs in words]


def _is_double(before: Glyph, glyph: Glyph) -> bool:
    return before.text == glyph.text and glyph.x0 - before.x0 < _DOUBLE * glyph.size


def word_of(glyphs: Sequence[Glyph]) -> Word:
    """One word of these characters, which stand in their order."""
    return Word(
        "".join([glyph.text for glyph in glyphs]),
        glyphs[0].x0,
        min([glyph.top for glyph in glyphs]),
        glyphs[-1].x1,
        max([glyph.bottom for glyph in glyphs]),
        glyphs[0].baseline,
        tuple(glyphs),
    )
