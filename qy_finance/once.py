"""What is asked of a report many times and made once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from qy_finance.report import Report

Made = TypeVar("Made")


def once(make: Callable[[Report], Made]) -> Callable[[Report], Made]:
    """Let a function of a report make its answer once; the report keeps it as long as it is there itself.

    Only for answers that nobody can change: all who ask get the same one.
    """

    @wraps(make)
    def kept(report: Report) -> Made:
        if make not in report._made:
            report._made[make] = make(report)
        return cast("Made", report._made[make])

    return kept
