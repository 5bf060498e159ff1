"""The codebook: every field and every closed list, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Final

from qy_finance import contract
from qy_finance.contract import RESOURCES, Field, Resource
from qy_finance.form import final_accounts

_FORM: Final = final_accounts()

LISTS: Final = {"table": {table: _FORM.name(table) for table in _FORM.ids}, **contract.LISTS}
"""The closed lists of values, those of the form's tables among them: what each value means."""


def codebook() -> str:
    """The codebook as Markdown: what holds for all files (``codebook_head.md``), then the resources and lists."""
    head = files(__package__).joinpath("codebook_head.md").read_text("utf-8")
    return head + "".join(f"{line}\n" for line in [*_contents(), *_resources(), *_lists()])


def unit(field: Field) -> str:
    """The unit of a field; 见 with the name of the field that has it where it changes from row to row."""
    return f"见 {field.unit.strip('{}')}" if field.unit.startswith("{") else field.unit


def _table(*rows: Iterable[str]) -> Iterator[str]:
    """A table of Markdown with a blank line above; the first row is its header."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    yield from ("", lines[0], "|---" * len(list(rows[0])) + "|", *lines[1:])


def _contents() -> Iterator[str]:
    rows = [
        (f"[`{one.name}`](#{one.name})", one.title, ", ".join(f"`{name}`" for name in one.key))
        for one in RESOURCES.values()
    ]
    yield from ("", "## 内容 Contents")
    yield from _table(("名称 name", "内容 what", "主键 primary key"), *rows)


def _resources() -> Iterator[str]:
    header = ("字段 field", "名称 title", "类型 type", "单位 unit", "含义 meaning")
    for resource in RESOURCES.values():
        told = f"{resource.title}。{resource.zh}。{resource.en}."
        yield from ("", f"## {resource.name}", "", told)
        yield from _table(header, *map(_cells, resource.fields))
        yield from _keys(resource)


def _cells(field: Field) -> tuple[str, ...]:
    kind = field.type + ("" if field.required else "?")
    told = field.meaning + (f" → [{field.list}](#list-{field.list})" if field.list else "")
    return f"`{field.name}`", field.title, kind, unit(field), told


def _keys(resource: Resource) -> Iterator[str]:
    if resource.foreign:
        yield ""
    for foreign in resource.foreign:
        fields, names = ", ".join(foreign.fields), ", ".join(foreign.names)
        yield f"- 外键 foreign key: `{fields}` → `{foreign.resource or resource.name}` (`{names}`)"


def _lists() -> Iterator[str]:
    yield from ("", "## 取值 Closed lists")
    for name, values in LISTS.items():
        yield from ("", f"### list {name}")
        rows = ((f"`{value}`", told) for value, told in values.items())
        yield from _table(("值 value", "含义 meaning"), *rows)
