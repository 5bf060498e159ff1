"""The printed text around a place of a report: the line of a table, the sentence or paragraph of the prose."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final, NamedTuple

from qy_finance.files import sha256_of
from qy_finance.readers import Document, squeeze
from qy_finance.readers.document import Inset
from qy_finance.reading import Reading

_LONGEST: Final = 150  # characters that are quoted before and after a figure
_STOP: Final = re.compile(r"[。！？；]+")
_SENTENCE: Final = re.compile(r"[^。！？；]+[。！？；]*")


class PrintedSentence(NamedTuple):
    """A sentence of the prose, and where in ``Report.text`` it stands."""

    text: str
    start: int
    end: int


def around(reading: Reading, start: int, end: int, is_prose: bool) -> tuple[str, str]:
    """What stands before and after a place: in its paragraph, as the prose was read, or in its line of a table."""
    if is_prose:
        paragraphs = reading.written
        at = bisect_right(paragraphs, start, key=lambda paragraph: paragraph.pieces[0][1]) - 1
        first = paragraphs[at].position(start)
        last = first + len(squeeze(reading.text[start:end]))
        return paragraphs[at].text[:first], paragraphs[at].text[last:]
    line = reading.document.line_at(start)
    before = " ".join(reading.text[line.start : start].split())
    after = " ".join(reading.text[end : line.end].split())
    return f"{before} ".lstrip(), f" {after}".rstrip()


def sentence_around(reading: Reading, start: int, end: int) -> tuple[str, str]:
    """What stands before and after a figure of the prose in its sentence."""
    before, after = around(reading, start, end, True)
    stops = [stop.end() for stop in _STOP.finditer(before)]
    stop = _STOP.search(after)
    return before[stops[-1] if stops else 0 :], after[: stop.end()] if stop else after


def sentences(reading: Reading) -> Iterator[PrintedSentence]:
    """The sentences and headings of the prose, as it was read, in the order of the report."""
    for paragraph in reading.written:
        for match in _SENTENCE.finditer(paragraph.text):
            yield PrintedSentence(match[0], *paragraph.span(*match.span()))


def quoted(text: str, from_end: bool = True) -> str:
    """As much of a text as is quoted, of its end or of its beginning."""
    if len(text) <= _LONGEST:
        return text
    return f"…{text[-_LONGEST:]}" if from_end else f"{text[:_LONGEST]}…"


def absence(document: Document, inset: Inset | None) -> str | None:
    """Why the page can't be shown: nothing to say of a source without pages, None where it can."""
    if not document.sha256 or (document.layout is None and not (inset and inset.source.part)):
        return ""
    if not document.path.is_file():
        return f"文件 {document.path.name} 已经不在读它的地方，只能给出当时读到的文字。"
    if sha256_of(document.path) != document.sha256:
        return f"文件 {document.path.name} 在读过以后改动了，只能给出当时读到的文字。"
    return None
