"""The identities of tables as data: ``tables.toml``, read into terms."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast

from qy_finance.checks.model import Identity

Each = Literal["", "row", "column", "cell", "class", "line"]
Rows = Literal["", "children", "roots", "lines", "between", "code", "name"]


@dataclass(frozen=True, slots=True)
class Selector:
    """A term of an identity: which cells it adds up.

    ``table``, ``side``, ``code``, ``item`` (a pattern) and ``column`` name the cell; what is empty is as in the
    row or cell that the identity is applied to. ``rows`` names a group of rows instead of one. ``skip`` is a
    pattern of accounts that are part of another one (where ``within`` is printed, if that is given). A blank
    counts as zero where ``optional``; not in a column without any figure, where ``stated``.
    """

    table: str
    side: str = ""
    code: str = ""
    item: str = ""
    column: str = ""
    rows: Rows = ""
    skip: str = ""
    within: str = ""
    optional: bool = False
    stated: bool = False


@dataclass(frozen=True, slots=True)
class TableIdentity:
    """An identity (勾稽关系) of tables: two sums, and to what it is applied."""

    identity: Identity
    table: str
    each: Each
    relation: Literal["=", "≤"]
    left: tuple[Selector, ...]
    right: tuple[Selector, ...]
    equal_when: tuple[tuple[Selector, Selector], ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it needs, its own first."""
        terms = (*self.left, *self.right)
        return tuple(dict.fromkeys([self.table, *(term.table for term in terms)]))


def load(name: str) -> dict[str, Any]:
    """A file of identity data."""
    text = files("qy_finance.checks").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def table_identities() -> tuple[TableIdentity, ...]:
    """The identities within and between tables, in the order of the file."""
    return tuple(_identity(entry) for entry in load("tables.toml")["identity"])


_KEYS: Final = {
    "id",
    "group",
    "purpose",
    "table",
    "each",
    "relation",
    "left",
    "right",
    "equal_when",
}


def _identity(entry: dict[str, Any]) -> TableIdentity:
    unknown = set(entry) - _KEYS
    if unknown:
        raise ValueError(f"tables.toml: {entry['id']}: unknown keys {sorted(unknown)}")
    table = str(entry["table"])
    return TableIdentity(
        Identity(str(entry["id"]), str(entry["group"]), str(entry["purpose"])),
        table,
        cast("Each", entry.get("each", "")),
        cast("Literal['=', '≤']", entry.get("relation", "=")),
        tuple(Selector(**{"table": table} | term) for term in entry["left"]),
        tuple(Selector(**{"table": table} | term) for term in entry["right"]),
        tuple(
            (Selector(**{"table": table} | one), Selector(**{"table": table} | other))
            for one, other in entry.get("equal_when", [])
        ),
    )
