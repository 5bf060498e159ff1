"""What the paragraphs, notes and other tables of a report say in words, without the terms that it explains."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Final

from qy_finance.facts import Fact
from qy_finance.narrative.flow import LAST_HEADING, Paragraph
from qy_finance.narrative.quotes import LONGEST, TITLE, Quotation, is_title, quoted, sentence_start
from qy_finance.readers import Line, squeeze
from qy_finance.reading import Reading

_DIGIT: Final = re.compile(r"\d")
_BACK: Final = 60  # lines above a note among which the title of its table is looked for
_MANY: Final = 50  # notes of blank tables


class Written:
    """The words of a report."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.patterns = reading.form.disclosures.patterns
        self._paragraphs = [one for one in reading.paragraphs if one[0].text]

    @cached_property
    def passages(self) -> list[tuple[Paragraph, str]]:
        """The paragraphs that show something, each with its heading: not what a unit is for, not what terms mean.

        Explanations of terms run to the next heading of their level.
        """
        found: list[tuple[Paragraph, str]] = []
        within: int | None = None
        for paragraph, section in self.reading.paragraphs:
            level = paragraph.level
            if not paragraph.text:
                continue
            if within is not None and level is not None and level <= within:
                within = None
            titled = level is not None and level <= LAST_HEADING
            if titled and self.patterns.glossary.search(paragraph.text[:TITLE]):
                within = level
            elif not (
                within is not None or is_title(paragraph) or self.patterns.aside.search(section)
            ):
                found.append((paragraph, section))
        return found

    def says(
        self, pattern: re.Pattern[str], section: re.Pattern[str] | None = None
    ) -> Quotation | None:
        """The first words of the prose that a pattern finds, headings left out; those under some headings before."""
        first = [one for one in self.passages if section and section.search(one[1])]
        for paragraph, _ in (*first, *self.passages):
            if match := pattern.search(paragraph.text):
                return quoted(paragraph, *match.span())
        return None

    def clause(self, fact: Fact) -> Quotation:
        """The sentence around a figure of the prose."""
        start, end = fact.figure.start, fact.figure.end
        at = bisect_right(self._paragraphs, start, key=lambda one: one[0].pieces[0][1]) - 1
        if at < 0:
            return Quotation(start, end, fact.with_unit)
        paragraph = self._paragraphs[at][0]
        first = paragraph.position(start)
        made = quoted(paragraph, first, first + len(fact.printed))
        return made._replace(start=start, end=end)

    def under(self, heading: re.Pattern[str]) -> Quotation | None:
        """A heading behind which, or below which, something is written: no line of the contents."""
        aside = self.patterns.aside
        for at, (paragraph, section) in enumerate(self._paragraphs):
            level, start = paragraph.level, paragraph.text[:TITLE]
            if level is None or level > LAST_HEADING:
                continue
            if aside.search(section) and not aside.search(start):
                continue  # one of the things that a unit is for
            match = heading.search(start)
            if match and (not is_title(paragraph) or self._is_written_below(at, level)):
                return quoted(paragraph, *match.span())
        return None

    def _is_written_below(self, at: int, level: int) -> bool:
        """Whether something that is no heading stands below a heading."""
        for below, _ in self._paragraphs[at + 1 :]:
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

    def notes(self, pattern: re.Pattern[str]) -> Quotation | None:
        """The first note under a table that a pattern finds."""
        for start, end, said in self._notes:
            if match := pattern.search(said):
                first = sentence_start(said, match.start())
                return Quotation(start, end, said[first : first + LONGEST])
        return None

    def blank(self, table: str) -> Quotation | None:
        """A note or paragraph that says that the table above it is blank, without its name."""
        return self._blanks.get(table)

    @cached_property
    def _blanks(self) -> dict[str, Quotation]:
        """The first of them by table."""
        found: dict[str, Quotation] = {}
        lines = self.reading.document.lines
        said = (one for one in (*self._notes, *self._short()) if self.patterns.blank.search(one[2]))
        for start, end, text in islice(said, _MANY):
            at = bisect_left(lines, start, key=lambda line: line.start)
            if table := self._titled(lines[max(0, at - _BACK) : at]):
                found.setdefault(table, Quotation(start, end, text[:LONGEST]))
        return found

    def _short(self) -> Iterator[tuple[int, int, str]]:
        """Start, end and words of the paragraphs that may be notes."""
        for paragraph, _ in self.passages:
            text = paragraph.text
            if len(text) <= LONGEST:
                yield (*paragraph.span(0, len(text)), text)

    def _titled(self, lines: Sequence[Line]) -> str | None:
        """The table whose title is the last of some lines."""
        for line in reversed(lines):
            said = squeeze(self.reading.text[line.start : line.end])
            named = (one.id for one in self.reading.form.tables if one.title.search(said))
            if found := next(named, None):
                return found
        return None

    def in_other_table(self, pattern: re.Pattern[str]) -> Quotation | None:
        """A cell of a table beyond those of the form that a pattern finds, with a figure in its row or below it."""
        for start, end, title, said in self._named:
            if pattern.search(said):
                return Quotation(
                    start, end, f"{title}：{said}"[:LONGEST] if title else said[:LONGEST]
                )
        return None

    @cached_property
    def _named(self) -> list[tuple[int, int, str, str]]:
        """The cells of those tables that name figures: start, end, title of the table, words."""
        text, found = self.reading.text, list[tuple[int, int, str, str]]()
        for table in self.reading.others:
            numbers = [cell for cell in table.cells if _DIGIT.search(text, cell.start, cell.end)]
            rows = {cell.row for cell in numbers}
            columns = {cell.column for cell in numbers}
            found += (
                (cell.start, cell.end, table.title, squeeze(text[cell.start : cell.end]))
                for cell in table.cells
                if cell.row in rows or cell.column in columns
            )
        return found
