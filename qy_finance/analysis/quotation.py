"""Sentences of a report as it prints them, their figures leading to where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import itemgetter
from typing import Final

from qy_finance.analysis.facts import find
from qy_finance.display import cite, escape
from qy_finance.narrative.flow import Paragraph
from qy_finance.report import Report

_SENTENCE_END: Final = re.compile("[。；]")


def rest_of_paragraph(report: Report, at: int, ending: str) -> str:
    """The last words of a paragraph as Markdown, each figure in them with its source.

    Separators of thousands are set; otherwise the words are as printed, without layout spaces.

    Parameters
    ----------
    at : int
        A place in ``Report.text`` that lies in the paragraph.
    ending : str
        How the paragraph ends, without layout spaces.

    Raises
    ------
    LookupError
        No paragraph of the prose that holds this place ends so.
    """
    for paragraph, _ in report._narrative.paragraphs:
        begin, end = paragraph.span(0, len(paragraph.text))
        if begin <= at < end and paragraph.text.endswith(ending):
            return _linked(report, paragraph, len(paragraph.text) - len(ending))
    raise LookupError(f"{report.meta['file']}: no paragraph at {at} ends so: {ending}")


def rest_of_sentence(report: Report, at: int, about: str) -> str:
    """The words from a place on to the end of its sentence, as :func:`rest_of_paragraph` gives them.

    Parameters
    ----------
    at : int
        A place in ``Report.text``.
    about : str
        Pattern that the words must contain; otherwise, and where the place is not in the prose, they are empty.
    """
    for paragraph, _ in report._narrative.paragraphs:
        start = _position(paragraph, at)
        if start is not None:
            end = _SENTENCE_END.search(paragraph.text, start)
            words = paragraph.text[start : end.start() if end else None]
            found = re.search(about, words)
            return (
                _linked(report, paragraph, start + found.start(), start + len(words))
                if found
                else ""
            )
    return ""


def _linked(report: Report, paragraph: Paragraph, start: int, end: int | None = None) -> str:
    end = len(paragraph.text) if end is None else end
    said, done = [], start
    for fact in find(report):
        at = _position(paragraph, fact.start)
        if at is not None and done <= at < end:
            number = cite(abs(fact.value), "", fact.places)
            said += [escape(paragraph.text[done:at]), number]
            done = at + len("".join(fact.printed.split()))
    return "".join([*said, escape(paragraph.text[done:end])])


def _position(paragraph: Paragraph, place: int) -> int | None:
    """Where a place in the document is in the text of a paragraph; None where it is not in it."""
    pieces = sorted(paragraph.pieces, key=itemgetter(1))
    at = bisect_right(pieces, place, key=itemgetter(1)) - 1
    if at < 0:
        return None
    position = pieces[at][0] + place - pieces[at][1]
    inside = position < len(paragraph.text) and paragraph.span(position, position + 1)[0] == place
    return position if inside else None
