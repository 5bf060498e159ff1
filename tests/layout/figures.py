"""The figures of an account's nine tables, by table in the order of the form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .accounts import APPROPRIATIONS, OWN_SOURCES, Account, Entry, rounded, tree
from .canvas import Form
from .codes import NAMES, PERSONNEL, RUNNING
from .facts import Cell
from .headers import (
    EXPENDITURE_COLUMNS,
    FUND_COLUMNS,
    INCOME_COLUMNS,
    SPENT,
    THREE_PUBLIC_COLUMNS,
)

_GENERAL = ("本年支出合计", "基本支出", "项目支出")


class Figures:
    """Makes the cells of each table, named and printed as a form does."""

    def __init__(self, account: Account, form: Form) -> None:
        self.account, self.form = account, form

    def tables(self) -> dict[str, list[Cell]]:
        of = self.account.of
        return {
            "income_expenditure_summary": self._summary(),
            "income": self._coded("income", INCOME_COLUMNS, of(), "income"),
            "expenditure": self._coded("expenditure", EXPENDITURE_COLUMNS, of(), "spending"),
            "appropriation_summary": self._appropriations(),
            "general_budget_expenditure": self._coded(
                "general_budget_expenditure", _GENERAL, of("general"), "appropriation"
            ),
            "basic_expenditure": self._basic(),
            "government_fund": self._coded(
                "government_fund", FUND_COLUMNS, of("fund"), "fund_flow"
            ),
            "state_capital": self._coded("state_capital", SPENT, of("capital"), "appropriation"),
            "three_public": [
                self._cell("three_public", None, None, "“三公”经费", column, amount)
                for column, amount in zip(
                    THREE_PUBLIC_COLUMNS,
                    (*self.account.planned.cells, *self.account.spent.cells),
                    strict=True,
                )
            ],
        }

    def _cell(
        self, table: str, side: str | None, code: str | None, item: str, column: str, amount: int
    ) -> Cell:
        value = rounded(amount, 100 * self.account.fraction)
        printed = f"{value:,.2f}" if self.form.separators else f"{value:.2f}"
        return Cell(table, side, code, item, column, printed)

    def _coded(
        self, table: str, columns: Sequence[str], entries: tuple[Entry, ...], figures: str
    ) -> list[Cell]:
        """The rows of a table with functional codes; 合计 stands first."""
        rows: list[tuple[str | None, str, tuple[Entry, ...]]] = [(None, "合计", entries)]
        rows += [(code, self.form.name(NAMES[code]), below) for code, below in tree(entries)]
        return [
            self._cell(table, None, code, item, column, sum(amounts))
            for code, item, below in rows
            for column, amounts in zip(
                columns,
                zip(*(getattr(entry, figures) for entry in below), strict=True)
                if below
                else [()] * len(columns),
                strict=True,
            )
        ]

    def _side(self, table: str, side: str, rows: Iterable[tuple[str, int]]) -> list[Cell]:
        return [self._cell(table, side, None, item, "决算数", amount) for item, amount in rows]

    def _summary(self) -> list[Cell]:
        account = self.account
        amounts = account.amounts()
        used = "使用非财政拨款结余" + self.form.name("（含专用结余）") * (account.year >= 2023)
        sources = (*(f"{name}收入" for name in APPROPRIATIONS.values()), *OWN_SOURCES)
        received = [
            *((name, amounts[name]) for name in sources),
            ("本年收入合计", amounts["本年收入"]),
            (used, account.used),
            ("年初结转和结余", account.opening),
            ("总计", amounts["总计"]),
        ]
        spent = [
            *(
                (name, sum(e.spending[0] for e in account.of() if e.code.startswith(code)))
                for code, name in account.classes
            ),
            ("本年支出合计", amounts["本年支出"]),
            ("结余分配", account.distributed),
            ("年末结转和结余", account.closing),
            ("总计", amounts["总计"]),
        ]
        table = "income_expenditure_summary"
        return self._side(table, "收入", received) + self._side(table, "支出", spent)

    def _appropriations(self) -> list[Cell]:
        account, table = self.account, "appropriation_summary"
        funds = {name: account.of(fund) for fund, name in APPROPRIATIONS.items()}
        receipts = {name: sum(e.receipt for e in fund) for name, fund in funds.items()}
        total, opening = sum(receipts.values()), "年初财政拨款结转和结余"
        received = [
            *receipts.items(),
            ("本年收入合计", total),
            (opening, account.opening),
            *((f"{opening}/{name}", sum(e.carry_in for e in fund)) for name, fund in funds.items()),
            ("总计", total + account.opening),
        ]
        spent = [sum(e.appropriation[0] for e in fund) for fund in funds.values()]
        kept = [sum(e.carry_out for e in fund) for fund in funds.values()]
        rows = [
            (
                name,
                [sum(e.appropriation[0] for e in f if e.code[:3] == code) for f in funds.values()],
            )
            for code, name in account.classes
        ]
        rows += [("本年支出合计", spent), ("年末财政拨款结转和结余", kept)]
        rows.append(("总计", [a + b for a, b in zip(spent, kept, strict=True)]))
        return self._side(table, "收入", received) + [
            self._cell(table, "支出", None, item, column, amount)
            for item, amounts in rows
            for column, amount in zip(("合计", *funds), [sum(amounts), *amounts], strict=True)
        ]

    def _basic(self) -> list[Cell]:
        economic, table = self.account.economic, "basic_expenditure"
        cells = []
        for side, codes in (("人员经费", PERSONNEL), ("公用经费", RUNNING)):
            total = sum(economic[code] for code in codes if len(code) == 3)
            rows = [(code, self.form.name(name), economic[code]) for code, name in codes.items()]
            for code, item, amount in [*rows, (None, f"{side}合计", total)]:
                cells.append(self._cell(table, side, code, item, "决算数", amount))
        return cells
