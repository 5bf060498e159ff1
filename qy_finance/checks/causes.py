"""Causes and accounts that the prose names, held against the rows of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final, NamedTuple

from qy_finance.checks.changes import StatedChange
from qy_finance.checks.knowledge import CellName, rules, words_data
from qy_finance.checks.ledger import Ledger, LedgerTable, Passage, brackets, compiled
from qy_finance.checks.model import Check, Status
from qy_finance.checks.quantities import account_rows, budgets_and_finals, check_at, is_budget
from qy_finance.checks.relations import Linear, Words
from qy_finance.checks.sentence import Told, listed, printed, said, with_unit
from qy_finance.facts import Fact
from qy_finance.numbers import Number
from qy_finance.numbers import total as total_of

_ACCOUNT: Final = 5  # digits of the code of an account (款)
_LAST_TOTAL: Final = (
    CellName("appropriation_summary", "总计|支出总计", "合计", "支出"),
    CellName("general_budget_expenditure", "合计|总计|本年支出合计", "本年支出合计"),
    CellName("appropriation_summary", "年初财政拨款结转和结余|年初结转和结余", "决算数", "收入"),
)


class Cause(NamedTuple):
    """A clause that says why an amount changed."""

    passage: Passage
    at: int
    text: str
    move: StatedChange

    @property
    def place(self) -> str:
        """Where it stands."""
        return self.passage.where(self.at)

    @property
    def accounts(self) -> list[str]:
        """The accounts of the economic classification that it names."""
        return accounts_named(self.text)


@dataclass(frozen=True)
class Blame(Words):
    """What a cause says of an account that it names; two causes where they contradict each other, the fall first."""

    account: str
    causes: tuple[Cause, ...]


def cause_checks(
    ledger: Ledger, found: list[Passage], changes: list[StatedChange], given: list[Cause]
) -> Iterator[Check]:
    """Every check of causes and of accounts that are named; ``given`` are the causes of the passages."""
    if basic := ledger.whole("basic_expenditure"):
        given = [cause for cause in given if cause.move.changes]
        yield from _drivers(basic, given)
        yield from _directions(given)
        for passage in found:
            yield from _included(basic, passage)
    for passage, following in zip_longest(found, found[1:]):
        yield from _level(ledger, passage, following.text if following else "", changes)
        yield from _kind(ledger, passage)
    yield from _shortfall(found)


def causes(found: list[Passage], changes: list[StatedChange]) -> Iterator[Cause]:
    """Clauses of cause that follow a change of a sum of running costs against last year."""
    data = words_data().reason
    by_row = {
        fact.row: stated
        for stated in changes
        if stated.base == "上年" and data.sums.fullmatch(stated.current.item)
        for fact in (*stated.changes, *stated.rates)
    }
    for passage, following in zip_longest(found, found[1:]):
        for match in data.after_change.finditer(passage.text):
            before = passage.figures_before(match.start())
            stated = by_row.get(before[-1].row) if before else None
            if stated is None:
                continue
            if match["text"]:
                yield Cause(passage, match.start("text"), match["text"], stated)
            elif following:  # the cause is a paragraph of its own
                yield Cause(following, 0, _clause(following.text, 0), stated)


def accounts_named(text: str) -> list[str]:
    """The accounts of the economic classification in a text, in the order of the classification."""
    known, said = words_data().accounts, brackets(text)
    return [
        name
        for name in known.names
        if (plain := brackets(name)) in said
        and re.search(rf"(?:^|[{known.before}]){re.escape(plain)}", said)
    ]


def direction(text: str, name: str) -> int:
    """Which way an account went as a cause says: 1 up (办公费增加), -1 down (压减办公费), 0 where it does not say.

    A word behind a list of accounts speaks of all of them, and so does one before a list.
    """
    data = words_data().reason
    moves = compiled(f"(?P<up>{data.up})|(?P<down>{data.down})")
    for clause in re.split(r"[，；;]", brackets(text)):
        at = clause.find(brackets(name))
        if at < 0:
            continue
        said = list(moves.finditer(clause))
        behind = next((word for word in said if word.start() > at), None)
        if behind is None or not data.ends_list.match(clause, behind.end()):
            behind = next((word for word in reversed(said) if word.start() < at), None)
            if behind is not None and data.ends_list.match(clause, behind.end()):
                behind = None  # it speaks of the accounts before it
        return 0 if behind is None else 1 if behind["up"] else -1
    return 0


def spent_on(basic: LedgerTable, name: str) -> Fact | None:
    """The cell of an account of basic expenditure; None where its row is blank."""
    for row in basic.rows:
        if row.code and len(row.code) == _ACCOUNT and brackets(row.item) == brackets(name):
            return basic.cell(row, "决算数")
    return None


def _drivers(basic: LedgerTable, causes: list[Cause]) -> Iterator[Check]:
    """A cost of zero did not drive a rise; clauses that say what fell, or how costs were booked, aside."""
    no_rise = words_data().reason.no_rise
    for cause in causes:
        change = cause.move.changes[0]
        if change.value <= 0:
            continue
        clauses = re.split(r"[，；;]", cause.text)
        rising = (clause for clause in clauses if not no_rise.search(clause))
        for name in accounts_named("，".join(rising)):
            cell = spent_on(basic, name)
            text = said(
                "{at}说{item}增加 {by}的原因有{name}，表中{name}为 {spent}",
                at=cause.place, item=cause.move.current.item, name=name,
                by=with_unit(printed(change), change.unit_of_measure),
                spent=said("{n}（{at}）", n=printed(cell), at=cell.place) if cell else said("空白"),
            )  # fmt: skip
            facts, spent = ((cell, change), cell.value != 0) if cell else ((change,), False)
            rule = Blame(facts, text, spent, name, (cause,))
            yield Check(rules()["cause.driver"], f"{name}@{cause.place}", rule)


def _directions(causes: list[Cause]) -> Iterator[Check]:
    """One cost does not lower one sum of costs and raise another, against the same year."""
    lowered: dict[str, Cause] = {}
    raised: dict[str, Cause] = {}
    for cause in causes:
        change = cause.move.changes[0].value
        if change:
            for name in cause.accounts:
                if direction(cause.text, name) * change >= 0:
                    (lowered if change < 0 else raised).setdefault(name, cause)
    for name, down in lowered.items():
        up = raised.get(name)
        if up is None:
            continue
        text = said(
            "{name}既是{fell}减少的原因（{there}），又是{rose}增加的原因（{here}）",
            name=name, fell=down.move.current.item, there=down.place,
            rose=up.move.current.item, here=up.place,
        )  # fmt: skip
        facts = (down.move.changes[0], up.move.changes[0])
        rule = Blame(facts, text, False, name, (down, up))
        yield Check(rules()["cause.directions"], f"{name}@{down.place}", rule)


def _included(basic: LedgerTable, passage: Passage) -> Iterator[Check]:
    """A list of what was spent names no account without spending, unless it recites the classification."""
    if "基本支出" not in passage.section:
        return
    for match in words_data().included.finditer(passage.text):
        listed_as = re.split("[、，,]", match["list"])
        # the last two may be joined by 和, which stands in names too
        for name in tuple(listed_as):
            joints = list(re.finditer("以及|[和及与]", name))
            listed_as += [part for at in joints for part in (name[: at.start()], name[at.end() :])]
        names = {brackets(name.strip("等。 ")) for name in listed_as}
        known = [name for name in words_data().accounts.names if name in names]
        cells = {name: spent_on(basic, name) for name in known}
        empty = [name for name, cell in cells.items() if cell is None or cell.value == 0]
        if len(known) < 2 or len(empty) * 4 >= len(known):  # a quarter of a list
            continue
        at = passage.where(match.start())
        named, side = listed((name,) for name in empty), match["side"]
        text = (
            said("{at}的{side}“主要包括”{named}，表中空白或为零", at=at, side=side, named=named)
            if empty
            else said("{at}的{side}“主要包括”各项，表中都有数字", at=at, side=side)
        )
        blank = [cells[name] for name in empty]
        facts = [cell for cell in (blank if empty else cells.values()) if cell is not None]
        rule = Words(tuple(facts), text, not empty)
        claim = passage.offset(match.start())
        yield Check(rules()["cause.included"], f"{match['side']}@{at}", rule, claim=claim)


def _level(
    ledger: Ledger, passage: Passage, following: str, changes: list[StatedChange]
) -> Iterator[Check]:
    """与上年持平 with a cause that only lowers, or only raises."""
    last = list(_last_total(ledger, passage, changes))
    yield from last
    if any(check.status is Status.BREAK for check in last):
        return  # the figures say it better than the cause
    data = words_data().level
    for match in data.pattern.finditer(passage.text):
        reason = _clause(passage.text, match.end())
        if reason.endswith(("：", ":", "是")):  # the cause begins a paragraph of its own
            reason += _clause(following, 0)
        said_so = data.aims.sub("", reason)
        fell, rose = data.fell.search(said_so), data.rose.search(said_so)
        word = fell or rose
        amounts = [
            fact for fact in passage.figures_before(match.start()) if fact.measure == "amount"
        ]
        nothing = bool(amounts) and amounts[-1].value == 0
        if word is None or (fell and rose) or nothing:
            continue
        at = passage.where(match.start())
        text = said(
            "{at}说与上年持平，原因却是“{word}”：{reason}", at=at, word=word[0], reason=reason
        )
        rule = Words((), text, holds=False)
        yield Check(rules()["cause.level"], at, rule, claim=passage.offset(match.start()))


def _clause(text: str, at: int) -> str:
    """A text from a position to the end of its clause, but no more than 300 characters."""
    return re.split("[。；;]", text[at : at + 300])[0]


def _last_total(ledger: Ledger, passage: Passage, changes: list[StatedChange]) -> Iterator[Check]:
    """Last year's appropriations held at least its general budget expenditure and what it carried over."""
    level = re.search(r"财政拨款[收支入出、]+总计(?:与上年(?:决算数)?)?持平", passage.text)
    if level is None:
        return
    total, spent, opening = map(ledger.figure, _LAST_TOTAL)
    spending = (
        stated.changes[0]
        for stated in changes
        if stated.base == "上年"
        and stated.changes
        and re.fullmatch("一般公共预算(?:财政拨款)?支出", stated.current.item)
    )
    change = next(spending, None)
    if not (total and spent and opening and change):
        return
    at = passage.where(level.start())
    text = said(
        "{at}说总计与上年持平，则上年总计为 {total}，不小于上年一般公共预算支出加年初结转",
        at=at, total=printed(total),
    )  # fmt: skip
    rule = Linear((spent, change, opening), (total,), "≤", text, less=change)
    yield Check(rules()["cause.last_total"], at, rule)


def _kind(ledger: Ledger, passage: Passage) -> Iterator[Check]:
    """An account that is said to pay for 基本支出 has some."""
    items = [o for o in passage.operands if "（项）" in o.item and not is_budget(o)]
    match = words_data().used.search(passage.text)
    if not items or match is None:
        return
    for table in ("general_budget_expenditure", "expenditure"):
        sheet = ledger.whole(table)
        rows = account_rows(sheet, items[0].item) if sheet else []
        if sheet is None or len(rows) != 1:
            continue
        other = "项目支出" if match["kind"] == "基本支出" else "基本支出"
        has, instead = (sheet.cell(rows[0], kind) for kind in (match["kind"], other))
        lacking = (has is None or has.value == 0) and instead is not None and instead.value != 0
        named = {"at": passage.where(match.start()), "item": rows[0].item, "words": match[0]}
        text = said("{at}说{item}“{words}”，表中有此支出", **named)
        if lacking and instead:
            text = said(
                "{at}说{item}“{words}”，表中只有{other} {spent}（{there}）",
                **named, other=other, spent=printed(instead), there=instead.place,
            )  # fmt: skip
        telling = instead if lacking else has
        rule = Words((telling,) if telling else (), text, not lacking)
        yield check_at(items[0], "cause.kind", rule)
        return


class _Gap(NamedTuple):
    """What an account fell short of its budget by, and the words about it."""

    item: str
    amount: Fact
    short: Number
    words: str


def _shortfall(found: list[Passage]) -> Iterator[Check]:
    """The cause that is given for the whole shortfall concerns most of it.

    A cause that shares a word (of two characters) with some accounts concerns those. Where another account, with
    another cause of its own, is more than half of the shortfall, and those together are not, it is not the main one.
    """
    reason = words_data().reason
    for total in found:
        budgets, _ = budgets_and_finals(o for o in total.operands if "（项）" not in o.item)
        if not budgets or "决算" not in total.text or "三公" in total.section:
            continue
        gaps = list(_gaps(found, total.section))
        whole = total_of(gap.short for gap in gaps)
        match = reason.pattern.search(total.text)
        if len(gaps) < 2 or whole <= 0 or match is None:
            continue
        pieces = [piece for piece in reason.common.split(match["text"]) if piece]
        pairs = {piece[at : at + 2] for piece in pieces for at in range(len(piece) - 1)}
        named = [gap for gap in gaps if any(pair in gap.words for pair in pairs)]
        largest = max(gaps, key=lambda gap: gap.short)
        held = total_of(gap.short for gap in named)
        if not named:
            continue
        wrong = largest not in named and largest.short * 2 > whole and held * 2 < whole
        at = total.where(match.start())
        of_all, some, most = (Told(f"{gap:,.2f}", gap) for gap in (whole, held, largest.short))
        text = said("{at}所说的主要原因涉及差额 {all} 中的 {some}", at=at, all=of_all, some=some)
        if wrong:
            text = said(
                "{at}把差额 {all} 的主要原因说成“{words}”，涉及的科目只差 {some}"
                "；{item}一项差 {most}（{there}）",
                at=at, all=of_all, words=match["text"], some=some, item=largest.item, most=most,
                there=largest.amount.place,
            )  # fmt: skip
        rule = Words((largest.amount,), text, not wrong)
        yield Check(rules()["cause.shortfall"], at, rule)


def _gaps(found: list[Passage], section: str) -> Iterator[_Gap]:
    for passage in found:
        if passage.section != section:
            continue
        budgets, finals = budgets_and_finals(o for o in passage.operands if "（项）" in o.item)
        if len(budgets) == 1 and len(finals) == 1:
            short = budgets[0].compared - finals[0].compared
            account, _, words = passage.text.partition("。")
            last = account.removesuffix("（项）").rsplit("）", 1)[-1]
            yield _Gap(last, finals[0], short, last + words)
