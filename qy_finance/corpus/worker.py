"""One report, read and checked, as a part of a corpus: in a process of its own that a bad file may end.

Threads of this machine and workers of a cluster call the same :func:`perform`.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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

``part``, ``seconds``, ``made_by`` (a digest of this package's rows); ``names``, ``paths``, ``digests`` of the files
and the ``folder`` of their names, ``kind`` (empty: to be seen), ``entry`` (a line of a catalogue, or none) and those
that it ``replaced``; ``document``, where it was read before; and ``before``, of a second look, where that of the year
before is, or none.
"""

AGAIN: Final = "again"
"""Of what is told of a failure: that the next build tries again, since the file may be none the worse."""
_TRIES: Final = 3
"""Times that a report is tried where something else ended the process: memory that ran out, a machine that stopped."""
_GIBIBYTES: Final = 6.0
_MOST: Final = 200  # reports after which another process is started
_NO_MEMORY: Final = 77  # the status of a process that had too little

_local = threading.local()
_open: list[Bounded] = []


def perform(request: Request) -> dict[str, Any]:
    """Make the part of a request, if it isn't there; returns what that tells.

    A report that ends the process is a failure; one whose process something else has ended is tried again.
    """
    part = Path(request["part"])
    if (found := parts.told(part)) and not found.get(AGAIN):
        return found
    tries = 0
    while True:
        process = _process(request["seconds"])
        try:
            return dict(process.ask(request))
        except EndedError as error:
            if process.closed:  # the build was interrupted
                raise
            tries += 1
            # once more in any case: what was read before may have left the process damaged
            if tries < (_TRIES if error.killed else 1 if error.late else 2):
                continue
            if error.status == _NO_MEMORY:
                said = ["MemoryError", "", f"at most {_GIBIBYTES:.0f} GiB of memory", "more"]
            else:
                said = ["ProcessEnded", "", "a file that can be read", str(error)]
            told = {"failure": said, **({AGAIN: True} if error.killed else {})}
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
    except OSError as error:  # it may be readable the next time
        said = error.strerror or str(error)
        told = _failure(error, "", "a file that can be read", said) | {AGAIN: True}
    except MemoryError:  # whatever is read next would suffer from it too
        os._exit(_NO_MEMORY)
    except Exception as error:  # whatever it is, it is told, and the next report is read
        told = _failure(error, "", "a report that this package can read", str(error))
    parts.write(Path(request["part"]), told, tables)
    return told


def _failure(error: BaseException, *said: str) -> dict[str, Any]:
    plain = (text.encode("utf-8", "replace").decode() for text in said)  # names may be no Unicode
    return {"failure": [type(error).__name__, *(" ".join(text.split()) for text in plain)]}


def _read(request: Request) -> tuple[dict[str, Any], Mapping[str, Any]]:
    from qy_finance.corpus.choosing import seen_of
    from qy_finance.readers import read_document
    from qy_finance.readers.combine import combined
    from qy_finance.readers.kinds import kind_of
    from qy_finance.store.documents import table_of

    paths = list(map(Path, request["paths"]))
    if kept := request.get("document"):
        document = _document(kept, request["names"])
    else:
        # what files are called in the source, not where an archive was unpacked
        read = [
            replace(read_document(path), path=Path(request["folder"], name))
            for path, name in zip(paths, request["names"], strict=True)
        ]
        if tuple(one.sha256 for one in read) != tuple(request["digests"]):
            raise OSError("it was changed while it was read")
        document = combined(read) if len(read) > 1 else read[0]
    report, notes = _noted(document)
    kind = request["kind"] or "+".join(map(kind_of, paths))
    rows = _rows({**request, "kind": kind}, report, None, notes)
    report_id = report.reading.identity.report_id
    names = request["names"]
    rows["documents"] = table_of(document, report_id, names)
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


def _document(kept: Mapping[str, Any], names: Sequence[str] = ()) -> Document:
    """A document that was kept in a part, or in a file of the corpus; ``names`` of its files, where they are others."""
    from qy_finance.store.documents import document_of

    return document_of(_table(kept), Path(kept["folder"]), names)


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
    from qy_finance.entries import Entry
    from qy_finance.foremost import foremost
    from qy_finance.store.files import MEMBERS
    from qy_finance.store.keeping import member as row_of
    from qy_finance.store.schemas import schema_of
    from qy_finance.text.doubts import doubts
    from qy_finance.tidy.records import records_of

    entry = _entry(request, report)
    replaced = [Entry(*line) for line in request["replaced"]]
    found = records_of(entry, report, previous, replaced)
    who = report.reading.identity
    subject = ReportingUnit(who.unit, who.unit, who.scope)
    told = kept(member(report.checks_against(previous), subject, doubts, notes))
    tables = {
        name: pa.Table.from_pylist(rows, schema=schema_of(RESOURCES[name]))
        for name, rows in found.items()
    }
    return {**tables, MEMBERS: row_of(who.report_id, told, foremost(report, previous))}


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
