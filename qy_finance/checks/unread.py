"""Figures that were read but not understood, because the report left something out: a unit, a percent sign, a digit.

What else was not understood may be a failure of the reader, and accuses nobody.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from qy_finance.checks.knowledge import rules
from qy_finance.checks.ledger import Ledger, Passage
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.oversights import oversights
from qy_finance.checks.relations import Words
from qy_finance.checks.sentence import said
from qy_finance.checks.slips import slips
from qy_finance.figures import Exclusion, number

_CLAUSE: Final = re.compile(r"[。；：，,;:]")
_AROUND: Final = (
    40  # characters before a numeral that tell what it is, and of a sentence that are quoted
)
_YEARS: Final = range(-5, 2)  # years from that of the report that it may speak of
_MANNER: Final = (
    4  # of the amounts without a unit, so many with one show that it is no manner of the report
)
_HUNDRED: Final = Decimal(100)


def unread_checks(ledger: Ledger, found: list[Passage]) -> Iterator[Check | NotRun]:
    """Every numeral of which it is certain what it lacks."""
    exclusions = ledger.reading.exclusions
    yield from _years(ledger, exclusions)
    unknown = [one for one in exclusions if one.reason == "unknown"]
    unknown.sort(key=_start)
    yield from _figures(ledger, unknown, found)


def _start(one: Exclusion) -> int:
    return one.start


def _years(ledger: Ledger, exclusions: Iterable[Exclusion]) -> Iterator[Check]:
    """202年度: a year of which a digit was lost, or one is too many, whatever the numeral was taken for."""
    text, document = ledger.reading.text, ledger.reading.document
    year = oversights().unread.year
    for one in exclusions:
        if one.end - one.start not in (3, 5):
            continue
        printed = text[one.start : one.end]
        if not printed.isdigit() or not year.match(text, one.end):
            continue
        meant = {int(value) for value in slips(Decimal(printed))}
        if meant.isdisjoint(ledger.year + apart for apart in _YEARS):
            continue
        at = document.where(one.start)
        start, end = text.rfind("\n", 0, one.start) + 1, text.find("\n", one.end)
        line = "".join(text[start : end if end >= 0 else None].split())
        around = _shortened(line, line.find(printed), len(printed))
        told = {"year": f"{printed}年", "at": at, "around": around}
        fault = (
            said("年份缺一位：“{year}”（{at}“{around}”）", **told)
            if len(printed) == 3
            else said("年份多一位：“{year}”（{at}“{around}”）", **told)
        )
        rule = Words((), fault, holds=False)
        yield Check(rules()["unread.year"], f"{printed}@{at}", rule)


def _figures(
    ledger: Ledger, unknown: list[Exclusion], found: list[Passage]
) -> Iterator[Check | NotRun]:
    """占64.58。 and 支出决算为7.35，: what stands around them leaves only one thing that is missing."""
    data = oversights().unread
    told: dict[str, list[Check]] = {"unread.percent": [], "unread.amount": []}
    for passage in found:
        text = passage.text
        first, last = passage.paragraph.span(0, len(text))
        begin = bisect_left(unknown, first, key=_start)
        for one in unknown[begin : bisect_left(unknown, last, lo=begin, key=_start)]:
            at = passage.paragraph.position(one.start)
            end = at + one.end - one.start
            printed = text[at:end]
            if "." not in printed or not data.ends.match(text, end):
                continue
            before = _CLAUSE.split(text[max(passage.paragraph.body, at - _AROUND) : at])[-1]
            if data.percent.search(before):
                kind = "unread.percent"
                if before.startswith("占") and number(printed) > _HUNDRED:
                    continue
            elif data.amount.search(before):
                kind = "unread.amount"
            else:
                continue
            where = passage.where(at)
            around = _shortened(text, at, end - at)
            shown = {"words": f"{before[-12:]}{printed}", "at": where, "around": around}
            fault = (
                said("“{words}”缺百分号（{at}“{around}”）", **shown)
                if kind == "unread.percent"
                else said("“{words}”缺单位（{at}“{around}”）", **shown)
            )
            told[kind].append(Check(rules()[kind], f"{printed}@{where}", Words((), fault, False)))
        told["unread.amount"] += _in_multiples(passage)
    counted = {
        "unread.percent": sum(fact.is_percent for fact in ledger.prose),
        "unread.amount": sum(fact.is_money for fact in ledger.prose),
    }
    for kind, checks in told.items():
        manner = len(checks) * _MANNER > counted[kind] + _MANNER
        for check in checks:
            yield NotRun(check.identity, check.place, "单位（全文多处不写）") if manner else check


def _in_multiples(passage: Passage) -> Iterator[Check]:
    """接待支出0.3万: an amount without 元."""
    for fact, start in zip(passage.operands, passage.starts, strict=True):
        unit = fact.figure.unit_of_measure
        if fact.measure == "amount" and unit and "元" not in unit:
            end = start + len(fact.printed)
            where, printed = passage.where(start), f"{fact.printed}{unit}"
            around = _shortened(passage.text, start, end - start)
            words = f"{fact.item}{printed}"
            text = said("“{words}”缺“元”（{at}“{around}”）", words=words, at=where, around=around)
            yield Check(rules()["unread.amount"], f"{printed}@{where}", Words((fact,), text, False))


def _shortened(text: str, at: int, length: int) -> str:
    """The sentence around a position, no more than some characters of it."""
    start = max(text.rfind("。", 0, at) + 1, at - _AROUND, 0)
    stop = text.find("。", at + length)
    end = min(stop + 1 if stop >= 0 else len(text), at + length + _AROUND)
    return f"{'…' * (start == at - _AROUND)}{text[start:end]}"
