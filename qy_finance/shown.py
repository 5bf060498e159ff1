"""How frames under the contract are shown, and what ``?`` tells of them; the frames themselves stay as they are.

In Jupyter and IPython the frame of the figures shows the value first and what only a program needs last, that of the
checks what breaks first. It is about looks alone: type, columns, their order, rows and index are those of the contract,
and a frame of which somebody has chosen the columns or the order is shown as it is.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import Any, Final, TypeVar

import pandas as pd

from qy_finance.contract import columns

Shown = TypeVar("Shown")

_FIRST: Final = (
    "value", "unit_of_measure", "item", "column", "table", "side", "code", "year", "measure", "printed", "page", "line",
    "section",
)  # fmt: skip
"""Columns of ``Report.observations`` in the order in which they are read; the others stand behind."""
_ASKED: Final = "_repr_html_"  # what Jupyter asks an object for
_CHECKS: Final = ("check_id", "status", "severity", "message")
_STATUS: Final = ("break", "not_run", "tail", "exact", "n/a")
_SEVERITY: Final = ("error", "warning", "info", "none")


def as_read(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame in the order in which a person reads it: figures by their values, checks from what breaks."""
    if "contract" not in frame.attrs:
        return frame
    names = list(frame.columns)
    known = list(columns("observations"))
    if names[: len(known)] == known:
        return frame[[*_FIRST, *(name for name in names if name not in _FIRST)]]
    if tuple(names[: len(_CHECKS)]) == _CHECKS and frame.index.is_monotonic_increasing:
        return frame.sort_values(["status", "severity"], key=_rank, kind="stable")
    return frame


def _rank(column: pd.Series) -> pd.Series:
    order = _STATUS if column.name == "status" else _SEVERITY
    return column.map({name: at for at, name in enumerate(order)}).fillna(len(order))


def documented(frame: Shown, source: object) -> Shown:
    """The frame (or frames), of which ``frame?`` tells the columns as the docstring of what made it does.

    What is made from it is a frame of pandas like any other.
    """
    told = inspect.getdoc(getattr(source, "func", source)) or ""
    object.__setattr__(frame, "getdoc", lambda: told)  # what IPython asks an object for
    return frame


def in_jupyter() -> None:
    """Let Jupyter and IPython, where they run, show our frames as :func:`as_read` orders them."""
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython

    shell: Any = get_ipython()
    formatter = shell and getattr(shell, "display_formatter", None)
    if not formatter:
        return
    makers: dict[str, Callable[..., Any]] = {"text/html": _html, "text/plain": _plain}
    for kind, make in makers.items():
        known = formatter.formatters[kind]
        if pd.DataFrame not in known.type_printers:  # somebody's own way to show frames stays
            known.for_type(pd.DataFrame, make)


def _html(frame: pd.DataFrame) -> str | None:
    shown: str | None = getattr(as_read(frame), _ASKED)()
    return shown


def _plain(frame: pd.DataFrame, printer: Any, cycle: bool) -> None:
    printer.text(repr(as_read(frame)))
