"""What the workbook holds: a sheet has so many rows, and what lies beyond them is in CSV and Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.compute as pc
import pyarrow.parquet as pq

from qy_finance.contract import FAILURES

ROWS: Final = 1_048_576
"""Rows of a sheet, its header among them."""

_BATCH: Final = 2048  # rows that are Python's at one time


class OfYear(NamedTuple):
    """Reports of a year, if it is known: that the data have, that the workbook holds, that could not be read."""

    year: int | None
    read: int
    held: int
    failed: int


class Holding(NamedTuple):
    """Which reports a workbook holds: their ids, and how many of each year, the newest first."""

    reports: frozenset[str]
    years: tuple[OfYear, ...]

    @property
    def is_whole(self) -> bool:
        """Whether it holds every report of the catalogue."""
        return all(one.held == one.read and not one.failed for one in self.years)


def holding(folder: Path, asked: AbstractSet[str] | None, resources: Iterable[str]) -> Holding:
    """The reports of these digests, or all, as far as a sheet holds the rows of each of these resources.

    The newest years come first, the reports of a year in the order of the catalogue; it ends with the first that does
    not fit.
    """
    reports = list(rows_of(folder, "reports", ["report_id", "year", "sha256"]))
    sizes = [_sizes(folder, name) for name in resources]
    filled = [1] * len(sizes)
    held: dict[str, int] = {}  # the year of each
    for one in sorted(reports, key=lambda one: -int(one["year"])):
        if asked is None or one["sha256"] in asked:
            name = one["report_id"]
            filled = [rows + size[name] for rows, size in zip(filled, sizes, strict=True)]
            if max(filled) > ROWS:
                break
            held[name] = one["year"]
    read = Counter(one["year"] for one in reports)
    failed = Counter(one["year"] for one in rows_of(folder, FAILURES, ["year"]))
    of_year = Counter(held.values())
    years = sorted({*read, *failed}, key=lambda year: -(year or 0))
    told = tuple(OfYear(year, read[year], of_year[year], failed[year]) for year in years)
    return Holding(frozenset(held), told)


def rows_of(
    folder: Path,
    name: str,
    columns: Sequence[str] | None = None,
    reports: AbstractSet[str] | None = None,
    table: str | None = None,
) -> Iterator[dict[str, Any]]:
    """The rows of a resource, from its Parquet file: all, or those of these reports and this table."""
    with pq.ParquetFile(folder / f"{name}.parquet") as file:
        for batch in file.iter_batches(_BATCH, columns=columns):
            if table is not None:
                batch = batch.filter(pc.equal(batch["table"], table))  # noqa: PLW2901
            for row in batch.to_pylist():
                if reports is None or row["report_id"] in reports:
                    yield row


def _sizes(folder: Path, name: str) -> Counter[str]:
    """How many rows of a resource each report has."""
    sizes: Counter[str] = Counter()
    with pq.ParquetFile(folder / f"{name}.parquet") as file:
        for batch in file.iter_batches(columns=["report_id"]):
            sizes.update(batch["report_id"].to_pylist())
    return sizes
