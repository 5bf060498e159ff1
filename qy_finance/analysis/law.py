"""What law and standards say, by year (``law.toml``): the only place of such statements, each with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple

from qy_finance.analysis import knowledge
from qy_finance.language import EN, ZH, spoken, t

_ABOUT: Final = ("topic", "from", "until", "text", "source", "sure", "found", "covers", "english")


@dataclass(frozen=True)
class Provision:
    """One row: what it says, from when until when, by which document, and how it was checked.

    ``values`` are its numbers by key, as the head of ``law.toml`` explains; ``words`` what it says in words, by
    language and key.
    """

    topic: str
    start: date
    end: date  # the last day; that of a document without an end lies beyond all accounts
    words: Mapping[str, Mapping[str, str]]
    values: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The statement, in the language that is spoken as all of its words."""
        return self.words[spoken()]["text"]

    @property
    def source(self) -> str:
        """The document and the place in it."""
        return self.words[spoken()]["source"]

    @property
    def sure(self) -> str:
        """How it was checked."""
        return self.words[spoken()]["sure"]

    @property
    def covers(self) -> str:
        """What its shares are of."""
        return self.words[spoken()]["covers"]

    def in_year(self, year: int) -> bool:
        """Whether it holds on some day of a year."""
        return self.start.year <= year <= self.end.year

    @property
    def period(self) -> str:
        """2022-07-01 至 2022-12-31."""
        if self.end == date.max:
            return t("{start} 起", start=self.start)
        return t("{start} 至 {end}", start=self.start, end=self.end)


@cache
def _statements() -> tuple[Provision, ...]:
    known = knowledge("law.toml")
    sure = {ZH: known["sure"], EN: known["sure"]["english"]}
    return tuple(
        Provision(
            one["topic"], one["from"], one.get("until", date.max),
            {
                ZH: one | {"sure": sure[ZH][one["sure"]]},
                EN: one["english"] | {"sure": sure[EN][one["sure"]]},
            },
            {key: value for key, value in one.items() if key not in _ABOUT},
        )
        for one in known["statement"]
    )  # fmt: skip


@cache
def stated(topic: str, year: int) -> tuple[Provision, ...]:
    """What holds of a topic on some day of a year, in the order of the file."""
    return tuple(one for one in _statements() if one.topic == topic and one.in_year(year))


class Reservation(NamedTuple):
    """What is reserved for small and medium enterprises in a year, in %, and the statements that say so."""

    sme: int
    works: int
    micro: int
    chain: tuple[Provision, ...]

    @property
    def micro_of_all(self) -> Decimal:
        """Share of small and micro enterprises in the whole: a part of a part."""
        return Decimal(self.sme * self.micro) / 100


@cache
def reservation(year: int) -> Reservation | None:
    """The rule of a year; None before there was one.

    Works have the higher share only in a year that is under it from the first day to the last.
    """
    found = stated("reservation", year)
    if not found:
        return None
    (law,) = found
    sme, micro, raised = law.values["sme"], law.values["micro"], stated("works", year)
    works = min(one.values["works"] for one in raised) if _covered(raised, year) else sme
    return Reservation(sme, works, micro, (law, *raised))


def _covered(statements: tuple[Provision, ...], year: int) -> bool:
    """Whether every day of a year is in one of the statements, which follow one another."""
    day = date(year, 1, 1).toordinal()
    for one in sorted(statements, key=lambda one: one.start):
        if one.start.toordinal() <= day:
            day = max(day, min(one.end, date(year, 12, 31)).toordinal() + 1)
    return day > date(year, 12, 31).toordinal()


@cache
def working_hours(year: int) -> Provision:
    """Days and hours that a person works in a year; before the first statement what that says."""
    found = stated("hours", year) or stated("hours", 2008)
    return found[-1]
