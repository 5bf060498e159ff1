"""The paragraphs of a report with the figures in them: where words and figures meet."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final, NamedTuple

from qy_finance.checks.ledger import Ledger
from qy_finance.facts import Fact
from qy_finance.narrative.flow import Paragraph
from qy_finance.readers import Document

_TERMS: Final = re.compile(r"第[一二三四五六七八九十]+部分[:：]?名词解释")


class Passage(NamedTuple):
    """A paragraph of the prose, its heading, and its figures in order."""

    text: str
    section: str
    paragraph: Paragraph
    operands: tuple[Fact, ...]
    starts: tuple[int, ...]
    """Where each figure begins in ``text``."""
    document: Document

    def before(self, at: int) -> tuple[Fact, ...]:
        """The figures before a position of the text."""
        return self.operands[: bisect_left(self.starts, at)]

    def between(self, start: int, end: int) -> tuple[Fact, ...]:
        """The figures between two positions of the text."""
        return self.operands[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def where(self, at: int) -> str:
        """第21页 or 第1207行 of a position in the text."""
        place, _ = self.paragraph.span(at, at + 1)
        return self.document.where(place)


def passages(ledger: Ledger) -> Iterator[Passage]:
    """All paragraphs that speak of the account, in order; what terms mean (名词解释) is left out."""
    prose, document = ledger.prose, ledger.reading.document
    places = [fact.figure.start for fact in prose]
    spoken = False  # past the contents, which name every part too
    for paragraph, section in ledger.reading.paragraphs:
        if not paragraph.text:
            continue
        if spoken and _TERMS.match(paragraph.text):
            return
        start, end = paragraph.span(0, len(paragraph.text))
        facts = prose[bisect_left(places, start) : bisect_left(places, end)]
        spoken = spoken or bool(facts)
        starts = tuple(paragraph.position(fact.figure.start) for fact in facts)
        yield Passage(paragraph.text, section, paragraph, facts, starts, document)
