"""The engine of the checks: intervals, roots and consequences, missing operands, years, data and docs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out
from mutation.edit import edited

from qy_finance import Report, read_report
from qy_finance.checks import knowledge
from qy_finance.checks.diagnose import corrected, findings
from qy_finance.checks.knowledge import identities
from qy_finance.checks.model import Check, Identity, Sign
from qy_finance.checks.quotient import Quotient
from qy_finance.checks.relations import Linear, Mix
from qy_finance.cli import main
from qy_finance.errors import MissingTableWarning, NotConsecutiveError
from qy_finance.facts import Fact
from qy_finance.figures import Figure
from qy_finance.form import final_accounts
from qy_finance.numbers import Span
from qy_finance.readers import read_document
from qy_finance.report import report_of

ROOT = Path(__file__).parent.parent
QINGYUAN = next((ROOT / "data" / "raw" / "2022").glob("*.txt"))
FORM = final_accounts()
RULE = Identity("test", "表内", "试验", "甲 = 乙", "甲、乙")


def figure(row: int, printed: str) -> Fact:
    """A printed figure, half of its last digit to either side."""
    value = Decimal(printed)
    half = Decimal(5).scaleb(int(value.as_tuple().exponent) - 1)
    what = Figure(0, 0, "amount", value, "万元", "", f"项{row}")
    named = f"项{row}"
    return Fact(
        row, what, printed, value, half, "万元", Decimal(1), f"第{row}行", row, named, named, named, printed,
        "", "report", str(row), 2022,
    )  # fmt: skip


def figures(*printed: str) -> list[Fact]:
    return [figure(row, text) for row, text in enumerate(printed)]


def total(whole: Fact, *parts: Fact, relation: Sign = "=") -> Linear:
    return Linear((whole,), parts, relation)


def test_a_figure_of_last_years_report_is_told_in_its_own_unit() -> None:
    cell = Figure(0, 0, "amount", Decimal("1250000.00"), "", "", "总计", "income")
    own = replace(figure(3, "1250000.00"), figure=cell, unit="元")
    here = replace(own, row=-1, value=Decimal(125), unit="万元", factor=Decimal("1e-4"), origin=own)
    assert here.with_unit == own.with_unit == "1250000.00 元"
    assert here.number.sources == here.compared.sources == (own,)
    assert (here.number, here.number.half, here.number.unit) == (own.value, own.half, "元")
    assert (here.compared, here.compared.unit) == (125, "万元")


# ---- intervals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        (("3.00", "1.00", "2.00"), "exact"),
        (("3.01", "1.00", "2.00"), "tail"),
        (("3.02", "1.00", "2.00"), "break"),  # three halves of 0.01 reach 0.015
        (("3.02", "1.00", "1.00", "1.00"), "tail"),
        (("3.03", "1.00", "1.00", "1.00"), "break"),
    ],
)
def test_a_sum_holds_where_the_intervals_meet(printed: tuple[str, ...], status: str) -> None:
    assert total(*figures(*printed)).outcome.status == status


def test_no_more_than() -> None:
    less, more = figures("1.00", "1.02")
    assert total(less, more, relation="≤").outcome.status == "exact"
    assert total(more, less, relation="≤").outcome.status == "break"
    assert total(figure(0, "1.01"), less, relation="≤").outcome.status == "tail"
    assert total(less, less, relation="<").outcome.status == "break"


@pytest.mark.parametrize(
    ("rate", "status"),
    [
        ("97.97", "exact"),  # 97.967 rounded
        ("97.96", "tail"),  # truncated
        ("97.98", "break"),
        ("98", "exact"),
        ("97", "tail"),
        ("96", "break"),
    ],
)
def test_percentages_are_rounded_or_truncated(rate: str, status: str) -> None:
    share, part, whole = figures(rate, "979670.00", "1000000.00")
    assert Quotient(share, part, whole).outcome.status == status


def test_a_growth_rate_is_of_what_there_was_before() -> None:
    rate, change, current = figures("25.00", "100.00", "500.00")
    assert Quotient(rate, change, current, grown=True).outcome.status == "exact"
    assert Quotient(rate, change, current).outcome.status == "break"


def test_the_rounding_of_small_amounts_explains_a_rate_unless_the_report_computes_from_them() -> (
    None
):
    rate, part, whole = figures("125.50", "1.05", "0.84")
    assert Quotient(rate, part, whole).outcome.status == "tail"
    assert Quotient(rate, part, whole, as_printed=True).outcome.status == "break"


def test_nothing_has_no_percentage() -> None:
    none = figure(1, "0.00")
    assert Quotient(figure(0, "0.00"), none, none).outcome.status == "n/a"
    assert Quotient(figure(0, "0.50"), none, none).outcome.status == "break"


def test_the_value_that_is_wanted_makes_the_relation_hold() -> None:
    whole, one, two = figures("3.50", "1.00", "2.00")
    rule = total(whole, one, two)
    for operand, value in ((whole, "3.00"), (one, "1.50"), (two, "2.50")):
        span = rule.wanted(operand)
        assert span is not None
        assert Span(Decimal(value), Decimal(value)).within(span)
    share, goods, services, sme = figures("50", "10.00", "20.00", "24.00")
    mix = Mix(sme, ((share, goods), (figure(9, "100"), services)))
    assert mix.outcome.difference == Decimal("-1.00")
    span = mix.wanted(share)
    assert span is not None
    assert span.low < 40 < span.high


# ---- roots and consequences -------------------------------------------------------------------------------------


def test_the_figure_that_explains_all_breaks_is_named() -> None:
    whole, one, two, copy, other = figures("3.00", "1.50", "2.00", "1.00", "3.00")
    checks = [
        Check(RULE, "sum", total(whole, one, two)),
        Check(RULE, "copy", total(one, copy)),
        Check(RULE, "same", total(whole, other)),
    ]
    [found] = findings(checks)
    assert found.culprit is one
    assert [check.place for check in (found.check, *found.consequences)] == ["copy", "sum"]
    assert corrected(found) == Decimal("1.00")


def test_where_several_can_be_wrong_none_is_named() -> None:
    [found] = findings([Check(RULE, "copy", total(*figures("3.50", "3.00")))])
    assert found.culprit is None


def test_two_wrong_figures_are_two_findings() -> None:
    a, b, c, d, e, f = figures("3.50", "3.00", "3.00", "7.50", "7.00", "7.00")
    checks = [Check(RULE, f"{x.row}{y.row}", total(x, y)) for x, y in ((a, b), (a, c), (b, c))]
    checks += [Check(RULE, f"{x.row}{y.row}", total(x, y)) for x, y in ((d, e), (d, f), (e, f))]
    assert [finding.culprit for finding in findings(checks)] == [a, d]


# ---- reports ----------------------------------------------------------------------------------------------------


def _changed(report: Report, row: int, printed: str) -> Report:
    figure = report.reading.figures[row]
    return report_of(edited(report.reading.document, figure.start, figure.end, printed))


@pytest.fixture(scope="module")
def qingyuan() -> Report:
    return read_report(QINGYUAN)


def test_the_frame(qingyuan: Report) -> None:
    checks = qingyuan.check()
    assert dict(checks.dtypes.astype(str)) == {
        "check_id": "string", "status": "string", "severity": "string", "message": "string", "lhs": "Float64",
        "rhs": "Float64", "difference": "Float64", "tolerance": "Float64", "observations": "object",
        "consequences": "object",
    }  # fmt: skip
    assert checks["check_id"].is_unique
    assert set(checks["status"]) <= {"exact", "tail", "break", "not_run", "n/a"}
    assert checks.loc[checks["status"] == "break", "severity"].isin(["error", "warning"]).all()
    assert set(checks["check_id"].str.split(":").str[0]) <= set(identities(FORM))
    numbers = checks.dropna(subset=["difference"])
    assert (numbers["lhs"] - numbers["rhs"] - numbers["difference"]).abs().max() < 1e-6
    rows = [row for involved in checks["observations"] for row in involved]
    assert set(rows) <= set(qingyuan.observations.index)


def test_every_cell_of_the_tables_is_reached(qingyuan: Report) -> None:
    checks = qingyuan.check()
    held = checks[checks["status"].isin(["exact", "tail", "break"])]
    reached = {row for involved in held["observations"] for row in involved}
    cells = qingyuan.observations.dropna(subset=["table"]).index
    assert set(cells) <= reached


def test_one_changed_figure_is_one_break_that_names_it_with_its_consequences(
    qingyuan: Report,
) -> None:
    frame = qingyuan.observations
    row = int(
        frame[
            (frame["table"] == "expenditure")
            & (frame["code"] == "201")
            & (frame["column"] == "项目支出")
        ].index[0]
    )
    assert frame.loc[row, "printed"] == "2,726.98"
    before = qingyuan.check().query("status == 'break'")["check_id"].tolist()
    checks = _changed(qingyuan, row, "2,762.98").check()
    [new] = checks[(checks["status"] == "break") & ~checks["check_id"].isin(before)].to_dict(
        "records"
    )
    assert new["observations"][0] == row
    assert "2,762.98" in new["message"]
    assert "应为 2,726.98" in new["message"]
    assert len(new["consequences"]) >= 2


@pytest.mark.parametrize("table", FORM.ids)
def test_what_needs_a_missing_table_is_not_run_and_all_else_is(tmp_path: Path, table: str) -> None:
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE, Options()).text, encoding="utf-8")
    whole = read_report(path)
    document = read_document(path)
    figures = [f for f in whole.reading.figures if f.table == table]
    lines = document.text.splitlines(keepends=True)
    first = document.line_at(figures[0].start).number
    last = document.line_at(figures[-1].end - 1).number
    title = max(n for n in range(first) if re.match(r"\s*表\s*\d", lines[n]))
    path.write_text("".join(lines[:title] + lines[last:]), encoding="utf-8")
    with pytest.warns(MissingTableWarning):
        report = read_report(path)
    assert report.meta["missing_tables"] == (table,)
    checks = report.check()
    assert not (checks["status"] == "break").any()
    lacking = checks[checks["status"] == "not_run"]
    assert lacking["message"].str.contains(FORM.name(table)).any()
    ran = checks["status"].isin(["exact", "tail"]).sum()
    assert ran > 0.5 * whole.check()["status"].isin(["exact", "tail"]).sum()


def test_the_year_before_must_be_that(qingyuan: Report) -> None:
    with pytest.raises(NotConsecutiveError, match="2021"):
        qingyuan.check(qingyuan)


# ---- command line and docs --------------------------------------------------------------------------------------


def test_a_break_is_exit_status_1_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(QINGYUAN)]) == 1
    said = capsys.readouterr().out
    assert "不符 14" in said
    assert (
        "授予小微企业合同金额 122.8 ÷ 授予中小企业合同金额 2,792.96 = 4.40%，报告为 4.20%" in said
    )
    assert "第1272行" in said


def test_a_report_without_contradiction_is_exit_status_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "report.txt"
    path.write_text(lay_out(SAMPLE).text, encoding="utf-8")
    assert main(["check", str(path)]) == 0
    assert "不符 0" in capsys.readouterr().out


def test_csv_and_json_hold_every_check(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    checks = read_report(QINGYUAN).check()
    assert main(["check", str(QINGYUAN), "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)
    assert [record["check_id"] for record in records] == list(checks["check_id"])
    assert main(["check", str(QINGYUAN), "--format", "csv"]) == 1
    path = tmp_path / "checks.csv"
    path.write_text(capsys.readouterr().out, encoding="utf-8")
    frame = pd.read_csv(path, dtype="string", keep_default_na=False)
    assert list(frame["status"]) == list(checks["status"])
    broken = frame[frame["check_id"].str.startswith("prose.rise")].iloc[0]
    assert broken["printed"] == "74.70; 45.57; 28.63"
    assert broken["line"] == "1638; 1636; 1638"


def test_a_file_that_is_no_report_is_told_and_the_others_are_checked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "none.txt", str(QINGYUAN)]) == 2
    said = capsys.readouterr()
    assert "none.txt" in said.err
    assert "不符 14" in said.out


def test_what_is_evaluated_by_python_says_by_which_module() -> None:
    folder = Path(knowledge.__file__).parent
    for identity in knowledge.rules().values():
        modules = [folder / f"{name}.py" for name in identity.by.split("/")]
        said = {path.name for path in modules if f'"{identity.id}"' in path.read_text("utf-8")}
        assert said == {path.name for path in modules}, identity.id


def test_the_page_on_the_checks_is_that_of_the_data(tmp_path: Path) -> None:
    page = tmp_path / "checks.md"
    subprocess.run(
        [sys.executable, str(ROOT / "tools" / "document_checks.py"), str(page)], check=True
    )
    shown = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8") == shown, "run `make docs`"
    for identity in identities(FORM).values():
        assert f"### `{identity.id}`" in shown
        assert identity.purpose
        assert identity.formula
        assert identity.requires
