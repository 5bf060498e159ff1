"""What the figures of procurement say, as Chinese sentences (Markdown) whose numbers lead to their sources.

Every function says so in a sentence where the report lacks what it needs. No text of the report enters:
the only characters of it are digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from qy_finance.analysis.procurement import (
    BOUGHT,
    BUDGET,
    MICRO,
    SME,
    WHOLE,
    Procurement,
    Share,
    is_broken,
    percent,
    places,
)
from qy_finance.analysis.procurement_shares import (
    CLEAN,
    SUM_NAME,
    by_kind,
    denominators,
    fitting,
)
from qy_finance.analysis.reservation import Reservation, against
from qy_finance.display import bold, cite
from qy_finance.intervals import Approx


def wan(amount: Approx) -> str:
    """An amount as text: 2,915.76 万元."""
    return cite(amount.value, "万元", places(amount))


def as_stated(share: Share) -> str:
    """A printed share with the digits that it has: 4.20%."""
    return cite(share.percent.value, "%", places(share.percent))


def is_nothing(purchases: Procurement) -> bool:
    """Whether the report states that nothing was bought."""
    return bool(purchases.amounts) and not any(a.value for a in purchases.amounts.values())


def bottom_line(
    purchases: Procurement, rule: Reservation | None, year: int, doubts: Sequence[str]
) -> str:
    """The notebook in a paragraph."""
    if not purchases.amounts:
        return bold(f"报告没有说明 {year} 年政府采购的金额，本页没有可以分析的数字。")
    if is_nothing(purchases):
        stated = purchases.total or next(iter(purchases.amounts.values()))
        return bold(f"报告写 {year} 年的政府采购为 {wan(stated)}，没有占比可算。")
    said = []
    if purchases.total:
        said.append(f"{year} 年政府采购支出 {bold(wan(purchases.total))}")
    kinds = by_kind(purchases)
    if not kinds.empty and kinds["share"].iloc[0] is not None:
        among = "其中" if purchases.total else "货物、工程、服务中"
        said.append(f"{among}{kinds['kind'].iloc[0]}占 {cite(kinds['share'].iloc[0], '%', 1)}")
    first = "，".join(said) + "。" if said else ""
    return f"{first}{_recipients(purchases, rule)}{_reliable(doubts)}"


def _recipients(purchases: Procurement, rule: Reservation | None) -> str:
    floors = {SME: Decimal(rule.sme), MICRO: rule.micro_of_all} if rule else {}
    said = []
    for who, amount in ((SME, purchases.sme), (MICRO, purchases.micro)):
        share = percent(amount, purchases.total)
        if amount is None:
            continue
        text = f"授予{who} {wan(amount)}"
        if share is not None and share <= 100:
            text += f"，是采购总额的 {cite(share, '%', 1)}"
            floor = floors.get(who)
            if floor is not None:
                text += f"（{'不低于' if share >= floor else '低于'}预留份额的参照线 {floor:g}%）"
        said.append(text)
    if said:
        return "；".join(said) + "。"
    budget = purchases.reserved.get((SME, BUDGET))
    other = f"，只写了面向中小企业预留的项目预算 {wan(budget)}" if budget else ""
    return f"报告没有说明授予中小企业的金额{other}。"


def _reliable(doubts: Sequence[str]) -> str:
    if not doubts:
        return ""
    return (
        f"这些数字有 {len(doubts)} 处互相矛盾（见“报告自己的数字有没有互相矛盾”），引用前先要核对。"
    )


def on_kinds(purchases: Procurement) -> str:
    """Whether the kinds add up to the total; its change and its size, as far as they are stated."""
    return f"{_sum(purchases)}{_change(purchases)}{_scale(purchases)}"


def _sum(purchases: Procurement) -> str:
    added = purchases.sum_of_kinds
    if added is None:
        return "报告没有把采购分为货物、工程、服务。"
    if purchases.total is None:
        return f"{SUM_NAME}是 {wan(added)}；报告没有写采购总额，无从核对。"
    apart = abs(added.value - purchases.total.value)
    off = f"相差 {cite(apart, '万元', places(added))}"
    verdict = "相符" if not apart else f"{off}，在尾差之内" if added.meets(purchases.total) else off
    return f"{SUM_NAME} {wan(added)}，与总额 {wan(purchases.total)} {bold(verdict)}。"


def _change(purchases: Procurement) -> str:
    said = []
    if change := purchases.change:
        word = "减少" if change.value < 0 else "增加"
        said.append(f"{word} {cite(abs(change.value), '万元', places(change))}")
    if rate := purchases.change_rate:
        word = "下降" if rate.value < 0 else "增长"
        said.append(f"{word} {cite(abs(rate.value), '%', places(rate))}")
    return f"报告写采购总额比上年{'，'.join(said)}。" if said else ""


def _scale(purchases: Procurement) -> str:
    share = percent(purchases.total, purchases.spent)
    if not share or purchases.spent is None:
        return ""
    return (
        f"采购总额相当于本年支出 {wan(purchases.spent)}的 {cite(share, '%', 1)}。"
        "采购可以按合同金额统计，与当年支出的口径不一定相同，这个比例只说明规模。"
    )


def on_share(purchases: Procurement, who: str) -> str:
    """On which denominator the printed share is right."""
    share, amount = purchases.shares.get((who, WHOLE)), purchases.amounts.get((who, WHOLE))
    if amount is None:
        printed = f"，只写了占比 {as_stated(share)}，无从重算" if share else ""
        return f"报告没有说明授予{who}的金额{printed}。"
    if share is None:
        return f"报告写授予{who} {wan(amount)}，没有写占比，下面的占比都是重算的。"
    table = denominators(purchases, who)
    text = f"报告写授予{who} {wan(amount)}，占比 {as_stated(share)}"
    if table.empty:
        return f"{text}；报告没有大于 0 的金额可作分母，占比无从重算。"
    named = table[table["named"]]
    if not named.empty:
        row = named.iloc[0]
        text += f"，所称分母是{row['of']}，重算为 {cite(row['share'], '%')}：{bold(row['fit'])}"
    elif share.of:
        text += "，所称的分母报告没有写金额"
    found = fitting(purchases, who)
    if found is None:
        return f"{text}。没有一个分母能得出这个百分数{_nearest(purchases, who)}。"
    if named.empty or found[0] != named["of"].iloc[0]:
        of = table.loc[table["of"] == found[0], "share"].iloc[0]
        return f"{text}。换成{found[0]}作分母，重算为 {cite(of, '%')}，{found[1]}。"
    return f"{text}。"


def _nearest(purchases: Procurement, who: str) -> str:
    """The denominator that comes nearest to the printed share; empty where it is the named one."""
    table, printed = denominators(purchases, who), purchases.shares[who, WHOLE].percent.value
    off = [abs(share - printed) for share in table["share"]]
    at = off.index(min(off))
    if table["named"].iloc[at]:
        return ""
    return (
        f"，最接近的是{table['of'].iloc[at]}"
        f"（{cite(table['share'].iloc[at], '%')}，差 {cite(off[at], '个百分点')}）"
    )


def on_law(rule: Reservation | None) -> str:
    """The rule, and what follows from it for the whole of procurement."""
    if rule is None:
        return "那时还没有全国统一的预留份额规定（2012 年起才有），没有参照线。"
    least = f"{rule.sme}% × {rule.micro}% = {rule.micro_of_all:g}%"
    return f"{rule.text}所以小微企业在全部采购中的参照线是 {least}。"


def on_rule(purchases: Procurement, rule: Reservation | None) -> str:
    """How the shares stand to the reservation."""
    if rule is None:
        return ""
    table = against(purchases, rule)
    if table.empty:
        return "报告没有给出可以与预留份额比较的占比。"
    below = table[table["share"] < table["floor"]]
    if below.empty:
        verdict = f"{f'{len(table)} 个占比都' if len(table) > 1 else '这个占比'}不低于参照线。"
    else:
        names = "、".join(
            f"{row['name']} {cite(row['share'], '%')}（参照线 {row['floor']:g}%）"
            for row in below.to_dict("records")
        )
        of = f"{len(table)} 个占比中有 {len(below)} 个" if len(table) > 1 else "这个占比"
        verdict = f"{of}低于参照线：{names}。"
    inside = percent(purchases.micro, purchases.sme)
    if inside is None or inside > 100:
        return verdict
    return (
        f"{verdict}小微企业占中小企业的 {cite(inside, '%')}；这个比例不能直接与 {rule.micro}% 比，"
        f"{rule.micro}% 只管预留的部分，中小企业实际得到的可以超过预留。"
    )


def on_reserved(purchases: Procurement) -> str:
    """What the report says of reserved projects; empty where it says nothing."""
    said = []
    for who in (SME, MICRO):
        parts = [
            f"{what} {wan(purchases.reserved[who, what])}"
            for what in (BUDGET, BOUGHT)
            if (who, what) in purchases.reserved
        ]
        if parts:
            said.append(f"面向{who}预留项目的{'、'.join(parts)}")
    return f"报告另外写了预留的项目：{'；'.join(said)}。" if said else ""


def findings(purchases: Procurement, doubts: Sequence[str]) -> str:
    """What the checks (勾稽) find and what goes further, as a list; or that there is nothing."""
    found = [*doubts, *further(purchases)]
    if found:
        return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(found, start=1))
    if is_nothing(purchases):
        return "采购为 0，没有可以互相核对的数字。"
    comparable = purchases.total and (purchases.kinds or purchases.sme)
    return "能互相核对的数字没有矛盾。" if comparable else "没有可以互相核对的数字。"


def further(purchases: Procurement) -> list[str]:
    """What is striking beside the contradictions that the checks find, a sentence each."""
    found = [
        _denominator(purchases, SME),
        _denominator(purchases, MICRO),
        _beside(purchases),
        _same_as_kinds(purchases),
    ]
    return [sentence for sentence in found if sentence]


def _denominator(purchases: Procurement, who: str) -> str:
    """Another denominator than the named one gives the printed share."""
    named = denominators(purchases, who).query("named")
    found = fitting(purchases, who)
    if named.empty or named["fit"].iloc[0] in CLEAN:
        return ""
    share = purchases.shares[who, WHOLE]
    text = f"{bold('分母')}：{who}的占比 {as_stated(share)} 与所称的分母{named['of'].iloc[0]}不符"
    if found is None:  # the checks have said so
        return "" if is_broken(purchases, share) else f"{text}，换成别的分母也不符。"
    of, quality = found
    table = denominators(purchases, who).set_index("of")
    if of == named["of"].iloc[0]:
        return f"{text}：重算为 {cite(table.loc[of, 'share'], '%')}，{quality}。"
    return f"{text}，以{of}为分母则重算为 {cite(table.loc[of, 'share'], '%')}，{quality}。"


def _beside(purchases: Procurement) -> str:
    """Micro enterprises counted beside SMEs instead of among them."""
    sme, micro, whole = purchases.sme, purchases.micro, purchases.total
    if not (sme and micro and whole) or not sme.value or not micro.value:
        return ""
    if sme.value + micro.value != whole.value:
        return ""
    text = f"小微企业本应包含在中小企业之内，但 {wan(sme)} 与 {wan(micro)} 相加正好是采购总额 {wan(whole)}"
    shares = [
        purchases.shares[who, WHOLE] for who in (SME, MICRO) if (who, WHOLE) in purchases.shares
    ]
    if sum(share.percent.value for share in shares) == Decimal(100) and len(shares) > 1:
        text += f"，印出的占比 {as_stated(shares[0])} 与 {as_stated(shares[1])} 相加正好是 100%"
    return f"{bold('小微像是与中小并列')}：{text}。"


def _same_as_kinds(purchases: Procurement) -> str:
    """Amounts of recipients that repeat the amounts of kinds."""
    kinds = {kind: amount for kind, amount in purchases.kinds.items() if amount.value}
    same = [
        f"{who}的 {wan(amount)}等于{kind}支出 {wan(of_kind)}"
        for who, amount in ((SME, purchases.sme), (MICRO, purchases.micro))
        for kind, of_kind in kinds.items()
        if amount and amount.value == of_kind.value
    ]
    # one match happens where a kind went to SMEs altogether; two at once are hardly chance
    if len(same) < 2 or len(kinds) < 2:
        return ""
    return f"{bold('金额重复')}：{'，'.join(same)}。两处同时一分不差，偶然的可能很小。"
