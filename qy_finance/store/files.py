"""The Parquet files of a corpus, and ``corpus.json``, the list that says which of them count.

``<resource>/<year>-<digest>.parquet``: a file for each resource and year, and at most one more for what was
added since. A build writes new files first and the list last: whoever reads, reads the
files of one list, all of one making.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from qy_finance.contract import RESOURCES
from qy_finance.errors import CorpusError
from qy_finance.files import TEMPORARY, write_text

NAME: Final = "corpus.json"
PARTS: Final = "parts"
DOCUMENTS: Final = "documents"
INPUTS: Final = "inputs"
MEMBERS: Final = "members"
FOLDERS: Final = (*RESOURCES, DOCUMENTS, INPUTS, MEMBERS)
"""The folders of a corpus: one for each resource."""
KEPT: Final = (".lock", ".inputs.json")
"""What else is beside the list."""
_FORMAT: Final = 1

Files = Mapping[str, Mapping[str, tuple[str, ...]]]
"""The names of the files of each resource and year."""


@dataclass(frozen=True)
class Listing:
    """Which files of a corpus count.

    Attributes
    ----------
    folder : Path
        The corpus.
    made_by : mapping of str to str
        What its rows and its documents depend on besides the reports: digests of code and versions of libraries.
    contract : str
        Version of the contract that its columns keep.
    files : mapping
        The names of its files by resource and year.
    """

    folder: Path
    made_by: Mapping[str, str] = field(default_factory=dict)
    contract: str = ""
    files: Files = field(default_factory=dict)

    def paths(self, resource: str, year: str | None = None) -> list[Path]:
        """The files of a resource, of all years or of one."""
        years = self.files.get(resource, {})
        names = years.values() if year is None else [years.get(year, ())]
        return [self.folder / resource / name for some in names for name in some]

    def write(self) -> None:
        """Make it what counts."""
        told = {"format": _FORMAT, "contract": self.contract, "made_by": dict(self.made_by)}
        files = {
            resource: {year: list(names) for year, names in sorted(years.items())}
            for resource, years in sorted(self.files.items())
        }
        text = json.dumps({**told, "files": files}, ensure_ascii=False, indent=1)
        write_text(self.folder / NAME, text + "\n")

    def tidy(self) -> None:
        """Remove what it does not name: files of a making before, and what a killed build left."""
        named = {path for resource in self.files for path in self.paths(resource)}
        for folder in (self.folder, *map(self.folder.joinpath, FOLDERS)):
            written = folder.glob("*.parquet") if folder != self.folder else ()
            for path in (*written, *folder.glob(f".*{TEMPORARY}*")):
                if path not in named:
                    _remove(path)

    def is_whole(self) -> bool:
        """Whether every file that it names is there and can be opened."""
        try:
            for resource in self.files:
                for path in self.paths(resource):
                    pq.read_metadata(path)
        except (OSError, pa.ArrowInvalid):
            return False
        return True

    def rows(self, resource: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """The rows of a small resource, in order."""
        for path in self.paths(resource):
            yield from pq.read_table(path, columns=columns).to_pylist()


def _remove(path: Path) -> None:
    with suppress(OSError):  # somebody reads it (Windows): the next build removes it
        path.unlink()


def is_foreign(folder: Path) -> bool:
    """Whether a folder that is no corpus holds anything that no build has left there."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        ours = (
            parts[0] == PARTS
            or (len(parts) == 1 and (path.name in {NAME, *KEPT} or TEMPORARY in path.name))
            or (parts[0] in FOLDERS and (len(parts) == 1 or path.suffix == ".parquet"))
        )
        if not ours:
            return True
    return False


def report_in(paths: Iterable[Path], report_id: str) -> pa.Table | None:
    """The rows of one report in files of a resource; None where there are none."""
    for path in paths:
        found = pq.read_table(path, filters=[("report_id", "==", report_id)])
        if len(found):
            return found
    return None


def listing(folder: Path) -> Listing:
    """The list of a corpus.

    Raises
    ------
    CorpusError
        There is no corpus, or one of another form, or its list is damaged.
    """
    path = folder / NAME
    wanted = "a corpus (qy-finance corpus build FOLDER --into …)"
    try:
        told = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CorpusError(path, "", wanted, "none") from error
    except ValueError as error:
        raise CorpusError(path, "", wanted, "a list that is damaged; build it again") from error
    if not isinstance(told, dict) or told.get("format") != _FORMAT:
        found = "one of another version of this package; build it again"
        raise CorpusError(path, "format", f"{_FORMAT}", found)
    try:
        files = {
            resource: {year: tuple(names) for year, names in years.items()}
            for resource, years in told["files"].items()
        }
        return Listing(folder, told["made_by"], told["contract"], files)
    except (AttributeError, KeyError, TypeError) as error:
        raise CorpusError(path, "", wanted, "a list that is damaged; build it again") from error
