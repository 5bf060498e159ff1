"""Administrative divisions (GB/T 2260) and what they were called in which year."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

PROVINCE, PREFECTURE, COUNTY = "province", "city", "county"
SHORTEST: Final = 2
_FOLDER: Final = Path(__file__).parent
_ABSORBED: Final = ("撤销", "撤区设区")
"""Changes whose new division is one that was there before, most of the time."""
_NEAR: Final = 1
"""Years before and after that of the account in which a name may hold: the account is published in the next one, when
the unit may have its next name already, and a division that goes within a year may still report for it."""


@dataclass(frozen=True, slots=True)
class Division:
    """A division under one name: from the year ``since`` (0: from before the register) to the one before ``until``."""

    code: str
    name: str
    since: int = 0
    until: int = 9999
    above: str = ""
    """The name of the prefecture that it lay in, where it is gone."""

    @property
    def level(self) -> str:
        """province, city (prefectures) or county."""
        if self.code.endswith("0000"):
            return PROVINCE
        return PREFECTURE if self.code.endswith("00") else COUNTY

    @property
    def stem(self) -> str:
        """The digits that all divisions in it begin with."""
        return {PROVINCE: self.code[:2], PREFECTURE: self.code[:4], COUNTY: self.code}[self.level]

    def holds(self, other: Division) -> bool:
        """Whether another one lies in it."""
        return other.code != self.code and other.code.startswith(self.stem)


class Register:
    """The divisions of all years.

    Parameters
    ----------
    current, changes
        Rows of ``divisions.csv`` and ``divisions_changes.csv``.
    """

    def __init__(
        self, current: Sequence[Mapping[str, str]], changes: Sequence[Mapping[str, str]]
    ) -> None:
        now = {(row["code"], row["name"]) for row in current}
        since: dict[tuple[str, str], int] = {}
        until: dict[tuple[str, str], int] = {}
        above: dict[tuple[str, str], str] = {}
        self._next: dict[tuple[str, str], tuple[str, str]] = {}
        """Of a division that has the same name under another code: that one."""
        for row in changes:
            year = int(row["year"])
            old, new = (row["old_code"], row["old_name"]), (row["new_code"], row["new_name"])
            if old[0] and old not in now:
                until[old] = max(year, until.get(old, 0))
                above[old] = next(iter(row["old_path"].split("/")[-2:-1]), "")
                if new[1] == old[1]:
                    self._next[old] = new
            if new[0] and new != old and row["type"] not in _ABSORBED:
                since[new] = min(year, since.get(new, year))
        self.divisions = [
            Division(*key, since.get(key, 0), until.get(key, 9999), above.get(key, ""))
            for key in sorted(now | until.keys())
        ]

    @cached_property
    def provinces(self) -> list[Division]:
        """Those of the highest level."""
        return [one for one in self.divisions if one.level == PROVINCE]

    @cached_property
    def _named(self) -> Mapping[str, Sequence[Division]]:
        found: defaultdict[str, list[Division]] = defaultdict(list)
        for one in self.divisions:
            found[one.name].append(one)
        return found

    @cached_property
    def _coded(self) -> Mapping[str, Sequence[Division]]:
        found: defaultdict[str, list[Division]] = defaultdict(list)
        for one in self.divisions:
            found[one.code].append(one)
        return found

    @cached_property
    def longest(self) -> int:
        """Characters of the longest name."""
        return max(map(len, self._named))

    def named(self, name: str, year: int) -> list[Division]:
        """The divisions that may be called so in the account of a year; one that is recoded has its last code then."""
        known = self._named.get(name, ())
        found = {
            (one.code, one.name): one
            for one in known
            if one.since <= year + _NEAR and year - _NEAR < one.until
        }
        for old, new in self._next.items() if len(found) > 1 else ():
            if old in found and new in found:
                del found[old if found[old].until <= year else new]
        return list(found.values())

    def above(self, one: Division, year: int) -> list[str]:
        """The names of the divisions that it lay in, the province first."""
        stems = [stem for stem in (one.code[:2], one.code[:4]) if len(stem) < len(one.stem)]
        names = [self._name(f"{stem:0<6}", year) for stem in stems]
        if one.above and len(names) == 2:
            names[1] = one.above.removeprefix(names[0])
        return list(dict.fromkeys(filter(None, names)))

    def full(self, one: Division, year: int) -> str:
        """Its name with those of the divisions that it lay in."""
        return "".join([*self.above(one, year), one.name])

    def _name(self, code: str, year: int) -> str:
        known = self._coded.get(code, ())
        found = [one for one in known if one.since <= year < one.until]
        return found[0].name if found else ""

    def starting(self, text: str, year: int) -> Iterator[list[Division]]:
        """The divisions whose name a text begins with, the longest names first."""
        for size in range(min(self.longest, len(text)), SHORTEST - 1, -1):
            if found := self.named(text[:size], year):
                yield found


@cache
def register() -> Register:
    """The register that the package has; ``SOURCES.md`` says where it is from."""
    return Register(_rows("divisions.csv"), _rows("divisions_changes.csv"))


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
