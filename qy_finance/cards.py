"""Cards: a heading, numbers, a sentence, the text in which they are printed, its picture, and what is folded away.

A card is read on a phone as on a desktop: nothing in it stands beside something that it could not stand below.
Colours say nothing that words do not say too, and leave the page's own background, which may be dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from qy_finance import palette
from qy_finance.display import escape, words
from qy_finance.pictures import address

if TYPE_CHECKING:
    from jinja2 import Template

_EDGES: Final = {
    True: ("solid", palette.ALERT),
    False: ("dashed", palette.SOFT),
    None: ("solid", palette.SECONDARY),
}
"""Line and colour of a card's edge, by whether it is grave."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Printed text and where it stands; ``pieces`` at odd positions are marked, and may be links."""

    place: str
    pieces: tuple[str, ...]


class Picture(NamedTuple):
    """A PNG, and the words that stand for it where it is not seen: none of a report's."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Card:
    """One finding, or one object of the package.

    Attributes
    ----------
    kind, heading, sentence : str
        What kind of finding it is, what it is about, what is wrong.
    grave : bool or None
        Of a finding: whether its edge is of the colour of what needs attention, or grey and dashed. None for what
        is no finding.
    numbers : sequence of (str, str)
        Name and number.
    quotes : sequence of Quote
        Where it is printed.
    folded : sequence of (str, sequence of str)
        Lists that are opened by a click, each with its name.
    picture : Picture or None
        What it looks like in print.
    """

    kind: str
    heading: str
    sentence: str
    grave: bool | None
    numbers: Sequence[tuple[str, str]] = ()
    quotes: Sequence[Quote] = ()
    folded: Sequence[tuple[str, Sequence[str]]] = ()
    picture: Picture | None = None

    def _repr_html_(self) -> str:
        return as_html([self])

    def __str__(self) -> str:
        return as_text([self])


def show_cards(cards: Sequence[Card]) -> None:
    """Show cards, if there are any, in HTML and as plain text. Everything in them is escaped."""
    from IPython.display import display

    if cards:
        shown = {"text/html": as_html(cards), "text/plain": as_text(cards)}
        display(shown, raw=True)  # type: ignore[no-untyped-call]


def as_html(cards: Iterable[Card]) -> str:
    """Cards one below the other. Everything in them is escaped."""
    return "\n".join(map(_html, cards))


def as_text(cards: Iterable[Card]) -> str:
    """Cards as they are read without HTML."""
    return "\n\n".join(map(_plain, cards))


@cache
def _template() -> Template:
    from jinja2 import Environment

    source = Path(__file__).with_suffix(".html.j2").read_text(encoding="utf-8")
    return Environment().from_string(source)  # `escape` escapes what needs it


def _html(card: Card) -> str:
    line, colour = _EDGES[card.grave]
    return _template().render(card=card, line=line, colour=colour, say=escape, address=address)


def _plain(card: Card) -> str:
    numbers = "，".join(f"{name} {words(number)}" for name, number in card.numbers)
    lines = [f"[{card.kind}] {card.heading}", *filter(None, (numbers, words(card.sentence)))]
    lines += [
        f"- {words(quote.place)} {''.join(map(words, quote.pieces))}" for quote in card.quotes
    ]
    for name, folded in card.folded:
        lines += [f"{name}：", *(f"- {words(line)}" for line in folded)]
    return "\n".join(lines)
