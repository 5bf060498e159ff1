"""What the columns of frames and data are: names, types, meanings and closed lists, as ``contract.toml`` says.

The frames of a report, the data package, the codebook and the workbook are all made from this one description.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import attrs

from qy_finance.load import load

_DTYPES: Final = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


@attrs.frozen
class Field:
    """A column; see the head of ``contract.toml``."""

    name: str
    type: str
    title: str
    zh: str
    en: str
    unit: str = ""
    list: str = ""
    required: bool = False
    column_type: str = ""
    frame: str | None = None

    @property
    def meaning(self) -> str:
        """What it means, in Chinese and English."""
        return f"{self.zh}。{self.en}"


@attrs.frozen
class Foreign:
    """A foreign key: ``fields`` of a row name a row of ``resource`` by its fields ``names``."""

    fields: tuple[str, ...]
    resource: str
    names: tuple[str, ...]


@attrs.frozen
class Resource:
    """A table of the data package; see the head of ``contract.toml``."""

    name: str
    title: str
    zh: str
    en: str
    key: tuple[str, ...]
    foreign: tuple[Foreign, ...]
    fields: tuple[Field, ...]


@attrs.frozen
class Contract:
    """All that ``contract.toml`` says."""

    version: str
    resource: tuple[Resource, ...]
    list: dict[str, dict[str, str]]
    direction: dict[str, str]


_CONTRACT: Final = load(Path(__file__).with_name("contract.toml"), Contract)

CONTRACT: Final = _CONTRACT.version
"""The version of the contract: another one has other columns, or columns that mean something else."""

RESOURCES: Final = {resource.name: resource for resource in _CONTRACT.resource}
"""The resources by name, in the order of the package."""

FAILURES: Final = "failures"
"""The resource of what is not there: the reports that can't be read."""

ACCOUNTS: Final = "accounts"
"""The resource of what the amounts of all reports say together."""

DIGITS: Final = 38
"""Digits of an exact amount, with its decimals."""

PLACES: Final = 8
"""Decimals of an exact amount: those of 0.01 元 in 亿元, and two more."""

LISTS: Final = _CONTRACT.list
"""The closed lists of values: what each value means; that of the tables is what the form says."""

DIRECTIONS: Final = _CONTRACT.direction
"""收入 or 支出 of the tables that are one side of the account."""


def columns(frame: str) -> dict[str, str]:
    """The dtype of each column of a report's frame (``observations``, ``kpis``, ``unclaimed``), in order."""
    return {
        name: _DTYPES[field.type]
        for field in RESOURCES[frame].fields
        if (name := field.name if field.frame is None else field.frame)
    }
