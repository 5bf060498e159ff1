"""Sentences and tables of notebook 08, in Markdown and as they are read; text of a report is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.bridges import AccountBridge, AccountSeries, AccountYears
from qy_finance.analysis.comparisons import DERIVED
from qy_finance.analysis.measures import MONEY, TRANSPARENCY
from qy_finance.analysis.panel import Change
from qy_finance.analysis.years import GROUPS, SeriesBreak, YearColumn, Years
from qy_finance.display import bold, cite, escape, strong
from qy_finance.reading import Reading

NOMINAL: Final = "现价，未扣除价格变动"
"""What amounts of several years are."""

RATE: Final = "比上年 %"

_INDENT: Final = "\u00a0" * 3
_THREE_PUBLIC: Final = {
    "all appropriations": "全部财政拨款",
    "general budget": "一般公共预算财政拨款",
    "not said": "没有写明",
}
_BRIDGES: Final = {
    "renamed": "接上：编码相同，已知的更名",
    "longer": "接上：编码相同，名称只是详略不同",
    "other name": "没有接：编码相同，名称不同",
    "other code": "没有接：名称相同，编码不同",
}
_NAMED: Final = 3  # values that a sentence names
_FIRST: Final = (
    "expenditure",
    "income",
    "operating",
    "project",
    "basic",
    "general",
    "general_income",
    "fund_income",
    "fund",
)
"""Which of them before others."""


# ---- tables


def places(found: Years) -> dict[str, int]:
    """Decimals of the columns of years, and of rates."""
    years = dict.fromkeys([*map(_head, found.columns), *map(str, found.years)], 2)
    return years | {RATE: 1, "印出": 2, _IMPLIED: 2, "相差": 2}


_IMPLIED: Final = f"下一年报告{DERIVED}"


def _head(column: YearColumn) -> str:
    return f"{column.year}（{DERIVED}）" if column.implied else str(column.year)


def amounts(found: Years) -> pd.DataFrame:
    """Measures over years: 项目 (string), a column for each year (object, Number), 比上年 % of the last, 存疑.

    A year without a report has what the next one implies, and its head says so; 存疑 are the years whose value a
    contradiction touches (string).
    """
    return _measured(found, *GROUPS)


def transparency(found: Years) -> pd.DataFrame:
    """How openly each year's report accounts; columns as of :func:`amounts`."""
    return _measured(found, TRANSPARENCY)


def _measured(found: Years, *groups: str) -> pd.DataFrame:
    heads = [_head(one) for one in found.columns]
    rows = []
    for measure in found.measures(*groups):
        some = [found.value(measure.key, column) for column in found.columns]
        pairs = zip(heads, some, strict=True)
        doubtful = "、".join(head for head, one in pairs if one and one.doubted)
        change = found.latest.get(measure.key)
        rate = change.rate if change else None
        rows.append((measure.title, *(one.number if one else None for one in some), rate, doubtful))
    names = ["项目", *heads, RATE, "存疑"]
    return _known(framed(rows, names, {"项目": "string", "存疑": "string"}), {"项目"})


def _known(frame: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
    """Without columns in which nothing stands."""
    stated = [name for name in frame if name in kept or frame[name].replace("", None).notna().any()]
    return frame[stated]


def agreement(found: Years) -> pd.DataFrame:
    """What each report prints against what the next one implies: 年度, 项目, 印出, 下一年报告推算, 相差, 是否相符.

    What does not agree first, last what only the next report implies.
    """
    held = sorted(found.agreement, key=lambda one: one.agrees)
    rows: list[tuple[object, ...]] = [
        (
            str(one.before.year), one.before.measure.name, one.before.number, one.after.number, one.amount,
            "相符" if one.agrees else "不符",
        )
        for one in held
    ]  # fmt: skip
    rows += [
        (str(one.year), one.measure.name, None, one.number, None, "当年报告没有印出或写明")
        for one in found.unprinted
    ]
    names = ("年度", "项目", "印出", _IMPLIED, "相差", "是否相符")
    return framed(rows, names, dict.fromkeys(("年度", "项目", "是否相符"), "string"))


def forms(found: Years) -> pd.DataFrame:
    """How each report is made: 年度, 单位, 表内单位, 标准表, 缺的表, “三公”表的口径, 与上一份不同 (string)."""
    rows = []
    before: Reading | None = None
    for one in found.readings:
        who = one.identity
        rows.append(
            (
                str(who.year), who.unit, who.money_unit, f"{len(one.tables)} 张",
                "、".join(map(one.form.name, one.missing)),
                _THREE_PUBLIC.get(one.three_public.get("money", ""), ""), _changed(before, one),
            )
        )  # fmt: skip
        before = one
    names = ("年度", "单位", "表内单位", "标准表", "缺的表", "“三公”表的口径", "与上一份不同")
    return _known(framed(rows, names, dict.fromkeys(names, "string")), {"年度"})


def _changed(before: Reading | None, after: Reading) -> str:
    """What is made otherwise than in the report before."""
    if before is None:
        return ""
    said = []
    for word, one, other in (("增加", after, before), ("不再有", before, after)):
        tables = [one.form.name(table) for table in one.tables if table not in other.tables]
        said += [f"{word}{'、'.join(tables)}"] if tables else []
    for name in ("unit", "money_unit"):
        old, new = (getattr(one.identity, name) for one in (before, after))
        if old != new:
            said.append(f"{'单位名称' if name == 'unit' else '金额单位'}由{old}改为{new}")
    monies = [_THREE_PUBLIC.get(one.three_public.get("money", ""), "") for one in (before, after)]
    if all(monies) and monies[0] != monies[1]:
        said.append(f"“三公”表由{monies[0]}改为{monies[1]}")
    return "；".join(said)


def accounts(series: AccountSeries) -> pd.DataFrame:
    """Accounts over years: 科目 (code and last name), a column for each report's year, 说明 (string).

    Without those that are 0 in all years.
    """
    years = series.printed
    loose = {one.new for one in series.bridges if not one.joins}
    loose |= {one.old for one in series.bridges if not one.joins}
    rows = [
        (
            f"{_INDENT * max(0, len(one.code) // 2 - 1)}{one.code} {one.name}",
            *map(one.amounts.get, years), _named(one, loose),
        )
        for one in series.spent
    ]  # fmt: skip
    frame = framed(rows, ["科目", *map(str, years), "说明"], {"科目": "string", "说明": "string"})
    return _known(frame, {"科目"})


def _named(one: AccountYears, loose: Iterable[tuple[str, str]]) -> str:
    """Other names that the line had, and whether something beside it was not joined."""
    said = []
    names: dict[str, list[int]] = {}
    for year, name in one.names.items():
        names.setdefault(name, []).append(year)
    said += [
        f"{'、'.join(map(str, years))} 年称“{name}”"
        for name, years in names.items()
        if name != one.name
    ]
    if any((one.code, name) in loose for name in names):
        said.append("前后没有接上，见下表")
    return "；".join(said)


def bridges(*series: AccountSeries) -> pd.DataFrame:
    """Every bridge between names and codes of accounts, and what was not joined: 编码, 原名称, 年度, 新名称, 处理."""
    rows = []
    for one in (bridge for some in series for bridge in some.bridges):
        code = one.new[0] if one.old[0] == one.new[0] else f"{one.old[0]} → {one.new[0]}"
        years = f"{one.years[0]} → {one.years[1]}"
        rows.append((code, one.old[1], one.new[1], years, _handled(one)))
    names = ("编码", "原名称", "新名称", "年度", "怎样处理")
    return framed(rows, names, dict.fromkeys(names, "string"))


def _handled(one: AccountBridge) -> str:
    since = f"（{one.since} 年起）" if one.since else ""
    return f"{_BRIDGES[one.kind]}{since}"


# ---- sentences


def bottom_line(found: Years) -> str:
    """Which years there are, how expenditure moved over them, and whether the reports agree with each other."""
    who, years = found.readings[-1].identity, found.years
    if found.is_alone:
        return (
            f"目录里{strong(who.unit)}只有 {bold(str(years[0]))} 年一份报告（{who.scope}），看不出几年的变化。"
            f"{said_of_before(found)}"
        )
    listed = "、".join(map(str, years))
    text = f"{strong(who.unit)}在目录里有 {len(years)} 年的报告：{listed} 年（{who.scope}）。"
    change = found.over("expenditure")
    text += f"{bold(_over(change))}。" if change else "没有两份报告印出本年支出。"
    if found.breaks:
        text += f"其间有 {len(found.breaks)} 处断点，跨过断点的数不宜直接相比，逐处列在下面。"
    return f"{text}{agreed(found)}"


def _over(change: Change) -> str:
    """本年支出 2020 年 a 万元，2022 年 b 万元，增加 c 万元（12.3%）；现价…."""
    before, after = change.before, change.after
    text = (
        f"{escape(after.measure.name)} {before.year} 年 {cite(before.number, MONEY)}，"
        f"{after.year} 年 {cite(after.number, MONEY)}，{_by(change)}"
    )
    marked = "，存疑" if change.doubted else ""
    return f"{text}（{NOMINAL}{marked}）"


def _by(change: Change) -> str:
    amount, rate = change.amount, change.rate
    if not amount:
        return "持平"
    word = "增加" if amount > 0 else "减少"
    share = "" if rate is None else f"，即 {cite(abs(rate), '%', 1)}"
    return f"{word} {cite(abs(amount), MONEY)}{share}"


def said_of_before(found: Years) -> str:
    """What the only report itself says of the year before it."""
    year, known = found.years[0] - 1, found.latest
    if not known:
        return "报告也没有写明能推算上年数的增减。"
    named = [_moved(known[key]) for key in _FIRST if key in known][:_NAMED]
    text = f"报告自己写明的增减隐含了 {year} 年的 {len(known)} 项数（{DERIVED}，不是印出的数；{NOMINAL}）"
    return f"{text}：{'；'.join(named)}。" if named else f"{text}。"


def _moved(change: Change) -> str:
    before, after = change.before, change.after
    return (
        f"{escape(after.measure.name)}，{before.year} 年 {cite(before.number)} → {after.year} 年 "
        f"{cite(after.number, MONEY)}，{_by(change)}{'，存疑' if change.doubted else ''}"
    )


def agreed(found: Years) -> str:
    """Whether what the reports print agrees with what the next ones imply."""
    held = found.agreement
    if not held and found.is_alone:
        added = f"加入 {found.years[0] - 1} 年的报告（`qy-finance add`）就能核对"
        return f"{DERIVED}的上年数还没有印出的数可以核对。{added}。"
    if not held:
        return "没有一个数既由当年的报告印出，又由下一年的报告推算，没有可以核对的。"
    off = [one for one in held if not one.agrees]
    text = (
        f"{len(held)} 个数既由当年的报告印出，又由下一年的报告推算：{len(held) - len(off)} 个相符"
    )
    return f"{text}，{bold(f'{len(off)} 个不符')}。" if off else f"{text}。"


def breaks(found: Years) -> list[str]:
    """What breaks the series, a sentence each; that nothing does."""
    said = [_broken(found, one) for one in found.breaks]
    if not said and found.is_alone:
        return ["只有一份报告，没有前后两年可以断开；推算的上年数可能已经按新口径调整。"]
    return said or ["各年之间没有发现断点：单位、年份、“三公”口径都连着，印出的与推算的没有不符。"]


def _broken(found: Years, one: SeriesBreak) -> str:
    head = bold(f"{one.year} 年起")
    if one.link is not None:
        link = one.link
        names = f"{escape(link.predecessor)} → {escape(link.successor)}"
        return f"{head}：单位变动，{names}，{escape(link.what)}（{escape(link.source)}；{escape(link.sure)}）。"
    if one.change is not None:
        before, after = one.change.before, one.change.after
        return (
            f"{head}：{escape(before.measure.name)}。{before.year} 年报告印出 {cite(before.number, MONEY)}，"
            f"{one.year} 年报告推算 {cite(after.number, MONEY)}，相差 {cite(abs(one.change.amount), MONEY)}；"
            "两份报告没有写明原因，可能改了口径。"
        )
    if one.what == "gap":
        return f"{head}：{_span(one.since + 1, one.year - 1)}没有报告，前后隔着 {one.year - one.since} 年。"
    by_year = {each.identity.year: each for each in found.readings}
    before_year = max(year for year in by_year if year < one.year)
    old, new = (
        _THREE_PUBLIC[by_year[year].three_public["money"]] for year in (before_year, one.year)
    )
    return f"{head}：“三公”表的口径不同，{before_year} 年是{old}，{one.year} 年是{new}，两年的合计不可比。"


def _span(first: int, last: int) -> str:
    return f"{first} 年" if first == last else f"{first} 至 {last} 年"


def left_out(found: Years, apart: Sequence[tuple[str, int, str]]) -> list[str]:
    """Reports that can't be read, and those that are no part of the series; ``apart`` has their unit, year, scope."""
    said = [
        f"{bold(f'{one.year} 年的报告读不出')}，不在其中：{escape(one.error)}。"
        for one in found.unread
    ]
    if apart:
        named = "、".join(f"{escape(unit)} {year} 年（{scope}）" for unit, year, scope in apart)
        said.append(f"没有接进来的还有：{named}。口径不同，或同一年已有一份。")
    return said


def title(found: Years) -> str:
    """What the picture shows, as a message."""
    change = found.latest.get("expenditure") if found.is_alone else found.over("expenditure")
    rate = change.rate if change else None
    if change is None or rate is None:
        return f"各项收支的年度变化（{NOMINAL}）"
    word = "持平" if not rate else f"{'增加' if rate > 0 else '减少'} {abs(rate):,.1f}%"
    return f"{change.before.year} 至 {change.after.year} 年，{change.after.measure.name}{word}"


def on_accounts(series: AccountSeries) -> str:
    """How many accounts go through all years, and what was bridged or left apart."""
    years, lines = series.printed, series.spent
    lacking = (
        f"{'、'.join(map(str, series.lacking))} 年的报告没有这张表。" if series.lacking else ""
    )
    if not lines:
        return f"没有一份报告印出科目。{lacking}"
    whole = sum(set(years) <= set(one.names) for one in lines)
    joined = sum(one.joins for one in series.bridges)
    apart = len(series.bridges) - joined
    zero = len(series.lines) - len(lines)
    text = f"{len(lines)} 个科目有支出，其中 {whole} 个各年都印出"
    text += f"（各年都是 0 的 {zero} 个不列）" if zero else ""
    text += f"；按编码和名称接上改名的 {joined} 处" if joined else "；没有需要接上的改名"
    text += f"，看起来有关而没有接的 {apart} 处" if apart else ""
    return f"{text}。{lacking}"
