"""Where a unit is: the division that its name begins with; which of several of that name, the report says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from qy_finance.units.register import Division, Register

_PLAIN: Final = 3  # characters of a name that is one place's alone: 西区 and 城区 are said of many
_REACH: Final = 40  # characters of a division with those above it
_OFFICIAL: Final = "(?:委|人民政府|政府|人大|人民代表大会|政协|[一-鿿]{1,8}(?:局|厅|委员会|办公室))"
"""What stands behind a division in the name of one of its authorities: a trip to a city is none."""
_SHORT: Final = re.compile("(?:维吾尔|壮族|回族)?自治区$|省$")


class Located(NamedTuple):
    """What is known of where a unit is.

    Attributes
    ----------
    division
        It, where it is certain.
    sure
        How sure that is: a value of the list ``sure``.
    why
        In Chinese: what says so, or what is lacking.
    rest
        What follows the division in the name.
    """

    division: Division | None
    sure: str
    why: str
    rest: str


class Placing:
    """Where units of one year are.

    Parameters
    ----------
    text
        The text of the report without spaces.
    """

    def __init__(self, register: Register, year: int, text: str) -> None:
        self._register, self._year, self._text = register, year, text

    def placed(self, name: str) -> Located:
        """Where the unit of that name is."""
        found, rest, is_full = self._leading(name)
        if not found:
            return self._in_text(name)
        if len(found) > 1:
            return self._chosen(found, rest)
        (one,) = found
        full = self._full(one)
        if is_full:
            return Located(one, "name", f"名称写明{full}", rest)
        if self._said_of(one, self._text):
            return Located(one, "text", f"正文写明{full}", rest)
        if one.level == "county" and len(one.name) < _PLAIN:
            return Located(None, "unknown", f"名称只写“{one.name}”，正文没有写明上级", rest)
        return Located(one, "only", f"名称写“{one.name}”，全国只有{full}", rest)

    def _leading(self, name: str) -> tuple[list[Division], str, bool]:
        """The divisions that a name may begin with, what follows, and whether a higher one stands before it."""
        found: list[Division] = []
        rest, steps = name, 0
        for province, behind in self._provinces(name):
            if self._within([province], behind):
                found, rest, steps = [province], behind, 1
        while step := self._within(found, rest):
            found, size = step
            rest, steps = rest[size:], steps + 1
        return found, rest, steps > 1 or any(one.level != "county" for one in found)

    def _within(self, above: Sequence[Division], rest: str) -> tuple[list[Division], int] | None:
        """The divisions in one of ``above`` (or anywhere, without any) whose name the rest begins with."""
        for some in self._register.starting(rest, self._year):
            inside = [
                one for one in some if not above or any(higher.holds(one) for higher in above)
            ]
            if inside:
                return inside, len(inside[0].name)
        return None

    def _provinces(self, name: str) -> Iterable[tuple[Division, str]]:
        """The provinces whose name without its last word a name begins with, and what follows."""
        for one in self._register.provinces:
            if one.name not in name:
                short = _SHORT.sub("", one.name)
                if short != one.name and name.startswith(short):
                    yield one, name[len(short) :]

    def _chosen(self, found: Sequence[Division], rest: str) -> Located:
        """Of several of one name that which the report says."""
        own = {one: set(self._register.above(one, self._year)) for one in found}
        common = set.intersection(*own.values())
        own = {one: above - common for one, above in own.items()}
        written = [one for one, above in own.items() if any(map(self._text.__contains__, above))]
        named = [one for one in written if self._names_authority(own[one])]
        behind = [one for one in found if self._said_of(one, self._text)]
        whole = [one for one in behind if self._said_of(one, self._text, rest)]
        if len(whole) == 1:
            said = whole
        elif len(behind) == 1 and not set(named) - set(behind):
            said = behind
        else:
            said = named if len(written) == 1 else []
        if len(said) == 1:
            return Located(said[0], "text", f"正文写明{self._full(said[0])}", rest)
        listed = "、".join(map(self._full, found))
        why = "正文写到不止一个" if len(written) > 1 else "名称和正文都没有写明是哪一个"
        told = f"“{found[0].name}”有{len(found)}个：{listed}，{why}"
        return Located(None, "ambiguous", told, rest)

    def _said_of(self, one: Division, text: str, behind: str = "") -> bool:
        """Whether a text writes the division behind one of those above it, with the rest of the unit's name."""
        above = self._register.above(one, self._year)
        return any(f"{higher}{one.name}{behind}" in text for higher in above)

    def _names_authority(self, divisions: Iterable[str]) -> bool:
        """Whether the text names an authority of one of these divisions."""
        named = "|".join(map(re.escape, divisions))
        return bool(named and re.search(f"(?:{named}){_OFFICIAL}", self._text))

    def _in_text(self, name: str) -> Located:
        """Where a unit is that names no division: what the report writes before its name, always the same."""
        found: dict[Division, None] = {}
        for match in re.finditer(re.escape(name), self._text) if name else ():
            before = self._text[max(match.start() - _REACH, 0) : match.start()]
            found |= dict.fromkeys(self._ending(before))
        if len(found) == 1:
            (one,) = found
            return Located(one, "text", f"正文写作{self._full(one)}{name}", name)
        if found:
            listed = "、".join(map(self._full, found))
            return Located(None, "ambiguous", f"名称没有写区划，正文写了几个：{listed}", name)
        return Located(None, "unknown", "名称没有写区划全称，或所写的不在区划代码中", name)

    def _ending(self, text: str) -> list[Division]:
        """The divisions whose name a text ends with; of several those that a higher one stands before."""
        register = self._register
        for size in range(min(register.longest, len(text)), 1, -1):
            some = register.named(text[-size:], self._year)
            if some:
                return [one for one in some if self._said_of(one, text)] or (
                    some if size >= _PLAIN else []
                )
        return []

    def _full(self, one: Division) -> str:
        return self._register.full(one, self._year)
