"""Hotline indicators of all units side by side, as notebook 06 shows them; text of a report is escaped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qy_finance.analysis.members import Member
from qy_finance.analysis.panel import Panel
from qy_finance.analysis.services import NAMES, ServiceIndicator
from qy_finance.display import MISSING, cite, escape, strong
from qy_finance.numbers import Number

_ROWS: Final = 300  # indicators that a table shows
_MET: Final = {True: "达标", False: "未达标", None: MISSING}


def table(panel: Panel) -> str:
    """Indicators that are called together beside each other, the newest year first, as a Markdown table."""
    lines = [
        "| 指标 | 单位 | 年度 | 口径 | 报告所印的名称 | 目标 | 实际 | 是否达标 |",
        "|---|---|---:|---|---|---:|---:|---|",
    ]
    rows = sorted(_all(panel), key=_place)
    for member, one in rows[:_ROWS]:
        doubt = "（存疑）" if one.doubted else ""
        cells = (
            NAMES[one.key], escape(member.subject.unit), str(member.year), member.subject.scope,
            escape(one.printed), f"{one.comparison}{_cited(one.target)}", _cited(one.actual),
            f"{_MET[one.met]}{doubt}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    more = len(rows) - _ROWS
    return "\n".join(lines) + (f"\n\n另有 {more} 行，见数据 `kpis`。" if more > 0 else "")


def on_services(panel: Panel) -> str:
    """How many units state hotline indicators; that none does, or one alone."""
    having = [one for one in panel.members if one.service]
    units = {one.subject.unit for one in having}
    if not having:
        return f"目录里没有一份报告写明服务热线的指标（{'、'.join(list(NAMES.values())[:4])}等），没有可以并列的。"
    if len(having) == 1:
        (only,) = having
        return f"目录里只有{strong(only.subject.unit)} {only.year} 年一份报告写明服务热线的指标，没有别的报告可以并列。"
    both = [
        key
        for key in NAMES
        if len({m.subject.unit for m, one in _all(panel) if one.key == key}) > 1
    ]
    told = (
        f"两个以上单位都有的是{'、'.join(NAMES[key] for key in both)}"
        if both
        else "没有一项是两个单位都有的"
    )
    return (
        f"{len(units)} 个单位的 {len(having)} 份报告写明服务热线的指标；{told}。"
        "归在一起的只是名称：统计范围、时段、口径（如全年人工接通率与任意时段的呼叫接通率）各报告不同，所以不排名。"
    )


def _all(panel: Panel) -> Iterator[tuple[Member, ServiceIndicator]]:
    return ((member, one) for member in panel.members for one in member.service)


def _place(row: tuple[Member, ServiceIndicator]) -> tuple[int, int, str, str]:
    member, one = row
    return list(NAMES).index(one.key), -member.year, member.subject.scope, member.subject.unit


def _cited(number: Number | None) -> str:
    return MISSING if number is None else cite(number, number.unit, number.places)
