"""What the rows of a corpus depend on besides the reports: this package as far as it reads, and libraries."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from qy_finance.files import digest_of

_READERS: Final = (
    "readers",
    "store/documents.py",
    "figures.py",
    "marks.py",
    "pictures.py",
    "files.py",
)
"""What makes documents; a change elsewhere reads documents that are kept, and no files."""
_ELSEWHERE: Final = (
    "publish", "charts", "fonts", "corpus", "cli.py", "console.py", "letter.py", "keeping.py", "cards.py",
    "cards.html.j2", "palette.py", "versions.py", "intake.py", "looks.py", "explorer.py", "search.py", "svg.py",
    "starting.py", "notebooks.py", "__main__.py",
)  # fmt: skip
"""What makes pages and asks questions: no row depends on it."""
_HERE: Final = ("corpus/worker.py", "corpus/choosing.py")
"""What of the corpus itself makes rows, and says what is told of a report."""
_LIBRARIES: Final = (
    "beautifulsoup4", "lxml", "openpyxl", "pillow", "pypdfium2", "python-docx", "xlrd", "onnxruntime", "rapidocr",
)  # fmt: skip


def made_by() -> dict[str, str]:
    """Digests of what makes ``documents``, and of what makes ``rows`` of them."""
    folder = Path(__file__).parents[1]
    files = [
        path
        for path in folder.rglob("[!.]*")
        if path.is_file() and path.suffix in (".py", ".toml", ".sql", ".j2", ".csv")
    ]

    def below(path: Path, names: Iterable[str]) -> bool:
        inside = f"{path.relative_to(folder).as_posix()}/"
        return any(inside.startswith(f"{name}/") for name in names)

    reading = [path for path in files if below(path, _READERS)]
    making = [path for path in files if not below(path, _ELSEWHERE) or below(path, _HERE)]
    documents = sha256(f"{digest_of(folder, reading)} {_versions()}".encode()).hexdigest()
    rows = sha256(f"{documents} {digest_of(folder, making)}".encode()).hexdigest()
    return {"documents": documents, "rows": rows}


def _versions() -> str:
    found = []
    for name in _LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:  # the extra for scanned pages
            found.append(f"no {name}")
    return ", ".join(found)
