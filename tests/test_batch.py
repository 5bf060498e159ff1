"""The batch run: what it checks before, what it leaves, and what it never leaves."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import CancelledError
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from workbook import UNIT, write_notebook, write_project

from qy_finance.errors import ParameterError, ReportError, UnknownReportError
from qy_finance.files import locked
from qy_finance.publish import run
from qy_finance.publish.execute import JobResult, execute
from qy_finance.publish.forking import Forks
from qy_finance.publish.kernels import Kernels
from qy_finance.publish.plan import Job, Subject, find_notebooks


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project to stand in."""
    monkeypatch.chdir(write_project(tmp_path))
    return tmp_path


def outputs(project: Path, year: int, suffix: str) -> dict[str, str]:
    files = (project / "outputs" / str(year)).glob(f"*/*{suffix}")
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def test_a_notebook_that_fails_stops_no_other(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    says = (
        "print(repr(year), repr(unit), repr(data_dir), open(data_dir + '/reports.csv').readable())"
    )
    write_notebook(project / "notebooks" / "01_bad.ipynb", "坏", ["print('before')", "1 / 0", "2"])
    write_notebook(project / "notebooks" / "02_good.ipynb", "好 <i>", [says])
    write_notebook(project / "notebooks" / "templates" / "x.ipynb", "样板", ["1"])
    result = run([2022])

    assert not result.ok
    assert [(o.job.name, o.title, o.error) for o in result.results] == [
        ("01_bad", "坏", "ZeroDivisionError: division by zero"),
        ("02_good", "好 <i>", ""),
    ]
    lines = sorted(capsys.readouterr().out.splitlines())
    assert [line[0] for line in lines] == ["!", "✓", "✗"]
    assert "not read" in lines[0]  # nothing parses the reports of this project
    assert "ZeroDivisionError: division by zero" in lines[2]

    pages = outputs(project, 2022, ".html")
    assert "运行失败" in pages["01_bad"]
    assert "ZeroDivisionError: division by zero" in pages["01_bad"]
    assert "before" in pages["01_bad"]
    assert "运行失败" not in pages["02_good"]
    # the kernel stands in the notebooks' folder, and no path of this machine gets out
    assert f"2022 {UNIT!r} '../data' True".replace("<", "&lt;").replace(">", "&gt;") in pages[
        "02_good"
    ].replace("&#39;", "'")
    notebooks = outputs(project, 2022, ".ipynb")
    assert not [name for name, text in (notebooks | pages).items() if str(project) in text]
    nbformat.validate(nbformat.reads(notebooks["02_good"], 4))

    index = result.index.read_text(encoding="utf-8")
    assert "好 &lt;i&gt;" in index
    assert "某市&lt;b&gt;某局" in index
    assert "✗ 失败" in index
    manifest = json.loads(next(project.glob("outputs/2022/*/manifest.json")).read_text("utf-8"))
    assert manifest["notebooks"]["01_bad"]["status"] == "failed"
    assert manifest["notebooks"]["02_good"]["parameters"]["data_dir"] == "../data"


def test_the_index_keeps_earlier_runs(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["code, limit"])
    write_notebook(project / "notebooks" / "b.ipynb", "乙", ["1"])
    run([2021], notebooks=["b"])
    result = run([2022], notebooks=["a.ipynb"], parameters={"code": "0602", "limit": "2"})
    assert "(&#39;0602&#39;, 2.0)".replace("&#39;", "'") in outputs(project, 2022, ".html")[
        "a"
    ].replace("&#39;", "'")
    index = result.index.read_text(encoding="utf-8")
    assert index.count("某市&lt;b&gt;某局&lt;/b&gt;") == 1
    assert index.index("2022/") < index.index("2021/")
    assert [name in index for name in ("a.html", "b.html")] == [True, True]


@pytest.mark.parametrize(
    ("request_", "kind", "says"),
    [
        ({"years": [2030]}, UnknownReportError, "2021 | 2022"),
        ({"years": [2022], "units": ["别局"]}, UnknownReportError, UNIT),
        ({"years": [2022], "notebooks": ["b"]}, ParameterError, "a, found b"),
        ({"years": [2022], "parameters": {"lmit": "1"}}, ParameterError, "limit"),
        ({"years": [2022], "parameters": {"year": "1"}}, ParameterError, "year"),
        ({"years": [2022], "parameters": {"limit": "x"}}, ParameterError, "float"),
    ],
)
def test_what_does_not_exist_is_said_before_anything_runs(
    project: Path, request_: dict[str, object], kind: type[ReportError], says: str
) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"])
    with pytest.raises(kind) as caught:
        run(**request_)  # type: ignore[arg-type]
    assert says in str(caught.value)
    assert not (project / "outputs").exists()


def test_notebooks_have_the_parameters_of_the_catalogue(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"], parameters="year = 2022")
    with pytest.raises(ParameterError, match=r"no unit"):
        run([2022])
    (project / "notebooks" / "a.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(ParameterError, match=r"expected a notebook"):
        run([2022])


def test_no_notebooks_is_an_error(project: Path) -> None:
    with pytest.raises(ParameterError, match="notebooks/"):
        run([2022])


def test_nothing_half_written_stands_under_a_finished_name(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["'first'"])
    run([2022])
    before = outputs(project, 2022, "")
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["'second'"])

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("qy_finance.publish.pages.export", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run([2022])
    assert outputs(project, 2022, "") == before
    assert not list(project.glob("outputs/2022/*/.*"))


def test_an_interrupted_run_puts_nothing_in_place(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the one notebook sleeps: its kernel is ended, not waited for."""
    touch = "from pathlib import Path\nPath('ran').touch()"
    write_notebook(project / "notebooks" / "a.ipynb", "甲", [touch, "import time; time.sleep(600)"])
    write_notebook(project / "notebooks" / "b.ipynb", "乙", ["1"])

    def interrupt(outcome: JobResult) -> None:
        while not (project / "notebooks" / "ran").exists():
            time.sleep(0.05)
        raise KeyboardInterrupt

    monkeypatch.setattr("qy_finance.publish.manifest.record", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run([2022])
    # what the index says of the report may have been noted before
    assert set(outputs(project, 2022, "")) - {"manifest"} == {"b"}
    assert not (project / "outputs" / "index.html").exists()


def test_a_kernel_that_dies_is_a_failed_notebook(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["import os", "os._exit(1)"])
    outcome = run([2022]).results[0]
    assert outcome.error.startswith("DeadKernelError")
    assert "运行失败" in outputs(project, 2022, ".html")["a"]


def test_what_a_killed_run_left_is_removed(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"])
    outcome = run([2022]).results[0]
    folder = outcome.job.subject.folder
    (folder / ".0123.tmp.html").touch()
    run([2022])
    assert sorted(p.name for p in folder.iterdir()) == [
        "a.html",
        "a.ipynb",
        outcome.job.subject.beside,
        "here.svg",
        "manifest.json",
    ]


def test_two_runs_do_not_write_to_one_folder(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"])
    with locked(project / "outputs"), pytest.raises(ReportError, match=r"another qy-finance"):
        run([2022])


def test_a_job_of_an_ended_run_does_not_start(project: Path) -> None:
    kernels = Kernels(1, Forks())
    kernels.end()
    subject = Subject(UNIT, None, {}, project / "outputs", {})
    job = Job(project / "a.ipynb", "", subject, {}, [], {})
    with pytest.raises(CancelledError):
        execute(job, kernels)
    assert not (project / "outputs").exists()


def test_a_notebook_that_nobody_wrote_for_it_is_left_out_with_one_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"])
    nbformat.write(nbformat.v4.new_notebook(), project / "notebooks" / "Untitled.ipynb")
    result = run([2022])
    assert [one.job.name for one in result.results] == ["a"]
    told = [line for line in capsys.readouterr().out.splitlines() if "Untitled" in line]
    assert told == [
        "! 没有 parameters 单元格，跳过 no cell tagged parameters, left out  Untitled.ipynb"
    ]
    with pytest.raises(ParameterError, match="cell tagged parameters"):
        run([2022], notebooks=["Untitled"])


CELL = '{"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": null, "source": ""}'


@pytest.mark.parametrize(
    "written",
    [
        "{}",
        "[]",
        "[" * 100_000,
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}',
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": null, "cells": []}',
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": null}',
        '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [7]}',
        *(
            f'{{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": [{cell}]}}'
            for cell in (
                CELL.replace("{}", '{"tags": null}'),
                CELL.replace("{}", '{"tags": "parameters"}'),
                CELL.replace('""', "null"),
                CELL.replace(', "source": ""', ""),
                CELL.replace("[]", "null"),
            )
        ),
    ],
)
def test_a_damaged_notebook_is_named_before_anything_runs(project: Path, written: str) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"])
    (project / "notebooks" / "b.ipynb").write_text(written, encoding="utf-8")
    with pytest.raises(ParameterError, match=r"b\.ipynb: expected a notebook, found ."):
        run([2022])
    assert not (project / "outputs").exists()


def test_what_stands_for_a_notebook_and_is_none_is_named(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"])
    (project / "notebooks" / "b.ipynb").mkdir()
    with pytest.raises(ParameterError, match="expected a notebook"):
        run([2022])


def test_parameters_that_no_parser_survives_are_named(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"], f"year = {'-' * 200_000}1")
    with pytest.raises(ParameterError, match=r"expected Python, found ."):
        run([2022])


def test_hidden_files_are_no_notebooks(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1"])
    (project / "notebooks" / "._a.ipynb").write_bytes(b"\0\5\x16\7 of a Mac")
    assert [path.name for path in find_notebooks(project / "notebooks")] == ["a.ipynb"]


def test_a_limit_of_ages_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A timer that can't wait so long would end, and with it the limit."""
    failed: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failed.append)
    with closing(Forks(False)) as forks, Kernels(1, forks, 10**20).one() as kernel:
        (timer,) = (one for one in threading.enumerate() if isinstance(one, threading.Timer))
        timer.join(0.2)
        assert timer.is_alive()
        assert not kernel.ended.is_set()
    assert not failed
