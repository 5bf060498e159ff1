"""Which files are which report: of those that hold the same one the fullest, or those that complete each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qy_finance.corpus.work import Item, joined
from qy_finance.entries import Key
from qy_finance.intake import completes
from qy_finance.looks import Look

if TYPE_CHECKING:
    from qy_finance.report import Report

Told = Mapping[str, Any]
"""What a part tells of its report: ``failure``, or what :func:`seen_of` says."""


def seen_of(report: Report) -> dict[str, Any]:
    """What decides between files that hold the same report, as JSON can say it."""
    reading, identity = report.reading, report.reading.identity
    return {
        "key": [identity.unit, identity.year, identity.scope],
        "is_scoped": bool(identity.said.get("scope")),
        "tables": list(reading.tables),
        "figures": len(reading.facts),
        "prose": len(reading.prose),
    }


@dataclass(frozen=True)
class Choice:
    """The items that are a report of the corpus each, by ``report_id``, and why others are not: an item and the error's
    name, place, expectation and what was found.
    """

    reports: Mapping[str, Item]
    failures: list[tuple[Item, list[str]]]


def chosen(items: Iterable[Item], told: Mapping[str, Told], look: Callable[[Item], Told]) -> Choice:
    """Choose among items by what was told of each (by its key); ``look`` reads files together.

    As :func:`qy_finance.intake.reports_among` does: files are parts of one report if they are of one unit and year, and
    one has tables and the other the prose. The lines of a catalogue are reports as they are.
    """
    failures: list[tuple[Item, list[str]]] = []
    good: list[tuple[Item, Told]] = []
    for item in items:
        said = told[item.key] if not item.wrong else {}
        if item.wrong:
            failures.append((item, ["FileError", "", "a file that can be read", item.wrong]))
        elif "failure" in said:
            failures.append((item, list(said["failure"])))
        else:
            good.append((item, said))
    good.sort(key=lambda one: (-one[1]["figures"], one[0].names))
    whole: dict[tuple[str, int], list[tuple[Item, Told]]] = {}
    for item, said in good:
        same = whole.setdefault(tuple(said["key"][:2]), [])
        for at, (first, seen) in enumerate(same):
            if item.entry is None and completes(_look(item, said), _look(first, seen)):
                both = joined([first, item])
                together = look(both)
                if "failure" not in together:
                    same[at] = both, together
                    break
        else:
            if again := next((i for i, seen in same if seen["key"] == said["key"]), None):
                found = f"another version of {again.name}"
                wanted = ["DuplicateReportError", "", "one file for each report", found]
                failures.append((item, wanted))
            else:
                same.append((item, said))
    reports = {said["report_id"]: item for some in whole.values() for item, said in some}
    return Choice(dict(sorted(reports.items())), sorted(failures, key=lambda one: one[0].names))


def _look(item: Item, told: Told) -> Look:
    """What was seen of an item, as far as it decides what completes what."""
    return Look(
        item.names,
        item.paths,
        sha256=item.sha256,
        key=Key(*told["key"]),
        is_scoped=told["is_scoped"],
        tables=tuple(told["tables"]),
        prose=told["prose"],
    )
