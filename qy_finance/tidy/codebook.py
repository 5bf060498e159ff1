"""The codebook: every field and every closed list, in Chinese and English."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from jinja2 import Environment

from qy_finance import contract
from qy_finance.contract import RESOURCES, Field
from qy_finance.form import final_accounts

_FORM: Final = final_accounts()

LISTS: Final = {"table": {table: _FORM.name(table) for table in _FORM.ids}, **contract.LISTS}
"""The closed lists of values, those of the form's tables among them: what each value means."""


def codebook() -> str:
    """The codebook as Markdown (``codebook.md.j2``): what holds for all files, then the resources and lists."""
    source = Path(__file__).with_suffix(".md.j2").read_text("utf-8")
    template = Environment(keep_trailing_newline=True).from_string(source)
    return template.render(resources=RESOURCES.values(), lists=LISTS, unit=unit)


def unit(field: Field) -> str:
    """The unit of a field; 见 with the name of the field that has it where it changes from row to row."""
    return f"见 {field.unit.strip('{}')}" if field.unit.startswith("{") else field.unit
