"""Which figures that were recognised on pictures a person should look at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import pandas as pd

from qy_finance.figures import number

# Each total column of the standard form and the columns that it adds up.
_COLUMNS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "income": {
        "本年收入合计": (
            "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入",
        )
    },
    "expenditure": {
        "本年支出合计": ("基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
    },
    "appropriation_summary": {
        "合计": ("一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款")
    },
    "general_budget_expenditure": {"本年支出合计": ("基本支出", "项目支出")},
    "government_fund": {"本年支出/小计": ("本年支出/基本支出", "本年支出/项目支出")},
    "state_capital": {"本年支出/小计": ("本年支出/基本支出", "本年支出/项目支出")},
    "three_public": {
        f"{group}/{total}": tuple(f"{group}/{part}" for part in parts)
        for group in ("预算数", "决算数")
        for total, parts in {
            "合计": ("因公出国（境）费", "公务用车购置及运行维护费/小计", "公务接待费"),
            "公务用车购置及运行维护费/小计": (
                "公务用车购置及运行维护费/公务用车购置费",
                "公务用车购置及运行维护费/公务用车运行维护费",
            ),
        }.items()
    },
}  # fmt: skip
_SUMMARIES: Final = ("income_expenditure_summary", "appropriation_summary")


class _Sum(NamedTuple):
    """A total and its parts, as rows of the observations."""

    total: int
    parts: list[int]


def broken_sums(observations: pd.DataFrame) -> set[int]:
    """The rows of ``observations`` that stand in a sum of their table which does not come out.

    A sum comes out if the difference is no more than the rounding of its figures: half of the last digit each.
    """
    exact = [number(printed) for printed in observations["printed"]]
    places = [-int(value.as_tuple().exponent) for value in exact]
    broken: set[int] = set()
    for total, parts in _sums(observations):
        difference = abs(exact[total] - sum(exact[part] for part in parts))
        rounding = sum(0.5 * 10 ** -places[row] for row in (total, *parts))
        if difference > rounding + 1e-9:
            broken |= {total, *parts}
    return broken


def _sums(observations: pd.DataFrame) -> Iterator[_Sum]:
    columns = ["table", "side", "code", "item", "column"]
    keys = observations[columns].astype(object).where(observations[columns].notna(), None)
    tables: defaultdict[str, dict[tuple[str | None, ...], int]] = defaultdict(dict)
    for row, (table, *key) in enumerate(keys.itertuples(index=False)):
        if table is not None:
            tables[table].setdefault(tuple(key), row)
    for table, cells in tables.items():
        yield from _across(table, cells)
        yield from _down(cells)
        if table in _SUMMARIES:
            yield from _lists(cells)


Cells = dict[tuple[str | None, ...], int]


def _across(table: str, cells: Cells) -> Iterator[_Sum]:
    """合计 = 基本支出 + 项目支出, in each row."""
    for (side, code, item, column), row in cells.items():
        for total, parts in _COLUMNS.get(table, {}).items():
            if column == total:
                found = [cells[key] for part in parts if (key := (side, code, item, part)) in cells]
                if found:
                    yield _Sum(row, found)


def _down(cells: Cells) -> Iterator[_Sum]:
    """类 = its 款, 款 = its 项, 合计 = all 类, in each column."""
    for (side, code, item, column), row in cells.items():
        if code is None and not str(item).endswith("合计"):
            continue
        level = 3 if code is None else len(code) + 2
        parts = [
            other
            for (its_side, its_code, _, its_column), other in cells.items()
            if its_code is not None
            and len(its_code) == level
            and its_code.startswith(code or "")
            and its_column == column
            and side in (None, its_side)
        ]
        if parts:
            yield _Sum(row, parts)


def _lists(cells: Cells) -> Iterator[_Sum]:
    """本年收入合计 = the lines above it, 总计 = it and the lines below; both 总计 are equal."""
    sides: defaultdict[tuple[str | None, str | None], list[tuple[str, int]]] = defaultdict(list)
    for (side, _, item, column), row in cells.items():
        if "/" not in str(item):
            sides[side, column].append((str(item), row))
    for lines in sides.values():
        named = dict(lines)
        order = [item for item, _ in lines]
        year = next((item for item in order if item.startswith("本年") and "合计" in item), None)
        if year is not None:
            at = order.index(year)
            yield from _sum_of(named[year], (named[item] for item in order[:at]))
            if "总计" in named:
                between = order[at : order.index("总计")]
                yield from _sum_of(named["总计"], (named[item] for item in between))


def _sum_of(total: int, parts: Iterable[int]) -> Iterator[_Sum]:
    found = list(parts)
    if found:
        yield _Sum(total, found)
