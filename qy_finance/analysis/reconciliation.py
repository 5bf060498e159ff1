"""Notebook 05: the checks of a report, how they came out, and the cells of the tables that they reach."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from qy_finance import catalogue
from qy_finance.checks.console import STATUSES
from qy_finance.checks.identities import identities
from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.checks.results import frame as frame_of
from qy_finance.intervals import plain_unit
from qy_finance.report import TABLE_IDS, Report
from qy_finance.tables import SPECS
from qy_finance.tables.spec import TableSpec

YEARS: Final = "年度间"
GROUPS: Final = ("表内", "表间", "表文", "文字", "用语", YEARS)
"""What checks compare: cells of a table, of two; prose with cells; figures of the prose; words; years."""

STATES: Final = ("free", "held", "tail", "touched", "break")
"""What a cell can be, from the least to the most in need of attention; see :func:`cells`."""

_OUTCOMES: Final = {Status.EXACT: "held", Status.TAIL: "tail", Status.BREAK: "touched"}
SPEC: Final = {spec.id: spec for spec in SPECS}
_MONEY: Final = frozenset({"元", "千元", "万元", "亿元"})
NAMED: Final = "与其他数字矛盾"
"""Says of a break that its first figure is the wrong one."""


def before(report: Report, data_dir: str | Path = "") -> Report | None:
    """The report of the same unit and scope for the year before, if the catalogue has it."""
    listed = catalogue.load(data_dir)
    wanted = report.meta["unit"], int(str(report.meta["year"])) - 1, report.meta["scope"]
    for entry in listed.entries:
        if (entry.unit, entry.year, entry.scope) == wanted:
            return catalogue.open_report(entry.year, listed.name(entry), data_dir)
    return None


def checked(made: Sequence[Check | NotRun]) -> pd.DataFrame:
    """The frame of ``Report.check`` with ``group`` and ``purpose`` (string) of each check's identity.

    ``made`` are the checks as :func:`qy_finance.checks.all_checks` makes them.
    """
    frame = frame_of(made)
    known = identities()
    asked = [known[str(check_id).split(":")[0].split("#")[0]] for check_id in frame["check_id"]]
    return frame.assign(
        group=pd.array([identity.group for identity in asked], dtype="string"),
        purpose=pd.array([identity.purpose for identity in asked], dtype="string"),
    )


def by_group(checks: pd.DataFrame) -> pd.DataFrame:
    """How many checks came out how.

    Columns
    -------
    范围 : string
        One of :data:`GROUPS`; those without a check are left out.
    合计, 相符, 尾差, 不符, 未核对, 不适用 : Int64
    """
    rows = []
    for group in GROUPS:
        counts = checks.loc[checks["group"] == group, "status"].value_counts()
        if not counts.empty:
            rows.append((group, counts.sum(), *(counts.get(status, 0) for status in STATUSES)))
    frame = pd.DataFrame(rows, columns=["范围", "合计", *STATUSES.values()])
    return frame.astype(dict.fromkeys(frame.columns[1:], "Int64") | {"范围": "string"})


def cells(report: Report, made: Sequence[Check | NotRun], checks: pd.DataFrame) -> pd.DataFrame:
    """Every printed cell of the nine tables, and what the checks make of it.

    Columns
    -------
    table, side, row, column : string
        Row with its code; ``side`` is empty where the table has none. The two headings of 三公 (预算数, 决算数)
        are rows. Copies of a cell are one row.
    identities : Int64
        Checks that were made with it.
    state : string
        ``break`` figures contradict it, and no other is known to be the wrong one; ``touched`` it stands in a
        contradiction of which another figure is the wrong one, or of words or years; ``tail`` rounding explains a
        difference; ``held``; ``free`` no identity reaches it.

    In the order of print; :func:`form` has the order of columns. What breaks as a consequence counts too.
    """
    reached = _reached(made, checks)
    rows: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    frame = report.observations.dropna(subset=["table"])
    for index, figure in zip(frame.index, frame.to_dict("records"), strict=True):
        spec = SPEC[str(figure["table"])]
        number, state = reached.get(index, (0, 0))
        name, column = labels(spec, figure)
        key = spec.id, text_of(figure["side"]), name, column
        copy = rows.get(key, (0, 0))
        rows[key] = max(copy[0], number), max(copy[1], state)
    data = [(*key, number, STATES[state]) for key, (number, state) in rows.items()]
    names = ["table", "side", "row", "column", "identities", "state"]
    kinds = dict.fromkeys(names, "string") | {"identities": "Int64"}
    return pd.DataFrame(data, columns=names).astype(kinds)


def coverage(found: pd.DataFrame) -> pd.DataFrame:
    """The cells of :func:`cells` by table: 表 (string), 数值, 有关系, 无关系, 尾差, 矛盾 (Int64); empty tables too."""
    rows = []
    for table in TABLE_IDS:
        states = found.loc[found["table"] == table, "state"].value_counts()
        total, free = int(states.sum()), int(states.get("free", 0))
        rows.append(
            (
                SPEC[table].name,
                total,
                total - free,
                free,
                states.get("tail", 0),
                states.get("break", 0),
            )
        )
    frame = pd.DataFrame(rows, columns=["表", "数值", "有关系", "无关系", "尾差", "矛盾"])
    return frame.astype(dict.fromkeys(frame.columns[1:], "Int64") | {"表": "string"})


def not_run(made: Sequence[Check | NotRun]) -> pd.DataFrame:
    """What was not checked, by the operand that is missing.

    Columns ``缺什么`` (string), ``几条`` (Int64), ``因此没有核对`` (string: purposes), the most frequent first.
    """
    missing: dict[str, list[str]] = {}
    for check in made:
        if isinstance(check, NotRun) and check.status is Status.NOT_RUN:
            missing.setdefault(check.missing, []).append(check.identity.purpose)
    rows = [(name, len(many), "；".join(dict.fromkeys(many))) for name, many in missing.items()]
    rows.sort(key=lambda row: -row[1])
    frame = pd.DataFrame(rows, columns=["缺什么", "几条", "因此没有核对"])
    return frame.astype({"缺什么": "string", "几条": "Int64", "因此没有核对": "string"})


def tails(report: Report, checks: pd.DataFrame) -> pd.DataFrame:
    """Differences that rounding explains, the largest of each group and unit.

    Columns ``范围``, ``单位`` (string), ``几处`` (Int64), ``最大的差``, ``舍入可解释`` (Float64, in the unit),
    ``最大的一处`` (string: what that identity says).
    """
    frame = checks[checks["status"] == "tail"]
    if frame.empty:
        return pd.DataFrame(
            columns=["范围", "单位", "几处", "最大的差", "舍入可解释", "最大的一处"]
        )
    frame = frame.assign(
        gap=frame["difference"].abs(),
        unit=[unit_of(report, row) for row in frame.to_dict("records")],
    )
    rows = []
    for group in GROUPS:
        for unit, some in frame[frame["group"] == group].groupby("unit", sort=False):
            widest = some.sort_values("gap", kind="stable").iloc[-1]
            rows.append(
                (group, unit, len(some), widest["gap"], widest["tolerance"], widest["purpose"])
            )
    made = pd.DataFrame(
        rows, columns=["范围", "单位", "几处", "最大的差", "舍入可解释", "最大的一处"]
    )
    return made.astype({"几处": "Int64", "最大的差": "Float64", "舍入可解释": "Float64"})


def form(table: str) -> list[str]:
    """The columns of a table as :func:`cells` names them, in the order of the form."""
    spec = SPEC[table]
    sides = (column for side in spec.sides for column in side.columns)
    return list(dict.fromkeys(column.name for column in (*spec.columns, *sides)))


def labels(spec: TableSpec, figure: dict[Any, Any]) -> tuple[str, str]:
    """Row and column of a cell as the map names them."""
    column = text_of(figure["column"])
    if spec.groups:
        heading, _, column = column.partition("/")
        return heading, column
    return " ".join(filter(None, (text_of(figure["code"]), text_of(figure["item"])))), column


def unit_of(report: Report, row: dict[Any, Any]) -> str:
    """The unit of both sides: of a quotient %, of money that of the tables, of counts that of the single thing."""
    figures = report.observations.loc[list(row["observations"])]
    units = [str(unit) for unit in figures["unit_of_measure"]]
    if len(set(units)) > 1 and "%" in units:
        rates = figures.loc[figures["unit_of_measure"] == "%", "value"]
        if pd.notna(row["lhs"]) and rates.eq(row["lhs"]).any():
            return "%"
        units = [unit for unit in units if unit != "%"]
    if any(unit in _MONEY for unit in units):
        return str(report.meta["money_unit"])
    return plain_unit(units[0])[1] if units else ""


def _reached(made: Sequence[Check | NotRun], checks: pd.DataFrame) -> dict[int, tuple[int, int]]:
    """For each observation, by its number, how many checks it is part of and the gravest state."""
    found: dict[int, tuple[int, int]] = {}
    for check in made:
        if isinstance(check, Check) and check.outcome.status in _OUTCOMES:
            own = STATES.index(_OUTCOMES[check.outcome.status])
            for row in {operand.row for operand in check.rule.operands}:
                number, state = found.get(row, (0, 0))
                found[row] = number + 1, max(state, own)
    for finding in checks[(checks["status"] == "break") & (checks["severity"] == "error")].to_dict(
        "records"
    ):
        rows = finding["observations"]
        for row in rows[:1] if NAMED in finding["message"] else rows:
            found[row] = found[row][0], STATES.index("break")
    return found


def text_of(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
