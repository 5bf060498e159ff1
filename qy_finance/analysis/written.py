"""What the paragraphs, notes and other tables of a report say in words, without the terms that it explains."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from qy_finance.facts import Fact
from qy_finance.narrative.flow import LAST_HEADING, Paragraph
from qy_finance.readers import squeeze
from qy_finance.reading import Reading

_STOP: Final = re.compile(r"[。；;！？!?]")
_CLAUSE: Final = re.compile(r"[。；;！？!?：:]")
_DIGIT: Final = re.compile(r"\d")
_LONGEST: Final = 80  # characters of a quote
_TITLE: Final = 40  # of a heading
_BACK: Final = 60  # lines above a note among which the title of its table is looked for
_HEAD: Final = 24  # of a quote before what shows it, where the sentence is longer


class Place(NamedTuple):
    """Words of a report: where they begin and end in its text, and the sentence or cell that they stand in."""

    start: int
    end: int
    quote: str


class Said(NamedTuple):
    """A paragraph that shows something, and its heading."""

    paragraph: Paragraph
    section: str


class Written:
    """The words of a report."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.patterns = reading.form.disclosures.patterns
        self._paragraphs = [paragraph for paragraph, _ in reading.paragraphs if paragraph.text]

    @cached_property
    def passages(self) -> list[Said]:
        """The paragraphs that show something: no headings, not what a unit is for, not what terms mean.

        Explanations of terms run to the next heading of their level.
        """
        found: list[Said] = []
        within: int | None = None
        for paragraph, section in self.reading.paragraphs:
            level = paragraph.level
            if not paragraph.text:
                continue
            if within is not None and level is not None and level <= within:
                within = None
            titled = level is not None and level <= LAST_HEADING
            if titled and self.patterns.glossary.search(paragraph.text[:_TITLE]):
                within = level
            elif not (
                within is not None or is_title(paragraph) or self.patterns.aside.search(section)
            ):
                found.append(Said(paragraph, section))
        return found

    def says(
        self, pattern: re.Pattern[str], section: re.Pattern[str] | None = None
    ) -> Place | None:
        """The first words of the prose that a pattern finds, headings left out; those under some headings before."""
        first = [one for one in self.passages if section and section.search(one.section)]
        for passage in (*first, *self.passages):
            if match := pattern.search(passage.paragraph.text):
                return quoted(passage.paragraph, *match.span())
        return None

    def clause(self, fact: Fact) -> Place:
        """The sentence around a figure of the prose."""
        start, end = fact.figure.start, fact.figure.end
        at = bisect_right(self._paragraphs, start, key=lambda one: one.pieces[0][1]) - 1
        if at < 0:
            return Place(start, end, fact.with_unit)
        first = self._paragraphs[at].position(start)
        made = quoted(self._paragraphs[at], first, first + len(fact.printed))
        return made._replace(start=start, end=end)

    def under(self, heading: re.Pattern[str]) -> Place | None:
        """A heading behind which, or below which, something is written: no line of the contents."""
        for at, paragraph in enumerate(self._paragraphs):
            level = paragraph.level
            if level is None or level > LAST_HEADING:
                continue
            match = heading.search(paragraph.text[:_TITLE])
            if match and (not is_title(paragraph) or self._is_written_below(at, level)):
                return quoted(paragraph, *match.span())
        return None

    def _is_written_below(self, at: int, level: int) -> bool:
        """Whether something that is no heading stands below a heading."""
        for below in self._paragraphs[at + 1 :]:
            if not is_title(below) or below.text.endswith("。"):
                return True
            if below.level is not None and below.level <= level:
                return False
        return False

    # what is no prose: notes under tables, tables beyond those of the form

    @cached_property
    def _notes(self) -> list[tuple[int, int, str]]:
        """Start, end and words of each note under a table, its lines joined."""
        text, found = self.reading.text, list[tuple[int, int]]()
        notes = sorted(
            (one.start, one.end) for one in self.reading.exclusions if one.reason == "table note"
        )
        for start, end in notes:
            if found and not text[found[-1][1] : start].strip():
                found[-1] = found[-1][0], end
            else:
                found.append((start, end))
        return [(start, end, squeeze(text[start:end])) for start, end in found]

    def notes(self, pattern: re.Pattern[str]) -> Place | None:
        """The first note under a table that a pattern finds."""
        for start, end, said in self._notes:
            if match := pattern.search(said):
                first = max(
                    (stop.end() for stop in _STOP.finditer(said, 0, match.start())), default=0
                )
                return Place(start, end, said[first : first + _LONGEST])
        return None

    def blank(self, table: str) -> Place | None:
        """A note or paragraph that says that the table above it is blank, without its name."""
        for start, end, said in (*self._notes, *self._sentences()):
            if self.patterns.blank.search(said) and self._table_above(start) == table:
                return Place(start, end, said[:_LONGEST])
        return None

    def _sentences(self) -> Iterator[tuple[int, int, str]]:
        for passage in self.passages:
            text = passage.paragraph.text
            if len(text) <= _LONGEST:
                yield (*passage.paragraph.span(0, len(text)), text)

    def _table_above(self, place: int) -> str | None:
        """The table whose title is the last above a place."""
        lines, text = self.reading.document.lines, self.reading.text
        at = bisect_left(lines, place, key=lambda line: line.start)
        for line in reversed(lines[max(0, at - _BACK) : at]):
            said = squeeze(text[line.start : line.end])
            if found := next(
                (one for one in self.reading.form.tables if one.title.search(said)), None
            ):
                return found.id
        return None

    def in_other_table(self, pattern: re.Pattern[str]) -> Place | None:
        """A cell of a table beyond those of the form that a pattern finds, with a figure in its row or below it."""
        text = self.reading.text
        for table in self.reading.others:
            numbers = [cell for cell in table.cells if _DIGIT.search(text, cell.start, cell.end)]
            rows = {cell.row for cell in numbers}
            columns = {cell.column for cell in numbers}
            for cell in table.cells:
                said = squeeze(text[cell.start : cell.end])
                if (cell.row in rows or cell.column in columns) and pattern.search(said):
                    named = f"{table.title}：{said}" if table.title else said
                    return Place(cell.start, cell.end, named[:_LONGEST])
        return None


def is_title(paragraph: Paragraph) -> bool:
    """Whether a paragraph is a heading, or a line of the contents."""
    text, level = paragraph.text.rstrip("。：:"), paragraph.level
    heading = level is not None and level <= LAST_HEADING
    return heading and len(text) < _TITLE and not _CLAUSE.search(text)


def quoted(paragraph: Paragraph, start: int, end: int) -> Place:
    """The sentence of a paragraph around some words, shortened."""
    text = paragraph.text
    first = max((stop.end() for stop in _STOP.finditer(text, 0, start)), default=0)
    stop = _STOP.search(text, max(start, end - 1))
    last = stop.end() if stop else len(text)
    return Place(*paragraph.span(start, end), _shortened(text, first, last, start))


def _shortened(text: str, first: int, last: int, at: int) -> str:
    """A part of a text, or so much of it around a place as is quoted."""
    if last - first <= _LONGEST:
        return text[first:last]
    begin = max(first, min(at - _HEAD, last - _LONGEST))
    end = min(last, begin + _LONGEST)
    return f"{'…' if begin > first else ''}{text[begin:end]}{'…' if end < last else ''}"
