"""What lies beside the index of many reports: parts that it loads when they are asked for.

A page that is opened from a disk may read no other file, but it may load scripts. So each part is a script that hands
over a value, under a name that is the digest of what it says: a page names the parts that it was made with, and can
load no others.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from qy_finance.files import write_text
from qy_finance.language import plain
from qy_finance.publish.accounts import COLUMNS, MISSING, STATES, Account
from qy_finance.publish.assets import font_face, template

FOLDER: Final = "index-data"
#: Reports of a part, and of a view.
SIZE: Final = 25

_NAME: Final = re.compile(r"[0-9a-f]{16}\.js")


class IndexParts:
    """The parts beside the index of an output folder, and which of them its new making needs."""

    def __init__(self, output_dir: Path) -> None:
        self.folder = output_dir / FOLDER
        self._needed: set[str] = set()

    def write(self, value: object) -> str:
        """Write a part where it is not there already; returns its name."""
        said = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        name = sha256(said.encode()).hexdigest()[:16]
        file, text = self.folder / f"{name}.js", f'index_data("{name}",{said});\n'
        if not (file.is_file() and file.read_bytes() == text.encode()):
            write_text(file, text)
        self._needed.add(file.name)
        return name

    def remove_others(self) -> None:
        """Remove the parts that the index names no longer; what somebody else has put there stays."""
        if not self.folder.is_dir():
            return
        for file in self.folder.iterdir():
            if _NAME.fullmatch(file.name) and file.name not in self._needed:
                file.unlink()
        if not any(self.folder.iterdir()):
            self.folder.rmdir()


class IndexRow(NamedTuple):
    """What finds a report: its unit and scope, its year, whether it has pages, its terms and its headline amounts."""

    unit: tuple[str, str]
    year: int
    made: bool
    terms: list[int]
    amounts: str


class IndexListing:
    """What the page says of all reports, while these come one after the other and go into parts.

    Attributes
    ----------
    rows : list of IndexRow
        Every report, in the order in which they lie in the parts.
    disputed : bool
        Whether figures of one contradict each other.
    list : str
        Name of the part that says where each report stands; empty until it is closed.
    """

    def __init__(self, parts: IndexParts) -> None:
        self.rows: list[IndexRow] = []
        self.disputed = False
        self.list = ""
        self._parts = parts
        self._names: list[str] = []
        self._part: list[tuple[str, str]] = []
        self._first: dict[int, list[Account]] = {}
        self._terms = {plain(term): at for at, term in enumerate(STATES)}
        self._characters: set[str] = set()
        self._article = template("account").module.article  # type: ignore[attr-defined]

    def add(self, account: Account) -> None:
        """Take a report in."""
        told = map(plain, (*account.states, *account.finds))
        terms = [self._terms.setdefault(term, len(self._terms)) for term in told]
        shown = (account.figures.get(key) for key, *_ in COLUMNS)
        amounts = [one.text.replace(",", "") for one in shown if one and one.text != MISSING]
        unit, made = (account.unit, account.scope), bool(account.notebooks)
        self.rows.append(IndexRow(unit, account.year, made, terms, " ".join(amounts)))
        self.disputed |= account.disputed
        if len(first := self._first.setdefault(account.year, [])) < SIZE:
            first.append(account)
        # half of it would be the address of one folder, again and again
        article = str(self._article(account, COLUMNS))
        article = article.replace(f'href="{account.folder}/', 'href="./')
        self._characters.update(article)
        self._part.append((account.folder, article))
        if len(self._part) == SIZE:
            self._write()

    def close(self) -> None:
        """Write what is left, and the list of all."""
        if self._part:
            self._write()
        # in the order of the one page: units with pages first
        made = {row.unit for row in self.rows if row.made}
        units = sorted(self.units, key=lambda unit: (unit not in made, *unit))
        places = {unit: at for at, unit in enumerate(units)}
        self._characters.update(*(text for unit in units for text in unit))
        self.list = self._parts.write(
            {
                "size": SIZE,
                "parts": self._names,
                "font": self._parts.write(font_face(self._characters)),
                "units": units,
                "terms": list(self._terms),
                "reports": [(places[r.unit], r.year, r.terms, r.amounts) for r in self.rows],
            }
        )

    @property
    def units(self) -> set[tuple[str, str]]:
        """Each unit and scope."""
        return {row.unit for row in self.rows}

    @property
    def folders(self) -> list[int]:
        """The years that have pages, the newest first."""
        return sorted({row.year for row in self.rows if row.made}, reverse=True)

    @property
    def year(self) -> int:
        """The year that is shown first: the newest that has pages, if one has."""
        return max(self.folders or self._first)

    @property
    def first(self) -> list[Account]:
        """The reports that are shown first."""
        return self._first[self.year]

    @property
    def filters(self) -> list[tuple[str, str, str, str, list[tuple[Any, int]]]]:
        """What reports can be chosen by: its id, its names, the name of all, and the values with their reports."""
        years = Counter(row.year for row in self.rows)
        scopes = Counter(row.unit[1] for row in self.rows)
        told = Counter(term for row in self.rows for term in row.terms)
        states = [(plain(name), told[at]) for at, name in enumerate(STATES) if told[at]]
        return [
            ("year", "年度", "Year", plain("所有年度"), sorted(years.items(), reverse=True)),
            ("scope", "口径", "Scope", plain("所有口径"), sorted(scopes.items())),
            ("state", "情况", "State", plain("所有情况"), states),
        ]

    def _write(self) -> None:
        self._names.append(self._parts.write(self._part))
        self._part = []
