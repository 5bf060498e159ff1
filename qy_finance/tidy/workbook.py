"""The workbook for those who live in Excel or WPS: the reports, the tables of the form side by side, and the rows."""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from qy_finance.contract import RESOURCES
from qy_finance.errors import ReportError
from qy_finance.figures import decimals_of, number
from qy_finance.form import TableSpec, final_accounts
from qy_finance.tidy.formats import is_formula
from qy_finance.tidy.package import LISTS, unit
from qy_finance.tidy.records import Record, Tidy, Value

#: Resources that are sheets, and their names.
SHEETS: Final = {
    "reports": "报告",
    "kpis": "绩效指标",
    "derived": "推算的上年数",
    "checks": "勾稽",
    "observations": "数值",
}
CODEBOOK: Final = "代码簿"

_KEYS: Final = {
    "unit": "单位", "year": "年度", "scope": "口径", "money_unit": "金额单位", "side": "栏", "code": "科目编码",
    "item": "项目",
}  # fmt: skip
_LONGEST: Final = 32_767  # UTF-16 units of a cell
_CUT: Final = "……（下略，全文见 CSV 文件）"
_EPOCH: Final = datetime.datetime(1980, 1, 1)  # a workbook says when it was made
_WIDTHS: Final = range(8, 60)
_TITLE: Final = 28
_MOST_PLACES: Final = 30  # of a number format
_EVERYWHERE: Final = "A1:XFD1048576"


def write_workbook(path: Path, rows: Tidy) -> None:
    """Write the workbook; the same rows give the same bytes.

    Texts are written as texts, never as formulas, links or numbers. A sheet has a frozen header, a filter and widths
    that fit.

    Raises
    ------
    ReportError
        More rows than a sheet can hold.
    """
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        book.set_properties({"title": "部门决算", "created": _EPOCH})
        writer = _Writer(book)
        writer.sheet(SHEETS["reports"], *_resource("reports", rows))
        for table, name in LISTS["table"].items():
            writer.sheet(name, *pivot(final_accounts().table(table), rows))
        for resource, name in list(SHEETS.items())[1:]:
            writer.sheet(name, *_resource(resource, rows))
        writer.sheet(CODEBOOK, *_codebook())
    # the same workbook without compression, whose bytes depend on the machine's library
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name)
            part.create_system = 3  # not the machine's own
            target.writestr(part, source.read(name))


def pivot(spec: TableSpec, rows: Tidy) -> tuple[list[str], list[list[Value]]]:
    """One of the tables across all reports: a row for each account, a column for each canonical column.

    A figure of last year that a table prints stands in a row of that year, and a second figure for the same cell in a
    row of its own. One side stands below the other. A blank cell is empty.
    """
    scopes = {report["report_id"]: report["scope"] for report in rows["reports"]}
    accounts: list[tuple[tuple[Value, ...], dict[str, Value]]] = []
    latest: dict[tuple[Value, ...], dict[str, Value]] = {}
    columns = dict.fromkeys(_columns(spec))
    printed = (row for row in rows["observations"] if row["table"] == spec.id)
    for _, group in groupby(printed, key=itemgetter("report_id")):
        rows_of = list(group)
        sides = list(dict.fromkeys(row["side"] for row in rows_of))  # they are printed side by side
        for row in sorted(rows_of, key=lambda row: sides.index(row["side"])):
            scope, money = scopes[row["report_id"]], row["unit_of_measure"]
            key = (row["unit"], row["year"], scope, money, row["side"], row["code"], row["item"])
            column = str(row["column"])
            columns.setdefault(column)
            if column in latest.get(key, {column}):
                latest[key] = {}
                accounts.append((key, latest[key]))
            latest[key][column] = number(str(row["printed"]))
    used = [name for name in columns if any(name in account for _, account in accounts)]
    cells = [[*key, *map(account.get, used)] for key, account in accounts]
    return [*_KEYS.values(), *(used or columns)], cells


def _columns(spec: TableSpec) -> list[str]:
    """Canonical columns in the order of the form."""
    leaves = [column.name for column in spec.columns]
    if spec.groups:
        return [f"{group.name}/{leaf}" for group in spec.groups for leaf in leaves]
    sides = (column.name for side in spec.sides for column in side.columns)
    return list(dict.fromkeys([*leaves, *sides]))


def _resource(name: str, rows: Tidy) -> tuple[list[str], list[list[Value]]]:
    header = [f"{field.title}\n{field.name}" for field in RESOURCES[name].fields]
    shown = map(_as_printed, rows[name]) if name == "observations" else rows[name]
    return header, [list(row.values()) for row in shown]


def _as_printed(row: Record) -> Record:
    """An observation whose value shows the digits that are printed."""
    value = row["value"]
    assert isinstance(value, float)
    digits = max(_places(value), _places(number(str(row["printed"]))))
    return row | {"value": Decimal(f"{value:.{digits}f}")}


def _codebook() -> tuple[list[str], list[list[Value]]]:
    header = ["表或取值\nresource or list", "字段或值\nfield or value", "名称\ntitle", "类型\ntype", "单位\nunit",
              "含义\nmeaning"]  # fmt: skip
    fields: list[list[Value]] = [
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

    def sheet(self, name: str, header: list[str], rows: Sequence[Sequence[Value]]) -> None:
        """Write a sheet: a header and its rows."""
        sheet = self._book.add_worksheet(name)
        bold = self._format(bold=True, text_wrap=True, valign="top", bg_color="#EAEFF5", bottom=1)
        for at, title in enumerate(header):
            self._cell(sheet, 0, at, title, bold)
            sheet.set_column(at, at, _width(title, (row[at] for row in rows)))
        for line, row in enumerate(rows, start=1):
            for at, value in enumerate(row):
                self._cell(sheet, line, at, value)
        sheet.ignore_errors({"number_stored_as_text": _EVERYWHERE})  # codes, and figures as printed
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), len(header) - 1)

    def _cell(self, sheet: Any, line: int, at: int, value: Value, style: Any = None) -> None:
        if value is None or value == "":
            return
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
        if left_out:  # the library says so, and goes on
            raise ReportError(sheet.get_name(), "", "no more rows than a sheet holds", "more")


def _text(sheet: Any, line: int, at: int, text: str, style: Any) -> int:
    if len(text.encode("utf-16-le")) > 2 * _LONGEST:
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


def _width(title: str, values: Iterable[Value]) -> int:
    """Characters that a column needs; a Chinese one counts two. A long title is wrapped."""
    titled = min(max(map(_length, title.split("\n"))), _TITLE)
    shown = (f"{v:,f}" if isinstance(v, Decimal) else str(v) for v in values if v is not None)
    longest = max([titled, *(_length(text[: _WIDTHS.stop]) for text in shown)])
    return min(max(longest + 2, _WIDTHS.start), _WIDTHS.stop)


def _length(text: str) -> int:
    return sum(1 + (ord(character) > 0x2E7F) for character in text)
