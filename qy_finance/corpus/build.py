"""Building a corpus: every report read and checked once, then merged.

Interrupted at any moment it goes on where it was. What is done is a part on disk, whole or not there. The files of the
corpus before count until the new list is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Final

from qy_finance.corpus import worker
from qy_finance.corpus.choosing import chosen
from qy_finance.corpus.making import UNPACKED, Making, Submit
from qy_finance.corpus.work import KNOWN, Item, items_of
from qy_finance.digests import Digests
from qy_finance.errors import CorpusError
from qy_finance.files import locked
from qy_finance.store.files import NAME, PARTS, is_foreign

SECONDS: Final = 900.0
"""For one report: a scan of a hundred pages takes some five minutes."""
_EXPECTED: Final = ("NotAReportError", "DuplicateReportError")


@dataclass(frozen=True)
class CorpusBuilt:
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
) -> CorpusBuilt:
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
    if not source.exists():
        raise CorpusError(source, "", "a folder of reports, or one with a catalogue", "none")
    if jobs < 1 or not seconds > 0:
        raise CorpusError(into, "jobs, seconds", "more than none", f"{jobs}, {seconds:g}")
    if not (into / NAME).is_file() and is_foreign(into):
        raise CorpusError(into, "", "a corpus, or a folder with nothing in it", "other files")
    with locked(into), _scratch(into) as scratch, _executor(jobs, cluster) as perform:
        digests = Digests(source if source.is_dir() else source.parent, into / KNOWN)
        items = items_of(source, digests, scratch, into)
        if not items:
            raise CorpusError(source, "", "reports", "none")
        making = Making(source, into, seconds, perform, items)
        read = making.read(items)
        choice = chosen(items, making.told, making.look)
        making.check(choice)
        making.finish(choice, items)
        digests.save()
    lines = [_line(item, said) for item, said in (*choice.failures, *making.unchecked)]
    is_lacking = bool(making.unchecked) or any(
        item.entry or said[0] not in _EXPECTED for item, said in choice.failures
    )
    return CorpusBuilt(into, len(choice.reports), read, lines, is_lacking)


def _line(item: Item, said: Sequence[str]) -> str:
    name, place, expected, found = said
    told = f"expected {expected}" + (f", found {found}" if found else "")
    return ": ".join(part for part in (item.name, name, place, told) if part)


@contextmanager
def _scratch(into: Path) -> Iterator[Path]:
    """A folder for what archives hold; workers of a cluster see it too."""
    folder = into / PARTS / UNPACKED
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # parts that the next build goes on with
            folder.parent.rmdir()


@contextmanager
def _executor(jobs: int, cluster: str) -> Iterator[Submit]:
    """What reads: threads, each with a process of its own, or a cluster."""
    if cluster:
        from qy_finance.corpus.cluster import executor_of, perform

        with executor_of(cluster) as executor:
            yield lambda request: executor.submit(perform, request)
        return
    with ExitStack() as stack:
        pool = ThreadPoolExecutor(jobs)
        # an interrupted build begins nothing more, ends its processes, and with them its threads
        stack.callback(pool.shutdown)
        stack.callback(worker.close)
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        yield lambda request: pool.submit(worker.perform, request)
