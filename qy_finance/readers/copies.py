"""Pages that stand twice in a document, or a text that was pasted twice: the second time they say nothing new."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from qy_finance.figures import Exclusion
from qy_finance.readers.document import Document

AGAIN: Final = "printed again"
_LEAST_PAGE: Final = 60  # characters: covers and headings of parts may well stand twice
_MOST_COPIES: Final = 20
_LONG: Final = 25  # characters of a line that two tables do not have in common
_LEAST_LONG: Final = 3  # of those; of a run, they tell figures
_LEAST_LINES: Final = 12
_LEAST_AT_ONCE: Final = 2  # long lines that tell figures, of what stands right behind itself
_OWN: Final = re.compile(r"[^\n]{12}。|单位[:：]")
_FACT: Final = re.compile(r"\d\.\d+\s*(?:万?元|[%％])")
_PAGE_NUMBER: Final = re.compile(r"\n[-—–\s]*(?:第?\d{1,4}页?)[-—–\s]*\Z")


def without_copies(document: Document) -> Document:
    """The document, with what is printed again put aside."""
    found = (
        _pages(document.text) if document.paged or "\f" in document.text else _runs(document.text)
    )
    copies = tuple(Exclusion(start, end, AGAIN) for start, end in found)
    if not copies:
        return document

    def is_first(start: int) -> bool:
        return not any(copy.start <= start < copy.end for copy in copies)

    grids = tuple(grid for grid in document.grids if is_first(grid.start))
    doubts = tuple(doubt for doubt in document.doubts if is_first(doubt.start))
    asides = tuple(aside for aside in document.asides if is_first(aside.start))
    return replace(document, grids=grids, doubts=doubts, asides=(*asides, *copies))


def _pages(text: str) -> Iterator[tuple[int, int]]:
    """The pages that print what one before did, but for the page number.

    A page that goes on with a table may well print what another table's does: it counts where a sentence or a title
    stands on it, where it follows that other page at once, or where the page before or behind it is a copy too.
    """
    pages = text.split("\f")
    contents = ["".join(_PAGE_NUMBER.sub("", page.rstrip()).split()) for page in pages]
    places: defaultdict[str, list[int]] = defaultdict(list)
    above: list[set[int]] = []  # the pages that print the same, before each
    for at, content in enumerate(contents):
        above.append(set(places[content][:_MOST_COPIES]))
        places[content].append(at)
    sure = {
        at
        for at, same in enumerate(above)
        if same and len(contents[at]) >= _LEAST_PAGE and (_OWN.search(pages[at]) or at - 1 in same)
    }
    for order, beside in ((range(1, len(pages)), -1), (range(len(pages) - 2, -1, -1), 1)):
        for at in order:
            if at + beside in sure and any(one + beside in above[at + beside] for one in above[at]):
                sure.add(at)
    start = 0
    for at, page in enumerate(pages):
        if at in sure:
            yield max(0, start - 1), start + len(page)  # with the form feed before it
        start += len(page) + 1


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Lines in a run that stand in the same order above, among them several that are long; fewer where the run follows
    itself at once.
    """
    lines = text.split("\n")
    often = Counter(line for line in lines if len(line) > _LONG)
    if (
        sum(count > 1 and bool(_FACT.search(line)) for line, count in often.items())
        < _LEAST_AT_ONCE
    ):
        return
    places, start = [], 0
    for line in lines:
        if line.strip():
            places.append((start, "".join(line.split())))
        start += len(line) + 1
    printed = [content for _, content in places]
    first: dict[str, int] = {}
    end = 0  # of the last run
    for at, content in enumerate(printed):
        if at < end or len(content) <= _LONG or first.setdefault(content, at) == at:
            continue
        above, begin = first[content], at
        while (
            begin > end and above and begin - 1 > above and printed[above - 1] == printed[begin - 1]
        ):
            above, begin = above - 1, begin - 1
        size = 1
        while begin + size < len(printed) and printed[above + size] == printed[begin + size]:
            size += 1
        run = printed[begin : begin + size]
        facts = {line for line in run if len(line) > _LONG and _FACT.search(line)}
        at_once = above + size >= begin and len(facts) >= _LEAST_AT_ONCE
        if at_once or (size >= _LEAST_LINES and len(facts) >= _LEAST_LONG):
            end = begin + size
            start = places[begin][0]
            yield start, text.index("\n", places[end - 1][0]) if end < len(places) else len(text)
