"""Spreadsheets (``.xlsx``, ``.xls``): each visible sheet as the paragraphs and tables that it shows.

A figure is what its cell shows: the number format tells its decimals. A formula is never computed; its stored value
counts, and where none is stored the cell shows the formula, which is no figure. What is hidden is not read, and told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product
from math import prod
from pathlib import Path
from typing import Final, TypeAlias

from qy_finance.marks import MONEY_UNIT
from qy_finance.readers.blocks import Block, BlockCell, Origin, TableBlock, TextBlock, document_of
from qy_finance.readers.document import Document
from qy_finance.readers.limits import Limits
from qy_finance.readers.office.books import Sheet, of_xls, of_xlsx

_LONG: Final = (
    24  # characters of a cell that stands alone in its row: a note, not the name of an account
)
_NOTE: Final = ("注", "备注", "说明")
_ENDS: Final = ("。", "；", "：", ";")  # of a sentence


Row: TypeAlias = tuple[int, list[tuple[int, str]]]
"""The number of a row from 0, and the texts in it with their columns."""


def read_sheets(path: Path, limits: Limits, old: bool = False) -> Document:
    """Read an ``.xlsx``, or an ``.xls`` where ``old``.

    Raises
    ------
    DamagedReportError, EncryptedReportError, LimitError
        It can't be opened, is locked, or is too large.
    """
    sheets, hidden = (of_xls if old else of_xlsx)(path, limits)
    cells = 0
    for sheet in sheets:
        hidden += _told(sheet)
        shape = ({place[at] for place in sheet.texts} for at in (0, 1))
        cells += prod(map(len, shape))  # of a table all cells between these are there
    limits.allow(path, "", "cells", cells)
    parts = (part for sheet in sheets for part in _parts(sheet))
    return document_of(path, [block for part in parts for block in blocks_of(part)], limits, hidden)


def _told(sheet: Sheet) -> list[str]:
    """The hidden rows and columns that hold something."""
    rows = {row for row, _ in sheet.texts if row in sheet.hidden_rows}
    columns = {column for _, column in sheet.texts if column in sheet.hidden_columns}
    told = []
    if rows:
        told.append(f"hidden rows of {sheet.name}: {len(rows)}")
    if columns:
        told.append(f"hidden columns of {sheet.name}: {len(columns)}")
    return told


def _parts(sheet: Sheet) -> Iterator[Sheet]:
    """A sheet, or what stands side by side on it: columns that nothing joins, each part with its own money unit."""
    covered: set[int] = set()
    labels: set[int] = set()
    for (at, column), text in sheet.texts.items():
        if text.strip() and column not in sheet.hidden_columns:
            covered.update(range(column, column + sheet.spans.get((at, column), (1, 1))[1]))
            if MONEY_UNIT.search(text):
                labels.add(column)
    starts = [column for column in sorted(covered) if column - 1 not in covered]
    parts: list[tuple[int, bool]] = []  # where each begins, and whether it has a money unit
    for start, end in pairwise([*starts, max(covered, default=0) + 1]):
        labelled = any(start <= column < end for column in labels)
        if parts and not (labelled and parts[-1][1]):
            parts[-1] = parts[-1][0], labelled or parts[-1][1]
        else:
            parts.append((start, labelled))
    if not parts[1:]:
        yield sheet
        return
    for (start, _), (end, _) in pairwise([*parts, (max(covered) + 1, False)]):
        texts = {place: text for place, text in sheet.texts.items() if start <= place[1] < end}
        yield replace(sheet, texts=texts)


def blocks_of(sheet: Sheet) -> Iterator[Block]:
    """The paragraphs and tables of a sheet: what stands alone in its row above, between and below tables is no row."""
    rows = _rows(sheet)
    table: list[Row] = []
    apart = _apart(sheet, rows)
    for at, row in rows.items():
        if at in apart:
            if table:
                yield _table(sheet, table)
                table = []
            name = _reference(at, row[0][0])
            place = Origin(f"{sheet.name}!{name}", f"{sheet.name}!{name}")
            yield TextBlock("  ".join(text for _, text in row), place)
        else:
            table.append((at, row))
    if table:
        yield _table(sheet, table)


def _rows(sheet: Sheet) -> dict[int, list[tuple[int, str]]]:
    """The texts of each visible row that has one."""
    rows: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in sorted(sheet.texts.items()):
        if text.strip() and row not in sheet.hidden_rows and column not in sheet.hidden_columns:
            rows.setdefault(row, []).append((column, text.strip()))
    return rows


def _apart(sheet: Sheet, rows: dict[int, list[tuple[int, str]]]) -> set[int]:
    """The rows that are titles, labels, notes or prose, not part of a table."""
    found: set[int] = set()
    columns = {column for row in rows.values() for column, _ in row}
    ends = (
        column + sheet.spans.get((at, column), (1, 1))[1]
        for at, row in rows.items()
        for column, _ in row
    )
    width = max(ends, default=0) - min(columns, default=0) - len(sheet.hidden_columns & columns)
    within = False
    for at, row in rows.items():
        if MONEY_UNIT.search("".join(text for _, text in row)):  # the label over the next table
            found.add(at)
            within = False
            continue
        if len(row) > 1:
            within = True
            continue
        [(column, text)] = row
        _, across = sheet.spans.get((at, column), (1, 1))
        wide = across > 1 and across >= width - 1
        said = len(text) > _LONG or text.startswith(_NOTE) or text.endswith(_ENDS)
        if not within or wide or said:
            found.add(at)
            within = False
    below = False  # what stands alone above prose is its heading
    for at, row in reversed(rows.items()):
        below = at in found or (below and len(row) == 1)
        if below:
            found.add(at)
    return found


def _table(sheet: Sheet, rows: list[Row]) -> TableBlock:
    """A table of these rows; hidden ones between them are not there, nor are columns in which nothing stands.

    Other tables of the sheet may be wider, and columns are left empty for the looks.
    """
    lines = [at for at, _ in rows]
    columns = sorted({column for _, row in rows for column, _ in row})
    line = {at: number for number, at in enumerate(lines)}
    covered: set[tuple[int, int]] = set()
    cells: list[BlockCell] = []
    for at, _ in rows:
        for place, column in enumerate(columns):
            if (at, column) in covered:
                continue
            down, across = sheet.spans.get((at, column), (1, 1))
            below = lines[line[at] : bisect_left(lines, at + down)]
            beside = columns[place : bisect_left(columns, column + across)]
            if len(below) > 1 or len(beside) > 1:
                covered.update(product(below, beside))
            name = f"{sheet.name}!{_reference(at, column)}"
            rows_shown, columns_shown = max(len(below), 1), max(len(beside), 1)
            text = sheet.texts.get((at, column), "").strip()
            cells.append(
                BlockCell(text, line[at], place, rows_shown, columns_shown, Origin(name, name))
            )
    return TableBlock(cells)


def _reference(row: int, column: int) -> str:
    """D12 of a row and a column from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
