"""Sentences and cards of notebook 05; text of the report is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from qy_finance.analysis.coverage import ENOUGH, Coverage, Share
from qy_finance.analysis.findings import Break, Excerpt
from qy_finance.analysis.reconciliation import Reconciliation
from qy_finance.cards import Card, Quote
from qy_finance.checks.model import KINDS
from qy_finance.checks.sentence import Told
from qy_finance.display import Html, cite, escape, linked, percent, spoken, strong
from qy_finance.facts import Fact
from qy_finance.figures import decimals_of
from qy_finance.numbers import Number
from qy_finance.text.fairness import OBJECT, ONLY, checked_document

_QUOTED: Final = 4  # places of a card that are not folded away
_EXACT: Final = 3  # decimals up to which a number is printed as it is
_MOST: Final = 6  # decimals of one that would be 0 with fewer
_NAMED: Final = 6  # cells that a sentence names


def headline(found: Reconciliation) -> str:
    """How many checks hold, and what breaks."""
    counts = found.groups.iloc[:, 1:].sum()
    run = counts["合计"] - counts["未核对"] - counts["不适用"]
    only = "只" if found.extent.is_thin else ""
    text = f"{only}核对了 {strong(f'{run:,}')} 条勾稽关系：{counts['相符']:,} 条完全相符"
    text += f"，{counts['尾差']:,} 条只有尾差" if counts["尾差"] else ""
    if found.breaks:
        kinds = ((name, len(found.by_kind[kind])) for kind, name in KINDS.items())
        named = "，".join(f"{name} {number:,} 处" for name, number in kinds if number)
        text += f"，{strong(f'{len(found.breaks):,} 处不符')}（{named}）。"
    else:
        text += f"，{none_broken(found.extent)}。"
    return text + (f"另有 {counts['未核对']:,} 条因缺数没有核对。" if counts["未核对"] else "")


def none_broken(extent: Coverage) -> str:
    """That nothing breaks; where little was checked, how little, and that the report need not be sound."""
    if not extent.is_thin:
        return "没有一处不符"
    kinds, numerals = extent.identities, extent.numerals
    few = f"应有的 {kinds.whole:,} 种关系只核对了 {kinds.part:,} 种（{kinds.percent}）"
    if extent.checks.part and kinds.value >= ENOUGH:
        few = f"全文 {numerals.whole:,} 个数字只读懂了 {numerals.part:,} 个（{numerals.percent}）"
    return f"没有一处不符，但{few}，不能说报告没有矛盾"


def _of_those(extent: Coverage) -> str:
    """What a sentence that nothing breaks is said of, where little was checked."""
    return "核对了的里面，" if extent.is_thin else ""


def on_extent(extent: Coverage) -> str:
    """How much of the report was checked, tied to its tables, and understood."""
    kinds, items, numerals = extent.identities, extent.items, extent.numerals
    told = [f"应有的 {kinds.whole:,} 种勾稽关系，核对了 {_counted(kinds, '种')}"]
    if items.whole:
        said = f"文字里 {items.whole:,} 个收支、科目和“三公”金额，与表里的格对上了"
        told.append(f"{said} {_counted(items, '个')}")
    told.append(f"全文 {numerals.whole:,} 个数字，读懂了 {_counted(numerals, '个')}")
    return "；".join(told) + "。"


def _counted(share: Share, unit: str) -> str:
    return f"{strong(f'{share.part:,} {unit}')}（{share.percent}）"


def foremost(found: Sequence[Break]) -> str:
    """The contradiction to look at first; empty without one."""
    if not found:
        return ""
    places = "、".join(dict.fromkeys(source.place for source in found[0].sources))
    where = escape(f"（{places}）") if places else ""
    return f"最值得先看的一处{where}：{escape(found[0].heading)}。{_sentence(found[0])}"


def on_groups(found: Reconciliation) -> str:
    """Where the breaks are, and where there are none."""
    if found.groups.empty:
        return "没有可以核对的关系。"
    broken = found.groups.set_index("范围")["不符"]
    sound = broken.index[broken == 0]
    named = f"没有矛盾的范围：{'、'.join(sound)}。"
    text = f"{_of_those(found.extent)}{named}" if len(sound) else "每个范围都有矛盾。"
    worst = broken[broken > 0].sort_values(ascending=False, kind="stable")
    named = "、".join(f"{group}（{number:,} 处）" for group, number in worst.items())
    return f"{text}矛盾在{named}。" if named else text


def on_figures(found: Reconciliation) -> str:
    """How many contradictions of figures there are, and of how many the wrong figure is known."""
    some = found.by_kind["figures"]
    if not some:
        return f"{_of_those(found.extent)}没有一处数字互相矛盾。"
    known = sum(one.wrong is not None for one in some)
    follow = sum(len(one.consequences) for one in some)
    text = f"其中 {known:,} 处由其他关系查明了" if known else "其他关系都不足以查明"
    text = f"数字互相矛盾的有 {strong(f'{len(some):,} 处')}，{text}错的是哪个数"
    return text + (f"；由此连带的 {follow:,} 条折叠在各处下面。" if follow else "。")


def on_words(found: Reconciliation) -> str:
    """How many times words contradict figures, or each other."""
    some = found.by_kind["words"]
    if not some:
        return f"{_of_those(found.extent)}没有一处用语与数字不符。"
    kinds = {one.identity.id for one in some}
    return f"用语与数字不符、或自相矛盾的有 {strong(f'{len(some):,} 处')}，违反的要求有 {len(kinds):,} 种。"


def on_years(found: Reconciliation) -> str:
    """Whether the report agrees with that of the year before, if there is one."""
    if found.year_before is None:
        return "目录里没有同一单位、同一口径的上一年报告，没有比较。"
    some = found.by_kind["years"]
    if not some:
        return f"与 {found.year_before} 年的报告没有一处不符。"
    text = f"与 {found.year_before} 年的报告不符的有 {strong(f'{len(some):,} 处')}；"
    return f"{text}口径调整、追溯更正也会这样，报告应当说明。"


def on_cells(found: Reconciliation) -> str:
    """Which tables are well tied together, where the holes are, and which cells are contradicted."""
    cells, form = found.cells, found.reading.form
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
            f"。连得最紧的是{form.name(str(ties.idxmax()))}（平均 {ties.max():.1f} 条），"
            f"最松的是{form.name(str(ties.idxmin()))}（{ties.min():.1f} 条）"
        )
    holes = cells.loc[free, "table"].value_counts().items()
    if named := "、".join(f"{form.name(str(table))} {number:,} 个" for table, number in holes):
        parts.append(f"。没有关系的 {int(free.sum()):,} 个，改动了也看不出来：{named}")
    broken = cells.loc[cells["state"] == "break", ["table", "side", "row", "column"]]
    if len(broken):
        named = "；".join(
            escape(" · ".join(filter(None, (form.name(table), *where))))
            for table, *where in broken.iloc[:_NAMED].itertuples(index=False)
        )
        more = "等" if len(broken) > _NAMED else ""
        parts.append(f"。处在矛盾里、又没有查明错在别处的 {len(broken):,} 个：{named}{more}")
    else:
        parts.append("。没有一个数值处在未查明的数字矛盾里")
    if missing := found.reading.missing:
        parts.append(f"。报告没有：{'、'.join(map(form.name, missing))}")
    return f"{''.join(parts)}。"


def on_tails(found: Reconciliation) -> str:
    """How large the differences are that rounding explains."""
    if found.tails.empty:
        return "没有一处尾差。"
    largest = []
    for _, some in found.tails.groupby("单位", sort=False):
        widest = some.sort_values("最大的差").iloc[-1]
        gap, slack = (_measured(widest[name]) for name in ("最大的差", "舍入可解释"))
        largest.append(f"差 {gap}（舍入最多可解释 {slack}）")
    total = int(found.tails["几处"].sum())
    text = f"尾差共 {strong(f'{total:,} 处')}，最大的{'、'.join(largest)}，"
    return f"{text}都不超过四舍五入或截尾所能造成的差，不算矛盾。"


def fairness(found: Reconciliation) -> str:
    """What the findings claim and what not, of which file, by which version, and how to object."""
    return f"{escape(checked_document(found.reading))}。{ONLY}{OBJECT}"


def on_missing(found: Reconciliation) -> str:
    """How much was not checked, and for want of what."""
    table = found.not_run
    if table.empty:
        return "没有一条关系因缺数而没有核对。"
    most, total = int(table["几条"].iloc[0]), int(table["几条"].sum())
    first = escape(table["缺什么"].iloc[0])
    named = f"；缺得最多的是{first}（{most:,} 条）" if most > 1 else ""
    return f"没有核对的 {strong(f'{total:,} 条')}，缺的数有 {len(table):,} 种{named}。没有核对不等于相符。"


def cards(found: Iterable[Break]) -> list[Card]:
    """Contradictions as cards, in their order; those of one rule that words alone show are one card."""
    alike: dict[object, list[Break]] = {}
    for one in found:
        key = one if one.sources or one.consequences else (one.kind, one.identity.id)
        alike.setdefault(key, []).append(one)
    return [_card(some[0]) if len(some) == 1 else _common_card(some) for some in alike.values()]


def _card(one: Break) -> Card:
    quotes = [_quote(source) for source in one.sources]
    folded: list[tuple[str, Sequence[str]]] = []
    if rest := quotes[_QUOTED:]:
        lines = [Html("".join(map(escape, (quote.place, " ", *quote.pieces)))) for quote in rest]
        folded.append((f"其余 {len(rest):,} 处出处", lines))
    if one.consequences:
        following = list(map(spoken, one.consequences))
        folded.append((f"由此连带不符的 {len(following):,} 条", following))
    folded.append(_rule(one))
    decided = [Quote("", (said,)) for said in one.decisions]
    shown = [*decided, *quotes[:_QUOTED]]
    return Card(*_heading(one, _sentence(one)), _numbers(one), shown, folded)


def _common_card(some: Sequence[Break]) -> Card:
    quotes = [Quote("", (_sentence(one),)) for one in some]
    kind, heading, said, grave = _heading(some[0], f"共 {len(some):,} 处：")
    shared = {one.heading.partition("：")[0] for one in some}
    return Card(
        kind,
        shared.pop() if len(shared) == 1 else heading,
        said,
        grave,
        (),
        quotes,
        [_rule(some[0])],
    )


def _rule(one: Break) -> tuple[str, Sequence[str]]:
    """The identity that is not kept."""
    return "核对规则", [f"{one.identity.purpose}（{one.identity.id}）"]


def _heading(one: Break, said: str) -> tuple[str, str, str, bool]:
    """What kind of finding it is, what it is about, what is said of it, and whether it is grave."""
    group = one.identity.group
    tag = group if one.kind == "years" else f"{KINDS[one.kind]} · {group}"
    return tag, one.heading, said, one.kind == "figures"


def _sentence(one: Break) -> Html:
    """What shows it."""
    end = "" if str(one.formula).endswith(("…", "。")) else "。"
    return Html(f"{spoken(one.formula)}{end}")


def _quote(source: Excerpt) -> Quote:
    place = f"{source.place} {source.name}：" if source.name else f"{source.place}："
    pieces = (
        linked(piece.text, piece.number) if isinstance(piece, Told) else str(piece)
        for piece in source.said
    )
    return Quote(place, tuple(pieces))


def _numbers(one: Break) -> list[tuple[str, str]]:
    """The wrong figure and the right one, or both sides; then what separates them."""
    said: list[tuple[str, str]] = [("错数", _wrong(one.wrong))] if one.wrong else []
    wanted = one.wrong and one.wanted is not None
    shown = [("应为", one.wanted)] if wanted else one.sides
    shown = [*shown, ("相差", one.difference), ("舍入可解释", one.tolerance)]
    if one.stake and one.difference and one.stake.unit != one.difference.unit:
        shown.append(("折合金额", one.stake))
    return said + [(name, _measured(number)) for name, number in shown if number is not None]


def _wrong(fact: Fact) -> Html:
    return linked(fact.with_unit, fact.number)


def _measured(number: Number) -> Html:
    """A number with its unit and its own decimals; two of what was divided, more where they would all be 0."""
    unit, places = number.unit, decimals_of(number)
    if places > _EXACT:
        shown = (some for some in range(2, _MOST) if round(number, some))
        places = next(shown, _MOST) if number else 2
    elif number == int(number) and unit not in ("%", "个百分点") and not unit.endswith("元"):
        places = 0
    return cite(number, unit, places)
