"""Views of the panel of reports that notebook 06 shows."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis.derived import DERIVED
from qy_finance.analysis.headlines import MONEY
from qy_finance.analysis.panel import Panel
from qy_finance.analysis.panel_measures import MEASURES
from qy_finance.intervals import Span

_LEAST: Final = 8  # units from which on one stands out from the others
_FENCE: Final = 1.5
"""Tukey's fences: this many interquartile ranges beyond the quartiles."""


def reports(panel: Panel) -> pd.DataFrame:
    """Who is in the panel: columns 单位, 年度, 口径, 表内单位, 缺的表, 矛盾, 提示, by unit and year.

    矛盾 are contradictions of figures, 提示 of words and of what is less grave (Int64).
    """
    rows = [
        (
            one.subject,
            str(one.entry.year),
            one.entry.scope,
            one.money_unit,
            "、".join(one.missing),
            one.errors,
            one.warnings,
        )
        for one in panel.members
    ]
    names = ["单位", "年度", "口径", "表内单位", "缺的表", "矛盾", "提示"]
    frame = pd.DataFrame(rows, columns=names).astype({"矛盾": "Int64", "提示": "Int64"})
    empty = [name for name in ("缺的表",) if not frame[name].any()]
    return frame.drop(columns=empty)


def wide(panel: Panel, keys: Sequence[str]) -> pd.DataFrame:
    """Measures side by side, a row for each unit and year: what is printed, and last year as far as it is implied.

    Columns 单位, 年度 (string; 推算 stands behind a year whose values are implied), the measures with their unit
    (object, Sourced) as far as any report states them, and 存疑 (string): which of them a contradiction touches.
    Years of a unit go back from the latest; implied values are left out where the catalogue has that year's report.
    """
    frame = panel.frame[panel.frame["measure"].isin(list(keys))]
    printed = {(one.subject, one.entry.year) for one in panel.members}
    order = {subject: at for at, subject in enumerate(panel.subjects)}
    frame = frame[
        [not (one.derived and (one.subject, one.year) in printed) for one in frame.itertuples()]
    ]
    rows = []
    for key, some in frame.groupby(["subject", "year"], sort=False):
        subject, year = str(key[0]), int(str(key[1]))
        named = dict(zip(some["measure"], some["value"], strict=True))
        doubted = "、".join(some.loc[some["doubted"], "name"])
        label = f"{year}（{DERIVED}）" if some["derived"].all() else str(year)
        rows.append((order[subject], -year, subject, label, *map(named.get, keys), doubted))
    rows.sort(key=lambda row: row[:2])
    titles = [f"{MEASURES[key].name}（{MEASURES[key].unit}）" for key in keys]
    names = ["单位", "年度", *titles, "存疑"]
    made = pd.DataFrame([row[2:] for row in rows], columns=names, dtype="object")
    stated = [name for name in names if made[name].replace("", None).notna().any()]
    return made[stated]


def latest(panel: Panel, key: str) -> pd.DataFrame:
    """The printed value of a measure in the last year of each unit that states it, largest first.

    Columns as :attr:`Panel.frame`.
    """
    frame = panel.frame[(panel.frame["measure"] == key) & ~panel.frame["derived"]]
    frame = frame.sort_values("year", kind="stable").drop_duplicates("subject", keep="last")
    order = frame["value"].astype(float).sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def changes(panel: Panel) -> pd.DataFrame:
    """Each measure of money against the year before, where that is printed in the catalogue or implied.

    Columns
    -------
    subject, scope, measure, name : string
    year : Int64
        The later year.
    before, after, change : object (Sourced)
        万元. The printed value of the year before where the catalogue has its report.
    rate : object (Sourced)
        % of the year before; missing where that is not above 0.
    derived, doubted : boolean
        Whether ``before`` is implied, and whether a contradiction touches one of the two values.
    """
    frame = panel.frame[panel.frame["unit_of_measure"] == MONEY]
    implied, printed = (
        {(one["subject"], one["measure"], one["year"]): one for one in some.to_dict("records")}
        for some in (frame[frame["derived"]], frame[~frame["derived"]])
    )
    rows = []
    for (subject, measure, year), after in printed.items():
        key = subject, measure, year - 1
        before = printed.get(key) or implied.get(key)
        if before is None:
            continue
        change = after["value"] - before["value"]
        rows.append(
            {
                **{name: after[name] for name in ("subject", "scope", "measure", "name", "year")},
                "before": before["value"],
                "after": after["value"],
                "change": change,
                "rate": 100 * change / before["value"] if before["value"] > 0 else None,
                "derived": before["derived"],
                "doubted": before["doubted"] or after["doubted"],
            }
        )
    kinds = {
        **dict.fromkeys(("subject", "scope", "measure", "name"), "string"),
        "year": "Int64",
        **dict.fromkeys(("before", "after", "change", "rate"), "object"),
        **dict.fromkeys(("derived", "doubted"), "boolean"),
    }
    return pd.DataFrame(rows, columns=list(kinds), dtype="object").astype(kinds)


def agreement(panel: Panel) -> pd.DataFrame:
    """Values that one report prints and the next one implies, and whether they can be the same number.

    Columns ``subject``, ``name`` (string), ``year`` (Int64), ``printed``, ``implied``, ``gap`` (object, Sourced,
    万元), ``agrees`` (boolean): whether the interval of the printed characters meets the implied one.
    """
    frame = panel.frame[panel.frame["low"].notna()]
    both = frame[~frame["derived"]].merge(
        frame[frame["derived"]], on=["subject", "measure", "year"], suffixes=("", "_next")
    )
    rows = [
        {
            **{name: one[name] for name in ("subject", "name", "year")},
            "printed": one["value"],
            "implied": one["value_next"],
            "gap": one["value_next"] - one["value"],
            "agrees": Span(one["low"], one["high"]).meets(Span(one["low_next"], one["high_next"])),
        }
        for one in both.to_dict("records")
    ]
    names = ["subject", "name", "year", "printed", "implied", "gap", "agrees"]
    made = pd.DataFrame(rows, columns=names, dtype="object")
    return made.astype(
        {"subject": "string", "name": "string", "year": "Int64", "agrees": "boolean"}
    )


def outliers(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of :func:`latest` that stand out: beyond Tukey's fences; none among few units."""
    if len(frame) < _LEAST:
        return frame.head(0)
    numbers = frame["value"].astype(float)
    low, high = numbers.quantile(0.25), numbers.quantile(0.75)
    reach = _FENCE * (high - low)
    return frame[(numbers < low - reach) | (numbers > high + reach)]


def median(frame: pd.DataFrame) -> Decimal:
    """The median of the values of :func:`latest`, exact and with its one or two sources."""
    ordered = sorted(frame["value"])
    lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return ordered[len(ordered) // 2] if len(ordered) % 2 else (lower + upper) / 2  # type: ignore[no-any-return]
