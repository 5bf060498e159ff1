"""Papers of office software: a template as a Word document, a workbook, a web page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from pathlib import Path

import docx
import openpyxl
from layout.grid import Rows, across, placed
from openpyxl.worksheet.worksheet import Worksheet

from .description import Piece, Template, lines_of, plain, text_of
from .text import tabbed

_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(\d{1,2}))?", re.ASCII)


def word(template: Template, folder: Path) -> Path:
    """Paragraphs and tables one after the other."""
    document = docx.Document()
    for piece in template.pieces:
        if not isinstance(piece, Piece):
            _word_table(document, piece)
        elif piece.mark == "/":
            document.add_page_break()
        else:
            for line in plain(piece.markup).split("\n"):
                document.add_paragraph(line)
    path = folder / "report.docx"
    document.save(str(path))
    return path


def word_tabs(template: Template, folder: Path) -> Path:
    """Tables that are no tables: each row a paragraph, its cells divided by tabs."""
    document = docx.Document()
    for piece in template.pieces:
        if not isinstance(piece, Piece):
            for line in tabbed(piece):
                document.add_paragraph(line)
        elif piece.mark != "/":
            for line in plain(piece.markup).split("\n"):
                document.add_paragraph(line)
    path = folder / "report.docx"
    document.save(str(path))
    return path


def _word_table(document: docx.document.Document, rows: Rows) -> None:
    table = document.add_table(len(rows), across(rows), style="Table Grid")
    for row, column, slot in placed(rows):
        cell = table.cell(row, column)
        if slot.columns > 1 or slot.rows > 1:
            cell = cell.merge(table.cell(row + slot.rows - 1, column + slot.columns - 1))
        cell.text = "\n".join(lines_of(slot))


def workbook(template: Template, folder: Path) -> Path:
    """A sheet a page; figures are numbers with a format that shows them as printed."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    numbers = count(1)
    sheet = book.create_sheet(f"Z{next(numbers):02}")
    row = 0
    for piece in template.pieces:
        if not isinstance(piece, Piece):
            _sheet_table(sheet, piece, row)
            row += len(piece)
        elif piece.mark == "/":
            if row:
                sheet, row = book.create_sheet(f"Z{next(numbers):02}"), 0
        else:
            for line in plain(piece.markup).split("\n"):
                row += 1
                sheet.cell(row, 1, line)
    path = folder / "report.xlsx"
    book.save(path)
    return path


def _sheet_table(sheet: Worksheet, rows: Rows, above: int) -> None:
    for at, column, slot in placed(rows):
        text = text_of(slot)
        cell = sheet.cell(above + at + 1, column + 1)
        amount = _AMOUNT.fullmatch(text)
        code = len(text) > 1 and text.startswith("0") and text.isdecimal()
        if amount and not code:
            cell.value = float(Decimal(text.replace(",", "")))
            decimals = "." + "0" * len(amount[1]) if amount[1] else ""
            cell.number_format = ("#,##0" if "," in text else "0") + decimals
        elif text:
            cell.value = text
            cell.data_type = "s"
        if slot.columns > 1 or slot.rows > 1:
            sheet.merge_cells(
                start_row=above + at + 1,
                start_column=column + 1,
                end_row=above + at + slot.rows,
                end_column=column + slot.columns,
            )


def page(template: Template, folder: Path) -> Path:
    """A page of a site, with its navigation and its foot."""
    parts = [
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>公开</title><style>p{color:red}</style></head><body>",
        "<div class=nav><ul><li><a href=/>首页</a><li><a href=/2022>2022年</a></ul></div><div class=content>",
    ]
    for piece in template.pieces:
        if isinstance(piece, Piece):
            if piece.mark != "/":
                tag = "h1" if piece.mark == "=" else "p"
                parts.append(f"<{tag}>{piece.markup}</{tag}>")
            continue
        parts.append("<table border=1>")
        for row in piece:
            parts.append("<tr>")
            for slot in row:
                spans = f" colspan={slot.columns}" * (slot.columns > 1)
                spans += f" rowspan={slot.rows}" * (slot.rows > 1)
                lines = "<br>".join(map(html.escape, lines_of(slot)))
                parts.append(f"<td{spans}><p><span>{lines}</span></p></td>")
            parts.append("</tr>")
        parts.append("</table>")
    parts.append("</div><footer>主办单位：某市人民政府办公室 备案12345678号</footer></body></html>")
    path = folder / "report.html"
    path.write_text("\n".join(parts), encoding="utf-8")
    return path


OFFICE: dict[str, Callable[[Template, Path], Path]] = {
    "word": word,
    "word_tabs": word_tabs,
    "workbook": workbook,
    "page": page,
}
