"""The knowledge of ``fields.toml``, as objects."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from qy_finance.form import final_accounts


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a resource; see the head of ``fields.toml``."""

    name: str
    type: str
    title: str
    zh: str
    en: str
    unit: str = ""
    list: str = ""
    required: bool = False
    column_type: str = ""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A foreign key: ``fields`` of a row name a row of ``resource`` by its fields ``names``."""

    fields: tuple[str, ...]
    resource: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """A table of the data package; see the head of ``fields.toml``."""

    name: str
    title: str
    zh: str
    en: str
    key: tuple[str, ...]
    foreign: tuple[Foreign, ...]
    fields: tuple[Field, ...]


def _resource(row: dict[str, Any]) -> Resource:
    foreign = tuple(
        Foreign(tuple(one["fields"]), one["resource"], tuple(one["names"]))
        for one in row["foreign"]
    )
    fields = tuple(Field(**field) for field in row["fields"])
    name, title, zh, en = (str(row[key]) for key in ("name", "title", "zh", "en"))
    return Resource(name, title, zh, en, tuple(row["key"]), foreign, fields)


_DATA: Final = tomllib.loads(files(__package__).joinpath("fields.toml").read_text("utf-8"))
_FORM: Final = final_accounts()

RESOURCES: Final = {row["name"]: _resource(row) for row in _DATA["resource"]}
"""The resources by name, in the order of the package."""

LISTS: Final[dict[str, dict[str, str]]] = {
    "table": {table: _FORM.name(table) for table in _FORM.ids},
    **_DATA["list"],
}
"""The closed lists of values: what each value means."""

DIRECTIONS: Final[dict[str, str]] = _DATA["direction"]
"""收入 or 支出 of the tables that are one side of the account."""
