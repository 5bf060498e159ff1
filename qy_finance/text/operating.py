"""Sentences of notebook 02 on 机关运行经费, “三公”经费 and unit costs. In Markdown, numbers lead to their source."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import THREE_PUBLIC
from qy_finance.analysis.comparisons import DERIVED, Comparison
from qy_finance.analysis.costs import ROW, STAFF, TOTAL
from qy_finance.analysis.operating import Bridge, Operating
from qy_finance.checks.causes import Cause
from qy_finance.checks.model import Status
from qy_finance.display import Html, bold, cite, decimals, escape, percent, strong
from qy_finance.facts import Fact
from qy_finance.numbers import Number, total
from qy_finance.text.doubts import doubts

HEADERS: Final = {
    "item": "科目", "finding": "核对", "amount": "本年金额", "share": "占公用经费 %",
    "part": ROW, "budget": "预算数", "spent": "决算数", "completion": "完成预算 %",
    "change": "比上年增减", "previous": "上年（推算）", "in_running": "其中在公用经费",
    "measure": "单位成本", "money": "金额（元）", "count": "数量", "unit": "计量", "each": "平均（元）",
}  # fmt: skip
"""Chinese headers of :func:`shown`, in their order."""

_VERDICTS: Final = {
    Status.EXACT: "增减额与增减率相互印证。",
    Status.TAIL: "增减额与增减率只差尾数。",
    Status.BREAK: f"增减额与增减率{strong('对不上')}",
}
_INDENTED: Final = ("公务用车购置费", "公务用车运行维护费")
_TOLD: Final = (*STAFF, "每辆公务用车运行维护费", "接待人均")


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Accounts, unit costs, or parts of 三公 without what no part has: Chinese headers, codes before names."""
    if "part" in frame:
        parts = [f"　其中：{part}" if part in _INDENTED else part for part in frame["part"]]
        frame = frame.assign(part=parts).dropna(axis="columns", how="all")
    elif "code" in frame:
        coded = frame["code"].fillna("") + " " + frame["item"]
        frame = frame.assign(item=coded.str.strip())
    return frame[[name for name in HEADERS if name in frame]].rename(columns=HEADERS)


def headline(topic: Operating) -> str:
    """The bottom line: amount, growth, and which of the stated reasons the report itself contradicts."""
    found = topic.stated
    if found is None:
        text = f"报告说“{escape(topic.none)}”。" if topic.none else "报告没有说明机关运行经费。"
        if topic.running is not None:
            text += f"以下看的是基本支出表里的公用经费，合计 {bold(cite(topic.running))}。"
        return text
    text = f"机关运行经费 {bold(cite(found.current))}，{_growth(found)}"
    if found.verdict is Status.BREAK:
        text += f"，{_VERDICTS[found.verdict]}"
    elif found.previous is not None and not found.level:
        text += f"，由此{DERIVED}上年约 {_amount(found.previous)}"
    text += f"；{_unexplained(topic.bridge)}" if topic.bridge else ""
    moved = any(fact and fact.value for fact in (found.change, found.rate))
    return f"{text}。{_in_short(topic) if moved else ''}"


def _unexplained(found: Bridge) -> str:
    """What of the change no account explains."""
    change, rest = found.change, found.rest
    if not rest:
        return "写明增减的科目正好合成这个变化"
    if (rest > 0) == (change > 0) and abs(rest) <= abs(change):
        return (
            f"{'增加' if change > 0 else '减少'}的数里有 {bold(_amount(abs(rest)))}没有按科目说明"
        )
    known = total(by for _, by in found.steps)
    return f"写明的科目合计{_change(known)}，其余合计{_change(rest)}"


def bridge_title(found: Bridge) -> str:
    """What the figure of the growth shows."""
    change, rest = found.change, found.rest
    moved = f"{'增加' if change > 0 else '减少'} {decimals(abs(change))} {change.unit}"
    if (rest > 0) == (change > 0) and abs(rest) <= abs(change):
        return f"机关运行经费{moved}，{decimals(abs(rest))} 没有写明科目"
    return f"机关运行经费{moved}：写明的与其余的方向相反"


def growth(topic: Operating) -> str:
    """Stated growth, last year's amount that it implies (derived), the budget, and what it means for 人员经费."""
    found, planned = topic.stated, topic.planned
    if found is None:
        return "没有机关运行经费的金额，也就没有增减可算。"
    before = found.previous
    if before is None:
        text = "报告没有说明它与上年相比的变化，上年数无从推算。"
    elif found.level:
        text = f"报告称与上年持平，上年数即 {cite(found.current)}（{DERIVED}）。"
    else:
        low, high = (Number(end, None, before.unit, before.sources) for end in before.span)
        between = f"{cite(low, '', 3)} 至 {cite(high, high.unit, 3)}"
        text = f"报告称{_growth(found)}，由此{DERIVED}上年约 {bold(_amount(before))}（{between}）。"
        text += _VERDICTS[found.verdict] if found.verdict else ""
        if found.verdict is Status.BREAK:
            text += f"：按增减额应为 {cite(found.expected_rate, '', 2)}%。"
    if planned is not None and planned.value:
        done = 100 * found.current.compared / planned.compared
        text += f"预算 {cite(planned)}，完成 {cite(done, '', 1)}%。"
    return text + _people(topic)


def _growth(found: Comparison) -> str:
    """比上年增加 18.98 万元，增长 43.41%."""
    if found.level:
        return "与上年持平"
    words = [_moved(fact) for fact in (found.change, found.rate) if fact]
    return f"比上年{'，'.join(words)}" if words else "报告没有说明它与上年相比的变化"


def _people(topic: Operating) -> str:
    """人员经费 moved by what 基本支出 moved by and 公用经费 did not, where 机关运行经费 is all of 公用经费."""
    basic, found, people, running = topic.basic, topic.stated, topic.people, topic.running
    if not (basic and basic.change and found and found.change and people and running):
        return ""
    if not (topic.is_all and basic.current.compared.meets(people.number + running.number)):
        return ""
    moved = basic.change.compared - found.change.compared
    text = f"同一年基本支出{_change(basic.change.number)}，机关运行经费等于其中的公用经费；"
    return f"{text}如果上年也相等，人员经费就{_change(moved)}（{DERIVED}）。"


def consistency(topic: Operating) -> str:
    """机关运行经费 against 公用经费合计 of the table of basic expenditure.

    By definition (机关运行经费：为保障行政单位运行用于购买货物和服务的各项资金) it is the 公用经费 of administrative
    units, so it can't exceed the 公用经费合计 and may be less where there are 事业单位 that don't count.
    """
    found, running = topic.stated, topic.running
    if found is None or running is None:
        return f"报告没有印出{'公用经费合计' if found else '机关运行经费'}，两者无法核对。"
    amount = found.current.compared
    gap = amount - running.number
    apart = cite(abs(gap), gap.unit, gap.places)
    text = (
        f"机关运行经费 {cite(amount, amount.unit, amount.places)}，公用经费合计 {cite(running)}："
    )
    if topic.is_all:
        same = bold(f"相差 {apart}，在尾差之内") if gap else strong("相等")
        return f"{text}{same}，整个单位的公用经费都计入了机关运行经费。"
    if gap < 0:
        text += f"少 {apart}。机关运行经费只含行政单位和参公事业单位，"
        return f"{text}其余公用经费属于其他单位时，这并不矛盾；下面的明细则是全部公用经费。"
    check = topic.checks.verdict("operating_expenses", found.current, running)
    broken = check is not None and check.status is Status.BREAK
    beyond = "，超过了它按定义应当包含于其中的公用经费" if broken else ""
    return f"{text}{bold(f'多出 {apart}')}{beyond}。"


def ranked(topic: Operating) -> str:
    """Which accounts make up most of 公用经费, one sentence."""
    frame, unit = topic.accounts, escape(topic.unit)
    if frame.empty:
        return "报告没有印出公用经费的明细，或其中没有金额。"
    zeros = sum(cell.value == 0 for cell in topic.cells if len(cell.figure.code or "") > 3)
    top = frame.head(3)
    named = _each(top["item"], (f" {_amount(value, '')}" for value in top["amount"]))
    blank = f"，{zeros} 个印为 0" if zeros else ""
    if len(frame) == 1:
        return f"只有 1 个科目有金额{blank}：{named} {unit}。"
    share = bold(f"{cite(total(top['share']), '', 1)}%")
    most = f"最大的 {len(top)} 个" if len(frame) > len(top) else "它们"
    return f"{len(frame)} 个科目有金额{blank}。{most}（{named} {unit}）占 {share}。"


def ranked_title(topic: Operating, year: int) -> str:
    """What the figure of accounts shows."""
    top = topic.accounts.head(3)
    of = f"最大的 {len(top)} 个科目" if len(topic.accounts) > len(top) else f"{len(top)} 个科目"
    share = percent(total(top["share"]))
    return f"{year} 年公用经费：{of}占 {share}"


def _in_short(topic: Operating) -> str:
    """Which of the accounts that the report names its own figures or words contradict."""
    named = topic.drivers
    if topic.reason is None:
        return "报告没有说明变动的原因。"
    if named.empty:
        given, some = escape(topic.reason.text), _each(topic.mentioned)
        named_ = f"提到{some}，但没有写增减多少" if some else "没有点名任何科目"
        return f"报告给出的原因是“{given}”，{named_}，无法用明细表核对。"
    text = f"报告点名 {len(named)} 个科目为原因，"
    failed = named[named["crossed"] | ~named["able"]]
    if failed.empty:
        return f"{text}表中没有与之矛盾的数，但也没有上年数可以证实。"
    told = "；".join(failed["item"].map(strong) + failed["finding"].map(escape))
    return f"{text}其中 {len(failed)} 个与报告自己的数或说法矛盾：{told}。"


def explained(topic: Operating) -> str:
    """What the stated reason explains and what it does not."""
    given, frame = topic.reason, topic.drivers
    if given is None:
        return "报告没有给出机关运行经费增减的原因。"
    text = f"报告的说法是“{strong(given.text)}”。"
    if frame.empty:
        if topic.mentioned:
            return f"{text}其中提到{_each(topic.mentioned)}，没有写各增减多少，上年数也没有印出，无从核对。"
        return f"{text}其中没有点名任何一个经济分类科目，无法与明细表对照。"
    able = frame[frame["able"] & frame["amount"].map(bool)]
    change = given.move.change
    wider = topic.running is not None and not topic.is_all
    of_all = "（明细表是全部公用经费，不只是机关运行经费）" if wider else ""
    if given.move.sign > 0:
        none = "报告没有写增加了多少，原因够不够无从核对。"
        return text + (_raised(able, change.compared, of_all) if change else none)
    if able.empty:
        return f"{text}点名的科目本年都没有金额，上年有多少没有印出，无从核对。"
    now = f"{_each(able['item'])}本年还有 {_amount(total(able['amount']))}{of_all}"
    return f"{text}{now}；上年数没有印出，减了多少无从核对。"


def _raised(able: pd.DataFrame, rise: Number, of_all: str) -> str:
    """An account can't have risen by more than it is now."""
    if able.empty:
        return f"点名的科目本年没有一个有金额，增加的 {_amount(rise)}等于没有说明。"
    now = total(able["amount"])
    text = f"有金额的是{_each(able['item'])}，本年共 {_amount(now)}{of_all}：即使上年全是 0，也"
    if now < rise:
        lacks = bold(_amount(rise - now))
        return f"{text}不足以解释增加的 {_amount(rise)}，至少还差 {lacks}。"
    text += f"最多带来这么多增加，够得上 {_amount(rise)}，说得通但无法证实。"
    crossed, rest = able[able["crossed"]], total(able.loc[~able["crossed"], "amount"])
    if len(crossed) and rest < rise:
        left = f"只剩 {_amount(rest)}，解释不了全部增加" if rest else "就什么也不剩"
        text += f"去掉又被说成减少原因的{_each(crossed['item'])}，{left}。"
    return text


def contradicted(topic: Operating) -> list[str]:
    """Accounts that are the cause of a fall and of a rise, one sentence each."""
    told = []
    for one in topic.contradictions:
        spent, (fell, rose) = topic.spent(one.account), map(_cause, one.causes)
        now = f"{escape(one.account)}本年 {cite(spent)}，" if spent else ""
        told.append(
            f"{strong(one.account)}被用了两次，方向相反：既是{fell}的原因，又是{rose}的原因。"
            f"两处比的都是上年，除非口径不同，不能同时成立；{now}没有上年数，看不出哪一处不对。"
        )
    return told


def _cause(given: Cause) -> str:
    moved = given.move.change or given.move.rate
    by = _moved(moved) if moved else ""
    return f"{escape(given.move.current.item)}{by}（“{escape(given.text)}”）"


def by_item(topic: Operating) -> str:
    """How much of the change the accounts explain of which the report states the change."""
    frame, found, given = topic.moved, topic.stated, topic.reason
    if frame.empty:
        return "报告没有按科目给出公用经费的增减，哪个科目带动了变化无从计算。"
    named = _each(frame["item"], (_change(value, "") for value in frame["change"]))
    text = f"报告给出增减的公用经费科目只有 {len(frame)} 个（{named} {escape(topic.unit)}）。"
    if not (found and found.change and found.change.value and topic.running):
        return text
    if not topic.is_all:
        return f"{text}它们是全部公用经费的科目，不只是机关运行经费的，不能相减。"
    known, whole = total(frame["change"]), found.change.compared
    text += f"它们合计{_change(known)}，而机关运行经费{_change(whole)}；"
    text += f"其余科目合起来应{bold(_change(whole - known))}（{DERIVED}），报告没有按科目说明。"
    text += "这样相减，假定上年的机关运行经费也等于公用经费，这些科目上年也都计在其中。"
    if given is not None and not set(frame["item"]) & set(given.accounts):
        text += "这些科目都不在报告举出的原因之中。"
    return text


def spent(topic: Operating) -> str:
    """三公 against its budget and last year."""
    frame, reading = topic.public, topic.checks.reading
    whole = frame[frame["part"] == TOTAL]
    if whole.empty or whole["spent"].iloc[0] is None:
        return "报告没有印出“三公”经费的决算数。"
    row = whole.iloc[0]
    text = f"“三公”经费决算 {bold(_amount(row['spent']))}"
    if row["completion"] is not None:
        text += f"，预算 {_amount(row['budget'])}，完成 {cite(row['completion'], '', 1)}%"
    text += f"，比上年{_change(row['change'])}。" if row["change"] is not None else "。"
    if THREE_PUBLIC in reading.missing:
        return f"{text}报告没有“三公”经费决算表，以上取自文字。"
    if reading.cell(THREE_PUBLIC, ROW, "决算数/合计") is None:
        text += "决算表里这一栏空白，决算数取自文字。"
    sums = zip(frame["budget"], frame["spent"], strict=True)
    over = frame[
        [planned is not None and paid is not None and paid > planned for planned, paid in sums]
    ]
    return text + (f"超过预算的有{_each(over['part'])}。" if len(over) else "")


def within_running(topic: Operating) -> str:
    """How much of 三公 is in 公用经费."""
    frame, running = topic.public, topic.running
    parts = [value for value in frame["in_running"] if value is not None]
    whole = frame.loc[frame["part"] == TOTAL, "spent"]
    if running is None or not running.value:
        return "报告没有印出公用经费合计，或合计为 0，“三公”经费在其中占多少无法比较。"
    if not parts:
        return "基本支出表里没有“三公”科目的金额。"
    if whole.empty or whole.iloc[0] is None:
        return "报告没有印出“三公”经费的决算数，无法与公用经费比较。"
    inner, outer = total(parts), whole.iloc[0]
    share, gap, all_of_it = cite(100 * inner / running.number, "", 1), outer - inner, _amount(outer)
    text = f"公用经费里的“三公”科目合计 {bold(_amount(inner))}，占公用经费的 {share}%；"
    over = frame.loc[frame["beyond"], "part"]
    broken = f"其中{_each(over)}在公用经费里的比决算数还多，{bold('对不上')}" if len(over) else ""
    if outer.meets(inner):
        same = "只差尾数" if gap else "相符"
        means = broken or "“三公”经费全部在公用经费之内"
        return f"{text}与“三公”经费决算 {all_of_it}{same}，{means}。"
    if gap > 0:
        more = f"多出的 {_amount(gap)}应在项目支出或其他资金中列支"
        return f"{text}“三公”经费决算 {all_of_it}，{more}{broken and f'；{broken}'}。"
    broken = f"，{bold('对不上')}" if len(over) else ""
    return f"{text}“三公”经费决算反而少 {_amount(-gap)}，只有 {all_of_it}{broken}。"


def each(topic: Operating) -> str:
    """What can be said of the costs of one, and that heads can't be counted where they are not."""
    frame = topic.costs
    people = any(measure.startswith(STAFF) for measure in frame["measure"])
    missing = "" if people else "报告没有公布在职或编制人数，人均机关运行经费算不出来。"
    if frame.empty:
        return f"报告没有同时给出金额和数量，或数量为 0，算不出单位成本。{missing}"
    told = [
        f"{escape(measure)} {bold(cite(value, '元', 0 if abs(value) >= 100 else 2))}"
        for measure, value in zip(frame["measure"], frame["each"], strict=True)
        if any(told in measure for told in _TOLD)
    ]
    named = "，".join(told[:3]) + "。" if told else ""
    return f"{named}数量是报告所写的年末数或全年数，金额只含财政拨款。{missing}"


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
        return "没有变化"
    return f"{'增加' if value > 0 else '减少'} {_amount(abs(value), unit)}"


def _moved(fact: Fact) -> str:
    """A stated change, or a rate: 增长 43.41%."""
    if not fact.is_percent:
        return _change(fact.number)
    return f"{'增长' if fact.value >= 0 else '下降'} {_amount(abs(fact.number))}"


def _each(names: Iterable[str], said: Iterable[str] = ()) -> str:
    """Accounts by name, each with what is said of it."""
    more = [*said] or [""] * len([*names])
    return "、".join(f"{escape(name)}{word}" for name, word in zip(names, more, strict=True))
