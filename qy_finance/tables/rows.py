"""A table as read: what it is read from, its rows, and what the lines above them say of all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from qy_finance.errors import ReportError, UnreadableNumberError, UnreadableRowError
from qy_finance.figures import Exclusion
from qy_finance.form import ColumnSpec, Form, FormPatterns, SideSpec, TableSpec
from qy_finance.marks import CHAPTER, MONEY_UNIT, NUMBER
from qy_finance.readers import Cell, Document, Line
from qy_finance.tables.tokens import Token, joined

ORDINAL: Final = re.compile(rf"{CHAPTER}|其中[:：]|[（(](?:{NUMBER}+|\d+)[)）]|\d+[.、．]")


@dataclass(frozen=True, slots=True)
class TableSource:
    """One table of a form to be read from a document, in the account of a year."""

    document: Document
    form: Form
    spec: TableSpec
    year: int

    def error(
        self,
        at: Token | Cell | Line | None,
        expected: str,
        found: str,
        kind: type[ReportError] = UnreadableRowError,
    ) -> ReportError:
        """What is wrong with a row, where the place is known; otherwise with the table."""
        place = self.spec.name
        if at is not None:
            place += f", {self.document.place(at.start)}"
        return kind(self.document.path.name, place, expected, found)

    def no_figure(self, at: Token, found: str) -> ReportError:
        """Something else stands where a figure must."""
        return self.error(at, "a figure", repr(found), UnreadableNumberError)


@dataclass(slots=True)
class TableRow:
    """A row as printed: its name in pieces and a cell for each column, None where it is blank.

    ``texts`` are its columns of words by name, each in pieces too.
    """

    side: int
    code: str | None = None
    names: list[Token] = field(default_factory=list)
    cells: list[Token | None] = field(default_factory=list)
    labels: list[Token] = field(default_factory=list)
    texts: dict[str, list[Token]] = field(default_factory=dict)
    page: int = 0

    @property
    def name(self) -> str:
        return joined(self.names)


def plain_name(name: str) -> str:
    """A row's name without its ordinals: 其中：（1）公务用车购置费."""
    while match := ORDINAL.match(name):
        name = name[match.end() :]
    return name.lstrip("-—–")


class Stated(NamedTuple):
    """What the lines above a table say of all of it: the money unit and the reporting entity."""

    money_unit: str | None
    entity: str | None


def stated(lines: Iterable[str], patterns: FormPatterns) -> Stated:
    """Find both in lines without layout spaces."""
    lines = list(lines)
    money_unit = MONEY_UNIT.search("\n".join(lines))
    entities = (match[1] for line in lines if (match := patterns.entity.search(line)))
    return Stated(money_unit[1] if money_unit else None, next(entities, None))


@dataclass(frozen=True, slots=True)
class TableRows:
    """A table as read: its lists beside each other with their columns, and its rows in order.

    ``sides`` has None for a list that the header gives no side.
    """

    columns: tuple[tuple[ColumnSpec, ...], ...]
    sides: tuple[SideSpec | None, ...]
    rows: list[TableRow]
    stated: Stated
    numbered: bool
    exclusions: list[Exclusion]


def excluded(reason: str, spans: Iterable[Token | Cell | Line]) -> Iterator[Exclusion]:
    """Words, cells or lines whose numerals are no figures for one reason."""
    return (Exclusion(span.start, span.end, reason) for span in spans)
