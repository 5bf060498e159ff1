"""Self-evaluation tables in a text whose cells only spaces divide.

They are divided only where that is certain: the header names a column for each of its words, and every row down to
the sum has its classes, a name, what was to be reached and what was, weight and score in their columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qy_finance.evaluation.reading import is_certain
from qy_finance.form import Form
from qy_finance.readers import Cell, Document
from qy_finance.tables.others import PrintedTable

_GAPS: Final = re.compile(r"\S+(?: \S+)*"), re.compile(r"\S+")
"""Cells that two spaces divide, and cells that one does."""
_LEAST_COLUMNS: Final = 5


def divided(document: Document, table: PrintedTable, form: Form) -> PrintedTable:
    """The table with the cells of its lines, where they are certain; as it is, otherwise."""
    if table.width > 1 or not any(_may_be_header(document, cell, form) for cell in table.cells):
        return table
    for gaps in _GAPS:
        cells = tuple(_cells(document, table, gaps))
        made = PrintedTable(table.title, table.page, table.line, cells, table.breaks)
        if made.width >= _LEAST_COLUMNS and is_certain(document, made, form):
            return made
    return table


def _may_be_header(document: Document, cell: Cell, form: Form) -> bool:
    words = document.text[cell.start : cell.end].split()
    if len(words) < _LEAST_COLUMNS:
        return False
    wanted = "weight", "score"
    return all(any(p.fullmatch(w) for p in form.further.columns[r] for w in words) for r in wanted)


def _cells(document: Document, table: PrintedTable, gaps: re.Pattern[str]) -> Iterator[Cell]:
    for cell in table.cells:
        found = gaps.finditer(document.text, cell.start, cell.end)
        for column, match in enumerate(found):
            yield Cell(*match.span(), cell.row, column, 1, 1)
