"""Which of several tables under the title of a standard table is that table."""

from __future__ import annotations

from qy_finance.errors import ReportError, UnreadableNumberError, UnreadableRowError
from qy_finance.form import TableSpec
from qy_finance.readers import Document
from qy_finance.tables.gridded import read_grids
from qy_finance.tables.lined import read_lines
from qy_finance.tables.locate import Block
from qy_finance.tables.rows import TableRows
from qy_finance.tables.sheet import alike, sheets_of
from qy_finance.tables.source import TableSource


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
            further = before is not None and before.spec is spec
            if further and _is_further(document, block, runs[-1][0]):
                runs[-1].append(block)
            else:
                runs.append([block])
        before = block
    return [tuple(run) for run in runs]


def _is_further(document: Document, block: Block, first: Block) -> bool:
    header, own = (
        "".join(sheet.header for sheet in sheets_of(document, each)[:1]) for each in (block, first)
    )
    return not header or alike(header, own)


def best_of(
    source: TableSource, runs: list[tuple[Block, ...]]
) -> tuple[tuple[Block, ...], TableRows]:
    """Of several tables under one title, the one whose columns are most of the form's; the first of equals.

    A detailed table (明细表) or one of other means often bears a title like that of a standard table.
    """
    if len(runs) == 1:
        return runs[0], _content(source, runs[0])
    read: list[tuple[int, tuple[Block, ...], TableRows]] = []
    errors: list[ReportError] = []
    for run in runs:
        try:
            content = _content(source, run)
        except (UnreadableNumberError, UnreadableRowError) as error:
            errors.append(error)
            continue
        columns = [column.name for group in content.columns for column in group]
        known = sum(name in source.spec.column_names for name in columns)
        read.append((2 * known - len(columns), run, content))
    if not read:
        raise errors[0]
    _, run, content = max(read, key=lambda entry: entry[0])
    return run, content


def _content(source: TableSource, blocks: tuple[Block, ...]) -> TableRows:
    """The rows of a table: by its cells where they are known, otherwise by its lines."""
    sheets = [sheet for block in blocks for sheet in sheets_of(source.document, block)]
    return read_grids(source, blocks, sheets) if sheets else read_lines(source, blocks)
