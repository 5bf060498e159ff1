"""A text read as a report, and what contradicts itself in it."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from qy_finance import Report

Reader = Callable[[str], Report]


def breaks(report: Report) -> pd.DataFrame:
    checks = report.check()
    return checks[checks["status"] == "break"]
