"""The data package as tests read it, and the catalogues that it is made of."""

from __future__ import annotations

import csv
import re
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import frictionless

from qy_finance.catalogue import add
from qy_finance.entries import COLUMNS


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def catalogue_of(folder: Path, *files: Path) -> Path:
    """A data folder with these reports."""
    folder.mkdir(parents=True)
    (folder / "reports.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    for file in files:
        add(file, folder, source="公开网站")
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def errors(folder: Path) -> Counter[str]:
    """What frictionless finds wrong, by kind."""
    found = frictionless.Package(str(folder / "datapackage.json")).validate()
    return Counter(kind for (kind,) in found.flatten(["type"]))


def texts_of(path: Path) -> set[str]:
    """All texts of a workbook as a spreadsheet reads them: _xHHHH_ is a character that XML can't hold."""
    with zipfile.ZipFile(path) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        roots = [ElementTree.fromstring(parts.read(name)) for name in sheets]
    found = (cell for root in roots for cell in root.iter(f"{_SHEET}is"))
    texts = ("".join(cell.itertext()) for cell in found)
    return {re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), text) for text in texts}


_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
