"""Sentences of a paragraph as they are quoted."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from qy_finance.narrative.flow import LAST_HEADING, Paragraph

STOP: Final = re.compile(r"[。；;！？!?]")
"""Ends of sentences."""
FAR: Final = 400
"""Characters within which a sentence begins and ends."""
LONGEST: Final = 80
"""Characters of a quote."""
TITLE: Final = 40
"""Characters of a heading."""
_CLAUSE: Final = re.compile(r"[。；;！？!?：:]")
_HEAD: Final = 24  # of a quote before what shows it, where the sentence is longer


class Quotation(NamedTuple):
    """Words of a report: where they begin and end in its text, and the sentence or cell that they stand in."""

    start: int
    end: int
    quote: str


def is_title(paragraph: Paragraph) -> bool:
    """Whether a paragraph is a heading, or a line of the contents."""
    text, level = paragraph.text.rstrip("。：:"), paragraph.level
    heading = level is not None and level <= LAST_HEADING
    return heading and len(text) < TITLE and not _CLAUSE.search(text)


def quoted(paragraph: Paragraph, start: int, end: int) -> Quotation:
    """The sentence of a paragraph around some words, shortened."""
    text = paragraph.text
    first = sentence_start(text, start)
    stop = STOP.search(text, max(start, end - 1), end + FAR)
    last = stop.end() if stop else min(len(text), end + FAR)
    return Quotation(*paragraph.span(start, end), _shortened(text, first, last, start))


def sentence_start(text: str, at: int) -> int:
    """Where the sentence begins in which a place of a text lies."""
    first = max(0, at - FAR)
    return max((stop.end() for stop in STOP.finditer(text, first, at)), default=first)


def _shortened(text: str, first: int, last: int, at: int) -> str:
    """A part of a text, or so much of it around a place as is quoted."""
    if last - first <= LONGEST:
        return text[first:last]
    begin = max(first, min(at - _HEAD, last - LONGEST))
    end = min(last, begin + LONGEST)
    return f"{'…' if begin > first else ''}{text[begin:end]}{'…' if end < last else ''}"
