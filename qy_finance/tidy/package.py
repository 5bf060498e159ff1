"""The data package: what ``datapackage.json`` says of the files beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

from qy_finance.contract import CONTRACT, RESOURCES, Field, Resource
from qy_finance.files import sha256_of
from qy_finance.tidy.codebook import LISTS
from qy_finance.tidy.records import Record

NAME: Final = "datapackage.json"

_TYPES: Final = {"decimal": "number"}  # a number of the standard is decimal
CODEBOOK: Final = "codebook.md"
WORKBOOK: Final = "final_accounts.xlsx"
_SHEETS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def descriptor(folder: Path, reports: list[Record]) -> str:
    """The descriptor of the files in a folder, as JSON.

    A CSV file is a table with a schema. The Parquet file of the same name, the codebook and the workbook are files
    with a digest: what validates a package need not read Parquet then. The profile of fiscal data packages is not
    named, for it is fetched from the web; the fields carry its ``columnType`` all the same.
    """
    licence = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}
    tables = RESOURCES.items()
    package = {
        "name": "qy-finance-tidy",
        "title": "部门决算数据 Final accounts of Chinese government departments",
        "description": f"Figures as printed, their reconciliation and what follows from them; see {CODEBOOK}.",
        "version": version("qy_finance"),
        "contract": CONTRACT,
        "licenses": [licence],
        "sources": [{"title": _source(report)} for report in reports],
        "resources": [
            *(_table(folder / f"{name}.csv", resource) for name, resource in tables),
            *(_parquet(folder / f"{name}.parquet", resource) for name, resource in tables),
            _file(folder / CODEBOOK, "codebook", "代码簿 Codebook", "text/markdown"),
            _file(folder / WORKBOOK, "workbook", "工作簿 Workbook", _SHEETS),
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _source(report: Record) -> str:
    named = f"{report['unit']} {report['year']} {report['scope']}"
    return f"{named}: {report['source']}" if report["source"] else named


def _schema(resource: Resource) -> dict[str, object]:
    return {
        "fields": [_field(field) for field in resource.fields],
        "missingValues": [""],
        "primaryKey": list(resource.key),
        "foreignKeys": [
            {
                "fields": list(foreign.fields),
                "reference": {"resource": foreign.resource, "fields": list(foreign.names)},
            }
            for foreign in resource.foreign
        ],
    }


def _field(field: Field) -> dict[str, object]:
    constraints: dict[str, object] = {
        "required": field.required,
        "enum": list(LISTS[field.list]) if field.list else [],
    }
    told = {
        "name": field.name,
        "type": _TYPES.get(field.type, field.type),
        "title": field.title,
        "description": field.meaning,
        "unit": field.unit,
        "columnType": field.column_type,
        "constraints": _stated(constraints),
    }
    return _stated(told)


def _stated(told: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if value}


def _table(path: Path, resource: Resource) -> dict[str, object]:
    told = f"{resource.zh}。{resource.en}"
    file = _file(path, resource.name, resource.title, "text/csv", description=told)
    return file | {"type": "table", "encoding": "utf-8", "schema": _schema(resource)}


def _parquet(path: Path, resource: Resource) -> dict[str, object]:
    name, title = f"{resource.name}-parquet", f"{resource.title} (Parquet)"
    told = f"The rows of {resource.name}.csv, typed."
    return _file(path, name, title, "application/vnd.apache.parquet", description=told)


def _file(path: Path, name: str, title: str, kind: str, **told: str) -> dict[str, object]:
    return {
        "name": name,
        "type": "file",
        "title": title,
        **told,
        "path": path.name,
        "format": path.suffix[1:],
        "mediatype": kind,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }
