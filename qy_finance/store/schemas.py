"""The columns of resources as Parquet has them."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from qy_finance.contract import CONTRACT, DIGITS, PLACES, Field, Resource

_TYPES: Final = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "decimal": pa.decimal128(DIGITS, PLACES),
    "boolean": pa.bool_(),
}


def schema_of(resource: Resource) -> pa.Schema:
    """The columns of a resource."""
    return pa.schema(list(map(_field, resource.fields)), {"contract": CONTRACT})


def _field(field: Field) -> pa.Field:
    told = {"title": field.title, "description": f"{field.zh} {field.en}"}
    told |= {"unit": field.unit} if field.unit else {}
    return pa.field(field.name, _TYPES[field.type], not field.required, told)
