"""Tables beyond those of the form as researchers see them: frames of their cells, and what Jupyter shows of them."""

from __future__ import annotations

from collections import UserList
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from html import escape
from typing import Final

import pandas as pd

from qy_finance.contract import CONTRACT, columns
from qy_finance.facts import figure_id
from qy_finance.figures import AMOUNT, decimals_of, number
from qy_finance.form import Lexicon
from qy_finance.framing import framed_rows
from qy_finance.narrative.numerals import numerals
from qy_finance.numbers import Number, around
from qy_finance.readers import Box, Cell, squeeze
from qy_finance.reading import Reading
from qy_finance.tables.others import PrintedTable

_SHOWN: Final = 40  # rows that Jupyter shows of a table
_LONGEST: Final = 15  # digits that a float holds


class OtherTable:
    """A table that is none of the form's, as it is printed; one of ``Report.other_tables``.

    Attributes
    ----------
    number : int
        Its place among them, from 1.
    title : str
        The line above it, without layout spaces, or the sentence that leads to it; empty where there is none.
    page, line : int
        Where it begins; ``page`` is None where the source has no pages.
    """

    def __init__(self, reading: Reading, printed: PrintedTable, at: int) -> None:
        self.reading = reading
        self.printed = printed
        self.number = at
        self.title, self.line = printed.title, printed.line
        self.page = printed.page
        if reading.document.parts:
            self.page = reading.document.page_at(printed.cells[0].start)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """A row for each cell that is not blank, in the order of the table; the columns of the contract.

        Columns
        -------
        number, title : Int64, string
            The table.
        row, column, rows, columns : Int64
            Where the cell begins, from 0 as in ``frame``, and how many rows and columns it spans.
        printed : string
            Its text; ``text[start:end] == printed``.
        value, unit_of_measure : Float64, string
            Where the cell is one number, and the unit behind it.
        page, line, start, end : Int64
            Place in the source and in ``Report.text``.
        x0, top, x1, bottom : Float64
            Box on the page, where the source has a layout.
        figure : string
            Stable id of the place.
        """
        return _cells([self])

    def number_of(self, cell: pd.Series) -> Number | None:
        """The exact number that one of :attr:`cells` is; None where it says anything else."""
        stated = _stated(str(cell["printed"]), self.reading.form.lexicon)
        if stated is None:
            return None
        value, unit = stated
        half = Decimal(5).scaleb(-decimals_of(value) - 1)
        return Number(value, around(value, half), unit, computed=False)

    @property
    def figures(self) -> pd.DataFrame:
        """The cells in which digits stand, each with its place and, where it is one number, with its value."""
        digits = self.cells["printed"].str.contains(r"\d", regex=True)
        return self.cells.loc[digits].reset_index(drop=True)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The cells as printed: texts without layout spaces, a blank is missing.

        A cell that spans several stands in the first of them, so that no number stands twice; :attr:`filled` has it in
        each.
        """
        return self._frame({(cell.row, cell.column): cell for cell in self.printed.cells})

    @property
    def filled(self) -> pd.DataFrame:
        """The same with a cell that spans several rows or columns in each of them (产出指标 beside every indicator)."""
        return self._frame(self.printed.fields)

    def _frame(self, cells: dict[tuple[int, int], Cell]) -> pd.DataFrame:
        rows = [
            [self._text(cells.get((row, column))) for column in range(self.printed.width)]
            for row in range(self.printed.height)
        ]
        frame = pd.DataFrame(rows, columns=range(self.printed.width), dtype="string")
        frame.attrs["contract"] = CONTRACT
        return frame

    def _text(self, cell: Cell | None) -> str | None:
        return squeeze(self.reading.text[cell.start : cell.end]) or None if cell else None

    def _rows(self) -> Iterator[tuple[object, ...]]:
        document, lexicon = self.reading.document, self.reading.form.lexicon
        for cell in self.printed.cells:
            text = document.text[cell.start : cell.end]
            if not text:
                continue
            line, box = document.line_at(cell.start), document.box(cell.start, cell.end)
            yield (
                self.number, self.title, cell.row, cell.column, cell.rows, cell.columns, text, *_value(text, lexicon),
                document.page_at(cell.start), line.number, cell.start, cell.end, *(box or (None,) * len(Box._fields)),
                figure_id(document, cell.start, cell.end),
            )  # fmt: skip

    def __repr__(self) -> str:
        place = f"page {self.page}" if self.page else f"line {self.line}"
        size = f"{self.printed.height} x {self.printed.width}"
        return f"<OtherTable {self.number}: {self.title or '—'}, {place}, {size}>"

    def _repr_html_(self) -> str:
        place = f"第{self.page}页" if self.page else f"第{self.line}行"
        rows = "".join(map(self._html_row, range(min(self.printed.height, _SHOWN))))
        more = self.printed.height - _SHOWN
        rest = f"<p>另有 {more} 行，见 .frame。</p>" if more > 0 else ""
        return f"<p><b>{escape(self.title or '（没有标题的表）')}</b>，{place}</p><table>{rows}</table>{rest}"

    def _html_row(self, row: int) -> str:
        cells = self.printed.rows[row]
        told = (
            f'<td rowspan="{cell.rows}" colspan="{cell.columns}">{escape(self._text(cell) or "")}</td>'
            for cell in cells
        )
        return f"<tr>{''.join(told)}</tr>"


class OtherTables(UserList[OtherTable]):
    """The tables of a report that are none of the form's, in its order; ``Report.other_tables``."""

    @property
    def cells(self) -> pd.DataFrame:
        """The cells of all of them, see :attr:`OtherTable.cells`."""
        return _cells(self)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self)) or "<OtherTables: none>"

    def _repr_html_(self) -> str:
        listed = "".join(
            f"<li>{escape(table.title or '—')}（{f'第{table.page}页' if table.page else f'第{table.line}行'}）</li>"
            for table in self
        )
        return f'<ol start="0">{listed}</ol>' if listed else "<p>没有其他表。</p>"


def other_tables(reading: Reading) -> OtherTables:
    """The further tables of a report; see :attr:`qy_finance.report.Report.other_tables`."""
    return OtherTables(
        OtherTable(reading, printed, at) for at, printed in enumerate(reading.others, start=1)
    )


def _cells(tables: Iterable[OtherTable]) -> pd.DataFrame:
    rows = [row for table in tables for row in table._rows()]
    frame = framed_rows(rows, columns("other_tables"))
    frame.attrs["contract"] = CONTRACT
    return frame


def _value(text: str, lexicon: Lexicon) -> tuple[float | None, str | None]:
    """The number that a cell is, and its unit, as ``cells`` has them."""
    stated = _stated(text, lexicon)
    return (float(stated[0]), stated[1] or None) if stated else (None, None)


def _stated(text: str, lexicon: Lexicon) -> tuple[Decimal, str] | None:
    """The number that a cell is, and its unit; none where it says anything else, or begins with a zero as codes do."""
    plain = squeeze(text)
    match = AMOUNT.match(plain)
    if match is None or len(match[0]) > _LONGEST:
        return None
    digits, behind = match[0], plain[match.end() :]
    code = len(digits) > 1 and digits[0] == "0" and digits.isdigit()
    if code or (behind and not lexicon.phrases.unit.fullmatch(behind)):
        return None
    if behind and any(one.reason for one in numerals(plain, lexicon)):  # a date
        return None
    return number(digits), behind
