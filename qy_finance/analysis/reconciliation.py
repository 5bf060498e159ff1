"""Notebook 05: the checks of a report, how they came out, and the cells of the tables that they reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance import catalogue
from qy_finance.analysis.reconciliation_links import cited, computed
from qy_finance.checks import all_checks
from qy_finance.checks.diagnose import Finding, findings
from qy_finance.checks.model import STATUSES, Check, NotRun, Status
from qy_finance.checks.relations import is_worded
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
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, every check of it, the contradictions that they find, and the report of the year before, if any."""

    report: Report
    made: Sequence[Check | NotRun]
    findings: Sequence[Finding]
    previous: Report | None = None

    @property
    def counted(self) -> list[Check | NotRun]:
        """The checks that ``Report.check`` has a row for: all but those that break for the reason of another."""
        attached = {id(check) for finding in self.findings for check in finding.consequences}
        return [check for check in self.made if id(check) not in attached]


def check(report: Report, previous: Report | None = None) -> Checked:
    """Check a report, also against that of the year before (see ``Report.check``)."""
    made = all_checks(report, previous)
    found = findings([one for one in made if isinstance(one, Check)])
    return Checked(report, made, found, previous)


def status_of(check: Check | NotRun) -> Status:
    """How a check came out, or why it was not made."""
    return check.outcome.status if isinstance(check, Check) else check.status


before = catalogue.report_before


def by_group(checked: Checked) -> pd.DataFrame:
    """How many checks came out how.

    Columns
    -------
    范围 : string
        One of :data:`GROUPS`; those without a check are left out.
    合计, 相符, 尾差, 不符, 未核对, 不适用 : Int64
    """
    counts = Counter((check.identity.group, status_of(check)) for check in checked.counted)
    rows = []
    for group in GROUPS:
        numbers = [counts[group, Status(status)] for status in STATUSES]
        if sum(numbers):
            rows.append((group, sum(numbers), *numbers))
    frame = pd.DataFrame(rows, columns=["范围", "合计", *STATUSES.values()])
    return frame.astype(dict.fromkeys(frame.columns[1:], "Int64") | {"范围": "string"})


def cells(checked: Checked) -> pd.DataFrame:
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
    reached = _reached(checked)
    rows: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    frame = checked.report.observations.dropna(subset=["table"])
    for index, figure in zip(frame.index, frame.to_dict("records"), strict=True):
        spec = SPEC[str(figure["table"])]
        number, state = reached.get(index, (0, 0))
        name, column = labels(spec, *(text_of(figure[part]) for part in ("code", "item", "column")))
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


def not_run(checked: Checked) -> pd.DataFrame:
    """What was not checked, by the operand that is missing.

    Columns ``缺什么`` (string), ``几条`` (Int64), ``因此没有核对`` (string: purposes), the most frequent first.
    """
    missing: dict[str, list[str]] = {}
    for check in checked.made:
        if isinstance(check, NotRun) and check.status is Status.NOT_RUN:
            missing.setdefault(check.missing, []).append(check.identity.purpose)
    rows = [(name, len(many), "；".join(dict.fromkeys(many))) for name, many in missing.items()]
    rows.sort(key=lambda row: -row[1])
    frame = pd.DataFrame(rows, columns=["缺什么", "几条", "因此没有核对"])
    return frame.astype({"缺什么": "string", "几条": "Int64", "因此没有核对": "string"})


def tails(checked: Checked) -> pd.DataFrame:
    """Differences that rounding explains, the largest of each group and unit.

    Columns ``范围``, ``单位`` (string), ``几处`` (Int64), ``最大的差``, ``舍入可解释`` (Sourced, in the unit),
    ``最大的一处`` (string: what that identity says).
    """
    found: dict[tuple[str, str], list[Check]] = {}
    for check in checked.made:
        if isinstance(check, Check) and check.outcome.status is Status.TAIL:
            found.setdefault((check.identity.group, unit_of(check)), []).append(check)
    rows = []
    for group, unit in sorted(found, key=lambda key: GROUPS.index(key[0])):
        some = found[group, unit]
        widest = max(some, key=lambda one: abs(one.outcome.difference or _ZERO))
        involved = cited(widest.rule.operands, checked)
        gaps = (abs(widest.outcome.difference or _ZERO), widest.outcome.tolerance or _ZERO)
        numbers = (computed(gap, involved) for gap in gaps)
        rows.append((group, unit, len(some), *numbers, widest.identity.purpose))
    names = ["范围", "单位", "几处", "最大的差", "舍入可解释", "最大的一处"]
    kinds = dict.fromkeys(names, "string") | {"几处": "Int64"}
    kinds |= dict.fromkeys(names[3:5], "object")
    return pd.DataFrame(rows, columns=names).astype(kinds)


def form(table: str) -> list[str]:
    """The columns of a table as :func:`cells` names them, in the order of the form."""
    spec = SPEC[table]
    sides = (column for side in spec.sides for column in side.columns)
    return list(dict.fromkeys(column.name for column in (*spec.columns, *sides)))


def labels(spec: TableSpec, code: str, item: str, column: str) -> tuple[str, str]:
    """Row and column of a cell as the map names them."""
    if spec.groups:
        heading, _, column = column.partition("/")
        return heading, column
    return " ".join(filter(None, (code, item))), column


def unit_of(check: Check) -> str:
    """The unit of both sides of a check: %, 万元, of counts the single thing; empty for words."""
    return next((operand.unit for operand in check.rule.operands if operand.place), "")


def _reached(checked: Checked) -> dict[int, tuple[int, int]]:
    """For each observation, by its number, how many checks it is part of and the gravest state."""
    found: dict[int, tuple[int, int]] = {}
    for check in checked.made:
        if isinstance(check, Check) and check.outcome.status in _OUTCOMES:
            own = STATES.index(_OUTCOMES[check.outcome.status])
            for row in {operand.row for operand in check.rule.operands}:
                number, state = found.get(row, (0, 0))
                found[row] = number + 1, max(state, own)
    for finding in checked.findings:
        if finding.check.identity.severity == "error" and not is_worded(finding.check.rule):
            for operand in [finding.culprit] if finding.culprit else finding.check.rule.operands:
                found[operand.row] = found[operand.row][0], STATES.index("break")
    return found


def text_of(value: object) -> str:
    """Text of a cell of a frame, empty where it is missing."""
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
