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
from qy_finance.display import Html, cite, escape, linked, percent, quoted, spoken, strong
from qy_finance.facts import Fact
from qy_finance.figures import decimals_of
from qy_finance.language import is_english, join, t, unit_form
from qy_finance.numbers import Number
from qy_finance.text.fairness import checked_document, objection, only

_QUOTED: Final = 4  # places of a card that are not folded away
_EXACT: Final = 3  # decimals up to which a number is printed as it is
_MOST: Final = 6  # decimals of one that would be 0 with fewer
_NAMED: Final = 6  # cells that a sentence names


def headline(found: Reconciliation) -> str:
    """How many checks hold, and what breaks."""
    counts = found.groups.iloc[:, 1:].sum()
    run = counts["合计"] - counts["未核对"] - counts["不适用"]
    outcomes = [t("{n:,} 条完全相符", n=counts["相符"])]
    if counts["尾差"]:
        outcomes.append(t("{n:,} 条只有尾差", n=counts["尾差"]))
    if found.breaks:
        kinds = ((name, len(found.by_kind[kind])) for kind, name in KINDS.items())
        named = join((t("{kind} {n:,} 处", kind=name, n=n) for name, n in kinds if n), "，")
        number = strong(t("{n:,} 处不符", n=len(found.breaks)))
        outcomes.append(t("{number}（按性质分：{kinds}）", number=number, kinds=named))
    else:
        outcomes.append(none_broken(found.extent))
    shown = {"n": strong(f"{run:,}"), "outcomes": join(outcomes, "，")}
    if found.extent.is_thin:
        text = t("只核对了 {n} 条勾稽关系：{outcomes}。", **shown)
    else:
        text = t("核对了 {n} 条勾稽关系：{outcomes}。", **shown)
    if lacking := counts["未核对"]:
        text += t("另有 {n:,} 条因缺数没有核对。", n=lacking)
    return text


def none_broken(extent: Coverage) -> str:
    """That nothing breaks; where little was checked, how little, and that the report need not be sound."""
    if not extent.is_thin:
        return t("没有一处不符")
    kinds, numerals = extent.identities, extent.numerals
    if extent.checks.part and kinds.value >= ENOUGH:
        few = t(
            "全文 {whole:,} 个数字只读懂了 {part:,} 个（{share}）",
            whole=numerals.whole, part=numerals.part, share=numerals.percent,
        )  # fmt: skip
    else:
        few = t(
            "应有的 {whole:,} 种关系只核对了 {part:,} 种（{share}）",
            whole=kinds.whole, part=kinds.part, share=kinds.percent,
        )  # fmt: skip
    return t("没有一处不符，但{few}，不能说报告没有矛盾", few=few)


def on_extent(extent: Coverage) -> str:
    """How much of the report was checked, tied to its tables, and understood."""
    kinds, items, numerals = extent.identities, extent.items, extent.numerals
    told = [
        t(
            "应有的 {whole:,} 种勾稽关系，核对了 {part}（{share}）",
            whole=kinds.whole, part=strong(t("{n:,} 种", n=kinds.part)), share=kinds.percent,
        )
    ]  # fmt: skip
    if items.whole:
        told.append(
            t(
                "文字里 {whole:,} 个收支、科目和“三公”金额，与表里的格对上了 {part}（{share}）",
                whole=items.whole, part=_some(items), share=items.percent,
            )
        )  # fmt: skip
    told.append(
        t(
            "全文 {whole:,} 个数字，读懂了 {part}（{share}）",
            whole=numerals.whole, part=_some(numerals), share=numerals.percent,
        )
    )  # fmt: skip
    return t("{said}。", said=join(told, "；"))


def _some(share: Share) -> str:
    return strong(t("{n:,} 个", n=share.part))


def foremost(found: Sequence[Break]) -> str:
    """The contradiction to look at first; empty without one."""
    if not found:
        return ""
    first, said = escape(found[0].heading), _sentence(found[0])
    places = join(map(escape, dict.fromkeys(source.place for source in found[0].sources)))
    if not places:
        return t("最值得先看的一处：{first}。{said}", first=first, said=said)
    return t("最值得先看的一处（{places}）：{first}。{said}", places=places, first=first, said=said)


def on_groups(found: Reconciliation) -> str:
    """Where the breaks are, and where there are none."""
    if found.groups.empty:
        return t("没有可以核对的关系。")
    broken = found.groups.set_index("范围")["不符"]
    sound = join(map(escape, broken.index[broken == 0]))
    worst = broken[broken > 0].sort_values(ascending=False, kind="stable")
    named = join(t("{group}（{n:,} 处）", group=group, n=number) for group, number in worst.items())
    if not sound:
        return t("每个范围都有矛盾。按范围分，矛盾在{named}。", named=named)
    if found.extent.is_thin:
        text = t("核对了的里面，没有矛盾的范围：{sound}。", sound=sound)
    else:
        text = t("没有矛盾的范围：{sound}。", sound=sound)
    return text + (t("按范围分，矛盾在{named}。", named=named) if named else "")


def on_figures(found: Reconciliation) -> str:
    """How many contradictions of figures there are, and of how many the wrong figure is known."""
    some = found.by_kind["figures"]
    if not some:
        if found.extent.is_thin:
            return t("核对了的里面，没有一处数字互相矛盾。")
        return t("没有一处数字互相矛盾。")
    n, known = (
        strong(t("{n:,} 处", "places", n=len(some))),
        sum(one.wrong is not None for one in some),
    )
    if known:
        said = t(
            "数字互相矛盾的有 {n}，其中 {known:,} 处由其他关系查明了错的是哪个数", n=n, known=known
        )
    else:
        said = t("数字互相矛盾的有 {n}，其他关系都不足以查明错的是哪个数", n=n)
    if follow := sum(len(one.consequences) for one in some):
        return t("{said}；由此连带的 {n:,} 条折叠在各处下面。", said=said, n=follow)
    return t("{said}。", said=said)


def on_words(found: Reconciliation) -> str:
    """How many times words contradict figures, or each other."""
    some = found.by_kind["words"]
    if not some:
        if found.extent.is_thin:
            return t("核对了的里面，没有一处用语与数字不符。")
        return t("没有一处用语与数字不符。")
    return t(
        "用语与数字不符、或自相矛盾的有 {n}，违反的要求有 {kinds:,} 种。",
        n=strong(t("{n:,} 处", "places", n=len(some))), kinds=len({one.identity.id for one in some}),
    )  # fmt: skip


def on_years(found: Reconciliation) -> str:
    """Whether the report agrees with that of the year before, if there is one."""
    year = found.year_before
    if year is None:
        return t("目录里没有同一单位、同一口径的上一年报告，没有比较。")
    some = found.by_kind["years"]
    if not some:
        return t("与 {year} 年的报告没有一处不符。", year=year)
    return t(
        "与 {year} 年的报告不符的有 {n}；口径调整、追溯更正也会这样，报告应当说明。",
        year=year, n=strong(t("{n:,} 处", "places", n=len(some))),
    )  # fmt: skip


def on_cells(found: Reconciliation) -> str:
    """Which tables are well tied together, where the holes are, and which cells are contradicted."""
    cells, form = found.cells, found.reading.form
    if cells.empty:
        return t("报告的表里没有数值。")

    def name(table: object) -> str:
        return escape(form.name(str(table)))

    free, once = cells["state"] == "free", cells["identities"] == 1
    reached = int((~free).sum())
    text = t(
        "表里的 {n:,} 个数值，{reached}（{share}）至少受一条关系约束，平均每个 {mean:.1f} 条；"
        "只有一条的 {once:,} 个。",
        n=len(cells), reached=strong(t("{n:,} 个", n=reached)),
        share=percent(100 * reached / len(cells)), mean=cells["identities"].mean(), once=int(once.sum()),
    )  # fmt: skip
    ties = cells.groupby("table", sort=False)["identities"].mean()
    if len(ties) > 1:
        text += t(
            "连得最紧的是{tight}（平均 {most:.1f} 条），最松的是{loose}（{least:.1f} 条）。",
            tight=name(ties.idxmax()), most=ties.max(), loose=name(ties.idxmin()), least=ties.min(),
        )  # fmt: skip
    holes = cells.loc[free, "table"].value_counts().items()
    if named := join(t("{table} {n:,} 个", table=name(one), n=number) for one, number in holes):
        text += t(
            "没有关系的 {n:,} 个，改动了也看不出来：{named}。", n=int(free.sum()), named=named
        )
    broken = cells.loc[cells["state"] == "break", ["table", "side", "row", "column"]]
    if len(broken):
        named = join(
            (
                escape(" · ".join(filter(None, (form.name(table), *where))))
                for table, *where in broken.iloc[:_NAMED].itertuples(index=False)
            ),
            "；",
        )
        if len(broken) > _NAMED:
            named = t("{named}等", named=named)
        text += t(
            "处在矛盾里、又没有查明错在别处的 {n:,} 个：{named}。", n=len(broken), named=named
        )
    else:
        text += t("没有一个数值处在未查明的数字矛盾里。")
    if missing := found.reading.missing:
        text += t("报告没有：{missing}。", missing=join(map(name, missing)))
    return text


def on_tails(found: Reconciliation) -> str:
    """How large the differences are that rounding explains."""
    if found.tails.empty:
        return t("没有一处尾差。")
    largest = []
    for _, some in found.tails.groupby("单位", sort=False):
        widest = some.sort_values("最大的差").iloc[-1]
        gap, slack = (_measured(widest[name]) for name in ("最大的差", "舍入可解释"))
        largest.append(t("差 {gap}（舍入最多可解释 {slack}）", gap=gap, slack=slack))
    return t(
        "尾差共 {n}，最大的{largest}，都不超过四舍五入或截尾所能造成的差，不算矛盾。",
        n=strong(t("{n:,} 处", "tails", n=int(found.tails["几处"].sum()))), largest=join(largest),
    )  # fmt: skip


def fairness(found: Reconciliation) -> str:
    """What the findings claim and what not, of which file, by which version, and how to object."""
    read = found.reading
    document = checked_document(read, quoted) if is_english() else escape(checked_document(read))
    return t("{document}。", document=document) + only() + objection()


def on_missing(found: Reconciliation) -> str:
    """How much was not checked, and for want of what."""
    table = found.not_run
    if table.empty:
        return t("没有一条关系因缺数而没有核对。")
    most, kinds = int(table["几条"].iloc[0]), len(table)
    n = strong(t("{n:,} 条", n=int(table["几条"].sum())))
    if most > 1:
        text = t(
            "没有核对的 {n}，缺的数有 {kinds:,} 种；缺得最多的是{first}（{most:,} 条）。",
            n=n, kinds=kinds, first=escape(table["缺什么"].iloc[0]), most=most,
        )  # fmt: skip
    else:
        text = t("没有核对的 {n}，缺的数有 {kinds:,} 种。", n=n, kinds=kinds)
    return text + t("没有核对不等于相符。")


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
        folded.append((t("其余 {n:,} 处出处", n=len(rest)), lines))
    if one.consequences:
        following = list(map(spoken, one.consequences))
        folded.append((t("由此连带不符的 {n:,} 条", n=len(following)), following))
    folded.append(_rule(one))
    decided = [Quote("", (quoted(said),)) for said in one.decisions]
    shown = [*decided, *quotes[:_QUOTED]]
    return Card(*_heading(one, _sentence(one)), _numbers(one), shown, folded)


def _common_card(some: Sequence[Break]) -> Card:
    quotes = [Quote("", (_sentence(one),)) for one in some]
    kind, heading, said, grave = _heading(some[0], t("共 {n:,} 处：", n=len(some)))
    shared = {one.heading.partition(join(("", ""), "：").rstrip())[0] for one in some}
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
    rule = one.identity
    return "核对规则", [
        Html(t("{purpose}（{id}）", purpose=escape(rule.purpose), id=escape(rule.id)))
    ]


def _heading(one: Break, said: str) -> tuple[str, str, str, bool]:
    """What kind of finding it is, what it is about, what is said of it, and whether it is grave."""
    group = one.identity.group
    tag = group if one.kind == "years" else f"{KINDS[one.kind]} · {group}"
    return tag, one.heading, said, one.kind == "figures"


def _sentence(one: Break) -> Html:
    """What shows it."""
    said = spoken(one.formula)
    if str(one.formula).rstrip().endswith(("…", "。", ".")):
        return Html(f"{said} ") if is_english() else said
    return Html(t("{said}。", said=said))


def _quote(source: Excerpt) -> Quote:
    if not source.name:
        pieces = (
            linked(piece.text, piece.number) if isinstance(piece, Told) else quoted(piece)
            for piece in source.said
        )
        return Quote(Html(t("{place}：", place=escape(source.place))), tuple(pieces))
    place = t("{place} {name}：", place=escape(source.place), name=escape(source.name))
    (figure,) = (piece for piece in source.said if isinstance(piece, Told))
    unit = str(source.said[-1])
    before, _, behind = (unit_form(unit.strip()) or f"{{}}{unit}").partition("{}")
    return Quote(Html(place), (before, linked(figure.text, figure.number), behind))


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
    form = unit_form(fact.unit_of_measure, one=fact.value == 1)
    if form is None:
        return linked(fact.with_unit, fact.number)
    return Html(form.format(linked(fact.printed, fact.number)))


def _measured(number: Number) -> Html:
    """A number with its unit and its own decimals; two of what was divided, more where they would all be 0."""
    unit, places = number.unit, decimals_of(number)
    if places > _EXACT:
        shown = (some for some in range(2, _MOST) if round(number, some))
        places = next(shown, _MOST) if number else 2
    elif number == int(number) and unit not in ("%", "个百分点") and not unit.endswith("元"):
        places = 0
    return cite(number, unit, places)
