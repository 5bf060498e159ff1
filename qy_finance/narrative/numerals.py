"""Numerals of running text: which are figures, and why the others are not."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import NamedTuple

from qy_finance.figures import NUMERAL
from qy_finance.form import ExclusionRule, Lexicon, Phrases

_PRICED = frozenset("万亿元%％")
_JOINED = re.compile(r"[0-9A-Za-z)）]")
_LISTED = re.compile(r",\d")
_GOES_ON = re.compile(r"[.,]?[\dA-Za-z]")
_BEGUN = re.compile(r"[\dA-Za-z][.,]?$")
_LONGEST_LIST = 60
_RANGE = re.compile(r"(?:[（(]不?含[）)])?[-–—~～至]\d[\d,]*(?:\.\d+)?")


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
        before = found[-1] if found else None
        if reason is None and _is_whole(text, start, end, before, unit):
            found.append(_figure(text, start, end, before, lexicon.phrases))
        else:
            found.append(Numeral(start, end, end, "", "", reason or "unknown"))
    return _with_shared_units(text, found, lexicon.phrases)


def _with_shared_units(text: str, found: list[Numeral], say: Phrases) -> list[Numeral]:
    """…各是10.5、12.3万元: the last of the listed numbers has the unit of all."""
    for at in range(len(found) - 2, -1, -1):
        one, other = found[at], found[at + 1]
        if one.reason != "unknown" or not other.unit:
            continue
        before, between = (max(0, one.start - _LONGEST_LIST), one.start), (one.end, other.start)
        listed = say.listed.fullmatch(text, *between) and say.respectively.search(text, *before)
        base = say.direction_behind.fullmatch(text, *between) and say.against.search(text, *before)
        level = say.level_behind.fullmatch(text, *between) and say.from_level.search(text, *before)
        if listed or base or level:  # 较上年2.08减少0.03万元
            found[at] = one._replace(unit=other.unit, kind=other.kind, reason=None)
    return found


class _Explanations:
    """Why numerals of one paragraph, asked for in order, are no figures."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        characters = set(text)
        self.rules: list[tuple[ExclusionRule, _Stretches | None]] = []
        for rule in lexicon.reasons:
            if not rule.needs or not characters.isdisjoint(rule.needs):
                found = (match for pattern in rule.around for match in pattern.finditer(text))
                spans = [m.span("n" if "n" in m.re.groupindex else 0) for m in found]
                self.rules.append((rule, _Stretches(spans) if spans else None))
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
            if stretches and stretches.cover(start, end):
                return rule.name
        return None


class _Stretches:
    """Stretches of a text, and whether one of them covers a numeral."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        spans.sort()
        self.starts = [start for start, _ in spans]
        self.ends = list(accumulate((end for _, end in spans), max))  # the furthest up to each

    def cover(self, start: int, end: int) -> bool:
        at = bisect_right(self.starts, start) - 1
        return at >= 0 and self.ends[at] >= end


def _figure(text: str, start: int, end: int, before: Numeral | None, say: Phrases) -> Numeral:
    if start and text[start - 1] in "-−－":
        joined = before is not None and before.stop == start - 1  # 95%-98%
        if not joined and not _JOINED.match(text, start - 2 if start > 1 else start - 1):
            start -= 1
    through = _RANGE.match(text, end)  # 80-90分: both have the unit
    unit = say.unit.match(text, through.end() if through else end)
    if unit is not None:
        stop = end if through else unit.end()
        return Numeral(start, end, stop, unit[0], str(unit.lastgroup), None)
    bare = text[start:end].strip("0.") == "" and say.bare.search(text[:start])
    return Numeral(start, end, end, "", "bare" if bare else "", None if bare else "unknown")


def _is_whole(text: str, start: int, end: int, last: Numeral | None, unit: re.Pattern[str]) -> bool:
    """Whether a numeral is not a piece of something misprinted (12.3.4, 3,4O1.99).

    A comma behind decimals divides numbers (12.50,13.75).
    """
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if "." in text[start:end] and _LISTED.match(after):
        after = ""
    if last and text[last.end : start] == "," and "." in text[last.start : last.end]:
        before = ""
    goes_on = _GOES_ON.match(after) and not unit.match(text, end)
    return not goes_on and not _BEGUN.search(before)
