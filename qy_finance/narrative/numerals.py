"""Numerals of running text: which are figures, and why the others are not."""

from __future__ import annotations

import re
from typing import NamedTuple

from qy_finance.figures import NUMERAL
from qy_finance.form import ExclusionRule, Lexicon, Phrases

_PRICED = frozenset("万亿元%％")
_JOINED = re.compile(r"[0-9A-Za-z)）]$")
_RANGE = re.compile(r"[-–—~～至]\d[\d,]*(?:\.\d+)?")


class Numeral(NamedTuple):
    """A numeral of a paragraph: a figure with its unit, or something with a ``reason``.

    ``start:end`` is the numeral, ``stop`` the end of its unit; ``kind`` the kind of unit.
    """

    start: int
    end: int
    stop: int
    unit: str
    kind: str
    reason: str | None


def numerals(text: str, lexicon: Lexicon, body: int = 0) -> list[Numeral]:
    """All numerals of a paragraph in order; ``body`` is where the text behind its ordinal begins."""
    if not NUMERAL.search(text):
        return []
    ordinal = (match.span() for match in NUMERAL.finditer(text, 0, body))
    found = [Numeral(start, end, end, "", "", "list number") for start, end in ordinal]
    unit = lexicon.phrases.unit
    explain = _Explanations("\u3000" * body + text[body:], lexicon)
    for match in NUMERAL.finditer(text, body):
        start, end = match.span()
        reason = explain(start, end)
        if reason is None and _is_whole(text, start, end, unit):
            found.append(_figure(text, start, end, lexicon.phrases))
        else:
            found.append(Numeral(start, end, end, "", "", reason or "unknown"))
    return found


class _Explanations:
    """Why numerals of one paragraph, asked for in order, are no figures."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        characters = set(text)
        self.rules: list[tuple[ExclusionRule, list[tuple[int, int]]]] = []
        for rule in lexicon.reasons:
            if not rule.needs or not characters.isdisjoint(rule.needs):
                found = (match for pattern in rule.around for match in pattern.finditer(text))
                spans = [m.span("n" if "n" in m.re.groupindex else 0) for m in found]
                self.rules.append((rule, spans))
        self.until = 0  # what explained a numeral may cover those behind it (2022年12月31日)
        self.reason = ""

    def __call__(self, start: int, end: int) -> str | None:
        if end <= self.until:
            return self.reason
        priced = self.text[end : end + 1] in _PRICED
        for rule, stretches in self.rules:
            for pattern in rule.at if rule.priced or not priced else ():
                match = pattern.match(self.text, start)
                if match and match.end() >= end:
                    self.until, self.reason = match.end(), rule.name
                    return rule.name
            if stretches and any(low <= start and end <= high for low, high in stretches):
                return rule.name
        return None


def _figure(text: str, start: int, end: int, say: Phrases) -> Numeral:
    if start and text[start - 1] in "-−－" and not _JOINED.search(text[: start - 1]):
        start -= 1
    through = _RANGE.match(text, end)  # 80-90分: both have the unit
    unit = say.unit.match(text, through.end() if through else end)
    if unit is not None:
        stop = end if through else unit.end()
        return Numeral(start, end, stop, unit[0], str(unit.lastgroup), None)
    bare = text[start:end].strip("0.") == "" and say.bare.search(text[:start])
    return Numeral(start, end, end, "", "bare" if bare else "", None if bare else "unknown")


def _is_whole(text: str, start: int, end: int, unit: re.Pattern[str]) -> bool:
    """Whether a numeral is not a piece of something misprinted (12.3.4, 3,4O1.99)."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    goes_on = re.match(r"[.,]?[\dA-Za-z]", after) and not unit.match(text, end)
    return not goes_on and not re.search(r"[\dA-Za-z][.,]?$", before)
