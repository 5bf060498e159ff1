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
from qy_finance.display import Html, escape, linked, strong
from qy_finance.facts import Fact
from qy_finance.language import join, plain, t, unit_form
from qy_finance.readers import Document

STATUSES: Final = {status: meaning.split()[0] for status, meaning in LISTS["disclosure"].items()}
"""Chinese name of each status."""

_ORDER: Final = (ABSENT, NONE, ZERO, STATED, NOT_ASKED)


def headline(found: Sequence[Disclosure]) -> str:
    """How many of the topics that the report must disclose it does, and which were not found."""
    counts = Counter(one.status for one in found)
    asked = counts.total() - counts[NOT_ASKED]
    if not asked:
        return t("没有读到应公开的内容。")
    told = join(
        (
            t("{n:,} 项{status}", n=counts[status], status=name)
            for status, name in STATUSES.items()
            if counts[status] and status != NOT_ASKED
        ),
        "，",
    )
    text = t("应公开的 {asked}中，{told}。", asked=strong(t("{n:,} 项", n=asked)), told=told)
    if absent := [plain(one.topic.name) for one in found if one.status == ABSENT]:
        text += t("未见的是：{names}。", names=strong(join(absent)))
    unknown = sum(one.note == MENTIONED for one in found)
    if rest := counts[NOT_ASKED] - unknown:
        text += t("另有 {n:,} 项在这里不适用，或无从判断。", n=rest)
    return text + (t("{n:,} 项报告提到了，但没有读出数。", n=unknown) if unknown else "")


def listed(found: Sequence[Disclosure], document: Document) -> str:
    """The topics by status and group as lists, each with its figure and its place, or why there is none.

    What was not found stands first.
    """
    by_status = ([one for one in found if one.status == status] for status in _ORDER)
    return "\n\n".join(_list(some, document) for some in by_status if some)


def _list(some: Sequence[Disclosure], document: Document) -> str:
    """The topics of a status, a line for each group."""
    head = strong(t("{status} {n:,} 项", status=STATUSES[some[0].status], n=len(some)))
    groups = groupby(some, key=lambda one: one.topic.group)
    lines = (
        f"- {t('{group}：{topics}', group=_group(group), topics=_line(alike, document))}"
        for group, alike in groups
    )
    return "\n".join((head, "", *lines))


def _group(name: str) -> str:
    """The name of a group, which is that of a column elsewhere."""
    return t("收支", "group") if name == "收支" else escape(name)


def _line(some: Iterable[Disclosure], document: Document) -> str:
    """The topics of a group, those with the same note after each other."""
    return join(
        (
            _noted(join(_topic(one, document) for one in these), note)
            for note, these in groupby(some, key=lambda one: one.note)
        ),
        "；",
    )


def _noted(topics: str, note: str) -> str:
    return t("{topics}（{note}）", topics=topics, note=escape(note)) if note else topics


def _topic(one: Disclosure, document: Document) -> str:
    """The name of a topic, its figure, and where it is printed."""
    name = escape(one.topic.name)
    if fact := one.number:
        return t("{name} {shown}", name=name, shown=_printed(fact))
    if one.place is None:
        return name
    where = document.where(one.place.start)
    shown = linked(plain(where), one.facts[0].number) if one.facts else escape(where)
    return t("{name} {shown}", name=name, shown=shown)


def _printed(fact: Fact) -> str:
    """A figure as it is printed; in English with its unit in English."""
    form = unit_form(fact.unit_of_measure, one=fact.value == 1)
    if form is None:
        return linked(fact.with_unit, fact.number)
    return Html(form.format(linked(fact.printed, fact.number)))
