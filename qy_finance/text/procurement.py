"""What the figures of procurement say, as Chinese sentences (Markdown) whose numbers lead to their sources.

Every function says so in a sentence where the report lacks what it needs. No text of the report enters:
the only characters of it are digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd

from qy_finance.analysis.accounts import framed
from qy_finance.analysis.law import Reservation
from qy_finance.analysis.procurement import BOUGHT, BUDGET, SME, SUM_NAME, Award, Procurement
from qy_finance.checks.model import Status
from qy_finance.digits import known
from qy_finance.display import bold, cite
from qy_finance.facts import Fact
from qy_finance.numbers import Number


def bottom_line(purchases: Procurement, doubts: Sequence[str]) -> str:
    """The notebook in a paragraph."""
    year, total = purchases.year, purchases.total
    if not purchases.amounts:
        return bold(f"报告没有说明 {year} 年政府采购的金额，本页没有可以分析的数字。")
    if _is_nothing(purchases):
        stated = next(iter(purchases.amounts.values())) if total is None else total
        return bold(f"报告写 {year} 年的政府采购为 {_wan(stated)}，没有占比可算。")
    said = [] if total is None else [f"{year} 年政府采购支出 {bold(_wan(total))}"]
    largest = purchases.kinds[0] if purchases.kinds else None
    if largest and largest.share is not None:
        among = "货物、工程、服务中" if total is None else "其中"
        said.append(f"{among}{largest.name}占 {cite(largest.share, '%', 1)}")
    text = ("，".join(said) + "。" if said else "") + _recipients(purchases)
    where = "（见“报告自己的数字有没有互相矛盾”）"
    return text + (
        f"这些数字有 {len(doubts)} 处互相矛盾{where}，引用前先要核对。" if doubts else ""
    )


def _recipients(purchases: Procurement) -> str:
    rule, said = purchases.rule, []
    floors = (Decimal(rule.sme), rule.micro_of_all) if rule else (None, None)
    for award, floor in zip(purchases.awards, floors, strict=True):
        if award.amount is not None:
            said.append(f"授予{award.who} {_wan(award.amount)}")
            share = _within(award.amount, purchases.total)
            if share is not None:
                said[-1] += f"，是采购总额的 {cite(share, '%', 1)}"
                if floor is not None:
                    stands = "不低于" if share >= floor else "低于"
                    said[-1] += f"（{stands}预留份额的参照线 {floor:g}%）"
    if said:
        weak = "参照线是很弱的下限，不是合规与否的判定。" if "参照线" in said[0] + said[-1] else ""
        return "；".join(said) + "。" + weak
    budget = purchases.reserved.get((SME, BUDGET))
    other = "" if budget is None else f"，只写了面向中小企业预留的项目预算 {_wan(budget)}"
    return f"报告没有说明授予中小企业的金额{other}。"


def on_kinds(purchases: Procurement) -> str:
    """Whether the kinds add up to the total; its change and its size, as far as they are stated."""
    return f"{_sum(purchases)}{_change(purchases)}{_scale(purchases)}"


def _sum(purchases: Procurement) -> str:
    added, total = purchases.added, purchases.total
    if added is None:
        return "报告没有把采购分为货物、工程、服务。"
    if total is None:
        return f"{SUM_NAME}是 {_wan(added)}；报告没有写采购总额，无从核对。"
    verdict = f"相差 {cite(abs(added - total), '万元', known(added))}"
    if purchases.adds_up is Status.EXACT:
        verdict = "相符"
    elif purchases.adds_up is Status.TAIL:
        verdict += "，在尾差之内"
    elif added == total:
        verdict = "相等"
    return f"{SUM_NAME} {_wan(added)}，与总额 {_wan(total)} {bold(verdict)}。"


def _change(purchases: Procurement) -> str:
    said = []
    if (change := purchases.changes.get("change")) is not None:
        said.append(f"{'减少' if change < 0 else '增加'} {_wan(abs(change))}")
    if (rate := purchases.changes.get("change_rate")) is not None:
        said.append(f"{'下降' if rate < 0 else '增长'} {cite(abs(rate), '%', known(rate))}")
    return f"报告写采购总额比上年{'，'.join(said)}。" if said else ""


def _scale(purchases: Procurement) -> str:
    total, spent = purchases.total, purchases.spent
    share = total.percent_of(spent) if total and spent is not None else None
    if share is None:
        return ""
    return (
        f"采购总额相当于本年支出 {_wan(spent)}的 {cite(share, '%', 1)}。"
        "采购可以按合同金额统计，与当年支出的口径不一定相同，这个比例只说明规模。"
    )


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
        (f"{one.whole}{'（所称）' * one.is_named}", one.share, one.fit or "", one.amount)
        for one in award.ratios
    ]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    return frame if award.printed else frame.drop(columns=names[2])


def on_share(award: Award) -> str:
    """On which denominator the printed share is right."""
    who, printed, named, best = award.who, award.printed, award.named, award.best
    if award.amount is None:
        told = f"，只写了占比 {_stated(printed)}，无从重算" if printed else ""
        return f"报告没有说明授予{who}的金额{told}。"
    text = f"报告写授予{who} {_wan(award.amount)}"
    if printed is None:
        return f"{text}，没有写占比，下面的占比都是重算的。"
    text += f"，占比 {_stated(printed)}"
    if not award.ratios:
        return f"{text}；报告没有大于 0 的金额可作分母，占比无从重算。"
    if named:
        verdict = bold(named.fit or "")
        text += f"，所称分母是{named.whole}，重算为 {cite(named.share, '%')}：{verdict}"
    elif printed.column:
        text += "，所称的分母报告没有写金额"
    if best is None:
        return f"{text}。没有一个分母能得出这个百分数{_nearest(award, printed.number)}。"
    if best is not named:
        text += f"。换成{best.whole}作分母，重算为 {cite(best.share, '%')}，{best.fit}"
    return f"{text}。"


def _nearest(award: Award, printed: Number) -> str:
    """The denominator that comes nearest to the printed share; empty where it is the named one."""
    near = min(award.ratios, key=lambda ratio: abs(ratio.share - printed))
    off = cite(abs(near.share - printed), "个百分点")
    return "" if near.is_named else f"，最接近的是{near.whole}（{cite(near.share, '%')}，差 {off}）"


def on_law(rule: Reservation | None) -> str:
    """What follows from the rule for the whole of procurement, and how weak that is."""
    if rule is None:
        return "那时还没有全国统一的预留份额规定（2012 年起才有），没有参照线。"
    law = rule.chain[0]
    least = f"{rule.sme}% × {rule.micro}% = {rule.micro_of_all:g}%"
    text = f"参照线：中小企业 {rule.sme}%，小微企业 {least}"
    text += f"，工程 {rule.works}%。" if rule.works != rule.sme else "。"
    if rule.works == rule.sme and any(one.values.get("works", 0) > rule.sme for one in rule.chain):
        text += "工程提高后的份额没有管满全年，而决算只有全年数，参照线按低的画。"
    return (
        f"{text}规定的比例管的是{law.values['covers']}，所以参照线是{bold('很弱的下限')}："
        "高于它不说明达标，低于它也不说明违规。"
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
        return "报告没有给出可以与预留份额比较的占比。"
    below = [floor for floor in floors if floor.is_below]
    told = "、".join(f"{n} {cite(share, '%')}（参照线 {least:g}%）" for n, share, least in below)
    many = f"{len(floors)} 个占比{f'中有 {len(below)} 个' if below else '都'}"
    which = many if len(floors) > 1 else "这个占比"
    verdict = f"{which}低于参照线：{told}。" if below else f"{which}不低于参照线。"
    inside = _within(purchases.micro, purchases.sme)
    if inside is None:
        return verdict
    return (
        f"{verdict}小微企业占中小企业的 {cite(inside, '%')}；这个比例不能直接与 {rule.micro}% 比，"
        f"{rule.micro}% 只管预留的部分，中小企业实际得到的可以超过预留。"
    )


def on_reserved(purchases: Procurement) -> str:
    """What the report says of reserved projects; empty where it says nothing."""
    said = []
    for award in purchases.awards:
        told = [(what, purchases.reserved.get((award.who, what))) for what in (BUDGET, BOUGHT)]
        parts = [f"{what} {_wan(amount)}" for what, amount in told if amount is not None]
        said += [f"面向{award.who}预留项目的{'、'.join(parts)}"] if parts else []
    return f"报告另外写了预留的项目：{'；'.join(said)}。" if said else ""


def findings(purchases: Procurement, doubts: Sequence[str]) -> str:
    """What the checks (勾稽) find and what goes further, as a list; or that there is nothing."""
    if found := [*doubts, *further(purchases)]:
        return "\n".join(f"{at}. {sentence}" for at, sentence in enumerate(found, start=1))
    if _is_nothing(purchases):
        return "采购为 0，没有可以互相核对的数字。"
    comparable = purchases.total is not None and (purchases.kinds or purchases.sme is not None)
    comparable = comparable or any(award.named for award in purchases.awards if award.printed)
    return "能互相核对的数字没有矛盾。" if comparable else "没有可以互相核对的数字。"


def further(purchases: Procurement) -> list[str]:
    """What is striking beside the contradictions that the checks find, a sentence each."""
    found = [*map(_denominator, purchases.awards), _beside(purchases), _same_as_kinds(purchases)]
    return [sentence for sentence in found if sentence]


def _denominator(award: Award) -> str:
    """Another denominator than the named one gives the printed share."""
    printed, named, best = award.printed, award.named, award.best
    if printed is None or named is None or named.fit is None or named.fit.holds:
        return ""
    text = f"{bold('分母')}：{award.who}的占比 {_stated(printed)} 与所称的分母{named.whole}不符"
    if best is None:  # what the checks have said is not said again
        return "" if award.is_found else f"{text}，换成别的分母也不符。"
    other = "：" if best is named else f"，以{best.whole}为分母则"
    return f"{text}{other}重算为 {cite(best.share, '%')}，{best.fit}。"


def _beside(purchases: Procurement) -> str:
    """Micro enterprises counted beside SMEs instead of among them."""
    sme, micro, total = purchases.sme, purchases.micro, purchases.total
    if not (sme and micro and total) or sme + micro != total:
        return ""
    text = f"小微企业本应包含在中小企业之内，但 {_wan(sme)} 与 {_wan(micro)} 相加正好是采购总额 {_wan(total)}"
    one, other = (award.printed for award in purchases.awards)
    if one and other and one.value + other.value == 100:
        text += f"，印出的占比 {_stated(one)} 与 {_stated(other)} 相加正好是 100%"
    return f"{bold('小微像是与中小并列')}：{text}。"


def _same_as_kinds(purchases: Procurement) -> str:
    """Amounts of recipients that repeat the amounts of kinds."""
    kinds = [kind for kind in purchases.by_kind.values() if kind.amount]
    same = [
        f"{award.who}的 {_wan(award.amount)}等于{kind.name}支出 {_wan(kind.amount)}"
        for award in purchases.awards
        for kind in kinds
        if award.amount == kind.amount
    ]
    # one match happens where a kind went to SMEs altogether; two at once are hardly chance
    if len(same) < 2 or len(kinds) < 2:
        return ""
    return f"{bold('金额重复')}：{'，'.join(same)}。两处同时一分不差，偶然的可能很小。"


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
