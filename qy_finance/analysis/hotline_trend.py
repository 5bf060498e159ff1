"""How a hotline's figures move: between months, over years, and between two ways of asking for satisfaction."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from qy_finance.intervals import Approx, as_printed, in_unit
from qy_finance.report import Report

COLUMNS: Final = {
    "kind": "对什么",
    "item": "报告中的名称",
    "satisfied": "满意",
    "unsatisfied": "不满意（推算）",
}
"""What the columns of :func:`satisfaction` are called in a notebook."""

_GROWING: Final = re.compile("话务|来[电话]|呼入|诉求|工单|受理")
_MONTH: Final = re.compile(r"(\d{1,2})月份?")
_HANDLING: Final = re.compile("工单|诉求件|办理|处理|办结")
_CALLERS: Final = re.compile("来[电话]")


def months(report: Report) -> pd.DataFrame:
    """Rates that a sentence tells for two months (从5月份的…提升至9月份的…).

    Columns
    -------
    item : str
    from_month, to_month : int
    before, after : float
        In %.
    stated : float
        Change as the report states it; missing where it states none.
    points, relative : float
        Change recomputed: in percentage points, and in % of the earlier value (missing where that is 0).
    agrees : object
        True if the stated change is that in points or the relative one within rounding; None where none is stated.
    """
    facts = report.facts.to_dict("records")
    rows = []
    for at, (first, second) in enumerate(pairwise(facts)):
        months_ = [_MONTH.fullmatch(str(fact["column"])) for fact in (first, second)]
        same = first["item"] == second["item"] and first["measure"] == second["measure"] == "rate"
        if not same or months_[0] is None or months_[1] is None:
            continue
        before, after = as_printed(str(first["printed"])), as_printed(str(second["printed"]))
        points = after - before
        grown = points.percent_of(before)
        stated = _stated_change(facts[at + 2 : at + 3], str(first["item"]))
        agrees = None
        if stated is not None:
            agrees = stated.meets(points) or bool(grown and stated.meets(grown))
        rows.append(
            {
                "item": str(first["item"]),
                "from_month": int(months_[0][1]),
                "to_month": int(months_[1][1]),
                "before": float(before.value),
                "after": float(after.value),
                "stated": None if stated is None else float(stated.value),
                "points": float(points.value),
                "relative": None if grown is None else float(grown.value),
                "agrees": agrees,
            }
        )
    columns = ["item", "from_month", "to_month", "before", "after", "stated", "points", "relative"]
    frame = pd.DataFrame(rows, columns=[*columns, "agrees"])
    return frame.astype(dict.fromkeys(columns[3:], float))


def _stated_change(following: Sequence[dict[Hashable, Any]], item: str) -> Approx | None:
    for fact in following:
        if fact["item"] == item and fact["measure"] in ("change", "change_rate"):
            figure = as_printed(str(fact["printed"]))
            return figure if float(str(fact["value"])) >= 0 else figure.times(-1)
    return None


def growth(report: Report) -> pd.DataFrame:
    """Stated growth of calls or requests on the year before (同比), by year.

    Columns
    -------
    year : int
    item : str
        What grew, as named for that year; names can differ from year to year.
    rate : float
        % as stated.
    index : float
        Derived: the year before the first is 100, each stated rate multiplied on. Only as good as the assumption
        that all rates speak of the same thing. Missing from the first gap in the years on.
    """
    facts = report.facts
    facts = facts[facts["measure"].eq("change_rate").fillna(False)]
    by_year: dict[int, tuple[str, float]] = {}
    for row in facts.to_dict("records"):
        item = str(row["item"]).rsplit("/", 1)[-1]
        if _GROWING.search(item) and not pd.isna(row["year"]):
            by_year.setdefault(int(row["year"]), (item, float(row["value"])))
    rows: list[tuple[int, str, float, float | None]] = []
    level: float | None = 100.0
    for year in sorted(by_year):
        item, rate = by_year[year]
        connected = not rows or rows[-1][0] == year - 1
        level = level * (1 + rate / 100) if level is not None and connected else None
        rows.append((year, item, rate, level))
    frame = pd.DataFrame(rows, columns=["year", "item", "rate", "index"])
    return frame.astype({"rate": float, "index": float})


def satisfaction(report: Report) -> pd.DataFrame:
    """Satisfaction with the call and with what became of the request (满意度, 满意率).

    Columns
    -------
    kind : str
        通话 (how the call was answered) or 办理结果 (how the request was handled).
    item : str
        As the report names it.
    satisfied, unsatisfied : float
        In %, the second computed as 100 minus the first.
    """
    facts = report.facts
    facts = facts[
        facts["measure"].isin(["rate", "actual"])
        & facts["unit_of_measure"].eq("%").fillna(False)
        & facts["item"].str.contains("满意").fillna(False)
    ]
    found: dict[str, tuple[str, float]] = {}
    for row in facts.to_dict("records"):
        item = str(row["item"])
        kind = "办理结果" if _HANDLING.search(item) else "通话"
        found.setdefault(kind, (item, float(row["value"])))
    rows = [(kind, item, value, round(100 - value, 6)) for kind, (item, value) in found.items()]
    return pd.DataFrame(rows, columns=["kind", "item", "satisfied", "unsatisfied"]).astype(
        {"satisfied": float, "unsatisfied": float}
    )


def share_of_calls(report: Report, calls: Approx | None) -> pd.DataFrame:
    """Shares that the report states of its calls (占来话总数的…), recomputed on the stated calls.

    Columns
    -------
    item, of : str
        Part and whole as the report names them.
    stated, recomputed : float
        In %.
    agrees : bool
        Whether both agree within rounding.

    Empty where the report states no calls.
    """
    counts: dict[str, Approx] = {}
    rows = []
    for row in report.facts.to_dict("records"):
        item = str(row["item"])
        if row["measure"] == "count":
            counts[item] = in_unit(str(row["printed"]), str(row["unit_of_measure"]))[0]
        elif row["measure"] == "share" and item in counts and _CALLERS.match(str(row["column"])):
            stated = as_printed(str(row["printed"]))
            recomputed = counts[item].percent_of(calls) if calls else None
            if recomputed is not None:
                name, agrees = item.rsplit("/", 1)[-1], stated.meets(recomputed)
                shares = float(stated.value), float(recomputed.value)
                rows.append((name, str(row["column"]), *shares, agrees))
    frame = pd.DataFrame(rows, columns=["item", "of", "stated", "recomputed", "agrees"])
    return frame.astype({"stated": float, "recomputed": float, "agrees": bool})
