"""What standards from outside (``law.toml``) ask of a service hotline, beside what a report states."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qy_finance.analysis import knowledge
from qy_finance.analysis.law import Provision, stated
from qy_finance.facts import Fact
from qy_finance.reading import Reading


@dataclass(frozen=True)
class Yardstick:
    """What a standard from outside asks of a hotline, the report's own target of it, and what the report states.

    ``said`` are the words of the report where it states no figure.
    """

    rule: Provision
    goal: Fact | None
    actual: Fact | None
    said: str = ""


def yardsticks(
    reading: Reading, year: int, own: Sequence[Fact], rate: tuple[Fact | None, Fact | None]
) -> list[Yardstick]:
    """The yardsticks of a year, in the order of ``law.toml``; ``rate`` are the hotline's own target and answer rate."""
    known = knowledge("hotline.toml")["yardstick"]
    found = []
    for rule in stated("hotline", year):
        asks = rule.values["asks"]
        if asks == "rate":
            found.append(Yardstick(rule, *rate))
            continue
        of = known[asks]
        facts = (f for f in own if f.noun in of["units"] and re.search(of["item"], f.item))
        actual = next((fact for fact in facts if fact.measure not in ("target", "share")), None)
        words = re.search(of["said"], reading.text) if "said" in of and actual is None else None
        found.append(Yardstick(rule, None, actual, words[0] if words else ""))
    return found
