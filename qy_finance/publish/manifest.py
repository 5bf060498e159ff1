"""``manifest.json`` beside the pages of each report: what was run, on what, and how it ended."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from qy_finance.digests import stamp
from qy_finance.errors import ReportError
from qy_finance.files import sha256_of, write_text
from qy_finance.language import EN, is_english
from qy_finance.publish.execute import JobResult
from qy_finance.publish.plan import PANEL, Job, Subject

NAME = "manifest.json"
FORMAT = 3

#: What a manifest says of each notebook as its result has it.
_RESULT = ("title", "error", "started", "seconds", "outputs", "cited")


@dataclass(frozen=True)
class Manifest:
    """Runs of one report, or of the notebooks about the whole catalogue.

    Attributes
    ----------
    folder : Path
        Where the pages are.
    unit, year, scope
        The report, as in the catalogue; ``year`` is None for the whole catalogue.
    summary : dict
        What the index says of the report, see :func:`qy_finance.publish.reading.summary`, and what it was made
        from (``inputs``, ``package_sha256``, ``versions``); empty before it is read.
    notebooks : dict
        For each notebook its ``title``, ``status`` (ok or failed), ``error``, ``started`` (UTC), ``seconds``;
        what it was made from: ``inputs`` (SHA-256 of each file), ``notebook_sha256``, ``package_sha256``,
        ``versions``, ``parameters``; ``outputs`` (SHA-256 of each file that it left), ``stamps`` (size and times of
        each), and ``cited`` (the figures that its page links to).
    """

    folder: Path
    unit: str
    year: int | None
    scope: str
    summary: dict[str, Any] = field(default_factory=dict)
    notebooks: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def spoken(self) -> dict[str, dict[str, Any]]:
        """The notebooks whose pages are in the language that is spoken, or have no sister in it."""
        names = self.notebooks
        return {name: run for name, run in names.items() if _is_of_language(name, names)}


def unchanged(job: Job, manifest: Manifest) -> JobResult | None:
    """How a job ended when it was last run, if it ran well and would come out the same again.

    What was changed or cut in its pages since then is no result of it. The figures that they cite stay in the manifest.
    """
    run = manifest.notebooks.get(job.name, {})
    if run.get("status") != "ok" or not _made_from(run, job.basis):
        return None
    there = [path for path in job.outputs if path.is_file()]
    if {path.name: stamp(path) for path in there} != run.get("stamps") and (
        {path.name: sha256_of(path) for path in there} != run["outputs"]
    ):
        return None
    told = {name: run[name] for name in _RESULT} | {"cited": {}}
    return JobResult(job, **told, unchanged=True)


def is_read(subject: Subject, manifest: Manifest, english: bool = False) -> bool:
    """Whether the manifest has the figures of the report as it is now; in English too, where that is asked for."""
    told = manifest.summary
    return (
        _made_from(told, subject.basis) and not told["error"] and ("english" in told or not english)
    )


def record(result: JobResult) -> None:
    """Write how a job ended into the manifest of its folder."""
    job, manifest = result.job, manifest_of(result.job.subject)
    told = {name: getattr(result, name) for name in _RESULT}
    told["status"] = "ok" if result.ok else "failed"
    told["stamps"] = {path.name: stamp(path) for path in job.outputs}
    manifest.notebooks[job.name] = {**told, **job.basis}
    _write(manifest)


def record_summary(subject: Subject, summary: Mapping[str, Any]) -> None:
    """Write what the index says of a report into the manifest of its folder."""
    _write(replace(manifest_of(subject), summary={**summary, **subject.basis}))


def manifest_of(subject: Subject) -> Manifest:
    """The manifest of a subject; empty where there is none, or one of another format.

    Raises
    ------
    ReportError
        It is damaged.
    """
    entry, path = subject.entry, subject.folder / NAME
    of = (entry.unit, entry.year, entry.scope) if entry else ("", None, "")
    return (read(path) if path.exists() else None) or Manifest(subject.folder, *of)


def read(path: Path) -> Manifest | None:
    """Read one manifest; None for one of another format, which says nothing to this version.

    Raises
    ------
    ReportError
        It is damaged.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT:
            return None
        for run in content["notebooks"].values():
            if missing := {"status", *_RESULT} - run.keys():
                raise ValueError(f"a notebook without {', '.join(sorted(missing))}")
        return Manifest(path.parent, **content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReportError(path, "", "a manifest (delete it to start anew)", str(error)) from error


def read_all(output_dir: Path) -> list[Manifest]:
    """Every manifest below the output folder: units in order, the newest year first, the whole catalogue last.

    All figures that all pages cite are too much to be held at once: instead of ``cited`` each notebook has ``cites``, a
    digest of what it cites of each report.
    """
    paths = [*output_dir.glob(f"[0-9]*/*/{NAME}"), *output_dir.glob(f"{PANEL}/{NAME}")]
    manifests = [_light(manifest) for path in paths if (manifest := read(path)) is not None]
    return sorted(manifests, key=lambda m: (m.year is None, m.unit, m.scope, -(m.year or 0)))


def _is_of_language(name: str, names: Container[str]) -> bool:
    """Whether a page of some is in the language that is spoken, or has no sister that is."""
    ending = f".{EN}"
    if name.endswith(ending):
        return is_english() or name.removesuffix(ending) not in names
    return not is_english() or f"{name}{ending}" not in names


def _light(manifest: Manifest) -> Manifest:
    for run in manifest.notebooks.values():
        cited = run.pop("cited").items()
        run["cites"] = {
            report: sha256(json.dumps(figures).encode()).hexdigest() for report, figures in cited
        }
    return manifest


def _made_from(entry: Mapping[str, Any], basis: Mapping[str, Any]) -> bool:
    written = json.loads(json.dumps(basis))  # which makes a list of a tuple
    return all(entry.get(name) == value for name, value in written.items())


def _write(manifest: Manifest) -> None:
    content = {"format": FORMAT, **vars(manifest)}
    content["notebooks"] = dict(sorted(manifest.notebooks.items()))
    folder = content.pop("folder")
    write_text(folder / NAME, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
