"""The lines of a text as rows of fields, and what tells a table's rows from other lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from qy_finance.figures import AMOUNT
from qy_finance.marks import CHAPTER, CODE, LEVELS, MONEY_UNIT, NUMBERED, PART, YEAR

_DATUM: Final = re.compile(rf"(?:{AMOUNT.pattern}|{CODE.pattern})\Z|{CHAPTER}", re.ASCII)
_YEAR: Final = re.compile(YEAR)
TOTALS: Final = frozenset({"合计", "总计"})
_SENTENCE: Final = re.compile(r"[。；！？]|，(?!\d{3})")
_LEADER: Final = re.compile(r"[.·…．]{4}")
_CELLS: Final = 4  # a line of so many is none of prose
_FAR: Final = 24  # places from the margin, where no line of prose begins
_GAP: Final = re.compile(r"\S {4,}\S")
_TITLE: Final = re.compile(r".{0,60}(?:表(?:[（(][^（()）]*[)）])?|说明|概况|目录|(?<!其中)[:：])")
_LABEL: Final = re.compile(
    r"[附续]?表\d{1,2}|[（(]?[续接]上?表\d?[)）]?|[公决]开\d{1,2}表|.*[单单]位[:：].*"
)


class TabField(NamedTuple):
    """What stands between two tabs: ``text[start:end]`` without the spaces around it."""

    start: int
    end: int
    text: str


class Row(NamedTuple):
    """A line of a text that has visible characters, as fields; ``number`` counts all lines from 1, ``page`` from 1."""

    number: int
    page: int
    start: int
    end: int
    fields: tuple[TabField, ...]

    @property
    def texts(self) -> list[str]:
        """What its fields say, blank ones aside, without layout spaces."""
        return ["".join(field.text.split()) for field in self.fields if field.text]


def rows_of(text: str) -> list[Row]:
    """The lines of a text; a form feed (换页符) starts a page."""
    rows: list[Row] = []
    start, page = 0, 1
    for number, content in enumerate(text.split("\n"), start=1):
        page += content.count("\f")
        if content and not content.isspace():
            rows.append(Row(number, page, start, start + len(content), _fields(content, start)))
        start += len(content) + 1
    return rows


def _fields(content: str, start: int) -> tuple[TabField, ...]:
    fields = []
    at = start
    for piece in content.split("\t"):
        bare = piece.strip()
        begin = at + piece.find(bare) if bare else at
        fields.append(TabField(begin, begin + len(bare), bare))
        at += len(piece) + 1
    return tuple(fields)


def stands_apart(row: Row) -> bool:
    """Whether a line is no row of a table: a sentence, a title, a label over a table, a part of the report."""
    texts = row.texts
    whole = "".join(texts)
    if any(map(_LEADER.search, texts)) or MONEY_UNIT.search(whole):
        return True
    if any(map(_SENTENCE.search, texts)) and not _has_cells(row):
        return True
    alone = len(texts) == 1
    return alone and bool(_TITLE.fullmatch(whole) or _LABEL.fullmatch(whole) or PART.match(whole))


def _has_cells(row: Row) -> bool:
    """Whether a line has cells, of which one may be a sentence."""
    first = row.fields[0]
    alone = len(row.fields) == 1
    apart = first.start - row.start >= _FAR or _GAP.search(first.text) is not None
    return apart if alone else len(row.fields) >= _CELLS


def counts_columns(texts: Sequence[str]) -> bool:
    """Whether these are column numbers (栏次) from 1 on, with what heads them."""
    numbers = [text for text in texts if text.isdigit()]
    words = {text for text in texts if not text.isdigit()}
    counted = numbers == [str(number) for number in range(1, len(numbers) + 1)]
    return counted and words <= NUMBERED and bool(numbers) and (bool(words) or len(numbers) > 1)


def holds_data(texts: Sequence[str]) -> bool:
    """Whether a row belongs to an account: it has a figure, a code or the ordinal of a line (一、), or is a total."""
    if not texts or counts_columns(texts) or LEVELS.issuperset(texts):
        return False
    if len(texts) == 1 and texts[0] in TOTALS:
        return True
    return any(_DATUM.match(text) and not _YEAR.fullmatch(text) for text in texts)
