"""How sentences of final accounts are understood, typed sentence by sentence.

An expectation is ``printed | signed value | unit | measure | item | column | year``; year only where it is not the
report's.
"""

from __future__ import annotations

import pytest

from qy_finance.form import final_accounts
from qy_finance.narrative.flow import Paragraph
from qy_finance.narrative.grammar import Grammar
from qy_finance.narrative.numerals import numerals
from qy_finance.narrative.sections import contexts
from qy_finance.narrative.subjects import Subjects

LEXICON = final_accounts().lexicon
UNIT, YEAR = "某市财政局", 2023

SENTENCES = {
    "总计 and its change against a named year": (
        "2023年度收、支总计4,567.89万元。与2022年度相比，收、支总计各减少123.45万元，下降2.63%，主要原因是人员减少3人。",
        "4,567.89 | 4567.89 | 万元 | amount | 收、支总计 | |",
        "123.45 | -123.45 | 万元 | change | 收、支总计 | 2022年度 |",
        "2.63 | -2.63 | % | change_rate | 收、支总计 | 2022年度 |",
        "3 | -3 | 人 | change | 人员 | 2022年度 |",
    ),
    "shares of the sum that 其中 leads to": (
        "本年收入合计2,946.25万元，其中：财政拨款收入2,940.05万元，占99.79%；其他收入6.2万元，占0.21%。",
        "2,946.25 | 2946.25 | 万元 | amount | 本年收入合计 | |",
        "2,940.05 | 2940.05 | 万元 | amount | 财政拨款收入 | |",
        "99.79 | 99.79 | % | share | 财政拨款收入 | 本年收入合计 |",
        "6.2 | 6.2 | 万元 | amount | 其他收入 | |",
        "0.21 | 0.21 | % | share | 其他收入 | 本年收入合计 |",
    ),
    "budget, final account, completion": (
        "“三公”经费财政拨款支出预算为15.00万元，支出决算为12.30万元，完成预算的82%，比上年减少1.20万元，降低8.89%。",
        "15.00 | 15 | 万元 | amount | “三公”经费财政拨款支出 | 预算 |",
        "12.30 | 12.3 | 万元 | amount | “三公”经费财政拨款支出 | 支出决算 |",
        "82 | 82 | % | completion_rate | “三公”经费财政拨款支出 | 预算 |",
        "1.20 | -1.2 | 万元 | change | “三公”经费财政拨款支出 | 上年 |",
        "8.89 | -8.89 | % | change_rate | “三公”经费财政拨款支出 | 上年 |",
    ),
    "expenditure after a list of income is no amount of that income": (
        "2023年度收入10,134.43万元，比2022年决算数减少410.20万元。2023年度支出10,445.22万元，比2022年决算数增加33.05万元。",
        "10,134.43 | 10134.43 | 万元 | amount | 收入 | |",
        "410.20 | -410.2 | 万元 | change | 收入 | 2022年决算数 |",
        "10,445.22 | 10445.22 | 万元 | amount | 支出 | |",
        "33.05 | 33.05 | 万元 | change | 支出 | 2022年决算数 |",
    ),
    "an aside in brackets does not change the subject": (
        "公务接待费支出预算为0.6万元（其中：国有资本经营预算支出0万元），支出决算为0.56万元，完成预算的93.33%。",
        "0.6 | 0.6 | 万元 | amount | 公务接待费支出 | 预算 |",
        "0 | 0 | 万元 | amount | 国有资本经营预算支出 | |",
        "0.56 | 0.56 | 万元 | amount | 公务接待费支出 | 支出决算 |",
        "93.33 | 93.33 | % | completion_rate | 公务接待费支出 | 预算 |",
    ),
    "the base stated between comparison and change": (
        "事业收入14,850万元，比上年（13,350万元）增加1,500万元，增长11.24%。",
        "14,850 | 14850 | 万元 | amount | 事业收入 | |",
        "13,350 | 13350 | 万元 | amount | 事业收入 | 上年 | 2022",
        "1,500 | 1500 | 万元 | change | 事业收入 | 上年 |",
        "11.24 | 11.24 | % | change_rate | 事业收入 | 上年 |",
    ),
    "a base of zero": (
        "因公出国（境）费0.00万元，比上年决算数增加0.00万元，增长--（基数为0，不可比）。",
        "0.00 | 0 | 万元 | amount | 因公出国（境）费 | |",
        "0.00 | 0 | 万元 | change | 因公出国（境）费 | 上年决算数 |",
        "0 | 0 | | base | 因公出国（境）费 | 上年决算数 | 2022",
    ),
    "last year's amount, stated": (
        "经营收入5万元，上年决算数为37.62万元，同比下降86.7%。",
        "5 | 5 | 万元 | amount | 经营收入 | |",
        "37.62 | 37.62 | 万元 | amount | 经营收入 | 上年决算数 | 2022",
        "86.7 | -86.7 | % | change_rate | 经营收入 | 同比 |",
    ),
    "two years, two rates": (
        "2020年和2021年全年人工总话务量同比增长了43.8%和30.3%。",
        "43.8 | 43.8 | % | change_rate | 人工总话务量 | 同比 | 2020",
        "30.3 | 30.3 | % | change_rate | 人工总话务量 | 同比 | 2021",
    ),
    "respectively, by names": (
        "收入总计、支出总计分别为100万元、120万元。",
        "100 | 100 | 万元 | amount | 收入总计 | |",
        "120 | 120 | 万元 | amount | 支出总计 | |",
    ),
    "respectively, by the figures before": (
        "来信356件、来访524件，分别占40.5%、59.5%。",
        "356 | 356 | 件 | count | 来信 | |",
        "524 | 524 | 件 | count | 来访 | |",
        "40.5 | 40.5 | % | share | 来信 | |",
        "59.5 | 59.5 | % | share | 来访 | |",
    ),
    "from, to, and by how much": (
        "人工接通率从5月份的45.57%提升至9月份的74.70%，提升幅度达28.63%。",
        "45.57 | 45.57 | % | rate | 人工接通率 | 5月份 |",
        "74.70 | 74.7 | % | rate | 人工接通率 | 9月份 |",
        "28.63 | 28.63 | % | change | 人工接通率 | |",
    ),
    "percentage points; last year's rate": (
        "满意率由上年的95.2%提高到97.1%，同比上升1.9个百分点。",
        "95.2 | 95.2 | % | rate | 满意率 | 上年 | 2022",
        "97.1 | 97.1 | % | rate | 满意率 | |",
        "1.9 | 1.9 | 个百分点 | change | 满意率 | 同比 |",
    ),
    "shorter is less": (
        "等待时长由25秒缩短至12秒，同比缩短0.5秒。",
        "25 | 25 | 秒 | duration | 等待时长 | |",
        "12 | 12 | 秒 | duration | 等待时长 | |",
        "0.5 | -0.5 | 秒 | change | 等待时长 | 同比 |",
    ),
    "target and actual": (
        "质量达标率≥98%，实际99.5%。",
        "98 | 98 | % | target | 质量达标率 | |",
        "99.5 | 99.5 | % | actual | 质量达标率 | |",
    ),
    "above a target is no target": (
        "满意度达95%以上，超过目标值5个百分点。",
        "95 | 95 | % | rate | 满意度 | |",
        "5 | 5 | 个百分点 | change | 满意度 | 目标值 |",
    ),
    "printed minus signs": (
        "年末结余为-12.30万元，预算调整率-3.5%。",
        "-12.30 | -12.3 | 万元 | amount | 年末结余 | |",
        "-3.5 | -3.5 | % | rate | 预算调整率 | |",
    ),
    "counts of things and people": (
        "全年共接待国内来访团组45个、来宾320人次；内设12个科室。",
        "45 | 45 | 个 | count | 接待国内来访团组 | |",
        "320 | 320 | 人次 | count | 来宾 | |",
        "12 | 12 | 个 | count | 内设科室 | |",
    ),
    "vehicles, and a class of assets named by its value": (
        "截至2023年12月31日，本部门共有车辆12辆，其中，机要通信用车2辆；单价100万元（含）以上设备（不含车辆）2台（套）。",
        "12 | 12 | 辆 | count | 车辆 | |",
        "2 | 2 | 辆 | count | 机要通信用车 | |",
        "2 | 2 | 台（套） | count | 单价100万元（含）以上设备（不含车辆） | |",
    ),
    "a fund's name is no budget label": (
        "其中一般公共预算18,000.10万元，政府性基金预算300.00万元。",
        "18,000.10 | 18000.1 | 万元 | amount | 一般公共预算 | |",
        "300.00 | 300 | 万元 | amount | 政府性基金预算 | |",
    ),
    "full-width figures": (
        "收入总计1，234.56万元，支出总计７，２３７．１７万元。",
        "1，234.56 | 1234.56 | 万元 | amount | 收入总计 | |",
        "７，２３７．１７ | 7237.17 | 万元 | amount | 支出总计 | |",
    ),
}

REASONS = {
    "根据国办53号文和粤办函〔2022〕230号": ["53 document number", "2022 document number", "230 document number"],
    "《2022年348个城市热线报告》发布": ["2022 date", "348 in a name"],
    "12345热线与110平台全天7×24小时服务": [
        "12345 in a name", "110 in a name", "7 set phrase", "24 set phrase",
    ],
    "2021年3月至5月，5G网络覆盖": ["2021 date", "3 date", "5 date", "5 in a name"],
    "第3季度办理第27批": ["3 ordinal", "27 ordinal"],
    "国际组织（20204款）、2010301行政运行": ["20204 classification code", "2010301 classification code"],
    "全年接收3市场主体诉求工单56宗": ["3 stray"],
    "电话：0763-3366123": ["0763 contact", "3366123 contact"],
    "共12.3.4万元，又3,4O1.99万元": ["12.3 unknown", "4 unknown", "3 unknown", "4 unknown", "1.99 unknown"],
}  # fmt: skip


def _understood(text: str) -> list[str]:
    [(paragraph, context)] = contexts([Paragraph(text, [(0, 0)])], LEXICON)
    grammar = Grammar(text, context, Subjects(UNIT, YEAR, LEXICON))
    return [
        f"{text[s.numeral.start : s.numeral.end]} | {s.value.normalize():f} | {s.numeral.unit} | {s.measure} | "
        f"{s.subject} | {s.of} | {s.year if s.year not in (None, YEAR) else ''}"
        for s in grammar.read(numerals(paragraph.text, LEXICON))
    ]


@pytest.mark.parametrize("name", SENTENCES)
def test_sentence(name: str) -> None:
    text, *expected = SENTENCES[name]
    assert [" ".join(line.split()) for line in _understood(text)] == [
        " ".join(line.split()) for line in expected
    ]


@pytest.mark.parametrize("text", REASONS)
def test_numerals_that_are_no_figures(text: str) -> None:
    found = [f"{text[n.start : n.end]} {n.reason}" for n in numerals(text, LEXICON) if n.reason]
    assert found == REASONS[text]
