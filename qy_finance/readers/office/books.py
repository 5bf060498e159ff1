"""What the libraries of spreadsheets tell of a book, within bounds: its visible sheets with the texts of their cells.

They make each cell of an ``.xlsx`` that has a format or that another covers: blank ones are left out before.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from qy_finance.errors import DamagedReportError, EncryptedReportError
from qy_finance.readers.limits import Limits
from qy_finance.readers.office.package import opened
from qy_finance.readers.office.shown import shown

_COLUMNS: Final = 16_384  # that a sheet can have
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s")
_BLANKS: Final = [
    (
        re.compile(rb"<%s\s[^<>]*/>" % one),
        re.compile(rb"<%s[\s>]" % one),
        re.compile(rb'<%s\s(?:[^<>]*\s)?r="' % one),
    )
    for one in (b"c", b"row")
]
_BOOK: Final = "xl/workbook.xml"
_LISTED: Final = re.compile(rb"<(?:\w+:)?sheet\s")
_MERGED: Final = re.compile(
    rb"""mergeCell\s[^>]*?ref\s*=\s*["'](\$?[A-Za-z]+\$?\d+:\$?[A-Za-z]+\$?\d+)["']"""
)


@dataclass
class Sheet:
    """What a sheet shows: the texts of its cells by row and column from 0, and the spans of those that are merged."""

    name: str
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # rows and columns
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def of_xlsx(path: Path, limits: Limits) -> tuple[list[Sheet], list[str]]:
    """An ``.xlsx``: its visible sheets, and what is hidden."""
    import openpyxl

    with opened(path, limits) as package, BytesIO() as file:
        formulas, covered, cells = False, 0, 0
        listed, parts = len(_LISTED.findall(package.read(_BOOK))), len(package.namelist())
        if listed > parts:  # one part would be read as many sheets
            raise DamagedReportError(
                path.name, "", f"a part for each of {listed} sheets", str(parts)
            )
        with zipfile.ZipFile(file, "w") as lean:
            for part in {part.filename: part for part in package.infolist()}.values():
                markup = package.read(part)
                if part.filename.endswith(".xml"):
                    markup = _without_blanks(markup)
                    formulas = formulas or (
                        part.filename.startswith("xl/worksheets/") and b"<f" in markup
                    )
                    covered += sum(map(_covered, _MERGED.findall(markup)))
                    cells += len(_CELL.findall(markup))
                lean.writestr(part.filename, markup)
        # the library makes each of them
        limits.allow(path, "", "cells", covered + cells)
        try:
            book = openpyxl.load_workbook(file, data_only=True)
            written = openpyxl.load_workbook(file) if formulas else None
        except MemoryError:
            raise
        except Exception as error:  # the library raises what the file makes it
            raise DamagedReportError(path.name, "", "a spreadsheet", "a damaged one") from error
    if (there := len(book.sheetnames)) < listed:
        wanted = f"a spreadsheet with the {listed} sheets that it lists"
        raise DamagedReportError(path.name, "", wanted, str(there))
    sheets, hidden = [], []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(f"hidden sheet {sheet.title}")
            continue
        made = Sheet(sheet.title)
        # its rows would be made as long as the longest, down to the last that has a format
        formula = written[sheet.title]._cells if written is not None else {}
        for (row, column), cell in sorted(sheet._cells.items()):
            value = cell.value
            if value is None and (row, column) in formula:
                value = formula[row, column].value
            if value is not None:
                made.texts[row - 1, column - 1] = shown(value, cell.number_format)
        for merged in sheet.merged_cells.ranges:
            first = merged.min_row - 1, merged.min_col - 1
            made.spans[first] = (
                merged.max_row - merged.min_row + 1,
                merged.max_col - merged.min_col + 1,
            )
        made.hidden_rows = {
            number - 1 for number, row in sheet.row_dimensions.items() if row.hidden
        }
        made.hidden_columns = {
            at - 1
            for column in sheet.column_dimensions.values()
            if column.hidden
            for at in range(
                max(column.min or 1, 1), min(column.max or column.min or 1, _COLUMNS) + 1
            )
        }
        sheets.append(made)
    return sheets, hidden


def _without_blanks(markup: bytes) -> bytes:
    """A sheet without the cells and rows that have a format and nothing else: there can be a million of them."""
    for blank, any_one, named in _BLANKS:
        # without its reference an element stands behind the one before it
        if len(any_one.findall(markup)) == len(named.findall(markup)):
            markup = blank.sub(b"", markup)
    return markup


def _covered(reference: bytes) -> int:
    """How many cells a reference (A1:XFD1048576) covers."""
    from openpyxl.utils import range_boundaries

    try:
        left, top, right, bottom = range_boundaries(reference.decode("ascii"))
    except ValueError:  # which the library refuses too
        return 0
    return int((right - left + 1) * (bottom - top + 1))


def of_xls(path: Path, limits: Limits) -> tuple[list[Sheet], list[str]]:
    """The same of an ``.xls``."""
    import xlrd

    limits.allow(path, "", "size", path.stat().st_size)
    try:
        book = xlrd.open_workbook(
            str(path), formatting_info=True, ragged_rows=True, logfile=_Silent()
        )
        return _shown_by(book)
    except MemoryError:
        raise
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise EncryptedReportError(
                path.name, "", "a file without a password", "a locked file"
            ) from error
        raise DamagedReportError(path.name, "", "a spreadsheet", "a damaged one") from error
    except Exception as error:  # the library raises what the bytes make it
        raise DamagedReportError(path.name, "", "a spreadsheet", "a damaged one") from error


def _shown_by(book: Any) -> tuple[list[Sheet], list[str]]:
    """The visible sheets of an ``.xls``, and what is hidden."""
    sheets, hidden = [], []
    for sheet in book.sheets():
        if sheet.visibility:
            hidden.append(f"hidden sheet {sheet.name}")
            continue
        made = Sheet(sheet.name)
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                if text := _xls_text(book, sheet.cell(row, column)):
                    made.texts[row, column] = text
        for top, bottom, left, right in sheet.merged_cells:
            made.spans[top, left] = bottom - top, right - left
        made.hidden_rows = {row for row, info in sheet.rowinfo_map.items() if info.hidden}
        made.hidden_columns = {at for at, info in sheet.colinfo_map.items() if info.hidden}
        sheets.append(made)
    return sheets, hidden


def _xls_text(book: Any, cell: Any) -> str:
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return ""
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(cell.value), "")
    if cell.ctype == xlrd.XL_CELL_DATE:
        return shown(xlrd.xldate_as_datetime(cell.value, book.datemode), "")
    form = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    return shown(cell.value, form)


class _Silent:
    """Takes what a library would print."""

    def write(self, text: str) -> None:
        """Nothing is printed."""

    def flush(self) -> None:
        """Nothing is kept."""
