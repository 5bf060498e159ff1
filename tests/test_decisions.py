"""What a person decided lies over what was read, and is shown where the figure is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out

from qy_finance import Report, read_report
from qy_finance.catalogue import add
from qy_finance.cli import main
from qy_finance.decisions import COLUMNS
from qy_finance.entries import COLUMNS as CATALOGUE
from qy_finance.errors import DecisionError
from qy_finance.publish.source_page import source_page


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one report."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "reports.csv").write_text(",".join(CATALOGUE) + "\n", encoding="utf-8")
    file = tmp_path / "a.txt"
    file.write_text(lay_out(SAMPLE, Options()).text, encoding="utf-8")
    add(file, folder)
    return folder


def read(data: Path) -> Report:
    return read_report(next((data / "raw").rglob("*.txt")))


def decide(data: Path, **said: str) -> None:
    line = dict.fromkeys(COLUMNS, "") | said
    with (data / "decisions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, line.values()])


def line_of(report: Report, row: int) -> dict[str, str]:
    return {
        "report_id": str(report.meta["report_id"]),
        "figure": str(report.observations.loc[row, "figure"]),
        "value": "4,318.88",
        "verdict": "misprint",
        "who": "张三",
        "when": "2024-09-30",
        "why": "与附件核对",
    }


def test_without_decisions_there_are_none(data: Path) -> None:
    assert read(data).decisions.empty


def test_a_decision_is_shown_and_changes_nothing(data: Path) -> None:
    before = read(data)
    assert 'id="decisions"' not in source_page(before, [], {})
    decide(data, **line_of(before, 3))
    report = read(data)
    assert report.observations.equals(before.observations)
    assert report.check().equals(before.check())
    (row,) = report.decisions.to_dict("records")
    printed = before.observations.loc[3, "printed"]
    assert (row["row"], row["printed"], row["value"]) == (3, printed, 4318.88)
    assert (row["verdict"], row["who"], row["why"]) == ("misprint", "张三", "与附件核对")
    told = "人工判定：报告印错了，应为 4,318.88（张三，2024-09-30：与附件核对）"
    assert told in str(report.observation(3))
    assert told not in str(report.observation(4))
    page = source_page(report, [], {})
    assert page.count(told) == 2  # at the figure, and in the list
    assert 'id="decisions"' in page


def test_a_finding_shows_what_was_decided_of_its_figures(data: Path) -> None:
    file = next((data / "raw").rglob("*.txt"))
    file.write_text(file.read_text("utf-8").replace("4,318.83", "4,381.83", 1), encoding="utf-8")
    (row, *_) = read(data).findings()[0].observations
    decide(data, **line_of(read(data), row))
    found = read(data).findings()[0]
    assert len(found.decisions) == 1
    assert "人工判定：报告印错了，应为 4,318.88" in str(read(data).findings())
    assert "人工判定：报告印错了，应为 4,318.88" in read(data).findings()._repr_html_()


def test_a_figure_that_is_gone_is_an_error(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(data, **line_of(read(data), 3) | {"figure": "0123456789abcdef"})
    report = read(data)
    for shown in (lambda: report.decisions, lambda: str(report.observation(0))):
        with pytest.raises(DecisionError, match=r"0123456789abcdef.*none of that id"):
            shown()
    monkeypatch.chdir(data.parent)
    assert main(["check"]) == 2
    assert "none of that id" in capsys.readouterr().err
    assert main(["data"]) == 2


def test_decisions_on_other_reports_are_theirs(data: Path) -> None:
    decide(data, **line_of(read(data), 3) | {"report_id": "别局_2022_本级"})
    assert read(data).decisions.empty


def test_a_decision_stays_whatever_the_order_of_files(data: Path, tmp_path: Path) -> None:
    file = next((data / "raw").rglob("*.txt"))
    other = tmp_path / "other.html"
    other.write_text("<p>" + file.read_text("utf-8").replace("\n", "</p><p>") + "</p>", "utf-8")
    joined = read_report([file, other])
    for row in (3, len(joined.observations) - 1):
        decide(data, **line_of(joined, row))
        for order in ([file, other], [other, file]):
            report = read_report(order)
            (decided,) = report.decisions["row"]
            assert (
                report.observations.loc[decided, "printed"]
                == joined.observations.loc[row, "printed"]
            )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", "十二"), ("value", "NaN"), ("verdict", "maybe"), ("who", ""), ("when", "昨天"), ("why", " "),
        ("figure", ""),
    ],
)  # fmt: skip
def test_a_line_at_fault_is_named(data: Path, column: str, value: str) -> None:
    decide(data, **line_of(read(data), 3) | {column: value})
    with pytest.raises(DecisionError, match=rf"decisions\.csv: line 2, {column}"):
        _ = read(data).decisions


def test_two_decisions_on_a_figure_are_an_error(data: Path) -> None:
    decide(data, **line_of(read(data), 3))
    path = data / "decisions.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(DecisionError, match=r"line 3: expected one decision"):
        _ = read(data).decisions
