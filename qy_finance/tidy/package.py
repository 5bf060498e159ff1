"""The data package: what ``datapackage.json`` says of the files beside it."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Final

from qy_finance.contract import RESOURCES, Field, Resource
from qy_finance.files import sha256_of
from qy_finance.tidy.codebook import LISTS
from qy_finance.tidy.records import Record

NAME: Final = "datapackage.json"

_TYPES: Final = {"decimal": "number"}  # a number of the standard is decimal
_OTHER: Final = {
    "codebook": ("codebook.md", "代码簿 Codebook", "text/markdown"),
    "workbook": (
        "final_accounts.xlsx",
        "工作簿 Workbook",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
CODEBOOK: Final = _OTHER["codebook"][0]
WORKBOOK: Final = _OTHER["workbook"][0]


def descriptor(folder: Path, reports: list[Record]) -> str:
    """The descriptor of the files in a folder, as JSON.

    A CSV file is a table with a schema. The Parquet file of the same name, the codebook and the workbook are files
    with a digest: what validates a package need not read Parquet then. The profile of fiscal data packages is not
    named, for it is fetched from the web; the fields carry its ``columnType`` all the same.
    """
    package = {
        "name": "qy-finance-tidy",
        "title": "部门决算数据 Final accounts of Chinese government departments",
        "description": f"Figures as printed, their reconciliation and what follows from them; see {CODEBOOK}.",
        "version": version("qy_finance"),
        "licenses": [
            {
                "name": "MIT",
                "title": "MIT License",
                "path": "https://opensource.org/license/mit",
            }
        ],
        "sources": [{"title": _source(report)} for report in reports],
        "resources": [
            *(_table(folder, resource) for resource in RESOURCES.values()),
            *(_parquet(folder, resource) for resource in RESOURCES.values()),
            *(_other(folder, name, *told) for name, told in _OTHER.items()),
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _source(report: Record) -> str:
    named = f"{report['unit']} {report['year']} {report['scope']}"
    return f"{named}: {report['source']}" if report["source"] else named


def _table(folder: Path, resource: Resource) -> dict[str, object]:
    return {
        "name": resource.name,
        "type": "table",
        "title": resource.title,
        "description": f"{resource.zh}。{resource.en}",
        **_file(folder / f"{resource.name}.csv", "csv", "text/csv"),
        "encoding": "utf-8",
        "schema": {
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
        },
    }


def _field(field: Field) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if field.required:
        constraints["required"] = True
    if field.list:
        constraints["enum"] = list(LISTS[field.list])
    told = {
        "name": field.name,
        "type": _TYPES.get(field.type, field.type),
        "title": field.title,
        "description": field.meaning,
        "unit": field.unit,
        "columnType": field.column_type,
        "constraints": constraints,
    }
    return {name: value for name, value in told.items() if value}


def _parquet(folder: Path, resource: Resource) -> dict[str, object]:
    return {
        "name": f"{resource.name}-parquet",
        "type": "file",
        "title": f"{resource.title} (Parquet)",
        "description": f"The rows of {resource.name}.csv, typed.",
        **_file(folder / f"{resource.name}.parquet", "parquet", "application/vnd.apache.parquet"),
    }


def _other(folder: Path, name: str, file: str, title: str, kind: str) -> dict[str, object]:
    path = folder / file
    return {"name": name, "type": "file", "title": title, **_file(path, path.suffix[1:], kind)}


def _file(path: Path, form: str, kind: str) -> dict[str, object]:
    return {
        "path": path.name,
        "format": form,
        "mediatype": kind,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }
