"""Titles, headers, columns and notes of the nine tables, as published reports print them."""

from __future__ import annotations

from .accounts import EXPENDITURE_KINDS, OWN_SOURCES

_DIGITS = tuple("一二三四五六七八九")
ORDINALS = (
    *_DIGITS,
    "十",
    *(f"十{digit}" for digit in _DIGITS),
    "二十",
    *(f"二十{digit}" for digit in _DIGITS),
)

INCOME_COLUMNS = ("本年收入合计", "财政拨款收入", *OWN_SOURCES)
EXPENDITURE_COLUMNS = ("本年支出合计", *EXPENDITURE_KINDS)
SPENT = ("本年支出/小计", "本年支出/基本支出", "本年支出/项目支出")
FUND_COLUMNS = ("年初结转和结余", "本年收入", *SPENT, "年末结转和结余")
VEHICLES = "公务用车购置及运行维护费"
THREE_PUBLIC_COLUMNS = tuple(
    f"{side}/{leaf}"
    for side in ("预算数", "决算数")
    for leaf in (
        "合计",
        "因公出国（境）费",
        f"{VEHICLES}/小计",
        f"{VEHICLES}/公务用车购置费",
        f"{VEHICLES}/公务用车运行维护费",
        "公务接待费",
    )
)

# Header lines as a text extraction jumbles them; "~" keeps the next line close,
# "^" marks a cell that goes on there.
JUMBLED: dict[str, str] = {
    "income_expenditure_summary": """收入 支出
项    目 行次 决算数 项    目 行次 决算数
栏    次   1 栏    次   2""",
    "income": """项    目
本年收入合计 财政拨款收入 上级补助收入 事业收入 经营收入~
附属单位上缴^
收入~
其他收入 功能分类
科目编码~
科目名称
栏次 1 2 3 4 5 6 7""",
    "expenditure": """项    目
本年支出合计 基本支出 项目支出 上缴上级支出 经营支出~
对附属单位补助^
支出 功能分类
科目编码~
科目名称
栏次 1 2 3 4 5 6""",
    "appropriation_summary": """收入 支出
项    目 行次 金额 项    目 行次 合计~
一般公共预算^
财政拨款
政府性基金预^
算财政拨款
国有资本经营^
预算财政拨款 \u0020
栏    次   1 栏    次   2 3 4 5""",
    "general_budget_expenditure": """项    目
本年支出合计 基本支出 项目支出 功能分类
科目编码~
科目名称
栏次 1 2 3""",
    "basic_expenditure": """人员经费 公用经费
经济分类
科目编码~
科目名称 金额
经济分类
科目编码~
科目名称 金额""",
    "government_fund": """项    目
年初结转和结余 本年收入
本年支出
年末结转和结余 功能分类
科目编码~
科目名称 小计 基本支出 项目支出
栏次 1 2 3 4 5 6""",
    "state_capital": """项    目 本年支出
功能分类
科目编码~
科目名称 小计 基本支出 项目支出
栏次 1 2 3""",
    "three_public": """预算数 决算数
合计~
因公出国^
（境）费
公务用车购置及运行维护费
公务接待^
费~
合计
因公出国^
（境）费
公务用车购置及运行维护费
公务接待^
费 小计~
公务用车
购置费
公务用车
运行维护^
费
小计~
公务用车
购置费
公务用车
运行维护^
费
1 2 3 4 5 6 7 8 9 10 11 12""",
}

TITLES: dict[str, tuple[str, ...]] = {
    "income_expenditure_summary": ("收入支出决算总表",),
    "income": ("收入决算表",),
    "expenditure": ("支出决算表",),
    "appropriation_summary": ("财政拨款收入支出决算总表",),
    "general_budget_expenditure": ("一般公共预算财政拨款支出决算表",),
    "basic_expenditure": (
        "一般公共预算财政拨款基本支出决算明细表",
        "一般公共预算财政拨款基本支出决算表",
    ),
    "government_fund": ("政府性基金预算财政拨款收入支出决算表",),
    "state_capital": ("国有资本经营预算财政拨款支出决算表",),
    "three_public": ("财政拨款“三公”经费支出决算表", "一般公共预算财政拨款“三公”经费支出决算表"),
}

NOTES: dict[str, str] = {
    "income_expenditure_summary": "本表反映单位本年度的总收支和年末结转结余情况。",
    "income": "本表反映单位本年度取得的各项收入情况。",
    "expenditure": "本表反映单位本年度各项支出情况。",
    "appropriation_summary": "本表反映单位本年度财政拨款的总收支和年末结转结余情况。",
    "general_budget_expenditure": "本表反映单位本年度一般公共预算财政拨款实际支出情况。",
    "basic_expenditure": "本表反映单位本年度一般公共预算财政拨款基本支出明细情况。",
    "government_fund": "本表反映单位本年度政府性基金预算财政拨款收入、支出及结转结余情况。",
    "state_capital": "本表反映单位本年度国有资本经营预算财政拨款支出情况。",
    "three_public": "本表反映单位本年度“三公”经费支出预决算情况。",
}
ROUNDING = "本套报表金额单位转换时因填列数据四舍五入，可能存在 0.01 误差。"
