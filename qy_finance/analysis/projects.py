"""Projects (项目) that a report names with their money, in what it says of their self-evaluation."""

from __future__ import annotations

import re
from typing import NamedTuple

from qy_finance.analysis import knowledge
from qy_finance.facts import Fact
from qy_finance.numbers import MONEY
from qy_finance.reading import Reading


class Project(NamedTuple):
    """A project by name: the budget of the year (全年预算数) and what was spent (执行数), None where not stated."""

    name: str
    planned: Fact | None
    spent: Fact | None


def projects(reading: Reading) -> list[Project]:
    """Those of which the prose states what was spent, in the order of the report; a name counts once."""
    known = knowledge("indicators.toml")["project"]
    planned: dict[str, Fact] = {}
    spent: dict[str, Fact] = {}
    for fact in reading.prose:
        said = re.fullmatch(known["item"], fact.item)
        of_year = fact.year == reading.identity.year and fact.measure == "amount"
        if said is None or not of_year or fact.unit_of_measure not in MONEY:
            continue
        name = said["name"]
        if re.search(known["none"], name):
            continue
        if re.fullmatch(known["planned"], fact.column):
            planned.setdefault(name, fact)
        elif re.fullmatch(known["spent"], fact.column):
            spent.setdefault(name, fact)
    return [Project(name, planned.get(name), fact) for name, fact in spent.items()]
