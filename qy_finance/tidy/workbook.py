"""The workbook for those who live in Excel or WPS: the reports, the tables of the form side by side, and the rows."""

from __future__ import annotations

import datetime
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from qy_finance.contract import FAILURES, RESOURCES
from qy_finance.figures import decimals_of, number
from qy_finance.form import TableSpec, final_accounts
from qy_finance.tidy.formats import is_formula
from qy_finance.tidy.holding import ROWS, Holding, OfYear, rows_of
from qy_finance.tidy.package import LISTS, unit
from qy_finance.tidy.records import Record, Value

#: Resources that are sheets, and their names.
SHEETS: Final = {
    "reports": "报告",
    "units": "单位",
    "kpis": "绩效指标",
    "derived": "推算的上年数",
    "checks": "勾稽",
    "observations": "数值",
    "decisions": "人工判定",
    FAILURES: "未能读取",
}
OF_REPORTS: Final = [name for name in SHEETS if name != FAILURES]
CODEBOOK: Final = "代码簿"
HELD: Final = "说明"

_KEYS: Final = {
    "unit": "单位", "year": "年度", "scope": "口径", "money_unit": "金额单位", "side": "栏", "code": "科目编码",
    "item": "项目",
}  # fmt: skip
_PIVOTED: Final = (
    "report_id", "unit", "year", "table", "side", "code", "item", "column", "unit_of_measure", "printed",
)  # fmt: skip
_LONGEST: Final = 32_767  # UTF-16 units of a cell
_COLUMNS: Final = 16_384  # of a sheet
_CUT: Final = "……（下略，全文见 CSV 文件）"
_EPOCH: Final = datetime.datetime(1980, 1, 1)  # a workbook says when it was made
_WIDTHS: Final = range(8, 60)
_TITLE: Final = 28
_MOST_PLACES: Final = 30  # of a number format
_EVERYWHERE: Final = f"A1:XFD{ROWS}"

_Row = Iterable[Value]


def write_workbook(path: Path, folder: Path, held: Holding) -> None:
    """Write the workbook of the reports that it holds, from the Parquet files of a folder, row by row.

    The same rows give the same bytes. Texts are written as texts, never as formulas, links or numbers. A sheet has a
    frozen header, a filter and widths that fit. Where it does not hold every report, the first sheet says so.
    """
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        packed = Path(temporary) / "packed"
        options = {"constant_memory": True, "tmpdir": temporary, "use_zip64": True}
        with xlsxwriter.Workbook(str(packed), options) as book:
            book.set_properties({"title": "部门决算", "created": _EPOCH})
            writer = _Writer(book)
            if not held.is_whole:
                writer.sheet(HELD, *_held(held))
            writer.sheet(SHEETS["reports"], *_resource("reports", folder, held))
            for table, name in LISTS["table"].items():
                writer.sheet(name, *pivot(final_accounts().table(table), folder, held))
            for resource, name in list(SHEETS.items())[1:]:
                writer.sheet(name, *_resource(resource, folder, held))
            writer.sheet(CODEBOOK, *_codebook())
        _unpack(packed, path)


def _unpack(packed: Path, path: Path) -> None:
    """The same workbook without compression, whose bytes depend on the machine's library."""
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w") as target:
        for info in source.infolist():
            part = zipfile.ZipInfo(info.filename)
            part.create_system = 3  # not the machine's own
            part.file_size = info.file_size
            with source.open(info) as packed_part, target.open(part, "w") as plain:
                shutil.copyfileobj(packed_part, plain)


def _held(held: Holding) -> tuple[list[str], list[_Row]]:
    """What the workbook holds of what, year by year, and where the rest is."""
    header = ["年度\nyear", "目录中的报告\nreports of the catalogue", "本工作簿所载\nheld here",
              "未能读取\nnot read", "说明\nnote"]  # fmt: skip
    rows: list[list[Value]] = [
        [one.year, one.read + one.failed, one.held, one.failed, _note(one)] for one in held.years
    ]
    listed = sum(one.read + one.failed for one in held.years)
    failed = sum(one.failed for one in held.years)
    rows.append(["合计 total", listed, len(held.reports), failed, None])
    return header, list(rows)


def _note(one: OfYear) -> str | None:
    notes = []
    if one.held < one.read:
        notes.append(
            "其余的见 CSV 和 Parquet 文件：没有选取，或超出一张工作表的行数"
            " the others are in CSV and Parquet: not chosen, or beyond the rows of a sheet"
        )
    if one.failed:
        notes.append(f"未能读取的见“{SHEETS[FAILURES]}” those not read are on that sheet")
    return "；".join(notes) or None


def pivot(spec: TableSpec, folder: Path, held: Holding) -> tuple[list[str], Iterator[_Row]]:
    """One of the tables across all reports: a row for each account, a column for each canonical column.

    A figure of last year that a table prints stands in a row of that year, and a second figure for the same cell in a
    row of its own; figures of two reports never share a row. One side stands below the other. A blank cell is empty.
    """
    named = ["report_id", "table", "column"]
    printed = (
        row["column"] for row in rows_of(folder, "observations", named, held.reports, spec.id)
    )
    found = dict.fromkeys(printed)
    known = _columns(spec)
    used = [name for name in known if name in found] + [name for name in found if name not in known]
    columns = (used or known)[: _COLUMNS - len(_KEYS)]
    scopes = {
        row["report_id"]: row["scope"] for row in rows_of(folder, "reports", ["report_id", "scope"])
    }
    rows = rows_of(folder, "observations", _PIVOTED, held.reports, spec.id)
    cells = (
        [*key, *map(account.get, columns)]
        for report, group in groupby(rows, key=itemgetter("report_id"))
        for key, account in _accounts(scopes[report], list(group))
    )
    return [*_KEYS.values(), *columns], cells


def _accounts(
    scope: str, rows: list[dict[str, Any]]
) -> list[tuple[tuple[Value, ...], dict[str, Value]]]:
    """The accounts of one report's table: their keys, and their figures by column."""
    accounts: list[tuple[tuple[Value, ...], dict[str, Value]]] = []
    latest: dict[tuple[Value, ...], dict[str, Value]] = {}
    sides = list(dict.fromkeys(row["side"] for row in rows))  # they are printed side by side
    for row in sorted(rows, key=lambda row: sides.index(row["side"])):
        key = (
            row["unit"], row["year"], scope, row["unit_of_measure"], row["side"], row["code"], row["item"],
        )  # fmt: skip
        column = row["column"]
        if column in latest.get(key, {column}):
            latest[key] = {}
            accounts.append((key, latest[key]))
        latest[key][column] = number(row["printed"])
    return accounts


def _columns(spec: TableSpec) -> list[str]:
    """Canonical columns in the order of the form."""
    leaves = [column.name for column in spec.columns]
    if spec.groups:
        return [f"{group.name}/{leaf}" for group in spec.groups for leaf in leaves]
    sides = (column.name for side in spec.sides for column in side.columns)
    return list(dict.fromkeys([*leaves, *sides]))


def _resource(name: str, folder: Path, held: Holding) -> tuple[list[str], Iterator[_Row]]:
    header = [f"{field.title}\n{field.name}" for field in RESOURCES[name].fields]
    rows = rows_of(folder, name, reports=None if name == FAILURES else held.reports)
    shown = map(_as_printed, rows) if name == "observations" else rows
    return header, (row.values() for row in shown)


def _as_printed(row: Record) -> Record:
    """An observation whose value shows the digits that are printed."""
    value = row["value"]
    assert isinstance(value, float)
    digits = max(_places(value), _places(number(str(row["printed"]))))
    return row | {"value": Decimal(f"{value:.{digits}f}")}


def _codebook() -> tuple[list[str], list[_Row]]:
    header = ["表或取值\nresource or list", "字段或值\nfield or value", "名称\ntitle", "类型\ntype", "单位\nunit",
              "含义\nmeaning"]  # fmt: skip
    fields: list[_Row] = [
        [resource.name, field.name, field.title, field.type, unit(field), field.meaning]
        for resource in RESOURCES.values()
        for field in resource.fields
    ]
    for name, told_of in LISTS.items():
        fields += [[name, value, None, None, None, told] for value, told in told_of.items()]
    return header, fields


class _Writer:
    """Sheets of a workbook, and their formats."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._format = cache(lambda **properties: book.add_format(properties))

    def sheet(self, name: str, header: list[str], rows: Iterable[_Row]) -> None:
        """Write a sheet: a header and its rows, each of which is in the file before the next is made."""
        sheet = self._book.add_worksheet(name)
        bold = self._format(bold=True, text_wrap=True, valign="top", bg_color="#EAEFF5", bottom=1)
        widths = [min(max(map(_length, title.split("\n"))), _TITLE) for title in header]
        for at, title in enumerate(header):
            self._cell(sheet, 0, at, title, bold)
        line = 0
        for line, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                if value is not None and value != "":
                    self._cell(sheet, line, at, value)
                    if widths[at] < _WIDTHS.stop:
                        widths[at] = max(widths[at], _width(value))
        for at, width in enumerate(widths):
            sheet.set_column(at, at, min(max(width + 2, _WIDTHS.start), _WIDTHS.stop))
        sheet.ignore_errors({"number_stored_as_text": _EVERYWHERE})  # codes, and figures as printed
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, line, len(header) - 1)

    def _cell(
        self, sheet: Any, line: int, at: int, value: str | float | Decimal, style: Any = None
    ) -> None:
        if isinstance(value, str):
            if is_formula(value):
                style = self._format(quote_prefix=True)
            left_out = _text(sheet, line, at, value, style)
        elif isinstance(value, bool):
            left_out = sheet.write_boolean(line, at, value)
        else:
            if not isinstance(value, int):
                style = self._format(num_format=_number_format(value))
            left_out = sheet.write_number(line, at, value, style)
        assert not left_out, (sheet.get_name(), line, at)  # the library says so, and goes on


def _text(sheet: Any, line: int, at: int, text: str, style: Any) -> int:
    if 2 * len(text) > _LONGEST and len(text.encode("utf-16-le")) > 2 * _LONGEST:
        text = text[: _LONGEST // 2 - len(_CUT)] + _CUT
    if text.startswith("<r>") and text.endswith("</r>"):
        # in one piece, the library takes it for its own mark-up
        return int(sheet.write_rich_string(line, at, text[0], text[1], text[2:]))
    return int(sheet.write_string(line, at, text, style))


def _number_format(value: float | Decimal) -> str:
    places = min(_places(value), _MOST_PLACES)
    return f"#,##0.{'0' * places}" if places else "#,##0"


def _places(value: float | Decimal) -> int:
    exact = value if isinstance(value, Decimal) else Decimal(repr(value).removesuffix(".0"))
    return decimals_of(exact)


def _width(value: str | float | Decimal) -> int:
    """Characters that a value needs; a Chinese one counts two."""
    text = f"{value:,f}" if isinstance(value, Decimal) else str(value)
    return _length(text[: _WIDTHS.stop])


def _length(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(1 + (ord(character) > 0x2E7F) for character in text)
