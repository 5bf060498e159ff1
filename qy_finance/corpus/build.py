"""Building a corpus: every report read and checked once, then merged.

Interrupted at any moment it goes on where it was. What is done is a part on disk, whole or not there. The files of the
corpus before count until the new list is written.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from qy_finance.contract import CONTRACT
from qy_finance.corpus import worker
from qy_finance.corpus.choosing import Choice, Told, chosen
from qy_finance.corpus.state import State, inputs, year_of
from qy_finance.corpus.work import Digests, Item, items_of
from qy_finance.entries import Key
from qy_finance.errors import CorpusError
from qy_finance.files import locked
from qy_finance.store import parts
from qy_finance.store.basis import made_by
from qy_finance.store.files import DOCUMENTS, NAME, PARTS, Listing, listing
from qy_finance.store.keeping import INPUTS
from qy_finance.tidy.records import FAILURES

SECONDS: Final = 900.0
"""For one report: a scan of a hundred pages takes some five minutes."""

_EXPECTED: Final = ("NotAReportError", "DuplicateReportError")


@dataclass(frozen=True)
class Built:
    """What a build left.

    Attributes
    ----------
    folder : Path
        The corpus.
    reports, read : int
        Reports that it has, and files that were read now.
    failures : sequence of str
        A line for each file that is no report of it.
    is_lacking : bool
        Whether a report is among these; a folder may well hold other documents, and reports twice.
    """

    folder: Path
    reports: int
    read: int
    failures: Sequence[str]
    is_lacking: bool


def build(
    source: str | Path,
    into: str | Path,
    jobs: int = 2,
    cluster: str = "",
    seconds: float = SECONDS,
) -> Built:
    """Make the corpus of a folder of reports, or of a catalogue, whole and up to date.

    Parameters
    ----------
    source
        A folder, whose files are looked at whatever they are called, or one with a catalogue.
    into
        Folder of the corpus. Afterwards it holds what the source holds: what the source has no longer is gone.
    jobs
        Reports that are read at the same time on this machine.
    cluster
        Address of a Dask scheduler whose workers read instead (the extra ``qy_finance[cluster]``); source and corpus
        are folders that all of them see.
    seconds
        Time for one report.

    Raises
    ------
    CorpusError
        There are no reports, the corpus is one of other reports, or the cluster can't be reached.
    ReportError
        Another build is writing to it.
    """
    source, into = Path(source).resolve(), Path(into).resolve()
    with locked(into), tempfile.TemporaryDirectory() as scratch, _executor(jobs, cluster) as pool:
        digests = Digests(into)
        items = items_of(source, digests, Path(scratch))
        if not items:
            raise CorpusError(source, "", "reports", "none")
        making = _Making(source, into, seconds, pool)
        read = making.read(items)
        choice = chosen(items, making.told, making.look)
        making.check(choice)
        making.finish(choice, items)
        digests.keep()
    lines = [_line(item, said) for item, said in choice.failures]
    is_lacking = any(item.entry or said[0] not in _EXPECTED for item, said in choice.failures)
    return Built(into, len(choice.reports), read, lines, is_lacking)


def _line(item: Item, said: Sequence[str]) -> str:
    name, place, expected, found = said
    told = f"expected {expected}" + (f", found {found}" if found else "")
    return ": ".join(part for part in (item.name, name, place, told) if part)


@contextmanager
def _executor(jobs: int, cluster: str) -> Iterator[Executor]:
    """What reads: threads, each with a process of its own, or a cluster."""
    with ExitStack() as stack:
        if cluster:
            from qy_finance.corpus.cluster import executor_of

            yield stack.enter_context(executor_of(cluster))
            return
        stack.callback(worker.close)
        pool = ThreadPoolExecutor(jobs)
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        # an interrupted build ends its processes first, and with them its threads
        stack.callback(worker.close)
        yield pool


class _Making:
    """One build: what is known of each item, and what is still to be done."""

    def __init__(self, source: Path, into: Path, seconds: float, pool: Executor) -> None:
        self.source = source if source.is_dir() else source.parent
        self.into, self.seconds, self.pool = into, seconds, pool
        self.made_by = made_by()
        self.before = listing(into) if (into / NAME).is_file() else Listing(into)
        self.state = State(self.before)
        self.is_same = (self.before.made_by, self.before.contract) == (self.made_by, CONTRACT)
        self.told: dict[str, Told] = dict(self.state.told) if self.is_same else {}
        kept = self.before.made_by.get("documents") == self.made_by["documents"]
        self.known = self.state.reports if kept else {}
        self.parts = into / PARTS / self.made_by["rows"][:12]
        self.together: list[Item] = []
        self.against: dict[str, str] = {}
        self.fresh: dict[str, Path] = {}
        self.checked: dict[str, Path] = {}
        for other in (into / PARTS).glob("*"):
            if other != self.parts:
                rmtree(other, ignore_errors=True)
        self.before.tidy()

    def read(self, items: Iterable[Item]) -> int:
        """Read what is not read yet; returns how many that were."""
        todo = [item for item in items if not item.wrong and item.key not in self.told]
        self._read(todo)
        return len(todo)

    def look(self, item: Item) -> Told:
        """Read the files of one report together."""
        self.together.append(item)
        self.read([item])
        return self.told[item.key]

    def _read(self, items: Iterable[Item]) -> None:
        requests = {item.key: self._request(item) for item in items}
        for key, told in self._perform(requests):
            self.told[key], self.fresh[key] = told, Path(requests[key]["part"])

    def check(self, choice: Choice) -> None:
        """Check each report against that of its unit and scope for the year before, if that is another than it was."""
        # what was another version, and counts now, has left no rows
        lost = [item for item in choice.reports.values() if not self._is_kept(item)]
        self._read(lost)
        of = {Key(*self.told[item.key]["key"]): item for item in choice.reports.values()}
        asked: dict[str, dict[str, Any]] = {}
        for item in choice.reports.values():
            before = of.get(Key(*self.told[item.key]["key"]).before)
            self.against[item.key] = before.key if before else ""
            was = "" if item.key in self.fresh else self.state.checked[item.key]
            changed = before is not None and before.key in self.fresh
            if self.against[item.key] != was or (before and changed):
                asked[item.key] = self._request(item, self.against[item.key]) | {
                    "document": self._kept(item),
                    "before": self._kept(before) if before else None,
                }
        for key, told in self._perform(asked):
            if "failure" in told:
                said = ": ".join(filter(None, told["failure"]))
                raise CorpusError(key, "", "checks against the year before", said)
            self.checked[key] = Path(asked[key]["part"])

    def finish(self, choice: Choice, items: Iterable[Item]) -> None:
        """Merge all parts, write the list, and remove what counts no more."""
        from qy_finance.corpus.merge import Changed, failures, merge

        of = {item.key: report for report, item in choice.reports.items()}
        valid = self.before if self.is_same else replace(self.before, files={})
        stood = self.state.reports if self.is_same else {}
        years: dict[str, tuple[dict[str, Path], dict[str, Path], set[str]]] = {}

        def year(key: str) -> tuple[dict[str, Path], dict[str, Path], set[str]]:
            told = self.told.get(key) or self.state.told[key]
            return years.setdefault(year_of(told), ({}, {}, set()))

        for key, report in of.items():
            if key in self.fresh:
                year(key)[0][report] = self.fresh[key]
            if key in self.checked:
                year(key)[1][report] = self.checked[key]
        for key, report in stood.items():
            if of.get(key) != report:
                year(key)[2].add(report)
        changed = {
            name: Changed(read, checked, frozenset(gone))
            for name, (read, checked, gone) in sorted(years.items())
        }
        known = inputs([*items, *self.together], self.told, of, self.against)
        base = replace(valid, made_by=self.made_by, contract=CONTRACT)
        made = merge(base, changed, {INPUTS: known, FAILURES: failures(choice)})
        if made != self.before:
            made.write()
        made.tidy()
        rmtree(self.into / PARTS, ignore_errors=True)

    def _is_kept(self, item: Item) -> bool:
        return item.key in self.fresh or (self.is_same and item.key in self.state.reports)

    def _part(self, key: str) -> Path:
        return self.parts / f"{sha256(key.encode()).hexdigest()[:32]}{parts.ENDING}"

    def _request(self, item: Item, against: str | None = None) -> dict[str, Any]:
        key = item.key if against is None else f"{item.key} against {against}"
        kind = "" if against is None else self.told[item.key]["kind"]
        request = {
            "part": str(self._part(key)), "seconds": self.seconds, "names": item.names,
            "paths": list(map(str, item.paths)), "digests": item.digests, "kind": kind,
            "entry": list(item.entry) if item.entry else None,
        }  # fmt: skip
        if against is None and item.key in self.known:
            request["document"] = self._in_files(item.key)
        return request

    def _kept(self, item: Item) -> dict[str, Any]:
        """Where the document of a report is kept."""
        if item.key in self.fresh:
            return {"part": str(self.fresh[item.key]), "folder": str(self.source)}
        return self._in_files(item.key)

    def _in_files(self, key: str) -> dict[str, Any]:
        paths = list(map(str, self.before.paths(DOCUMENTS, self.state.year(key))))
        report = self.state.reports[key]
        return {"files": paths, "report_id": report, "folder": str(self.source)}

    def _perform(self, requests: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, Told]]:
        """Have parts made, and tell what each tells as soon as it is done."""
        from tqdm import tqdm

        waiting: dict[Future[dict[str, Any]], str] = {
            self.pool.submit(worker.perform, request): key for key, request in requests.items()
        }
        hidden, failed = not sys.stderr.isatty(), 0
        with tqdm(total=len(waiting), unit="report", leave=False, disable=hidden) as bar:
            for future in as_completed(waiting):
                key, told = waiting[future], future.result()
                failed += "failure" in told
                bar.update()
                bar.set_postfix_str(f"{failed} failed")
                yield key, told
