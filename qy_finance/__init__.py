"""qy_finance: final accounts (部门决算) of Chinese government departments as tidy data."""

from typing import TYPE_CHECKING

from qy_finance.errors import ReportError

__all__ = ["CONTRACT", "Limits", "Report", "ReportError", "read_report"]

if TYPE_CHECKING:
    from qy_finance.contract import CONTRACT
    from qy_finance.readers import Limits
    from qy_finance.report import Report, read_report
else:

    def __getattr__(name: str) -> object:
        """What reads a report comes when it is asked for: pandas with it takes a second."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if name == "CONTRACT":
            from qy_finance.contract import CONTRACT

            return CONTRACT
        from qy_finance import report

        return getattr(report, name)
