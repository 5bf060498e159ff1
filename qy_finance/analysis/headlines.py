"""The headline figures (要览) of a report, and what contradicts itself in it: what the index shows of each report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import pandas as pd

from qy_finance.analysis import facts, overview
from qy_finance.analysis.facts import Fact
from qy_finance.analysis.operating import operating
from qy_finance.analysis.procurement import procurement
from qy_finance.analysis.reconciliation import Checked
from qy_finance.checks.relations import is_worded
from qy_finance.checks.results import frame
from qy_finance.intervals import Approx
from qy_finance.report import Report
from qy_finance.sourced import sources_of

MONEY: Final = "万元"

NAMES: Final = {
    "income": "本年收入",
    "expenditure": "本年支出",
    "project_share": "项目支出占比",
    "operating": "机关运行经费",
    "operating_change": "机关运行经费比上年",
    "three_public": "“三公”经费",
    "procurement": "政府采购",
    "sme_share": "授予中小企业占比",
}
"""The headline figures, in the order in which they are shown. The last of each pair is a percentage of the first."""

_THREE_PUBLIC: Final = r"[“\"]?三公[”\"]?经费.*"
_FINAL: Final = r"支出决算数?|决算数?"


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure: exact, in 万元 or %; None where the report states none."""

    value: Decimal | None
    unit: str

    @property
    def rows(self) -> tuple[int, ...]:
        """The observations that it comes from."""
        return tuple(source.row for source in sources_of(self.value))


def headlines(report: Report, checked: Checked) -> pd.DataFrame:
    """The figures that a report is known by, each once, whether stated or not.

    Columns
    -------
    figure, name : string
        A key of :data:`NAMES`, and its Chinese name.
    value : object (Sourced)
        Exact, in ``unit``; missing where the report does not state it.
    unit : string
        万元 or %.
    rows : object
        Tuple of rows of ``Report.observations`` that it comes from: one where it is printed, several where it is
        computed. Empty where nothing is stated.
    disputed : bool
        Whether one of these figures is part of a contradiction of figures of which no other figure is known to be
        the wrong one.

    Money that is printed in 元 is converted. 项目支出占比 is that of 本年支出 in 支出决算表. 机关运行经费比上年 is the
    stated rate, otherwise the rate that the stated change implies. 授予中小企业占比 is computed from the contract
    amount and the stated total of procurement; it is missing where the amount is larger than the total.
    """
    doubted = _disputed(checked)
    made = [(figure, name, _FIGURES[figure](report)) for figure, name in NAMES.items()]
    return pd.DataFrame(
        {
            "figure": pd.array([figure for figure, _, _ in made], dtype="string"),
            "name": pd.array([name for _, name, _ in made], dtype="string"),
            "value": pd.Series([one.value for _, _, one in made], dtype="object"),
            "unit": pd.array([one.unit for _, _, one in made], dtype="string"),
            "rows": pd.Series([one.rows for _, _, one in made], dtype="object"),
            "disputed": [not doubted.isdisjoint(one.rows) for _, _, one in made],
        }
    )


def contradictions(checked: Checked) -> pd.DataFrame:
    """What breaks: figures before words, then by how much follows from it and by how far the sides are apart.

    Columns ``severity`` (string, error or warning), ``message`` (string) and ``rows`` (object, a tuple) as
    ``Report.check`` has them; rows of the report itself only.
    """
    found = frame(checked.made)
    found = found[found["status"] == "break"]
    largest = found[["lhs", "rhs"]].abs().max(axis=1)
    apart = (found["difference"].abs() / largest.where(largest > 0)).fillna(0.0)
    order = found.assign(following=found["consequences"].map(len), apart=apart).sort_values(
        ["severity", "following", "apart"], ascending=[True, False, False], kind="stable"
    )
    own = order["observations"].map(lambda rows: tuple(row for row in rows if row >= 0))
    return order[["severity", "message"]].assign(rows=own).reset_index(drop=True)


def _disputed(checked: Checked) -> set[int]:
    rows: set[int] = set()
    for finding in checked.findings:
        if finding.check.identity.severity == "error" and not is_worded(finding.check.rule):
            suspects = [finding.culprit] if finding.culprit else finding.check.rule.operands
            rows.update(operand.row for operand in suspects if operand.row >= 0)
    return rows


def _money(fact: Fact | None) -> Headline:
    return Headline(fact.in_unit(MONEY).value if fact else None, MONEY)


def _share(part: Fact | Approx | None, whole: Fact | Approx | None) -> Headline:
    """A part in % of a whole; missing where it is no share of it."""
    if part is None or whole is None or not 0 <= part.value <= whole.value or not whole.value:
        return Headline(None, "%")
    return Headline(100 * part.value / whole.value, "%")


def _project_share(report: Report) -> Headline:
    project, whole = (
        facts.cell(report, "expenditure", "合计", column) for column in ("项目支出", "本年支出合计")
    )
    return _share(project, whole)


def _operating(report: Report) -> Headline:
    found = operating(report)
    return _money(found.current if found else None)


def _operating_change(report: Report) -> Headline:
    found = operating(report)
    if found is None:
        return Headline(None, "%")
    if found.level:
        return Headline(found.current.value * 0, "%")
    return Headline(found.rate.value if found.rate else found.implied_rate, "%")


def _three_public(report: Report) -> Headline:
    """From its table; a report without one says it in a sentence, if it says the same wherever it says it."""
    printed = facts.cell(report, "three_public", "“三公”经费", "决算数/合计")
    if printed is None:
        said = facts.find(report, item=_THREE_PUBLIC, column=_FINAL, measure="amount")
        agree = len({fact.in_unit(MONEY).value for fact in said}) == 1
        printed = said[0] if agree else None
    return _money(printed)


def _procurement(report: Report) -> Headline:
    total = procurement(report).total
    return Headline(total.value if total else None, MONEY)


def _sme_share(report: Report) -> Headline:
    told = procurement(report)
    return _share(told.sme, told.total)


_FIGURES: Final[dict[str, Callable[[Report], Headline]]] = {
    "income": lambda report: _money(overview.total(report, "收入", "本年收入合计")),
    "expenditure": lambda report: _money(overview.total(report, "支出", "本年支出合计")),
    "project_share": _project_share,
    "operating": _operating,
    "operating_change": _operating_change,
    "three_public": _three_public,
    "procurement": _procurement,
    "sme_share": _sme_share,
}
