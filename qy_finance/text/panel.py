"""Sentences and tables of notebook 06, in Markdown and as they are read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

import pandas as pd

from qy_finance.analysis.comparisons import DERIVED
from qy_finance.analysis.measures import MEASURES, MONEY, ReportingUnit, Value
from qy_finance.analysis.panel import MOST, Change, Panel
from qy_finance.analysis.ranked import Ranking
from qy_finance.checks.model import KINDS
from qy_finance.display import Html, bold, cite, escape, strong
from qy_finance.form import final_accounts
from qy_finance.language import join, t
from qy_finance.text import listing

PLACES: Final = {one.title: one.places for one in MEASURES.values()} | {"增减 %": 1}
"""Decimals of the columns of tables."""

_LEVELS: Final = {
    "central": "中央",
    "province": "省级",
    "city": "地级",
    "county": "县级",
    "township": "乡级",
}
_PRINTED: Final = "印出"
_FILE: Final = re.compile(r"[^:]*\.\w+: ")
_UNCLAIMED: Final = re.compile(r"not read as figures, see report\.unclaimed\(\): (.+)")
_PLACE: Final = re.compile(r"\b(page|line) (\d+)")
_LACKING: Final = re.compile(r"no table (\w+(?:, \w+)*)")
_REPORTS: Final = 50  # reports whose contradictions are told, notes of reading
_FEW: Final = 3  # units from which on a median is worth a word


# ---- tables


def reports(panel: Panel) -> pd.DataFrame:
    """Who is in the panel: columns 单位, 年度, 口径, 级别, 类别, 表内单位, 缺的表, 数字矛盾, 用语问题, by unit and
    year.

    Both are counts of contradictions (int), of figures and of words. Without 缺的表 where none is.
    """
    rows = [
        {
            "单位": one.subject.name,
            "年度": str(one.year),
            "口径": one.subject.scope,
            "级别": _LEVELS.get(one.about.level, "不明"),
            "类别": one.about.kind or "不明",
            "表内单位": one.money_unit,
            "缺的表": "、".join(one.missing),
            KINDS["figures"]: one.broken["error"],
            KINDS["words"]: one.broken["warning"],
        }
        for one in panel.members
    ]
    return _stated(rows)


def measured(panel: Panel, group: str) -> pd.DataFrame:
    """Measures side by side, a row for each unit and year: what is printed, and last year as far as it is implied.

    Columns 单位 (where there are several), 年度, 来源 (印出 or 推算), 存疑 (string: how many a contradiction touches),
    and the measures (object, Number; 万元 unless their header names a unit) as far as any report states them. Years of
    a unit go back from the latest; implied values are left out where the catalogue has that year's report.
    """
    titles = [one.title for one in MEASURES.values() if one.group == group]
    known = {(one.subject, one.year) for one in panel.members}
    order = {subject: at for at, subject in enumerate(panel.subjects)}
    found = panel.by_year[group]
    rows = []
    for subject, year, derived in sorted(found, key=lambda key: (order[key[0]], -key[1])):
        if not (derived and (subject, year) in known):
            some = found[subject, year, derived]
            doubtful = sum(value.doubted for value in some)
            cells = _unit(panel, subject) | {"年度": str(year), "来源": _source(derived)}
            cells |= dict.fromkeys(titles) | {one.measure.title: one.number for one in some}
            rows.append(cells | {"存疑": t("{n} 项", n=doubtful) if doubtful else ""})
    return _stated(rows)


def changed(panel: Panel) -> pd.DataFrame:
    """The changes, and whether last year's value is 印出 or 推算; 存疑 where any is."""
    rows = [
        {
            **_of(panel, one.after),
            "上年": one.before.number,
            "上年数": _source(one.before.derived),
            "本年": one.after.number,
            "增减": one.amount,
            "增减 %": one.rate,
            "存疑": "存疑" if one.doubted else "",
        }
        for one in panel.changes
    ]
    return _stated(rows)


def agreement(panel: Panel) -> pd.DataFrame:
    """Values that are printed and implied, what does not agree first."""
    rows = [
        {
            **_of(panel, one.before),
            _PRINTED: one.before.number,
            DERIVED: one.after.number,
            "相差": one.amount,
            "是否相符": "相符" if one.agrees else "不符",
        }
        for one in sorted(panel.agreement, key=lambda one: one.agrees)
    ]
    return _stated(rows)


def _source(derived: bool) -> str:
    return DERIVED if derived else _PRINTED


def _unit(panel: Panel, subject: ReportingUnit) -> dict[str, object]:
    """The name of the unit as a cell, where there are several."""
    return {"单位": subject.name} if len(panel.subjects) > 1 else {}


def _of(panel: Panel, one: Value) -> dict[str, object]:
    """Whose value it is, of what and when, as cells."""
    return {**_unit(panel, one.subject), "项目": one.measure.name, "年度": str(one.year)}


def _stated(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows as a frame, without columns in which nothing stands."""
    frame = pd.DataFrame(rows, dtype="object")
    stated = [name for name in frame if frame[name].replace("", None).notna().any()]
    return frame[stated].infer_objects()


def groups(panel: Panel) -> pd.DataFrame:
    """Who has peers: columns 年度, 口径, 类别, 级别, 份数 (int), 单位, a row for each group of several reports."""
    rows: list[dict[str, object]] = [
        {
            "年度": str(one.basis.year),
            "口径": one.basis.scope,
            "类别": one.kind,
            "级别": _LEVELS[one.level],
            "份数": len(one.members),
            "单位": listing.names((member.subject.unit for member in one.members), listing.MOST),
        }
        for one in panel.groups
        if len(one.members) > 1
    ]
    return _stated(rows)


def linked(panel: Panel) -> pd.DataFrame:
    """What breaks the series of units in the panel: columns 年度, 原单位, 新单位, 变动, 来源, 把握 (string)."""
    names = {one.unit for one in panel.subjects}
    rows: list[dict[str, object]] = [
        {
            "年度": str(one.year), "原单位": one.predecessor, "新单位": one.successor, "变动": one.what,
            "来源": one.source, "把握": one.sure,
        }
        for one in panel.links
        if one.concerns(names)
    ]  # fmt: skip
    return _stated(rows)


# ---- sentences


def peers(panel: Panel) -> str:
    """How many reports have peers, and why others have none that are known."""
    several = [one for one in panel.groups if len(one.members) > 1]
    unsure = [one for one in panel.members if not (one.about.kind and one.about.level)]
    text = t("同类是同一年度、同一口径、同一级别、同一类机关的报告。")
    if several:
        text += t(
            "{all} 份报告里，{n} 份有同类，分成 {groups} 组。",
            all=len(panel.members), n=sum(len(one.members) for one in several), groups=len(several),
        )  # fmt: skip
    else:
        text += t("目录里没有两份报告是同类。")
    if unsure:
        named = listing.clauses(
            t(
                "{who} {year} 年（{why}）",
                who=escape(one.subject), year=one.year, why=escape(one.about.why),
            )
            for one in unsure
        )  # fmt: skip
        text += t(
            "有 {n} 份的级别或类别不能确定，不归入任何一组：{named}。", n=len(unsure), named=named
        )
    return text


def balance(panel: Panel) -> str:
    """What a balanced panel of all its years would cost; empty where there is one year, or nothing is lost."""
    years = sorted({one.year for one in panel.members})
    if len(years) < 2:
        return ""
    even = panel.balanced(years)
    span = join(map(str, years))
    if not even.dropped:
        return t("每个单位 {span} 年都有报告。", span=span)
    if not even.members:
        return t(
            "没有一个单位 {span} 年都有报告；要每年单位都相同，须少取几年，如 `panel.balanced([{last}])`。",
            span=span, last=years[-1],
        )  # fmt: skip
    lacking = (
        t("{who}缺 {years} 年", who=escape(who), years=join(map(str, lacks)))
        for who, lacks in even.dropped.items()
    )
    named = listing.clauses(lacking, of_reports=False)
    return t(
        "若只要 {span} 年都有报告的单位，留下 {units} 个单位的 {reports} 份报告，"
        "舍去 {out} 个单位的 {lost} 份：{named}。`panel.balanced([{years}])` 就是这样的面板。",
        span=span, units=len(even.subjects), reports=len(even.members), out=len(even.dropped),
        lost=len(panel.members) - len(even.members), named=named, years=", ".join(map(str, years)),
    )  # fmt: skip


def bottom_line(panel: Panel) -> str:
    """What the catalogue holds, its span in size, and how much of it contradicts itself."""
    if not panel.members:
        return t("目录里没有一份能读出的报告。")
    years = sorted({one.year for one in panel.members})
    if len(years) == 1:
        span = t("{year} 年", year=years[0])
    else:
        span = t("{first} 至 {last} 年", first=years[0], last=years[-1])
    subjects, n = panel.subjects, len(panel.members)
    if len(subjects) == 1:
        named = strong(subjects[0].unit)
        text = t("目录里只有一个单位：{unit}，{n} 份报告，{span}。", unit=named, n=n, span=span)
    else:
        text = t(
            "目录里有 {units} 个单位的 {n} 份报告，{span}。",
            units=strong(len(subjects)), n=strong(n), span=span,
        )  # fmt: skip
    spent = panel.latest["expenditure"]
    if spent.values:
        text += t(
            "{year} 年{scope}的{name}{range}。",
            year=spent.basis.year, scope=spent.basis.scope, name=spent.measure.name, range=_range(spent),
        )  # fmt: skip
    if unread := sum(one.year is not None for one in panel.unread):
        text += t("另有 {n} 份读不出，不在其中。", n=unread)
    if broken := sum(one.broken["error"] > 0 for one in panel.members):
        text += t("{n} 份报告里有对不上的数字；牵涉到面板的，标为“存疑”。", n=broken)
    return text


def readings(panel: Panel) -> list[str]:
    """Which scopes there are, what could not be read and why, and what was noticed while reading."""
    scopes = Counter(one.subject.scope for one in panel.members)
    said = []
    if len(scopes) > 1:
        counts = join(t("{scope} {n} 份", scope=scope, n=n) for scope, n in scopes.items())
        said.append(
            t(
                "口径有两种：{counts}。本级只是单位自己，部门汇总含下属单位；两者不相加，也不排在一起。",
                counts=counts,
            )
        )
    listed = [(escape(one.subject.unit), one.year, escape(one.error)) for one in panel.unread]
    if named := [
        t("{who} {year} 年（{why}）", who=unit, year=year, why=error)
        for unit, year, error in listed
        if year is not None
    ]:
        unread = bold(t("有 {n} 份报告读不出", n=len(named)))
        told = listing.clauses(named, listing.MOST)
        said.append(t("{unread}，不在面板里：{named}。", unread=unread, named=told))
    if lines := [error for _, year, error in listed if year is None]:
        wrong = bold(t("目录里有 {n} 行不对", n=len(lines)))
        told = listing.clauses(lines, listing.MOST, of_reports=False)
        said.append(t("{wrong}，没有用：{named}。", wrong=wrong, named=told))
    notes = [
        t(
            "{who} {year} 年，读取时的提醒：{note}。",
            who=escape(one.subject), year=one.year, note=_remark(note),
        )
        for one in panel.members
        for note in one.notes
    ]  # fmt: skip
    if (more := len(notes) - _REPORTS) > 0:
        notes[_REPORTS:] = [t("另有 {n} 条读取时的提醒。", n=more)]
    return said + notes


def _remark(note: str) -> str:
    """What was noticed while reading, in the language of the page, without the name of the file."""
    said = _FILE.sub("", note)
    if found := _UNCLAIMED.fullmatch(said):
        places = dict.fromkeys(_PLACE.findall(found[1]))
        told = join(
            t("第{n}页", n=n) if kind == "page" else t("第{n}行", n=n) for kind, n in places
        )
        return t("有的数没有读成数字（{places}），见 `report.unclaimed()`", places=told)
    if found := _LACKING.fullmatch(said):
        form = final_accounts()
        return t(
            "没有{tables}", tables=join(escape(form.name(one)) for one in found[1].split(", "))
        )
    return Html(f'<span lang="en">{escape(said)}</span>')


def basis(panel: Panel) -> str:
    """Of which reports rankings are, and what they leave out; empty where they leave nothing out."""
    chosen = panel.basis
    others = Counter(
        (one.year, one.subject.scope)
        for one in panel.members
        if (one.subject.scope, one.year) != chosen
    )
    if chosen is None or not others:
        return ""
    count = len(panel.members) - others.total()
    told = join(
        t("{year} 年{scope} {n} 份", year=year, scope=scope, n=n)
        for (year, scope), n in sorted(others.items())
    )
    return t(
        "排名只比同一年度、同一口径的报告，取份数最多的一种（一样多时取最近的）：{year} 年{scope}，{n} 份。"
        '不在排名里的有 {told}；要看它们，用 `panel.ranking("expenditure", scope=…, year=…)`。',
        year=chosen.year, scope=chosen.scope, n=count, told=told,
    )  # fmt: skip


def size(panel: Panel) -> str:
    """The largest by expenditure against the one in the middle; of one unit: expenditure against income."""
    found = panel.latest["expenditure"]
    if not found.values:
        return t("没有一份报告印出本年支出合计。")
    first = found.values[0]
    if len(panel.subjects) == 1:
        return _balance(first, panel.latest["income"])
    if len(found.values) == 1:
        return t(
            "{year} 年{scope}只有{who}一份报告：本年支出 {amount}。",
            year=found.basis.year, scope=found.basis.scope, who=_who(first), amount=_amount(first),
        )  # fmt: skip
    text = t(
        "{year} 年{scope}的本年支出最大的是{who}：{amount}",
        year=found.basis.year, scope=found.basis.scope, who=_who(first), amount=_amount(first),
    )  # fmt: skip
    if len(found.values) >= _FEW and found.median > 0:
        ratio = cite(first.number / found.median, "倍", 1)
        text = t(
            "{told}，是中位数 {median} 的 {ratio}",
            told=text, median=cite(found.median, MONEY), ratio=ratio,
        )  # fmt: skip
    text = t("{said}。", said=text)
    if rest := found.values[MOST:]:
        named = (f"{escape(one.subject)} {_amount(one)}" for one in rest)
        listed = listing.names(named, listing.MOST)
        text += t("图中只画最大的 {most} 个，其余是：{listed}。", most=MOST, listed=listed)
    return text


def _balance(spent: Value, income: Ranking) -> str:
    """Expenditure of a year against its income."""
    text = t(
        "{year} 年本年支出 {amount}{doubt}",
        year=spent.year, amount=bold(_amount(spent)), doubt=_doubt(spent),
    )  # fmt: skip
    same = [one for one in income.values if one.year == spent.year]
    if not same:
        return t("{told}；报告没有印出本年收入合计。", told=text)
    gap = spent.number - same[0].number
    if not gap:
        return t("{told}，与本年收入相等。", told=text)
    by = cite(abs(gap), MONEY)
    if gap > 0:
        return t("{told}，比本年收入多 {by}。", told=text, by=by)
    return t("{told}，比本年收入少 {by}。", told=text, by=by)


def doubted(panel: Panel, group: str) -> str:
    """Which values of a group of measures a contradiction touches, by unit and year; empty where none is."""
    named = []
    for (subject, year, derived), some in panel.by_year[group].items():
        if names := join(escape(value.measure.name) for value in some if value.doubted):
            who = escape(subject)
            if derived:
                named.append(
                    t(
                        "{who} {year} 年（{derived}）{names}",
                        who=who, year=year, derived=DERIVED, names=names,
                    )
                )  # fmt: skip
            else:
                named.append(t("{who} {year} 年{names}", who=who, year=year, names=names))
    told = listing.clauses(named, listing.MOST)
    return t("存疑的是：{named}。理由见下文。", named=told) if named else ""


def over_years(panel: Panel) -> str:
    """How many comparisons there are, how many of them with implied values, what rose and what fell most."""
    found = panel.changes
    if not found:
        return t(
            "没有一项有两个年度的数：目录里没有相邻年度的报告，报告也没有写明能推算上年数的增减。"
        )
    shown = {"n": len(found), "directions": _directions(found)}
    if implied := sum(one.before.derived for one in found):
        text = t(
            "共有 {n} 项可与上年比较，其中 {implied} 项的上年数是{derived}的：{directions}。",
            implied=implied, derived=DERIVED, **shown,
        )  # fmt: skip
    else:
        text = t("共有 {n} 项可与上年比较，上年数都是印出的：{directions}。", **shown)
    rated = sorted((one.rate, at) for at, one in enumerate(found) if one.rate is not None)
    if rated and rated[-1][0] > 0:
        text += t("增幅最大的是{change}。", change=_change(found[rated[-1][1]], panel))
    if rated and rated[0][0] < 0:
        text += t("降幅最大的是{change}。", change=_change(found[rated[0][1]], panel))
    return text


def title_of_lines(panel: Panel) -> str:
    """What the lines of ``series`` show."""
    if panel.is_of_one:
        return t("各项收支的年度变化")
    return t("有多份报告的单位：本年支出")


def compared(panel: Panel) -> str:
    """How many of the units that are compared rise, and who is beyond the figure; of at least one."""
    found = panel.compared
    text = t(
        "能比较的单位最多的一项是{name}，有 {n} 个单位：{directions}。",
        name=escape(found[0].after.measure.name), n=len(found), directions=_directions(found),
    )  # fmt: skip
    if len(found) > MOST:
        text += t("图中只画变化幅度最大的 {most} 个，其余见下表。", most=MOST)
    return text


def agreed(panel: Panel) -> str:
    """Whether printed values and those that the next report implies agree."""
    found = panel.agreement
    if not found:
        return t(
            "目录里没有同一单位相邻两年的报告，推算的上年数还没有印出的数可以核对。"
            "加入上一年的报告（`qy-finance add`）就能核对。"
        )
    off = [one for one in found if not one.agrees]
    text = t(
        "{n} 个数既由当年的报告印出，又由下一年的报告推算：{same} 个相符",
        n=len(found), same=len(found) - len(off),
    )  # fmt: skip
    if not off:
        return t("{said}。", said=text)
    apart = (
        t(
            "{who} {year} 年{name}印出 {printed}、推算 {implied}，相差 {apart}",
            who=escape(one.before.subject), year=one.before.year,
            name=escape(one.before.measure.name), printed=cite(one.before.number),
            implied=cite(one.after.number, MONEY), apart=cite(abs(one.amount), MONEY),
        )
        for one in off
    )  # fmt: skip
    named = listing.clauses(apart, of_reports=False)
    return t(
        "{told}，{off}：{named}。不符的原因两份报告没有写明。",
        told=text, off=bold(t("{n} 个不符", n=len(off))), named=named,
    )  # fmt: skip


def contradicted(panel: Panel) -> list[str]:
    """What contradicts figures of the panel, a sentence for each report, the first contradictions in it."""
    said = []
    doubted = [one for one in panel.members if one.doubts]
    for one in doubted[:_REPORTS]:
        head = bold(t("{who} {year} 年", who=escape(one.subject), year=one.year))
        more = len(one.doubts) - _FEW
        rest = [t("另有 {n} 处，见该报告的“勾稽”页。", n=more)] if more > 0 else []
        items = (f"- {item}" for item in (*one.doubts[:_FEW], *rest))
        said.append("\n".join([t("{head}：", head=head), "", *items]))
    if (more := len(doubted) - _REPORTS) > 0:
        said.append(t("另有 {n} 份报告用到的数存疑，见各报告的“勾稽”页。", n=more))
    return said or [t("面板用到的数，没有一个牵涉报告里的矛盾。")]


def _directions(found: Iterable[Change]) -> str:
    """How many of the changes are rises, falls, and none."""
    signs = Counter((one.amount > 0) - (one.amount < 0) for one in found)
    told = [t("{n} 个增加", n=signs[1])] if signs[1] else []
    told += [t("{n} 个减少", n=signs[-1])] if signs[-1] else []
    return join([*told, *([t("{n} 个持平", n=signs[0])] if signs[0] else [])], "，")


def _range(found: Ranking) -> str:
    """为 … of one unit; of several: from … to …, in the middle …."""
    first, last = found.values[0], found.values[-1]
    if first is last:
        return t("为 {amount}{doubt}", amount=bold(_amount(first)), doubt=_doubt(first))
    if first.number == last.number:
        doubtful = next((one for one in found.values if one.doubted), first)
        return t("都是 {amount}{doubt}", amount=bold(_amount(first)), doubt=_doubt(doubtful))
    text = t(
        "从{last}的 {least}到{first}的 {most}",
        last=_who(last), least=_amount(last), first=_who(first), most=_amount(first),
    )  # fmt: skip
    if len(found.values) >= _FEW:
        median = cite(found.median, found.measure.unit, found.measure.places)
        text = t("{told}，中位数 {median}", told=text, median=median)
    return text


def _who(one: Value) -> str:
    return f"{strong(one.subject)}{_doubt(one)}"


def _doubt(one: Value | Change) -> str:
    return t("（存疑）") if one.doubted else ""


def _amount(one: Value) -> str:
    return cite(one.number, one.measure.unit, one.measure.places)


def _change(one: Change, panel: Panel) -> str:
    """One change: who, what, from where to where, in %."""
    before, after, rate = one.before, one.after, one.rate
    assert rate is not None
    name = escape(after.measure.name)
    if len(panel.subjects) > 1:
        name = t("{who}{name}", who=strong(after.subject), name=name)
    implied = t("（{derived}）", derived=DERIVED) if before.derived else ""
    shown = {
        "name": name, "since": before.year, "before": cite(before.number), "implied": implied,
        "year": after.year, "after": cite(after.number, MONEY), "by": cite(abs(rate), "%", 1),
        "doubt": _doubt(one),
    }  # fmt: skip
    if rate > 0:
        return t(
            "{name}：{since} 年 {before}{implied} → {year} 年 {after}，增长 {by}{doubt}", **shown
        )
    return t("{name}：{since} 年 {before}{implied} → {year} 年 {after}，下降 {by}{doubt}", **shown)
