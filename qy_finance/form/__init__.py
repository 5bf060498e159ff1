"""What a form of accounts prints and how it speaks: its tables, titles, years and words, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from attrs import evolve, frozen

from qy_finance.errors import FormError
from qy_finance.form.spec import (
    ColumnSpec,
    DocumentKind,
    ExclusionRule,
    FormPatterns,
    FurtherTables,
    HeaderWords,
    Lexicon,
    Phrases,
    SideSpec,
    TableSpec,
    WhoPatterns,
)  # fmt: skip
from qy_finance.form.topics import Disclosures, Evidence, Topic
from qy_finance.load import load
from qy_finance.marks import PIECES

__all__ = [
    "ColumnSpec", "Disclosures", "DocumentKind", "Evidence", "ExclusionRule", "Form", "FormPatterns", "FurtherTables",
    "HeaderWords", "Lexicon", "Phrases", "SideSpec", "TableSpec", "Topic", "WhoPatterns", "final_accounts",
]  # fmt: skip

_HERE: Final = Path(__file__).parent


@frozen
class _Extension:
    """A file that describes what a form has beyond another."""

    table: tuple[TableSpec, ...]


@frozen
class _WholeForm(_Extension):
    """A file that describes a form."""

    order: tuple[str, ...]
    patterns: FormPatterns
    headers: HeaderWords


@frozen
class _Identity:
    """The file of names: whose account it is, and what else is published."""

    pieces: dict[str, str]
    who: WhoPatterns
    kind: tuple[DocumentKind, ...]


@frozen(eq=False)
class Form:
    """A form of accounts: its ``tables``, the most specific title first, and their ``ids`` in the order of the form.

    ``patterns`` tell the lines around and in its tables apart, ``headers`` the cells of headers; ``lexicon`` knows
    how its prose speaks of figures, ``who`` how it names its unit and year; ``further`` the tables that reports print
    beyond those of the form; ``kinds`` are other documents than such an account; ``disclosures`` what such an account
    must disclose.
    """

    tables: tuple[TableSpec, ...]
    ids: tuple[str, ...]
    patterns: FormPatterns
    headers: HeaderWords
    lexicon: Lexicon
    who: WhoPatterns
    kinds: tuple[DocumentKind, ...]
    further: FurtherTables
    disclosures: Disclosures

    def table(self, id: str) -> TableSpec:
        """What is known of a table; KeyError where the form has none of that id."""
        return self._by_id[id]

    @cached_property
    def _by_id(self) -> Mapping[str, TableSpec]:
        return {spec.id: spec for spec in self.tables}

    def name(self, id: str) -> str:
        """Chinese name of a table."""
        return self.table(id).name

    def short(self, id: str) -> str:
        """What messages call a table."""
        return self.table(id).short

    def lacking(self, present: Iterable[str], year: int, place: str = "") -> list[str]:
        """The tables that a report of a year should have beside these, in the order of the form.

        Those of a region's form are among them where ``place`` is in that region.
        """
        given = set(present)
        absent = (self.table(id) for id in self.ids if id not in given)
        return [spec.id for spec in absent if not spec.optional and spec.applies(year, place)]

    def extended(self, path: Path) -> Form:
        """This form with the tables of a file (``[[table]]``) behind its own.

        Their titles are tried first, in the order of the file: a further table is told from one of the form's.

        Raises
        ------
        FormError
            The file is not understood, or names a table that the form has.
        """
        extra = load(path, _Extension, PIECES).table
        ids = (*self.ids, *(spec.id for spec in extra))
        if len(set(ids)) < len(ids):
            twice = next(id for id in ids if ids.count(id) > 1)
            raise FormError(path.name, "table", "an id of its own for each table", twice)
        return evolve(self, tables=(*extra, *self.tables), ids=ids)


@cache
def final_accounts() -> Form:
    """The form of the final accounts of departments (部门决算公开表), as the Ministry of Finance's prints it."""
    file = load(_HERE / "final_accounts.toml", _WholeForm, PIECES)
    lexicon = load(_HERE / "lexicon.toml", Lexicon, PIECES)
    names = load(_HERE / "identity.toml", _Identity, PIECES)
    further = load(_HERE / "further_tables.toml", FurtherTables, PIECES)
    topics = load(_HERE / "disclosures.toml", Disclosures, PIECES)
    return Form(
        file.table,
        file.order,
        file.patterns,
        file.headers,
        lexicon,
        names.who,
        names.kind,
        further,
        topics,
    )
