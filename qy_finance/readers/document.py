"""What every reader makes of a file: its text, cut into lines and pages."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class Line(NamedTuple):
    """One line of a document: ``text[start:end]``, without its line break.

    ``number`` counts from 1; ``page`` too, and is None where the source has no pages.
    """

    number: int
    start: int
    end: int
    page: int | None


@dataclass(frozen=True)
class Document:
    """The text of a whole file and where its lines and pages are."""

    path: Path
    text: str

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All lines that have text, in order; a form feed (换页符) starts a page."""
        paged = "\f" in self.text
        lines: list[Line] = []
        start, page = 0, 1
        for number, content in enumerate(self.text.split("\n"), start=1):
            if paged:
                page += content.count("\f")
            end = start + len(content)
            if content and not content.isspace():
                lines.append(Line(number, start, end, page if paged else None))
            start = end + 1
        return tuple(lines)

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def line_at(self, offset: int) -> Line:
        """The line that the character at ``offset`` stands in."""
        return self.lines[bisect_right(self._starts, offset) - 1]


def squeeze(text: str) -> str:
    """The text without layout spaces."""
    return "".join(text.split())
