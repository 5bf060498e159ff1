"""What a cell of a spreadsheet shows of its value: the number format says how many decimals are printed.

The grammar of formats is that of ECMA-376, part 1, 18.8.31. Nothing is computed but rounding, as Excel does it:
of the 15 digits that it keeps, half away from zero.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from typing import Final, NamedTuple

_SECTION: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|[^;]')
_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<digit>[0#?])|(?P<other>.)',
    re.DOTALL,
)
_DATE: Final = re.compile(r"(?<![A-Za-z])(?:[ymdhs]+)|AM/PM|上午/下午", re.IGNORECASE)
_CURRENCY: Final = re.compile(r"\$([^-]*)")
_CONDITION: Final = re.compile(r"[<>=]")
_LONGEST: Final = 255  # characters of a format
_LARGEST: Final = 308  # powers of ten of a number
_EXACT: Final = Context(prec=2000)  # such a number, scaled by such a format
_GENERAL: Final = 11  # characters that a number without a format has at most


class _Part(NamedTuple):
    """A section of a format for numbers."""

    before: str
    behind: str
    whole: int  # digits before the point at least
    least: int  # decimals at least
    most: int  # and at most
    grouped: bool
    scale: int  # powers of ten by which it is multiplied
    has_digits: bool


def shown(value: object, form: str) -> str:
    """The characters that a cell shows; a number too wide for its column is shown in full."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (datetime, date, time, timedelta)):
        return _moment(value)
    if not isinstance(value, (int, float, Decimal)):
        return "" if value is None else str(value)
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST:
        return str(value)
    return _formatted(number, form if 0 < len(form) <= _LONGEST else "General")


def _formatted(number: Decimal, form: str) -> str:
    """A number by the section of a format that is for its sign."""
    sections = _sections(form)
    part = sections[0]
    if len(sections) > 1 and number < 0:
        part, number = sections[1], -number
    elif len(sections) > 2 and number == 0:
        part = sections[2]
    if part is None:
        return _general(number)
    text = _digits(abs(number), part)
    sign = "-" if number < 0 and any(sign in "123456789" for sign in text) else ""
    return f"{sign}{part.before}{text}{part.behind}"


@cache
def _sections(form: str) -> tuple[_Part | None, ...]:
    """The sections of a format; None for one that is not understood, or holds under a condition."""
    at, texts = 0, [""]
    while at < len(form):
        found = _SECTION.match(form, at)
        if found is None:  # a semicolon
            texts.append("")
            at += 1
        else:
            texts[-1] += found[0]
            at = found.end()
    conditions = any(_CONDITION.search(part) for part in re.findall(r"\[([^\]]*)\]", form))
    return (None,) if conditions else tuple(map(_part, texts))


def _part(text: str) -> _Part | None:
    """A section; None for General, text, dates, fractions and powers."""
    before, behind, digits = "", "", ""
    scale = 0
    for match in _TOKEN.finditer(text):
        literal = match["quoted"] or match["escaped"] or ""
        if match["bracket"] is not None:
            currency = _CURRENCY.match(match["bracket"])
            literal = currency[1] if currency else ""
        elif match["digit"]:
            digits += match["digit"]
        elif other := match["other"]:
            if other in ".," and (digits or other == "."):
                digits += other
            elif other == "%":
                scale += 2
                literal = "%"
            elif other in "@/Ee" or _DATE.match(other) or (other.isalpha() and other.isascii()):
                return None
            else:
                literal = other
        if literal:
            if digits:
                behind += literal
            else:
                before += literal
    whole, _, decimals = digits.partition(".")
    thousands = len(whole) - len(whole.rstrip(",")) if not decimals else 0
    thousands += len(decimals) - len(decimals.rstrip(","))
    grouped = "," in whole.rstrip(",")
    return _Part(
        before,
        behind,
        whole.count("0"),
        decimals.count("0"),
        sum(sign in "0#?" for sign in decimals),
        grouped,
        scale - 3 * thousands,
        any(sign in "0#?" for sign in digits),
    )


def _digits(number: Decimal, part: _Part) -> str:
    if not part.has_digits:
        return ""
    rounded = number.scaleb(part.scale, _EXACT).quantize(
        Decimal(1).scaleb(-part.most), ROUND_HALF_UP, _EXACT
    )
    whole, _, decimals = f"{rounded:f}".partition(".")
    while len(decimals) > part.least and decimals.endswith("0"):
        decimals = decimals[:-1]
    whole = whole.lstrip("0").rjust(part.whole, "0")
    if part.grouped and len(whole) > 3:
        head = len(whole) % 3 or 3
        whole = ",".join((whole[:head], *(whole[at : at + 3] for at in range(head, len(whole), 3))))
    return f"{whole}.{decimals}" if decimals else whole


def _general(number: Decimal) -> str:
    """A number without a format: as many decimals as have room."""
    plain = f"{number.normalize():f}"
    if len(plain) <= _GENERAL or "." not in plain:
        return plain
    room = max(_GENERAL - plain.index(".") - 1, 0)
    return f"{number.quantize(Decimal(1).scaleb(-room), ROUND_HALF_UP).normalize():f}"


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        value = value.date()
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)
