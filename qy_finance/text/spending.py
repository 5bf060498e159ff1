"""Sentences of notebook 01, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from qy_finance.analysis.accounts import SPENT
from qy_finance.analysis.comparisons import Comparison
from qy_finance.analysis.spending import MAIN, OTHER, REST, Spending, alike
from qy_finance.display import bold, cite, escape, strong
from qy_finance.numbers import total
from qy_finance.text.overview import moved


def headline(found: Spending) -> str:
    """The bottom line: largest 类, project against basic, concentration."""
    kinds, leaves = found.levels["类"], found.concentration
    if kinds.empty:
        return "报告没有支出决算表，或其中没有支出，支出结构无从说起。"
    first = kinds.iloc[0]
    amount = bold(cite(first.total, found.unit))
    text = f"最大的一类是{strong(first['item'])}：{amount}，占本年支出的 {_share(first.share)}。"
    whole, project = found.sums[SPENT], found.sums[MAIN[1]]
    if project and whole and whole.value:
        text += f"项目支出占 {bold(_share(100 * project.number / whole.number))}。"
    if len(leaves) > 1:
        text += f"最大的 2 个项级科目合占 {bold(_share(leaves['cumulative'].iloc[1]))}。"
    return text


def kinds_of_spending(found: Spending) -> str:
    """基本支出 and 项目支出 of the whole, one sentence."""
    whole, basic, project = found.sums.values()
    if not (whole and whole.value and basic and project):
        return "报告没有印出基本支出与项目支出的合计，或合计为 0。"
    rest = whole.number - basic.number - project.number
    parts = [
        f"{fact.column} {cite(fact)}（{_share(100 * fact.number / whole.number)}）"
        for fact in (basic, project)
    ]
    if not rest.low <= 0 <= rest.high:
        parts.append(f"其余 {cite(rest, found.unit)}是{OTHER}（上缴上级、经营和对附属单位补助）")
    return f"{'，'.join(parts)}，百分数以本年支出合计 {cite(whole)} 为分母。"


def on_flows(found: Spending) -> list[str]:
    """The largest flow; how the flows are known; what the tables do not tell."""
    flows = found.flows
    if not flows.links:
        return [flows.why]
    most = max(flows.links, key=lambda link: link.amount)
    path = escape(f"{most.fund} → {most.item} → {most.use}")
    share = _share(100 * most.amount / total(link.amount for link in flows.links))
    amount = bold(cite(most.amount, found.unit))
    told = [f"最大的一条是{path}：{amount}，占本年支出的 {share}。"]
    rest = [link.amount for link in flows.links if link.fund == REST]
    pool = next((pool for pool in flows.pools if pool.fund == REST), None)
    if rest:
        less = f"减去{'、'.join(flows.apart)}里相同科目的数" if flows.apart else "里的数"
        apart = pool and pool.spent != total(rest)
        told.append(
            f"{REST}是支出决算表{less}，即不由上述资金支付的部分，合计 {cite(total(rest), found.unit)}"
            f"{'，与上表由总表得出的数差在尾数' if apart else ''}。尾差以内的不画。"
        )
    elif pool:
        told.append(f"{REST}是收入支出决算总表减去财政拨款收入支出决算总表，本年没有支出。")
    opened = "每种资金付出的钱里，多少是本年收入、多少是年初结转，表里没有说；"
    told.append(
        f"每一条都由表里的数确定，没有估算。{opened if flows.pools else ''}"
        "项目支出买了什么、给了谁，表里也没有说。"
    )
    return told


def concentrated(found: Spending, threshold: int = 80) -> str:
    """How many 项 make up ``threshold`` percent, and how many equal ones would be as concentrated."""
    frame = found.concentration
    if frame.empty:
        return "报告没有印出项级科目，或其中没有支出。"
    first = frame.iloc[0]
    named = f"{strong(first['item'])}（{first['code']}）"
    if len(frame) == 1:
        return f"支出全部在一个项级科目：{named}。"
    needed = min(int((frame["cumulative"] < threshold).sum()) + 1, len(frame))
    share, number = _share(first["share"]), bold(cite(alike(frame["share"]), "个", 1))
    if needed > 1:
        reached = _share(frame["cumulative"].iloc[needed - 1])
        told = f"最大的 {needed} 个就占到本年支出的 {reached}；仅{named}一项就占 {share}"
    else:
        told = f"{named}一项就占本年支出的 {share}"
    return (
        f"{len(frame)} 个有支出的项级科目中，{told}。按各科目占比的平方和（赫芬达尔指数）的倒数算，"
        f"支出的集中程度相当于 {number}同样大的科目：越接近 1 越集中，最多是 {len(frame)} 个。"
    )


def funds_of_functions(found: Spending) -> str:
    """Which 类 are paid by more than one fund, one sentence."""
    frame = found.funds
    if frame.empty:
        return "报告没有财政拨款收入支出决算总表，或其中没有支出。"
    _, *funds = frame.columns
    if len(funds) == 1:
        return f"财政拨款支出全部出自{funds[0]}。"
    mixed = "、".join(map(escape, frame.loc[(frame[funds] != 0).sum(axis=1) > 1, "项目"]))
    if mixed:
        return f"共有 {len(funds)} 种资金；由多种资金共同支付的有：{mixed}。"
    return f"共有 {len(funds)} 种资金，每一类支出只由其中一种支付，没有混用。"


def people_and_running(found: Spending) -> str:
    """人员经费 against 公用经费, and the largest account of each, one sentence."""
    whole = total(found.sides.values())
    if not whole:
        return "报告没有印出人员经费和公用经费的合计，或合计为 0。"
    items = found.economic
    parts = []
    for side, amount in found.sides.items():
        parts.append(f"{side} {cite(amount, found.unit)}（{_share(100 * amount / whole)}）")
        for name, most in items.loc[items["side"] == side, ["item", "amount"]].head(1).to_numpy():
            parts[-1] += f"，最大的是{strong(name)} {cite(most, found.unit)}"
    return f"{'；'.join(parts)}。"


def against_last_year(compared: Sequence[Comparison]) -> str:
    """What the report says of expenditure against last year, one sentence for each."""
    told = [moved(one) for one in compared if one.moved is not None]
    return f"{'；'.join(told)}。" if told else "报告没有说明支出与上年相比的变化，上年数无从推算。"


def _share(percentage: object) -> str:
    return cite(percentage, "%", 1)
