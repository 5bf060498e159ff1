"""Checks of reports as nobody would publish them: no figure, wording or length makes them fail or take long."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from layout.accounts import Account
from layout.canvas import Options
from layout.draws import accounts
from layout.sample import SAMPLE
from layout.text_writer import lay_out, options
from mutation.edit import edited

from qy_finance import Report, read_report
from qy_finance.cli import main
from qy_finance.form import final_accounts
from qy_finance.report import report_of

FORM = final_accounts()
QINGYUAN = next((Path(__file__).parent.parent / "data" / "raw" / "2022").glob("*.txt"))
TEXT = QINGYUAN.read_text(encoding="utf-8")

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")


def _sound(report: Report, checks: pd.DataFrame) -> None:
    """What any result of ``check`` keeps."""
    assert checks["check_id"].is_unique
    assert set(checks["status"]) <= {"exact", "tail", "break", "not_run", "n/a"}
    numbers = checks[["lhs", "rhs", "difference", "tolerance"]].astype("float64")
    assert not numbers.map(math.isinf).any(axis=None)
    both = numbers.dropna()
    off = (both["lhs"] - both["rhs"] - both["difference"]).abs()
    assert (off <= 1e-9 * both[["lhs", "rhs"]].abs().max(axis=1) + 1e-9).all()
    rows = [row for involved in checks["observations"] for row in involved]
    assert set(rows) <= set(range(len(report.observations)))
    lacking = checks.loc[checks["status"] == "not_run", "message"]
    assert lacking.str.match("未核对，[缺因][^：]+：.").all()
    graver = checks["severity"].isin(["error", "warning"])
    assert (graver == (checks["status"] == "break")).all()


def _read(path: Path, text: str) -> Report:
    path.write_text(text, encoding="utf-8", newline="")
    return read_report(path)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile") / "report.txt"


@pytest.fixture(scope="module")
def qingyuan() -> Report:
    return read_report(QINGYUAN)


# ---- any account, any figure ------------------------------------------------------------------------------------


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(account=accounts(), layout=options)
def test_an_account_that_adds_up_has_no_contradiction(
    account: Account, layout: Options, file: Path
) -> None:
    report = _read(file, lay_out(account, layout).text)
    checks = report.check()
    _sound(report, checks)
    assert checks.loc[checks["status"] == "break", "message"].tolist() == []


EXTREMES = (
    "0", "0.00", "-5.00", "-0.00", "1000000000000.00", "9" * 30 + ".99", "0." + "0" * 14 + "1", "123.456789",
)  # fmt: skip


@pytest.mark.parametrize("printed", EXTREMES)
def test_any_figure_can_have_any_value(qingyuan: Report, printed: str) -> None:
    for figure in qingyuan.reading.figures[EXTREMES.index(printed) :: 601]:
        report = report_of(edited(qingyuan.reading.document, figure.start, figure.end, printed))
        _sound(report, report.check())


@pytest.mark.parametrize("instead", ["0.00", "7.77", r"-\g<0>"])
def test_all_figures_can_be_alike(file: Path, instead: str) -> None:
    amount = r"(?<![\d.,-])\d{1,3}(?:,\d{3})*\.\d\d(?![\d.])"
    report = _read(file, re.sub(amount, instead, TEXT))
    _sound(report, report.check())


@pytest.mark.parametrize(
    "instead",
    [
        "0%",
        "100.000%",
        "-5%",
        "1000%",
        "9" * 20 + "%",
    ],
)
def test_all_percentages_can_be_alike(file: Path, instead: str) -> None:
    report = _read(file, re.sub(r"\d+(?:\.\d+)? ?%", instead, TEXT))
    _sound(report, report.check())


def _with(sentences: str, heading: str = "十一、其他说明") -> str:
    """The report with another section at the end of its prose."""
    at = TEXT.rindex("\n", 0, TEXT.rindex("第四部分")) + 1
    return f"{TEXT[:at]}{heading}\n{sentences}\n{TEXT[at:]}"


@pytest.mark.parametrize(
    "sentence",
    [
        "本年收入合计 100.00 万元，比上年增加 150.00 万元，增长 20.00%。",
        "本年收入合计 -100.00 万元，比上年减少 10.00 万元，下降 20.00%，占本年支出合计的 -3.00%。",
        "本年收入合计 0.00 万元，比上年增加 0.00 万元，增长 100%，完成年初预算 0.00 万元的 0%。",
        "本年收入合计 0.{0} 万元，比上年增加 0.{0} 万元，增长 0.{0}%。",
        "本年收入合计 {0}.55 万元，比上年增加 {0}.50 万元，增长 {0}.5%，占本年支出合计的 {0}%。",
        "本年收入合计 5 亿元，比上年增加 3 千元，增长 0.1％，其中财政拨款收入 5.5 元。",
    ],
)
def test_what_no_account_can_say(file: Path, sentence: str) -> None:
    report = _read(file, _with(sentence.format("9" * 40)))
    _sound(report, report.check())


@pytest.mark.parametrize("unit", ["元", "千元", "亿元"])
def test_figures_in_another_unit_than_the_tables_say(file: Path, unit: str) -> None:
    report = _read(file, re.sub("单位 ?[：:] ?万元", f"单位：{unit}", TEXT))
    assert report.meta["money_unit"] == unit
    _sound(report, report.check())


def test_names_are_no_patterns(file: Path) -> None:
    hostile = ("([*\\a|b(?P<x>", "{%s{0}<b>", "#2@；\t")
    for mark in hostile:
        report = _read(file, TEXT.replace("热线", f"热{mark}线"))
        _sound(report, report.check())


# ---- missing tables ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "skip",
    [
        FORM.ids[1:],
        FORM.ids[:-1],
        FORM.ids[::2],
        FORM.ids[1::2],
        FORM.ids[:4],
        FORM.ids[4:],
        FORM.ids[2:4],
    ],
    ids=lambda skip: str(len(skip)),
)
def test_each_missing_table_is_named(file: Path, skip: tuple[str, ...]) -> None:
    report = _read(file, lay_out(SAMPLE, Options(), skip).text)
    checks = report.check()
    _sound(report, checks)
    assert not (checks["status"] == "break").any()
    lacking = checks.loc[checks["status"] == "not_run", "message"]
    assert [t for t in skip if not lacking.str.contains(FORM.name(t), regex=False).any()] == []


def test_tables_without_prose(file: Path) -> None:
    report = _read(file, TEXT[: TEXT.rindex("第三部分")])
    checks = report.check()
    _sound(report, checks)
    assert not (checks["status"] == "break").any()


# ---- length -------------------------------------------------------------------------------------------------------


SENTENCES = {
    "breaks": "本年收入合计 {0}.50 万元，比上年增加 {1}.10 万元，增长 {1}.2%。",
    "moves": "甲{1}项目支出 {0}.50 万元，增加 {1}.10 万元，增长 {1}.2%。",
    "shares": "第{1}类采购支出 {0}.50 万元，占 {2}.2%。",
    "shares of a total": "第{1}类采购支出 {0}.50 万元，占政府采购支出总额的 {2}.2%。",
    "completions": "本年支出年初预算 {0}.50 万元，支出决算 {1}.10 万元，完成年初预算的 {2}.2%。",
    "causes": "机关运行经费支出 {0}.50 万元，比上年{3} {0}.10 万元，主要原因是：办公费变化。",
}
"""Sentences of a long section: the number of each from 1 and from 0, one below 90, a direction."""


def long_section(kind: str, count: int) -> str:
    """The report with a section of so many sentences of a kind."""
    lines = (
        SENTENCES[kind].format(n + 1, n, n % 90, ("增加", "减少")[n % 2]) for n in range(count)
    )
    return _with("\n".join(lines))


@pytest.mark.parametrize("kind", SENTENCES)
def test_a_long_section(file: Path, kind: str) -> None:
    report = _read(file, long_section(kind, 120))
    _sound(report, report.check())


WORDS = (
    "主要用于", "主要原因", "XX", "人员经费", "人员经费主要包括办公费、", "（", "单位：", "没有",
    "决算数大于预算数", "前五名", "“三公”经费", "公用经费包括", "控制", "持平主要原因",
)  # fmt: skip


def endless(word: str, length: int) -> str:
    """The report with a sentence that repeats a word without punctuation."""
    heading = "十一、一般公共预算财政拨款基本支出决算情况"
    return _with(f"其中 1.00 万元，{word * (length // len(word))} 5 个，占 2.50%。", heading)


@pytest.mark.parametrize("word", WORDS)
def test_words_without_end(file: Path, word: str) -> None:
    report = _read(file, endless(word, 24_000))
    _sound(report, report.check())


# ---- two years --------------------------------------------------------------------------------------------------


def _before(text: str) -> str:
    """The report as one of the year before, with other figures than this year's report gives for it."""
    return text.replace("2021", "2020").replace("2022", "2021").replace("2023", "2022")


def _opening(checks: pd.DataFrame, table: str = "income_expenditure_summary") -> dict[str, object]:
    return dict(checks.set_index("check_id").loc[f"years.opening:{table}"])


def test_what_is_carried_over_is_what_was_left(qingyuan: Report, file: Path) -> None:
    previous = _read(file, _before(TEXT))
    checks = qingyuan.check(previous)
    _sound(qingyuan, checks)
    found = _opening(checks)
    assert (found["status"], found["lhs"], found["rhs"]) == ("break", 24.66, 24.42)
    left = next(
        f for f in previous.reading.figures
        if f.table == "income_expenditure_summary" and f.item == "年末结转和结余"
    )  # fmt: skip
    agreed = report_of(edited(previous.reading.document, left.start, left.end, "24.66"))
    assert _opening(qingyuan.check(agreed))["status"] == "exact"


def test_the_year_before_may_be_in_another_unit(file: Path) -> None:
    now = _read(file, lay_out(SAMPLE).text)
    yuan = _before(lay_out(SAMPLE).text)
    previous = _read(file, re.sub("(单位 ?[：:] ?)万元", r"\1元", yuan))
    found = _opening(now.check(previous))
    assert previous.meta["money_unit"] == "元"
    assert found["status"] == "break"
    assert found["rhs"] == pytest.approx(0.0024, abs=1e-3)


def test_what_the_year_before_lacks_is_not_run(qingyuan: Report, file: Path) -> None:
    text = _before(lay_out(SAMPLE, Options(), FORM.ids[:1]).text)
    unit = str(qingyuan.meta["unit"])
    previous = _read(file, text.replace(SAMPLE.unit, unit))
    checks = qingyuan.check(previous)
    assert _opening(checks)["status"] == "not_run"


# ---- command line -----------------------------------------------------------------------------------------------


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def test_both_orders_and_formats_tell_the_same(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _read(file, _before(TEXT))
    found = []
    for files in ([str(QINGYUAN), str(file)], [str(file), str(QINGYUAN), str(file)]):
        assert main(["check", "--format", "json", *files]) == 1
        records = json.loads(capsys.readouterr().out, parse_constant=_refuse)
        found.append(sorted((r["report_id"], r["check_id"], r["status"]) for r in records))
        assert main(["check", "--format", "csv", *files]) == 1
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        found.append(sorted((r["report_id"], r["check_id"], r["status"]) for r in rows))
    assert found[0] == found[1] == found[2] == found[3]
    assert any(check.startswith("years.base") for _, check, _ in found[0])


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_a_catalogue_without_reports(
    tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    head = (QINGYUAN.parents[2] / "reports.csv").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "reports.csv").write_text(f"{head}\n", encoding="utf-8")
    assert main(["check", "--data-dir", str(tmp_path), "--format", form]) == 0
    assert "Traceback" not in capsys.readouterr().err


def test_what_is_no_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = tmp_path / "binary.pdf"
    binary.write_bytes(bytes(range(256)) * 9)
    empty = tmp_path / "empty.txt"
    empty.touch()
    assert main(["check", str(binary), str(empty), str(tmp_path), "--format", "csv"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 3


def test_two_runs_are_the_same_to_the_byte(file: Path) -> None:
    _read(file, _before(TEXT))
    command = [sys.executable, "-m", "qy_finance.cli", "check", "--format", "csv"]
    runs = [
        subprocess.Popen(
            [*command, str(QINGYUAN), str(file)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        for seed in ("0", "4711")
    ]
    one, other = (run.communicate()[0] for run in runs)
    assert one == other
    assert one.count(b"\n") > 1000
