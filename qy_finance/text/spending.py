"""Sentences of notebook 01, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import SPENT, framed, largest_first
from qy_finance.analysis.comparisons import Comparison
from qy_finance.analysis.spending import MAIN, OTHER, REST, Spending, alike
from qy_finance.display import bold, cite, escape, percent, shortened, strong
from qy_finance.numbers import Number, total
from qy_finance.text.overview import moved

_ALL: Final = 100
_NAME: Final = 12  # characters of an account in a title


def headline(found: Spending) -> str:
    """The bottom line: largest 类, project expenditure, and how much is under accounts that do not say what for."""
    kinds = found.levels["类"]
    if kinds.empty:
        return "报告没有支出决算表，或其中没有支出，支出结构无从说起。"
    first = kinds.iloc[0]
    amount = bold(cite(first.total, found.unit))
    text = f"钱最多花在{strong(first['item'])}：{amount}，占本年支出的 {_share(first.share)}。"
    whole, project = found.sums[SPENT], found.sums[MAIN[1]]
    if project and whole and whole.value:
        text += f"项目支出占 {bold(_share(100 * project.number / whole.number))}"
        part = _unnamed_part(found)
        if part == _ALL:
            text += f"，{bold('全部')}记在名称以“其他”开头的科目里，从科目看不出用途"
        elif part is not None:
            text += f"，其中 {bold(_share(part))} 记在名称以“其他”开头的科目里，从科目看不出用途"
        text += "。"
    return text


def _unnamed_part(found: Spending) -> Number | None:
    """How much of project expenditure in % is in :attr:`Spending.unnamed`; 100 where rounding allows that."""
    project, part = found.sums[MAIN[1]], total(found.unnamed["project"])
    if not (project and project.value and part):
        return None
    return Number(100) if project.number.meets(part) else part.percent_of(project.number)


def on_unnamed(found: Spending) -> str:
    """How much is spent under accounts whose name begins with 其他, and how much of project expenditure."""
    frame = found.unnamed
    if found.levels["项"].empty:
        return "报告没有印出项级科目，看不出有多少支出记在名称以“其他”开头的科目里。"
    if frame.empty:
        return "没有一项支出记在名称以“其他”开头的项级科目里。"
    amount, share = total(frame["total"]), total(frame["share"])
    text = f"名称以“其他”开头的项级科目有 {len(frame)} 个，共 {bold(cite(amount, found.unit))}"
    text += f"，占本年支出的 {bold(_share(share))}"
    part = _unnamed_part(found)
    if part is None:
        return f"{text}。"
    return f"{text}；项目支出{'全部' if part == _ALL else f'的 {_share(part)} '}记在其中。"


def on_projects(found: Spending) -> str:
    """What the report names of its projects, and how much of project expenditure that leaves."""
    named, project = found.projects, found.sums[MAIN[1]]
    if not named:
        return "没有读到写明名称和执行数的项目。"
    spent = total(one.spent.number.in_unit(found.unit) for one in named if one.spent)
    text = f"报告写明名称和执行数的项目有 {len(named)} 个，共 {bold(cite(spent, found.unit))}"
    share = spent.percent_of(project.number) if project else None
    if project is None or share is None or share > 100:
        return f"{text}。"
    rest = project.number - spent
    return (
        f"{text}，相当于项目支出 {cite(project)}的 {_share(share)}；"
        f"其余 {cite(rest, found.unit)}没有写到项目。"
    )


def projects_table(found: Spending) -> pd.DataFrame:
    """The named projects, the largest first: 项目 (string), 全年预算数, 执行数, 占项目支出 %."""
    whole = found.sums[MAIN[1]]
    rows = []
    for name, planned, spent in found.projects:
        sums = [fact.number.in_unit(found.unit) if fact else None for fact in (planned, spent)]
        rows.append((name, *sums, sums[1].percent_of(whole.number) if whole and sums[1] else None))
    frame = framed(rows, ("项目", "全年预算数", "执行数", "占项目支出 %"), {"项目": "string"})
    return largest_first(frame, "执行数")


def on_own_staff(found: Spending) -> str:
    """What of social protection, health and housing is for the department's own staff."""
    frame = found.own_staff
    if frame.empty:
        return "表里没有本单位职工的养老保险、职业年金、医疗和住房改革支出科目。"
    kinds = found.levels["类"]
    inside = kinds[kinds["code"].isin(set(frame["code"].str[:3]))]
    every, own, share = total(inside["total"]), total(frame["total"]), total(frame["share"])
    names, what = _listed(inside["item"]), "单位为本单位职工负担的社会保险、年金和住房支出"
    text = f"{names}合计 {cite(every, found.unit)}，其中 {bold(cite(own, found.unit))}"
    text += f"（{_share(own.percent_of(every))}）是{what}"
    if own.meets(every):
        text = f"{names}合计 {bold(cite(every, found.unit))}，全部是{what}"
    return f"{text}，占本年支出的 {_share(share)}：这是用人的成本，不是社会保障、卫生健康或住房保障的服务支出。"


def flow_title(found: Spending, year: int) -> str:
    """What the figure of flows shows."""
    most = max(found.flows.links, key=lambda link: link.amount)
    share = 100 * most.amount / total(link.amount for link in found.flows.links)
    return f"{year} 年最大的一笔：{shortened(most.item, _NAME)}的{most.use}，{percent(share)}"


def concentration_title(found: Spending, year: int) -> str:
    """What the figure of accounts shows."""
    frame = found.concentration
    count = min(2, len(frame))
    return (
        f"{year} 年：最大的 {count} 个科目占支出的 {percent(frame['cumulative'].iloc[count - 1])}"
    )


def economic_title(found: Spending, year: int) -> str:
    """What the figure of economic accounts shows."""
    whole, people = total(found.sides.values()), found.sides.get("人员经费")
    if whole and people is not None:
        return f"{year} 年基本支出：人员经费占 {percent(100 * people / whole)}"
    return f"{year} 年基本支出：{shortened(found.economic['item'].iloc[0], _NAME)}最多"


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
    told = [f"最大的一笔流向是{path}：{amount}，占本年支出的 {share}。"]
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


def _listed(names: Iterable[str]) -> str:
    return "、".join(map(escape, names))


def _share(percentage: object) -> str:
    return cite(percentage, "%", 1)
