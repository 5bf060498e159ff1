"""How final accounts speak: amounts, changes, shares and completions in varied wordings.

Every method returns text and records the figures in it in the order of writing; f-strings
evaluate from left to right, so a sentence may be built from several of them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from .accounts import Account, rounded
from .canvas import Options
from .facts import Fact

_HALF_WIDTH = str.maketrans("（），", "(),")

# Reasons for a change, and the account without which one would be wrong.
REASONS = {
    "人员调整，工资福利支出变化": "301",
    "项目按进度支付": "",
    "认真贯彻落实中央八项规定精神和厉行节约的要求，从严控制开支": "",
    "12345热线平台升级改造项目按合同支付": "",
    "上级补助资金有所调整": "上级补助收入",
}
NO_BUDGET = ("年初未安排预算", "年初预算数为零，无法计算完成比例")


class Prose:
    """Paragraphs of the chapter of explanations, with the figures that they state."""

    def __init__(self, account: Account, options: Options) -> None:
        self.account = account
        self.options = options
        self.random = random.Random(options.seed + 1)
        self.amounts = account.amounts()
        self.paragraphs: list[str] = []
        self.facts: list[Fact] = []
        in_yuan = account.money_unit == "元" and options.prose_money == "same"
        self.money_unit = "元" if in_yuan else "万元"

    def add(self, paragraph: str) -> None:
        paragraph = paragraph.strip()
        if self.options.wide_percent:
            paragraph = paragraph.replace("%", "％")
        if self.options.half_width:
            paragraph = paragraph.translate(_HALF_WIDTH)
        self.paragraphs.append(paragraph)

    def one_of(self, *texts: str) -> str:
        return self.random.choice(texts)

    def reason(self) -> str:
        lead = self.one_of("主要变动情况：", "主要原因是：", "主要原因是", "增减变动的主要原因：")
        amounts = {"": 1, **self.amounts, **self.account.economic}
        return lead + self.one_of(*(text for text, of in REASONS.items() if amounts[of]))

    def space(self) -> str:
        spaces = self.options.number_spaces
        return " " if spaces == "all" or (spaces == "some" and self.random.random() < 0.7) else ""

    def this_year(self, back: int = 0) -> str:
        return f"{self.space()}{self.account.year - back}{self.space()}年"

    def figure(
        self,
        printed: str,
        unit: str,
        measures: str | tuple[str, ...],
        keywords: str | tuple[str, ...] = (),
        *,
        sign: int = 1,
        back: int = 0,
        optional: bool = False,
    ) -> str:
        """A figure as printed, recorded with what it means."""
        self.facts.append(
            Fact(
                printed,
                sign * Decimal(printed.replace(",", "")),
                unit,
                (measures,) if isinstance(measures, str) else measures,
                (keywords,) if isinstance(keywords, str) else keywords,
                self.account.year - back,
                optional,
            )
        )
        close = unit in ("%", "") or unit.startswith("多")
        return f"{self.space()}{printed}{'' if close else self.space()}{unit}"

    def rounded(self, amount: int) -> Decimal:
        """An amount of money in the unit of the prose."""
        smaller = 1 if self.money_unit == self.account.money_unit else 10_000
        return rounded(amount, 100 * self.account.fraction * smaller)

    def money(
        self,
        amount: int,
        keywords: str | Sequence[str],
        *,
        measure: str = "amount",
        sign: int = 1,
        back: int = 0,
    ) -> str:
        """An amount of money, printed in the unit of the prose."""
        value = self.rounded(amount)
        printed = f"{value:,.2f}" if self.options.separators else f"{value:.2f}"
        if self.random.random() < 0.1:
            printed = _trimmed(printed)
        words = (keywords,) if isinstance(keywords, str) else tuple(keywords)
        return self.figure(printed, self.money_unit, measure, words, sign=sign, back=back)

    def amount(self, key: str, *keywords: str) -> str:
        return self.money(self.amounts[key], keywords or key)

    def count(self, number: int, unit: str, *keywords: str) -> str:
        return self.figure(str(number), unit, "count", keywords)

    def percent(
        self, part: int, whole: int, measure: str, keywords: tuple[str, ...], sign: int = 1
    ) -> str:
        rate = Decimal(part * 100) / whole if whole else Decimal(0)
        places = self.random.choice(("0.01", "0.01", "0.1"))
        printed = f"{rate.quantize(Decimal(places), ROUND_HALF_UP)}"
        if self.random.random() < 0.3:
            printed = _trimmed(printed)
        return self.figure(printed, "%", measure, keywords, sign=sign)

    def share(self, part: int, whole: int, of: str, *keywords: str) -> str:
        """占…的…%."""
        lead = f"占{of}的" if of else "占"
        return f"{lead}{self.percent(part, whole, 'share', keywords)}"

    def base(self, keywords: tuple[str, ...], back: int = 0) -> str:
        """The base that cannot be compared with: a figure of the year that is compared with."""
        return f"基数为{self.figure('0', '', 'base', keywords, back=back)}"

    def against(self) -> str:
        last = self.this_year(1)
        return self.one_of(
            "比上年决算数",
            "比上年",
            "较上年",
            "与上年相比",
            "与上年相比，",
            f"与{last}度相比，",
            f"比{last}",
            f"较{last}度决算数",
        )

    def change(self, key: str, *keywords: str, lead: str = "") -> str:
        """What became of last year's figure, beginning with a comma.

        ``lead`` names what moved where the sentence tells of more than one thing.
        """
        words = keywords or (key,)
        now, before = self.amounts[key], self.account.previous[key]
        return self._moved(now, before, words, self.against() + lead)

    def budget_change(self, key: str) -> str:
        """How the final figure differs from the budget at the year's beginning."""
        now, planned = self.amounts[key], self.account.budgets[key]
        return self._moved(now, planned, (key,), "比年初预算数", of_budget=True)

    def _moved(
        self, now: int, before: int, words: tuple[str, ...], against: str, of_budget: bool = False
    ) -> str:
        difference = now - before
        back = 0 if of_budget else 1
        if difference == 0:
            return self._unmoved(before, words, against, of_budget)
        sign = 1 if difference > 0 else -1
        verb = ("增加", "减少")[sign < 0]
        moved = self.money(abs(difference), words, measure="change", sign=sign)
        if before == 0:
            return self.random.choice(
                (
                    lambda: f"，{against}{verb}{moved}，增长--（{self.base(words, back)}，不可比）",
                    lambda: f"，{against}{verb}{moved}（{self.base(words, back)}，无法计算增长率）",
                    lambda: f"，{against}{verb}{moved}",
                )
            )()
        rose = self.one_of(
            *(("增长", "上升", "增幅为") if sign > 0 else ("下降", "降低", "降幅为"))
        )
        if not of_budget and self.random.random() < 0.25:
            against = "同比"
        rate = self.percent(abs(difference), before, "change_rate", words, sign)
        if self.random.random() < 0.15:
            return f"，{against}{verb}{moved}（{rose}{rate}）"
        return f"，{against}{verb}{moved}，{rose}{rate}"

    def _unmoved(self, before: int, words: tuple[str, ...], against: str, of_budget: bool) -> str:
        if self.random.random() < 0.7:
            if of_budget:
                return "，与年初预算数持平"
            return self.one_of("，与上年决算数持平", "，与上年持平", "，与上年相比无变化")
        text = f"，{against}增加{self.money(0, words, measure='change')}，增长"
        if before == 0:
            return f"{text}--（{self.base(words, 0 if of_budget else 1)}，不可比）"
        return text + self.percent(0, 1, "change_rate", words)

    def only_rate(self, key: str, *keywords: str) -> str:
        """A change of which only the rate is told, after last year's amount."""
        words = keywords or (key,)
        now, before = self.amounts[key], self.account.previous[key]
        if before in (0, now):
            return self.change(key, *keywords)
        sign = 1 if now > before else -1
        last = self.money(before, (*words, "上年决算数"), back=1)
        rate = self.percent(abs(now - before), before, "change_rate", words, sign)
        return f"，上年决算数为{last}，同比{('增长', '下降')[sign < 0]}{rate}"

    def completion(self, final: int, budget: int, name: str, *keywords: str) -> str:
        """完成预算…的…%, or that there was no budget."""
        words = (*keywords, "预算")
        planned = self.money(budget, words)
        if budget == 0:
            return f"{name}{planned}，{self.one_of(*NO_BUDGET)}"
        return f"完成{name}{planned}的{self.percent(final, budget, 'completion_rate', words)}"

    def planned(self, final: int, budget: int, name: str, *keywords: str) -> str:
        """年初预算为…，支出决算为…，完成年初预算的…%."""
        words = (*keywords, "预算")
        text = (
            f"{name}为{self.money(budget, words)}，支出决算为{self.money(final, (*words, '决算'))}"
        )
        if budget == 0:
            return f"{text}，{self.one_of(*NO_BUDGET)}"
        return f"{text}，完成{name}的{self.percent(final, budget, 'completion_rate', words)}"


def _trimmed(printed: str) -> str:
    return printed.rstrip("0").rstrip(".") if "." in printed else printed
