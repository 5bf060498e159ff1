"""What the data package says of itself: ``datapackage.json`` of its files, the codebook of its fields and lists."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
from jinja2 import Environment

from qy_finance import contract
from qy_finance.contract import CONTRACT, RESOURCES, Field, Resource
from qy_finance.errors import ReportError
from qy_finance.files import sha256_of
from qy_finance.form import final_accounts
from qy_finance.tidy.records import Record
from qy_finance.units import KINDS

_FORM: Final = final_accounts()

LISTS: Final = {
    "table": {table: _FORM.name(table) for table in _FORM.ids},
    "authority": KINDS,
    **contract.LISTS,
}
"""The closed lists of values, those of the form's tables and of kinds of units among them: what each value means."""

NAME: Final = "datapackage.json"
VERSION: Final = "VERSION"
"""In the data folder: the version of the data, apart from that of this package."""

_VERSION: Final = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}", re.ASCII)
_LICENCE: Final = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 International",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
"""Of the arrangement alone."""


_TYPES: Final = {"decimal": "number"}  # a number of the standard is decimal
CODEBOOK: Final = "codebook.md"
_TOLD: Final = (
    f"Figures as printed, their reconciliation and what follows from them; see {CODEBOOK}. The licence is that of the"
    " arrangement; nothing is claimed on the reports, which departments publish by law."
)
WORKBOOK: Final = "final_accounts.xlsx"
_SHEETS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def data_version(data_dir: Path) -> str:
    """The version of the data, which whoever keeps the catalogue gives them in ``VERSION``; empty where there is none.

    Raises
    ------
    ReportError
        The file is there and says no version.
    """
    path = data_dir / VERSION
    if not path.is_file():
        return ""
    said = path.read_bytes().decode("utf-8", "replace").strip()
    if not _VERSION.fullmatch(said):
        raise ReportError(VERSION, "", "a version such as 1.0.0", said[:40] or "nothing")
    return said


def descriptor(folder: Path, data_version: str = "") -> str:
    """The descriptor of the files in a folder, as JSON.

    A CSV file is a table with a schema. The Parquet file of the same name, the codebook and the workbook are files
    with a digest: what validates a package need not read Parquet then. The profile of fiscal data packages is not
    named, for it is fetched from the web; the fields carry its ``columnType`` all the same.
    """
    told = ["unit", "year", "scope", "source"]
    reports = pq.read_table(folder / "reports.parquet", columns=told).to_pylist()
    tables = RESOURCES.items()
    package = {
        "name": "qy-finance-tidy",
        "title": "部门决算数据 Final accounts of Chinese government departments",
        "description": _TOLD,
        **({"version": data_version} if data_version else {}),
        "contract": CONTRACT,
        "generator": f"qy_finance {version('qy_finance')}",
        "licenses": [_LICENCE],
        "sources": [{"title": _source(report)} for report in reports],
        "resources": [
            *(_table(folder / f"{name}.csv", resource) for name, resource in tables),
            *(_parquet(folder / f"{name}.parquet", resource) for name, resource in tables),
            _file(folder / CODEBOOK, "codebook", "代码簿 Codebook", "text/markdown"),
            _file(folder / WORKBOOK, "workbook", "工作簿 Workbook", _SHEETS),
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def codebook() -> str:
    """The codebook as Markdown (``codebook.md.j2``): what holds for all files, then the resources and lists."""
    source = Path(__file__).with_name("codebook.md.j2").read_text("utf-8")
    template = Environment(keep_trailing_newline=True).from_string(source)
    return template.render(resources=RESOURCES.values(), lists=LISTS, unit=unit)


def unit(field: Field) -> str:
    """The unit of a field; 见 with the name of the field that has it where it changes from row to row."""
    return f"见 {field.unit.strip('{}')}" if field.unit.startswith("{") else field.unit


def _source(report: Record) -> str:
    named = f"{report['unit']} {report['year']} {report['scope']}"
    return f"{named}: {report['source']}" if report["source"] else named


def _field(field: Field) -> dict[str, object]:
    listed = list(LISTS[field.list]) if field.list else []
    return _stated(
        {
            "name": field.name,
            "type": _TYPES.get(field.type, field.type),
            "title": field.title,
            "description": field.meaning,
            "unit": field.unit,
            "columnType": field.column_type,
            "constraints": _stated({"required": field.required, "enum": listed}),
        }
    )


def _stated(told: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if value}


def _table(path: Path, resource: Resource) -> dict[str, object]:
    told = f"{resource.zh}。{resource.en}"
    file = _file(path, resource.name, resource.title, "text/csv", description=told)
    keys = [
        {"fields": one.fields, "reference": {"resource": one.resource, "fields": one.names}}
        for one in resource.foreign
    ]
    schema = {
        "fields": list(map(_field, resource.fields)),
        "missingValues": [""],
        "primaryKey": resource.key,
        "foreignKeys": keys,
    }
    return file | {"type": "table", "encoding": "utf-8", "schema": schema}


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
