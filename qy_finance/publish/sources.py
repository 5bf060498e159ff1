"""The source page of each report: which pages use which figure, and whether the page must be made again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from qy_finance.files import sha256_of, write_text
from qy_finance.publish.manifest import Manifest
from qy_finance.publish.plan import SOURCE, Subject, address, named

#: Beside a source page: what it was made from, and its digest.
RECORD: Final = "source.json"


@dataclass(frozen=True)
class SourceJob:
    """A source page to be made.

    Attributes
    ----------
    subject : Subject
        The report.
    notebooks : list of [title, address]
        The pages beside it.
    uses : mapping of str to list of [title, heading, address]
        Which pages use a figure, by its id.
    """

    subject: Subject
    notebooks: Sequence[Sequence[str]]
    uses: Mapping[str, Sequence[Sequence[str]]]

    @property
    def page(self) -> Path:
        """Where it goes."""
        return self.subject.folder / SOURCE

    @property
    def request(self) -> dict[str, Any]:
        """What it is made from, as the process that reads reports is told."""
        return {
            "file": named(self.subject.file),
            "page": str(self.page),
            "notebooks": self.notebooks,
            "uses": self.uses,
            "index": self.subject.index,
        }

    @property
    def made(self) -> dict[str, str]:
        """Digest of everything that the page depends on, and of the page as it is."""
        made_from = [self.notebooks, self.uses, self.subject.index, dict(self.subject.basis)]
        basis = sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
        return {"basis": basis, "sha256": sha256_of(self.page)}

    def is_made(self) -> bool:
        """Whether the page is there as this would make it."""
        try:
            record = json.loads((self.subject.folder / RECORD).read_text("utf-8"))
            return bool(record == self.made)
        except (OSError, ValueError):  # one of them is not there, or cut
            return False

    def record(self) -> None:
        """Note that it has been made."""
        write_text(self.subject.folder / RECORD, json.dumps(self.made) + "\n")


def source_jobs(subjects: Iterable[Subject], manifests: Iterable[Manifest]) -> list[SourceJob]:
    """The source pages of all reports that have pages or are cited by one, whether made already or not.

    A report that could not be read has none. ``manifests`` are those of every folder below the output folder.
    """
    pages = {manifest.folder: manifest for manifest in manifests}
    jobs = []
    for subject in subjects:
        assert subject.entry is not None
        uses: dict[str, list[list[str]]] = {}
        for folder, manifest in pages.items():
            for name, run in manifest.notebooks.items():
                page = address(folder / f"{name}.html", subject.folder)
                for figure, headings in run["cited"].get(subject.entry.report_id, {}).items():
                    uses.setdefault(figure, []).extend(
                        [run["title"], said, f"{page}#{quote(heading)}"]
                        for heading, said in headings.items()
                    )
        own = pages.get(subject.folder)
        if (uses or own) and not (own and own.summary.get("error")):
            runs = own.notebooks.items() if own else ()
            beside = [[run["title"], quote(f"{name}.html")] for name, run in runs]
            jobs.append(SourceJob(subject, beside, uses))
    return jobs
