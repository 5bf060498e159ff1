"""Before a report is accused the reader is doubted; and one error of the report is one finding."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from mutation.edit import edited
from reports import Reader, breaks

from qy_finance import Report, read_report
from qy_finance.checks.cells import table_checks
from qy_finance.checks.doubts import doubt_reading
from qy_finance.checks.ledger import Ledger, LedgerTable
from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.checks.slips import slips
from qy_finance.checks.stretches import Stretch, moved_by, stretches_of
from qy_finance.facts import Fact
from qy_finance.readers import Document, read_document
from qy_finance.report import report_of

ROOT = Path(__file__).parent.parent
QINGYUAN = next((ROOT / "data" / "raw" / "2022").glob("*.txt"))
ECOLOGY = next((Path(__file__).parents[2] / "shared" / "reports").glob("*生态*.pdf"), None)
AMOUNT = r"(?<![\d.,-])\d{1,3}(?:,\d{3})*\.\d\d(?![\d.])"

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")


def messages(report: Report, status: str = "break") -> str:
    checks = report.check()
    return "\n".join(checks.loc[checks["status"] == status, "message"])


# ---- tables ------------------------------------------------------------------------------------------------------

SUMMARY = """某学院2023年度部门决算
收入支出决算总表
部门：某学院 单位：万元
收入 支出
项目 决算数 项目 决算数
一、财政拨款收入 310.00 一、教育支出 520.00
其中：政府性基金预算财政拨款 12.00 二、其他支出 12.00
二、事业收入 190.00
三、其他收入 32.00
其中：捐赠收入 7.00
本年收入合计 532.00 本年支出合计 532.00
总计 532.00 总计 532.00
注：本表反映部门本年度的总收支情况。
第三部分 2023年度部门决算情况说明
四、财政拨款支出决算表说明
学院2023年度财政拨款支出总计为310.00万元，其中基本支出248.00万元，占总支出的80.00%；项目支出62.00万元，占总支出的20.00%。
五、项目绩效评价
该项目批复的年初预算数为50.00万元，其中当年财政拨款30.00万元，上年结转20.00万元。
"""


def test_a_row_within_another_and_a_total_of_another_scope_are_no_contradiction(
    read: Reader,
) -> None:
    report = read(SUMMARY)
    assert messages(report) == ""
    held = report.check().set_index("check_id").loc["summary.income"]
    assert held["status"] == "exact"
    assert "捐赠收入" not in held["message"]


@pytest.mark.parametrize(
    ("printed", "instead", "said"),
    [
        ("本年收入合计 532.00", "本年收入合计 533.00", "532.00"),
        ("80.00%", "81.00%", "÷ 财政拨款支出总计 310.00 = 80.00%"),
        ("占总支出的20.00%", "占总支出的23.00%", "310.00 = 20.00%"),
    ],
)
def test_an_error_beside_them_is_still_named(
    read: Reader, printed: str, instead: str, said: str
) -> None:
    assert printed in SUMMARY
    found = breaks(read(SUMMARY.replace(printed, instead)))
    assert len(found) >= 1
    assert said in found["message"].iloc[0]


def test_a_line_without_its_number_may_be_part_of_the_one_above(read: Reader) -> None:
    report = read(SUMMARY.replace("其中：捐赠收入", "捐赠收入"))
    assert messages(report) == ""
    assert "未核对，因相差的正是“捐赠收入”，它可能是上一行的其中项" in messages(report, "not_run")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    path = tmp_path_factory.mktemp("sample") / "report.txt"
    path.write_text(lay_out(SAMPLE, Options()).text, encoding="utf-8")
    return read_report(path).checks.ledger


def cells(ledger: Ledger, table: str) -> Iterator[Fact]:
    for copies in ledger.sheets[table].cells.values():
        yield from copies


def broken(made: Iterable[Check | NotRun]) -> list[Check]:
    return [one for one in made if isinstance(one, Check) and one.status is Status.BREAK]


def test_a_column_that_is_not_counted_is_counted_where_its_rows_bear_that_out(
    sample: Ledger,
) -> None:
    def divided(fact: Fact) -> Fact:
        own = fact.column == "经营收入"
        return replace(fact, figure=fact.figure._replace(column="经营收入/金额")) if own else fact

    ledger = sample.with_sheet(LedgerTable("income", map(divided, cells(sample, "income"))))
    before = broken(table_checks(ledger))
    sums = [check for check in before if check.identity.id == "income.sources"]
    assert len(sums) == 4  # the account with 经营收入, those above it, and 合计
    made = doubt_reading(ledger, table_checks(ledger))
    assert [check.id for check in broken(made)] == []
    again = {one.id: one for one in made if one.identity.id == "income.sources"}
    assert [again[check.id].status for check in sums] == [Status.EXACT] * 4


def test_a_row_that_differs_by_a_column_alone_is_not_checked(sample: Ledger) -> None:
    def divided(fact: Fact) -> Fact:
        own = fact.column == "经营收入" and fact.figure.code == "2010399"
        return replace(fact, figure=fact.figure._replace(column="经营收入/金额")) if own else fact

    facts = [divided(fact) for fact in cells(sample, "income")]
    ledger = sample.with_sheet(LedgerTable("income", facts))
    made = doubt_reading(ledger, table_checks(ledger))
    [found] = [one for one in made if one.id == "income.sources:2010399"]
    assert isinstance(found, NotRun)
    assert "经营收入/金额" in found.missing


def test_a_numeral_that_was_not_read_explains_what_is_missing() -> None:
    ledger = read_report(QINGYUAN).checks.ledger
    table = "general_budget_expenditure"
    facts = [
        fact
        for fact in cells(ledger, table)
        if (fact.figure.code, fact.printed) != ("2080505", "51.05")
    ]
    ledger = ledger.with_sheet(LedgerTable(table, facts))
    assert broken(table_checks(ledger))
    made = doubt_reading(ledger, table_checks(ledger))
    assert broken(made) == []
    why = {one.missing for one in made if isinstance(one, NotRun) and one.rule}
    assert why == {"一般公共预算财政拨款支出决算表中有未读懂的数 51.05"}


def test_a_table_in_which_nothing_adds_up_accuses_nobody(read: Reader) -> None:
    text = QINGYUAN.read_text(encoding="utf-8")
    chance = random.Random(7)
    end = text.index("第三部分", len(text) // 2)
    tables = re.sub(AMOUNT, lambda _: f"{chance.uniform(1, 9000):,.2f}", text[:end])
    found = breaks(read(tables + text[end:]))
    within = found["check_id"].str.match("income|expenditure|general|summary|appropriation|basic")
    assert not within.any()


# ---- prose -------------------------------------------------------------------------------------------------------

PROSE = """某市湿地中心2023年度部门决算
第三部分 2023年度部门决算情况说明
{}
"""


def told(read: Reader, heading: str, *said: str) -> str:
    return messages(read(PROSE.format("\n".join((heading, *said)))))


def test_shares_adjusted_to_add_up_are_no_contradiction(read: Reader) -> None:
    said = (
        "2023年度支出总计900.00万元，其中：教育支出300.00万元，占总支出的33.34%；"
        "科学技术支出300.00万元，占总支出的33.33%；其他支出300.00万元，占总支出的33.33%。"
    )
    heading = "三、支出决算情况说明"
    assert told(read, heading, said) == ""
    assert "33.33%，报告为 33.36%" in told(read, heading, said.replace("33.34", "33.36"))
    both = told(
        read,
        heading,
        said.replace("技术支出300.00万元，占总支出的33.33", "技术支出300.00万元，占总支出的33.34"),
    )
    assert "报告为 33.34%" in both
    other = told(
        read,
        heading,
        said.replace("其他支出300.00万元，占总支出的33.33", "其他支出300.00万元，占总支出的35.33"),
    )
    assert "报告为 35.33%" in other
    assert "报告为 33.34%" not in other


def test_what_was_nothing_and_is_nothing_grew_by_nothing(read: Reader) -> None:
    heading = "七、“三公”经费支出决算情况说明"
    said = "公务接待费支出0.00万元，比上年增加0.00万元，增长0.00%。"
    assert told(read, heading, said) == ""


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("公务接待费支出0.62万元，比上年增加0.62万元，增长100%。", "零基数没有增减率"),
        ("公务接待费支出3.10万元，比上年增加3.10万元，增长45.20%。", "零基数没有增减率"),
        ("公务接待费支出1.20万元，与上年持平，增长4.9%。", "与上年持平，又说"),
        ("公务接待费支出减少为0.00万元，与上年持平。", "“减少为” 0.00，又说与上年持平"),
        ("公务接待费支出5.00万元，比上年增加1.46万元，与上年持平。", "又说与上年持平"),
    ],
)
def test_rates_without_a_base_and_levels_that_move(read: Reader, said: str, found: str) -> None:
    assert found in told(read, "七、“三公”经费支出决算情况说明", said)


@pytest.mark.parametrize(
    "said",
    [
        "公务接待费支出1.20万元，与上年持平，增长0.00%。",
        "公务接待费支出1.20万元，与上年持平。",
        "公务接待费支出1.20万元，比上年增加0.20万元，增长20.00%。",
    ],
)
def test_what_is_level_and_what_grew_are_no_contradiction(read: Reader, said: str) -> None:
    assert told(read, "七、“三公”经费支出决算情况说明", said) == ""


PUBLIC = """某市湿地中心2023年度部门决算
财政拨款“三公”经费支出决算表
部门：某市湿地中心 金额单位：万元
预算数 决算数
合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费 合计 因公出国（境）费 公务用车购置及运行维护费 公务接待费
小计 公务用车购置费 公务用车运行维护费 小计 公务用车购置费 公务用车运行维护费
1 2 3 4 5 6 7 8 9 10 11 12
9.00 0.00 6.00 0.00 6.00 3.00 7.50 0.00 5.50 0.00 5.50 2.00
注：本表反映部门本年度“三公”经费支出预决算情况。
第三部分 2023年度部门决算情况说明
七、“三公”经费支出决算情况说明
与2022年度相比，公务用车购置及运行维护费支出决算增加{}万元，增长{}%；公务接待费支出决算增加{}万元，增长{}%。
"""


def test_a_change_without_its_amount_is_one_of_the_cell(read: Reader) -> None:
    # 0.50 / (5.50 - 0.50) = 10 %; 0.40 / (2.00 - 0.40) = 25 %
    assert messages(read(PUBLIC.format("0.50", "10.00", "0.40", "25.00"))) == ""
    wrong = messages(read(PUBLIC.format("0.50", "10.00", "0.40", "52.00")))
    assert "= 25.00%，报告为 52.00%" in wrong


def test_where_no_change_fits_the_table_another_amount_may_be_meant(read: Reader) -> None:
    report = read(PUBLIC.format("0.50", "17.00", "0.40", "52.00"))
    assert messages(report) == ""
    assert "句中没有写金额" in messages(report, "not_run")


def test_what_is_reserved_for_the_smallest_is_reserved_for_the_small(read: Reader) -> None:
    heading = "（二）政府采购支出情况"
    total = "2023年度政府采购金额（以合同签订为准）为480.00万元。"
    said = "面向中小企业预留政府采购项目采购金额{}万元，面向小微企业预留政府采购项目采购金额210.00万元。"
    assert told(read, heading, total, said.format("480.00")) == ""


ITEMS = """某市湿地中心2023年度部门决算
一般公共预算财政拨款支出决算表
部门：某市湿地中心 单位：万元
项目 本年支出合计 基本支出 项目支出
科目编码 科目名称
合计 96.00 60.00 36.00
211 节能环保支出 96.00 60.00 36.00
21101 环境保护管理事务 96.00 60.00 36.00
2110101 行政运行 60.00 60.00 0.00
2110104 生态环境保护宣传 12.00 0.00 12.00
2110105 环境保护法规、规划及标准 7.50 0.00 7.50
2110199 其他环境保护管理事务支出 16.50 0.00 16.50
注：本表反映部门本年度情况。
第三部分 2023年度部门决算情况说明
五、一般公共预算财政拨款支出决算情况说明
（三）一般公共预算财政拨款支出决算具体情况
1.节能环保支出（类）环境保护管理事务（款）行政运行（项），主要用于人员经费。年初预算为61.00万元，支出决算为60.00万元。
2.节能环保支出（类）环境保护管理事务（款）生态环境保护宣传（项），主要用于宣传。年初预算为11.00万元，支出决算为12.00万元。
3.节能环保支出（类）环境保护管理事务（款）环境保护法规、规划及标准（项），主要用于编制规划。年初预算为8.00万元，支出决算为{}万元。
4.节能环保支出（类）环境保护管理事务（款）其他环境保护管理事务支出（项），主要用于监测。年初预算为17.00万元，支出决算为16.50万元。
"""


def test_items_are_none_of_the_total(read: Reader) -> None:
    assert messages(read(ITEMS.format("7.50"))) == ""


@pytest.mark.skipif(ECOLOGY is None, reason="the report is not here")
def test_a_wrong_item_is_held_against_its_own_account() -> None:
    document = read_document(ECOLOGY)
    before = report_of(document)
    assert not breaks(before)["check_id"].str.contains("prose.a").any()
    figure = next(fact for fact in before.reading.prose if fact.printed == "7.50").figure
    found = breaks(report_of(edited(document, figure.start, figure.end, "7.05")))
    [wrong] = found.loc[found["check_id"].str.startswith("prose.a"), "message"]
    assert "应为 7.50" in wrong
    assert "环境保护法规、规划及标准" in wrong


BASIC = """某市湿地中心2023年度部门决算
一般公共预算财政拨款基本支出决算明细表
单位：某市湿地中心 单位：万元
人员经费 公用经费
经济分类
科目编码
科目名称 金额
经济分类
科目编码
科目名称 金额
301 工资福利支出 90.00 302 商品和服务支出 28.00
30101 基本工资 90.00 30201 办公费 11.00
30102 津贴补贴 0.00 30202 印刷费 2.00
30103 奖金 0.00 30205 水费 0.00
30107 绩效工资 0.00 30207 邮电费 3.00
30113 住房公积金 0.00 30211 差旅费 4.00
30199 其他工资福利支出 0.00 30299 其他商品和服务支出 8.00
人员经费合计 90.00 公用经费合计 28.00
注：本表反映部门本年度基本支出情况。
第三部分 2023年度部门决算情况说明
六、一般公共预算财政拨款基本支出决算情况说明
公用经费28.00万元，主要包括：办公费、印刷费、水费、邮电费、{}。
"""


def test_the_last_two_accounts_of_a_list_can_be_joined_by_and(read: Reader) -> None:
    found = messages(read(BASIC.format("差旅费和其他商品和服务支出")))
    assert "“主要包括”水费，表中空白或为零" in found


FUND = """某市水务局2022年度部门决算
政府性基金预算财政拨款收入支出决算表
部门：某市水务局 金额单位：万元
项目 年初结转和结余 本年收入 本年支出 年末结转和结余
科目编码 科目名称 小计 基本支出 项目支出
合计 58.00 509.00 567.00 0.00 567.00 0.00
212 城乡社区支出 58.00 509.00 567.00 0.00 567.00 0.00
注：本表反映部门本年度情况。
第三部分 2022年度部门决算情况说明
八、政府性基金预算财政拨款收入支出决算情况说明
2022年度政府性基金预算财政拨款年初结转和结余58.00万元，收入决算509.00万元，支出决算{}万元。
"""


def test_the_words_just_before_an_amount_say_which_total_it_is(read: Reader) -> None:
    assert messages(read(FUND.format("567.00"))) == ""
    assert "576.00" in messages(read(FUND.format("576.00")))


# ---- one error, one finding --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(QINGYUAN)


@pytest.fixture(scope="module")
def known(document: Document) -> frozenset[str]:
    return frozenset(breaks(report_of(document))["check_id"])


TABLES = ("expenditure", "general_budget_expenditure")


def rewritten(document: Document, instead: Callable[[Fact], str | None]) -> Report:
    """The report with other characters in some cells."""
    facts = [fact for fact in report_of(document).reading.facts if fact.figure.table in TABLES]
    for fact in reversed(facts):
        if (text := instead(fact)) is not None:
            document = edited(document, fact.figure.start, fact.figure.end, text)
    return report_of(document)


def planted(
    document: Document, tables: Iterable[str], codes: Iterable[str], amounts: dict[str, str]
) -> Report:
    where = set(tables), set(codes)
    return rewritten(
        document,
        lambda fact: (
            amounts.get(fact.printed)
            if fact.figure.table in where[0] and fact.figure.code in where[1]
            else None
        ),
    )


CARRIED = [
    pytest.param(TABLES, ("20199", "2019999"), {"255.91": "25.91"}, "25.91", "255.91", id="a digit lost everywhere"),
    pytest.param(TABLES[1:], ("20199", "2019999"), {"255.91": "25.91"}, "25.91", "255.91", id="a digit lost"),
    pytest.param(TABLES, ("2080505",), {"51.05": "51.50"}, "51.50", "51.05", id="two digits swapped"),
    pytest.param(TABLES[1:], ("2013199",), {"2.01": "20.1"}, "20.1", "2.01", id="a point moved"),
    pytest.param(TABLES[:1], ("2080505",), {"51.05": "35.45"}, "35.45", "51.05", id="a row copied"),
    pytest.param(
        TABLES[:1],
        ("201", "20103", "2010399"),
        {"2,469.07": "2,496.07", "3,039.15": "3,066.15", "3,297.07": "3,324.07", "2,726.98": "2,753.98"},
        "2,496.07",
        "2,469.07",
        id="carried into the sums",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "codes", "amounts", "wrong", "right"), CARRIED)
def test_an_error_that_is_carried_on_is_one_finding(
    document: Document,
    known: frozenset[str],
    tables: tuple[str, ...],
    codes: tuple[str, ...],
    amounts: dict[str, str],
    wrong: str,
    right: str,
) -> None:
    found = breaks(planted(document, tables, codes, amounts))
    [new] = found[~found["check_id"].isin(known)].to_dict("records")
    told = f"印错：{re.escape(wrong)} 万元 应为 {re.escape(right)} 万元（第\\d+行）"
    assert re.search(told, new["message"])
    assert new["consequences"]


DIGIT_LOST = """某市河东街道办事处2023年度部门决算
一般公共预算财政拨款支出决算表
部门：某市河东街道办事处 单位：万元
项目 本年支出合计 基本支出 项目支出
科目编码 科目名称
栏次 1 2 3
合计 9,310.46 3,847.13 5,463.33
208 社会保障和就业支出 395.52 395.52 0.00
20805 行政事业单位养老支出 395.52 395.52 0.00
2080505 机关事业单位基本养老保险缴费支出 395.52 395.52 0.00
212 城乡社区支出 8,914.94 351.62 5,463.32
21201 城乡社区管理事务 8,914.94 351.62 5,463.32
2120101 行政运行 1,250.40 1,250.40 0.00
2120104 城管执法 7,664.54 2,201.22 5,463.32
注：本表反映部门本年度一般公共预算财政拨款支出情况。
第三部分 2023年度部门决算情况说明
一、机关运行经费支出情况
2023年度机关运行经费支出60.00万元。
"""


def test_of_values_that_rounding_leaves_the_one_that_lost_a_digit_is_told(
    read: Callable[[str], Report],
) -> None:
    """The row leaves 3,451.62, the total, whose addends are rounded, 3,451.61."""
    [message] = breaks(read(DIGIT_LOST))["message"]
    assert "351.62 万元 应为 3,451.62 万元" in message


def test_a_figure_that_repeats_the_row_above_is_told(document: Document) -> None:
    report = planted(document, TABLES[1:], ("2080505",), {"51.05": "35.45"})
    assert "与“行政单位离退休”一行的数相同" in messages(report)


@pytest.mark.parametrize("rows", [1, 2, -1])
def test_rows_that_are_shifted_are_one_finding(
    document: Document, known: frozenset[str], rows: int
) -> None:
    table = "general_budget_expenditure"
    facts = [fact for fact in report_of(document).reading.facts if fact.figure.table == table]
    codes = list(dict.fromkeys(fact.figure.code for fact in facts if fact.figure.code))
    first = codes.index("20805")
    printed = {(fact.figure.code, fact.column): fact.printed for fact in facts}

    def instead(fact: Fact) -> str | None:
        code = fact.figure.code
        if fact.figure.table != table or code is None:
            return None
        at, start = codes.index(code), first + (1 if rows < 0 else 0)
        if at < start or at + rows >= len(codes):
            return None
        return printed[codes[at + rows], fact.column]

    report = rewritten(document, instead)
    found = breaks(report)
    [new] = found[~found["check_id"].isin(known)].to_dict("records")
    assert new["check_id"].startswith("shifted:general_budget_expenditure/208")
    assert f"印{'高' if rows > 0 else '低'} {abs(rows)} 行" in new["message"]
    assert len(new["consequences"]) >= 10
    moved = {fact.row for fact in report.reading.facts if fact.figure.table == table}
    assert len(report.checks.disputed & moved) >= 10


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("table", ["income", "general_budget_expenditure"])
def test_where_rows_are_shifted_is_found_by_sums_alone_too(
    document: Document, table: str, rows: int
) -> None:
    """The accounts of income stand in no other table, those of appropriations do."""
    ledger = Ledger(report_of(document).reading)
    printed = moved_by(ledger.sheets[table], [Stretch(8, -rows)])
    assert stretches_of(ledger.with_sheet(printed), printed) == [Stretch(8, rows)]


def test_slips_of_the_hand() -> None:
    assert Decimal("255.91") in slips(Decimal("25.91"))
    assert Decimal("51.05") in slips(Decimal("51.50"))
    assert Decimal("2.01") in slips(Decimal("20.01"))
    assert Decimal("51.50") not in slips(Decimal("51.50"))
    assert slips(Decimal("9" * 30)) == frozenset()


BUDGETS = """某市水务局2023年度部门决算
财政拨款“三公”经费支出决算表
部门：某市水务局\t\t\t金额单位：万元
项目\t年初预算数\t全年预算数\t决算数
合计\t9.00\t8.00\t7.00
因公出国（境）费\t0.00\t0.00\t0.00
公务用车购置及运行维护费\t6.00\t5.00\t5.00
公务用车购置费\t0.00\t0.00\t0.00
公务用车运行维护费\t6.00\t5.00\t5.00
公务接待费\t3.00\t3.00\t2.00
第三部分 2023年度部门决算情况说明
八、财政拨款“三公”经费支出决算情况说明
2023年度“三公”经费全年预算为8.00万元，支出决算为7.00万元。
"""


@pytest.mark.parametrize(
    ("said", "status"),
    [("全年预算为8.00", "exact"), ("年初预算为9.00", "exact"), ("全年预算为9.00", "break")],
)
def test_the_budgets_of_the_beginning_and_of_the_whole_year_are_two(
    read: Reader, said: str, status: str
) -> None:
    report = read(BUDGETS.replace("全年预算为8.00", said))
    assert report.meta["three_public"] == {
        "money": "all appropriations",
        "budget": "initial and adjusted",
    }
    checks = report.check()
    held = checks[checks["check_id"].str.startswith("prose.budget")]
    assert list(held["status"]) == [status]


# ---- many errors in one table -----------------------------------------------------------------------------------

STREET = (Path(__file__).parent / "reconciliation" / "shandong_street.txt").read_text("utf-8")
LEAVES = {
    "2070109 群众文化 41.29": "42.29",
    "2080208 基层政权建设和社区治理 310.18": "301.18",
    "2100717 计划生育服务 14.63": "14.93",
    "2120501 城乡社区环境卫生 810.72": "801.72",
    "2130126 农村社会事业 1012.89": "1021.89",
    "2210201 住房公积金 101.11": "110.11",
}


def _general(change: Callable[[str], str]) -> str:
    start, end = STREET.index("公开05表"), STREET.index("公开06表")
    return STREET[:start] + change(STREET[start:end]) + STREET[end:]


def test_errors_that_each_have_a_cell_of_their_own_are_findings(read: Reader) -> None:
    def wrong(table: str) -> str:
        for row, instead in LEAVES.items():
            assert table.count(row) == 1
            table = table.replace(row, f"{row.rsplit(' ', 1)[0]} {instead}")
        return table

    found = breaks(read(_general(wrong)))
    assert len(found) == len(LEAVES)
    for (row, instead), message in zip(LEAVES.items(), found["message"], strict=True):
        right = f"{Decimal(row.rsplit(' ', 1)[1]):,}"
        assert f"：{instead} 万元 应为 " in message
        assert f"应为 {right}" in message


@pytest.mark.parametrize("columns", [(1, 2), (2, 3)])
def test_a_table_that_is_wrong_throughout_is_read_wrongly_and_so_is_what_the_prose_says_of_it(
    read: Reader, columns: tuple[int, int]
) -> None:
    def swapped(table: str) -> str:
        lines = table.split("\n")
        rows = [at for at, line in enumerate(lines) if re.match(r"\d{3,7} ", line)]
        for at in rows[::2]:
            cells = lines[at].rsplit(" ", 3)
            one, two = columns
            cells[one], cells[two] = cells[two], cells[one]
            lines[at] = " ".join(cells)
        return "\n".join(lines)

    report = read(_general(swapped))
    assert breaks(report).empty
    assert "可能读错了行列" in messages(report, "not_run")


# ---- tables that are not there -----------------------------------------------------------------------------------

WITHOUT_SUMMARY = """某市盐务局2023年度部门决算
收入支出决算总表
部门：某市盐务局 金额单位：万元
财政拨款收入支出决算总表
部门：某市盐务局 金额单位：万元
收入 支出
项目 决算数 项目 合计 一般公共预算财政拨款
一、一般公共预算财政拨款 80.00 一、商业服务业等支出 80.00 80.00
本年收入合计 80.00 本年支出合计 80.00 80.00
总计 80.00 总计 80.00 80.00
注：本部门没有国有资本经营预算财政拨款支出，故本表无数据。
第三部分 2023年度部门决算情况说明
一、收入决算情况说明
本年收入合计100.00万元，其中：财政拨款收入80.00万元，占80.00%；事业收入20.00万元，占20.00%。
五、一般公共预算财政拨款支出决算情况说明
一般公共预算财政拨款支出80.00万元，占本年支出合计的{}%。
"""


def test_a_title_without_a_table_is_no_table_of_blanks(read: Reader) -> None:
    report = read(WITHOUT_SUMMARY.format("80.00"))
    unread = report.meta["unread_tables"]
    assert isinstance(unread, dict)
    assert "expected a table below its title" in unread["income_expenditure_summary"]
    assert breaks(report).empty


def test_the_total_of_appropriations_stands_in_for_no_total_that_is_not_there(read: Reader) -> None:
    report = read(WITHOUT_SUMMARY.format("80.00"))
    assert "“本年支出合计”的数额" in messages(report, "not_run")
    whole = read(WITHOUT_SUMMARY.format("100.00"))  # where it fits, it is that total
    checks = whole.check()
    shares = checks[checks["check_id"].str.contains("prose.share:一般公共预算")]
    assert shares["status"].tolist() == ["exact"]


def test_a_note_of_other_money_is_that_of_another_table(read: Reader) -> None:
    checks = read(WITHOUT_SUMMARY.format("80.00")).check()
    assert not checks["check_id"].str.contains("words.empty_table").any()
    noted = WITHOUT_SUMMARY.replace("没有国有资本经营预算财政拨款支出，故", "")
    status = (c := read(noted).check())[c["check_id"].str.contains("words.empty_table")]["status"]
    assert status.tolist() == ["not_run"]
