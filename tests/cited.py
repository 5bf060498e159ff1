"""Which figures a number on a page leads to: it names them by their stable ids."""

from __future__ import annotations

from qy_finance.report import Report


def rows_at(report: Report, ids: str) -> list[int]:
    """Rows of ``Report.observations`` of the ids that a link names, divided by dots."""
    rows = {figure: row for row, figure in enumerate(report.observations["figure"])}
    return [rows[one] for one in ids.split(".")]
