"""The text cells of a notebook in English, as its page shows them."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qy_finance.errors import ParameterError
from qy_finance.language import CHINESE

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: A heading, and below it what it is in English: ``## 三个发现``, ``*Three findings*``.
_HEADING: Final = re.compile(r"(#+) .+\n\*(.+)\*")


def english_file(notebook: Path) -> Path:
    """Where the English of the text cells of a notebook is, if they have any that is not in the notebook itself."""
    return notebook.parent / "en" / f"{notebook.stem}.toml"


def in_english(notebook: NotebookNode, path: Path) -> NotebookNode:
    """A copy of a notebook with its text cells in English, as far as there is any; the others stay as they are.

    Of a cell that is a heading with its English in italics below, that is the English heading. Others have it in
    :func:`english_file`, whose ``[[cell]]`` each have the cell's text (``zh``) and its English (``en``).

    Raises
    ------
    ParameterError
        That file is damaged.
    """
    said = _told(english_file(path))
    made: NotebookNode = deepcopy(notebook)
    for cell in made.cells:
        if cell.cell_type == "markdown":
            cell.source = said.get(cell.source.strip()) or _english_heading(cell.source)
    return made


def _english_heading(source: str) -> str:
    found = _HEADING.fullmatch(source.strip())
    return f"{found[1]} {found[2]}" if found and not CHINESE.search(found[2]) else source


def _told(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        cells = tomllib.loads(file.read_text("utf-8"))["cell"]
        return {cell["zh"].strip(): cell["en"].strip() for cell in cells}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ParameterError(file, "", "[[cell]] with zh and en", str(error)) from error
