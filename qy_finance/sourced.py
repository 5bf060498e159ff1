"""Numbers that know where they come from (出处): a printed figure, or what is computed from printed figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from qy_finance.figures import number
from qy_finance.once import once

if TYPE_CHECKING:
    from qy_finance.form import Form
    from qy_finance.report import Report


@dataclass(frozen=True, slots=True)
class Source:
    """A figure of a report.

    Attributes
    ----------
    report : str
        ``report_id`` of the report.
    row : int
        Its row in ``Report.observations``.
    place : str
        第 12 页 where the source has pages, otherwise 第 702 行.
    name : str
        What it is: table, side, row and column, or item and measure of the prose.
    printed : str
        Its characters, with the unit.
    """

    report: str
    row: int
    place: str
    name: str
    printed: str


class Sourced(Decimal):
    """An exact number and the figures that it comes from.

    What is computed from it and other numbers comes from the figures of both, and is marked as computed.
    Other numbers (100 in a percentage) have no source.

    Attributes
    ----------
    sources : tuple of Source
        In the order of the computation, each once.
    computed : bool
        Whether it is not printed itself.
    """

    sources: tuple[Source, ...]
    computed: bool

    def __new__(cls, value: Decimal | int, sources: Iterable[Source], computed: bool) -> Sourced:
        self = super().__new__(cls, value)
        self.sources = tuple(dict.fromkeys(sources))
        self.computed = computed
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Sourced, (Decimal(self), self.sources, self.computed)

    def _with(
        self, function: Callable[[Decimal, Decimal], Decimal], left: object, right: object
    ) -> Sourced:
        if not (isinstance(left, (int, Decimal)) and isinstance(right, (int, Decimal))):
            return NotImplemented  # type: ignore[no-any-return]
        result = function(Decimal(left), Decimal(right))
        sources = (*sources_of(left), *sources_of(right))
        other = right if left is self else left
        starts = function is Decimal.__add__ and not isinstance(other, Sourced) and other == 0
        # a sum starts from 0
        return Sourced(result, sources, computed=self.computed if starts else True)

    def __add__(self, other: Decimal | int, /) -> Sourced:
        return self._with(Decimal.__add__, self, other)

    def __radd__(self, other: Decimal | int, /) -> Sourced:
        return self._with(Decimal.__add__, other, self)

    def __sub__(self, other: Decimal | int, /) -> Sourced:
        return self._with(Decimal.__sub__, self, other)

    def __rsub__(self, other: Decimal | int, /) -> Sourced:
        return self._with(Decimal.__sub__, other, self)

    def __mul__(self, other: Decimal | int, /) -> Sourced:
        return self._with(Decimal.__mul__, self, other)

    def __rmul__(self, other: Decimal | int, /) -> Sourced:
        return self._with(Decimal.__mul__, other, self)

    def __truediv__(self, other: Decimal | int, /) -> Sourced:
        return self._with(Decimal.__truediv__, self, other)

    def __rtruediv__(self, other: Decimal | int, /) -> Sourced:
        return self._with(Decimal.__truediv__, other, self)

    # The sign and the number of decimals that are shown do not make another figure of it.

    def __neg__(self) -> Sourced:
        return Sourced(super().__neg__(), self.sources, self.computed)

    def __abs__(self) -> Sourced:
        return Sourced(super().__abs__(), self.sources, self.computed)

    def quantize(self, *args: Any, **kwargs: Any) -> Sourced:
        """As of a Decimal; the sources are kept."""
        return Sourced(super().quantize(*args, **kwargs), self.sources, self.computed)


@once
def figures(report: Report) -> tuple[Sourced, ...]:
    """Each figure of a report as a sourced number.

    In the order of ``Report.observations``, with the sign that is meant, in the unit that is printed.
    """
    return tuple(_sourced(row, report.form) for row in report.observations.itertuples())


def sources_of(value: object) -> tuple[Source, ...]:
    """The figures that a value comes from; none for a number or text without a source."""
    return value.sources if isinstance(value, Sourced) else ()


def _sourced(row: Any, form: Form) -> Sourced:
    value = number(row.printed)
    if row.value < 0 < value:
        value = -value
    return Sourced(value, (_source(row, form),), computed=False)


def _source(row: Any, form: Form) -> Source:
    said = {name: "" if part is pd.NA else part for name, part in row._asdict().items()}
    path = (
        (form.name(row.table), said["side"], f"{said['code']} {row.item}".strip(), row.column)
        if said["table"]
        else (row.section, row.item, said["column"])
    )
    unit = row.unit_of_measure
    return Source(
        row.report_id,
        row.Index,
        f"第 {row.line} 行" if row.page is pd.NA else f"第 {row.page} 页",
        " · ".join(filter(None, path)),
        f"{row.printed}{'' if unit == '%' else ' '}{unit}",
    )
