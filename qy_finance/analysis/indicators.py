"""Performance indicators (绩效指标) against their targets: how far ahead or behind."""

from __future__ import annotations

import pandas as pd

from qy_finance.report import Report


def indicators(report: Report) -> pd.DataFrame:
    """The indicators of a report with their distance to target, furthest behind first.

    Columns
    -------
    name, comparison, target, actual, unit, met, reason
        As in ``Report.kpis``.
    ahead : Float64
        Distance in ``unit``, positive where the actual value is better than the target: above it, or below it where
        the target is a ceiling (≤). Missing without an actual value.
    ahead_percent : Float64
        The same in % of the target, so that indicators of different units compare; missing for a target of 0.
    """
    table = report.kpis
    better = (
        table["comparison"].eq("≤").fillna(False).map({True: -1.0, False: 1.0}).astype("Float64")
    )
    ahead = ((table["actual"] - table["target"]) * better).round(6)
    of = table["target"].abs().mask(table["target"].eq(0))
    table = table.assign(ahead=ahead, ahead_percent=100 * ahead / of)
    return table.sort_values("ahead_percent", kind="stable", ignore_index=True)


def quantity(value: float, unit: str) -> str:
    """A value with its unit as text: 1,250 秒, 62.83%."""
    return f"{value:,.10g}{'' if unit == '%' else ' '}{unit}"


def aim(row: pd.Series) -> str:
    """A target as text: ≥80%; the value alone where the report prints no sign."""
    sign = "" if pd.isna(row["comparison"]) else str(row["comparison"])
    return f"{sign}{quantity(row['target'], row['unit'])}"


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The indicators with the column names of a notebook, target and actual value with their units."""
    return pd.DataFrame(
        {
            "指标": table["name"],
            "目标": [aim(row) for _, row in table.iterrows()],
            "实际": [
                quantity(row["actual"], row["unit"]) if not pd.isna(row["actual"]) else None
                for _, row in table.iterrows()
            ],
            "与目标之差": table["ahead"],
        }
    )
