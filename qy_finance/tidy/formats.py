"""Rows as CSV and as Parquet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from qy_finance.contract import CONTRACT, Field, Resource
from qy_finance.errors import ReportError
from qy_finance.figures import AMOUNT
from qy_finance.tidy.records import Record, Tidy, Value

_QUOTED: Final = frozenset(',"\r\n')
_FORMULA: Final = tuple("=+-@\t\r＝＋－＠")

PLACES: Final = 8
"""Decimals of an exact amount: those of 0.01 元 in 亿元, and two more."""

_TYPES: Final = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "decimal": pa.decimal128(38, PLACES),
    "boolean": pa.bool_(),
}


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens the text from a CSV file may compute it; a negative number is none."""
    return text.startswith(_FORMULA) and AMOUNT.fullmatch(text) is None


def formulas(rows: Tidy) -> Counter[tuple[str, str]]:
    """How many texts a spreadsheet may compute, if it opens the CSV files: by resource and field."""
    return Counter(
        (resource, name)
        for resource, records in rows.items()
        for row in records
        for name, value in row.items()
        if isinstance(value, str) and is_formula(value)
    )


def as_csv(resource: Resource, rows: Iterable[Record]) -> str:
    """A header and a line for each row: commas, plain line ends, quotes where a text needs them, blank for missing.

    Texts stay as they are, whatever a spreadsheet would make of them: whoever reads the file with a program gets
    what is printed.
    """
    lines = [",".join(field.name for field in resource.fields)]
    lines.extend(",".join(map(_cell, row.values())) for row in rows)
    return "\n".join(lines) + "\n"


def _cell(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float():  # the fewest digits that give the same number, never in powers of ten
            return f"{Decimal(repr(value)):f}".removesuffix(".0")
        case Decimal():
            return f"{value:f}"
    text = str(value)
    if _QUOTED.isdisjoint(text):
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def write_parquet(path: Path, resource: Resource, rows: list[Record]) -> None:
    """Write a resource; each field carries title, description and unit as metadata, the table its contract.

    Not compressed: the bytes then depend on no library but the one that writes them.

    Raises
    ------
    ReportError
        An exact amount has more digits than its type.
    """
    schema = pa.schema([_field(field) for field in resource.fields], {"contract": CONTRACT})
    try:
        table = pa.Table.from_pylist(rows, schema=schema)
    except pa.ArrowInvalid as error:
        expected = f"amounts with at most {PLACES} decimals"
        raise ReportError(path.name, "", expected, str(error)) from error
    pq.write_table(table, path, compression="none")


def _field(field: Field) -> pa.Field:
    told = {"title": field.title, "description": f"{field.zh} {field.en}"}
    told |= {"unit": field.unit} if field.unit else {}
    return pa.field(field.name, _TYPES[field.type], not field.required, told)
