"""Figures of indicators and of the hotline: distance to target, topics, growth."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from qy_finance.analysis.hotline import Growth
from qy_finance.analysis.indicators import Attainment, Breakdown
from qy_finance.charts import theme
from qy_finance.checks.changes import leaf
from qy_finance.digits import rounded, settled
from qy_finance.display import shortened
from qy_finance.facts import Fact
from qy_finance.language import is_english, measured, t, unit_name
from qy_finance.numbers import Number
from qy_finance.palette import ALERT, INK, MUTED, PRIMARY

_UNIT: Final = 12  # letters of an English unit at a mark
_TITLE: Final = 18  # characters of a name in a title
_WHOLE: Final = 10  # where two names stand in it
_ROWS: Final = 16  # indicators that one figure shows
_EDGES: Final = (20, 50, 100, 200)  # % of the target at which the axis can end


def drawn(aims: Sequence[Attainment]) -> list[Attainment]:
    """The indicators that a figure shows, those furthest from their target where there are many.

    Those whose target is 0 or whose units differ have no percentage of the target; none is drawn where all are at
    their target.
    """
    leads = {at: aim.lead for at, aim in enumerate(aims) if aim.lead is not None}
    far = sorted(leads, key=lambda at: -abs(leads[at]))[:_ROWS]
    return [aims[at] for at in sorted(far)] if any(leads.values()) else []


@theme.chart
def target_chart(aims: Sequence[Attainment], year: int) -> Figure:
    """How far actual values are better or worse than their targets, in % of these (:func:`drawn`); 0 is the target.

    Right is better, whether more or less is; those that missed are on top, hollow, with the line to the left.
    """
    ax = theme.rows([aim.name for aim in aims], 0.7 + len(aims))
    far = _edge([abs(float(aim.lead or 0)) for aim in aims])
    leads = [max(-far, min(float(aim.lead or 0), far)) for aim in aims]
    colours = [PRIMARY if aim.met else ALERT for aim in aims]
    lines = ax.hlines(range(len(aims)), 0, leads, color=colours, linewidth=2.5)
    fills = [PRIMARY if aim.met else "white" for aim in aims]
    dots = ax.scatter(
        leads, range(len(aims)), s=121, color=fills, edgecolor=colours, linewidth=2, zorder=2
    )
    ax.axvline(0, color=INK, linewidth=1)
    low, high = ax.get_xlim()
    room = 0.02 * (high - low)  # for a marker
    ax.set_xlim(low - room, high + room)
    labels, starts = list(map(_label, aims)), [max(at, 0) + room for at in leads]
    labelled = theme.label_ends(ax, starts, labels, beyond=2)
    for label in labelled:
        label.set_horizontalalignment("left")
    names = [aim.name for aim in aims]
    theme.mark(ax, t("目标值"), names, [aim.target for aim in aims])
    theme.mark(ax, t("完成值"), names, [aim.actual for aim in aims], labelled)
    theme.mark(ax, t("比目标值好（%）"), names, list(map(_lead, aims)), lines, dots, places=1)
    beyond = t("好（右）或差（左）目标值的 %，超过 {far}% 的画在边上", far=far)
    all_in = t("好（右）或差（左）目标值的 %")
    is_beyond = any(abs(float(aim.lead or 0)) > far for aim in aims)
    theme.value_axis(ax, beyond if is_beyond else all_in, percent=True)
    missed = [aim for aim in aims if aim.met is False]
    marks = [(PRIMARY, PRIMARY, t("达标"))]
    marks += [("white", ALERT, t("空心：未达标"))] if missed else []
    handles = [
        Line2D([], [], linestyle="", marker="o", markersize=9, label=name,
               markerfacecolor=fill, markeredgecolor=edge)
        for fill, edge, name in marks
    ]  # fmt: skip
    source = t("来源：绩效自评表") if all(aim.row for aim in aims) else _source()
    theme.key(ax, handles, handletextpad=0.2, columnspacing=1.2)
    if len(missed) == 1:
        title = t("{year} 年：{name}没有达标", year=year, name=shortened(missed[0].name, _TITLE))
    elif missed:
        title = t("{year} 年：{n} 项没有达标", year=year, n=len(missed))
    else:
        title = t("{year} 年：图中各项都达标", year=year)
    return theme.finish(ax, title, source)


def _lead(aim: Attainment) -> Number | str | None:
    """How far it is ahead in %; with no more digits than the share of the target has in the table."""
    lead, reached = aim.lead, aim.reached
    if lead is None or reached is None:
        return lead
    places = max(0, settled(reached, "%"))
    return lead.quantize(Decimal(1).scaleb(-places))


def _edge(leads: Sequence[float]) -> int:
    """Where the axis ends: three of four that are not at their target have room, and are not pressed together."""
    apart = sorted(filter(None, leads))
    most = apart[(3 * len(apart) - 1) // 4] if apart else 0
    return next((edge for edge in _EDGES if most <= edge), _EDGES[-1])


def _source() -> str:
    return t("来源：预算绩效管理工作开展情况")


def _label(aim: Attainment) -> str:
    target = _printed(aim.target, beside=aim.actual)
    return t("{actual}（{goal}）", actual=_printed(aim.actual), goal=f"{aim.comparison}{target}")


def _printed(fact: Fact | None, beside: Fact | None = None) -> str:
    """A figure with its unit; in English without one that is long, or that the figure beside it has."""
    if fact is None or not is_english():
        return fact.with_unit.removesuffix("/年") if fact else ""
    unit, other = (one.unit_of_measure.removesuffix("/年") if one else "" for one in (fact, beside))
    if unit != "%" and (unit == other or len(unit_name(unit)) > _UNIT):
        return fact.printed
    return measured(fact.printed, unit, one=fact.printed == "1")


def _whole(fact: Fact) -> str:
    number, _, unit = fact.with_unit.removesuffix("/年").partition(" ")
    return measured(number, unit)


@theme.chart
def breakdown_chart(division: Breakdown, year: int) -> Figure:
    """Parts of a count in % of the whole, and what they leave in grey."""
    counts = [
        (
            leaf(part.item),
            part.compared,
            t("（{amount}）", amount=_printed(part, beside=division.whole)),
        )
        for part in division.parts
    ]
    if not division.complete:
        counts.append((t("其余（未说明）"), division.rest, ""))
    parts = [(name, division.share(number), told) for name, number, told in counts]
    colours = [PRIMARY] * len(division.parts) + [MUTED]
    ends = [float(share) for _, share, _ in parts]
    ax = theme.rows([name for name, _, _ in parts], 1.2 * len(parts))
    thick = theme.thickness(0.62)
    bars = ax.barh(range(len(parts)), ends, height=thick, color=colours[: len(parts)])
    theme.fit_rows(ax)
    labels = [f"{rounded(share, '%', 2)}%{told}" for _, share, told in parts]
    labelled = theme.label_ends(ax, ends, labels)
    names = [name for name, _, _ in parts]
    whole = [*division.parts, *[division.rest] * (len(parts) - len(division.parts))]
    theme.mark(ax, t("数量"), names, whole)
    theme.mark(ax, t("占比（%）"), names, [share for _, share, _ in parts], bars, labelled)
    theme.value_axis(ax, t("占 {whole}的 %", whole=_whole(division.whole)), percent=True)
    most = shortened(leaf(division.parts[0].item), _WHOLE)
    share = rounded(division.share(division.parts[0].compared), "%", 2)
    of = shortened(division.name, _WHOLE, 6)
    title = t("{year} 年{of}：{most}最多，{share}%", year=year, of=of, most=most, share=share)
    return theme.finish(ax, title, _source())


@theme.chart
def growth_chart(rows: Sequence[Growth]) -> Figure:
    """What the stated growth multiplies to, the year before the first as 100."""
    told = [(row.rate, row.level) for row in rows if row.level is not None]
    base = told[0][0].year - 1
    names = [f"{_year(rate.year)}\n{shortened(leaf(rate.item), _TITLE)}" for rate, _ in told]
    ends = [100.0, *(float(level) for _, level in told)]
    ax = theme.rows([_year(base), *names], 1.4 * len(ends))
    thick = theme.thickness(0.55)
    bars = ax.barh(range(len(ends)), ends, height=thick, color=[MUTED, *[PRIMARY] * len(told)])
    theme.fit_rows(ax)
    grown = [
        t("{level}（同比 {rate}%）", level=rounded(level, ""), rate=_rise(rate))
        for rate, level in told
    ]
    labelled = theme.label_ends(ax, ends, ["100", *grown])
    years = [_year(base), *(_year(rate.year) for rate, _ in told)]
    theme.mark(ax, t("同比"), years, [None, *(rate for rate, _ in told)])
    levels = ["100", *(level for _, level in told)]
    kind = t("指数（{base} 年 = 100，推算）", base=base)
    theme.mark(ax, kind, years, levels, bars, labelled, places=1)
    theme.value_axis(ax, t("指数，{base} 年 = 100", base=base))
    last = told[-1]
    title = t(
        "{year} 年业务量约为 {base} 年的 {times} 倍（推算）",
        year=last[0].year, base=base, times=rounded(last[1] / 100, ""),
    )  # fmt: skip
    return theme.finish(ax, title, t("来源：报告写的各年同比；各年名称见左"))


def _year(year: int) -> str:
    return t("{year} 年", year=year)


def _rise(rate: Fact) -> str:
    return f"{'+' if rate.value > 0 else ''}{rate.value:f}"
