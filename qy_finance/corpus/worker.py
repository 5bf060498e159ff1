"""One report, read and checked, as a part of a corpus: in a process of its own that a bad file may end.

Threads of this machine and workers of a cluster call the same :func:`perform`.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qy_finance.bounded import Bounded, EndedError
from qy_finance.store import parts

if TYPE_CHECKING:
    import pyarrow as pa

    from qy_finance.entries import Entry
    from qy_finance.readers import Document
    from qy_finance.report import Report

Request = Mapping[str, Any]
"""What is to be done, as JSON can say it (:mod:`qy_finance.corpus.build` makes it):

``part``, ``seconds``; ``names``, ``paths``, ``digests`` of the files, ``kind`` (empty: to be seen), ``entry`` (a
line of a catalogue, or none); ``document``, where it was read before; and ``before``, of a second look, where that of
the year before is, or none.
"""

_TRIES: Final = 3
"""Times that a report is tried where something else ended the process: memory that ran out, a machine that stopped."""
_GIBIBYTES: Final = 6.0
_MOST: Final = 200  # reports after which another process is started

_local = threading.local()
_open: list[Bounded] = []


def perform(request: Request) -> dict[str, Any]:
    """Make the part of a request, if it isn't there; returns what that tells.

    A report that ends the process is a failure; one whose process something else has ended is tried again.
    """
    part = Path(request["part"])
    if found := parts.told(part):
        return found
    tries = 0
    while True:
        try:
            return dict(_process(request["seconds"]).ask(request))
        except EndedError as error:
            tries += 1
            # once more in any case: what was read before may have left the process damaged
            if tries < (_TRIES if error.killed else 1 if error.late else 2):
                continue
            told = {"failure": ["ProcessEnded", "", "a file that can be read", str(error)]}
            parts.write(part, told, {})
            return told


def _process(seconds: float) -> Bounded:
    found: Bounded | None = getattr(_local, "process", None)
    if found is None or found.closed:
        found = Bounded(answer, seconds=seconds, gibibytes=_GIBIBYTES, most=_MOST)
        _local.process = found
        _open.append(found)
    return found


def close() -> None:
    """End all processes."""
    while _open:
        _open.pop().close()


def answer(request: Request) -> dict[str, Any]:
    """Read and check a report, or check one again against that of the year before, and write its part."""
    from qy_finance.errors import ReportError

    warnings.simplefilter("ignore")
    tables: Mapping[str, Any] = {}
    try:
        told, tables = _checked(request) if "before" in request else _read(request)
    except ReportError as error:
        told = _failure(error, error.place, error.expected, error.found)
    except OSError as error:
        told = _failure(error, "", "a file that can be read", error.strerror or str(error))
    except MemoryError as error:
        told = _failure(error, "", f"at most {_GIBIBYTES:.0f} GiB of memory", "more")
    except Exception as error:  # whatever it is, it is told, and the next report is read
        told = _failure(error, "", "a report that this package can read", str(error))
    parts.write(Path(request["part"]), told, tables)
    return told


def _failure(error: BaseException, *said: str) -> dict[str, Any]:
    return {"failure": [type(error).__name__, *(" ".join(text.split()) for text in said)]}


def _read(request: Request) -> tuple[dict[str, Any], Mapping[str, Any]]:
    from qy_finance.corpus.choosing import seen_of
    from qy_finance.readers import read_document
    from qy_finance.readers.kinds import kind_of
    from qy_finance.store.documents import table_of

    kept = request.get("document")
    paths = tuple(map(Path, request["paths"]))
    document = _document(kept) if kept else read_document(paths if len(paths) > 1 else paths[0])
    report, notes = _noted(document)
    kind = request["kind"] or "+".join(map(kind_of, paths))
    rows = _rows({**request, "kind": kind}, report, None, notes)
    report_id = report.reading.identity.report_id
    names = request["names"]
    rows["documents"] = _table(kept) if kept else table_of(document, report_id, names)
    return {"report_id": report_id, "kind": kind, **seen_of(report)}, rows


def _checked(request: Request) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """The rows of a report that is checked against that of the year before, if there is one any more."""
    report, notes = _noted(_document(request["document"]))
    before = request["before"] and _noted(_document(request["before"]))[0]
    return {"before": True}, _rows(request, report, before, notes)


def _noted(document: Document) -> tuple[Report, list[str]]:
    """A report, and what was noticed while it was read; which tables it lacks, it says itself."""
    from qy_finance.errors import MissingTableWarning
    from qy_finance.report import report_of

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        report = report_of(document)
    noted = (one for one in caught if not issubclass(one.category, MissingTableWarning))
    return report, [str(one.message) for one in noted]


def _document(kept: Mapping[str, Any]) -> Document:
    """A document that was kept in a part, or in a file of the corpus."""
    from qy_finance.store.documents import document_of

    return document_of(_table(kept), Path(kept["folder"]))


def _table(kept: Mapping[str, Any]) -> pa.Table:
    from qy_finance.store.files import report_in

    if "part" in kept:
        return parts.table(Path(kept["part"]), "documents")
    found = report_in([Path(path) for path in kept["files"]], kept["report_id"])
    assert found is not None, kept
    return found


def _rows(
    request: Request, report: Report, previous: Report | None, notes: Iterable[str]
) -> dict[str, Any]:
    import pyarrow as pa

    from qy_finance.analysis.measures import ReportingUnit
    from qy_finance.analysis.members import kept, member
    from qy_finance.contract import RESOURCES
    from qy_finance.store.keeping import MEMBERS, members
    from qy_finance.text.doubts import doubts
    from qy_finance.tidy.formats import schema_of
    from qy_finance.tidy.records import records_of

    entry = _entry(request, report)
    found = records_of(entry, report, previous)
    who = report.reading.identity
    subject = ReportingUnit(who.unit, who.unit, who.scope)
    told = kept(member(report.checks_against(previous), subject, doubts, notes))
    tables = {
        name: pa.Table.from_pylist(rows, schema=schema_of(RESOURCES[name]))
        for name, rows in found.items()
    }
    return {**tables, MEMBERS: members([(who.report_id, told)])}


def _entry(request: Request, report: Report) -> Entry:
    """The line of the catalogue; of a file of a folder what it would be."""
    from qy_finance.entries import Entry
    from qy_finance.lines import SEVERAL

    if request["entry"]:
        return Entry(*request["entry"])
    who = report.reading.identity
    kind = request["kind"] if len(request["names"]) == 1 else SEVERAL
    names, digest = ";".join(request["names"]), ";".join(request["digests"])
    return Entry(who.unit, who.year, who.scope, names, digest, kind, "")
