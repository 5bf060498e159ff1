"""Words that claim something of figures: larger than the budget, none, met, first."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise, product
from typing import Final

from qy_finance.checks.changes import StatedChange
from qy_finance.checks.knowledge import rules, words_data
from qy_finance.checks.ledger import Ledger, Passage
from qy_finance.checks.model import Check, NotRun, Sign
from qy_finance.checks.quantities import budgets_and_finals, check_at, quantity
from qy_finance.checks.relations import Linear, Words, meets, misses
from qy_finance.checks.sentence import Told, listed, said
from qy_finance.facts import Fact

_TITLE_YEAR: Final = re.compile(
    r"((?:19|20)\d\d)年度?(?!.*(?:预算安排|审计|整改|计划))[^，。；]*决算"
)
_LABEL: Final = r"(?:编制|编报|填报|公开)?(?:单位|部门)(?:名称)?[:：]"
_ENTITY: Final = re.compile(rf"{_LABEL}((?:(?!{_LABEL})[^:：])" + "{4,})")
_YEAR_BEHIND: Final = re.compile(r"20\d\d年度?.*|[（(].*")
_MONEY: Final = re.compile(r"单位[:：](万元|千元|亿元|元)")


def wording_checks(
    ledger: Ledger, found: list[Passage], changes: list[StatedChange]
) -> Iterator[Check | NotRun]:
    """Every check of words that claim something of figures."""
    three_public = _three_public(ledger)
    for passage in found:
        yield from _compared(passage, changes, three_public)
        yield from _ranked(passage)
        yield from _year(ledger, passage)
    yield from _none(ledger, found)
    yield from _indicators(ledger, found)
    yield from _headers(ledger)
    yield from _empty(ledger)


def _compared(
    passage: Passage, changes: list[StatedChange], three_public: tuple[Fact, Fact] | None
) -> Iterator[Check]:
    data = words_data().compared
    for match in data.pattern.finditer(passage.text):
        base = match["base"] or match["other"] or ""
        word = match["word"]
        if match["nearly"] or not base:
            continue
        own = passage.figures_before(match.start())
        spoken = passage.starts[len(own) - 1] if own else 0
        sentence_start = max(passage.text.rfind(mark, 0, match.start()) for mark in "。；;") + 1
        since = max(spoken, sentence_start)
        total = data.three_public in passage.text[since : match.start()]
        relation = "<" if word in data.less else ">" if word in data.more else "="
        at = passage.where(match.start())
        if "预算" in base:
            pair = three_public if total else _item(passage, match.start())
            yield from _held(pair, relation, at, match[0], passage.offset(match.start()))
        elif total:
            yield from _held_change(changes, relation, at, match[0])
    saved = data.saved.search(passage.text)
    if saved and data.three_public in passage.text[: saved.start()]:
        at = passage.where(saved.start())
        yield from _held(three_public, "<", at, saved[0], passage.offset(saved.start()))


def _three_public(ledger: Ledger) -> tuple[Fact, Fact] | None:
    """The final account of 三公 and its budget: cells, or what the prose says."""
    named = quantity("“三公”经费", "")
    if named is None:
        return None
    told = [fact for fact in ledger.amounts() if named.said.fullmatch(fact.item)]
    budgets, finals = budgets_and_finals(told)
    final = ledger.figure(named.final[0]) or next(iter(finals), None)
    budget = ledger.figure(named.budget[0]) or next(iter(budgets), None)
    return (final, budget) if final and budget else None


def _item(passage: Passage, at: int) -> tuple[Fact, Fact] | None:
    """The last amount before a position that has both a budget and a final account."""
    budgets, finals = budgets_and_finals(passage.figures_before(at))
    pairs = product(reversed(budgets), reversed(finals))
    return next(((final, budget) for budget, final in pairs if final.item == budget.item), None)


def _held(
    pair: tuple[Fact, Fact] | None, relation: str, at: str, words: str, claim: int
) -> Iterator[Check]:
    if pair is not None:
        one, other = reversed(pair) if relation == ">" else pair
        sign: Sign = "=" if relation == "=" else "<"
        rule = Linear((one,), (other,), sign, said("{at}说{words}", at=at, words=words))
        yield Check(rules()["words.compared"], f"{at}说{words}", rule, claim=claim)


def _held_change(
    changes: list[StatedChange], relation: str, at: str, words: str
) -> Iterator[Check]:
    named = quantity("“三公”经费", "")
    for stated in changes:
        item = stated.current.item
        if stated.base == "上年" and stated.changes and named and named.said.fullmatch(item):
            change = stated.changes[0]
            holds = {"<": change.value < 0, ">": change.value > 0, "=": change.value == 0}
            text = said(
                "{at}说{words}，而{name}为 {by}",
                at=at, words=words, name=change.name, by=Told(str(change.figure.value), change),
            )  # fmt: skip
            rule = Words((change,), text, holds[relation])
            yield Check(rules()["words.compared"], f"{at}说{words}", rule)
            return


def _ranked(passage: Passage) -> Iterator[Check]:
    """A ranking by number, each no more than the one before it."""
    for match in words_data().ranked.finditer(passage.text):
        end = passage.text.find("。", match.end())
        facts = passage.figures_between(match.end(), end if end >= 0 else len(passage.text))
        counts = [fact for fact in facts if fact.measure in ("count", "amount", "share")]
        alike = [fact for fact in counts if fact.unit_of_measure == counts[0].unit_of_measure]
        if len(alike) < 3 or len({fact.measure for fact in alike}) > 1:
            continue
        for first, second in pairwise(alike):
            rule = Linear((second,), (first,), "≤", said("{words}的排列", words=match[0]))
            yield check_at(second, "words.ranked", rule)


def _year(ledger: Ledger, passage: Passage) -> Iterator[Check]:
    """Headings name the year of the account."""
    if passage.paragraph.level is None or passage.operands:
        return
    if match := _TITLE_YEAR.match(passage.text, passage.paragraph.body):
        at = passage.where(match.start())
        text = said(
            "{at}的标题“{words}”，报告年度为 {year} 年",
            at=at, words=match[0], year=str(ledger.year),
        )  # fmt: skip
        rule = Words((), text, int(match[1]) == ledger.year)
        yield Check(rules()["words.year"], f"{match[0]}@{at}", rule)


def _none(ledger: Ledger, found: list[Passage]) -> Iterator[Check | NotRun]:
    for entry in words_data().none:
        for passage in found:
            match = entry.pattern.search(passage.text)
            if match is None:
                continue
            clause = re.split(r"[，。；：,;]", passage.text[: match.start()])[-1]
            years = set(words_data().of_year.findall(clause))
            if words_data().of_unit.search(clause) or years - {str(ledger.year)}:
                continue
            at = passage.where(match.start())
            if lacking := ledger.lacking(entry.cells):
                yield NotRun(entry, at, lacking)
                continue
            printed = ledger.figures(entry.cells)
            spent = [fact for fact in printed if fact.value != 0]
            text = said("{at}说“{words}”，表中为零或空白", at=at, words=match[0])
            if spent:
                amounts = listed(
                    said("{name} {n}（{at}）", name=fact.full, n=fact, at=fact.place)
                    for fact in spent
                )
                text = said("{at}说“{words}”，而{spent}", at=at, words=match[0], spent=amounts)
            rule = Words(tuple(spent or printed), text, not spent)
            yield Check(entry, at, rule, claim=passage.offset(match.start()))


def _indicators(ledger: Ledger, found: list[Passage]) -> Iterator[Check]:
    """完成目标值 and 低于目标值 against target and actual value."""
    data = words_data().indicator
    signs = {one.target.start: one.comparison for one in ledger.reading.indicators}
    for passage in found:
        targets = [fact for fact in passage.operands if fact.measure == "target"]
        actuals = [fact for fact in passage.operands if fact.measure == "actual"]
        if len(targets) != 1 or len(actuals) != 1:
            continue
        [target], [actual] = targets, actuals
        if target.unit_of_measure != actual.unit_of_measure:
            continue
        rest = passage.text[passage.starts[passage.operands.index(actual)] :]
        missed = data.missed.search(rest)
        word = missed or data.met.search(rest)
        if word:
            claimed = misses if missed else meets
            sign = signs.get(target.figure.start, "")
            rule = claimed(target, actual, sign, said("说{words}", words=word[0]))
            yield check_at(actual, "words.indicator", rule)


def _empty(ledger: Ledger) -> Iterator[Check | NotRun]:
    """A note in the lines below a table that says it has no data.

    Below a table there may stand the note of the next one, of which no more is there.
    """
    data = words_data()
    document = ledger.reading.document
    starts = [line.start for line in document.lines]
    for table, sheet in ledger.sheets.items():
        cells = [copies[-1] for copies in sheet.cells.values()]
        last = max(fact.figure.end for fact in cells)
        at = bisect_right(starts, last)
        for line in document.lines[at : at + 4]:
            text = "".join(document.text[line.start : line.end].split())
            match = data.empty.search(text)
            if match is None:
                continue
            spent = [fact for fact in cells if fact.value != 0]
            money = data.empty_of.findall(text)
            if money and not any(name in ledger.table_name(table) for name in money):
                break  # of another table
            if spent and not money and ledger.missing:
                yield NotRun(rules()["words.empty_table"], table, "注所说的表")
                break
            told = {"table": ledger.table_name(table), "words": match[0]}
            fault = (
                said("{table}注明“{words}”，表中有 {n} 个不为零的数字", n=str(len(spent)), **told)
                if spent
                else said("{table}注明“{words}”，表中各项为零", **told)
            )
            rule = Words(tuple(spent[:1]), fault, not spent)
            yield Check(rules()["words.empty_table"], table, rule)
            break


def _headers(ledger: Ledger) -> Iterator[Check]:
    """Entity and money unit in the heads of the tables; a head may name the department besides the unit."""
    unit = ledger.reading.identity.unit
    document = ledger.reading.document
    units: dict[str, str] = {}
    foreign: dict[str, str] = {}
    named = False
    for line in document.lines:
        printed = document.text[line.start : line.end]
        if "：" not in printed and ":" not in printed:
            continue
        text = "".join(printed.split())
        money = _MONEY.search(text)
        if money is None:
            continue
        at = document.where(line.start)
        units.setdefault(money[1], at)
        labelled = _ENTITY.findall(text[: money.start()].removesuffix("金额"))
        names = [_YEAR_BEHIND.sub("", name) for name in labelled]
        named = named or bool(names)
        if names and not any(name in unit or unit in name for name in names):
            foreign.setdefault(names[-1], at)
    if units:
        told = listed(said("{row}（{why}）", row=name, why=at) for name, at in units.items())
        rule = Words((), said("各表的金额单位：{units}", units=told), len(units) == 1)
        yield Check(rules()["words.money_unit"], "", rule)
    if named:
        told = listed(said("{row}（{why}）", row=name, why=at) for name, at in foreign.items())
        others = told or said("无")
        fault = said("报告单位为{unit}，表头的其他单位：{others}", unit=unit, others=others)
        yield Check(rules()["words.entity"], "", Words((), fault, not foreign))
