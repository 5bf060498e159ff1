"""One build of a corpus: what is known of each file, what is still to be done, and what is left when it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, as_completed
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from qy_finance.contract import CONTRACT, FAILURES
from qy_finance.corpus import worker
from qy_finance.corpus.choosing import Choice, Told
from qy_finance.corpus.state import State, inputs, year_of
from qy_finance.corpus.work import Item
from qy_finance.decisions import decisions_near, read_decisions
from qy_finance.entries import Key
from qy_finance.errors import CorpusError
from qy_finance.files import sha256_of
from qy_finance.store import parts
from qy_finance.store.basis import made_by
from qy_finance.store.files import DOCUMENTS, INPUTS, PARTS, Listing, listing

UNPACKED: Final = "unpacked"
"""Beside the parts: what archives hold."""

Submit = Callable[[worker.Request], Future[dict[str, Any]]]
"""Has a request performed."""


def _before(into: Path) -> tuple[Listing, State]:
    """The making before; a damaged one, or one of another form, is as good as none."""
    with suppress(CorpusError):
        before = listing(into)
        if before.is_whole():
            return before, State(before)
    none = Listing(into)
    return none, State(none)


def _decided(source: Path, items: Iterable[Item]) -> str:
    """The digest of what people decided of figures, in the folders where the reports stand.

    Raises
    ------
    DecisionError
        One of these files has a line that is none.
    """
    paths = (source / name for item in items for name in item.names)
    files = map(decisions_near, {path.parent: path for path in paths}.values())
    found = sorted({file for file in files if file})
    for file in found:
        read_decisions(file)
    return " ".join(map(sha256_of, found))


class Making:
    """One build: what is known of each item, and what is still to be done."""

    def __init__(
        self, source: Path, into: Path, seconds: float, submit: Submit, items: Sequence[Item]
    ) -> None:
        self.source = source if source.is_dir() else source.parent
        self.into, self.seconds, self.submit = into, seconds, submit
        self.made_by = made_by()
        self.rows = self.made_by["rows"]
        if decided := _decided(self.source, items):
            self.made_by["decisions"] = decided
        self.before, self.state = _before(into)
        self.is_same = (self.before.made_by, self.before.contract) == (self.made_by, CONTRACT)
        self.told: dict[str, Told] = dict(self.state.told) if self.is_same else {}
        kept = self.before.made_by.get("documents") == self.made_by["documents"]
        self.known = self.state.documents if kept else {}
        making = sha256(json.dumps([self.made_by, CONTRACT]).encode()).hexdigest()
        self.parts = into / PARTS / making[:12]
        self.together: list[Item] = []
        self.against: dict[str, str] = {}
        self.fresh: dict[str, Path] = {}
        self.checked: dict[str, Path] = {}
        self.unchecked: list[tuple[Item, Sequence[str]]] = []
        for other in (into / PARTS).glob("*"):
            if other.name not in (self.parts.name, UNPACKED):
                rmtree(other, ignore_errors=True)
        self.before.tidy()

    def read(self, items: Iterable[Item]) -> int:
        """Read what is not read yet; returns how many of them from their files."""
        todo = [item for item in items if not item.wrong and item.key not in self.told]
        self._read(todo)
        return sum(item.sha256 not in self.known for item in todo)

    def look(self, item: Item) -> Told:
        """Read the files of one report together."""
        self.together.append(item)
        self.read([item])
        return self.told[item.key]

    def _read(self, items: Iterable[Item]) -> None:
        # what takes longest is begun first, so that no process is left alone with it at the end
        largest = sorted(items, key=lambda item: item.size, reverse=True)
        requests = {item.key: self._request(item) for item in largest}
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
            if self.against[item.key] != was:  # a key names the content
                asked[item.key] = self._request(item, self.against[item.key]) | {
                    "document": self._kept(item),
                    "before": self._kept(before) if before else None,
                }
        items = {item.key: item for item in choice.reports.values()}
        for key, told in self._perform(asked):
            if "failure" in told:  # its checks by itself stay, and the next build tries again
                self.unchecked.append((items[key], told["failure"]))
                self.against[key] = ""
                Path(asked[key]["part"]).unlink(missing_ok=True)
            else:
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
            "part": str(self._part(key)), "seconds": self.seconds, "made_by": self.rows,
            "names": item.names, "paths": list(map(str, item.paths)), "digests": item.digests,
            "folder": str(self.source), "kind": kind,
            "entry": list(item.entry) if item.entry else None,
            "replaced": list(map(list, item.replaced)),
        }  # fmt: skip
        if against is None and (same := self.known.get(item.sha256)):
            request |= {"document": self._in_files(same), "kind": self.state.told[same]["kind"]}
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
            self.submit(request): key for key, request in requests.items()
        }
        hidden, failed = not sys.stderr.isatty(), 0
        with tqdm(total=len(waiting), unit="report", leave=False, disable=hidden) as bar:
            for future in as_completed(waiting):
                try:
                    key, told = waiting[future], future.result()
                except CancelledError as error:  # the scheduler is gone
                    wanted, found = "a cluster that is there", "it has gone"
                    raise CorpusError(self.into, "", wanted, found) from error
                failed += "failure" in told
                bar.update()
                bar.set_postfix_str(f"{failed} failed")
                yield key, told
