"""How many digits of a number are shown: as printed, or as many as its interval bears."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from qy_finance.display import cite
from qy_finance.numbers import Number, last_known

_WAN: Final = 10_000
_LARGE: Final = 1000
_MOST: Final = 3  # digits of a computed number that are told


def settled(number: Number, noun: str, least: int = 1) -> int:
    """Decimals of a computed number that its interval bears; negative for tens and hundreds.

    The last digit is uncertain by at most one. Never fewer than ``least`` digits and never more than three; of a
    percentage one decimal, but as many as tell it from 0 and from 100, and none from 1,000 on.
    """
    value = abs(number.plain)
    first = -value.adjusted()  # decimals up to the first digit
    most = first + _MOST - 1
    if noun == "%":
        near = min(value, abs(100 - value)) or value
        most = max(int(value < _LARGE), -near.adjusted())
    if number.half:
        most = min(most, last_known(number.half))
    return max(most, first + least - 1)


def told(number: Number, noun: str, least: int = 1) -> str:
    """A computed number as Markdown that leads to its operands: ``42.7 万通``; see :func:`settled`."""
    wan = noun != "%" and abs(number) >= _WAN
    shown = number / _WAN if wan else number
    places = settled(shown, noun, least)
    value = shown.quantize(Decimal(1).scaleb(-places))
    return cite(value, f"万{noun}" if wan else noun, max(0, places))


def rounded(number: Number, noun: str, least: int = 1) -> str:
    """The same as plain text without unit, for the labels of a figure."""
    places = settled(number, noun, least)
    value = round(number.plain, places)
    return f"{value:,.{max(0, places)}f}"
