"""What is said of amounts that were the same the year before (持平), or of which there was nothing (零基数)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from qy_finance.checks.changes import StatedChange, level_of
from qy_finance.checks.knowledge import rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check
from qy_finance.checks.quantities import check_at
from qy_finance.checks.relations import Words
from qy_finance.checks.sentence import printed, sentence
from qy_finance.facts import HUNDRED, Fact

_MOVED_TO: Final = re.compile("(?:减少|下降|降低|增加|增长|上升|提高)[到至为]$")


def unchanged_checks(ledger: Ledger, changes: list[StatedChange]) -> Iterator[Check]:
    """Every check of rates on a base of zero, and of 与上年持平."""
    yield from _zero_bases(ledger, changes)
    yield from _levels(ledger, changes)


def _zero_bases(ledger: Ledger, changes: list[StatedChange]) -> Iterator[Check]:
    """Rates on a base of zero.

    增长0.00% after 0.00 is a set phrase, unless the report says elsewhere that there is no such rate: then all of them
    are one finding. Any other rate is wrong by itself.
    """
    identity = rules()["prose.zero_base"]
    set_phrases: list[Fact] = []
    for stated in changes:
        change, rate, current = stated.change, stated.rate, stated.current
        if change is None or rate is None or current.value != change.value or stated.bases:
            continue
        if current.value == 0 == rate.value:
            set_phrases.append(rate)
        # rounding may hide a small base, of which the change is many times as much
        elif rate.value and not _is_of_small(stated, rate, change):
            said = sentence(
                f"{rate.place}说{rate.name} ", printed(rate), "%，但上年数为零，零基数没有增减率"
            )
            yield check_at(rate, "prose.zero_base", Words((rate, change), said, holds=False))
    if set_phrases:
        known = any(fact.measure == "base" and fact.value == 0 for fact in ledger.prose)
        named = "、".join(f"{rate.item}（{rate.place}）" for rate in set_phrases)
        first = printed(set_phrases[0])
        said = sentence("上年数为零，零基数没有增减率，报告却写 ", first, f"%：{named}")
        yield Check(identity, "", Words(tuple(set_phrases), said, holds=not known))


def _is_of_small(stated: StatedChange, rate: Fact, change: Fact) -> bool:
    """Whether a rate can be that of a change on a base that rounds to zero; 100 % is what all is of no budget."""
    current = stated.current
    if rate.value == HUNDRED.value and (stated.base != "上年" or current.value == 0):
        return True
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
            said = sentence(
                f"{fact.place}说{current.name} ", current, f" 与上年持平，又说{fact.name} ", fact
            )
            rule = Words((current, fact), said, fact.value == 0)
            yield check_at(fact, "prose.level", rule)
    for fact in ledger.prose:
        if fact.measure in ("change", "change_rate") and level_of(ledger, fact):
            yield from _moved_to(ledger, fact)
            if fact.value:
                said = sentence(f"{fact.place}说{fact.name} ", fact, "，又说与上年持平")
                yield check_at(fact, "prose.level", Words((fact,), said, holds=False))


def _moved_to(ledger: Ledger, fact: Fact) -> Iterator[Check]:
    """减少为 0.00, said of what is that of last year."""
    at = fact.figure.start
    moved = _MOVED_TO.search("".join(ledger.reading.text[max(0, at - 8) : at].split()))
    if moved:
        said = sentence(
            f"{fact.place}说{fact.item}“{moved[0]}” ", printed(fact), "，又说与上年持平"
        )
        yield check_at(fact, "prose.level", Words((fact,), said, holds=False))
