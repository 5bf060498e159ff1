"""Two versions of a report: what differs, by table, row and column."""

from __future__ import annotations

from pathlib import Path

import pytest
from layout.canvas import Options
from layout.sample import SAMPLE
from layout.text_writer import lay_out

from qy_finance import read_report
from qy_finance.catalogue import add
from qy_finance.cli import main
from qy_finance.entries import COLUMNS
from qy_finance.versions import as_lines, differences

TEXT = lay_out(SAMPLE, Options()).text


@pytest.fixture
def versions(tmp_path: Path) -> list[Path]:
    """A report and the same with one cell and one sentence corrected, and a sentence more."""
    files = [tmp_path / "first.txt", tmp_path / "later.txt"]
    changed = TEXT.replace("8,090.68", "8,099.68", 1) + "其中，印刷费3.21万元。\n"
    for file, text in zip(files, (TEXT, changed), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def test_what_changed_and_what_came(versions: list[Path]) -> None:
    found = differences(*map(read_report, versions))
    assert found[["table", "item", "before", "after"]].fillna("").to_numpy().tolist() == [
        ["income_expenditure_summary", "本年支出合计", "8,090.68 万元", "8,099.68 万元"],
        ["", "印刷费", "", "3.21 万元"],
    ]
    lines = list(as_lines(found))
    assert lines[0].startswith(
        "income_expenditure_summary · 支出 · 本年支出合计 · 决算数：8,090.68 万元（第"
    )
    assert "：无 → 3.21 万元（第" in lines[1]


def test_the_same_report_does_not_differ(
    versions: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert differences(*map(read_report, versions[:1] * 2)).empty
    assert main(["diff", str(versions[0]), str(versions[0])]) == 0
    assert capsys.readouterr().out == "不同 figures that differ: 0\n"


def test_versions_of_the_catalogue_are_shown(
    versions: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "reports.csv").write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    add(versions[0], data)
    add(versions[1], data, replace=True)
    assert main(["diff", "--data-dir", str(data)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{SAMPLE.unit} {SAMPLE.year} 本级"
    assert lines[-1] == "不同 figures that differ: 2"
    assert main(["diff", str(versions[0])]) == 2
