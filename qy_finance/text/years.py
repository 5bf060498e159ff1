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
from qy_finance.language import join, plain, t
from qy_finance.reading import Reading

RATE: Final = "比上年 %"

_INDENT: Final = "\u00a0" * 3
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


def nominal() -> str:
    """What amounts of several years are."""
    return t("现价，未扣除价格变动")


def _money(key: str) -> str:
    """Of which appropriations the 三公 table is, in plain words; empty where that is not known."""
    names = {
        "all appropriations": t("全部财政拨款"), "general budget": t("一般公共预算财政拨款"),
        "not said": t("没有写明"),
    }  # fmt: skip
    return names.get(key, "")


# ---- tables


def places(found: Years) -> dict[str, int]:
    """Decimals of the columns of years, and of rates."""
    years = dict.fromkeys([*map(_head, found.columns), *map(str, found.years)], 2)
    return years | {RATE: 1, "印出": 2, _implied(): 2, "相差": 2}


def _implied() -> str:
    return t("下一年报告{derived}", derived=DERIVED)


def _head(column: YearColumn) -> str:
    if column.implied:
        return t("{year}（{derived}）", year=column.year, derived=DERIVED)
    return str(column.year)


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
        doubtful = join(head for head, one in pairs if one and one.doubted)
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
    names = ("年度", "项目", "印出", _implied(), "相差", "是否相符")
    return framed(rows, names, dict.fromkeys(("年度", "项目", "是否相符"), "string"))


def forms(found: Years) -> pd.DataFrame:
    """How each report is made: 年度, 单位, 表内单位, 标准表, 缺的表, “三公”表的口径, 与上一份不同 (string)."""
    rows = []
    before: Reading | None = None
    for one in found.readings:
        who = one.identity
        rows.append(
            (
                str(who.year), who.unit, who.money_unit, t("{n} 张", n=len(one.tables)),
                "、".join(map(one.form.name, one.missing)),
                _money(one.three_public.get("money", "")), _changed(before, one),
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
    if more := _lacking(after, before):
        said.append(t("增加{tables}", tables=more))
    if less := _lacking(before, after):
        said.append(t("不再有{tables}", tables=less))
    old, new = before.identity, after.identity
    if old.unit != new.unit:
        said.append(t("单位名称由{old}改为{new}", old=old.unit, new=new.unit))
    if old.money_unit != new.money_unit:
        said.append(t("金额单位由{old}改为{new}", old=old.money_unit, new=new.money_unit))
    was, is_now = (_money(one.three_public.get("money", "")) for one in (before, after))
    if was and is_now and was != is_now:
        said.append(t("“三公”表由{old}改为{new}", old=was, new=is_now))
    return join(said, "；")


def _lacking(one: Reading, other: Reading) -> str:
    """The tables of one report that the other has not."""
    missing = (table for table in one.tables if table not in other.tables)
    return join(plain(one.form.name(table)) for table in missing)


def accounts(series: AccountSeries) -> pd.DataFrame:
    """Accounts over years: 科目 (code and last name), a column for each report's year, 说明 (string).

    Without those that are 0 in all years.
    """
    years = series.printed
    loose = {one.new for one in series.bridges if not one.joins}
    loose |= {one.old for one in series.bridges if not one.joins}
    rows = [
        (
            f"{_INDENT * max(0, len(one.code) // 2 - 1)}{plain(f'{one.code} {one.name}')}",
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
        t("{years} 年称“{name}”", years=join(map(str, years)), name=name)
        for name, years in names.items()
        if name != one.name
    ]
    if any((one.code, name) in loose for name in names):
        said.append(t("前后没有接上，见下表"))
    return join(said, "；")


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
    how = {
        "renamed": t("接上：编码相同，已知的更名"),
        "longer": t("接上：编码相同，名称只是详略不同"),
        "other name": t("没有接：编码相同，名称不同"),
        "other code": t("没有接：名称相同，编码不同"),
    }[one.kind]
    return t("{how}（{year} 年起）", how=how, year=one.since) if one.since else how


# ---- sentences


def _listed_years(years: Sequence[int]) -> str:
    """Each year, or from the first to the last where there are many without a gap."""
    if len(years) > 3 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}—{years[-1]}"
    return join(map(str, years))


def bottom_line(found: Years) -> str:
    """Which years there are, how expenditure moved over them, and whether the reports agree with each other."""
    who, years = found.readings[-1].identity, found.years
    if found.is_alone:
        return t(
            "目录里{unit}只有 {year} 年一份报告（{scope}），看不出几年的变化。",
            unit=strong(who.unit), year=bold(str(years[0])), scope=who.scope,
        ) + said_of_before(found)  # fmt: skip
    text = t(
        "{unit}在目录里有 {n} 年的报告：{years} 年（{scope}）。",
        unit=strong(who.unit), n=len(years), years=_listed_years(years), scope=who.scope,
    )  # fmt: skip
    change = found.over("expenditure")
    if change:
        text += t("{said}。", said=bold(_over(change)))
    else:
        text += t("没有两份报告印出本年支出。")
    if found.breaks:
        n = len(found.breaks)
        text += t("其间有 {n} 处断点，跨过断点的数不宜直接相比，逐处列在下面。", n=n)
    return f"{text}{agreed(found)}"


def _over(change: Change) -> str:
    """本年支出 2020 年 a 万元，2022 年 b 万元，增加 c 万元（12.3%）；现价…."""
    before, after = change.before, change.after
    shown = {
        "name": escape(after.measure.name), "since": before.year,
        "before": cite(before.number, MONEY), "year": after.year,
        "after": cite(after.number, MONEY), "by": _by(change, nominal()),
    }  # fmt: skip
    return t("{name} {since} 年 {before}，{year} 年 {after}，{by}", **shown)


def _by(change: Change, *more: str) -> str:
    """By how much; the rate, what else is to be said of it and that it is doubtful in one bracket."""
    amount, rate = change.amount, change.rate
    by: str = cite(abs(amount), MONEY)
    moved = t("持平")
    if amount:
        moved = t("增加 {by}", by=by) if amount > 0 else t("减少 {by}", by=by)
    aside: list[str] = [cite(abs(rate), "%", 1)] if amount and rate is not None else []
    aside += [*more, *([t("存疑", "aside")] if change.doubted else [])]
    return t("{moved}（{aside}）", moved=moved, aside=join(aside, "，")) if aside else moved


def said_of_before(found: Years) -> str:
    """What the only report itself says of the year before it."""
    year, known = found.years[0] - 1, found.latest
    if not known:
        return t("报告也没有写明能推算上年数的增减。")
    text = t(
        "报告自己写明的增减隐含了 {year} 年的 {n} 项数（{derived}，不是印出的数；{nominal}）",
        year=year, n=len(known), derived=DERIVED, nominal=nominal(),
    )  # fmt: skip
    named = join([_moved(known[key]) for key in _FIRST if key in known][:_NAMED], "；")
    return t("{told}：{named}。", told=text, named=named) if named else t("{said}。", said=text)


def _moved(change: Change) -> str:
    before, after = change.before, change.after
    shown = {
        "name": escape(after.measure.name), "since": before.year, "before": cite(before.number),
        "year": after.year, "after": cite(after.number, MONEY), "by": _by(change),
    }  # fmt: skip
    return t("{name}，{since} 年 {before} → {year} 年 {after}，{by}", **shown)


def agreed(found: Years) -> str:
    """Whether what the reports print agrees with what the next ones imply."""
    held = found.agreement
    if not held and found.is_alone:
        return t(
            "{derived}的上年数还没有印出的数可以核对。加入 {year} 年的报告（`qy-finance add`）就能核对。",
            derived=DERIVED, year=found.years[0] - 1,
        )  # fmt: skip
    if not held:
        return t("没有一个数既由当年的报告印出，又由下一年的报告推算，没有可以核对的。")
    off = [one for one in held if not one.agrees]
    text = t(
        "{n} 个数既由当年的报告印出，又由下一年的报告推算：{same} 个相符",
        n=len(held), same=len(held) - len(off),
    )  # fmt: skip
    if off:
        return t("{told}，{off}。", told=text, off=bold(t("{n} 个不符", n=len(off))))
    return t("{said}。", said=text)


def breaks(found: Years) -> list[str]:
    """What breaks the series, a sentence each; that nothing does."""
    said = [_broken(found, one) for one in found.breaks]
    if not said and found.is_alone:
        return [t("只有一份报告，没有前后两年可以断开；推算的上年数可能已经按新口径调整。")]
    return said or [
        t("各年之间没有发现断点：单位、年份、“三公”口径都连着，印出的与推算的没有不符。")
    ]


def _broken(found: Years, one: SeriesBreak) -> str:
    head = bold(t("{year} 年起", year=one.year))
    if one.link is not None:
        link = one.link
        return t(
            "{head}：单位变动，{old} → {new}，{what}（{source}；{sure}）。",
            head=head, old=escape(link.predecessor), new=escape(link.successor),
            what=escape(link.what), source=escape(link.source), sure=escape(link.sure),
        )  # fmt: skip
    if one.change is not None:
        before, after = one.change.before, one.change.after
        return t(
            "{head}：{name}。{since} 年报告印出 {printed}，{year} 年报告推算 {implied}，相差 {apart}；"
            "两份报告没有写明原因，可能改了口径。",
            head=head, name=escape(before.measure.name), since=before.year,
            printed=cite(before.number, MONEY), year=one.year, implied=cite(after.number, MONEY),
            apart=cite(abs(one.change.amount), MONEY),
        )  # fmt: skip
    if one.what == "gap":
        return t(
            "{head}：{years}没有报告，前后隔着 {n} 年。",
            head=head, years=_span(one.since + 1, one.year - 1), n=one.year - one.since,
        )  # fmt: skip
    by_year = {each.identity.year: each for each in found.readings}
    before_year = max(year for year in by_year if year < one.year)
    old, new = (_money(by_year[year].three_public["money"]) for year in (before_year, one.year))
    return t(
        "{head}：“三公”表的口径不同，{since} 年是{old}，{year} 年是{new}，两年的合计不可比。",
        head=head, since=before_year, old=old, year=one.year, new=new,
    )  # fmt: skip


def _span(first: int, last: int) -> str:
    if first == last:
        return t("{year} 年", year=first)
    return t("{first} 至 {last} 年", first=first, last=last)


def left_out(found: Years, apart: Sequence[tuple[str, int, str]]) -> list[str]:
    """Reports that can't be read, and those that are no part of the series; ``apart`` has their unit, year, scope."""
    said = [
        t(
            "{unread}，不在其中：{error}。",
            unread=bold(t("{year} 年的报告读不出", year=one.year)), error=escape(one.error),
        )
        for one in found.unread
    ]  # fmt: skip
    if apart:
        named = join(
            t("{who} {year} 年（{why}）", who=escape(unit), year=year, why=scope)
            for unit, year, scope in apart
        )
        said.append(t("没有接进来的还有：{named}。口径不同，或同一年已有一份。", named=named))
    return said


def title(found: Years) -> str:
    """What the picture shows, as a message."""
    change = found.latest.get("expenditure") if found.is_alone else found.over("expenditure")
    rate = change.rate if change else None
    if change is None or rate is None:
        return t("各项收支的年度变化（{nominal}）", nominal=nominal())
    shown = {
        "since": change.before.year, "year": change.after.year,
        "name": change.after.measure.name, "by": f"{abs(rate):,.1f}",
    }  # fmt: skip
    if rate > 0:
        return t("{since} 至 {year} 年，{name}增加 {by}%", **shown)
    if rate < 0:
        return t("{since} 至 {year} 年，{name}减少 {by}%", **shown)
    del shown["by"]
    return t("{since} 至 {year} 年，{name}持平", **shown)


def on_accounts(series: AccountSeries) -> str:
    """How many accounts go through all years, and what was bridged or left apart."""
    years, lines = series.printed, series.spent
    lacking = ""
    if series.lacking:
        lacking = t("{years} 年的报告没有这张表。", years=join(map(str, series.lacking)))
    if not lines:
        return t("没有一份报告印出科目。") + lacking
    whole = sum(set(years) <= set(one.names) for one in lines)
    joined = sum(one.joins for one in series.bridges)
    apart = len(series.bridges) - joined
    text = t("{n} 个科目有支出，其中 {whole} 个各年都印出", n=len(lines), whole=whole)
    if zero := len(series.lines) - len(lines):
        text = t("{told}（各年都是 0 的 {n} 个不列）", told=text, n=zero)
    if joined:
        text = t("{told}；按编码和名称接上改名的 {n} 处", told=text, n=joined)
    else:
        text = t("{told}；没有需要接上的改名", told=text)
    if apart:
        text = t("{told}，看起来有关而没有接的 {n} 处", told=text, n=apart)
    return t("{said}。", said=text) + lacking
