"""What the pages of a run are made with and from, as digests: how a later run knows what is unchanged."""

from __future__ import annotations

import json
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from qy_finance import __file__ as package
from qy_finance.batch.plan import Job, Subject
from qy_finance.files import digest_of

#: What makes the numbers and the pages; the last three only where scanned pages are read.
LIBRARIES = (
    "qy_finance",
    "beautifulsoup4",
    "fonttools",
    "ipykernel",
    "jinja2",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "pypdfium2",
    "seaborn",
    "onnxruntime",
    "opencv-python-headless",
    "rapidocr",
)


def of_job(job: Job) -> dict[str, Any]:
    """Everything that the pages of a job depend on, as it is written into a manifest."""
    basis = of_subject(job.subject)
    basis |= {"notebook_sha256": job.sha256, "parameters": dict(job.parameters)}
    return json.loads(json.dumps(basis))  # type: ignore[no-any-return]  # a tuple is read back as a list


def of_subject(subject: Subject) -> dict[str, Any]:
    """Everything that the figures of a report depend on."""
    return {
        "inputs": dict(subject.inputs),
        "package_sha256": package_digest(),
        "versions": versions(),
    }


@cache
def package_digest() -> str:
    """Digest of the files of this package."""
    folder = Path(package).parent
    files = (
        path
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    )
    return digest_of(folder, files)


@cache
def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that are installed."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # the extra for scanned pages
            continue
    return found
