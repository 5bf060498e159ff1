"""What Jupyter shows of the objects of this package, each as a card (:mod:`qy_finance.cards`).

A report at a glance, and the contradictions of a report; :mod:`qy_finance.observed` shows one figure.
"""

from __future__ import annotations

from collections import UserList
from typing import TYPE_CHECKING, Final

from qy_finance.analysis.accounts import RECEIVED, SPENT, total
from qy_finance.analysis.coverage import coverage
from qy_finance.analysis.findings import Break, breaks
from qy_finance.cards import Card, Quote, as_html, as_text
from qy_finance.checks import CheckSet
from qy_finance.display import decimals
from qy_finance.frames import Tables
from qy_finance.language import t
from qy_finance.reading import Reading
from qy_finance.text.reconciliation import cards, none_broken

if TYPE_CHECKING:
    import pandas as pd

_SUMS: Final = {"本年收入": ("收入", RECEIVED), "本年支出": ("支出", SPENT)}
_NEXT: Final = (
    ("observations", "每个印出的数一行，带出处"),
    ('tables["{table}"]', "一张表，每个科目一行"),
    ("facts", "文字里的数：说的是什么、哪一年、和什么比"),
    ("kpis", "绩效指标：目标、实际、是否完成"),
    ("other_tables", "标准表以外的表，照印，每个单元格带出处"),
    ("explore()", "全部数据：搜索、筛选，点一行看它印在哪里，并复制筛选的代码"),
    ('search("经费")', "哪些数、哪些句子里有这个词"),
    ("observation(0)", "observations 里这一行的数印在哪里"),
    ("cite(0)", "怎样引用这一行的数：单位、年度、出处、文件摘要"),
    ("budget()", "计划多少、支出多少、报告所说的原因"),
    ("check()", "全部勾稽关系"),
    ("findings()", "其中对不上的，连同出处"),
    ("coverage()", "核对了多少、读懂了多少"),
    ("disclosures()", "应公开的内容公开了没有，在哪里"),
    ("unclaimed()", "不是数据的数字，和为什么不是"),
)
"""What can be asked of a report."""


def summary(reading: Reading, tables: Tables, unclaimed: pd.DataFrame) -> Card:
    """The card of a report. Nothing is checked for it: that takes longer than reading."""
    identity, form, present = reading.identity, reading.form, reading.tables
    lacks = f"，缺{'、'.join(map(form.name, reading.missing))}" if reading.missing else ""
    unknown = int((unclaimed["reason"] == "unknown").sum())
    others = f"标准表以外的表 {len(reading.others):,} 张，" if reading.others else ""
    sentence = (
        f"读到 {len(present)} 张表{lacks}。表里的数 {len(reading.facts) - len(reading.prose):,} 个，"
        f"文字里的数 {len(reading.prose):,} 个，绩效指标 {len(reading.indicators) + len(reading.evaluations):,} 个，"
        f"{others}"
        f"没有认出的数字 {unknown:,} 个。表内金额单位：{identity.money_unit}。文件：{reading.file}。"
    )
    numbers = [
        (name, f"{decimals(fact.number, fact.number.places)} {fact.unit_of_measure}")
        for name, place in _SUMS.items()
        if (fact := total(reading, *place))
    ]
    sizes = [f"{table}：{form.name(table)}，{len(tables[table]):,} 行" for table in present]
    asked = [
        Quote(f"report.{call.format(table=next(iter(present), ''))}", (answer,))
        for call, answer in _NEXT
        if present or "{table}" not in call
    ]
    heading = f"{identity.unit} · {identity.year} 年度 · {identity.scope}"
    folded = [("各表的标识和行数", sizes)] if sizes else []
    return Card("部门决算", heading, sentence, None, numbers, asked, folded)


_NONE: Final = "没有一处不符。"


class Contradiction(Break):
    """A contradiction that shows itself as a card."""

    def _repr_html_(self) -> str:
        return as_html(cards([self]))

    def __str__(self) -> str:
        return as_text(cards([self]))


class Findings(UserList[Contradiction]):
    """The contradictions of a report; made by :meth:`qy_finance.report.Report.findings`.

    The gravest first: figures that contradict each other, then words, then the report of the year before. An item
    is a :class:`~qy_finance.analysis.findings.Break`, a slice is of its own kind. ``none`` is said
    where there are none.
    """

    none: str = _NONE

    def _repr_html_(self) -> str:
        return as_html(cards(self)) or f"<p>{self.none}</p>"

    def __repr__(self) -> str:
        return f"<Findings: {len(self)}>"

    def __str__(self) -> str:
        return as_text(cards(self)) or self.none


def findings(checks: CheckSet) -> Findings:
    """The contradictions of a report; see :meth:`qy_finance.report.Report.findings`."""
    found = Findings(Contradiction(**vars(one)) for one in breaks(checks))
    if not found:
        found.none = t("{said}。", said=none_broken(coverage(checks)))
    return found
