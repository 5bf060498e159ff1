"""What a hotline was asked: by channel, and by topic as far as the report divides its counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from qy_finance.analysis.hotline import of_year
from qy_finance.intervals import Approx, in_unit
from qy_finance.report import Report

_CHANNELS: Final = (
    ("微信", re.compile("微信|小程序")),
    ("手机 APP", re.compile("APP|客户端", re.IGNORECASE)),
    ("网站", re.compile("网站|网页")),
    ("短信", re.compile("短信")),
    ("电话", re.compile("电话|来电")),
)
_REQUESTS: Final = re.compile(r"来[电话](?:总量|总数|量)|话务总?量|诉求|受理|咨询|留言|工单")
_REQUEST_UNITS: Final = frozenset("通件宗个条次单")


def channels(report: Report) -> pd.DataFrame:
    """Requests by the channel that they came through (诉求受理渠道), largest first.

    Columns
    -------
    channel : str
        电话, 微信, 网站, 手机 APP, 短信: those that the report names.
    count : float
        Single calls or requests.
    unit : str
        What is counted, as printed without its multiple (通, 件).
    share : float
        % of the sum over the channels.
    """
    found: dict[str, tuple[float, str]] = {}
    for row in of_year(report, "count").to_dict("records"):
        item = str(row["item"])
        name = next((name for name, pattern in _CHANNELS if pattern.search(item)), None)
        figure, noun = in_unit(str(row["printed"]), str(row["unit_of_measure"]))
        if name and noun in _REQUEST_UNITS and _REQUESTS.search(item):
            found.setdefault(name, (float(figure.value), noun))
    rows = [(name, count, noun) for name, (count, noun) in found.items()]
    table = pd.DataFrame(rows, columns=["channel", "count", "unit"]).astype({"count": float})
    table = table.sort_values("count", ascending=False, kind="stable", ignore_index=True)
    return table.assign(share=100 * table["count"] / table["count"].sum())


@dataclass(frozen=True)
class Breakdown:
    """A count that a sentence divides into parts.

    Attributes
    ----------
    name : str
        What is counted.
    unit : str
        As printed (万件).
    whole : Approx
        In single units.
    parts : pd.DataFrame
        ``name`` (str), ``count`` (float, single units), ``share`` (float, % of the whole); largest first.
    rest : Approx
        What the parts leave of the whole.
    sorted_as_told : bool
        Whether the sentence tells the parts from large to small.
    """

    name: str
    unit: str
    whole: Approx
    parts: pd.DataFrame
    rest: Approx
    sorted_as_told: bool

    @property
    def complete(self) -> bool:
        """Whether the parts can be all of the whole."""
        return self.rest.low <= 0 <= self.rest.high


def breakdowns(report: Report, about: str) -> list[Breakdown]:
    """The counts of the performance chapter that are divided into two parts or more, in their order.

    A total, and the counts of the same kind behind it in its sentence, if each is smaller and all together fit in.

    Parameters
    ----------
    about
        Pattern that the name of the total contains (工单, 培训).
    """
    facts = of_year(report, "count")
    facts = facts[facts["section"].str.contains("绩效|评价|满意").fillna(False)]
    rows = facts.to_dict("records")
    found = []
    for at, row in enumerate(rows):
        if not re.search(about, str(row["item"])):
            continue
        whole, noun = in_unit(str(row["printed"]), str(row["unit_of_measure"]))
        end = report.text.find("。", int(row["end"]))
        parts: list[tuple[str, Approx]] = []
        for later in rows[at + 1 :]:
            if end != -1 and int(later["start"]) > end:
                break
            part, of = in_unit(str(later["printed"]), str(later["unit_of_measure"]))
            if of == noun and 0 < part.value < whole.value:
                parts.append((str(later["item"]), part))
        rest = whole
        for _, part in parts:
            rest = rest - part
        if len(parts) > 1 and rest.high >= 0:
            found.append(
                _breakdown(str(row["item"]), str(row["unit_of_measure"]), whole, parts, rest)
            )
    return found


def _breakdown(
    name: str, unit: str, whole: Approx, parts: list[tuple[str, Approx]], rest: Approx
) -> Breakdown:
    told = pd.DataFrame([(of, float(part.value)) for of, part in parts], columns=["name", "count"])
    table = told.sort_values("count", ascending=False, kind="stable", ignore_index=True)
    table = table.assign(share=100 * table["count"] / float(whole.value))
    ordered = bool(told["count"].is_monotonic_decreasing)
    return Breakdown(name, unit, whole, table, rest, ordered)
