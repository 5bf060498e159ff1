"""A document in which other characters stand at one place, as if it had been published so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qy_finance.readers.document import Document
from qy_finance.readers.page import Glyph, around


def edited(document: Document, start: int, end: int, replacement: str) -> Document:
    """The document with ``replacement`` for ``text[start:end]``; all that follows moves along.

    In a layout the new characters take the place of the old ones: each that of its predecessor where their
    number is the same, otherwise an even share of it. No line may begin or end within the old or new characters.
    """
    old = document.text[start:end]
    assert old
    assert "\n" not in old + replacement
    shift = len(replacement) - len(old)

    def moved(offset: int) -> int:
        assert offset <= start or offset >= end
        return offset if offset <= start else offset + shift

    grids = tuple(
        grid._replace(
            start=moved(grid.start),
            end=moved(grid.end),
            cells=tuple(
                cell._replace(start=moved(cell.start), end=moved(cell.end)) for cell in grid.cells
            ),
        )
        for grid in document.grids
    )
    layout = document.layout
    if layout is not None:
        glyphs = layout.glyphs
        new = _typeset(glyphs[start:end], replacement)
        layout = replace(layout, glyphs=[*glyphs[:start], *new, *glyphs[end:]])
    text = document.text[:start] + replacement + document.text[end:]
    return replace(document, text=text, grids=grids, layout=layout)


def _typeset(old: Sequence[Glyph | None], text: str) -> list[Glyph]:
    """Glyphs of a text in the place of others."""
    visible = [glyph for glyph in old if glyph]
    if len(visible) == len(text):
        return [glyph._replace(text=char) for glyph, char in zip(visible, text, strict=True)]
    box = around(visible)
    width = (box.x1 - box.x0) / len(text)
    return [
        visible[0]._replace(text=char, x0=box.x0 + at * width, x1=box.x0 + (at + 1) * width)
        for at, char in enumerate(text)
    ]
