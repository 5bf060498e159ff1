"""Sentences of notebook 02, in Markdown."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from qy_finance.analysis import derived
from qy_finance.analysis.derived import Comparison
from qy_finance.analysis.facts import Fact, cell
from qy_finance.analysis.operating import SIDE, accounts, drivers, operating, reason, three_public
from qy_finance.analysis.spending import exact
from qy_finance.display import bold, cite, decimals, escape, percent, strong
from qy_finance.report import Report


def headline(report: Report) -> str:
    """The bottom line: amount, growth, derived last year, reasons that the tables do not bear out."""
    found = operating(report)
    if found is None:
        return "报告没有说明机关运行经费。"
    text = f"机关运行经费 {bold(found.current.cited)}，{_moved(found)}。"
    if found.previous is not None:
        text += f"由此{derived.DERIVED}上年约 {decimals(found.previous)} {found.current.unit}。"
    named = drivers(report, reason(report, found))
    silent = named[named["finding"].isin(["印为 0.00", "印为空白"])]["named"]
    if len(silent):
        text += f"报告举出的原因里，{strong('、'.join(silent))}在明细表中没有金额。"
    return text


def _moved(found: Comparison) -> str:
    """比上年增加 18.98 万元，增长 43.41%."""
    if found.level:
        return "与上年持平"
    words = []
    if found.change is not None:
        up = found.change.value >= 0
        words.append(f"{'增加' if up else '减少'} {_size(found.change)}")
    if found.rate is not None:
        words.append(f"{'增长' if found.rate.value >= 0 else '下降'} {_size(found.rate)}")
    return f"比上年{'，'.join(words)}" if words else "报告没有说明它与上年相比的变化"


def _size(fact: Fact) -> str:
    return cite(abs(fact.value), fact.unit, fact.places)


def growth(found: Comparison) -> str:
    """Stated growth, and last year's amount that it implies (derived)."""
    if found.previous is None:
        return "报告没有说明它与上年相比的变化，上年数无从推算。"
    if found.level:
        return f"报告称与上年持平，上年数即 {found.current.cited}（{derived.DERIVED}）。"
    span = found.by_change or found.by_rate
    between = f"（在 {decimals(span.low, 3)} 与 {decimals(span.high, 3)} 之间）" if span else ""
    verdict = {
        "相符": "增减额与增减率相互印证。",
        "尾差": "增减额与增减率只差尾数。",
        "不符": f"增减额与增减率对不上：按增减额应为 {percent(found.implied_rate, 2)}。",
        "": "",
    }[found.verdict]
    return (
        f"报告称{_moved(found)}，由此{derived.DERIVED}上年约 "
        f"{strong(f'{decimals(found.previous)} {found.current.unit}')}{between}。{verdict}"
    )


def consistency(report: Report) -> str:
    """机关运行经费 against 公用经费合计 of the table of basic expenditure.

    By definition (机关运行经费：为保障行政单位运行用于购买货物和服务的各项资金) it is the 公用经费 of administrative
    units, so it can't exceed the 公用经费合计 and may be less where there are 事业单位 that don't count.
    """
    found = operating(report)
    total = cell(report, "basic_expenditure", "公用经费合计", "决算数")
    if found is None or total is None:
        missing = "机关运行经费" if found is None else "公用经费合计"
        return f"报告没有印出{missing}，两者无法核对。"
    stated = found.current.in_unit(total.unit)
    gap = stated.value - total.value
    pair = f"机关运行经费 {stated.cited}，公用经费合计 {total.cited}"
    if abs(gap) <= stated.half + total.half:
        return f"{pair}：{strong('相等')}，整个单位的公用经费都计入了机关运行经费。"
    if gap < 0:
        return (
            f"{pair}：少 {decimals(-gap)} {total.unit}。机关运行经费只含行政单位和参公事业单位，"
            "其余公用经费属于其他单位时，这并不矛盾。"
        )
    return f"{pair}：{strong(f'多出 {decimals(gap)} {total.unit}')}，超过了它按定义应当包含于其中的公用经费。"


def ranked(report: Report) -> str:
    """Which accounts make up most of 公用经费, one sentence."""
    frame = accounts(report)
    if frame.empty:
        return "报告没有印出公用经费的明细金额。"
    printed = exact(report, "basic_expenditure")
    printed = printed[
        (printed["side"] == SIDE).fillna(False) & (printed["code"].str.len() > 3).fillna(False)
    ]
    top = frame.head(3)
    names = "、".join(
        f"{escape(item)} {decimals(amount)}"
        for item, amount in zip(top["item"], top["amount"], strict=True)
    )
    blank = int(sum(value == 0 for value in printed["决算数"]))
    return (
        f"{len(frame)} 个科目有金额，{blank} 个印为 0.00。最大的 {len(top)} 个（{names}，单位："
        f"{report.meta['money_unit']}）占 {strong(percent(top['share'].sum()))}。"
    )


def explained(report: Report) -> str:
    """What the stated reason explains and what it does not, in Markdown."""
    found = operating(report)
    stated = reason(report, found)
    if found is None or stated is None:
        return "报告没有说明增减的原因。"
    frame, change, unit = drivers(report, stated), found.change, str(report.meta["money_unit"])
    grew = bool(change and change.value > 0)
    text = f"报告的说法是“{strong(stated.text)}”（原文第 {stated.line} 行）。"
    known = frame[frame["item"].notna()]
    if known.empty:
        return f"{text}其中没有点名任何一个公用经费科目，无法与明细表对照。"
    paid = known[known["finding"] == "有金额"]
    zero = known[known["finding"] != "有金额"]
    if len(paid):
        amount = sum(paid["amount"], Decimal(0))
        whole = sum(accounts(report)["amount"], Decimal(0))
        names = "、".join(map(escape, paid["item"]))
        share = percent(100 * amount / whole)
        text += (
            f"点名的科目中，{names}有金额，合计 {decimals(amount)} {unit}，占公用经费的 {share}。"
        )
        if change is not None and change.value > 0:
            text += _bound(amount, change.in_unit(unit).value, unit)
    if len(zero):
        text += f"{strong('、'.join(zero['item']))}本年没有金额（印为 0.00 或空白），" + (
            f"不能使本年增加；{'它' if len(zero) == 1 else '它们'}的支出可能记在别处，例如项目支出。"
            if grew
            else "只有上年有金额时才能解释变化。"
        )
    unknown = frame[frame["item"].isna()]["named"]
    if len(unknown):
        text += f"“{escape('、'.join(unknown))}”在明细表中没有同名科目。"
    return text


def share_of_three_public(report: Report) -> str:
    """How much of 公用经费 is 三公, one sentence."""
    frame = three_public(report)
    total = cell(report, "basic_expenditure", "公用经费合计", "决算数")
    spent = cell(report, "three_public", "“三公”经费", "决算数/合计")
    inside = [value for value in frame["in_running"] if not pd.isna(value)]
    if total is None or not total.value or not inside or spent is None:
        return "报告缺少“三公”经费决算表或公用经费明细，无法比较。"
    amount = sum(inside, Decimal(0))
    text = (
        f"公用经费里的“三公”科目合计 {strong(f'{decimals(amount)} {total.unit}')}，"
        f"占公用经费的 {percent(100 * amount / total.value)}；“三公”经费决算表合计 {spent.cited}"
    )
    gap = spent.value - amount
    slack = spent.half + total.half * len(inside)
    if abs(gap) <= slack:
        return f"{text}，两处相符，“三公”经费全部在公用经费之内。"
    if gap > 0:
        return f"{text}，多出的 {decimals(gap)} {total.unit} 可能在项目支出中列支。"
    return f"{text}，比公用经费里的少 {decimals(-gap)} {total.unit}，两处对不上。"


def each(frame: pd.DataFrame) -> str:
    """Costs per vehicle, reception and guest, one sentence."""
    if frame.empty:
        return "报告没有同时给出金额和数量（或数量为 0），算不出单位成本。"
    parts = [
        f"{name} {strong(f'{decimals(value, 0)} 元')}（{basis}）"
        for name, value, basis in zip(frame["measure"], frame["each"], frame["basis"], strict=True)
    ]
    return f"{'；'.join(parts)}。报告没有公布在职人数，人均数算不出来。"


def _bound(amount: Decimal, change: Decimal, unit: str) -> str:
    """An account can't have risen by more than it is now."""
    limit = f"即使它们上年全是 0，最多也只能解释 {decimals(amount)} {unit}"
    if amount < change:
        return f"{limit}，不足以解释增加的 {decimals(change)} {unit}。"
    return f"{limit}；增加的 {decimals(change)} {unit}在此之内，说得通但无法证实。"
