"""What a corpus beside a catalogue has of its reports, so that no file is read anew: documents, and what panels show.

It counts only as far as it is up to date: the same files, read by the same code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from qy_finance.contract import CONTRACT
from qy_finance.errors import CorpusError
from qy_finance.readers import Document
from qy_finance.store.basis import made_by
from qy_finance.store.documents import document_of
from qy_finance.store.files import DOCUMENTS, INPUTS, MEMBERS, NAME, Listing, listing, report_in

FOLDER: Final = "corpus"
"""In the data folder: the corpus of its catalogue."""

INPUT: Final = pa.schema(
    [(name, pa.string()) for name in ("key", "file", "sha256", "report_id", "against", "told")]
)
"""A row for each file: :func:`key_of` it and of that of the year before (``against``), and what was seen of it."""

MEMBER: Final = pa.schema([(name, pa.string()) for name in ("report_id", "told", "foremost")])
"""A row for each report: what the panel keeps of it (:func:`qy_finance.analysis.members.kept`), and what the index says
of it (:func:`qy_finance.foremost.foremost`).
"""

_LOST: Final = (OSError, pa.ArrowException)
"""What is raised where a file of the corpus is damaged or gone: its reports are read as if it had none of them."""


def key_of(digests: str, names: str, lines: Sequence[Sequence[object]] = ()) -> str:
    """What a file is found again by: digests, names (a report that does not say whose it is has its name), and what the
    catalogue says of it: its line and those of the versions that it replaces.
    """
    if not lines:
        return f"{digests} {names}"
    said = json.dumps(lines, ensure_ascii=False)
    return f"{digests} {names} {sha256(said.encode()).hexdigest()[:16]}"


def member(report_id: str, told: Mapping[str, Any], foremost: Mapping[str, Any]) -> pa.Table:
    """The row of ``members`` of a report."""
    said = (json.dumps(one, ensure_ascii=False) for one in (told, foremost))
    return pa.table([[one] for one in (report_id, *said)], schema=MEMBER)


class Kept:
    """The reports that the corpus of a data folder has as they would be read now."""

    def __init__(self, made: Listing, data_dir: Path) -> None:
        self._made, self._data_dir = made, data_dir
        self._foremost: tuple[str, Mapping[str, str]] = "", {}  # of one year, since all are much

    @cached_property
    def _inputs(self) -> Mapping[str, tuple[str, str]]:
        """Report and year before of each file, by its key."""
        return {
            row["key"]: (row["report_id"], row["against"])
            for row in self._made.rows(INPUTS, ["key", "report_id", "against"])
            if row["report_id"]
        }

    @cached_property
    def _members(self) -> Mapping[str, str]:
        return self._column("told")

    def _column(self, name: str, year: str | None = None) -> Mapping[str, str]:
        """What ``members`` say of each report, of all years or of one."""
        found: dict[str, str] = {}
        for path in self._made.paths(MEMBERS, year):
            rows = pq.read_table(path, columns=["report_id", name])
            found |= zip(*(column.to_pylist() for column in rows.columns), strict=True)
        return found

    def document(self, key: str, year: int) -> Document | None:
        """The document of a file (:func:`key_of`) whose report is of that year; None where it has none."""
        with suppress(*_LOST):
            report, _ = self._inputs.get(key, ("", ""))
            found = report_in(self._made.paths(DOCUMENTS, str(year)), report) if report else None
            return None if found is None else document_of(found, self._data_dir)
        return None

    def member(self, key: str, before: str) -> Mapping[str, Any] | None:
        """What the panel keeps of a file, if it was checked against that (its key, or nothing) of the year before."""
        with suppress(*_LOST):
            report = self._checked(key, before)
            return json.loads(self._members[report]) if report else None
        return None

    def foremost(self, key: str, before: str, year: int) -> dict[str, Any] | None:
        """What the index says of a file, if it was checked against that (its key, or nothing) of the year before.

        Those of a year, that of its report, are read together: ask for one year after the other.
        """
        with suppress(*_LOST):
            if report := self._checked(key, before):
                if self._foremost[0] != str(year):
                    self._foremost = str(year), self._column("foremost", str(year))
                found: dict[str, Any] = json.loads(self._foremost[1][report])
                return found
        return None

    def _checked(self, key: str, before: str) -> str:
        """The report of a file, if it was checked against that of the year before."""
        report, against = self._inputs.get(key, ("", ""))
        return report if against == before else ""


def kept(data_dir: Path) -> Kept | None:
    """The corpus of a data folder; None where there is none that is up to date with this package."""
    try:
        made = (data_dir / FOLDER / NAME).stat()
    except OSError:
        return None
    return _kept(data_dir.resolve(), made.st_mtime_ns)


@lru_cache(maxsize=1)
def _kept(data_dir: Path, _made: int) -> Kept | None:
    try:
        made = listing(data_dir / FOLDER)
    except CorpusError:  # one that a build will make anew
        return None
    # what people decided of figures is nothing that documents or members have
    wanted = made_by()
    same = made.contract == CONTRACT and wanted.items() <= made.made_by.items()
    return Kept(made, data_dir) if same else None
