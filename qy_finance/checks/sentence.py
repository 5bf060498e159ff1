"""What a check says: words, and numbers that know the figures that they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from qy_finance.facts import Fact, computed
from qy_finance.numbers import Number


class Told(NamedTuple):
    """A number in a sentence: its characters, and the figure that it is or the number that was computed."""

    text: str
    of: Fact | Number

    @property
    def number(self) -> Number:
        """The number, with the figures that it comes from."""
        return self.of.number if isinstance(self.of, Fact) else self.of


Piece = str | Told
Part = Piece | Fact | Iterable[Piece]


class Sentence(tuple[Piece, ...]):
    """Words and numbers in the order in which they are read; as a ``str``, the sentence."""

    __slots__ = ()

    def __str__(self) -> str:
        return "".join(piece if isinstance(piece, str) else piece.text for piece in self)

    def __add__(self, other: object) -> Sentence:
        return sentence(self, other if isinstance(other, str | tuple) else str(other))

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Its numbers."""
        return tuple(piece.number for piece in self if isinstance(piece, Told))


def sentence(*parts: Part) -> Sentence:
    """A sentence of words, figures as they are shown, and of other sentences."""
    return Sentence(piece for part in parts for piece in _pieces(part))


def told(text: str, value: Decimal, facts: Iterable[Fact]) -> Told:
    """A number that is computed from figures."""
    return Told(text, computed(value, facts))


def _pieces(part: Part) -> Iterator[Piece]:
    if isinstance(part, str | Told):
        yield part
    elif isinstance(part, Fact):
        yield from shown(part)
    else:
        yield from part


def printed(fact: Fact) -> Piece:
    """The characters of a figure, without a unit."""
    return Told(fact.printed, fact) if fact.id else fact.printed


def shown(fact: Fact) -> Iterator[Piece]:
    """A figure without its sign, with the unit where that is not the one it is compared in."""
    if not fact.id:
        yield fact.shown
        return
    digits = fact.printed.lstrip("-−－")
    yield Told(digits, fact)
    yield fact.shown.removeprefix(digits)


def listed(parts: Iterable[Iterable[Part]], between: str = "、") -> Sentence:
    """Some of one kind after each other: each a sequence of parts."""
    made: list[Part] = []
    for number, part in enumerate(parts):
        made += [between] * bool(number) + [*part]
    return sentence(*made)
