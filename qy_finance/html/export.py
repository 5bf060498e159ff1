"""An executed notebook as one HTML file."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qy_finance.html import assets
from qy_finance.html.finish import finish

if TYPE_CHECKING:
    from nbconvert import HTMLExporter
    from nbformat import NotebookNode

#: What is shown of an output that comes in several forms. Nothing that needs a script is among it.
SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]

_EXPORT_LOCK = threading.Lock()


@dataclass(frozen=True)
class Page:
    """What stands around a notebook on its page.

    Attributes
    ----------
    title, unit, year, scope, notebook
        Heading of the notebook, the report (单位, 年度, 本级 or 部门汇总), name of the notebook.
    started : str
        When it was run (ISO 8601).
    error : str
        The error that ended it, in one line; empty if it ran to its end.
    index : str
        Relative address of the index.
    """

    title: str
    unit: str
    year: int
    scope: str
    notebook: str
    started: str
    error: str = ""
    index: str = "../../index.html"


def title_of(notebook: NotebookNode) -> str:
    """First heading of a notebook, empty if it has none."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.search(r"^#\s+(.+)$", cell.source, re.M)):
            return found[1].strip()
    return ""


def export(notebook: NotebookNode, page: Page, folder: Path) -> str:
    """HTML of an executed notebook, complete in itself.

    Parameters
    ----------
    notebook : NotebookNode
        As papermill leaves it.
    page : Page
        What stands around it; all of it is escaped.
    folder : Path
        Where the images that its text cells name are looked for.
    """
    from bs4 import BeautifulSoup

    resources = {
        "page": page,
        "style": assets.style(),
        "script": assets.script(),
        "policy": assets.policy(),
        "metadata": {"path": str(folder)},
    }
    with _EXPORT_LOCK:  # the exporter keeps the notebook at hand in its filters
        body, _ = _exporter().from_notebook_node(notebook, resources)
    soup = BeautifulSoup(body, "html.parser")
    finish(soup)
    text = str(soup)
    return text.replace("</style>", f"\n{assets.font_face(text)}</style>", 1)


@cache
def _exporter() -> HTMLExporter:
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    return HTMLExporter(
        config=Config({"NbConvertBase": {"display_data_priority": SHOWN}}),
        template_name=assets.TEMPLATES.name,
        extra_template_basedirs=[str(assets.TEMPLATES.parent)],
        embed_images=True,
        exclude_anchor_links=True,
    )
