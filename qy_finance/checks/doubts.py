"""Before a report is accused: whether one assumption about the reading explains what does not agree.

A column that is not counted, a row that is part of another, an amount of another scope, a paragraph that was not
opened, a figure that was not read. Where several rows bear out an assumption, the check is made with it; otherwise
it is not made, and says why.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Final

from qy_finance.checks.diagnose import findings
from qy_finance.checks.knowledge import TableIdentity, prose_data, rules, table_identities
from qy_finance.checks.ledger import AccountRow, Ledger, LedgerTable
from qy_finance.checks.model import Check, NotRun, Status, doubted
from qy_finance.checks.quantities import is_budget
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear
from qy_finance.facts import Fact
from qy_finance.figures import NUMERAL, number

Replaced = Iterator[tuple[Check, Check | NotRun]]

_BORNE_OUT: Final = 2  # rows that agree with an assumption about the reading
_CHAOS: Final = 5  # independent contradictions within a table
_LABEL: Final = 80  # characters before a figure in which its row is named
_SAME: Final = 20  # rows of one amount that are looked at
_AROUND: Final = 400  # characters to either side in which a sentence begins and ends
_PART: Final = re.compile(r"其中[:：]?$")
_ORDINAL: Final = re.compile(
    r"(?:[一二三四五六七八九十]+|[（(][一二三四五六七八九十\d]+[）)]|\d+)[、.．]?$"
)
_PLAIN_RATES: Final = (Decimal(0), Decimal(100))


def doubt_reading(ledger: Ledger, made: Iterable[Check | NotRun]) -> list[Check | NotRun]:
    """The checks; of those that break, what is left of them when the reading is doubted."""
    found = list(made)
    ways: tuple[Callable[[Ledger, list[Check]], Replaced], ...] = (
        _uncounted, _parts, _unread, _chaotic, _named_nearby, _many_against_one, _another_scope, _another_figure,
    )  # fmt: skip
    for way in ways:
        broken = [one for one in found if isinstance(one, Check) and one.status is Status.BREAK]
        if not broken:
            break
        instead = {id(check): other for check, other in way(ledger, broken)}
        found = [instead.get(id(one), one) for one in found]
    return found


# ---- tables -----------------------------------------------------------------------------------------------------


def _uncounted(ledger: Ledger, broken: list[Check]) -> Replaced:
    """A column that the identity does not add up explains the difference of its rows."""
    groups: defaultdict[str, list[Check]] = defaultdict(list)
    for check in broken:
        if isinstance(check.identity, TableIdentity) and check.identity.each == "row":
            groups[check.identity.id].append(check)
    for checks in groups.values():
        identity = checks[0].identity
        assert isinstance(identity, TableIdentity)
        sheet = ledger.sheets[identity.table]
        counted = _counted(ledger, identity.table)
        columns = [column for column in sheet.columns if column not in counted]
        if len(identity.tables) > 1 or not columns:
            continue
        with_column = {
            column: [(check, rule) for check in checks if (rule := _with(sheet, check, column))]
            for column in columns
        }
        holding = {
            column: [check for check, rule in rules if rule.outcome.status is not Status.BREAK]
            for column, rules in with_column.items()
        }
        column = max(columns, key=lambda name: len(holding[name]))
        if len(holding[column]) >= _BORNE_OUT:
            for check, rule in with_column[column]:
                yield check, Check(check.identity, check.place, rule)
        else:
            for check in holding[column]:
                yield check, doubted(check, f"相差的正是“{column}”一栏，该栏可能应当计入")


def _counted(ledger: Ledger, table: str) -> set[str]:
    """The columns of a table that some identity adds up."""
    return {
        term.column
        for identity in table_identities(ledger.reading.form)
        for term in (*identity.left, *identity.right)
        if term.table == table
    }


def _with(sheet: LedgerTable, check: Check, column: str) -> Linear | None:
    """A sum of a row with one more of its columns."""
    rule = check.rule
    if not isinstance(rule, Linear) or rule.relation != "=":
        return None
    cell = sheet.cell(_row(rule.operands[0]), column)
    return Linear(rule.left, (*rule.right, cell)) if cell is not None else None


def _row(fact: Fact) -> AccountRow:
    return AccountRow(fact.figure.side, fact.figure.code, fact.figure.item)


def _parts(ledger: Ledger, broken: list[Check]) -> Replaced:
    """Lines of a sum that are part of the line above them (其中)."""
    for check in broken:
        identity, rule = check.identity, check.rule
        if not isinstance(identity, TableIdentity) or not isinstance(rule, Linear):
            continue
        if rule.relation != "=" or not any(term.rows in _LISTS for term in identity.right):
            continue
        said = [fact for fact in rule.right if _PART.search(_before_name(ledger, fact))]
        left = [fact for fact in rule.right if fact not in said]
        without = Linear(rule.left, left) if said and left else rule
        if without.outcome.status is not Status.BREAK:
            yield check, Check(identity, check.place, without)
            continue
        # the lines that stand in no order of their own, as parts do
        loose = [fact for fact in left if not _ORDINAL.search(_before_name(ledger, fact))]
        if len(loose) == len(left):
            continue  # no line of this table is numbered
        part = next((one for one in loose if _holds_without(rule.left, left, one)), None)
        if part is not None:
            yield check, doubted(check, f"相差的正是“{part.item}”，它可能是上一行的其中项")


_LISTS: Final = ("lines", "between")


def _holds_without(left: Iterable[Fact], right: list[Fact], part: Fact) -> bool:
    rest = [fact for fact in right if fact is not part]
    return part.value != 0 and Linear(list(left), rest).outcome.status is not Status.BREAK


def _before_name(ledger: Ledger, fact: Fact) -> str:
    """What is printed before the name of a cell's row: 其中： or 一、."""
    start = fact.figure.start
    squeezed = "".join(ledger.reading.text[max(0, start - _LABEL - len(fact.item)) : start].split())
    at = squeezed.rfind(fact.item.rsplit("/", 1)[-1])
    return squeezed[:at] if at > 0 else ""


def _unread(ledger: Ledger, broken: list[Check]) -> Replaced:
    """A numeral within the table that was not understood is what the sides differ by."""

    @cache
    def numerals(table: str) -> frozenset[Decimal]:
        facts = [one for copies in ledger.sheets[table].cells.values() for one in copies]
        known = {fact.figure.start for fact in facts}
        spans = [(one.start, one.end) for one in ledger.reading.exclusions]
        start = min(known)
        end = max(fact.figure.end for fact in facts)
        return frozenset(
            number(match[0])
            for match in NUMERAL.finditer(ledger.reading.text, start, end)
            if match.start() not in known
            and not any(low <= match.start() < high for low, high in spans)
        )

    for check in broken:
        difference = check.outcome.difference
        for table in dict.fromkeys(fact.figure.table for fact in check.rule.operands):
            if difference and table is not None and abs(difference) in numerals(table):
                shown = f"{abs(difference):,f}"
                yield check, doubted(check, f"{ledger.table_name(table)}中有未读懂的数 {shown}")
                break


def _chaotic(ledger: Ledger, broken: list[Check]) -> Replaced:
    """So many unrelated contradictions within one table that it is likelier to be read wrongly."""
    within = [check for check in broken if check.identity.group == "表内" and not check.explains]
    by_table: defaultdict[str, list[Check]] = defaultdict(list)
    for check in within:
        tables = {fact.figure.table for fact in check.rule.operands}
        if len(tables) == 1 and (table := tables.pop()):
            by_table[table].append(check)
    for table, checks in by_table.items():
        if len(checks) < _CHAOS or len(findings(checks)) < _CHAOS:
            continue
        why = f"{ledger.table_name(table)}有多处互不相干的不符，可能读错了行列"
        for check in broken:
            if table in {fact.figure.table for fact in check.rule.operands}:
                yield check, doubted(check, why)


# ---- prose ------------------------------------------------------------------------------------------------------


def _against_cells(broken: list[Check]) -> Iterator[tuple[Check, Fact, Fact]]:
    """Amounts of the prose that do not agree with the cell that they name."""
    for check in broken:
        rule = check.rule
        if check.identity.group == "表文" and isinstance(rule, Linear) and len(rule.operands) == 2:
            said, cell = rule.operands
            if said.figure.table is None and cell.figure.table is not None:
                yield check, said, cell


def _named_nearby(ledger: Ledger, broken: list[Check]) -> Replaced:
    """The paragraph names an account, and the amount is just that of its row."""
    pairs = list(_against_cells(broken))
    wanted = {said.value for _, said, _ in pairs if said.value}
    rows: defaultdict[Decimal, list[Fact]] = defaultdict(list)
    for sheet in ledger.sheets.values():
        for (row, _), (first, *_) in sheet.cells.items():
            if row.code and len(row.item) > 1 and first.value in wanted:
                rows[first.value].append(first)
    if not rows:
        return
    paragraphs = [paragraph for paragraph, _ in ledger.reading.paragraphs if paragraph.text]
    starts = [paragraph.span(0, 1)[0] for paragraph in paragraphs]
    for check, said, cell in pairs:
        paragraph = paragraphs[bisect_right(starts, said.figure.start) - 1]
        text = paragraph.text
        near = _figures(ledger, *paragraph.span(0, len(text)))
        if sum(one.value == said.value and not is_budget(one) for one in near) > 1:
            continue  # the account may be what the other one is of
        others = (one for one in rows[said.value][:_SAME] if one.item in text)
        other = next((one for one in others if _row(one) != _row(cell)), None)
        if other is not None:
            rule = Linear((said,), (other,))
            yield check, Check(rules()["prose.account"], check.place, rule)


def _many_against_one(ledger: Ledger, broken: list[Check]) -> Replaced:
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


def _another_scope(ledger: Ledger, broken: list[Check]) -> Replaced:
    """An amount of a project, or a part of a sum that the sentence itself states, is none of the whole report."""
    own = prose_data().headings.own
    pairs = list(_against_cells(broken))
    if not pairs:
        return
    cells = (copies[0].value for sheet in ledger.sheets.values() for copies in sheet.cells.values())
    printed = frozenset(cells)
    for check, said, _ in pairs:
        start, end = _sentence(ledger, said)
        text = "".join(ledger.reading.text[start:end].split())
        whole, *parts = _stated_sum(_figures(ledger, start, end), said)
        if parts and whole.value not in printed:
            rule = Linear((whole,), parts)
            yield check, Check(rules()["prose.parts"], check.place, rule)
        elif scope := own.search(text):
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


def _another_figure(ledger: Ledger, broken: list[Check]) -> Replaced:
    """Another amount of the same sentence is the one that a rate is of."""
    for check in broken:
        rule = check.rule
        if not isinstance(rule, Quotient) or not rule.rate.is_printed or rule.said:
            continue
        if rule.rate.value in _PLAIN_RATES:
            continue
        for other in _figures(ledger, *_sentence(ledger, rule.rate)):
            if _fits_instead(rule, other):
                why = f"同一句中的{other.name} {other.shown} 与此率相符，所指可能是它"
                yield check, doubted(check, why)
                break


def _fits_instead(rule: Quotient, other: Fact) -> bool:
    """Whether a percentage holds with another amount of its kind."""
    if other.row in (rule.part.row, rule.whole.row) or not other.value:
        return False
    kind = other.measure, other.unit
    instead = []
    if kind == (rule.part.measure, rule.part.unit):
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
