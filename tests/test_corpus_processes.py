"""A corpus is built by processes that end, hang, are killed or run on a cluster, and is the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import crashing
import pytest
from corpora import OTHER, UNIT, account, left_over, snapshot, write

from qy_finance.bounded import Bounded, EndedError
from qy_finance.corpus import worker
from qy_finance.corpus.build import build
from qy_finance.corpus.database import open_corpus
from qy_finance.errors import CorpusError
from qy_finance.store import parts

TESTS = Path(__file__).parent
REPORTS = {
    **{
        f"{year}.txt": account(year=year, total=90 + year % 7, more=1) for year in range(2019, 2025)
    },
    "other.txt": account(OTHER),
    "junk.pdf": b"%PDF-1.7\ncut",
}
posix = pytest.mark.skipif(sys.platform == "win32", reason="no signals")


@pytest.fixture
def crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The processes read as :mod:`crashing` does."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(TESTS), str(TESTS.parent)]))
    monkeypatch.setattr(worker, "answer", crashing.answer)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("reports"), REPORTS)


@pytest.fixture(scope="module")
def uninterrupted(source: Path) -> dict[str, bytes]:
    """The files of a corpus that was built at once, by two processes."""
    built = build(source, source.with_name("uninterrupted"))
    assert (built.reports, built.read, len(built.failures)) == (7, 8, 1)
    return snapshot(built.folder)


@posix
def test_a_file_that_ends_its_process_is_one_failure(crashes: None, tmp_path: Path) -> None:
    bad = {
        "segfault.txt": "SEGFAULT\n", "exit.txt": "EXIT\n", "memory.txt": "MEMORY\n", "killed.txt": "KILLED\n",
        "once.txt": "KILLED ONCE\n" + account(year=2022),
    }  # fmt: skip
    source = write(tmp_path / "reports", {"a.txt": account(), **bad, "z.txt": account(OTHER)})
    into = tmp_path / "corpus"
    built = build(source, into)
    assert (built.reports, built.is_lacking) == (3, True)
    write(source, {"hang.txt": "HANG\n"})
    assert build(source, into, seconds=2).reports == 3
    failures = open_corpus(into).failures.set_index("file")
    assert sorted(failures.index) == [
        "exit.txt",
        "hang.txt",
        "killed.txt",
        "memory.txt",
        "segfault.txt",
    ]
    assert failures["error"].tolist().count("ProcessEnded") == 4
    assert failures.loc["memory.txt", "error"] == "MemoryError"
    assert failures.loc["hang.txt", "found"] == "not done within 2 s"
    assert failures.loc["segfault.txt", "found"] == "the process ended with status -11"
    assert left_over(into) == []


@posix
def test_what_was_killed_is_tried_again_by_the_next_build(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Killed:
        closed = False

        def __init__(self, *_: object, **__: object) -> None: ...

        def ask(self, request: object) -> None:
            raise EndedError("the process ended with status -9", -9, killed=True)

        def close(self) -> None: ...

    source, into = write(tmp_path / "reports", {"a.txt": account()}), tmp_path / "corpus"
    with monkeypatch.context() as patch:
        patch.setattr(worker, "Bounded", Killed)
        assert build(source, into).reports == 0
    assert build(source, into).reports == 1
    assert not len(open_corpus(into).failures)


@posix
def test_killed_at_any_moment_it_goes_on(
    source: Path, uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    """The whole group of processes is killed, as when a machine stops."""
    into = tmp_path / "corpus"
    script = "import sys; from qy_finance.corpus.build import build; build(*sys.argv[1:3])"
    moments = random.Random(15)
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", script, str(source), str(into)],
            start_new_session=True,
        )
        try:
            process.wait(moments.uniform(0.3, 4))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if (into / "corpus.json").exists():
            assert len(open_corpus(into).reports) == 7
        else:
            with pytest.raises(CorpusError):
                open_corpus(into)
    build(source, into)
    assert snapshot(into) == uninterrupted
    assert left_over(into) == []
    assert not (into / "parts").exists()


def test_an_interrupted_build_goes_on_with_the_parts_that_are_there(
    source: Path, uninterrupted: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into, done = tmp_path / "corpus", []

    def stops(request: worker.Request) -> dict[str, object]:
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(Path(request["part"]))
        return perform(request)

    perform = worker.perform
    monkeypatch.setattr(worker, "perform", stops)
    with pytest.raises(KeyboardInterrupt):
        build(source, into, jobs=1)
    assert not (into / "corpus.json").exists()
    assert sorted((into / "parts").rglob("*.part")) == sorted(done)
    damaged = done[0].read_bytes()
    done[0].write_bytes(damaged[: len(damaged) // 2])  # by the disk: a build leaves none like it
    assert parts.told(done[0]) is None
    monkeypatch.setattr(worker, "perform", perform)
    assert build(source, into).reports == 7
    assert snapshot(into) == uninterrupted


def test_an_interrupted_build_does_not_wait_for_a_file_that_hangs(
    crashes: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qy_finance.corpus import making as building

    def interrupted(futures: object) -> None:
        time.sleep(2)  # it is being read
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "as_completed", interrupted)
    source = write(tmp_path / "reports", {f"{at}.txt": f"HANG\n{at}" for at in range(4)})
    with pytest.raises(KeyboardInterrupt):
        build(source, tmp_path / "corpus")  # or it would take 15 minutes


@posix
def test_a_process_that_was_killed_while_it_waits_is_started_again() -> None:
    process = Bounded(len)
    try:
        assert process.ask([1, 2]) == 2
        assert process._process is not None
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()
        with pytest.raises(EndedError) as told:
            process.ask("x" * 500_000)
        assert told.value.killed
        assert process.ask("四个汉字") == 4
        with pytest.raises(EndedError, match="ended with status 1"):
            process.ask(3)
    finally:
        process.close()


@posix
def test_processes_end_with_whoever_asks_them(tmp_path: Path) -> None:
    """A build that is killed leaves none behind, whatever they are doing."""
    script = (
        "import time; from qy_finance.bounded import Bounded; import sys\n"
        "one = Bounded(time.sleep); one.ask(0); print(one._process.pid, flush=True); one.ask(300)"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.kill()
    process.wait()
    process.stdout.close()
    for _ in range(600):
        if not _is_running(child):
            break
        time.sleep(0.05)
    assert not _is_running(child)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_cluster_gives_the_same_corpus(
    source: Path, uninterrupted: dict[str, bytes], tmp_path: Path
) -> None:
    """Two workers, one of which is killed in the middle."""
    distributed = pytest.importorskip("distributed")
    into = tmp_path / "corpus"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        silence_logs="CRITICAL", local_directory=str(tmp_path / "dask"),
    ) as cluster:  # fmt: skip
        first = next(iter(cluster.workers.values()))

        def kill() -> None:
            while not [*(into / "parts").rglob("*.part")]:
                time.sleep(0.05)
            os.kill(first.pid, signal.SIGKILL)

        import threading

        killing = threading.Thread(target=kill, daemon=True)
        killing.start()
        built = build(source, into, cluster=cluster.scheduler_address)
        killing.join(10)
        assert not killing.is_alive()
    assert built.reports == 7
    assert snapshot(into) == uninterrupted


def test_a_cluster_that_is_not_there_is_one_error(source: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    dask = pytest.importorskip("dask")
    with dask.config.set({"distributed.comm.timeouts.connect": "0.2s"}):
        for address in ("tcp://127.0.0.1:9", "nonsense://x", "127.0.0.1:none"):
            with pytest.raises(CorpusError, match="the address of a Dask scheduler"):
                build(source, tmp_path / "corpus", cluster=address)


def test_a_cluster_with_another_package_is_refused() -> None:
    from qy_finance.corpus.cluster import perform

    with pytest.raises(CorpusError, match="the same package"):
        perform({"made_by": "another", "part": "x"})


def test_units_of_both_are_there(source: Path, uninterrupted: dict[str, bytes]) -> None:
    corpus = open_corpus(source.with_name("uninterrupted"))
    assert set(corpus.reports["unit"]) == {UNIT, OTHER}
