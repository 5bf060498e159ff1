"""The paragraphs of a report with the figures in them: where words and figures meet."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from qy_finance.checks.ledger import Ledger, compiled
from qy_finance.facts import Fact
from qy_finance.narrative.flow import Paragraph


class Passage(NamedTuple):
    """A paragraph of the prose, its heading, and its figures in order."""

    text: str
    section: str
    paragraph: Paragraph
    operands: tuple[Fact, ...]
    starts: tuple[int, ...]
    """Where each figure begins in ``text``."""

    def before(self, at: int) -> list[Fact]:
        """The figures before a position of the text."""
        return list(self.operands[: bisect_left(self.starts, at)])

    def between(self, start: int, end: int) -> list[Fact]:
        """The figures between two positions of the text."""
        return list(self.operands[bisect_left(self.starts, start) : bisect_left(self.starts, end)])


def passages(ledger: Ledger) -> list[Passage]:
    """All paragraphs that speak of the account, in order; what terms mean (名词解释) is left out."""
    return list(_passages(ledger))


def _passages(ledger: Ledger) -> Iterator[Passage]:
    prose = ledger.prose
    places = [fact.figure.start for fact in prose]
    spoken = False  # past the contents, which name every part too
    for paragraph, section in ledger.reading.paragraphs:
        if not paragraph.text:
            continue
        if spoken and compiled(r"第[一二三四五六七八九十]+部分[:：]?名词解释").match(
            paragraph.text
        ):
            return
        start, end = paragraph.span(0, len(paragraph.text))
        facts = tuple(prose[bisect_left(places, start) : bisect_left(places, end)])
        spoken = spoken or bool(facts)
        starts = tuple(paragraph.position(fact.figure.start) for fact in facts)
        yield Passage(paragraph.text, section, paragraph, facts, starts)


def where(ledger: Ledger, passage: Passage, at: int) -> str:
    """第21页 or 第1207行 of a position in a passage."""
    place, _ = passage.paragraph.span(at, at + 1)
    return ledger.reading.document.where(place)
