"""The reports of a catalogue, read one after another; no more than a report and that of the year before is held."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from typing import IO

from qy_finance.catalogue import opened, years_before
from qy_finance.decisions import NAME as DECISIONS
from qy_finance.decisions import read_decisions
from qy_finance.entries import Catalogue, Entry
from qy_finance.errors import ReportError
from qy_finance.report import Report
from qy_finance.tidy.records import Failure, Tidy, failure_of, records_of

Made = Tidy | Failure
"""The rows of a report, or why there are none."""


def stream(catalogue: Catalogue, waiting: IO[bytes]) -> Iterator[Made]:
    """Read and check every report, each against that of its unit and scope for the year before; faults of the catalogue
    come first.

    Reports are read unit by unit, years after each other, and come in the order of the catalogue: the rows of one
    that is read before its turn wait in a file.

    Parameters
    ----------
    catalogue
        Its reports; the neighbours of a report are those that the lines of the catalogue say.
    waiting
        An empty file, for reading and writing.

    Raises
    ------
    DecisionError
        ``decisions.csv`` has a line that is none; what it says would be left out everywhere.
    """
    if (decided := catalogue.data_dir / DECISIONS).is_file():
        read_decisions(decided)
    for fault in catalogue.faults:
        for key in fault.keys or (None,):
            yield failure_of(fault.error, key)
    yield from _in_turn(_read(catalogue), waiting)


def _read(catalogue: Catalogue) -> Iterator[tuple[int, Made]]:
    """What is made of each report, with its place in the catalogue, unit by unit."""
    units: dict[tuple[str, str], list[tuple[int, Entry]]] = {}
    for place, entry in enumerate(catalogue.entries):
        units.setdefault((entry.unit, entry.scope), []).append((place, entry))
    for of_unit in units.values():
        last: Report | None = None
        for place, entry in sorted(of_unit, key=lambda one: one[1].year):
            made, last = _made(catalogue, entry, last)
            yield place, made


def _made(catalogue: Catalogue, entry: Entry, last: Report | None) -> tuple[Made, Report | None]:
    """What is made of a report, and the report; None where the next year can't be checked against it."""
    try:
        # what was noticed, `missing_tables` and `doubtful` of its row say
        report, _ = opened(catalogue, entry)
        *_, previous = years_before([report] if last is None else [last, report])
        replaced = catalogue.versions(entry)[1:] if entry.replaces else ()
        return records_of(entry, report, previous, replaced), report
    except (ReportError, OSError) as error:
        return failure_of(error, entry), None


def _in_turn(made: Iterable[tuple[int, Made]], waiting: IO[bytes]) -> Iterator[Made]:
    """What comes with its place, in the order of places; what comes early waits in the file."""
    early: dict[int, int] = {}  # where in the file
    turn = 0
    for place, one in made:
        if place != turn:
            early[place] = waiting.seek(0, 2)
            pickle.dump(one, waiting, pickle.HIGHEST_PROTOCOL)
            continue
        yield one
        turn += 1
        while turn in early:
            waiting.seek(early.pop(turn))
            yield pickle.load(waiting)
            turn += 1
