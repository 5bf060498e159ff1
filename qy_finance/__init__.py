"""qy_finance: final accounts (部门决算) of Chinese government departments as tidy data."""

from qy_finance.errors import ReportError
from qy_finance.report import Report, read_report

__all__ = ["Report", "ReportError", "read_report"]
