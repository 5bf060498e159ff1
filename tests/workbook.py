"""A small project to run: notebooks, a catalogue and two reports that nothing parses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from qy_finance.entries import COLUMNS
from qy_finance.files import sha256_of

UNIT = "某市<b>某局</b>"
PARAMETERS = 'year = 2022\nunit = ""\ndata_dir = ""\nlimit = 0.5\ncode = "01"'


def write_notebook(
    path: Path, title: str, cells: Sequence[str], parameters: str = PARAMETERS
) -> None:
    """Write a notebook; a cell that starts with # and a blank is text."""
    made = [
        new_markdown_cell(f"# {title}"),
        new_code_cell(parameters, metadata={"tags": ["parameters"]}),
        *(new_markdown_cell(c) if c.startswith(("# ", "## ")) else new_code_cell(c) for c in cells),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(cells=made, metadata={"kernelspec": kernel})
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def write_project(root: Path) -> Path:
    """Write data/ with a report each for 2021 and 2022, and an empty notebooks/."""
    lines = [",".join(COLUMNS)]
    for year in (2021, 2022):
        file = root / "data" / "raw" / f"{year}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{year} 年度", encoding="utf-8")
        row = (UNIT, str(year), "本级", f"raw/{year}.txt", sha256_of(file), "text", "")
        lines.append(",".join(row))
    (root / "data" / "reports.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "notebooks").mkdir()
    return root
