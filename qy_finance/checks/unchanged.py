"""What is said of amounts that were the same the year before (持平), or of which there was nothing (零基数)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qy_finance.checks.changes import StatedChange, level_of, stated_base
from qy_finance.checks.knowledge import rules, words_data
from qy_finance.checks.ledger import Ledger, Passage
from qy_finance.checks.model import Check
from qy_finance.checks.quantities import check_at
from qy_finance.checks.relations import Words
from qy_finance.checks.sentence import listed, printed, said
from qy_finance.facts import HUNDRED, Fact

_BEHIND: Final = 40  # characters behind a rate in which words belong to it
_MOVED_TO: Final = re.compile("(?:减少|下降|降低|增加|增长|上升|提高)[到至为]$")


def unchanged_checks(
    ledger: Ledger, found: list[Passage], changes: list[StatedChange]
) -> Iterator[Check]:
    """Every check of rates on a base of zero, of 与上年持平, and of what causes are said to be of."""
    yield from _zero_bases(ledger, changes)
    yield from _levels(ledger, changes)
    for passage in found:
        yield from _caused(passage)


def _zero_bases(ledger: Ledger, changes: list[StatedChange]) -> Iterator[Check]:
    """Rates on a base of zero.

    增长0.00% after 0.00 is a set phrase, unless the report says elsewhere that there is no such rate: then all of them
    are one finding. Any other rate is wrong by itself.
    """
    identity = rules()["prose.zero_base"]
    set_phrases: list[Fact] = []
    known = False  # whether the report knows that zeros have no rate
    for stated in changes:
        change, rate, current = stated.change, stated.rate, stated.current
        known = known or (current.value == 0 and any(base.value == 0 for base in stated.bases))
        if rate is None or stated.bases:
            continue
        if change is None:
            if rate.value and (base := _nothing(ledger, stated, rate)):
                yield _on_zero(stated, rate, base)
        elif current.value != change.value:
            continue
        elif current.value == 0 == rate.value:
            set_phrases.append(rate)
        # rounding may hide a small base, of which the change is many times as much
        elif rate.value and not _is_of_small(stated, rate, change):
            yield _on_zero(stated, rate, change)
    if set_phrases:
        named = listed(said("{row}（{why}）", row=one.item, why=one.place) for one in set_phrases)
        text = said(
            "上年数为零，零基数没有增减率，报告却写 {rate}%：{named}",
            rate=printed(set_phrases[0]), named=named,
        )  # fmt: skip
        yield Check(identity, "", Words(tuple(set_phrases), text, holds=not known))


def _on_zero(stated: StatedChange, rate: Fact, other: Fact) -> Check:
    """The finding of a rate without a base; ``other`` is the change, or the amount, that shows it."""
    text = said(
        "零基数没有增减率：{at}说{name} {rate}%，但{base}为零",
        at=rate.place, name=rate.name, rate=printed(rate),
        base="预算" if stated.base == "预算" else "上年数",
    )  # fmt: skip
    return check_at(rate, "prose.zero_base", Words((rate, other), text, holds=False))


def _nothing(ledger: Ledger, stated: StatedChange, rate: Fact) -> Fact | None:
    """What shows that there was nothing the year before: its amount is stated, or words behind the rate say so."""
    for base in stated_base(ledger, stated):
        if base.value == 0 != stated.current.value:
            return base
    behind = "".join(ledger.reading.text[rate.figure.end : rate.figure.end + _BEHIND].split())
    if stated.base == "上年" and words_data().zero.nothing_before.match(behind):
        return stated.current
    return None


def _is_of_small(stated: StatedChange, rate: Fact, change: Fact) -> bool:
    """Whether a rate can be that of a change on a base that rounds to zero; 100 % is what all is of no budget."""
    current = stated.current
    if rate.value == HUNDRED.value and stated.base != "上年":
        return True
    if (
        current.value == 0
    ):  # nothing grew from nothing; less than is printed may have fallen to nothing
        return rate.value < 0
    reach = abs(rate.value) * (change.half + current.half)
    return current.value != 0 and reach >= HUNDRED.value * abs(change.value)


def _levels(ledger: Ledger, changes: list[StatedChange]) -> Iterator[Check]:
    """An amount that is that of last year did not rise or fall, and went neither up nor down to what it is."""
    level = {one.current.row: one for one in changes if one.changes[:1] and one.changes[0].row < 0}
    for stated in level.values():
        yield from _moved_to(ledger, stated.current)
    for other in changes:
        current, fact = other.current, other.change or other.rate
        if other.base == "上年" and fact and level.get(current.row, other) is not other:
            text = said(
                "{at}说{name} {now} 与上年持平，又说{moved} {by}",
                at=fact.place, name=current.name, now=current, moved=fact.name, by=fact,
            )  # fmt: skip
            rule = Words((current, fact), text, fact.value == 0)
            yield check_at(fact, "prose.level", rule)
    for fact in ledger.prose:
        if fact.measure in ("change", "change_rate") and level_of(ledger, fact):
            yield from _moved_to(ledger, fact)
            if fact.value:
                text = said(
                    "{at}说{name} {by}，又说与上年持平", at=fact.place, name=fact.name, by=fact
                )
                yield check_at(fact, "prose.level", Words((fact,), text, holds=False))


def _moved_to(ledger: Ledger, fact: Fact) -> Iterator[Check]:
    """减少为 0.00, said of what is that of last year."""
    at = fact.figure.start
    moved = _MOVED_TO.search("".join(ledger.reading.text[max(0, at - 8) : at].split()))
    if moved:
        text = said(
            "{at}说{item}“{words}” {n}，又说与上年持平",
            at=fact.place, item=fact.item, words=moved[0], n=printed(fact),
        )  # fmt: skip
        yield check_at(fact, "prose.level", Words((fact,), text, holds=False))


def _caused(passage: Passage) -> Iterator[Check]:
    """增加5.00万元，减少的主要原因是…: the cause of a fall, right behind a rise."""
    data = words_data().caused
    for match in data.pattern.finditer(passage.text):
        before = passage.figures_before(match.start())
        if not before or before[-1].measure not in ("change", "change_rate"):
            continue
        change = before[-1]
        end = passage.starts[len(before) - 1] + len(change.printed.lstrip("-−－"))
        if not change.value or "预算" in change.column:
            continue
        if data.between.fullmatch(passage.text, end, match.start()) is None:
            continue
        rises = match["way"] in data.up
        if rises != (change.value > 0):
            text = said(
                "{at}说{name} {by}，又说“{words}”，一增一减",
                at=change.place, name=change.name, by=change, words=match[0],
            )  # fmt: skip
            yield check_at(change, "prose.direction", Words((change,), text, holds=False))
