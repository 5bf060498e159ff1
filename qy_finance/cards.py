"""Cards: a heading, numbers, a sentence, the text in which they are printed, its picture, and what is folded away.

A card is read on a phone as on a desktop: nothing in it stands beside something that it could not stand below.
Colours say nothing that words do not say too, and leave the page's own background, which may be dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from qy_finance import palette
from qy_finance.display import escape, words
from qy_finance.pictures import address

_BOX: Final = (
    "margin:0.9em 0;padding:0.5em 0.9em 0.6em;border:1px solid #b9c2cc;"
    "border-left:6px {line} {colour};border-radius:4px;max-width:52em;line-height:1.65;"
    "break-inside:avoid;"
)
_TAG: Final = (
    "display:inline-block;padding:0 0.5em;border:1px solid {colour};border-radius:3px;"
    "font-size:0.85em;margin-right:0.5em;"
)
_SOFT: Final = "opacity:0.75;font-size:0.9em;"
_NUMBERS: Final = "display:flex;flex-wrap:wrap;gap:0.1em 1.6em;margin:0.35em 0;font-size:1.1em;"
_MARK: Final = "background:#ffe6a3;color:#1c2430;padding:0 0.15em;border-radius:2px;"
_LIST: Final = "margin:0.3em 0;padding-left:1.3em;"
_PICTURE: Final = "display:block;max-width:100%;height:auto;border:1px solid #b9c2cc;"
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

    if not cards:
        return
    html, plain = as_html(cards), as_text(cards)
    display({"text/html": html, "text/plain": plain}, raw=True)  # type: ignore[no-untyped-call]


def as_html(cards: Iterable[Card]) -> str:
    """Cards one below the other. Everything in them is escaped."""
    return "\n".join(map(_html, cards))


def as_text(cards: Iterable[Card]) -> str:
    """Cards as they are read without HTML."""
    return "\n\n".join(map(_plain, cards))


def _html(card: Card) -> str:
    line, colour = _EDGES[card.grave]
    box = _BOX.format(line=line, colour=colour)
    parts = [
        f'<div style="{box}">',
        f'<div><span style="{_TAG.format(colour=colour)}">{escape(card.kind)}</span>'
        f"<b>{escape(card.heading)}</b></div>",
    ]
    if card.numbers:
        named = (
            f'<span style="white-space:nowrap"><span style="{_SOFT}">{escape(name)}</span> '
            f'<b style="font-variant-numeric:tabular-nums">{escape(number)}</b></span>'
            for name, number in card.numbers
        )
        parts.append(f'<div style="{_NUMBERS}">{"".join(named)}</div>')
    if card.sentence:
        parts.append(f'<div style="margin:0.3em 0">{escape(card.sentence)}</div>')
    if card.quotes:
        parts.append(_list([_quoted(quote) for quote in card.quotes]))
    if card.picture:
        source = address(card.picture.png)
        parts.append(f'<img style="{_PICTURE}" alt="{card.picture.alt}" src="{source}">')
    for name, lines in card.folded:
        inside = _list([escape(line) for line in lines])
        parts.append(f"<details><summary>{escape(name)}</summary>{inside}</details>")
    return "".join([*parts, "</div>"])


def _list(lines: Sequence[str]) -> str:
    return f'<ul style="{_LIST}">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def _quoted(quote: Quote) -> str:
    text = "".join(
        f'<mark style="{_MARK}">{escape(piece)}</mark>' if at % 2 else escape(piece)
        for at, piece in enumerate(quote.pieces)
    )
    return f'<span style="{_SOFT}">{escape(quote.place)}</span> {text}'


def _plain(card: Card) -> str:
    lines = [f"[{card.kind}] {card.heading}"]
    if card.numbers:
        lines.append("，".join(f"{name} {words(number)}" for name, number in card.numbers))
    lines += [words(card.sentence)] if card.sentence else []
    lines += [f"- {quote.place} {''.join(map(words, quote.pieces))}" for quote in card.quotes]
    for name, folded in card.folded:
        lines += [f"{name}：", *(f"- {words(line)}" for line in folded)]
    return "\n".join(lines)
