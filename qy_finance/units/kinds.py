"""What kind of authority a unit is, and which are the central government's, by their names alone."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Final, NamedTuple

import attrs

from qy_finance.load import load

_FOLDER: Final = Path(__file__).parent
_STARTS: Final = "(?:^|[省市县区旗州盟镇乡道]|国家|国务院)"


@attrs.frozen
class KindWords:
    """What names are made of; see the head of ``kinds.toml``."""

    ending: str
    filler: str
    own: re.Pattern[str]
    party: re.Pattern[str]


@attrs.frozen
class Authority:
    """One kind of authority."""

    name: str
    en: str
    topics: tuple[str, ...] = ()
    whole: str = ""
    located: bool = False
    vertical: bool = False


class Judged(NamedTuple):
    """The kind of a unit, or none and why."""

    kind: Authority | None
    why: str = ""


@attrs.frozen(slots=False)
class _Kinds:
    """All that ``kinds.toml`` says."""

    words: KindWords
    kind: tuple[Authority, ...]

    @cached_property
    def by_topic(self) -> dict[str, Authority]:
        """The kind of each word, the longest words first."""
        found = {topic: kind for kind in self.kind for topic in kind.topics}
        return {topic: found[topic] for topic in sorted(found, key=len, reverse=True)}

    @cached_property
    def topic(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.by_topic)))

    @cached_property
    def run(self) -> re.Pattern[str]:
        words = f"(?:{self.topic.pattern}|{self.words.filler})+"
        return re.compile(f"{_STARTS}(?P<run>{words}){self.words.ending}$")

    @cached_property
    def wholes(self) -> list[tuple[Authority, re.Pattern[str]]]:
        return [(one, re.compile(f"(?:{one.whole})$")) for one in self.kind if one.whole]


_KINDS: Final = load(_FOLDER / "kinds.toml", _Kinds)
PARTY: Final = _KINDS.words.party
KINDS: Final = {kind.name: f"{kind.name} {kind.en}" for kind in _KINDS.kind}
"""The kinds that there are, and what they are."""


def own(name: str) -> str:
    """A name without what tells the authority's own office from those below it (本级)."""
    return _KINDS.words.own.sub("", name)


def kind_of(name: str) -> Judged:
    """The kind of a unit of that name."""
    bare = own(name)
    found = [kind for kind, whole in _KINDS.wholes if whole.search(bare)]
    if not found and (run := _KINDS.run.search(bare)):
        topics = (match[0] for match in _KINDS.topic.finditer(run["run"]))
        found = list(dict.fromkeys(_KINDS.by_topic[topic] for topic in topics))
    if len(found) == 1:
        return Judged(found[0])
    if found:
        return Judged(None, f"名称里有几类：{'、'.join(kind.name for kind in found)}")
    return Judged(None, "名称不能说明是哪一类机关")


@attrs.frozen
class _Central:
    names: tuple[str, ...]
    whole: tuple[str, ...]


_CENTRAL: Final = load(_FOLDER / "central.toml", _Central)


@cache
def central_names() -> tuple[str, ...]:
    """The names that only central authorities begin with, the longest first."""
    return tuple(sorted(_CENTRAL.names, key=len, reverse=True))


def central_of(name: str) -> str:
    """The listed central authority that a name is, or begins with; empty for none.

    Of a word that goes on (财政部门) it is none, nor of a name that local authorities bear with their place behind it.
    """
    if name in _CENTRAL.whole:
        return name
    known = (one for one in central_names() if name.startswith(one))
    return next((one for one in known if name[len(one) :][:1] not in ("门", "队")), "")
