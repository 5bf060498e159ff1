"""The words of ``lexicon.toml`` as patterns."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any, Final, NamedTuple


def _load() -> dict[str, Any]:
    source = files("qy_finance.narrative").joinpath("lexicon.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def _any(words: list[str]) -> str:
    """An alternative of words, the longest first, so that none is cut short by another."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


_WORDS: Final = _load()
_UNITS: Final = _WORDS["units"]
_STATEMENTS: Final = _WORDS["statements"]
_MULTIPLE = (
    f"{_any(_UNITS['approximate'])}?{_any(_UNITS['multiples'])}?{_any(_UNITS['approximate'])}?"
)

UP: Final = frozenset(_WORDS["directions"]["up"])
DIRECTION: Final = _any(_WORDS["directions"]["up"] + _WORDS["directions"]["down"])
LABEL: Final = _any(_STATEMENTS["labels"])
OF_PART: Final = frozenset(_STATEMENTS["of_part"])
WEAK: Final = frozenset(_STATEMENTS["weak"]) | frozenset(_STATEMENTS["labels"])
BUDGET: Final = _any(_STATEMENTS["budgets"]) + "数?"
TARGET: Final = _any(_STATEMENTS["targets"])
ACTUAL: Final = _any(_STATEMENTS["actuals"])
AT_LEAST: Final = _any(_STATEMENTS["at_least"])
AT_MOST: Final = _any(_STATEMENTS["at_most"])

UNIT: Final = re.compile(
    f"(?P<percent>{_any(_UNITS['percent'])})"
    f"|(?P<money>{_MULTIPLE}(?:美|欧|港|日|人民币)?{_any(_UNITS['money'])}(?:/[\\u4e00-\\u9fff]+)?)"
    f"|(?P<duration>{_any(_UNITS['approximate'])}?{_any(_UNITS['duration'])})(?![度岁])"
    f"|(?P<count>{_MULTIPLE}(?:{_any(_UNITS['classifiers'])})(?:/[\\u4e00-\\u9fff]{{1,3}})?)"
    f"|(?P<score>{_any(_UNITS['score'])})(?![别类布散])"
    f"|(?P<many>{_any(_UNITS['approximate'])}?{_any(_UNITS['multiples'])})"
)
"""What follows a numeral that is a figure."""

_PLAIN_UNIT: Final = re.sub(r"\?P<\w+>", "?:", UNIT.pattern)


class Rule(NamedTuple):
    """Why a numeral is no figure; see ``lexicon.toml``."""

    name: str
    needs: frozenset[str]
    at: tuple[re.Pattern[str], ...]
    around: tuple[re.Pattern[str], ...]
    priced: bool


def _patterns(sources: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source.replace("UNIT", f"(?:{_PLAIN_UNIT})")) for source in sources)


RULES: Final = tuple(
    Rule(
        rule["name"],
        frozenset(rule.get("needs", "")),
        _patterns(rule.get("at", [])),
        _patterns(rule.get("around", [])),
        rule.get("priced", False),
    )
    for rule in _WORDS["reasons"]
)
"""The rules in order of precedence."""
