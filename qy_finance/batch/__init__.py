"""Batch: every notebook for every chosen report, executed by papermill and left as HTML."""

from qy_finance.batch.runner import RunResult, run

__all__ = ["RunResult", "run"]
