"""``qy-finance init``: a folder to work in, for those who installed the package and have no copy of the project."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from qy_finance.entries import COLUMNS, NAME
from qy_finance.errors import ReportError
from qy_finance.files import TEMPORARY, write_text

NOTEBOOKS, DATA = "notebooks", "data"


def begin(folder: str | Path) -> list[Path]:
    """Bring the notebooks, without what they showed of another report, and, where there is none, an empty catalogue.

    Returns
    -------
    list of Path
        What was written.

    Raises
    ------
    ReportError
        The folder has notebooks already; nothing is changed.
    """
    from qy_finance.notebooks import nbformat

    folder = Path(folder)
    notebooks, catalogue = folder / NOTEBOOKS, folder / DATA / NAME
    if os.path.lexists(notebooks):  # a link that leads nowhere is there too
        raise ReportError(notebooks, "", "a folder without notebooks", "one that has them")
    if catalogue.exists() and not catalogue.is_file():
        raise ReportError(catalogue, "", "a catalogue, or none", "a folder")
    source = _packaged()
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", suffix=TEMPORARY, dir=folder) as temporary:
        made = Path(temporary) / NOTEBOOKS
        found = (path for end in ("ipynb", "toml") for path in source.rglob(f"[!.]*.{end}"))
        names = sorted(path.relative_to(source) for path in found)
        for name in names:
            if name.suffix == ".toml":  # what text cells say in English
                write_text(made / name, (source / name).read_text(encoding="utf-8"))
                continue
            notebook = nbformat.read(source / name, as_version=4)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
            write_text(made / name, nbformat.writes(notebook) + "\n")
        if is_new := not catalogue.exists():
            write_text(catalogue, ",".join(COLUMNS) + "\n")
        made.rename(notebooks)
    return [*(notebooks / name for name in names), *([catalogue] if is_new else [])]


def _packaged() -> Path:
    """The notebooks as they were installed, or beside the package where the project itself is."""
    package = Path(__file__).parent
    inside = package / NOTEBOOKS
    return inside if inside.is_dir() else package.parent / NOTEBOOKS
