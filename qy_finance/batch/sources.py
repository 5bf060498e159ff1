"""The source page of each report: which pages use which figure, and whether the page must be made again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from qy_finance.batch.manifest import Manifest
from qy_finance.batch.plan import SOURCE, Subject
from qy_finance.files import sha256_of, write_text

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
        Which pages use a figure, by its row.
    index : str
        Relative address of the index.
    """

    subject: Subject
    notebooks: Sequence[Sequence[str]]
    uses: Mapping[str, Sequence[Sequence[str]]]
    index: str

    @property
    def page(self) -> Path:
        """Where it goes."""
        return self.subject.folder / SOURCE

    @property
    def request(self) -> dict[str, Any]:
        """What it is made from, as the process that reads reports is told."""
        return {
            "file": str(self.subject.file),
            "page": str(self.page),
            "notebooks": self.notebooks,
            "uses": self.uses,
            "index": self.index,
        }

    @property
    def basis(self) -> str:
        """Digest of everything that the page depends on."""
        made_from = [self.notebooks, self.uses, self.index, dict(self.subject.basis)]
        return sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()

    def is_made(self) -> bool:
        """Whether the page is there as this would make it."""
        record = self.subject.folder / RECORD
        if not (record.is_file() and self.page.is_file()):
            return False
        wanted = {"basis": self.basis, "sha256": sha256_of(self.page)}
        try:
            return bool(json.loads(record.read_text("utf-8")) == wanted)
        except ValueError:
            return False

    def record(self) -> None:
        """Note that it has been made."""
        content = {"basis": self.basis, "sha256": sha256_of(self.page)}
        write_text(self.subject.folder / RECORD, json.dumps(content) + "\n")


def source_jobs(
    subjects: Iterable[Subject], manifests: Iterable[Manifest], output: Path
) -> list[SourceJob]:
    """The source pages of all reports that have pages or are cited by one, whether made already or not.

    A report that could not be read has none.

    Parameters
    ----------
    subjects
        Every report of the catalogue.
    manifests
        Of every folder below the output folder.
    """
    pages = {manifest.folder: manifest for manifest in manifests}
    jobs = []
    for subject in subjects:
        assert subject.entry is not None
        cited = subject.entry.report_id
        uses: dict[str, list[list[str]]] = {}
        for folder, manifest in pages.items():
            for name, run in manifest.notebooks.items():
                address = _address(folder / f"{name}.html", subject.folder)
                for row, headings in run["cited"].get(cited, {}).items():
                    uses.setdefault(row, []).extend(
                        [run["title"], said, f"{address}#{quote(heading)}"]
                        for heading, said in headings.items()
                    )
        own = pages.get(subject.folder)
        unread = own is not None and own.summary.get("error")
        if (uses or own) and not unread:
            runs = own.notebooks if own else {}
            beside = [[run["title"], f"{quote(name)}.html"] for name, run in runs.items()]
            index = _address(output / "index.html", subject.folder)
            jobs.append(SourceJob(subject, beside, uses, index))
    return jobs


def write_source(request: Mapping[str, Any]) -> None:
    """Make a source page; see :attr:`SourceJob.request`.

    Raises
    ------
    ReportError
        The report can't be read.
    """
    from qy_finance.batch.summary import report_at
    from qy_finance.html.source import Use, source_page

    uses = {int(row): [Use(*use) for use in some] for row, some in request["uses"].items()}
    notebooks = [(title, address) for title, address in request["notebooks"]]
    page = source_page(report_at(Path(request["file"])), notebooks, uses, request["index"])
    write_text(Path(request["page"]), page)


def _address(page: Path, folder: Path) -> str:
    return quote(Path(os.path.relpath(page, folder)).as_posix())
