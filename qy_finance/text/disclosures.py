"""What notebook 05 says of what must be disclosed; text of the report is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from qy_finance.analysis.disclosures import (
    ABSENT,
    MENTIONED,
    NONE,
    NOT_ASKED,
    STATED,
    ZERO,
    Disclosure,
)
from qy_finance.contract import LISTS
from qy_finance.display import escape, linked, strong
from qy_finance.readers import Document

STATUSES: Final = {status: meaning.split()[0] for status, meaning in LISTS["disclosure"].items()}
"""Chinese name of each status."""

_ORDER: Final = (ABSENT, NONE, ZERO, STATED, NOT_ASKED)


def headline(found: Sequence[Disclosure]) -> str:
    """How many of the topics that the report must disclose it does, and which were not found."""
    counts = Counter(one.status for one in found)
    asked = counts.total() - counts[NOT_ASKED]
    if not asked:
        return "没有读到应公开的内容。"
    told = "，".join(
        f"{counts[status]:,} 项{name}"
        for status, name in STATUSES.items()
        if counts[status] and status != NOT_ASKED
    )
    text = f"应公开的 {strong(f'{asked:,} 项')}中，{told}。"
    if absent := [one.topic.name for one in found if one.status == ABSENT]:
        text += f"未见的是：{strong('、'.join(absent))}。"
    unknown = sum(one.note == MENTIONED for one in found)
    rest = counts[NOT_ASKED] - unknown
    text += f"另有 {rest:,} 项在这里不适用，或无从判断。" if rest else ""
    return text + (f"{unknown:,} 项报告提到了，但没有读出数。" if unknown else "")


def listed(found: Sequence[Disclosure], document: Document) -> str:
    """The topics by status and group as lists, each with its figure and its place, or why there is none.

    What was not found stands first.
    """
    by_status = ([one for one in found if one.status == status] for status in _ORDER)
    return "\n\n".join(_list(some, document) for some in by_status if some)


def _list(some: Sequence[Disclosure], document: Document) -> str:
    """The topics of a status, a line for each group."""
    name = f"{STATUSES[some[0].status]} {len(some):,} 项"
    groups = groupby(some, key=lambda one: one.topic.group)
    lines = (f"- {escape(group)}：{_line(alike, document)}" for group, alike in groups)
    return "\n".join((strong(name), "", *lines))


def _line(some: Iterable[Disclosure], document: Document) -> str:
    """The topics of a group, those with the same note after each other."""
    alike = groupby(some, key=lambda one: one.note)
    return "；".join(
        "、".join(_topic(one, document) for one in these) + _note(note) for note, these in alike
    )


def _note(note: str) -> str:
    return f"（{escape(note)}）" if note else ""


def _topic(one: Disclosure, document: Document) -> str:
    """The name of a topic, its figure, and where it is printed."""
    name = escape(one.topic.name)
    if fact := one.number:
        return f"{name} {linked(fact.with_unit, fact.number)}"
    if one.place is None:
        return name
    where = document.where(one.place.start)
    return f"{name} {linked(where, one.facts[0].number) if one.facts else escape(where)}"
