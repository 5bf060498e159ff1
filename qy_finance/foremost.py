"""What is foremost in a report, and what can be found in it: what the index says of each of many."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from qy_finance.analysis.coverage import coverage
from qy_finance.analysis.measures import contradictions, headlines
from qy_finance.checks import CheckSet
from qy_finance.language import EN, measured, plain, speaking, t

if TYPE_CHECKING:
    from qy_finance.report import Report

FINDING, INDICATOR, ITEM = "finding", "indicator", "item"

Line = tuple[str, str, list[str]]
"""Its kind, what it says, and the ids of its figures."""

_MOST: Final = 12
"""Contradictions that are shown of a report."""


def foremost(report: Report, before: Report | None, english: bool = False) -> dict[str, Any]:
    """What is foremost in a report, compared with that of the year before if there is one.

    Returns
    -------
    dict
        ``error`` (empty); ``headlines``, the rows of :func:`qy_finance.analysis.measures.headlines` with the value as
        text; ``extent``, the shares of :class:`qy_finance.analysis.coverage.Coverage` in percent, as text, without
        those of nothing, and ``thin``; ``checks``, how many of each status, of breaks of each severity too;
        ``contradictions``, the first rows of :func:`qy_finance.analysis.measures.contradictions`; ``lines``, what can
        be found in it; ``english`` and ``english_lines``, where they are asked for, the messages and the lines in
        English.
    """
    checks = report.checks_against(before)
    broken, extent = contradictions(checks), coverage(checks)
    statuses = Counter(one.status.value for one in checks.counted)

    def cited(row: dict[Any, Any]) -> dict[Any, Any]:
        """With the ids of the figures instead of their rows."""
        figures = [checks.reading.facts[at].id for at in row.pop("rows")]
        return row | {"figures": figures}

    told = _in_english(report, before) if english else {}
    return {
        **told,
        "error": "",
        "headlines": [
            cited(row) | {"value": None if row["value"] is None else str(row["value"])}
            for row in headlines(checks).to_dict("records")
        ],
        "extent": {
            **{name: share.percent for name, share in extent.shares.items() if share.whole},
            "thin": extent.is_thin,
        },
        "checks": statuses | Counter(broken["severity"]),
        "contradictions": [cited(row) for row in broken.head(_MOST).to_dict("records")],
        "lines": _lines(report, broken),
    }


def _in_english(report: Report, before: Report | None) -> dict[str, Any]:
    """What it says in words, said in English: the checks are made again, and say so themselves."""
    with speaking(EN):
        checks = CheckSet(report.reading)
        if before is not None:
            checks = checks.against(CheckSet(before.reading))
        broken = contradictions(checks)
        return {
            "english": list(broken["message"].head(_MOST)),
            "english_lines": _lines(report, broken),
        }


def _lines(report: Report, broken: pd.DataFrame) -> list[Line]:
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
