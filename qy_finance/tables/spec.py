"""The knowledge of ``specs.toml``, as objects."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its canonical name and the headers that templates print for it."""

    name: str
    printed: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()

    def names(self, printed: str) -> bool:
        """Whether a row of that name is this column, in a template that prints columns as rows."""
        return printed in self.printed or printed in self.rows


@dataclass(frozen=True, slots=True)
class Side:
    """One of the lists that stand beside each other in a table (收入, 支出, 人员经费, 公用经费)."""

    name: str
    columns: tuple[Column, ...]
    codes: re.Pattern[str] | None
    rows: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class TableSpec:
    """What is known of one standard table; see the head of ``specs.toml``."""

    id: str
    name: str
    title: re.Pattern[str]
    layout: str
    header: tuple[str, ...]
    columns: tuple[Column, ...]
    sides: tuple[Side, ...]
    groups: tuple[Column, ...]
    item: str


def _columns(rows: list[dict[str, Any]]) -> tuple[Column, ...]:
    return tuple(
        Column(row["name"], *(tuple(row.get(key, ())) for key in ("printed", "rows", "leaves")))
        for row in rows
    )


def _pattern(source: str | None) -> re.Pattern[str] | None:
    return re.compile(source) if source else None


def _spec(row: dict[str, Any]) -> TableSpec:
    columns = _columns(row.get("columns", []))
    sides = tuple(
        Side(
            side["name"],
            _columns(side["columns"]) if "columns" in side else columns,
            _pattern(side.get("codes")),
            _pattern(side.get("rows")),
        )
        for side in row.get("sides", [])
    )
    return TableSpec(
        row["id"],
        row["name"],
        re.compile(rf"(?:{row['title']})(?:[（(][^（()）]*[)）])?$"),
        row["layout"],
        tuple(row["header"]),
        columns,
        sides,
        _columns(row.get("groups", [])),
        row.get("item", ""),
    )


def _load() -> tuple[TableSpec, ...]:
    source = files("qy_finance.tables").joinpath("specs.toml").read_text(encoding="utf-8")
    return tuple(_spec(row) for row in tomllib.loads(source)["table"])


SPECS: Final = _load()
"""The nine tables, the most specific title first."""
NAMES: Final = {spec.id: spec.name for spec in SPECS}
"""Chinese name of each table id."""
