"""Slips of the hand: an amount of which a digit was lost, one is too many, or two changed places."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from qy_finance.figures import decimals_of

_LONGEST: Final = 15
"""Digits beyond which no slip is looked for."""


def slips(value: Decimal) -> frozenset[Decimal]:
    """The amounts that a printed one can be meant to be, had one such slip happened."""
    decimals = decimals_of(value)
    digits = str(int(abs(value).scaleb(decimals))).zfill(decimals + 1)
    if len(digits) > _LONGEST:
        return frozenset()
    places = range(len(digits))
    meant = {
        f"{digits[:at]}{digit}{digits[at:]}" for at in (*places, len(digits)) for digit in _ALL
    }
    meant |= {digits[:at] + digits[at + 1 :] for at in places}
    meant |= {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in places[:-1]}
    found = (Decimal(int(one or 0)).scaleb(-decimals) for one in meant)
    return frozenset(one.copy_sign(value) for one in found) - {value}


_ALL: Final = "0123456789"
