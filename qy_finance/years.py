"""All years of one unit: its reports in the catalogue, and no others, whatever else that has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from qy_finance.analysis.measures import ReportingUnit
from qy_finance.analysis.members import Unread
from qy_finance.catalogue import opened, reason
from qy_finance.entries import Catalogue, Entry, Key, read
from qy_finance.errors import ReportError
from qy_finance.units.links import Succession, links, names_of

if TYPE_CHECKING:
    from qy_finance.report import Report


@dataclass(frozen=True)
class UnitYears:
    """The reports of one unit and scope, the earliest first.

    Attributes
    ----------
    reports : sequence of Report
        One for each year, under all names that the unit had (renamings in ``units_links.csv``).
    unread : sequence of Unread
        Years whose report can't be read, or whose line of the catalogue is at fault, each with the reason.
    links : sequence of Succession
        The lines of ``units_links.csv`` that name the unit.
    apart : sequence of Key
        Reports of the unit that are no part of the series: of the other scope, or a second one of a year.
    """

    reports: Sequence[Report]
    unread: Sequence[Unread] = ()
    links: Sequence[Succession] = ()
    apart: Sequence[Key] = field(default=())


def all_years(report: Report, data_dir: str | Path = "") -> UnitYears:
    """The reports of the unit and scope of a report for all years; that one is not read again.

    Raises
    ------
    CatalogueError, LinkError
        The catalogue, or ``units_links.csv``, can't be read at all.
    """
    catalogue, known = read(data_dir), links(data_dir)
    meta = report.meta
    own = Key(str(meta["unit"]), int(str(meta["year"])), str(meta["scope"]))
    names = names_of(own.unit, known)
    chosen = chosen_of(catalogue, own, names)
    reports, unread = {own.year: report}, []
    for entry in chosen:
        if entry.year != own.year:
            try:
                reports[entry.year] = opened(catalogue, entry)[0]
            except ReportError as error:
                unread.append(_unread(entry.key, error))
    faults = [(key, fault.error) for fault in catalogue.faults for key in fault.keys]
    unread += [
        _unread(key, error)
        for key, error in faults
        if key.unit in names and key.scope == own.scope and key != own
    ]
    taken = {own, *(entry.key for entry in chosen)}
    apart = [entry.key for entry in catalogue.entries if entry.unit in names]
    return UnitYears(
        [reports[year] for year in sorted(reports)],
        sorted(unread, key=lambda one: one.year or 0),
        [one for one in known if one.concerns(names)],
        sorted({*apart} - taken, key=lambda key: (key.year, key.unit, key.scope)),
    )


def chosen_of(catalogue: Catalogue, own: Key, names: Sequence[str]) -> list[Entry]:
    """Of each year one report of a unit with these names and of one scope; where two names have one, the unit's own."""
    found: dict[int, Entry] = {}
    for name in [*names, own.unit]:  # of two, the later name's; that of the unit itself before all
        found |= {entry.year: entry for entry in catalogue.all_years(name, own.scope)}
    return [found[year] for year in sorted(found)]


def _unread(key: Key, error: ReportError) -> Unread:
    return Unread(ReportingUnit(key.unit, key.unit, key.scope), key.year, reason(error))
