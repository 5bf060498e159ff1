"""A report at a glance: who reports, its main sums, what was read, and what can be asked of it next."""

from __future__ import annotations

from typing import Final

import pandas as pd

from qy_finance.analysis.accounts import RECEIVED, SPENT, total
from qy_finance.cards import Card, Quote
from qy_finance.display import decimals
from qy_finance.frames import Tables
from qy_finance.reading import Reading

_SUMS: Final = {"本年收入": ("收入", RECEIVED), "本年支出": ("支出", SPENT)}
_NEXT: Final = (
    ("observations", "每个印出的数一行，带出处"),
    ('tables["{table}"]', "一张表，每个科目一行"),
    ("facts", "文字里的数：说的是什么、哪一年、和什么比"),
    ("kpis", "绩效指标：目标、实际、是否完成"),
    ("observation(0)", "observations 里这一行的数印在哪里"),
    ("check()", "全部勾稽关系"),
    ("findings()", "其中对不上的，连同出处"),
    ("unclaimed()", "不是数据的数字，和为什么不是"),
)
"""What can be asked of a report."""


def summary(reading: Reading, tables: Tables, unclaimed: pd.DataFrame) -> Card:
    """The card of a report. Nothing is checked for it: that takes longer than reading."""
    identity, form, present = reading.identity, reading.form, reading.tables
    lacks = f"，缺{'、'.join(map(form.name, reading.missing))}" if reading.missing else ""
    unknown = int((unclaimed["reason"] == "unknown").sum())
    sentence = (
        f"读到 {len(present)} 张表{lacks}。表里的数 {len(reading.facts) - len(reading.prose):,} 个，"
        f"文字里的数 {len(reading.prose):,} 个，绩效指标 {len(reading.indicators):,} 个，"
        f"没有认出的数字 {unknown:,} 个。表内金额单位：{identity.money_unit}。文件：{reading.file}。"
    )
    sums = {name: total(reading, *place) for name, place in _SUMS.items()}
    numbers = [
        (name, f"{decimals(fact.number, fact.number.places)} {fact.unit_of_measure}")
        for name, fact in sums.items()
        if fact
    ]
    sizes = [f"{table}：{form.name(table)}，{len(tables[table]):,} 行" for table in present]
    asked = [
        Quote(f"report.{call.format(table=present[0])}", (answer,))
        for call, answer in _NEXT
        if present or "{table}" not in call
    ]
    heading = f"{identity.unit} · {identity.year} 年度 · {identity.scope}"
    folded = [("各表的标识和行数", sizes)] if sizes else []
    return Card("部门决算", heading, sentence, None, numbers, asked, folded)
