"""The headline figures (要览) of a report, and what contradicts itself in it: what the index shows of each report."""

from __future__ import annotations

import pandas as pd

from qy_finance.analysis.comparisons import comparisons
from qy_finance.analysis.measures import MEASURES, stated
from qy_finance.checks import CheckSet
from qy_finance.numbers import sources_of


def headlines(checks: CheckSet) -> pd.DataFrame:
    """The figures that a report is known by, each once, whether stated or not.

    Columns
    -------
    figure, name : string
        A key of :data:`qy_finance.analysis.measures.MEASURES`, and its Chinese name.
    value : object (Number)
        Exact, in ``unit``; missing where the report does not state it (:func:`qy_finance.analysis.measures.stated`).
    unit : string
        万元 or %.
    rows : object
        Tuple of rows of ``Report.observations`` that it comes from: one where it is printed, several where it is
        computed. Empty where nothing is stated.
    disputed : bool
        Whether one of these figures is part of a contradiction of figures of which no other figure is known to be
        the wrong one.
    """
    found = stated(checks, comparisons(checks))
    told = [one for one in MEASURES.values() if one.headline]
    made = [(one.key, one.name, found[one.key], one.unit) for one in told]
    frame = pd.DataFrame(made, columns=["figure", "name", "value", "unit"], dtype="object")
    frame["rows"] = [tuple(fact.row for fact in sources_of(value)) for value in frame["value"]]
    frame["disputed"] = [not checks.disputed.isdisjoint(rows) for rows in frame["rows"]]
    return frame.astype({"figure": "string", "name": "string", "unit": "string"})


def contradictions(checks: CheckSet) -> pd.DataFrame:
    """What breaks: figures before words, then by how much follows from it and by how far the sides are apart.

    Columns ``severity`` (string, error or warning), ``message`` (string) and ``rows`` (object, a tuple) as
    ``Report.check`` has them.
    """
    found = checks.frame
    found = found[found["status"] == "break"]
    largest = found[["lhs", "rhs"]].abs().max(axis=1)
    apart = (found["difference"].abs() / largest.where(largest > 0)).fillna(0.0)
    order = found.assign(following=found["consequences"].map(len), apart=apart).sort_values(
        ["severity", "following", "apart"], ascending=[True, False, False], kind="stable"
    )
    shown = order.rename(columns={"observations": "rows"})
    return shown[["severity", "message", "rows"]].reset_index(drop=True)
