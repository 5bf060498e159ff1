"""What is to be run: notebooks, their parameters, and the reports that they are run for.

Everything is checked here, before the first kernel starts.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qy_finance.catalogue import Catalogue
from qy_finance.errors import ParameterError
from qy_finance.files import find_upward, safe_name

#: Parameters that every notebook has; `run` sets them from the catalogue.
OWN_PARAMETERS = ("year", "unit", "data_dir")


@dataclass(frozen=True)
class Job:
    """One notebook for one report.

    Attributes
    ----------
    notebook : Path
        The notebook as written.
    year, unit, scope : int, str, str
        The report; ``unit`` is the name by which the catalogue tells it from the others.
    sha256 : str
        Digest of the report's file.
    parameters : mapping
        What is injected into the notebook, ``year``, ``unit`` and ``data_dir`` among it.
    folder : Path
        Where its files go.
    """

    notebook: Path
    year: int
    unit: str
    scope: str
    sha256: str
    parameters: Mapping[str, object]
    folder: Path

    @property
    def name(self) -> str:
        """Name of the notebook without its ending."""
        return self.notebook.stem

    def output(self, suffix: str) -> Path:
        """File that this job leaves, ``.ipynb`` or ``.html``."""
        return self.folder / f"{self.name}{suffix}"


def find_notebooks(notebook_dir: str | Path = "", names: Sequence[str] = ()) -> list[Path]:
    """Notebooks of a folder in order of their names, or those that are named.

    Parameters
    ----------
    notebook_dir : str or Path
        Empty for the nearest ``notebooks`` from the working directory upward. Folders in it
        (``templates``) are not looked into.
    names : sequence of str
        Names with or without ``.ipynb``, or paths.

    Raises
    ------
    ParameterError
        No notebooks, or none of that name; the message says which there are.
    """
    folder = Path(notebook_dir) if str(notebook_dir) else find_upward("notebooks", "*.ipynb")
    there = sorted(folder.glob("*.ipynb")) if folder else []
    if folder is None or not there:
        raise ParameterError(folder or Path.cwd(), "", "a folder notebooks/ with *.ipynb", "none")
    chosen = {}
    for name in names:
        wanted = Path(name)
        for path in there:
            here = wanted.parent == Path() or wanted.resolve() == path.resolve()
            if here and wanted.name.removesuffix(".ipynb") == path.stem:
                chosen[path] = name
                break
        else:
            raise ParameterError(folder, "notebook", " | ".join(path.stem for path in there), name)
    return sorted(chosen) if names else there


def plan(
    catalogue: Catalogue,
    notebooks: Sequence[Path],
    years: Iterable[int],
    units: Sequence[str] = (),
    parameters: Mapping[str, str] | None = None,
    output_dir: Path = Path("outputs"),
) -> list[Job]:
    """Jobs for each year, each unit and each notebook, in that order.

    Raises
    ------
    UnknownReportError
        A year or unit that the catalogue does not have.
    ParameterError
        A parameter that a notebook does not have, or a value of another type than its default.
    """
    given = {path: _typed_parameters(path, parameters or {}) for path in notebooks}
    entries = {
        entry: None
        for year in years
        for unit in units or (None,)
        for entry in catalogue.select(year, unit)
    }
    jobs = []
    for entry in entries:
        unit = catalogue.name(entry)
        for path in notebooks:
            own = {
                "year": entry.year,
                "unit": unit,
                "data_dir": _seen_from(path, catalogue.data_dir),
            }
            folder = output_dir / str(entry.year) / safe_name(unit)
            jobs.append(
                Job(path, entry.year, unit, entry.scope, entry.sha256, given[path] | own, folder)
            )
    return jobs


def _seen_from(notebook: Path, folder: Path) -> str:
    """Relative path of a folder for a notebook, so that no path of this machine gets into a page."""
    here, there = notebook.resolve().parent, folder.resolve()
    return (
        Path(os.path.relpath(there, here)).as_posix() if here.anchor == there.anchor else str(there)
    )


def _typed_parameters(path: Path, parameters: Mapping[str, str]) -> dict[str, object]:
    from papermill import inspect_notebook

    try:
        known = inspect_notebook(str(path))
    except (ValueError, KeyError, AttributeError) as error:  # what nbformat makes of a damaged file
        raise ParameterError(path, "", "a notebook", str(error).partition("\n")[0]) from error
    for name in OWN_PARAMETERS:
        if name not in known:
            raise ParameterError(
                path, "cell tagged parameters", " and ".join(OWN_PARAMETERS), f"no {name}"
            )
    for name in parameters:
        if name in OWN_PARAMETERS:
            raise ParameterError(path, "parameter", "another than the catalogue's own", name)
        if name not in known:
            raise ParameterError(path, "parameter", " | ".join(known), name)
    return {
        name: _typed(path, name, value, known[name]["default"])
        for name, value in parameters.items()
    }


def _typed(path: Path, name: str, value: str, default: str) -> object:
    """Give a value the type of the notebook's default, so that 0602 stays a string where one is."""
    try:
        like = ast.literal_eval(default)
    except (ValueError, SyntaxError):  # an expression: its type is not known
        return value
    if like is None or isinstance(like, str):
        return value
    kind = type(like)
    try:
        typed = kind(value) if kind in (int, float) else ast.literal_eval(value)
    except (ValueError, SyntaxError):
        typed = None
    if type(typed) is not kind:
        raise ParameterError(
            path, f"parameter {name}", f"{kind.__name__} as in {name} = {default}", value
        )
    return typed
