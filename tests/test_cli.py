"""The command line: exit statuses, and errors in one line."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from workbook import UNIT, write_notebook, write_project

from qy_finance.catalogue import load
from qy_finance.cli import main


@pytest.fixture(autouse=True)
def _nothing_left_over() -> None:
    """Event loops of notebooks that ran before complain when they are collected, on standard error."""
    gc.collect()


REPORT = next((Path(__file__).parent.parent / "data" / "raw" / "2022").glob("*.txt"))


def test_run_ends_with_the_index_and_a_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write_project(tmp_path))
    write_notebook(tmp_path / "notebooks" / "a.ipynb", "甲", ["assert code == '0602'"])
    arguments = ["run", "--year", "2022", "--output-dir", "here"]
    assert main([*arguments, "-p", "code=0602"]) == 0
    assert main([*arguments, "--unit", UNIT]) == 1
    lines = capsys.readouterr().out.splitlines()
    lines = [line for line in lines if not line.startswith("!")]  # of reports that nothing parses
    assert [line[0] for line in lines] == ["✓", "1", "h", "✗", "1", "h"]
    assert Path(lines[-1]) == Path("here/index.html")
    assert "AssertionError" in lines[3]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--year", "2030"], "2021 | 2022"),
        (["run", "--year", "2022", "--notebook", "b"], "expected a, found b"),
        (["run", "--year", "2022", "-p", "x=1"], "found x"),
        (["run", "--year", "2022", "--data-dir", "none"], "reports.csv"),
        (["parse", "none.txt"], "none.txt"),
        (["add", "none.docx"], "none.docx"),
    ],
)
def test_an_error_is_one_line_and_status_2(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    says: str,
) -> None:
    monkeypatch.chdir(write_project(tmp_path))
    write_notebook(tmp_path / "notebooks" / "a.ipynb", "甲", ["1"])
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["run"], ["run", "--year", "x"], ["run", "-p", "x"]])
def test_usage_is_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for option, says in (("--version", "qy-finance "), ("--help", "运行笔记本")):
        with pytest.raises(SystemExit) as caught:
            main([option])
        assert caught.value.code == 0
        assert says in capsys.readouterr().out


def test_a_command_starts_without_what_it_does_not_need(tmp_path: Path) -> None:
    write_project(tmp_path)
    write_notebook(tmp_path / "notebooks" / "a.ipynb", "甲", ["1"])
    code = """if True:
        import sys
        from qy_finance.cli import main
        status = main(["run", "--year", "2022"])
        print(status, {"pandas", "lark", "rfc3987_syntax"} & set(sys.modules))
        from qy_finance import Report, read_report
        print(Report.__name__, read_report.__name__)"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[-2:] == ["0 set()", "Report read_report"]
    # not a word of the libraries either, such as a kernel's about its connection
    assert done.stderr == ""


def test_parse_prints_what_read_report_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parse", str(REPORT), "--output", str(tmp_path / "a.csv")]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "清远市政务服务数据管理局本级" in said.err
    frame = pd.read_csv(tmp_path / "a.csv", dtype="string")
    assert f"figures: {len(frame)}\n" in said.err
    # codes and figures stand as they are printed
    assert "2019999" in set(frame["code"])
    assert main(["parse", str(REPORT), "--format", "json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert [r["printed"] for r in records] == list(frame["printed"])


def test_add_goes_on_after_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write_project(tmp_path))
    assert main(["add", "none.txt", str(REPORT), str(REPORT), "--source", "网站"]) == 2
    said = capsys.readouterr()
    assert said.out.splitlines()[0].startswith(
        "清远市政务服务数据管理局本级  2022  本级  raw/2022/"
    )
    assert "表 tables 9" in said.out.splitlines()[1]
    assert said.err.count("\n") == 1
    assert main(["add", str(REPORT)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert load().find(2022, "清远市政务服务数据管理局本级").source == "网站"


@pytest.mark.parametrize("below", ["", "notebooks", "data/raw"])
def test_lab_opens_the_first_notebook(
    below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is started: Jupyter takes a relative path to be one from there."""
    monkeypatch.chdir(write_project(tmp_path) / below)
    for name in ("00_overview", "01_spending"):
        write_notebook(tmp_path / "notebooks" / f"{name}.ipynb", "甲", ["1"])
    called: list[list[str]] = []

    def run(command: list[str], check: bool) -> subprocess.CompletedProcess[str]:
        called.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    assert main(["lab"]) == 0
    assert called[0][-1] == str(tmp_path.resolve() / "notebooks" / "00_overview.ipynb")
    assert f"--ServerApp.root_dir={tmp_path.resolve()}" in called[0]


@pytest.mark.parametrize("code_page", ["gbk", "cp936", "cp437", "ascii"])
def test_any_console_is_written_to(code_page: str) -> None:
    """What a console of that code page hands to the program, which would not hold all that a report prints."""
    done = subprocess.run(
        [sys.executable, "-m", "qy_finance", "check", str(REPORT)],
        env=os.environ | {"PYTHONIOENCODING": code_page, "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert "清远市政务服务数据管理局本级" in done.stdout.decode("utf-8")
    assert done.stderr == b""
