"""Views of the panel of reports that notebook 06 shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis.derived import DERIVED
from qy_finance.analysis.headlines import MONEY
from qy_finance.analysis.panel import Panel
from qy_finance.analysis.panel_measures import MEASURES
from qy_finance.intervals import Span

MOST: Final = 15
"""Rows that a figure shows; the rest is for a sentence to name."""

SUMS: Final = ("income", "expenditure", "general_income", "general", "fund_income", "fund")
STRUCTURE: Final = ("basic", "project", "project_share", "personnel", "running", "personnel_share")
OFFICE: Final = ("operating", "three_public", "procurement", "sme_share")
"""Measures that are shown together."""

PLACES: Final = {one.title: 1 if one.unit == "%" else 2 for one in MEASURES.values()} | {
    "增减 %": 1
}
"""Decimals of the columns of tables."""

PRINTED: Final = "印出"
"""Marks what a report prints itself."""

_LEAST: Final = 8  # units from which on one stands out from the others
_FENCE: Final = 1.5
"""Tukey's fences: this many interquartile ranges beyond the quartiles."""


@dataclass(frozen=True, slots=True)
class Series:
    """A line over years: its name, years and values (万元), which of them are implied, and the last rate of change."""

    name: str
    years: Sequence[int]
    values: Sequence[Decimal]
    derived: Sequence[bool]
    rate: Decimal | None


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

    Columns 单位 (string, left out where there is one), 年度 (string), 来源 (string: 印出 or 推算), the measures
    (object, Sourced; 万元 unless their header names a unit) as far as any report states them, and 存疑 (string):
    how many of them a contradiction touches. Years of a unit go back from the latest; implied values are left out where
    the catalogue has that year's report.
    """
    frame = panel.frame[panel.frame["measure"].isin(list(keys))]
    known = {(one.subject, one.entry.year) for one in panel.members}
    order = {subject: at for at, subject in enumerate(panel.subjects)}
    rows = []
    for key, some in frame.groupby(["subject", "year", "derived"], sort=False):
        subject, year, derived = str(key[0]), int(str(key[1])), bool(key[2])
        if derived and (subject, year) in known:
            continue
        named = dict(zip(some["measure"], some["value"], strict=True))
        count = int(some["doubted"].sum())
        doubted = f"{count} 项" if count else ""
        told = (subject, str(year), DERIVED if derived else PRINTED)
        rows.append((order[subject], -year, *told, *map(named.get, keys), doubted))
    rows.sort(key=lambda row: row[:2])
    names = ["单位", "年度", "来源", *(MEASURES[key].title for key in keys), "存疑"]
    made = pd.DataFrame([row[2:] for row in rows], columns=names, dtype="object")
    stated = [name for name in names if made[name].replace("", None).notna().any()]
    return _of_units(panel, made[stated])


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


def compared(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`changes` of the measure that has the most rates, the last year of each unit."""
    rated = found[found["rate"].notna()].drop_duplicates(["subject", "measure"], keep="last")
    most = max(MEASURES, key=lambda key: int((rated["measure"] == key).sum()))
    return rated[rated["measure"] == most].reset_index(drop=True)


def series(panel: Panel) -> list[Series]:
    """Lines over years: of one unit each measure of money, of several units 本年支出 of those with several reports.

    Where a year is printed and implied, it is the printed value. What has one year only is left out.
    """
    alone = len(panel.subjects) == 1
    frame = panel.frame[panel.frame["unit_of_measure"] == MONEY]
    if not alone:
        counts = Counter(one.subject for one in panel.members)
        several = [subject for subject, count in counts.items() if count > 1]
        frame = frame[(frame["measure"] == "expenditure") & frame["subject"].isin(several)]
    frame = frame.sort_values(["derived", "year"], kind="stable")
    frame = frame.drop_duplicates(["subject", "measure", "year"]).sort_values("year", kind="stable")
    found = changes(panel).set_index(["subject", "measure", "year"])["rate"]
    keys = [(subject, key) for subject in panel.subjects for key in MEASURES]
    lines = []
    for subject, key in keys:
        some = frame[(frame["subject"] == subject) & (frame["measure"] == key)]
        if len(some) > 1:
            years = [int(year) for year in some["year"]]
            rate = found.get((subject, key, years[-1]))
            name = MEASURES[key].name if alone else subject
            lines.append(Series(name, years, list(some["value"]), list(some["derived"]), rate))
    return lines


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


def shown(panel: Panel, found: pd.DataFrame) -> pd.DataFrame:
    """:func:`changes` to be read: Chinese headers, and whether last year's value is 印出 or 推算."""
    made = pd.DataFrame(
        {
            "单位": found["subject"],
            "项目": found["name"],
            "年度": found["year"].astype("string"),
            "上年": found["before"],
            "上年数": _words(found["derived"], DERIVED, PRINTED),
            "本年": found["after"],
            "增减": found["change"],
            "增减 %": found["rate"],
            "存疑": _words(found["doubted"], "存疑", ""),
        }
    )
    return _of_units(panel, made.drop(columns=[] if found["doubted"].any() else ["存疑"]))


def shown_agreement(panel: Panel, found: pd.DataFrame) -> pd.DataFrame:
    """:func:`agreement` to be read, what does not agree first."""
    ordered = found.sort_values("agrees", kind="stable")
    made = pd.DataFrame(
        {
            "单位": ordered["subject"],
            "项目": ordered["name"],
            "年度": ordered["year"].astype("string"),
            PRINTED: ordered["printed"],
            DERIVED: ordered["implied"],
            "相差": ordered["gap"],
            "是否相符": _words(ordered["agrees"], "相符", "不符"),
        }
    )
    return _of_units(panel, made)


def _of_units(panel: Panel, frame: pd.DataFrame) -> pd.DataFrame:
    """Without the column that names the unit, where there is one unit."""
    return frame.drop(columns=["单位"]) if len(panel.subjects) == 1 else frame


def _words(flags: Iterable[bool], yes: str, no: str) -> list[str]:
    return [yes if flag else no for flag in flags]
