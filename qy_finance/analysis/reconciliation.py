"""Notebook 05: the checks of a report, what breaks with the places where it is printed, and the cells that are reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import pandas as pd

from qy_finance.checks import all_checks
from qy_finance.checks.model import Identity, NotRun
from qy_finance.intervals import plain_unit
from qy_finance.report import TABLE_IDS, Report
from qy_finance.tables import SPECS
from qy_finance.tables.spec import TableSpec

STATUSES: Final = {
    "exact": "相符",
    "tail": "尾差",
    "break": "不符",
    "not_run": "未核对",
    "n/a": "不适用",
}
"""Chinese name of each status of a check."""

GROUPS: Final = ("表内", "表间", "表文", "文字", "用语", "年度间")
"""What checks compare: cells of a table, of two; prose with cells; figures of the prose; words; years."""

STATES: Final = ("free", "held", "tail", "touched", "break")
"""What a cell can be, from the least to the most in need of attention; see :func:`cells`."""

_SPECS: Final = {spec.id: spec for spec in SPECS}
_MONEY: Final = frozenset({"元", "千元", "万元", "亿元"})
_NAMED: Final = "与其他数字矛盾"  # says of a break that its first figure is the wrong one
_ENDS: Final = "。；;！？"
_BEFORE, _AFTER = 60, 40  # characters of a sentence that are quoted around a figure


class Source(NamedTuple):
    """Where figures of a finding are printed.

    ``place`` is 第21页 or 第1272行; ``name`` the table with row and column, empty for prose. ``pieces`` are the
    printed text: figures of the finding at odd positions, the words between them at even ones.
    """

    place: str
    name: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """A contradiction.

    Attributes
    ----------
    purpose, group : str
        The identity that is broken.
    sentence : str
        What is wrong, with both sides, as ``Report.check`` says it.
    words : bool
        Words contradict figures, or other words; otherwise figures contradict each other.
    known : bool
        The other identities determine which figure is wrong: that of the first source.
    left, right, difference, tolerance : float or None
        Both sides in ``unit``, what separates them and what rounding explains of that; None for words.
    unit : str
        万元, %, 件, …
    sources : tuple of Source
        Where its figures are printed.
    consequences : tuple of str
        What else breaks for the same reason.
    """

    purpose: str
    group: str
    sentence: str
    words: bool
    known: bool
    left: float | None
    right: float | None
    difference: float | None
    tolerance: float | None
    unit: str
    sources: tuple[Source, ...]
    consequences: tuple[str, ...]

    @property
    def weight(self) -> tuple[int, float]:
        """How many checks it breaks, and by how much of the larger side."""
        sides = max(abs(self.left or 0), abs(self.right or 0))
        return 1 + len(self.consequences), abs(self.difference or 0) / sides if sides else 0


def identities(report: Report) -> dict[str, Identity]:
    """The identities that were asked of a report, by id."""
    return {check.identity.id: check.identity for check in all_checks(report)}


def checked(report: Report) -> pd.DataFrame:
    """The frame of ``Report.check`` with ``group`` and ``purpose`` (string) of each check's identity."""
    frame = report.check()
    known = identities(report)
    asked = [known[str(check_id).split(":")[0]] for check_id in frame["check_id"]]
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
    return frame.astype({name: "Int64" for name in frame.columns[1:]} | {"范围": "string"})


def breaks(report: Report, checks: pd.DataFrame) -> list[Break]:
    """The contradictions: those of figures first, then by weight, then as printed."""
    broken = checks[checks["status"] == "break"]
    found = [_break(report, row) for row in broken.to_dict("records")]
    return sorted(found, key=lambda one: (one.words, [-part for part in one.weight]))


def cells(report: Report, checks: pd.DataFrame) -> pd.DataFrame:
    """Every printed cell of the nine tables, and what the checks make of it.

    Columns
    -------
    table, side, row, column : string
        Row with its code; ``side`` is empty where the table has none. The two headings of 三公 (预算数, 决算数)
        are rows. Copies of a cell are one row.
    identities : Int64
        Checks that were made with it.
    state : string
        ``break`` figures contradict it, and no other is known to be the wrong one; ``touched`` the wrong figure, or
        word, is another; ``tail`` rounding explains a difference; ``held``; ``free`` no identity reaches it.

    Rows are in the order of print, columns of one row in that of the form.
    """
    reached = _reached(checks)
    rows: dict[tuple[str, str, str, str], tuple[int, int]] = {}
    frame = report.observations.dropna(subset=["table"])
    for figure in frame.to_dict("records"):
        spec = _SPECS[str(figure["table"])]
        number, state = reached.get(int(figure["start"]), (0, 0))
        name, column = _labels(spec, figure)
        key = spec.id, _text(figure["side"]), name, column
        before = rows.get(key, (0, 0))
        rows[key] = max(before[0], number), max(before[1], state)
    data = [(*key, number, STATES[state]) for key, (number, state) in rows.items()]
    names = ["table", "side", "row", "column", "identities", "state"]
    made = pd.DataFrame(data, columns=names).astype(
        dict.fromkeys(names, "string") | {"identities": "Int64"}
    )
    return made


def coverage(found: pd.DataFrame) -> pd.DataFrame:
    """The cells of :func:`cells` by table: 表 (string), 数值, 有关系, 无关系, 尾差, 矛盾 (Int64); empty tables too."""
    rows = []
    for table in TABLE_IDS:
        states = found.loc[found["table"] == table, "state"].value_counts()
        total, free = int(states.sum()), int(states.get("free", 0))
        rows.append(
            (
                _SPECS[table].name,
                total,
                total - free,
                free,
                states.get("tail", 0),
                states.get("break", 0),
            )
        )
    frame = pd.DataFrame(rows, columns=["表", "数值", "有关系", "无关系", "尾差", "矛盾"])
    return frame.astype({name: "Int64" for name in frame.columns[1:]} | {"表": "string"})


def not_run(report: Report) -> pd.DataFrame:
    """What was not checked, by the operand that is missing.

    Columns ``缺什么`` (string), ``几条`` (Int64), ``因此没有核对`` (string: purposes), the most frequent first.
    """
    missing: dict[str, list[str]] = {}
    for check in all_checks(report):
        if isinstance(check, NotRun) and check.status == "not_run":
            missing.setdefault(check.missing, []).append(check.identity.purpose)
    rows = [(name, len(many), "；".join(dict.fromkeys(many))) for name, many in missing.items()]
    rows.sort(key=lambda row: -row[1])
    frame = pd.DataFrame(rows, columns=["缺什么", "几条", "因此没有核对"])
    return frame.astype({"缺什么": "string", "几条": "Int64", "因此没有核对": "string"})


def tails(report: Report, checks: pd.DataFrame) -> pd.DataFrame:
    """Differences that rounding explains, the largest of each group and unit.

    Columns ``范围``, ``单位`` (string), ``几处`` (Int64), ``最大的差``, ``舍入可解释`` (Float64, in the unit),
    ``最大的一处`` (string).
    """
    frame = checks[checks["status"] == "tail"]
    if frame.empty:
        return pd.DataFrame(
            columns=["范围", "单位", "几处", "最大的差", "舍入可解释", "最大的一处"]
        )
    frame = frame.assign(
        gap=frame["difference"].abs(),
        unit=[_unit(report, row) for row in frame.to_dict("records")],
    )
    rows = []
    for group in GROUPS:
        for unit, some in frame[frame["group"] == group].groupby("unit", sort=False):
            widest = some.loc[some["gap"].idxmax()]
            rows.append(
                (group, unit, len(some), widest["gap"], widest["tolerance"], widest["message"])
            )
    made = pd.DataFrame(
        rows, columns=["范围", "单位", "几处", "最大的差", "舍入可解释", "最大的一处"]
    )
    return made.astype({"几处": "Int64", "最大的差": "Float64", "舍入可解释": "Float64"})


def _reached(checks: pd.DataFrame) -> dict[int, tuple[int, int]]:
    """For each observation, by its number, how many checks it is part of and the gravest state."""
    found: dict[int, tuple[int, int]] = {}
    for check in checks.to_dict("records"):
        if check["status"] not in ("exact", "tail", "break"):
            continue
        for at, row in enumerate(check["observations"]):
            number, state = found.get(row, (0, 0))
            found[row] = number + 1, max(state, STATES.index(_state(check, at)))
    return found


def _state(check: dict[Any, Any], at: int) -> str:
    if check["status"] != "break":
        return "tail" if check["status"] == "tail" else "held"
    another = check["severity"] != "error" or (_NAMED in check["message"] and at > 0)
    return "touched" if another else "break"


def _labels(spec: TableSpec, figure: dict[Any, Any]) -> tuple[str, str]:
    """Row and column of a cell as the map names them."""
    column = _text(figure["column"])
    if spec.groups:
        heading, _, column = column.partition("/")
        return heading, column
    return " ".join(filter(None, (_text(figure["code"]), _text(figure["item"])))), column


def _break(report: Report, row: dict[Any, Any]) -> Break:
    purpose = str(row["purpose"])
    left, right, difference, tolerance = (
        None if pd.isna(row[name]) else float(row[name])
        for name in ("lhs", "rhs", "difference", "tolerance")
    )
    return Break(
        purpose,
        str(row["group"]),
        str(row["message"]).removesuffix(purpose).removesuffix("。"),
        row["severity"] != "error",
        _NAMED in row["message"],
        left,
        right,
        difference,
        tolerance,
        _unit(report, row),
        _sources(report, row["observations"]),
        tuple(row["consequences"]),
    )


def _unit(report: Report, row: dict[Any, Any]) -> str:
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


def _sources(report: Report, numbers: tuple[int, ...]) -> tuple[Source, ...]:
    """Cells by themselves, figures of one sentence together; in the order of the figures."""
    figures = report.observations.loc[list(numbers)].to_dict("records")
    quoted: dict[tuple[int, int], list[dict[Any, Any]]] = {}
    for figure in figures:
        span = figure["start"], figure["end"]
        if pd.isna(figure["table"]):
            span = _sentence(report.text, *span)
        quoted.setdefault(span, []).append(figure)
    return tuple(_source(report, span, some) for span, some in quoted.items())


def _source(report: Report, span: tuple[int, int], figures: list[dict[Any, Any]]) -> Source:
    first = figures[0]
    place = f"第{first['line']}行" if pd.isna(first["page"]) else f"第{first['page']}页"
    if pd.notna(first["table"]):
        spec = _SPECS[str(first["table"])]
        path = " · ".join(part for part in (_text(first["side"]), *_labels(spec, first)) if part)
        return Source(place, f"{spec.name} · {path}", ("", str(first["printed"]), ""))
    marks = sorted((figure["start"], figure["end"]) for figure in figures)
    start = max(span[0], marks[0][0] - _BEFORE)
    end = min(span[1], marks[-1][1] + _AFTER)
    pieces = []
    for mark in marks:
        pieces += [report.text[start : mark[0]], report.text[mark[0] : mark[1]]]
        start = mark[1]
    pieces.append(report.text[start:end])
    pieces = ["".join(piece.split()) for piece in pieces]
    pieces[0] = ("…" if marks[0][0] - _BEFORE > span[0] else "") + pieces[0]
    pieces[-1] += "…" if marks[-1][1] + _AFTER < span[1] else ""
    return Source(place, "", tuple(pieces))


_BREAK: Final = re.compile(r"[。；;！？]|\n\s*\n")


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a figure."""
    before = [match.end() for match in _BREAK.finditer(text, max(0, start - 400), start)]
    after = _BREAK.search(text, end, end + 400)
    first = before[-1] if before else max(0, start - 400)
    return first, (after.start() + 1 if after else min(len(text), end + 400))


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]
