"""``qy-finance init``: what someone gets who has the package and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from qy_finance.cli import main
from qy_finance.entries import read

PROJECT = Path(__file__).parent.parent
NAMES = {path.name for path in (PROJECT / "notebooks").glob("*.ipynb")}


def test_notebooks_come_without_what_they_showed_and_the_catalogue_is_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "new")]) == 0
    assert "qy-finance add FILE" in capsys.readouterr().out
    brought = tmp_path / "new" / "notebooks"
    assert {path.name for path in brought.iterdir()} == NAMES | {"templates", "en"}
    for path in brought.rglob("*.ipynb"):
        cells = nbformat.read(path, 4).cells
        assert [cell for cell in cells if cell.get("outputs")] == []
        assert [cell for cell in cells if cell.cell_type == "code"]
    english = {path.name for path in (PROJECT / "notebooks" / "en").iterdir()}
    assert {path.name for path in (brought / "en").iterdir()} == english
    assert read(tmp_path / "new" / "data").entries == ()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["data", "notebooks"]


def test_what_is_there_is_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue = tmp_path / "data" / "reports.csv"
    catalogue.parent.mkdir()
    catalogue.write_text("mine", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 0
    own = tmp_path / "notebooks" / "00_overview.ipynb"
    own.write_text("mine", encoding="utf-8")
    capsys.readouterr()
    assert main(["init", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert (own.read_text("utf-8"), catalogue.read_text("utf-8")) == ("mine", "mine")


def test_what_stands_in_the_way_is_told_and_nothing_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "notebooks").symlink_to("nowhere")
    assert main(["init", str(tmp_path / "one")]) == 2
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["notebooks"]
    assert "expected a folder without notebooks" in capsys.readouterr().err
    (tmp_path / "two" / "data" / "reports.csv").mkdir(parents=True)
    assert main(["init", str(tmp_path / "two")]) == 2
    assert [path.name for path in (tmp_path / "two").iterdir()] == ["data"]
    assert "expected a catalogue, or none, found a folder" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["run", "--all"], ["check"], ["lab"]])
def test_without_a_project_it_is_told_how_to_make_one(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert "qy-finance init FOLDER" in capsys.readouterr().err


def test_the_wheel_brings_them(tmp_path: Path) -> None:
    """As pip installs it: without the project beside the package."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=PROJECT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(tmp_path / "installed")
    done = subprocess.run(
        [sys.executable, "-m", "qy_finance", "init", "new"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": ""},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert "00_overview.ipynb" in done.stdout
    assert {path.name for path in (tmp_path / "new" / "notebooks").glob("*.ipynb")} == NAMES
