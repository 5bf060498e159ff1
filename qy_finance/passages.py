"""What is printed around a figure: its paragraph, its sentence, its row."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from qy_finance.readers import squeeze
from qy_finance.reading import Reading

_LONGEST: Final = 150  # characters that are quoted before and after a figure
_STOP: Final = re.compile(r"[。！？；]")


def line_around(reading: Reading, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a figure in its line of a table."""
    line = reading.document.line_at(start)
    before = " ".join(reading.text[line.start : start].split())
    after = " ".join(reading.text[end : line.end].split())
    return f"{before} ".lstrip(), f" {after}".rstrip()


def paragraph_around(reading: Reading, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a figure of the prose in its paragraph, as the prose was read."""
    paragraphs = [paragraph for paragraph, _ in reading.paragraphs if paragraph.text]
    at = bisect_right(paragraphs, start, key=lambda paragraph: paragraph.pieces[0][1]) - 1
    first = paragraphs[at].position(start)
    last = first + len(squeeze(reading.text[start:end]))
    return paragraphs[at].text[:first], paragraphs[at].text[last:]


def sentence_around(reading: Reading, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a figure of the prose in its sentence."""
    before, after = paragraph_around(reading, start, end)
    stops = [stop.end() for stop in _STOP.finditer(before)]
    stop = _STOP.search(after)
    return before[stops[-1] if stops else 0 :], after[: stop.end()] if stop else after


def quoted(text: str, from_end: bool = True) -> str:
    """As much of a text as is quoted, of its end or of its beginning."""
    if len(text) <= _LONGEST:
        return text
    return f"…{text[-_LONGEST:]}" if from_end else f"{text[:_LONGEST]}…"
