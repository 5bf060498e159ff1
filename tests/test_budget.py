"""Budget against account: values typed from the printed reports, other ways of saying it, what must not be joined."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from plain import plain

import qy_finance
from qy_finance.analysis.budget import Budget
from qy_finance.analysis.execution import stage_of
from qy_finance.charts import budget as charts
from qy_finance.contract import columns
from qy_finance.numbers import sources_of
from qy_finance.report import Report
from qy_finance.text import budget as text

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

HERE = Path(__file__).parent
REPORT = next((HERE.parent / "data" / "raw" / "2022").glob("*.txt"))
GENERAL, FUND = "一般公共预算财政拨款", "政府性基金预算财政拨款"
STORIES = (
    text.headline, text.by_fund, text.deviating, text.without_budget, text.agreement,
)  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    return qy_finance.read_report(REPORT)


def other(name: str) -> Report:
    return qy_finance.read_report(HERE / "reconciliation" / f"{name}.txt")


@pytest.fixture
def with_words(tmp_path: Path) -> Callable[[str, str, str], Report]:
    """A report with other words in one place."""

    def changed(name: str, old: str, new: str) -> Report:
        words = (HERE / "reconciliation" / f"{name}.txt").read_text(encoding="utf-8")
        assert len(re.findall(old, words)) == 1
        path = tmp_path / "report.txt"
        path.write_text(re.sub(old, lambda _: new, words), encoding="utf-8")
        return qy_finance.read_report(path)

    return changed


def row_of(found: pd.DataFrame, item: str) -> pd.Series:
    rows = found[found["item"] == item]
    assert len(rows) == 1, (item, list(found["item"]))
    return rows.iloc[0]


# ---- the first report --------------------------------------------------------------------------------------------


def test_what_was_planned_and_spent_of_each_fund(report: Report) -> None:
    found = report.budget()
    general = row_of(found, "一般公共预算财政拨款支出")
    assert (general["initial"], general["initial_basis"]) == (1353.77, "derived")
    assert (general["initial_low"], general["initial_high"]) == (1353.76, 1353.78)
    assert (general["final"], general["final_basis"], general["deviation"]) == (
        3472.22,
        "printed",
        2118.45,
    )
    assert (general["kind"], general["fund"], general["against"]) == ("fund", GENERAL, "initial")
    assert general["verdict"] == "相符"  # 156.5 % of 1,353.77
    assert general["reason"] == "本年增加清远市数据中心分节点；清远市政务云分节点等项目"
    fund = row_of(found, "政府性基金预算财政拨款支出")
    assert (fund["initial"], fund["initial_basis"], fund["final"]) == (0, "printed", 3740.53)
    assert fund["deviation"] == 3740.53
    assert pd.isna(general["adjusted"])
    assert pd.isna(general["budget"])


def test_public_expenses_are_against_the_adjusted_budget(report: Report) -> None:
    found = report.budget()
    public = found[found["kind"] == "three_public"].set_index("item")
    assert dict(public["adjusted"]) == {
        "“三公”经费": 2.52, "因公出国（境）费": 0.0, "公务用车购置及运行维护费": 1.89, "公务用车购置费": 0.0,
        "公务用车运行维护费": 1.89, "公务接待费": 0.63,
    }  # fmt: skip
    assert public["initial"].isna().all()
    assert public["budget"].isna().all()
    assert set(public["against"]) == {"adjusted"}
    assert public.loc["“三公”经费", "completion_rate"] == 100
    assert "厉行节约" in public.loc["“三公”经费", "reason"]
    assert public["doubted"].tolist()[0]  # 小于预算 is said of what is equal


def test_a_row_leads_to_the_figures_that_it_comes_from(report: Report) -> None:
    found, observed = report.budget(), report.observations.set_index("figure")
    assert len(found) == 9
    for _, row in found.iterrows():
        assert set(row["figures"]) <= set(observed.index)
        assert row["start"] in set(observed["start"])
    general = row_of(found, "一般公共预算财政拨款支出")
    printed = [observed.loc[one, "printed"] for one in general["figures"]]
    assert sorted(printed) == ["156.5", "2,118.45", "3,472.22", "3,472.22"]
    assert found["start"].is_unique


def test_the_frame_is_as_the_contract_says(report: Report) -> None:
    kinds = columns("budget") | {"figures": "object"}
    assert {name: str(kind) for name, kind in report.budget().dtypes.items()} == kinds


def test_the_story_of_the_first_report(report: Report) -> None:
    found = Budget(report.checks)
    assert plain(text.headline(found)) == (
        "财政拨款支出年初预算 1,353.77 万元（推算），决算 7,212.75 万元，多出 5,858.98 万元；"
        "其中政府性基金预算 3,740.53 万元没有年初预算。"
    )
    assert plain(text.by_fund(found)) == (
        "一般公共预算年初预算 1,353.77 万元（推算），决算 3,472.22 万元；"
        "政府性基金预算年初预算为 0，决算 3,740.53 万元。"
    )
    rows = charts.comparable(found)
    assert text.message(rows) == "政府性基金预算支出比年初预算多 3,740.53 万元"
    assert any("小于预算" in plain(said) for said in text.contradicted(found))


def test_the_numbers_of_a_table_lead_to_their_sources(report: Report) -> None:
    found = Budget(report.checks)
    shown = text.shown(found, report.budget().query("kind == 'fund'").index)
    assert list(shown["项目"])[:1] == ["一般公共预算财政拨款支出"]
    numbers = shown[["年初预算", "决算", "比预算增减"]].to_numpy().ravel()
    assert all(sources_of(number) for number in numbers)
    assert list(shown["预算依据"]) == ["推算 ±0.01", "印出", "印出"]


# ---- other forms ---------------------------------------------------------------------------------------------------


def test_accounts_with_their_initial_budgets() -> None:
    found = other("central_ministry").budget()
    library = row_of(found, "图书馆")
    assert (library["code"], library["fund"]) == ("2070104", GENERAL)
    assert (library["initial"], library["final"], library["completion_rate"]) == (
        36990.2,
        37528.76,
        101.5,
    )
    assert library["reason"] == "人员变动，按实际需要安排支出"
    new = row_of(found, "其他文化和旅游支出")
    assert (new["initial"], new["final"], new["reason"]) == (0, 918.23, "执行中追加预算")
    whole = row_of(found, "一般公共预算财政拨款支出")
    assert (whole["initial"], whole["final"], whole["completion_of"]) == (
        47314.35,
        49108.85,
        "initial",
    )


def test_differences_alone_and_rates_alone_imply_a_budget() -> None:
    hospital = row_of(other("beijing_hospital").budget(), "卫生健康支出")
    assert (hospital["initial_basis"], hospital["deviation"]) == ("derived", -120.3)
    assert hospital["initial"] == pytest.approx(4336.9124 + 120.3, abs=0.001)
    assert hospital["initial_low"] < hospital["initial"] < hospital["initial_high"]
    police = row_of(other("sichuan_police").budget(), "执法办案")
    assert (police["budget_basis"], police["against"]) == ("derived", "budget")
    assert police["budget_low"] < 1810.17 < police["budget_high"]
    assert pd.isna(police["initial"])
    assert pd.isna(police["adjusted"])


def test_what_follows_from_a_rate_says_how_far_off_it_can_be() -> None:
    made = other("sichuan_police")
    shown = text.shown(Budget(made.checks), made.budget().query("item == '执法办案'").index)
    assert list(shown["预算依据"]) == ["推算 ±9.10"]  # 1,810.17 at 99.5 to 100.5 %
    assert plain(text.headline(Budget(made.checks))).startswith(
        "一般公共预算财政拨款支出预算 15,010 万元（推算）"
    )


def test_accounts_of_another_name_are_not_said_to_have_no_budget(
    with_words: Callable[[str, str, str], Report],
) -> None:
    made = with_words("central_ministry", r"（款）图书馆（项）(?=。年初)", "（款）某馆（项）")
    assert "报告没有写预算，或写的名称与表里不同" in plain(text.deviating(Budget(made.checks)))


def test_budgets_of_two_kinds_stand_apart() -> None:
    found = other("chongqing_assets").budget()
    public = row_of(found, "“三公”经费")
    assert public["initial_basis"] == "derived"
    assert public["budget_basis"] == "printed"
    police = other("sichuan_police").budget()
    system = row_of(police, "信息化建设")
    assert (system["adjusted"], system["against"]) == (660.52, "adjusted")
    assert pd.isna(system["initial"])


@pytest.mark.parametrize(
    ("column", "stage"),
    [
        ("年初预算", "initial"), ("年初预算数", "initial"), ("2024年年初预算", "initial"),
        ("2024年度“三公”经费财政拨款年初预算", "initial"), ("全年预算", "adjusted"), ("全年预算数", "adjusted"),
        ("调整预算数", "adjusted"), ("调整后预算", "adjusted"), ("预算", "budget"), ("当年预算", "budget"),
        ("去年预算数", None), ("上年预算", None), ("2023年年初预算", None), ("上年决算数", None), ("", None),
        ("预算执行率", None), ("一般公共预算项目支出总额", None), ("政府采购预算金额", None),
    ],
)  # fmt: skip
def test_which_budget_a_figure_is_against(column: str, stage: str | None) -> None:
    assert stage_of(column, 2024) == stage


def test_words_may_say_that_there_was_no_initial_budget(
    with_words: Callable[[str, str, str], Report],
) -> None:
    old = r"年初预算为0\.00万元，支出决算为918\.23万元，决算数大于年初预算数的主要原因是执行中追加预算。"
    made = with_words("central_ministry", old, "年初无预算安排，支出决算为918.23万元。")
    row = row_of(made.budget(), "其他文化和旅游支出")
    assert (row["initial"], row["initial_basis"], row["final"]) == (0, "worded", 918.23)
    unplanned = Budget(made.checks).unplanned
    assert [one.item for one in unplanned] == ["其他文化和旅游支出"]


def test_a_budget_of_the_year_before_is_no_budget(
    with_words: Callable[[str, str, str], Report],
) -> None:
    old = r"年初预算为120\.00万元，支出决算为96\.33万元，完成年初预算的80\.3%"
    made = with_words("central_ministry", old, "上年预算为120.00万元，支出决算为96.33万元")
    assert "培训支出" not in set(made.budget()["item"])


def test_a_reason_for_last_year_is_none_for_the_budget(
    with_words: Callable[[str, str, str], Report],
) -> None:
    old = r"完成年初预算的80\.3%。决算数小于年初预算数的主要原因是人员变动，按实际需要安排支出。"
    new = "完成年初预算的80.3%，比上年减少10.00万元，下降9.4%，主要原因是培训班次减少。"
    row = row_of(with_words("central_ministry", old, new).budget(), "培训支出")
    assert (row["initial"], row["completion_rate"]) == (120, 80.3)
    assert pd.isna(row["reason"])


def test_a_wrong_rate_is_the_verdict_of_the_checks(
    with_words: Callable[[str, str, str], Report],
) -> None:
    made = with_words("central_ministry", r"完成年初预算的80\.3%", "完成年初预算的88.3%")
    row = row_of(made.budget(), "培训支出")
    assert (row["completion_rate"], row["verdict"], row["doubted"]) == (88.3, "不符", True)
    assert "培训支出" in plain(text.agreement(Budget(made.checks)))


def test_a_name_that_no_account_has_gets_no_code(
    with_words: Callable[[str, str, str], Report],
) -> None:
    path = r"文化旅游体育与传媒支出（类）文化和旅游（款）图书馆（项）"
    made = with_words(
        "central_ministry", rf"{path}(?=。年初)", "文化旅游体育与传媒支出（类）某款（款）某馆（项）"
    )
    row = row_of(made.budget(), "某馆")
    assert pd.isna(row["code"])
    assert (row["initial"], row["final"]) == (36990.2, 37528.76)


def test_a_name_that_two_accounts_have_gets_no_code_and_two_rows(tmp_path: Path) -> None:
    words = (HERE / "reconciliation" / "central_ministry.txt").read_text(encoding="utf-8")
    path = tmp_path / "report.txt"
    path.write_text(words.replace("图书馆", "行政运行"), encoding="utf-8")
    found = qy_finance.read_report(path).budget()
    rows = found[found["item"] == "行政运行"]
    assert rows["code"].isna().all()
    assert list(rows["initial"]) == [3402.6, 36990.2]
    assert list(rows["final"]) == [3518.64, 37528.76]


@pytest.mark.parametrize(
    "hostile",
    [
        "年初预算为万元，支出决算为96.33万元，完成年初预算的%",
        "年初预算为-120.00万元，支出决算为96.33万元",
        "年初预算为99999999999999999999999999.00万元，支出决算为96.33万元，完成年初预算的0.0%",
        "支出决算为96.33万元，比年初预算增加999.00万元，增长9999999%",
        "年初预算" * 500 + "为1.00万元",
        "支出决算为96.33万元，完成年初预算的0%",
        "年初预算为<b>120</b>万元，支出决算为$96.33$万元，主要原因是<script>alert(1)</script>。",
    ],
)
def test_hostile_sentences_make_no_error_and_no_budget_below_zero(
    with_words: Callable[[str, str, str], Report], hostile: str
) -> None:
    old = r"年初预算为120\.00万元，支出决算为96\.33万元，完成年初预算的80\.3%"
    made = with_words("central_ministry", old, hostile)
    found, frame = Budget(made.checks), made.budget()
    derived = frame[frame["initial_basis"] == "derived"]
    assert (derived["initial"] >= 0).all()
    for story in STORIES:
        assert "<script" not in story(found)
    rows = charts.comparable(found)
    charts.planned_and_spent(rows, found.unit, text.message(rows), "")
    text.shown(found, frame.index)


def test_a_report_without_budgets_says_so(tmp_path: Path) -> None:
    words = re.sub("预算(?=[数为的])|年初预算|全年预算", "", REPORT.read_text(encoding="utf-8"))
    path = tmp_path / "report.txt"
    path.write_text(words[: words.index("第三部分")], encoding="utf-8")
    made = qy_finance.read_report(path)
    found = Budget(made.checks)
    assert not [row for row in found.rows if row.kind in ("total", "fund", "account")]
    assert "没有写明" in plain(text.headline(found))
    assert "没有逐个科目写明预算" in plain(text.deviating(found))
    for story in STORIES:
        assert story(found) is not None
