"""What a hotline was asked: by channel, and by topic as far as the report divides its counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qy_finance.analysis.hotline_numbers import Said, of_year
from qy_finance.intervals import Approx, total
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
_PERFORMANCE: Final = "绩效|评价|自评|满意"


@dataclass(frozen=True, slots=True)
class Channel:
    """Requests by one channel (诉求受理渠道).

    ``name`` is 电话, 微信, 网站, 手机 APP or 短信; ``share`` is in % of the sum over the stated channels, None where
    that is 0.
    """

    name: str
    count: Said
    share: Approx | None


def channels(report: Report) -> list[Channel]:
    """Requests by the channel that they came through, largest first."""
    found: dict[str, Said] = {}
    for one in of_year(report, "count"):
        item = one.fact.item
        name = next((name for name, pattern in _CHANNELS if pattern.search(item)), None)
        if name and one.noun in _REQUEST_UNITS and _REQUESTS.search(item):
            found.setdefault(name, one)
    whole = total(one.exact for one in found.values())
    listed = sorted(found.items(), key=lambda pair: -pair[1].exact.value)
    return [Channel(name, one, one.exact.percent_of(whole)) for name, one in listed]


@dataclass(frozen=True)
class Breakdown:
    """A count that a sentence divides into parts.

    Attributes
    ----------
    whole : Said
    parts : list of Said
        Largest first.
    sorted_as_told : bool
        Whether the sentence tells the parts from large to small.
    """

    whole: Said
    parts: list[Said]
    sorted_as_told: bool

    @property
    def covered(self) -> Approx:
        """Sum of the parts."""
        return total(part.exact for part in self.parts)

    @property
    def rest(self) -> Approx:
        """What the parts leave of the whole."""
        return self.whole.exact - self.covered

    @property
    def complete(self) -> bool:
        """Whether the parts can be all of the whole."""
        return self.rest.low <= 0 <= self.rest.high

    def share(self, part: Approx) -> Approx:
        """A part in % of the whole."""
        share = part.percent_of(self.whole.exact)
        return Approx(Decimal(0)) if share is None else share


def breakdowns(report: Report, about: str) -> list[Breakdown]:
    """The counts of the performance chapter that are divided into two parts or more, in their order.

    A total, and the counts of the same kind behind it in its sentence, if each is smaller and all together fit in.

    Parameters
    ----------
    about
        Pattern that the name of the total contains (工单, 培训).
    """
    figures = list(of_year(report, "count", section=_PERFORMANCE))
    found = []
    for at, whole in enumerate(figures):
        if not re.search(about, whole.fact.item):
            continue
        end = report.text.find("。", whole.fact.end)
        parts = [
            part
            for part in figures[at + 1 :]
            if (end == -1 or part.fact.start < end)
            and part.noun == whole.noun
            and 0 < part.exact.value < whole.exact.value
        ]
        ordered = sorted(parts, key=lambda part: -part.exact.value)
        division = Breakdown(whole, ordered, sorted_as_told=ordered == parts)
        if len(parts) > 1 and division.rest.high >= 0 and whole.exact.low > 0:
            found.append(division)
    return found
