"""The headline figures (要览) of a report, and what contradicts itself in it: what the index shows of each report."""

from __future__ import annotations

import pandas as pd

from qy_finance.analysis.comparisons import comparisons
from qy_finance.analysis.measures import measures, stated
from qy_finance.checks import CheckSet
from qy_finance.numbers import sources_of


def headlines(checks: CheckSet) -> pd.DataFrame:
    """The figures that a report is known by, each once, whether stated or not.

    Columns
    -------
    figure, name : string
        A key of :func:`qy_finance.analysis.measures.measures`, and its Chinese name.
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
    shown = [one for one in measures().values() if one.headline]
    rows = [tuple(fact.row for fact in sources_of(found[one.key])) for one in shown]
    return pd.DataFrame(
        {
            "figure": pd.array([one.key for one in shown], dtype="string"),
            "name": pd.array([one.name for one in shown], dtype="string"),
            "value": pd.Series([found[one.key] for one in shown], dtype="object"),
            "unit": pd.array([one.unit for one in shown], dtype="string"),
            "rows": pd.Series(rows, dtype="object"),
            "disputed": [not checks.disputed.isdisjoint(some) for some in rows],
        }
    )


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
