"""What can be ranked together, accounts of one scope and one year, and who stands out among them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from statistics import median, quantiles
from typing import Final, NamedTuple

from qy_finance.analysis.measures import Measure, ReportingUnit, Value
from qy_finance.analysis.members import Member
from qy_finance.language import t

_LEAST: Final = 8  # units from which on one stands out from the others
_FENCE: Final = Decimal("1.5")
"""Tukey's fences: this many interquartile ranges beyond the quartiles."""


class Basis(NamedTuple):
    """What can be ranked together: accounts of one scope and one year."""

    scope: str
    year: int


class Group(NamedTuple):
    """Peers: reports of one scope and year by units of one kind and level."""

    basis: Basis
    kind: str
    level: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Ranking:
    """The printed values of a measure, of one scope and one year, largest first.

    ``left_out`` are the reports of other scopes and years that print it too: units of which there is no value here.
    """

    measure: Measure
    basis: Basis
    values: tuple[Value, ...]
    left_out: tuple[ReportingUnit, ...] = ()

    @property
    def title(self) -> str:
        """What it ranks, for a picture."""
        year, scope = self.basis.year, self.basis.scope
        return t("{name}（{year} 年，{scope}）", name=self.measure.name, year=year, scope=scope)

    @cached_property
    def median(self) -> Decimal:
        """The value in the middle, exact and with its one or two sources."""
        return median(value.number for value in self.values)

    @cached_property
    def outliers(self) -> tuple[Value, ...]:
        """Those that stand out: beyond Tukey's fences; none among few units, and of what is counted."""
        if len(self.values) < _LEAST or self.measure.counted:
            return ()
        low, _, high = quantiles((one.number for one in self.values), method="inclusive")
        reach = _FENCE * (high - low)
        return tuple(one for one in self.values if not low - reach <= one.number <= high + reach)
