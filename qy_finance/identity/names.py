"""Names of units: what can be one, and which are of the same unit."""

from __future__ import annotations

import re
from typing import Final

from qy_finance.form import WhoPatterns
from qy_finance.marks import CHINESE

_DIVISION: Final = re.compile("[省市县区旗州镇乡]")
_OPENING: Final = 8  # characters of a name among which its place stands
_DEPARTMENT: Final = "部门"
_CHINESE: Final = re.compile(rf"{CHINESE.pattern}.*{CHINESE.pattern}", re.DOTALL)


class Names:
    """What is known of names by the words of the form."""

    def __init__(self, who: WhoPatterns) -> None:
        self.who = who
        self._organisation = re.compile(rf"(?:{who.organisation.pattern})$")
        self._closed = re.compile(rf"(?:{who.closed.pattern})$")

    def cleaned(self, printed: str) -> str:
        """A name without its code and the remarks behind it."""
        name = self.who.code.sub("", printed, count=1) if self.who.code.match(printed) else printed
        name = self.who.remark.sub("", name)
        rest = name.removesuffix(_DEPARTMENT)
        return rest if len(rest) > 2 and self.is_organisation(rest) else name

    def is_possible(self, name: str) -> bool:
        """Whether it can be the name of a unit: no part of a report, blank of a form or word for any unit."""
        return _CHINESE.search(name) is not None and not self.who.impossible.fullmatch(name)

    def is_organisation(self, name: str) -> bool:
        """Whether a name ends as those of organisations do, and so was not cut off."""
        return self.is_possible(name) and self._organisation.search(name) is not None

    def goes_on(self, upper: str, lower: str) -> bool:
        """Whether a name begins in the line above: it has none yet, or lacks the place that stands there."""
        if not lower:
            return True
        if upper[:2] == lower[:2]:
            return False
        if self.who.place.fullmatch(upper):
            return True
        return self.is_possible(upper) and not _DIVISION.search(lower[1:_OPENING])

    def alike(self, one: str, other: str) -> bool:
        """Whether two names are of the same unit, one perhaps shortened (某市国资委, 共青团某市委) or cut off.

        A shortened name keeps its end and the order of its characters. It may lack places before it, but none within.
        """
        short, long = sorted((self.bare(one), self.bare(other)), key=len)
        if short == long:
            return True
        if long.startswith(short) and len(short) > 3 and not self._closed.search(short):
            return True
        if len(short) < 2 or short[-1] != long[-1]:
            return False
        dropped = _dropped(short, long)
        return dropped is not None and not any(
            len(run) > 1 and _DIVISION.search(run[-1]) for run in dropped
        )

    def bare(self, name: str) -> str:
        """A name without what tells its own office, or shortens its end."""
        return self.who.full.sub("", self.who.own.sub("", name))


def _dropped(short: str, long: str) -> list[str] | None:
    """The runs of characters within ``long`` that ``short`` lacks; None where it is no shortening of it."""
    runs, end = [], len(long)
    for character in reversed(short):
        at = long.rfind(character, 0, end)
        if at < 0:
            return None
        runs.append(long[at + 1 : end])
        end = at
    return runs
