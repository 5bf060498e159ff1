"""What the index can be searched for in a report: findings, indicators and items, each with the figures it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from qy_finance.language import measured, plain, t

if TYPE_CHECKING:
    from qy_finance.report import Report

FINDING, INDICATOR, ITEM = "finding", "indicator", "item"

Line = tuple[str, str, list[str]]
"""Its kind, what it says, and the ids of its figures."""


def lines(report: Report, broken: pd.DataFrame) -> list[Line]:
    """All that can be found in a report, in the language that is spoken.

    ``broken`` is what :func:`qy_finance.analysis.measures.contradictions` says of it. An item is named once, by the
    first figure that prints an amount for it; items that have none, as most of a form do, are left out.
    """
    facts = report.reading.facts
    found: list[Line] = [
        (FINDING, " ".join(message.split()), [facts[at].id for at in rows])
        for message, rows in zip(broken["message"], broken["rows"], strict=True)
    ]
    for row in report.kpis.to_dict("records"):
        told = [plain(str(row["name"]))]
        for name in ("target", "actual"):
            if pd.notna(printed := row[f"{name}_printed"]):
                word = t("目标") if name == "target" else t("实际")
                limit = row["comparison"] if name == "target" else None
                told.append(f"{word} {'' if pd.isna(limit) else limit}{printed}")
        found.append(
            (INDICATOR, " ".join(told), [row["figure"]] if pd.notna(row["figure"]) else [])
        )
    seen = set()
    for fact in facts:
        if fact.measure != "amount" or not fact.number or not fact.item or fact.item in seen:
            continue
        seen.add(fact.item)
        amount = measured(f"{fact.number:,f}", fact.unit_of_measure)
        found.append((ITEM, f"{plain(fact.path)} {amount}", [fact.id]))
    return found
