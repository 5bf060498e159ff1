"""Sentences and cards of notebook 05, with computed numbers; text of the report is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pandas as pd

from qy_finance.analysis.reconciliation import SPEC
from qy_finance.analysis.reconciliation_breaks import KINDS, Break, Number, Source
from qy_finance.analysis.reconciliation_links import link
from qy_finance.cards import Card, Quote
from qy_finance.display import Html, cite, escape, linked, percent, strong
from qy_finance.figures import decimals_of
from qy_finance.report import Report

_QUOTED: Final = 4  # places of a card that are not folded away
_EXACT: Final = 3  # decimals up to which a number is printed as it is
_NAMED: Final = 6  # cells or tables that a sentence names


def headline(groups: pd.DataFrame, found: Sequence[Break]) -> str:
    """How many checks hold, and what breaks; ``groups`` as ``by_group`` gives them."""
    counts = {name: int(groups[name].sum()) for name in groups.columns[1:]}
    run = counts["合计"] - counts["未核对"] - counts["不适用"]
    text = f"核对了 {strong(f'{run:,}')} 条勾稽关系：{counts['相符']:,} 条完全相符"
    text += f"，{counts['尾差']:,} 条只有尾差" if counts["尾差"] else ""
    if found:
        kinds = [
            f"{name} {number:,} 处"
            for kind, name in KINDS.items()
            if (number := len(of(found, kind)))
        ]
        text += f"，{strong(f'{len(found):,} 处不符')}（{'，'.join(kinds)}）。"
    else:
        text += "，没有一处不符。"
    return text + (f"另有 {counts['未核对']:,} 条因缺数没有核对。" if counts["未核对"] else "")


def foremost(found: Sequence[Break]) -> str:
    """The contradiction to look at first; empty without one."""
    if not found:
        return ""
    first = found[0]
    places = "、".join(dict.fromkeys(source.place for source in first.sources))
    return f"最值得先看的一处{escape(f'（{places}）') if places else ''}：{_sentence(first)}"


def on_groups(groups: pd.DataFrame) -> str:
    """Where the breaks are, and where there are none."""
    if groups.empty:
        return "没有可以核对的关系。"
    broken = {str(g): int(n) for g, n in zip(groups["范围"], groups["不符"], strict=True)}
    sound = [group for group, number in broken.items() if not number]
    worst = sorted((group for group in broken if broken[group]), key=lambda group: -broken[group])
    parts = [f"没有矛盾的范围：{'、'.join(sound)}。" if sound else "每个范围都有矛盾。"]
    if worst:
        parts.append(f"矛盾在{'、'.join(f'{group}（{broken[group]:,} 处）' for group in worst)}。")
    return "".join(parts)


def on_figures(found: Sequence[Break]) -> str:
    """How many contradictions of figures there are, and of how many the wrong figure is known."""
    some = of(found, "figures")
    if not some:
        return "没有一处数字互相矛盾。"
    known = sum(one.wrong is not None for one in some)
    follow = sum(len(one.consequences) for one in some)
    text = f"数字互相矛盾的有 {strong(f'{len(some):,} 处')}，"
    text += (
        f"其中 {known:,} 处由其他关系查明了错的是哪个数"
        if known
        else "其他关系都不足以查明错的是哪个数"
    )
    return text + (f"；由此连带的 {follow:,} 条折叠在各处下面。" if follow else "。")


def on_words(found: Sequence[Break]) -> str:
    """How many times words contradict figures, or each other."""
    some = of(found, "words")
    if not some:
        return "没有一处用语与数字不符。"
    kinds = list(dict.fromkeys(one.identity.id for one in some))
    return f"用语与数字不符、或自相矛盾的有 {strong(f'{len(some):,} 处')}，违反的要求有 {len(kinds):,} 种。"


def on_years(found: Sequence[Break], previous: Report | None) -> str:
    """Whether the report agrees with that of the year before, if the catalogue has it."""
    if previous is None:
        return "目录里没有同一单位、同一口径的上一年报告，没有比较。"
    some = of(found, "years")
    if not some:
        return f"与 {previous.meta['year']} 年的报告没有一处不符。"
    return (
        f"与 {previous.meta['year']} 年的报告不符的有 {strong(f'{len(some):,} 处')}；"
        "口径调整、追溯更正也会这样，报告应当说明。"
    )


def of(found: Iterable[Break], kind: str) -> list[Break]:
    """The contradictions of one of :data:`KINDS`, in their order."""
    return [one for one in found if one.kind == kind]


def cards(found: Iterable[Break]) -> list[Card]:
    """Contradictions as cards, in their order; those of one rule that words alone show are one card."""
    alike: dict[object, list[Break]] = {}
    for one in found:
        key = id(one) if one.sources or one.consequences else (one.kind, one.identity.id)
        alike.setdefault(key, []).append(one)
    return [_card(some[0]) if len(some) == 1 else _common_card(some) for some in alike.values()]


def on_cells(cells: pd.DataFrame, report: Report) -> str:
    """Which tables are well tied together, where the holes are, and which cells are contradicted."""
    if cells.empty:
        return "报告的表里没有数值。"
    free, once = cells["state"] == "free", cells["identities"] == 1
    reached = int((~free).sum())
    parts = [
        f"表里的 {len(cells):,} 个数值，{strong(f'{reached:,} 个')}（{percent(100 * reached / len(cells))}）"
        f"至少受一条关系约束，平均每个 {cells['identities'].mean():.1f} 条；只有一条的 {int(once.sum()):,} 个"
    ]
    ties = cells.groupby("table", sort=False)["identities"].mean()
    if len(ties) > 1:
        parts.append(
            f"。连得最紧的是{_table(ties.idxmax())}（平均 {ties.max():.1f} 条），"
            f"最松的是{_table(ties.idxmin())}（{ties.min():.1f} 条）"
        )
    holes = cells.loc[free, "table"].value_counts()
    if len(holes):
        named = "、".join(f"{_table(table)} {number:,} 个" for table, number in holes.items())
        parts.append(f"。没有关系的 {int(free.sum()):,} 个，改动了也看不出来：{named}")
    broken = cells[cells["state"] == "break"]
    if len(broken):
        named = "；".join(
            escape(" · ".join(filter(None, (SPEC[table].name, side, row, column))))
            for table, side, row, column in broken.iloc[:_NAMED, :4].itertuples(index=False)
        )
        more = "等" if len(broken) > _NAMED else ""
        parts.append(f"。处在矛盾里、又没有查明错在别处的 {len(broken):,} 个：{named}{more}")
    else:
        parts.append("。没有一个数值处在未查明的数字矛盾里")
    missing = report.meta["missing_tables"]
    if isinstance(missing, tuple) and missing:
        parts.append(f"。报告没有：{'、'.join(map(_table, missing))}")
    return f"{''.join(parts)}。"


def on_tails(table: pd.DataFrame) -> str:
    """How large the differences are that rounding explains."""
    if table.empty:
        return "没有一处尾差。"
    largest = []
    for unit, some in table.groupby(table["单位"].replace("%", "个百分点"), sort=False):
        widest = some.sort_values("最大的差").iloc[-1]
        gap, slack = (
            _measured(Number(name, widest[name], str(unit))) for name in ("最大的差", "舍入可解释")
        )
        largest.append(f"差 {gap}（舍入最多可解释 {slack}）")
    total = int(table["几处"].sum())
    return (
        f"尾差共 {strong(f'{total:,} 处')}，最大的{'、'.join(largest)}，"
        "都不超过四舍五入或截尾所能造成的差，不算矛盾。"
    )


def on_missing(table: pd.DataFrame) -> str:
    """How much was not checked, and for want of what."""
    if table.empty:
        return "没有一条关系因缺数而没有核对。"
    first, total = table.iloc[0], int(table["几条"].sum())
    most = int(first["几条"])
    named = f"；缺得最多的是{escape(first['缺什么'])}（{most:,} 条）" if most > 1 else ""
    return f"没有核对的 {strong(f'{total:,} 条')}，缺的数有 {len(table):,} 种{named}。没有核对不等于相符。"


def _card(one: Break) -> Card:
    quotes = [_quote(source) for source in one.sources]
    folded: list[tuple[str, Sequence[str]]] = []
    if quotes[_QUOTED:]:
        rest = [
            Html(f"{escape(quote.place)} {''.join(map(escape, quote.pieces))}")
            for quote in quotes[_QUOTED:]
        ]
        folded.append((f"其余 {len(rest):,} 处出处", rest))
    if one.consequences:
        following = [link(message, figures) for message, figures in one.consequences]
        folded.append((f"由此连带不符的 {len(following):,} 条", following))
    return Card(
        _tag(one),
        one.identity.purpose,
        _sentence(one),
        one.kind == "figures",
        _numbers(one),
        quotes[:_QUOTED],
        folded,
    )


def _common_card(some: Sequence[Break]) -> Card:
    quotes = [Quote("", (_sentence(one),)) for one in some]
    first = some[0]
    return Card(
        _tag(first),
        first.identity.purpose,
        f"共 {len(some):,} 处：",
        first.kind == "figures",
        (),
        quotes,
    )


def _tag(one: Break) -> str:
    group = one.identity.group
    return group if one.kind == "years" else f"{KINDS[one.kind]} · {group}"


def _sentence(one: Break) -> Html:
    """Which figure is wrong, if that is known, and what shows it."""
    text = ""
    if one.wrong:
        wanted = one.wrong.wanted
        text = (
            f"{escape(one.wrong.name)} {linked(one.wrong.printed, one.wrong.figure)}与其他数字矛盾"
        )
        text += f"，应为 {_measured(wanted)}。" if wanted else "。"
    end = "" if one.formula.endswith(("…", "。")) else "。"
    return Html(f"{text}{link(one.formula, one.figures)}{end}")


def _quote(source: Source) -> Quote:
    return Quote(
        f"{source.place} {source.name}：" if source.name else f"{source.place}：",
        tuple(
            linked(piece, source.figures[at // 2]) if at % 2 else piece
            for at, piece in enumerate(source.pieces)
        ),
    )


def _numbers(one: Break) -> list[tuple[str, str]]:
    """The wrong figure and the right one, or both sides; then what separates them."""
    said: list[tuple[str, str]] = []
    if one.wrong:
        said.append(("错数", linked(one.wrong.printed, one.wrong.figure)))
    shown = [one.wrong.wanted] if one.wrong and one.wrong.wanted else one.sides
    said += [(number.name, _measured(number)) for number in shown]
    return said + [
        (number.name, _measured(number)) for number in (one.difference, one.tolerance) if number
    ]


def _measured(number: Number) -> Html:
    """A number with its unit and its own decimals; two of what was divided, more where they would all be 0."""
    value, unit = number.value, number.unit
    places = decimals_of(value)
    if places > _EXACT:
        places = 2
        while value and round(value, places) == 0 and places < 6:
            places += 1
    elif value == int(value) and unit not in ("%", "个百分点") and not unit.endswith("元"):
        places = 0
    return cite(value, unit, places)


def _table(table: object) -> str:
    return SPEC[str(table)].name
