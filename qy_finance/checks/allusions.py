"""What an amount of the prose is of, where it does not agree with the cell that it is taken for.

It may be that of an account that the paragraph names, one of several that can't all be that cell, a part of a sum of
its own, or a rate of another amount of the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from qy_finance.checks.knowledge import prose_data, rules
from qy_finance.checks.ledger import Ledger, row_of
from qy_finance.checks.model import Check, NotRun, Status, doubted
from qy_finance.checks.quantities import is_budget
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear
from qy_finance.facts import Fact

Replaced = Iterator[tuple[Check, Check | NotRun]]
"""Checks that break, and what they are when the reading is doubted."""

_JUST: Final = 8  # characters before a figure that name it
_KINDS: Final = re.compile("收入|支出|结转|结余")
_SAME: Final = 20  # cells of one amount that are looked at
_AROUND: Final = 400  # characters to either side in which a sentence begins and ends
_LISTED: Final = re.compile("分别|各自?(?=增|减|上|下)")
_PLAIN_RATES: Final = (Decimal(0), Decimal(100))


def _against_cells(broken: list[Check]) -> Iterator[tuple[Check, Fact, Fact]]:
    """Amounts of the prose that do not agree with the cell that they name."""
    for check in broken:
        rule = check.rule
        if check.identity.group == "表文" and isinstance(rule, Linear) and len(rule.operands) == 2:
            said, cell = rule.operands
            if said.figure.table is None and cell.figure.table is not None:
                yield check, said, cell


def named_nearby(ledger: Ledger, broken: list[Check]) -> Replaced:
    """The amount is just that of an account that the paragraph names, or of the total that the words before it say."""
    pairs = list(_against_cells(broken))
    wanted = {said.value for _, said, _ in pairs if said.value}
    cells: defaultdict[Decimal, list[Fact]] = defaultdict(list)
    for sheet in ledger.sheets.values():
        for first, *_ in sheet.cells.values():
            if first.value in wanted:
                cells[first.value].append(first)
    if not cells:
        return
    paragraphs = ledger.reading.written
    starts = [paragraph.span(0, 1)[0] for paragraph in paragraphs]
    tied = Counter[int]()
    left: list[tuple[Check, Fact, Fact, str]] = []
    for check, said, cell in pairs:
        paragraph = paragraphs[bisect_right(starts, said.figure.start) - 1]
        text, at = paragraph.text, paragraph.position(said.figure.start)
        near = _figures(ledger, *paragraph.span(0, len(text)))
        once = sum(one.value == said.value and not is_budget(one) for one in near) == 1
        for other in cells[said.value][:_SAME]:
            if other.figure.code:
                # printed twice, the account may be what the other one is of
                meant = once and other.item in text and row_of(other) != row_of(cell)
            else:
                kind = _kind(other)
                # what says no kind is any cell of its name (财政拨款收入…，包括一般公共预算财政拨款…)
                named = other.item in (said.item, f"{said.item}{kind}")
                near_by = kind in text[max(0, at - _JUST) : at]
                meant = bool(kind) and kind != _kind(cell) and (named or near_by)
            if meant:
                identity = rules()["prose.account"] if other.figure.code else check.identity
                yield check, Check(identity, check.place, Linear((said,), (other,)))
                tied[cell.row] += bool(other.figure.code)
                break
        else:
            left.append((check, said, cell, text))
    for check, said, cell, text in left:
        if tied[cell.row] > 1 and (account := _account(ledger, cell, text)):
            rule = Linear((said,), (account,))
            yield check, Check(rules()["prose.account"], check.place, rule)


def _account(ledger: Ledger, cell: Fact, text: str) -> Fact | None:
    """The one account (项) that a paragraph names, in the table and column of a cell."""
    sheet = ledger.sheets[cell.figure.table or ""]
    rows = [row for row in sheet.rows if row.code and f"{row.item}（项）" in text]
    return sheet.cell(rows[0], cell.column) if len(rows) == 1 else None


def _kind(cell: Fact) -> str:
    """Whether a cell is of what comes in, goes out or is left."""
    said = _KINDS.search(f"{cell.column}{cell.item}{cell.figure.side or ''}")
    return said[0] if said else ""


def many_against_one(ledger: Ledger, broken: list[Check]) -> Replaced:
    """Several different amounts can't all be one cell: what they are of was not understood."""
    del ledger
    groups: defaultdict[int, list[tuple[Check, Fact]]] = defaultdict(list)
    for check, said, cell in _against_cells(broken):
        groups[cell.row].append((check, said))
    for pairs in groups.values():
        different = len({said.value for _, said in pairs})
        if different > 1:
            for check, _ in pairs:
                why = f"有 {different} 个不同的数与同一单元格相对，可能各有所指"
                yield check, doubted(check, why)


def another_scope(ledger: Ledger, broken: list[Check]) -> Replaced:
    """An amount of a project, or a part of a sum that the sentence itself states, is none of the whole report."""
    own = prose_data().headings.own
    pairs = list(_against_cells(broken))
    if not pairs:
        return
    cells = (copies[0].value for sheet in ledger.sheets.values() for copies in sheet.cells.values())
    printed = frozenset(cells)
    for check, said, _ in pairs:
        start, end = _sentence(ledger, said)
        before = "".join(ledger.reading.text[start : said.figure.start].split())
        whole, *parts = _stated_sum(_figures(ledger, start, end), said)
        if parts and whole.value not in printed:
            rule = Linear((whole,), parts)
            yield check, Check(rules()["prose.parts"], check.place, rule)
        elif check.identity.id != "prose.account" and (scope := own.search(before)):
            yield check, doubted(check, f"该句说的是“{scope[0]}”，不是全部门")


def _stated_sum(figures: list[Fact], said: Fact) -> list[Fact]:
    """The amount earlier in a sentence that this one and its neighbours add up to, and those."""
    amounts = [one for one in figures if one.measure == "amount"]
    at = next((at for at, one in enumerate(amounts) if one is said), 0)
    for before in range(at):
        rest = Decimal(0)
        for last, one in enumerate(amounts[before + 1 :], start=before + 1):
            rest += one.value
            if last >= at and last - before > 1 and rest == amounts[before].value:
                return amounts[before : last + 1]
    return [said]


def another_figure(ledger: Ledger, broken: list[Check]) -> Replaced:
    """Another amount of the same sentence, or of the one that it goes on from, is the one that a rate is of."""
    for check in broken:
        rule = check.rule
        if check.identity.id == "prose.change" and isinstance(rule, Linear):
            yield from _changed_instead(ledger, check, rule)
        if not isinstance(rule, Quotient) or not rule.rate.is_printed or rule.said:
            continue
        if rule.rate.value in _PLAIN_RATES:
            continue
        start, end = _sentence(ledger, rule.rate)
        listed = rule.grown and _LISTED.search(ledger.reading.text, start, end) is not None
        figures = _figures(ledger, start, end)
        if rule.grown and rule.whole.figure.table is None and rule.whole.figure.start < start:
            # 支出…，其中…。与上年相比，增加…: a sentence that does not say of what
            figures += _figures(ledger, *_sentence(ledger, rule.whole))
        for other in figures:
            if _fits_instead(rule, other, listed):
                why = f"同一句中的{other.name} {other.shown} 与此率相符，所指可能是它"
                yield check, doubted(check, why)
                break


def _changed_instead(ledger: Ledger, check: Check, rule: Linear) -> Replaced:
    """What was less before than nothing: the amount before it (总计…，其中…，较上年增加…), if its rate is of that."""
    if rule.relation != "≤":
        return
    change, current = rule.operands
    figures = _figures(ledger, *_sentence(ledger, change))
    rates = (one for one in figures if one.measure == "change_rate" and one.row > change.row)
    rate = next(rates, None)
    for other in figures:
        if rate and other.row < current.row and other.measure == "amount":
            instead = Quotient(rate, change, other, grown=True)
            if instead.outcome.status in (Status.EXACT, Status.TAIL):
                why = f"增减的可能是同一句中的{other.name} {other.shown}"
                yield check, doubted(check, why)
                return


def another_whole(ledger: Ledger, broken: list[Check]) -> Replaced:
    """A share that does not say of what (占20%) is one of the whole of those before it, if with them it is all."""
    text = ledger.reading.text
    for check in broken:
        rule = check.rule
        if not isinstance(rule, Quotient) or rule.rate.measure != "share":
            continue
        at = rule.rate.figure.start
        if not "".join(text[max(0, at - _JUST) : at].split()).endswith("占"):
            continue
        start, _ = _sentence(ledger, rule.rate)
        shares = [one for one in _figures(ledger, start, at) if one.measure == "share"]
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for one in shares:
            sums[one.column] += one.value
        for whole, held in sums.items():
            if whole != rule.rate.column and held + rule.rate.value == _PLAIN_RATES[1]:
                yield check, doubted(check, f"“占”所指的总体可能是“{whole}”")
                break


def _fits_instead(rule: Quotient, other: Fact, listed: bool) -> bool:
    """Whether a percentage holds with another whole, or, where changes are listed (分别增加), with another change.

    A share stands next to its part: there is no other.
    """
    if other.row in (rule.part.row, rule.whole.row) or not other.value:
        return False
    kind = other.measure, other.unit
    instead = []
    if listed and kind == (rule.part.measure, rule.part.unit):
        instead.append(replace(rule, part=other))
    if kind == (rule.whole.measure, rule.whole.unit):
        instead.append(replace(rule, whole=other))
    return any(one.outcome.status in (Status.EXACT, Status.TAIL) for one in instead)


def _figures(ledger: Ledger, start: int, end: int) -> list[Fact]:
    """The figures of the prose within a stretch of text."""
    prose = ledger.prose
    first = bisect_left(prose, start, key=_start)
    return list(prose[first : bisect_left(prose, end, lo=first, key=_start)])


def _start(fact: Fact) -> int:
    return fact.figure.start


def _sentence(ledger: Ledger, fact: Fact) -> tuple[int, int]:
    """Where the sentence of a figure begins and ends."""
    text, at = ledger.reading.text, fact.figure.start
    start = max(text.rfind("。", max(0, at - _AROUND), at) + 1, at - _AROUND, 0)
    end = text.find("。", at, at + _AROUND)
    return start, end if end >= 0 else min(len(text), at + _AROUND)
