"""The figures of a report as a checker looks for them: cells by row and column, amounts of the prose in order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from qy_finance.checks.identities import SHORT
from qy_finance.checks.model import Operand
from qy_finance.figures import Figure, decimals_of, number
from qy_finance.intervals import MEASURED, MONEY, plain_unit
from qy_finance.narrative.flow import LEVELS

if TYPE_CHECKING:
    from qy_finance.report import Report

_SUFFIX: Final = re.compile(r"[（(](?:类|款|项)[）)]")


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of the identity data."""
    return re.compile(pattern)


class Row(NamedTuple):
    """An account of a table."""

    side: str | None
    code: str | None
    item: str


@dataclass(slots=True)
class Sheet:
    """One table: its rows and columns in the order of print, and the copies of each cell."""

    table: str
    rows: dict[Row, None] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)
    cells: dict[tuple[Row, str], list[Operand]] = field(default_factory=dict)
    by_code: dict[str, Row] = field(default_factory=dict)
    by_name: dict[tuple[str | None, str], Row] = field(default_factory=dict)
    children: dict[Row, list[Row]] = field(default_factory=dict)
    parents: dict[Row, Row] = field(default_factory=dict)
    _matched: dict[tuple[str, str | None], list[Row]] = field(default_factory=dict)
    _roots: dict[str | None, list[Row]] = field(default_factory=dict)

    def add(self, row: Row, column: str, operand: Operand) -> None:
        """Enter a figure."""
        copies = self.cells.setdefault((row, column), [])
        copies.append(operand)
        self.rows[row] = None
        self.columns[column] = None
        self.by_name.setdefault((row.side, row.item), row)
        if row.code is not None:
            self.by_code.setdefault(row.code, row)

    def close(self) -> None:
        """Find each coded row's parent: the nearest printed code that its own begins with."""
        for row in self.rows:
            if row.code is None:
                continue
            for end in range(len(row.code) - 2, 2, -2):
                parent = self.by_code.get(row.code[:end])
                if parent is not None and parent.side == row.side:
                    self.parents[row] = parent
                    self.children.setdefault(parent, []).append(row)
                    break

    def roots(self, side: str | None) -> list[Row]:
        """The highest accounts, of a side if one is given."""
        if side not in self._roots:
            self._roots[side] = [
                row
                for row in self.rows
                if row.code and row not in self.parents and (side is None or row.side == side)
            ]
        return self._roots[side]

    def cell(self, row: Row, column: str) -> Operand | None:
        """The figure of a cell (the first of its copies); None where it is blank."""
        copies = self.cells.get((row, column))
        return copies[0] if copies else None

    def matching(self, item: str, side: str | None) -> list[Row]:
        """The rows without a code whose name is as the pattern says, on a side if one is given."""
        key = item, side
        if key not in self._matched:
            pattern = compiled(item)
            self._matched[key] = [
                row
                for row in self.rows
                if row.code is None
                and (side is None or row.side == side)
                and pattern.fullmatch(row.item)
            ]
        return self._matched[key]


class Ledger:
    """All figures of a report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.unit = str(report.meta["money_unit"])
        self.year = int(str(report.meta["year"]))
        self.missing = frozenset(report._missing)
        document = report._document  # the figures and their places, without a frame between
        paged = document.printed is not None
        self.sheets: dict[str, Sheet] = {}
        self.prose: list[Operand] = []
        printed = [document.text[figure.start : figure.end] for figure in report._figures]
        digits = _digits(report._figures, printed)
        scopes = _scopes(report)
        for row, (figure, text) in enumerate(zip(report._figures, printed, strict=True)):
            line = document.line_at(figure.start)
            place = f"第{line.page}页" if paged else f"第{line.number}行"
            digit = digits.get(_group(figure), 0)
            scope = scopes(figure.start) if figure.table is None else ""
            operand = _operand(row, figure, text, digit, place, scope, self.unit)
            if figure.table is None:
                self.prose.append(operand)
            else:
                sheet = self.sheets.setdefault(figure.table, Sheet(figure.table))
                name = Row(figure.side, figure.code, figure.item)
                sheet.add(name, str(figure.column), operand)
        for sheet in self.sheets.values():
            sheet.close()

    @cached_property
    def sections(self) -> dict[str, list[Operand]]:
        """The figures of the prose under each heading, in order."""
        found: defaultdict[str, list[Operand]] = defaultdict(list)
        for operand in self.prose:
            found[operand.figure.section].append(operand)
        return dict(found)

    def amounts(self) -> Iterator[Operand]:
        """The sums of money of the prose that are about this year."""
        for operand in self.prose:
            figure = operand.figure
            if figure.measure == "amount" and is_money(figure) and figure.year in (None, self.year):
                yield operand


def _scopes(report: Report) -> Callable[[int], str]:
    """The chapter (一、) and the heading that a place of the document stands under."""
    starts: list[int] = []
    scopes: list[str] = []
    chapter = ""
    for paragraph, section in report._narrative.paragraphs:
        if paragraph.text:
            if paragraph.level is not None and paragraph.level <= _CHAPTER:
                chapter = paragraph.text if len(paragraph.text) < _LONGEST_TITLE else ""
            starts.append(paragraph.span(0, 1)[0])
            scopes.append(section if section == chapter else f"{chapter}/{section}")
    return lambda place: scopes[bisect_right(starts, place) - 1]


_CHAPTER: Final = LEVELS.index("chapter")
_LONGEST_TITLE: Final = 60


def brackets(name: str) -> str:
    """A name with full-width brackets."""
    return name.replace("(", "（").replace(")", "）")


def is_money(figure: Figure) -> bool:
    """Whether a figure is a sum of money."""
    return figure.unit_of_measure in MONEY or figure.table is not None


def plain(item: str) -> str:
    """The name of an account as tables have it: 教育支出（类） is 教育支出."""
    return _SUFFIX.sub("", item)


def _group(figure: Figure) -> tuple[str, str]:
    """Figures that are printed alike: those of a table, and sums of money under one heading."""
    if figure.table is not None:
        return figure.table, ""
    return (figure.section, figure.unit_of_measure) if is_money(figure) else ("", "")


def _digits(figures: tuple[Figure, ...], printed: list[str]) -> dict[tuple[str, str], int]:
    """How many decimals most figures of a group have. A trimmed zero (6.2 for 6.20) is as precise as its neighbours."""
    found: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for figure, text in zip(figures, printed, strict=True):
        group = _group(figure)
        if group != ("", ""):
            found[group][_decimals(text)] += 1
    return {
        group: max(counts, key=lambda digits: (counts[digits], digits))
        for group, counts in found.items()
    }


@cache
def _half(digits: int) -> Decimal:
    """Half of the last of so many decimals."""
    return Decimal(5).scaleb(-digits - 1)


@lru_cache(maxsize=4096)
def _decimals(printed: str) -> int:
    return decimals_of(number(printed))


def _operand(
    row: int, figure: Figure, printed: str, digits: int, place: str, scope: str, money: str
) -> Operand:
    half, factor, unit = _half(max(digits, _decimals(printed))), Decimal(1), money
    if figure.table is None:
        if figure.measure in ("base", "target"):
            half = Decimal(0)  # 基数为0, 目标值≥95%: what is set or does not exist is not rounded
        if is_money(figure):
            factor = MONEY[figure.unit_of_measure] / MONEY[money]
        else:
            multiple, unit = plain_unit(figure.unit_of_measure)
            factor = Decimal(multiple)
            if multiple == 1 and unit not in MEASURED and half >= Decimal("0.5"):
                half = Decimal(0)  # things counted one by one
    shown = printed.lstrip("-−－")
    if figure.unit_of_measure in ("%", "％"):
        shown += "%"
    elif factor != 1:
        shown += f" {figure.unit_of_measure}"
    names = _names(figure)
    return Operand(
        row,
        figure,
        printed,
        figure.value * factor,
        half * factor,
        place,
        *names,
        shown,
        unit,
        factor,
        scope,
    )


_KIND: Final = {
    "change": "增减额",
    "change_rate": "增减率",
    "share": "占比",
    "completion_rate": "完成率",
    "base": "基数",
    "target": "目标值",
    "actual": "实际值",
}


def _names(figure: Figure) -> tuple[str, str]:
    """What to call a figure beside others of its table, and elsewhere: row and column, item and kind in the prose."""
    column = (figure.column or "").replace("决算数/", "决算").replace("预算数/", "预算")
    column = column.replace("本年支出/", "").rsplit("/", 1)[-1]
    if figure.table is not None:
        if figure.table == "three_public":  # of one row
            return f"“三公”经费{column}", f"{SHORT[figure.table]}“{column}”"
        name = figure.item if column in ("决算数", "合计") else f"{figure.item}·{column}"
        return name, f"{SHORT[figure.table]}“{name}”"
    kind = _KIND.get(figure.measure, "")
    if figure.measure in ("change", "change_rate", "base") and column:
        kind = f"比{column}{kind}"
    elif figure.measure == "share" and column:
        kind = f"占{column}比重"
    elif figure.measure == "amount" and column:
        kind = column
    return f"{figure.item}{kind}", f"{figure.item}{kind}"
