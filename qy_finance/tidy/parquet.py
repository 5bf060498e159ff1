"""Rows as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from qy_finance.contract import Field, Resource
from qy_finance.errors import ReportError
from qy_finance.tidy.records import Record

PLACES: Final = 8
"""Decimals of an exact amount: those of 0.01 元 in 亿元, and two more."""

_TYPES: Final = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "decimal": pa.decimal128(38, PLACES),
    "boolean": pa.bool_(),
}


def write_parquet(path: Path, resource: Resource, rows: list[Record]) -> None:
    """Write a resource; each field carries title, description and unit as metadata.

    Not compressed: the bytes then depend on no library but the one that writes them.

    Raises
    ------
    ReportError
        An exact amount has more digits than its type.
    """
    schema = pa.schema([_field(field) for field in resource.fields])
    try:
        table = pa.Table.from_pylist(rows, schema=schema)
    except pa.ArrowInvalid as error:
        raise ReportError(
            path.name, "", f"amounts with at most {PLACES} decimals", str(error)
        ) from error
    pq.write_table(table, path, compression="none")


def _field(field: Field) -> pa.Field:
    metadata = {"title": field.title, "description": f"{field.zh} {field.en}", "unit": field.unit}
    return pa.field(
        field.name,
        _TYPES[field.type],
        nullable=not field.required,
        metadata={name: text for name, text in metadata.items() if text},
    )
