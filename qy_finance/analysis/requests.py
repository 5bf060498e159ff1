"""Notebook 04: what a hotline was asked, by channel and topic, and how its figures move.

Read from the prose by what the figures are called (``requests.toml``); ``own`` are those of the report's own year.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Final

from qy_finance.checks import CheckSet
from qy_finance.checks.changes import leaf
from qy_finance.checks.model import Check
from qy_finance.facts import Fact
from qy_finance.numbers import Number, total
from qy_finance.reading import Reading

_KNOWN: Final = tomllib.loads(files(__package__).joinpath("requests.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Channel:
    """Requests by one channel (电话, 微信, …); ``share`` is in % of all stated channels, None where these are 0."""

    name: str
    count: Fact
    share: Number | None


def channels(own: Sequence[Fact]) -> list[Channel]:
    """Requests by the channel that they came through (诉求受理渠道), largest first."""
    known = _KNOWN["requests"]
    found: dict[str, Fact] = {}
    for fact in own:
        asked = fact.measure == "count" and fact.noun in known["units"]
        if asked and re.search(known["item"], fact.item):
            names = (name for name, pattern in known["channels"] if re.search(pattern, fact.item))
            found.setdefault(next(names, ""), fact)
    found.pop("", None)
    whole = total(fact.compared for fact in found.values())
    listed = sorted(found.items(), key=lambda pair: -pair[1].value)
    return [Channel(name, fact, fact.compared.percent_of(whole)) for name, fact in listed]


def shares_of_calls(checks: CheckSet, own: Sequence[Fact]) -> list[Check]:
    """The checks of the stated shares of calls (占来话总数的…): share, part and whole are their operands."""
    stated = (
        fact
        for fact in own
        if fact.measure == "share" and re.fullmatch(_KNOWN["requests"]["calls"], fact.column)
    )
    found = (checks.verdict("prose.share", fact) for fact in stated)
    return [check for check in found if check is not None and check.outcome.rhs is not None]


@dataclass(frozen=True)
class Breakdown:
    """A count that a sentence divides into parts, largest first, and whether it tells them in that order."""

    whole: Fact
    parts: list[Fact]
    sorted_as_told: bool

    @property
    def name(self) -> str:
        """What is divided, without the heading before it."""
        return leaf(self.whole.item)

    @cached_property
    def covered(self) -> Number:
        """Sum of the parts."""
        return total(part.compared for part in self.parts)

    @cached_property
    def rest(self) -> Number:
        """What the parts leave of the whole."""
        return self.whole.compared - self.covered

    @property
    def complete(self) -> bool:
        """Whether the parts can be all of the whole."""
        return self.rest.low <= 0 <= self.rest.high

    def share(self, part: Number) -> Number:
        """A part in % of the whole."""
        return 100 * part / self.whole.compared


def breakdowns(reading: Reading, own: Sequence[Fact], about: str) -> list[Breakdown]:
    """The counts of the performance chapter that are divided into two parts or more, in their order.

    A total, and the counts of the same kind behind it in its sentence, if each is smaller and all together fit in;
    ``about`` is ``topics`` of work orders (工单) or ``training``.
    """
    known = _KNOWN["divided"]
    counts = [f for f in own if f.measure == "count" and re.search(known["section"], f.section)]
    found = []
    for at, whole in enumerate(counts):
        if not re.search(known[about], whole.item):
            continue
        end = reading.text.find("。", whole.figure.end)
        parts = [
            part
            for part in counts[at + 1 :]
            if (end == -1 or part.figure.start < end)
            and part.noun == whole.noun
            and 0 < part.value < whole.value
        ]
        ordered = sorted(parts, key=lambda part: -part.value)
        division = Breakdown(whole, ordered, sorted_as_told=ordered == parts)
        if len(parts) > 1 and division.rest.high >= 0 and whole.span.low > 0:
            found.append(division)
    return found


@dataclass(frozen=True)
class Months:
    """A rate in % that a sentence tells for two months (从5月份的…提升至9月份的…), and the change as it is stated.

    ``check`` says whether that agrees; None where it was not checked.
    """

    months: tuple[int, int]
    before: Fact
    after: Fact
    stated: Fact | None
    check: Check | None

    @property
    def points(self) -> Number:
        """The change in percentage points."""
        return self.after.number - self.before.number


def months(checks: CheckSet) -> list[Months]:
    """Rates of two months that follow one another in the prose."""
    prose = checks.reading.prose
    found = []
    for at, (first, second) in enumerate(pairwise(prose)):
        one, two = (re.fullmatch(_KNOWN["trend"]["month"], f.column) for f in (first, second))
        if one and two and first.item == second.item and first.unit == second.unit == "%":
            told = (fact for fact in prose[at + 2 : at + 3] if fact.item == first.item)
            stated = next((f for f in told if f.measure in ("change", "change_rate")), None)
            check = checks.verdict("prose.rise", stated, first, second) if stated else None
            found.append(Months((int(one[1]), int(two[1])), first, second, stated, check))
    return found


@dataclass(frozen=True)
class Growth:
    """Stated growth on the year before (同比), in %.

    ``level`` is derived: the year before the first is 100, each stated rate multiplied on; None from the first gap in
    the years on. It assumes that all rates speak of the same thing; names can differ from year to year.
    """

    rate: Fact
    level: Number | None


def growth(reading: Reading) -> list[Growth]:
    """Stated growth of calls or requests by year, the first that is stated for each."""
    known = _KNOWN["trend"]
    by_year: dict[int, Fact] = {}
    for fact in reading.find(measure="change_rate", column=known["year_before"]):
        if re.search(known["growing"], leaf(fact.item)):
            by_year.setdefault(fact.year, fact)
    found: list[Growth] = []
    level: Number | None = Number(100)
    for year, rate in sorted(by_year.items()):
        connected = not found or found[-1].rate.year == year - 1
        level = level * (1 + rate.number / 100) if level is not None and connected else None
        found.append(Growth(rate, level))
    return found


def satisfaction(own: Sequence[Fact]) -> tuple[Fact, Fact] | None:
    """Satisfaction with the call and with what became of the request (满意度, 满意率), in %; None without both."""
    known = _KNOWN["satisfaction"]
    found: dict[bool, Fact] = {}
    for fact in own:
        rated = fact.measure in ("rate", "actual") and fact.unit == "%"
        of_month = re.fullmatch(_KNOWN["trend"]["month"], fact.column)
        if rated and not of_month and re.search(known["item"], fact.item):
            found.setdefault(re.search(known["outcome"], fact.item) is not None, fact)
    return (found[False], found[True]) if len(found) == 2 else None
