"""How reports speak of figures: the words and turns of phrase of ``lexicon.toml`` as one value."""

from __future__ import annotations

import re
from typing import Any

from attrs import frozen


@frozen
class WordLists:
    """Lists of words that the grammar asks for; see ``lexicon.toml``."""

    rank: frozenset[str]
    up: frozenset[str]
    less: frozenset[str]
    labels: frozenset[str]
    weak: frozenset[str]
    of_part: frozenset[str]
    at_least: frozenset[str]
    at_most: frozenset[str]
    comparing: frozenset[str]


@frozen
class Phrases:
    """Turns of phrase, each in one pattern; see ``lexicon.toml``."""

    unit: re.Pattern[str]
    sentence_end: re.Pattern[str]
    fragment: re.Pattern[str]
    conjunction: re.Pattern[str]
    coordinated: re.Pattern[str]
    bracket: re.Pattern[str]
    names: re.Pattern[str]
    compared: re.Pattern[str]
    against: re.Pattern[str]
    same: re.Pattern[str]
    base: re.Pattern[str]
    base_last_year: re.Pattern[str]
    bare: re.Pattern[str]
    change: re.Pattern[str]
    needs_base: re.Pattern[str]
    level: re.Pattern[str]
    from_level: re.Pattern[str]
    relation: re.Pattern[str]
    share: re.Pattern[str]
    completed: re.Pattern[str]
    completion_rate: re.Pattern[str]
    target: re.Pattern[str]
    contracted: re.Pattern[str]
    actual: re.Pattern[str]
    done: re.Pattern[str]
    indicator: re.Pattern[str]
    rank: re.Pattern[str]
    head_ahead: re.Pattern[str]
    whole_ahead: re.Pattern[str]
    reason: re.Pattern[str]
    leading: re.Pattern[str]
    trailing: re.Pattern[str]
    last_name: re.Pattern[str]
    including: re.Pattern[str]
    labelled: re.Pattern[str]
    following_noun: re.Pattern[str]
    no_noun: re.Pattern[str]
    part_of_unit: re.Pattern[str]
    date: re.Pattern[str]
    year: re.Pattern[str]
    coordinate_years: re.Pattern[str]
    last_year: re.Pattern[str]
    as_of: re.Pattern[str]
    account_title: re.Pattern[str]
    named_account: re.Pattern[str]
    account: re.Pattern[str]
    no_title: re.Pattern[str]
    topic_tail: re.Pattern[str]
    heading_end: re.Pattern[str]
    contents: re.Pattern[str]


@frozen
class ExclusionRule:
    """Why a numeral is no figure; see ``lexicon.toml``."""

    name: str
    needs: frozenset[str] = frozenset()
    at: tuple[re.Pattern[str], ...] = ()
    around: tuple[re.Pattern[str], ...] = ()
    priced: bool = False


@frozen(eq=False)
class Lexicon:
    """What a form's prose is read with; ``reasons`` are in the order of precedence."""

    words: WordLists
    phrases: Phrases
    reasons: tuple[ExclusionRule, ...]
    pieces: dict[str, Any]

    def is_weak(self, subject: str) -> bool:
        """Whether words name a kind of figure, but not what it is about."""
        return subject in self.words.weak or subject in self.words.labels

    def sign(self, printed: str) -> str:
        """≥ or ≤ for whatever a target prints for it (不低于); empty for anything else."""
        if printed in self.words.at_most:
            return "≤"
        return "≥" if printed in self.words.at_least else ""
