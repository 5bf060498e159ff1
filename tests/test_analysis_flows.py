"""What flows from funds through functions to kinds of expenditure: only what the tables determine."""

from __future__ import annotations

import io
import re
import warnings
from decimal import Decimal
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.text import Text
from plain import plain

import qy_finance
from qy_finance.analysis.overview import Overview
from qy_finance.analysis.spending import OTHER, REST, Flows, Spending
from qy_finance.charts.spending import flow
from qy_finance.report import Report
from qy_finance.text import overview as overview_text
from qy_finance.text import spending as spending_text
from qy_finance.text.doubts import on_doubts

HERE = Path(__file__).parent
QINGYUAN = next((HERE.parent / "data" / "raw" / "2022").glob("*.txt"))
FICTIONAL = sorted((HERE / "reconciliation").glob("*.txt"))
ALL = [QINGYUAN, *FICTIONAL]
GENERAL, FUND, STATE = "一般公共预算", "政府性基金预算", "国有资本经营预算"
D = Decimal

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")


@cache
def read(path: Path) -> Report:
    return qy_finance.read_report(path)


def flows(report: Report) -> Flows:
    return Spending(report.checks).flows


def named(stem: str) -> Path:
    return HERE / "reconciliation" / f"{stem}.txt"


def changed(tmp_path: Path, source: Path, line: str, instead: str) -> Report:
    text = source.read_text(encoding="utf-8")
    assert text.count(f"\n{line}\n") == 1
    path = tmp_path / "report.txt"
    path.write_text(text.replace(f"\n{line}\n", f"\n{instead}\n"), encoding="utf-8")
    return qy_finance.read_report(path)


def test_flows_as_printed() -> None:
    found = flows(read(QINGYUAN))
    assert [(link.fund, link.code, link.use, link.amount) for link in found.links] == [
        (GENERAL, "201", "基本支出", D("570.08")),
        (GENERAL, "201", "项目支出", D("2726.98")),
        (GENERAL, "208", "基本支出", D("112.97")),
        (GENERAL, "221", "基本支出", D("55.61")),
        (GENERAL, "210", "基本支出", D("6.57")),
        (FUND, "212", "项目支出", D("3740.53")),
    ]
    assert not any(link.amount.computed for link in found.links)
    rows = found.table.to_numpy().tolist()
    assert rows == [
        [GENERAL, D("24.66"), D("3471.99"), D("3472.22"), D("24.42"), D("3496.64")],
        [FUND, D("0.00"), D("3740.53"), D("3740.53"), D("0.00"), D("3740.53")],
    ]


def test_what_the_budgets_did_not_pay_is_a_difference() -> None:
    # 214 项目支出: 5665.71 of all money, 5363.81 of the general budget; 223: 18.40 of state capital
    found = flows(read(named("zhejiang_traffic")))
    amounts = {(link.fund, link.code, link.use): link.amount for link in found.links}
    rest = amounts[REST, "214", "项目支出"]
    assert rest == D("301.90")
    assert rest.computed
    assert [source.with_unit for source in rest.sources] == ["5665.71 万元", "5363.81 万元"]
    assert amounts[STATE, "223", "项目支出"] == D("18.40")
    told = "".join(
        map(plain, spending_text.on_flows(Spending(read(named("zhejiang_traffic")).checks)))
    )
    assert "其余资金是支出决算表减去一般公共预算财政拨款支出决算表、政府性基金预算" in told
    assert "合计 301.90 万元" in told


def test_expenditure_that_is_neither_basic_nor_project_flows_too() -> None:
    # 206: 11322.89 less 6650.81 less 4610.92
    found = flows(read(named("central_2019_research")))
    other = [link for link in found.links if link.use == OTHER]
    assert [(link.fund, link.code, link.amount) for link in other] == [(REST, "206", D("61.16"))]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_flows_give_the_printed_sums(path: Path) -> None:
    report = read(path)
    found = flows(report)
    assert found.links, found.why
    assert all(link.amount > 0 for link in found.links)
    for use in ("基本支出", "项目支出"):
        printed = report.reading.cell("expenditure", "合计", use)
        assert printed is not None
        flown = [link for link in found.links if link.use == use]
        slack = printed.half * (2 * len(report.tables["expenditure"]))
        assert abs(sum(link.amount for link in flown) - printed.value) <= slack
    for pool in found.pools:
        spent = sum(link.amount for link in found.links if link.fund == pool.fund)
        assert abs(spent - pool.spent) <= slack
        assert abs(pool.opening + pool.income - pool.spent - pool.closing) <= slack


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_the_picture_of_any_report_is_readable(path: Path) -> None:
    report = read(path)
    figure = flow(flows(report), str(report.meta["money_unit"]), "标题", "来源：某表")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png", dpi=figure.dpi)
    shown = [text for text in figure.findobj(Text) if text.get_text().strip()]
    boxes = [(text, text.get_window_extent()) for text in shown]
    page = figure.bbox.padded(1)
    for (one, box), (other, second) in combinations(boxes, 2):
        assert not box.padded(-1).overlaps(second.padded(-1)), (one.get_text(), other.get_text())
    for text, box in boxes:
        assert page.x0 <= box.x0 <= box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 <= box.y1 <= page.y1, text.get_text()


def test_tables_that_contradict_each_other_give_no_picture(tmp_path: Path) -> None:
    made = changed(
        tmp_path,
        named("henan_old_county"),
        "201 一般公共服务支出 31.17 31.17 0.00",
        "201 一般公共服务支出 47.17 47.17 0.00",
    )
    found = Spending(made.checks)
    assert found.flows.links == ()
    assert "互相矛盾" in found.flows.why
    assert spending_text.on_flows(found) == [found.flows.why]


def test_a_refund_gives_no_picture(tmp_path: Path) -> None:
    made = changed(
        tmp_path,
        named("zhejiang_traffic"),
        "223 国有资本经营预算支出 18.40 0.00 18.40",
        "223 国有资本经营预算支出 -18.40 0.00 -18.40",
    )
    assert "画不出流向" in flows(made).why


def test_forms_of_other_years_name_what_is_carried_over() -> None:
    found = Overview(read(named("central_2019_research")).checks)
    sums = {(side, item): amount for side, item, amount in found.sums.to_numpy()}
    assert sums["收入", "年初结转和结余"] == D("2120.57")
    assert sums["收入", "使用非财政拨款结余"] == D("61.29")
    assert sums["支出", "年末结转和结余"] == D("2117.37")
    assert all("四舍五入解释不了" not in said for said in overview_text.balance(found))


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_sentences_link_every_number_of_the_report(path: Path) -> None:
    checks = read(path).checks
    found, spent = Overview(checks), Spending(checks)
    told = [
        *spending_text.on_flows(spent),
        spending_text.headline(spent),
        spending_text.kinds_of_spending(spent),
        spending_text.people_and_running(spent),
        spending_text.against_last_year(found.compared),
        overview_text.headline(found),
        overview_text.funds(found),
        overview_text.changes(found.compared),
    ]
    for sentence in told:
        free = re.sub(r'<span class="src[^>]*>[^<]*</span>', "", sentence)
        assert not re.search(r"\d\.\d", plain(free)), free


def test_the_overview_tells_the_contradictions() -> None:
    report = read(QINGYUAN)
    found = Overview(report.checks)
    told = plain(overview_text.contradictions(found))
    broken = (report.check()["status"] == "break").sum()
    assert told.startswith(f"共有 {broken} 处不符：数字矛盾 ")
    assert "第1295行" in told
    assert f"{broken} 处不符" in plain(overview_text.headline(found))
    changes = [one.change for one in found.compared if one.change]
    assert "基本支出比上年决算数增减额 -39.86 万元" in plain(on_doubts(report.checks, changes))
    sound = read(FICTIONAL[0]).checks
    assert overview_text.contradictions(Overview(sound)) == "核对的勾稽关系没有一处不符。"
    assert "没有发现" in on_doubts(sound, Spending(sound).used)
