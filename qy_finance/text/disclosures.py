"""What notebook 05 says of what must be disclosed; text of the report is escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Final

import pandas as pd

from qy_finance.analysis.disclosures import ABSENT, MENTIONED, NOT_ASKED, Disclosure
from qy_finance.contract import LISTS
from qy_finance.display import Html, escape, linked, strong
from qy_finance.readers import Document

STATUSES: Final = {status: meaning.split()[0] for status, meaning in LISTS["disclosure"].items()}
"""Chinese name of each status."""

_QUOTED: Final = 28  # characters of what is quoted


def headline(found: Sequence[Disclosure]) -> str:
    """How many of the topics that the report must disclose it does, and which were not found."""
    counts = Counter(one.status for one in found)
    asked = counts.total() - counts[NOT_ASKED]
    if not asked:
        return "没有读到应公开的内容。"
    told = "，".join(
        f"{strong(f'{counts[status]:,} 项') if status == ABSENT else f'{counts[status]:,} 项'}{name}"
        for status, name in STATUSES.items()
        if counts[status] and status != NOT_ASKED
    )
    text = f"应公开的 {strong(f'{asked:,} 项')}中，{told}。"
    if absent := [one.topic.name for one in found if one.status == ABSENT]:
        text += f"未见的是：{escape('、'.join(absent))}。"
    unknown = sum(one.note == MENTIONED for one in found)
    rest = counts[NOT_ASKED] - unknown
    text += f"另有 {rest:,} 项在这里不适用。" if rest else ""
    return text + (f"{unknown:,} 项提到了，但没有读出数。" if unknown else "")


def table(found: Sequence[Disclosure], document: Document) -> pd.DataFrame:
    """Each topic below its group: 事项, 情况, 内容 (the figure, the words, or why there is neither), 出处."""
    rows: list[tuple[str, str, str, str]] = []
    for group, some in groupby(found, key=lambda one: one.topic.group):
        rows.append((Html(f"<b>{escape(group)}</b>"), "", "", ""))
        rows += (_row(one, document) for one in some)
    return pd.DataFrame(rows, columns=["事项", "情况", "内容", "出处"], dtype="object")


def _row(one: Disclosure, document: Document) -> tuple[str, str, str, str]:
    status: str = STATUSES[one.status]
    if one.status == ABSENT:
        status = Html(f"<b>{status}</b>")
    place = document.where(one.place.start) if one.place else ""
    return one.topic.name, status, _content(one), place


def _content(one: Disclosure) -> str:
    if fact := one.number:
        return Html(f"{linked(fact.with_unit, fact.number)}{_note(one)}")
    if one.topic.kind == "table" and one.facts:
        return Html(linked("见表", one.facts[0].number))
    if one.status in (ABSENT, NOT_ASKED) or one.place is None:
        return one.note
    said = one.place.quote
    said = said if len(said) <= _QUOTED else f"{said[:_QUOTED]}…"
    return Html(f"{escape(said)}{_note(one)}")


def _note(one: Disclosure) -> str:
    return f"（{escape(one.note)}）" if one.note else ""
