"""Notebook 02 says of amount and rate, and of reasons, what the checks find."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import plain

import qy_finance
from qy_finance.analysis.comparisons import named, shown
from qy_finance.analysis.operating import Operating
from qy_finance.checks.model import Status
from qy_finance.report import Report
from qy_finance.text import operating as text

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

BUREAU = Path(__file__).parent / "reconciliation" / "anhui_water.txt"
COMPUTED = (
    "印刷费支出5.00万元，比上年增加2.00万元，增长66.67%。"
    "水费支出7.00万元，比上年增加3.00万元，增长75.00%。"
    "电费支出9.00万元，比上年增加2.00万元，增长28.57%。"
    "邮电费支出4.00万元，比上年增加1.00万元，增长33.33%。"
    "差旅费支出8.00万元，比上年增加3.00万元，增长60.00%。"
    "会议费支出6.00万元，比上年增加1.00万元，增长20.00%。"
    "培训费支出11.00万元，比上年增加4.00万元，增长57.14%。"
)
"""Seven rates of the printed amounts: of unrounded ones they would be too good to be true."""


def report_with(tmp_path: Path, words: str) -> Report:
    """The report of a water bureau that says something else of its running costs."""
    printed = BUREAU.read_text(encoding="utf-8")
    heading = "（一）机关运行经费支出情况。"
    begin, end = printed.index(heading), printed.index("（二）政府采购支出情况。")
    path = tmp_path / "report.txt"
    path.write_text(f"{printed[:begin]}{heading}{words}\n{printed[end:]}", encoding="utf-8")
    return qy_finance.read_report(path)


def status_of_growth(report: Report, item: str) -> str:
    checks = report.check()
    (status,) = checks.loc[checks["check_id"].str.startswith(f"prose.growth:{item}"), "status"]
    return str(status)


@pytest.mark.parametrize("item", ["咨询费支出", "机关运行经费支出"])
@pytest.mark.parametrize(
    ("computed", "status", "verdict"), [(COMPUTED, "break", "不符"), ("", "tail", "尾差")]
)
def test_a_rate_that_the_report_did_not_compute_from_its_amounts(
    tmp_path: Path, item: str, computed: str, status: str, verdict: str
) -> None:
    report = report_with(tmp_path, f"{computed}{item}3.00万元，比上年增加1.00万元，增长50.20%。")
    assert status_of_growth(report, item) == status
    topic = Operating(report.checks)
    found = named(topic.compared, item)
    assert found is not None
    assert shown([found])["额与率"].item() == verdict
    if found is topic.stated:
        said = plain(text.headline(topic) + text.growth(topic))
        assert ("增减额与增减率对不上" in said) is (status == "break")
        assert ("对不上：按增减额应为 50.00%。" in said) is (status == "break")
        assert ("增减额与增减率只差尾数" in said) is (status == "tail")


def broken(report: Report, identity: str) -> int:
    """How many checks break, those too that the table of checks lists as a consequence of another."""
    made = (check for check in report.checks.made if check.id.startswith(identity))
    return sum(check.status == "break" for check in made)


ROSE = "机关运行经费支出3.00万元，比上年增加1.00万元，主要原因是"


@pytest.mark.parametrize(
    ("words", "drivers", "directions"),
    [
        (f"{ROSE}咨询费增加。", 1, 0),  # of which the table has none
        (f"{ROSE}差旅费增加。", 0, 0),
        (f"{ROSE}咨询费上年列支。", 0, 0),
        ("机关运行经费支出3.00万元，比上年增长50.00%，主要原因是咨询费增加。", 0, 0),
        (f"公用经费支出5.00万元，比上年减少2.00万元，主要原因是差旅费。{ROSE}差旅费增加。", 0, 1),
        (f"公用经费支出5.00万元，比上年下降2.00%，主要原因是差旅费。{ROSE}差旅费增加。", 0, 0),
    ],
)
def test_a_reason_is_contradicted_where_the_checks_contradict_it(
    tmp_path: Path, words: str, drivers: int, directions: int
) -> None:
    report = report_with(tmp_path, words)
    topic = Operating(report.checks)
    assert broken(report, "cause.driver") == drivers
    assert broken(report, "cause.directions") == directions == len(text.contradicted(topic))
    said = plain(text.headline(topic))
    assert said.count("不能推高总额") == drivers
    assert ("与报告自己的数或说法矛盾" in said) is bool(drivers + directions)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """Amount, change and rate that fit, nearly fit or do not, each with its own number of decimals."""

    def printed(value: float) -> str:
        return f"{value:.{draw(st.integers(0, 2))}f}"

    base = draw(st.integers(1, 400))
    change = draw(st.integers(1, 400)) / 10
    rate = 100 * change / base + draw(st.sampled_from([0, 0, 0.004, 0.05, 0.6]))
    amount, rose, grew = printed(base + change), printed(change), printed(rate)
    return f"机关运行经费支出{amount}万元，比上年增加{rose}万元，增长{grew}%。"


@settings(max_examples=20, deadline=None, derandomize=True)
@given(words=sentences(), computed=st.sampled_from(["", COMPUTED]))
def test_whatever_is_printed_the_page_says_what_the_checks_find(
    tmp_path_factory: pytest.TempPathFactory, words: str, computed: str
) -> None:
    report = report_with(tmp_path_factory.mktemp("report"), computed + words)
    topic = Operating(report.checks)
    made = [one.status for one in report.checks.made if one.id.startswith("prose.growth:机关")]
    said = plain(text.growth(topic))
    told = {"exact": "相互印证", "tail": "只差尾数", "break": "增减额与增减率对不上"}
    for status, word in told.items():
        assert said.count(word) == made.count(Status(status)), words
    beyond = plain(text.consistency(topic)).count("超过了它按定义应当包含于其中的公用经费")
    assert beyond == broken(report, "operating_expenses"), words
