"""Exact numbers that know how precisely they are known, their unit, and the figures that they come from (出处).

A printed figure stands for an interval: itself, give or take half of its last digit
(:mod:`qy_finance.precision`). What is computed from figures has the interval that theirs span, and their sources.
Whether two numbers agree is never a matter of a chosen tolerance: they agree if the intervals meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from numbers import Rational
from typing import Any, Final, NamedTuple, Protocol

from qy_finance.figures import decimals_of
from qy_finance.steps import Step, is_long, negated, shortened, step

_MULTIPLES: Final[dict[str, int]] = {
    "万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3, "百": 10**2, "十": 10,
}  # fmt: skip
_UNIT: Final = re.compile(
    rf"[多余几]?(?P<multiple>{'|'.join(_MULTIPLES)})?[多余几]?(?P<noun>.*?)(?:/年)?"
)
_ENDLESS: Final = Decimal("Infinity")

MONEY: Final = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10_000),
    "亿元": Decimal(10**8),
}
"""Units of money, in 元."""


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


class Source(Protocol):
    """What a number comes from: a printed figure; :class:`qy_finance.facts.Fact` says what each is."""

    @property
    def report_id(self) -> str: ...
    @property
    def row(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def with_unit(self) -> str: ...


class Number(Decimal):
    """An exact number, how precisely it is known, and where it comes from.

    What is computed from it and other numbers comes from the figures of both, lies where theirs allow, and is marked
    as computed. Plain numbers (100 in a percentage) are exact and have no source.

    Attributes
    ----------
    span : Span
        The values that it can stand for; without end where nothing bounds them.
    unit : str
        Unit of measure (万元, %, 件, …); empty where a quotient or product has none.
    sources : tuple of Source
        The figures that it comes from, in the order of the computation, each once.
    computed : bool
        Whether it is not printed itself.
    how : Step or None
        How it was computed, for :func:`qy_finance.formulas.formula`; None for what is printed, or where that is too
        long to be read.
    """

    __slots__ = ("computed", "how", "plain", "sources", "span", "unit")

    plain: Decimal
    span: Span
    unit: str
    sources: tuple[Source, ...]
    computed: bool
    how: Step | None

    def __new__(
        cls,
        value: Decimal | int,
        span: Span | None = None,
        unit: str = "",
        sources: Iterable[Source] = (),
        computed: bool = True,
        how: Step | None = None,
    ) -> Number:
        plain = _plain(value)
        self = super().__new__(cls, plain)
        self.plain, self.span = plain, span or Span(plain, plain)
        self.unit, self.sources, self.computed = unit, tuple(dict.fromkeys(sources)), computed
        self.how = how
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Number, (self.plain, self.span, self.unit, self.sources, self.computed, self.how)

    # what is read of it

    @property
    def low(self) -> Decimal:
        """Least value that it can stand for."""
        return self.span.low

    @property
    def high(self) -> Decimal:
        """Greatest value that it can stand for."""
        return self.span.high

    @property
    def half(self) -> Decimal:
        """Half of the width of what it can stand for: of a printed figure, half of its last digit."""
        return (self.high - self.low) / 2

    @property
    def places(self) -> int:
        """Decimals that it has in print; of what is computed those of which the last is uncertain by at most one."""
        half = self.half
        if not self.computed or not half:
            return decimals_of(self.plain)
        return max(0, last_known(half)) if half.is_finite() else 0

    def meets(self, other: Number | Span) -> bool:
        """Whether both can be the same number."""
        other = _span(self._alike(other)) if isinstance(other, Number) else other
        return self.low <= other.high and other.low <= self.high

    # what is made of it

    def in_unit(self, unit: str) -> Number:
        """The same in another multiple of its unit: 元 and 万元, 万通 and 通.

        Raises
        ------
        ValueError
            The units measure different things.
        """
        if unit == self.unit:
            return self
        (many, noun), (times, wanted) = plain_unit(self.unit), plain_unit(unit)
        if noun != wanted:
            raise ValueError(f"{self.unit} is no multiple of {unit}")
        same = self if many == times else self * (Decimal(many) / times)
        return same.as_unit(unit)

    def as_unit(self, unit: str) -> Number:
        """The same number, said to be in a unit: what a quotient is in, arithmetic does not know."""
        return Number(self.plain, self.span, unit, self.sources, self.computed, self.how)

    def _alike(self, other: Decimal | int) -> Decimal | int:
        """The other in the unit of this one where both are money: 1 亿元 and 1 万元 are 10001 万元, never 2."""
        money = isinstance(other, Number) and self.unit in MONEY and other.unit in MONEY
        return other.in_unit(self.unit) if isinstance(other, Number) and money else other

    # of money in whatever unit: 1 亿元 is more than 2 万元

    def __lt__(self, other: Decimal | float | Rational, /) -> bool:
        return self.plain < self._plainly(other)

    def __le__(self, other: Decimal | float | Rational, /) -> bool:
        return self.plain <= self._plainly(other)

    def __gt__(self, other: Decimal | float | Rational, /) -> bool:
        return self.plain > self._plainly(other)

    def __ge__(self, other: Decimal | float | Rational, /) -> bool:
        return self.plain >= self._plainly(other)

    def _plainly(self, other: Decimal | float | Rational) -> Decimal | float | Rational:
        return _plain(self._alike(other)) if isinstance(other, Number) else other

    def percent_of(self, whole: Number) -> Number | None:
        """Share of a whole in %; None where the whole can be zero."""
        if whole.low <= 0:
            return None
        return (100 * self / whole).as_unit("%")

    def _with(
        self,
        other: Decimal | int,
        value: Decimal,
        ends: Iterable[Decimal],
        unit: str,
        how: Step | None,
    ) -> Number:
        found = list(ends)
        span = Span(min(found), max(found))
        made = Number(value, span, unit, (*self.sources, *sources_of(other)), how=how)
        if how is not None and is_long(how):
            made.how = shortened(how, made.sources, made.plain)
        return made

    def __add__(self, other: Decimal | int, /) -> Number:
        if not isinstance(other, (int, Decimal)):
            return NotImplemented
        if not isinstance(other, Number) and other == 0:  # a sum starts from 0
            return self
        other = self._alike(other)
        low, high = _span(other)
        ends = self.low + low, self.high + high
        unit = self.unit or getattr(other, "unit", "")  # a total starts from a bare 0
        return self._with(other, self.plain + _plain(other), ends, unit, _step("+", self, other))

    __radd__ = __add__

    def __sub__(self, other: Decimal | int, /) -> Number:
        if not isinstance(other, (int, Decimal)):
            return NotImplemented
        other = self._alike(other)
        low, high = _span(other)
        ends = self.low - high, self.high - low
        how = _step("-", self, other)
        return self._with(other, self.plain - _plain(other), ends, self.unit, how)

    def __rsub__(self, other: Decimal | int, /) -> Number:
        return -(self - other)

    def __mul__(self, other: Decimal | int, /) -> Number:
        if not isinstance(other, (int, Decimal)):
            return NotImplemented
        unit = "" if isinstance(other, Number) else self.unit
        ends = (one * two for one in self.span for two in _span(other))
        return self._with(other, self.plain * _plain(other), ends, unit, _step("*", self, other))

    __rmul__ = __mul__

    def __truediv__(self, other: Decimal | int, /) -> Number:
        if not isinstance(other, (int, Decimal)):
            return NotImplemented
        other = self._alike(other)
        unit = "" if isinstance(other, Number) else self.unit
        ends = _quotients(self.span, _span(other))
        return self._with(other, self.plain / _plain(other), ends, unit, _step("/", self, other))

    def __rtruediv__(self, other: Decimal | int, /) -> Number:
        if not isinstance(other, (int, Decimal)):
            return NotImplemented
        ends = _quotients(_span(other), self.span)
        return self._with(other, _plain(other) / self.plain, ends, "", _step("/", other, self))

    # The sign and the number of decimals that are shown do not make another figure of it.

    def __neg__(self) -> Number:
        span, how = Span(-self.high, -self.low), self.how and negated(self.how)
        return Number(-self.plain, span, self.unit, self.sources, self.computed, how)

    def __abs__(self) -> Number:
        return -self if self.plain < 0 else self

    def quantize(self, *args: Any, **kwargs: Any) -> Number:
        """As of a Decimal; what it knows of itself is kept."""
        value = self.plain.quantize(*args, **kwargs)
        return Number(value, self.span, self.unit, self.sources, self.computed, self.how)


def sources_of(value: object) -> tuple[Source, ...]:
    """The figures that a value comes from; none for a number or text without a source."""
    return value.sources if isinstance(value, Number) else ()


def total(parts: Iterable[Number]) -> Number:
    """The sum of numbers; their intervals add up. The sum of one is that one."""
    first, *others = [*parts] or [Number(0)]
    return sum(others, first)


def last_known(half: Decimal) -> int:
    """How many decimals are known to within one; negative for tens and hundreds."""
    half = half.normalize()
    return -half.adjusted() - (half.as_tuple().digits != (1,))


def around(value: Decimal, half: Decimal) -> Span:
    """The values within ``half`` of a value."""
    return Span(value - half, value + half)


def _plain(value: Decimal | int) -> Decimal:
    return value.plain if isinstance(value, Number) else Decimal(value)


def _span(value: Decimal | int) -> Span:
    return value.span if isinstance(value, Number) else Span(Decimal(value), Decimal(value))


def _step(sign: str, left: Decimal | int, right: Decimal | int) -> Step | None:
    # written down for each computation, so nothing is looked at that is not needed
    one, two = _operand(left), _operand(right)
    return None if one is None or two is None else step(sign, one, two)


def _operand(value: Decimal | int) -> Any:
    """What stands in a formula for an operand; None for what was computed nobody knows how."""
    if not isinstance(value, Number) or not value.computed:
        return value
    return value.how or (None if value.sources else value.plain)


def _quotients(part: Span, whole: Span) -> list[Decimal]:
    """The ends of what a quotient can be; without end where the whole can be zero."""
    if whole.low <= 0 <= whole.high:
        return [-_ENDLESS, _ENDLESS]
    return [one / two for one in part for two in whole]
