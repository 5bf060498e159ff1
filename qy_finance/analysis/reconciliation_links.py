"""Numbers of checks and what is said of them, with links to where they are printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from qy_finance.checks.model import Operand
from qy_finance.display import Html, escape, linked
from qy_finance.sourced import Sourced, figures

if TYPE_CHECKING:
    from qy_finance.analysis.reconciliation import Checked

#: Numbers of a sentence; those of lines, pages and years are none.
_NUMERAL: Final = re.compile(r"(?<![\d.,第])\d[\d,]*(?:\.\d+)?(?![\d.,]*\s*[行页年])")

Cited = tuple[str, Sourced]
"""A figure of a check: its characters, and the number that leads to it."""


def number_of(operand: Operand, checked: Checked) -> Sourced | None:
    """The printed figure that an operand is; None for a constant."""
    if not operand.place:
        return None
    if operand.row >= 0:
        return figures(checked.report)[operand.row]
    previous = checked.previous
    assert previous is not None  # only its figures have no row in this report
    starts = [figure.start for figure in previous._figures]
    return figures(previous)[starts.index(operand.figure.start)]


def cited(operands: Sequence[Operand], checked: Checked) -> tuple[Cited, ...]:
    """The printed figures among operands, each once."""
    found: dict[tuple[int, int], Cited] = {}
    for operand in operands:
        number = number_of(operand, checked)
        if number is not None:
            found.setdefault((operand.row, operand.figure.start), (operand.printed, number))
    return tuple(found.values())


def side(value: Decimal, figures: Sequence[Cited]) -> Decimal:
    """A side of a relation: the one printed figure that it is, or computed from all."""
    same = [number for _, number in figures if abs(number) == abs(value)]
    if len(same) == 1:
        return same[0] if same[0] == value else -same[0]
    return computed(value, figures)


def computed(value: Decimal, figures: Sequence[Cited]) -> Decimal:
    """A number that a check made of figures."""
    sources = [source for _, number in figures for source in number.sources]
    return Sourced(value, sources, computed=True) if sources else value


def link(sentence: str, figures: Sequence[Cited]) -> Html:
    """A sentence about figures, escaped: those that it names lead to themselves, what it computes to all of them."""
    named: dict[str, list[Sourced]] = {}
    for printed, number in figures:
        named.setdefault(printed.lstrip("+-−"), []).append(number)
    parts, done = [], 0
    for match in _NUMERAL.finditer(sentence):
        same = named.get(match[0])
        if same:
            value: Decimal = same[0]
            if len(same) > 1:  # figures that are printed alike: to each of them
                sources = [source for number in same for source in number.sources]
                value = Sourced(value, sources, computed=False)
        elif "." in match[0]:
            value = computed(Decimal(match[0].replace(",", "")), figures)
        else:
            continue
        parts += [escape(sentence[done : match.start()]), linked(match[0], value)]
        done = match.end()
    return Html("".join([*parts, escape(sentence[done:])]))
