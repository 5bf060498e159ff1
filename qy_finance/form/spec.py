"""What is known of a form: its tables (``final_accounts.toml``) and how reports speak of figures (``lexicon.toml``)."""

from __future__ import annotations

import re
from functools import cache, cached_property
from itertools import chain
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

_WHOLE: Final = 4  # characters of a header that is no word for a sum, or part of another
_WIDE: Final = str.maketrans({"(": "（", ")": "）"} | dict.fromkeys("“”\"＂「」‘’'"))


@cache
def _alike(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.translate(_WIDE) for name in names)


@frozen
class ColumnSpec:
    """A column: its canonical name and the headers that templates print for it.

    ``leaves`` and ``rows`` are what they print for it right above figures, and as rows; ``spare`` what they print where
    they print none of its names; ``parts`` the columns that it is divided into in some templates.
    """

    name: str
    printed: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    spare: tuple[str, ...] = ()
    parts: tuple[ColumnSpec, ...] = ()

    @property
    def parent(self) -> str:
        """The name of the columns over it: 公务用车购置及运行维护费 of …/小计; empty where it stands alone."""
        return self.name.rpartition("/")[0]

    def names(self, printed: str) -> bool:
        """Whether a row of that name is this column, in a template that prints columns as rows.

        Quotation marks and the width of brackets make no difference.
        """
        return printed.translate(_WIDE) in _alike(self.printed + self.rows)

    def stands_in(self, text: str) -> bool:
        """Whether one of its headers is part of a text."""
        return any(name in text for name in self.printed)


@frozen(eq=False)
class SideSpec:
    """One of the lists that stand beside each other in a table (收入, 支出, 人员经费, 公用经费).

    ``sums`` says what its columns add up to.
    """

    name: str
    columns: tuple[ColumnSpec, ...] = ()
    sums: tuple[str, ...] = ()
    codes: re.Pattern[str] | None = None
    rows: re.Pattern[str] | None = None


def _with_remark(title: re.Pattern[str]) -> re.Pattern[str]:
    """The pattern of a title that may have a remark in brackets behind it, to the end of its line."""
    return re.compile(rf"(?:{title.pattern})(?:[（(][^（()）]*[)）])?$")


@frozen(eq=False)
class TableSpec:
    """A table of a form.

    ``best`` are what titles say, the surest first: of several tables whose titles name this one, that which says the
    first of them is it. ``codes`` and ``alien`` are patterns of the codes of its rows, and of codes that only the
    rows of another table have, where its title does not say the first. ``chapters`` are the rows of the first level
    under which rows of a table with ``groups`` stand. ``sums`` says what its columns add up to.

    ``since`` and ``until`` are the first and the last year in which the form has it, ``places`` the regions
    whose form it is alone. A report does not lack an ``optional`` table.
    """

    id: str
    name: str
    short: str
    title: re.Pattern[str] = field(converter=_with_remark)
    layout: Literal["sides", "codes", "economic", "single"]
    header: tuple[str, ...]
    best: tuple[re.Pattern[str], ...] = ()
    codes: re.Pattern[str] | None = None
    alien: re.Pattern[str] | None = None
    chapters: re.Pattern[str] | None = None
    columns: tuple[ColumnSpec, ...] = ()
    sums: tuple[str, ...] = ()
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

    def knows(self, column: str) -> bool:
        """Whether a column of figures is one of its own, in a group or not."""
        names = self.column_names
        return column in names or column.partition("/")[2] in names

    def merges(self, header: str) -> bool:
        """Whether a header, or the name of a row, is none of the form's headers, but two of them or more in one."""
        known = self._headers
        if header in known:
            return False
        whole = tuple(name for name in known if len(name) >= _WHOLE)
        ends = (at for at in range(2, len(header)) if header[:at] in known)
        return any(header.startswith(("其中", *whole), at) for at in ends)

    @cached_property
    def _headers(self) -> frozenset[str]:
        """All headers that it knows."""
        found = {side.name for side in self.sides}
        for column in chain(self.columns, self.groups, *(side.columns for side in self.sides)):
            found.update(column.printed + column.rows)
            found.add(column.name.rpartition("/")[0])
        return frozenset(found - {""})

    def rank(self, title: str) -> int:
        """How sure a title names this table, 0 the surest."""
        found = (at for at, said in enumerate(self.best) if said.search(title))
        return next(found, len(self.best))

    def as_printed(self, text: str) -> TableSpec:
        """This table as its words say that it groups columns: by one budget, or by two (年初预算数, 全年预算数)."""
        groups: list[ColumnSpec] = []
        for group in self.groups:
            parts = [part for part in group.parts if part.stands_in(text)]
            if len(parts) > 1:
                whole = tuple(
                    name for name in group.printed if not any(p.names(name) for p in parts)
                )
                groups += (evolve(part, leaves=whole) for part in parts)
            elif group.spare and not group.stands_in(text):
                groups.append(evolve(group, printed=group.printed + group.spare))
            else:
                groups.append(group)
        return evolve(self, groups=tuple(groups))

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
    summed: re.Pattern[str]
    units: re.Pattern[str]
    accounts: re.Pattern[str]
    natures: re.Pattern[str]
    apposed: re.Pattern[str]
    wrapped: re.Pattern[str]
    around: re.Pattern[str]
    total: re.Pattern[str]
    closing: re.Pattern[str]
    last_year: re.Pattern[str]
    budgeted: re.Pattern[str]
    instead: re.Pattern[str]
    rated: re.Pattern[str]
    completed: re.Pattern[str]
    shared: re.Pattern[str]
    counted: re.Pattern[str]
    counts: re.Pattern[str]
    general: re.Pattern[str]
    every: re.Pattern[str]
    labels: dict[str, re.Pattern[str]]


@frozen
class DividedHeader:
    """A header cell over others (``over``), and what may stand below it."""

    over: re.Pattern[str]
    below: re.Pattern[str]


@frozen
class HeaderWords:
    """The cells of headers beyond those of the form's columns; see ``final_accounts.toml``."""

    beside: re.Pattern[str]
    aside: re.Pattern[str]
    foremost: re.Pattern[str]
    divided: tuple[DividedHeader, ...]


@frozen
class WhoPatterns:
    """How reports name their unit, year and scope; see ``identity.toml``."""

    title: tuple[re.Pattern[str], ...]
    part: re.Pattern[str]
    overview: re.Pattern[str]
    contents: re.Pattern[str]
    aside: re.Pattern[str]
    label: re.Pattern[str]
    dated: re.Pattern[str]
    accounted: re.Pattern[str]
    compared: re.Pattern[str]
    loosely: re.Pattern[str]
    opening: re.Pattern[str]
    introduced: re.Pattern[str]
    unnamed: re.Pattern[str]
    code: re.Pattern[str]
    remark: re.Pattern[str]
    organisation: re.Pattern[str]
    full: re.Pattern[str]
    closed: re.Pattern[str]
    place: re.Pattern[str]
    own: re.Pattern[str]
    whole: re.Pattern[str]
    impossible: re.Pattern[str]
    units: re.Pattern[str]
    subordinate: re.Pattern[str]
    named: re.Pattern[str]
    link: re.Pattern[str]
    of_unit: re.Pattern[str]
    of_department: re.Pattern[str]


@frozen
class DocumentKind:
    """Another kind of document than a final account; see ``identity.toml``."""

    says: str
    title: re.Pattern[str]
    body: re.Pattern[str] | None = None
    least: int = 0
    needs: Literal["title", "name", "parts"] = "title"


@frozen
class WordLists:
    """Lists of words that the grammar asks for; see ``lexicon.toml``."""

    rank: frozenset[str]
    up: frozenset[str]
    less: frozenset[str]
    labels: frozenset[str]
    weak: frozenset[str]
    of_part: frozenset[str]
    staff: frozenset[str]
    at_least: frozenset[str]
    at_most: frozenset[str]
    comparing: frozenset[str]


@frozen
class Phrases:
    """Turns of phrase, each in one pattern; see ``lexicon.toml``."""

    unit: re.Pattern[str]
    sentence_end: re.Pattern[str]
    fragment: re.Pattern[str]
    respectively: re.Pattern[str]
    listed: re.Pattern[str]
    conjunction: re.Pattern[str]
    coordinated: re.Pattern[str]
    bracket: re.Pattern[str]
    names: re.Pattern[str]
    side: re.Pattern[str]
    average: re.Pattern[str]
    shared_noun: re.Pattern[str]
    compared: re.Pattern[str]
    against: re.Pattern[str]
    against_any: re.Pattern[str]
    direction_behind: re.Pattern[str]
    level_behind: re.Pattern[str]
    same: re.Pattern[str]
    base: re.Pattern[str]
    base_last_year: re.Pattern[str]
    bare: re.Pattern[str]
    change: re.Pattern[str]
    of_noun: re.Pattern[str]
    changed: re.Pattern[str]
    needs_base: re.Pattern[str]
    level: re.Pattern[str]
    from_level: re.Pattern[str]
    relation: re.Pattern[str]
    share_whole: re.Pattern[str]
    share: re.Pattern[str]
    completed: re.Pattern[str]
    completion_rate: re.Pattern[str]
    target: re.Pattern[str]
    against_target: re.Pattern[str]
    reaching: re.Pattern[str]
    target_behind: re.Pattern[str]
    contracted: re.Pattern[str]
    actual: re.Pattern[str]
    done: re.Pattern[str]
    done_as: re.Pattern[str]
    indicator_class: re.Pattern[str]
    indicator: re.Pattern[str]
    rank: re.Pattern[str]
    head_ahead: re.Pattern[str]
    whole_ahead: re.Pattern[str]
    reason: re.Pattern[str]
    leading: re.Pattern[str]
    trailing: re.Pattern[str]
    last_name: re.Pattern[str]
    including: re.Pattern[str]
    unclear: re.Pattern[str]
    labelled: re.Pattern[str]
    sided: re.Pattern[str]
    coded: re.Pattern[str]
    named_share: re.Pattern[str]
    named_behind: re.Pattern[str]
    by_class: re.Pattern[str]
    following_noun: re.Pattern[str]
    no_noun: re.Pattern[str]
    place: re.Pattern[str]
    part_of_unit: re.Pattern[str]
    year_behind: re.Pattern[str]
    date: re.Pattern[str]
    year: re.Pattern[str]
    coordinate_years: re.Pattern[str]
    last_year: re.Pattern[str]
    as_of: re.Pattern[str]
    account_title: re.Pattern[str]
    opening_account: re.Pattern[str]
    named_account: re.Pattern[str]
    account: re.Pattern[str]
    no_title: re.Pattern[str]
    topic_tail: re.Pattern[str]
    open_list: re.Pattern[str]
    of_sum: re.Pattern[str]
    whole_heading: re.Pattern[str]
    deeper_account: re.Pattern[str]
    heading_end: re.Pattern[str]
    heading_noun: re.Pattern[str]
    opens_anew: re.Pattern[str]
    no_label: re.Pattern[str]
    nothing_named: re.Pattern[str]
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


@frozen
class EvaluationCells:
    """What the cells of a self-evaluation table say; see ``further_tables.toml``."""

    project: re.Pattern[str]
    label: re.Pattern[str]
    points: re.Pattern[str]
    classes: re.Pattern[str]
    blank: re.Pattern[str]
    lead: re.Pattern[str]
    over: re.Pattern[str]
    under: re.Pattern[str]
    equal: re.Pattern[str]
    more: re.Pattern[str]
    less: re.Pattern[str]
    including: re.Pattern[str]
    unit: re.Pattern[str]


@frozen(eq=False)
class FurtherTables:
    """Tables beyond those of a form, self-evaluation tables (绩效自评表) among them; see ``further_tables.toml``.

    ``columns`` are the patterns of headers by what the column holds.
    """

    above: re.Pattern[str]
    leading: re.Pattern[str]
    evaluation: re.Pattern[str]
    opening: tuple[str, ...]
    closing: re.Pattern[str]
    columns: dict[str, tuple[re.Pattern[str], ...]]
    cells: EvaluationCells
    pieces: dict[str, Any]
