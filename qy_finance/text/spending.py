"""Sentences of notebook 01, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import SPENT, framed, largest_first
from qy_finance.analysis.comparisons import Comparison
from qy_finance.analysis.spending import MAIN, REST, Spending, alike
from qy_finance.digits import share as shared
from qy_finance.display import bold, cite, escape, percent, shortened, strong
from qy_finance.language import join, plain, t
from qy_finance.numbers import Number, total
from qy_finance.text.overview import moved

_ALL: Final = 100
_NAMED: Final = 5  # comparisons that a sentence tells, all of them
_LARGEST: Final = 3  # those that it tells where there are more
_NAME: Final = 12  # characters of an account in a title


def headline(found: Spending) -> str:
    """The bottom line: largest 类, project expenditure, and how much is under accounts that do not say what for."""
    kinds = found.levels["类"]
    if kinds.empty:
        return t("报告没有支出决算表，或其中没有支出，支出结构无从说起。")
    first = kinds.iloc[0]
    text = t(
        "钱最多花在{item}：{amount}，占本年支出的 {share}。",
        item=strong(first["item"]), amount=bold(cite(first.total, found.unit)),
        share=_share(first.share),
    )  # fmt: skip
    whole, project = found.sums[SPENT], found.sums[MAIN[1]]
    if not (project and whole and whole.value):
        return text
    share, part = bold(_share(100 * project.number / whole.number)), _unnamed_part(found)
    if part is None:
        return text + t("项目支出占 {share}。", share=share)
    if part == _ALL:
        return text + t(
            "项目支出占 {share}，<b>全部</b>记在名称以“其他”开头的科目里，从科目看不出用途。",
            share=share,
        )
    return text + t(
        "项目支出占 {share}，其中 {part} 记在名称以“其他”开头的科目里，从科目看不出用途。",
        share=share, part=bold(_share(part)),
    )  # fmt: skip


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
        return t("报告没有印出项级科目，看不出有多少支出记在名称以“其他”开头的科目里。")
    if frame.empty:
        return t("没有一项支出记在名称以“其他”开头的项级科目里。")
    text = t(
        "名称以“其他”开头的项级科目有 {n} 个，共 {amount}，占本年支出的 {share}",
        n=len(frame), amount=bold(cite(total(frame["total"]), found.unit)),
        share=bold(_share(total(frame["share"]))),
    )  # fmt: skip
    part = _unnamed_part(found)
    if part is None:
        return t("{text}。", text=text)
    if part == _ALL:
        return t("{text}；项目支出全部记在其中。", text=text)
    return t("{text}；项目支出的 {part} 记在其中。", text=text, part=_share(part))


def on_projects(found: Spending) -> str:
    """What the report names of its projects, and how much of project expenditure that leaves."""
    named, project = found.projects, found.sums[MAIN[1]]
    if not named:
        return t("没有读到写明名称和执行数的项目。")
    spent = total(one.spent.number.in_unit(found.unit) for one in named if one.spent)
    text = t(
        "报告写明名称和执行数的项目有 {n} 个，共 {spent}",
        n=len(named), spent=bold(cite(spent, found.unit)),
    )  # fmt: skip
    share = spent.percent_of(project.number) if project else None
    if project is None or share is None or share > 100:
        return t("{text}。", text=text)
    return t(
        "{text}，相当于项目支出 {project}的 {share}；其余 {rest}没有写到项目。",
        text=text, project=cite(project), share=_share(share),
        rest=cite(project.number - spent, found.unit),
    )  # fmt: skip


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
        return t("表里没有本单位职工的养老保险、职业年金、医疗和住房改革支出科目。")
    kinds = found.levels["类"]
    inside = kinds[kinds["code"].isin(set(frame["code"].str[:3]))]
    every, own, share = total(inside["total"]), total(frame["total"]), total(frame["share"])
    names = join(map(escape, inside["item"]))
    if own.meets(every):
        text = t(
            "{names}合计 {every}，全部是单位为本单位职工负担的社会保险、年金和住房支出",
            names=names, every=bold(cite(every, found.unit)),
        )  # fmt: skip
    else:
        text = t(
            "{names}合计 {every}，其中 {own}（{part}）是单位为本单位职工负担的社会保险、年金和住房支出",
            names=names, every=cite(every, found.unit), own=bold(cite(own, found.unit)),
            part=_share(own.percent_of(every)),
        )  # fmt: skip
    return t(
        "{text}，占本年支出的 {share}：这是用人的成本，不是面向社会的服务支出。",
        text=text, share=_share(share),
    )  # fmt: skip


def flow_title(found: Spending, year: int) -> str:
    """What the figure of flows shows."""
    most = max(found.flows.links, key=lambda link: link.amount)
    share = 100 * most.amount / total(link.amount for link in found.flows.links)
    return t(
        "{year} 年最大的一笔：{item}的{use}，{share}",
        year=year, item=_named(most.item), use=most.use, share=percent(share),
    )  # fmt: skip


def concentration_title(found: Spending, year: int) -> str:
    """What the figure of accounts shows."""
    frame = found.concentration
    count = min(2, len(frame))
    share = percent(frame["cumulative"].iloc[count - 1])
    return t("{year} 年：最大的 {n} 个科目占支出的 {share}", year=year, n=count, share=share)


def economic_title(found: Spending, year: int) -> str:
    """What the figure of economic accounts shows."""
    whole, people = total(found.sides.values()), found.sides.get("人员经费")
    if whole and people is not None:
        share = percent(100 * people / whole)
        return t("{year} 年基本支出：人员经费占 {share}", year=year, share=share)
    item = _named(found.economic["item"].iloc[0])
    return t("{year} 年基本支出：{item}最多", year=year, item=item)


def _named(item: str) -> str:
    """An account in a title."""
    return plain(item) if plain(item) != item else shortened(item, _NAME)


def kinds_of_spending(found: Spending) -> str:
    """基本支出 and 项目支出 of the whole, one sentence."""
    whole, basic, project = found.sums.values()
    if not (whole and whole.value and basic and project):
        return t("报告没有印出基本支出与项目支出的合计，或合计为 0。")
    rest = whole.number - basic.number - project.number
    parts = [
        t(
            "{name} {amount}（{share}）",
            name=escape(fact.column), amount=cite(fact),
            share=_share(100 * fact.number / whole.number),
        )
        for fact in (basic, project)
    ]  # fmt: skip
    if not rest.low <= 0 <= rest.high:
        left = cite(rest, found.unit)
        parts.append(t("其余 {left}是其他支出（上缴上级、经营和对附属单位补助）", left=left))
    return t(
        "{parts}，百分数以本年支出合计 {whole} 为分母。",
        parts=join(parts, "，"), whole=cite(whole),
    )  # fmt: skip


def on_flows(found: Spending) -> list[str]:
    """The largest flow; how the flows are known; what the tables do not tell."""
    flows = found.flows
    if not flows.links:
        return [flows.why]
    most = max(flows.links, key=lambda link: link.amount)
    share = _share(100 * most.amount / total(link.amount for link in flows.links))
    told = [
        t(
            "最大的一笔流向是{fund} → {item} → {use}：{amount}，占本年支出的 {share}。",
            fund=escape(most.fund), item=escape(most.item), use=escape(most.use),
            amount=bold(cite(most.amount, found.unit)), share=share,
        )
    ]  # fmt: skip
    if rest := _of_rest(found):
        told.append(rest)
    text = t("每一条都由表里的数确定，没有估算。")
    if flows.pools:
        text += t("每种资金付出的钱里，多少是本年收入、多少是年初结转，表里没有说；")
    told.append(text + t("项目支出买了什么、给了谁，表里也没有说。"))
    return told


def _of_rest(found: Spending) -> str:
    """How 其余资金 is known; empty where there is none."""
    flows = found.flows
    rest = [link.amount for link in flows.links if link.fund == REST]
    pool = next((pool for pool in flows.pools if pool.fund == REST), None)
    if not rest:
        if pool is None:
            return ""
        return t("其余资金是收入支出决算总表减去财政拨款收入支出决算总表，本年没有支出。")
    amount = cite(total(rest), found.unit)
    if flows.apart:
        text = t(
            "其余资金是支出决算表减去{tables}里相同科目的数，即不由上述资金支付的部分，合计 {amount}",
            tables=join(map(escape, flows.apart)), amount=amount,
        )  # fmt: skip
    else:
        text = t(
            "其余资金是支出决算表里的数，即不由上述资金支付的部分，合计 {amount}", amount=amount
        )
    if pool and pool.spent != total(rest):
        text = t("{text}，与上表由总表得出的数差在尾数", text=text)
    return t("{text}。", text=text) + t("尾差以内的不画。")


def concentrated(found: Spending, threshold: int = 80) -> str:
    """How many 项 make up ``threshold`` percent, and how many equal ones would be as concentrated."""
    frame = found.concentration
    if frame.empty:
        return t("报告没有印出项级科目，或其中没有支出。")
    first = frame.iloc[0]
    named = t("{item}（{code}）", item=strong(first["item"]), code=first["code"])
    if len(frame) == 1:
        return t("支出全部在一个项级科目：{named}。", named=named)
    needed = min(int((frame["cumulative"] < threshold).sum()) + 1, len(frame))
    share, n = _share(first["share"]), len(frame)
    if needed > 1:
        reached = _share(frame["cumulative"].iloc[needed - 1])
        text = t(
            "{n} 个有支出的项级科目中，最大的 {needed} 个就占到本年支出的 {reached}；"
            "仅{named}一项就占 {share}。",
            n=n, needed=needed, reached=reached, named=named, share=share,
        )  # fmt: skip
    else:
        text = t(
            "{n} 个有支出的项级科目中，{named}一项就占本年支出的 {share}。",
            n=n, named=named, share=share,
        )  # fmt: skip
    equal = cite(alike(frame["share"]), "个", 1)
    return text + t(
        "按各科目占比的平方和（赫芬达尔指数）的倒数算，"
        "支出的集中程度相当于 {equal}同样大的科目：越接近 1 越集中，最多是 {n} 个。",
        equal=bold(equal), n=n,
    )  # fmt: skip


def funds_of_functions(found: Spending) -> str:
    """Which 类 are paid by more than one fund, one sentence."""
    frame = found.funds
    if frame.empty:
        return t("报告没有财政拨款收入支出决算总表，或其中没有支出。")
    _, *funds = frame.columns
    if len(funds) == 1:
        return t("财政拨款支出全部出自{fund}。", fund=escape(funds[0]))
    mixed = join(map(escape, frame.loc[(frame[funds] != 0).sum(axis=1) > 1, "项目"]))
    n = len(funds)
    if mixed:
        return t("共有 {n} 种资金；由多种资金共同支付的有：{mixed}。", n=n, mixed=mixed)
    return t("共有 {n} 种资金，每一类支出只由其中一种支付，没有混用。", n=n)


def people_and_running(found: Spending) -> str:
    """人员经费 against 公用经费, and the largest account of each, one sentence."""
    whole = total(found.sides.values())
    if not whole:
        return t("报告没有印出人员经费和公用经费的合计，或合计为 0。")
    items = found.economic
    parts = []
    for side, amount in found.sides.items():
        text = t(
            "{name} {amount}（{share}）",
            name=escape(side), amount=cite(amount, found.unit), share=_share(100 * amount / whole),
        )  # fmt: skip
        for name, most in items.loc[items["side"] == side, ["item", "amount"]].head(1).to_numpy():
            text = t(
                "{text}，最大的是{name} {amount}",
                text=text, name=strong(name), amount=cite(most, found.unit),
            )  # fmt: skip
        parts.append(text)
    return t("{text}。", text=join(parts, "；"))


def against_last_year(compared: Sequence[Comparison]) -> str:
    """What the report says of expenditure against last year; of many, what changed most."""
    known = [(one, change) for one in compared if (change := one.moved) is not None]
    if not known:
        return t("报告没有说明支出与上年相比的变化，上年数无从推算。")
    if (n := len(known)) <= _NAMED:
        return t("{text}。", text=join((moved(one) for one, _ in known), "；"))
    # in 元, for one sum may be printed in 万元 and the next in 亿元
    known.sort(key=lambda pair: -abs(pair[1].in_unit("元")))
    told = join((moved(one) for one, _ in known[:_LARGEST]), "；")
    return t("与上年比较的有 {n} 项，变化最大的 {m} 项是：{told}。", n=n, m=_LARGEST, told=told)


def _share(percentage: object) -> str:
    return shared(percentage)
