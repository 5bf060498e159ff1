"""Build ``data/tidy`` from the catalogue: all of it, or nothing."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from qy_finance.contract import RESOURCES
from qy_finance.entries import load
from qy_finance.errors import ParameterError
from qy_finance.files import TEMPORARY, write_text
from qy_finance.tidy.formats import as_csv, formulas, write_parquet
from qy_finance.tidy.package import CODEBOOK, NAME, WORKBOOK, codebook, descriptor
from qy_finance.tidy.records import Tidy, collect
from qy_finance.tidy.workbook import write_workbook

FOLDER = "tidy"


class Built(NamedTuple):
    """The descriptor that a build made, and how many texts a spreadsheet may compute (:func:`formulas`)."""

    package: Path
    formulas: Counter[tuple[str, str]]


def build(data_dir: str | Path = "", output_dir: str | Path = "") -> Built:
    """Read and check all reports of the catalogue, and write what people can take away.

    The same reports give the same bytes. The files are made in a folder of their own and then replace those that
    are there, one by one and the descriptor last: until then its digests tell that the package is not whole.

    An empty ``data_dir`` is the nearest ``data`` from here upward, an empty ``output_dir`` is ``tidy`` in it.

    Raises
    ------
    ReportError
        The catalogue or a report can't be read, or ``output_dir`` is the catalogue's. Nothing is changed.
    """
    catalogue = load(data_dir)
    output = Path(output_dir) if str(output_dir) else catalogue.data_dir / FOLDER
    if output.resolve() == catalogue.data_dir.resolve():
        found = f"that of the catalogue, whose {RESOURCES['reports'].name}.csv would be replaced"
        raise ParameterError(output, "output_dir", "a folder of its own", found)
    rows = collect(catalogue)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", suffix=TEMPORARY, dir=output) as temporary:
        for name in _write(Path(temporary), rows):
            (Path(temporary) / name).replace(output / name)
    return Built(output / NAME, formulas(rows))


def _write(folder: Path, rows: Tidy) -> list[str]:
    """Write all files; returns their names, the descriptor last."""
    for name, resource in RESOURCES.items():
        write_text(folder / f"{name}.csv", as_csv(resource, rows[name]))
        write_parquet(folder / f"{name}.parquet", resource, rows[name])
    write_text(folder / CODEBOOK, codebook())
    write_workbook(folder / WORKBOOK, rows)
    names = sorted(path.name for path in folder.iterdir())
    write_text(folder / NAME, descriptor(folder, rows["reports"]))
    return [*names, NAME]
