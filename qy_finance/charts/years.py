"""The figure of notebook 08: measures of one unit over years, each on a scale of its own."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from qy_finance.analysis.comparisons import DERIVED
from qy_finance.analysis.panel import Series
from qy_finance.charts import panel
from qy_finance.language import t


def lines(series: Sequence[Series], title: str) -> Figure:
    """At most :data:`qy_finance.charts.panel.FACETS` small pictures, drawn as those of the panel."""
    source = t(
        "单位：万元，现价；空心：{derived}；竖虚线：断点；名称旁：最后一年比上年", derived=DERIVED
    )
    return panel.slopes(series, title, source)
