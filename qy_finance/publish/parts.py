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
from typing import Any, Final

from qy_finance.files import write_text
from qy_finance.publish.accounts import COLUMNS, MISSING, STATES, Account
from qy_finance.publish.assets import font_face, template

FOLDER: Final = "index-data"
#: Reports of a part, and of a view.
SIZE: Final = 25

_NAME: Final = re.compile(r"[0-9a-f]{16}\.js")


class Parts:
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


class Listing:
    """What the page says of all reports, while these come one after the other and go into parts.

    Attributes
    ----------
    total, made, disputed
        How many reports there are, how many of them have pages, whether figures of one contradict each other.
    units, years : Counter
        Reports of each (unit, scope) and of each year.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self.total = self.made = 0
        self.disputed = False
        self.units: Counter[tuple[str, str]] = Counter()
        self.years: Counter[int] = Counter()
        self.list = ""
        self._with_pages: Counter[int] = Counter()
        self._units_with_pages: set[tuple[str, str]] = set()
        self._states: Counter[str] = Counter()
        self._terms = {term: at for at, term in enumerate(STATES)}
        self._rows: list[tuple[tuple[str, str], int, list[int], str]] = []
        self._first: dict[int, list[Account]] = {}
        self._names: list[str] = []
        self._waiting: list[tuple[str, str]] = []
        self._characters: set[str] = set()
        self._article = template("account").module.article  # type: ignore[attr-defined]

    def add(self, account: Account) -> None:
        """Take a report in."""
        unit, year, made = (account.unit, account.scope), account.year, bool(account.notebooks)
        self.total += 1
        self.made += made
        self.disputed |= account.disputed
        self.units[unit] += 1
        self.years[year] += 1
        self._with_pages[year] += made
        if made:
            self._units_with_pages.add(unit)
        self._states.update(account.states)
        terms = [
            self._terms.setdefault(term, len(self._terms))
            for term in (*account.states, *account.finds)
        ]
        shown = (account.figures.get(key) for key, *_ in COLUMNS)
        amounts = [one.text.replace(",", "") for one in shown if one and one.text != MISSING]
        self._rows.append((unit, year, terms, " ".join(amounts)))
        if len(first := self._first.setdefault(year, [])) < SIZE:
            first.append(account)
        # half of it would be the address of one folder, again and again
        article = str(self._article(account, COLUMNS))
        article = article.replace(f'href="{account.folder}/', 'href="./')
        self._characters.update(article)
        self._waiting.append((account.folder, article))
        if len(self._waiting) == SIZE:
            self._part()

    def close(self) -> None:
        """Write what is left, and the list of all."""
        if self._waiting:
            self._part()
        # in the order of the one page: units with pages first
        units = sorted(self.units, key=lambda unit: (unit not in self._units_with_pages, *unit))
        places = {unit: at for at, unit in enumerate(units)}
        self._characters.update(*(text for unit in units for text in unit))
        self.list = self._parts.write(
            {
                "size": SIZE,
                "parts": self._names,
                "font": self._parts.write(font_face(self._characters)),
                "units": units,
                "terms": list(self._terms),
                "reports": [(places[unit], *rest) for unit, *rest in self._rows],
            }
        )

    @property
    def year(self) -> int:
        """The year that is shown first: the newest that has pages, if one has."""
        return max(+self._with_pages or self.years)

    @property
    def first(self) -> list[Account]:
        """The reports that are shown first."""
        return self._first[self.year]

    @property
    def folders(self) -> list[int]:
        """The years that have pages, the newest first."""
        return sorted(+self._with_pages, reverse=True)

    @property
    def filters(self) -> list[tuple[str, str, str, str, list[tuple[Any, int]]]]:
        """What reports can be chosen by: its id, its names, the name of all, and the values with their reports."""
        scopes: Counter[str] = Counter()
        for (_, scope), count in self.units.items():
            scopes[scope] += count
        states = [(name, self._states[name]) for name in STATES if self._states[name]]
        return [
            ("year", "年度", "Year", "所有年度", sorted(self.years.items(), reverse=True)),
            ("scope", "口径", "Scope", "所有口径", sorted(scopes.items())),
            ("state", "情况", "State", "所有情况", states),
        ]

    def _part(self) -> None:
        self._names.append(self._parts.write(self._waiting))
        self._waiting = []
