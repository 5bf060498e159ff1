"""Sentences of notebook 06, in Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from qy_finance.analysis.derived import DERIVED
from qy_finance.analysis.headlines import MONEY
from qy_finance.analysis.panel import Panel
from qy_finance.analysis.panel_measures import MEASURES
from qy_finance.analysis.panel_views import MOST, OFFICE, changes, latest, median, outliers
from qy_finance.display import bold, cite, escape, strong

_NAMED: Final = 5  # units or figures that a sentence names
_FEW: Final = 3  # units from which on a median is worth a word


def bottom_line(panel: Panel) -> str:
    """What the catalogue holds, its span in size and structure, and how much of it contradicts itself."""
    if not panel.members:
        return "目录里没有一份能读出的报告。"
    years = sorted({one.entry.year for one in panel.members})
    span = f"{years[0]} 年" if len(years) == 1 else f"{years[0]} 至 {years[-1]} 年"
    subjects = panel.subjects
    if len(subjects) == 1:
        named = strong(panel.members[0].entry.unit)
        text = f"面板里只有一个单位：{named}，{len(panel.members)} 份报告，{span}。"
    else:
        text = f"面板里有 {strong(len(subjects))} 个单位的 {strong(len(panel.members))} 份报告，{span}。"
    for key in ("expenditure", "project_share"):
        frame = latest(panel, key)
        if not frame.empty:
            text += f"{MEASURES[key].name}{_range(frame)}。"
    if panel.unread:
        text += f"另有 {len(panel.unread)} 份读不出，不在其中。"
    broken = sum(1 for one in panel.members if one.errors)
    if broken:
        text += f"{broken} 份报告里有对不上的数字；牵涉到面板的，标为“存疑”。"
    return text


def readings(panel: Panel) -> list[str]:
    """Which scopes there are, what could not be read and why, and what was noticed while reading."""
    scopes = Counter(one.entry.scope for one in panel.members)
    said = []
    if len(scopes) > 1:
        counts = "、".join(f"{scope} {count} 份" for scope, count in scopes.items())
        said.append(
            f"口径有两种：{counts}。本级只是单位自己，部门汇总含下属单位；两者不相加，图中以空心和实心区分。"
        )
    if panel.unread:
        named = "；".join(
            f"{escape(entry.unit)} {entry.year} 年（{escape(error)}）"
            for entry, error in panel.unread
        )
        said.append(f"{bold(f'有 {len(panel.unread)} 份报告读不出')}，不在面板里：{named}。")
    noted = [(one, note) for one in panel.members for note in one.notes]
    said.extend(
        f"{escape(one.subject)} {one.entry.year} 年，读取时的提醒：{escape(note)}。"
        for one, note in noted
    )
    return said


def size(panel: Panel) -> str:
    """The largest by expenditure against the one in the middle, and who is left out of the figure.

    Of one unit: expenditure against income.
    """
    frame = latest(panel, "expenditure")
    if frame.empty:
        return "没有一份报告印出本年支出合计。"
    if len(panel.subjects) == 1:
        return _balance(frame.iloc[0], latest(panel, "income"))
    first = frame.iloc[0]
    text = f"本年支出最大的是{_who(first)}：{_amount(first)}"
    middle = median(frame)
    if len(frame) >= _FEW and middle > 0:
        ratio = cite(first["value"] / middle, "倍", 1)
        text += f"，是中位数 {cite(middle, first['unit_of_measure'])} 的 {ratio}"
    text += f"。{_standing_out(frame)}"
    rest = frame.iloc[MOST:]
    if len(rest):
        text += f"图中只画最大的 {MOST} 个，其余是：{_list(rest)}。"
    return text


def _balance(spent: Any, income: pd.DataFrame) -> str:
    """Expenditure of a year against its income."""
    text = f"{spent['year']} 年本年支出 {bold(_amount(spent))}{_doubt(spent)}"
    same = income[income["year"] == spent["year"]]
    if same.empty:
        return f"{text}；报告没有印出本年收入合计。"
    taken = same.iloc[0]
    gap = spent["value"] - taken["value"]
    word = (
        "与本年收入相等"
        if gap == 0
        else f"比本年收入{'多' if gap > 0 else '少'} {cite(abs(gap), MONEY)}"
    )
    return f"{text}，{word}。"


def doubted(panel: Panel, keys: Sequence[str]) -> str:
    """Which values of the measures a contradiction touches, by unit and year; empty where none is."""
    frame = panel.frame[panel.frame["measure"].isin(list(keys)) & panel.frame["doubted"]]
    named = []
    for key, some in frame.groupby(["subject", "year", "derived"], sort=False):
        subject, year, derived = key
        implied = f"（{DERIVED}）" if derived else ""
        named.append(f"{escape(subject)} {year} 年{implied}{'、'.join(map(escape, some['name']))}")
    return f"存疑的是：{'；'.join(named)}。理由见下文。" if named else ""


def structure(panel: Panel) -> str:
    """Shares of project spending and of personnel: highest, lowest, in the middle, and who stands out."""
    parts = []
    for key, of in (
        ("project_share", "项目支出占本年支出的"),
        ("personnel_share", "人员经费占一般公共预算基本支出的"),
    ):
        frame = latest(panel, key)
        if not frame.empty:
            parts.append(f"{of}比例{_range(frame)}。{_standing_out(frame)}")
    return "".join(parts) or "没有一份报告印出基本支出与项目支出。"


def office(panel: Panel) -> list[str]:
    """机关运行经费, 三公, 政府采购 and what of it went to SMEs: a sentence each, and who states none."""
    said = []
    for key in ("operating", "three_public", "procurement", "sme_share"):
        frame, name = latest(panel, key), MEASURES[key].name
        silent = [subject for subject in panel.subjects if subject not in set(frame["subject"])]
        if frame.empty:
            said.append(f"没有一份报告写明{name}。")
            continue
        none = f"没有写明或算不出的：{_names(silent)}。" if silent else ""
        said.append(f"{name}{_range(frame)}。{_standing_out(frame)}{none}")
    marked = doubted(panel, OFFICE)
    return [*said, marked] if marked else said


def over_years(panel: Panel) -> str:
    """How many comparisons there are, how many of them with implied values, what rose and what fell most."""
    found = changes(panel)
    if found.empty:
        return (
            "没有一项有两个年度的数：目录里没有相邻年度的报告，报告也没有写明能推算上年数的增减。"
        )
    implied = int(found["derived"].sum())
    marked = f"，其中 {implied} 项的上年数是{DERIVED}的" if implied else "，上年数都是印出的"
    text = f"共有 {len(found)} 项可与上年比较{marked}：{_directions(found)}。"
    rated = found[found["rate"].notna()]
    order = rated["rate"].astype(float).sort_values(kind="stable").index
    for word, row in (("增幅最大", order[-1:]), ("降幅最大", order[:1])):
        for one in rated.loc[row].to_dict("records"):
            if one["rate"] > 0 if word == "增幅最大" else one["rate"] < 0:
                text += f"{word}的是{_change(one, panel)}。"
    return text


def title_of_lines(panel: Panel) -> str:
    """What the lines of ``series`` show."""
    return "各项收支的年度变化" if len(panel.subjects) == 1 else "有多份报告的单位：本年支出"


def compared(found: pd.DataFrame) -> str:
    """How many of the compared units rise, and who is beyond the figure; ``found`` as ``views.compared`` gives it."""
    text = (
        f"能比较的单位最多的一项是{escape(found['name'].iloc[0])}，有 {len(found)} 个单位："
        f"{_directions(found)}。"
    )
    if len(found) > MOST:
        text += f"图中只画变化幅度最大的 {MOST} 个，其余见下表。"
    return text


def agreed(found: pd.DataFrame) -> str:
    """Whether printed values and those that the next report implies agree; ``found`` as ``agreement`` gives it."""
    if found.empty:
        return (
            "目录里没有同一单位相邻两年的报告，推算的上年数还没有印出的数可以核对。"
            "加入上一年的报告（`qy-finance add`）就能核对。"
        )
    off = found[~found["agrees"]]
    text = (
        f"{len(found)} 个数既由当年的报告印出，又由下一年的报告推算：{len(found) - len(off)} 个相符"
    )
    if off.empty:
        return f"{text}。"
    named = "；".join(
        f"{escape(one['subject'])} {one['year']} 年{escape(one['name'])}印出 {cite(one['printed'])}、推算 "
        f"{cite(one['implied'], MONEY)}，相差 {cite(abs(one['gap']), MONEY)}"
        for one in off.head(_NAMED).to_dict("records")
    )
    more = f"，等 {len(off)} 个" if len(off) > _NAMED else ""
    return f"{text}，{bold(f'{len(off)} 个不符')}：{named}{more}。不符的原因两份报告没有写明。"


def contradicted(panel: Panel) -> list[str]:
    """What contradicts figures of the panel, a sentence for each report, the first contradictions in it."""
    said = []
    for one in panel.members:
        if one.doubts:
            head = bold(f"{escape(one.subject)} {one.entry.year} 年")
            more = len(one.doubts) - _FEW
            rest = [f"另有 {more} 处，见该报告的 05。"] if more > 0 else []
            items = (f"- {item}" for item in (*one.doubts[:_FEW], *rest))
            said.append("\n".join([f"{head}：", "", *items]))
    return said or ["面板用到的数，没有一个牵涉报告里的矛盾。"]


def _directions(found: pd.DataFrame) -> str:
    """How many of the changes are rises, falls, and none."""
    words = Counter("增加" if one > 0 else "减少" if one < 0 else "持平" for one in found["change"])
    return "，".join(f"{words[word]} 个{word}" for word in ("增加", "减少", "持平") if words[word])


def _range(frame: pd.DataFrame) -> str:
    """为 … of one unit; of several: from … to …, in the middle …."""
    first, last = frame.iloc[0], frame.iloc[-1]
    if len(frame) == 1:
        return f"为 {bold(_amount(first))}{_year(first)}{_doubt(first)}"
    text = f"从{_who(last)}的 {_amount(last)}到{_who(first)}的 {_amount(first)}"
    if len(frame) >= _FEW:
        text += f"，中位数 {cite(median(frame), first['unit_of_measure'], _places(first))}"
    return text


def _standing_out(frame: pd.DataFrame) -> str:
    """Who is far from the others; the first and the last have been named with their amounts."""
    found = outliers(frame)
    if found.empty:
        return ""
    told = {frame["subject"].iloc[0], frame["subject"].iloc[-1]}
    named = [
        escape(row["subject"])
        if row["subject"] in told
        else f"{escape(row['subject'])} {_amount(row)}"
        for row in found.to_dict("records")
    ]
    return f"明显偏离其他单位的是{'、'.join(named)}。"


def _list(frame: pd.DataFrame) -> str:
    rows = frame.to_dict("records")
    return "、".join(f"{escape(one['subject'])} {_amount(one)}" for one in rows)


def _names(subjects: Sequence[str]) -> str:
    more = f"等 {len(subjects)} 个单位" if len(subjects) > _NAMED else ""
    return "、".join(map(escape, subjects[:_NAMED])) + more


def _who(row: Any) -> str:
    return f"{strong(row['subject'])}{_year(row)}{_doubt(row)}"


def _year(row: Any) -> str:
    return f"（{row['year']} 年）"


def _doubt(row: Any) -> str:
    return "（存疑）" if row["doubted"] else ""


def _amount(row: Any) -> str:
    return cite(row["value"], row["unit_of_measure"], _places(row))


def _places(row: Any) -> int:
    return 1 if row["unit_of_measure"] == "%" else 2


def _change(row: Any, panel: Panel) -> str:
    """One change: who, what, from where to where, in %."""
    who = strong(row["subject"]) if len(panel.subjects) > 1 else ""
    implied = f"（{DERIVED}）" if row["derived"] else ""
    return (
        f"{who}{escape(row['name'])}：{row['year'] - 1} 年 {cite(row['before'])}{implied} → {row['year']} 年 "
        f"{cite(row['after'], MONEY)}，{_signed(row['rate'])}{_doubt(row)}"
    )


def _signed(rate: Decimal) -> str:
    return f"{'增长' if rate > 0 else '下降'} {cite(abs(rate), '%', 1)}"
