"""What the figures of procurement say, as Chinese sentences (Markdown) with computed numbers.

Every function says so in a sentence where the report lacks what it needs. No text of the report enters:
the only characters of it are digits.
"""

from __future__ import annotations

from qy_finance.analysis.procurement import (
    MICRO,
    SME,
    WHOLE,
    Procurement,
    by_kind,
    denominators,
    fitting,
)
from qy_finance.analysis.reservation import Reservation, against
from qy_finance.intervals import Approx, Fit


def wan(amount: Approx) -> str:
    """An amount as text: 2,915.76 万元."""
    return f"{amount.value:,.2f} 万元"


def bottom_line(purchases: Procurement, rule: Reservation | None, year: int) -> str:
    """The notebook in a paragraph."""
    if not purchases.amounts:
        return f"**报告没有说明 {year} 年的政府采购，本页没有可以分析的数字。**"
    if not any(amount.value for amount in purchases.amounts.values()):
        return f"**报告写 {year} 年的政府采购为 0，没有占比可算。**"
    said = []
    if purchases.total:
        said.append(f"{year} 年政府采购支出 {wan(purchases.total)}")
    kinds = by_kind(purchases)
    if not kinds.empty and kinds["amount"].iloc[0] > 0:
        said.append(f"其中{kinds['kind'].iloc[0]}占 {kinds['share'].iloc[0]:.1f}%")
    first = "，".join(said) + "。" if said else ""
    return f"**{first}{_recipients(purchases, rule)}{_count(purchases)}**"


def _recipients(purchases: Procurement, rule: Reservation | None) -> str:
    table = (
        {} if rule is None else {r["name"]: r for r in against(purchases, rule).to_dict("records")}
    )
    said = []
    for name, amount in (("中小企业", purchases.sme), ("小微企业", purchases.micro)):
        if amount is None:
            continue
        row = table.get(f"{name}占采购总额")
        if row is None:
            said.append(f"授予{name} {wan(amount)}")
            continue
        side = "不低于" if row["share"] >= row["floor"] else "低于"
        said.append(
            f"授予{name} {wan(amount)}，是采购总额的 {row['share']:.1f}%（{side}预留份额的参照线 {row['floor']:g}%）"
        )
    return "；".join(said) + "。" if said else "报告没有说明授予中小企业的金额。"


def _count(purchases: Procurement) -> str:
    found = len(contradictions(purchases))
    return f"报告自己的数字有 {found} 处值得追问。" if found else ""


def on_kinds(purchases: Procurement) -> str:
    """Which kind dominates, and whether the kinds add up to the total."""
    kinds, added = by_kind(purchases), purchases.sum_of_kinds
    if added is None:
        return "报告没有把采购分为货物、工程、服务。"
    parts = "、".join(f"{r['kind']} {r['amount']:,.2f} 万元" for r in kinds.to_dict("records"))
    if purchases.total is None:
        return f"{parts}，合计 {wan(added)}；报告没有写采购总额，无从核对。"
    apart = abs(added.value - purchases.total.value)
    rounded = "只差尾数" if added.meets(purchases.total) else f"相差 {apart:,.2f} 万元"
    verdict = rounded if apart else "相符"
    return f"{parts}，相加得 {wan(added)}，与总额 {wan(purchases.total)}**{verdict}**。"


def on_share(purchases: Procurement, who: str) -> str:
    """On which denominator the printed share is right."""
    share, amount = purchases.shares.get((who, WHOLE)), purchases.amounts.get((who, WHOLE))
    if amount is None:
        return f"报告没有说明授予{who}的金额。"
    if share is None:
        return f"报告写授予{who} {wan(amount)}，没有写占比。"
    table = denominators(purchases, who)
    named = table[table["named"]]
    text = f"报告写 {share.percent.text}%"
    if not named.empty:
        row = named.iloc[0]
        text += (
            f"，所称分母是{row['of']}，重算为 {row['share']:.2f}%：**{row['fit'] or '不能核对'}**"
        )
    if table.empty:
        return f"{text}；能作分母的金额都是 0，占比没有意义。"
    found = fitting(purchases, who)
    if found is None:
        return f"{text}。没有一个分母能得出这个百分数{_nearest(purchases, who)}。"
    if named.empty or found[0] != named["of"].iloc[0]:
        share_of = table.loc[table["of"] == found[0], "share"].iloc[0]
        return f"{text}。换成{found[0]}作分母，重算为 {share_of:.2f}%，{found[1]}。"
    return f"{text}。"


def _nearest(purchases: Procurement, who: str) -> str:
    table, share = denominators(purchases, who), purchases.shares[who, WHOLE]
    if table.empty:
        return ""
    off = (table["share"] - float(share.percent.value)).abs()
    near = table.iloc[int(off.to_numpy().argmin())]
    return f"，最接近的是{near['of']}（{near['share']:.2f}%，差 {off.min():.2f} 个百分点）"


def on_rule(purchases: Procurement, rule: Reservation | None) -> str:
    """How the shares stand to the reservation."""
    if rule is None:
        return "当年还没有全国统一的预留份额规定。"
    table = against(purchases, rule)
    if table.empty:
        return "报告没有给出可以与预留份额比较的占比。"
    below = table[table["share"] < table["floor"]]
    if below.empty:
        return f"{len(table)} 个占比都不低于参照线。"
    names = "、".join(
        f"{r['name']} {r['share']:.1f}%（参照线 {r['floor']:g}%）" for r in below.to_dict("records")
    )
    return f"{len(table)} 个占比中有 {len(below)} 个低于参照线：{names}。"


def findings(purchases: Procurement) -> str:
    """The contradictions as a list, or that there is none among the figures that can be compared."""
    found = contradictions(purchases)
    if found:
        return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(found, start=1))
    comparable = purchases.total and (purchases.kinds or purchases.sme)
    return "能互相核对的数字没有矛盾。" if comparable else "没有可以互相核对的数字。"


def contradictions(purchases: Procurement) -> list[str]:
    """What the stated figures contradict in each other, a sentence each; empty if nothing."""
    found = [
        _sum(purchases),
        _bounds(purchases),
        _implied(purchases),
        _share(purchases, SME),
        _share(purchases, MICRO),
        _beside(purchases),
        _same_as_kinds(purchases),
    ]
    return [sentence for sentence in found if sentence]


def _sum(purchases: Procurement) -> str:
    added, stated = purchases.sum_of_kinds, purchases.total
    if added is None or stated is None or added.meets(stated):
        return ""
    return (
        f"**合计不等于各类之和**：货物、工程、服务相加是 {wan(added)}，总额写的是 {wan(stated)}。"
    )


def _bounds(purchases: Procurement) -> str:
    pairs = (
        ("中小企业", purchases.sme, "采购总额", purchases.total),
        ("小微企业", purchases.micro, "中小企业", purchases.sme),
    )
    over = [
        f"{name} {wan(part)} 大于{of} {wan(whole)}"
        for name, part, of, whole in pairs
        if part and whole and part.low > whole.high
    ]
    return f"**部分大于整体**：{'；'.join(over)}。" if over else ""


def _implied(purchases: Procurement) -> str:
    implied, stated = purchases.implied_sme, purchases.sme
    if implied is None or stated is None or implied.meets(stated):
        return ""
    off = implied.value - stated.value
    return (
        f"**按分类占比推算的金额不同**：各类金额乘以各类占比，得中小企业 {wan(implied)}，"
        f"报告写的是 {wan(stated)}，相差 {abs(off):,.2f} 万元。"
    )


def _share(purchases: Procurement, who: str) -> str:
    share = purchases.shares.get((who, WHOLE))
    part = purchases.amounts.get((who, WHOLE))
    named = denominators(purchases, who).query("named")
    if share is None or part is None or named.empty or named["fit"].iloc[0] in _AGREES:
        return ""
    of, recomputed = named["of"].iloc[0], named["share"].iloc[0]
    text = f"**{who}占比与金额不符**：报告写占{of}的 {share.percent.text}%，按金额重算是 {recomputed:.2f}%"
    found = fitting(purchases, who)
    if found:
        return f"{text}；以{found[0]}为分母时{found[1]}。"
    return f"{text}；没有一个分母能得出这个数{_nearest(purchases, who)}。"


_AGREES = (Fit.ROUNDED, Fit.TRUNCATED)


def _beside(purchases: Procurement) -> str:
    """Micro enterprises counted beside SMEs instead of among them."""
    sme, micro, whole = purchases.sme, purchases.micro, purchases.total
    if not (sme and micro and whole) or not micro.value or not (sme + micro).meets(whole):
        return ""
    text = f"小微企业本应包含在中小企业之内，但两者相加 {wan(sme + micro)}，正好是采购总额"
    shares = [purchases.shares.get((who, WHOLE)) for who in (SME, MICRO)]
    printed = [share.percent for share in shares if share]
    if len(printed) == 2 and sum(percent.value for percent in printed) == 100:
        text += f"，印刷的占比 {printed[0].text}% 与 {printed[1].text}% 相加也正好是 100%"
    return f"**小微像是与中小并列**：{text}。"


def _same_as_kinds(purchases: Procurement) -> str:
    """Amounts of recipients that repeat the amounts of kinds."""
    kinds = {kind: amount for kind, amount in purchases.kinds.items() if amount.value}
    pairs = [("中小企业", purchases.sme), ("小微企业", purchases.micro)]
    same = [
        f"{name}的 {wan(amount)}与{kind}支出一分不差"
        for name, amount in pairs
        for kind, of_kind in kinds.items()
        if amount and amount.value == of_kind.value
    ]
    # one match happens where a kind went to SMEs altogether; two at once are hardly chance
    if len(same) < 2 or len(kinds) < 2:
        return ""
    return f"**金额重复**：{'，'.join(same)}，像是把分类金额抄到了企业类型上。"
