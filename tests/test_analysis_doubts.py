"""Contradictions that touch the figures that a notebook uses."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from cited import rows_at
from mutation.edit import edited
from nbconvert.filters import markdown2html
from plain import plain

import qy_finance
from qy_finance.analysis.accounts import exact
from qy_finance.report import Report, report_of
from qy_finance.text.doubts import doubts, rows_of

HERE = Path(__file__).parent
SOUND = HERE / "reconciliation" / "henan_old_county.txt"

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")


@pytest.fixture(scope="module")
def report() -> Report:
    return qy_finance.read_report(next((HERE.parent / "data" / "raw" / "2022").glob("*.txt")))


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Report:
    """A fictional report without contradictions, with some of its lines changed."""
    text = SOUND.read_text(encoding="utf-8")
    for line, instead in changes:
        assert text.count(f"\n{line}\n") == 1
        text = text.replace(f"\n{line}\n", f"\n{instead}\n")
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    return qy_finance.read_report(path)


HEALTH = "9 九、医疗卫生与计划生育支出 36 6527.74"
WRONG = "9 九、医疗卫生与计划生育支出 36 8985.55"


def test_the_wrong_figure_is_named_with_the_right_one(tmp_path: Path) -> None:
    made = changed(tmp_path, (HEALTH, WRONG))
    used = made.reading.cell("income_expenditure_summary", "医疗卫生与计划生育支出", "决算数")
    assert used is not None
    (said,) = doubts(made.checks, [used])
    assert "8,985.55 万元 与其他数字矛盾，应为 6,527.74 万元（见 “勾稽”页）" in plain(said)


def test_what_is_sound_beside_a_wrong_figure_is_not_doubted(tmp_path: Path) -> None:
    made = changed(tmp_path, (HEALTH, WRONG))
    used = made.reading.cell("income_expenditure_summary", "本年支出合计", "决算数")
    assert used is not None
    assert doubts(made.checks, [used.number]) == []
    sound = qy_finance.read_report(SOUND)
    assert doubts(sound.checks, sound.reading.facts) == []


def test_figures_of_which_none_is_known_to_be_wrong(report: Report) -> None:
    small = report.reading.one(item="授予小微企业合同金额", measure="amount")
    (said,) = doubts(report.checks, [small.number])
    told = plain(said)
    assert "授予小微企业合同金额 122.8 万元 与" in told
    assert "4.20%" in told
    assert "2,792.96 万元 矛盾，相差 0.20 个百分点" in told
    cited = re.findall(r'data-at="[^#]*#([\da-f.]+)"', said)
    rows = {row for ids in cited for row in rows_at(report, ids)}
    printed = set(report.observations.loc[sorted(rows), "printed"])
    assert printed == {"122.8", "2,792.96", "4.20"}


def test_words_that_contradict_a_cell(report: Report) -> None:
    power = report.reading.cell("basic_expenditure", "电费", "决算数")
    assert power is not None
    (said,) = doubts(report.checks, [power])
    assert "“电费” 0.00 万元 与报告的说法矛盾。第1258行说" in plain(said)


def test_what_is_used_can_be_facts_numbers_or_frames(report: Report) -> None:
    checks = report.checks
    total = report.reading.cell("expenditure", "合计", "本年支出合计")
    assert total is not None
    (row,) = rows_of(checks, [total.number])
    assert report.observations.loc[row, "printed"] == "7,212.75"
    assert rows_of(checks, [total, None, Decimal(5), "7,212.75"]) == {row}
    both = rows_of(checks, [total.number / report.reading.find()[0].number])
    assert len(both) == 2
    frame = exact(report.reading, "expenditure")
    of_table = report.observations.index[
        report.observations["table"].eq("expenditure").fillna(False)
    ]
    assert rows_of(checks, [frame]) <= set(of_table)
    assert row in rows_of(checks, [frame])


def test_numbers_of_another_report_are_no_concern(report: Report, tmp_path: Path) -> None:
    other = changed(tmp_path, (HEALTH, WRONG))
    assert rows_of(report.checks, other.reading.facts) == set()


def test_names_are_text(tmp_path: Path) -> None:
    row = "2100101 行政运行 512.29 512.29 0.00 0.00 0.00 0.00"
    made = changed(tmp_path, (row, row.replace("行政运行 512.29", "行政*运*行<b>x</b> 9.29")))
    said = doubts(made.checks, made.reading.facts)
    assert said
    html = "".join(map(markdown2html, said))
    assert "<b>x" not in html
    assert "<em>" not in html
    assert any("行政*运*行<b>x</b>" in plain(one) for one in said)


def test_a_figure_beyond_its_limit_contradicts_no_other(report: Report) -> None:
    text = report.text
    at = text.index("99.68%")
    made = report_of(edited(report.reading.document, at, at + len("99.68"), "110.2"))
    (said,) = (s for s in map(plain, doubts(made.checks, made.reading.facts)) if "110.2" in s)
    assert "：服务对象满意度实际值 110.2% 超出允许的范围：" in said
    assert "110.2% > 100%" in said
