"""The parts of a build become files: a year is written again only where its reports have changed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from qy_finance.contract import ACCOUNTS, FAILURES, RESOURCES
from qy_finance.corpus.choosing import Choice
from qy_finance.store.documents import SCHEMA
from qy_finance.store.files import DOCUMENTS, MEMBERS, Listing
from qy_finance.store.keeping import MEMBER
from qy_finance.store.merging import merged, written
from qy_finance.store.schemas import schema_of

_ALL: Final = "all"
"""What has no year."""
_OF_ALL: Final = (FAILURES, ACCOUNTS)
"""Resources that are made of no report by itself; the accounts a corpus tells when it is asked."""
_AT_ONCE: Final = 2
"""Files that are written at the same time, each with some tens of megabytes in memory."""
_ADDED: Final = 4
"""A year is written as a whole again when what was added is more than one part in so many."""


@dataclass(frozen=True)
class Changed:
    """What is new in one year: the parts of reports that were read, or only checked again; reports that are gone."""

    read: Mapping[str, Path]
    checked: Mapping[str, Path]
    gone: frozenset[str]

    def parts(self, resource: str) -> Mapping[str, Path]:
        """The parts that have the new rows of a resource."""
        return self.read if resource == DOCUMENTS else {**self.read, **self.checked}


def merge(before: Listing, years: Mapping[str, Changed], others: Mapping[str, pa.Table]) -> Listing:
    """Write the files of a new making; those of ``before`` still hold, ``others`` are tables of no year."""
    schemas = {name: schema_of(one) for name, one in RESOURCES.items() if name not in _OF_ALL}
    files: dict[str, dict[str, tuple[str, ...]]] = {}
    # documents first: they take as long as all others together
    schemas = {DOCUMENTS: SCHEMA, MEMBERS: MEMBER, **schemas}
    stopped = Event()
    with ThreadPoolExecutor(min(_AT_ONCE, os.cpu_count() or 1)) as pool:
        made = {
            (resource, year): pool.submit(
                _written, before, resource, schema, year, changed, stopped.is_set
            )
            for resource, schema in schemas.items()
            for year, changed in years.items()
        }
        try:
            for resource in schemas:
                files[resource] = dict(before.files.get(resource, {}))
                for year in years:
                    if names := made[resource, year].result():
                        files[resource][year] = names
                    else:
                        files[resource].pop(year, None)
        finally:  # an interrupted build waits for no file
            stopped.set()
            pool.shutdown(cancel_futures=True)
    for resource, table in others.items():
        files[resource] = {_ALL: (written(before.folder / resource, _ALL, table),)}
    return Listing(before.folder, before.made_by, before.contract, files)


def _written(
    before: Listing,
    resource: str,
    schema: pa.Schema,
    year: str,
    changed: Changed,
    is_stopped: Callable[[], bool],
) -> tuple[str, ...]:
    fresh, paths = changed.parts(resource), before.paths(resource, year)
    if not fresh and not changed.gone:
        return tuple(path.name for path in paths)
    folder = before.folder / resource
    if _is_small(before, year, changed):
        whole = [path for path in paths if not _is_added(path)]
        added = [path for path in paths if _is_added(path)]
        names = [path.name for path in whole]
        names.append(merged(folder, f"{year}+", schema, added, fresh, frozenset(), is_stopped))
    else:
        names = [merged(folder, f"{year}-", schema, paths, fresh, changed.gone, is_stopped)]
    return tuple(filter(None, names))


def _is_small(before: Listing, year: str, changed: Changed) -> bool:
    """Whether reports are only added, and few: they get a file of their own then."""
    counts = {True: 0, False: len(changed.read)}
    for path in before.paths("reports", year):
        counts[not _is_added(path)] += pq.read_metadata(path).num_rows
    only_added = not changed.gone and not changed.checked.keys() - changed.read.keys()
    return only_added and counts[False] * _ADDED < counts[True]


def _is_added(path: Path) -> bool:
    return "+" in path.name


def failures(choice: Choice) -> pa.Table:
    """The rows of ``failures``: every file that is no report of the corpus, and why."""
    schema = schema_of(RESOURCES[FAILURES])
    names = ("error", "place", "expected", "found")
    rows: list[dict[str, object]] = []
    for number, (item, said) in enumerate(choice.failures, start=1):
        key = item.entry.key._asdict() if item.entry else {}
        told = {"number": number, "file": item.name, **key, **dict(zip(names, said, strict=True))}
        rows.append({name: told.get(name) or None for name in schema.names})
    return pa.Table.from_pylist(rows, schema=schema)
