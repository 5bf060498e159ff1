"""A table as read: its words, its rows, and what the lines above them say of all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from qy_finance.errors import ReportError, UnreadableNumberError, UnreadableRowError
from qy_finance.figures import AMOUNT, Exclusion
from qy_finance.form import ColumnSpec, Form, FormPatterns, SideSpec, TableSpec
from qy_finance.marks import CHAPTER, MONEY_UNIT, NUMBER
from qy_finance.readers import Cell, Document, Line

ORDINAL: Final = re.compile(rf"{CHAPTER}|其中[:：]|[（(](?:{NUMBER}+|\d+)[)）]|\d+[.、．]")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"(?:[0-9]{1,3}(?: ?[,，] ?[0-9]{3})+(?:[.．][0-9]+)?(?!\S))|\S+")
_MARKED = re.compile(rf"({AMOUNT.pattern})(?:[亿万千]?元|[（(]注?\d{{0,2}}[)）]|注\d?|[*＊※①-⑩]+)")
_CODE_AND_NAME = re.compile(r"[\[［【]?(\d{7}|\d{5}|\d{3})[\]］】]?(?=[^\d.,，])")
_NAME_AND_AMOUNT = re.compile(r"(?<=[\u4e00-\u9fff）)])(?:负|[-−－])?\d[\d,]*\.\d+$")
_KIND = re.compile(
    r"(?P<short>[0-9]{1,2}$)|(?P<three>[0-9]{3}$)|(?P<code>[0-9]{7}$|[0-9]{5}$)"
    rf"|(?P<amount>{AMOUNT.pattern}$)|(?P<blank>[-—–－/*…]+$|无$)"
    r"|(?P<note>[（(]?注\d{0,2}[)）]?$|见(?!习).{1,8}$)|(?P<name>.*[\u4e00-\u9fff]|[（(）)“”、：:]+$)",
)


class Token(NamedTuple):
    """A word of a table: ``document.text[start:end] == text``.

    ``first`` tells whether it opens its line, ``gap`` how many tabs, or else characters, stand
    between it and the word before, or the start of the line. ``page`` counts the pages of the table from 0;
    ``kind`` is what the word can be.
    """

    text: str
    start: int
    end: int
    page: int
    first: bool
    gap: int
    kind: str

    @property
    def is_amount(self) -> bool:
        """A figure, or something that could be one: a code, a line number."""
        return self.kind in {"short", "three", "code", "amount"}

    @property
    def is_blank(self) -> bool:
        """A dash for an empty cell."""
        return self.kind == "blank"

    @property
    def is_integer(self) -> bool:
        """A number of at most three digits, as those of lines, columns and pages are."""
        return self.kind in {"short", "three"}

    @property
    def is_code(self) -> bool:
        """A functional or economic classification code (科目编码): 类, 款 or 项."""
        return self.kind in {"three", "code"}

    @property
    def is_name(self) -> bool:
        return self.kind == "name"


def is_figure(cell: str, figure: str) -> bool:
    """Whether a cell says nothing but a figure, perhaps with its unit or the mark of a note behind it."""
    if cell == figure:
        return True
    match = _MARKED.fullmatch(cell)
    return match is not None and match[1] == figure


def joined(pieces: Iterable[Token]) -> str:
    """The text of a name that is wrapped, or of a line without its spaces."""
    return "".join(piece.text for piece in pieces)


def _kind(text: str) -> str:
    match = _KIND.match("".join(text.split()))
    return str(match.lastgroup) if match else ""


@lru_cache(maxsize=4096)  # most words of a table are 0.00
def _split(word: str) -> list[tuple[int, int, str]]:
    """The pieces of a word as their places in it, and what each can be."""
    return [(start, end, _kind(word[start:end])) for start, end in _pieces(word)]


def _pieces(word: str) -> list[tuple[int, int]]:
    start, end = 0, len(word)
    if not _DIGIT.search(word) or (word.isascii() and not _MARKED.fullmatch(word)):
        return [(start, end)]
    if AMOUNT.fullmatch(word):
        return [(start, end)]
    if match := _MARKED.fullmatch(word):  # what stands behind a figure is no part of it
        return [match.span(1)]
    pieces = []
    if match := _CODE_AND_NAME.match(word):
        pieces.append(match.span(1))
        start = match.end()
    if match := _NAME_AND_AMOUNT.search(word, start):
        return [*pieces, (start, match.start()), match.span()]
    return [*pieces, (start, end)]


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table of a form to be read from a document, in the account of a year."""

    document: Document
    form: Form
    spec: TableSpec
    year: int

    def error(
        self,
        at: Token | Cell | Line | None,
        expected: str,
        found: str,
        kind: type[ReportError] = UnreadableRowError,
    ) -> ReportError:
        """What is wrong with a row, where the place is known; otherwise with the table."""
        place = self.spec.name
        if at is not None:
            place += f", {self.document.place(at.start)}"
        return kind(self.document.path.name, place, expected, found)

    def words(self, lines: Iterable[Line | Cell], page: int) -> Iterator[Token]:
        """The words of lines or cells; a code printed without a space before its name is a word of its own."""
        text = self.document.text
        for line in lines:
            before = line.start
            for word in _WORD.finditer(text, line.start, line.end):
                for begin, behind, kind in _split(word[0]):
                    start, end = word.start() + begin, word.start() + behind
                    gap = text.count("\t", before, start) or start - before
                    yield Token(text[start:end], start, end, page, before == line.start, gap, kind)
                    before = end

    def no_figure(self, at: Token, found: str) -> ReportError:
        """Something else stands where a figure must."""
        return self.error(at, "a figure", repr(found), UnreadableNumberError)


@dataclass(slots=True)
class TableRow:
    """A row as printed: its name in pieces and a cell for each column, None where it is blank.

    ``texts`` are its columns of words by name, each in pieces too; ``unknown`` the places of cells that are not blank,
    but hold no figure that can be read; ``unread`` are figures whose column is not known.
    """

    side: int
    code: str | None = None
    names: list[Token] = field(default_factory=list)
    cells: list[Token | None] = field(default_factory=list)
    labels: list[Token] = field(default_factory=list)
    texts: dict[str, list[Token]] = field(default_factory=dict)
    page: int = 0
    unknown: list[int] = field(default_factory=list)
    unread: list[Token] = field(default_factory=list)

    @property
    def name(self) -> str:
        return joined(self.names)


def plain_name(name: str) -> str:
    """A row's name without its ordinals: 其中：（1）公务用车购置费."""
    while match := ORDINAL.match(name):
        name = name[match.end() :]
    return name.lstrip("-—–")


class Stated(NamedTuple):
    """What the lines above a table say of all of it: the money unit and the reporting entity."""

    money_unit: str | None
    entity: str | None

    @classmethod
    def of(cls, lines: Sequence[str], patterns: FormPatterns) -> Stated:
        """Find both in lines without layout spaces."""
        money_unit = MONEY_UNIT.search("\n".join(lines))
        entities = (match[1] for line in lines if (match := patterns.entity.search(line)))
        return cls(money_unit[1] if money_unit else None, next(entities, None))


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table as read: its lists beside each other with their columns, and its rows in order.

    ``sides`` has None for a list that the header gives no side.
    """

    columns: tuple[tuple[ColumnSpec, ...], ...]
    sides: tuple[SideSpec | None, ...]
    rows: list[TableRow]
    stated: Stated
    numbered: bool
    exclusions: list[Exclusion]


def excluded(reason: str, spans: Iterable[Token | Cell | Line]) -> Iterator[Exclusion]:
    """Words, cells or lines whose numerals are no figures for one reason."""
    return (Exclusion(span.start, span.end, reason) for span in spans)
