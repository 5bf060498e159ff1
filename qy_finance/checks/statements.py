"""What sentences say of the change of an amount, recomputed, and what they say twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Final

from qy_finance.checks.changes import NEAR, StatedChange, leaf
from qy_finance.checks.knowledge import prose_data, rules
from qy_finance.checks.ledger import Ledger
from qy_finance.checks.model import Check
from qy_finance.checks.quantities import is_budget, place, quantity
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, Term, Words
from qy_finance.checks.sentence import Told, printed, sentence
from qy_finance.facts import Fact
from qy_finance.precision import is_money

GROWTH: Final = rules()["prose.growth"]
CHANGE: Final = rules()["prose.change"]
ZERO_BASE: Final = rules()["prose.zero_base"]
RESTATED: Final = rules()["prose.restated"]
RISE: Final = rules()["prose.rise"]
CHANGES: Final = rules()["prose.changes"]
DIRECTION: Final = rules()["prose.direction"]


def statement_checks(ledger: Ledger, found: list[StatedChange]) -> Iterator[Check]:
    """Every check of what sentences say of their amounts; ``found`` is what they say of changes."""
    for move in found:
        yield from _moved(ledger, move)
    yield from _zero_bases(found)
    yield from _three_public(found)
    yield from _restated(found)
    for operands in ledger.sections.values():
        yield from _rises(operands)
        yield from _directions(operands)
        yield from _repeated(operands)


def _three_public(found: list[StatedChange]) -> Iterator[Check]:
    """The changes of 三公 against last year add up as its amounts do."""
    moved: dict[str, StatedChange] = {}
    for move in found:
        current = move.current
        named = quantity(current.figure.item, current.scope) if move.base == "上年" else None
        if named and move.changes and named.final[0].table == "three_public":
            moved.setdefault(named.final[0].column, move)
    for added in prose_data().added:
        total, parts = added.total, added.parts
        if total in moved:
            stated = [moved[part].changes[0] for part in parts if part in moved]
            if len(stated) == len(parts):
                rule = Linear(
                    (Term(1, moved[total].changes[0]),), tuple(Term(1, part) for part in stated)
                )
                yield Check(CHANGES, place(moved[total].changes[0]), rule)


def _moved(ledger: Ledger, move: StatedChange) -> Iterator[Check]:
    current = Term(1, move.current)
    for change in move.changes[:1]:
        if not is_money(change.figure) and is_money(move.current.figure):
            continue
        if not move.bases and change.row >= 0:  # last year's amount was no less than zero
            yield Check(CHANGE, place(change), Linear((Term(1, change),), (current,), "≤"))
        for base in move.bases or _stated_base(ledger, move):
            left = (current, Term(-1, base))
            yield Check(CHANGE, place(base), Linear(left, (Term(1, change),)))
        for rate in move.rates[:1]:
            if move.current.value != change.value:
                rule = Quotient(rate, change, move.current, grown=True)
                yield Check(GROWTH, place(rate), rule)
    if not move.changes:
        for rate in move.rates[:1]:
            for base in _stated_base(ledger, move):
                yield Check(GROWTH, place(rate), Quotient(rate, move.current, base, over=True))


def _stated_base(ledger: Ledger, move: StatedChange) -> list[Fact]:
    """The amount that a change is measured against, where it is stated under the same heading."""
    year = ledger.year - 1 if move.base == "上年" else ledger.year
    wanted = is_budget if move.base == "预算" else _is_amount
    return (
        [
            other
            for other in ledger.sections[move.current.figure.section]
            if other.figure.measure == move.current.figure.measure
            and other.figure.item == move.current.figure.item
            and other.figure.year == year
            and other is not move.current
            and wanted(other)
            and abs(other.figure.start - move.current.figure.start) < NEAR
        ][:1]
        if move.base in ("上年", "预算")
        else []
    )


def _is_amount(operand: Fact) -> bool:
    return not is_budget(operand)


def _zero_bases(found: list[StatedChange]) -> Iterator[Check]:
    """One finding for all rates on a base of zero; a rate that is not zero is wrong by itself."""
    rates = [
        rate
        for move in found
        for change in move.changes[:1]
        for rate in move.rates[:1]
        if move.current.value == change.value == 0  # otherwise rounding may hide a small base
    ]
    empty = tuple(rate for rate in rates if rate.value == 0)
    if empty:
        named = "、".join(f"{rate.figure.item}（{rate.place}）" for rate in empty)
        said = sentence("上年数为零，零基数没有增减率，报告却写 ", printed(empty[0]), f"%：{named}")
        yield Check(ZERO_BASE, "", Words(empty, said, holds=False))
    for rate in rates:
        if rate.value not in {0, 100}:
            said = sentence(f"{rate.name} ", printed(rate), "%，但上年数为零，零基数没有增减率")
            yield Check(ZERO_BASE, place(rate), Words((rate,), said, holds=False))


def _restated(found: list[StatedChange]) -> Iterator[Check]:
    """The same amount, moved against the same base, moved alike."""
    groups: defaultdict[tuple[str, str, Decimal], list[StatedChange]] = defaultdict(list)
    for move in found:
        groups[leaf(move.current.figure.item), move.base, move.current.value].append(move)
    for first, *others in groups.values():
        for other in others:
            for kind in ("changes", "rates"):
                one, two = getattr(first, kind)[:1], getattr(other, kind)[:1]
                if not (one and two) or one[0].row == two[0].row:
                    continue
                level = min(one[0].row, two[0].row) < 0  # 持平 has no unit
                if level or one[0].unit == two[0].unit:
                    rule = Linear((Term(1, one[0]),), (Term(1, two[0]),))
                    label = place(two[0]) if two[0].row >= 0 else place(other.current)
                    yield Check(RESTATED, label, rule)


def _repeated(operands: list[Fact]) -> Iterator[Check]:
    """One thing counted twice under one heading, in the same words that name it by themselves."""
    groups: defaultdict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for operand in operands:
        figure = operand.figure
        if figure.measure == "count" and not prose_data().repeated.fullmatch(leaf(figure.item)):
            key = figure.item, figure.column or "", figure.unit_of_measure, str(figure.year)
            groups[key].append(operand)
    for first, *others in groups.values():
        for other in others:
            yield Check(RESTATED, place(other), Linear((Term(1, first),), (Term(1, other),)))


def _rises(operands: list[Fact]) -> Iterator[Check]:
    """从 40.00% 提升至 60.00%，提升 20.00 个百分点."""
    for one, two, change in zip(operands, operands[1:], operands[2:], strict=False):
        alike = one.figure.item == two.figure.item == change.figure.item
        kinds = one.figure.measure, two.figure.measure, change.figure.measure
        if alike and kinds == ("rate", "rate", "change"):
            left = (Term(1, two), Term(-1, one))
            yield Check(RISE, place(change), Linear(left, (Term(1, change),)))


def _directions(operands: list[Fact]) -> Iterator[Check]:
    """增加 … 万元，下降 …%: change and rate of one thing go one way."""
    for change, rate in pairwise(operands):
        kinds = change.figure.measure, rate.figure.measure
        alike = (
            change.figure.item == rate.figure.item and change.figure.column == rate.figure.column
        )
        if kinds == ("change", "change_rate") and alike and change.value * rate.value:
            said = sentence(
                f"{change.name} ", Told(f"{change.value:,f}", change),
                f"，而{rate.name} ", Told(f"{rate.value:,f}", rate), "%",
            )  # fmt: skip
            holds = (change.value < 0) == (rate.value < 0)
            yield Check(DIRECTION, place(rate), Words((rate, change), said, holds))
