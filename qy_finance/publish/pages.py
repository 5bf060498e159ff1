"""An executed notebook as one HTML file.

A page holds everything that it shows: styles, figures and the characters of a Chinese font that it uses. It names no
external address, and its security policy keeps a browser from asking for one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from qy_finance.language import EN, ZH, pinyin, speaking
from qy_finance.publish import assets
from qy_finance.publish.cards import CardData, Look, nothing
from qy_finance.publish.finish import Cited, finish

if TYPE_CHECKING:
    from nbconvert import HTMLExporter
    from nbformat import NotebookNode

#: What is shown of an output that comes in several forms. Nothing that needs a script is among it.
SHOWN = ["text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain"]

_EXPORT_LOCK = threading.Lock()


@dataclass(frozen=True)
class NotebookPage:
    """What stands around a notebook on its page.

    Attributes
    ----------
    title, unit, year, scope, notebook
        Heading of the notebook, the report (单位, 年度, 本级 or 部门汇总), name of the notebook. A page about the
        whole catalogue has no year and an empty scope.
    started, error : str
        When it was run (ISO 8601), and the error that ended it, in one line; empty if it ran to its end.
    index : str
        Relative address of the index.
    beside : sequence of (str, str)
        Title and address of each page beside it, its own among them.
    sources : mapping of str to str
        Address of each report's source page, by its ``report_id``.
    pages : mapping of str to str
        Address of the page of each notebook that a text may link to, by the notebook's name.
    witness : str
        Address of the picture that is beside it while the source pages are those that it links to.
    language, sister : str
        Its language, zh or en; the address of the page in the other one, empty where there is none.
    """

    title: str
    unit: str
    year: int | None
    scope: str
    notebook: str
    started: str
    error: str = ""
    index: str = "../../index.html"
    beside: Sequence[tuple[str, str]] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)
    witness: str = "beside.svg"
    language: str = ZH
    sister: str = ""

    @property
    def address(self) -> str:
        """Its own address, as seen from its folder."""
        return quote(f"{self.notebook}.html")


class ExportedPage(NamedTuple):
    """A page, and the figures that it links to: for each report and row, the addresses of the headings above."""

    text: str
    cited: Cited


def export(
    notebook: NotebookNode, page: NotebookPage, folder: Path, look: Look = nothing
) -> ExportedPage:
    """HTML of a notebook as papermill leaves it, complete in itself; all of what stands around it is escaped.

    The images that its text cells name are looked for in the folder. What its cards show of the figures that it cites,
    ``look`` says.
    """
    from bs4 import BeautifulSoup
    from nbconvert.exporters import TemplateExporter
    from nbconvert.filters import Highlight2HTML

    script = assets.read("script.js") + assets.read("cards.js")
    resources = {
        "page": page,
        "style": assets.read("style.css") + _running_head(page),
        "script": script,
        "policy": assets.policy(script),
        "metadata": {"path": str(folder)},
        "entity": assets.entity,
        "mark": assets.mark,
        "pinyin": pinyin,
    }
    language = notebook.metadata.get("language_info", {})
    with _EXPORT_LOCK, speaking(page.language):  # the exporter keeps its filters
        exporter = _exporter()
        lexer = language.get("pygments_lexer", language.get("name"))
        exporter.register_filter(
            "highlight_code", Highlight2HTML(pygments_lexer=lexer, parent=exporter)
        )
        # its own way for HTML parses the page, and writes it, once more than is done here
        body, _ = TemplateExporter.from_notebook_node(exporter, notebook, resources)
    soup = BeautifulSoup(body, "html.parser")
    cited, numbers = finish(soup, page.sources, page.pages, folder, page.language == EN)
    with speaking(page.language):
        cards = CardData(numbers, page.sources, look)
        told = soup.find("script", id="cards")
        assert told is not None
        told.string = cards.script
    return ExportedPage(cards.with_strips(assets.with_font(str(soup))), cited)


def _running_head(page: NotebookPage) -> str:
    """The style that prints the report's name, and that of the page, above each of its sheets but the first."""
    said = " ".join(filter(None, (page.unit, str(page.year or ""), page.scope)))
    text = "".join(one if one.isalnum() else f"\\{ord(one):x} " for one in f"{said} · {page.title}")
    return f'@page{{@top-left{{content:"{text}"}}}}@page:first{{@top-left{{content:none}}}}\n'


@cache
def _exporter() -> HTMLExporter:
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    return HTMLExporter(
        config=Config({"NbConvertBase": {"display_data_priority": SHOWN}}),
        optimistic_validation=True,  # once, not after each of its steps
        template_name=assets.TEMPLATES.name,
        extra_template_basedirs=[str(assets.TEMPLATES.parent)],
        exclude_anchor_links=True,
    )
