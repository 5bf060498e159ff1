"""What the files of identity data say, as values: ``tables.toml``, ``rules.toml``, ``prose.toml``, ``words.toml``.

A key that is misspelt, missing or of another kind is an error that names the file and the place in it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final, Literal

from attrs import frozen

from qy_finance.checks.model import Identity
from qy_finance.load import load

Pattern = re.Pattern[str]
Sign = Literal["=", "≤", "<"]
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


@frozen
class TableEntry:
    """An identity within or between tables; see the head of ``tables.toml``."""

    id: str
    group: str
    purpose: str
    table: str
    left: tuple[Selector, ...]
    right: tuple[Selector, ...]
    each: Each = ""
    relation: Literal["=", "≤"] = "="
    equal_when: tuple[tuple[Selector, Selector], ...] = ()
    may_lack: bool = False


@frozen
class Quantity:
    """Something that the prose names and tables print; see ``prose.toml``."""

    said: Pattern
    final: tuple[CellName, ...]
    section: Pattern = _EMPTY
    budget: tuple[CellName, ...] = ()
    form: bool = False


@frozen
class Documented:
    """What every identity of the prose says of itself."""

    id: str
    purpose: str
    formula: str
    requires: str

    @property
    def identity(self) -> Identity:
        """The identity that it documents."""
        return Identity(self.id, "文字", self.purpose, self.formula, self.requires)


@frozen
class Mentioned:
    """A term of an identity of the prose: the figures that go by these words, the first or ``all`` of them."""

    said: Pattern
    column: Pattern = _EMPTY
    all: bool = False


@frozen
class Related(Documented):
    """Two sums of figures under one heading, or cells; see ``prose.toml``."""

    section: Pattern
    measure: str
    relation: Sign
    left: tuple[Mentioned | CellName, ...]
    right: tuple[Mentioned | CellName, ...]
    unit: str | None = None


@frozen
class Same(Documented):
    """Counts of one thing that must be the same wherever they stand."""

    section: Pattern
    measure: str
    unit: str
    said: Pattern
    unless: Pattern
    kinds: tuple[str, ...]


@frozen
class Together(Documented):
    """A count that is zero exactly where an amount is."""

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
class ProseData:
    """The content of ``prose.toml``."""

    quantity: tuple[Quantity, ...]
    headings: Headings
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


@frozen
class Denied(Documented):
    """Words that say that there was none of something."""

    pattern: Pattern
    cells: tuple[CellName, ...]

    @property
    def identity(self) -> Identity:
        """The identity that it documents."""
        return Identity(self.id, "用语", self.purpose, self.formula, self.requires, "warning")


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
    level: Level
    reason: Reasons
    included: Pattern
    used: Pattern
    ranked: Pattern
    of_unit: Pattern
    none: tuple[Denied, ...]
    empty: Pattern
    residue: tuple[str, ...]
    indicator: Indicated
    accounts: AccountNames


@frozen
class TablesData:
    """The content of ``tables.toml``."""

    identity: tuple[TableEntry, ...]


@frozen
class RulesData:
    """The content of ``rules.toml``."""

    rule: tuple[Identity, ...]


@cache
def tables_data() -> TablesData:
    """The identities of tables."""
    return load(_HERE / "tables.toml", TablesData)


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
    return {rule.id: rule for rule in load(_HERE / "rules.toml", RulesData).rule}
