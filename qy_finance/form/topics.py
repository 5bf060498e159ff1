"""What a report must disclose (应公开的内容), and the words that show it: ``disclosures.toml``."""

from __future__ import annotations

import re
from typing import Literal

from attrs import frozen


@frozen
class Evidence:
    """Figures that show a topic: those of which each given pattern is found.

    ``item`` and ``lacks`` are of the item of a figure of the prose, or of the column of one of 三公表; ``section`` of
    the headings that it stands under; ``unit`` is the whole unit, ``beside`` what is printed around it, with ▁ for it.
    """

    item: re.Pattern[str]
    measure: Literal["amount", "count", "share", "score"]
    unit: re.Pattern[str] | None = None
    lacks: re.Pattern[str] | None = None
    section: re.Pattern[str] | None = None
    beside: re.Pattern[str] | None = None


@frozen(eq=False)
class Topic:
    """A thing that a report must disclose; see the head of ``disclosures.toml``."""

    id: str
    name: str
    group: str
    kind: Literal["table", "note", "figure", "words", "reason"] = "figure"
    table: str = ""
    column: str = ""
    part: tuple[str, ...] = ()
    share: bool = False
    shown: tuple[Evidence, ...] = ()
    said: re.Pattern[str] | None = None
    heading: re.Pattern[str] | None = None
    none: re.Pattern[str] | None = None
    mentioned: re.Pattern[str] | None = None
    within: tuple[str, ...] = ()
    base: Literal["", "上年", "预算"] = ""
    of: re.Pattern[str] | None = None
    section: re.Pattern[str] | None = None
    whole: str = ""
    named: re.Pattern[str] | None = None


@frozen
class OtherForm:
    """A form of few tables, of units of which no more is asked."""

    unit: re.Pattern[str]
    tables: tuple[str, ...]
    note: str


@frozen
class DisclosurePatterns:
    """How the text of a report is taken apart for it."""

    glossary: re.Pattern[str]
    aside: re.Pattern[str]
    blank: re.Pattern[str]
    reason: re.Pattern[str]
    weakly: re.Pattern[str]
    moved: re.Pattern[str]
    budget: re.Pattern[str]
    before: re.Pattern[str]
    level: re.Pattern[str]


@frozen(eq=False)
class Disclosures:
    """All topics, in the order in which they are told."""

    pieces: dict[str, str]
    patterns: DisclosurePatterns
    other_form: tuple[OtherForm, ...]
    topic: tuple[Topic, ...]
