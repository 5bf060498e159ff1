"""Sentences of notebook 02 on the reasons that the report gives. In Markdown, numbers lead to their source."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from qy_finance.analysis import derived
from qy_finance.analysis.operating import (
    TABLE,
    Contradiction,
    Reason,
    contradictions,
    drivers,
    operating,
    reason,
    reasons,
    running,
    stated_changes,
)
from qy_finance.analysis.operating_words import amount, change, same
from qy_finance.analysis.spending import exact
from qy_finance.checks.ledger import brackets
from qy_finance.display import bold, cite, escape, strong
from qy_finance.report import Report


def in_short(report: Report) -> str:
    """Which of the accounts that the report names its own figures or words contradict."""
    given = reason(report)
    if given is None:
        return "报告没有说明变动的原因。"
    named = drivers(report, given)
    if named.empty:
        return f"报告给出的原因是“{escape(given.text)}”，没有点名任何科目，无法用明细表核对。"
    failed = [
        f"{strong(item)}{escape(finding)}"
        for item, finding, able, crossed in zip(
            named["item"], named["finding"], named["able"], named["crossed"], strict=True
        )
        if crossed or not able
    ]
    if not failed:
        return f"报告点名 {len(named)} 个科目为原因，表中没有与之矛盾的数，但也没有上年数可以证实。"
    return f"报告点名 {len(named)} 个科目为原因，其中 {len(failed)} 个与报告自己的数或说法矛盾：{'；'.join(failed)}。"


def explained(report: Report) -> str:
    """What the stated reason explains and what it does not."""
    given = reason(report)
    if given is None:
        return "报告没有给出机关运行经费增减的原因。"
    frame, unit = drivers(report, given), str(report.meta["money_unit"])
    text = f"报告的说法是“{strong(given.text)}”。"
    if frame.empty:
        return f"{text}其中没有点名任何一个经济分类科目，无法与明细表对照。"
    able = frame[frame["able"] & frame["amount"].map(bool)]
    moved = given.found.change
    of_all = "（明细表是全部公用经费，不只是机关运行经费）" if _is_wider(report, given) else ""
    if given.sign > 0 and moved is None:
        return f"{text}报告没有写增加了多少，原因够不够无从核对。"
    if given.sign <= 0 or moved is None:
        if able.empty:
            return f"{text}点名的科目本年都没有金额，上年有多少没有印出，无从核对。"
        now = f"{_listed(able)}本年还有 {_total(able, unit)}{of_all}"
        return f"{text}{now}；上年数没有印出，减了多少无从核对。"
    return text + _raised(able, moved.in_unit(unit).value, unit, of_all)


def _raised(able: pd.DataFrame, rise: Decimal, unit: str, of_all: str) -> str:
    """An account can't have risen by more than it is now."""
    if able.empty:
        return f"点名的科目本年没有一个有金额，增加的 {amount(rise, unit)}等于没有说明。"
    text = f"有金额的是{_listed(able)}，本年共 {_total(able, unit)}{of_all}：即使上年全是 0，也"
    if _sum(able) < rise:
        return f"{text}不足以解释增加的 {amount(rise, unit)}，至少还差 {bold(amount(rise - _sum(able), unit))}。"
    text += f"最多带来这么多增加，够得上 {amount(rise, unit)}，说得通但无法证实。"
    sound, crossed = able[~able["crossed"]], able[able["crossed"]]
    if len(crossed) and _sum(sound) < rise:
        left = f"只剩 {_total(sound, unit)}，解释不了全部增加" if len(sound) else "就什么也不剩"
        text += f"去掉又被说成减少原因的{_listed(crossed)}，{left}。"
    return text


def _is_wider(report: Report, given: Reason) -> bool:
    total = running(report)
    return total is not None and not same(given.found.current.in_unit(total.unit), total)


def _sum(frame: pd.DataFrame) -> Decimal:
    return sum(frame["amount"], Decimal(0))


def _total(frame: pd.DataFrame, unit: str) -> str:
    return amount(_sum(frame), unit)


def _listed(frame: pd.DataFrame) -> str:
    return "、".join(map(escape, frame["item"]))


def contradicted(report: Report) -> list[str]:
    """Accounts that are the cause of a fall and of a rise, one sentence each."""
    found = contradictions(reasons(report))
    return [_contradiction(report, one) for one in found]


def _contradiction(report: Report, one: Contradiction) -> str:
    table = exact(report, TABLE)
    rows = table[[brackets(item) == brackets(one.account) for item in table["item"]]]
    now = ""
    if len(rows) and not pd.isna(rows["决算数"].iloc[0]):
        spent = amount(rows["决算数"].iloc[0], str(report.meta["money_unit"]))
        now = f"{escape(one.account)}本年 {spent}，"
    return (
        f"{strong(one.account)}被用了两次，方向相反：既是{_cause(one.fell)}的原因，又是{_cause(one.rose)}的原因。"
        f"两处比的都是上年，除非口径不同，不能同时成立；{now}没有上年数，看不出哪一处不对。"
    )


def _cause(given: Reason) -> str:
    moved, rate = given.found.change, given.found.rate
    assert moved or rate, "only what rose or fell has contradictory causes"
    by = (
        change(moved.value, moved.unit)
        if moved
        else f"{'增长' if given.sign > 0 else '下降'} {cite(abs(rate.value), '%', rate.places)}"  # type: ignore[union-attr]
    )
    return f"{escape(given.found.current.item)}{by}（“{escape(given.text)}”）"


def by_item(report: Report) -> str:
    """How much of the change the accounts explain of which the report states the change."""
    frame, found = stated_changes(report), operating(report)
    unit = str(report.meta["money_unit"])
    if frame.empty:
        return "报告没有按科目给出公用经费的增减，哪个科目带动了变化无从计算。"
    known = sum(frame["change"], Decimal(0))
    named = "、".join(
        f"{escape(item)}{change(value, '')}"
        for item, value in zip(frame["item"], frame["change"], strict=True)
    )
    text = f"报告给出增减的公用经费科目只有 {len(frame)} 个（{named} {unit}）。"
    total = running(report)
    if found is None or found.change is None or not found.change.value or total is None:
        return text
    whole = found.change.in_unit(unit).value
    if not same(found.current.in_unit(unit), total):
        return f"{text}它们是全部公用经费的科目，不只是机关运行经费的，不能相减。"
    silent = sorted(set(frame["item"]) - set(given.accounts if (given := reason(report)) else ()))
    text += f"它们合计{change(known, unit)}，而机关运行经费{change(whole, unit)}；"
    text += f"其余科目合起来应{bold(change(whole - known, unit))}（{derived.DERIVED}），报告没有按科目说明。"
    if given is not None and len(silent) == len(frame):
        text += "这些科目都不在报告举出的原因之中。"
    return text
