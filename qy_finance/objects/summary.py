"""A report at a glance: who reports, its main sums, what was read, and what can be asked of it next."""

from __future__ import annotations

from typing import Final

from qy_finance.analysis.overview import reading, total
from qy_finance.cards import Card, Quote
from qy_finance.display import decimals
from qy_finance.report import Report

_SUMS: Final = {"本年收入": ("收入", "本年收入合计"), "本年支出": ("支出", "本年支出合计")}
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


def summary(report: Report) -> Card:
    """The card of a report. Nothing is checked for it: that takes longer than reading."""
    meta, read = report.meta, reading(report)
    sums = {name: total(report, *place) for name, place in _SUMS.items()}
    present, form = list(report.tables), report.form
    lacking = "、".join(map(form.name, form.lacking(present, int(str(meta["year"])))))
    lacks = f"，缺{lacking}" if lacking else ""
    sentence = (
        f"读到 {len(present)} 张表{lacks}。表里的数 {read.in_tables:,} 个，文字里的数 {read.in_prose:,} 个，"
        f"绩效指标 {read.indicators:,} 个，没有认出的数字 {read.unknown:,} 个。"
        f"表内金额单位：{meta['money_unit']}。文件：{meta['file']}。"
    )
    sizes = [f"{table}：{form.name(table)}，{len(report.tables[table]):,} 行" for table in present]
    asked = [
        Quote(f"report.{call.format(table=present[0])}", (answer,))
        for call, answer in _NEXT
        if present or "{table}" not in call
    ]
    return Card(
        "部门决算",
        f"{meta['unit']} · {meta['year']} 年度 · {meta['scope']}",
        sentence,
        None,
        [
            (name, f"{decimals(found.value, found.places)} {found.unit}")
            for name, found in sums.items()
            if found
        ],
        asked,
        [("各表的标识和行数", sizes)] if sizes else (),
    )
