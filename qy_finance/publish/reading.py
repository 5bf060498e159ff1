"""What the index says of each report, its source page, and what cards show, made in a process of its own.

Reading a report takes libraries that the run itself does not need, and a file that no library can bear ends that
process and not the run. Requests and answers are lines of JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from qy_finance.errors import CatalogueError, ReportError
from qy_finance.files import write_text
from qy_finance.lines import NAME

if TYPE_CHECKING:
    from qy_finance.entries import Catalogue, Entry
    from qy_finance.publish.forking import Forked, Forks
    from qy_finance.report import Report

#: Reports that are held, since pages cite them again: each takes some megabytes.
_HELD: Final = 50


class Reader:
    """Reads one report of a catalogue after another, from the corpus beside it if that has it.

    The reports are those of the catalogue as it is given: one whose line says something else meanwhile is not read.
    Asked in a run that was interrupted, it raises CancelledError.
    """

    def __init__(self, forks: Forks, catalogue: Catalogue) -> None:
        self._forks, self._catalogue = forks, catalogue
        self._entries = {entry.report_id: entry for entry in catalogue.entries}
        self._process: _Process | None = None
        self._closed = False
        self._asking = Lock()

    def summary(self, report: str, english: bool = False) -> dict[str, Any]:
        """What :func:`qy_finance.foremost.foremost` says of a report, named by its id, or why it can't be read."""
        before = self._catalogue.before(self._entries[report].key)
        compared = before.report_id if before else ""
        answer = self._ask(report, {"summary": compared, "english": english})
        return failed(answer["error"]) if answer["error"] else answer

    def source(self, request: Mapping[str, Any]) -> str:
        """Make a source page of a :attr:`qy_finance.publish.sources.SourceJob.request`; returns why that failed."""
        return str(self._ask(request["report"], {"source": request})["error"])

    def printed(self, report: str, figures: Sequence[str]) -> dict[str, Any] | None:
        """What :func:`qy_finance.publish.printed.printed` tells of figures; None where the report can't be read."""
        if report not in self._entries:
            return None
        answer = self._ask(report, {"printed": list(figures)})
        return None if answer.get("error") else answer

    def _ask(self, report: str, request: Mapping[str, Any]) -> dict[str, Any]:
        named = [one for one in (report, request.get("summary")) if one]
        asked = {
            "data_dir": str(self._catalogue.data_dir),
            "reports": [[one, self._entries[one].sha256] for one in named],
        }
        with self._asking:  # pages are made by several threads
            return self._answer_to({**asked, **request})

    def _answer_to(self, request: Mapping[str, Any]) -> dict[str, Any]:
        if self._closed:
            raise CancelledError
        if self._process is None:
            self._process = _Process(self._forks)
        asks, answers = self._process.asks, self._process.answers
        answer = b""
        with suppress(BrokenPipeError):  # it has ended, and there is no answer either
            asks.write(json.dumps(request).encode() + b"\n")
            asks.flush()
            answer = answers.readline()
        if answer:
            return json.loads(answer)  # type: ignore[no-any-return]
        status = self._wait()
        if self._closed:
            raise CancelledError
        return {"error": f"the process that read the report ended with status {status}"}

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
            self._wait()

    def _wait(self) -> int:
        process, self._process = self._process, None
        return process.wait() if process is not None else 0


class _Process:
    """The process that reads."""

    def __init__(self, forks: Forks) -> None:
        asked, asks = os.pipe()
        answers, answered = os.pipe()
        self.asks, self.answers = os.fdopen(asks, "wb"), os.fdopen(answers, "rb")
        process: subprocess.Popen[bytes] | Forked | None
        process = forks.fork(f"{__name__}:main", ["-c"], (asked, answered))
        if process is None:
            command = [sys.executable, "-c", f"from {__name__} import main; main()"]
            process = subprocess.Popen(command, stdin=asked, stdout=answered)
        self.kill, self._process = process.kill, process
        for theirs in (asked, answered):
            os.close(theirs)

    def wait(self) -> int:
        """The status with which it ends."""
        with self.answers, suppress(BrokenPipeError), self.asks:
            pass
        return self._process.wait()


def failed(error: str) -> dict[str, Any]:
    """The summary of a report that could not be read."""
    return {
        "error": " ".join(error.split()),
        "headlines": [],
        "checks": {},
        "contradictions": [],
        "lines": [],
        "extent": {},
    }


@lru_cache(1)
def _catalogue(data_dir: str) -> dict[str, tuple[Catalogue, Entry]]:
    """The reports of a catalogue by their ids."""
    from qy_finance.entries import read

    catalogue = read(data_dir)
    return {entry.report_id: (catalogue, entry) for entry in catalogue.entries}


def _line(data_dir: str, report: str, sha256: str) -> tuple[Catalogue, Entry]:
    """The line of a report; CatalogueError where it is another than the run has."""
    catalogue, entry = _catalogue(data_dir).get(report, (None, None))
    if catalogue is None or entry is None or entry.sha256 != sha256:
        expected = f"{report} as it was when the run began ({sha256}); run again"
        found = f"{entry.sha256} ({entry.file})" if entry else "no line of it that is right"
        raise CatalogueError(Path(data_dir) / NAME, "", expected, found)
    return catalogue, entry


@lru_cache(_HELD)
def _report(data_dir: str, report: str, sha256: str) -> Report:
    """A report, read once for most that is asked of it, as notebooks open it."""
    from qy_finance.catalogue import opened

    return opened(*_line(data_dir, report, sha256))[0]


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    data_dir = request["data_dir"]
    try:
        own, *earlier = request["reports"]
        if "source" in request:
            from qy_finance.publish.source_page import source_page

            asked = request["source"]
            report = _report(data_dir, *own)
            page = source_page(report, asked["notebooks"], asked["uses"], asked["index"])
            write_text(Path(asked["page"]), page)
            return {"error": ""}
        if "printed" in request:
            from qy_finance.publish.printed import printed

            return printed(_report(data_dir, *own), request["printed"])
        from qy_finance.catalogue import told_by_corpus
        from qy_finance.foremost import foremost

        catalogue, entry = _line(data_dir, *own)
        before, english = catalogue.before(entry.key), request["english"]
        same = earlier == ([[before.report_id, before.sha256]] if before else [])
        if same and not english and (told := told_by_corpus(catalogue, entry)):
            return told
        against = None
        for one in earlier:
            with suppress(ReportError):  # its own line of the index says so
                against = _report(data_dir, *one)
        return foremost(_report(data_dir, *own), against, english)
    except Exception as error:  # whatever it is, the run says it, and the next report is read
        named = str(error) if isinstance(error, ReportError) else f"{type(error).__name__}: {error}"
        return {"error": named}


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run ends this process
    warnings.simplefilter("ignore")  # what a report lacks, its pages say
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no answer
    for request in sys.stdin.buffer:
        answers.write(json.dumps(_answer(json.loads(request))).encode() + b"\n")
