"""What sentences say of an amount: its change, growth rate, completion rate and share, each recomputed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Final

from qy_finance.checks.identities import rules
from qy_finance.checks.ledger import Ledger, compiled, is_money
from qy_finance.checks.model import (
    Check,
    Linear,
    NotRun,
    Operand,
    Quotient,
    Term,
    Words,
)
from qy_finance.checks.quantities import is_budget, is_part, place, prose_data, quantity
from qy_finance.figures import Figure

GROWTH: Final = rules()["prose.growth"]
CHANGE: Final = rules()["prose.change"]
ZERO_BASE: Final = rules()["prose.zero_base"]
COMPLETION: Final = rules()["prose.completion"]
SHARE: Final = rules()["prose.share"]
SHARES: Final = rules()["prose.shares"]
RESTATED: Final = rules()["prose.restated"]
RISE: Final = rules()["prose.rise"]
CHANGES: Final = rules()["prose.changes"]
DIRECTION: Final = rules()["prose.direction"]
BOUND: Final = rules()["prose.bound"]
BUDGET_ITEMS: Final = rules()["prose.budget_items"]

HUNDRED: Final = Operand(
    -1,
    Figure(0, 0, "share", Decimal(100), "%", "", ""),
    "100%",
    Decimal(100),
    Decimal(0),
    "",
    "",
    "",
)
"""All there is; no figure of a report."""
NOTHING: Final = Operand(
    -1,
    Figure(0, 0, "amount", Decimal(0), "", "", ""),
    "空白",
    Decimal(0),
    Decimal(0),
    "",
    "预算数",
    "预算数",
)
"""A blank cell of the form; no figure of a report."""

_YEAR_BEFORE: Final = re.compile(r"上年|上一年|去年|同比|同期|(?:19|20)\d\d年度?")
_GRAND: Final = re.compile(r"总计$|^总[收支]|^[收支、]+$")
_GENERIC: Final = re.compile(
    r"(?:其中|共|累计|涉及|接待|组织|召开|参加|开展|完成|安排|下达|占).*|.{0,4}"
)
_FINAL: Final = re.compile(r"|.*决算.*|.*执行.*|.*实际.*")


@dataclass(slots=True)
class Move:
    """An amount, and what is said of its change against one base."""

    current: Operand
    base: str
    changes: list[Operand] = field(default_factory=list)
    rates: list[Operand] = field(default_factory=list)
    bases: list[Operand] = field(default_factory=list)


def statement_checks(ledger: Ledger, found: list[Move]) -> Iterator[Check | NotRun]:
    """Every check of what sentences say of their amounts; ``found`` are their :func:`moves`."""
    for move in found:
        yield from _moved(ledger, move)
    yield from _zero_bases(found)
    yield from _three_public(found)
    yield from _restated(found)
    for operands in ledger.sections.values():
        yield from _completions(ledger, operands)
        yield from _shares(ledger, operands)
        yield from _rises(operands)
        yield from _bounds(operands)
        yield from _directions(operands)
        yield from _budget_items(operands)
        yield from _repeated(operands)


def moves(ledger: Ledger) -> list[Move]:
    """Each amount or count of the prose with what is said of its change."""
    found: list[Move] = []
    for operands in ledger.sections.values():
        latest: dict[str, Operand] = {}
        before: Operand | None = None
        open_moves: dict[tuple[int, str], Move] = {}
        for operand in operands:
            figure = operand.figure
            if figure.measure in ("amount", "count") and not is_budget(operand):
                latest[figure.item] = before = operand
            elif figure.measure in ("change", "change_rate", "base"):
                current = latest.get(figure.item) or _same_quantity(latest, figure)
                if current is None and before and _continues(ledger, before, operand):
                    current = before
                if current is None or figure.year not in (None, ledger.year, ledger.year - 1):
                    continue
                key = current.row, _base(figure.column)
                move = open_moves.get(key)
                if move is None:
                    move = open_moves[key] = Move(current, key[1])
                    found.append(move)
                _list(move, figure.measure).append(operand)
    return found


def _three_public(found: list[Move]) -> Iterator[Check]:
    """The changes of 三公 against last year add up as its amounts do."""
    moved: dict[str, Move] = {}
    for move in found:
        figure = move.current.figure
        named = quantity(figure.item, figure.section) if move.base == "上年" else None
        if named and move.changes and named.final[0].table == "three_public":
            moved.setdefault(named.final[0].column, move)
    for total, parts in _ADDED.items():
        if total in moved:
            stated = [moved[part].changes[0] for part in parts if part in moved]
            if len(stated) == len(parts):
                rule = Linear(
                    (Term(1, moved[total].changes[0]),), tuple(Term(1, part) for part in stated)
                )
                yield Check(CHANGES, place(moved[total].changes[0]), rule)


_VEHICLES: Final = "决算数/公务用车购置及运行维护费"
_ADDED: Final = {
    "决算数/合计": ("决算数/因公出国（境）费", f"{_VEHICLES}/小计", "决算数/公务接待费"),
    f"{_VEHICLES}/小计": (f"{_VEHICLES}/公务用车购置费", f"{_VEHICLES}/公务用车运行维护费"),
}


def _list(move: Move, measure: str) -> list[Operand]:
    return {"change": move.changes, "change_rate": move.rates, "base": move.bases}[measure]


def _base(column: str | None) -> str:
    """Bases that are one: 上年决算数, 2021年度 and 同比 are last year."""
    column = column or ""
    if "预算" in column:
        return "预算"
    return "上年" if not column or _YEAR_BEFORE.search(column) else column


def _same_quantity(latest: dict[str, Operand], figure: Figure) -> Operand | None:
    """The latest amount that goes by another name of the same quantity: 公务接待费 and 公务接待费支出."""
    named = quantity(figure.item, figure.section)
    if named is None:
        return None
    alike = [o for item, o in latest.items() if named.said.fullmatch(item)]
    return max(alike, key=lambda operand: operand.figure.start, default=None)


def _continues(ledger: Ledger, before: Operand, operand: Operand) -> bool:
    """Whether a change is one of the amount before it, for which it has another name (收、支总计各增加)."""
    one, other = whole_name(_leaf(before.figure.item)), whole_name(_leaf(operand.figure.item))
    if _same_sentence(ledger, before, operand) and (one in other or other in one):
        return True
    near = operand.figure.start - before.figure.end < _NEAR
    totals = _GRAND.search(operand.figure.item) and _GRAND.search(before.figure.item)
    return bool(near and totals)


def _same_sentence(ledger: Ledger, before: Operand, after: Operand) -> bool:
    return "。" not in ledger.report.text[before.figure.end : after.figure.start]


def _moved(ledger: Ledger, move: Move) -> Iterator[Check]:
    current = Term(1, move.current)
    for change in move.changes[:1]:
        if not is_money(change.figure) and is_money(move.current.figure):
            continue
        if not move.bases:  # last year's amount was no less than zero
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
                yield Check(GROWTH, place(rate), _relative(rate, move.current, base))


def _relative(rate: Operand, current: Operand, base: Operand) -> Quotient:
    """A growth rate from the two amounts: 100 % and the rate are what one is of the other."""
    return Quotient(replace(rate, value=rate.value + 100), current, base)


def _stated_base(ledger: Ledger, move: Move) -> list[Operand]:
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
            and abs(other.figure.start - move.current.figure.start) < _NEAR
        ][:1]
        if move.base in ("上年", "预算")
        else []
    )


_NEAR: Final = 200
"""Characters within which a base belongs to its amount."""


def _is_amount(operand: Operand) -> bool:
    return not is_budget(operand)


def _zero_bases(found: list[Move]) -> Iterator[Check]:
    """One finding for all rates on a base of zero; a rate that is not zero is wrong by itself."""
    rates = [
        rate
        for move in found
        for change in move.changes[:1]
        for rate in move.rates[:1]
        if move.current.value == change.value
    ]
    empty = tuple(rate for rate in rates if rate.value == 0)
    if empty:
        named = "、".join(f"{rate.figure.item}（{rate.place}）" for rate in empty)
        said = f"上年数为零，零基数没有增减率，报告却写 {empty[0].printed}%：{named}"
        yield Check(ZERO_BASE, "", Words(empty, said, holds=False))
    for rate in rates:
        if rate.value not in {0, 100}:
            said = f"{rate.name} {rate.printed}%，但上年数为零，零基数没有增减率"
            yield Check(ZERO_BASE, place(rate), Words((rate,), said, holds=False))


def _restated(found: list[Move]) -> Iterator[Check]:
    """The same amount, moved against the same base, moved alike."""
    groups: defaultdict[tuple[str, str, Decimal], list[Move]] = defaultdict(list)
    for move in found:
        groups[_leaf(move.current.figure.item), move.base, move.current.value].append(move)
    for first, *others in groups.values():
        for other in others:
            for kind in ("changes", "rates"):
                one, two = getattr(first, kind)[:1], getattr(other, kind)[:1]
                if one and two and one[0].figure.unit_of_measure == two[0].figure.unit_of_measure:
                    rule = Linear((Term(1, one[0]),), (Term(1, two[0]),))
                    yield Check(RESTATED, place(two[0]), rule)


def _leaf(item: str) -> str:
    return item.rsplit("/", 1)[-1]


def _repeated(operands: list[Operand]) -> Iterator[Check]:
    """One thing counted or valued twice under one heading, in the same words that name it by themselves."""
    groups: defaultdict[tuple[str, ...], list[Operand]] = defaultdict(list)
    for operand in operands:
        figure = operand.figure
        if figure.measure in ("count", "amount") and figure.year is not None:
            noun = figure.unit_of_measure
            key = figure.item, figure.column or "", figure.measure, noun, str(figure.year)
            part = figure.measure == "amount" and is_part(operand)
            if not part and not _GENERIC.fullmatch(_leaf(figure.item)):
                groups[key].append(operand)
    for first, *others in groups.values():
        for other in others:
            yield Check(RESTATED, place(other), Linear((Term(1, first),), (Term(1, other),)))


def _completions(ledger: Ledger, operands: list[Operand]) -> Iterator[Check]:
    """完成率 against the budget, or the target, that is named."""
    for at, operand in enumerate(operands):
        figure = operand.figure
        if figure.measure != "completion_rate":
            continue
        same = [o for o in operands if o.figure.item == figure.item and o is not operand]
        reached = [o for o in same if o.figure.measure == "actual"]
        aimed = [o for o in same if o.figure.measure == "target"]
        if reached and aimed:
            yield Check(COMPLETION, place(operand), Quotient(operand, reached[-1], aimed[-1]))
            continue
        earlier = [
            o
            for o in operands[:at]
            if o.figure.item == figure.item and o.figure.measure == "amount"
        ] or _sentence(ledger, operands[:at], operand)
        final = [o for o in earlier if _FINAL.fullmatch(o.figure.column or "")]
        budgets = [o for o in earlier if is_budget(o) and o not in final]
        named = quantity(figure.item, figure.section)
        if final and not budgets and named:
            present = [cell for cell in named.budget if cell.table in ledger.sheets]
            budgets = [cell.operand(ledger) or NOTHING for cell in present]
        if final and budgets:
            exact = [o for o in budgets if o.figure.column == figure.column]
            rule = Quotient(operand, final[-1], (exact or budgets)[-1])
            yield Check(COMPLETION, place(operand), rule)


def _sentence(ledger: Ledger, earlier: list[Operand], operand: Operand) -> list[Operand]:
    return [
        other
        for other in earlier[-3:]
        if other.figure.measure == "amount" and _same_sentence(ledger, other, operand)
    ]


def _shares(ledger: Ledger, operands: list[Operand]) -> Iterator[Check | NotRun]:
    """占比 against the whole that the sentence names."""
    stated: defaultdict[str, list[tuple[Operand, Operand | None]]] = defaultdict(list)
    for at, operand in enumerate(operands):
        figure = operand.figure
        if figure.measure != "share":
            continue
        part = _part(operands[:at], operand)
        stated[figure.column or ""].append((operand, part))
        if part is None:
            for none in _wholes(ledger, operands, operand, figure.column or ""):
                if none.value == 0:  # nothing has no parts
                    yield Check(SHARE, place(operand), Quotient(operand, none, none))
            continue
        candidates = _wholes(ledger, operands, part, figure.column or "")
        fitting = [w for w in candidates if _fits(operand, part, w)]
        whole = fitting[0] if fitting else candidates[0] if candidates else None
        if whole is not None and not fitting and _may_be_budgets(ledger, part, whole):
            yield NotRun(SHARE, place(operand), f"“{figure.column}”的预算数")
        elif whole is not None:
            yield Check(SHARE, place(operand), Quotient(operand, part, whole))
        elif figure.column:
            yield NotRun(SHARE, place(operand), f"“{figure.column}”的数额")
    for shares in stated.values():
        yield from _hundred(shares)
    yield from _of_total(operands, stated[""])


def _fits(share: Operand, part: Operand, whole: Operand) -> bool:
    return Quotient(share, part, whole).outcome().status in ("exact", "tail")


def _of_total(
    operands: list[Operand], shares: list[tuple[Operand, Operand | None]]
) -> Iterator[Check]:
    """Shares of a whole that is not named: the total under the heading that most of them are of."""
    pairs = [(share, part) for share, part in shares if part is not None and part.value]
    totals = [o for o in operands if o.figure.measure == "amount" and not is_budget(o)]
    best: tuple[int, Operand] | None = None
    for total in totals:
        fits = sum(total is not part and _fits(share, part, total) for share, part in pairs)
        if best is None or fits > best[0]:
            best = fits, total
    if best is not None and best[0] > 1 and 2 * best[0] > len(pairs):
        for share, part in pairs:
            if part is not best[1]:
                yield Check(SHARE, place(share), Quotient(share, part, best[1]))


def _may_be_budgets(ledger: Ledger, part: Operand, whole: Operand) -> bool:
    """Whether a share of an evaluation (绩效) may be one of budgets, of which tables print no total.

    It is not where the part is itself a total of final accounts.
    """
    if whole.figure.table is None or "绩效" not in part.figure.section:
        return False
    projects = quantity("项目支出", "")
    cells = (cell.operand(ledger) for cell in projects.final) if projects else ()
    return not any(cell and cell.span.meets(part.span) for cell in (*cells, whole))


def _part(earlier: list[Operand], share: Operand) -> Operand | None:
    for other in reversed(earlier):
        figure = other.figure
        if figure.item == share.figure.item and figure.measure in ("amount", "count"):
            return None if is_budget(other) else other
    return None


def _wholes(ledger: Ledger, operands: list[Operand], part: Operand, name: str) -> list[Operand]:
    """The figures that can be the whole: those of that name under the heading, and cells."""
    if not name:
        return []
    wanted = whole_name(name)
    found = [
        other
        for other in operands
        if other.figure.measure in (part.figure.measure, "amount")
        and other is not part
        and not is_budget(other)
        and (is_money(other.figure) == is_money(part.figure) or part.figure.measure == "share")
        and wanted
        and whole_name(_leaf(other.figure.item)).endswith(wanted)
    ]
    if is_money(part.figure):
        named = quantity(name, part.figure.section) or quantity(_plain(name), part.figure.section)
        if named is not None:
            cells = (cell.operand(ledger) for cell in named.final)
            found.extend(cell for cell in cells if cell is not None)
    return found


def _plain(name: str) -> str:
    return re.sub(r"(?:总额|总量|总数)$", "", name)


@cache
def whole_name(name: str) -> str:
    """What a whole is called, without the words for all: 政府采购支出总额 is 政府采购."""
    data = prose_data()["wholes"]
    for word, other in data["alike"]:
        name = name.replace(word, other)
    return re.sub(f"{data['endings']}$", "", name)


def _hundred(shares: list[tuple[Operand, Operand | None]]) -> Iterator[Check]:
    """Shares whose parts are all there is are 100 %; no shares of one whole are more."""
    if len(shares) < 2 or any(part is not None for _, part in shares):
        return  # each is checked against its own amounts
    terms = tuple(Term(1, share) for share, _ in shares)
    if len({share.figure.item for share, _ in shares}) == len(shares):
        yield Check(SHARES, place(shares[0][0]), Linear(terms, (Term(1, HUNDRED),), "≤"))


def _rises(operands: list[Operand]) -> Iterator[Check]:
    """从 45.57% 提升至 74.70%，提升 29.13 个百分点."""
    for one, two, change in zip(operands, operands[1:], operands[2:], strict=False):
        alike = one.figure.item == two.figure.item == change.figure.item
        kinds = one.figure.measure, two.figure.measure, change.figure.measure
        if alike and kinds == ("rate", "rate", "change"):
            left = (Term(1, two), Term(-1, one))
            yield Check(RISE, place(change), Linear(left, (Term(1, change),)))


def _directions(operands: list[Operand]) -> Iterator[Check]:
    """增加 … 万元，下降 …%: change and rate of one thing go one way."""
    for change, rate in pairwise(operands):
        kinds = change.figure.measure, rate.figure.measure
        alike = (
            change.figure.item == rate.figure.item and change.figure.column == rate.figure.column
        )
        if kinds == ("change", "change_rate") and alike and change.value * rate.value:
            said = f"{change.name} {change.value:,f}，而{rate.name} {rate.value:,f}%"
            holds = (change.value < 0) == (rate.value < 0)
            yield Check(DIRECTION, place(rate), Words((rate, change), said, holds))


def _bounds(operands: list[Operand]) -> Iterator[Check]:
    rates = compiled(prose_data()["bounds"]["rates"])
    for operand in operands:
        figure = operand.figure
        bounded = figure.measure == "share" or (
            figure.measure in ("rate", "actual", "target", "completion_rate")
            and rates.fullmatch(figure.item)
        )
        if bounded and figure.unit_of_measure == "%":
            rule = Linear((Term(1, operand),), (Term(1, HUNDRED),), "≤")
            yield Check(BOUND, place(operand), rule)


def _budget_items(operands: list[Operand]) -> Iterator[Check]:
    """The budgets of all 项 are the budget of their total, if their final accounts are its final account."""
    items = [o for o in operands if "（项）" in o.figure.item and o.figure.measure == "amount"]
    totals = [o for o in operands if "（" not in o.figure.item and o.figure.measure == "amount"]
    budgets = [o for o in items if is_budget(o)]
    finals = [o for o in items if not is_budget(o)]
    of_budget = [o for o in totals if is_budget(o)]
    of_final = [o for o in totals if not is_budget(o)]
    if len(budgets) < 2 or len(of_budget) != 1 or not of_final:
        return
    whole = Linear((Term(1, of_final[-1]),), tuple(Term(1, o) for o in finals))
    complete = len(finals) == len(budgets) == len({o.figure.item for o in budgets})
    if complete and whole.outcome().status != "break":
        rule = Linear((Term(1, of_budget[0]),), tuple(Term(1, o) for o in budgets))
        yield Check(BUDGET_ITEMS, place(of_budget[0]), rule)
