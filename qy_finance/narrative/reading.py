"""The prose of a document as figures, indicators and explained numerals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from qy_finance.figures import Exclusion, Figure
from qy_finance.form import Form, Lexicon, Phrases
from qy_finance.narrative.accounts import without_code
from qy_finance.narrative.flow import Paragraph, paragraphs
from qy_finance.narrative.grammar import Grammar
from qy_finance.narrative.numerals import numerals
from qy_finance.narrative.said import Statement
from qy_finance.narrative.sections import contexts
from qy_finance.narrative.subjects import Subjects
from qy_finance.readers import Document, Line, squeeze

_LEADER = re.compile(r"[.．…·]{3,}\s*(\d{1,3})\s*$")
_PAGE_REFERENCE = re.compile(r"[.．…·\s]\s*(\d{1,3})\s*$")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A performance indicator (绩效指标): the figures of what was to be reached and what was, and why it was not."""

    comparison: str
    target: Figure
    actual: Figure | None
    reason: str


@dataclass(frozen=True, slots=True)
class NarrativeReading:
    """The figures of the prose in order, its indicators, and the numerals that are no figures.

    ``paragraphs`` is the prose itself, each with the heading that it stands under.
    """

    figures: tuple[Figure, ...]
    indicators: tuple[Indicator, ...]
    exclusions: tuple[Exclusion, ...]
    paragraphs: tuple[tuple[Paragraph, str], ...]


def read_narrative(
    document: Document, lines: Iterable[Line], form: Form, unit: str, year: int
) -> NarrativeReading:
    """Read the prose lines of a document.

    ``unit`` and ``year`` are those of the report: sentences that open with them speak of what follows.
    """
    lexicon = form.lexicon
    subjects = Subjects(unit, year, lexicon)
    figures: list[Figure] = []
    indicators: list[Indicator] = []
    read: list[tuple[Paragraph, str]] = []
    prose, exclusions = _without_contents(document, lines, lexicon)
    for paragraph, context in contexts(paragraphs(document, prose, lexicon.phrases), lexicon):
        read.append((paragraph, context.section))
        found = numerals(paragraph.text, lexicon, paragraph.body)
        explained = ((n.start, n.end, n.reason) for n in found if n.reason is not None)
        exclusions += (Exclusion(*paragraph.span(*at), reason) for *at, reason in explained)
        said = Grammar(paragraph.text, context, subjects).read(found)
        understood = {statement.numeral.start for statement in said}
        lost = (n for n in found if n.reason is None and n.start not in understood)
        exclusions += (Exclusion(*paragraph.span(n.start, n.end), "unknown") for n in lost)
        made = [
            _figure(paragraph, statement, context.section, year, lexicon.phrases)
            for statement in said
        ]
        figures += made
        indicators += _indicators(paragraph, said, made, lexicon)
    return NarrativeReading(tuple(figures), tuple(indicators), tuple(exclusions), tuple(read))


def _without_contents(
    document: Document, lines: Iterable[Line], lexicon: Lexicon
) -> tuple[list[Line], list[Exclusion]]:
    """The lines without the table of contents (目录), and the page numbers that it refers to."""
    prose: list[Line] = []
    references: list[Exclusion] = []
    contents = False
    for line in lines:
        text = document.text[line.start : line.end]
        opens = lexicon.phrases.contents.fullmatch(squeeze(text)) is not None
        contents = opens or (contents and "。" not in text)
        if match := (_PAGE_REFERENCE if contents else _LEADER).search(text):
            start, end = match.span(1)
            references.append(Exclusion(line.start + start, line.start + end, "page number"))
        else:
            prose.append(line)
    return prose, references


def _figure(
    paragraph: Paragraph, statement: Statement, section: str, year: int, say: Phrases
) -> Figure:
    numeral = statement.numeral
    item, code = without_code(statement.subject, say)
    start, end = paragraph.span(numeral.start, numeral.end)
    return Figure(
        start=start,
        end=end,
        measure=statement.measure,
        value=statement.value,
        unit_of_measure=numeral.unit,
        section=section,
        item=item,
        code=code,
        column=without_code(statement.of, say)[0] or None,
        year=statement.year or year,
    )


def _are_one(pair: list[Statement]) -> bool:
    """Whether the first of two statements is what was reached of the target in the second."""
    return len(pair) == 2 and pair[0].measure == "actual" and pair[0].subject == pair[1].subject


def _indicators(
    paragraph: Paragraph, said: list[Statement], figures: list[Figure], lexicon: Lexicon
) -> list[Indicator]:
    """Each target of a paragraph with the actual value that follows it."""
    found = []
    targets = [at for at, statement in enumerate(said) if statement.measure == "target"]
    before = {at - 1 for at in targets if _are_one(said[at - 1 : at + 1])}
    for at, end in pairwise([*targets, len(said)]):
        reached = [other for other in range(at + 1, end) if said[other].measure == "actual"]
        reached = [at - 1] if at - 1 in before else [o for o in reached if o not in before]
        actual, reason = None, ""
        if (other := next(iter(reached), None)) is not None:
            actual = figures[other]
            match = lexicon.phrases.reason.search(paragraph.text, said[other].numeral.stop)
            reason = match["reason"] if match and end == len(said) else ""
        found.append(Indicator(lexicon.sign(said[at].sign), figures[at], actual, reason))
    return found
