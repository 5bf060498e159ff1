"""Notebook 02: 机关运行经费, its growth, its accounts, and what the stated reasons explain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis import derived
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.facts import Fact, cell, find
from qy_finance.analysis.spending import economic, exact
from qy_finance.display import decimals
from qy_finance.report import Report

ITEM: Final = r"(?:本单位|本部门)?机关运行经费(?:支出)?(?:决算)?"
"""What reports call the amount."""
SIDE: Final = "公用经费"
THREE_PUBLIC: Final = {
    "因公出国（境）费": ("因公出国（境）费", "30212"),
    "公务用车购置费": ("公务用车购置及运行维护费/公务用车购置费", "31013"),
    "公务用车运行维护费": ("公务用车购置及运行维护费/公务用车运行维护费", "30231"),
    "公务接待费": ("公务接待费", "30217"),
}
"""Parts of 三公: column of the 三公 table, and the economic account that they are in as basic expenditure."""

COLUMNS: Final = {
    "named": "报告的说法",
    "code": "科目编码",
    "item": "科目",
    "amount": "金额",
    "finding": "明细表中",
    "part": "“三公”经费",
    "budget": "预算数",
    "spent": "决算数",
    "in_running": "其中在公用经费",
}
"""Chinese headers of the frames of this module."""

_REASON: Final = re.compile(
    r"主\s*要\s*(?:增\s*减|变\s*动|变\s*化|的|情\s*况|原\s*因|\s)*(?:是|为|：|:|\s)*([^。；]+)[。；]"
)
_WITHIN: Final = 160  # characters between the figures and their reason
_SEPARATOR: Final = re.compile(r"[、，,；;]|以及|和|及(?!其)|与")
_AFFIX: Final = re.compile(
    r"^(?:增加了?|减少了?|压减|本年|主要是|主要|由于|因)|(?:支出|费用)?(?:的)?(?:增加|减少|增长|下降|上升|变动|等)+$"
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A stated reason: the words without layout, and the line of ``Report.text`` where they begin."""

    text: str
    line: int


def operating(report: Report) -> Comparison | None:
    """机关运行经费 with its stated change against last year; None where the report does not state it."""
    found = derived.of(report, ITEM)
    if found is not None:
        return found
    amounts = [
        fact for fact in find(report, item=ITEM, measure="amount") if "预算" not in fact.column
    ]
    return Comparison(amounts[0]) if amounts else None


def reason(report: Report, found: Comparison | None) -> Reason | None:
    """The reason that the report gives after the figures (主要增减变动情况是…)."""
    if found is None:
        return None
    last = max((fact.end for fact in (found.current, found.change, found.rate) if fact), default=0)
    match = _REASON.search(report.text, last, last + _WITHIN)
    if match is None:
        return None
    begin = match.start(1) + len(match[1]) - len(match[1].lstrip())
    line = found.current.line + report.text.count("\n", found.current.start, begin)
    return Reason(re.sub(r"\s+", "", match[1]), line)


def accounts(report: Report) -> pd.DataFrame:
    """Accounts of 公用经费 that are not 0; columns as :func:`qy_finance.analysis.spending.economic`."""
    return economic(report, SIDE)


def drivers(report: Report, stated: Reason | None) -> pd.DataFrame:
    """Each thing that the reason names, and its account in the table of basic expenditure.

    Columns
    -------
    named, code, item : string
        As the reason says it, and the account of 公用经费 of that name; missing where there is none.
    amount : object (Decimal)
        As printed; missing where no account has that name.
    finding : string
        有金额, 印为 0.00, or 表中没有此科目.
    """
    table = exact(report, "basic_expenditure")
    table = table[(table["side"] == SIDE).fillna(False) & table["code"].notna()]
    rows = []
    for named in _SEPARATOR.split(stated.text) if stated else []:
        name = _AFFIX.sub("", named.strip('“”"（）()'))
        if not name:
            continue
        same = table[[_bare(item) in (_bare(name), _bare(named)) for item in table["item"]]]
        row = same.iloc[0] if len(same) else None
        amount = None if row is None else row["决算数"]
        finding = (
            "表中没有此科目"
            if row is None
            else "印为空白"
            if pd.isna(amount)
            else "有金额"
            if amount
            else "印为 0.00"
        )
        rows.append(
            (named, *((None, None) if row is None else (row["code"], row["item"])), amount, finding)
        )
    frame = pd.DataFrame(
        rows, columns=["named", "code", "item", "amount", "finding"], dtype="object"
    )
    return frame.astype(dict.fromkeys(("named", "code", "item", "finding"), "string"))


def three_public(report: Report) -> pd.DataFrame:
    """Parts of 三公 in the 三公 table, and how much of them 公用经费 contains.

    Columns ``part`` (string), ``budget``, ``spent``, ``in_running`` (object, Decimal in the money unit of the
    report; missing where not printed).
    """
    rows = []
    running = exact(report, "basic_expenditure")
    for part, (column, code) in THREE_PUBLIC.items():
        of_code = running[running["code"].eq(code).fillna(False)]
        rows.append(
            (
                part,
                *(
                    _value(cell(report, "three_public", "“三公”经费", f"{kind}/{column}"))
                    for kind in ("预算数", "决算数")
                ),
                of_code["决算数"].iloc[0] if len(of_code) else None,
            )
        )
    frame = pd.DataFrame(rows, columns=["part", "budget", "spent", "in_running"], dtype="object")
    return frame.astype({"part": "string"}).dropna(
        how="all", subset=["budget", "spent", "in_running"]
    )


def per_unit(report: Report) -> pd.DataFrame:
    """What one vehicle, one reception and one guest cost, where the report states both sides.

    Columns ``measure`` (string), ``amount`` (object, Decimal, 元), ``count`` (Int64), ``each`` (object,
    Decimal, 元), ``basis`` (string). A count of 0 gives no row.
    """
    kinds = (
        (
            "每辆公务用车运行维护费",
            "公务用车购置及运行维护费/公务用车运行维护费",
            r".*公务用车(?:期末)?保有量",
            "辆",
        ),
        ("每批次国内接待", "公务接待费", r"(?:发生)?国内(?:公务)?接待(?:批次)?", "次|批次|批|个"),
        (
            "每位接待对象",
            "公务接待费",
            r"(?:国内)?(?:公务)?接待(?:总)?人(?:数|次)(?:共)?",
            "人|人次",
        ),
    )
    rows = []
    for name, column, item, unit in kinds:
        amount = cell(report, "three_public", "“三公”经费", f"决算数/{column}")
        counts = [f for f in find(report, item=item, measure="count") if re.fullmatch(unit, f.unit)]
        if amount is None or len({fact.value for fact in counts}) != 1 or not counts[0].value:
            continue
        money, count = amount.in_unit("元").value, counts[0].value
        basis = f"{decimals(money, 0)} 元 ÷ {count:,} {counts[0].unit}"
        rows.append((name, money, int(count), money / count, basis))
    frame = pd.DataFrame(
        rows, columns=["measure", "amount", "count", "each", "basis"], dtype="object"
    )
    return frame.astype({"measure": "string", "count": "Int64", "basis": "string"})


def _bare(name: str) -> str:
    """Name without what reports leave out or add when they speak of an account."""
    return re.sub(r"[（(].*?[）)]|费用$|费$|支出$", "", name)


def _value(fact: Fact | None) -> Decimal | None:
    return fact.value if fact else None
