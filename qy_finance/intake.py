"""What files are, before they go into the catalogue: each is looked at in a process of its own, bounded.

A file that no library can bear ends that process, and is one line of the table. Files that are one report (tables in a
workbook, prose in a page) are read together.
"""

from __future__ import annotations

import multiprocessing
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from qy_finance import catalogue
from qy_finance.archives import files_in
from qy_finance.entries import Entry, Key
from qy_finance.errors import (
    IdentityWarning,
    LinkedReportError,
    NotAReportError,
    ReportError,
    ReviewWarning,
)
from qy_finance.files import sha256_of
from qy_finance.looks import Look, Seen, with_attachments

_ACCOUNT, _OTHER, _UNREADABLE = "部门决算", "非决算", "读不了"
_SECONDS: Final = 180.0  # for one file
_MEMORY: Final = 6 << 30  # bytes


class Looker:
    """Looks at one file after another, each within a time; what it does not survive is told."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self.seconds = seconds
        self._process: BaseProcess | None = None
        self._asks: Connection | None = None

    def look(self, names: Sequence[str], paths: Sequence[Path]) -> Look:
        """What a file is, or the files of a report together."""
        blank = Look(tuple(names), tuple(paths))
        if self._process is None:
            context = multiprocessing.get_context("spawn")
            self._asks, answers = context.Pipe()
            process = context.Process(target=_serve, args=(answers,), daemon=True)
            process.start()
            self._process = process
            answers.close()
        assert self._asks is not None
        try:
            self._asks.send(blank)
            if self._asks.poll(self.seconds):
                found = self._asks.recv()
                assert isinstance(found, Look)
                return found
            why = f"not read within {self.seconds:.0f} s"
        except (EOFError, OSError):
            self._process.join(5)
            why = f"the process that read it ended with status {self._process.exitcode}"
        self.close()
        return replace(blank, what=_UNREADABLE, why=why)

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
        if self._asks is not None:
            self._asks.close()


def _serve(asks: Connection) -> None:
    """Answer what is asked until nobody asks."""
    warnings.simplefilter("ignore")
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    with suppress(EOFError, KeyboardInterrupt, OSError):
        while True:
            asks.send(looked(asks.recv()))


def looked(blank: Look) -> Look:
    """What the files of a look are, seen here and now."""
    from qy_finance import read_report
    from qy_finance.readers.kinds import kind_of

    found = blank
    try:
        kinds = [kind_of(path) for path in blank.paths]
        digests = ";".join(map(sha256_of, blank.paths))
        found = replace(blank, kind="+".join(kinds), sha256=digests)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            report = read_report(blank.paths if len(blank.paths) > 1 else blank.paths[0])
        reading = report.reading
        notes = [
            str(one.message)
            for one in caught
            if issubclass(one.category, ReviewWarning | IdentityWarning)
        ]
        checks = report.check()
        unknown = int((report.unclaimed()["reason"] == "unknown").sum())
        told = checks.loc[(checks["status"] == "break"), "message"].tolist()
        identity = reading.identity
        unread = "; ".join(map(str, reading.unread.values()))
        return replace(
            found,
            key=Key(identity.unit, identity.year, identity.scope),
            is_scoped=bool(identity.said.get("scope")),
            what=_ACCOUNT,
            tables=reading.tables,
            missing=reading.missing,
            figures=len(reading.facts),
            prose=len(reading.prose),
            unknown=unknown,
            breaks=tuple(map(str, told)),
            notes=tuple(_named(note, blank) for note in notes),
            why=unread,
        )
    except ReportError as error:
        what, why = (
            (_OTHER, error.found)
            if isinstance(error, NotAReportError)
            else (_UNREADABLE, _said(error))
        )
        links = error.links if isinstance(error, LinkedReportError) else ()
        return replace(found, what=what, why=why, links=links)
    except OSError as error:
        return replace(found, what=_UNREADABLE, why=error.strerror or str(error))
    except MemoryError:
        return replace(found, what=_UNREADABLE, why="more memory than a file may take")
    except Exception as error:  # whatever it is, the table says it, and the next file is read
        return replace(found, what=_UNREADABLE, why=f"{type(error).__name__}: {error}")


def _named(said: str, look: Look) -> str:
    """What was said, with the names under which the files were found."""
    for path, name in zip(look.paths, look.names, strict=True):
        said = said.replace(path.name, name)
    return said


def _said(error: ReportError) -> str:
    """An error without the file's own name, which stands beside it."""
    return " ".join(str(error).removeprefix(f"{error.file}: ").split())


def look_at(places: Sequence[Path], scratch: Path) -> Seen:
    """Look at files, and at what folders and archives hold; archives are unpacked into ``scratch``."""
    looker = Looker()
    looks = []
    many = False
    try:
        for number, place in enumerate(dict.fromkeys(places)):
            folder = scratch / str(number)
            folder.mkdir()
            for found in files_in(place, folder):
                many |= found.path != place
                if found.wrong:
                    looks.append(
                        Look((found.name,), (found.path,), what=_UNREADABLE, why=found.wrong)
                    )
                else:
                    looks.append(looker.look((found.name,), (found.path,)))
        reports, others = reports_among(looks, looker)
    finally:
        looker.close()
    return Seen(with_attachments(looks), reports, others, many)


def add(look: Look, data_dir: str | Path, **said: Any) -> Entry:
    """Add a report that was looked at to the catalogue, as :func:`qy_finance.catalogue.add` does."""
    return catalogue.add(look.paths, data_dir, key=look.key, **said)


def reports_among(looks: Sequence[Look], looker: Looker) -> tuple[list[Look], list[Look]]:
    """The reports among files, of those in several files all together; and the files that are another version.

    Files are parts of one report if they are of one unit and year, and one has tables and the other the prose. Of files
    that hold the same report, that with most figures is taken.
    """
    whole: list[Look] = []
    others: list[Look] = []
    for look in sorted(looks, key=lambda one: -one.figures):
        if look.key is None:
            continue
        same = [at for at, one in enumerate(whole) if one.key and one.key[:2] == look.key[:2]]
        part = next((at for at in same if completes(look, whole[at])), None)
        if part is not None:
            first = whole[part]
            joined = looker.look((*first.names, *look.names), (*first.paths, *look.paths))
            if joined.key is not None:
                whole[part] = joined
                continue
        again = next((whole[at] for at in same if whole[at].key == look.key), None)
        if again is None:
            whole.append(look)
            continue
        alike = look.sha256 in again.sha256.split(";")
        why = f"{'the same file as' if alike else 'another version of'} {again.name}"
        others.append(replace(look, why=why))
    order = {look.names[0]: at for at, look in enumerate(looks)}
    whole.sort(key=lambda one: min(order[name] for name in one.names))
    return whole, others


def completes(look: Look, first: Look) -> bool:
    """Whether one has what the other lacks, and nothing of what that has."""
    apart = not set(look.tables) & set(first.tables)
    if look.key != first.key and look.is_scoped and first.is_scoped:
        return False
    return apart and not (look.prose and first.prose) and look.sha256 not in first.sha256.split(";")
