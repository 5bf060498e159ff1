"""What a report discloses, and how much of it was checked: invented reports, expected values typed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from plain import plain

import qy_finance
from qy_finance import contract
from qy_finance.analysis.coverage import Coverage, Share, coverage
from qy_finance.analysis.disclosures import disclosures
from qy_finance.analysis.reconciliation import Reconciliation
from qy_finance.foremost import foremost
from qy_finance.form import final_accounts
from qy_finance.publish.index import index_page
from qy_finance.publish.manifest import Manifest
from qy_finance.report import Report
from qy_finance.text import disclosures as disclosed
from qy_finance.text import reconciliation as text

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

QINGYUAN = next((Path(__file__).parents[1] / "data" / "raw" / "2022").glob("*.txt"))
TOPICS = [topic.id for topic in final_accounts().disclosures.topic]

THREE = "七、财政拨款“三公”经费支出决算情况说明"
PROCUREMENT = "（二）政府采购支出情况"
ASSETS = "（三）国有资产占用情况"


def written(folder: Path, *lines: str) -> Report:
    """A report of prose alone, a paragraph a line."""
    head = (
        "清水县林业局2023年度部门决算", "第三部分 2023年度部门决算情况说明", "一、收入支出决算总体情况说明",
        "清水县林业局2023年度收入总计9.00万元，支出总计9.00万元。",
    )  # fmt: skip
    file = folder / "report.txt"
    file.write_text("\n\n".join((*head, *lines)) + "\n", encoding="utf-8")
    return qy_finance.read_report(file)


def told(report: Report) -> Any:
    return report.disclosures().set_index("topic")


# --- the report of the repository ----------------------------------------------------------------

STATED = {
    "three_public": 2.52, "three_public.vehicles": 1.89, "three_public.running": 1.89,
    "three_public.kept": 1, "three_public.reception": 0.63, "three_public.receptions": 8,
    "three_public.guests": 61, "operating": 62.7, "procurement": 2915.76,
    "procurement.goods": 122.8, "procurement.services": 2792.96, "procurement.sme": 2792.96,
    "procurement.sme_share": 95.8, "procurement.small": 122.8, "procurement.small_share": 4.2,
    "assets.vehicles": 1,
}  # fmt: skip
ZERO = {
    "table.state_capital", "three_public.abroad", "three_public.abroad_groups",
    "three_public.abroad_persons", "three_public.purchase", "three_public.bought",
    "procurement.works", "assets.equipment",
}  # fmt: skip


def test_each_topic_of_the_first_report() -> None:
    frame = told(qy_finance.read_report(QINGYUAN))
    assert list(frame.index) == TOPICS
    status = frame["status"]
    assert set(status.index[status == "zero"]) == ZERO
    assert set(status.index[status == "absent"]) == {"three_public.reception_change"}
    assert set(status.index[status == "none stated"]) == {"note.state_capital"}
    nothing = {"note.government_fund", "note.three_public", "three_public.abroad_change"}
    assert set(status.index[status == "n/a"]) == nothing
    values = frame.loc[frame["value"].notna() & (status == "stated"), "value"]
    assert values.to_dict() == STATED
    assert frame.loc["three_public.guests", "line"] == 1246
    assert frame.loc["three_public.guests", "quote"] == "发生国内接待8次，接待人数共61人。"
    assert frame.loc["three_public.reception_change", "note"] == "只说明了合计的原因"
    assert frame.loc["three_public.vehicles_change", "quote"].endswith("车辆使用增加。")


def test_figures_of_topics_are_those_of_the_observations() -> None:
    report = qy_finance.read_report(QINGYUAN)
    ids = set(report.observations["figure"])
    frame = told(report)
    assert all(set(named) <= ids for named in frame["observations"])
    first = frame.loc["procurement.works", "observations"][0]
    assert report.observation(first).place == "第1266行"
    kinds = contract.columns("disclosures") | {"observations": "object"}
    assert {name: str(kind) for name, kind in report.disclosures().dtypes.items()} == kinds
    assert frame.attrs["contract"] == qy_finance.CONTRACT


SHORT = "全年因公出国（境）团组2个，人数5人，国内公务接待批次3个，人数28人。"

# --- figures in the words of other reports -------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "topic", "status", "value"),
    [
        ("全年安排因公出国（境）团组3个，累计7人次。", "three_public.abroad_groups", "stated", 3),
        ("全年安排因公出国（境）团组3个，累计7人次。", "three_public.abroad_persons", "stated", 7),
        ("参加国际会议团组2个，共计5人次。", "three_public.abroad_groups", "stated", 2),
        (SHORT, "three_public.abroad_groups", "stated", 2),
        (SHORT, "three_public.abroad_persons", "stated", 5),
        (SHORT, "three_public.receptions", "stated", 3),
        (SHORT, "three_public.guests", "stated", 28),
        ("2023年更新公务用车2辆。", "three_public.bought", "stated", 2),
        ("公务用车购置数0辆。", "three_public.bought", "zero", 0),
        ("本单位2023年没有购置公务用车。", "three_public.bought", "none stated", None),
        ("开支财政拨款的公务用车保有量为6辆。", "three_public.kept", "stated", 6),
        ("2023年共接待国内来访团组12个、来宾80人次。", "three_public.receptions", "stated", 12),
        ("2023年共接待国内来访团组12个、来宾80人次。", "three_public.guests", "stated", 80),
        ("国内公务接待14批次，118人。", "three_public.receptions", "stated", 14),
        ("国内公务接待14批次，118人。", "three_public.guests", "stated", 118),
        ("公务用车购置费支出19.22万元。", "three_public.purchase", "stated", 19.22),
        ("公务用车运行维护费支出8.81万元。", "three_public.running", "stated", 8.81),
    ],
)  # fmt: skip
def test_three_public_in_words(
    sentence: str, topic: str, status: str, value: float | None, tmp_path: Path
) -> None:
    row = told(written(tmp_path, THREE, sentence)).loc[topic]
    assert row["status"] == status
    assert (None if pd.isna(row["value"]) else row["value"]) == value
    assert row["quote"] == sentence


def test_foreign_guests_are_no_domestic_receptions(tmp_path: Path) -> None:
    said = "公务接待费支出1.20万元，其中接待外宾1批次、4人次。"
    frame = told(written(tmp_path, THREE, said))
    assert frame.loc["three_public.receptions", "status"] == "n/a"
    assert frame.loc["three_public.receptions", "note"] == "报告提到了，没有读出数"
    assert pd.isna(frame.loc["three_public.guests", "value"])


def test_nothing_is_asked_of_what_was_not_spent(tmp_path: Path) -> None:
    said = "因公出国（境）费支出0.00万元；公务接待费支出0.00万元。"
    frame = told(written(tmp_path, THREE, said))
    assert frame.loc["three_public.abroad", "status"] == "zero"
    for topic in ("abroad_groups", "abroad_persons", "receptions", "guests"):
        assert frame.loc[f"three_public.{topic}", "status"] == "n/a", topic
    assert frame.loc["three_public.abroad_groups", "note"] == "因公出国（境）费为零"
    assert frame.loc["three_public.kept", "status"] == "absent"


def test_a_sentence_that_there_is_none_is_of_every_part(tmp_path: Path) -> None:
    frame = told(written(tmp_path, THREE, "清水县林业局2023年度无“三公”经费支出。"))
    parts = ("", ".abroad", ".vehicles", ".purchase", ".running", ".reception")
    assert {frame.loc[f"three_public{part}", "status"] for part in parts} == {"none stated"}
    assert frame.loc["three_public.kept", "note"] == "公务用车运行维护费写明没有"


def test_intangible_assets_are_not_nothing(tmp_path: Path) -> None:
    frame = told(written(tmp_path, ASSETS, "无形资产1.20万元，政府采购支出总额3.00万元。"))
    assert frame.loc["procurement", "status"] == "stated"
    assert frame.loc["procurement", "value"] == 3
    assert frame.loc["assets", "status"] == "stated"


def test_procurement_and_its_parts(tmp_path: Path) -> None:
    frame = told(written(
        tmp_path, PROCUREMENT,
        "政府采购支出总额40.00万元，其中：货物支出30.00万元、工程支出0.00万元、服务支出10.00万元。",
        "授予中小企业合同金额20.00万元，占政府采购支出总额的50%。",
    ))  # fmt: skip
    parts = {"": 40, ".goods": 30, ".works": 0, ".services": 10, ".sme": 20, ".sme_share": 50}
    for part, value in parts.items():
        assert frame.loc[f"procurement{part}", "value"] == value, part
    assert frame.loc["procurement.works", "status"] == "zero"
    assert frame.loc["procurement.small", "status"] == "absent"
    assert frame.loc["procurement.small_share", "status"] == "absent"
    bare = told(written(tmp_path, PROCUREMENT, "政府采购支出总额0.00万元。"))
    assert set(bare.loc["procurement.goods":"procurement.small_share", "status"]) == {"n/a"}


def test_reserved_projects_show_what_small_enterprises_had(tmp_path: Path) -> None:
    frame = told(written(
        tmp_path, PROCUREMENT,
        "政府采购金额为9.00万元。在面向中小企业预留的政府采购项目中，由中小企业供应商中标或成交的，采购金额7.00万元；"
        "在面向小微企业预留政府采购项目中，由小微企业供应商中标或成交的，采购金额2.00万元。",
    ))  # fmt: skip
    assert frame.loc["procurement.sme", "value"] == 7
    assert frame.loc["procurement.small", "value"] == 2
    assert frame.loc["procurement.sme_share", "status"] == "absent"


def test_what_is_outside_the_scope_of_running_costs_says_so(tmp_path: Path) -> None:
    said = "本单位不属于机关运行经费统计范围。"
    frame = told(written(tmp_path, "（一）机关运行经费支出情况", said))
    assert frame.loc["operating", "status"] == "none stated"
    assert frame.loc["operating", "quote"] == said
    assert frame.loc["operating.change", "status"] == "n/a"


def test_words_that_were_not_understood_are_not_absent(tmp_path: Path) -> None:
    frame = told(written(tmp_path, ASSETS, "截至年末共有车辆若干，详见资产报表。"))
    assert frame.loc["assets.vehicles", "status"] == "n/a"
    assert frame.loc["assets.vehicles", "note"] == "报告提到了，没有读出数"
    assert frame.loc["assets.equipment", "status"] == "absent"


# --- reasons -------------------------------------------------------------------------------------

TOTAL = "2023年度“三公”经费支出决算5.00万元，比上年增加1.00万元，增长25%。"
CARS = "公务用车购置及运行维护费支出4.00万元，比上年增加2.00万元，增长100%。"
GUESTS = "公务接待费支出1.00万元，比上年减少1.00万元，下降50%。"


@pytest.mark.parametrize(
    ("lines", "total", "cars", "guests"),
    [
        ((TOTAL + CARS + GUESTS,), "absent", "absent", "absent"),
        ((TOTAL + CARS + "主要原因是更新车辆。" + GUESTS,), "stated", "stated", "absent"),
        ((TOTAL + CARS + GUESTS + "主要原因是来访减少。",), "stated", "absent", "stated"),
        ((TOTAL + "主要原因是业务增加。" + CARS + GUESTS,), "stated", "absent", "absent"),
        ((TOTAL + "主要原因是用车增加。" + CARS + GUESTS,), "stated", "stated", "absent"),
        ((TOTAL + "主要原因是接待减少。" + CARS + GUESTS,), "stated", "absent", "absent"),
        ((TOTAL + CARS + GUESTS + "公务用车费用增加的原因是油价上涨。",), "stated", "stated", "absent"),
        ((TOTAL + CARS + GUESTS + "决算数小于预算数的主要原因是节约。",), "absent", "absent", "absent"),
        ((TOTAL + CARS + GUESTS + "主要用于接待来访，对象主要是同行。",), "absent", "absent", "absent"),
        ((TOTAL + CARS + GUESTS + "主要原因：",), "absent", "absent", "absent"),
    ],
)  # fmt: skip
def test_a_rise_or_fall_has_a_reason_of_its_own(
    lines: tuple[str, ...], total: str, cars: str, guests: str, tmp_path: Path
) -> None:
    status = told(written(tmp_path, THREE, *lines))["status"]
    assert status["three_public.change"] == total
    assert status["three_public.vehicles_change"] == cars
    assert status["three_public.reception_change"] == guests


def test_what_did_not_change_needs_no_reason(tmp_path: Path) -> None:
    frame = told(written(tmp_path, THREE, "公务接待费支出1.00万元，与上年持平。"))
    assert frame.loc["three_public.reception_change", "note"] == "没有增减"
    assert frame.loc["three_public.vehicles_change", "note"] == "没有写与上年的比较"


# --- tables, and what terms mean -----------------------------------------------------------------


def laid_out(folder: Path, *missing: str) -> Report:
    """The tables of an invented account, without some."""
    file = folder / "tables.txt"
    file.write_text(lay_out(SAMPLE, Options(), missing).text, encoding="utf-8")
    return qy_finance.read_report(file)


def test_a_table_is_there_or_was_not_found(tmp_path: Path) -> None:
    frame = told(laid_out(tmp_path, "income", "government_fund"))
    assert frame.loc["table.income", "status"] == "absent"
    assert frame.loc["table.expenditure", "status"] == "stated"
    assert frame.loc["table.expenditure", "observations"]


def test_a_table_that_cannot_be_read_is_not_absent(tmp_path: Path) -> None:
    file = tmp_path / "broken.txt"
    content = QINGYUAN.read_text(encoding="utf-8")
    row = " 合计 7,212.52 7,212.52 0.00 0.00 0.00 0.00 0.00"  # of the first of its pages
    file.write_text(content.replace(row, f"{row} 9.00", 1), encoding="utf-8")
    report = qy_finance.read_report(file)
    assert list(report.meta["unread_tables"]) == ["income"]  # type: ignore[call-overload]
    found = told(report).loc["table.income"]
    assert (found["status"], found["note"]) == ("n/a", "收入决算表在，但没有读出")


def test_tables_published_apart_are_not_absent(tmp_path: Path) -> None:
    frame = told(written(tmp_path, THREE, "公务接待费支出1.00万元。"))
    assert set(frame.loc[frame.index.str.startswith("table."), "status"]) == {"n/a"}
    assert "另行公开" in frame.loc["table.income", "note"]


def test_the_form_of_2019_has_no_table_of_state_capital(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    content = lay_out(SAMPLE, Options(), ("state_capital",)).text
    file.write_text(content.replace(str(SAMPLE.year), "2019"), "utf-8")
    row = told(qy_finance.read_report(file)).loc["table.state_capital"]
    assert (row["status"], row["note"]) == ("n/a", "2019 年的格式没有这张表")


def test_terms_show_nothing_and_contents_are_no_section(tmp_path: Path) -> None:
    frame = told(written(
        tmp_path, "第三部分 情况说明", "一、收入支出决算总体情况说明", "第四部分 名词解释",
        "第三部分 情况说明", "一、收入支出决算总体情况说明", "收入总计5.00万元。",
        "第四部分 名词解释", "一、机关运行经费：指用于购买货物和服务的各项资金，授予中小企业合同金额除外。",
    ))  # fmt: skip
    assert frame.loc["glossary", "status"] == "stated"
    assert frame.loc["operating", "status"] == "absent"
    assert frame.loc["procurement.sme", "status"] == "absent"
    empty = told(
        written(
            tmp_path,
            "第三部分 情况说明",
            "第四部分 名词解释",
            "第三部分 情况说明",
            "收入总计5.00万元。",
        )
    )
    assert empty.loc["glossary", "status"] == "absent"


def test_what_a_unit_is_for_shows_nothing(tmp_path: Path) -> None:
    frame = told(written(
        tmp_path, "一、主要职责", "（一）组织开展项目绩效自评，管理政府采购支出。",
        "二、收支情况", "收入总计5.00万元。",
    ))  # fmt: skip
    assert frame.loc["duties", "status"] == "stated"
    assert frame.loc["performance", "status"] == "absent"
    assert frame.loc["procurement", "status"] == "absent"


# --- how it is said ------------------------------------------------------------------------------


def test_the_sentence_comes_first_and_what_was_not_found_is_named() -> None:
    report = qy_finance.read_report(QINGYUAN)
    found = disclosures(report.checks)
    said = plain(disclosed.headline(found))
    assert said == (
        "应公开的 45 项中，35 项已公开，8 项为零，1 项写明没有，1 项未见。未见的是：公务接待费比上年增减的原因。"
        "另有 3 项在这里不适用，或无从判断。"
    )
    listed = plain(disclosed.listed(found, report.reading.document))
    assert listed.startswith("未见 1 项")
    assert "公务接待费比上年增减的原因 第1205行（只说明了合计的原因）" in listed
    assert "国内公务接待人数 61 人" in listed


def test_words_of_a_report_are_text(tmp_path: Path) -> None:
    said = "本单位无<script>alert(1)</script>政府性基金收支。"
    report = written(tmp_path, "八、政府性基金情况说明", said)
    listed = disclosed.listed(disclosures(report.checks), report.reading.document)
    assert "<script>" not in listed


# --- how sure -------------------------------------------------------------------------------------


def test_all_of_the_first_report_was_checked() -> None:
    found = qy_finance.read_report(QINGYUAN).coverage()
    assert found.items == Share(39, 39)
    assert found.numerals.part == found.numerals.whole == 1465
    assert found.identities.part == found.identities.whole
    assert not found.is_thin
    assert text.none_broken(found) == "没有一处不符"


def test_a_report_with_few_checks_does_not_look_clean(tmp_path: Path) -> None:
    report = written(tmp_path, THREE, "“三公”经费支出3.00万元，其中公务接待费1.00万元，占33.33%。")
    found = report.coverage()
    assert len(report.findings()) == 0
    assert found.is_thin
    assert found.items == Share(0, 4)
    assert "不能说报告没有矛盾" in text.none_broken(found)
    assert "不能说报告没有矛盾" in str(report.findings())
    shown = Reconciliation(report.checks)
    assert text.headline(shown).startswith("只核对了 ")
    assert text.on_figures(shown) == "核对了的里面，没有一处数字互相矛盾。"
    assert text.on_words(shown) == "核对了的里面，没有一处用语与数字不符。"
    told = foremost(report, None)
    page = index_page(
        [Manifest(tmp_path / "2023" / "x", "清水县林业局", 2023, "本级", told)], tmp_path
    )
    assert "只核对了" in page
    assert "核对了的没有矛盾，没有核对的不知道" in page
    assert ">没有矛盾<" not in page


def test_what_is_said_where_little_was_checked_or_read() -> None:
    few = Coverage(Share(3, 84), Share(5, 90), Share(0, 0), Share(60, 60))
    assert text.none_broken(few) == (
        "没有一处不符，但应有的 84 种关系只核对了 3 种（3.5%），不能说报告没有矛盾"
    )
    unread = Coverage(Share(84, 84), Share(90, 90), Share(9, 9), Share(30, 60))
    assert text.none_broken(unread) == (
        "没有一处不符，但全文 60 个数字只读懂了 30 个（50%），不能说报告没有矛盾"
    )
    assert plain(text.on_extent(few)) == (
        "应有的 84 种勾稽关系，核对了 3 种（3.5%）；全文 60 个数字，读懂了 60 个（100%）。"
    )


def test_numerals_that_nobody_understood_count_against_it(tmp_path: Path) -> None:
    report = written(tmp_path, THREE, "“三公”经费支出3.00万元。", "公务接待费狂降8万元。")
    reasons = list(report.unclaimed()["reason"])
    found = coverage(report.checks).numerals
    assert reasons.count("unknown") == 1
    assert found.whole - found.part == 1
    assert found.whole == len(report.observations) + len(reasons)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [(0, 0, "100%"), (3, 3, "100%"), (1999, 2000, "99.9%"), (1, 3, "33.3%"), (0, 7, "0%")],
)
def test_only_all_of_it_is_a_hundred_percent(part: int, whole: int, said: str) -> None:
    assert Share(part, whole).percent == said


def test_a_unit_tells_of_itself_without_a_heading_of_that_name(tmp_path: Path) -> None:
    frame = told(written(
        tmp_path, "一、单位概况",
        "清水县林业局贯彻执行国家林业的方针政策，内设办公室、规划股等6个股室，无下属单位。",
    ))  # fmt: skip
    assert frame.loc["duties", "status"] == "stated"
    assert frame.loc["structure", "status"] == "stated"
    assert frame.loc["glossary", "status"] == "absent"
