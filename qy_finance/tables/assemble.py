"""From the blocks of tables to their figures: which table each is, and what is missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
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
from qy_finance.form import Form
from qy_finance.marks import MONEY_UNIT, YEAR
from qy_finance.readers import Document, Line, squeeze
from qy_finance.tables.cells import CellName, figures_of
from qy_finance.tables.gridded import read_grids
from qy_finance.tables.kinds import basis_of, holds_others, names_others
from qy_finance.tables.lined import read_lines
from qy_finance.tables.locate import Block, Parts
from qy_finance.tables.rows import Stated, TableRows, TableSource
from qy_finance.tables.sheet import alike, sheets_of

_MONEY = re.compile(r"\d\s*((?:亿|万|千)?元)")
_UNREADABLE = UnreadableNumberError, UnreadableRowError, TruncatedReportError
_CONTINUED = re.compile(r"表[（(]?续|^[（(]?续表?")
_LABELS = 3  # lines above a table that may say whose it is
_Run = tuple[Block, ...]  # the pages of one table


@dataclass(frozen=True, slots=True)
class TableReading:
    """The figures of all tables, in the order of the document, and what their lines say besides.

    ``present`` are the tables that were read, ``missing`` those that the form of the year has and the report lacks,
    and those that can't be read, in the order of the form as ``unreadable`` is. ``three_public`` says of which money
    and of which budget that table is; it is empty where there is none. ``unknown`` are cells that are not blank, but
    hold no figure that can be read.
    """

    figures: tuple[Figure, ...]
    exclusions: tuple[Exclusion, ...]
    money_unit: str
    numbered: bool
    present: tuple[str, ...]
    missing: tuple[str, ...]
    unreadable: Mapping[str, ReportError]
    three_public: Mapping[str, str]
    unknown: frozenset[CellName]


def read_tables(document: Document, parts: Parts, form: Form, year: int) -> TableReading:
    """Read every table of a document whose parts are known.

    ``year`` is that of the account. A table that can't be read is missing, for the reason that ``unreadable`` gives by
    its id; its numerals are told, and everything else is read. A report may have none of the tables, where they were
    published apart from what it says of them.

    Raises
    ------
    NotAReportError
        None of the form's tables is there, and no prose that accounts for a year.
    TruncatedReportError
        A text was cut off within its last table.
    UnreadableRowError
        Nowhere is a money unit.
    """
    blocks, last = parts.blocks, parts.blocks[-1:]
    figures: list[Figure] = []
    exclusions: list[Exclusion] = []
    contents: dict[str, TableRows] = {}
    unreadable: dict[str, ReportError] = {}
    basis: dict[str, str] = {}
    unknown: list[CellName] = []
    for spec in form.tables:
        source = TableSource(document, form, spec, year)
        runs = _runs_of(source, blocks)
        if not runs:
            continue
        try:
            if best := _best_of(source, runs):
                source, run, content = best
                found, copies, doubts = figures_of(source, _title(document, run[0]), content)
        except _UNREADABLE as error:
            unreadable[spec.id] = error
            exclusions += (_whole(block, "unread table") for run in runs for block in run)
            continue
        if best is None:
            exclusions += (_whole(block, "other table") for run in runs for block in run)
            continue
        if any(group.parts for group in spec.groups):
            basis = basis_of(source, run)
        figures += found
        unknown += doubts
        exclusions += [*content.exclusions, *copies]
        others = (block for other in runs if other is not run for block in other)
        exclusions += (_whole(block, "other table") for block in others)
        contents[spec.id] = content
    stated = Counter(match[1] for line in parts.prose for match in _stated(document, line))
    missing = {*form.lacking(contents, year), *unreadable}
    if last and last[0].ends_document and document.open_ended and not stated:
        _verify_end(document, last[0], figures, unreadable, missing - {b.spec.id for b in blocks})
    said = [table.stated for table in contents.values()] or [_said(source, b) for b in blocks]
    units = [unit for one in said if (unit := one.money_unit)]
    accounts = any(form.patterns.account.search(_title(document, block)) for block in blocks)
    if not accounts and not (stated and year):
        expected = "a final account (部门决算) with its tables or what it says of them"
        raise NotAReportError(document.path.name, "", expected, "none of the nine tables")
    if not (units or stated):
        where, expected = "headers of the tables", "the money unit (单位：万元)"
        unsaid = UnreadableRowError(document.path.name, where, expected, "none")
        raise next(iter(unreadable.values()), unsaid)
    return TableReading(
        tuple(figures),
        tuple(exclusions),
        mode(units) if units else stated.most_common(1)[0][0],
        any(table.numbered for table in contents.values()),
        tuple(table for table in form.ids if table in contents),
        tuple(table for table in form.ids if table in missing),
        {table: unreadable[table] for table in form.ids if table in unreadable},
        basis,
        frozenset(unknown),
    )


def _verify_end(
    document: Document,
    last: Block,
    figures: list[Figure],
    unreadable: Mapping[str, ReportError],
    missing: Collection[str],
) -> None:
    """Refuse a text that explains nothing (情况说明) and ends within its last table: it was cut off there.

    It may well end behind that table, with its note, or with a line where no table is missing or it is a single row.
    """
    error = unreadable.get(last.spec.id)
    if isinstance(error, TruncatedReportError):
        raise error
    read = last.spec.id not in unreadable
    # a table without figures would have its note
    empty = read and not any(figure.table == last.spec.id for figure in figures)
    whole = last.spec.layout == "single"  # it is one row: what is missing may not be there
    if not last.notes and ((missing and not whole) or empty or not document.text[-1].isspace()):
        expected = "the end of the table and the rest of the report"
        place = last.spec.name
        raise TruncatedReportError(document.path.name, place, expected, "the end of the file")


def _stated(document: Document, line: Line) -> Iterator[re.Match[str]]:
    """The amounts of money that a line of prose states."""
    return _MONEY.finditer(document.text, line.start, line.end)


def _whole(block: Block, reason: str) -> Exclusion:
    """All numerals of a block, for one reason."""
    return Exclusion(block.title.start, (block.lines or (block.title,))[-1].end, reason)


def _title(document: Document, block: Block) -> str:
    return squeeze(document.text[block.title.start : block.title.end])


def _runs_of(source: TableSource, blocks: Iterable[Block]) -> list[_Run]:
    """The blocks of a table's titles as tables.

    A block is a further page of the one right before it if their titles are the same but for the year and whose they
    are, or its own says so (续), unless its header is of another kind or it names another entity.
    """
    runs: list[_Run] = []
    before: Block | None = None
    for block in blocks:
        if block.spec is source.spec:
            if before and before.spec is block.spec and _is_further(source, block, runs[-1][0]):
                runs[-1] += (block,)
            else:
                runs.append((block,))
        before = block
    return runs


def _is_further(source: TableSource, block: Block, first: Block) -> bool:
    entities = {entity for each in (block, first) if (entity := _said(source, each).entity)}
    if len(entities) > 1:
        return False
    if block.name != first.name and not _CONTINUED.search(_title(source.document, block)):
        whose = re.compile(f"^(?:{'|'.join(map(re.escape, entities))})?({YEAR}年度?)?(.*)")
        said = [match for each in (block, first) if (match := whose.match(each.name))]
        years, names = ({match[group] for match in said} for group in (1, 2))
        if len(names) > 1 or len(years - {None}) > 1:
            return False
    header, own = (
        "".join(sheet.header for sheet in sheets_of(source.document, each)[:1])
        for each in (block, first)
    )
    if source.document.layout is None and not own:
        return True  # a text may tell the cells of one page and not those of another
    return not header or alike(header, own)


def _said(source: TableSource, block: Block) -> Stated:
    """What the lines above a table say of it, though it may not be read."""
    text = source.document.text
    label = [squeeze(text[line.start : line.end]) for line in block.lines[:_LABELS]]
    return Stated.of(label, source.form.patterns)


def _best_of(source: TableSource, runs: list[_Run]) -> tuple[TableSource, _Run, TableRows] | None:
    """Of several tables that a title may name, the surest; then that whose columns are most of the form's.

    A detailed table (明细表) or one of other means often bears a title like that of a standard table. None where
    each is another table, by the kind of its rows or columns.
    """
    read: list[tuple[tuple[int, int], TableSource, _Run, TableRows]] = []
    errors: list[tuple[int, int, ReportError]] = []
    bare: list[_Run] = []
    for at, run in enumerate(runs):
        if names_others(source, run[0]):
            continue
        if all(_is_bare(source, block) for block in run):
            bare.append(run)
            continue
        rank = source.spec.rank(run[0].name)
        own = source
        if source.spec.groups:
            lines = (line for block in run for line in block.lines)
            printed = "".join(source.document.text[line.start : line.end] for line in lines)
            own = replace(source, spec=source.spec.as_printed(squeeze(printed)))
        sheets = [sheet for block in run for sheet in sheets_of(source.document, block)]
        try:
            content = read_grids(own, run, sheets) if sheets else read_lines(own, run)
            if holds_others(own, run[0].name, content):
                continue
        except _UNREADABLE as error:
            errors.append((rank, at, error))
            continue
        columns = [column.name for group in content.columns for column in group]
        known = sum(map(own.spec.knows, columns))
        read.append(((-rank, 2 * known - len(columns)), own, run, content))
    best = max(read, key=itemgetter(0), default=None)
    surer = min(errors, key=itemgetter(0, 1), default=None)
    if surer and (best is None or surer[:2] < (-best[0][0], runs.index(best[2]))):
        raise surer[2]  # that one, or the first of those that are as sure
    if bare and best is None:
        raise source.error(bare[0][0].title, "a table below its title", "none")
    return best and best[1:]


def _is_bare(source: TableSource, block: Block) -> bool:
    """Whether nothing stands below a title but its label: the table is a picture, or in another file.

    That is not the same as a table without figures, which has its header or its note.
    """
    text = source.document.text
    lines = (squeeze(text[line.start : line.end]) for line in block.lines)
    return not block.notes and all(MONEY_UNIT.search(line) for line in lines)
