"""What the figures of procurement say, as sentences (Markdown) whose numbers lead to their sources.

Every function says so in a sentence where the report lacks what it needs. No text of the report enters:
the only characters of it are digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.comparisons import DERIVED
from qy_finance.analysis.law import Reservation
from qy_finance.analysis.procurement import (
    BOUGHT,
    BUDGET,
    OTHERS,
    RESERVED,
    SME,
    Award,
    Floor,
    Procurement,
    Ratio,
)
from qy_finance.checks.model import Status
from qy_finance.checks.quotient import Fit
from qy_finance.digits import known
from qy_finance.digits import share as small
from qy_finance.display import bold, cite, escape
from qy_finance.facts import Fact
from qy_finance.language import join, plain, t
from qy_finance.numbers import Number


def bottom_line(purchases: Procurement, doubts: Sequence[str]) -> str:
    """The notebook in a paragraph."""
    year, total = purchases.year, purchases.total
    if not purchases.amounts:
        return bold(t("报告没有说明 {year} 年政府采购的金额，本页没有可以分析的数字。", year=year))
    if _is_nothing(purchases):
        stated = _wan(next(iter(purchases.amounts.values())) if total is None else total)
        return bold(
            t("报告写 {year} 年的政府采购为 {stated}，没有占比可算。", year=year, stated=stated)
        )
    text = _spent(purchases) + _recipients(purchases)
    if doubts:
        text += t(
            "这些数字有 {n} 处互相矛盾（见“报告自己的数字有没有互相矛盾”），引用前先要核对。",
            n=len(doubts),
        )
    return text


def _spent(purchases: Procurement) -> str:
    """The total, and the largest kind."""
    total, largest = purchases.total, purchases.kinds[0] if purchases.kinds else None
    name, share = "", ""
    if largest and largest.share is not None:
        name, share = largest.name, cite(largest.share, "%", 1)
    if total is None:
        return t("货物、工程、服务中{kind}占 {share}。", kind=name, share=share) if name else ""
    text = t("{year} 年政府采购支出 {total}", year=purchases.year, total=bold(_wan(total)))
    if name:
        return t("{text}，其中{kind}占 {share}。", text=text, kind=name, share=share)
    return t("{text}。", text=text)


def _recipients(purchases: Procurement) -> str:
    rule, said, compared = purchases.rule, [], False
    floors = (Decimal(rule.sme), rule.micro_of_all) if rule else (None, None)
    for award, floor in zip(purchases.awards, floors, strict=True):
        if award.amount is None:
            continue
        text = t("授予{who} {amount}", who=award.who, amount=_wan(award.amount))
        share = _within(award.amount, purchases.total)
        if share is not None:
            text = t("{text}，是采购总额的 {share}", text=text, share=cite(share, "%", 1))
        if share is not None and floor is not None:
            compared = True
            if share >= floor:
                text = t("{text}（不低于预留份额的参照线 {floor:g}%）", text=text, floor=floor)
            else:
                text = t("{text}（低于预留份额的参照线 {floor:g}%）", text=text, floor=floor)
        said.append(text)
    if said:
        weak = t("参照线是很弱的下限，不是合规与否的判定。") if compared else ""
        return t("{awarded}。", awarded=join(said, "；")) + weak
    if won := _won(purchases):
        return won
    budget = purchases.reserved.get((SME, BUDGET))
    if budget is None:
        return t("报告没有说明授予中小企业的金额。")
    return t(
        "报告没有写授予中小企业的总额；面向中小企业预留的项目预算是 {budget}。",
        budget=_wan(budget),
    )


def _won(purchases: Procurement) -> str:
    """What SMEs won altogether, in projects reserved for them and in others; empty where that is unknown."""
    amount = purchases.won_by_sme
    if amount is None:
        return ""
    parts = {
        "amount": bold(_wan(amount)), "derived": DERIVED,
        "reserved": _wan(purchases.won[RESERVED]), "others": _wan(purchases.won[OTHERS]),
    }  # fmt: skip
    text = t(
        "中小企业共得 {amount}（{derived}：预留项目中 {reserved}，其他项目中 {others}；报告没有写合计）",
        **parts,
    )
    bought = purchases.total
    if bought is not None and bought.meets(amount):
        return t("{text}，即采购总额的全部。", text=text)
    part = _within(amount, bought)
    if part is None:
        return t("{text}。", text=text)
    return t("{text}，是采购总额的 {share}。", text=text, share=small(part))


def on_kinds(purchases: Procurement) -> str:
    """Whether the kinds add up to the total; its change and its size, as far as they are stated."""
    return f"{_sum(purchases)}{_change(purchases)}{_scale(purchases)}"


def _sum(purchases: Procurement) -> str:
    added, total = purchases.added, purchases.total
    if added is None:
        return t("报告没有把采购分为货物、工程、服务。")
    if total is None:
        return t(
            "货物、工程、服务之和是 {added}；报告没有写采购总额，无从核对。", added=_wan(added)
        )
    verdict = t("相差 {apart}", apart=cite(abs(added - total), "万元", known(added)))
    if purchases.adds_up is Status.EXACT:
        verdict = t("相符", "sums")
    elif purchases.adds_up is Status.TAIL:
        verdict = t("{verdict}，在尾差之内", verdict=verdict)
    elif added == total:
        verdict = t("相等", "sums")
    return t(
        "货物、工程、服务之和 {added}，与总额 {total} {verdict}。",
        added=_wan(added), total=_wan(total), verdict=bold(verdict),
    )  # fmt: skip


def _change(purchases: Procurement) -> str:
    said = []
    if (change := purchases.changes.get("change")) is not None:
        size = _wan(abs(change))
        said.append(t("减少 {size}", size=size) if change < 0 else t("增加 {size}", size=size))
    if (rate := purchases.changes.get("change_rate")) is not None:
        size = cite(abs(rate), "%", known(rate))
        said.append(t("下降 {size}", size=size) if rate < 0 else t("增长 {size}", size=size))
    return t("报告写采购总额比上年{moved}。", moved=join(said, "，")) if said else ""


def _scale(purchases: Procurement) -> str:
    total, spent = purchases.total, purchases.spent
    share = total.percent_of(spent) if total and spent is not None else None
    if share is None:
        return ""
    return t(
        "采购总额相当于本年支出 {spent}的 {share}。"
        "采购可以按合同金额统计，与当年支出的口径不一定相同，这个比例只说明规模。",
        spent=_wan(spent), share=cite(share, "%", 1),
    )  # fmt: skip


def kinds_table(purchases: Procurement) -> pd.DataFrame:
    """The kinds as a notebook shows them, without columns in which nothing is stated."""
    to_sme = ["其中授予中小企业（%，报告）", "折合（万元）"]
    names = ["类别", "金额（万元）", "占三类之和（%）", *to_sme]
    frame = pd.DataFrame(purchases.kinds, columns=names, dtype=object)
    if not any(kind.amount and kind.sme is not None for kind in purchases.kinds):
        frame = frame.drop(columns=to_sme)
    return frame.dropna(axis="columns", how="all")


def shares_table(award: Award) -> pd.DataFrame:
    """The share on each denominator as a notebook shows it; without a verdict where no share is printed.

    What a phone shows without scrolling comes first.
    """
    names = ["分母", "重算（%）", "与印出的占比", "金额（万元）"]
    rows = [
        (_whole(one), one.share, "" if one.fit is None else _fit(one.fit), one.amount)
        for one in award.ratios
    ]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame if award.printed else frame.drop(columns=names[2])


def _whole(ratio: Ratio) -> str:
    """A denominator, and whether the report names it."""
    name = plain(ratio.whole)
    return t("{whole}（所称）", whole=name) if ratio.is_named else name


def _fit(fit: Fit) -> str:
    """How a printed share agrees with a recomputed one."""
    if fit is Fit.ROUNDED:
        return t("四舍五入后相符")
    if fit is Fit.TRUNCATED:
        return t("截去尾数后相符")
    return t("只在少取一位小数时相符") if fit is Fit.PADDED else t("不符", "a share")


def on_share(award: Award) -> str:
    """On which denominator the printed share is right."""
    who, printed = award.who, award.printed
    if award.amount is None and printed:
        return t(
            "报告没有说明授予{who}的金额，只写了占比 {printed}，无从重算。",
            who=who, printed=_stated(printed),
        )  # fmt: skip
    if award.won is not None:
        return t(
            "报告没有写授予{who}的合计，由两部分{derived}为 {amount}。",
            who=who,
            derived=DERIVED,
            amount=_wan(award.won),
        )
    if award.amount is None:
        return t("报告没有说明授予{who}的金额。", who=who)
    amount = _wan(award.amount)
    if printed is None:
        return t(
            "报告写授予{who} {amount}，没有写占比，下面的占比都是重算的。", who=who, amount=amount
        )
    text = t(
        "报告写授予{who} {amount}，占比 {printed}",
        who=who, amount=amount, printed=_stated(printed),
    )  # fmt: skip
    if not award.ratios:
        return t("{text}；报告没有大于 0 的金额可作分母，占比无从重算。", text=text)
    return _recomputed(award, printed, text)


def _recomputed(award: Award, printed: Fact, text: str) -> str:
    """On which of its denominators a printed share is right, behind what the report states."""
    named, best = award.named, award.best
    if named:
        text = t(
            "{text}，所称分母是{whole}，重算为 {share}：{verdict}",
            text=text, whole=escape(named.whole), share=cite(named.share, "%"),
            verdict=bold(_fit(named.fit) if named.fit else ""),
        )  # fmt: skip
    elif printed.column:
        text = t("{text}，所称的分母报告没有写金额", text=text)
    if best is None:
        near = _nearest(award, printed.number)
        return t("{text}。", text=text) + t("没有一个分母能得出这个百分数{near}。", near=near)
    if best is named:
        return t("{text}。", text=text)
    return t("{text}。", text=text) + t(
        "换成{whole}作分母，重算为 {share}，{fit}。",
        whole=escape(best.whole), share=cite(best.share, "%"), fit=_fit(best.fit or Fit.NO),
    )  # fmt: skip


def _nearest(award: Award, printed: Number) -> str:
    """The denominator that comes nearest to the printed share; empty where it is the named one."""
    near = min(award.ratios, key=lambda ratio: abs(ratio.share - printed))
    if near.is_named:
        return ""
    return t(
        "，最接近的是{whole}（{share}，差 {off}）",
        whole=escape(near.whole), share=cite(near.share, "%"),
        off=cite(abs(near.share - printed), "个百分点"),
    )  # fmt: skip


def on_law(rule: Reservation | None) -> str:
    """What follows from the rule for the whole of procurement, and how weak that is."""
    if rule is None:
        return t("那时还没有全国统一的预留份额规定（2012 年起才有），没有参照线。")
    law = rule.chain[0]
    text = t(
        "参照线：中小企业 {sme}%，小微企业 {sme}% × {micro}% = {least:g}%",
        sme=rule.sme, micro=rule.micro, least=rule.micro_of_all,
    )  # fmt: skip
    if rule.works == rule.sme:
        text = t("{text}。", text=text)
        if any(one.values.get("works", 0) > rule.sme for one in rule.chain):
            text += t("工程提高后的份额没有管满全年，而决算只有全年数，参照线按低的画。")
    else:
        text = t("{text}，工程 {works}%。", text=text, works=rule.works)
    return text + t(
        "规定的比例管的是{covers}，所以参照线是<b>很弱的下限</b>："
        "高于它不说明达标，低于它也不说明违规。",
        covers=law.covers,
    )


def law_table(rule: Reservation | None) -> pd.DataFrame:
    """The chain of law of the year: 规定, 施行期间, 出处, 依据 (how it was checked)."""
    rows = [(one.text, one.period, one.source, one.sure) for one in (rule.chain if rule else ())]
    names = ("规定", "施行期间", "出处", "依据")
    return framed(rows, names, dict.fromkeys(names, "string"))


def on_rule(purchases: Procurement) -> str:
    """How the shares stand to the reservation."""
    rule, floors = purchases.rule, purchases.floors
    if rule is None:
        return ""
    if not floors:
        return t("报告没有给出可以与预留份额比较的占比。")
    verdict = _below(floors)
    inside = _within(purchases.micro, purchases.sme)
    if inside is None:
        return verdict
    return verdict + t(
        "小微企业占中小企业的 {share}；这个比例不能直接与 {micro}% 比，"
        "{micro}% 只管预留的部分，中小企业实际得到的可以超过预留。",
        share=cite(inside, "%"), micro=rule.micro,
    )  # fmt: skip


def _below(floors: Sequence[Floor]) -> str:
    """How many shares are below the least share by law, and which."""
    below, n = [floor for floor in floors if floor.is_below], len(floors)
    if not below:
        return t("{n} 个占比都不低于参照线。", n=n) if n > 1 else t("这个占比不低于参照线。")
    told = join(
        t(
            "{name} {share}（参照线 {least:g}%）",
            name=escape(name), share=cite(share, "%"), least=least,
        )
        for name, share, least in below
    )  # fmt: skip
    if n > 1:
        return t("{n} 个占比中有 {m} 个低于参照线：{told}。", n=n, m=len(below), told=told)
    return t("这个占比低于参照线：{told}。", told=told)


def on_reserved(purchases: Procurement) -> str:
    """What the report says of reserved projects; empty where it says nothing."""
    said = []
    for award in purchases.awards:
        told = [(what, purchases.reserved.get((award.who, what))) for what in (BUDGET, BOUGHT)]
        parts = [
            t("{name} {amount}", name=escape(what), amount=_wan(amount))
            for what, amount in told
            if amount is not None
        ]
        if parts:
            said.append(t("面向{who}预留项目的{parts}", who=award.who, parts=join(parts)))
    return t("报告另外写了预留的项目：{said}。", said=join(said, "；")) if said else ""


def findings(purchases: Procurement, doubts: Sequence[str]) -> str:
    """What the checks (勾稽) find and what goes further, as a list; or that there is nothing."""
    if found := [*doubts, *further(purchases)]:
        return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(found, start=1))
    if _is_nothing(purchases):
        return t("采购为 0，没有可以互相核对的数字。")
    comparable = purchases.total is not None and (purchases.kinds or purchases.sme is not None)
    comparable = comparable or any(award.named for award in purchases.awards if award.printed)
    return t("能互相核对的数字没有矛盾。") if comparable else t("没有可以互相核对的数字。")


def further(purchases: Procurement) -> list[str]:
    """What is striking beside the contradictions that the checks find, a sentence each."""
    found = [*map(_denominator, purchases.awards), _beside(purchases), _same_as_kinds(purchases)]
    return [sentence for sentence in found if sentence]


def _denominator(award: Award) -> str:
    """Another denominator than the named one gives the printed share."""
    printed, named, best = award.printed, award.named, award.best
    if printed is None or named is None or named.fit is None or named.fit.holds:
        return ""
    text = t(
        "<b>分母</b>：{who}的占比 {printed} 与所称的分母{whole}不符",
        who=award.who, printed=_stated(printed), whole=escape(named.whole),
    )  # fmt: skip
    if best is None:  # what the checks have said is not said again
        return "" if award.is_found else t("{text}，换成别的分母也不符。", text=text)
    share, agrees = cite(best.share, "%"), _fit(best.fit or Fit.NO)
    if best is named:
        return t("{text}：重算为 {share}，{fit}。", text=text, share=share, fit=agrees)
    return t(
        "{text}，以{whole}为分母则重算为 {share}，{fit}。",
        text=text, whole=escape(best.whole), share=share, fit=agrees,
    )  # fmt: skip


def _beside(purchases: Procurement) -> str:
    """Micro enterprises counted beside SMEs instead of among them."""
    sme, micro, total = purchases.sme, purchases.micro, purchases.total
    if not (sme and micro and total) or sme + micro != total:
        return ""
    text = t(
        "<b>小微像是与中小并列</b>：小微企业本应包含在中小企业之内，"
        "但 {sme} 与 {micro} 相加正好是采购总额 {total}",
        sme=_wan(sme), micro=_wan(micro), total=_wan(total),
    )  # fmt: skip
    one, other = (award.printed for award in purchases.awards)
    if one and other and one.value + other.value == 100:
        shares = _stated(one), _stated(other)
        text = t(
            "{text}，印出的占比 {one} 与 {other} 相加正好是 100%",
            text=text, one=shares[0], other=shares[1],
        )  # fmt: skip
    return t("{text}。", text=text)


def _same_as_kinds(purchases: Procurement) -> str:
    """Amounts of recipients that repeat the amounts of kinds."""
    kinds = [kind for kind in purchases.by_kind.values() if kind.amount]
    same = [
        t(
            "{who}的 {award}等于{kind}支出 {amount}",
            who=award.who, award=_wan(award.amount), kind=kind.name, amount=_wan(kind.amount),
        )
        for award in purchases.awards
        for kind in kinds
        if award.amount == kind.amount
    ]  # fmt: skip
    # one match happens where a kind went to SMEs altogether; two at once are hardly chance
    if len(same) < 2 or len(kinds) < 2:
        return ""
    return t("<b>金额重复</b>：{same}。两处同时一分不差，偶然的可能很小。", same=join(same, "，"))


def _wan(amount: Number | None) -> str:
    """An amount as text: 1,234.56 万元."""
    return cite(amount, "万元", known(amount) if amount is not None else 0)


def _stated(share: Fact) -> str:
    """A printed share with the digits that it has: 4.20%."""
    return cite(share.number, "%", known(share.number))


def _within(part: Number | None, whole: Number | None) -> Number | None:
    """Share of a part in a whole in %; None where it is missing or more than all."""
    share = None if part is None or whole is None else part.percent_of(whole)
    return None if share is None or share > 100 else share


def _is_nothing(purchases: Procurement) -> bool:
    """Whether the report states that nothing was bought."""
    return bool(purchases.amounts) and not any(purchases.amounts.values())
