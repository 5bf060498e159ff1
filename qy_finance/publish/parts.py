"""What lies beside the index of many reports: parts that it loads when they are asked for.

A page that is opened from a disk may read no other file, but it may load scripts. So each part is a script that hands
over a value, under a name that is the digest of what it says: a page names the parts that it was made with, and can
load no others.
"""

from __future__ import annotations

import json
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple
from unicodedata import normalize

from qy_finance.files import write_text
from qy_finance.language import plain
from qy_finance.publish.accounts import COLUMNS, MISSING, STATES, Account
from qy_finance.publish.assets import font_face, template

FOLDER: Final = "index-data"
#: Reports of a part, and of a view.
SIZE: Final = 25

#: Reports of a part that has what can be found in them, which is more.
LINES: Final = 5
#: Letters of a part of what can be searched.
WORDS: Final = 400_000

#: Not the code of an account, nor what a name begins with (12345热线).
_DIGITS: Final = re.compile(
    r"(?<![\d.,])(?<!· )(?:\d[\d,]*\.\d+%?|\d{1,3}(?:,\d{3})+|\d+%|\d+(?!\w))"
)
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


class SearchWords:
    """In which reports a text stands, apart from its numbers: thousands of reports have the same items."""

    def __init__(self) -> None:
        self._reports: dict[str, array[int]] = {}

    def add(self, report: int, lines: Iterable[tuple[str, str, str]]) -> None:
        """Take in what can be found in a report; reports come in their order."""
        for text in {plain_words(text) for _, text, _ in lines}:
            self._reports.setdefault(text, array("l")).append(report)

    @property
    def characters(self) -> set[str]:
        """Those of all texts."""
        return set().union(*self._reports)

    def parts(self) -> Iterator[list[tuple[str, list[int]]]]:
        """Texts, each with its reports as steps from one to the next, in parts of bounded size."""
        part: list[tuple[str, list[int]]] = []
        size = 0
        for text, reports in self._reports.items():
            steps = [reports[0], *(after - before for before, after in pairwise(reports))]
            part.append((text, steps))
            size += len(text) + 2 * len(steps)
            if size > WORDS:
                yield part
                part, size = [], 0
        if part:
            yield part


def plain_words(text: str) -> str:
    """A text as it is searched: each amount in it is a blank."""
    return " ".join(_DIGITS.sub(" ", normalize("NFKC", text).lower()).split())


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
        self._lines: list[list[tuple[str, str, str]]] = []
        self._said: list[str] = []
        self._words = SearchWords()
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
        self._lines.append(account.lines)
        self._words.add(len(self.rows) - 1, account.lines)
        if len(self._lines) == LINES:
            self._write_lines()
        if len(self._part) == SIZE:
            self._write()

    def close(self) -> None:
        """Write what is left, and the list of all."""
        if self._lines:
            self._write_lines()
        if self._part:
            self._write()
        # in the order of the one page: units with pages first
        made = {row.unit for row in self.rows if row.made}
        units = sorted(self.units, key=lambda unit: (unit not in made, *unit))
        places = {unit: at for at, unit in enumerate(units)}
        self._characters.update(*(text for unit in units for text in unit))
        self._characters.update(self._words.characters)
        self.list = self._parts.write(
            {
                "size": SIZE,
                "parts": self._names,
                "few": LINES,
                "lines": self._said,
                "words": [self._parts.write(one) for one in self._words.parts()],
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

    def _write_lines(self) -> None:
        self._said.append(self._parts.write(self._lines))
        self._lines = []
