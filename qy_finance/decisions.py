"""What a person decided of a figure in doubt: ``decisions.csv`` in the data folder.

It lies over what was read and never replaces it: the figure stays as it is printed and read, and wherever it is shown
the decision is shown with it. A line has the ``report_id``, the ``figure`` (its stable id in ``Report.observations``),
a ``verdict`` (one of `VERDICTS`) or a ``value`` or both, ``who`` decided ``when`` and ``why``.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, NamedTuple

from qy_finance.errors import DecisionError
from qy_finance.lines import NAME as CATALOGUE
from qy_finance.lines import is_date

NAME: Final = "decisions.csv"
VERDICTS: Final = {
    "right": "照印无误",
    "misread": "读错了",
    "misprint": "报告印错了",
    "doubtful": "存疑",
}
_DEEPEST: Final = 4  # folders between a report and its catalogue


class Decision(NamedTuple):
    """A line of ``decisions.csv``."""

    report_id: str
    figure: str
    value: Decimal | None
    verdict: str
    who: str
    when: str
    why: str

    @property
    def told(self) -> str:
        """What was decided, in Chinese."""
        value = "" if self.value is None else f"应为 {self.value:,f}"
        said = "，".join(filter(None, (VERDICTS.get(self.verdict, ""), value)))
        return f"人工判定：{said}（{self.who}，{self.when}：{self.why}）"


COLUMNS: Final = list(Decision._fields)


def decisions_near(report: Path) -> Path | None:
    """The ``decisions.csv`` of the data folder in which a report stands, if it has one."""
    for folder in report.absolute().parents[:_DEEPEST]:
        if (folder / CATALOGUE).is_file():
            return folder / NAME if (folder / NAME).is_file() else None
    return None


def read_decisions(path: Path) -> dict[str, Decision]:
    """The decisions of a file by the figure.

    Raises
    ------
    DecisionError
        Other columns, or a line that says nothing or something else than it may; names the line.
    """
    try:
        reader = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        if (header := next(reader, [])) != COLUMNS:
            found = ",".join(header) or "nothing"
            raise DecisionError(path.name, "line 1", f"columns {','.join(COLUMNS)}", found)
        found_of: dict[str, Decision] = {}
        for cells in reader:
            line = f"line {reader.line_num}"
            decision = _decision(path, line, cells)
            if decision.figure in found_of:
                raise DecisionError(path.name, line, "one decision for a figure", decision.figure)
            found_of[decision.figure] = decision
    except (UnicodeDecodeError, csv.Error) as error:
        raise DecisionError(path.name, "", "comma-separated cells in UTF-8", str(error)) from error
    return found_of


def _decision(path: Path, line: str, cells: list[str]) -> Decision:
    def demand(column: str, right: object, expected: str, found: str) -> None:
        if not right:
            raise DecisionError(path.name, f"{line}, {column}", expected, found or "nothing")

    demand("cells", len(cells) == len(COLUMNS), f"{len(COLUMNS)} cells", str(len(cells)))
    report, figure, value, verdict, who, when, why = (cell.strip() for cell in cells)
    try:
        number = Decimal(value.replace(",", "")) if value else None
    except InvalidOperation:
        number = Decimal("NaN")
    demand("value", number is None or number.is_finite(), "a number", value)
    known = " | ".join(VERDICTS)
    demand("verdict", verdict in VERDICTS or (not verdict and value), known, verdict)
    for column, said in (("report_id", report), ("figure", figure), ("who", who), ("why", why)):
        demand(column, said, "it", said)
    demand("when", is_date(when), "a date such as 2024-09-30", when)
    return Decision(report, figure, number, verdict, who, when, why)
