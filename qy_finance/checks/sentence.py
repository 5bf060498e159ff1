"""What a check says: words, and numbers that know the figures that they come from."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from qy_finance.facts import Fact, computed
from qy_finance.language import FIELD, is_one, join, measured, plain, template_of, unit_form
from qy_finance.numbers import Number


class Told(NamedTuple):
    """A number in a sentence: its characters, and the figure that it is or the number that was computed."""

    text: str
    source: Fact | Number

    @property
    def number(self) -> Number:
        """The number, with the figures that it comes from."""
        return self.source.number if isinstance(self.source, Fact) else self.source


Piece = str | Fact | Told
"""Words, a figure as it is shown (without its sign, with the unit where that is not the usual one), a number."""


class Sentence(tuple[Piece, ...]):
    """Words and numbers in the order in which they are read; as a ``str``, the sentence."""

    __slots__ = ()

    def __str__(self) -> str:
        return "".join([plain(one) if isinstance(one, str) else _characters(one) for one in self])

    @property
    def shown(self) -> tuple[tuple[str, Number | None, str], ...]:
        """Its pieces as words and numbers: characters, the number that they are, and the unit behind it."""
        return tuple(map(_number, self))


def said(chinese: str, /, **parts: Piece | Sentence) -> Sentence:
    """A sentence as :func:`qy_finance.language.t` says it, of words, figures, numbers and other sentences.

    Words in it are those of a report; where they are a name, the language that is spoken has its own when it is shown.
    """
    template, at = template_of(chinese) or chinese, 0
    pieces: list[Piece | Sentence] = []
    for field in FIELD.finditer(template):
        name, one, many, _ = field.groups()
        part = parts[name]
        pieces.append(template[at : field.start()])
        pieces.append(part if one is None else one if is_one(part) else many)
        at = field.end()
    return sentence(*(piece for piece in (*pieces, template[at:]) if piece != ""))


def with_unit(number: Piece, unit: str) -> Sentence:
    """A number with its unit, as the language that is spoken says it."""
    before, _, behind = (unit_form(unit) or f"{{}} {unit}".rstrip()).partition("{}")
    return Sentence(piece for piece in (before, number, behind) if piece != "")


def sentence(*parts: Piece | Sentence) -> Sentence:
    """A sentence of words, figures, numbers and other sentences."""
    pieces: list[Piece] = []
    for part in parts:
        if isinstance(part, Sentence):
            pieces += part
        else:
            pieces.append(part)
    return Sentence(pieces)


def told(text: str, value: Decimal, facts: Iterable[Fact]) -> Told:
    """A number that is computed from figures."""
    return Told(text, computed(value, facts))


def printed(fact: Fact) -> Piece:
    """The characters of a figure, without a unit."""
    return Told(fact.printed, fact) if fact.is_printed else fact.printed


def listed(parts: Iterable[Iterable[Piece]], between: str = "、") -> Sentence:
    """Some of one kind after each other: each a sequence of pieces."""
    pieces: list[Piece] = []
    between = join(("", ""), between)
    for part in parts:
        if pieces:
            pieces.append(between)
        pieces += part
    return Sentence(pieces)


def _characters(piece: Fact | Told) -> str:
    if isinstance(piece, Told):
        return piece.text
    digits, apart, unit = piece.shown.partition(" ")
    return measured(digits, unit) if apart else piece.shown


def _number(piece: Piece) -> tuple[str, Number | None, str]:
    if isinstance(piece, str):
        return piece, None, ""
    if isinstance(piece, Told) or not piece.is_printed:
        return _characters(piece), piece.number if isinstance(piece, Told) else None, ""
    digits = piece.printed.lstrip("-−－")
    return digits, piece.number, piece.shown.removeprefix(digits)
