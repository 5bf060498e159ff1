"""``manifest.json`` beside the pages of each report: what was run, on what, and how it ended."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from qy_finance.batch.execute import Outcome
from qy_finance.errors import ReportError
from qy_finance.files import sha256_of, write_text

NAME = "manifest.json"
FORMAT = 1
PACKAGES = ("qy_finance", "papermill", "nbconvert", "pandas", "matplotlib", "seaborn")


@dataclass(frozen=True)
class Manifest:
    """Runs of one report.

    Attributes
    ----------
    folder : Path
        Where the pages are.
    unit, year, scope, sha256
        The report, as in the catalogue.
    notebooks : dict
        For each notebook its ``title``, ``status`` (ok or failed), ``error``, ``started`` (UTC),
        ``seconds``, ``parameters``, ``notebook_sha256`` and ``versions``.
    """

    folder: Path
    unit: str
    year: int
    scope: str
    sha256: str
    notebooks: dict[str, dict[str, Any]]


def record(outcome: Outcome) -> None:
    """Write how a job ended into the manifest of its folder."""
    job = outcome.job
    path = job.folder / NAME
    notebooks = read(path).notebooks if path.exists() else {}
    notebooks[job.name] = {
        "title": outcome.title,
        "status": "ok" if outcome.ok else "failed",
        "error": outcome.error,
        "started": outcome.started,
        "seconds": outcome.seconds,
        "parameters": dict(job.parameters),
        "notebook_sha256": sha256_of(job.notebook),
        "versions": versions(),
    }
    content = {
        "format": FORMAT,
        "unit": job.unit,
        "year": job.year,
        "scope": job.scope,
        "sha256": job.sha256,
        "notebooks": dict(sorted(notebooks.items())),
    }
    write_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def read(path: Path) -> Manifest:
    """Read one manifest.

    Raises
    ------
    ReportError
        It is not one that this version wrote.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            raise ValueError("another format")
        return Manifest(path.parent, **content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(
            path, "", f"a manifest of format {FORMAT} (delete it to start anew)", str(error)
        ) from error


def read_all(output_dir: Path) -> list[Manifest]:
    """Every manifest below the output folder, the newest year first."""
    manifests = [read(path) for path in output_dir.glob(f"*/*/{NAME}")]
    return sorted(manifests, key=lambda m: (-m.year, m.unit))


def versions() -> dict[str, str]:
    """Versions of what makes the numbers and the pages."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}
