"""How many digits of a number are shown: as printed, or as many as its interval bears."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from qy_finance.display import MISSING, cite, linked
from qy_finance.language import t
from qy_finance.numbers import Number, last_known

_WAN: Final = 10_000
_LARGE: Final = 1000
_MOST: Final = 3  # digits of a computed number that are told
_LITTLE: Final = Decimal("0.05")  # what one decimal would show as 0.0 %
_CENTS: Final = 2  # decimals of money and of percentages


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


def told(number: Number | None, noun: str, least: int = 1) -> str:
    """A computed number as Markdown that leads to its operands: ``42.7 万通``; see :func:`settled`."""
    if number is None:
        return MISSING
    wan = noun != "%" and abs(number) >= _WAN
    shown = number / _WAN if wan else number
    places = settled(shown, noun, least)
    value = shown.quantize(Decimal(1).scaleb(-places))
    return cite(value, f"万{noun}" if wan else noun, max(0, places))


def rounded(number: Number, noun: str, least: int = 1) -> str:
    """The same as plain text without unit, for the labels of a figure."""
    places = settled(number, noun, least)
    return f"{round(number.plain, places):,.{max(0, places)}f}"


def share(percentage: object) -> str:
    """A share with one decimal, as a sentence says it: what is little is not 0.0 %."""
    if isinstance(percentage, Decimal) and 0 < percentage <= _LITTLE:
        return linked(t("不到 0.1%"), percentage)
    return cite(percentage, "%", 1)


def known(number: Number) -> int:
    """Decimals, at most two, that are known: of 6.2 beside 18.98 two, of 0.98 亿元 in 万元 none."""
    return max(0, min(_CENTS, -(number.high - number.low).adjusted()))
