"""What pages are made with: this package and the libraries that make its numbers and pages."""

from __future__ import annotations

import platform
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from qy_finance import __file__ as package
from qy_finance.files import digest_of

#: What makes the numbers and the pages; the last three only where scanned pages are read.
LIBRARIES = (
    "qy_finance", "beautifulsoup4", "fonttools", "ipykernel", "jinja2", "matplotlib", "nbconvert", "numpy", "pandas",
    "papermill", "pypdfium2", "seaborn", "onnxruntime", "opencv-python-headless", "rapidocr",
)  # fmt: skip


def package_digest() -> str:
    """Digest of the files of this package."""
    folder = Path(package).parent
    visible = (path for path in folder.rglob("[!.]*") if "__pycache__" not in path.parts)
    return digest_of(folder, filter(Path.is_file, visible))


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that are installed."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):  # the extra for scanned pages
            found[name] = version(name)
    return found
