"""The words of a table's lines, and where its header ends."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from qy_finance.figures import AMOUNT
from qy_finance.readers import Document, Line

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\S+")
_CODE_AND_NAME = re.compile(r"[\[［【]?(\d{7}|\d{5}|\d{3})[\]］】]?(?=[^\d.,，])")
_NAME_AND_AMOUNT = re.compile(r"(?<=[\u4e00-\u9fff）)])[-−－]?\d[\d,]*\.\d+$")
_CODE = re.compile(r"\d{7}|\d{5}|\d{3}", re.ASCII)
_INTEGER = re.compile(r"\d{1,3}", re.ASCII)
_BLANK = re.compile(r"[-—–－/]+|——")
_NAME = re.compile(r"[\u4e00-\u9fff]|^[（(）)“”、：:]+$")


class Token(NamedTuple):
    """A word of a table: ``document.text[start:end] == text``.

    ``first`` tells whether it opens its line, ``gap`` how many tabs, or else characters, stand
    between it and the word before, or the start of the line. ``page`` counts the pages of the table from 0.
    """

    text: str
    start: int
    end: int
    page: int
    first: bool
    gap: int

    @property
    def is_amount(self) -> bool:
        return AMOUNT.fullmatch(self.text) is not None

    @property
    def is_blank(self) -> bool:
        """A dash for an empty cell."""
        return _BLANK.fullmatch(self.text) is not None

    @property
    def is_integer(self) -> bool:
        return _INTEGER.fullmatch(self.text) is not None

    @property
    def is_code(self) -> bool:
        """A functional or economic classification code (科目编码): 类, 款 or 项."""
        return _CODE.fullmatch(self.text) is not None

    @property
    def is_name(self) -> bool:
        return _NAME.search(self.text) is not None


def tokenize(document: Document, lines: tuple[Line, ...], page: int) -> list[Token]:
    """The words of the lines; a code printed without a space before its name is a word of its own."""
    tokens: list[Token] = []
    for line in lines:
        before = line.start
        first = True
        for word in _WORD.finditer(document.text, line.start, line.end):
            for start, end in _split(word):
                between = document.text[before:start]
                gap = between.count("\t") or len(between)
                tokens.append(Token(document.text[start:end], start, end, page, first, gap))
                before, first = end, False
    return tokens


def _split(word: re.Match[str]) -> list[tuple[int, int]]:
    start, end = word.span()
    if word[0].isascii() or not _DIGIT.search(word[0]):
        return [(start, end)]
    pieces = []
    if match := _CODE_AND_NAME.match(word.string, start, end):
        pieces.append(match.span(1))
        start = match.end()
    if match := _NAME_AND_AMOUNT.search(word.string, start, end):
        return [*pieces, (start, match.start()), match.span()]
    return [*pieces, (start, end)]


def page_numbers(tokens: list[Token], numbered: bool) -> list[Token]:
    """Integers alone on their line, between the rows of a table, that count pages.

    Where rows are ``numbered`` (行次), one that no other row has may be the number of a blank row.
    """
    found = []
    integers = Counter(int(token.text) for token in tokens if token.is_integer)
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        alone = token.first and (following is None or following.first)
        if not alone or not token.is_integer:
            continue
        number = int(token.text)
        if integers[number] > 1 or number > max(integers) - 1 if numbered else number < 100:
            found.append(token)
    return found
