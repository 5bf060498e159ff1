"""A printed figure stands for an interval: itself, give or take half its last digit.

Whether two figures agree is never a matter of a chosen tolerance: they agree if the intervals meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from qy_finance.figures import number

_MULTIPLES: Final[dict[str, int]] = {
    "万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "百": 10**2, "十": 10,
}  # fmt: skip
_UNIT: Final = re.compile(
    rf"[多余几]?(?P<multiple>{'|'.join(_MULTIPLES)})?[多余几]?(?P<noun>.*?)(?:/年)?"
)

MONEY: Final = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "亿元": Decimal(10**8),
}
"""Units of money, in 元."""
MEASURED: Final = frozenset({"", "元", "%", "秒", "分钟", "小时", "天", "日"})
"""Units of what is measured, not counted one by one."""


def plain_unit(unit: str) -> tuple[int, str]:
    """A unit of measure as its multiple and what is counted: 万通 is 10000 and 通."""
    match = _UNIT.fullmatch(unit.replace("％", "%"))
    assert match is not None, "every part of the pattern is optional"
    return _MULTIPLES.get(match["multiple"] or "", 1), str(match["noun"])


class Span(NamedTuple):
    """Values from ``low`` to ``high``."""

    low: Decimal
    high: Decimal

    def meets(self, other: Span) -> bool:
        """Whether a value can be in both."""
        return self.low <= other.high and other.low <= self.high

    def within(self, other: Span) -> Span | None:
        """The values that are in both; None where there are none."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Span(low, high) if low <= high else None


@dataclass(frozen=True, slots=True)
class Approx:
    """A number known to within ``half``; ``text`` is how it was printed, if it was."""

    value: Decimal
    half: Decimal = Decimal(0)
    text: str = ""

    @property
    def low(self) -> Decimal:
        """Lower end of the interval."""
        return self.value - self.half

    @property
    def high(self) -> Decimal:
        """Upper end of the interval."""
        return self.value + self.half

    def __add__(self, other: Approx) -> Approx:
        return Approx(self.value + other.value, self.half + other.half)

    def __sub__(self, other: Approx) -> Approx:
        return Approx(self.value - other.value, self.half + other.half)

    def times(self, factor: int | Decimal) -> Approx:
        """This many times the number; printed as before."""
        factor = Decimal(factor)
        return Approx(self.value * factor, self.half * abs(factor), self.text)

    def meets(self, other: Approx) -> bool:
        """Whether both can be the same number."""
        return self.low <= other.high and other.low <= self.high

    def percent_of(self, whole: Approx) -> Approx | None:
        """Share of a whole in %; None where the whole can be zero."""
        if whole.low <= 0:
            return None
        low, high = 100 * self.low / whole.high, 100 * self.high / whole.low
        return Approx(100 * self.value / whole.value, (high - low) / 2)


NOTHING: Final = Approx(Decimal(0))


def as_printed(text: str) -> Approx:
    """A figure from its printed characters: 95.8 is 95.8 ± 0.05."""
    value = number(text)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "the pattern of a numeral has no infinity"
    return Approx(value, Decimal(5).scaleb(exponent - 1), text)


def in_unit(text: str, unit: str) -> tuple[Approx, str]:
    """A printed figure in its plain unit: 114.86, 万通 is 1148600 ± 50, 通.

    Things that are counted one by one are exact: 75, 人 is 75 ± 0.
    """
    multiple, noun = plain_unit(unit)
    figure = as_printed(text)
    if multiple == 1 and noun not in MEASURED and figure.half >= Decimal("0.5"):
        figure = replace(figure, half=Decimal(0))
    return figure.times(multiple), noun


def total(parts: Iterable[Approx]) -> Approx:
    """The sum of figures; their intervals add up."""
    return sum(parts, NOTHING)


def as_precise(figures: Iterable[Approx]) -> list[Approx]:
    """Figures of one statement, each as precise as the most precise: 62.7 beside 18.98 is 62.70."""
    figures = list(figures)
    half = min((figure.half for figure in figures), default=Decimal(0))
    return [replace(figure, half=half) for figure in figures]


class Fit(StrEnum):
    """How a printed share relates to the share recomputed from its amounts."""

    ROUNDED = "四舍五入后相符"
    TRUNCATED = "截去尾数后相符"
    PADDED = "只在少取一位小数时相符"
    NO = "不符"


def fit(share: Approx, part: Approx, whole: Approx) -> Fit | None:
    """Whether a printed share (%) can be that of the amounts; None where the whole can be zero.

    ``PADDED`` is a share that was rounded and then given a zero at its end: 4.20 for 4.2.
    """
    recomputed = part.percent_of(whole)
    if recomputed is None:
        return None
    if share.meets(recomputed):
        return Fit.ROUNDED
    if Approx(share.value + share.half, share.half).meets(recomputed):
        return Fit.TRUNCATED
    trimmed = share.text.rstrip("0") if "." in share.text else share.text
    if trimmed != share.text and as_printed(trimmed.rstrip(".")).meets(recomputed):
        return Fit.PADDED
    return Fit.NO
