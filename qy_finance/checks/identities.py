"""The documented identities (勾稽关系): those of tables with their terms, and all of them in the order of checking."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from attrs import evolve

from qy_finance.checks.knowledge import (
    Each,
    Selector,
    Sign,
    TableEntry,
    prose_data,
    rules,
    tables_data,
    words_data,
)  # fmt: skip
from qy_finance.checks.model import Identity
from qy_finance.form import Form


@dataclass(frozen=True, slots=True)
class TableIdentity:
    """An identity of tables: two sums, and to what it is applied."""

    identity: Identity
    table: str
    each: Each
    relation: Sign
    left: tuple[Selector, ...]
    right: tuple[Selector, ...]
    equal_when: tuple[tuple[Selector, Selector], ...]
    may_lack: bool

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it needs, its own first."""
        terms = (*self.left, *self.right)
        return tuple(dict.fromkeys([self.table, *(term.table for term in terms)]))


@cache
def identities(form: Form) -> dict[str, Identity]:
    """Every identity by id, in the order in which they are checked."""
    prose, sentences = prose_data(), list(rules().values())
    found = [
        *(rule for rule in sentences if rule.group == "表内"),
        *(entry.identity for entry in table_identities(form)),
        *(rule for rule in sentences if rule.group == "表间"),
        *(rule for rule in sentences if rule.group in ("表文", "文字")),
        *(entry.identity for entry in (*prose.prose, *prose.same, *prose.together)),
        *(rule for rule in sentences if rule.group == "用语"),
        *(entry.identity for entry in words_data().none),
        *(rule for rule in sentences if rule.group == "年度间"),
    ]
    return {identity.id: identity for identity in found}


@cache
def table_identities(form: Form) -> tuple[TableIdentity, ...]:
    """The identities within and between tables, in the order of the file."""
    return tuple(_identity(form, entry) for entry in tables_data().identity)


def _identity(form: Form, entry: TableEntry) -> TableIdentity:
    table = entry.table

    def own(terms: tuple[Selector, ...]) -> tuple[Selector, ...]:
        return tuple(evolve(term, table=term.table or table) for term in terms)

    left, right = own(entry.left), own(entry.right)
    required = [term for term in left if not term.optional]
    needed = "、".join(dict.fromkeys(form.short(term.table) for term in (*left, *right)))
    named = "、".join(_named(form, term, table) for term in required or right)
    formula = f"{_sum(form, left, table)} {entry.relation} {_sum(form, right, table)}"
    return TableIdentity(
        Identity(entry.id, entry.group, entry.purpose, formula, f"{needed}：{named}"),
        table,
        entry.each,
        entry.relation,
        left,
        right,
        tuple((one, other) for one, other in map(own, entry.equal_when)),
        entry.may_lack,
    )


_PATTERN: Final = re.compile(r"\.\+/|\.\*|\?|[()|]|\?:")
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
