"""Build ``data/tidy`` from the catalogue: all of it, or nothing."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import NamedTuple

from qy_finance.contract import ACCOUNTS, FAILURES, RESOURCES
from qy_finance.entries import NAME as CATALOGUE
from qy_finance.entries import Catalogue, read
from qy_finance.errors import ParameterError, ReportError, UnknownReportError
from qy_finance.files import TEMPORARY, locked, write_text
from qy_finance.tidy.accounts import accounts
from qy_finance.tidy.formats import Table
from qy_finance.tidy.holding import holding
from qy_finance.tidy.package import CODEBOOK, NAME, WORKBOOK, codebook, data_version, descriptor
from qy_finance.tidy.records import Failure
from qy_finance.tidy.stream import stream
from qy_finance.tidy.workbook import OF_REPORTS, write_workbook

FOLDER = "tidy"


class Built(NamedTuple):
    """What a build made.

    Attributes
    ----------
    package
        The descriptor.
    formulas
        How many texts a spreadsheet may compute, if it opens the CSV files: by resource and field.
    failures
        The reports that could not be read: they are in the resource of that name, and in no other.
    """

    package: Path
    formulas: Counter[tuple[str, str]]
    failures: list[Failure]


def build(
    data_dir: str | Path = "",
    output_dir: str | Path = "",
    years: Sequence[int] = (),
    units: Sequence[str] = (),
) -> Built:
    """Read and check all reports of the catalogue, and write what people can take away.

    The same reports give the same bytes. The files are made in a folder of their own and then replace those that
    are there, one by one and the descriptor last: until then its digests tell that the package is not whole.

    A report that can't be read does not keep the others back: it is a row of the resource ``failures``, with the
    reason, and no other resource has rows of it. An empty ``data_dir`` is the nearest ``data`` from here upward, an
    empty ``output_dir`` is ``tidy`` in it.

    Parameters
    ----------
    years, units
        What the workbook holds, by default everything; all other files have everything. Beyond the rows of a sheet it
        holds the newest years, of the last of them the first reports of the catalogue, and says so.

    Raises
    ------
    ReportError
        The catalogue can't be read, or none of its reports, or ``output_dir`` is the catalogue's. Nothing is changed.
    UnknownReportError
        The catalogue has no report of such a year or unit.
    """
    catalogue = read(data_dir)
    output = Path(output_dir) if str(output_dir) else catalogue.data_dir / FOLDER
    if output.resolve() == catalogue.data_dir.resolve():
        found = f"that of the catalogue, whose {RESOURCES['reports'].name}.csv would be replaced"
        raise ParameterError(output, "output_dir", "a folder of its own", found)
    asked = _asked(catalogue, years, units)
    version = data_version(catalogue.data_dir)
    output.mkdir(parents=True, exist_ok=True)
    _sweep(output)
    with (
        tempfile.TemporaryDirectory(prefix=".", suffix=TEMPORARY, dir=output) as temporary,
        locked(Path(temporary)),
    ):
        folder = Path(temporary)
        formulas, failures = _write_tables(folder, catalogue)
        write_text(folder / CODEBOOK, codebook())
        write_workbook(folder / WORKBOOK, folder, holding(folder, asked, OF_REPORTS))
        names = sorted(path.name for path in folder.glob("[!.]*"))
        write_text(folder / NAME, descriptor(folder, version))
        for name in (*names, NAME):
            (folder / name).replace(output / name)
    return Built(output / NAME, formulas, failures)


def _sweep(output: Path) -> None:
    """Remove what a killed process left; one that is at work holds its folder."""
    for left in output.glob(f".*{TEMPORARY}"):
        with suppress(ReportError):
            with locked(left):
                pass
            shutil.rmtree(left)


def _asked(catalogue: Catalogue, years: Sequence[int], units: Sequence[str]) -> set[str] | None:
    """The digests of the reports of these years and units; None where nothing is asked."""
    if not years and not units:
        return None
    chosen = {entry.sha256 for entry in catalogue.entries}
    for asked in (
        [catalogue.select(year) for year in years],
        [catalogue.select(None, unit) for unit in units],
    ):
        if asked:
            chosen &= {entry.sha256 for found in asked for entry in found}
    if not chosen:
        told = ", ".join(map(str, (*years, *units)))
        raise UnknownReportError(CATALOGUE, "workbook", "a report of these years and units", told)
    return chosen


def _write_tables(
    folder: Path, catalogue: Catalogue
) -> tuple[Counter[tuple[str, str]], list[Failure]]:
    """Write CSV and Parquet of all resources; returns what `Built` tells."""
    failures: list[Failure] = []
    read = 0
    with ExitStack() as stack:
        tables = {
            name: stack.enter_context(Table(folder, one))
            for name, one in RESOURCES.items()
            if name != ACCOUNTS
        }
        waiting = stack.enter_context(tempfile.TemporaryFile(dir=folder))
        for made in stream(catalogue, waiting):
            if isinstance(made, Failure):
                failures.append(made)
                tables[FAILURES].append([{"number": len(failures), **made.record}])
            else:
                read += 1
                for name, rows in made.items():
                    tables[name].append(rows)
    if failures and not read:
        found = f"none of {len(failures)}; the first: {failures[0].told}"
        raise ReportError(catalogue.data_dir / CATALOGUE, "", "a report that can be read", found)
    with Table(folder, RESOURCES[ACCOUNTS]) as table:
        table.append(accounts(folder))
    tables[ACCOUNTS] = table
    formulas = Counter(
        {(name, field): n for name, one in tables.items() for field, n in one.formulas.items()}
    )
    return formulas, failures
