"""The codebook: every field and every closed list, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from qy_finance.contract import RESOURCES, Field, Resource
from qy_finance.tidy.fields import LISTS


def codebook() -> str:
    """The codebook as Markdown: what holds for all files (``codebook_head.md``), then the resources and lists."""
    head = files(__package__).joinpath("codebook_head.md").read_text("utf-8")
    return head + "".join(f"{line}\n" for line in [*_contents(), *_resources(), *_lists()])


def unit(field: Field) -> str:
    """The unit of a field; 见 with the name of the field that has it where it changes from row to row."""
    return f"见 {field.unit.strip('{}')}" if field.unit.startswith("{") else field.unit


def _contents() -> Iterator[str]:
    yield from (
        "",
        "## 内容 Contents",
        "",
        "| 名称 name | 内容 what | 主键 primary key |",
        "|---|---|---|",
    )
    for resource in RESOURCES.values():
        key = ", ".join(f"`{name}`" for name in resource.key)
        yield f"| [`{resource.name}`](#{resource.name}) | {resource.title} | {key} |"


def _resources() -> Iterator[str]:
    for resource in RESOURCES.values():
        yield from (
            "",
            f"## {resource.name}",
            "",
            f"{resource.title}。{resource.zh}。{resource.en}.",
            "",
        )
        yield "| 字段 field | 名称 title | 类型 type | 单位 unit | 含义 meaning |"
        yield "|---|---|---|---|---|"
        for field in resource.fields:
            yield "| " + " | ".join(_cells(field)) + " |"
        yield from _keys(resource)


def _cells(field: Field) -> tuple[str, ...]:
    told = field.meaning + (f" → [{field.list}](#list-{field.list})" if field.list else "")
    return (
        f"`{field.name}`",
        field.title,
        field.type + ("" if field.required else "?"),
        unit(field),
        told,
    )


def _keys(resource: Resource) -> Iterator[str]:
    if resource.foreign:
        yield ""
    for foreign in resource.foreign:
        fields, names = ", ".join(foreign.fields), ", ".join(foreign.names)
        yield f"- 外键 foreign key: `{fields}` → `{foreign.resource or resource.name}` (`{names}`)"


def _lists() -> Iterator[str]:
    yield from ("", "## 取值 Closed lists")
    for name, values in LISTS.items():
        yield from ("", f"### list {name}", "", "| 值 value | 含义 meaning |", "|---|---|")
        yield from (f"| `{value}` | {told} |" for value, told in values.items())
