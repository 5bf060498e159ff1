"""Whose report it is: unit, year, scope and money unit, as the report itself says in several places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from qy_finance.errors import NotAReportError
from qy_finance.form import Form
from qy_finance.identity.names import Names
from qy_finance.identity.said import OWN, WHOLE, Claim, Sayings
from qy_finance.tables import TableReading

__all__ = ["Claim", "Identification", "ReportIdentity", "report_id"]

_PLACES: Final = {
    "cover": 1.0,
    "heading": 1.0,
    "label": 1.0,
    "sentence": 0.5,
    "mention": 0.25,
    "file": 0.1,
}
"""Where a report says who it is, and how much that counts; a mention is a sentence that does not account for a year.
Mentions and the name of the file are asked only for what nothing else says."""
_UNLIKELY: Final = 0.2  # what a name counts that does not end as those of organisations do
_MOST: Final = 40  # names among which the unit's is
_NAMES: Final = {"cover": "封面", "heading": "标题", "label": "表头", "sentence": "正文"}


@dataclass(frozen=True, slots=True)
class ReportIdentity:
    """What a report says of itself.

    ``said`` is what each place says of unit, year and scope: ``{"unit": {"cover": (...), "label": (...)}, ...}``, with
    the places ``cover``, ``heading``, ``label``, ``sentence``, ``mention`` and ``file``; ``disagreements`` tell
    in Chinese where they differ.
    """

    unit: str
    year: int
    scope: str
    money_unit: str
    template: str
    said: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    disagreements: tuple[str, ...] = ()

    @property
    def report_id(self) -> str:
        """Stable id of a report, see :func:`report_id`."""
        return report_id(self.unit, self.year, self.scope)


def report_id(unit: str, year: int, scope: str) -> str:
    """Stable id of a report: unit, year and scope."""
    return f"{unit}_{year}_{scope}"


class Identification:
    """Who reports, decided from all that is said: the value that most places support."""

    def __init__(self, sayings: Sayings, form: Form) -> None:
        self.sayings = sayings
        self.names = Names(form.who)
        self.year = self._year()
        self.unit = self._unit()
        self.scope = self._scope()

    def identity(self, file: str, tables: TableReading) -> ReportIdentity:
        """The identity of a report with these tables.

        Raises
        ------
        NotAReportError
            The document nowhere says for which year or entity it accounts.
        """
        if self.year is None:
            raise NotAReportError(file, "", "a final account (…年度部门决算)", "no year of account")
        if not self.unit:
            blanks = "、".join(dict.fromkeys(self.sayings.refused))
            found = f"only {blanks}" if blanks else "none"
            raise NotAReportError(file, "", "the reporting entity (单位：…)", found)
        said = self.sayings
        differing = (
            self._told("单位", said.units, self.unit),
            self._told("年度", said.years, str(self.year)),
            self._told("范围", self._of_scope(), self.scope),
        )
        return ReportIdentity(
            self.unit,
            self.year,
            self.scope,
            tables.money_unit,
            "numbered" if tables.numbered else "plain",
            {
                "unit": _by_place(said.units),
                "year": _by_place(said.years),
                "scope": _by_place([*said.marks, *said.scopes]),
            },
            tuple(filter(None, differing)),
        )

    def _year(self) -> int | None:
        """The year that most places name; of equals that of the first of them."""
        votes: dict[str, float] = {}
        for place, weight in _PLACES.items():
            if years := [said.value for said in self.sayings.years if said.place == place]:
                most = Counter(years).most_common(1)[0][0]
                votes[most] = votes.get(most, 0) + weight
        return int(max(votes, key=votes.__getitem__)) if votes else None

    def _unit(self) -> str:
        """The name that most places support, each counting the share of its names that are alike.

        Of several ways to write one name it is the one that most places have, then the longest.
        """
        names = (name for said in self.sayings.units for name in (said.value, *said.others))
        candidates = list(dict.fromkeys(names))[:_MOST]
        support = {name: self._support(name) for name in candidates}
        if not support:
            return ""
        best = max(candidates, key=lambda name: (support[name], -candidates.index(name)))
        same = [name for name in candidates if self.names.alike(name, best)]
        return max(same, key=lambda name: (self._places_with(name), len(name)))

    @cached_property
    def _names(self) -> Mapping[str, Counter[tuple[str, ...]]]:
        """How often each place says each name, with its shorter readings."""
        places: dict[str, Counter[tuple[str, ...]]] = {}
        for said in self.sayings.units:
            places.setdefault(said.place, Counter())[said.value, *said.others] += 1
        return places

    def _support(self, name: str) -> float:
        total = 0.0
        for place, weight in _PLACES.items():
            said = self._names.get(place, Counter())
            agree = sum(
                count
                for names, count in said.items()
                if any(self.names.alike(name, other) for other in names)
            )
            if agree:
                total += weight * agree / said.total()
        return total if self.names.is_organisation(name) else total * _UNLIKELY

    def _places_with(self, name: str) -> float:
        """How much the places count that have a name written so."""
        places = {said.place for said in self.sayings.units if said.value == name}
        return sum(_PLACES[place] for place in places)

    def _scope(self) -> str:
        """The scope that the name says (本级, 汇总); else what the account calls itself, on the cover first.

        The account of one unit (单位决算) is its own (本级). How many units a department has is no hint: one that has
        no others publishes a 部门决算 all the same.
        """
        if self.sayings.marks:
            return Counter(said.value for said in self.sayings.marks).most_common(1)[0][0]
        votes = {OWN: 0.0, WHOLE: 0.0}
        for place, weight in {**_PLACES, "text": 0.5}.items():
            own = [said.value for said in self.sayings.scopes if said.place == place]
            for scope, count in Counter(own).items():
                votes[scope] += weight * count / len(own)
        return OWN if votes[OWN] > votes[WHOLE] else WHOLE

    def _of_scope(self) -> list[Claim]:
        """What may contradict the scope: names, else titles; and sentences that count several units."""
        titles = [said for said in self.sayings.scopes if said.place in ("cover", "heading")]
        counted = [said for said in self.sayings.scopes if said.place == "sentence"]
        return [*(self.sayings.marks or titles), *counted]

    def _told(self, what: str, sayings: Iterable[Claim], decided: str) -> str:
        """Where something else is said than what was decided; of sentences only if most of them do."""
        others: dict[tuple[str, str], list[int]] = {}
        sentences = Counter(said.value for said in sayings if said.place == "sentence")
        for said in sayings:
            if said.place not in _NAMES:
                continue
            if said.place == "sentence" and said.value != sentences.most_common(1)[0][0]:
                continue
            if not any(self._same(value, decided) for value in (said.value, *said.others)):
                others.setdefault((said.place, said.value), []).append(said.line)
        if not others:
            return ""
        told = "；".join(
            f"{_NAMES[place]}作“{value}”（第{'、'.join(map(str, lines[:3]))}{'等' * (len(lines) > 3)}行）"
            for (place, value), lines in others.items()
        )
        return f"{what}取“{decided}”：{told}"

    def _same(self, said: str, decided: str) -> bool:
        return said == decided or (not said.isdigit() and self.names.alike(said, decided))


def _by_place(sayings: Iterable[Claim]) -> dict[str, tuple[str, ...]]:
    """What each place says, each once."""
    places: dict[str, dict[str, None]] = {place: {} for place in _PLACES}
    for said in sayings:
        if said.place in places:
            places[said.place][said.value] = None
    return {place: tuple(values) for place, values in places.items() if values}
