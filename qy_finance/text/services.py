"""Hotline indicators of all units side by side, as notebook 06 shows them; text of a report is escaped."""

from __future__ import annotations

from collections.abc import Iterator

from qy_finance.analysis.members import Member
from qy_finance.analysis.panel import Panel
from qy_finance.analysis.services import NAMES, ServiceIndicator
from qy_finance.display import MISSING, MOST_ROWS, cite, escape, strong
from qy_finance.language import join, t
from qy_finance.numbers import Number


def table(panel: Panel) -> str:
    """Indicators that are called together beside each other, the newest year first, as a Markdown table."""
    lines = [
        t("| 指标 | 单位 | 年度 | 口径 | 报告所印的名称 | 目标 | 实际 | 是否达标 |"),
        "|---|---|---:|---|---|---:|---:|---|",
    ]
    rows = sorted(_all(panel), key=_place)
    for member, one in rows[:MOST_ROWS]:
        doubt = t("（存疑）") if one.doubted else ""
        cells = (
            escape(NAMES[one.key]), escape(member.subject.unit), str(member.year),
            escape(member.subject.scope),
            escape(one.printed), f"{one.comparison}{_cited(one.target)}", _cited(one.actual),
            f"{_met(one.met)}{doubt}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    more = len(rows) - MOST_ROWS
    if more > 0:
        lines += ["", t("另有 {n} 行，见数据 `kpis`。", n=more)]
    return "\n".join(lines)


def _met(met: bool | None) -> str:
    if met is None:
        return MISSING
    return t("达标") if met else t("未达标")


def on_services(panel: Panel) -> str:
    """How many units state hotline indicators; that none does, or one alone."""
    having = [one for one in panel.members if one.service]
    units = {one.subject.unit for one in having}
    if not having:
        first = join(map(escape, list(NAMES.values())[:4]))
        return t("目录里没有一份报告写明服务热线的指标（{first}等），没有可以并列的。", first=first)
    if len(having) == 1:
        (only,) = having
        return t(
            "目录里只有{unit} {year} 年一份报告写明服务热线的指标，没有别的报告可以并列。",
            unit=strong(only.subject.unit), year=only.year,
        )  # fmt: skip
    both = [
        key
        for key in NAMES
        if len({m.subject.unit for m, one in _all(panel) if one.key == key}) > 1
    ]
    shown = {"units": len(units), "n": len(having)}
    if both:
        text = t(
            "{units} 个单位的 {n} 份报告写明服务热线的指标；两个以上单位都有的是{both}。",
            both=join(escape(NAMES[key]) for key in both), **shown,
        )  # fmt: skip
    else:
        text = t(
            "{units} 个单位的 {n} 份报告写明服务热线的指标；没有一项是两个单位都有的。", **shown
        )
    return text + t(
        "归在一起的只是名称：统计范围、时段、口径（如全年人工接通率与任意时段的呼叫接通率）各报告不同，所以不排名。"
    )


def _all(panel: Panel) -> Iterator[tuple[Member, ServiceIndicator]]:
    return ((member, one) for member in panel.members for one in member.service)


def _place(row: tuple[Member, ServiceIndicator]) -> tuple[int, int, str, str]:
    member, one = row
    return list(NAMES).index(one.key), -member.year, member.subject.scope, member.subject.unit


def _cited(number: Number | None) -> str:
    return MISSING if number is None else cite(number, number.unit, number.places)
