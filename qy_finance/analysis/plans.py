"""The sums, funds, accounts and parts of 三公 of which a report states a budget, each with what was spent.

What sentences and tables say of one thing is one row. An account has a code where its sentence or its table prints one;
by its name it is joined to the one account of its table that has that name, and to none where several have it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import Final

from qy_finance.analysis import knowledge
from qy_finance.analysis.accounts import FUNDS, THREE_PUBLIC
from qy_finance.analysis.execution import Execution, Kind, Stage, stage_of
from qy_finance.analysis.settling import WHOLE, Gathered, settle
from qy_finance.checks import CheckSet
from qy_finance.checks.knowledge import prose_data
from qy_finance.checks.ledger import AccountRow, LedgerTable, plain_name
from qy_finance.checks.quantities import FINAL, account_rows, account_tables, quantity
from qy_finance.facts import Fact

Key = tuple[str, ...]

ITEM: Final = "“三公”经费"

_TABLES: Final[dict[str, str]] = {
    "general_budget_expenditure": FUNDS[0], "government_fund": FUNDS[1], "state_capital": FUNDS[2],
}  # fmt: skip
_WORDS: Final = {"一般公共预算": FUNDS[0], "政府性基金": FUNDS[1], "国有资本": FUNDS[2]}
_MONEY: Final = {"general budget": FUNDS[0], "all appropriations": "财政拨款"}
_SUM: Final = re.compile("合计|总计|本年支出合计|本年支出")
_NOT_SPENT: Final = re.compile("收入|结转|结余|差额")
_SENTENCE: Final = re.compile("[^。]+")
_NONE: Final = re.compile(
    "年初(?:均?(?:没有|无|未))(?:安排|编制|列入|有)?预算|(?:没有|无|未(?:安排|编制|列入))年初预算"
    "|年初预算(?:未安排|无安排|没有安排)"
)
_REASON: Final = re.compile("原因|主要是|由于|因为")
_ECONOMIC_HEAD: Final = re.compile("基本支出")
_OF_SPENDING: Final = re.compile("支出$|支出（[类款项]）$")
_NO_NAME: Final = re.compile("主要|原因|大于|小于|其中|预算|决算|项目(?!支出)")
_LONGEST: Final = 30  # characters of the name of a sum that no table has
_LEVEL: Final = re.compile(r"[（(][类款项][）)]")
_ECONOMIC: Final = "basic_expenditure"


class Plans:
    """The rows of a report, in the order in which it prints them."""

    def __init__(self, checks: CheckSet) -> None:
        self.checks, self.ledger = checks, checks.ledger
        self.year = self.ledger.year
        self._starts = [one.offset(0) for one in checks.passages]
        self._found: dict[Key, Gathered] = {}
        self._tables()
        self._prose()
        self._changes()
        self._words()
        made = (settle(checks, said) for said in self._found.values() if said.has_plan)
        kept = [row for row in made if row is not None]
        self.rows = sorted(kept, key=lambda row: row.place.figure.start if row.place else 0)

    # ---- what the tables print -------------------------------------------------------------------------------------

    def _tables(self) -> None:
        for table, sheet in self.ledger.sheets.items():
            if table == THREE_PUBLIC:
                self._three_public(sheet)
            elif table != _ECONOMIC:
                self._columns(table, sheet)

    def _three_public(self, sheet: LedgerTable) -> None:
        stated = self.ledger.reading.three_public.get("budget", "")
        kind: Stage = (
            "initial" if stated == "initial" else "adjusted" if stated == "adjusted" else "budget"
        )
        heads: dict[str, Stage] = {
            "预算数": kind,
            "年初预算数": "initial",
            "全年预算数": "adjusted",
        }
        for row in sheet.rows:
            for column in sheet.columns:
                head, _, leaf = column.partition("/")
                cell = sheet.cell(row, column)
                if cell is None:
                    continue
                if head in heads:
                    self._public(leaf).plans.setdefault(heads[head], []).append(cell)
                elif head == "决算数":
                    self._public(leaf).cell = cell

    def _public(self, column: str) -> Gathered:
        key = (THREE_PUBLIC, column)
        if key not in self._found:
            names = {part["column"]: part["name"] for part in knowledge("operating.toml")["part"]}
            name = ITEM if column == "合计" else names.get(column, column.rpartition("/")[2])
            fund = _MONEY.get(self.ledger.reading.three_public.get("money", ""))
            self._found[key] = Gathered(Execution("three_public", name, fund=fund))
        return self._found[key]

    def _columns(self, table: str, sheet: LedgerTable) -> None:
        """Tables that print budgets beside what was spent (年初预算数, 全年预算数)."""
        staged = {name: stage for name in sheet.columns if (stage := self._column(name))}
        final = next((name for name in WHOLE if name in sheet.columns), None)
        for row in sheet.rows if staged and final else ():
            if row.side == "收入" or _NOT_SPENT.search(row.item) or row.item == "总计":
                continue
            cells = {name: sheet.cell(row, name) for name in staged}
            if not any(cells.values()):
                continue
            said = self._row(table, row)
            said.cell = sheet.cell(row, str(final))
            for name, cell in cells.items():
                if cell is not None:
                    said.plans.setdefault(staged[name], []).append(cell)

    def _column(self, name: str) -> Stage | None:
        leaf = name.rpartition("/")[2]
        return stage_of(leaf, self.year) if leaf.endswith(("预算数", "预算")) else None

    def _row(self, table: str, row: AccountRow) -> Gathered:
        fund = _TABLES.get(table)
        if row.code:
            return self._account(row.code, row.item, fund)
        if _SUM.fullmatch(row.item):
            return self._sum(fund or row.item, fund)
        codes = self._codes_named(row.item)
        code = codes.pop() if len(codes) == 1 else None
        return self._account(code, row.item, fund, "" if code else table)

    def _codes_named(self, name: str) -> set[str]:
        """The codes of the classes of that name."""
        sheet = self.ledger.sheets.get("expenditure")
        rows = sheet.by_plain_name.get(plain_name(name), ()) if sheet else ()
        return {row.code for row in rows if row.code and len(row.code) == len("201")}

    def _sum(self, name: str, fund: str | None) -> Gathered:
        kind: Kind = "fund" if fund else "total"
        item = f"{fund}支出" if fund else name
        key = (kind, fund or name)
        return self._found.setdefault(key, Gathered(Execution(kind, item, fund=fund)))

    def _account(self, code: str | None, name: str, fund: str | None, place: str = "") -> Gathered:
        key = ("account", fund or "", code or f"{name}@{place}")
        return self._found.setdefault(key, Gathered(Execution("account", name, code, fund)))

    # ---- what sentences say ----------------------------------------------------------------------------------------

    def _prose(self) -> None:
        for fact in self.ledger.prose:
            if fact.year != self.year:
                continue
            stage = stage_of(fact.column, self.year)
            final = fact.measure == "amount" and FINAL.fullmatch(fact.column) is not None
            if not (final or stage) or fact.measure not in ("amount", "completion_rate"):
                continue
            if fact.measure == "amount" and not fact.is_money:
                continue
            said = self._of(fact)
            if said is None:
                continue
            if final:
                said.finals.append(fact)
            elif stage is not None and fact.measure == "amount":
                said.plans.setdefault(stage, []).append(fact)
            elif stage is not None:
                said.rates.append((stage, fact))

    def _changes(self) -> None:
        for stated in self.checks.changes:
            if stated.base != "预算" or stated.current.measure != "amount":
                continue
            parts = (*stated.changes, *stated.rates, *stated.bases)
            staged = [(stage, one) for one in parts if (stage := stage_of(one.column, self.year))]
            said = self._of(stated.current) if staged else None
            if said is None:
                continue
            said.current = said.current or stated.current
            for stage, one in staged:
                if one.measure == "change" and one.is_money:
                    said.row.changes.setdefault(stage, one)
                elif one.measure == "change_rate" and one.is_percent:
                    said.row.rates.setdefault(stage, one)
                elif one.measure == "base" and (one.is_money or not one.value):
                    said.bases.append((stage, one))

    def _words(self) -> None:
        """Sentences that say in words that an item had no initial budget, with what was spent on it."""
        for passage in self.checks.passages:
            for sentence in _SENTENCE.finditer(passage.text):
                if not _NONE.search(sentence[0]) or _REASON.search(sentence[0]):
                    continue
                there = passage.figures_between(*sentence.span())
                finals = [
                    one
                    for one in there
                    if one.measure == "amount" and one.is_money and FINAL.fullmatch(one.column)
                ]
                said = self._of(finals[0]) if len(finals) == 1 == len(there) else None
                if said is not None:
                    said.none = finals[0]
                    said.finals.insert(0, finals[0])

    def _of(self, fact: Fact) -> Gathered | None:
        """What a figure of the prose is about; None for income, projects, and what is under another heading."""
        headings, item, scope = prose_data().headings, fact.item, fact.scope
        if re.fullmatch(knowledge("operating.toml")["amount"], item):
            row = Execution("operating", "机关运行经费")
            return self._found.setdefault(("operating",), Gathered(row))
        if headings.elsewhere.search(scope) or headings.own.search(item):
            return None
        named = quantity(item, scope)
        if named is not None:
            return self._named(fact, named.final[0].table, named.final[0].column)
        if headings.three_public.search(scope) or _ECONOMIC_HEAD.search(fact.section):
            return None
        return self._by_account(fact) or self._other(fact)

    def _named(self, fact: Fact, table: str, column: str) -> Gathered | None:
        if table == THREE_PUBLIC:
            return self._public(column.partition("/")[2])
        leaf = fact.item.rsplit("/", 1)[-1]
        if _NOT_SPENT.search(leaf):
            return None
        if table in _TABLES and column in WHOLE:
            return self._sum(leaf, _TABLES[table])
        if table in ("appropriation_summary", "income_expenditure_summary"):
            fund = next((name for name in FUNDS if name == column), None)
            return self._sum(leaf.removesuffix("合计"), fund)
        return self._other(fact)

    def _by_account(self, fact: Fact) -> Gathered | None:
        """The account that a sentence names, by its code, otherwise by its name if that is of one account alone."""
        typed = _LEVEL.search(fact.item) is not None
        if not (typed or prose_data().headings.accounts.search(fact.scope)):
            return None
        said_fund = next((fund for word, fund in _WORDS.items() if word in fact.scope), None)
        name = _last(fact.item)
        for table, _ in account_tables(fact.scope):
            sheet = self.ledger.sheets.get(table)
            rows = account_rows(sheet, fact.item) if sheet and table != "income" else []
            codes = {row.code: row for row in rows}
            if len(codes) == 1:
                ((code, row),) = codes.items()
                return self._account(code, row.item, self._fund(table, code) or said_fund)
            if codes:
                break  # ambiguous
            if sheet and table != "income" and (found := self._alike(sheet, fact, name)):
                return self._account(
                    found.code, found.item, self._fund(table, found.code) or said_fund
                )
        if fact.figure.code:
            return self._account(fact.figure.code, name, said_fund)
        return self._account(None, name, said_fund, self._paragraph(fact)) if typed else None

    def _paragraph(self, fact: Fact) -> str:
        """Where a figure stands: accounts of one name that no table tells apart are apart by their paragraphs."""
        return str(bisect_right(self._starts, fact.figure.start))

    def _fund(self, table: str, code: str | None) -> str | None:
        """The fund of a table; of an account of a table of all money the one fund whose table has it."""
        there = [
            fund
            for name, fund in _TABLES.items()
            if (sheet := self.ledger.sheets.get(name)) and code in sheet.by_code
        ]
        return _TABLES.get(table) or (there[0] if len(there) == 1 else None)

    @cached_property
    def _finals(self) -> Mapping[tuple[str, str], list[Fact]]:
        """What sentences say was spent, by heading and item."""
        found: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
        for one in self.ledger.prose:
            if one.measure == "amount" and FINAL.fullmatch(one.column):
                found[one.section, one.item].append(one)
        return found

    def _alike(self, sheet: LedgerTable, fact: Fact, name: str) -> AccountRow | None:
        """The one account of a name that a sentence puts below others than the table does, if the amount is its own."""
        rows = [row for row in sheet.by_plain_name.get(plain_name(name), ()) if row.code]
        if len({row.code for row in rows}) != 1:
            return None
        cells = (sheet.cell(rows[0], column) for column in WHOLE)
        cell = next(filter(None, cells), None)
        agrees = cell is not None and any(
            cell.span.meets(one.span) for one in self._finals[fact.section, fact.item]
        )
        return rows[0] if agrees else None

    def _other(self, fact: Fact) -> Gathered | None:
        item = fact.item.rsplit("/", 1)[-1]
        odd = len(item) > _LONGEST or _NO_NAME.search(item) or _NOT_SPENT.search(item)
        if odd or not _OF_SPENDING.search(item):
            return None
        key = ("other", fact.scope, item)
        return self._found.setdefault(key, Gathered(Execution("other", item)))


def _last(item: str) -> str:
    names = [part for part in _LEVEL.split(item.rsplit("/", 1)[-1]) if part]
    return names[-1].strip("“”") if names else item
