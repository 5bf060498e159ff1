"""Which of several tables under the title of a standard table is that table."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

from qy_finance.errors import ReportError, UnreadableNumberError, UnreadableRowError
from qy_finance.readers import Document
from qy_finance.tables.gridded import read_grids
from qy_finance.tables.lined import read_lines
from qy_finance.tables.locate import Block
from qy_finance.tables.rows import TableRows
from qy_finance.tables.sheet import sheets_of
from qy_finance.tables.spec import TableSpec

_SIMILAR: Final = 0.6  # of the headers of a table's pages


def runs_of(
    document: Document, blocks: tuple[Block, ...], spec: TableSpec
) -> list[tuple[Block, ...]]:
    """The blocks of one title as tables.

    A block is a further page of the one right before it, unless its header is of another kind.
    """
    runs: list[list[Block]] = []
    before: Block | None = None
    for block in blocks:
        if block.spec is spec:
            header = _header(document, block)
            further = before is not None and before.spec is spec
            if further and (not header or _alike(header, _header(document, runs[-1][0]))):
                runs[-1].append(block)
            else:
                runs.append([block])
        before = block
    return [tuple(run) for run in runs]


def best_of(
    document: Document, spec: TableSpec, runs: list[tuple[Block, ...]], year: int
) -> tuple[tuple[Block, ...], TableRows]:
    """Of several tables under one title, the one whose columns are most of the form's; the first of equals.

    A detailed table (明细表) or one of other means often bears a title like that of a standard table.
    """
    if len(runs) == 1:
        return runs[0], _content(document, spec, runs[0], year)
    read: list[tuple[int, tuple[Block, ...], TableRows]] = []
    errors: list[ReportError] = []
    for run in runs:
        try:
            content = _content(document, spec, run, year)
        except (UnreadableNumberError, UnreadableRowError) as error:
            errors.append(error)
            continue
        form = {
            c.name for columns in (spec.columns, *(s.columns for s in spec.sides)) for c in columns
        }
        known = sum(column.name in form for group in content.columns for column in group)
        extra = sum(column.name not in form for group in content.columns for column in group)
        read.append((known - extra, run, content))
    if not read:
        raise errors[0]
    _, run, content = max(read, key=lambda entry: entry[0])
    return run, content


def _header(document: Document, block: Block) -> str:
    """What is printed above the first row of a block of known cells; empty where cells are not known."""
    sheets = sheets_of(document, block)
    if not sheets:
        return ""
    return "".join(
        text for row in sheets[0].rows[: sheets[0].data_from] for text in sheets[0].texts(row)
    )


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() > _SIMILAR


def _content(
    document: Document, spec: TableSpec, blocks: tuple[Block, ...], year: int
) -> TableRows:
    """The rows of a table: by its cells where they are known, otherwise by its lines."""
    if any(sheets_of(document, block) for block in blocks):
        return read_grids(document, spec, blocks, year)
    return read_lines(document, spec, blocks)
