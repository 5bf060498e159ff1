"""From the blocks of tables to their figures: which table each is, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from operator import itemgetter
from statistics import mode

from qy_finance.errors import (
    NotAReportError,
    ReportError,
    TruncatedReportError,
    UnreadableNumberError,
    UnreadableRowError,
)
from qy_finance.figures import Exclusion, Figure
from qy_finance.form import Form, TableSpec
from qy_finance.readers import Document, squeeze
from qy_finance.tables.cells import figures_of
from qy_finance.tables.gridded import read_grids
from qy_finance.tables.lined import read_lines
from qy_finance.tables.locate import Block, Parts
from qy_finance.tables.rows import TableRows, TableSource
from qy_finance.tables.sheet import alike, sheets_of

_STATED = re.compile(r"\d\s*万?元")
_Run = tuple[Block, ...]  # the pages of one table


@dataclass(frozen=True, slots=True)
class TableReading:
    """The figures of all tables, in the order of the document, and what their lines say besides.

    ``present`` are the tables that were read, ``missing`` those that the form of the year has and the report lacks,
    and those that can't be read, both in the order of the form.
    """

    figures: tuple[Figure, ...]
    exclusions: tuple[Exclusion, ...]
    entities: tuple[str, ...]
    money_unit: str
    numbered: bool
    present: tuple[str, ...]
    missing: tuple[str, ...]
    unreadable: tuple[ReportError, ...]


def read_tables(document: Document, parts: Parts, form: Form, year: int) -> TableReading:
    """Read every table of a document whose parts are known.

    ``year`` is that of the account. A text that explains nothing (情况说明) and ends within a table was cut
    off, unless it ends with a line and no table is missing.

    A table that can't be read is missing, for the reason that ``unreadable`` gives. A document that is to be read
    strictly is refused for it.

    Raises
    ------
    NotAReportError
        None of the form's tables is there.
    TruncatedReportError, UnreadableNumberError, UnreadableRowError
        See :func:`qy_finance.tables.layouts.read_rows`.
    """
    name, blocks = document.path.name, parts.blocks
    if not any(form.patterns.account.search(_title(document, block)) for block in blocks):
        expected = "a final account (部门决算) with its tables"
        raise NotAReportError(name, "", expected, "none of the nine tables")
    last = blocks[-1]
    lacking = form.lacking((block.spec.id for block in blocks), year)
    explains = any(_STATED.search(document.text, line.start, line.end) for line in parts.prose)
    ends_open = document.strict and last.ends_document and not last.notes and not explains
    expected = "the end of the table and the rest of the report"
    cut = TruncatedReportError(name, last.spec.name, expected, "the end of the file")
    if ends_open and (lacking or not document.text[-1].isspace()):
        raise cut
    figures: list[Figure] = []
    exclusions: list[Exclusion] = []
    contents: dict[str, TableRows] = {}
    unreadable: dict[str, ReportError] = {}
    for spec in form.tables:
        runs = _runs_of(document, blocks, spec)
        if not runs:
            continue
        source = TableSource(document, form, spec, year)
        try:
            run, content = _best_of(source, runs)
        except (UnreadableNumberError, UnreadableRowError) as error:
            if document.strict:
                raise
            unreadable[spec.id] = error
            continue
        found, copies = figures_of(source, _title(document, run[0]), content)
        if ends_open and spec is last.spec and not found:  # an empty table has its note
            raise cut
        figures += found
        exclusions += [*content.exclusions, *copies]
        for block in (block for other in runs if other is not run for block in other):
            end = (block.lines or (block.title,))[-1].end
            exclusions.append(Exclusion(block.title.start, end, "other table"))
        contents[spec.id] = content
    if not contents:
        raise next(iter(unreadable.values()))
    units = [unit for table in contents.values() if (unit := table.stated.money_unit)]
    if not units:
        place = "headers of the tables"
        raise UnreadableRowError(name, place, "the money unit (单位：万元)", "none")
    missing = {*form.lacking(contents, year), *unreadable}
    return TableReading(
        tuple(figures),
        tuple(exclusions),
        tuple(entity for table in contents.values() if (entity := table.stated.entity)),
        mode(units),
        any(table.numbered for table in contents.values()),
        tuple(table for table in form.ids if table in contents),
        tuple(table for table in form.ids if table in missing),
        tuple(unreadable.values()),
    )


def _title(document: Document, block: Block) -> str:
    return squeeze(document.text[block.title.start : block.title.end])


def _runs_of(document: Document, blocks: Iterable[Block], spec: TableSpec) -> list[_Run]:
    """The blocks of one title as tables.

    A block is a further page of the one right before it, unless its header is of another kind.
    """
    runs: list[_Run] = []
    before: TableSpec | None = None
    for block in blocks:
        if block.spec is spec:
            if before is spec and _is_further(document, block, runs[-1][0]):
                runs[-1] += (block,)
            else:
                runs.append((block,))
        before = block.spec
    return runs


def _is_further(document: Document, block: Block, first: Block) -> bool:
    header, own = (
        "".join(sheet.header for sheet in sheets_of(document, each)[:1]) for each in (block, first)
    )
    return not header or alike(header, own)


def _best_of(source: TableSource, runs: list[_Run]) -> tuple[_Run, TableRows]:
    """Of several tables under one title, the one whose columns are most of the form's; the first of equals.

    A detailed table (明细表) or one of other means often bears a title like that of a standard table.
    """
    read: list[tuple[int, _Run, TableRows]] = []
    errors: list[ReportError] = []
    for run in runs:
        sheets = [sheet for block in run for sheet in sheets_of(source.document, block)]
        try:
            content = read_grids(source, run, sheets) if sheets else read_lines(source, run)
        except (UnreadableNumberError, UnreadableRowError) as error:
            errors.append(error)
            continue
        columns = [column.name for group in content.columns for column in group]
        known = sum(name in source.spec.column_names for name in columns)
        read.append((2 * known - len(columns), run, content))
    if not read:
        raise errors[0]
    return max(read, key=itemgetter(0))[1:]
