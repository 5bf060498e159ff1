"""What a careful reader sees without computing, each as one finding; and what looks like it and is none.

``oversights/report.txt`` is an invented report without a contradiction. Each line of ``planted.csv`` is one change of
it: ``instead`` of what is ``printed`` there first gives one finding, of the identity ``check``, or none where that is
empty. ``kind`` numbers the kinds of oversights. ``said_rightly.txt`` are sentences that contradict nothing.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from reports import Reader, breaks

from qy_finance import Report
from qy_finance.checks.cells import table_checks
from qy_finance.checks.ledger import Ledger, LedgerTable
from qy_finance.checks.model import Check, NotRun, Status
from qy_finance.checks.oversights import oversights
from qy_finance.checks.unread import unread_checks

FOLDER = Path(__file__).parent / "oversights"
REPORT = (FOLDER / "report.txt").read_text(encoding="utf-8")

pytestmark = [
    pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning"),
    pytest.mark.filterwarnings("ignore::qy_finance.errors.IdentityWarning"),
]


def planted() -> list[object]:
    with (FOLDER / "planted.csv").open(encoding="utf-8", newline="") as lines:
        rows = enumerate(csv.DictReader(lines), start=2)
        return [pytest.param(row, id=f"{row['kind']}-{number}") for number, row in rows]


def test_the_report_has_no_contradiction(read: Reader) -> None:
    assert breaks(read(REPORT))["message"].tolist() == []


@pytest.mark.parametrize("row", planted())
def test_an_oversight_is_one_finding(read: Reader, row: dict[str, str]) -> None:
    assert row["printed"] in REPORT
    found = breaks(read(REPORT.replace(row["printed"], row["instead"], 1)))
    kinds = [name.split(":")[0] for name in found["check_id"]]
    assert kinds == [row["check"]] * bool(row["check"]), found["message"].tolist()


PLACES = (
    "主要原因是救助提标。",
    "养老机构补助。",
    "96人次。",
    "主要原因是办公费增加。",
    "总额的100%。",
)


@pytest.mark.parametrize("place", PLACES)
def test_what_only_looks_like_an_oversight_is_none(read: Reader, place: str) -> None:
    """Each line of ``said_rightly.txt`` by itself, behind a sentence of the report."""
    assert REPORT.count(place) == 1
    accused = {}
    for said in (FOLDER / "said_rightly.txt").read_text(encoding="utf-8").splitlines():
        found = breaks(read(REPORT.replace(place, place + said)))
        if not found.empty:
            accused[said] = found["message"].tolist()
    assert accused == {}


def told(report: Report) -> str:
    [message] = breaks(report)["message"]
    return str(message)


@pytest.mark.parametrize(
    ("printed", "instead", "said"),
    [
        ("占1.05%。", "占1.05。", "“占1.05”缺百分号（第64行“…"),
        ("支出决算为1.60万元", "支出决算为1.60", "“公务接待费支出决算为1.60”缺单位"),
        ("2023年度收入合计", "203年度收入合计", "年份缺一位：“203年”（第64行“203年度收入合计950.00万元"),
        ("海东市民政局共有", "海东市民正局共有", "单位名称前后不一：“海东市民正局”，报告的单位是“海东市民政局”"),
        ("海东市民政局组织", "海东市财政局组织", "单位名称前后不一：“海东市财政局”"),
        ("比2022年度增加5", "比2021年度增加5", "所比的年度应为 2022 年，报告写“比2021年度增加”"),
        ("（款）老年福利", "（款）儿童福利", "表中没有科目“儿童福利”，应为“老年福利”"),
        ("社会福利（款）", "民政管理事务（款）", "“老年福利（项）”在表中属于“社会福利（款）”，不属于“民政管理"),
        ("（款）老年福利", "（款）社会福利", "表中“社会福利”是款，不是项；该数的项为“老年福利”"),
        ("3.卫生健康支出", "3.医疗卫生与计划生育支出", "“医疗卫生与计划生育支出”是旧名称，2019年起为“卫生健康支出”"),
        ("2023年度“三公”", "2023年度三公”", "引号不成对，缺前引号"),
        ("（不含车辆）0台", "（不含车辆0台", "括号不成对，缺后括号"),
    ],
)  # fmt: skip
def test_the_finding_says_what_is_wrong_and_where(
    read: Reader, printed: str, instead: str, said: str
) -> None:
    assert said in told(read(REPORT.replace(printed, instead, 1)))


def test_an_account_of_a_fund_is_none_of_another_budget_that_has_the_same_amount(
    read: Reader,
) -> None:
    name = "住房保障支出（类）棚户区改造（款）老旧楼宇（项）"
    said = f"政府性基金中：\n{name}60.00万元。"
    text = REPORT.replace("96人次。", f"96人次。\n八、政府性基金预算支出情况\n{said}")
    assert breaks(read(text)).empty


def test_an_item_that_has_no_row_is_counted_as_not_checked_though_it_is_stated_twice(
    read: Reader,
) -> None:
    name = "其他支出（类）其他支出（款）烟花管控（项）"
    said = f"（五）其他支出情况\n{name}7.30万元，年初预算为8.00万元，支出决算为7.30万元。"
    checks = read(REPORT.replace("总额的100%。", f"总额的100%。\n{said}")).check()
    of_item = checks[checks["check_id"].str.contains("烟花管控")]
    status = of_item["check_id"].str.split(":").str[0] + " " + of_item["status"]
    assert set(status) == {"prose.restated exact", "prose.account not_run", "prose.alone not_run"}


def test_an_account_that_many_items_name_wrongly_is_one_finding(read: Reader) -> None:
    text = REPORT.replace("社会保障和就业支出（类）", "社会保险支出和就业服务（类）")
    assert text.count("社会保险支出和就业服务（类）") == 2
    message = told(read(text))
    assert "表中没有科目“社会保险支出和就业服务”，应为“社会保障和就业支出”" in message
    assert "340.00" in message
    assert "200.00" in message


@pytest.mark.parametrize(
    ("total", "item", "check"),
    [
        ("支出60.00万元，支出具体情况如下：", "60.00万元，年初预算为0.00万元，支出决算为60.00万元。", []),
        ("支出60.00万元，支出具体情况如下：", "65.00万元，年初预算为0.00万元，支出决算为65.00万元。", ["prose.listed"]),
        ("支出60.00万元，支出具体情况如下：", "55.00万元。", ["prose.listed"]),
        ("支出60.00万元，其中：", "65.00万元。", ["prose.listed"]),
        ("支出60.00万元，其中：", "55.00万元。", []),
        ("支出收入60.00万元，支出具体情况如下：", "65.00万元。", ["prose.listed", "words.residue"]),
    ],
)  # fmt: skip
def test_the_items_of_a_fund_are_its_total(
    read: Reader, total: str, item: str, check: list[str]
) -> None:
    """Without its table: items beyond the total contradict it, fewer only where they are said to be all."""
    name = "其他支出（类）彩票公益金安排的支出（款）用于社会福利的彩票公益金支出（项）"
    heading = "五、财政拨款“三公”经费支出决算情况说明"
    section = "五、政府性基金预算财政拨款收入支出决算情况说明\n"
    said = f"2023年度政府性基金预算财政拨款收入60.00万元，{total}\n{name}{item}\n六"
    found = breaks(read(REPORT.replace(heading, f"{section}{said}{heading[1:]}")))
    assert [name.split(":")[0] for name in found["check_id"]] == check, found["message"].tolist()


def test_where_a_report_never_prints_the_unit_no_figure_is_accused(read: Reader) -> None:
    prose = REPORT.index("第三部分 2023年度部门决算情况说明\n一、")
    text = REPORT[:prose] + REPORT[prose:].replace("万元", "")
    report = read(text)
    assert "unread.amount" not in " ".join(breaks(report)["check_id"])
    ledger = report.checks.ledger
    made = list(unread_checks(ledger, report.checks.passages))
    amounts = [one for one in made if one.identity.id == "unread.amount"]
    assert len(amounts) > 5
    assert all(isinstance(one, NotRun) for one in amounts)


def test_what_is_not_understood_for_another_reason_accuses_nobody(read: Reader) -> None:
    text = REPORT.replace(
        "主要原因是救助提标。", "主要原因是救助提标，增加3.20某某，另有7.35之多。"
    )
    report = read(text)
    unknown = report.unclaimed()
    assert unknown.loc[unknown["reason"] == "unknown", "printed"].tolist() == ["3.20", "7.35"]
    assert breaks(report).empty


def test_a_straight_quotation_mark_may_be_either_half(read: Reader) -> None:
    assert breaks(read(REPORT.replace("“三公”经费财政", '“三公"经费财政', 1))).empty


def test_a_quotation_over_several_paragraphs_is_closed_in_the_last(read: Reader) -> None:
    text = REPORT.replace("主要原因是救助提标。", "主要原因是“救助提标。").replace(
        "其他收入10.00万元，占1.05%。", "其他收入10.00万元，占1.05%。”"
    )
    assert breaks(read(text)).empty


def test_two_items_may_serve_one_purpose(read: Reader) -> None:
    text = REPORT.replace("主要用于养老机构补助。", "主要用于保障正常运转和人员开支。").replace(
        "主要用于职工医疗保险。", "主要用于保障正常运转和人员开支。"
    )
    assert breaks(read(text)).empty


def test_a_set_phrase_is_no_finding_unless_the_same_zeros_are_called_incomparable(
    read: Reader,
) -> None:
    others = "比上年增加1.60万元，增长--（基数为0，不可比）。"
    text = REPORT.replace("比上年增加0.60万元，增长60.00%。", others)
    assert breaks(read(text)).empty  # there is something this year
    zeros = "国有资本经营预算财政拨款支出0.00万元，比上年增加0.00万元，增长--（基数为0，不可比）。"
    found = breaks(read(text.replace(others, others + zeros)))
    assert found["check_id"].tolist() == ["prose.zero_base"]


@pytest.mark.parametrize("says", ["2022年未发生公务接待", "上年没有公务接待费支出"])
def test_what_there_was_none_of_last_year_may_be_there_this_year(read: Reader, says: str) -> None:
    text = REPORT.replace("国内公务接待12批次", f"{says}。国内公务接待12批次")
    assert breaks(read(text)).empty


def test_a_share_of_what_is_not_said_may_be_of_the_whole_before_the_one_that_was_divided(
    read: Reader,
) -> None:
    says = (
        "全年支出按用途分，其中：甲类支出12.00万元，占总额的80%，其中乙类支出12.00万元；"
        "丙类支出3.00万元，占20%。"
    )
    assert breaks(read(REPORT.replace("主要原因是救助提标。", says))).empty


def test_a_change_behind_a_part_may_be_that_of_the_whole(read: Reader) -> None:
    says = "收、支总计970.00万元，其中年初结转和结余20.00万元，较2022年增加70.00万元，增长7.78%。"
    sentence = "海东市民政局2023年度收、支总计970.00万元。"
    assert sentence in REPORT
    assert breaks(read(REPORT.replace(sentence, f"海东市民政局2023年度{says}"))).empty


@pytest.mark.parametrize(
    "parts",
    [
        "其中基本支出500.00万元，占总支出的56.82%；项目支出380.00万元，占总支出的43.18%。",
        "主要用于：社会保障和就业支出820.00万元，占93.18%；卫生健康支出60.00万元，占6.82%。",
    ],
)
def test_a_change_that_does_not_say_of_what_may_be_that_of_the_total(
    read: Reader, parts: str
) -> None:
    total = "一般公共预算财政拨款支出880.00万元。"
    report = read(REPORT.replace(total, f"{total.removesuffix('。')}，{parts}"))
    assert breaks(report).empty
    wrong = read(
        REPORT.replace(total, f"{total.removesuffix('。')}，{parts}").replace("4.76", "4.96")
    )
    assert breaks(wrong)["check_id"].str.startswith("prose.growth").tolist() == [True]


def test_a_rate_may_be_held_against_the_one_behind_it(read: Reader) -> None:
    says = "平均接通率98.78%，比上半年平均接通率98.12%高出{}个百分点。"
    right = REPORT.replace("主要原因是救助提标。", says.format("0.66"))
    assert breaks(read(right)).empty
    wrong = REPORT.replace("主要原因是救助提标。", says.format("0.76"))
    assert breaks(read(wrong))["check_id"].str.startswith("prose.rise").tolist() == [True]


def test_a_word_of_another_thing_is_no_whole_smaller_than_its_part(read: Reader) -> None:
    text = REPORT.replace("占一般公共预算项目支出总额的100%", "占项目支出总额的99.5%").replace(
        "（四）预算绩效情况说明\n", "（四）预算绩效情况说明\n项目执行数为91.20万元。\n"
    )
    assert "prose.share" not in " ".join(breaks(read(text))["check_id"])


# ---- tables -----------------------------------------------------------------------------------------------------

TRAVEL = REPORT.replace(
    "30217 公务接待费 1.60", "30212 因公出国（境）费用 6.18\n30217 公务接待费 1.60"
)
BLANK = "决算数/因公出国（境）费"


@pytest.mark.parametrize(
    ("total", "status"), [("9.60", Status.BREAK), ("15.78", Status.NOT_RUN)]
)  # fmt: skip
def test_a_blank_is_zero_where_the_total_is_complete_without_it(
    read: Reader, total: str, status: Status
) -> None:
    row = "9.60 0.00 8.00 0.00 8.00 1.60"
    assert row in TRAVEL
    ledger = read(TRAVEL.replace(row, f"{total}{row[4:]}")).checks.ledger
    sheet = ledger.sheets["three_public"]
    facts = [one for some in sheet.cells.values() for one in some if one.column != BLANK]
    made = table_checks(ledger.with_sheet(LedgerTable("three_public", facts)))
    [travel] = [one for one in made if one.identity.id == "between.travel"]
    assert travel.status is status
    if isinstance(travel, Check):
        assert str(travel.rule.formula()) == (
            "基本支出表“因公出国（境）费用” 6.18 > 三公表“因公出国（境）费” 空白"
        )


def test_a_cell_that_was_not_read_proves_nothing(read: Reader) -> None:
    report = read(TRAVEL)
    ledger = report.checks.ledger
    sheet = ledger.sheets["three_public"]
    [row] = sheet.rows
    reading = replace(report.checks.reading, unknown=frozenset({("three_public", *row, BLANK)}))
    facts = [one for some in sheet.cells.values() for one in some if one.column != BLANK]
    again = Ledger(reading).with_sheet(LedgerTable("three_public", facts))
    [travel] = [one for one in table_checks(again) if one.identity.id == "between.travel"]
    assert travel.status is Status.NOT_RUN


BASIC = """301 工资福利支出 430.00 302 商品和服务支出 60.00
30101 基本工资 430.00 30201 办公费 40.00
303 对个人和家庭的补助 10.00 30217 公务接待费 1.60
30305 生活补助 10.00 30231 公务用车运行维护费 8.00
30299 其他商品和服务支出 10.40
"""
WIDE = """301 工资福利支出 430.00 302 商品和服务支出 60.00
30101 基本工资 {} 30201 办公费 40.00
30102 津贴补贴 {} 30217 公务接待费 1.60
30103 奖金 {} 30231 公务用车运行维护费 8.00
303 对个人和家庭的补助 {} 30299 其他商品和服务支出 10.40
30305 生活补助 {}
"""


def test_amounts_shifted_within_one_side_are_one_finding(read: Reader) -> None:
    assert BASIC in REPORT
    right = REPORT.replace(BASIC, WIDE.format("250.50", "120.30", "59.20", "10.00", "10.00"))
    assert breaks(read(right)).empty
    low = REPORT.replace(BASIC, WIDE.format("430.00", "250.50", "120.30", "59.20", "10.00"))
    found = breaks(read(low))
    assert [name.split(":")[0] for name in found["check_id"]] == ["shifted"]
    assert "印低 1 行" in found["message"].iloc[0]
    assert len(found["consequences"].iloc[0]) == 3


def test_the_data_of_oversights_has_no_pattern_that_matches_nothing_at_all() -> None:
    data = oversights()
    assert data.unread.percent.search("其他收入10.00万元，占")
    assert data.unread.amount.search("支出决算为")
    assert not data.unread.ends.match("，3.40万元")
    assert data.mark.ordinal.search("：1）救助")
    assert not data.mark.ordinal.search("（一）")
