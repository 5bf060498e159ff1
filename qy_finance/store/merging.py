"""Parts and the files of a making before become the files of a new one, sorted by report.

The same reports give the same files, however often the build was interrupted.
"""

from __future__ import annotations

import heapq
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from concurrent.futures import CancelledError
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from qy_finance.files import TEMPORARY, sha256_of
from qy_finance.store import parts

_GROUP: Final = 4 << 20
"""Bytes in memory of the rows of a row group: writing one takes ten times as many, and documents are asked for one by
one."""
_TOGETHER: Final = 64
"""Tables that wait until they are put together: a table of one row takes ten thousand bytes more than that row."""

Reports = Iterator[tuple[str, pa.Table]]
"""The rows of one report after another, by ``report_id``."""


def merged(
    folder: Path,
    prefix: str,
    schema: pa.Schema,
    before: Iterable[Path],
    fresh: Mapping[str, Path],
    gone: Set[str],
    is_stopped: Callable[[], bool] = bool,
) -> str:
    """Write a file of a resource's folder: the rows that files before have, but those of reports that are gone or fresh
    again, and those of the fresh ones' parts; returns its name, empty where there are no rows.

    Raises
    ------
    CancelledError
        It was stopped, and there is no file.
    """
    kept = (_without(_reports(path), gone | fresh.keys()) for path in before)
    added = ((report, parts.table(fresh[report], folder.name)) for report in sorted(fresh))
    reports = _unless(is_stopped, heapq.merge(*kept, added, key=itemgetter(0)))
    return _file(folder, prefix, schema, _grouped(reports))


def written(folder: Path, prefix: str, table: pa.Table) -> str:
    """Write the file of a small resource; returns its name."""
    return _file(folder, prefix, table.schema, iter([table]))


def _file(folder: Path, prefix: str, schema: pa.Schema, groups: Iterator[pa.Table]) -> str:
    first = next(groups, None)
    if first is None:
        return ""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{secrets.token_hex(6)}{TEMPORARY}.parquet"
    try:
        with pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
            for group in chain([first], groups):
                writer.write_table(group.cast(schema), row_group_size=max(len(group), 1))
        # a name that tells the content: a list never names a file of another making
        name = f"{prefix}{sha256_of(temporary)[:16]}.parquet"
        temporary.replace(folder / name)
        return name
    finally:
        temporary.unlink(missing_ok=True)


def _unless(is_stopped: Callable[[], bool], reports: Reports) -> Reports:
    for report in reports:
        if is_stopped():
            raise CancelledError
        yield report


def _without(reports: Reports, gone: Set[str]) -> Reports:
    return ((report, rows) for report, rows in reports if report not in gone)


def _reports(path: Path) -> Reports:
    """The rows of each report of a file: a row group holds whole reports."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group)
            ids = pc.run_end_encode(rows["report_id"].combine_chunks())
            start = 0
            for report, end in zip(ids.values.to_pylist(), ids.run_ends.to_pylist(), strict=True):
                yield report, rows.slice(start, end - start)
                start = end


def _grouped(reports: Reports) -> Iterator[pa.Table]:
    """The rows of as many reports together as a row group holds."""
    held: list[pa.Table] = []
    waiting: list[pa.Table] = []
    size = 0
    for _, rows in reports:
        if len(rows):
            waiting.append(rows)
            size += rows.nbytes
        if len(waiting) == _TOGETHER:
            held.append(_whole(waiting))
            waiting = []
        if size >= _GROUP:
            yield _whole([*held, *waiting])
            held, waiting, size = [], [], 0
    if held or waiting:
        yield _whole([*held, *waiting])


def _whole(tables: list[pa.Table]) -> pa.Table:
    """Tables as one, in one piece: what is written does not tell from how many."""
    return pa.concat_tables(tables).combine_chunks()
