"""Sentences of notebook 02 on 机关运行经费, “三公”经费 and unit costs. In Markdown, numbers lead to their source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import THREE_PUBLIC
from qy_finance.analysis.comparisons import DERIVED, Comparison
from qy_finance.analysis.costs import ROW, STAFF, TOTAL
from qy_finance.analysis.operating import Bridge, Operating
from qy_finance.checks.causes import Cause
from qy_finance.checks.model import Status
from qy_finance.display import Html, bold, cite, decimals, escape, percent, quoted, strong
from qy_finance.facts import Fact
from qy_finance.language import is_english, join, measured, t, unit_name
from qy_finance.numbers import Number, total
from qy_finance.text.doubts import doubts

HEADERS: Final = {
    "item": "科目", "finding": "核对", "amount": "本年金额", "share": "占公用经费 %",
    "part": ROW, "budget": "预算数", "spent": "决算数", "completion": "完成预算 %",
    "change": "比上年增减", "previous": "上年（推算）", "in_running": "其中在公用经费",
    "measure": "单位成本", "money": "金额（元）", "count": "数量", "unit": "计量", "each": "平均（元）",
}  # fmt: skip
"""Chinese headers of :func:`shown`, in their order."""

_OF_WHICH: Final = "　其中："
_INDENTED: Final = ("公务用车购置费", "公务用车运行维护费")
_TOLD: Final = (*STAFF, "每辆公务用车运行维护费", "接待人均")


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Accounts, unit costs, or parts of 三公 without what no part has: Chinese headers, codes before names."""
    if "part" in frame:
        parts = [_OF_WHICH + part if part in _INDENTED else part for part in frame["part"]]
        frame = frame.assign(part=parts).dropna(axis="columns", how="all")
    elif "code" in frame:
        coded = frame["code"].fillna("") + " " + frame["item"]
        frame = frame.assign(item=coded.str.strip())
    if "unit" in frame:
        frame = frame.assign(unit=[unit_name(unit) for unit in frame["unit"]])
    return frame[[name for name in HEADERS if name in frame]].rename(columns=HEADERS)


def headline(topic: Operating) -> str:
    """The bottom line: amount, growth, and which of the stated reasons the report itself contradicts."""
    found = topic.stated
    if found is None:
        text = (
            t("报告说“{none}”。", none=quoted(topic.none))
            if topic.none
            else t("报告没有说明机关运行经费。")
        )
        if topic.running is not None:
            running = bold(cite(topic.running))
            text += t("以下看的是基本支出表里的公用经费，合计 {running}。", running=running)
        return text
    amount = bold(cite(found.current))
    text = t("机关运行经费 {amount}，{growth}", amount=amount, growth=_growth(found))
    if found.verdict is Status.BREAK:
        text = t("{text}，增减额与增减率**对不上**", text=text)
    elif found.previous is not None and not found.level:
        before = _amount(found.previous)
        text = t("{text}，由此{derived}上年约 {before}", text=text, derived=DERIVED, before=before)
    if topic.bridge:
        text = t("{text}；{more}", text=text, more=_unexplained(topic.bridge))
    moved = any(fact and fact.value for fact in (found.change, found.rate))
    return t("{text}。", text=text) + (_in_short(topic) if moved else "")


def _unexplained(found: Bridge) -> str:
    """What of the change no account explains."""
    change, rest = found.change, found.rest
    if not rest:
        return t("写明增减的科目正好合成这个变化")
    if (rest > 0) == (change > 0) and abs(rest) <= abs(change):
        left = bold(_amount(abs(rest)))
        if change > 0:
            return t("增加的数里有 {left}没有按科目说明", left=left)
        return t("减少的数里有 {left}没有按科目说明", left=left)
    known = total(by for _, by in found.steps)
    return t("写明的科目合计{known}，其余合计{rest}", known=_change(known), rest=_change(rest))


def bridge_title(found: Bridge) -> str:
    """What the figure of the growth shows."""
    change, rest = found.change, found.rest
    by, left = measured(decimals(abs(change)), change.unit), decimals(abs(rest))
    if (rest > 0) == (change > 0) and abs(rest) <= abs(change):
        if change > 0:
            return t("机关运行经费增加 {by}，{left} 没有写明科目", by=by, left=left)
        return t("机关运行经费减少 {by}，{left} 没有写明科目", by=by, left=left)
    if change > 0:
        return t("机关运行经费增加 {by}：写明的与其余的方向相反", by=by)
    return t("机关运行经费减少 {by}：写明的与其余的方向相反", by=by)


def growth(topic: Operating) -> str:
    """Stated growth, last year's amount that it implies (derived), the budget, and what it means for 人员经费."""
    found, planned = topic.stated, topic.planned
    if found is None:
        return t("没有机关运行经费的金额，也就没有增减可算。")
    before = found.previous
    if before is None:
        text = t("报告没有说明它与上年相比的变化，上年数无从推算。")
    elif found.level:
        amount = cite(found.current)
        text = t(
            "报告称与上年持平，上年数即 {amount}（{derived}）。", amount=amount, derived=DERIVED
        )
    else:
        low, high = (
            cite(Number(end, None, before.unit, before.sources), unit, 3)
            for end, unit in zip(before.span, _units(2, before.unit), strict=True)
        )
        text = t(
            "报告称{growth}，由此{derived}上年约 {before}（{low} 至 {high}）。",
            growth=_growth(found), derived=DERIVED, before=bold(_amount(before)),
            low=low, high=high,
        )  # fmt: skip
        text += _verdict(found)
    if planned is not None and planned.value:
        done = 100 * found.current.compared / planned.compared
        text += t("预算 {planned}，完成 {done}。", planned=cite(planned), done=cite(done, "%", 1))
    return text + _people(topic)


def _verdict(found: Comparison) -> str:
    """Whether change and rate agree."""
    if found.verdict is Status.EXACT:
        return t("增减额与增减率相互印证。")
    if found.verdict is Status.TAIL:
        return t("增减额与增减率只差尾数。")
    if found.verdict is not Status.BREAK:
        return ""
    rate = cite(found.expected_rate, "%", 2)
    return t("增减额与增减率**对不上**：按增减额应为 {rate}。", rate=rate)


def _growth(found: Comparison) -> str:
    """比上年增加 18.98 万元，增长 43.41%."""
    if found.level:
        return t("与上年持平")
    change, rate = found.change, found.rate
    if change and rate:
        return t("比上年{change}，{rate}", change=_moved(change), rate=_grown(rate))
    if stated := change or rate:
        return t("比上年{moved}", moved=_moved(stated))
    return t("报告没有说明它与上年相比的变化")


def _grown(rate: Fact) -> str:
    """A rate beside its change: 增长 43.41%."""
    size = _amount(abs(rate.number))
    if rate.value >= 0:
        return t("增长 {size}", "beside a change", size=size)
    return t("下降 {size}", "beside a change", size=size)


def _people(topic: Operating) -> str:
    """人员经费 moved by what 基本支出 moved by and 公用经费 did not, where 机关运行经费 is all of 公用经费."""
    basic, found, people, running = topic.basic, topic.stated, topic.people, topic.running
    if not (basic and basic.change and found and found.change and people and running):
        return ""
    if not (topic.is_all and basic.current.compared.meets(people.number + running.number)):
        return ""
    moved = basic.change.compared - found.change.compared
    return t(
        "同一年基本支出{basic}，机关运行经费等于其中的公用经费；"
        "如果上年也相等，人员经费就{people}（{derived}）。",
        basic=_change(basic.change.number), people=_change(moved), derived=DERIVED,
    )  # fmt: skip


def consistency(topic: Operating) -> str:
    """机关运行经费 against 公用经费合计 of the table of basic expenditure.

    By definition (机关运行经费：为保障行政单位运行用于购买货物和服务的各项资金) it is the 公用经费 of administrative
    units, so it can't exceed the 公用经费合计 and may be less where there are 事业单位 that don't count.
    """
    found, running = topic.stated, topic.running
    if found is None or running is None:
        if found is None:
            return t("报告没有印出机关运行经费，两者无法核对。")
        return t("报告没有印出公用经费合计，两者无法核对。")
    amount = found.current.compared
    gap = amount - running.number
    apart = cite(abs(gap), gap.unit, gap.places)
    text = t(
        "机关运行经费 {amount}，公用经费合计 {running}：",
        amount=cite(amount, amount.unit, amount.places), running=cite(running),
    )  # fmt: skip
    return text + (_same(gap, apart) if topic.is_all else _apart(topic, found.current, gap, apart))


def _same(gap: Number, apart: str) -> str:
    if gap:
        return t(
            "<b>相差 {apart}，在尾差之内</b>，整个单位的公用经费都计入了机关运行经费。", apart=apart
        )
    return t("**相等**，整个单位的公用经费都计入了机关运行经费。")


def _apart(topic: Operating, current: Fact, gap: Number, apart: str) -> str:
    if gap < 0:
        return t(
            "少 {apart}。机关运行经费只含行政单位和参公事业单位，"
            "其余公用经费属于其他单位时，这并不矛盾；下面的明细则是全部公用经费。",
            apart=apart,
        )
    about = filter(None, (current, topic.running))
    check = topic.checks.verdict("operating_expenses", *about)
    if check is not None and check.status is Status.BREAK:
        return t("<b>多出 {apart}</b>，超过了它按定义应当包含于其中的公用经费。", apart=apart)
    return t("<b>多出 {apart}</b>。", apart=apart)


def ranked(topic: Operating) -> str:
    """Which accounts make up most of 公用经费, one sentence."""
    frame, unit = topic.accounts, topic.unit
    if frame.empty:
        return t("报告没有印出公用经费的明细，或其中没有金额。")
    zeros = sum(cell.value == 0 for cell in topic.cells if len(cell.figure.code or "") > 3)
    top = frame.head(3)
    named = _amounts(top["item"], [*top["amount"]], unit)
    if len(frame) == 1:
        if zeros:
            return t("只有 1 个科目有金额，{zeros} 个印为 0：{named}。", zeros=zeros, named=named)
        return t("只有 1 个科目有金额：{named}。", named=named)
    share = bold(cite(total(top["share"]), "%", 1))
    text = (
        t("{n} 个科目有金额，{zeros} 个印为 0。", n=len(frame), zeros=zeros)
        if zeros
        else t("{n} 个科目有金额。", n=len(frame))
    )
    if len(frame) > len(top):
        return text + t(
            "最大的 {n} 个（{named}）占 {share}。", n=len(top), named=named, share=share
        )
    return text + t("它们（{named}）占 {share}。", named=named, share=share)


def ranked_title(topic: Operating, year: int) -> str:
    """What the figure of accounts shows."""
    top = topic.accounts.head(3)
    share, n = percent(total(top["share"])), len(top)
    if len(topic.accounts) > n:
        return t("{year} 年公用经费：最大的 {n} 个科目占 {share}", year=year, n=n, share=share)
    return t("{year} 年公用经费：{n} 个科目占 {share}", year=year, n=n, share=share)


def _in_short(topic: Operating) -> str:
    """Which of the accounts that the report names its own figures or words contradict."""
    named = topic.drivers
    if topic.reason is None:
        return t("报告没有说明变动的原因。")
    if named.empty:
        given = quoted(topic.reason.text)
        if topic.mentioned:
            return t(
                "报告给出的原因是“{given}”，提到{some}，但没有写增减多少，无法用明细表核对。",
                given=given, some=_each(topic.mentioned),
            )  # fmt: skip
        return t("报告给出的原因是“{given}”，没有点名任何科目，无法用明细表核对。", given=given)
    failed, n = named[named["crossed"] | ~named["able"]], len(named)
    if failed.empty:
        return t("报告点名 {n} 个科目为原因，表中没有与之矛盾的数，但也没有上年数可以证实。", n=n)
    told = join(
        (
            t("{item}{finding}", item=strong(item), finding=escape(finding))
            for item, finding in zip(failed["item"], failed["finding"], strict=True)
        ),
        "；",
    )
    return t(
        "报告点名 {n} 个科目为原因，其中 {failed} 个与报告自己的数或说法矛盾：{told}。",
        n=n, failed=len(failed), told=told,
    )  # fmt: skip


def explained(topic: Operating) -> str:
    """What the stated reason explains and what it does not."""
    given, frame = topic.reason, topic.drivers
    if given is None:
        return t("报告没有给出机关运行经费增减的原因。")
    text = t("报告的说法是“{given}”。", given=_quoted_strong(given.text))
    return text + (_named_none(topic) if frame.empty else _weighed(topic, given))


def _named_none(topic: Operating) -> str:
    if topic.mentioned:
        some = _each(topic.mentioned)
        return t("其中提到{some}，没有写各增减多少，上年数也没有印出，无从核对。", some=some)
    return t("其中没有点名任何一个经济分类科目，无法与明细表对照。")


def _weighed(topic: Operating, given: Cause) -> str:
    """Whether the accounts that a reason names can have made the change."""
    frame = topic.drivers
    able = frame[frame["able"] & frame["amount"].map(bool)]
    change = given.move.change
    of_all = ""
    if topic.running is not None and not topic.is_all:
        of_all = t("（明细表是全部公用经费，不只是机关运行经费）")
    if given.move.sign > 0:
        if change is None:
            return t("报告没有写增加了多少，原因够不够无从核对。")
        return _raised(able, change.compared, of_all)
    if able.empty:
        return t("点名的科目本年都没有金额，上年有多少没有印出，无从核对。")
    return t(
        "{items}本年还有 {now}{of_all}；上年数没有印出，减了多少无从核对。",
        items=_each(able["item"]), now=_amount(total(able["amount"])), of_all=of_all,
    )  # fmt: skip


def _raised(able: pd.DataFrame, rise: Number, of_all: str) -> str:
    """An account can't have risen by more than it is now."""
    by = _amount(rise)
    if able.empty:
        return t("点名的科目本年没有一个有金额，增加的 {by}等于没有说明。", by=by)
    now = total(able["amount"])
    text = t(
        "有金额的是{items}，本年共 {now}{of_all}：",
        items=_each(able["item"]), now=_amount(now), of_all=of_all,
    )  # fmt: skip
    if now < rise:
        lacks = bold(_amount(rise - now))
        return text + t(
            "即使上年全是 0，也不足以解释增加的 {by}，至少还差 {lacks}。", by=by, lacks=lacks
        )
    text += t("即使上年全是 0，也最多带来这么多增加，够得上 {by}，说得通但无法证实。", by=by)
    crossed, rest = able[able["crossed"]], total(able.loc[~able["crossed"], "amount"])
    if crossed.empty or rest >= rise:
        return text
    items = _each(crossed["item"])
    if not rest:
        return text + t("去掉又被说成减少原因的{items}，就什么也不剩。", items=items)
    left = _amount(rest)
    return text + t(
        "去掉又被说成减少原因的{items}，只剩 {left}，解释不了全部增加。", items=items, left=left
    )


def contradicted(topic: Operating) -> list[str]:
    """Accounts that are the cause of a fall and of a rise, one sentence each."""
    told = []
    for one in topic.contradictions:
        spent, (fell, rose) = topic.spent(one.account), map(_cause, one.causes)
        text = t(
            "{account}被用了两次，方向相反：既是{fell}的原因，又是{rose}的原因。"
            "两处比的都是上年，除非口径不同，不能同时成立；",
            account=strong(one.account), fell=fell, rose=rose,
        )  # fmt: skip
        if spent:
            text += t(
                "{account}本年 {spent}，没有上年数，看不出哪一处不对。",
                account=escape(one.account), spent=cite(spent),
            )  # fmt: skip
        else:
            text += t("没有上年数，看不出哪一处不对。")
        told.append(text)
    return told


def _cause(given: Cause) -> str:
    moved, item = given.move.change or given.move.rate, escape(given.move.current.item)
    text = quoted(given.text)
    if moved is None:
        return t("{item}（“{text}”）", item=item, text=text)
    by = _moved(moved)
    return t("{item}{by}（“{text}”）", item=item, by=by, text=text)


def by_item(topic: Operating) -> str:
    """How much of the change the accounts explain of which the report states the change."""
    frame, found, given = topic.moved, topic.stated, topic.reason
    if frame.empty:
        return t("报告没有按科目给出公用经费的增减，哪个科目带动了变化无从计算。")
    units = _units(len(frame), topic.unit)
    named = join(
        t("{item}{moved}", item=escape(item), moved=_change(by, unit))
        for item, by, unit in zip(frame["item"], frame["change"], units, strict=True)
    )
    text = t("报告给出增减的公用经费科目只有 {n} 个（{named}）。", n=len(frame), named=named)
    if not (found and found.change and found.change.value and topic.running):
        return text
    if not topic.is_all:
        return text + t("它们是全部公用经费的科目，不只是机关运行经费的，不能相减。")
    known, whole = total(frame["change"]), found.change.compared
    text += t(
        "它们合计{known}，而机关运行经费{whole}；"
        "其余科目合起来应{rest}（{derived}），报告没有按科目说明。"
        "这样相减，假定上年的机关运行经费也等于公用经费，这些科目上年也都计在其中。",
        known=_change(known), whole=_change(whole), rest=bold(_change(whole - known)),
        derived=DERIVED,
    )  # fmt: skip
    if given is not None and not set(frame["item"]) & set(given.accounts):
        text += t("这些科目都不在报告举出的原因之中。")
    return text


def spent(topic: Operating) -> str:
    """三公 against its budget and last year."""
    frame, reading = topic.public, topic.checks.reading
    whole = frame[frame["part"] == TOTAL]
    if whole.empty or whole["spent"].iloc[0] is None:
        return t("报告没有印出“三公”经费的决算数。")
    row = whole.iloc[0]
    text = t("“三公”经费决算 {spent}", spent=bold(_amount(row["spent"])))
    if row["completion"] is not None:
        text = t(
            "{text}，预算 {budget}，完成 {done}",
            text=text, budget=_amount(row["budget"]), done=cite(row["completion"], "%", 1),
        )  # fmt: skip
    if row["change"] is not None:
        text = t("{text}，比上年{moved}", text=text, moved=_change(row["change"]))
    text = t("{text}。", text=text)
    if THREE_PUBLIC in reading.missing:
        return text + t("报告没有“三公”经费决算表，以上取自文字。")
    if reading.cell(THREE_PUBLIC, ROW, "决算数/合计") is None:
        text += t("决算表里这一栏空白，决算数取自文字。")
    sums = zip(frame["budget"], frame["spent"], strict=True)
    over = frame[
        [planned is not None and paid is not None and paid > planned for planned, paid in sums]
    ]
    return text + (t("超过预算的有{parts}。", parts=_each(over["part"])) if len(over) else "")


def within_running(topic: Operating) -> str:
    """How much of 三公 is in 公用经费."""
    frame, running = topic.public, topic.running
    parts = [value for value in frame["in_running"] if value is not None]
    whole = frame.loc[frame["part"] == TOTAL, "spent"]
    if running is None or not running.value:
        return t("报告没有印出公用经费合计，或合计为 0，“三公”经费在其中占多少无法比较。")
    if not parts:
        return t("基本支出表里没有“三公”科目的金额。")
    if whole.empty or whole.iloc[0] is None:
        return t("报告没有印出“三公”经费的决算数，无法与公用经费比较。")
    inner, over = total(parts), frame.loc[frame["beyond"], "part"]
    text = t(
        "公用经费里的“三公”科目合计 {inner}，占公用经费的 {share}；",
        inner=bold(_amount(inner)), share=cite(100 * inner / running.number, "%", 1),
    )  # fmt: skip
    return text + _against_all(inner, whole.iloc[0], over)


def _against_all(inner: Number, outer: Number, over: pd.Series) -> str:
    """What 公用经费 has of 三公 against all of it; ``over`` are the parts of which it has more than all."""
    gap, all_of_it = outer - inner, _amount(outer)
    if outer.meets(inner):
        if gap:
            text = t("与“三公”经费决算 {outer}只差尾数", outer=all_of_it)
        else:
            text = t("与“三公”经费决算 {outer}相符", outer=all_of_it)
        if over.empty:
            return text + t("，“三公”经费全部在公用经费之内。")
        return text + t("，其中{parts}在公用经费里的比决算数还多，**对不上**。", parts=_each(over))
    if gap > 0:
        text = t(
            "“三公”经费决算 {outer}，多出的 {gap}应在项目支出或其他资金中列支",
            outer=all_of_it, gap=_amount(gap),
        )  # fmt: skip
        if over.empty:
            return t("{text}。", text=text)
        return text + t("；其中{parts}在公用经费里的比决算数还多，**对不上**。", parts=_each(over))
    text = t("“三公”经费决算反而少 {gap}，只有 {outer}", gap=_amount(-gap), outer=all_of_it)
    return t("{text}，**对不上**。", text=text) if len(over) else t("{text}。", text=text)


def each(topic: Operating) -> str:
    """What can be said of the costs of one, and that heads can't be counted where they are not."""
    frame = topic.costs
    people = any(measure.startswith(STAFF) for measure in frame["measure"])
    missing = "" if people else t("报告没有公布在职或编制人数，人均机关运行经费算不出来。")
    if frame.empty:
        return t("报告没有同时给出金额和数量，或数量为 0，算不出单位成本。") + missing
    told = [
        t("{name} {amount}", name=escape(measure), amount=bold(cite(value, "元", _cents(value))))
        for measure, value in zip(frame["measure"], frame["each"], strict=True)
        if any(told in measure for told in _TOLD)
    ]
    text = t("{text}。", text=join(told[:3], "，")) if told else ""
    return text + t("数量是报告所写的年末数或全年数，金额只含财政拨款。") + missing


def _cents(value: Number) -> int:
    return 0 if abs(value) >= 100 else 2


def watched(topic: Operating) -> list[str]:
    """What contradicts the figures of this notebook elsewhere in the report, one sentence each."""
    found = topic.stated
    used: list[object] = [topic.accounts, topic.public, topic.costs, topic.moved, topic.running]
    used += [found.current, found.change, found.rate] if found else []
    for move in (cause.move for cause in topic.checks.causes):
        used += [move.current, move.change, move.rate]
    return doubts(topic.checks, used)


def _amount(value: Number, unit: str | None = None) -> Html:
    """A number with its printed digits, a computed one with two; in its unit unless another is given."""
    return cite(value, value.unit if unit is None else unit, 2 if value.computed else value.places)


def _change(value: Number, unit: str | None = None) -> str:
    """增加 18.98 万元, 减少 …, or 没有变化."""
    if not value:
        return t("没有变化")
    size = _amount(abs(value), unit)
    return t("增加 {size}", size=size) if value > 0 else t("减少 {size}", size=size)


def _moved(fact: Fact) -> str:
    """A stated change, or a rate: 增长 43.41%."""
    if not fact.is_percent:
        return _change(fact.number)
    size = _amount(abs(fact.number))
    return t("增长 {size}", size=size) if fact.value >= 0 else t("下降 {size}", size=size)


def _each(names: Iterable[str]) -> str:
    """Accounts by name."""
    return join(map(escape, names))


def _amounts(names: Iterable[str], amounts: Sequence[Number], unit: str) -> str:
    """Accounts by name, each with its amount."""
    return join(
        t("{name} {amount}", name=escape(name), amount=_amount(amount, said))
        for name, amount, said in zip(names, amounts, _units(len(amounts), unit), strict=True)
    )


def _units(n: int, unit: str) -> list[str]:
    """The unit of each amount of a list: in Chinese the last alone has it, for it stands behind the number."""
    return [unit] * n if is_english() else [*[""] * (n - 1), unit]


def _quoted_strong(text: str) -> str:
    """Words of the report in bold."""
    return bold(quoted(text)) if is_english() else strong(text)
