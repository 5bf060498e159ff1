"""Headline figures, held against what a person reads in the reports."""

from __future__ import annotations

import warnings
from decimal import Decimal
from pathlib import Path

import pytest

from qy_finance import read_report
from qy_finance.analysis.measures import contradictions, headlines
from qy_finance.figures import number

pytestmark = pytest.mark.filterwarnings("ignore::qy_finance.errors.MissingTableWarning")

HERE = Path(__file__).parent
QINGYUAN = next((HERE.parent / "data" / "raw" / "2022").glob("*.txt"))

NAMES = [
    "income", "expenditure", "project_share", "operating", "operating_change", "three_public", "procurement",
    "sme_share",
]  # fmt: skip

#: As printed; percentages worked out from what is printed, to one place.
EXPECTED = {
    QINGYUAN: ("7212.52", "7212.75", "89.7", "62.70", "43.41", "2.52", "2915.76", "95.8"),
    # printed in 元
    HERE / "reconciliation" / "guangdong_urban.txt": (
        "8720.861942", "9460.761942", "84.5", "120.875591", "4.77", "40.389003", "4012.30", "100.0",
    ),
    # a hospital: no 机关运行经费
    HERE / "reconciliation" / "beijing_hospital.txt": (
        "54441.890774", "50698.779131", "8.6", None, None, "10.297431", "3210.45", "90.3",
    ),
    # a school: the report does not say what went to small enterprises
    HERE / "reconciliation" / "shanghai_school.txt": (
        "8508.219481", "8455.154936", "14.6", None, None, "2.839608", "612.40", None,
    ),
    HERE / "reconciliation" / "anhui_water.txt": (
        "38087.51", "42067.03", "91.2", "221.30", "-4.4", "27.60", "9812.30", "81.7",
    ),
}  # fmt: skip


@pytest.mark.parametrize("file", EXPECTED, ids=lambda file: file.stem)
def test_headlines(file: Path) -> None:
    report = read_report(file)
    frame = headlines(report.checks)
    assert list(frame["figure"]) == NAMES
    rows = frame.to_dict("records")
    for row, wanted in zip(rows, EXPECTED[file], strict=True):
        if wanted is None:
            assert row["value"] is None
            assert row["rows"] == ()
        elif row["figure"] in ("project_share", "sme_share"):
            assert f"{row['value']:.1f}" == wanted
        else:
            assert row["value"] == Decimal(wanted), row["figure"]
    for row in rows:
        if len(row["rows"]) == 1:  # it is what is printed there
            source = report.observations.loc[row["rows"][0]]
            printed = number(source["printed"]) / (
                10_000 if source["unit_of_measure"] == "元" else 1
            )
            assert abs(row["value"]) == abs(printed)
    share = report.observations.loc[list(rows[2]["rows"])]
    assert set(share["table"]) == {"expenditure"}
    assert set(share["column"]) == {"项目支出", "本年支出合计"}


def test_a_headline_that_others_contradict_is_disputed(tmp_path: Path) -> None:
    file = HERE / "reconciliation" / "anhui_water.txt"
    text = file.read_text(encoding="utf-8")
    wrong = tmp_path / "a.txt"
    # 221.30 − (−10.20) is last year's amount: another change fits neither amount nor rate
    wrong.write_text(text.replace("10.20", "70.20"), encoding="utf-8")
    for path, disputed in ((file, False), (wrong, True)):
        report = read_report(path)
        frame = headlines(report.checks).set_index("figure")
        assert bool(frame.loc["operating_change", "disputed"]) is disputed
        assert not frame.loc["income", "disputed"]


def test_contradictions_put_figures_before_words() -> None:
    report = read_report(QINGYUAN)
    found = contradictions(report.checks)
    rows = report.check()
    broken = rows[rows["status"] == "break"]
    assert sorted(found["message"]) == sorted(broken["message"])
    severities = list(found["severity"])
    assert severities == sorted(severities)
    assert set(severities) == {"error", "warning"}
    of = dict(zip(broken["message"], broken["observations"], strict=True))
    assert [of[message] for message in found["message"]] == list(found["rows"])


def test_a_report_that_lacks_tables_has_the_other_headlines(tmp_path: Path) -> None:
    text = (HERE / "reconciliation" / "anhui_water.txt").read_text(encoding="utf-8")
    file = tmp_path / "b.txt"
    file.write_text(text.replace("收入支出决算总表", "收入支出概况"), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = read_report(file)
    assert "income_expenditure_summary" in report.meta["missing_tables"]  # type: ignore[operator]
    frame = headlines(report.checks).set_index("figure")
    assert frame.loc["income", "value"] is None
    assert frame.loc["project_share", "value"] is not None
