"""What is known of a form: its tables (``final_accounts.toml``) and how reports speak of figures (``lexicon.toml``)."""

from __future__ import annotations

import re
from typing import Any, Literal

from attrs import field, frozen


@frozen
class ColumnSpec:
    """A column: its canonical name and the headers that templates print for it."""

    name: str
    printed: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()

    def names(self, printed: str) -> bool:
        """Whether a row of that name is this column, in a template that prints columns as rows."""
        return printed in self.printed or printed in self.rows


@frozen(eq=False)
class SideSpec:
    """One of the lists that stand beside each other in a table (收入, 支出, 人员经费, 公用经费)."""

    name: str
    columns: tuple[ColumnSpec, ...] = ()
    codes: re.Pattern[str] | None = None
    rows: re.Pattern[str] | None = None


def _with_remark(title: re.Pattern[str]) -> re.Pattern[str]:
    """The pattern of a title that may have a remark in brackets behind it, to the end of its line."""
    return re.compile(rf"(?:{title.pattern})(?:[（(][^（()）]*[)）])?$")


@frozen(eq=False)
class TableSpec:
    """A table of a form.

    ``since`` and ``until`` are the first and the last year in which the form has it, ``places`` the regions
    whose form it is alone. A report does not lack an ``optional`` table.
    """

    id: str
    name: str
    short: str
    title: re.Pattern[str] = field(converter=_with_remark)
    layout: Literal["sides", "codes", "economic", "single"]
    header: tuple[str, ...]
    columns: tuple[ColumnSpec, ...] = ()
    texts: tuple[ColumnSpec, ...] = ()
    sides: tuple[SideSpec, ...] = ()
    groups: tuple[ColumnSpec, ...] = ()
    item: str = ""
    since: int = 0
    until: int = 9999
    places: tuple[str, ...] = ()
    optional: bool = False

    def applies(self, year: int, place: str) -> bool:
        """Whether the form of a year has it; one of a region's form, where ``place`` is in that region."""
        here = not self.places or any(region in place for region in self.places)
        return here and self.since <= year <= self.until

    @property
    def column_names(self) -> set[str]:
        """The canonical names of all its columns of figures."""
        columns = (self.columns, *(side.columns for side in self.sides))
        return {column.name for group in columns for column in group}

    def text(self, printed: str) -> str:
        """The name of the column of words under a header; empty where it is none."""
        return next((column.name for column in self.texts if printed in column.printed), "")


@frozen
class FormPatterns:
    """How the lines around and in the tables of a form are told apart."""

    account: re.Pattern[str]
    running: re.Pattern[str]
    label: re.Pattern[str]
    heading: re.Pattern[str]
    note: re.Pattern[str]
    entity: re.Pattern[str]
    stated: re.Pattern[str]
    blind: re.Pattern[str]
    added: re.Pattern[str]
    apart: re.Pattern[str]
    total: re.Pattern[str]
    closing: re.Pattern[str]
    last_year: re.Pattern[str]
    budgeted: re.Pattern[str]
    completed: re.Pattern[str]
    shared: re.Pattern[str]
    counted: re.Pattern[str]
    labels: dict[str, re.Pattern[str]]
    account_years: tuple[re.Pattern[str], ...]
    titled: re.Pattern[str]
    cover: re.Pattern[str]
    own: re.Pattern[str]
    whole: re.Pattern[str]
    branch: re.Pattern[str]


@frozen
class WordLists:
    """Lists of words that the grammar asks for; see ``lexicon.toml``."""

    rank: frozenset[str]
    up: frozenset[str]
    less: frozenset[str]
    labels: frozenset[str]
    weak: frozenset[str]
    of_part: frozenset[str]
    at_least: frozenset[str]
    at_most: frozenset[str]
    comparing: frozenset[str]


@frozen
class Phrases:
    """Turns of phrase, each in one pattern; see ``lexicon.toml``."""

    unit: re.Pattern[str]
    sentence_end: re.Pattern[str]
    fragment: re.Pattern[str]
    conjunction: re.Pattern[str]
    coordinated: re.Pattern[str]
    bracket: re.Pattern[str]
    names: re.Pattern[str]
    compared: re.Pattern[str]
    against: re.Pattern[str]
    same: re.Pattern[str]
    base: re.Pattern[str]
    base_last_year: re.Pattern[str]
    bare: re.Pattern[str]
    change: re.Pattern[str]
    needs_base: re.Pattern[str]
    level: re.Pattern[str]
    from_level: re.Pattern[str]
    relation: re.Pattern[str]
    share: re.Pattern[str]
    completed: re.Pattern[str]
    completion_rate: re.Pattern[str]
    target: re.Pattern[str]
    contracted: re.Pattern[str]
    actual: re.Pattern[str]
    done: re.Pattern[str]
    indicator: re.Pattern[str]
    rank: re.Pattern[str]
    head_ahead: re.Pattern[str]
    whole_ahead: re.Pattern[str]
    reason: re.Pattern[str]
    leading: re.Pattern[str]
    trailing: re.Pattern[str]
    last_name: re.Pattern[str]
    including: re.Pattern[str]
    labelled: re.Pattern[str]
    following_noun: re.Pattern[str]
    no_noun: re.Pattern[str]
    part_of_unit: re.Pattern[str]
    date: re.Pattern[str]
    year: re.Pattern[str]
    coordinate_years: re.Pattern[str]
    last_year: re.Pattern[str]
    as_of: re.Pattern[str]
    account_title: re.Pattern[str]
    named_account: re.Pattern[str]
    account: re.Pattern[str]
    no_title: re.Pattern[str]
    topic_tail: re.Pattern[str]
    heading_end: re.Pattern[str]
    contents: re.Pattern[str]


@frozen
class ExclusionRule:
    """Why a numeral is no figure; see ``lexicon.toml``."""

    name: str
    needs: frozenset[str] = frozenset()
    at: tuple[re.Pattern[str], ...] = ()
    around: tuple[re.Pattern[str], ...] = ()
    priced: bool = False


@frozen(eq=False)
class Lexicon:
    """What a form's prose is read with; ``reasons`` are in the order of precedence."""

    words: WordLists
    phrases: Phrases
    reasons: tuple[ExclusionRule, ...]
    pieces: dict[str, Any]

    def is_weak(self, subject: str) -> bool:
        """Whether words name a kind of figure, but not what it is about."""
        return subject in self.words.weak or subject in self.words.labels

    def sign(self, printed: str) -> str:
        """≥ or ≤ for whatever a target prints for it (不低于); empty for anything else."""
        if printed in self.words.at_most:
            return "≤"
        return "≥" if printed in self.words.at_least else ""
