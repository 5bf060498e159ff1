"""Kernels that are forked from one process: as if each was started anew, and ended as each is."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from workbook import write_notebook, write_project

from qy_finance.cli import main
from qy_finance.publish import run
from qy_finance.publish.forking import Forked, Forks
from qy_finance.publish.kernels import Kernel

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="processes are not forked on this system"
)

ROOT = Path(__file__).parents[1]

#: What differs between processes if anything does.
TELLING = [
    "import os, sys, warnings, threading\nwarnings.warn('look')\nprint(sys.argv[0], sys.path, os.getcwd())",
    "for name in sorted(os.environ):\n    if name != 'JPY_PARENT_PID':\n        print(name, os.environ[name])",
    "print(sys.flags, __name__, sys.stdin.read(), threading.active_count())",
    "import pandas as pd, matplotlib, decimal, locale, logging, signal\n"
    "print(dict(matplotlib.rcParams), pd.get_option('display.max_rows'), decimal.getcontext())\n"
    "print(locale.getlocale(), logging.getLogger().handlers)\n"
    "print([signal.getsignal(one) for one in (signal.SIGCHLD, signal.SIGINT, signal.SIGPIPE)])\n"
    "os.getsid(0) == os.getpid(), matplotlib.get_backend()",
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);",
    "from qy_finance.charts.theme import finish, rows\nfrom qy_finance.display import show\n"
    "axes = rows(['甲', '乙'])\naxes.barh([0, 1], [2, 1])\nshow(finish(axes, '图', '表'), '图')",
    "pd.DataFrame({'a': [1.5, None]}).style.format(na_rep='—').set_uuid('x').to_html()",
    "input('?')",
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project to stand in."""
    monkeypatch.chdir(write_project(tmp_path))
    return tmp_path


@pytest.fixture
def forks(tmp_path: Path) -> Iterator[Forks]:
    """Forks that are started, and closed in the end."""
    with closing(Forks()) as made:
        made.start(tmp_path)
        yield made


def forked(forks: Forks, function: str) -> Forked:
    process = forks.fork(function, ["-c"])
    assert process is not None
    return process


def executed(output: Path) -> dict[str, Any]:
    """The notebooks of an output folder, without times and numbers of processes."""
    found = {}
    for file in output.glob("*/**/*.ipynb"):
        notebook = json.loads(re.sub(r"ipykernel_\d+", "", file.read_text(encoding="utf-8")))
        for part in (notebook, *notebook["cells"]):
            part["metadata"].pop("papermill", None)
            part["metadata"].pop("execution", None)
        found[file.stem] = notebook
    return found


def said(output: Path, name: str) -> str:
    """What a notebook printed."""
    cells = executed(output)[name]["cells"]
    texts = (one.get("text", []) for cell in cells for one in cell.get("outputs", []))
    return "".join(line for text in texts for line in text)


def test_forked_and_fresh_notebooks_are_the_same(project: Path) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", TELLING)
    write_notebook(project / "notebooks" / "b.ipynb", "乙", ["print(1)", "1 / 0"])
    forked, fresh = project / "forked", project / "fresh"
    assert "StdinNotImplementedError" in run([2022], output_dir=forked).results[0].error
    run([2022], output_dir=fresh, fork=False)
    found = executed(forked)
    assert found == executed(fresh)
    drawn = [re.findall(r"image/(png|svg)", str(cell)) for cell in found["a"]["cells"]]
    assert sum(map(bool, drawn)) == 2


def test_forked_and_fresh_runs_of_a_real_report_are_the_same(tmp_path: Path) -> None:
    forked, fresh = tmp_path / "forked", tmp_path / "fresh"
    for output, fork in ((forked, True), (fresh, False)):
        folders = (ROOT / "data", ROOT / "notebooks", output)
        assert run([2022], (), ["02_operating_expenses"], {}, *folders, fork=fork).ok
    assert executed(forked) == executed(fresh)
    assert executed(forked)


def test_kernels_and_the_reader_come_from_one_process_or_from_the_run(project: Path) -> None:
    for name in "ab":
        write_notebook(
            project / "notebooks" / f"{name}.ipynb", name, ["import os; print(os.getppid())"]
        )
    run([2022], output_dir=project / "forked")
    parents = {said(project / "forked", name) for name in "ab"}
    assert len(parents) == 1
    assert parents != {f"{os.getpid()}\n"}
    run([2022], output_dir=project / "fresh", fork=False)
    assert {said(project / "fresh", name) for name in "ab"} == {f"{os.getpid()}\n"}


def test_no_two_kernels_draw_the_same_random_numbers(project: Path) -> None:
    draw = "import random, uuid, numpy\nprint(random.random(), numpy.random.random(), uuid.uuid4())"
    for name in "ab":
        write_notebook(project / "notebooks" / f"{name}.ipynb", name, [draw])
    run([2022])
    drawn = [said(project / "outputs", name).split() for name in "ab"]
    assert [len(one) for one in drawn] == [3, 3]
    assert not set(drawn[0]) & set(drawn[1])


@pytest.mark.parametrize(
    ("beside", "says"),
    [
        (
            "import sys, threading, time\n"
            "if 'warmed' in ' '.join(sys.orig_argv):\n"
            "    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n",
            "2 threads",
        ),
        (
            "import sys\nif 'warmed' in ' '.join(sys.orig_argv):\n    sys.modules['seaborn'] = None\n",
            "ModuleNotFoundError",
        ),
        (
            "import sys, os\nif 'warmed' in ' '.join(sys.orig_argv):\n    os._exit(3)\n",
            "not forked",  # as a broken pipe, or as one that has ended
        ),
    ],
)
def test_where_nothing_can_be_forked_kernels_are_started_anew(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    beside: str,
    says: str,
) -> None:
    (project / "site").mkdir()
    (project / "site" / "sitecustomize.py").write_text(beside, encoding="utf-8")
    paths = [str(project / "site"), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    for name in "ab":
        write_notebook(
            project / "notebooks" / f"{name}.ipynb", name, ["import os; print(os.getppid())"]
        )
    run([2022])
    assert {said(project / "outputs", name) for name in "ab"} == {f"{os.getpid()}\n"}
    told = [line for line in capfd.readouterr().err.splitlines() if "not forked" in line]
    assert len(told) == 1
    assert says in told[0]


def test_a_module_beside_the_notebooks_is_the_one_that_they_import(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "notebooks" / "seaborn.py").write_text("OWN = 'own'", encoding="utf-8")
    cells = ["import seaborn; print(seaborn.OWN)"]
    write_notebook(project / "notebooks" / "a.ipynb", "甲", cells)
    run([2022])
    assert said(project / "outputs", "a") == "own\n"
    assert "seaborn.py" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("function", "status"),
    [
        ("builtins:dict", 0),
        ("builtins:next", 1),
        ("nowhere:f", 1),
        ("os:abort", -6),
    ],
)
def test_it_is_told_how_a_process_ended(forks: Forks, function: str, status: int) -> None:
    process = forked(forks, function)
    assert process.wait() == status
    assert process.poll() == status
    process.kill()  # a number that may be another's by now


def test_a_process_is_ended_by_a_signal_or_with_its_run(forks: Forks) -> None:
    first, second = forked(forks, "signal:pause"), forked(forks, "signal:pause")
    assert first.poll() is None
    first.terminate()
    assert first.wait() == -signal.SIGTERM
    assert second.poll() is None
    forks.close()
    assert second.wait() == -signal.SIGKILL
    for process in (first, second):
        assert not Path(f"/proc/{process.pid}").exists()
    assert forks.fork("signal:pause", ["-c"]) is None


def test_when_the_warmed_process_is_killed_the_run_goes_on_without(
    forks: Forks, capsys: pytest.CaptureFixture[str]
) -> None:
    process = forked(forks, "sys:stdin.read")
    os.kill(
        int(Path(f"/proc/{process.pid}/stat").read_text().rsplit(")")[-1].split()[1]),
        signal.SIGKILL,
    )
    assert process.wait() in (0, -signal.SIGKILL)
    assert forks.fork("builtins:dict", ["-c"]) is None
    assert forks.fork("builtins:dict", ["-c"]) is None
    assert capsys.readouterr().err.count("not forked") == 1


def test_a_kernel_is_interrupted_and_restarted_as_any(forks: Forks, tmp_path: Path) -> None:
    async def interrupted() -> tuple[str, set[int]]:
        manager: Any = Kernel(forks).manager_class(kernel_name="python3")
        await manager.start_kernel(cwd=str(tmp_path))
        client, numbers = manager.client(), {manager.provisioner.pid}
        client.start_channels()
        await client.wait_for_ready(60)
        client.execute("import time; print('here', flush=True); time.sleep(600)")
        content: dict[str, Any] = {}
        while "ename" not in content:
            content = (await client.get_iopub_msg(60))["content"]
            if content.get("text") == "here\n":
                await manager.interrupt_kernel()
        await manager.restart_kernel(now=True)
        numbers.add(manager.provisioner.pid)
        await client.wait_for_ready(60)
        client.stop_channels()
        await manager.shutdown_kernel()
        return content["ename"], numbers

    name, numbers = asyncio.run(interrupted())
    assert name == "KeyboardInterrupt"
    assert len(numbers) == 2
    assert not [number for number in numbers if Path(f"/proc/{number}").exists()]


def test_a_killed_kernel_is_a_failed_notebook(project: Path) -> None:
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    write_notebook(project / "notebooks" / "a.ipynb", "甲", [kill])
    write_notebook(project / "notebooks" / "b.ipynb", "乙", ["1"])
    assert [result.error[:15] for result in run([2022]).results] == ["DeadKernelError", ""]


@pytest.mark.parametrize("more", [[], ["--no-fork"]])
def test_a_notebook_that_takes_too_long_is_ended_and_no_other(
    project: Path, more: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["import time; time.sleep(600)"])
    write_notebook(project / "notebooks" / "b.ipynb", "乙", ["1"])
    assert main(["run", "--year", "2022", "--timeout", "20", *more]) == 1
    lines = [line[2:] for line in capsys.readouterr().out.splitlines() if line[0] in "✓✗"]
    assert [("TimeoutError: not done within 20 s" in line) for line in lines] == [False, True]
    assert [line[:3] for line in lines] == ["1/2", "2/2"]


@pytest.mark.parametrize(("jobs", "met"), [("1", ""), ("2", "met\n")])
def test_as_many_notebooks_run_at_a_time_as_are_asked_for(
    project: Path, jobs: str, met: str
) -> None:
    """Each waits for the other to begin: for a while where that should not be, before it has ended."""
    meet = (
        "import pathlib, time\n"
        "pathlib.Path(f'began-{me}').touch()\n"
        "for _ in range(9000 if wait else 50):\n"
        "    began, ended = (pathlib.Path(f'{what}-{other}').exists() for what in ('began', 'ended'))\n"
        "    if began and (wait or not ended):\n"
        "        print('met')\n"
        "        break\n"
        "    time.sleep(0.01)\n"
        "pathlib.Path(f'ended-{me}').touch()"
    )
    for me, other in ("ab", "ba"):
        begin = f"me, other, wait = {me!r}, {other!r}, {bool(met)}\n"
        write_notebook(project / "notebooks" / f"{me}.ipynb", me, [begin + meet])
    main(["run", "--year", "2022", "--jobs", jobs])
    assert {said(project / "outputs", name) for name in "ab"} == {met}


@pytest.mark.parametrize("jobs", ["0", "-1", "x", ""])
def test_a_number_of_jobs_is_at_least_one(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--year", "2022", f"--jobs={jobs}"])
    assert "expected a number from 1" in capsys.readouterr().err


def test_a_run_ends_with_its_counts(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1 / 0"])
    write_notebook(project / "notebooks" / "b.ipynb", "乙", ["1"])
    main(["run", "--year", "2022", "--no-fork"])
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "2 页 pages：2 运行 run，0 未变 unchanged，1 失败 failed",
        str(project / "outputs" / "index.html"),
    ]
    main(["run", "--year", "2022"])
    assert "2 页 pages：1 运行 run，1 未变 unchanged，1 失败 failed" in capsys.readouterr().out


def test_a_bar_tells_who_looks_on_how_far_it_is_and_what_failed(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_notebook(project / "notebooks" / "a.ipynb", "甲", ["1 / 0"])
    write_notebook(project / "notebooks" / "b.ipynb", "乙", ["1"])
    run([2022])
    assert "/2" not in capsys.readouterr().err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run([2022], notebooks=["a"], output_dir=project / "again")
    told = capsys.readouterr().err
    assert "0/1" in told
    assert "1/1" in told
    assert "失败 failed 1" in told
