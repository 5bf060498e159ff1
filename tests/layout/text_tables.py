"""The nine tables of a final account, laid out as the text of the published report has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .accounts import APPROPRIATIONS, OWN_SOURCES, Account, Entry, rounded, tree
from .canvas import Canvas, Name
from .codes import NAMES, PERSONNEL, RUNNING
from .facts import Cell, Span
from .headers import (
    EXPENDITURE_COLUMNS,
    FUND_COLUMNS,
    INCOME_COLUMNS,
    JUMBLED,
    NOTES,
    ORDERLY,
    ORDINALS,
    ROUNDING,
    SPENT,
    THREE_PUBLIC_COLUMNS,
    TITLES,
)

Row: TypeAlias = tuple[Sequence[str | Name], Sequence[Cell]]


@dataclass
class Tables:
    """Writes the nine tables on a canvas and keeps what it wrote."""

    account: Account
    canvas: Canvas

    def __post_init__(self) -> None:
        self.cells: list[Cell] = []
        self.spans: dict[str, Span] = {}
        self.table = ""

    def money(self, amount: int) -> str:
        value = rounded(amount, 100 * self.account.fraction)
        return f"{value:,.2f}" if self.canvas.options.separators else f"{value:.2f}"

    def name(self, text: str) -> str:
        """A name as this report prints it, in full-width or half-width brackets."""
        if self.canvas.options.half_width:
            return text.replace("（", "(").replace("）", ")")
        return text

    def write(self, skip: Sequence[str] = ()) -> None:
        makers: dict[str, Callable[[], list[Row]]] = {
            "income_expenditure_summary": self._summary,
            "income": lambda: self._coded(INCOME_COLUMNS, self.account.of(), "income"),
            "expenditure": lambda: self._coded(EXPENDITURE_COLUMNS, self.account.of(), "spending"),
            "appropriation_summary": self._appropriations,
            "general_budget_expenditure": lambda: self._coded(
                ("本年支出合计", "基本支出", "项目支出"),
                self.account.of("general"),
                "appropriation",
            ),
            "basic_expenditure": self._basic,
            "government_fund": lambda: self._coded(
                FUND_COLUMNS, self.account.of("fund"), "fund_flow"
            ),
            "state_capital": lambda: self._coded(
                SPENT, self.account.of("capital"), "appropriation"
            ),
            "three_public": self._three_public,
        }
        for number, (self.table, make) in enumerate(makers.items(), start=1):
            if self.table not in skip:
                self._lay_out(number, make())

    def _lay_out(self, number: int, rows: list[Row]) -> None:
        canvas = self.canvas
        coded = rows[0][0][:1] == [""] and rows[0][1][0].item == "合计"
        title = canvas.random.choice(TITLES[self.table])
        canvas.new_page()
        start = canvas.position
        self._head(number, title)
        first_row = last_row = canvas.position
        on_page = 0
        for at, (texts, cells) in enumerate(rows):
            if on_page >= canvas.options.rows_per_page:
                on_page = 0
                canvas.new_page()
                if canvas.options.repeat_headers:
                    self._head(number, title)
                    if coded:
                        canvas.row(rows[0][0], canvas.options.name_width)
            last_row = canvas.position
            canvas.row(texts, canvas.options.name_width)
            self.cells.extend(cells)
            on_page += 1 if at else canvas.random.randint(1, 2)
        end = canvas.position
        if canvas.options.notes:
            self._notes(empty=self.table in ("government_fund", "state_capital") and len(rows) == 1)
        self.spans[self.table] = Span(start, first_row, last_row, end)

    def _head(self, number: int, title: str) -> None:
        options, canvas = self.canvas.options, self.canvas
        if options.table_labels:
            canvas.line(options.table_labels.format(number))
        canvas.line(f"{title} ")
        unit = options.unit_line.format(unit=self.account.unit, money=self.account.money_unit)
        canvas.line(f"{unit} ")
        header = (JUMBLED if options.jumbled_headers else ORDERLY)[self.table]
        if not options.row_numbers:
            header = re.sub(r"\n栏.*| 行次", "", header)
        for line in header.splitlines():
            tight, goes_on = line.endswith("~"), line.endswith("^")
            canvas.line(self.name(line.rstrip("~^")) + " " * (not goes_on), tight=tight)

    def _notes(self, *, empty: bool) -> None:
        style = self.canvas.random.choice(("one", "two", "short"))
        note = NOTES[self.table]
        if style == "two":
            self.canvas.line(f"注：1.{note}   ")
            self.canvas.line(f"    2.{ROUNDING}  ")
        else:
            self.canvas.line(f"注：{note}{ROUNDING if style == 'one' else ''}  ")
        if empty:
            self.canvas.line(" 本表本年度无发生额。  ")

    def _figure(
        self,
        item: str,
        column: str,
        amount: int,
        *,
        side: str | None = None,
        code: str | None = None,
    ) -> Cell:
        return Cell(self.table, side, code, item, column, self.money(amount))

    def _coded(self, columns: Sequence[str], entries: tuple[Entry, ...], figures: str) -> list[Row]:
        """Rows of a table with functional codes; 合计 stands first."""

        def total(below: tuple[Entry, ...]) -> list[int]:
            rows = [getattr(entry, figures) for entry in below]
            return [sum(column) for column in zip(*rows, strict=True)] or [0] * len(columns)

        def cells(item: str, code: str | None, below: tuple[Entry, ...]) -> list[Cell]:
            return [
                self._figure(item, column, amount, code=code)
                for column, amount in zip(columns, total(below), strict=True)
            ]

        made = cells("合计", None, entries)
        rows: list[Row] = [(["", "合计", *(c.printed for c in made)], made)]
        for code, below in tree(entries):
            name = self.name(NAMES[code])
            made = cells(name, code, below)
            rows.append(([code, Name(name), *(c.printed for c in made)], made))
        return rows

    def _number(self, number: int) -> list[str]:
        return [str(number)] if self.canvas.options.row_numbers else []

    def _summary(self) -> list[Row]:
        account = self.account
        amounts = account.amounts()
        sources = [f"{name}收入" for name in APPROPRIATIONS.values()] + list(OWN_SOURCES)
        left = [(name, self._source(name), amounts[name]) for name in sources]
        lefts: list[tuple[str, str, int] | None] = [*left]
        lefts += [None] * (account.lines - len(left))
        used = "使用非财政拨款结余"
        if account.year >= 2023:
            used += self.name("（含专用结余）")
        lefts += [
            ("本年收入合计", "", amounts["本年收入"]),
            (used, "", account.used),
            ("年初结转和结余", "", account.opening),
            ("总计", "", amounts["总计"]),
        ]
        rights = [
            (name, sum(e.spending[0] for e in account.of() if e.code.startswith(code)))
            for code, name in account.classes
        ]
        rights += [
            ("本年支出合计", amounts["本年支出"]),
            ("结余分配", account.distributed),
            ("年末结转和结余", account.closing),
            ("总计", amounts["总计"]),
        ]
        rows: list[Row] = []
        for at, (income, (name, amount)) in enumerate(zip(lefts, rights, strict=True)):
            texts: list[str | Name] = []
            cells: list[Cell] = []
            if income:
                item, ordinal, received = income
                cells.append(self._figure(item, "决算数", received, side="收入"))
                texts += [Name(ordinal + item), *self._number(at + 1), cells[-1].printed]
            else:
                texts += ["", *self._number(at + 1), ""]
            cells.append(self._figure(name, "决算数", amount, side="支出"))
            ordinal = f"{ORDINALS[at]}、" if at < account.lines else ""
            number = self._number(at + 1 + len(rights))
            texts += [Name(ordinal + name), *number, cells[-1].printed]
            rows.append((texts, cells))
        return rows

    def _source(self, name: str) -> str:
        names = [f"{fund}收入" for fund in APPROPRIATIONS.values()] + list(OWN_SOURCES)
        return f"{ORDINALS[names.index(name)]}、"

    def _appropriations(self) -> list[Row]:
        account = self.account
        funds = [account.of(fund) for fund in APPROPRIATIONS]
        total = sum(e.receipt for e in account.of())
        opening = "年初财政拨款结转和结余"
        # What is printed, what it is to be read as, and the amount.
        lefts: list[tuple[str, str, int] | None] = [
            (f"{ORDINALS[at]}、{name}", name, sum(e.receipt for e in fund))
            for at, (name, fund) in enumerate(zip(APPROPRIATIONS.values(), funds, strict=True))
        ]
        lefts += [None] * (account.lines - len(lefts))
        lefts += [("本年收入合计",) * 2 + (total,), (opening,) * 2 + (account.opening,)]
        lefts += [
            (name, f"{opening}/{name}", sum(e.carry_in for e in fund))
            for name, fund in zip(APPROPRIATIONS.values(), funds, strict=True)
        ]
        lefts.append(("总计", "总计", total + account.opening))
        spent = [sum(e.appropriation[0] for e in fund) for fund in funds]
        kept = [sum(e.carry_out for e in fund) for fund in funds]
        rights: list[tuple[str, list[int]]] = [
            (name, [sum(e.appropriation[0] for e in fund if e.code[:3] == code) for fund in funds])
            for code, name in account.classes
        ]
        rights += [("本年支出合计", spent), ("年末财政拨款结转和结余", kept)]
        rights += [("", [])] * 3
        rights.append(("总计", [a + b for a, b in zip(spent, kept, strict=True)]))
        rows: list[Row] = []
        for at, (received, (name, columns)) in enumerate(zip(lefts, rights, strict=True)):
            texts: list[str | Name] = []
            cells: list[Cell] = []
            if received:
                printed, item, amount = received
                cells.append(self._figure(item, "决算数", amount, side="收入"))
                texts += [Name(printed), *self._number(at + 1), cells[-1].printed]
            else:
                texts += ["", *self._number(at + 1), "", *self.canvas.random.choice(([], [""]))]
            number = self._number(at + 1 + len(rights))
            if name:
                ordinal = f"{ORDINALS[at]}、" if at < account.lines else ""
                right = [
                    self._figure(name, column, value, side="支出")
                    for column, value in zip(
                        ("合计", *APPROPRIATIONS.values()), [sum(columns), *columns], strict=True
                    )
                ]
                wrapped = bool(received) and len(printed) > self.canvas.options.name_width
                alone = wrapped and self.canvas.random.random() < 0.5
                texts += [Name(ordinal + name, alone=alone), *number, *(c.printed for c in right)]
                cells += right
            else:
                texts += ["", *number, "", "", "", ""]
            rows.append((texts, cells))
        return rows

    def _basic(self) -> list[Row]:
        economic = self.account.economic
        rows: list[Row] = []
        left, right = list(PERSONNEL.items()), list(RUNNING.items())
        for at in range(max(len(left), len(right))):
            texts: list[str | Name] = []
            cells: list[Cell] = []
            for side, codes in (("人员经费", left), ("公用经费", right)):
                if at >= len(codes):
                    texts += ["", "", ""]
                    continue
                code, name = codes[at][0], self.name(codes[at][1])
                cell = self._figure(name, "决算数", economic[code], side=side, code=code)
                texts += [code, Name(name), cell.printed]
                cells.append(cell)
            rows.append((texts, cells))
        totals = [
            self._figure(
                f"{side}合计",
                "决算数",
                sum(
                    amount for code, amount in economic.items() if len(code) == 3 and code in codes
                ),
                side=side,
            )
            for side, codes in (("人员经费", PERSONNEL), ("公用经费", RUNNING))
        ]
        texts = ["", "人员经费合计", totals[0].printed, "", "公用经费合计", totals[1].printed]
        return [*rows, (texts, totals)]

    def _three_public(self) -> list[Row]:
        amounts = (*self.account.planned.cells, *self.account.spent.cells)
        cells = [
            self._figure("“三公”经费", column, amount)
            for column, amount in zip(THREE_PUBLIC_COLUMNS, amounts, strict=True)
        ]
        return [([cell.printed for cell in cells], cells)]
