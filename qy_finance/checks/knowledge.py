"""The documented identities (勾稽关系) and what checks know of words, as the files of identity data have them.

The files are ``tables.toml``, ``rules.toml``, ``prose.toml`` and ``words.toml``.

A key that is misspelt, missing or of another kind is an error that names the file and the place in it.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Final, Literal

from attrs import evolve, frozen

from qy_finance.checks.model import Identity, Sign
from qy_finance.form import Form
from qy_finance.load import load

Pattern = re.Pattern[str]
Each = Literal["", "row", "column", "cell", "class", "line"]
Rows = Literal["", "children", "roots", "lines", "between", "code", "name"]

_HERE: Final = Path(__file__).parent
_NEVER: Final = re.compile("(?!)")
_EMPTY: Final = re.compile("")


@frozen
class CellName:
    """A cell by its names; ``item`` is a pattern."""

    table: str
    item: str
    column: str
    side: str | None = None


@frozen
class Selector:
    """A term of an identity of tables: which cells it adds up.

    ``table``, ``side``, ``code``, ``item`` (a pattern) and ``column`` name the cell; what is empty is as in the
    row or cell that the identity is applied to (``table``: as in the identity). ``rows`` names a group of rows instead
    of one. ``skip`` is a pattern of accounts that are part of another one (where ``within`` is printed, if that is
    given). A blank counts as zero where ``optional``; not in a column without any figure, where ``stated``.
    """

    table: str = ""
    side: str = ""
    code: str = ""
    item: str = ""
    column: str = ""
    rows: Rows = ""
    skip: str = ""
    within: str = ""
    optional: bool = False
    stated: bool = False


@frozen(kw_only=True)
class TableIdentity(Identity):
    """An identity within or between tables: two sums, and to what it is applied; see the head of ``tables.toml``."""

    formula: str = ""
    requires: str = ""
    table: str
    left: tuple[Selector, ...]
    right: tuple[Selector, ...]
    each: Each = ""
    relation: Sign = "="
    equal_when: tuple[tuple[Selector, Selector], ...] = ()
    may_lack: bool = False

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """The tables that it needs, its own first."""
        terms = (*self.left, *self.right)
        return tuple(dict.fromkeys([self.table, *(term.table for term in terms)]))


@frozen
class Quantity:
    """Something that the prose names and tables print; see ``prose.toml``."""

    said: Pattern
    final: tuple[CellName, ...]
    section: Pattern = _EMPTY
    budget: tuple[CellName, ...] = ()
    form: bool = False


@frozen
class Mentioned:
    """A term of an identity of the prose: the figures that go by these words, the first or ``all`` of them."""

    said: Pattern
    column: Pattern = _EMPTY
    all: bool = False


@frozen(kw_only=True)
class Related(Identity):
    """Two sums of figures under one heading, or cells; see ``prose.toml``.

    ``nested`` is a pattern of figures of the left that can be parts of the others. ``complete`` is one of the right
    without which they may not be all there are.
    """

    group: str = "文字"
    section: Pattern
    measure: str
    relation: Sign
    left: tuple[Mentioned | CellName, ...]
    right: tuple[Mentioned | CellName, ...]
    unit: str | None = None
    nested: Pattern = _NEVER
    complete: Pattern = _EMPTY


@frozen(kw_only=True)
class Same(Identity):
    """Counts of one thing that must be the same wherever they stand."""

    group: str = "文字"
    section: Pattern
    measure: str
    unit: str
    said: Pattern
    unless: Pattern
    kinds: tuple[str, ...]


@frozen(kw_only=True)
class Together(Identity):
    """A count that is zero exactly where an amount is."""

    group: str = "文字"
    section: Pattern
    count: Pattern
    units: Pattern
    amount: CellName
    every: bool = False
    domestic: Pattern = _NEVER


@frozen
class Headings:
    """What headings say of the amounts under them."""

    elsewhere: Pattern
    three_public: Pattern
    own: Pattern
    accounts: Pattern


@frozen
class Wholes:
    """How the whole of a share is called."""

    endings: str
    alike: tuple[tuple[str, str], ...]
    also: dict[str, str]


@frozen
class Added:
    """A column that is the sum of others."""

    total: str
    parts: tuple[str, ...]


@frozen
class ListedItems:
    """How the expenditure of a fund and its items stand under one heading."""

    section: Pattern
    total: Pattern
    item: Pattern
    every: Pattern


@frozen
class ProseData:
    """The content of ``prose.toml``."""

    quantity: tuple[Quantity, ...]
    headings: Headings
    listed: ListedItems
    prose: tuple[Related, ...]
    same: tuple[Same, ...]
    together: tuple[Together, ...]
    repeated: Pattern
    bounded: Pattern
    wholes: Wholes
    added: tuple[Added, ...]
    carried: tuple[tuple[CellName, CellName], ...]


@frozen
class Compared:
    """Words that say that an amount is larger or smaller than another."""

    pattern: Pattern
    more: tuple[str, ...]
    less: tuple[str, ...]
    saved: Pattern
    three_public: str


@frozen
class Zero:
    """Words that say that there was nothing the year before."""

    nothing_before: Pattern


@frozen
class Caused:
    """What a cause is said to be of: a rise or a fall."""

    pattern: Pattern
    between: Pattern
    up: tuple[str, ...]


@frozen
class Level:
    """An amount that is said to be that of last year, with a cause that moves it."""

    pattern: Pattern
    fell: Pattern
    rose: Pattern
    aims: Pattern


@frozen
class Reasons:
    """How causes are given, and what they say of accounts."""

    pattern: Pattern
    after_change: Pattern
    sums: Pattern
    no_rise: Pattern
    up: str
    down: str
    ends_list: Pattern
    common: Pattern


@frozen(kw_only=True)
class Denied(Identity):
    """Words that say that there was none of something."""

    group: str = "用语"
    severity: str = "warning"
    pattern: Pattern
    cells: tuple[CellName, ...]


@frozen
class Indicated:
    """Words that say whether an indicator met its target."""

    met: Pattern
    missed: Pattern


@frozen
class AccountNames:
    """Accounts of the economic classification, and what can stand before their names."""

    before: str
    names: tuple[str, ...]


@frozen
class WordsData:
    """The content of ``words.toml``."""

    compared: Compared
    zero: Zero
    caused: Caused
    level: Level
    reason: Reasons
    included: Pattern
    used: Pattern
    ranked: Pattern
    of_unit: Pattern
    of_year: Pattern
    none: tuple[Denied, ...]
    empty: Pattern
    empty_of: Pattern
    residue: tuple[str, ...]
    indicator: Indicated
    accounts: AccountNames


@cache
def prose_data() -> ProseData:
    """The identities of the prose."""
    return load(_HERE / "prose.toml", ProseData)


@cache
def words_data() -> WordsData:
    """What words claim."""
    return load(_HERE / "words.toml", WordsData)


@cache
def rules() -> dict[str, Identity]:
    """The identities whose figures are found by what sentences say, by id."""
    found = load(_HERE / "rules.toml", dict[str, tuple[Identity, ...]])["rule"]
    return {rule.id: rule for rule in found}


@cache
def identities(form: Form) -> dict[str, Identity]:
    """Every identity by id, in the order in which they are checked."""
    prose, sentences = prose_data(), list(rules().values())
    found: list[Identity] = [
        *(rule for rule in sentences if rule.group == "表内"),
        *table_identities(form),
        *(rule for rule in sentences if rule.group == "表间"),
        *(rule for rule in sentences if rule.group in ("表文", "文字")),
        *prose.prose,
        *prose.same,
        *prose.together,
        *(rule for rule in sentences if rule.group == "用语"),
        *words_data().none,
        *(rule for rule in sentences if rule.group == "年度间"),
    ]
    return {identity.id: identity for identity in found}


@cache
def table_identities(form: Form) -> tuple[TableIdentity, ...]:
    """The identities within and between tables, in the order of the file, with their terms in words."""
    found = load(_HERE / "tables.toml", dict[str, tuple[TableIdentity, ...]])["identity"]
    return tuple(_in_words(form, identity) for identity in found)


def _in_words(form: Form, identity: TableIdentity) -> TableIdentity:
    """An identity with its formula; its terms with the table that they are in."""
    table = identity.table

    def own(terms: tuple[Selector, ...]) -> tuple[Selector, ...]:
        return tuple(evolve(term, table=term.table or table) for term in terms)

    left, right = own(identity.left), own(identity.right)
    required = [term for term in left if not term.optional]
    needed = "、".join(dict.fromkeys(form.short(term.table) for term in (*left, *right)))
    named = "、".join(_named(form, term, table) for term in required or right)
    return evolve(
        identity,
        formula=f"{_sum(form, left, table)} {identity.relation} {_sum(form, right, table)}",
        requires=f"{needed}：{named}",
        left=left,
        right=right,
        equal_when=tuple((one, other) for one, other in map(own, identity.equal_when)),
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
