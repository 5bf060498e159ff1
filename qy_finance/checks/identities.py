"""The identities of tables as data: ``tables.toml``, read into terms."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, cast

from qy_finance.checks.model import Identity
from qy_finance.form import Form

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
    may_lack: bool

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it needs, its own first."""
        terms = (*self.left, *self.right)
        return tuple(dict.fromkeys([self.table, *(term.table for term in terms)]))


_ENTRIES: Final = {
    "identity": {
        "id", "group", "purpose", "table", "each", "relation", "left", "right", "equal_when", "may_lack",
    },
    "rule": {"id", "group", "purpose", "formula", "requires", "severity"},
    "quantity": {"said", "section", "form", "final", "budget"},
    "prose": {"id", "purpose", "formula", "requires", "section", "measure", "unit", "relation", "left", "right"},
    "same": {
        "id", "purpose", "formula", "requires", "section", "measure", "unit", "said", "unless", "kinds",
    },
    "together": {
        "id", "purpose", "formula", "requires", "section", "every", "domestic", "count", "units", "amount",
    },
    "none": {"id", "purpose", "formula", "requires", "pattern", "cells"},
}  # fmt: skip
"""The keys of each kind of entry: a misspelt one would go unnoticed."""


def load(name: str) -> dict[str, Any]:
    """A file of identity data."""
    text = files("qy_finance.checks").joinpath(name).read_text(encoding="utf-8")
    data = tomllib.loads(text)
    for kind, entries in data.items():
        for entry in entries if kind in _ENTRIES else ():
            if unknown := set(entry) - _ENTRIES[kind]:
                raise ValueError(
                    f"{name}: {kind} {entry.get('id', '')}: unknown keys {sorted(unknown)}"
                )
    return data


def documented(entry: dict[str, Any], group: str, severity: str = "error") -> Identity:
    """The identity that an entry of the data documents."""
    return Identity(
        entry["id"], group, entry["purpose"], entry["formula"], entry["requires"], severity
    )


@cache
def rules() -> dict[str, Identity]:
    """The identities that are found by what sentences say, by id."""
    return {entry["id"]: Identity(**entry) for entry in load("rules.toml")["rule"]}


@cache
def identities(form: Form) -> dict[str, Identity]:
    """Every identity by id, in the order in which they are checked."""
    prose, words = load("prose.toml"), load("words.toml")
    sentences = list(rules().values())
    found = [
        *(rule for rule in sentences if rule.group == "表内"),
        *(entry.identity for entry in table_identities(form)),
        *(rule for rule in sentences if rule.group == "表间"),
        *(rule for rule in sentences if rule.group in ("表文", "文字")),
        *(documented(e, "文字") for key in ("prose", "same", "together") for e in prose[key]),
        *(rule for rule in sentences if rule.group == "用语"),
        *(documented(entry, "用语", "warning") for entry in words["none"]),
        *(rule for rule in sentences if rule.group == "年度间"),
    ]
    return {identity.id: identity for identity in found}


@cache
def table_identities(form: Form) -> tuple[TableIdentity, ...]:
    """The identities within and between tables, in the order of the file."""
    return tuple(_identity(form, entry) for entry in load("tables.toml")["identity"])


_PATTERN: Final = re.compile(r"\.\+/|\.\*|\?|[()|]|\?:")


def _identity(form: Form, entry: dict[str, Any]) -> TableIdentity:
    table = str(entry["table"])
    left, right = (
        tuple(Selector(**{"table": table} | term) for term in entry[side])
        for side in ("left", "right")
    )
    required = [term for term in left if not term.optional]
    relation = cast("Literal['=', '≤']", entry.get("relation", "="))
    return TableIdentity(
        Identity(
            entry["id"],
            entry["group"],
            entry["purpose"],
            f"{_sum(form, left, table)} {relation} {_sum(form, right, table)}",
            "、".join(dict.fromkeys(form.short(term.table) for term in (*left, *right)))
            + "："
            + "、".join(_named(form, term, table) for term in required or right),
        ),
        table,
        cast("Each", entry.get("each", "")),
        relation,
        left,
        right,
        tuple(
            (Selector(**{"table": table} | one), Selector(**{"table": table} | other))
            for one, other in entry.get("equal_when", [])
        ),
        bool(entry.get("may_lack", False)),
    )


_GROUPS: Final = {
    "": "",
    "children": "Σ 下级科目",
    "roots": "Σ 各类",
    "lines": "Σ 以上各项",
    "between": "Σ 以下各项",
    "code": "同编码科目",
    "name": "同名支出",
}


def _sum(form: Form, terms: tuple[Selector, ...], table: str) -> str:
    return " + ".join(_named(form, term, table) for term in terms)


def _named(form: Form, term: Selector, table: str) -> str:
    """A term in words: 收入表“合计·财政拨款收入”."""
    row = term.code or (_PATTERN.sub("", term.item.split("|")[0]) or _GROUPS[term.rows])
    row = f"{term.side}方{row}" if row == "总计" else row
    column = "" if term.column == "决算数" else term.column
    name = "·".join(part for part in (row, column) if part) or "该科目"
    return name if term.table == table else f"{form.short(term.table)}“{name}”"
