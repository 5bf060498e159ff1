"""What the figures of a hotline and of indicators say, as Chinese sentences (Markdown) with computed numbers.

Every function says so in a sentence where the report lacks what it needs. Text of the report is escaped.
"""

from __future__ import annotations

import pandas as pd

from qy_finance.analysis.hotline import STATED, Capacity, capacity
from qy_finance.analysis.hotline_requests import Breakdown
from qy_finance.analysis.hotline_trend import months, share_of_calls
from qy_finance.analysis.indicators import indicators, quantity
from qy_finance.display import escape
from qy_finance.report import Report


def in_wan(count: float) -> str:
    """A count as text, in 万 from ten thousand on: 8.47 万."""
    return f"{count / 10_000:,.2f} 万" if count >= 10_000 else f"{count:,.10g} "


def _value(value: float, unit: str) -> str:
    return f"{value:,.10g}%" if unit == "%" else f"{value:,.10g} {escape(unit)}"


def bottom_line(report: Report) -> str:
    """The notebook in a paragraph."""
    table, load = indicators(report), capacity(report)
    year = report.meta["year"]
    if table.empty and load.calls is None:
        return f"**报告没有写 {year} 年带目标值的绩效指标，也没有写热线的业务量，本页没有可以分析的数字。**"
    said = [_met(table)]
    if load.calls and load.answer_rate is not None:
        said.append(
            f"{year} 年来电 {in_wan(float(load.calls.value))}通，人工接通率 {load.answer_rate:g}%："
            f"每 100 通要人工接听的来电，有 {100 - load.answer_rate:.0f} 通没有接通"
        )
    found = len(contradictions(report))
    if found:
        said.append(f"报告自己的数字有 {found} 处对不上")
    return f"**{'。'.join(said)}。**"


def _met(table: pd.DataFrame) -> str:
    if table.empty:
        return "报告没有写带目标值的绩效指标"
    told = table[table["met"].notna()]
    missed = told[~told["met"].astype(bool)]
    text = f"{len(table)} 项指标写有目标值，{len(told) - len(missed)} 项达标"
    if not missed.empty:
        text += f"，{len(missed)} 项未达标：" + "、".join(
            f"{escape(row['name'])}（{_value(row['actual'], row['unit'])}，"
            f"目标 {'' if pd.isna(row['comparison']) else row['comparison']}{_value(row['target'], row['unit'])}）"
            for _, row in missed.iterrows()
        )
    silent = len(table) - len(told)
    return text + (f"，{silent} 项没有写完成值" if silent else "")


def on_indicators(table: pd.DataFrame) -> str:
    """How many targets are met, and which indicator is furthest ahead and behind."""
    if table.empty:
        return "报告没有写带目标值的绩效指标。"
    text = _met(table)
    at_limit = table[table["unit"].eq("%") & table["target"].eq(100)]
    if len(at_limit):
        text += f"。有 {len(at_limit)} 项的目标就是 100%，达标之外不可能更好，看不出差别"
    best = table[table["ahead_percent"].fillna(0) > 0].tail(1)
    if len(best):
        row = best.iloc[0]
        text += f"。领先目标最多的是{escape(row['name'])}，好于目标 {row['ahead_percent']:.1f}%"
    return f"{text}。"


def reasons(table: pd.DataFrame) -> str:
    """The stated reasons of indicators that missed their target, quoted."""
    if table.empty:
        return "报告没有写带目标值的绩效指标。"
    missed = table[table["met"].notna() & ~table["met"].fillna(True)]
    if missed.empty:
        return "没有未达标的指标。"
    quotes = [
        f"> **{escape(row['name'])}**：{escape(row['reason'])}"
        if not pd.isna(row["reason"])
        else f"> **{escape(row['name'])}**：报告没有写原因。"
        for _, row in missed.iterrows()
    ]
    return "\n>\n".join(quotes)


def on_capacity(load: Capacity) -> str:
    """What the answer rate means in calls, and what a seat has to bear."""
    if load.calls is None:
        return "报告没有写来电总量，不能算业务负荷。"
    values = load.table().set_index("name")["value"]
    said = []
    if "每个坐席每天来电" in values:
        said.append(f"每个坐席每天平均要面对 {values['每个坐席每天来电']:.0f} 通来电")
    if "未接通" in values:
        said.append(
            f"如果 {load.answer_rate:g}% 的接通率适用于全部来电，未接通约 {values['未接通']:.1f} 万通"
        )
        if values["距目标还差"] > 0:
            said.append(
                f"要达到 {load.answer_target:g}% 的目标，还要多接 {values['距目标还差']:.1f} 万通"
            )
    if "通话占全体人员工时" in values:
        share = values["通话占全体人员工时"]
        text = f"接通的通话合计只占全体人员工时的约 {share:.0f}%"
        said.append(f"{text}，全年平均看不出饱和，接不通可能集中在高峰时段" if share < 50 else text)
    return "；".join(said) + "。" if said else "报告没有写坐席、人员或接通率，只有来电总量。"


def load_table(load: Capacity) -> pd.DataFrame:
    """Demand and capacity with the column names of a notebook, each value with its unit."""
    table = load.table()
    values = [
        quantity(row["value"] if row["how"] == STATED else round(row["value"], 1), row["unit"])
        for row in table.to_dict("records")
    ]
    return pd.DataFrame({"项目": table["name"], "数值": values, "由来": table["how"]})


def on_channels(table: pd.DataFrame) -> str:
    """How unequal the channels are."""
    if table.empty:
        return "报告没有按渠道写受理量。"
    top = table.iloc[0]
    text = f"{top['channel']}最多，{in_wan(top['count'])}{escape(top['unit'])}"
    if len(table) == 1:
        return f"报告只写了一个渠道的受理量：{text}。"
    if top["count"] == 0:
        return "报告写的各渠道受理量合计是 0。"
    low = table.iloc[-1]
    text += (
        f"，占各渠道合计的 {top['share']:.1f}%；最少的是{low['channel']}，"
        f"{in_wan(low['count'])}{escape(low['unit'])}"
    )
    return (
        f"{text}，前者是后者的 {top['count'] / low['count']:,.0f} 倍。"
        if low["count"]
        else f"{text}。"
    )


def on_breakdown(division: Breakdown) -> str:
    """The largest part, what all parts cover, and whether something is left."""
    top, covered = division.parts.iloc[0], division.parts["share"].sum()
    text = (
        f"{escape(division.name)}：{division.whole.text} {escape(division.unit)}，"
        f"最多的是{escape(top['name'])}（{top['share']:.1f}%）"
    )
    if division.complete:
        return f"{text}；列出的 {len(division.parts)} 项相加正好是总数。"
    rest = float(division.rest.value)
    text += (
        f"；列出的 {len(division.parts)} 项合计占 {covered:.1f}%，"
        f"其余 {in_wan(rest)}件没有说明".replace("件", escape(division.unit.lstrip("万")))
    )
    order = "" if division.sorted_as_told else "。报告列出的次序不是从多到少"
    return f"{text}{order}。"


def on_months(table: pd.DataFrame) -> str:
    """The change between two months as stated and as computed."""
    if table.empty:
        return "报告没有写两个月份之间的比率变化。"
    said = []
    for row in table.to_dict("records"):
        text = (
            f"{escape(row['item'])}从 {row['from_month']} 月的 {row['before']:.2f}% 到 {row['to_month']} 月的 "
            f"{row['after']:.2f}%，变动 {row['points']:+.2f} 个百分点"
        )
        if not pd.isna(row["relative"]):
            text += f"（相对变动 {row['relative']:+.1f}%）"
        if row["agrees"] is not None:
            verdict = (
                "相符"
                if row["agrees"]
                else f"**不符，差 {abs(row['points'] - row['stated']):.2f}**"
            )
            text += f"；报告写的变动幅度是 {row['stated']:.2f}%，{verdict}"
        said.append(text + "。")
    return "\n\n".join(said)


def on_growth(table: pd.DataFrame) -> str:
    """What the stated growth rates multiply to."""
    if table.empty:
        return "报告没有写业务量的同比变化。"
    rates = "、".join(
        f"{row['year']} 年{escape(row['item'])} {row['rate']:+g}%"
        for row in table.to_dict("records")
    )
    last = table.iloc[-1]
    if len(table) == 1 or pd.isna(last["index"]):
        return f"报告写的同比：{rates}。"
    base = int(table["year"].iloc[0]) - 1
    text = f"报告写的同比：{rates}。连乘起来，{last['year']} 年是 {base} 年的 {last['index'] / 100:.2f} 倍"
    if table["item"].nunique() > 1:
        text += "（各年用的名称不同，口径未必一致，只能当作量级）"
    return f"{text}。"


def on_satisfaction(table: pd.DataFrame) -> str:
    """Satisfaction with the call against satisfaction with the outcome."""
    values = table.set_index("kind")
    if not {"通话", "办理结果"} <= set(values.index):
        return "报告没有同时写对通话和对办理结果的满意度，不能比较。"
    call, outcome = values.loc["通话"], values.loc["办理结果"]
    text = (
        f"对通话满意的有 {call['satisfied']:g}%，对办理结果满意的有 {outcome['satisfied']:g}%，"
        f"相差 {call['satisfied'] - outcome['satisfied']:.2f} 个百分点"
    )
    if call["unsatisfied"] > 0:
        times = outcome["unsatisfied"] / call["unsatisfied"]
        text += f"；不满意的比例是 {outcome['unsatisfied']:g}% 对 {call['unsatisfied']:g}%，前者是后者的 {times:.0f} 倍"
    return f"{text}。"


def findings(report: Report) -> str:
    """The contradictions as a list, or that there is none among the figures that can be compared."""
    found = contradictions(report)
    if found:
        return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(found, start=1))
    compared = months(report)["agrees"].notna().sum() + len(
        share_of_calls(report, capacity(report).calls)
    )
    return f"能互相核对的 {compared} 处没有矛盾。" if compared else "没有可以互相核对的数字。"


def contradictions(report: Report) -> list[str]:
    """Stated figures that do not follow from the figures beside them, a sentence each; empty if none."""
    found = [
        f"**变动幅度**：{escape(row['item'])}从 {row['before']:.2f}% 到 {row['after']:.2f}% 是 "
        f"{row['points']:+.2f} 个百分点，报告写 {row['stated']:.2f}%。"
        for row in months(report).to_dict("records")
        if row["agrees"] is False
    ]
    calls = capacity(report).calls
    found += [
        f"**占比**：{escape(row['item'])}占{escape(row['of'])}，报告写 {row['stated']:g}%，"
        f"以来电总量重算是 {row['recomputed']:.2f}%。"
        for row in share_of_calls(report, calls).to_dict("records")
        if not row["agrees"]
    ]
    return found
