"""The statutory reservation of procurement for small and medium enterprises (政府采购预留份额): a table of laws."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from typing import Any, NamedTuple


class Reservation(NamedTuple):
    """What the law reserves for small and medium enterprises, in %; see ``reservation.toml``."""

    sme: int
    works: int
    micro: int
    text: str

    @property
    def micro_of_all(self) -> Decimal:
        """Least share for small and micro enterprises in the whole: a part of a part."""
        return Decimal(self.sme * self.micro) / 100


def reservation(year: int) -> Reservation | None:
    """The rule of a year; None before there was one."""
    data = tomllib.loads(files(__package__).joinpath("reservation.toml").read_text("utf-8"))
    law = _of_year(data["law"], year)
    if law is None:
        return None
    changed = _of_year(data["amendment"], year) or {"works": law["works"], "text": ""}
    return Reservation(law["sme"], changed["works"], law["micro"], law["text"] + changed["text"])


def _of_year(rules: list[dict[str, Any]], year: int) -> dict[str, Any] | None:
    return next((one for one in rules if one["from"] <= year <= one.get("until", year)), None)
