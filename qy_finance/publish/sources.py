"""The source page of each report: which pages use which figure, and whether the page must be made again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from qy_finance.digests import stamp
from qy_finance.files import sha256_of, write_text
from qy_finance.publish import manifest
from qy_finance.publish.manifest import Manifest
from qy_finance.publish.plan import SOURCE, Subject, address

#: Beside a source page: what it was made from, and its digest.
RECORD: Final = "source.json"

#: Manifests that are held while source pages are made: those of one unit, and of the whole catalogue.
_HELD: Final = 16


class Citing(NamedTuple):
    """A page that cites figures of a report: its folder, name and title, and the digest of what it cites."""

    folder: Path
    name: str
    title: str
    digest: str


@dataclass(frozen=True)
class SourceJob:
    """A source page to be made.

    Attributes
    ----------
    subject : Subject
        The report.
    notebooks : list of [title, address]
        The pages beside it.
    citing : sequence of Citing
        The pages that cite its figures.
    read : callable
        Reads a manifest.
    """

    subject: Subject
    notebooks: Sequence[Sequence[str]]
    citing: Sequence[Citing]
    read: Callable[[Path], Manifest | None]

    @property
    def page(self) -> Path:
        """Where it goes."""
        return self.subject.folder / SOURCE

    @property
    def uses(self) -> dict[str, list[list[str]]]:
        """Which pages use a figure, by its id: title, heading, address."""
        assert self.subject.entry is not None
        uses: dict[str, list[list[str]]] = {}
        for one in self.citing:
            page, found = self._address(one), self.read(one.folder / manifest.NAME)
            assert found is not None
            cited = found.notebooks[one.name]["cited"][self.subject.entry.report_id]
            for figure, headings in cited.items():
                uses.setdefault(figure, []).extend(
                    [one.title, said, f"{page}#{quote(heading)}"]
                    for heading, said in headings.items()
                )
        return uses

    def _address(self, page: Citing) -> str:
        return address(page.folder / f"{page.name}.html", self.subject.folder)

    @property
    def request(self) -> dict[str, Any]:
        """What it is made from, as the process that reads reports is told."""
        assert self.subject.entry is not None
        return {
            "report": self.subject.entry.report_id,
            "page": str(self.page),
            "notebooks": self.notebooks,
            "uses": self.uses,
            "index": self.subject.index,
        }

    @property
    def basis(self) -> str:
        """Digest of everything that the page depends on."""
        citing = [[self._address(one), one.title, one.digest] for one in self.citing]
        made_from = [self.notebooks, citing, self.subject.index, dict(self.subject.basis)]
        return sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()

    def is_made(self) -> bool:
        """Whether the page is there as this would make it."""
        try:
            record = json.loads((self.subject.folder / RECORD).read_text("utf-8"))
            if record["basis"] != self.basis:
                return False
            untouched = record.get("stamp") == stamp(self.page)
            return untouched or bool(record["sha256"] == sha256_of(self.page))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return False  # one of them is not there, or cut

    def record(self) -> None:
        """Note that it has been made."""
        made = {"basis": self.basis, "sha256": sha256_of(self.page), "stamp": stamp(self.page)}
        write_text(self.subject.folder / RECORD, json.dumps(made) + "\n")


def source_jobs(subjects: Iterable[Subject], manifests: Sequence[Manifest]) -> list[SourceJob]:
    """The source pages of all reports that have pages or are cited by one, whether made already or not.

    A report that could not be read has none. ``manifests`` are those of every folder below the output folder.
    """
    pages = {one.folder: one for one in manifests}
    citing: dict[str, list[Citing]] = defaultdict(list)
    for one in manifests:
        for name, run in one.spoken.items():
            for report, digest in run["cites"].items():
                citing[report].append(Citing(one.folder, name, run["title"], digest))
    read, jobs = lru_cache(_HELD)(manifest.read), []
    for subject in subjects:
        assert subject.entry is not None
        uses, own = citing.get(subject.entry.report_id, ()), pages.get(subject.folder)
        if (uses or own) and not (own and own.summary.get("error")):
            runs = own.spoken.items() if own else ()
            beside = [[run["title"], quote(f"{name}.html")] for name, run in runs]
            jobs.append(SourceJob(subject, beside, uses, read))
    return jobs
